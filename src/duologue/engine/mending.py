"""Apart and back: from both people's marks to the seam of mends."""

from collections.abc import Sequence
from dataclasses import dataclass
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
    by_client, by_therapist : bool
        Who marked it, at any time while it was open.
    """

    start: int
    mended: int | None
    by_client: bool
    by_therapist: bool

    @property
    def by_both(self) -> bool:
        """Whether both people marked it."""
        return self.by_client and self.by_therapist


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
        In the order of the sessions. Swapping the seats swaps ``by_client`` and
        ``by_therapist``.

    Raises
    ------
    ParameterError
        If the lengths differ.
    """
    if len(client) != len(therapist):
        raise ParameterError("client and therapist must have the same length.")
    done: list[Seam] = []
    start: int | None = None
    marked = (False, False)
    for index, pair in enumerate(zip(client, therapist, strict=True)):
        now = tuple(mark in (Mark.CAME_BACK, Mark.STILL_THERE) for mark in pair)
        if start is None and any(now):
            start, marked = index, (False, False)
        if start is None:
            continue
        marked = (marked[0] or now[0], marked[1] or now[1])
        if _back(pair):
            done.append(_seam(start, index, marked))
            start = None
    if start is not None:
        done.append(_seam(start, None, marked))
    return tuple(done)


def _back(pair: tuple[Mark | None, Mark | None]) -> bool:
    if Mark.STILL_THERE in pair:
        return False
    return Mark.CAME_BACK in pair or pair == (Mark.NO, Mark.NO)


def _seam(start: int, mended: int | None, marked: tuple[bool, bool]) -> Seam:
    return Seam(start=start, mended=mended, by_client=marked[0], by_therapist=marked[1])
