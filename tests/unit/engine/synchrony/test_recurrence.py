"""Cross-recurrence: against its definition, crqa, PyRQA and AccRQA."""

import math
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duologue.engine.synchrony.recurrence import Metric, recurrence, with_itself
from duologue.errors import ParameterError
from motion_files import fixture, records, table

KINDS = ("diagonal", "along_second", "along_first")


def runs(flags):
    """Return the lengths of the runs of true."""
    lengths, n = [], 0
    for flag in (*flags, False):
        if flag:
            n += 1
        elif n:
            lengths.append(n)
            n = 0
    return lengths


def slowly(x, y, radius, *, is_open=False):
    """Return the plot as a matrix, and the lengths of its lines of each kind."""
    away = np.abs(np.subtract.outer(x, y))
    plot = away < radius if is_open else away <= radius
    offsets = range(1 - len(x), len(y))
    return plot, {
        "diagonal": [n for k in offsets for n in runs(np.diagonal(plot, k))],
        "along_second": [n for row in plot for n in runs(row)],
        "along_first": [n for column in plot.T for n in runs(column)],
    }


whole = st.lists(st.integers(0, 4).map(float), min_size=1, max_size=25)


@given(whole, whole, st.integers(0, 3), st.booleans())
def test_it_is_its_definition(first, second, radius, is_open):
    found = recurrence(first, second, radius=radius, is_open=is_open, n_diagonals=4)

    plot, lines = slowly(first, second, radius, is_open=is_open)
    assert found.rate == plot.mean()
    for kind in KINDS:
        told, lengths = getattr(found, kind), np.array(lines[kind])
        long = lengths[lengths >= 2] if lengths.size else lengths
        assert told.n == long.size
        assert told.longest == lengths.max(initial=0)
        if plot.any():
            assert told.share == pytest.approx(long.sum() / plot.sum())
        if long.size:
            assert told.mean == pytest.approx(long.mean())
            _, n = np.unique(long, return_counts=True)
            share = n / n.sum()
            assert told.entropy == pytest.approx(-(share * np.log(share)).sum())
    for lag, share in zip(found.lags, found.profile, strict=True):
        on_lag = np.diagonal(plot, lag)
        assert np.isnan(share) if not on_lag.size else share == on_lag.mean()


@given(whole, whole)
def test_the_seats_exchanged_turn_the_plot(first, second):
    there = recurrence(first, second, radius=1, n_diagonals=3)
    back = recurrence(second, first, radius=1, n_diagonals=3)

    assert there.rate == back.rate
    for one, other in (("diagonal", "diagonal"), ("along_first", "along_second")):
        np.testing.assert_equal(getattr(there, one), getattr(back, other))
    np.testing.assert_array_equal(there.profile, back.profile[::-1])


@given(whole.filter(lambda v: len(v) > 1), st.integers(0, 3), st.booleans())
def test_of_a_series_with_itself_each_two_moments_count_once(series, radius, is_open):
    found = with_itself(series, radius=radius, is_open=is_open)

    plot, _ = slowly(series, series, radius, is_open=is_open)
    upper = [np.diagonal(plot, k) for k in range(1, len(series))]
    lengths = np.array([n for one in upper for n in runs(one)], dtype=np.int64)
    n_pairs = len(series) * (len(series) - 1) // 2
    assert found.rate == lengths.sum() / n_pairs
    assert found.diagonal.n == (lengths >= 2).sum()
    assert found.diagonal.longest == lengths.max(initial=0)
    if lengths.size:
        on_lines = lengths[lengths >= 2].sum()
        assert found.diagonal.share == pytest.approx(on_lines / lengths.sum())


CRQA = {
    "RR": lambda f: 100 * f.rate,
    "DET": lambda f: 100 * f.diagonal.share,
    "NRLINE": lambda f: f.diagonal.n,
    "maxL": lambda f: f.diagonal.longest,
    "L": lambda f: f.diagonal.mean,
    "ENTR": lambda f: f.diagonal.entropy,
    "rENTR": lambda f: f.diagonal.relative_entropy,
    "LAM": lambda f: 100 * f.along_second.share,
    "TT": lambda f: f.along_second.mean,
    "max_vertlength": lambda f: f.along_second.longest,
}
PYRQA = {
    "RR": lambda f: f.rate,
    "DET": lambda f: f.diagonal.share,
    "L": lambda f: f.diagonal.mean,
    "Lmax": lambda f: f.diagonal.longest,
    "ENTR": lambda f: f.diagonal.entropy,
    "LAM": lambda f: f.along_second.share,
    "TT": lambda f: f.along_second.mean,
    "Vmax": lambda f: f.along_second.longest,
    "V_entr": lambda f: f.along_second.entropy,
}
TEN = [f"{group}_{n}_1_5hz" for group, first in (("normal", 200), ("dropout", 100))
       for n in range(first, first + 5)]  # fmt: skip


def check(found, row, names, rel):
    for name, value in names.items():
        if row.get(name) not in (None, "NA"):
            assert value(found) == pytest.approx(float(row[name]), rel=rel), name


def inputs(shared, name):
    return table(shared / "reference" / "mirroring" / "inputs" / f"{name}.csv.gz").T


@pytest.mark.parametrize("name", [TEN[0], TEN[5], "normal_200_1_25hz_N1000"])
def test_it_has_every_value_of_crqa(shared, name):
    rows = records(shared / "reference" / "mirroring" / "crqa" / "crqa.csv")
    rows = [row for row in rows if row["input"] == name]
    assert rows
    for row in rows:
        series = inputs(shared, name)
        if row["order"].startswith("therapist"):
            series = series[::-1]

        found = recurrence(*series, embed=3, delay=5, radius=0.5)

        check(found, row, CRQA, 1e-12)


