"""Wavelet coherence: at which period, and when, two people share a rhythm.

It shows what `rhythm.rhythm` cannot, that a rhythm came and went. It smooths over so little
that it is high by chance (unrelated pairs often have .2 or more), so it is for looking:
whether there is a shared rhythm is for `rhythm.rhythm` to say.

References
----------
Torrence, C., & Compo, G. P. (1998). A practical guide to wavelet analysis. Bulletin of the
American Meteorological Society, 79(1), 61-78.
Grinsted, A., Moore, J. C., & Jevrejeva, S. (2004). Application of the cross wavelet
transform and wavelet coherence to geophysical time series. Nonlinear Processes in
Geophysics, 11(5/6), 561-566. https://doi.org/10.5194/npg-11-561-2004
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import fft

from duologue.engine.synchrony.preparing import as_pair, scale
from duologue.engine.synchrony.spectra import Complexes
from duologue.engine.synchrony.windows import Bools, Floats
from duologue.errors import ParameterError

PERIODS_S = (2.0, 20.0)
PER_OCTAVE = 12

WAVES = 2 * math.pi
"""The Morlet wavelet's frequency: at this one its scale is its period."""

OCTAVES = 1.2
"""Over so many octaves of periods it is smoothed, and in time by the wavelet's width."""

FOURIER = 4 * math.pi / (WAVES + math.sqrt(2 + WAVES**2))
"""The period, in scales, of the cosine to which the wavelet answers most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveletCoherence:
    """How steady two series are to one another, at each period and moment.

    Attributes
    ----------
    periods_s : ndarray, shape (n_periods,)
        In seconds, evenly spaced in octaves.
    coherence : ndarray, shape (n_periods, n)
        From 0 to 1; ``nan`` where a series does not change.
    phase : ndarray, shape (n_periods, n)
        In radians; above 0 where the first is ahead.
    inside : ndarray of bool, shape (n_periods, n)
        Where the ends of the recording, beyond which nothing is known, weigh little.
    mean : ndarray, shape (n_periods,)
        The mean of the coherence there; ``nan`` where there is no such moment.
    """

    periods_s: Floats
    coherence: Floats
    phase: Floats
    inside: Bools
    mean: Floats


def wavelet_coherence(
    first: ArrayLike,
    second: ArrayLike,
    rate: float,
    *,
    periods_s: tuple[float, float] = PERIODS_S,
) -> WaveletCoherence:
    """Return the wavelet coherence of two series, with complex Morlet wavelets.

    Parameters
    ----------
    first, second : array_like, shape (n,)
        Two series of one rate without a blank, cut to the shorter.
    rate : float
        Samples a second, above 0.
    periods_s : (float, float)
        From which period to which: of four samples or more, and at most as long as the
        series.

    Raises
    ------
    ParameterError
        If something is out of its range, or a series holds a blank.
    """
    one, other = as_pair(first, second)
    if np.isnan(one).any() or np.isnan(other).any():
        raise ParameterError("a series must hold no blank for a wavelet.")
    if not (math.isfinite(rate) and rate > 0):
        raise ParameterError(f"rate must be above 0 Hz, got {rate:g} Hz.")
    low, high = periods_s
    if not 4 / rate <= low < high <= one.size / rate:
        raise ParameterError(
            f"periods_s must rise from {4 / rate:g} s or more to {one.size / rate:g} s "
            f"at most, got {low:g} to {high:g} s."
        )
    periods = np.geomspace(low, high, max(2, _steps(low, high) + 1))
    edge = np.minimum(np.arange(one.size), np.arange(one.size)[::-1]) / rate
    inside = FOURIER / math.sqrt(2) * edge >= periods[:, np.newaxis]
    if np.ptp(one) == 0 or np.ptp(other) == 0:
        squared = phase = np.full(inside.shape, np.nan)
    else:
        squared, phase = _coherence(scale(one), scale(other), rate, periods)
    n_inside = inside.sum(axis=1)
    total = np.where(inside, squared, 0.0).sum(axis=1)
    return WaveletCoherence(
        periods_s=periods,
        coherence=squared,
        phase=phase,
        inside=inside,
        mean=np.where(n_inside > 0, total / np.maximum(n_inside, 1), np.nan),
    )


def _steps(low: float, high: float) -> int:
    return math.floor(PER_OCTAVE * math.log2(high / low))


def _coherence(
    one: Floats, other: Floats, rate: float, periods: Floats
) -> tuple[Floats, Floats]:
    """Transform, smooth and compare; beyond the ends the series are taken as 0."""
    size = fft.next_fast_len(2 * one.size)
    turns = 2 * np.pi * fft.fftfreq(size, 1 / rate)
    spectra = [fft.fft(series, size) for series in (one, other)]
    smoothed = np.empty((3, periods.size, one.size), dtype=np.complex128)
    for k, scale_s in enumerate(periods):
        wavelet = np.exp(-0.5 * (scale_s * turns - WAVES) ** 2)
        x, y = (fft.ifft(each * wavelet)[: one.size] for each in spectra)
        width = np.exp(-0.5 * (scale_s * turns) ** 2)
        for j, product in enumerate((x * x.conj(), y * y.conj(), x * y.conj())):
            smoothed[j, k] = fft.ifft(fft.fft(product, size) * width)[: one.size]
    own, others, cross = _over_periods(smoothed, periods)
    by = own.real * others.real
    with np.errstate(invalid="ignore", divide="ignore"):
        squared = np.where(by > 0, np.abs(cross) ** 2 / by, np.nan)
    return np.minimum(squared, 1.0), np.where(by > 0, np.angle(cross), np.nan)


def _over_periods(smoothed: Complexes, periods: Floats) -> Complexes:
    """Average over neighbouring periods; those at the rim of the width count in part."""
    octave = math.log2(periods[1] / periods[0])
    apart = np.abs(np.subtract.outer(np.arange(periods.size), np.arange(periods.size)))
    weights = np.clip(OCTAVES / (2 * octave) + 0.5 - apart, 0.0, 1.0)
    found: Complexes = np.einsum("kl,jlt->jkt", weights, smoothed, optimize=True)
    return found
