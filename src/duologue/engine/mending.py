"""Apart and back: from both people's marks to the seam of mends."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from duologue.errors import ParameterError

NEAR = 3
"""The question comes round every third session: so far apart may one mark be."""


class Mark(IntEnum):
    """One person's answer to "Was there a moment when we pulled apart?"."""

    NO = 0
    CAME_BACK = 1
    STILL_THERE = 2
    NOT_SURE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Seam:
    """One time apart, and the mend if there was one.

    Attributes
    ----------
    start : int
        Index of the session in which it was first marked.
    mended : int or None
        Index of the session by which they were back: the same one where the mark
        says so, else the first later one where nobody says that it is still there
        and somebody says "came back", or both say "no". ``None`` while it is open.
    client, therapist : int or None
        Index of the session in which each first marked it; ``None`` if never.
    by_both : bool
        Whether both marked it in the same session, or within ``NEAR`` sessions of each
        other with neither saying "no" to the other's mark. Marks further apart than
        that are two people's, not one's.
    """

    start: int
    mended: int | None
    client: int | None
    therapist: int | None
    by_both: bool


def seams(
    client: Sequence[Mark | None], therapist: Sequence[Mark | None]
) -> tuple[Seam, ...]:
    """Join both people's marks to seams.

    Parameters
    ----------
    client, therapist : sequence of Mark or None, of equal length
        One entry a session; ``None`` where the question was not asked or the answer
        has not opened. Not asked is never "no": such a session changes nothing.
        "Not sure" opens nothing and closes nothing.

    Returns
    -------
    tuple of Seam
        In the order of the sessions. Swapping the seats swaps ``client`` and
        ``therapist``.

    Raises
    ------
    ParameterError
        If the lengths differ.
    """
    if len(client) != len(therapist):
        raise ParameterError("client and therapist must have the same length.")
    done: list[Seam] = []
    open_: _Open | None = None
    for index, pair in enumerate(zip(client, therapist, strict=True)):
        now = [mark in (Mark.CAME_BACK, Mark.STILL_THERE) for mark in pair]
        if open_ is None and any(now):
            open_ = _Open(start=index)
        if open_ is None:
            continue
        for seat in (0, 1):
            if now[seat]:
                denied = pair[1 - seat] is Mark.NO
                open_.marks[seat].append((index, denied))
        if _back(pair):
            done.append(open_.closed(index))
            open_ = None
    if open_ is not None:
        done.append(open_.closed(None))
    return tuple(done)


@dataclass(slots=True)
class _Open:
    """A seam that is still being followed.

    ``marks`` holds, client first, each person's marks: the session's index, and
    whether the other said "no" there.
    """

    start: int
    marks: tuple[list[tuple[int, bool]], list[tuple[int, bool]]] = field(
        default_factory=lambda: ([], [])
    )

    def closed(self, mended: int | None) -> Seam:
        first = [own[0][0] if own else None for own in self.marks]
        return Seam(
            start=self.start,
            mended=mended,
            client=first[0],
            therapist=first[1],
            by_both=any(
                _meet(one, other) for one in self.marks[0] for other in self.marks[1]
            ),
        )


def _meet(one: tuple[int, bool], other: tuple[int, bool]) -> bool:
    """Whether a mark of each is of one and the same time apart."""
    (i, one_denied), (j, other_denied) = one, other
    return i == j or (abs(i - j) <= NEAR and not one_denied and not other_denied)


def _back(pair: tuple[Mark | None, Mark | None]) -> bool:
    if Mark.STILL_THERE in pair:
        return False
    return Mark.CAME_BACK in pair or pair == (Mark.NO, Mark.NO)
