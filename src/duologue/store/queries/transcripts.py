"""What is kept of what was said: numbers for many pages, words for one alone."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F

from duologue.errors import NotYoursError
from duologue.records import Kind, Seat, Spoken, Turns
from duologue.store.keys.records import open_text
from duologue.store.models import Dyad, HereAndNow, Session, Transcript
from duologue.store.models.consent import may_hold_recordings_of
from duologue.store.models.transcript import (
    marks_in,
    spoken_in,
    transcript_place,
    turns_in,
)
from duologue.store.queries.pairs import Pair


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptSeen:
    """What is kept of one transcript: of which session, and since when."""

    number: int
    kept_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptsSeen:
    """What is kept, in the order of the sessions, and to which sessions one may be added.

    Those are the ones that have begun, to whose recording and reading both have said yes,
    and that have none yet.
    """

    kept: tuple[TranscriptSeen, ...]
    may_be_added: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What was said in one session, word for word, and what was counted of it."""

    start: datetime
    turns: Turns
    spoken: Spoken


def transcripts(pair: Pair, *, now: datetime) -> TranscriptsSeen:
    """Return what is kept of transcripts of a pair, and what may be added."""
    agreed = may_hold_recordings_of(pair.id, pair.seat)
    begun = Session.objects.filter(dyad=pair.id, planned_start__lte=now)
    numbers = begun.order_by("number").values_list("number", flat=True)
    rows = Transcript.objects.filter(dyad=pair.id).order_by("session__number")
    kept = tuple(
        TranscriptSeen(number=number, kept_on=day)
        for number, day in rows.values_list("session__number", "kept_on")
    )
    there = {each.number for each in kept}
    return TranscriptsSeen(
        kept=kept, may_be_added=tuple(n for n in numbers if n in agreed - there)
    )


def has_transcripts(pair: Pair) -> bool:
    """Whether there is a transcript of any session of a pair: the same for both."""
    return Transcript.objects.filter(dyad=pair.id).exists()


def said(pair: Pair, number: int) -> Said:
    """Return what was said in one session: the same for both.

    Raises
    ------
    NotYoursError
        If there is no transcript of it.
    """
    rows = Transcript.objects.filter(dyad=pair.id, session__number=number)
    row = rows.select_related("session", *Transcript.UP_TO_PAIR).first()
    if row is None:
        raise NotYoursError("there is no such transcript.")
    return Said(
        start=row.session.planned_start,
        turns=turns_in(row.segments, session=number),
        spoken=spoken_in(row.found, session=number),
    )


def spoken_of(dyads: Mapping[int, Dyad]) -> Mapping[int, tuple[Spoken, ...]]:
    """Return what was counted of several pairs' transcripts, in one query.

    Parameters
    ----------
    dyads : mapping of int to Dyad
        The pairs by their keys; they open what was counted. The words stay closed, and
        are not even loaded.
    """
    rows = Transcript.objects.filter(dyad__in=dyads).order_by("session__number")
    found: defaultdict[int, tuple[Spoken, ...]] = defaultdict(tuple)
    for key, number, ref, sealed in rows.values_list(
        "dyad", "session__number", "ref", "found"
    ):
        place = dyads[key].place(transcript_place(ref, "found"))
        found[key] += (spoken_in(open_text(bytes(sealed), place), session=number),)
    return found


def here_and_now(pair: Pair) -> Mapping[int, Mapping[int, bool]] | None:
    """Return what the asker marked of their own turns, by session and by the turn's place.

    ``None`` where nobody is asked: to the client, and in supervision.
    """
    if (pair.kind, pair.seat) != (Kind.THERAPY, Seat.THERAPIST):
        return None
    rows = HereAndNow.objects.filter(
        transcript__dyad=pair.id, person=F("transcript__dyad__therapist")
    ).select_related("transcript__session", *HereAndNow.UP_TO_PAIR)
    return {row.transcript.session.number: marks_in(row.marks) for row in rows}
