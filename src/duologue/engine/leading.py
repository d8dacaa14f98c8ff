"""Whether one series leads another within people, over a caseload, and the reverse."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from duologue.engine.chance import (
    ROUNDING,
    as_high,
    check_permutations,
    comparable,
    lengths_of,
)
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

MIN_COURSES = 30
"""Fewest courses, but for research (coverage was measured from this number on)."""

MIN_SESSIONS = 3
"""Fewest sessions of a course with both answers, for it to count among those."""

LEAST_STRENGTH = 3.0
"""Standard errors by which what is learned from must differ from nothing at all."""

SMALLEST_SPREAD = 1e-8
"""Below this share of the answers' own size a spread is rounding and no spread."""

CHUNK = 512
"""Courses of shuffled caseloads that are held in memory at once."""

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leading:
    """Whether the one series leads the other, in one direction.

    Attributes
    ----------
    effect : Estimate
        Points by which what is led lies higher at its next score, where what leads was
        one point higher than that person's own usual, beyond what was led before.
    in_spreads : float
        The same in standard deviations within people, of both series.
    carried_over : Estimate
        Points of what was led before that are still there at the next score.
    p_partners, p_order : float
        How often a caseload whose leading series were exchanged between courses, or
        turned against the other within them, shows as much either way; (b + 1) /
        (n + 1).
    n_courses, n_session_pairs : int
        Courses that tell something, and their pairs of sessions: one with both
        answers, and the next score of what is led.
    mean_gap : float
        Sessions from the one to the other, on average.
    reason : Reason
        ``TOLD``, or why there is no answer; then every number but the counts is ``nan``.
    """

    effect: Estimate
    in_spreads: float
    carried_over: Estimate
    p_partners: float
    p_order: float
    n_courses: int
    n_session_pairs: int
    mean_gap: float
    reason: Reason

    @property
    def p(self) -> float:
        """The larger of the two: it must be beyond both."""
        return max(self.p_partners, self.p_order)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadingBothWays:
    """What leads what over a caseload; of a single course nothing is said.

    Attributes
    ----------
    process_leads, outcome_leads : Leading
        Within people, in either direction. To be read side by side.
    between : Estimate
        Between people: by how many points a course's mean outcome is higher where its
        mean process is one point higher. Another question, never to be mixed with
        those within.
    n_courses : int
        Courses with ``MIN_SESSIONS`` sessions or more that have both answers.
    research : bool
        Whether these are fewer than ``MIN_COURSES``.
    """

    process_leads: Leading
    outcome_leads: Leading
    between: Estimate
    n_courses: int
    research: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """How it is asked: see `leading`."""

    follow_line: bool
    answers_err: bool
    longest_gap: int | None
    n_permutations: int
    seed: int
    level: float
    least: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moments:
    """Sums over one course's pairs of sessions, for many courses (see `leading`).

    ``M`` is Z'W, ``b`` is Z'y, ``tells`` whether the course has any, and ``W`` holds
    the deviations themselves.
    """

    M: Array
    b: Array
    tells: Mask
    W: Array


