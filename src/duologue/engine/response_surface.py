"""What goes with two views and their meeting: response surfaces over a caseload."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypedDict

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

N_TERMS = 6
MIN_DRAWS = 100

TO_OWN_AXIS = 45.0
"""Degrees from the line of agreement to one person's own axis."""

SMALLEST_CURVATURE = 1e-9
"""Below this share of the surface's own size a curvature is rounding."""

LARGEST_CONDITION = 1e13
"""Above this the six terms cannot be told from each other."""

SHARE_SINGULAR = 0.05
"""A bootstrap with more draws than this that cannot be fitted is not used."""

Array = NDArray[np.float64]


class Claim(StrEnum):
    """What the checklist of Humberg, Nestler and Back allows to be said."""

    STRICT = "strict"
    """The outcome is highest where the two agree, whatever the level."""

    BROAD = "broad"
    """The same, beside an effect of the level that the two have in common."""

    NONE = "none"
    """Nothing may be claimed. That is not evidence of no effect."""

    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    r"""A surface of second order, in points round ``centre``.

    .. math:: z = b_0 + b_1 x + b_2 y + b_3 x^2 + b_4 xy + b_5 y^2

    with x the client's and y the therapist's answer minus ``centre``.

    Attributes
    ----------
    coefficients : ndarray, shape (6,)
        b0 to b5; b0 is ``nan`` where pairs' means were taken out; all ``nan`` where
        nothing can be told.
    covariance : ndarray, shape (6, 6)
        Of the coefficients, from leaving out one pair at a time.
    a1, a2 : Estimate
        Slope (b1 + b2) and curvature (b3 + b4 + b5) along the line of agreement.
    a3, a4 : Estimate
        Slope (b1 - b2) and curvature (b3 - b4 + b5) along the line of disagreement,
        in the direction of a higher client.
    a5 : Estimate
        b3 - b5: 0 where one principal axis is parallel to the line of agreement.
    turn : Estimate
        Degrees by which the first principal axis (of the largest curvature upwards)
        is turned from the line of agreement, towards the therapist's axis. The same as
        p11 = tan(45 + turn), and swapping the seats only turns its sign.
    shift : Estimate
        Where that axis crosses the line of disagreement: -p10 / (1 + p11), in points
        of x; above 0 the client is higher there.
    p10, p11, p20, p21 : float
        Intercept and slope of both principal axes; ``inf`` for an upright one.
    stationary_client, stationary_therapist : Estimate
        Where the surface is level, in points of the scale.
    claim : Claim
        See `response_surface`.
    n_client_higher, n_therapist_higher, n_near : int
        Sessions with a gap of more than half a standard deviation either way, and the
        rest. With few on one side the surface there is drawn from nothing.
    n_pairs, n_sessions, centre
        What it rests on.
    reason : Reason
        ``TOLD``, or why there is none.
    """

    coefficients: Array
    covariance: Array
    a1: Estimate
    a2: Estimate
    a3: Estimate
    a4: Estimate
    a5: Estimate
    turn: Estimate
    shift: Estimate
    p10: float
    p11: float
    p20: float
    p21: float
    stationary_client: Estimate
    stationary_therapist: Estimate
    claim: Claim
    n_client_higher: int
    n_therapist_higher: int
    n_near: int
    n_pairs: int
    n_sessions: int
    centre: float
    reason: Reason


class _Basis(TypedDict):
    """What a surface rests on; see `Surface`."""

    n_client_higher: int
    n_therapist_higher: int
    n_near: int
    n_pairs: int
    n_sessions: int
    centre: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fit:
    """Coefficients in points and their covariance."""

    b: Array
    covariance: Array
    n_pairs: int
    n_units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sums:
    """Cross-products of the rows of each pair or cluster, in standard deviations round the centre."""

    xx: Array
    xz: Array


