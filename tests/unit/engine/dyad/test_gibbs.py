"""Whole sweeps put to the test of their own prior, and the parts of one sweep."""

from dataclasses import replace

import numpy as np

import geweke
from duologue.engine.dyad import gibbs
from duologue.engine.dyad.convergence import effective_draws
from duologue.engine.dyad.fitting import answers_of
from duologue.engine.dyad.model import is_stable


def departures(step=gibbs.sweep, n_sweeps=800):
    """How far what is visited lies from the prior, in standard errors."""
    expected, visited = geweke.run(
        600, n_sweeps, seed=1, n_pairs=4, n_sessions=3, step=step
    )
    variance = expected.var(axis=0) / len(expected)
    variance += visited.var(axis=0) / np.maximum(effective_draws(visited[None]), 1)
    return np.abs(visited.mean(axis=0) - expected.mean(axis=0)) / variance**0.5


def test_a_sampler_fed_with_its_own_ratings_visits_its_prior():
    # 37 numbers from a chain worth few draws in some of them: 5 is far off for each.
    assert departures(n_sweeps=2000).max() < 5


def too_wide(state, *rest):
    """A step that is wrong: pairs' couplings are spread a fifth more than they are."""
    state, imputed, moved = gibbs.sweep(state, *rest)
    apart = state.b - state.mean_b[:, None]
    b = state.mean_b[:, None] + 1.2 * apart
    stable = is_stable(b.T)
    return replace(state, b=np.where(stable, b, state.b)), imputed, moved


def test_a_sampler_with_a_fault_is_found_out():
    assert departures(too_wide).max() > 6


def test_moves_far_off_are_not_followed():
    # Beyond some spreads shares have no digits, and a chain once took such means for
    # better than where it came from, and stayed there.
    rng = np.random.default_rng(2)
    state = geweke.from_prior(geweke.PRIOR, 6, 1, rng)
    _, x = geweke.filled_in(state, 3, rng)
    ratings = geweke.rated(state, x, np.zeros((6, 3, 2, 1), dtype=bool), rng)
    vague = replace(geweke.PRIOR, sd_b=np.full(4, 10.0))
    walk, _ = geweke.proposals_for(state, vague)
    far = replace(walk, root=np.diag([0.8] * 4 + [0.1] * 4))
    for _ in range(300):
        found, _, _ = gibbs.sweep(state, answers_of(ratings), vague, far, rng)

        assert np.exp(found.log_share) > 1e-3
        assert is_stable(found.b.T).all()
