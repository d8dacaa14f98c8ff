"""Expected change: reference values, whole matrices, and what a clinic must bring."""

import numpy as np
import pytest

from duologue.engine.change.codes import Better
from duologue.engine.change.growth import (
    Band,
    Growth,
    Track,
    expected,
    expected_after,
    fit_growth,
    track,
    track_alone,
)
from duologue.engine.change.mixed import MixedModel
from duologue.errors import ParameterError

NAN = float("nan")
# The fit of a published example, 43 people and 486 scores, as its package has it.
GROWTH = Growth(
    model=MixedModel(
        fixed=np.array([39.5641930449, -9.6371441194]),
        fixed_covariance=np.diag([1.2951**2, 0.7103**2]),
        G=np.array([[59.9190748596, -27.3245480672], [-27.3245480672, 17.8288541646]]),
        residual=21.4227462573,
        log_likelihood=-1520.209246,
        n_scores=486,
        n_courses=43,
    ),
    n_cases=43,
    research=True,
)


def made(n_cases, n_sessions=13, *, seed=3):
    """Finished cases from the published numbers."""
    rng = np.random.default_rng(seed)
    x = np.log1p(np.arange(n_sessions))
    model = GROWTH.model
    u = rng.multivariate_normal(model.fixed, model.G, size=n_cases)
    noise = np.sqrt(model.residual) * rng.normal(size=(n_cases, n_sessions))
    y = u[:, :1] + u[:, 1:] * x + noise
    y[rng.random(y.shape) < 0.13] = NAN
    return y


def test_a_new_person_at_session_four_worked():
    # 24.054, SD 6.290; upper end of the 80 % band 24.054 + 1.2816 * 6.290 = 32.115.
    band = expected(GROWTH, [4])

    assert band.mean[0] == pytest.approx(24.054, abs=5e-4)
    assert band.sd[0] == pytest.approx(6.290, abs=5e-4)
    assert band.upper(0.8)[0] == pytest.approx(32.115, abs=5e-4)
    assert band.lower(0.8)[0] == pytest.approx(2 * 24.054 - 32.115, abs=2e-3)


@pytest.mark.shared
def test_the_fit_is_that_of_the_reference(reference, numbers, bdi):
    growth = fit_growth(bdi, research=True)

    fixed = reference("growth/loglinear_reml_fixef.csv")
    model = growth.model
    assert (model.n_scores, model.n_courses, growth.n_cases) == (486, 43, 43)
    assert growth.research
    np.testing.assert_allclose(model.fixed, numbers(fixed, "value"), atol=1e-6)
    errors = np.sqrt(np.diag(model.fixed_covariance))
    np.testing.assert_allclose(errors, numbers(fixed, "se"), atol=1e-6)
    v0, v1, c01, residual = numbers(
        reference("growth/loglinear_reml_varcomp.csv"), "vcov"
    )
    np.testing.assert_allclose(model.G, [[v0, c01], [c01, v1]], atol=1e-5)
    assert model.residual == pytest.approx(residual, abs=1e-5)
    fit = reference("growth/loglinear_reml_fit.csv")
    assert model.log_likelihood == pytest.approx(numbers(fit, "logLik")[0], abs=1e-8)


@pytest.mark.shared
def test_bands_are_those_of_the_reference(reference, numbers, bdi):
    growth = fit_growth(bdi, research=True)
    marginal = reference("growth/etr_marginal.csv")
    after = reference("growth/etr_conditional_k1.csv")

    band = expected(growth, numbers(marginal, "session"))
    told = expected_after(growth, [[40]], numbers(after, "session"), seen_at=[0])

    for name, values in (
        ("expected", band.mean),
        ("sd", band.sd),
        ("upper68", band.upper(0.68)),
        ("upper80", band.upper(0.80)),
        ("upper90", band.upper(0.90)),
    ):
        np.testing.assert_allclose(values, numbers(marginal, name), atol=1e-5)
    for name, values in (
        ("expected", told.mean),
        ("sd", told.sd),
        ("upper80", told.upper(0.80)),
    ):
        np.testing.assert_allclose(values[0], numbers(after, name), atol=1e-5)


def test_what_is_known_moves_the_band_as_whole_matrices_say():
    model = GROWTH.model
    seen = np.array([[40.0, NAN, 38, 41], [20, 18, NAN, NAN], [NAN] * 4])

    band = expected_after(GROWTH, seen, [5, 9])

    Z_new = np.stack([np.ones(2), np.log1p([5, 9])], axis=1)
    for row, y in enumerate(seen):
        there = ~np.isnan(y)
        Z = np.stack([np.ones(there.sum()), np.log1p(np.flatnonzero(there))], axis=1)
        V = Z @ model.G @ Z.T + model.residual * np.eye(len(Z))
        gain = model.G @ Z.T @ np.linalg.inv(V)
        u = gain @ (y[there] - Z @ model.fixed)
        rest = model.G - gain @ Z @ model.G
        np.testing.assert_allclose(
            band.mean[row], Z_new @ (model.fixed + u), rtol=1e-10
        )
        sd = np.sqrt(np.diag(Z_new @ rest @ Z_new.T) + model.residual)
        np.testing.assert_allclose(band.sd[row], sd, rtol=1e-10)
    nobody = expected(GROWTH, [5, 9])
    np.testing.assert_allclose(band.mean[2], nobody.mean)
    np.testing.assert_allclose(band.sd[2], nobody.sd)


