"""Many pairs read at once: what each would be told alone, from fewer points.

A quarter of the points for each draw, and a quarter of what they must be worth, leave
twenty draws together with a thousand effective points or more for every pair whose
couplings are told.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from functools import partial
from importlib.util import find_spec
from typing import Any, Literal, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from duologue.engine.dyad.answers import Kind, Scale
from duologue.engine.dyad.assumption import Assumption
from duologue.engine.dyad.balance import (
    Balance,
    Figures,
    Measures,
    figures_of,
    measures_of,
)
from duologue.engine.dyad.couplings import Laid, Points, first_laid, improved, weighed
from duologue.engine.dyad.levels import Levels, Smoothed, levels_of
from duologue.engine.dyad.likelihood import Filtered, filtered_together
from duologue.engine.dyad.model import (
    Bools,
    Floats,
    Ints,
    Nuisance,
    is_stable,
    of_draws,
)
from duologue.engine.dyad.pair_state import (
    Inferred,
    PairState,
    Told,
    inferred_from,
    level_points,
    pair_balance,
    state_of,
    told_of,
)
from duologue.engine.dyad.pairs import log_likelihoods
from duologue.engine.dyad.population import Population
from duologue.engine.dyad.reading import read_balance, read_pair
from duologue.engine.dyad.repair import WITHIN
from duologue.engine.dyad.said import said
from duologue.errors import ParameterError

N_POINTS = 256
"""Points laid for each draw of each pair."""

ENOUGH = 50.0
"""Effective points of each draw from which a pair's couplings may be reported."""

N_LEVEL_POINTS = 80
"""Points at which levels are inferred, of all draws together."""

Kept = TypeVar("Kept", Filtered, Levels, Smoothed)

_TOGETHER = 32  # pairs whose levels are inferred in one go: a few megabytes
_COMPILED_TOGETHER = 64  # which keeps less of each


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
    how = _how(population, n_points, enough, compiled=compiled)
    read: dict[int, PairState] = {}
    for some, length in _chunks(lengths, how.at_once):
        states = _states(y[some, :length], how)
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
        Those of ``read_caseload``, in two thirds of its time.

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
    how = _how(population, n_points, enough, compiled=compiled)
    found = []
    for first in range(0, len(y), how.at_once):
        some = y[first : first + how.at_once]
        points = _points(some, how)
        answered = np.asarray(~np.isnan(some).all(axis=-1))
        each = zip(answered, points, _figures(points, how), strict=True)
        found += [_balance(*own, how) for own in each]
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
    how = _how(population, n_points, enough, compiled=compiled)
    found = np.full((len(population.mean_b), len(y), y.shape[1] - 1, 2), np.nan)
    for some, length in _chunks(lengths, _TOGETHER):
        b, nuisance = _level_points(_points(y[some, :length], how), population)
        each = levels_of(filtered_together(y[some, :length], b, nuisance), b, nuisance)
        by_draw = each.innovation_mean.mean(axis=2)
        found[:, some, : length - 1] = np.swapaxes(by_draw, 0, 1)
    silent = np.asarray(np.isnan(y).all(axis=(1, 3)))
    found[:, np.broadcast_to(silent[:, None], found.shape[1:])] = np.nan
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _How:
    """What all pairs are read with: the same first points, and what is asked of them."""

    population: Population
    enough: float
    compiled: bool
    laid: Laid
    measures: Measures

    @property
    def at_once(self) -> int:
        """How many pairs are read in one go."""
        return _COMPILED_TOGETHER if self.compiled else _TOGETHER


def _how(
    population: Population, n_points: int, enough: float, *, compiled: bool
) -> _How:
    laid = first_laid(population, n_points)
    if not is_stable(laid.b).any(axis=1).all():
        raise ParameterError("population must allow stable couplings, got one without.")
    return _How(
        population=population,
        enough=enough,
        compiled=compiled and find_spec("numba") is not None,
        laid=laid,
        measures=measures_of(laid.b, population),
    )


