"""Whether two people share a rhythm beyond chance.

The coherence of two people who have nothing to do with each other is not 0, and the
highest of many frequencies is higher still. So the highest coherence within a band that is
chosen before is put beside the highest that the same two recordings give when one of them
is shifted by two segments or more.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from duologue.engine.synchrony.bands import bands_of, p_of
from duologue.engine.synchrony.coherence import (
    FEWEST,
    OVERLAP,
    SEGMENT_S,
    Coherence,
    check_length,
    described,
    segments_of,
    spectra_of,
)
from duologue.engine.synchrony.gaps import in_both
from duologue.engine.synchrony.preparing import as_pair
from duologue.engine.synchrony.shifts import (
    LONG_ENOUGH,
    N_SHIFTS,
    check_shifts,
    drawn_shifts,
    least_shift,
)
from duologue.engine.synchrony.spectra import Spectra, floor_of, summed, transforms
from duologue.engine.synchrony.windows import Bools, Floats, Ints, Windows
from duologue.errors import ParameterError

BAND_HZ = (0.05, 0.5)
"""Periods of 2 to 20 s: breathing, rocking, nodding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """What two series share at each frequency, and what chance gives.

    Attributes
    ----------
    spectrum : Coherence
        At all frequencies; the arrays below go with it.
    inside : ndarray of bool, shape (n,)
        Which frequencies lie within the band.
    peak, peak_hz : float
        The highest coherence within it, and where; ``nan`` where all is blank.
    peak_phase, peak_lead_s : float
        Of the two there, in radians and in seconds; above 0 the first is ahead.
    n_surrogates : int
        Two for each shift; 0 where the session is too short for any or too little of it
        is whole, and all below is ``nan``.
    least_shift : int
        In samples.
    p_peak : float
        How often chance gives as high a peak anywhere in the band.
    p_lead : float
        How often chance sets the two as far from going at once, or by turns, at its own
        peak. Only where both are small may be said that somebody is ahead.
    mean, low, high : ndarray, shape (n,)
        The mean of what chance gives, and between which values 90 of 100 surrogates lie
        at each frequency by itself; ``nan`` outside the band.
    band : ndarray, shape (n,)
        Above it only 1 surrogate of 20 comes anywhere in the band.
    beyond : ndarray of bool, shape (n,)
        Where the coherence lies above that.
    """

    spectrum: Coherence
    inside: Bools
    peak: float
    peak_hz: float
    peak_phase: float
    peak_lead_s: float
    n_surrogates: int
    least_shift: int
    p_peak: float
    p_lead: float
    mean: Floats
    low: Floats
    high: Floats
    band: Floats
    beyond: Bools


def rhythm(
    first: ArrayLike,
    second: ArrayLike,
    rate: float,
    *,
    band_hz: tuple[float, float] = BAND_HZ,
    segment_s: float = SEGMENT_S,
    overlap: float = OVERLAP,
    n_shifts: int = N_SHIFTS,
    seed: int = 0,
) -> Rhythm:
    """Look for a rhythm that two people share beyond chance.

    Parameters
    ----------
    first, second : array_like, shape (n,)
        Two series of one rate, cut to the shorter; ``nan`` where a sample is missing.
    rate : float
        Samples a second, above 0.
    band_hz : (float, float)
        From which frequency to which is looked, above 0 and up to half the rate. Chosen
        before the data are seen, or the p is none.
    segment_s, overlap : float
        As for `coherence.coherence`.
    n_shifts : int
        100 or more. The second series is shifted by each, and the first by the same.
    seed : int
        Beside it the recordings decide which shifts are drawn.

    Returns
    -------
    Rhythm
        Without any p where the session lasts less than 16 segments, or fewer than 8 of
        them are whole.

    Raises
    ------
    ParameterError
        If something is out of its range, no frequency lies within the band, or the
        series are shorter than a segment.
    """
    check_shifts(n_shifts)
    one, other = in_both(*as_pair(first, second))
    windows = segments_of(rate, segment_s=segment_s, overlap=overlap)
    check_length(one.size, windows)
    own = spectra_of(one, other, windows)
    found = described(own, windows)
    inside = _inside(found.frequencies, band_hz, rate)
    least = least_shift(windows)
    drawn = np.empty((0, 2, int(inside.sum())))
    if one.size >= LONG_ENOUGH * least and own.n_segments >= FEWEST:
        shifts = drawn_shifts(one, other, windows, n_shifts=n_shifts, seed=seed)
        spectra = _shifted(one, other, windows, shifts, inside)
        drawn = np.array([_sizes(each, own.n_segments) for each in spectra])
    return _compared(found, inside, drawn, least)


