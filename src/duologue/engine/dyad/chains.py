"""A chain of sweeps from one seed, and how it learns to propose while it warms up."""

from dataclasses import replace

import numpy as np

from duologue.engine.dyad.gibbs import held, moving, sweep
from duologue.engine.dyad.model import Floats, checked, is_stable
from duologue.engine.dyad.packing import packed
from duologue.engine.dyad.states import Answers, Prior, Proposal, State, Task, Trace
from duologue.engine.dyad.truncation import log_share_stable
from duologue.engine.dyad.unrounding import with_drawn_ratings

_REFIT_AT = (0.08, 0.16, 0.32, 0.5, 1.0)
"""When proposals are made anew from the later half of the draws so far, as shares of
the warming up. Afterwards they stay, since a chain that adapts for ever need not be
true to its distribution."""

_WALKING_EVERY = 4
"""Every so many sweeps the couplings walk, so that no guess of the warming up can keep
a chain where it is."""

_WALK = 0.84
"""2.38 / sqrt(8), the best length of a walk in eight dimensions (Gelman et al. 1996)."""


def run(task: Task) -> Trace:
    """Run one chain.

    Its chance is a counter-based stream of its own, made of the seed and its number:
    the same on however many workers chains are run, and in whatever order.

    Parameters
    ----------
    task : Task
        What to run.

    Returns
    -------
    Trace

    Notes
    -----
    Mean couplings mix slowly where levels or pairs' couplings hold them. So they move
    with all pairs on the likelihood with levels and set-points integrated; pairs near
    the border of stability move less (``truncation.moved_along``), or a single one
    would forbid the move; the proposal is a regression on what the move holds, learned
    in warming up; and they move alone around where the constants Z draw them.
    """
    stream = np.random.SeedSequence(entropy=task.seed, spawn_key=(task.chain,))
    rng = np.random.Generator(np.random.Philox(stream))
    answers = task.answers
    state = started(answers, task.prior, rng)
    proposals: tuple[Proposal, ...] = (_first_proposal(state, task.prior),)
    refits = {max(20, int(share * task.n_burn)) - 1 for share in _REFIT_AT}
    moved, watched, common, accepted = [], [], [], []
    for i in range(task.n_sweeps):
        proposal = proposals[i % len(proposals)]
        state, imputed, accept = sweep(state, answers, task.prior, proposal, rng)
        if answers.between is not None:
            answers = with_drawn_ratings(answers, state.nuisance, imputed.x, rng)
        moved.append(moving(state))
        watched.append(held(state.mean_b, state.b, state.common))
        common.append(state.common)
        accepted.append(accept)
        if i in refits and i < task.n_burn:
            late = slice((i + 1) // 2, None)
            proposals = _learned(
                np.stack(moved[late]), np.stack(watched[late]), task.prior
            )
    kept = slice(task.n_burn, None)
    return Trace(
        mean_b=np.stack(moved[kept])[:, :4],
        common=np.stack(common[kept]),
        accepted=np.mean(accepted[kept], axis=0),
    )


def started(answers: Answers, prior: Prior, rng: np.random.Generator) -> State:
    """Where a chain begins: around plain moments of the ratings, chains well apart."""
    v, sd = prior.variance, np.sqrt(prior.variance)
    n_ratings, n_pairs = answers.ratings.shape[0], answers.ratings.shape[-1]
    totals = answers.ratings.sum(axis=(2, 3)) / answers.present.sum(axis=(2, 3))
    share = np.exp(rng.normal(0, 0.5, size=3)) * (0.3, 0.5, 0.3)
    bB = prior.mean_b + 0.5 * prior.sd_b * rng.standard_normal(4)
    while not is_stable(bB):
        bB = (bB + prior.mean_b) / 2
    nuisance = checked(
        bm=totals[0] + 0.3 * sd * rng.standard_normal(2),
        Sm=np.diag(share[0] * v),
        delta=0.3 * sd * rng.standard_normal(2),
        P1=np.diag(share[1] * v),
        Q=np.diag(share[2] * v),
        nu=(totals - totals[0]).T,
        lam=np.ones((2, n_ratings)),
        R=np.tile(0.4 * v[:, None], n_ratings),
    )
    return State(
        mean_b=bB,
        log_share=log_share_stable(bB, prior.spread),
        b=np.tile(bB[:, None], n_pairs),
        common=packed(nuisance),
        scales=np.concatenate([v, v, v, np.repeat(v, n_ratings)]),
    )


def _first_proposal(state: State, prior: Prior) -> Proposal:
    """Walk, as if each pair told its couplings with a standard deviation of .25."""
    n_pairs, v = state.b.shape[1], prior.variance
    n_held = held(state.mean_b, state.b, state.common).size
    of_b = 1 / (n_pairs / (prior.spread**2 + 0.25**2) + 1 / prior.sd_b**2)
    return Proposal(
        centre=moving(state),
        slope=np.zeros((8, n_held)),
        typical=np.zeros(n_held),
        root=_WALK * np.diag(np.sqrt([*of_b, *v / n_pairs, *v / n_pairs])),
        walking=True,
        pull=_pull(prior.mean_b, prior.spread),
    )


def _learned(moved: Floats, watched: Floats, prior: Prior) -> tuple[Proposal, ...]:
    """Proposals from draws so far: three by regression, then one walk.

    Few draws allow a regression on the pairs' mean only, and walks only.
    """
    n_draws, n_held = watched.shape
    few = n_draws < 6 * n_held
    centre, typical = moved.mean(axis=0), watched.mean(axis=0)
    away, towards = watched - typical, moved - centre
    used = 4 if few else n_held
    slope = np.zeros((8, n_held))
    slope[:, :used] = np.linalg.lstsq(away[:, :used], towards, rcond=1e-8)[0].T
    rest = towards - away @ slope.T
    least = np.diag([1e-8] * 4 + [*prior.variance * 1e-8] * 2)
    covariance = rest.T @ rest / (n_draws - used - 1) + least
    guess = Proposal(
        centre=centre,
        slope=slope,
        typical=typical,
        root=np.linalg.cholesky(covariance),
        walking=False,
        pull=_pull(centre[:4], prior.spread),
    )
    walk = replace(guess, root=_WALK * guess.root, walking=True)
    return (walk,) if few else (*[guess] * (_WALKING_EVERY - 1), walk)


def _pull(bB: Floats, spread: float) -> Floats:
    """Tell how far from the mean of the pairs their constants Z draw bB.

    Given the pairs' couplings, bB is N(mean, spread^2 / D) / Z(bB)^D, whose middle lies
    at the mean less spread^2 d log Z / d bB.
    """
    h = 0.02
    slopes = [
        log_share_stable(bB + h * unit, spread)
        - log_share_stable(bB - h * unit, spread)
        for unit in np.eye(4)
    ]
    return -(spread**2) * np.array(slopes) / (2 * h)
