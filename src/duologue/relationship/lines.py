"""One person's answers to one scale, with the band of their own usual."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from duologue.engine.dyad.pair_state import PairState
from duologue.records import SEATS, Item, Seat
from duologue.relationship.arrays import Arrays, is_recent, plain
from duologue.relationship.chance import Chances, chances
from duologue.relationship.finding import Chart, Level, Picture, Series, Track
from duologue.relationship.levels import PER_POINT
from duologue.relationship.templates import STRAND_TITLES
from duologue.relationship.wording import MIN_FOR_USUAL, level_of

ENOUGH_ROWS = 10.0
"""With fewer effective rows of what was assumed a level is off by several points."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One person's answers to one scale, with the band of their own usual."""

    item: Item
    seat: Seat
    session_numbers: tuple[int, ...]
    values: NDArray[np.float64]
    centre: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    below: NDArray[np.bool_]
    n_asked: int

    @cached_property
    def rows(self) -> NDArray[np.int64]:
        """Rows with an answer, oldest first."""
        return np.flatnonzero(~np.isnan(self.values))

    @property
    def outside(self) -> int:
        """How many of the last three answers lie below; 0 if the newest does not."""
        last = self.below[self.rows[-3:]]
        return int(last.sum()) if last.size and last[-1] else 0

    @property
    def level(self) -> Level:
        """How much may be said of this line."""
        return level_of(
            n_answers=self.rows.size, n_asked=self.n_asked, outside=self.outside
        )

    @property
    def newest(self) -> int:
        """Number of the newest session with an answer."""
        return self.session_numbers[int(self.rows[-1])]

    @property
    def is_recent(self) -> bool:
        """Whether the newest answer is among the last few sessions that were held."""
        return is_recent(self.newest, self.session_numbers)

    @property
    def usual_level(self) -> float:
        """What the newest answer was held against; ``nan`` before there is a band."""
        return float(self.centre[self.rows[-1]]) if self.rows.size else float("nan")

    @property
    def chances(self) -> Chances:
        """How often chance alone makes a card of this line."""
        return chances([self.usual_level])

    @property
    def is_high(self) -> bool:
        """Whether the newest answer is in the upper third of the person's own."""
        return is_high(self.values[self.rows])

    @property
    def may_be_joined(self) -> bool:
        """Whether anything is drawn between the points."""
        return self.level is not Level.TOO_EARLY

    def series(self, label: str, track: Track | None) -> Series:
        """Return the line as a face draws it."""
        # Rings are drawn from where they may be spoken of; before, they are a guess.
        n_so_far = np.cumsum(~np.isnan(self.values))
        spoken = (n_so_far >= MIN_FOR_USUAL) & self.may_be_joined
        return Series(
            label=label,
            seat=self.seat,
            values=plain(self.values),
            marks=tuple(
                self.session_numbers[i] for i in np.flatnonzero(self.below & spoken)
            ),
            track=track,
        )


def is_high(own: NDArray[np.float64]) -> bool:
    """Whether the last of one's own answers, of six or more, is in their upper third."""
    return own.size >= 6 and bool(own[-1] >= np.quantile(own, 2 / 3))


def line_of(arrays: Arrays, item: Item, seat: Seat) -> Line:
    """Take one person's line out of the arrays."""
    column = SEATS.index(seat)
    band = arrays.usual(item)
    return Line(
        item=item,
        seat=seat,
        session_numbers=arrays.session_numbers,
        values=arrays.numbers(item.id)[:, column],
        centre=band.centre[:, column],
        lower=band.lower[:, column],
        upper=band.upper[:, column],
        below=band.below[:, column],
        n_asked=arrays.n_asked(item.id),
    )


def answered_sessions(lines: tuple[Line, ...]) -> tuple[int, ...]:
    """Return the numbers of the sessions in which anybody of them answered."""
    rows = sorted({i for line in lines for i in line.rows.tolist()})
    return tuple(lines[0].session_numbers[i] for i in rows)


def title_of(item: Item) -> str:
    """Say what a prompt is called on the page of the two."""
    return STRAND_TITLES.get(item.id, item.id.replace("_", " "))


def band_of(line: Line) -> tuple[float, float] | None:
    """Return the band that the newest answer was held against, from 12 answers on."""
    if line.rows.size < MIN_FOR_USUAL or line.level is Level.TOO_EARLY:
        return None
    row = line.rows[-1]
    low, high = np.clip((line.lower[row], line.upper[row]), 0, 100)
    return (round(float(low), 6), round(float(high), 6))


def lines_chart(
    arrays: Arrays, item: Item, lines: tuple[Line, ...], *, labels: tuple[str, ...]
) -> Chart | None:
    """Draw one or two people's answers, and about where they were.

    ``None`` where nobody has answered, or no chart is wanted. Too early to say anything,
    or where the levels are too rough, answers are points with nothing between them.
    """
    if not arrays.drawn or not any(line.rows.size for line in lines):
        return None
    joined = all(line.may_be_joined for line in lines)
    state = arrays.levels(item.id) if joined else None
    if state is not None and state.effective_rows < ENOUGH_ROWS:
        joined, state = False, None
    return Chart(
        picture=Picture.LINES,
        title=title_of(item),
        unit="points of 100",
        sessions=arrays.session_numbers,
        series=tuple(
            line.series(label, None if state is None else _track(line, state))
            for line, label in zip(lines, labels, strict=True)
        ),
        low=0,
        high=100,
        ends=_ends(lines),
        joined=joined,
    )


def _track(line: Line, state: PairState) -> Track:
    """Take one person's level, from their first answer to their last.

    Beyond the last it would foretell, and that is not for a page.
    """
    column = SEATS.index(line.seat)
    ends = state.level_ends[:, column]
    within = np.full(line.values.shape, False)
    within[line.rows[0] : line.rows[-1] + 1] = True

    def drawn(level: NDArray[np.float64]) -> tuple[float | None, ...]:
        on_the_scale = np.clip(PER_POINT * level, 0, 100)
        return plain(np.where(within, np.round(on_the_scale, 1), np.nan))

    return Track(
        values=drawn(state.level[:, column]),
        lower=drawn(ends[:, 0]),
        upper=drawn(ends[:, 1]),
    )


def _ends(lines: tuple[Line, ...]) -> tuple[str, str]:
    """Return the words at both ends; where the seats have their own, both of them."""
    each = [line.item.ends.get(line.seat, ("", "")) for line in lines]
    low, high = (dict.fromkeys(ends) for ends in zip(*each, strict=True))
    return " / ".join(low), " / ".join(high)