def test_bands_hold_as_many_new_people_as_they_say():
    growth = fit_growth(made(400))
    new = made(3000, seed=8)
    early = np.where(np.arange(13) < 3, new, NAN)

    for band in (expected(growth, range(13)), expected_after(growth, early, range(13))):
        late = new[:, 4:] > band.upper(0.8)[..., 4:]
        share = late[~np.isnan(new[:, 4:])].mean()
        # One score in ten; 27,000 scores of 3,000 people and 400 learned from.
        assert share == pytest.approx(0.10, abs=0.015)


def test_fewer_than_a_hundred_finished_cases_are_for_research_alone():
    cases = made(120)
    cases[99:, 1:] = NAN  # 99 cases with two scores or more

    with pytest.raises(ParameterError, match=r"100 finished cases .* got 99"):
        fit_growth(cases)
    assert fit_growth(cases, research=True).research
    assert not fit_growth(made(100)).research


def test_cases_of_two_instruments_are_not_learned_from():
    cases = made(101)
    instrument = np.ones(cases.shape, dtype=int)
    instrument[:2, 6:] = 2

    with pytest.raises(ParameterError, match="got 99"):
        fit_growth(cases, instrument=instrument)


@pytest.mark.parametrize("cases", [np.full((120, 5), 10.1), np.ones((0, 5))])
def test_cases_that_teach_nothing_are_refused(cases):
    with pytest.raises(ParameterError, match=r"to learn from: (NO_SPREAD|FEW_PEOPLE)"):
        fit_growth(cases, research=True)


def test_sessions_may_have_gaps_in_their_numbers():
    cases = made(100)
    some = [0, 1, 2, 4, 8, 12]

    growth = fit_growth(cases[:, some], sessions=some)
    blanked = np.where(np.isin(np.arange(13), some), cases, NAN)

    np.testing.assert_allclose(growth.model.G, fit_growth(blanked).model.G, rtol=1e-6)


def test_not_on_track_needs_the_band_the_start_and_the_third_session():
    # Band 20 +- 5: amber from 20 + 1.2816 * 5 = 26.4, red from 28.2, lower better.
    flat = Band(sessions=np.arange(6.0), mean=np.full(6, 20.0), sd=np.full(6, 5.0))
    scores = [
        [22, 40, 40, 27, 29, NAN],
        [30, 30, 30, 29, 33, 36],
        [NAN, 21, 20, 20, 28, 10],
    ]

    found = track(scores, flat, better=Better.LOWER, sd_of_difference=4)
    turned = track(
        60 - np.array(scores),
        Band(sessions=flat.sessions, mean=60 - flat.mean, sd=flat.sd),
        better=Better.HIGHER,
        sd_of_difference=4,
    )

    on, amber, red, no = Track.ON, Track.AMBER, Track.RED, Track.UNDEFINED
    assert found.tolist() == [
        [on, on, on, amber, red, no],
        [on, on, on, on, on, red],  # began high: worse by 3 is no more than error
        [no, on, on, on, amber, on],
    ]
    assert turned.tolist() == found.tolist()


def test_without_a_band_the_first_score_alone_decides():
    # S_diff 2: the reliable change is 3.92 points, lower better.
    scores = [
        [20, 23, 24, 20, 20, 20, 20, 20, 20, 16],
        [NAN, 20, 16, 20, 20, 20, 20, 20, 16, NAN],
        [NAN] * 10,
    ]

    found = track_alone(scores, better=Better.LOWER, sd_of_difference=2)
    turned = track_alone(
        60 - np.array(scores), better=Better.HIGHER, sd_of_difference=2
    )

    on, amber, red, no = Track.ON, Track.AMBER, Track.RED, Track.UNDEFINED
    assert found.tolist() == [
        [on, on, red, on, on, on, on, on, amber, on],
        [no, on, on, on, on, on, on, on, on, no],
        [no] * 10,
    ]
    assert turned.tolist() == found.tolist()
    assert (
        track_alone(np.ones((2, 0)), better=Better.LOWER, sd_of_difference=2).size == 0
    )


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: expected(GROWTH, [-1]), "sessions must be finite and 0 or more"),
        (lambda: expected(GROWTH, 3), "sessions must have one axis"),
        (
            lambda: expected_after(GROWTH, [[1, 2]], [3], seen_at=[0]),
            "one for each score",
        ),
        (lambda: expected(GROWTH, [3]).upper(1), r"band must lie in \(0, 1\), got 1"),
        (
            lambda: track(
                [[1, 2]],
                expected(GROWTH, [3]),
                better=Better.LOWER,
                sd_of_difference=1,
            ),
            "scores must have the 1 sessions of band, got 2",
        ),
        (
            lambda: track_alone([[1]], better=Better.LOWER, sd_of_difference=NAN),
            "sd_of_difference must be above 0, got nan",
        ),
        (
            lambda: track(
                [[1]], expected(GROWTH, [3]), better=Better.LOWER, sd_of_difference=0
            ),
            "sd_of_difference must be above 0, got 0",
        ),
    ],
)
def test_what_does_not_fit_is_refused(call, match):
    with pytest.raises(ParameterError, match=match):
        call()