def leading(
    process: ArrayLike,
    outcome: ArrayLike,
    *,
    clusters: ArrayLike | None = None,
    common_trend: bool = True,
    follow_line: bool = False,
    answers_err: bool = True,
    longest_gap: int | None = None,
    research: bool = False,
    n_permutations: int = 999,
    seed: int = 0,
    level: float = 0.95,
) -> LeadingBothWays:
    r"""Ask whether a process leads an outcome within people, and the outcome it.

    For course i and a session s with both answers, with y the next score of the led,

    .. math:: y_{is} = a_i + \beta x_{is} + \rho y_{i,s-1} + e_{is}

    Each person's own level :math:`a_i` must go, but taking out the mean of the whole
    course biases :math:`\rho` by about :math:`-(1 + \rho) / T`, and :math:`\beta` too
    where the one also follows the other (Nickell 1981). So each session is held
    against the mean of those **after** it alone, which leaves its error free of all
    that went before (forward orthogonal deviations), and the instrument is the answer
    held against those **before** it,

    .. math:: z_{is} = (w_{is} - m) - \frac{1}{k + 1} \sum_{r < s} (w_{ir} - m),
        \qquad (\hat\beta, \hat\rho)' = \Big(\sum Z_i' W_i\Big)^{-1} \sum Z_i' y_i

    with k sessions before, w either series and m its mean over everybody. That of
    Hayakawa divides by k; 1 more draws people with few sessions towards everybody, and
    keeps the first session. Where answers may err, it is z of the session before
    (``answers_err``). Nothing but sums over courses is needed, so that the
    interval leaves out one course (or cluster) at a time, with t of courses - 1 degrees
    of freedom: it holds whatever one course's sessions have to do with each other.

    Parameters
    ----------
    process, outcome : array_like, shape (n_courses, n_sessions)
        Points of any two scales, ``nan`` where blank or not asked; the outcome may be
        scored more seldom. Where both lead, one session's answers count as of one time.
    clusters : array_like, shape (n_courses,), optional
        What courses have in common, such as a therapist. Then clusters, not courses,
        are left out in turn for the intervals.
    common_trend : bool
        Whether what all courses have in common from session to session is taken out
        first: a mean for each session beside one for each course, by least squares.
        Sessions that fewer than five answered go with the one before.
    follow_line : bool
        Whether each course's own straight line is taken out too. It guards further
        against people who gain trust faster and also get better faster; intervals are
        about twice as wide, and courses must be longer.
    answers_err : bool
        Whether the instrument is that of the session before (default), with which the
        error of an answer has nothing to do. Without it answers must not err: else
        what merely goes together in one session is found in the next one too, in up
        to half of all caseloads (docs/validation-leading.md). With it intervals are
        two to three times as wide.
    longest_gap : int, optional
        Most sessions to the next score; any where left out.
    research : bool
        Ask of fewer than 30 courses all the same; the result says so.
    n_permutations, seed : int
        Permutations of each kind, 99 or more, and their seed. The same seed gives the
        same bytes.
    level : float in (0.5, 1)
        Level of the intervals.

    Returns
    -------
    LeadingBothWays
        Swapping the two series swaps the two directions, to the bit. A direction with
        too few courses, without spread, or with courses too short to learn from is
        blank and says why.

    Raises
    ------
    ParameterError
        If shapes differ or are not two axes, a value is infinite, an option is out of
        range, or there are fewer than 30 courses with three sessions or more that have
        both answers (unless for research).

    Notes
    -----
    Order in time is not cause, and nothing here is about one pair. What is new must be
    new: what comes by chance at the next score may not show in what was answered before.

    References
    ----------
    Nickell, S. (1981). Econometrica, 49(6), 1417-1426.
    https://doi.org/10.2307/1911408
    Arellano, M., & Bover, O. (1995). Journal of Econometrics, 68(1), 29-51.
    https://doi.org/10.1016/0304-4076(94)01642-D
    Hayakawa, K. (2009). A simple efficient instrumental variable estimator for panel
    AR(p) models when both N and T are large. Econometric Theory, 25(3), 873-890.
    """
    check_level(level)
    _check(n_permutations, longest_gap)
    x, y = _series("process", process), _series("outcome", outcome)
    if x.shape != y.shape:
        raise ParameterError(
            f"process and outcome must have the same shape, got {x.shape} and {y.shape}."
        )
    codes = codes_of(clusters, n_pairs=len(x))
    n_courses = int(((~np.isnan(x + y)).sum(axis=1) >= MIN_SESSIONS).sum())
    if n_courses < MIN_COURSES and not research:
        raise ParameterError(
            f"process and outcome must hold {MIN_COURSES} courses with {MIN_SESSIONS} "
            f"sessions or more that have both, unless research=True, got {n_courses}."
        )
    asked = _Asked(
        follow_line=follow_line,
        answers_err=answers_err,
        longest_gap=longest_gap,
        n_permutations=n_permutations,
        seed=seed,
        level=level,
        least=MIN_PAIRS if research else MIN_COURSES,
    )
    levels = [_without_sessions(v, line=False) if common_trend else v for v in (x, y)]
    x, y = levels
    if common_trend and follow_line:
        # The line that all have in common is gone by now: beside own lines it cannot
        # be told, and would be left in what a session is held against.
        x, y = (_without_sessions(v, line=True) for v in levels)
    return LeadingBothWays(
        process_leads=_one_way(x, y, codes, asked),
        outcome_leads=_one_way(y, x, codes, asked),
        between=_between(levels[0], levels[1], codes, level=level),
        n_courses=n_courses,
        research=n_courses < MIN_COURSES,
    )


