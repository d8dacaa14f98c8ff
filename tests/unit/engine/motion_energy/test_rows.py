"""Rows that are no movement: doubled pictures, cuts, light; and what the background says."""

import math

import numpy as np
import pytest

from duologue.engine.motion_energy.background import Differences, flicker
from duologue.engine.motion_energy.meter import Change, Meter
from duologue.engine.motion_energy.rows import BODY, HEAD, Why, motion_energy
from duologue.errors import ParameterError

NAN = math.nan


def change(
    client=1.0, therapist=2.0, background=(0.0, 0.0), whole=3.0, *, repeated=False
):
    return Change(
        people=(client, therapist),
        background=background,
        whole=whole,
        is_repeated=repeated,
    )


def judged(*changes, limits=(BODY, BODY)):
    return motion_energy(changes, limits=limits)


def missing(found):
    """Return which rows are missing, after seeing that they are in everybody."""
    blank = np.isnan(found.people)
    assert (blank == blank[:, :1]).all()
    np.testing.assert_array_equal(blank[:, 0], found.why != 0)
    return np.flatnonzero(blank[:, 0]).tolist()


def test_the_first_row_is_blank_and_no_artefact():
    found = judged(None, change(), change(2.0))

    assert missing(found) == [0]
    assert found.why[0] == Why.FIRST
    assert found.share_of_artefacts == 0
    assert found.people[1:].tolist() == [[1.0, 2.0], [2.0, 2.0]]


def test_a_picture_that_came_twice_takes_the_double_step_after_it_along():
    twice = change(0.0, 0.0, whole=0.0, repeated=True)

    found = judged(None, change(14.0), twice, change(28.0), change(14.0))

    assert missing(found) == [0, 2, 3]
    assert found.count(Why.REPEATED) == 2
    assert found.count(Why.JUMP) == 0  # not from 14 down to a 0 that is none
    assert np.isnan(found.background[2:4]).all()
    assert found.share_of_artefacts == 0.5


def test_a_moment_without_a_picture_leaves_two_rows_without_a_reason_of_their_own():
    found = judged(None, change(), None, None, change())

    assert missing(found) == [0, 2, 3]
    assert found.count(Why.NO_PICTURE) == 2
    assert found.count(Why.FIRST) == 1


@pytest.mark.parametrize(
    ("odd", "why"),
    [
        (change(background=(0.0, 5.1)), Why.BACKGROUND),
        (change(background=(5.1, 0.0)), Why.BACKGROUND),
        (change(whole=50.1), Why.WHOLE),
        (change(17.1), Why.JUMP),
        (change(therapist=18.1), Why.JUMP),
        (change(60.0, whole=60.0), Why.JUMP | Why.WHOLE),
    ],
)
def test_a_cut_or_light_is_missing_in_both_and_keeps_its_reasons(odd, why):
    found = judged(None, change(2.0, 3.0), odd, change(2.0, 3.0))

    assert missing(found) == [0, 2]
    assert found.why[2] == why


def test_at_a_limit_it_is_still_movement():
    odd = change(16.0, 17.0, background=(5.0, 5.0), whole=50.0)

    assert missing(judged(None, change(), odd, change())) == [0]


def test_only_the_higher_of_two_rows_is_a_jump_and_a_slow_rise_is_none():
    assert missing(judged(None, change(20.0), change(1.0))) == [0, 1]
    assert missing(judged(None, *(change(float(v)) for v in range(0, 60, 10)))) == [0]


def test_a_head_may_jump_by_more():
    rows = (None, change(1.0, 1.0), change(21.0, 1.0), change(1.0, 1.0))

    assert missing(judged(*rows, limits=(HEAD, BODY))) == [0]
    assert missing(judged(*rows, limits=(BODY, HEAD))) == [0, 2]


def test_people_exchanged_lose_the_same_rows():
    rng = np.random.default_rng(4)
    there = [change(*rng.uniform(0, 30, 2)) for _ in range(50)]
    back = [change(*each.people[::-1]) for each in there]

    one, other = judged(*there), judged(*back)

    np.testing.assert_array_equal(one.people, other.people[:, ::-1])
    np.testing.assert_array_equal(one.why, other.why)
    assert 0 < one.share_of_artefacts < 1


def test_nothing_at_all_has_no_share():
    assert np.isnan(judged().share_of_artefacts)
    assert np.isnan(judged(None).share_of_artefacts)