def response_surface(
    client: ArrayLike,
    therapist: ArrayLike,
    outcome: ArrayLike,
    *,
    centre: float | None = None,
    within: bool = False,
    clusters: ArrayLike | None = None,
    level: float = 0.95,
    n_draws: int = 2000,
    seed: int = 0,
) -> Surface:
    r"""Fit a response surface, and say what may be claimed of agreement.

    Least squares; pairs are the unit of all intervals. Those of a1 to a5 come from
    leaving out one pair at a time (jackknife, t with pairs - 6 degrees of freedom);
    those of what is no linear function of the coefficients from drawing pairs with
    replacement (percentiles).

    **The claim.** Broad: the first principal axis may be the line of agreement (the
    intervals of ``turn`` and ``shift`` hold 0, that is p11 = 1 and p10 = 0), and along
    the line of disagreement the surface is an arch with its top there (a4 below 0, the
    interval of a3 holds 0). Strict: besides, nothing changes along the line of
    agreement (the intervals of a1 and a2 hold 0). One of these alone, such as a4,
    proves nothing. Stricter than the checklist, the interval of ``turn`` must also lie
    inside -45 to 45: a round dome has an axis in no direction, so that its interval
    holds 0 as it holds everything.

    Parameters
    ----------
    client, therapist, outcome : array_like, shape (n_pairs,) or (n_pairs, n_sessions)
        The first two in points of one scale; ``nan`` where blank. A session counts
        where all three are there.
    centre : float, optional
        Point of the scale that both are centred on, best its middle; without it the
        mean of the two means. Both are centred on the same point, or their agreement
        would no longer be agreement.
    within : bool
        Whether each pair's mean is taken out of all six terms and the outcome, so that
        the surface is that of sessions within a pair.
    clusters : array_like, shape (n_pairs,), optional
        What pairs have in common, such as a therapist. Then clusters, not pairs, are
        left out and drawn.
    level : float in (0.5, 1)
        Level of the intervals.
    n_draws, seed : int
        Bootstrap draws, 100 or more, and their seed. The same seed gives the same
        bytes.

    Returns
    -------
    Surface
        Blank, with the reason, from fewer than 8 pairs (or clusters) or where the six
        terms cannot be told apart.

    Raises
    ------
    ParameterError
        If shapes differ, a value is infinite, a label of ``clusters`` is missing, or
        an option is out of range.

    References
    ----------
    Edwards, J. R. (2002). Alternatives to difference scores: polynomial regression
    and response surface methodology. In Drasgow & Schmitt (Eds.), 350-400.
    Shanock, L. R., et al. (2010). Journal of Business and Psychology, 25, 543-554.
    https://doi.org/10.1007/s10869-010-9183-4
    Humberg, S., Nestler, S., & Back, M. D. (2019). Social Psychological and
    Personality Science, 10(3), 409-419. https://doi.org/10.1177/1948550618757600
    """
    check_level(level)
    _check_draws(n_draws, level=level)
    c, t, z = _rows(client, therapist, outcome)
    if centre is not None and not np.isfinite(centre):
        raise ParameterError(f"centre must be finite, got {centre}.")
    there = ~(np.isnan(c) | np.isnan(t) | np.isnan(z))
    middle = float(centre) if centre is not None else _middle(c, t, there)
    scale = _scale(c, t, there)
    sums = _sums((c - middle) / scale, (t - middle) / scale, z, there, within=within)
    sums = _of_clusters(sums, codes_of(clusters, n_pairs=c.shape[0])[there.any(axis=1)])
    basis = _basis((c - t)[there] / scale, there, middle)
    reason = _reason(sums, within=within)
    if reason is not Reason.TOLD:
        return _blank(reason, basis)
    fit = _in_points(
        *_jackknife(sums),
        scale=scale,
        n_pairs=basis["n_pairs"],
        n_units=sums.xx.shape[0],
    )
    draws = _bootstrap(sums, n_draws=n_draws, seed=seed)
    if draws is not None:
        draws *= _units(scale)[-draws.shape[1] :]
        draws = draws[:, -5:]
    return _surface(fit, draws, basis, scale=scale, level=level)


def _check_draws(n_draws: int, *, level: float) -> None:
    if n_draws < MIN_DRAWS or _rank(n_draws, level) < 1:
        raise ParameterError(
            f"n_draws must be {MIN_DRAWS} or more, and enough for level, got {n_draws}."
        )


