"""How steady the phases and the sizes of two oscillations are to one another.

Each series is narrowed to a band of frequencies, forwards and backwards so that nothing is
delayed, and made into an analytic signal, which has a phase and a size at each moment.
None of these numbers is 0 for two people who have nothing to do with each other, and the
narrower the band, the higher they are: `phase_chance` puts them beside shifted recordings.

References
----------
Ayrolles, A., Brun, F., Chen, P., Djalovski, A., Beauxis, Y., Delorme, R., Bourgeron, T.,
Dikker, S., & Dumas, G. (2021). HyPyP: a Hyperscanning Python Pipeline for inter-brain
connectivity analysis. Social Cognitive and Affective Neuroscience, 16(1-2), 72-83.
https://doi.org/10.1093/scan/nsaa141
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.signal import butter, hilbert, sosfiltfilt

from duologue.engine.synchrony.preparing import as_pair, as_series
from duologue.engine.synchrony.rhythm import BAND_HZ, check_band
from duologue.engine.synchrony.spectra import STILL, Complexes
from duologue.engine.synchrony.windows import Floats
from duologue.errors import ParameterError

ORDER = 4
MOST_ORDER = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Phases:
    """How two oscillations go together. What cannot be said is ``nan``.

    With u and v the analytic signals and c = u conj(v):

    Attributes
    ----------
    phase : float
        The mean difference of phase in radians; above 0 where the first is ahead.
    plv : float
        Phase locking value, from 0 to 1: abs(mean exp(i (arg u - arg v))).
    coherence : float
        abs(sum c) / sqrt(sum abs(u)^2 sum abs(v)^2), from 0 to 1. Not squared, unlike
        that of `coherence.coherence`.
    imaginary_coherence : float
        The imaginary part of the same, without its sign: 0 for whatever is shared at
        once, as a camera that moves.
    pli, wpli : float
        Phase lag index abs(mean sign Im c), and weighted by its size,
        abs(mean Im c) / mean abs(Im c); of the same use. The latter is ``nan`` where
        nothing lags at any moment.
    envelope_correlation, power_correlation : float
        Pearson's, from -1 to 1, of the sizes, and of their squares.
    circular_correlation : float
        Of the phases about their circular means, without its sign.
    adjusted_circular_correlation : float
        The same about centres that suit phases without a clear mean; from -1 to 1.
    """

    phase: float
    plv: float
    coherence: float
    imaginary_coherence: float
    pli: float
    wpli: float
    envelope_correlation: float
    power_correlation: float
    circular_correlation: float
    adjusted_circular_correlation: float


def phases(
    first: ArrayLike,
    second: ArrayLike,
    rate: float,
    *,
    band_hz: tuple[float, float] = BAND_HZ,
    order: int = ORDER,
) -> Phases:
    """Compare two series within a band of frequencies.

    Parameters
    ----------
    first, second : array_like, shape (n,)
        Two series of one rate without a blank, cut to the shorter.
    rate : float
        Samples a second, above 0.
    band_hz : (float, float)
        From which frequency to which, above 0 and below half the rate.
    order : int from 1 to 10
        Of the Butterworth filter, which is run twice.

    Raises
    ------
    ParameterError
        If something is out of its range, a series holds a blank, or is shorter than a
        period of the lowest frequency or than the filter needs.
    """
    one, other = (
        analytic(series, rate, band_hz=band_hz, order=order)
        for series in as_pair(first, second)
    )
    return compared(one, other)


def analytic(
    values: ArrayLike,
    rate: float,
    *,
    band_hz: tuple[float, float] = BAND_HZ,
    order: int = ORDER,
) -> Complexes:
    """Return the analytic signal of a series within a band.

    Its angle is the phase at each moment, its absolute value the size; 0 throughout
    where nothing but rounding is left. Parameters and errors are those of `phases`.
    """
    series = as_series(values, "values")
    if np.isnan(series).any():
        raise ParameterError("a series must hold no blank for a phase at each moment.")
    if not (math.isfinite(rate) and rate > 0):
        raise ParameterError(f"rate must be above 0 Hz, got {rate:g} Hz.")
    check_band(band_hz, rate)
    if band_hz[1] >= rate / 2:
        raise ParameterError(f"band_hz must end below half the rate, {rate / 2:g} Hz.")
    if not 1 <= order <= MOST_ORDER:
        raise ParameterError(f"order must be from 1 to {MOST_ORDER}, got {order}.")
    padded = 3 * (2 * order + 1)  # samples that the filter adds at either end
    needed = max(padded + 1, math.ceil(rate / band_hz[0]))
    if series.size < needed:
        raise ParameterError(
            f"the series must last {needed / rate:g} s or more for this band, got "
            f"{series.size / rate:g} s."
        )
    sections = butter(order, band_hz, btype="bandpass", fs=rate, output="sos")
    found: Complexes = hilbert(sosfiltfilt(sections, series))
    is_still = np.abs(found).max() <= STILL * np.abs(series).max()
    return np.zeros_like(found) if is_still else found


def compared(first: Complexes, second: Complexes) -> Phases:
    """Compare two analytic signals of equal length; ``nan`` where one is 0 throughout.

    Raises
    ------
    ParameterError
        If they are not two rows of as many numbers.
    """
    if first.ndim != 1 or first.shape != second.shape or not first.size:
        raise ParameterError("first and second must be two rows of as many numbers.")
    if not (first.any() and second.any()):
        return Phases(**dict.fromkeys(Phases.__slots__, math.nan))
    a, b = np.angle(first), np.angle(second)
    cross = first * second.conj()
    size, other = np.abs(first), np.abs(second)
    coherency = _ratio(cross.sum(), math.sqrt((size**2).sum() * (other**2).sum()))
    # A lag that is no more than rounding is none: its sign would be anybody's.
    ahead = np.where(np.abs(cross.imag) > STILL * size * other, cross.imag, 0.0)
    steady = np.exp(1j * (a - b)).mean()
    return Phases(
        phase=float(np.angle(steady)),
        plv=float(abs(steady)),
        coherence=float(abs(coherency)),
        imaginary_coherence=float(abs(coherency.imag)),
        pli=float(abs(np.sign(ahead).mean())),
        wpli=abs(_ratio(ahead.mean(), float(np.abs(ahead).mean()))),
        envelope_correlation=_pearson(size, other),
        power_correlation=_pearson(size**2, other**2),
        circular_correlation=_circular(a, b),
        adjusted_circular_correlation=_adjusted(a, b),
    )


def _ratio(of: complex, by: float) -> complex:
    return of / by if by > 0 else complex(math.nan, math.nan)


def _pearson(x: Floats, y: Floats) -> float:
    x, y = x - x.mean(), y - y.mean()
    return _ratio(complex(x @ y), math.sqrt((x @ x) * (y @ y))).real


def _circular(a: Floats, b: Floats) -> float:
    """Correlate two rows of angles about their circular means."""
    x, y = (np.sin(v - np.angle(np.exp(1j * v).mean())) for v in (a, b))
    return abs(_ratio(complex(x @ y), math.sqrt((x @ x) * (y @ y))))


def _adjusted(a: Floats, b: Floats) -> float:
    """Correlate two rows of angles about the centres that make the most of it."""
    apart, together = np.exp(1j * (a - b)).sum(), np.exp(1j * (a + b)).sum()
    d, s = np.angle(apart), np.angle(together)
    x, y = np.sin(a - (d + s) / 2), np.sin(b - (s - d) / 2)
    by = 2 * math.sqrt((x @ x) * (y @ y))
    return _ratio(complex(abs(apart) - abs(together)), by).real
