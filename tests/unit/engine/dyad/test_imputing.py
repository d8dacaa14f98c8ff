"""Set-points and levels drawn: as plain algebra of one large normal draws them."""

import numpy as np
import pytest

from dense_dyads import Dense
from duologue.engine.dyad import imputing
from duologue.engine.dyad.fitting import answers_of
from duologue.engine.dyad.likelihood import log_likelihood
from duologue.engine.dyad.packing import packed, unpacked
from uncompiled import uncompile
from worked_dyads import random_couplings, random_draw, random_ratings

N_COPIES = 40_000


@pytest.fixture(params=["compiled", "plain"])
def functions(request, monkeypatch):
    """The module as it runs, and as the Python that it is made of."""
    if request.param == "plain":
        uncompile(monkeypatch, imputing)
    return imputing


def walked(functions, ratings, b, draw):
    """The filter of pairs' ratings with rows of couplings (n_rows, n_pairs, 4)."""
    answers, common = answers_of(ratings), packed(draw)
    rows = np.ascontiguousarray(np.moveaxis(b, -1, 1))
    starts = np.tile(common[:4], (len(rows), 1))
    return functions.walk(answers.ratings, answers.present, rows, starts, common)


def imputed(functions, ratings, b, draw, rng):
    """Set-points, levels and sums of pairs with couplings (n_pairs, 4)."""
    _, kept, ended = walked(functions, ratings, b[None], draw)
    steps = answers_of(ratings).steps
    b_last = np.ascontiguousarray(b.T)
    return functions.impute(kept[0], ended[0], b_last, packed(draw), steps, rng)


def with_blanks_of_every_kind(rng, n_sessions, n_ratings):
    """Ratings of six pairs: one seat alone, nobody, and a course that ends early."""
    ratings = np.stack([random_ratings(rng, n_sessions, n_ratings) for _ in range(6)])
    ratings[3, :, 1], ratings[4], ratings[5, 4:] = np.nan, np.nan, np.nan
    return ratings


@pytest.mark.parametrize("n_ratings", [1, 3])
def test_the_filter_of_all_pairs_weighs_couplings_as_that_of_each_pair(
    functions, n_ratings
):
    rng = np.random.default_rng(1)
    draw = random_draw(rng, n_ratings)
    ratings = with_blanks_of_every_kind(rng, 9, n_ratings)
    b = random_couplings(rng, (2, 6))

    of_rows, _, _ = walked(functions, ratings, b, draw)

    found = of_rows[1] - of_rows[0]
    each = [log_likelihood(r, b[:, d], draw) for d, r in enumerate(ratings)]
    np.testing.assert_allclose(found, np.diff(each, axis=1)[:, 0], atol=1e-10)
    assert abs(found[4]) < 1e-12


def test_rows_of_other_starts_and_set_points_are_weighed_with_their_own():
    rng = np.random.default_rng(2)
    one, other = random_draw(rng), random_draw(rng)
    ratings = with_blanks_of_every_kind(rng, 9, 2)
    b = np.ascontiguousarray(random_couplings(rng, 6).T)
    common = packed(one)
    moved = np.concatenate([packed(other)[:4], common[4:]])
    answers = answers_of(ratings)

    found, _, _ = imputing.walk(
        answers.ratings,
        answers.present,
        np.stack([b, b]),
        np.stack([common[:4], moved[:4]]),
        common,
    )

    for row, line in enumerate((common, moved)):
        alone, _, _ = walked(imputing, ratings, b.T[None], unpacked(line))
        np.testing.assert_allclose(found[row], alone[0], atol=1e-10)


def test_a_course_of_many_precise_ratings_neither_overflows_nor_vanishes(functions):
    rng = np.random.default_rng(3)
    draw = random_draw(rng)
    ratings, b = random_ratings(rng, 400)[None], random_couplings(rng, (2, 1))

    for factor in (1e-6, 1.0, 1e6):
        line = packed(draw)
        line[-4:] *= factor
        found, _, _ = walked(functions, ratings, b, unpacked(line))

        each = log_likelihood(ratings[0], b[:, 0], unpacked(line))
        # What is subtracted here lies in the thousands.
        np.testing.assert_allclose(
            found[1] - found[0], each[1] - each[0], rtol=1e-8, atol=1e-11
        )


