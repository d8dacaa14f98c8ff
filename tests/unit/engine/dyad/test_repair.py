"""Whether a dip was mended, against one large normal distribution and simulated truth."""

import numpy as np
import pytest

from dense_dyads import Dense
from duologue.engine.dyad.levels import smoothed
from duologue.engine.dyad.likelihood import filtered
from duologue.engine.dyad.model import of_draws, stationary_covariance
from duologue.engine.dyad.pair_state import LIKELY_DIP
from duologue.engine.dyad.reading import read_pair
from duologue.engine.dyad.repair import NEAR, chance_of_repair, foretold
from duologue.engine.dyad.simulate import recovery_population, simulate
from worked_draws import certain
from worked_dyads import B, example, random_draw, random_ratings, stacked


def kept_of(ratings, draw, b=B):
    """One point of one draw, with three empty sessions more."""
    longer = np.concatenate([ratings, np.full((3, *ratings.shape[1:]), np.nan)])
    each = of_draws(stacked([draw]), (slice(None), None))
    return filtered(longer, np.array([[b]]), each), each, longer


@pytest.mark.parametrize("n_sessions", [6, 4, 3])
@pytest.mark.parametrize("seat", [0, 1])
def test_the_chance_is_that_of_all_ratings_at_once(seat, n_sessions):
    rng = np.random.default_rng(40)
    draw = random_draw(rng)
    ratings = random_ratings(rng, n_sessions)
    ratings[2, seat] = draw.nu[seat] + draw.lam[seat] * (draw.bm[seat] - 3)
    kept, each, longer = kept_of(ratings, draw)
    dense = Dense(longer, B, draw)
    rows = [np.eye(dense.cov.shape[0])[4 + 2 + seat]]
    means = [0.0]
    for session in (3, 4, 5):
        rows.append(dense.level_rows[session][seat])
        means.append(dense.level_means[session][seat])
    mean, cov = dense.given(np.array(means), np.array(rows))
    drawn = rng.multivariate_normal(mean, cov, size=200_000)
    dips = drawn[:, 0] < -np.sqrt(draw.Q[seat, seat])
    mark = np.quantile(drawn[dips, 1:].max(axis=1), 0.4)

    found = chance_of_repair(kept, smoothed(kept), each, step=1, seat=seat, mark=mark)

    assert dips.mean() > 0.1
    assert found == pytest.approx(0.6, abs=0.05)
    assert found != pytest.approx((drawn[:, 1:] >= mark).any(axis=1).mean(), abs=0.0005)


def test_what_was_foretold_is_the_next_level_of_a_shorter_course():
    rng = np.random.default_rng(41)
    draw, ratings = random_draw(rng), random_ratings(rng, 5)
    kept, _, _ = kept_of(ratings, draw)

    found = foretold(kept)[0, 0]

    np.testing.assert_allclose(found[0], draw.bm + draw.delta, atol=1e-12)
    for session in range(1, 8):
        blanked = ratings.copy()[:session]
        expected, _ = Dense(blanked, B, draw).level(min(session, 5))
        if session <= 5:
            np.testing.assert_allclose(found[session], expected, atol=1e-10)


def test_nobody_dips_where_a_dip_cannot_be():
    ratings = np.full((3, 2, 2), 9.0)
    kept, each, _ = kept_of(ratings, example())
    far = chance_of_repair(
        kept, smoothed(kept), each, step=1, seat=0, mark=float("inf")
    )

    assert np.isnan(far) or far == 0


def test_of_true_dips_that_are_seen_as_many_were_mended_as_is_told():
    population = recovery_population(sB=0.0)
    caseload = simulate(population, 120, 20, rng=np.random.default_rng(42))
    known = certain(population.common, population.bB)
    V = stationary_covariance(population.bB, population.common.Q)
    sd = np.sqrt(np.diagonal(V))
    dip = np.sqrt(np.diagonal(population.common.Q))
    told, happened = [], []
    for pair in range(120):
        state = read_pair(caseload.ratings[pair], known, n_points=16)
        x, mu = caseload.levels[pair], caseload.mu[pair]
        away = x - mu
        w = away[1:] - away[:-1] @ np.reshape(population.bB, (2, 2)).T
        for step, seat in np.argwhere(state.p_low >= LIKELY_DIP):
            later = x[step + 2 : step + 5, seat]
            if len(later) == 3 and w[step, seat] < -dip[seat]:
                mark = state.foretold[step + 1, seat] - NEAR * sd[seat]
                told.append(state.repair[step, seat])
                happened.append((later >= mark).any())

    # A share of 190 has a standard error of about .035.
    assert len(told) > 150
    assert np.mean(told) == pytest.approx(np.mean(happened), abs=0.1)
    assert np.corrcoef(told, happened)[0, 1] > 0.3
