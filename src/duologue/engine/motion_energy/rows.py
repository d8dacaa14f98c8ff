"""Which rows of motion energy are no movement: doubled pictures, cuts, light, gain.

Rows stand for moments on an even grid, each with what changed since the moment before.
A row that is an artefact is missing in everybody, and keeps the reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntFlag

import numpy as np
from numpy.typing import NDArray

from duologue.engine.motion_energy.meter import Change
from duologue.errors import ParameterError

Floats = NDArray[np.float64]

BACKGROUND = 5.0
"""Per cent of a background region: nobody enters it, so all of the picture changed."""

BODY, HEAD = 15.0, 25.0
"""Per cent by which a region rises above a neighbouring row: nobody is as quick."""

WHOLE = 50.0
"""Per cent of the whole picture."""

MANY, TOO_MANY = 0.05, 0.20
"""Shares of rows that are artefacts: above the first that is told, above the second
nothing can be said."""


class Why(IntFlag):
    """Why a row is missing; several reasons may come together.

    FIRST has nothing before it and is no artefact; the limits of JUMP, BACKGROUND and
    WHOLE are Altmann's, found by eye on hundreds of videos.
    """

    FIRST = 1
    NO_PICTURE = 2
    REPEATED = 4
    BACKGROUND = 8
    JUMP = 16
    WHOLE = 32


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MotionEnergy:
    """Motion energy, row by row.

    Attributes
    ----------
    people : ndarray, shape (n, n_people)
        Per cent of each region, 0 to 100; ``nan`` in all of them where ``why`` is not 0.
    background : ndarray, shape (n, n_backgrounds)
        Per cent; ``nan`` only where there was nothing to compare, or a picture came
        twice.
    why : ndarray of int, shape (n,)
        `Why` a row is missing; 0 where it is not.
    """

    people: Floats
    background: Floats
    why: NDArray[np.int64]

    @property
    def share_of_artefacts(self) -> float:
        """Share of the rows after the first that are missing; ``nan`` without any."""
        rest = self.why[1:]
        return float(np.mean(rest != 0)) if rest.size else float("nan")

    def count(self, why: Why) -> int:
        """Return how many rows are missing for this reason, among others."""
        return int(np.count_nonzero(self.why & why))


def motion_energy(
    changes: Sequence[Change | None],
    *,
    limits: Sequence[float],
    n_backgrounds: int = 2,
) -> MotionEnergy:
    """Set artefacts missing.

    Parameters
    ----------
    changes : sequence of Change or None
        What changed since the moment before; None where there was no picture to compare.
    limits : sequence of float
        Of each region of a person, the per cent that it may lie above a neighbouring
        row: `BODY` or `HEAD`.
    n_backgrounds : int
        How many background regions there are, wherever there is a change.

    Returns
    -------
    MotionEnergy
        One row a moment, stamped with the later of the two pictures. After a picture
        that came twice the next row is missing too: it holds two steps.

    Raises
    ------
    ParameterError
        If changes do not have as many regions.
    """
    n = len(changes)
    people = np.full((n, len(limits)), np.nan)
    background = np.full((n, n_backgrounds), np.nan)
    whole, repeated = np.full(n, np.nan), np.zeros(n, dtype=bool)
    for i, change in enumerate(changes):
        if change is None:
            continue
        if len(change.people) != len(limits) or len(change.background) != n_backgrounds:
            raise ParameterError("each change must have as many regions as limits.")
        people[i], background[i] = change.people, change.background
        whole[i], repeated[i] = change.whole, change.is_repeated
    absent = np.isnan(whole)
    why = np.zeros(n, np.int64)
    why[absent] |= Why.NO_PICTURE
    why[:1][absent[:1]] = Why.FIRST
    why[_and_next(repeated) & ~absent] |= Why.REPEATED
    people[why != 0] = background[why != 0] = np.nan
    why[(background > BACKGROUND).any(axis=1)] |= Why.BACKGROUND
    why[(_above_neighbour(people) > np.asarray(limits)).any(axis=1)] |= Why.JUMP
    why[whole > WHOLE] |= Why.WHOLE
    people[why != 0] = np.nan
    return MotionEnergy(people=people, background=background, why=why)


def _and_next(flags: NDArray[np.bool_]) -> NDArray[np.bool_]:
    found = flags.copy()
    found[1:] |= flags[:-1]
    return found


def _above_neighbour(series: Floats) -> Floats:
    """Return by how much each row lies above the lower of those beside it, or 0."""
    found = np.zeros_like(series)
    step = np.diff(series, axis=0)
    found[1:] = np.fmax(found[1:], step)
    found[:-1] = np.fmax(found[:-1], -step)
    return found
