"""Coherence: whether two people share a rhythm, at which period, and who is ahead in it.

Averages over lags cancel for what goes up and down faster than the lags. At each frequency
the coherence says how steady the two are to one another there, whatever the delay.

References
----------
Bendat, J. S., & Piersol, A. G. (2010). Random data: Analysis and measurement procedures
(4th ed.). Wiley. https://doi.org/10.1002/9781118032428
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from duologue.engine.synchrony.gaps import in_both
from duologue.engine.synchrony.preparing import as_pair
from duologue.engine.synchrony.spectra import Spectra, floor_of, summed, transforms
from duologue.engine.synchrony.windows import Floats, Windows, windows_of
from duologue.errors import ParameterError

SEGMENT_S = 30.0
OVERLAP = 0.5

FEWEST = 8
"""Of fewer segments nothing is said: of one alone the coherence is always 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coherence:
    """How steady two series are to one another, at each frequency.

    Attributes
    ----------
    frequencies : ndarray, shape (n,)
        In Hz, above 0 and up to half the rate, a segment's inverse apart.
    coherence : ndarray, shape (n,)
        From 0 to 1; by chance about 1 in the number of segments. ``nan`` where a series
        does not change at that frequency, and everywhere with fewer than 8 segments.
    phase : ndarray, shape (n,)
        In radians, above -pi and up to pi; above 0 where the first is ahead.
    lead_s : ndarray, shape (n,)
        The same in seconds. A lead of so much cannot be told from being behind by the
        rest of the period.
    n_segments : int
        Segments without a blank in either series.
    segment_s : float
        The seconds of a segment that are really used.
    """

    frequencies: Floats
    coherence: Floats
    phase: Floats
    lead_s: Floats
    n_segments: int
    segment_s: float


def coherence(
    first: ArrayLike,
    second: ArrayLike,
    rate: float,
    *,
    segment_s: float = SEGMENT_S,
    overlap: float = OVERLAP,
) -> Coherence:
    r"""Return coherence and phase of two series, by Welch's method with Hann windows.

    .. math:: C(f) = |S_{xy}|^2 / (S_{xx} S_{yy}), \quad \phi(f) = \arg S_{xy}

    Parameters
    ----------
    first, second : array_like, shape (n,)
        Two series of one rate, cut to the shorter; ``nan`` where a sample is missing.
        Only segments without a blank in either count.
    rate : float
        Samples a second, above 0.
    segment_s : float
        Seconds of a segment.
    overlap : float in [0, 0.95]
        The share of a segment that the next one has again.

    Raises
    ------
    ParameterError
        If one of them is out of its range, or the series are shorter than a segment.
    """
    one, other = in_both(*as_pair(first, second))
    windows = segments_of(rate, segment_s=segment_s, overlap=overlap)
    check_length(one.size, windows)
    return described(spectra_of(one, other, windows), windows)


def segments_of(rate: float, *, segment_s: float, overlap: float) -> Windows:
    """Return segments in samples, with a ParameterError for what is out of its range."""
    if not 0 <= overlap <= 0.95:
        raise ParameterError(f"overlap must be from 0 to 0.95, got {overlap:g}.")
    try:
        found = windows_of(rate, window_s=segment_s, step_s=segment_s, lag_s=0.0)
    except ParameterError as error:
        told = str(error).replace("window_s", "segment_s").replace("window", "segment")
        raise ParameterError(told) from None
    step = max(1, found.window - math.floor(overlap * found.window))
    return Windows(rate=rate, window=found.window, step=step, lag=0)


def check_length(n_samples: int, windows: Windows) -> None:
    """Refuse series that are shorter than one segment, with a ParameterError."""
    if n_samples < windows.window:
        raise ParameterError(
            f"the series must last {windows.window_s:g} s or more (one segment), got "
            f"{n_samples / windows.rate:g} s."
        )


def spectra_of(one: Floats, other: Floats, windows: Windows) -> Spectra:
    """Return spectra of two series over all segments that are whole in both."""
    x, y = (transforms(v, windows.window, windows.step) for v in (one, other))
    floors = floor_of(one, windows.window), floor_of(other, windows.window)
    return summed(x, y, floors)


def described(spectra: Spectra, windows: Windows) -> Coherence:
    """Return the coherence that spectra hold; without the mean, at frequency 0."""
    n = windows.window
    frequencies = np.arange(1.0, n // 2 + 1) * (windows.rate / n)
    coherency = spectra.coherency[1:]
    if spectra.n_segments < FEWEST:
        coherency = np.full_like(coherency, np.nan)
    phase = np.angle(coherency)
    return Coherence(
        frequencies=frequencies,
        coherence=np.minimum(coherency.real**2 + coherency.imag**2, 1.0),
        phase=phase,
        lead_s=phase / (2 * np.pi * frequencies),
        n_segments=spectra.n_segments,
        segment_s=windows.window_s,
    )
