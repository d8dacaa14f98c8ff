"""What was said: kept where both have said yes, deleted by either; and one's own marks."""

from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone

from duologue.errors import NotNowError, NotYoursError, ParameterError
from duologue.records import Kind, Noticed, Seat, Spoken, Turns
from duologue.store.actions.changing import Change, changing, list_withdrawn
from duologue.store.actions.keeping import must_be_kept
from duologue.store.models import HereAndNow, Person, Transcript
from duologue.store.models.consent import may_hold_recordings_of
from duologue.store.models.event import What
from duologue.store.models.transcript import (
    as_counted,
    as_marks,
    as_segments,
    marks_in,
    of_the_two,
    spoken_in,
)

ONE_A_SESSION = (
    "there is a transcript of this session already. Delete it first, if this one is to "
    "stand in its place."
)
NOT_AGREED = (
    "a transcript is kept once its session has begun, and both of you have said yes to it "
    "beforehand: that this session may be recorded, and that it may be read by machine."
)


def keep_transcript(
    person: Person, ref: str, turns: Turns, spoken: Spoken, *, now: datetime
) -> None:
    """Keep what was said in a session, and what was counted of it, for both.

    Of whoever sat in neither seat no word is kept.

    Parameters
    ----------
    person, ref : Person, str
        Who adds it, in which pair; either of the two may.
    turns, spoken : Turns, Spoken
        The transcript, with the session's number, and what was counted in it.
    now : datetime
        When.

    Raises
    ------
    NotYoursError
        If this is not this person's pair, or it has no such session that has begun.
    NotNowError
        If not both have said yes to recording this session and to reading it by machine;
        if there is one already; or if it is too long to be kept.
    """
    with changing(person, ref, What.TRANSCRIPT_KEPT, now=now, sessions=[]) as change:
        must_be_kept(change)
        session = change.session(turns.session)
        if session.number not in may_hold_recordings_of(change.dyad.pk, change.seat):
            raise NotNowError(NOT_AGREED)
        if session.transcripts.exists():
            raise NotNowError(ONE_A_SESSION)
        try:
            Transcript.objects.create(
                dyad=change.dyad,
                session=session,
                segments=as_segments(of_the_two(turns)),
                found=as_counted(spoken),
                kept_on=timezone.localdate(now),
            )
        except ParameterError as error:  # more than there is room for
            raise NotNowError(str(error)) from None
        change.ours = True


def delete_transcript(person: Person, ref: str, number: int, *, now: datetime) -> None:
    """Delete what was said in a session, for both, with every mark; nothing of it stays.

    What was seen of it cannot be unseen. Done twice, it changes nothing.

    Raises
    ------
    NotYoursError
        If this is not this person's pair, or it has no such session that has begun.
    """
    with changing(person, ref, What.TRANSCRIPT_DELETED, now=now, sessions=[]) as change:
        session = change.session(number)
        if session.transcripts.all().delete()[0]:
            list_withdrawn()
            change.ours = True


def mark_here_and_now(
    person: Person, ref: str, number: int, marks: Mapping[int, bool], *, now: datetime
) -> None:
    """Keep which of their own turns a therapist says were here and now, or were not.

    Theirs alone (E2). It takes the place of what they said before; nothing said removes
    it, and its key.

    Parameters
    ----------
    person, ref, number : Person, str, int
        The therapist, in which pair, and the number of the session.
    marks : mapping of int to bool
        By the place of the turn in the session; of turns that have no such wording
        nothing is kept.
    now : datetime
        When.

    Raises
    ------
    NotYoursError
        If the person is not the therapist of a pair of therapy, or the session has no
        transcript.
    NotNowError
        If they have asked that nothing more of theirs be kept.
    """
    with changing(person, ref, What.PAGE_WRITTEN, now=now, sessions=[]) as change:
        if (Kind(change.dyad.kind), change.seat) != (Kind.THERAPY, Seat.THERAPIST):
            raise NotYoursError("there is no such page.")
        session = change.session(number)
        transcript = session.transcripts.select_related("dyad").first()
        if transcript is None:
            raise NotYoursError("there is no such page.")
        candidates = _own_candidates(transcript, session.number)
        _keep(change, transcript, {k: marks[k] for k in candidates & set(marks)})


def _own_candidates(transcript: Transcript, number: int) -> set[int]:
    spoken = spoken_in(transcript.found, session=number)
    return {
        each.stretch
        for each in spoken.passages
        if each.kind is Noticed.HERE_AND_NOW and each.seat is Seat.THERAPIST
    }


def _keep(change: Change, transcript: Transcript, marks: Mapping[int, bool]) -> None:
    author = change.dyad.person_of(change.seat)  # with the key that stands in the store
    found = (
        HereAndNow.objects.filter(transcript=transcript, person=author)
        .select_related(*HereAndNow.UP_TO_PAIR)
        .first()
    )
    if not marks:
        if found is not None:
            found.delete()
            list_withdrawn()
    elif found is None:
        must_be_kept(change)
        HereAndNow.objects.create(
            person=author, transcript=transcript, marks=as_marks(marks)
        )
    elif marks_in(found.marks) != marks:
        must_be_kept(change)
        found.marks = as_marks(marks)
        found.save(update_fields=["marks"])
