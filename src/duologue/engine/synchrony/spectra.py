"""Spectra of two series by Welch's method: short segments, transformed and averaged.

References
----------
Welch, P. D. (1967). The use of fast Fourier transform for the estimation of power spectra.
IEEE Transactions on Audio and Electroacoustics, 15(2), 70-73.
https://doi.org/10.1109/TAU.1967.1161901
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import fft
from scipy.signal.windows import hann

from duologue.engine.synchrony.windows import Floats

Complexes = NDArray[np.complex128]

STILL = 1e-12
"""What varies by less than this share of a series' largest value is rounding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spectra:
    """Sums over the segments of two series, at each frequency from 0 to half the rate.

    ``cross`` is that of the first with the conjugate of the second, so its angle is above
    0 where the first is ahead; ``first`` and ``second`` are their own powers, ``nan``
    where one is no more than rounding; ``n_segments`` how many segments there are.
    """

    cross: Complexes
    first: Floats
    second: Floats
    n_segments: int

    @property
    def coherency(self) -> Complexes:
        """The cross spectrum by the root of both powers: in size from 0 to 1."""
        with np.errstate(invalid="ignore"):
            found: Complexes = self.cross / np.sqrt(self.first * self.second)
        return found


def transforms(series: Floats, size: int, step: int) -> Complexes:
    """Transform each segment, less its mean and under a Hann window.

    Parameters
    ----------
    series : ndarray, shape (n,)
        ``nan`` where a sample is missing.
    size, step : int
        Samples of a segment, and from one to the next.

    Returns
    -------
    ndarray of complex, shape (n_segments, size // 2 + 1)
        A segment with a blank is ``nan`` throughout.
    """
    segments = np.lib.stride_tricks.sliding_window_view(series, size)[::step]
    centred = segments - segments.mean(axis=1, keepdims=True)
    found: Complexes = fft.rfft(centred * _taper(size), axis=1)
    return found


@lru_cache(maxsize=4)
def _taper(size: int) -> Floats:
    """Return a Hann window: for each shift it is the same."""
    found: Floats = hann(size, sym=False)
    found.flags.writeable = False
    return found


def floor_of(series: Floats, size: int) -> float:
    """Return the power of one segment at or below which there is nothing but rounding."""
    present = series[~np.isnan(series)]
    largest = float(np.abs(present).max(initial=0.0))
    return size * (STILL * largest) ** 2


def summed(first: Complexes, second: Complexes, floors: tuple[float, float]) -> Spectra:
    """Sum over the segments that are whole in both.

    Parameters
    ----------
    first, second : ndarray of complex, shape (n_segments, n_frequencies)
        As `transforms` gives them.
    floors : (float, float)
        As `floor_of` gives them.
    """
    whole = ~np.isnan(first[:, 0]) & ~np.isnan(second[:, 0])
    n = int(whole.sum())
    x, y = first[whole], second[whole]
    return Spectra(
        cross=(x * y.conj()).sum(axis=0),
        first=_power(x, floors[0]),
        second=_power(y, floors[1]),
        n_segments=n,
    )


def _power(each: Complexes, floor: float) -> Floats:
    power = (each.real**2 + each.imag**2).sum(axis=0)
    found: Floats = np.where(power > len(each) * floor, power, np.nan)
    return found
