"""One sweep through all that is unknown of a population of pairs."""

import math
from dataclasses import dataclass, replace

import numpy as np

from duologue.engine.dyad import conditionals
from duologue.engine.dyad.imputing import (
    Walk,
    drawn_levels,
    drawn_set_points,
    heard,
    walk,
)
from duologue.engine.dyad.model import Bools, Floats, Ints, Nuisance, is_stable
from duologue.engine.dyad.packing import packed
from duologue.engine.dyad.truncation import LONGEST, log_share_stable, moved_along

LEAST_LOG_SHARE = math.log(1e-3)
"""Means with a smaller share of stable couplings are ruled out; further off the share
has few digits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """What is held of the population before any answer.

    Standard deviations of levels and errors have half-t priors of 2 degrees of freedom
    on the scale of the ratings.

    Attributes
    ----------
    spread : float
        Standard deviation of each coupling over pairs; never learned.
    variance : ndarray, shape (2,)
        Variance of each seat's first rating, the scale of the half-t priors.
    mean_b, sd_b : ndarray, shape (4,)
        Mean couplings are normal, each by itself, but none of which fewer than one in a
        thousand around them would be stable.
    bm_mean, bm_precision : ndarray, shape (2,)
        Mean set-points are normal; flat where the precision is 0.
    delta_precision : ndarray, shape (2,)
        Starts are normal around 0; flat where the precision is 0.
    nu_variance, lam_variance : float
        Intercepts and loadings of later ratings are normal around 0 and 1.
    """

    spread: float
    variance: Floats
    mean_b: Floats
    sd_b: Floats
    bm_mean: Floats
    bm_precision: Floats
    delta_precision: Floats
    nu_variance: float
    lam_variance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """Ratings of which only two points are known that they lie between.

    Attributes
    ----------
    at : ndarray of int, shape (4, n)
        Where they stand in ``Answers.ratings``.
    lower, upper : ndarray, shape (n,)
        The points, which may be infinite.
    """

    at: Ints
    lower: Floats
    upper: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """All ratings, pairs on the last axis.

    Attributes
    ----------
    ratings, present : ndarray, shape (n_ratings, 2, n_sessions, n_pairs)
        Ratings, 0 where blank, and 1 or 0 for whether there is one.
    steps : ndarray of bool, shape (n_sessions - 1, n_pairs)
        Whether a step ends no later than the pair's last answered session.
    between : Between or None
        Ratings that are drawn anew after each sweep; ``None`` where all are known.
    """

    ratings: Floats
    present: Floats
    steps: Bools
    between: Between | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scales:
    """Mixing numbers of the half-t priors: ``(2,)`` each, and ``R`` (2, n_ratings)."""

    Sm: Floats
    P1: Floats
    Q: Floats
    R: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Where a chain stands.

    Attributes
    ----------
    mean_b : ndarray, shape (4,)
        Mean couplings, bB.
    log_share : float
        Log of the share of couplings around them that is stable.
    b : ndarray, shape (4, n_pairs)
        Couplings of every pair, stable.
    nuisance : Nuisance
        Everything else that pairs have in common.
    scales : Scales
        Mixing numbers of their priors.
    """

    mean_b: Floats
    log_share: float
    b: Floats
    nuisance: Nuisance
    scales: Scales


@dataclass(frozen=True, slots=True, kw_only=True)
class Imputed:
    """What a sweep filled in: set-points (2, n_pairs), levels (n_sessions, 2, n_pairs)."""

    mu: Floats
    x: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """How mean couplings, set-points and starts are proposed, for all pairs to follow.

    Attributes
    ----------
    centre : ndarray, shape (8,)
        Where bB, bm and delta are proposed around when ``held`` is ``typical``.
    slope : ndarray, shape (8, n_held)
        How the centre moves with ``held``.
    typical : ndarray, shape (n_held,)
        Mean of that while the chain warmed up.
    root : ndarray, shape (8, 8)
        Lower triangle of the covariance.
    walking : bool
        Whether to propose around the old ones instead.
    pull : ndarray, shape (4,)
        How far below the pairs' mean their constants Z draw bB, for the move of bB
        alone.
    """

    centre: Floats
    slope: Floats
    typical: Floats
    root: Floats
    walking: bool
    pull: Floats


def sweep(
    state: State,
    answers: Answers,
    prior: Prior,
    proposal: Proposal,
    rng: np.random.Generator,
) -> tuple[State, Imputed, tuple[bool, bool]]:
    """Draw everything once, each block given the rest.

    Parameters
    ----------
    state : State
        Where the chain stands.
    answers : Answers
        All ratings.
    prior : Prior
        What is held before.
    proposal : Proposal
        How new mean couplings are proposed.
    rng : numpy.random.Generator
        Where chance comes from.

    Returns
    -------
    state : State
        The next one.
    imputed : Imputed
        Set-points and levels that it was drawn from.
    accepted : tuple of bool
        Whether mean couplings moved with all pairs, and by themselves.
    """
    state, imputed, moved = _move_together(state, answers, prior, proposal, rng)
    moments, cross = _sums(imputed, answers.steps)
    b = conditionals.couplings(
        state.b,
        moments=moments,
        cross=cross,
        Q=state.nuisance.Q,
        bB=state.mean_b,
        spread=prior.spread,
        rng=rng,
    )
    state, alone = _move_alone(replace(state, b=b), prior, proposal, rng)
    state = _levels_in_common(state, imputed, answers, prior, rng)
    return (
        _ratings_in_common(state, imputed, answers, prior, rng),
        imputed,
        (moved, alone),
    )


