"""Answers that tell only between which points a rating lies, against slow integration."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr
from scipy.stats import truncnorm

from dense_dyads import Dense, rescaled
from duologue.engine.dyad import intervals as module
from duologue.engine.dyad.answers import scale
from duologue.engine.dyad.intervals import cut_off
from duologue.engine.dyad.levels import levels_of
from duologue.engine.dyad.likelihood import filtered, log_likelihood
from duologue.engine.dyad.model import matrix_of, mirrored, mirrored_couplings
from duologue.errors import ParameterError
from worked_dyads import (
    B,
    example,
    random_case,
    random_couplings,
    random_draw,
    random_ratings,
    stacked,
)

SEEDS = st.integers(0, 2**32 - 1)
FIVE = scale("categories", low=2.0, high=6.0, n_answers=5)
"""Five categories whose upper end is often met by the example's levels."""


def answered(ratings, on=FIVE):
    """The nearest answers on a scale."""
    place = np.round((ratings - on.low) / on.step)
    return on.low + on.step * np.clip(place, 0, on.n_answers - 1)


def ends(y, on=FIVE):
    """Between which points ratings lie, one by one."""
    lower, upper = y - on.step / 2, y + on.step / 2
    return np.where(y == on.low, -np.inf, lower), np.where(y == on.high, np.inf, upper)


class Integrated:
    """Levels of a short course and what answers in categories tell, by quadrature."""

    def __init__(self, y, b, nuisance, n_nodes):
        dense = Dense(np.zeros_like(y), b, nuisance)
        mean = np.concatenate(dense.level_means)
        rows = np.concatenate(dense.level_rows)
        wanted = np.flatnonzero(~np.isnan(y).all(axis=-1).ravel())
        root = np.linalg.cholesky((rows @ dense.cov @ rows.T)[np.ix_(wanted, wanted)])
        nodes, weights = np.polynomial.hermite_e.hermegauss(n_nodes)
        z = np.stack(np.meshgrid(*[nodes] * len(wanted)), -1).reshape(-1, len(wanted))
        w = np.prod(np.stack(np.meshgrid(*[weights / weights.sum()] * len(wanted))), 0)
        self.x = mean[wanted] + z @ root.T
        self.weights = w.ravel()
        for place, x in zip(wanted, self.x.T, strict=True):
            session, seat = divmod(place, 2)
            for k, answer in enumerate(y[session, seat]):
                if not np.isnan(answer):
                    self._meet(answer, x, nuisance, (seat, k))

    def _meet(self, answer, x, nuisance, place):
        lower, upper = ends(answer)
        m, s = nuisance.nu[place] + nuisance.lam[place] * x, np.sqrt(nuisance.R[place])
        self.weights = self.weights * (ndtr((upper - m) / s) - ndtr((lower - m) / s))

    def log_mass(self):
        return np.log(self.weights.sum())

    def levels(self):
        share = self.weights / self.weights.sum()
        mean = share @ self.x
        return mean, (self.x - mean).T @ (share[:, None] * (self.x - mean))


def assumed_density(y, b, nuisance, on=FIVE):
    """The plain filter of (levels, set-point), four components, answer by answer."""
    move, spread = np.eye(4), np.zeros((4, 4))
    move[:2, :2], move[:2, 2:] = matrix_of(b), np.eye(2) - matrix_of(b)
    spread[:2, :2] = nuisance.Q
    cov = np.kron(np.ones((2, 2)), nuisance.Sm)
    cov[:2, :2] += nuisance.P1
    mean = np.concatenate([nuisance.bm + nuisance.delta, nuisance.bm])
    log_mass = 0.0
    for j, session in enumerate(y):
        if j:
            mean, cov = move @ mean, move @ cov @ move.T + spread
        for seat, k in np.argwhere(~np.isnan(session)):
            lam, column = nuisance.lam[seat, k], nuisance.lam[seat, k] * cov[seat]
            s = np.sqrt(lam * column[seat] + nuisance.R[seat, k])
            m = nuisance.nu[seat, k] + lam * mean[seat]
            lower, upper = (float(end) for end in ends(session[seat, k], on))
            cut = truncnorm((lower - m) / s, (upper - m) / s, m, s)
            log_mass += np.log(ndtr((upper - m) / s) - ndtr((lower - m) / s))
            mean = mean + column / s**2 * (cut.mean() - m)
            cov = cov - np.outer(column, column) / s**4 * (s**2 - cut.var())
    return log_mass, mean, cov


