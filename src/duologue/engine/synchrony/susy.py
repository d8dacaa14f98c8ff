"""Surrogate synchrony as SUSY 0.1.1 computes it: for comparison with earlier work only.

Segments of one length are correlated with the other's at the same time, and with all its
others, which are the pseudo pairs. Rows with a blank are dropped and the gap is closed, so
time jumps. Means and variances are of whole segments and the divisor stays their length, so
correlations are drawn to 0 at long lags.

**What it calls ES is no Cohen's d**: its standard deviation is over the lags of one averaged
curve, not over surrogates, so it grows with smoothing and with the number of segments; and
averages over lags cancel for rhythms faster than the lags. See docs/methods/synchrony.md.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from duologue.engine.synchrony.preparing import as_pair
from duologue.engine.synchrony.windows import Floats
from duologue.errors import ParameterError


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """SUSY's measures of one profile, absolute or signed.

    Attributes
    ----------
    z, pseudo : float
        Mean over lags of the real profile, and of the pseudo pairs'.
    sd, sd_pseudo : float
        Their standard deviations over lags (n - 1).
    above_pseudo : float
        The share of lags at which the real profile is higher.
    es : float
        ``(z - pseudo) / sd_pseudo``, which SUSY prints as ES.
    """

    z: float
    pseudo: float
    sd: float
    sd_pseudo: float
    above_pseudo: float
    es: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Susy:
    """What SUSY prints of one session, under names that say what it is.

    Attributes
    ----------
    lags : ndarray of int, shape (2 * lag + 1,)
        In samples; positive where the first leads (SUSY's own are the other way round).
    absolute, signed : ndarray, shape (2 * lag + 1,)
        Mean over real pairs of the absolute Fisher's z, and of z.
    absolute_pseudo, signed_pseudo : ndarray
        The same over pseudo pairs.
    n_segments : int
    of_absolute, of_signed : Measures
        By absolute z (SUSY's Z, ES), and by z (its "noAbs").
    first_leads, second_leads : Measures
        Of absolute z, over the lags at which one of them leads.
    in_phase, anti_phase : float
        Mean of the signed profile where it is 0 or more, and where it is below.
    n_in_phase, n_anti_phase : int
        At how many lags.
    """

    lags: np.ndarray
    absolute: Floats
    signed: Floats
    absolute_pseudo: Floats
    signed_pseudo: Floats
    n_segments: int
    of_absolute: Measures
    of_signed: Measures
    first_leads: Measures
    second_leads: Measures
    in_phase: float
    anti_phase: float
    n_in_phase: int
    n_anti_phase: int


def susy(
    first: ArrayLike,
    second: ArrayLike,
    rate: float,
    *,
    segment_s: float = 30.0,
    lag_s: float = 5.0,
) -> Susy:
    """Compute surrogate synchrony as SUSY does, with all its pseudo pairs.

    Parameters
    ----------
    first, second : array_like, shape (n,)
        Two series of the same rate; rows with a ``nan`` are dropped.
    rate : float
        Samples a second, and the seconds below: cut to whole numbers, as SUSY does.
    segment_s, lag_s : float
        Seconds of a segment, and of the largest lag.

    Raises
    ------
    ParameterError
        If a segment is shorter than two of the largest lag, or there are fewer than two.

    References
    ----------
    Tschacher, W., & Meier, D. (2020). Physiological synchrony in psychotherapy sessions.
    Psychotherapy Research, 30(5), 558-573. https://doi.org/10.1080/10503307.2019.1612114
    """
    one, other = as_pair(first, second)
    present = ~(np.isnan(one) | np.isnan(other))
    one, other = one[present], other[present]
    hz, segment, lag = (math.floor(each) for each in (rate, segment_s, lag_s))
    if hz < 1 or segment < max(1, 2 * lag):
        raise ParameterError(
            "segment_s must be two of lag_s or more, and rate 1 Hz or more, in whole "
            f"numbers, got {segment_s:g} s, {lag_s:g} s and {rate:g} Hz."
        )
    n, m = segment * hz, lag * hz
    n_segments = round(one.size / n - 0.499999)
    if n_segments < 2:
        raise ParameterError(
            f"the series must hold two segments of {segment} s or more."
        )
    z = _segments(one, other, n, m, n_segments)
    return _told(z, m, n_segments)


def _segments(one: Floats, other: Floats, n: int, m: int, n_segments: int) -> Floats:
    """Return Fisher's z of each segment of one with each of the other, at each lag.

    On the last axis from the second leading to the first leading; ``nan`` where a segment
    does not vary.
    """
    a, b = (v[: n * n_segments].reshape(n_segments, n) for v in (one, other))
    with np.errstate(invalid="ignore", divide="ignore"):
        a, b = (
            (v - v.mean(1, keepdims=True)) / v.std(1, keepdims=True) for v in (a, b)
        )
        found = np.empty((2 * m + 1, n_segments, n_segments))
        for lag in range(m + 1):
            found[m + lag] = a[:, : n - lag] @ b[:, lag:].T / n
            found[m - lag] = a[:, lag:] @ b[:, : n - lag].T / n
        return np.moveaxis(np.arctanh(found), 0, -1)


def _told(z: Floats, m: int, n_segments: int) -> Susy:
    own = np.eye(n_segments, dtype=bool)
    n_pseudo = n_segments * (n_segments - 1)

    def profile(values: Floats, of: np.ndarray, n: int) -> Floats:
        """Average over pairs; one that cannot be said is in the divisor all the same."""
        found: Floats = np.nansum(values[of], axis=0) / n
        return found

    absolute, signed = (profile(v, own, n_segments) for v in (np.abs(z), z))
    absolute_pseudo, signed_pseudo = (
        profile(v, ~own, n_pseudo) for v in (np.abs(z), z)
    )
    ahead, behind = slice(m + 1, None), slice(0, m)
    above, below = signed[signed >= 0], signed[signed < 0]
    return Susy(
        lags=np.arange(-m, m + 1),
        absolute=absolute,
        signed=signed,
        absolute_pseudo=absolute_pseudo,
        signed_pseudo=signed_pseudo,
        n_segments=n_segments,
        of_absolute=_measures(absolute, absolute_pseudo),
        of_signed=_measures(signed, signed_pseudo),
        first_leads=_measures(absolute[ahead], absolute_pseudo[ahead]),
        second_leads=_measures(absolute[behind], absolute_pseudo[behind]),
        in_phase=float(above.mean()) if above.size else math.nan,
        anti_phase=float(below.mean()) if below.size else math.nan,
        n_in_phase=above.size,
        n_anti_phase=below.size,
    )


def _measures(real: Floats, pseudo: Floats) -> Measures:
    if real.size < 2:
        nan = math.nan
        z = float(real.mean()) if real.size else nan
        p = float(pseudo.mean()) if real.size else nan
        return Measures(z=z, pseudo=p, sd=nan, sd_pseudo=nan, above_pseudo=nan, es=nan)
    sd = float(pseudo.std(ddof=1))
    with np.errstate(invalid="ignore", divide="ignore"):
        es = float(np.divide(real.mean() - pseudo.mean(), sd))
    return Measures(
        z=float(real.mean()),
        pseudo=float(pseudo.mean()),
        sd=float(real.std(ddof=1)),
        sd_pseudo=sd,
        above_pseudo=float((real > pseudo).mean()),
        es=es,
    )