def _rows(*given: ArrayLike) -> list[Array]:
    tables = [np.asarray(values, dtype=float) for values in given]
    for name, table in zip(("client", "therapist", "outcome"), tables, strict=True):
        if table.ndim not in {1, 2} or table.shape != tables[0].shape:
            raise ParameterError(
                f"{name} must have one axis of pairs, or pairs and sessions, and the "
                f"shape of client, got {table.shape} beside {tables[0].shape}."
            )
        check_finite(name, table)
    return [table[:, None] if table.ndim == 1 else table for table in tables]


def _middle(c: Array, t: Array, there: NDArray[np.bool_]) -> float:
    if not there.any():
        return float("nan")
    return float((c[there].mean() + t[there].mean()) / 2)


def _scale(c: Array, t: Array, there: NDArray[np.bool_]) -> float:
    """One standard deviation for both seats; 1 where there is none."""
    if not there.any():
        return 1.0
    sd = float(np.sqrt((c[there].var() + t[there].var()) / 2))
    return sd if sd > 0 else 1.0


def _basis(gap: Array, there: NDArray[np.bool_], middle: float) -> _Basis:
    higher, lower = int((gap > 0.5).sum()), int((gap < -0.5).sum())
    return _Basis(
        n_client_higher=higher,
        n_therapist_higher=lower,
        n_near=int(gap.size) - higher - lower,
        n_pairs=int(there.any(axis=1).sum()),
        n_sessions=int(there.sum()),
        centre=middle,
    )


# Fitting -----------------------------------------------------------------------------


def _sums(
    x: Array, y: Array, z: Array, there: NDArray[np.bool_], *, within: bool
) -> _Sums:
    terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y, z], axis=-1)
    kept = there.any(axis=1)
    there = there[kept]
    terms = np.where(there[..., None], terms[kept], 0.0)
    if within:
        means = terms.sum(axis=1) / there.sum(axis=1)[:, None]
        terms = np.where(there[..., None], terms - means[:, None], 0.0)[..., 1:]
    products = np.einsum("gti,gtj->gij", terms, terms)
    return _Sums(xx=products[:, :-1, :-1], xz=products[:, :-1, -1])


def _of_clusters(sums: _Sums, codes: NDArray[np.int64]) -> _Sums:
    return _Sums(xx=added_up(sums.xx, codes), xz=added_up(sums.xz, codes))


def _reason(sums: _Sums, *, within: bool) -> Reason:
    n_pairs = sums.xx.shape[0]
    if n_pairs < max(MIN_PAIRS, N_TERMS + 2):
        return Reason.TOO_FEW_PAIRS
    without_one = sums.xx.sum(axis=0) - sums.xx
    if within and not (sums.xx[:, 0, 0] > 0).any():
        return Reason.NO_SPREAD
    return Reason.TOLD if _can_be_fitted(without_one).all() else Reason.NO_SPREAD


def _can_be_fitted(xx: Array) -> NDArray[np.bool_]:
    """Whether the terms of each matrix can be told apart, whatever their units."""
    size = np.sqrt(np.diagonal(xx, axis1=1, axis2=2))
    flat = (size <= 0).any(axis=1)
    size = np.where(size > 0, size, 1.0)
    values = np.linalg.eigvalsh(xx / (size[:, :, None] * size[:, None, :]))
    fit: NDArray[np.bool_] = ~flat & (values[:, 0] * LARGEST_CONDITION > values[:, -1])
    return fit


def _jackknife(sums: _Sums) -> tuple[Array, Array]:
    xx, xz = sums.xx.sum(axis=0), sums.xz.sum(axis=0)
    b: Array = np.linalg.solve(xx, xz)
    left = np.linalg.solve(xx - sums.xx, (xz - sums.xz)[..., None])[..., 0]
    return b, jackknife(left)


def _bootstrap(sums: _Sums, *, n_draws: int, seed: int) -> Array | None:
    """Draw coefficients, pairs being drawn with replacement; ``None`` if too few fit."""
    g, k = sums.xz.shape
    drawn = np.random.default_rng(seed).multinomial(g, np.full(g, 1 / g), size=n_draws)
    xx = (drawn @ sums.xx.reshape(g, k * k)).reshape(n_draws, k, k)
    fit = _can_be_fitted(xx)
    if fit.mean() < 1 - SHARE_SINGULAR:
        return None
    xz = (drawn @ sums.xz)[fit]
    return np.linalg.solve(xx[fit], xz[..., None])[..., 0].astype(np.float64)


