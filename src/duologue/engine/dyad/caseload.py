"""Many pairs read at once: what each would be told alone, from fewer points.

A quarter of the points for each draw, and a quarter of what they must be worth, leave
twenty draws together with a thousand effective points or more for every pair whose
couplings are told.
"""

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any, Literal, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from duologue.engine.dyad.answers import Kind, Scale
from duologue.engine.dyad.assumption import Assumption
from duologue.engine.dyad.balance import Balance, Measures, measures_of
from duologue.engine.dyad.couplings import Laid, Points, first_laid, improved, weighed
from duologue.engine.dyad.levels import Levels, Smoothed, levels_of
from duologue.engine.dyad.likelihood import Filtered, filtered_together
from duologue.engine.dyad.model import Floats, Ints, Nuisance, is_stable
from duologue.engine.dyad.pair_state import (
    Inferred,
    PairState,
    inferred_from,
    level_points,
    pair_balance,
    state_of,
)
from duologue.engine.dyad.pairs import log_likelihoods
from duologue.engine.dyad.population import Population
from duologue.engine.dyad.reading import read_balance, read_pair
from duologue.engine.dyad.repair import WITHIN
from duologue.errors import ParameterError

N_POINTS = 256
"""Points laid for each draw of each pair."""

ENOUGH = 50.0
"""Effective points of each draw from which a pair's couplings may be reported."""

N_LEVEL_POINTS = 80
"""Points at which levels are inferred, of all draws together."""

Kept = TypeVar("Kept", Filtered, Levels, Smoothed)

_TOGETHER = 32  # pairs whose levels are inferred in one go: a few megabytes


def read_caseload(
    ratings: ArrayLike,
    population: Population | Assumption,
    *,
    n_sessions: ArrayLike | None = None,
    scale: Scale | None = None,
    n_points: int = N_POINTS,
    enough: float = ENOUGH,
    compiled: bool = True,
) -> tuple[PairState, ...]:
    """Read every pair of a caseload against a population.

    Parameters
    ----------
    ratings : array_like, shape (n_pairs, n_sessions, 2, n_ratings)
        In points of the scale, client first; ``nan`` where blank. Shorter courses end
        in empty sessions. Steps are taken to be of the usual length.
    population : Population
        The population.
    n_sessions : array_like of int, shape (n_pairs,), optional
        How many sessions each pair has had; without it, up to the last one that
        anybody answered, and one at least.
    scale : Scale, optional
        How answers come of ratings; without it they are the ratings. On any other than a
        continuous scale, and against an assumption, pairs are read one by one, which
        takes longer.
    n_points : int, even, 16 or more
        Points laid for each draw.
    enough : float
        Effective points of each draw from which couplings may be reported; draws with
        fewer are laid anew.
    compiled : bool
        Whether to use compiled code where numba is installed.

    Returns
    -------
    tuple of PairState
        One for each pair, as ``read_pair`` gives it within the error of the points.

    Raises
    ------
    ParameterError
        If a shape does not fit, a rating is infinite or not on the scale, or the
        population allows no stable couplings.
    """
    y = _checked_ratings(ratings, population)
    lengths = _lengths(y, n_sessions)
    if isinstance(population, Assumption) or (
        scale is not None and scale.kind is not Kind.CONTINUOUS
    ):
        return tuple(
            read_pair(
                pair[:n], population, scale=scale, n_points=n_points, enough=enough
            )
            for pair, n in zip(y, lengths, strict=True)
        )
    laid, measures = _laid(population, n_points)
    read: dict[int, PairState] = {}
    for some, length in _chunks(lengths):
        points = _points(y[some, :length], laid, population, enough, compiled)
        states = _states(y[some, :length], points, population, enough, measures)
        read.update(zip(some.tolist(), states, strict=True))
    return tuple(read[pair] for pair in range(len(y)))


def balances(
    ratings: ArrayLike,
    population: Population | Assumption,
    *,
    n_points: int = N_POINTS,
    enough: float = ENOUGH,
    compiled: bool = True,
) -> tuple[Balance, ...]:
    """Tell couplings and who influences whom of every pair, and nothing else.

    Parameters
    ----------
    ratings, population, n_points, enough, compiled
        As for ``read_caseload``.

    Returns
    -------
    tuple of Balance
        Those of ``read_caseload``, in less than half of its time.

    Raises
    ------
    ParameterError
        As for ``read_caseload``.
    """
    y = _checked_ratings(ratings, population)
    if isinstance(population, Assumption):
        return tuple(
            read_balance(pair, population, n_points=n_points, enough=enough)
            for pair in y
        )
    laid, measures = _laid(population, n_points)
    found = []
    for first in range(0, len(y), _TOGETHER):
        some = y[first : first + _TOGETHER]
        points = _points(some, laid, population, enough, compiled)
        for pair, own in zip(some, points, strict=True):
            answered = ~np.isnan(pair).all(axis=-1)
            found.append(
                pair_balance(
                    np.asarray(answered),
                    own,
                    population,
                    enough=enough,
                    measures=_measures_of_pair(own, measures),
                )
            )
    return tuple(found)


