"""Apart and back: from both people's marks to the seam of mends."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from duologue.errors import ParameterError


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
        Whether both marked it in the same session, or in neighbouring ones of those
        that have answers. Marks that lie further apart are two people's, not one's.
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
    place = 0  # counts sessions that have an answer: what "neighbouring" means
    for index, pair in enumerate(zip(client, therapist, strict=True)):
        if pair == (None, None):
            continue
        place += 1
        now = [mark in (Mark.CAME_BACK, Mark.STILL_THERE) for mark in pair]
        if open_ is None and any(now):
            open_ = _Open(start=index)
        if open_ is None:
            continue
        for seat in (0, 1):
            if now[seat]:
                open_.marks[seat].append((index, place))
        if _back(pair):
            done.append(open_.closed(index))
            open_ = None
    if open_ is not None:
        done.append(open_.closed(None))
    return tuple(done)


@dataclass(slots=True)
class _Open:
    """A seam that is still being followed: each person's marks, client first."""

    start: int
    marks: tuple[list[tuple[int, int]], list[tuple[int, int]]] = field(
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
                abs(a - b) <= 1 for _, a in self.marks[0] for _, b in self.marks[1]
            ),
        )


def _back(pair: tuple[Mark | None, Mark | None]) -> bool:
    if Mark.STILL_THERE in pair:
        return False
    return Mark.CAME_BACK in pair or pair == (Mark.NO, Mark.NO)
