"""Windows and lags: seconds that become samples, once and by one rule."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duologue.errors import ParameterError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

MIN_WINDOW = 3
"""Two samples are always on a line."""

WHOLE = 0.01
"""So near to a whole number of samples is one: rates from time stamps are rounded."""

WINDOW_S, STEP_S, LAG_S = 30.0, 10.0, 5.0
"""The standard settings for motion energy: those of rMEA's README."""


def samples_of(seconds: float, rate: float) -> int:
    """Return how many samples so many seconds are, halves rounded up.

    Examples
    --------
    >>> samples_of(0.5, 25.0), samples_of(30, 30000 / 1001)
    (13, 899)
    """
    return math.floor(seconds * rate + 0.5)


def runs_of(flags: Bools) -> tuple[Ints, Ints]:
    """Return where each run of true starts, and the sample behind its end.

    Examples
    --------
    >>> runs_of(np.array([True, True, False, True]))
    (array([0, 3]), array([2, 4]))
    """
    edges = np.diff(np.concatenate([[0], flags.astype(np.int64), [0]]))
    return np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """How two series are compared: in windows, each slid against the other by lags.

    Attributes
    ----------
    rate : float
        Samples a second; any positive number.
    window, step, lag : int
        Samples of a window, from one window to the next, and of the largest lag.
    """

    rate: float
    window: int
    step: int
    lag: int

    def __post_init__(self) -> None:
        _check_rate(self.rate)
        for name, least in (("window", MIN_WINDOW), ("step", 1), ("lag", 0)):
            found = getattr(self, name)
            if found < least:
                raise ParameterError(
                    f"{name} must be {least} samples or more, got {found}."
                )

    @property
    def window_s(self) -> float:
        """The seconds of a window that are really used."""
        return self.window / self.rate

    @property
    def step_s(self) -> float:
        """The seconds from one window to the next that are really used."""
        return self.step / self.rate

    @property
    def lag_s(self) -> float:
        """The largest lag that is really used, in seconds."""
        return self.lag / self.rate

    @property
    def lags(self) -> Ints:
        """Every lag in samples, from the second series leading to the first leading."""
        return np.arange(-self.lag, self.lag + 1)

    def count(self, n_samples: int) -> int:
        """Return how many windows fit into a series of so many samples.

        Raises
        ------
        ParameterError
            If there is none.
        """
        needed = self.window + self.lag
        if n_samples < needed:
            raise ParameterError(
                f"the series must last {needed / self.rate:g} s or more (a window and "
                f"the largest lag), got {n_samples / self.rate:g} s."
            )
        return (n_samples - needed) // self.step + 1

    def starts(self, n_samples: int) -> Ints:
        """Return the sample at which each window starts."""
        return np.arange(self.count(n_samples)) * self.step


def windows_of(
    rate: float,
    *,
    window_s: float = WINDOW_S,
    step_s: float = STEP_S,
    lag_s: float = LAG_S,
    is_whole: bool = False,
) -> Windows:
    """Return windows and lags that are given in seconds.

    Parameters
    ----------
    rate : float
        Samples a second, above 0.
    window_s, step_s, lag_s : float
        Seconds of a window, from one window to the next, and of the largest lag.
    is_whole : bool
        Whether each must be a whole number of samples, as by rMEA's rules; else they are
        rounded.

    Raises
    ------
    ParameterError
        If one of them is not finite, or too short for this rate; a lag below 0; samples
        that are not whole where they must be.

    Examples
    --------
    >>> windows_of(25.0)
    Windows(rate=25.0, window=750, step=250, lag=125)
    """
    _check_rate(rate)
    found = {}
    for name, seconds in (("window", window_s), ("step", step_s), ("lag", lag_s)):
        if not math.isfinite(seconds) or seconds < 0:
            raise ParameterError(f"{name}_s must be 0 s or more, got {seconds:g} s.")
        found[name] = samples_of(seconds, rate)
        if is_whole and abs(seconds * rate - found[name]) > WHOLE:
            raise ParameterError(
                f"by rMEA's rules {name}_s must be a whole number of samples, got "
                f"{seconds:g} s, which are {seconds * rate:.2f} at {rate:g} Hz."
            )
    return Windows(rate=rate, **found)


def _check_rate(rate: float) -> None:
    if not (math.isfinite(rate) and rate > 0):
        raise ParameterError(f"rate must be above 0 Hz, got {rate:g} Hz.")