def test_its_profile_is_that_of_crqa(shared):
    path = shared / "reference" / "mirroring" / "crqa"
    series = inputs(shared, "normal_200_1_25hz_N1000")

    found = recurrence(*series, embed=3, delay=5, radius=0.5, n_diagonals=125)

    expected = table(path / "crqa_diagonal_profile_N1000.csv")
    np.testing.assert_array_equal(found.lags, expected[:, 0])
    np.testing.assert_allclose(found.profile, expected[:, 1], rtol=0, atol=1e-12)


LONG = [f"normal_200_1_25hz_N{n}" for n in (1000, 5000, 15000)]


@pytest.mark.parametrize("name", [TEN[1], TEN[-2], *LONG])
def test_it_is_near_pyrqa_which_counts_in_single_precision(shared, name):
    rows = records(shared / "reference" / "mirroring" / "pyrqa" / "pyrqa_cross.csv")
    row = next(row for row in rows if row["input"] == name)

    found = recurrence(
        *inputs(shared, name), embed=3, delay=5, radius=0.5, is_open=True
    )

    check(found, row, PYRQA, 1e-5)


@pytest.mark.parametrize("file", ["crqa", "pyrqa"])
def test_on_whole_numbers_the_limit_itself_matters(shared, file):
    folder = shared / "reference" / "mirroring"
    first, second, _ = fixture(shared, "integers")
    path = {
        "crqa": folder / "fixtures" / "reference" / "crqa_integers.csv",
        "pyrqa": folder / "pyrqa" / "pyrqa_integers.csv",
    }[file]
    for row in records(path):
        series = (
            (first, second) if row["order"].startswith("first") else (second, first)
        )
        found = recurrence(
            *series,
            embed=int(row["embed"]),
            delay=int(row.get("delay", 1)),
            radius=float(row["radius"]),
            is_open=file == "pyrqa",
        )

        check(found, row, CRQA if file == "crqa" else PYRQA, 1e-6)


@pytest.mark.parametrize("name", LONG)
def test_of_a_series_with_itself_it_has_the_values_of_accrqa(shared, name):
    rows = records(shared / "reference" / "mirroring" / "accrqa" / "accrqa_auto.csv")
    patient, therapist = inputs(shared, name)
    rows = [row for row in rows if name.endswith(f"_N{row['N']}")]
    assert len(rows) == 2
    for row in rows:
        values = patient if row["series"] == "patient" else therapist

        found = recurrence(values, values, embed=3, delay=5, radius=0.5)

        # Its longest diagonal leaves the identity out.
        check(found, row, {k: v for k, v in PYRQA.items() if k != "Lmax"}, 1e-12)
        without = with_itself(values, embed=3, delay=5, radius=0.5)
        assert without.diagonal.longest == int(float(row["Lmax"]))


@pytest.mark.parametrize("metric", Metric)
def test_without_a_radius_five_in_a_hundred_recur(metric):
    first, second = np.random.default_rng(1).normal(size=(2, 200))

    found = recurrence(first, second, embed=2, delay=3, metric=metric)

    wanted = math.ceil(0.05 * (200 - 3) ** 2) / (200 - 3) ** 2
    assert found.rate >= wanted
    nearer = recurrence(
        first, second, embed=2, delay=3, metric=metric, radius=found.radius * (1 - 1e-6)
    )
    assert nearer.rate < wanted


def test_where_distances_are_equal_more_recur_than_were_asked_for():
    found = recurrence([0.0, 1.0] * 10, [1.0, 0.0] * 10)

    assert (found.radius, found.rate) == (0.0, 0.5)


def test_several_channels_are_one_state():
    channels = np.random.default_rng(2).normal(size=(50, 2))
    together = recurrence(channels, channels[::-1], radius=0.8)

    away = np.linalg.norm(channels[:, np.newaxis] - channels[::-1], axis=2)
    assert together.rate == (away <= 0.8).mean()


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"embed": 0}, "embed and delay must be 1 or more"),
        ({"radius": -1.0}, "radius must be 0 or more"),
        ({"shortest": 1}, "shortest must be 2 or more"),
        ({"embed": 4, "delay": 2}, "more samples than one state spans"),
    ],
)
def test_what_is_out_of_its_range_is_refused(more, says):
    with pytest.raises(ParameterError, match=says):
        recurrence([1.0, 2.0, 3.0], [1.0, 2.0, 3.0], **more)


@pytest.mark.parametrize(
    ("first", "says"),
    [
        ([1.0, float("nan")], "first must hold no blank"),
        ([], "must be a series"),
        (np.ones((3, 2)), "as many channels"),
    ],
)
def test_what_is_no_state_is_refused(first, says):
    with pytest.raises(ParameterError, match=says):
        recurrence(first, [1.0, 2.0])


@pytest.mark.parametrize(
    ("series", "more", "says"),
    [
        ([1.0], {}, "series must hold two states or more"),
        ([1.0, 2.0], {"shortest": 1}, "shortest must be 2 or more, got 1"),
        ([1.0, 2.0], {"radius": -1.0}, "radius must be 0 or more"),
        ([1.0, float("nan")], {}, "series must hold no blank"),
    ],
)
def test_what_cannot_recur_with_itself_is_refused(series, more, says):
    with pytest.raises(ParameterError, match=says):
        with_itself(series, **{"radius": 1.0, **more})


def test_without_a_compiler_it_says_what_is_missing(monkeypatch):
    monkeypatch.setitem(
        sys.modules, "duologue.engine.synchrony.compiled_recurrence", None
    )

    with pytest.raises(ParameterError, match=r"not installed \(duologue\[corpus\]\)"):
        recurrence([1.0, 2.0], [1.0, 2.0], radius=1)