@given(middle=st.floats(-6, 6), width=st.floats(0.1, 8))
def test_what_is_left_of_a_normal_has_the_moments_that_are_known(middle, width):
    alpha, beta = middle - width / 2, middle + width / 2

    log_mass, q, d = cut_off(alpha, beta)

    expected = truncnorm(alpha, beta)
    assert np.exp(log_mass) == pytest.approx(ndtr(beta) - ndtr(alpha), rel=1e-6)
    assert q == pytest.approx(expected.mean(), abs=1e-6)
    assert 1 - d == pytest.approx(expected.var(), abs=1e-6)


@pytest.mark.parametrize("alpha", [-38.0, -5.0, 0.0, 3.0, 20.0])
def test_what_lies_beyond_an_end_has_the_moments_that_are_known(alpha):
    log_mass, q, d = cut_off([alpha, -np.inf], [np.inf, -alpha])

    expected = truncnorm(alpha, np.inf)
    np.testing.assert_allclose(
        log_mass, expected_log_tail(alpha), rtol=1e-12, atol=1e-15
    )
    np.testing.assert_allclose(q, [expected.mean(), -expected.mean()], rtol=1e-7)
    np.testing.assert_allclose(1 - d, expected.var(), atol=1e-7)


def expected_log_tail(alpha):
    """Log of the share above, by a continued fraction far out."""
    if alpha < 10:
        return np.log(ndtr(-alpha))
    below = alpha
    for n in range(200, 0, -1):
        below = alpha + n / below
    return -0.5 * alpha**2 - 0.5 * np.log(2 * np.pi) - np.log(below)


def test_far_out_nothing_is_blank():
    log_mass, q, d = cut_off([-60.0, 45.0, -np.inf], [-59.0, np.inf, np.inf])

    assert np.isfinite(np.stack([log_mass, q, d])).all()
    assert (log_mass[2], q[2], d[2]) == (0.0, 0.0, 0.0)
    assert q[:2] == pytest.approx([-59.017, 45.022], abs=1e-3)


@given(seed=SEEDS, n_sessions=st.integers(1, 6))
def test_one_answer_a_session_is_met_as_the_plain_filter_does(seed, n_sessions):
    rng = np.random.default_rng(seed)
    draw, b = random_draw(rng), random_couplings(rng)
    ratings = answered(random_ratings(rng, n_sessions, share_blank=0.0))
    y = np.full_like(ratings, np.nan)
    for session, place in enumerate(rng.integers(0, 5, size=n_sessions)):
        if place < 4:  # otherwise nothing is answered
            spot = (session, *divmod(place, 2))
            y[spot] = ratings[spot]

    kept = filtered(y, b, draw, scale=FIVE)

    log_mass, mean, cov = assumed_density(y, b, draw)
    found = levels_of(kept, b, draw)
    assert kept.log_likelihood == pytest.approx(log_mass, abs=1e-6)
    assert log_likelihood(y, b, draw, scale=FIVE) == pytest.approx(log_mass, abs=1e-6)
    np.testing.assert_allclose(found.filtered_mean[-1], mean[:2], atol=1e-6)
    np.testing.assert_allclose(found.filtered_cov[-1], cov[:2, :2], atol=1e-6)
    np.testing.assert_allclose(found.set_point_mean, mean[2:], atol=1e-6)
    np.testing.assert_allclose(found.set_point_cov, cov[2:, 2:], atol=1e-6)


@pytest.mark.parametrize("seed", range(6))
def test_a_session_of_two_people_is_nearly_what_integration_gives(seed):
    rng = np.random.default_rng(seed)
    draw, b = random_draw(rng), random_couplings(rng)
    y = answered(random_ratings(rng, 1, share_blank=0.0))

    kept = filtered(y, b, draw, scale=FIVE)

    exact = Integrated(y, b, draw, n_nodes=80)
    found, (mean, cov) = levels_of(kept, b, draw), exact.levels()
    sd = np.sqrt(np.diagonal(cov))
    assert kept.log_likelihood == pytest.approx(exact.log_mass(), abs=0.02)
    np.testing.assert_allclose((found.mean[0] - mean) / sd, 0, atol=0.02)
    np.testing.assert_allclose(found.cov[0] / np.outer(sd, sd), cov / np.outer(sd, sd), atol=0.04)  # fmt: skip


