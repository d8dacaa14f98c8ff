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
from duologue.engine.synchrony.recurrence_radius import distance_within
from duologue.engine.synchrony.windows import Floats, Ints
from duologue.errors import ParameterError

SHORTEST_LINE = 2
TARGET = 0.05
"""The share of moments that recur where no radius is given: with a fixed one sessions are
compared that are not comparable."""


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
        By default the least such that 5 in 100 moments recur, or as near above that as
        there is; given another time, it finds the same.
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
    one = _channels(first, "first", embed, delay)
    other = _channels(second, "second", embed, delay)
    if len(one) != len(other):
        raise ParameterError("first and second must have as many channels each.")
    if shortest < SHORTEST_LINE or n_diagonals < 0:
        raise ParameterError("shortest must be 2 or more, n_diagonals 0 or more.")
    _check_radius(radius)
    compiled = _compiled()
    rule = compiled.Rule(math.inf, int(metric), embed, delay)
    if radius is None:
        least = distance_within(TARGET, one, other, rule, compiled)
        radius = _radius(_next(least) if is_open else least, metric)
    limit = _limit(radius, metric)
    if is_open:
        limit = math.nextafter(limit, -math.inf)
    plot = compiled.count(one, other, rule._replace(limit=limit))
    span = (embed - 1) * delay
    n, m = one.shape[1] - span, other.shape[1] - span
    n_points = int(plot.on_lag.sum())
    lags = np.arange(-n_diagonals, n_diagonals + 1)
    return Recurrence(
        radius=radius,
        rate=n_points / (n * m),
        diagonal=_lines(plot.diagonal, shortest, n_points),
        along_second=_lines(plot.along_second, shortest, n_points),
        along_first=_lines(plot.along_first, shortest, n_points),
        lags=lags,
        profile=_profile(plot.on_lag, n, m, lags),
    )


def _channels(values: ArrayLike, name: str, embed: int, delay: int) -> Floats:
    """Return a series with a row for each channel, long enough for one state."""
    if embed < 1 or delay < 1:
        raise ParameterError(
            f"embed and delay must be 1 or more, got {embed}, {delay}."
        )
    found = np.asarray(values, dtype=np.float64)
    channels = np.ascontiguousarray(found[np.newaxis] if found.ndim == 1 else found.T)
    if channels.ndim != 2 or not channels.size:
        raise ParameterError(f"{name} must be a series, or channels of one.")
    for channel in channels:
        if np.isnan(as_series(channel, name)).any():
            raise ParameterError(
                f"{name} must hold no blank: what recurs is not known."
            )
    if channels.shape[1] <= (embed - 1) * delay:
        raise ParameterError(f"{name} must hold more samples than one state spans.")
    return channels


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


def _radius(limit: float, metric: Metric) -> float:
    """Return the least radius with at least this limit, so that it gives the same again.

    A root is rounded, and squared may be less than what it is the root of.
    """
    if metric is not Metric.EUCLIDEAN:
        return limit
    root = math.sqrt(limit)
    for radius in (math.nextafter(root, 0.0), root):
        if radius * radius >= limit:
            return radius
    return _next(root)


def _next(value: float) -> float:
    return math.nextafter(value, math.inf)


def _profile(on_lag: Ints, n: int, m: int, lags: Ints) -> Floats:
    """Return the share of ``n`` by ``m`` moments that recur at each lag.

    A lag that there is no moment at is blank.
    """
    inside = (lags > -n) & (lags < m)
    there = lags[inside]
    profile = np.full(lags.size, np.nan)
    profile[inside] = on_lag[there + n] / (
        np.minimum(n, m - there) - np.maximum(0, -there)
    )
    return profile


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
    channels = _channels(series, "series", embed, delay)
    n = channels.shape[1] - (embed - 1) * delay
    if n < 2:
        raise ParameterError("series must hold two states or more.")
    if shortest < SHORTEST_LINE:
        raise ParameterError(f"shortest must be 2 or more, got {shortest}.")
    _check_radius(radius)
    limit = _limit(radius, metric)
    if is_open:
        limit = math.nextafter(limit, -math.inf)
    compiled = _compiled()
    rule = compiled.Rule(limit, int(metric), embed, delay)
    counts = compiled.count(channels, channels, rule).diagonal
    counts[n] = 0  # the series beside itself: no other line is as long
    counts //= 2
    n_points = int(counts @ np.arange(counts.size))
    return SelfRecurrence(
        radius=radius,
        rate=n_points / (n * (n - 1) // 2),
        diagonal=_lines(counts, shortest, n_points),
    )
