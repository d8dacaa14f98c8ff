"""How one person's view follows the other's, over a caseload: truth and bias."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from duologue.engine.estimates import (
    MIN_PAIRS,
    Estimate,
    Reason,
    added_up,
    around,
    cannot_tell,
    check_finite,
    check_level,
    codes_of,
    jackknife,
)
from duologue.errors import ParameterError

SMALLEST_SPREAD = 1e-8
"""Below this share of the answers' own size a spread is rounding and no spread."""

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class TruthAndBias:
    """One person's views held against the other's, over a caseload.

    "Truth" is the paper's word for the view that the other is held against. Neither of
    two views is truer.

    Attributes
    ----------
    gap : Estimate
        Directional bias: judgement minus truth, in points, mean over pairs.
    gap_spread : float
        Standard deviation of the usual gap between pairs, beyond what few sessions
        alone would do; ``nan`` if it cannot be told.
    tracking : Estimate
        Within pairs: by how many points the judgement moves, from session to session,
        when the truth moves by one.
    tracking_spread : float
        Standard deviation of that slope between pairs, beyond sampling.
    projection : Estimate or None
        Within pairs: by how many points the judgement moves with the judge's own
        rating, at the same truth (assumed similarity); ``None`` if no ``own`` was
        given.
    between, between_projection : Estimate, Estimate or None
        The same two slopes between pairs' means.
    n_pairs, n_sessions : int
        Pairs and sessions with all answers.
    """

    gap: Estimate
    gap_spread: float
    tracking: Estimate
    tracking_spread: float
    projection: Estimate | None
    between: Estimate
    between_projection: Estimate | None
    n_pairs: int
    n_sessions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BothWays:
    """Each seat's views held against the other's.

    Attributes
    ----------
    client_judges, therapist_judges : TruthAndBias
        The judgement is the named seat's, the truth the other's.
    """

    client_judges: TruthAndBias
    therapist_judges: TruthAndBias


@dataclass(frozen=True, slots=True, kw_only=True)
class _Slopes:
    """Slopes of the pairs that have one, each with what it rests on."""

    slope: Array
    weight: Array
    codes: NDArray[np.int64]
    variance: float
    n_without_spread: int


def both_ways(
    client: ArrayLike,
    therapist: ArrayLike,
    *,
    client_guess: ArrayLike | None = None,
    therapist_guess: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    level: float = 0.95,
    follow_line: bool = True,
) -> BothWays:
    """Hold each seat's views against the other's.

    Parameters
    ----------
    client, therapist : array_like, shape (n_pairs, n_sessions)
        What each answered to the same prompt; ``nan`` where blank.
    client_guess, therapist_guess : array_like, same shape, optional
        What each thought that the other would answer. With a guess, the guess is the
        judgement and the guesser's own answer is the ``own`` of assumed similarity;
        without, the judgement is the answer itself.
    clusters, level, follow_line
        See `truth_and_bias`.

    Returns
    -------
    BothWays
        Swapping the two seats swaps the two halves, to the bit.

    Raises
    ------
    ParameterError
        As `truth_and_bias`.
    """

    def one_way(
        judge: ArrayLike, other: ArrayLike, guess: ArrayLike | None
    ) -> TruthAndBias:
        return truth_and_bias(
            judge if guess is None else guess,
            other,
            own=None if guess is None else judge,
            clusters=clusters,
            level=level,
            follow_line=follow_line,
        )

    return BothWays(
        client_judges=one_way(client, therapist, client_guess),
        therapist_judges=one_way(therapist, client, therapist_guess),
    )


