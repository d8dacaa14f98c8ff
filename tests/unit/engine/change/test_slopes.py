"""Slopes of courses: the whole slope, the peer's random part, and who has none."""

import numpy as np
import pytest

from duologue.engine.change.codes import Better, Category, Reason
from duologue.engine.change.slopes import slopes
from duologue.errors import ParameterError

NAN = float("nan")


def made(n_courses=40, n_sessions=6, *, seed=1):
    """Courses that fall by 3 a session on average."""
    rng = np.random.default_rng(seed)
    slope = rng.normal(-3, 1, size=(n_courses, 1))
    level = rng.normal(40, 6, size=(n_courses, 1))
    noise = rng.normal(size=(n_courses, n_sessions))
    return level + slope * np.arange(n_sessions) + noise


def table(columns, numbers):
    """Turn rows of id, time, score into one row a person, in the order of ids."""
    ids, times, values = numbers(columns, "id", "time", "y")
    people, at = np.unique(ids, return_inverse=True)
    out = np.full((people.size, int(times.max()) + 1), NAN)
    out[at, times.astype(int)] = values
    return people, out


@pytest.mark.shared
def test_slopes_are_those_of_the_reference(reference, numbers):
    people, y = table(reference("change/slopes_input.csv"), numbers)
    file = reference("change/slopes_expected.csv")
    order = np.argsort(numbers(file, "id"))
    parameters = numbers(reference("change/slopes_parameters.csv"), "value")

    found = slopes(y, better=Better.LOWER)
    peer = slopes(y, better=Better.LOWER, compat=True)

    assert people.tolist() == numbers(file, "id")[order].tolist()
    for name, values in (
        ("random_slope", found.random),
        ("sd", found.sd),
        ("total_slope", found.total),
        ("rci_total", found.values),
        ("rci_package", peer.values),
    ):
        # lme4 stops where its own search stops: 2e-3 by our own rule, 1e-5 here.
        np.testing.assert_allclose(values, numbers(file, name)[order], atol=2e-5)
    model = found.model
    b0, b1, v0, v1, c01, residual = parameters
    np.testing.assert_allclose(model.fixed, [b0, b1], atol=1e-6)
    np.testing.assert_allclose(model.G, [[v0, c01], [c01, v1]], rtol=2e-5)
    assert model.residual == pytest.approx(residual, rel=1e-5)
    counts = [
        [(each.category == c).sum() for c in (Category.IMPROVED, Category.DETERIORATED)]
        for each in (found, peer)
    ]
    assert counts == [[14, 1], [7, 8]]


def test_where_all_improve_only_the_peer_finds_people_who_got_worse():
    y = made()

    found = slopes(y, better=Better.LOWER)
    peer = slopes(y, better=Better.LOWER, compat=True)

    assert (found.category == Category.IMPROVED).sum() >= 38
    assert not (found.category == Category.DETERIORATED).any()
    assert (peer.category == Category.DETERIORATED).sum() >= 8
    np.testing.assert_allclose(found.total - found.random, found.model.fixed[1])


def test_a_scale_turned_round_gives_the_same_categories():
    y = made()

    found = slopes(y, better=Better.LOWER)
    turned = slopes(60 - y, better=Better.HIGHER)

    np.testing.assert_allclose(turned.values, -found.values, rtol=1e-5)
    assert turned.category.tolist() == found.category.tolist()


def test_who_has_two_scores_or_two_instruments_is_left_out_with_a_reason():
    y = np.vstack([made(), made(3, seed=2)])
    y[40, 2:] = NAN
    y[41] = NAN
    instrument = np.ones(y.shape, dtype=int)
    instrument[42, 3:] = 2

    found = slopes(y, better=Better.LOWER, instrument=instrument)
    alone = slopes(y[:40], better=Better.LOWER)

    assert found.reason[40:].tolist() == [
        Reason.FEW_SCORES,
        Reason.BLANK,
        Reason.TWO_INSTRUMENTS,
    ]
    assert np.isnan(found.values[40:]).all()
    assert not found.category[40:].any()
    assert found.model.n_courses == 40
    np.testing.assert_allclose(found.values[:40], alone.values, rtol=1e-9)


def test_times_may_be_each_persons_own():
    y = made()
    times = np.tile(np.arange(6.0), (40, 1))

    found = slopes(y, better=Better.LOWER)
    weeks = slopes(y, better=Better.LOWER, times=7 * times)

    np.testing.assert_allclose(weeks.values, found.values, rtol=1e-5)
    np.testing.assert_allclose(7 * weeks.total, found.total, rtol=1e-5)


def test_what_cannot_be_learned_is_undefined_and_never_infinite():
    flat = np.full((20, 6), 10.1)
    rng = np.random.default_rng(1)
    # Slopes that differ less than noise alone would make them: the spread is 0.
    noise = rng.normal(size=(20, 6))
    x = np.arange(6) - 2.5
    noise -= np.outer(noise @ x / (x @ x), x)
    alike = 30 + rng.normal(0, 5, (20, 1)) + noise - 2 * np.arange(6)

    for y, why in (
        (flat, Reason.NO_SPREAD),
        (alike, Reason.NO_SPREAD),
        (made(2), Reason.FEW_PEOPLE),
        (made()[:, :2], Reason.FEW_SCORES),
        (made()[:, :1], Reason.FEW_SCORES),
    ):
        found = slopes(y, better=Better.LOWER)
        assert (found.reason == why).all()
        assert np.isnan(found.values).all()
        assert not found.category.any()
    assert slopes(np.zeros((0, 4)), better=Better.LOWER).values.shape == (0,)


def test_what_does_not_fit_is_refused():
    y = made(5)
    late = np.tile(np.arange(6.0), (5, 1))
    late[2, 2] = NAN

    with pytest.raises(
        ParameterError, match=r"times must have shape \(6,\) or \(5, 6\)"
    ):
        slopes(y, better=Better.LOWER, times=[1, 2])
    with pytest.raises(ParameterError, match="times must be finite"):
        slopes(y, better=Better.LOWER, times=late)
    with pytest.raises(ParameterError, match="z must be above 0, got -1"):
        slopes(y, better=Better.LOWER, z=-1)
