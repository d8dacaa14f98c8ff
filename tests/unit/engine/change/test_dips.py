"""Dips, declines and mends: the worked example, a plain version, and who has none."""

import math
import statistics

import numpy as np
import pytest

from duologue.engine.change.codes import Better, Reason
from duologue.engine.change.dips import Spread, control_chart, dips, sd_of_steps
from duologue.errors import ParameterError

NAN = float("nan")
EXAMPLE = [5.0, 5.2, 5.1, 5.3, 3.9, 4.4, 5.2, 5.3, 5.2, 5.4]
DECLINE = [8, 8.1, 8, 7.8, 7.6, 7.4, 7.2, 7, 6.8, 8, 8]


def slow(y, *, sd_group, strength, spread="sd", within=5):
    """Walk through one course with a pencil: dips, declines, and their mends."""
    n = len(y)
    step = {
        t: y[t] - y[t - 1]
        for t in range(1, n)
        if not (math.isnan(y[t]) or math.isnan(y[t - 1]))
    }

    def height(without=None):
        own = [d for t, d in step.items() if t != without]
        if spread == "mad":
            middle = statistics.median(own)
            size = 1.4826 * statistics.median(abs(d - middle) for d in own)
        else:
            size = statistics.stdev(own)
        return strength * max(size, sd_group)

    def mended(t, target):
        later = range(t + 1, min(t + within, n - 1) + 1)
        return next((s for s in later if y[s] >= target), -1)

    limit = {t: height(t if spread == "left_out" else None) for t in step}
    dip = {t for t, d in step.items() if d <= -limit[t]}
    mends = {t: mended(t, y[t - 1] - limit[t] / 2) for t in dip}
    declines, run, told = {}, [], False
    for t in range(1, n):
        if t not in step or step[t] >= 0 or t in dip:
            run, told = [], False
            continue
        run.append(t)
        last = run[-6:]
        if len(run) > 1 and not told and y[last[0] - 1] - y[t] >= height():
            start = last[0] - 1
            declines[t] = (start, mended(t, y[start] - height() / 2))
            told = True
    return mends, declines


def as_told(found, row=0):
    """What was found of one course, as the slow version tells it."""
    mends = {
        int(t): int(found.dip_mended_at[row, t]) for t in np.flatnonzero(found.dip[row])
    }
    declines = {
        int(t): (int(found.declined_from[row, t]), int(found.decline_mended_at[row, t]))
        for t in np.flatnonzero(found.decline[row])
    }
    return mends, declines


@pytest.mark.parametrize(("strength", "threshold"), [(1, 0.611), (2, 1.221)])
def test_the_worked_example(strength, threshold):
    # SD of own steps .6106, of the group .60: a dip at session 5, mended at 7.
    found = dips([EXAMPLE], sd_group=0.60, strength=strength)

    assert found.threshold[0, 1] == pytest.approx(threshold, abs=5e-4)
    assert np.isnan(found.threshold[0, 0])
    assert as_told(found) == ({4: 6}, {})


@pytest.mark.shared
@pytest.mark.parametrize("strength", [1, 2])
def test_the_reference_is_met(reference, numbers, strength):
    file = reference("dips/example.csv")

    found = dips([numbers(file, "alliance")], sd_group=0.60, strength=strength)

    assert found.dip[0].tolist() == [
        cell == "1" for cell in file[f"rupture_k{strength}"]
    ]
    mended = np.flatnonzero(numbers(file, "repair"))
    assert found.dip_mended_at[found.dip].tolist() == mended.tolist()


def test_the_group_decides_where_it_is_wider():
    found = dips([EXAMPLE], sd_group=1.5)

    assert found.threshold[0, 1] == 1.5
    assert not found.dip.any()


def test_a_dip_widens_the_spread_that_hides_it_unless_it_is_left_out():
    # Steps of .1 and one fall of 2: SD .74, MAD .15; without the fall, SD .15.
    y = [[7, 7.1, 7, 7.1, 7, 7.1, 5.1, 5.2, 5.1]]
    strong = {"sd_group": 0.0, "strength": 2.8}

    plain, robust, apart = (dips(y, spread=spread, **strong) for spread in Spread)

    assert not plain.dip.any()
    assert (
        robust.dip[0].tolist()
        == apart.dip[0].tolist()
        == [False] * 6 + [True] + [False] * 2
    )
    others = [0.1, -0.1, 0.1, -0.1, 0.1, 0.1, -0.1]
    expected = 2.8 * statistics.stdev(others)
    assert apart.threshold[0, 6] == pytest.approx(expected)


def test_a_slow_decline_is_told_once_and_from_at_most_six_steps():
    # Steps of -.2, six in a row from column 2 on; h = 1.0 by the group.
    found = dips([DECLINE], sd_group=1.0)

    mends, declines = as_told(found)
    assert mends == {}
    assert declines == {7: (1, 9)}  # 8.1 - 7.0 = 1.1 is the first to reach 1.0


def test_a_decline_longer_than_six_steps_counts_its_last_six():
    y = [10 - 0.1 * k for k in range(12)]

    never = dips([y], sd_group=0.7)
    reached = dips([y], sd_group=0.55)

    assert not never.decline.any()
    assert as_told(reached) == ({}, {6: (0, -1)})