def _move_together(
    state: State,
    answers: Answers,
    prior: Prior,
    proposal: Proposal,
    rng: np.random.Generator,
) -> tuple[State, Imputed, bool]:
    """Move bB with all pairs' couplings, bm and delta; draw set-points and levels.

    Levels and set-points are integrated: they would hold the couplings where they are.
    """
    old = moving(state.mean_b, state.nuisance)
    centre = _centre(old, state.b, state.nuisance, proposal)
    new = centre + proposal.root @ rng.standard_normal(old.size)
    b, log_ratio = moved_along(state.b, old[:4], new[:4], prior.spread)
    log_share = log_share_stable(new[:4], prior.spread)
    possible = (
        bool(np.isfinite(b).all() and is_stable(b.T).all())
        and float(np.linalg.norm(new[:4] - old[:4])) <= LONGEST * prior.spread
        and log_share >= LEAST_LOG_SHARE
    )
    b = b if possible else state.b
    draws = (state.nuisance, _with_moved(state.nuisance, new))
    walked = _walked(answers, np.stack([state.b, b], axis=1), draws)
    gain = walked.log_likelihood[1].sum() - walked.log_likelihood[0].sum()
    log_ratio += gain + state.b.shape[1] * (state.log_share - log_share)
    log_ratio += _log_prior(new, prior) - _log_prior(old, prior)
    back = _centre(new, b, draws[1], proposal)
    log_ratio += _log_density(old, back, proposal.root)
    log_ratio -= _log_density(new, centre, proposal.root)
    row = int(possible and np.log(rng.random()) < log_ratio)
    if row:
        state = replace(
            state, mean_b=new[:4], b=b, log_share=log_share, nuisance=draws[1]
        )
    draw = draws[row]
    mu = drawn_set_points(walked, row, draw.bm, rng)
    x = drawn_levels(walked, row, b=state.b, mu=mu, nuisance=draw, rng=rng)
    return state, Imputed(mu=mu, x=x), bool(row)


def _walked(answers: Answers, b: Floats, draws: tuple[Nuisance, Nuisance]) -> Walk:
    """Walk the filter with two draws that differ in where pairs begin and tend to."""
    one, other = draws
    said = heard(answers.ratings, answers.present, nu=one.nu, lam=one.lam, R=one.R)
    both = replace(
        one,
        bm=np.stack([one.bm, other.bm])[:, None],
        delta=np.stack([one.delta, other.delta])[:, None],
    )
    return walk(said, b, both)


def moving(bB: Floats, nuisance: Nuisance) -> Floats:
    """Gather what moves together with all pairs: bB, bm and delta, shape (8,)."""
    return np.concatenate([bB, nuisance.bm, nuisance.delta])


def _with_moved(nuisance: Nuisance, new: Floats) -> Nuisance:
    return replace(nuisance, bm=new[4:6], delta=new[6:])


def held(bB: Floats, b: Floats, nuisance: Nuisance) -> Floats:
    """Gather what a proposal looks at: the pairs' mean from bB, and what does not move."""
    return np.concatenate([b.mean(axis=1) - bB, packed(nuisance)[4:]])


def _centre(at: Floats, b: Floats, draw: Nuisance, proposal: Proposal) -> Floats:
    """Where new values are proposed around."""
    if proposal.walking:
        return at
    away = held(at[:4], b, draw) - proposal.typical
    centre: Floats = proposal.centre + proposal.slope @ away
    return centre


def _log_density(new: Floats, centre: Floats, root: Floats) -> float:
    """Log density of proposing ``new``, up to a constant."""
    away = np.linalg.solve(root, new - centre)
    return -0.5 * float(away @ away)


def _log_prior(at: Floats, prior: Prior) -> float:
    """Log density of bB, bm and delta before any answer, up to a constant."""
    couplings = (at[:4] - prior.mean_b) / prior.sd_b
    means = prior.bm_precision * (at[4:6] - prior.bm_mean) ** 2
    starts = prior.delta_precision * at[6:] ** 2
    return -0.5 * float(couplings @ couplings + means.sum() + starts.sum())