@pytest.mark.parametrize("where", [np.s_[:, 0], np.s_[:, 1], np.s_[:]])
def test_two_sessions_are_nearly_what_integration_gives(where):
    y = np.full((2, 2, 1), np.nan)
    y[where] = np.array([[[6.0], [5.0]], [[6.0], [6.0]]])[where]
    draw = example(1)

    kept = filtered(y, B, draw, scale=FIVE)

    exact = Integrated(y, B, draw, n_nodes=24)
    mean, cov = exact.levels()
    wanted = np.flatnonzero(~np.isnan(y).ravel())
    found = levels_of(kept, B, draw)
    assert kept.log_likelihood == pytest.approx(exact.log_mass(), abs=0.02)
    sd = np.sqrt(np.diagonal(cov))
    np.testing.assert_allclose((found.mean.ravel()[wanted] - mean) / sd, 0, atol=0.05)
    variances = np.diagonal(found.cov, axis1=-2, axis2=-1).ravel()[wanted]
    np.testing.assert_allclose(np.sqrt(variances) / sd, 1, atol=0.05)


@given(seed=SEEDS, n_ratings=st.integers(1, 3))
def test_in_narrow_categories_with_no_end_met_everything_is_exact(seed, n_ratings):
    rng = np.random.default_rng(seed)
    draw, b = random_draw(rng, n_ratings), random_couplings(rng)
    fine = scale("categories", low=-40.0, high=60.0, n_answers=1_000_001)
    ratings = answered(random_ratings(rng, 6, n_ratings), fine)

    kept = filtered(ratings, b, draw, scale=fine)

    exact, n_seen = filtered(ratings, b, draw), (~np.isnan(ratings)).sum()
    density = kept.log_likelihood - n_seen * np.log(fine.step)
    assert density == pytest.approx(exact.log_likelihood, abs=1e-5)
    found, expected = levels_of(kept, b, draw), levels_of(exact, b, draw)
    for name in ("mean", "filtered_mean", "cov", "set_point_mean", "p_low"):
        np.testing.assert_allclose(
            getattr(found, name), getattr(expected, name), atol=1e-5, err_msg=name
        )


@given(seed=SEEDS)
def test_a_slider_whose_ends_nobody_meets_is_as_good_as_a_continuous_one(seed):
    rng = np.random.default_rng(seed)
    draw, b, ratings = random_case(rng, 6)

    kept = filtered(ratings, b, draw, scale=scale("bounded", low=-40, high=60))

    exact = filtered(ratings, b, draw)
    np.testing.assert_allclose(kept.so_far, exact.so_far, atol=1e-9)
    np.testing.assert_allclose(kept.mean, exact.mean, atol=1e-9)
    np.testing.assert_allclose(kept.u_cov, exact.u_cov, atol=1e-9)


def test_an_answer_at_the_end_of_a_slider_raises_the_level_and_leaves_it_wider():
    ratings, slider = np.full((3, 2, 1), 6.0), scale("bounded", high=8.0, n_answers=81)
    ratings[1, 0] = 8.0

    kept = filtered(ratings, B, example(1), scale=slider)

    exact = filtered(ratings, B, example(1))
    found, plain = (levels_of(each, B, example(1)) for each in (kept, exact))
    assert found.mean[1, 0] > plain.mean[1, 0] + 0.05
    assert found.cov[1, 0, 0] > plain.cov[1, 0, 0] + 0.01
    assert kept.so_far[0] == pytest.approx(exact.so_far[0], abs=1e-9)


@given(seed=SEEDS)
def test_exchanging_the_seats_mirrors_everything(seed):
    rng = np.random.default_rng(seed)
    draw, b = random_draw(rng, 3), random_couplings(rng)
    y = answered(random_ratings(rng, 5, 3))

    one = levels_of(filtered(y, b, draw, scale=FIVE), b, draw)

    seats = mirrored_couplings(b), mirrored(draw)
    turned = filtered(y[:, ::-1], *seats, scale=FIVE)
    other = levels_of(turned, *seats)
    assert log_likelihood(y, b, draw, scale=FIVE) == pytest.approx(
        turned.log_likelihood, abs=1e-9
    )
    np.testing.assert_allclose(one.mean, other.mean[:, ::-1], atol=1e-9)
    np.testing.assert_allclose(one.p_low, other.p_low[:, ::-1], atol=1e-9)


