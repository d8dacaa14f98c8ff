"""Motion energy prepared as Altmann's sync_ident does, for comparison with earlier work.

In order: changed pixels become per cent of their region; moments of a faulty video are
missing in every series; short runs of missing samples are filled; a moving median; log(1 + x).
Written from descriptions of the method; there was nothing to compare it with.

References
----------
Altmann, U. (2011). Investigation of movement synchrony using windowed cross-lagged
regression. In Analysis of Verbal and Nonverbal Communication and Enactment (LNCS 6800).
Springer. https://doi.org/10.1007/978-3-642-25775-9_31
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from duologue.engine.synchrony.preparing import as_series
from duologue.engine.synchrony.windows import Bools, Floats, Ints, runs_of
from duologue.errors import ParameterError

MOST_BACKGROUND, MOST_BODY, MOST_HEAD = 5.0, 15.0, 25.0
"""Per cent of a region: a background may not exceed the first, nor may a body or a head
rise or fall by more than the others from one frame to the next."""

LONG_RUN, LONGEST_RUN = 5, 8
"""Frames that are filled: more than the first are told, more than the second refused."""

MEDIAN_OF = 5
NOISE = 1000.0
"""What is filled gets noise of a thousandth of its series' standard deviation, so that two
series that are filled at one time are not made alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A session's series after the chain.

    Attributes
    ----------
    bodies, heads : ndarray, shape (n_series, n)
        In log(1 + per cent); ``heads`` has no rows where there were none.
    is_faulty : ndarray of bool, shape (n,)
        Moments at which the video was faulty.
    n_long_runs : int
        Runs of more than 5 frames that were filled: the author warns of them.
    """

    bodies: Floats
    heads: Floats
    is_faulty: Bools
    n_long_runs: int


def per_cent(changed_pixels: ArrayLike, region_pixels: float) -> Floats:
    """Return changed pixels as per cent of their region.

    Raises
    ------
    ParameterError
        If the region holds no pixel.
    """
    if not region_pixels >= 1:
        raise ParameterError(f"region_pixels must be 1 or more, got {region_pixels:g}.")
    return 100.0 * as_series(changed_pixels, "changed_pixels") / region_pixels


def as_sync_ident(
    bodies: ArrayLike,
    backgrounds: ArrayLike,
    *,
    heads: ArrayLike = (),
    seed: int = 0,
) -> Prepared:
    """Prepare a session's series as sync_ident does.

    Parameters
    ----------
    bodies, backgrounds : array_like, shape (n_series, n)
        Per cent of each region, a row a region; ``nan`` where one is missing.
    heads : array_like, shape (n_heads, n), optional
        The same of heads, where they are regions of their own.
    seed : int
        For the noise in what is filled.

    Raises
    ------
    ParameterError
        If rows differ in length, more than 8 frames in a row are missing, or the first or
        the last one is.
    """
    of_body, of_background = _rows(bodies, "bodies"), _rows(backgrounds, "backgrounds")
    n = of_body.shape[1]
    of_head = _rows(heads, "heads") if np.size(heads) else np.empty((0, n))
    if n < MEDIAN_OF or {of_background.shape[1], of_head.shape[1]} != {n}:
        raise ParameterError(
            f"bodies, backgrounds and heads must be of the same {MEDIAN_OF} frames or more."
        )
    is_faulty = (of_background > MOST_BACKGROUND).any(axis=0)
    is_faulty |= _jumps(of_body, MOST_BODY) | _jumps(of_head, MOST_HEAD)
    rng = np.random.default_rng(seed)
    filled, n_long = [], 0
    for row in (*of_body, *of_head):
        values, runs = _filled(np.where(is_faulty, np.nan, row), rng)
        filled.append(np.log1p(_median(values)))
        n_long = max(n_long, int((runs > LONG_RUN).sum()))
    made = np.array(filled)
    return Prepared(
        bodies=made[: len(of_body)],
        heads=made[len(of_body) :],
        is_faulty=is_faulty,
        n_long_runs=n_long,
    )


def _rows(values: ArrayLike, name: str) -> Floats:
    found = np.asarray(values, dtype=np.float64)
    if found.ndim != 2 or not found.shape[0]:
        raise ParameterError(f"{name} must be rows of numbers, a row a region.")
    if np.isinf(found).any() or (found < 0).any():
        raise ParameterError(f"{name} must be finite and 0 or more, or blank.")
    return found


def _jumps(rows: Floats, most: float) -> Bools:
    """Return where a row has just risen by more than so much, or is about to fall by it."""
    found = np.zeros(rows.shape[1], dtype=bool)
    step = np.diff(rows, axis=1)
    with np.errstate(invalid="ignore"):
        found[1:] |= (step > most).any(axis=0)
        found[:-1] |= (-step > most).any(axis=0)
    return found


def _filled(values: Floats, rng: np.random.Generator) -> tuple[Floats, Ints]:
    """Fill missing samples in a straight line, with a little noise; and how long runs are."""
    is_missing = np.isnan(values)
    starts, ends = runs_of(is_missing)
    runs = ends - starts
    if is_missing[0] or is_missing[-1] or runs.max(initial=0) > LONGEST_RUN:
        raise ParameterError(
            f"of the series at most {LONGEST_RUN} frames in a row may be missing, and "
            "neither the first nor the last."
        )
    at = np.arange(values.size)
    there = values[~is_missing]
    line = np.interp(at, at[~is_missing], there)
    noise = rng.normal(0.0, there.std(ddof=1) / NOISE, size=values.size)
    return np.where(is_missing, line + np.abs(noise), values), runs


def _median(values: Floats) -> Floats:
    """Return the moving median, the ends mirrored."""
    half = MEDIAN_OF // 2
    wide = np.pad(values, half, mode="symmetric")
    found: Floats = np.median(
        np.lib.stride_tricks.sliding_window_view(wide, MEDIAN_OF), axis=1
    )
    return found
