"""One sweep through all that is unknown of a population of pairs; needs numba."""

from dataclasses import replace

import numpy as np

from duologue.engine.dyad import conditionals
from duologue.engine.dyad.imputing import impute, walk
from duologue.engine.dyad.model import Floats, is_stable
from duologue.engine.dyad.packing import AT_Q, AT_SM
from duologue.engine.dyad.states import (
    LEAST_LOG_SHARE,
    Answers,
    Imputed,
    Prior,
    Proposal,
    State,
)
from duologue.engine.dyad.truncation import LONGEST, log_share_stable, moved_along


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
    b = conditionals.couplings(
        state.b,
        imputed.moments,
        imputed.cross,
        state.common[AT_Q : AT_Q + 3],
        state.mean_b,
        prior.spread,
        rng,
    )
    state, alone = _move_alone(replace(state, b=b), prior, proposal, rng)
    return _in_common(state, imputed, answers, prior, rng), imputed, (moved, alone)


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
    old = moving(state)
    centre = _centre(old, state.b, state.common, proposal)
    new = centre + proposal.root @ rng.standard_normal(old.size)
    b, log_ratio = moved_along(state.b, old[:4], new[:4], prior.spread)
    log_share = log_share_stable(new[:4], prior.spread)
    possible = (
        bool(np.isfinite(b).all() and is_stable(b.T).all())
        and float(np.linalg.norm(new[:4] - old[:4])) <= LONGEST * prior.spread
        and log_share >= LEAST_LOG_SHARE
    )
    rows = np.stack([state.b, b if possible else state.b])
    starts = np.stack([old[4:], new[4:]])
    log_likelihood, kept, ended = walk(
        answers.ratings, answers.present, rows, starts, state.common
    )
    gain = log_likelihood[1].sum() - log_likelihood[0].sum()
    log_ratio += gain + rows.shape[2] * (state.log_share - log_share)
    log_ratio += _log_prior(new, prior) - _log_prior(old, prior)
    back = _centre(new, rows[1], state.common, proposal)
    log_ratio += _log_densities(old - back, new - centre, proposal)
    row = int(possible and np.log(rng.random()) < log_ratio)
    common = np.concatenate([starts[row], state.common[AT_SM:]])
    if row:
        state = replace(
            state, mean_b=new[:4], b=rows[1], log_share=log_share, common=common
        )
    mu, x, moments, cross = impute(
        kept[row], ended[row], state.b, common, answers.steps, rng
    )
    return state, Imputed(mu=mu, x=x, moments=moments, cross=cross), bool(row)


def moving(state: State) -> Floats:
    """Gather what moves together with all pairs: bB, bm and delta, shape (8,)."""
    return np.concatenate([state.mean_b, state.common[:AT_SM]])


def held(bB: Floats, b: Floats, common: Floats) -> Floats:
    """Gather what a proposal looks at: the pairs' mean from bB, and what does not move."""
    return np.concatenate([b.mean(axis=1) - bB, common[AT_SM:]])


def _centre(at: Floats, b: Floats, common: Floats, proposal: Proposal) -> Floats:
    """Where new values are proposed around."""
    if proposal.walking:
        return at
    away = held(at[:4], b, common) - proposal.typical
    centre: Floats = proposal.centre + proposal.slope @ away
    return centre


def _log_densities(back: Floats, there: Floats, proposal: Proposal) -> float:
    """Log density of proposing the way back over that of the way there.

    Both ways are told from the centres that they are proposed around.
    """
    if proposal.walking:  # as far back as there
        return 0.0
    one, other = np.linalg.solve(proposal.root, np.stack([back, there], axis=1)).T
    return 0.5 * float(other @ other - one @ one)


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


def _in_common(
    state: State,
    imputed: Imputed,
    answers: Answers,
    prior: Prior,
    rng: np.random.Generator,
) -> State:
    """Draw what pairs have in common given set-points, levels and couplings."""
    common, scales = state.common.copy(), state.scales.copy()
    conditionals.draw_levels_in_common(
        common,
        scales,
        imputed.mu,
        imputed.x,
        state.b,
        answers.steps,
        prior.variance,
        prior.bm_mean,
        prior.bm_precision,
        prior.delta_precision,
        rng,
    )
    conditionals.draw_ratings_in_common(
        common,
        scales,
        imputed.x,
        answers.ratings,
        answers.present,
        prior.variance,
        prior.nu_variance,
        prior.lam_variance,
        rng,
    )
    return replace(state, common=common, scales=scales)
