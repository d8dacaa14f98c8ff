"""Whole sweeps put to the test of their own prior, and the parts of one sweep."""

from dataclasses import replace

import numpy as np

import geweke
from duologue.engine.dyad import gibbs
from duologue.engine.dyad.convergence import effective_draws
from duologue.engine.dyad.fitting import answers_of
from duologue.engine.dyad.model import is_stable


def departures(step=gibbs.sweep, n_sweeps=400):
    """How far what is visited lies from the prior, in standard errors."""
    expected, visited = geweke.run(
        600, n_sweeps, seed=1, n_pairs=4, n_sessions=3, step=step
    )
    variance = expected.var(axis=0) / len(expected)
    variance += visited.var(axis=0) / np.maximum(effective_draws(visited[None]), 1)
    return np.abs(visited.mean(axis=0) - expected.mean(axis=0)) / variance**0.5


def test_a_sampler_fed_with_its_own_ratings_visits_its_prior():
    # 37 numbers from a chain worth few draws in some of them: 5 is far off for each.
    assert departures(n_sweeps=700).max() < 5


def too_wide(state, *rest):
    """A step that is wrong: pairs' couplings are spread a fifth more than they are."""
    state, imputed, moved = gibbs.sweep(state, *rest)
    apart = state.b - state.mean_b[:, None]
    b = state.mean_b[:, None] + 1.2 * apart
    stable = is_stable(b.T)
    return replace(state, b=np.where(stable, b, state.b)), imputed, moved


def test_a_sampler_with_a_fault_is_found_out():
    assert departures(too_wide).max() > 6


def test_a_guess_far_off_is_not_followed():
    # A heavy tail in what a guess looks at once sent bB to where shares have no digits,
    # and it was taken for better than where it came from.
    rng = np.random.default_rng(2)
    state = geweke.from_prior(geweke.PRIOR, 6, 1, rng)
    _, x = geweke.filled_in(state, 3, rng)
    ratings = geweke.rated(state, x, np.zeros((6, 3, 2, 1), dtype=bool), rng)
    _, guess = geweke.proposals_for(state, geweke.PRIOR)
    for away in (0.8, 1.2, 2, 10, 1e5):
        far = replace(guess, centre=guess.centre + away, slope=0 * guess.slope)
        found, _, (moved, _) = gibbs.sweep(
            state, answers_of(ratings), geweke.PRIOR, far, rng
        )

        assert not moved
        assert is_stable(found.b.T).all()
        assert np.isfinite(found.log_share)
