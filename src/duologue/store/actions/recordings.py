"""What a recording showed: kept where both have said yes, deleted by either."""

from datetime import datetime

from django.utils import timezone

from duologue.errors import NotNowError, ParameterError
from duologue.records import Modality, Recorded, Synchrony
from duologue.store.actions.changing import Change, changing, list_withdrawn
from duologue.store.actions.keeping import must_be_kept
from duologue.store.models import Dyad, Person, Recording
from duologue.store.models.consent import may_hold_recordings_of
from duologue.store.models.event import What
from duologue.store.models.recording import as_found, as_series

ONE_OF_A_KIND = (
    "there is one of this kind for this session already. Delete it first, if this one is "
    "to stand in its place."
)


def keep_recording(
    person: Person,
    ref: str,
    recorded: Recorded,
    found: Synchrony,
    *,
    now: datetime,
) -> None:
    """Keep the two series of a session's recording, and what they showed, for both.

    Parameters
    ----------
    person, ref : Person, str
        Who adds it, in which pair; either of the two may.
    recorded, found : Recorded, Synchrony
        The series, with the session's number, and what was found in them.
    now : datetime
        When.

    Raises
    ------
    NotYoursError
        If this is not this person's pair, or it has no such session that has begun.
    NotNowError
        If not both have said yes to recording this session and to reading it by machine;
        if one of this kind is there already; or if it is too long to be kept.
    """
    with changing(person, ref, What.RECORDING_KEPT, now=now, sessions=[]) as change:
        must_be_kept(change)
        session = change.session(recorded.session)
        _check_agreed(change, session.number)
        if session.recordings.filter(modality=recorded.modality).exists():
            raise NotNowError(ONE_OF_A_KIND)
        try:
            Recording.objects.create(
                dyad=change.dyad,
                session=session,
                modality=recorded.modality,
                series=as_series(recorded.motion),
                found=as_found(found),
                kept_on=timezone.localdate(now),
            )
        except ParameterError as error:  # more than there is room for
            raise NotNowError(str(error)) from None
        change.ours = True


def delete_recording(
    person: Person, ref: str, number: int, modality: Modality, *, now: datetime
) -> None:
    """Delete what was kept of a session's recording, for both; nothing of it stays.

    What was seen of it cannot be unseen. Done twice, it changes nothing.

    Raises
    ------
    NotYoursError
        If this is not this person's pair, or it has no such session that has begun.
    """
    with changing(person, ref, What.RECORDING_DELETED, now=now, sessions=[]) as change:
        session = change.session(number)
        if session.recordings.filter(modality=modality).delete()[0]:
            list_withdrawn()
            change.ours = True


def delete_recordings_of(dyad: Dyad, number: int) -> bool:
    """Delete what is kept of a session: every recording, and its transcript.

    Say whether there was any.
    """
    kept = (dyad.recordings, dyad.transcripts)
    gone = [rows.filter(session__number=number).delete()[0] for rows in kept]
    return any(gone)


def _check_agreed(change: Change, number: int) -> None:
    if number not in may_hold_recordings_of(change.dyad.pk, change.seat):
        raise NotNowError(
            "a recording is kept once both of you have said yes to it beforehand: that "
            "this session may be recorded, and that it may be read by machine."
        )