@pytest.mark.parametrize("spread", Spread)
@pytest.mark.parametrize("strength", [1.0, 2.0])
def test_every_course_is_read_as_with_a_pencil(spread, strength):
    rng = np.random.default_rng(9)
    y = np.round(6 + np.cumsum(rng.normal(0, 0.6, size=(200, 16)), axis=1), 1)
    y[rng.random(y.shape) < 0.1] = NAN
    options = {"sd_group": 0.41, "strength": strength}

    found = dips(y, spread=spread, **options)

    for row in range(len(y)):
        assert as_told(found, row) == slow(y[row].tolist(), spread=spread, **options)
    assert found.dip.sum() > 20
    assert found.decline.sum() > 10


def test_a_scale_turned_round_has_the_same_dips():
    y = np.array([EXAMPLE, DECLINE[:10]])

    found = dips(y, sd_group=0.6)
    turned = dips(10 - y, sd_group=0.6, better=Better.LOWER)

    for name in (
        "dip",
        "dip_mended_at",
        "decline",
        "declined_from",
        "decline_mended_at",
    ):
        assert (getattr(turned, name) == getattr(found, name)).all()


def test_a_fall_of_exactly_the_threshold_is_a_dip_and_half_the_way_back_mends_it():
    # Steps of 0 but one of -2 each: the group's 2 decides.
    y = [[7, 7, 7, 7, 5, 6, 6], [7, 7, 7, 7, 5, 5.9, 5.9], [7, 7, 7, 7, 5.1, 7, 7]]

    found = dips(y, sd_group=2.0)

    assert as_told(found, 0) == ({4: 5}, {})
    assert as_told(found, 1) == ({4: -1}, {})
    assert as_told(found, 2) == ({}, {})


def test_a_dip_that_is_not_mended_in_time_is_not_mended():
    y = [[7, 7, 7, 4, 4, 4, 4, 4, 4, 7]]

    assert as_told(dips(y, sd_group=1.0))[0] == {3: -1}
    assert as_told(dips(y, sd_group=1.0, within=6))[0] == {3: 9}


def test_a_blank_makes_no_step_and_takes_up_time():
    # 7 blank 4 is no step: nobody knows when it fell.
    found = dips([[7, 7, 7.1, NAN, 4, 4, 4.1], [7, 7, 7, 4, NAN, NAN, 7]], sd_group=1.0)

    assert as_told(found, 0) == ({}, {})
    assert as_told(found, 1) == ({3: 6}, {})


def test_what_has_no_spread_or_too_few_steps_says_why():
    y = np.array([[7.0, 7, 7, 7], [7, 6, NAN, NAN], [NAN] * 4, [7, 6, 7, 7]])
    instrument = np.ones(y.shape, dtype=int)
    instrument[3, 2] = 2

    found = dips(y, sd_group=0.0, instrument=instrument)

    assert found.reason.tolist() == [
        Reason.NO_SPREAD,
        Reason.FEW_SCORES,
        Reason.BLANK,
        Reason.TWO_INSTRUMENTS,
    ]
    assert np.isnan(found.threshold).all()
    assert not (found.dip | found.decline).any()
    left_out = dips([[7, 6, 7, NAN]], sd_group=1.0, spread=Spread.LEFT_OUT)
    assert left_out.reason[0] == Reason.FEW_SCORES


@pytest.mark.parametrize("spread", Spread)
@pytest.mark.parametrize("shape", [(0, 0), (0, 5), (2, 0), (2, 1)])
def test_nothing_gives_nothing(shape, spread):
    found = dips(np.ones(shape), sd_group=1.0, spread=spread)

    assert found.dip.shape == found.decline_mended_at.shape == shape
    assert not found.dip.any()
    assert control_chart(np.ones(shape)).below.shape == shape


def test_the_spread_of_a_group_is_that_of_all_steps():
    y = [[1, 2, 4], [3, NAN, 5], [2, 1, NAN]]

    assert sd_of_steps(y) == pytest.approx(statistics.stdev([1, 2, -1]))
    assert np.isnan(sd_of_steps([[1, 2]]))


def test_the_control_chart_of_the_worked_example():
    # Centre 5.00, mean moving range .40, lower limit 5 - 2.66 * .4 = 3.936.
    found = control_chart([EXAMPLE, [NAN, 5, NAN] + [NAN] * 7])

    assert (found.centre[0], found.lower[0], found.upper[0]) == pytest.approx(
        (5.0, 3.936, 6.064)
    )
    assert np.flatnonzero(found.below[0]).tolist() == [4]
    assert not found.above.any()
    assert np.isnan([found.centre[1], found.lower[1]]).all()


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"sd_group": -1}, "sd_group must be 0 or more, got -1"),
        ({"sd_group": NAN}, "sd_group must be 0 or more, got nan"),
        ({"strength": 0}, "strength must be above 0, got 0"),
        ({"within": 0}, "within must be 1 or more, got 0"),
    ],
)
def test_what_is_out_of_range_is_refused(options, match):
    with pytest.raises(ParameterError, match=match):
        dips([EXAMPLE], **{"sd_group": 0.6, **options})
