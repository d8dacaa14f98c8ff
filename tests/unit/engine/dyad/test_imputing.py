"""Set-points and levels drawn: their means and covariances against one large normal."""

import numpy as np
import pytest

from dense_dyads import Dense
from duologue.engine.dyad.imputing import (
    drawn_levels,
    drawn_set_points,
    heard,
    walk,
)
from duologue.engine.dyad.likelihood import log_likelihood
from worked_dyads import random_couplings, random_draw, random_ratings

N_COPIES = 40_000


def last_axis(ratings):
    """Ratings (n_pairs, n_sessions, 2, n_ratings) with pairs last, and what is there."""
    turned = np.moveaxis(ratings, (3, 2, 1, 0), (0, 1, 2, 3))
    return np.nan_to_num(turned), (~np.isnan(turned)).astype(float)


def said_of(ratings, draw):
    values, present = last_axis(ratings)
    return heard(values, present, nu=draw.nu, lam=draw.lam, R=draw.R)


@pytest.mark.parametrize("n_ratings", [1, 3])
def test_the_filter_of_all_pairs_weighs_couplings_as_that_of_each_pair(n_ratings):
    rng = np.random.default_rng(1)
    draw = random_draw(rng, n_ratings)
    ratings = np.stack([random_ratings(rng, 9, n_ratings) for _ in range(6)])
    ratings[3, :, 1], ratings[4], ratings[5, 4:] = np.nan, np.nan, np.nan
    b = random_couplings(rng, (2, 6))

    walked = walk(said_of(ratings, draw), np.moveaxis(b, -1, 0), draw)

    found = walked.log_likelihood[1] - walked.log_likelihood[0]
    each = [log_likelihood(r, b[:, d], draw) for d, r in enumerate(ratings)]
    np.testing.assert_allclose(found, np.diff(each, axis=1)[:, 0], atol=1e-10)
    assert abs(found[4]) < 1e-12


@pytest.mark.parametrize("case", ["blanks", "one_seat", "nobody", "one_session"])
def test_draws_have_the_means_and_covariances_of_one_large_normal(case):
    rng = np.random.default_rng(2)
    draw, b = random_draw(rng), random_couplings(rng)
    ratings = random_ratings(rng, 1 if case == "one_session" else 4)
    if case == "one_seat":
        ratings[:, 1] = np.nan
    if case == "nobody":
        ratings[:] = np.nan
    dense = Dense(ratings, b, draw)
    copies = np.broadcast_to(ratings, (N_COPIES, *ratings.shape))
    bs = np.broadcast_to(b[:, None], (4, N_COPIES))

    walked = walk(said_of(copies, draw), bs[:, None], draw)
    mu = drawn_set_points(walked, 0, draw.bm, rng)
    x = drawn_levels(walked, 0, b=bs, mu=mu, nuisance=draw, rng=rng)

    rows = np.concatenate([np.eye(dense.cov.shape[0])[0:2], *dense.level_rows[:-1]])
    means = np.concatenate([draw.bm, *dense.level_means[:-1]])
    mean, cov = dense.given(means, rows)
    found = np.concatenate([mu, x.reshape(-1, N_COPIES)])
    sd = np.sqrt(np.diag(cov))
    # Five standard errors of a mean, and of a covariance in units of the two SDs.
    assert (np.abs(found.mean(axis=1) - mean) < 5 * sd / N_COPIES**0.5).all()
    apart = np.abs(np.cov(found) - cov) / np.outer(sd, sd)
    assert (apart < 5 * np.sqrt(2 / N_COPIES)).all()


def test_a_rating_left_blank_moves_nothing():
    rng = np.random.default_rng(3)
    draw, ratings = random_draw(rng), random_ratings(rng, 5)[None]
    ratings[0, 2] = np.nan

    said = said_of(ratings, draw)

    assert (said.value[2] == 0).all()
    assert (said.variance[2] == 1e20).all()