def _move_alone(
    state: State, prior: Prior, proposal: Proposal, rng: np.random.Generator
) -> tuple[State, bool]:
    """Move mean couplings given every pair's; the constant Z decides."""
    n_pairs = state.b.shape[1]
    variance = 1 / (n_pairs / prior.spread**2 + 1 / prior.sd_b**2)
    right = state.b.sum(axis=1) / prior.spread**2 + prior.mean_b / prior.sd_b**2
    centre = variance * right + proposal.pull
    new = centre + np.sqrt(variance) * rng.standard_normal(4)
    log_share = log_share_stable(new, prior.spread)
    log_ratio = n_pairs * (state.log_share - log_share)
    log_ratio -= float((new - state.mean_b) @ (proposal.pull / variance))
    if np.log(rng.random()) < log_ratio and log_share >= LEAST_LOG_SHARE:
        return replace(state, mean_b=new, log_share=log_share), True
    return state, False


def _sums(imputed: Imputed, steps: Bools) -> tuple[Floats, Floats]:
    """Sum over the steps z_j z_j' (cc, ct, tt) and z_{j+1} z_j'."""
    z = imputed.x - imputed.mu
    before, after = z[:-1] * steps[:, None], z[1:]
    z_c, z_t = before.swapaxes(0, 1)
    moments = [
        (one * two).sum(axis=0) for one, two in ((z_c, z_c), (z_c, z_t), (z_t, z_t))
    ]
    cross = [[(after[:, i] * one).sum(axis=0) for one in (z_c, z_t)] for i in (0, 1)]
    return np.stack(moments), np.stack([np.stack(line) for line in cross])


def _levels_in_common(
    state: State,
    imputed: Imputed,
    answers: Answers,
    prior: Prior,
    rng: np.random.Generator,
) -> State:
    """Draw Q, P1, Sm, delta and bm given set-points, levels and couplings."""
    mu, x, v = imputed.mu, imputed.x, prior.variance
    draw, scales = state.nuisance, state.scales
    z, n_pairs = x - mu, mu.shape[1]
    (cc, ct, tc, tt), z_c, z_t = state.b, z[:-1, 0], z[:-1, 1]
    w = np.stack([z[1:, 0] - cc * z_c - ct * z_t, z[1:, 1] - tc * z_c - tt * z_t])
    w *= answers.steps
    start, apart = z[0] - draw.delta[:, None], mu - draw.bm[:, None]
    n_steps = int(answers.steps.sum())
    cov = conditionals.covariance
    Q, of_Q = cov(w, n_steps, scales=scales.Q, variance=v, rng=rng)
    P1, of_P1 = cov(start, n_pairs, scales=scales.P1, variance=v, rng=rng)
    Sm, of_Sm = cov(apart, n_pairs, scales=scales.Sm, variance=v, rng=rng)
    delta = _mean(z[0], P1, np.zeros(2), prior.delta_precision, rng)
    bm = _mean(mu, Sm, prior.bm_mean, prior.bm_precision, rng)
    return replace(
        state,
        nuisance=replace(draw, Q=Q, P1=P1, Sm=Sm, delta=delta, bm=bm),
        scales=replace(scales, Q=of_Q, P1=of_P1, Sm=of_Sm),
    )


def _mean(
    values: Floats,
    covariance: Floats,
    prior_mean: Floats,
    prior_precision: Floats,
    rng: np.random.Generator,
) -> Floats:
    """Draw the mean of values (2, n) of known covariance."""
    inverse = np.linalg.inv(covariance)
    precision = values.shape[1] * inverse + np.diag(prior_precision)
    right = inverse @ values.sum(axis=1) + prior_precision * prior_mean
    return conditionals.normal(precision, right, rng)


def _ratings_in_common(
    state: State,
    imputed: Imputed,
    answers: Answers,
    prior: Prior,
    rng: np.random.Generator,
) -> State:
    """Draw nu, lam and R of every rating given the levels."""
    draw, a = state.nuisance, state.scales.R
    precise = 1 / np.array([prior.nu_variance, prior.lam_variance])
    nu, lam, R, of_R = draw.nu.copy(), draw.lam.copy(), draw.R.copy(), a.copy()
    for seat, k in np.ndindex(nu.shape):
        there, y = answers.present[k, seat], answers.ratings[k, seat]
        x = imputed.x[:, seat] * there
        n = there.sum()
        if k:
            sum_x = x.sum()
            squares = np.array([[n, sum_x], [sum_x, (x * x).sum()]])
            right = np.array([y.sum(), (x * y).sum()])
            precision = squares / R[seat, k] + np.diag(precise)
            right = right / R[seat, k] + np.array([0.0, precise[1]])
            nu[seat, k], lam[seat, k] = conditionals.normal(precision, right, rng)
        rest = y - nu[seat, k] * there - lam[seat, k] * x
        rate = (rest * rest).sum() / 2 + 2 / a[seat, k]
        least = conditionals.SMALLEST * prior.variance[seat]
        R[seat, k] = max(rate / rng.standard_gamma(1 + n / 2), least)
        of_R[seat, k] = (
            2 / R[seat, k] + 1 / prior.variance[seat]
        ) / rng.standard_gamma(1.5)
    return replace(
        state,
        nuisance=replace(draw, nu=nu, lam=lam, R=R),
        scales=replace(state.scales, R=of_R),
    )