# What the coefficients mean ----------------------------------------------------------


def _units(scale: float) -> Array:
    units: Array = scale ** -np.array([0.0, 1, 1, 2, 2, 2])
    return units


def _in_points(
    b: Array, covariance: Array, *, scale: float, n_pairs: int, n_units: int
) -> _Fit:
    """From standard deviations to points; without an intercept it is blank."""
    units = _units(scale)[-b.size :]
    b, covariance = b * units, covariance * np.outer(units, units)
    without = N_TERMS - b.size
    pad = ((without, 0), (without, 0))
    return _Fit(
        b=np.concatenate([np.full(without, np.nan), b]),
        covariance=np.pad(covariance, pad, constant_values=np.nan),
        n_pairs=n_pairs,
        n_units=n_units,
    )


def _surface(
    fit: _Fit, draws: Array | None, basis: _Basis, *, scale: float, level: float
) -> Surface:
    lines = _lines(fit, level=level)
    shape = _shape(fit, draws, scale=scale, level=level)
    p10, p11, p20, p21 = _axes(fit.b[1:], scale)
    return Surface(
        coefficients=fit.b,
        covariance=fit.covariance,
        **lines,
        turn=shape["turn"],
        shift=shape["shift"],
        p10=p10,
        p11=p11,
        p20=p20,
        p21=p21,
        stationary_client=_moved(shape["client"], basis["centre"]),
        stationary_therapist=_moved(shape["therapist"], basis["centre"]),
        claim=_claim(lines, shape["turn"], shape["shift"]),
        **basis,
        reason=Reason.TOLD,
    )


def _lines(fit: _Fit, *, level: float) -> dict[str, Estimate]:
    """Slopes and curvatures along the lines of agreement and of disagreement."""
    sums = {
        "a1": (1, 1, 0, 0, 0),
        "a2": (0, 0, 1, 1, 1),
        "a3": (1, -1, 0, 0, 0),
        "a4": (0, 0, 1, -1, 1),
        "a5": (0, 0, 1, 0, -1),
    }
    out = {}
    for name, weights in sums.items():
        w = np.array(weights, dtype=float)
        out[name] = around(
            float(w @ fit.b[1:]),
            se=float(np.sqrt(max(0.0, w @ fit.covariance[1:, 1:] @ w))),
            df=fit.n_units - N_TERMS,
            n_pairs=fit.n_pairs,
            level=level,
        )
    return out


def _geometry(b: Array) -> dict[str, Array]:
    """Return first axis, shift and stationary point of surfaces, shape (..., 5).

    Along the second axis the surface turns at q = -(b . e2) / (2 lambda2); all points
    with this coordinate are the first axis. Unlike p10 and p11 this stays well defined
    on a ridge, where there is no single stationary point.
    """
    b1, b2, b3, b4, b5 = np.moveaxis(b, -1, 0)
    angle = np.arctan2(b4, b3 - b5) / 2
    cos, sin = np.cos(angle), np.sin(angle)
    half = np.hypot(b3 - b5, b4) / 2
    high, low = (b3 + b5) / 2 + half, (b3 + b5) / 2 - half
    with np.errstate(divide="ignore", invalid="ignore"):
        p = -(b1 * cos + b2 * sin) / (2 * high)
        q = -(-b1 * sin + b2 * cos) / (2 * low)
        out = {
            "turn": _wrapped(np.degrees(angle) - 45),
            "shift": -q / (sin + cos),
            "client": p * cos - q * sin,
            "therapist": p * sin + q * cos,
        }
    sizes = {"angle": angle, "q": q, "p": p, "high": high, "low": low, "half": half}
    return out | sizes


def _wrapped(degrees: Array) -> Array:
    """Put the direction of a line, which has no head, into -90 to 90."""
    out: Array = (degrees + 90) % 180 - 90
    return out


def _flat(g: dict[str, Array], b: Array, scale: float) -> tuple[bool, bool, bool]:
    """Whether there is no first axis, no place for it, no stationary point."""
    size = SMALLEST_CURVATURE * max(
        np.abs(b[2:]).max(), np.abs(b[:2]).max() / scale, np.finfo(float).tiny
    )
    no_axis = bool(2 * g["half"] <= size)
    no_low, no_high = bool(abs(g["low"]) <= size), bool(abs(g["high"]) <= size)
    return no_axis, no_axis or no_low, no_low or no_high