@pytest.mark.parametrize("n_ratings", [1, 3])
def test_draws_are_those_of_plain_algebra_with_the_same_chance(functions, n_ratings):
    rng = np.random.default_rng(4)
    draw, b = random_draw(rng, n_ratings), random_couplings(rng, 6)
    ratings = with_blanks_of_every_kind(rng, 7, n_ratings)

    mu, x, _, _ = imputed(functions, ratings, b, draw, np.random.default_rng(5))

    chance = np.random.default_rng(5)
    for pair in range(6):
        dense = Dense(ratings[pair], b[pair], draw)
        expected_mu, expected_x = plainly_drawn(dense, chance)
        np.testing.assert_allclose(mu[:, pair], expected_mu, atol=1e-9)
        np.testing.assert_allclose(x[:, :, pair], expected_x, atol=1e-9)


def plainly_drawn(dense, chance):
    """The set-point, then levels from the last to the first, each given those drawn."""
    rows = [np.eye(dense.cov.shape[0])[0:2], *dense.level_rows[-2::-1]]
    means = [dense.nuisance.bm, *dense.level_means[-2::-1]]
    mean, cov = dense.given(np.concatenate(means), np.concatenate(rows))
    drawn = np.empty(0)
    for start in range(0, mean.size, 2):
        known, now = slice(0, start), slice(start, start + 2)
        gain = np.linalg.solve(cov[known, known], cov[known, now]).T
        centre = mean[now] + gain @ (drawn - mean[known])
        precision = np.linalg.inv(cov[now, now] - gain @ cov[known, now])
        turned = np.linalg.cholesky(precision).T
        away = np.linalg.solve(turned, chance.standard_normal(2))
        drawn = np.append(drawn, centre + away)
    return drawn[:2], drawn[2:].reshape(-1, 2)[::-1]


def test_sums_are_those_over_the_steps_of_each_pair(functions):
    rng = np.random.default_rng(6)
    draw, b = random_draw(rng), random_couplings(rng, 6)
    ratings = with_blanks_of_every_kind(rng, 7, 2)

    mu, x, moments, cross = imputed(functions, ratings, b, draw, rng)

    z = x - mu
    for pair, n_steps in enumerate(answers_of(ratings).steps.sum(axis=0)):
        before, after = z[:n_steps, :, pair], z[1 : n_steps + 1, :, pair]
        squares = (before.T @ before)[[0, 0, 1], [0, 1, 1]]
        np.testing.assert_allclose(moments[:, pair], squares, atol=1e-12)
        np.testing.assert_allclose(cross[:, :, pair], after.T @ before, atol=1e-12)


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
    copies, bs = np.tile(ratings, (N_COPIES, 1, 1, 1)), np.tile(b, (N_COPIES, 1))

    mu, x, _, _ = imputed(imputing, copies, bs, draw, rng)

    rows = np.concatenate([np.eye(dense.cov.shape[0])[0:2], *dense.level_rows[:-1]])
    means = np.concatenate([draw.bm, *dense.level_means[:-1]])
    mean, cov = dense.given(means, rows)
    found = np.concatenate([mu, x.reshape(-1, N_COPIES)])
    sd = np.sqrt(np.diag(cov))
    # Five standard errors of a mean, and of a covariance in units of the two SDs.
    assert (np.abs(found.mean(axis=1) - mean) < 5 * sd / N_COPIES**0.5).all()
    apart = np.abs(np.cov(found) - cov) / np.outer(sd, sd)
    assert (apart < 5 * np.sqrt(2 / N_COPIES)).all()


def test_what_stands_where_nothing_was_said_moves_nothing():
    rng = np.random.default_rng(7)
    draw, b = random_draw(rng), random_couplings(rng, (1, 1))
    answers = answers_of(random_ratings(rng, 5)[None])
    other = np.where(answers.present > 0, answers.ratings, 99.0)
    starts, common = packed(draw)[None, :4], packed(draw)

    for one, two in zip(
        *(
            imputing.walk(
                values, answers.present, np.moveaxis(b, -1, 1).copy(), starts, common
            )
            for values in (answers.ratings, other)
        ),
        strict=True,
    ):
        np.testing.assert_array_equal(one, two)