def innovations(
    ratings: ArrayLike,
    population: Population,
    *,
    n_points: int = N_POINTS,
    enough: float = ENOUGH,
    compiled: bool = True,
) -> Floats:
    """Tell what each session brought, under each draw of the population by itself.

    Parameters
    ----------
    ratings, population, n_points, enough, compiled
        As for ``read_caseload``.

    Returns
    -------
    ndarray, shape (n_draws, n_pairs, n_sessions - 1, 2)
        Means given all sessions; ``nan`` after a pair's last answer, and of a person
        who answered nothing.

    Raises
    ------
    ParameterError
        As for ``read_caseload``.
    """
    y = _checked_ratings(ratings, population)
    lengths = _lengths(y, None)
    laid, _ = _laid(population, n_points)
    found = np.full((len(population.mean_b), len(y), y.shape[1] - 1, 2), np.nan)
    for some, length in _chunks(lengths):
        points = _points(y[some, :length], laid, population, enough, compiled)
        b, nuisance = _level_points(points, population)
        each = levels_of(filtered_together(y[some, :length], b, nuisance), b, nuisance)
        by_draw = each.innovation_mean.mean(axis=2)
        found[:, some, : length - 1] = np.swapaxes(by_draw, 0, 1)
    silent = np.asarray(np.isnan(y).all(axis=(1, 3)))
    found[:, np.broadcast_to(silent[:, None], found.shape[1:])] = np.nan
    return found


def _laid(population: Population, n_points: int) -> tuple[Laid, Measures]:
    """First points of all pairs, which are the same."""
    laid = first_laid(population, n_points)
    if not is_stable(laid.b).any(axis=1).all():
        raise ParameterError("population must allow stable couplings, got one without.")
    return laid, measures_of(laid.b, population)


def _measures_of_pair(points: Points, measures: Measures) -> Measures | None:
    """Measures of the first points, for pairs whose points were not laid anew."""
    return None if points.n_rounds.any() else measures


def _chunks(lengths: Ints) -> Iterator[tuple[Ints, int]]:
    """Pairs of one length, some at a time."""
    for length in np.unique(lengths):
        alike = np.flatnonzero(lengths == length)
        for first in range(0, len(alike), _TOGETHER):
            yield alike[first : first + _TOGETHER], int(length)


def _checked_ratings(ratings: ArrayLike, population: Population | Assumption) -> Floats:
    y, n = np.asarray(ratings, dtype=float), population.n_ratings
    if y.ndim != 4 or y.shape[2:] != (2, n) or y.shape[1] == 0:
        raise ParameterError(
            f"ratings must have shape (n_pairs, n_sessions, 2, {n}), got {y.shape}."
        )
    return y


def _lengths(y: Floats, n_sessions: ArrayLike | None) -> Ints:
    most = y.shape[1]
    if n_sessions is None:
        seen = np.asarray(~np.isnan(y).all(axis=(-1, -2)))
        last = most - np.argmax(seen[:, ::-1], axis=1)
        return np.asarray(np.where(seen.any(axis=1), last, 1))
    lengths = np.asarray(n_sessions)
    fits = lengths.shape == (len(y),) and np.issubdtype(lengths.dtype, np.integer)
    if not fits or (lengths < 1).any() or (lengths > most).any():
        raise ParameterError(
            f"n_sessions must be a whole number in [1, {most}] for each of {len(y)} "
            "pairs, got others."
        )
    return lengths


def _points(
    y: Floats, laid: Laid, population: Population, enough: float, compiled: bool
) -> list[Points]:
    """Weigh the same first points for all, and lay them anew for whom they are poor."""
    engine: Literal["numpy"] | None = None if compiled else "numpy"
    found = log_likelihoods(y, laid.b[np.newaxis], population.nuisance, engine=engine)
    return [
        improved(
            weighed(laid, log_density, population), pair, population, enough=enough
        )
        for pair, log_density in zip(y, found, strict=True)
    ]


def _level_points(
    points: list[Points], population: Population
) -> tuple[Floats, Nuisance]:
    """Couplings at which the levels of each pair are inferred, and their draws."""
    chosen = [level_points(each, population, N_LEVEL_POINTS) for each in points]
    return np.stack([b for b, _ in chosen]), chosen[0][1]


def _states(
    y: Floats,
    points: list[Points],
    population: Population,
    enough: float,
    measures: Measures,
) -> list[PairState]:
    b, nuisance = _level_points(points, population)
    empty = np.full((len(y), WITHIN, *y.shape[2:]), np.nan)
    kept = filtered_together(np.concatenate([y, empty], axis=1), b, nuisance)
    all_pairs = inferred_from(kept, b, nuisance, n_sessions=y.shape[1])
    return [
        state_of(
            y[i],
            Inferred(
                b[i],
                nuisance,
                _of_pair(all_pairs.kept, i),
                _of_pair(all_pairs.back, i),
                _of_pair(all_pairs.each, i),
            ),
            couplings=(points[i], population),
            enough=enough,
            measures=_measures_of_pair(points[i], measures),
        )
        for i in range(len(y))
    ]


def _of_pair(all_pairs: Kept, pair: int) -> Kept:
    own: dict[str, Any] = {}
    for field in fields(all_pairs):
        part = getattr(all_pairs, field.name)
        if field.name == "B":
            own["B"] = tuple(each[pair] for each in part)
        elif field.name != "Q":  # which is the same for all pairs
            own[field.name] = part[pair]
    return replace(all_pairs, **own)