def truth_and_bias(
    judgement: ArrayLike,
    truth: ArrayLike,
    *,
    own: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    level: float = 0.95,
    follow_line: bool = True,
) -> TruthAndBias:
    r"""Truth-and-bias model of judgement, within pairs and between them.

    Judgement J and truth T are centred on the mean of the truth, m; the judge's own
    rating O on its own mean. For pair d in session j,

    .. math:: J_{dj} - \bar J_d = (t + \tau_d)(T_{dj} - \bar T_d)
        + (p + \pi_d)(O_{dj} - \bar O_d) + e_{dj}

    .. math:: \bar J_d - m = b + t_B (\bar T_d - m) + p_B (\bar O_d - \bar O) + u_d

    so that b, the directional bias, is the mean gap. Two stages: a least-squares slope
    for each pair, then their mean with weights :math:`1 / (\tau^2 + \sigma^2 / S_d)`
    (S_d: sum of squares of the pair's truth; :math:`\tau^2` by moments). The interval
    comes from the scatter of the pairs (Hartung and Knapp, t with pairs - 1 degrees of
    freedom), so it needs no assumption on how a pair's sessions hang together.

    Parameters
    ----------
    judgement, truth : array_like, shape (n_pairs, n_sessions)
        Points of any one scale; ``nan`` where blank. A session counts where all that
        is given has been answered.
    own : array_like, same shape, optional
        The judge's own rating, which must be something else than the judgement.
    clusters : array_like, shape (n_pairs,), optional
        What pairs have in common, such as a therapist. Then clusters, not pairs, are
        the unit of all intervals: one is left out at a time (jackknife).
    level : float in (0.5, 1)
        Level of the intervals.
    follow_line : bool
        Whether each pair's own straight line over its sessions is taken out first
        (default): two series that merely both rise would look like tracking.

    Returns
    -------
    TruthAndBias
        With fewer than ``MIN_PAIRS`` pairs (or clusters), or answers without spread, the estimate
        concerned is blank and says why.

    Raises
    ------
    ParameterError
        If shapes differ or are not two axes, a value is infinite, a label of
        ``clusters`` is missing, or ``level`` is out of range.

    References
    ----------
    West, T. V., & Kenny, D. A. (2011). The truth and bias model of judgment.
    Psychological Review, 118(2), 357-378. https://doi.org/10.1037/a0022936
    Hartung, J., & Knapp, G. (2001). Statistics in Medicine, 20(24), 3875-3889.
    https://doi.org/10.1002/sim.1009
    """
    check_level(level)
    given = _tables(judgement=judgement, truth=truth, own=own)
    blanks = np.isnan(np.stack(list(given.values())))
    there: NDArray[np.bool_] = np.logical_not(np.any(blanks, axis=0))
    kept: NDArray[np.bool_] = np.any(there, axis=1)
    there, codes = there[kept], codes_of(clusters, n_pairs=kept.size)[kept]
    j, *others = (np.where(there, x[kept], 0.0) for x in given.values())
    gap, gap_spread = _mean_gap(j - others[0], there, codes, level=level)
    within = [
        _pooled(_slopes(j, others, i, there, codes, line=follow_line), level=level)
        for i in range(len(others))
    ]
    between = _between(j, others, there, codes, level=level)
    return TruthAndBias(
        gap=gap,
        gap_spread=gap_spread,
        tracking=within[0][0],
        tracking_spread=within[0][1],
        projection=within[1][0] if own is not None else None,
        between=between[0],
        between_projection=between[1] if own is not None else None,
        n_pairs=int(kept.sum()),
        n_sessions=int(there.sum()),
    )


def _tables(**given: ArrayLike | None) -> dict[str, Array]:
    tables = {k: np.asarray(v, dtype=float) for k, v in given.items() if v is not None}
    shape = tables["judgement"].shape
    for name, table in tables.items():
        if table.ndim != 2 or table.shape != shape:
            raise ParameterError(
                f"{name} must have the shape (n_pairs, n_sessions) of judgement, "
                f"got {table.shape} beside {shape}."
            )
        check_finite(name, table)
    return tables


# The gap -----------------------------------------------------------------------------


