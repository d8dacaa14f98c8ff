"""Lines counted in words of 64 bits, and the radius found without a matrix: by matrices."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duologue.engine.synchrony import compiled_recurrence as compiled
from duologue.engine.synchrony.recurrence import Metric, recurrence
from duologue.engine.synchrony.recurrence_radius import distance_within
from uncompiled import uncompile

SIZES = (1, 2, 63, 64, 65, 127, 128, 129)
SHARE = 0.05


def distances(x, y, rule):
    """Return the distance of every two states; of the Euclidean its square.

    Dimensions are added one after another, since the last digit may decide.
    """
    span = (rule.embed - 1) * rule.delay
    n, m = x.shape[1] - span, y.shape[1] - span
    total = np.zeros((n, m))
    for k in range(rule.embed):
        at = k * rule.delay
        for one, other in zip(x, y, strict=True):
            gap = np.abs(np.subtract.outer(one[at : at + n], other[at : at + m]))
            if rule.metric == Metric.EUCLIDEAN:
                total += gap * gap
            elif rule.metric == Metric.MAXIMUM:
                total = np.maximum(total, gap)
            else:
                total += gap
    return total


def by_length(rows, size):
    """Count runs of true in rows by their length."""
    counts = np.zeros(size, dtype=int)
    for row in rows:
        edges = np.flatnonzero(np.diff(np.concatenate([[False], row, [False]])))
        np.add.at(counts, edges[1::2] - edges[::2], 1)
    return counts


def slowly(x, y, rule):
    """Count lines and points of the plot as a matrix."""
    plot = distances(x, y, rule) <= rule.limit
    n, m = plot.shape
    slants = [np.diagonal(plot, k) for k in range(1 - n, m)]
    return (
        by_length(slants, min(n, m) + 1),
        by_length(plot, m + 1),
        by_length(plot.T, n + 1),
        np.array([0, *(slant.sum() for slant in slants)]),
    )


def check(x, y, rule):
    found = compiled.count(x, y, rule)
    for name, told, expected in zip(
        found._fields, found, slowly(x, y, rule), strict=True
    ):
        np.testing.assert_array_equal(told, expected, err_msg=name)


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("m", SIZES)
def test_at_the_borders_of_words_every_line_is_counted(n, m):
    rng = np.random.default_rng([n, m])
    for limit in (-1.0, 0.3, 1.0, math.inf):  # nothing, some, most, everything
        check(
            rng.uniform(size=(1, n)),
            rng.uniform(size=(1, m)),
            compiled.Rule(limit, Metric.MAXIMUM, 1, 1),
        )


@given(
    seed=st.integers(0, 2**32 - 1),
    sizes=st.tuples(st.integers(1, 140), st.integers(1, 140)),
    embed=st.integers(1, 5),
    delay=st.integers(1, 4),
    n_channels=st.integers(1, 3),
    metric=st.sampled_from(Metric),
    whole=st.booleans(),
)
def test_whatever_a_state_is_every_line_is_counted(
    seed, sizes, embed, delay, n_channels, metric, whole
):
    rng = np.random.default_rng(seed)
    x, y = (
        rng.normal(size=(n_channels, n + (embed - 1) * delay)).cumsum(axis=1)
        for n in sizes
    )
    if whole:
        x, y = np.round(x), np.round(y)
    rule = compiled.Rule(0.0, metric, embed, delay)
    # A distance that there is: the limit itself counts.
    limit = rng.choice(distances(x, y, rule).ravel())

    check(x, y, rule._replace(limit=limit))


@pytest.mark.parametrize("m", [compiled.TILE + k for k in (-1, 0, 1, 64)])
def test_where_columns_are_cut_no_line_is(m):
    rng = np.random.default_rng(m)
    x, y = rng.normal(size=(1, 6)), rng.normal(size=(1, m + 3))

    check(x, y, compiled.Rule(2.0, Metric.EUCLIDEAN, 4, 1))
    check(y, x, compiled.Rule(2.0, Metric.EUCLIDEAN, 4, 1))


@given(
    seed=st.integers(0, 2**32 - 1),
    metric=st.sampled_from(Metric),
    embed=st.integers(1, 4),
    is_open=st.booleans(),
    decimals=st.sampled_from([0, 1, 15]),
)
def test_the_seats_exchanged_turn_every_count(seed, metric, embed, is_open, decimals):
    rng = np.random.default_rng(seed)
    first, second = (rng.normal(size=n).round(decimals) for n in (70, 130))
    rule = {"embed": embed, "metric": metric, "is_open": is_open, "n_diagonals": 140}

    there, back = recurrence(first, second, **rule), recurrence(second, first, **rule)

    assert (there.radius, there.rate) == (back.radius, back.rate)
    np.testing.assert_equal(there.diagonal, back.diagonal)
    np.testing.assert_equal(there.along_first, back.along_second)
    np.testing.assert_equal(there.along_second, back.along_first)
    np.testing.assert_array_equal(there.profile, back.profile[::-1])


def test_as_plain_python_it_counts_the_same(monkeypatch):
    """So that each line of it is looked at; tiles and room are small to be used up."""
    uncompile(monkeypatch, compiled)
    monkeypatch.setattr(compiled, "TILE", 64)
    monkeypatch.setattr(compiled, "ROOM", 20)
    monkeypatch.setattr(compiled, "N_SAMPLED", 200)
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=(2, 40)), rng.normal(size=(2, 75))
    with np.errstate(over="ignore"):  # bits that are gathered are to run over
        for metric in Metric:
            rule = compiled.Rule(math.inf, metric, 3, 2)
            found = distance_within(SHARE, x, y, rule, compiled)

            assert found == least(x, y, rule)
            check(x, y, rule._replace(limit=found))


# The radius


def least(x, y, rule, share=SHARE):
    """Return the distance that is sought from all of them in order."""
    found = distances(x, y, rule).ravel()
    k = math.ceil(share * found.size) - 1
    return np.partition(found, k)[k]


@pytest.mark.parametrize("metric", Metric)
@pytest.mark.parametrize(("n", "m"), [(1, 1), (5, 3), (723, 726), (900, 1300)])
def test_the_radius_is_found_as_in_a_matrix_of_all_distances(metric, n, m):
    rng = np.random.default_rng([n, m])
    x, y = rng.normal(size=(1, n + 4)), rng.normal(size=(1, m + 4))
    rule = compiled.Rule(math.inf, metric, 3, 2)

    for share in (1e-9, SHARE, 0.5, 1.0):
        found = distance_within(share, x, y, rule, compiled)

        assert found == least(x, y, rule, share)


@pytest.mark.parametrize("metric", Metric)
def test_the_radius_is_found_where_many_distances_are_equal(metric):
    rng = np.random.default_rng(4)
    rule = compiled.Rule(math.inf, metric, 2, 1)
    for moving in (0.02, 0.9, 1.0):
        x, y = (
            np.round(rng.normal(0, 3, size=(1, n))) * (rng.uniform(size=n) < moving)
            for n in (800, 900)
        )

        assert distance_within(SHARE, x, y, rule, compiled) == least(x, y, rule)


@pytest.mark.parametrize("sampled", [0.0, 1e9, 1e-300])
def test_a_sample_that_misleads_costs_time_only(monkeypatch, sampled):
    """All pairs are looked at then, more than there is room for: bins are narrowed."""
    monkeypatch.setattr(compiled, "sample", lambda *_: np.full(1000, sampled))
    x, y = np.random.default_rng(5).normal(size=(2, 1, 800))
    rule = compiled.Rule(math.inf, Metric.EUCLIDEAN, 1, 1)

    assert distance_within(SHARE, x, y, rule, compiled) == least(x, y, rule)


@given(
    seed=st.integers(0, 2**32 - 1),
    metric=st.sampled_from(Metric),
    is_open=st.booleans(),
    decimals=st.sampled_from([0, 1, 15]),
)
def test_a_radius_that_was_found_gives_the_same_again(seed, metric, is_open, decimals):
    rng = np.random.default_rng(seed)
    first, second = rng.normal(size=(2, 60)).round(decimals)
    rule = {"metric": metric, "embed": 2, "is_open": is_open}

    found = recurrence(first, second, **rule)

    again = recurrence(first, second, radius=found.radius, **rule)
    np.testing.assert_equal(again, found)
    assert found.rate >= SHARE
    if found.radius > 1e-100:  # an open one beyond 0 has a square that is hardly there
        nearer = math.nextafter(found.radius, 0.0)
        assert recurrence(first, second, radius=nearer, **rule).rate < SHARE


def test_an_open_radius_lies_beyond_those_that_are_to_recur():
    found = recurrence([0.0, 1.0] * 10, [1.0, 0.0] * 10, is_open=True)

    assert 0 < found.radius < 1e-100
    assert found.rate == 0.5
