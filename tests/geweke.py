"""A sampler put to the test of its own prior (Geweke 2004).

Everything is drawn once from the prior; then ratings are drawn anew from what the last
sweep left, and the sampler sweeps again. If every step of it is true to the model, what
it visits has the prior's distribution, and any error in any conditional shows.
"""

import numpy as np

from duologue.engine.dyad.fitting import answers_of
from duologue.engine.dyad.gibbs import sweep
from duologue.engine.dyad.model import is_stable, matrix_of
from duologue.engine.dyad.states import Prior, Proposal, State
from duologue.engine.dyad.truncation import log_share_stable

PRIOR = Prior(
    spread=0.15,
    variance=np.array([1.0, 0.5]),
    mean_b=np.array([0.6, 0.2, 0.1, 0.65]),
    sd_b=np.full(4, 0.1),
    bm_mean=np.array([5.0, 4.0]),
    bm_precision=np.array([1.0, 2.0]),
    delta_precision=np.array([1.0, 2.0]),
    nu_variance=0.5,
    lam_variance=0.1,
)


def half_t_covariance(variance, rng):
    """Covariance and mixing numbers from the half-t(2) prior of a pair."""
    scales = 1 / rng.gamma(0.5, variance)
    T = np.zeros((2, 2))
    T[0, 0], T[1, 1], T[1, 0] = *np.sqrt(rng.chisquare([3, 2])), rng.normal()
    root = np.linalg.cholesky(np.diag(scales / 4)) @ T
    return np.linalg.inv(root @ root.T), scales


def from_prior(prior, n_pairs, n_ratings, rng):
    """A state drawn from the prior, by the definitions of its distributions."""
    v = prior.variance
    mean_b = rng.normal(prior.mean_b, prior.sd_b)
    b = rng.normal(mean_b, prior.spread, size=(4000, 4))
    b = b[is_stable(b)][:n_pairs]
    covariances = {name: half_t_covariance(v, rng) for name in ("Sm", "P1", "Q")}
    of_R = 1 / rng.gamma(0.5, v[:, None], size=(2, n_ratings))
    R = (2 / of_R) / rng.gamma(1.0, size=(2, n_ratings))
    nu = rng.normal(0, prior.nu_variance**0.5, size=(2, n_ratings - 1))
    lam = rng.normal(1, prior.lam_variance**0.5, size=(2, n_ratings - 1))
    ends = [covariances[name][0][[0, 0, 1], [0, 1, 1]] for name in covariances]
    bm = rng.normal(prior.bm_mean, prior.bm_precision**-0.5)
    delta = rng.normal(0, prior.delta_precision**-0.5)
    parts = [bm, delta, *ends, nu.ravel(), lam.ravel(), R.ravel()]
    return State(
        mean_b=mean_b,
        log_share=log_share_stable(mean_b, prior.spread),
        b=np.ascontiguousarray(b.T),
        common=np.concatenate(parts),
        scales=np.concatenate(
            [*(own for _, own in covariances.values()), of_R.ravel()]
        ),
    )


def filled_in(state, n_sessions, rng):
    """Set-points (2, n_pairs) and levels (n_sessions, 2, n_pairs) from the model."""
    draw, n_pairs = state.nuisance, state.b.shape[1]

    def noise(covariance):
        return np.linalg.cholesky(covariance) @ rng.standard_normal((2, n_pairs))

    mu = draw.bm[:, None] + noise(draw.Sm)
    away = [draw.delta[:, None] + noise(draw.P1)]
    B = matrix_of(state.b.T)
    for _ in range(n_sessions - 1):
        carried = np.einsum("dik,kd->id", B, away[-1])
        away.append(carried + noise(draw.Q))
    return mu, mu + np.stack(away)


def rated(state, x, blank, rng):
    """Ratings (n_pairs, n_sessions, 2, n_ratings) of levels, with the same blanks."""
    draw, levels = state.nuisance, x.transpose(2, 0, 1)[..., None]
    errors = np.sqrt(draw.R) * rng.standard_normal(blank.shape)
    return np.where(blank, np.nan, draw.nu + draw.lam * levels + errors)


def told(state, mu, x):
    """What is compared: means, logs of variances, correlations, and some products."""
    draw = state.nuisance
    covariances = np.stack([draw.Sm, draw.P1, draw.Q])
    variances = covariances[:, [0, 1], [0, 1]]
    correlations = covariances[:, 0, 1] / np.sqrt(variances.prod(axis=1))
    spread_b = ((state.b - state.mean_b[:, None]) ** 2).mean(axis=1)
    apart = np.log(((mu - draw.bm[:, None]) ** 2).mean(axis=1))
    start = np.sign((x[0] - mu).mean(axis=1)) * np.sign(draw.delta)
    return np.concatenate([
        state.mean_b, state.mean_b**2, state.b.mean(axis=1), spread_b,
        draw.bm, draw.delta, draw.nu[:, 1:].ravel(), draw.lam[:, 1:].ravel(),
        np.log(variances).ravel(), correlations, np.log(draw.R).ravel(), apart, start,
        [state.mean_b[3] * np.log(variances[2, 1]), draw.delta @ draw.bm],
    ])  # fmt: skip


def run(n_prior, n_sweeps, *, seed, n_pairs=6, n_sessions=4, n_ratings=2, **changed):
    """What the prior says (n_prior, n_told), and what the sampler visits."""
    rng = np.random.default_rng(seed)
    prior, step = PRIOR, changed.get("step", sweep)
    blank = rng.random((n_pairs, n_sessions, 2, 1)) < 0.25
    blank = np.repeat(blank, n_ratings, axis=3)
    blank[0, 2:], blank[0, 0], blank[1, 1, 0, 0] = True, False, True
    expected = []
    for _ in range(n_prior):
        state = from_prior(prior, n_pairs, n_ratings, rng)
        expected.append(told(state, *filled_in(state, n_sessions, rng)))
    state, visited = from_prior(prior, n_pairs, n_ratings, rng), []
    _, x = filled_in(state, n_sessions, rng)
    proposals = proposals_for(state, prior)
    for i in range(n_sweeps):
        answers = answers_of(rated(state, x, blank, rng))
        state, imputed, _ = step(state, answers, prior, proposals[i % 2], rng)
        visited.append(told(state, imputed.mu, imputed.x))
        x = imputed.x
    return np.array(expected), np.array(visited)


def proposals_for(state, prior):
    """A walk, and a guess that looks at what is held, both fixed."""
    n_held = state.common.size
    slope = np.zeros((8, n_held))
    slope[:4, :4] = -0.3 * np.eye(4)
    slope[:, 4:8] = 0.005
    shared = {"slope": slope, "typical": np.zeros(n_held), "pull": np.full(4, -0.01)}
    root = np.linalg.cholesky(np.diag([0.006] * 4 + [0.2] * 4) + 0.002)
    centre = np.concatenate([prior.mean_b, prior.bm_mean, np.zeros(2)])
    return (
        Proposal(centre=centre, root=root, walking=True, **shared),
        Proposal(centre=centre, root=1.3 * root, walking=False, **shared),
    )