def _check(n_permutations: int, longest_gap: int | None) -> None:
    check_permutations(n_permutations)
    if longest_gap is not None and longest_gap < 1:
        raise ParameterError(f"longest_gap must be 1 or more, got {longest_gap}.")


def _series(name: str, values: ArrayLike) -> Array:
    v = np.asarray(values, dtype=float)
    if v.ndim != 2:
        raise ParameterError(
            f"{name} must have the shape (n_courses, n_sessions), got {v.shape}."
        )
    check_finite(name, v)
    return v + 0.0  # -0 is 0


# What all courses have in common -----------------------------------------------------


def _without_sessions(values: Array, *, line: bool) -> Array:
    """Take out a mean for each session, fitted beside each course's own mean or line."""
    there = ~np.isnan(values)
    v = np.where(there, values - _mean(values, there), 0.0)
    M, right = np.diag(there.sum(axis=0).astype(float)), v.sum(axis=0)
    for basis in _own_course(there, line=line):
        M = M - basis.T @ basis
        right = right - basis.T @ (basis * v).sum(axis=1)
    D = _sessions(there)
    effects = D @ np.linalg.lstsq(D.T @ M @ D, D.T @ right, rcond=ROUNDING)[0]
    out: Array = values - _without_line(effects, there) if line else values - effects
    return out


def _without_line(effects: Array, there: Mask) -> Array:
    """Take out the line over sessions, each with the weight of those who answered."""
    weights = np.sqrt(there.sum(axis=0))
    basis = np.stack([np.ones(effects.size), np.arange(effects.size)], axis=1)
    line = np.linalg.lstsq(basis * weights[:, None], effects * weights)[0]
    out: Array = effects - basis @ line
    return out


def _mean(values: Array, there: Mask) -> float:
    return float(values[there].mean()) if there.any() else 0.0


def _own_course(there: Mask, *, line: bool) -> Iterator[Array]:
    """Mean and slope of each course as rows of length 1, or 0 where it has none."""
    n = np.maximum(there.sum(axis=1), 1)[:, None]
    yield there / np.sqrt(n)
    if line:
        when = np.where(there, np.arange(there.shape[1]), 0.0)
        when = np.where(there, when - when.sum(axis=1)[:, None] / n, 0.0)
        length = np.sqrt((when * when).sum(axis=1))[:, None]
        yield when / np.where(length > 0, length, 1.0)


def _sessions(there: Mask) -> Array:
    """Columns of 1 and 0 for each session; those that few answered join the one before."""
    at = np.arange(there.shape[1])
    many = there.sum(axis=0) >= MIN_PAIRS
    joined = np.maximum.accumulate(np.where(many, at, 0))
    out: Array = (joined[:, None] == at).astype(np.float64)
    return out


# One direction -----------------------------------------------------------------------