def test_neither_order_nor_empty_sessions_nor_units_change_anything():
    rng = np.random.default_rng(70)
    draw, b = random_draw(rng, 3), random_couplings(rng)
    y = answered(random_ratings(rng, 5, 3))
    nu, lam, R = (part[:, ::-1] for part in (draw.nu, draw.lam, draw.R))
    other_order = type(draw)(**{n: getattr(draw, n) for n in draw.__dataclass_fields__} | {"nu": nu, "lam": lam, "R": R})  # fmt: skip
    longer = np.concatenate([y, np.full((3, 2, 3), np.nan)])

    expected = log_likelihood(y, b, draw, scale=FIVE)

    turned = log_likelihood(y[..., ::-1], b, other_order, scale=FIVE)
    tenfold = scale("categories", low=20.0, high=60.0, n_answers=5)
    assert turned == pytest.approx(expected, abs=1e-10)
    assert log_likelihood(longer, b, draw, scale=FIVE) == pytest.approx(
        expected, abs=1e-10
    )
    assert log_likelihood(
        10 * y, b, rescaled(draw, 10.0, 0.0), scale=tenfold
    ) == pytest.approx(expected, abs=1e-8)


def test_many_points_and_draws_at_once_are_each_what_they_are_alone():
    rng = np.random.default_rng(71)
    draws, b = [random_draw(rng) for _ in range(3)], random_couplings(rng, (3, 4))
    y, gaps = answered(random_ratings(rng, 4)), [0.5, 1.0, 2.0]
    b = np.abs(b) * (1, 0.2, 0.2, 1) + (0.1, 0, 0, 0.1)  # so that they have these gaps
    each_row = type(draws[0])(
        **{
            n: getattr(stacked(draws), n)[:, None]
            for n in draws[0].__dataclass_fields__
        }
    )

    found = filtered(y, b, each_row, gaps=gaps, scale=FIVE)

    for i, draw in enumerate(draws):
        for point in range(4):
            alone = filtered(y, b[i, point], draw, gaps=gaps, scale=FIVE)
            np.testing.assert_allclose(found.so_far[i, point], alone.so_far, atol=1e-9)
            np.testing.assert_allclose(found.mean[i, point], alone.mean, atol=1e-9)


def test_more_rounds_change_little(monkeypatch):
    rng = np.random.default_rng(72)
    courses = [
        (
            answered(random_ratings(rng, 6, 3)),
            random_couplings(rng),
            random_draw(rng, 3),
        )
        for _ in range(20)
    ]
    few = [filtered(y, b, draw, scale=FIVE) for y, b, draw in courses]
    monkeypatch.setattr(module, "N_ROUNDS", 30)

    many = [filtered(y, b, draw, scale=FIVE) for y, b, draw in courses]

    for one, other in zip(few, many, strict=True):
        sd = np.sqrt(np.diagonal(other.cov, axis1=-2, axis2=-1))
        assert np.abs((one.mean - other.mean) / sd).max() < 0.02
        assert one.log_likelihood == pytest.approx(other.log_likelihood, abs=0.01)


def test_on_a_logit_scale_answers_have_the_density_of_stretched_ratings():
    rng = np.random.default_rng(73)
    slider, draw = scale("logit"), example()
    y = np.clip(random_ratings(rng, 5), 0, 10)
    y[0, 0, 0] = 10.0

    found = log_likelihood(y, B, draw, scale=slider)

    share = (y + 0.5) / 11
    ratings = 5 + 11 / 4 * np.log(share / (1 - share))
    slope = 11 / 4 * (1 / (y + 0.5) + 1 / (10.5 - y))
    expected = log_likelihood(ratings, B, draw) + np.nansum(np.log(slope))
    assert found == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("kind", ["bounded", "categories", "logit"])
def test_an_answer_beyond_the_ends_is_refused(kind):
    y = np.full((2, 2, 2), 5.0)
    y[1, 1, 0] = 11.0

    with pytest.raises(ParameterError, match="ratings must lie on the scale"):
        log_likelihood(y, B, example(), scale=scale(kind, n_answers=11))


def test_an_answer_between_two_categories_is_refused():
    y = np.full((1, 2, 2), 4.5)

    with pytest.raises(ParameterError, match="ratings must be categories"):
        filtered(y, B, example(), scale=FIVE)


def test_ratings_of_another_shape_are_refused():
    with pytest.raises(
        ParameterError, match=r"ratings must have shape \(\.\.\., n_sess"
    ):
        filtered(np.zeros((3, 2, 1)), B, example(), scale=FIVE)
    with pytest.raises(ParameterError, match="those of one pair"):
        filtered(np.full((4, 3, 2, 2), 3.0), B, example(), scale=FIVE)


def test_who_answered_nothing_is_met_as_nothing():
    y = np.full((4, 2, 2), np.nan)

    kept = filtered(y, B, example(), scale=FIVE)

    assert kept.log_likelihood == pytest.approx(0, abs=1e-12)
    np.testing.assert_allclose(kept.mean, filtered(y, B, example()).mean, atol=1e-12)