def test_changes_of_other_regions_are_refused():
    with pytest.raises(ParameterError, match="as many regions as limits"):
        judged(None, change(), limits=(BODY,))


def test_doubled_pictures_of_a_whole_measurement_are_found():
    rng = np.random.default_rng(5)
    pictures = list(rng.integers(0, 256, (9, 30, 40)).astype(np.uint8))
    pictures[4] = pictures[3]
    mask = np.zeros((30, 40), bool)
    mask[5:25, 5:15] = True
    meter = Meter([mask, mask[:, ::-1]], [mask, mask], kernel=3, cut_off=250)

    found = judged(*(meter.see(picture) for picture in pictures))

    assert missing(found) == [0, 4, 5]


# The background


def test_what_is_learnt_is_the_quantile_of_all_differences_of_the_background():
    rng = np.random.default_rng(6)
    pictures = rng.normal(100, 4, (30, 20, 40)).round().astype(np.uint8)
    left, right = np.zeros((2, 20, 40), bool)
    left[:8, :9] = right[:8, -9:] = True
    both = left | right
    away = np.abs(np.diff(pictures.astype(int), axis=0))[:, both].ravel()

    for full, unit in ((True, 1.0), (False, 255 / 219)):
        learnt = Differences([left, right], is_full_range=full)
        for picture in pictures:
            learnt.see(picture)
        level = learnt.cut_off(0.99) / unit
        assert level == pytest.approx(round(level))
        assert (away <= round(level)).mean() >= 0.99
        assert (away <= round(level) - 1).mean() < 0.99


def test_a_doubled_picture_and_a_gap_teach_nothing():
    pictures = np.zeros((4, 5, 5), np.uint8)
    pictures[1:3] = 7
    everywhere = np.ones((5, 5), bool)
    learnt = Differences([everywhere])
    for picture in pictures[:3]:
        learnt.see(picture)
    learnt.skip()
    learnt.see(pictures[3])

    assert learnt.cut_off(0.01) == learnt.cut_off(0.99) == 7


def test_a_background_that_never_changes_teaches_nothing():
    learnt = Differences([np.ones((5, 5), bool)])
    for _ in range(3):
        learnt.see(np.zeros((5, 5), np.uint8))

    with pytest.raises(ParameterError, match="no two pictures differ"):
        learnt.cut_off()


def pulses(period, n=1500, rate=25.0, noise=0.05):
    rng = np.random.default_rng(7)
    series = np.abs(rng.normal(0, noise, (n, 2)))
    series[::period] += 1.0
    return series, rate


def waves(period, n=1500, rate=25.0):
    rng = np.random.default_rng(8)
    wave = 1 + np.sin(2 * np.pi * np.arange(n) / period)
    return wave[:, None] + np.abs(rng.normal(0, 0.3, (n, 2))), rate


@pytest.mark.parametrize("period", [12, 50, 250])
def test_key_frames_are_heard_in_the_background(period):
    found = flicker(*pulses(period))

    assert found.period_s == pytest.approx(period / 25)
    assert found.above_0 == 1


@pytest.mark.parametrize("period", [4.0, 7.3, 40.0])
def test_so_is_light_that_beats(period):
    assert flicker(*waves(period)).period_s == pytest.approx(period / 25, abs=0.03)


def test_missing_rows_do_not_hide_it():
    series, rate = pulses(50)
    series[100:180] = series[700] = NAN

    assert flicker(series, rate).period_s == pytest.approx(2)


def test_noise_has_no_period():
    rng = np.random.default_rng(9)

    told = [flicker(rng.random((1500, 2)), 25.0).period_s for _ in range(60)]
    drift = [
        flicker(np.cumsum(rng.normal(size=(1500, 1)), axis=0), 25.0).period_s
        for _ in range(20)
    ]

    assert np.isfinite(told).sum() <= 3
    assert np.isfinite(drift).sum() <= 10


def test_the_share_above_0_is_of_what_is_present():
    series = np.array([[0.0, 0.5], [NAN, NAN], [0.0, 0.0]])

    found = flicker(series, 25.0)

    assert found.above_0 == 0.25
    assert math.isnan(found.period_s)
    nothing = flicker(np.full((9, 2), NAN), 25.0)
    assert math.isnan(nothing.above_0)
    assert math.isnan(nothing.period_s)
    assert math.isnan(flicker(np.zeros((500, 2)), 25.0).period_s)