def _pair_means(x: Array, there: NDArray[np.bool_]) -> Array:
    means: Array = np.where(there, x, 0.0).sum(axis=1) / there.sum(axis=1)
    return means


def _spread_of_sessions(gap: Array, there: NDArray[np.bool_]) -> float:
    """Variance of the gap within pairs, pooled; 0 if no pair has two sessions."""
    if gap.size == 0:
        return 0.0
    rest = np.where(there, gap - _pair_means(gap, there)[:, None], 0.0)
    df = int((there.sum(axis=1) - 1).sum())
    return float((rest**2).sum() / df) if df else 0.0


def _mean_gap(
    gap: Array, there: NDArray[np.bool_], codes: NDArray[np.int64], *, level: float
) -> tuple[Estimate, float]:
    gaps, n_units = _pair_means(gap, there), np.unique(codes).size
    if n_units < MIN_PAIRS:
        return cannot_tell(Reason.TOO_FEW_PAIRS, n_pairs=gaps.size), float("nan")
    estimate = around(
        float(gaps.mean()),
        se=_se_of_mean(gaps, np.ones(gaps.size), codes),
        df=n_units - 1,
        n_pairs=gaps.size,
        level=level,
    )
    sampling = _spread_of_sessions(gap, there) * float((1 / there.sum(axis=1)).mean())
    return estimate, float(np.sqrt(max(0.0, gaps.var(ddof=1) - sampling)))


def _se_of_mean(x: Array, weight: Array, codes: NDArray[np.int64]) -> float:
    """Return the standard error of a weighted mean, leaving out one cluster at a time.

    Of pairs that stand alone and weigh alike this is s / sqrt(n).
    """
    sums = added_up(np.stack([weight * x, weight], axis=1), codes)
    rest = sums.sum(axis=0) - sums
    return float(np.sqrt(jackknife(rest[:, :1] / rest[:, 1:])[0, 0]))


# Within pairs ------------------------------------------------------------------------


def _slopes(
    j: Array,
    others: Sequence[Array],
    which: int,
    there: NDArray[np.bool_],
    codes: NDArray[np.int64],
    *,
    line: bool,
) -> _Slopes:
    """Slope of each pair on one predictor, at the same values of the rest.

    By Frisch and Waugh: everything else is taken out of the predictor first.
    """
    rest = [x for i, x in enumerate(others) if i != which]
    if line:
        time = np.broadcast_to(np.arange(j.shape[1], dtype=float), j.shape)
        rest = [np.where(there, time, 0.0), *rest]
    x = _without(others[which], rest, there)
    y = _without(j, [*rest, others[which]], there)
    s = (x * x).sum(axis=1)
    n = there.sum(axis=1)
    df = n - len(rest) - 2
    enough = df >= 1
    varies = s > SMALLEST_SPREAD**2 * n * _size(others[which])
    use = enough & varies
    df_all = int(df[use].sum())
    return _Slopes(
        slope=(x * j).sum(axis=1)[use] / s[use],
        weight=s[use],
        codes=codes[use],
        variance=float((y[use] ** 2).sum() / df_all) if df_all else float("nan"),
        n_without_spread=int((enough & ~varies).sum()),
    )


def _without(x: Array, rest: Sequence[Array], there: NDArray[np.bool_]) -> Array:
    """Residuals of each pair's row on an intercept and the rest, 0 where blank."""
    basis: list[Array] = []
    left = x
    for column in [*rest, x]:
        left = np.where(there, column - _pair_means(column, there)[:, None], 0.0)
        size = _size(column) * there.sum(axis=1)
        for b in basis:
            left = left - b * (b * left).sum(axis=1)[:, None]
        length = np.sqrt((left * left).sum(axis=1))
        flat = length <= SMALLEST_SPREAD * np.sqrt(size)
        basis.append(
            np.where(flat[:, None], 0.0, left) / np.where(flat, 1.0, length)[:, None]
        )
    return left


def _size(x: Array) -> float:
    return float((x * x).max(initial=0.0))


