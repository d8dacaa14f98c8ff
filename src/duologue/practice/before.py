"""Before the two meet: what one of them may want in mind, in thirty seconds."""

from dataclasses import dataclass

from duologue.practice.people import newest
from duologue.records import Course, Goal, ItemType, Seat
from duologue.relationship import Finding, Reading, Strand, Whose
from duologue.sharing import Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What the other let open in their own words, and after which session."""

    session: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """A line each; ``None`` or empty where there is nothing to say.

    Attributes
    ----------
    need : Finding or None
        What one said that one needs next time, or both did.
    shared : Shared or None
        The newest words that the other has let open.
    mend : Finding or None
        The last time apart, and whether the two came back.
    goals : tuple of Goal
        What the client came for, with its ratings.
    """

    need: Finding | None
    shared: Shared | None
    mend: Finding | None
    goals: tuple[Goal, ...]


def before(reading: Reading, seen: Seen) -> Before:
    """Return what there is to have in mind, from what this reader may see.

    Parameters
    ----------
    reading : Reading
        Of one pair.
    seen : Seen
        What it was read from: one person's view.
    """
    needs = [newest(reading, Strand.NEED, whose) for whose in (Whose.OURS, Whose.MINE)]
    said = [finding for finding in needs if finding is not None]
    return Before(
        need=max(said, key=lambda finding: max(finding.sessions), default=None),
        shared=_shared(seen.ours, Seat(seen.scope.value).other),
        mend=newest(reading, Strand.APART, Whose.OURS),
        goals=seen.ours.goals,
    )


def _shared(ours: Course, seat: Seat) -> Shared | None:
    """Return the newest opened words of one seat; those of a session of both alike."""
    texts = {item.id for item in ours.prompts.items if item.type is ItemType.TEXT}
    found = [
        Shared(session=reflection.session, words=str(answer.value))
        for reflection in ours.reflections
        if reflection.seat is seat
        for answer in reflection.answers
        if answer.item in texts and answer.value is not None
    ]
    return max(found, key=lambda shared: shared.session, default=None)