def check_band(band_hz: tuple[float, float], rate: float) -> None:
    """Refuse a band that is none, with a ParameterError."""
    low, high = band_hz
    if not 0 < low < high <= rate / 2:
        raise ParameterError(
            f"band_hz must rise from above 0 Hz to {rate / 2:g} Hz (half the rate) at "
            f"most, got {low:g} to {high:g} Hz."
        )


def _inside(frequencies: Floats, band_hz: tuple[float, float], rate: float) -> Bools:
    check_band(band_hz, rate)
    close = 1e-9 * frequencies[0]  # a frequency at the very edge, but for rounding
    found: Bools = (frequencies >= band_hz[0] - close) & (
        frequencies <= band_hz[1] + close
    )
    if not found.any():
        raise ParameterError(
            f"band_hz must hold a frequency of segments this long, a multiple of "
            f"{frequencies[0]:g} Hz; got {band_hz[0]:g} to {band_hz[1]:g} Hz."
        )
    return found


def _shifted(
    one: Floats, other: Floats, windows: Windows, shifts: Ints, inside: Bools
) -> Iterator[Spectra]:
    """Return spectra of the two with the second shifted, and with the first."""
    floors = floor_of(one, windows.window), floor_of(other, windows.window)
    columns = 1 + np.flatnonzero(inside)  # frequency 0 comes first

    def cut(series: Floats) -> np.ndarray:
        return transforms(series, windows.window, windows.step)[:, columns]

    x, y = cut(one), cut(other)
    for shift in shifts:
        yield summed(x, cut(np.roll(other, shift)), floors)
        yield summed(cut(np.roll(one, shift)), y, floors)


def _sizes(spectra: Spectra, own: int) -> Floats:
    """Return the coherence, and what of it stands apart from going at once or by turns.

    A shift may leave fewer whole segments, and of fewer chance gives more. Where nothing
    goes together 1 - C to the power of the segments less 1 has one distribution, however
    many they are: by that all are brought to as many as the session has.
    """
    if spectra.n_segments < FEWEST:
        return np.full((2, spectra.first.size), np.nan)
    power = (spectra.n_segments - 1) / (own - 1)
    found = spectra.coherency
    sizes = np.minimum([found.real**2 + found.imag**2, found.imag**2], 1.0)
    brought: Floats = 1 - (1 - sizes) ** power
    return brought


def _compared(found: Coherence, inside: Bools, drawn: Floats, least: int) -> Rhythm:
    seen = inside & ~np.isnan(found.coherence)
    if not seen.any():
        return _nothing(found, inside, least)
    at = np.flatnonzero(seen)[int(found.coherence[seen].argmax())]
    peak, phase = float(found.coherence[at]), float(found.phase[at])
    wide, p_peak, p_lead = np.full((4, inside.size), np.nan), np.nan, np.nan
    if len(drawn):
        sizes, apart = np.moveaxis(drawn[:, :, seen[inside]], 1, 0)
        wide[:, seen] = bands_of(sizes)
        p_peak = p_of(sizes.max(axis=1), peak)
        at_peak = np.take_along_axis(apart, sizes.argmax(axis=1)[:, np.newaxis], 1)
        p_lead = p_of(at_peak[:, 0], peak * np.sin(phase) ** 2)
    mean, low, high, band = wide
    with np.errstate(invalid="ignore"):
        beyond = found.coherence > band
    return Rhythm(
        spectrum=found,
        inside=inside,
        peak=peak,
        peak_hz=float(found.frequencies[at]),
        peak_phase=phase,
        peak_lead_s=float(found.lead_s[at]),
        n_surrogates=len(drawn),
        least_shift=least,
        p_peak=p_peak,
        p_lead=p_lead,
        mean=mean,
        low=low,
        high=high,
        band=band,
        beyond=beyond,
    )


def _nothing(found: Coherence, inside: Bools, least: int) -> Rhythm:
    nan, blank = float("nan"), np.full(inside.size, np.nan)
    return Rhythm(
        spectrum=found,
        inside=inside,
        peak=nan,
        peak_hz=nan,
        peak_phase=nan,
        peak_lead_s=nan,
        n_surrogates=0,
        least_shift=least,
        p_peak=nan,
        p_lead=nan,
        mean=blank,
        low=blank,
        high=blank,
        band=blank,
        beyond=np.zeros(inside.size, dtype=bool),
    )
