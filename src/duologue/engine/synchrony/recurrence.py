"""Cross-recurrence: when two series are in the same state, whenever that is.

Each series is embedded: its state at a moment are some samples, a delay apart. Two moments
recur if the states lie within a radius of one another. Lines of such moments are counted,
in memory that grows with the length of the series and never with its square.

References
----------
Marwan, N., Romano, M. C., Thiel, M., & Kurths, J. (2007). Recurrence plots for the analysis
of complex systems. Physics Reports, 438(5-6), 237-329.
https://doi.org/10.1016/j.physrep.2006.11.001
"""

import math
from dataclasses import dataclass
from enum import IntEnum
from importlib import import_module
from types import ModuleType

import numpy as np
from numpy.typing import ArrayLike

from duologue.engine.synchrony.preparing import as_series
from duologue.engine.synchrony.windows import Floats, Ints
from duologue.errors import ParameterError

SHORTEST_LINE = 2
TARGET = 0.05
"""The share of moments that recur where no radius is given: with a fixed one sessions are
compared that are not comparable."""

PASSES = 4
"""Times that distances are counted to find a radius: each narrows it 4,096-fold."""


class Metric(IntEnum):
    """How the distance of two states is measured."""

    EUCLIDEAN = 0
    MAXIMUM = 1
    MANHATTAN = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Lines of one kind, of the shortest length or longer.

    Attributes
    ----------
    share : float
        Of the recurrent points those that lie on such a line.
    n : int
        How many lines there are.
    mean, longest : float, int
        Their mean length, ``nan`` without any, and the longest; 0 without any.
    entropy, relative_entropy : float
        Of their lengths, in nats; and by the logarithm of how many lengths there are,
        ``nan`` of fewer than two.
    """

    share: float
    n: int
    mean: float
    longest: int
    entropy: float
    relative_entropy: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurrence:
    """What recurs between two series. The first is the row.

    Attributes
    ----------
    radius : float
        Within which two states recur.
    rate : float
        The share of moments that do (RR).
    diagonal : Lines
        Stretches in which both went the same way, at some lag: determinism (DET), L, Lmax,
        ENTR. The same whoever is first.
    along_second, along_first : Lines
        Moments at which the one stays in a state of the other's: laminarity (LAM), TT,
        Vmax. Other programs count along the second series at one moment of the first.
    lags, profile : ndarray, shape (2 * n_diagonals + 1,)
        The share of moments that recur at each lag in samples; positive where the first
        leads.
    """

    radius: float
    rate: float
    diagonal: Lines
    along_second: Lines
    along_first: Lines
    lags: Ints
    profile: Floats


def recurrence(
    first: ArrayLike,
    second: ArrayLike,
    *,
    embed: int = 1,
    delay: int = 1,
    radius: float | None = None,
    metric: Metric = Metric.EUCLIDEAN,
    is_open: bool = False,
    shortest: int = SHORTEST_LINE,
    n_diagonals: int = 0,
) -> Recurrence:
    """Count what recurs between two series.

    Parameters
    ----------
    first, second : array_like, shape (n,) or (n, n_channels)
        Two series without a blank; they need not be equally long. Several channels of one
        person (head and body) are one state.
    embed, delay : int
        Samples of a state, and how many samples they lie apart; 1 or more.
    radius : float, optional
        By default such that 5 in 100 moments recur, or as near above that as there is.
    metric : Metric
        Of distances.
    is_open : bool
        Whether the radius itself lies outside (PyRQA), not within (crqa, AccRQA). On
        whole numbers it matters much.
    shortest : int
        Length of a line, 2 or more.
    n_diagonals : int
        Lags of the profile, in samples.

    Raises
    ------
    ParameterError
        If something is out of its range, a series holds a blank, or is too short.
    """
    one, other = (
        _states(first, "first", embed, delay),
        _states(second, "second", embed, delay),
    )
    if one.shape[1] != other.shape[1]:
        raise ParameterError("first and second must have as many channels each.")
    if shortest < SHORTEST_LINE or n_diagonals < 0:
        raise ParameterError("shortest must be 2 or more, n_diagonals 0 or more.")
    _check_radius(radius)
    compiled = _compiled()
    limit = _radius(one, other, metric) if radius is None else _limit(radius, metric)
    diagonal, along_second, along_first, near = compiled.count(
        one, other, compiled.Rule(limit, int(metric), is_open, n_diagonals)
    )
    lengths = np.arange(diagonal.size)
    n_points = int(diagonal @ lengths)
    lags = np.arange(-n_diagonals, n_diagonals + 1)
    on_lag = np.minimum(len(one), len(other) - lags) - np.maximum(0, -lags)
    with np.errstate(divide="ignore", invalid="ignore"):
        profile = np.where(on_lag > 0, near / on_lag, np.nan)
    return Recurrence(
        radius=math.sqrt(limit) if metric is Metric.EUCLIDEAN else limit,
        rate=n_points / (len(one) * len(other)),
        diagonal=_lines(diagonal, shortest, n_points),
        along_second=_lines(along_second, shortest, n_points),
        along_first=_lines(along_first, shortest, n_points),
        lags=lags,
        profile=profile,
    )


def _states(values: ArrayLike, name: str, embed: int, delay: int) -> Floats:
    """Embed a series: a row holds a state."""
    if embed < 1 or delay < 1:
        raise ParameterError(
            f"embed and delay must be 1 or more, got {embed}, {delay}."
        )
    found = np.asarray(values, dtype=np.float64)
    channels = found[:, np.newaxis] if found.ndim == 1 else found
    if channels.ndim != 2 or not channels.size:
        raise ParameterError(f"{name} must be a series, or channels of one.")
    for channel in channels.T:
        if np.isnan(as_series(channel, name)).any():
            raise ParameterError(
                f"{name} must hold no blank: what recurs is not known."
            )
    n = len(channels) - (embed - 1) * delay
    if n < 1:
        raise ParameterError(f"{name} must hold more samples than one state spans.")
    return np.ascontiguousarray(
        np.hstack([channels[k * delay : k * delay + n] for k in range(embed)])
    )


def _compiled() -> ModuleType:
    """Return what counts, which needs a compiler."""
    try:
        return import_module("duologue.engine.synchrony.compiled_recurrence")
    except ImportError:
        raise ParameterError(
            "recurrence needs a package that is not installed (duologue[corpus])."
        ) from None


def _check_radius(radius: float | None) -> None:
    if radius is not None and not (math.isfinite(radius) and radius >= 0):
        raise ParameterError(f"radius must be 0 or more, got {radius:g}.")


def _limit(radius: float, metric: Metric) -> float:
    return radius * radius if metric is Metric.EUCLIDEAN else radius


def _radius(one: Floats, other: Floats, metric: Metric) -> float:
    """Return the least limit within which the target share of moments recurs."""
    compiled = _compiled()
    wanted = math.ceil(TARGET * len(one) * len(other))
    low, high = 0.0, float(compiled.largest(one, other, int(metric)))
    for _ in range(PASSES):
        below, bins = compiled.spread(one, other, low, high, int(metric))
        if below >= wanted or high <= low:
            return low
        k = int(np.searchsorted(below + np.cumsum(bins), wanted))
        width = (high - low) / compiled.N_BINS
        low, high = low + k * width, low + (k + 1) * width
    return high


def _lines(counts: Ints, shortest: int, n_points: int) -> Lines:
    """Sum up lines by their lengths."""
    lengths = np.arange(counts.size)
    long = counts[shortest:]
    n, on_lines = int(long.sum()), int(long @ lengths[shortest:])
    held = long[long > 0]
    share = held / n if n else held
    entropy = float(-(share * np.log(share)).sum()) if n else math.nan
    many = held.size > 1
    return Lines(
        share=on_lines / n_points if n_points else math.nan,
        n=n,
        mean=on_lines / n if n else math.nan,
        longest=int(np.flatnonzero(counts).max(initial=0)),
        entropy=entropy,
        relative_entropy=entropy / math.log(held.size) if many else math.nan,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfRecurrence:
    """What recurs within one series; each two moments count once, none with itself.

    ``radius`` is within which two states recur, ``rate`` the share of pairs of moments
    that do, ``diagonal`` stretches in which the series went as it had gone before.
    """

    radius: float
    rate: float
    diagonal: Lines


def with_itself(
    series: ArrayLike,
    *,
    radius: float,
    embed: int = 1,
    delay: int = 1,
    metric: Metric = Metric.EUCLIDEAN,
    is_open: bool = False,
    shortest: int = SHORTEST_LINE,
) -> SelfRecurrence:
    """Count what recurs within one series, or within several channels that are one state.

    Parameters and errors are those of `recurrence`; ``series`` holds two states or more.
    """
    states = _states(series, "series", embed, delay)
    n = len(states)
    if n < 2:
        raise ParameterError("series must hold two states or more.")
    if shortest < SHORTEST_LINE:
        raise ParameterError(f"shortest must be 2 or more, got {shortest}.")
    _check_radius(radius)
    compiled = _compiled()
    rule = compiled.Rule(_limit(radius, metric), int(metric), is_open, 0)
    counts, *_ = compiled.count(states, states, rule)
    counts[n] = 0  # the series beside itself: no other line is as long
    counts //= 2
    n_points = int(counts @ np.arange(counts.size))
    return SelfRecurrence(
        radius=radius,
        rate=n_points / (n * (n - 1) // 2),
        diagonal=_lines(counts, shortest, n_points),
    )
