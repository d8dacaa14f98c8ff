"""What the background says: how much a picture without movement changes, and how often."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duologue.engine.motion_energy.boxes import Bytes
from duologue.engine.motion_energy.meter import LIMITED_RANGE, as_picture
from duologue.errors import ParameterError

QUANTILE = 0.99
"""Of the differences in the background, so many lie within what is learnt from them."""

LONGEST_S = 20.0
"""Seconds of the longest period that is looked for: key frames come more often."""

SURE = 4.0
"""A period stands out by so many standard errors of a correlation."""


class Differences:
    """Counts differences of brightness in background regions, one picture at a time.

    Parameters
    ----------
    backgrounds : sequence of ndarray of bool, shape (height, width)
        Which pixels are of the background.
    is_full_range : bool
        Whether pictures have levels from 0 to 255, else from 16 to 235.
    """

    def __init__(
        self, backgrounds: Sequence[NDArray[np.bool_]], *, is_full_range: bool = True
    ) -> None:
        self._inside = np.logical_or.reduce([np.asarray(b) for b in backgrounds])
        self._unit = 1.0 if is_full_range else 1 / LIMITED_RANGE
        self._counts = np.zeros(256, np.int64)
        self._before: NDArray[np.int16] | None = None

    def see(self, picture: Bytes) -> None:
        """Take a picture in; see `meter.Meter.see`."""
        height, width = self._inside.shape
        found = as_picture(picture, (height, width))[self._inside].astype(np.int16)
        if self._before is not None and not np.array_equal(found, self._before):
            apart = np.abs(found - self._before)
            self._counts += np.bincount(apart, minlength=256)
        self._before = found

    def skip(self) -> None:
        """Go on without a picture: the next one is compared with none."""
        self._before = None

    def cut_off(self, quantile: float = QUANTILE) -> float:
        """Return the grey levels of full range within which so many differences lie.

        Pictures in which no pixel of the background changed are left out: they came
        twice, or were not sent at all.

        Raises
        ------
        ParameterError
            If no two pictures differ in the background.
        """
        upto = np.cumsum(self._counts)
        if not upto[-1]:
            raise ParameterError("no two pictures differ in the background.")
        return float(np.searchsorted(upto, quantile * upto[-1]) * self._unit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flicker:
    """How the background changes, which should be hardly and at random.

    Attributes
    ----------
    above_0 : float
        Share of samples above 0, of all background regions; ``nan`` without any.
    period_s : float
        Seconds after which it changes again most alike; ``nan`` if none stands out.
    """

    above_0: float
    period_s: float


def flicker(background: NDArray[np.float64], rate: float) -> Flicker:
    """Say how often the background changes, and how regularly.

    Parameters
    ----------
    background : ndarray, shape (n, n_backgrounds)
        Per cent of each region that changed; ``nan`` where missing.
    rate : float
        Rows a second.

    Returns
    -------
    Flicker
        The period is the first peak of the autocorrelation of the regions' mean that
        reaches nine tenths of the highest, up to 20 s and a quarter of the length, if it
        lies four standard errors above 0 and above the lowest before it.
    """
    present = ~np.isnan(background)
    if not present.any():
        return Flicker(above_0=math.nan, period_s=math.nan)
    above = float(np.mean(background[present] > 0))
    whole = present.all(axis=1)
    series = np.where(whole, background.mean(axis=1), 0.0)
    n = int(whole.sum())
    if n:
        series[whole] -= series[whole].mean()
    lag = _period(series, n, min(int(LONGEST_S * rate), series.size // 4))
    return Flicker(above_0=above, period_s=lag / rate if lag else math.nan)


def _period(series: NDArray[np.float64], n: int, longest: int) -> int:
    """Return the lag of the peak, or 0."""
    if longest < 3 or not series.any():
        return 0
    power = np.abs(np.fft.rfft(series, 2 * series.size)) ** 2
    r = np.fft.irfft(power)[: longest + 1]
    r = r / r[0]
    middle, sure = r[1:-1], SURE / math.sqrt(n)
    # What drifts is like itself for long: a peak also stands above what comes before.
    rise = middle - np.minimum.accumulate(r)[:-2]
    is_peak = (middle > r[:-2]) & (middle >= r[2:]) & (np.minimum(middle, rise) > sure)
    if not is_peak.any():
        return 0
    highest = middle[is_peak].max()
    return int(np.flatnonzero(is_peak & (middle >= 0.9 * highest))[0]) + 1
