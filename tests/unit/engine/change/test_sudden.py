"""Sudden gains and losses: worked numbers, reference values, a plain version, mirrors."""

import math

import numpy as np
import pytest
from scipy.stats import t

from duologue.engine.change.codes import Better
from duologue.engine.change.sudden import Met, Way, sudden_changes
from duologue.errors import ParameterError

NAN = float("nan")
# Twelve sessions of one person of a published example, session 1 first.
ONE = [35, 37, 34, 23, 24, 21, 29, 17, 11, 11, 10, 7]
CODES = {"": -1, "FALSE": 0, "TRUE": 1, "0": 0, "1": 1}


def slow(row, *, cut, share=0.25, falls=True):
    """Judge one course of plain numbers, interval by interval; None where unknown."""
    found = []
    y = [None if math.isnan(value) else value for value in row]
    for n in range(len(y) - 1):
        a, b = y[n], y[n + 1]
        one = two = three = None
        if a is not None and b is not None:
            step = a - b if falls else b - a
            one, two = step >= cut, step >= share * a
        before = [v for v in y[max(n - 2, 0) : n + 1] if v is not None]
        after = [v for v in y[n + 1 : n + 4] if v is not None]
        if len(before) >= 2 and len(after) >= 2:
            m1, m2 = sum(before) / len(before), sum(after) / len(after)
            squares = sum((v - m1) ** 2 for v in before)
            squares += sum((v - m2) ** 2 for v in after)
            df = len(before) + len(after) - 2
            gap = m1 - m2 if falls else m2 - m1
            three = gap > t.ppf(0.975, df) * math.sqrt(squares / df)
        inner = 0 < n < len(y) - 2
        known = inner and None not in {one, two, three}
        found.append((one, two, three, (one and two and three) if known else None))
    return found


def as_codes(found):
    return [[-1 if cell is None else int(cell) for cell in row] for row in found]


def random_courses(n_courses=300, n_sessions=12, seed=4):
    """Whole numbers that jump now and then, a fifth of them blank."""
    rng = np.random.default_rng(seed)
    steps = rng.normal(-1, 2, size=(n_courses, n_sessions))
    steps += rng.choice([0, 0, 0, 0, -12, 12], size=steps.shape)
    y = np.clip(np.round(30 + np.cumsum(steps, axis=1)), 0, 63)
    y[rng.random(y.shape) < 0.2] = NAN
    return y


def test_the_worked_example_of_one_person():
    # 35 37 34 | 23 24 21: fall 11 >= 7 and >= 8.5; 35.333 - 22.667 = 12.667 > 2.776 *
    # 1.5275 = 4.24. Later 29 21 | 17 11 and so on: a fall of 12 from session 7 on.
    found = sudden_changes([ONE], better=Better.LOWER, cut=7)

    assert (found.interval + 1).tolist() == [3, 7]
    assert found.size.tolist() == [11, 12]
    np.testing.assert_allclose(found.share, [11 / 28, 12 / 28])
    # 29 in session 7 is above 23 + 5.5; nothing after session 8 is above 17 + 6.
    assert found.reversed_.tolist() == [True, False]


@pytest.mark.shared
def test_criteria_and_gains_are_those_of_the_reference(reference, bdi):
    file = reference("sudden_gains/gains_cut7.csv")

    found = sudden_changes(bdi[:, 1:], better=Better.LOWER, cut=7)

    for name, codes in (
        ("sg_crit1", found.first),
        ("sg_crit2", found.second),
        ("sg_crit3", found.third),
        ("sg", found.found),
    ):
        for n in range(2, 11):
            expected = [CODES[cell] for cell in file[f"{name}_{n}to{n + 1}"]]
            assert codes[:, n - 1].tolist() == expected, (name, n)
    assert (found.found[:, [0, -1]] == Met.UNKNOWN).all()


@pytest.mark.shared
def test_each_gain_is_that_of_the_reference(reference, numbers, bdi):
    file = reference("sudden_gains/by_gain_cut7.csv")

    found = sudden_changes(bdi[:, 1:], better=Better.LOWER, cut=7)

    ids, at = numbers(file, "id", "sg_session_n")
    assert (found.course + 1).tolist() == ids.tolist()
    assert (found.interval + 1).tolist() == at.tolist()
    assert found.size.tolist() == numbers(file, "sg_magnitude").tolist()
    share = numbers(file, "sg_change_proportion")
    np.testing.assert_allclose(found.share, share, rtol=1e-12)
    assert found.reversed_.tolist() == [cell == "1" for cell in file["sg_reversal"]]
    assert (found.size.size, int(found.reversed_.sum())) == (24, 4)
    assert found.size.mean() == pytest.approx(11)
    assert found.size.std(ddof=1) == pytest.approx(3.43, abs=0.005)


@pytest.mark.parametrize("way", Way)
@pytest.mark.parametrize("better", Better)
def test_every_interval_is_judged_as_one_by_one(way, better):
    y = random_courses()

    found = sudden_changes(y, better=better, cut=7, way=way)

    falls = (way is Way.GAIN) == (better is Better.LOWER)
    got = np.stack([found.first, found.second, found.third, found.found], axis=-1)
    for row, codes in zip(y, got, strict=True):
        assert codes.tolist() == as_codes(slow(row, cut=7, falls=falls))
    assert found.size.size > 20