def _one_way(lead: Array, led: Array, codes: Codes, asked: _Asked) -> Leading:
    sizes = np.array([np.nanmax(abs(v), initial=0.0) for v in (lead, led)])
    lead, led = (v - _mean(v, ~np.isnan(v)) for v in (lead, led))
    after, gap = _next(led, asked.longest_gap)
    moments = _moments(lead, led, after, asked)
    there = ~np.isnan(lead + led + after) & moments.tells[:, None]
    n_units = np.unique(codes[moments.tells]).size
    n_courses, n_session_pairs = int(moments.tells.sum()), int(there.sum())
    groups = _exchangeable(lead, led)
    reason = _reason(moments, codes, groups, sizes, least=asked.least)
    nan = float("nan")
    if reason is not Reason.TOLD:
        return Leading(
            effect=cannot_tell(reason, n_pairs=n_courses),
            in_spreads=nan,
            carried_over=cannot_tell(reason, n_pairs=n_courses),
            p_partners=nan,
            p_order=nan,
            n_courses=n_courses,
            n_session_pairs=n_session_pairs,
            mean_gap=nan,
            reason=reason,
        )
    slopes, covariance = _fit(moments, codes)
    effect, carried_over = (
        around(
            float(slopes[i]),
            se=float(np.sqrt(covariance[i, i])),
            df=n_units - 1,
            n_pairs=n_courses,
            level=asked.level,
        )
        for i in range(2)
    )
    partners, order = _by_chance(lead, led, codes, groups, asked)
    spreads = np.sqrt((moments.W**2).sum(axis=(0, 1)))
    score = abs(float(_scores(moments, codes)[0]))
    return Leading(
        effect=effect,
        in_spreads=effect.value * float(spreads[0] / spreads[1]),
        carried_over=carried_over,
        p_partners=as_high(abs(partners), score),
        p_order=as_high(abs(order), score),
        n_courses=n_courses,
        n_session_pairs=n_session_pairs,
        mean_gap=float(gap[there].mean()),
        reason=reason,
    )


def _next(led: Array, longest_gap: int | None) -> tuple[Array, Array]:
    """Next score after each session, and how many sessions later; ``nan`` if none."""
    after, gap = np.full(led.shape, np.nan), np.full(led.shape, np.nan)
    for t in range(led.shape[1] - 2, -1, -1):
        scored = ~np.isnan(led[:, t + 1])
        after[:, t] = np.where(scored, led[:, t + 1], after[:, t + 1])
        gap[:, t] = np.where(scored, 1.0, gap[:, t + 1] + 1.0)
    if longest_gap is not None:
        with np.errstate(invalid="ignore"):
            after = np.where(gap <= longest_gap, after, np.nan)
    return after, gap


def _moments(lead: Array, led: Array, after: Array, asked: _Asked) -> _Moments:
    line = asked.follow_line
    there = ~np.isnan(lead + led + after)
    forward = _forward(np.stack([lead, led, after]), there, line=line)
    W = np.moveaxis(forward[:2], 0, -1)
    held = _backward(np.stack([lead, led]), there)
    Z = (_one_before(held, there) if asked.answers_err else held).swapaxes(0, 1)
    return _Moments(
        M=Z @ W,
        b=(Z @ forward[2][..., None])[..., 0],
        tells=there.sum(axis=1) > 1 + line + asked.answers_err,
        W=W,
    )


def _later(values: Array) -> Array:
    """Sum of all that comes after, for each session (last axis)."""
    out: Array = np.cumsum(values[..., ::-1], axis=-1)[..., ::-1] - values
    return out


def _forward(values: Array, there: Mask, *, line: bool) -> Array:
    """Deviation of each session from what those after it would foretell of it.

    From their mean, or from their line; divided so that independent errors keep their
    variance. 0 where too few come after. Several series at once, with blanks in common.
    """
    o = there.astype(float)
    v = np.where(there, values, 0.0)
    middle = v.sum(axis=-1) / np.maximum(o.sum(axis=1), 1.0)
    v = np.where(there, v - middle[..., None], 0.0)
    n_after = np.round(_later(o))
    n = np.maximum(n_after, 1.0)
    foretold, leverage, enough = _later(v) / n, 1 / n, there & (n_after > line)
    if line:
        when = np.arange(there.shape[1]) * o
        then = _later(when) / n
        s_tt = np.where(enough, _later(when * when) - n * then**2, 1.0)
        back = np.where(enough, when - then, 0.0) / s_tt
        foretold = foretold + (_later(when * v) - n * then * foretold) * back
        leverage = leverage + back**2 * s_tt
    return np.where(enough, (v - foretold) / np.sqrt(1 + leverage), 0.0)


def _backward(values: Array, there: Mask) -> Array:
    """Deviation of each session from the mean of those before it, drawn towards 0."""
    v = np.where(there, values, 0.0)
    o = there.astype(float)
    n_before, before = np.cumsum(o, axis=1) - o, np.cumsum(v, axis=-1) - v
    return np.where(there, v - before / (n_before + 1.0), 0.0)


