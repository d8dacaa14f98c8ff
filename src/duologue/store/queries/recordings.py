"""What recordings showed: for the two of them, and the same for both."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from duologue.errors import NotYoursError
from duologue.records import Modality, Recorded, Synchrony
from duologue.store.keys.records import open_text
from duologue.store.models import Dyad, Recording, Session
from duologue.store.models.consent import may_hold_recordings_of
from duologue.store.models.recording import recorded_in, recording_place, synchrony_in
from duologue.store.queries.pairs import Pair


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingSeen:
    """What is kept of one recording: of which session, what it was of, and since when."""

    number: int
    modality: Modality
    kept_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingsSeen:
    """What is kept, in the order of the sessions, and to which sessions more may be added.

    Those are the ones that have begun, to whose recording and reading both have said yes.
    """

    kept: tuple[RecordingSeen, ...]
    may_be_added: tuple[int, ...]


def recordings(pair: Pair, *, now: datetime) -> RecordingsSeen:
    """Return what is kept of recordings of a pair, and what may be added."""
    agreed = may_hold_recordings_of(pair.id, pair.seat)
    begun = Session.objects.filter(dyad=pair.id, planned_start__lte=now)
    numbers = begun.order_by("number").values_list("number", flat=True)
    rows = Recording.objects.filter(dyad=pair.id).order_by("session__number", "pk")
    return RecordingsSeen(
        kept=tuple(
            RecordingSeen(number=number, modality=Modality(modality), kept_on=day)
            for number, modality, day in rows.values_list(
                "session__number", "modality", "kept_on"
            )
        ),
        may_be_added=tuple(number for number in numbers if number in agreed),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingKept:
    """One recording: its two series, what they showed, and since when it is kept."""

    recorded: Recorded
    found: Synchrony
    kept_on: date


def recording(pair: Pair, number: int, modality: Modality) -> RecordingKept:
    """Return what is kept of one recording of a pair.

    Raises
    ------
    NotYoursError
        If there is none of this modality of a session of this number.
    """
    row = (
        Recording.objects.filter(
            dyad=pair.id, session__number=number, modality=modality
        )
        .select_related(*Recording.UP_TO_PAIR)
        .first()
    )
    if row is None:
        raise NotYoursError("there is no such recording.")
    return RecordingKept(
        recorded=recorded_in(row.series, session=number, modality=modality),
        found=synchrony_in(row.found, session=number),
        kept_on=row.kept_on,
    )


def synchrony_of(dyads: Mapping[int, Dyad]) -> Mapping[int, tuple[Synchrony, ...]]:
    """Return what recordings of several pairs showed, in one query; the series stay closed.

    Parameters
    ----------
    dyads : mapping of int to Dyad
        The pairs by their keys; they open what was found.
    """
    rows = Recording.objects.filter(dyad__in=dyads).order_by("session__number", "pk")
    found: defaultdict[int, tuple[Synchrony, ...]] = defaultdict(tuple)
    for key, session, ref, sealed in rows.values_list(
        "dyad", "session__number", "ref", "found"
    ):
        place = dyads[key].place(recording_place(ref, "found"))
        found[key] += (synchrony_in(open_text(bytes(sealed), place), session=session),)
    return found