def _pooled(slopes: _Slopes, *, level: float) -> tuple[Estimate, float]:
    """Mean slope and its spread between pairs."""
    b, s = slopes.slope, slopes.weight
    k, n_units = b.size, np.unique(slopes.codes).size
    if n_units < MIN_PAIRS:
        flat = k < MIN_PAIRS <= k + slopes.n_without_spread
        reason = Reason.NO_SPREAD if flat else Reason.TOO_FEW_PAIRS
        return cannot_tell(reason, n_pairs=k), float("nan")
    rough = (s * b).sum() / s.sum()
    q = (s * (b - rough) ** 2).sum() - (k - 1) * slopes.variance
    tau2 = max(0.0, float(q / (s.sum() - (s * s).sum() / s.sum())))
    sampling = tau2 * s + slopes.variance
    w = s / np.where(sampling > 0, sampling, s)
    w = w / w.sum()
    mean = float((w * b).sum())
    if n_units < k:
        se = _se_of_mean(b, w, slopes.codes)
    else:
        se = float(np.sqrt((w * (b - mean) ** 2).sum() / (k - 1)))
    estimate = around(mean, se=se, df=n_units - 1, n_pairs=k, level=level)
    return estimate, float(np.sqrt(tau2))


# Between pairs -----------------------------------------------------------------------


def _between(
    j: Array,
    others: Sequence[Array],
    there: NDArray[np.bool_],
    codes: NDArray[np.int64],
    *,
    level: float,
) -> list[Estimate]:
    """Slopes between pairs' means."""
    n, k = j.shape[0], len(others)
    n_units = np.unique(codes).size
    if n_units < max(MIN_PAIRS, k + 3):
        return [cannot_tell(Reason.TOO_FEW_PAIRS, n_pairs=n)] * k
    y = _pair_means(j, there)
    x = np.stack([_pair_means(o, there) for o in others], axis=1)
    size = np.array([np.sqrt(n * _size(o)) or 1.0 for o in others])
    fit = _hc3(x, y, size) if n_units == n else _by_clusters(x, y, size, codes)
    if fit is None:
        return [cannot_tell(Reason.NO_SPREAD, n_pairs=n)] * k
    slope, covariance = fit
    return [
        around(
            float(slope[i]),
            se=float(np.sqrt(covariance[i, i])),
            df=n_units - k - 1,
            n_pairs=n,
            level=level,
        )
        for i in range(k)
    ]


def _hc3(x: Array, y: Array, size: Array) -> tuple[Array, Array] | None:
    """Least squares with the covariance for unequal spread (MacKinnon and White)."""
    x, y = x - x.mean(axis=0), y - y.mean()
    if np.linalg.svd(x / size, compute_uv=False)[-1] <= SMALLEST_SPREAD:
        return None
    inverse = np.linalg.inv(x.T @ x)
    slope = inverse @ x.T @ y
    leverage = 1 / y.size + np.einsum("ij,jk,ik->i", x, inverse, x)
    if leverage.max() > 1 - SMALLEST_SPREAD:
        return None
    e = (y - x @ slope) / (1 - leverage)
    return slope, inverse @ (x.T * e**2) @ x @ inverse


def _by_clusters(
    x: Array, y: Array, size: Array, codes: NDArray[np.int64]
) -> tuple[Array, Array] | None:
    """Least squares with the jackknife over clusters."""
    slopes = []
    for left_out in [None, *np.unique(codes)]:
        kept = codes != left_out if left_out is not None else np.ones(y.size, bool)
        a, b = x[kept] - x[kept].mean(axis=0), y[kept] - y[kept].mean()
        if np.linalg.svd(a / size, compute_uv=False)[-1] <= SMALLEST_SPREAD:
            return None
        slopes.append(np.linalg.lstsq(a, b, rcond=None)[0])
    return slopes[0], jackknife(np.array(slopes[1:]))