def _one_before(values: Array, there: Mask) -> Array:
    """Value of the session before among those that are there; 0 for the first."""
    at = np.where(there, np.arange(1, there.shape[1] + 1), 0)
    newest = np.maximum.accumulate(at, axis=1)
    padded = np.pad(values, ((0, 0), (0, 0), (1, 0)))
    before = np.pad(newest, ((0, 0), (1, 0)))[:, :-1]
    found = np.take_along_axis(padded, before[None], axis=-1)
    return np.where(there, found, 0.0)


def _exchangeable(lead: Array, led: Array) -> list[Codes]:
    """Courses of comparable length that have both series, group by group."""
    lengths = lengths_of(lead, led)
    both = ~np.isnan(lead).all(axis=1) & ~np.isnan(led).all(axis=1)
    kept = np.flatnonzero(both)
    return [kept[group] for group in comparable(lengths[kept])]


def _reason(
    moments: _Moments, codes: Codes, groups: list[Codes], sizes: Array, *, least: int
) -> Reason:
    n_shuffled = sum(group.size for group in groups if group.size > 1)
    n_units = np.unique(codes[moments.tells]).size
    if moments.tells.sum() < least or min(n_units, n_shuffled) < MIN_PAIRS:
        return Reason.TOO_FEW_PAIRS
    W = moments.W[moments.tells].reshape(-1, 2)
    spreads = np.sqrt((W * W).mean(axis=0))
    if (spreads <= SMALLEST_SPREAD * sizes).any():
        return Reason.NO_SPREAD
    if np.linalg.svd(W / spreads, compute_uv=False)[-1] <= SMALLEST_SPREAD:
        return Reason.NO_SPREAD
    return (
        Reason.TOLD if _strength(moments, codes) > LEAST_STRENGTH else Reason.TOO_SHORT
    )


def _left_out(moments: _Moments, codes: Codes) -> tuple[Array, Array]:
    """Return the sums over all courses but those of each cluster."""
    M = added_up(moments.M[moments.tells], codes[moments.tells])
    b = added_up(moments.b[moments.tells], codes[moments.tells])
    return M.sum(axis=0) - M, b.sum(axis=0) - b


def _strength(moments: _Moments, codes: Codes) -> float:
    """Return the determinant of what is learned from, in its own standard errors."""
    left = _det(_left_out(moments, codes)[0])
    se = float(np.sqrt(jackknife(left[:, None])[0, 0]))
    M = moments.M.sum(axis=0)
    whole = abs(float(_det(M)))
    if whole <= ROUNDING * (abs(M[0, 0] * M[1, 1]) + abs(M[0, 1] * M[1, 0])):
        return 0.0
    return whole / se if se > 0 else float("inf")


def _det(M: Array) -> Array:
    out: Array = M[..., 0, 0] * M[..., 1, 1] - M[..., 0, 1] * M[..., 1, 0]
    return out


def _fit(moments: _Moments, codes: Codes) -> tuple[Array, Array]:
    """Return the two slopes, and their covariance from leaving out one unit at a time."""
    slopes: Array = np.linalg.solve(moments.M.sum(axis=0), moments.b.sum(axis=0))
    M, b = _left_out(moments, codes)
    left = np.linalg.solve(M, b[..., None])[..., 0]
    return slopes, jackknife(left.astype(np.float64))


# What chance alone would do ----------------------------------------------------------


def _scores(moments: _Moments, codes: Codes) -> Array:
    """Return the effect over its standard error, without leaving anything out.

    Of several caseloads one after the other. Of one without spread it is infinite:
    among shuffled ones that counts against a finding.
    """
    M, b = moments.M.reshape(-1, codes.size, 2, 2), moments.b.reshape(-1, codes.size, 2)
    whole, right = M.sum(axis=1), b.sum(axis=1)
    det = _det(whole)
    safe = np.where(det == 0, 1.0, det)[:, None]
    up = np.stack([whole[:, 1, 1], -whole[:, 0, 1]], axis=1) / safe
    down = np.stack([-whole[:, 1, 0], whole[:, 0, 0]], axis=1) / safe
    slopes = np.stack([(up * right).sum(axis=1), (down * right).sum(axis=1)], axis=1)
    errors = b - (M @ slopes[:, None, :, None])[..., 0]
    parts = added_up((errors @ up[..., None])[..., 0].T, codes)
    se = np.sqrt((parts * parts).sum(axis=0))
    sound = (det != 0) & (se > 0)
    return np.where(sound, slopes[:, 0] / np.where(sound, se, 1.0), np.inf)


