"""Nearest neighbours: reference values, ties, a plain version, and who has none."""

import math
import statistics

import numpy as np
import pytest

from duologue.engine.change import neighbours
from duologue.engine.change.codes import Reason
from duologue.engine.change.neighbours import nearest_neighbours
from duologue.errors import ParameterError

NAN = float("nan")


def made(n_people=60, n_features=3, *, seed=1):
    """Whole numbers, so that many distances tie, and outcomes."""
    rng = np.random.default_rng(seed)
    x = rng.integers(0, 5, size=(n_people, n_features)).astype(float)
    return x, rng.integers(0, 40, size=n_people).astype(float)


def slow(x, k, person):
    """Sort the others by rounded distance and then by place."""
    n = len(x)
    columns = list(zip(*x, strict=True))
    sds = [statistics.stdev(column) for column in columns]
    distances = []
    for other in range(n):
        squares = sum(
            ((a - b) / sd) ** 2
            for a, b, sd in zip(x[person], x[other], sds, strict=True)
        )
        distances.append((round(math.sqrt(squares), 12), other))
    return [other for _, other in sorted(distances) if other != person][:k]


@pytest.mark.shared
def test_neighbours_are_those_of_the_reference(reference, numbers):
    file = reference("growth/nearest_neighbours_k5.csv")
    x = np.stack(numbers(file, "bdi_s0", "bdi_s1", "rq_s0"), axis=1)
    ids, outcomes = numbers(file, "id", "bdi_s12")

    found = nearest_neighbours(x, outcomes, k=5, ids=ids)

    for row, expected in enumerate(file["neighbours"]):
        assert ids[found.rows[row]].tolist() == [float(id_) for id_ in expected.split()]
    np.testing.assert_allclose(found.expected, numbers(file, "pred"), rtol=1e-12)
    np.testing.assert_allclose(found.sd, numbers(file, "sd_neighbours"), rtol=1e-12)


def test_everybody_is_compared_as_with_a_pencil(monkeypatch):
    x, y = made()

    found = nearest_neighbours(x, y, k=7)
    monkeypatch.setattr(neighbours, "AT_ONCE", 200)
    bit_by_bit = nearest_neighbours(x, y, k=7)

    for person in range(len(y)):
        rows = slow(x.tolist(), 7, person)
        assert found.rows[person].tolist() == rows
        assert found.expected[person] == pytest.approx(statistics.mean(y[rows]))
        assert found.sd[person] == pytest.approx(statistics.stdev(y[rows]))
    assert (bit_by_bit.rows == found.rows).all()


def test_order_of_people_and_of_features_and_units_do_not_matter():
    x, y = made()
    ids = np.arange(100, 160)
    rng = np.random.default_rng(3)
    order, columns = rng.permutation(60), rng.permutation(3)

    found = nearest_neighbours(x, y, ids=ids)
    other = nearest_neighbours(50 - 3 * x[order][:, columns], y[order], ids=ids[order])

    assert (ids[order][other.rows] == ids[found.rows][order]).all()
    np.testing.assert_allclose(other.expected, found.expected[order])


def test_a_person_without_an_outcome_has_neighbours_and_is_none():
    x, y = made()
    y[[4, 9]] = NAN

    found = nearest_neighbours(x, y)

    assert not np.isin(found.rows, [4, 9]).any()
    assert not np.isnan(found.expected).any()


def test_who_lacks_a_feature_or_company_is_told_so():
    x, y = made(12)
    x[3, 1] = NAN

    found = nearest_neighbours(x, y, k=10)
    fewer = nearest_neighbours(x, np.where(np.arange(12) == 5, NAN, y), k=10)

    assert found.reason.tolist() == [0] * 3 + [Reason.BLANK] + [0] * 8
    assert np.isnan([found.expected[3], found.sd[3]]).all()
    assert (found.rows[3] == -1).all()
    # Ten of them finished: nobody among those has ten others, and the new one has.
    assert fewer.reason[0] == Reason.FEW_PEOPLE
    assert fewer.reason[5] == Reason.NONE
    assert np.isnan(fewer.expected[0])


def test_a_feature_that_is_the_same_in_all_has_no_unit():
    x, y = made()
    x[:, 1] = 10.1

    found = nearest_neighbours(x, y)

    assert (found.reason == Reason.NO_SPREAD).all()
    assert np.isnan(found.expected).all()


@pytest.mark.parametrize("n_people", [0, 1, 2])
def test_nobody_and_one_have_no_neighbours(n_people):
    found = nearest_neighbours(np.ones((n_people, 2)), np.ones(n_people), k=2)

    assert (found.reason == Reason.FEW_PEOPLE).all()
    assert found.rows.shape == (n_people, 2)


@pytest.mark.parametrize(
    ("features", "outcomes", "options", "match"),
    [
        ([1, 2], [1, 2], {}, "features must have two axes"),
        ([[1], [2]], [1], {}, "one of as many people"),
        ([[1], [np.inf]], [1, 2], {}, "must be finite or nan"),
        (np.ones((2, 0)), [1, 2], {}, "one feature or more"),
        ([[1], [2]], [1, 2], {"k": 1}, "k must be 2 or more, got 1"),
        ([[1], [2]], [1, 2], {"ids": [3, 3]}, "ids must each come once"),
    ],
)
def test_what_does_not_fit_is_refused(features, outcomes, options, match):
    with pytest.raises(ParameterError, match=match):
        nearest_neighbours(features, outcomes, **options)
