"""What a matrix of lagged correlations says of a session, of each window and of each lag.

Session values are means over cells; a blank cell counts for nothing.
"""

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duologue.engine.synchrony.lagged import Lagged
from duologue.engine.synchrony.windows import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One session's synchrony, in Fisher's z. What cannot be said is ``nan``.

    Attributes
    ----------
    grand_mean, grand_mean_abs : float
        Mean of all cells, and of their absolute values.
    lag_profile : ndarray, shape (2 * lag + 1,)
        Mean over windows, from the second series leading to the first leading.
    lag_zero : float
        Mean of the cells without a lag.
    first_leads, second_leads : float
        Mean of the cells in which the first leads, and in which the second does.
    first_leads_0, second_leads_0 : float
        The same, with the cells without a lag in both.
    asymmetry : float
        ``first_leads - second_leads``.
    peak, peak_lag_s : float
        The largest value of the profile and its lag, positive where the first leads; of
        several the first from the second leading on.
    window_mean, window_best_lag_s : ndarray, shape (n_windows,)
        Mean of each window's cells, and the lag of its first largest cell.
    coverage : float
        The share of cells that are not blank.
    """

    grand_mean: float
    grand_mean_abs: float
    lag_profile: Floats
    lag_zero: float
    first_leads: float
    second_leads: float
    first_leads_0: float
    second_leads_0: float
    asymmetry: float
    peak: float
    peak_lag_s: float
    window_mean: Floats
    window_best_lag_s: Floats
    coverage: float


def summarise(found: Lagged) -> Summary:
    """Return what lagged correlations say of a session."""
    z, m = found.z, found.windows.lag
    lags_s = found.windows.lags / found.windows.rate
    profile = mean_over(z, axis=0)
    first, second = _mean(z[:, m + 1 :]), _mean(z[:, :m])
    peak = _first_largest(profile[np.newaxis])[0]
    return Summary(
        grand_mean=_mean(z),
        grand_mean_abs=_mean(np.abs(z)),
        lag_profile=profile,
        lag_zero=_mean(z[:, m]),
        first_leads=first,
        second_leads=second,
        first_leads_0=_mean(z[:, m:]),
        second_leads_0=_mean(z[:, : m + 1]),
        asymmetry=first - second,
        peak=float("nan") if peak < 0 else float(profile[peak]),
        peak_lag_s=float("nan") if peak < 0 else float(lags_s[peak]),
        window_mean=mean_over(z, axis=1),
        window_best_lag_s=np.array(
            [np.nan if k < 0 else lags_s[k] for k in _first_largest(z)]
        ),
        coverage=found.coverage,
    )


def mean_over(z: Floats, axis: int) -> Floats:
    """Return means over one axis, blanks left out; ``nan`` where all is blank."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        found: Floats = np.nanmean(z, axis=axis)
    return found


def _mean(z: Floats) -> float:
    present = z[~np.isnan(z)]
    return float(present.mean()) if present.size else float("nan")


def _first_largest(z: Floats) -> NDArray[np.int64]:
    """Return the place of the first largest value of each row, -1 where all is blank."""
    low = np.where(np.isnan(z), -np.inf, z)
    return np.where(np.isnan(z).all(axis=1), -1, low.argmax(axis=1))