def _chunks(lengths: Ints, at_once: int) -> Iterator[tuple[Ints, int]]:
    """Pairs of one length, some at a time."""
    for length in np.unique(lengths):
        alike = np.flatnonzero(lengths == length)
        for first in range(0, len(alike), at_once):
            yield alike[first : first + at_once], int(length)


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


def _points(y: Floats, how: _How) -> list[Points]:
    """Weigh the same first points for all, and lay them anew for whom they are poor."""
    engine: Literal["compiled", "numpy"] = "compiled" if how.compiled else "numpy"

    def likelihood(some: Floats, laid: Laid, population: Population) -> Floats:
        b = laid.b[np.newaxis]
        return log_likelihoods(some, b, population.nuisance, engine=engine)

    def of_pair(pair: Floats, laid: Laid, population: Population) -> Floats:
        return np.asarray(likelihood(pair[np.newaxis], laid, population)[0])

    population = how.population
    together = weighed(how.laid, likelihood(y, how.laid, population), population)
    return [
        improved(
            _points_of_pair(together, i),
            population,
            partial(of_pair, pair),
            enough=how.enough,
        )
        for i, pair in enumerate(y)
    ]


def _points_of_pair(together: Points, pair: int) -> Points:
    return replace(
        together,
        log_likelihood=together.log_likelihood[pair],
        weights=together.weights[pair],
        effective=together.effective[pair],
    )


def _level_points(
    points: list[Points], population: Population
) -> tuple[Floats, Nuisance]:
    """Couplings at which the levels of each pair are inferred, and their draws."""
    chosen = [level_points(each, population, N_LEVEL_POINTS) for each in points]
    return np.stack([b for b, _ in chosen]), chosen[0][1]


def _states(y: Floats, how: _How) -> list[PairState]:
    points = _points(y, how)
    told, figures = _told(y, points, how), _figures(points, how)
    return [
        state_of(
            y[i],
            told[i],
            couplings=(points[i], how.population),
            enough=how.enough,
            figures=figures[i],
        )
        for i in range(len(y))
    ]


def _balance(answered: Bools, points: Points, figures: Figures, how: _How) -> Balance:
    return pair_balance(
        answered, points, how.population, enough=how.enough, figures=figures
    )


def _figures(points: list[Points], how: _How) -> list[Figures]:
    """Tell what the couplings of each pair tell."""
    if how.compiled:
        from duologue.engine.dyad.compiled_balance import figures

        return figures(points, how.population, how.laid, how.measures)
    return [
        figures_of(
            own,
            how.population,
            measures_of(own.b, how.population) if own.n_rounds.any() else how.measures,
        )
        for own in points
    ]


def _told(y: Floats, points: list[Points], how: _How) -> list[Told]:
    """Tell levels and repairs of each pair."""
    b, nuisance = _level_points(points, how.population)
    empty = np.full((len(y), WITHIN, *y.shape[2:]), np.nan)
    longer = np.concatenate([y, empty], axis=1)
    if how.compiled:
        from duologue.engine.dyad.compiled_levels import told_together

        draws = of_draws(nuisance, (slice(None), 0))
        together = told_together(said(longer[:, np.newaxis], draws), b, draws)
        return [
            Told(
                levels=_of_pair(together.levels, i),
                foretold=together.foretold[i],
                repair=together.repair[i],
            )
            for i in range(len(y))
        ]
    kept = filtered_together(longer, b, nuisance)
    inferred = inferred_from(kept, b, nuisance, n_sessions=y.shape[1])
    return [told_of(_inferred_of_pair(inferred, i)) for i in range(len(y))]


def _inferred_of_pair(inferred: Inferred, pair: int) -> Inferred:
    return Inferred(
        inferred.b[pair],
        inferred.nuisance,
        _of_pair(inferred.kept, pair),
        _of_pair(inferred.back, pair),
        _of_pair(inferred.each, pair),
    )


def _of_pair(all_pairs: Kept, pair: int) -> Kept:
    own: dict[str, Any] = {}
    for field in fields(all_pairs):
        part = getattr(all_pairs, field.name)
        if field.name == "B":
            own["B"] = tuple(each[pair] for each in part)
        elif field.name != "Q":  # which is the same for all pairs
            own[field.name] = part[pair]
    return replace(all_pairs, **own)