def _shape(
    fit: _Fit, draws: Array | None, *, scale: float, level: float
) -> dict[str, Estimate]:
    b, n_pairs = fit.b[1:], fit.n_pairs
    g = _geometry(b)
    no_axis, no_place, no_point = _flat(g, b, scale)
    none = {"turn": no_axis, "shift": no_place, "client": no_point}
    none["therapist"] = no_point
    drawn = None if draws is None else _geometry(draws)
    out = {}
    for name, missing in none.items():
        value = float(g[name])
        if missing or drawn is None or not np.isfinite(value):
            reason = Reason.NO_SPREAD if drawn is None else Reason.NO_AXIS
            out[name] = cannot_tell(reason, n_pairs=n_pairs)
            continue
        spread = drawn[name]
        if name == "turn":
            spread = value + _wrapped(spread - value)
        out[name] = _percentiles(value, spread, n_pairs=n_pairs, level=level)
    return out


def _rank(n_draws: int, level: float) -> int:
    return int((1 - level) / 2 * (n_draws + 1) + 1e-9)


def _percentiles(value: float, drawn: Array, *, n_pairs: int, level: float) -> Estimate:
    """Equally many draws are left out at both ends, so that seats swap exactly."""
    ordered = np.sort(drawn[~np.isnan(drawn)])
    k = max(1, _rank(ordered.size, level))
    return Estimate(
        value=value,
        lower=float(ordered[k - 1]),
        upper=float(ordered[-k]),
        n_pairs=n_pairs,
    )


def _moved(estimate: Estimate, middle: float) -> Estimate:
    return replace(
        estimate,
        value=estimate.value + middle,
        lower=estimate.lower + middle,
        upper=estimate.upper + middle,
    )


def _axes(b: Array, scale: float) -> tuple[float, float, float, float]:
    """Intercept and slope of the first and the second principal axis."""
    g = _geometry(b)
    no_axis, no_place, no_point = _flat(g, b, scale)
    if no_axis:
        return (float("nan"),) * 4
    first, p10 = _axis(float(np.sin(g["angle"])), float(np.cos(g["angle"])), g["q"])
    second, p20 = _axis(float(np.cos(g["angle"])), float(-np.sin(g["angle"])), -g["p"])
    flat_up = no_point and not no_place
    return (
        float("nan") if no_place else p10,
        first,
        float("nan") if flat_up or bool(np.isinf(p20)) else p20,
        second,
    )


def _axis(rise: float, run: float, offset: Array) -> tuple[float, float]:
    """Slope, and intercept of the line whose left side lies ``offset`` away."""
    if abs(run) <= SMALLEST_CURVATURE:
        return float("inf"), float("nan")
    return rise / run, float(offset) / run


def _claim(lines: dict[str, Estimate], turn: Estimate, shift: Estimate) -> Claim:
    if not (lines["a4"].upper < 0 and lines["a3"].holds(0)):
        return Claim.NONE
    if not (turn.told and shift.told):
        return Claim.CANNOT_TELL
    known = -TO_OWN_AXIS < turn.lower <= turn.upper < TO_OWN_AXIS
    if not (known and turn.holds(0) and shift.holds(0)):
        return Claim.NONE
    level = lines["a1"].holds(0) and lines["a2"].holds(0)
    return Claim.STRICT if level else Claim.BROAD


def _blank(reason: Reason, basis: _Basis) -> Surface:
    none = cannot_tell(reason, n_pairs=basis["n_pairs"])
    nan = float("nan")
    return Surface(
        coefficients=np.full(N_TERMS, nan),
        covariance=np.full((N_TERMS, N_TERMS), nan),
        a1=none,
        a2=none,
        a3=none,
        a4=none,
        a5=none,
        turn=none,
        shift=none,
        p10=nan,
        p11=nan,
        p20=nan,
        p21=nan,
        stationary_client=none,
        stationary_therapist=none,
        claim=Claim.CANNOT_TELL,
        **basis,
        reason=reason,
    )