def _by_chance(
    lead: Array, led: Array, codes: Codes, groups: list[Codes], asked: _Asked
) -> tuple[Array, Array]:
    """Scores with leading series exchanged between courses, and turned within them."""
    lengths = lengths_of(lead, led)
    streams = np.random.SeedSequence(asked.seed).spawn(2)
    exchanged = _exchanged(lead, groups, np.random.default_rng(streams[0]))
    turned = _turned(lead, lengths, np.random.default_rng(streams[1]))
    return _all_scores(exchanged, led, codes, asked), _all_scores(
        turned, led, codes, asked
    )


def _all_scores(
    drawn: Iterator[Array], led: Array, codes: Codes, asked: _Asked
) -> Array:
    """Scores of as many drawn leading series as asked for, some at once."""
    after, _ = _next(led, asked.longest_gap)
    n, at_once = asked.n_permutations, max(1, CHUNK // len(led))
    out = []
    for start in range(0, n, at_once):
        leads = [next(drawn) for _ in range(min(at_once, n - start))]
        times = (len(leads), 1)
        moments = _moments(
            np.concatenate(leads),
            np.tile(led, times),
            np.tile(after, times),
            asked,
        )
        out.append(_scores(moments, codes))
    return np.concatenate(out)


def _exchanged(
    lead: Array, groups: list[Codes], rng: np.random.Generator
) -> Iterator[Array]:
    """Whole leading series of courses of comparable length, exchanged, for ever."""
    while True:
        order = np.arange(len(lead))
        for group in groups:
            order[group] = rng.permutation(group)
        yield lead[order]


def _turned(lead: Array, lengths: Codes, rng: np.random.Generator) -> Iterator[Array]:
    """Each leading series turned in a circle by a random number of sessions, for ever."""
    n = np.maximum(lengths, 1)[:, None]
    sessions = np.arange(lead.shape[1])
    while True:
        by = np.floor(rng.random(n.shape) * n).astype(np.int64)
        where = np.where(sessions < n, (sessions + by) % n, sessions)
        yield np.take_along_axis(lead, where, axis=1)


# Between people ----------------------------------------------------------------------


def _between(x: Array, y: Array, codes: Codes, *, level: float) -> Estimate:
    """Slope of courses' mean outcome on their mean process, over sessions with both."""
    there = ~np.isnan(x + y)
    kept = there.any(axis=1)
    there, codes = there[kept], np.unique(codes[kept], return_inverse=True)[1]
    n, n_units = len(there), np.unique(codes).size
    if n_units < MIN_PAIRS:
        return cannot_tell(Reason.TOO_FEW_PAIRS, n_pairs=n)
    means = [
        (np.where(there, v[kept], 0.0).sum(axis=1) / there.sum(axis=1)) for v in (x, y)
    ]
    a, b = (m - m.mean() for m in means)
    sums = added_up(np.stack([np.ones(n), a, b, a * a, a * b], axis=1), codes)
    rest = sums.sum(axis=0) - sums
    s_aa = rest[:, 3] - rest[:, 1] ** 2 / rest[:, 0]
    size = max(float((means[0] ** 2).max()), float((a * a).max()))
    if s_aa.min() <= SMALLEST_SPREAD**2 * n * size:
        return cannot_tell(Reason.NO_SPREAD, n_pairs=n)
    left = (rest[:, 4] - rest[:, 1] * rest[:, 2] / rest[:, 0]) / s_aa
    return around(
        float((a @ b) / (a @ a)),
        se=float(np.sqrt(jackknife(left[:, None])[0, 0])),
        df=n_units - 2,
        n_pairs=n,
        level=level,
    )