def test_a_loss_is_the_mirror_of_a_gain_apart_from_the_share():
    # Turned round, the fall of 11 is a rise, and the share is of what it rose from.
    mirror = [52 - score for score in ONE]

    losses = sudden_changes([mirror], better=Better.LOWER, cut=7, way=Way.LOSS)
    gains = sudden_changes([mirror], better=Better.HIGHER, cut=7)

    assert (losses.interval + 1).tolist() == [3, 7]
    assert losses.size.tolist() == [11, 12]
    assert gains.size.tolist() == losses.size.tolist()
    assert gains.reversed_.tolist() == losses.reversed_.tolist() == [True, False]


def test_the_peers_second_criterion_for_losses_lets_nearly_all_through():
    # A rise of 8 from 40 is large, but less than a quarter of 40.
    y = [[40, 40, 40, 48, 48, 48, 48]]

    ours = sudden_changes(y, better=Better.LOWER, cut=7, way=Way.LOSS)
    peer = sudden_changes(y, better=Better.LOWER, cut=7, way=Way.LOSS, compat=True)
    gain = sudden_changes(y, better=Better.LOWER, cut=7, compat=True)

    assert ours.second[0].tolist() == [0] * 6
    assert peer.second[0].tolist() == [1] * 6
    assert (ours.interval.size, peer.interval.tolist()) == (0, [2])
    assert gain.interval.size == 0


def test_t_follows_the_scores_that_are_present():
    # Before 20, blank, 26: mean 23, squares 18. After 15, 16, 15.5: mean 15.5, squares
    # .5. df 3, s = sqrt(18.5 / 3) = 2.483; the gap of 7.5 is above 2.776 s = 6.89 and
    # not above 3.182 s = 7.90.
    y = [[20, NAN, 26, 15, 16, 15.5]]

    adjusted = sudden_changes(y, better=Better.LOWER, cut=7)
    fixed = sudden_changes(y, better=Better.LOWER, cut=7, adjusted=False)

    assert adjusted.third[0, 2] == Met.NO
    assert fixed.third[0, 2] == Met.YES


def test_the_intake_score_as_the_first_column_lets_session_one_to_two_count():
    # Intake 36, then 35 | 20 21 20 from session 1 to 2.
    y = [[36, 35, 20, 21, 20, 20]]

    found = sudden_changes(y, better=Better.LOWER, cut=7)
    without = sudden_changes([y[0][1:]], better=Better.LOWER, cut=7)

    assert found.interval.tolist() == [1]
    assert without.interval.size == 0


@pytest.mark.parametrize("n_sessions", [0, 1, 2])
def test_of_too_few_sessions_nothing_is_found(n_sessions):
    found = sudden_changes(np.ones((3, n_sessions)), better=Better.LOWER, cut=7)

    assert found.found.shape == (3, max(n_sessions - 1, 0))
    assert (found.found == Met.UNKNOWN).all()
    assert found.size.size == found.share.size == found.reversed_.size == 0


def test_blanks_and_two_instruments_leave_it_unknown():
    y = np.array([ONE, ONE, [NAN] * 12], dtype=float)
    instrument = np.ones(y.shape, dtype=int)
    instrument[1, 6:] = 2

    found = sudden_changes(y, better=Better.LOWER, cut=7, instrument=instrument)

    assert (found.found[1:] == Met.UNKNOWN).all()
    assert found.course.tolist() == [0, 0]


def test_a_gain_in_a_course_that_ends_where_it_began_has_no_share():
    y = [[30, 30, 30, 20, 20, 20, 30], [30, 30, 30, 20, 20, 20, NAN]]

    found = sudden_changes(y, better=Better.LOWER, cut=7)

    assert found.interval.tolist() == [2, 2]
    assert np.isnan(found.share).all()
    assert found.reversed_.tolist() == [True, False]


@pytest.mark.parametrize(
    ("last", "expected"), [(24, False), (25, False), (25.5, True), (30, True)]
)
def test_a_gain_is_reversed_by_more_than_half_of_it(last, expected):
    y = [[30, 30, 30, 20, 20, 20, 20, last]]

    found = sudden_changes(y, better=Better.LOWER, cut=7)

    assert found.reversed_.tolist() == [expected]


def test_the_order_of_courses_does_not_matter():
    y = random_courses()
    order = np.random.default_rng(0).permutation(len(y))

    found = sudden_changes(y, better=Better.LOWER, cut=7)
    other = sudden_changes(y[order], better=Better.LOWER, cut=7)

    assert (other.found == found.found[order]).all()


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"cut": 0}, "cut must be above 0, got 0"),
        ({"share": 0}, r"share must lie in \(0, 1\], got 0"),
        ({"alpha": 1}, r"alpha must lie in \(0, 1\), got 1"),
        ({"compat": True, "better": Better.HIGHER}, "compat must be False"),
    ],
)
def test_what_is_out_of_range_is_refused(options, match):
    with pytest.raises(ParameterError, match=match):
        sudden_changes([ONE], **{"better": Better.LOWER, "cut": 7, **options})


def test_scores_below_nothing_are_refused():
    with pytest.raises(ParameterError, match="scores must be 0 or more"):
        sudden_changes([[3, -1, 2]], better=Better.LOWER, cut=7)
