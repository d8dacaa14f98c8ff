"""Something to wonder about: worked examples, and what is refused."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import t

from duologue.engine.wonder import NEAR_TOP, ORDINARY, RULE, Part, cap, chance, wonder
from duologue.errors import ParameterError

NAN = float("nan")
FIFTY_SEVENTY = [50, 70, 50, 70, 50, 70, 50, 70, 50, 70, 50]
"""Eleven answers: mean 650 / 11 = 59.09091, squares about it 1090.90909, s 10.44466."""


def of_one(values, **options):
    """Ask of one pair with a declared series alone."""
    return wonder(np.array(values, dtype=float)[:, None], **options)


def test_one_answer_below_its_limit_worked_by_hand():
    # s = sqrt(1090.90909 / 10) = 10.44466; t(.999, 10) = 4.14370; sqrt(12 / 11) =
    # 1.04447; half = 4.14370 * 10.44466 * 1.04447 = 45.20401; limit 13.88690.
    below, above = of_one([*FIFTY_SEVENTY, 13]), of_one([*FIFTY_SEVENTY, 14])

    assert t.ppf(0.999, 10) == pytest.approx(4.14370, abs=1e-5)
    assert below.card.tolist() == [False] * 11 + [True]
    assert below.part[11] == Part.ONE
    assert below.series[11] == 0
    assert below.value[11] == 13
    assert below.centre[11] == pytest.approx(59.09091, abs=1e-5)
    assert below.limit[11] == pytest.approx(13.88690, abs=1e-3)
    assert below.n_earlier[11] == 11
    assert below.strength[11] == pytest.approx(46.09091 / 45.20401, abs=1e-4)
    assert not above.card.any()


def test_the_last_few_below_their_limit_worked_by_hand():
    # Earlier 60 and 70 in turn, eleven of them: mean 64.54545, squares 272.72727, products
    # of neighbours -247.93388, so r = -.90909 and rho = (15 r + 7) / 31 < 0: taken as 0.
    # Then V = 1/11 and 1/5, C = 0, b = 1; s = sqrt(272.72727 / 14) = 4.41367;
    # t(.981, 14) = 2.29090; half = 2.29090 * 4.41367 * sqrt(16 / 55) = 5.45362.
    earlier = [60, 70, 60, 70, 60, 70, 60, 70, 60, 70, 60]

    below, above = of_one([*earlier, *[59.0] * 5]), of_one([*earlier, *[59.1] * 5])

    assert t.ppf(0.981, 14) == pytest.approx(2.29090, abs=1e-5)
    assert below.card.tolist() == [False] * 15 + [True]
    assert below.part[15] == Part.FEW
    assert below.value[15] == pytest.approx(59.0)
    assert below.limit[15] == pytest.approx(64.54545 - 5.45362, abs=1e-4)
    assert below.n_earlier[15] == 11
    assert not above.card.any()


def test_answers_that_are_alike_widen_the_limit_of_the_last_few():
    # The same answers in another order: in turn, and in two blocks.
    in_turn, in_blocks = [60, 70] * 8, [60] * 8 + [70] * 8
    fall = [56] * 5

    assert of_one([*in_turn, *fall]).few.any()
    assert not of_one([*in_blocks, *fall]).few.any()


def test_without_a_card_there_is_nothing_to_tell():
    found = of_one([*FIFTY_SEVENTY, 60])

    assert not found.card.any()
    assert (found.part == Part.NONE).all()
    assert (found.series == -1).all()
    assert (found.n_earlier == 0).all()
    for name in ("value", "centre", "limit", "strength"):
        assert np.isnan(getattr(found, name)).all()


def test_there_is_no_card_before_the_twelfth_answer():
    assert not of_one([60] * 10 + [0]).card.any()
    assert of_one([60] * 11 + [0]).card[11]
    assert not of_one([60] * 10 + [NAN] * 9 + [0]).card.any()


def test_the_last_five_need_eleven_earlier_answers():
    assert not of_one([60] * 10 + [54] * 5).few.any()
    assert of_one([60] * 11 + [54] * 5).few[15]


@pytest.mark.parametrize("level", [20.0, 10.1, 60.0, 97.7, 100.0])
def test_an_unchanging_person_has_no_card_and_none_for_five_points_less(level):
    assert not of_one([level] * 42).card.any()
    assert not of_one([level] * 20 + [level - 4.9]).card.any()
    assert not of_one([level] * 20 + [level - 4.9] * 9).card.any()


def test_without_a_smallest_departure_any_fall_of_an_unchanging_person_is_infinite():
    found = of_one([60] * 11 + [59], rule=replace(RULE, smallest_departure=0.0))

    assert found.card[11]
    assert found.strength[11] == math.inf


def test_who_is_always_at_the_top_has_a_card_for_a_great_fall_or_a_lasting_one():
    always = [100] * 12

    assert not of_one([*always, 95]).card.any()
    assert not of_one([*always, 80]).card.any()
    assert of_one([*always, 79]).part[12] == Part.ONE
    assert not of_one([*always, *[95] * 5]).card.any()
    assert of_one([*always, *[94] * 5]).part[16] == Part.FEW


def test_near_the_top_begins_five_points_below_it():
    assert not of_one([95] * 12 + [76]).card.any()
    assert of_one([95] * 12 + [74]).card[12]
    assert of_one([94] * 12 + [88]).card[12]


def test_near_the_top_the_limits_are_stricter():
    # Mean 91.8, s 10.8: the top lies .8 of it away. Forty points lower the same answers
    # have room above them.
    near = [100, 80, 100, 90, 80, 100, 100, 90, 70, 100, 100]
    fall = [*near, 43]

    assert not of_one(fall).card.any()
    assert of_one([v - 40 for v in fall]).card[11]


def test_after_a_card_a_pair_rests_for_eight_answers():
    fall = [60] * 12 + [30] * 12

    found = of_one(fall)
    restless = of_one(fall, rule=replace(RULE, n_rest=0))

    assert np.flatnonzero(restless.card)[:5].tolist() == [12, 15, 16, 17, 18]
    assert np.flatnonzero(found.card)[:1].tolist() == [12]
    assert not found.card[13:21].any()


def test_a_new_fall_after_the_rest_has_a_card_of_its_own():
    values = [60] * 12 + [30] + [60] * 8 + [0]

    found = of_one(values)

    assert np.flatnonzero(found.card).tolist() == [12, 21]


def test_a_blank_is_no_part_of_a_rest():
    values = [60] * 12 + [30] + [NAN] * 8 + [0]

    assert np.flatnonzero(of_one(values).card).tolist() == [12]


def test_what_is_found_while_a_pair_rests_is_still_told_apart():
    found = of_one([60] * 12 + [30, 0])

    assert found.one[:, 0].tolist() == [False] * 12 + [True, True]
    assert found.card.tolist() == [False] * 12 + [True, False]


def test_further_series_share_what_chance_may_find():
    # Three quarters of the cards for the declared one, an eighth each for two others; of
    # the tail of .1 % as much to the power of 1.5.
    noise = np.array([*(30 + v / 2 for v in FIFTY_SEVENTY), 0.0])
    calm = np.full(12, 50.0)
    columns = np.stack([noise, calm, calm], axis=1)

    declared = wonder(columns)
    further = wonder(columns[:, [1, 0, 2]])

    s = 10.44466 / 2 * math.sqrt(12 / 11)
    assert declared.series[11] == 0
    assert declared.limit[11] == pytest.approx(
        59.54545 - t.ppf(1 - 0.001 * 0.75**1.5, 10) * s, abs=1e-3
    )
    assert further.series[11] == 1
    assert further.limit[11] == pytest.approx(
        59.54545 - t.ppf(1 - 0.001 * 0.125**1.5, 10) * s, abs=1e-3
    )


def test_the_strongest_of_the_series_is_told_and_the_declared_one_of_equals():
    calm, fall, great = [60.0] * 12, [60.0] * 11 + [40.0], [60.0] * 11 + [20.0]

    great_further = wonder(np.array([fall, great]).T)
    equals = wonder(np.array([fall, fall]).T)
    none = wonder(np.array([calm, calm]).T)

    assert great_further.series[11] == 1
    assert great_further.strength[11] == pytest.approx(8)
    assert equals.series[11] == 0
    assert not none.card.any()


def test_a_card_of_one_series_lets_the_whole_pair_rest():
    first = [60.0] * 12 + [30.0] + [60.0] * 9
    second = [60.0] * 14 + [30.0] + [60.0] * 7

    found = wonder(np.array([first, second]).T)

    assert np.flatnonzero(found.card).tolist() == [12]
    assert found.one[14].tolist() == [False, True]


def test_every_pair_is_a_pair_of_its_own():
    values = np.array([[*FIFTY_SEVENTY, 13.0], [*FIFTY_SEVENTY, 14.0]]).T[:, None]

    found = wonder(values)

    assert found.card.shape == (12, 2)
    assert found.one.shape == (12, 1, 2)
    assert found.card[11].tolist() == [True, False]


@pytest.mark.parametrize("shape", [(0, 1), (0, 2, 3), (3, 1), (20, 2, 0)])
def test_nothing_gives_nothing(shape):
    found = wonder(np.full(shape, NAN))

    assert found.card.shape == (shape[0], *shape[2:])
    assert not found.card.any()
    assert found.few.shape == shape


@pytest.mark.parametrize("values", [50.0, [50.0, 60.0], np.zeros((3, 0))])
def test_values_without_sessions_and_series_are_refused(values):
    with pytest.raises(ParameterError, match="must have axes of sessions and series"):
        wonder(values)


def test_an_infinite_answer_is_refused():
    with pytest.raises(ParameterError, match="values must be finite or nan"):
        wonder([[50.0], [math.inf]])


@pytest.mark.parametrize(
    ("changed", "match"),
    [
        ({"one": 0.5}, r"one must lie in \(0.5, 1\), got 0.5"),
        ({"few": 1.0}, r"few must lie in \(0.5, 1\), got 1.0"),
        ({"one_near_top": NAN}, r"one_near_top must lie in"),
        ({"few_near_top": 2}, r"few_near_top must lie in"),
        ({"n_few": 1}, r"n_few must be 2 or more, got 1"),
        ({"min_earlier": 3}, r"min_earlier must be 4 or more, got 3"),
        ({"alike": 1.0}, r"alike must lie in \[0, 1\), got 1.0"),
        ({"alike": -0.1}, r"alike must lie in"),
        ({"declared_share": 0.0}, r"declared_share must lie in \(0, 1\], got 0.0"),
        ({"room": -1}, r"room must be 0 or more, got -1"),
        ({"weight": NAN}, r"weight must be 0 or more, got nan"),
        ({"n_rest": -1}, r"n_rest must be 0 or more, got -1"),
        ({"smallest_departure": -1}, r"smallest_departure must be 0 or more"),
        ({"smallest_near_top": -1}, r"smallest_near_top must be 0 or more"),
    ],
)
def test_a_rule_out_of_range_is_refused(changed, match):
    with pytest.raises(ParameterError, match=match):
        of_one([50.0] * 12, rule=replace(RULE, **changed))


def test_four_earlier_answers_are_the_fewest():
    rule = replace(RULE, min_earlier=4, n_few=2)

    assert of_one([60] * 4 + [0], rule=rule).one[4]
    assert of_one([60] * 4 + [50] * 2, rule=rule).few[5]


def test_a_card_states_the_chance_of_the_part_that_made_it():
    assert chance(Part.ONE, near_top=False) == ORDINARY.one
    assert chance(Part.FEW, near_top=False) == ORDINARY.few
    assert chance(Part.ONE, near_top=True) == NEAR_TOP.one
    assert chance(Part.FEW, near_top=True) == NEAR_TOP.few
    found = of_one([*FIFTY_SEVENTY, 0])
    assert chance(found.part[11], near_top=found.near_top[11]) == ORDINARY.one
    with pytest.raises(ParameterError, match="part must be ONE or FEW, got NONE"):
        chance(Part.NONE, near_top=False)


def test_a_card_tells_whether_the_person_was_near_the_top():
    for level in (60, 100):
        one, few = of_one([level] * 12 + [0]), of_one([level] * 12 + [level - 9] * 5)

        assert one.near_top.tolist() == [False] * 12 + [level == 100]
        assert few.near_top[few.card].tolist() == [level == 100]


# One card a week -----------------------------------------------------------------


def test_one_card_a_week_is_shown_the_strongest_first():
    assert cap([1, 2, 3], [5, 5, 5], [1.2, 1.5, 1.1], n_wait=0).tolist() == [-1, 5, -1]


def test_a_card_that_is_not_shown_waits_for_two_weeks_and_lapses():
    pairs, strengths = [1, 2, 3, 4], [1.4, 1.3, 1.2, 1.1]

    assert cap(pairs, [5, 5, 5, 5], strengths).tolist() == [5, 6, 7, -1]


def test_a_stronger_new_card_goes_before_one_that_waits():
    assert cap([1, 2, 3], [5, 5, 6], [1.5, 1.2, 1.3]).tolist() == [5, 7, 6]


def test_of_equal_cards_that_of_the_pair_shown_longest_ago_is_shown():
    pairs, weeks = [1, 2, 1, 2], [1, 3, 9, 9]

    never = cap([1, 1, 2], [1, 9, 9], [1.5, 1.5, 1.5], n_wait=0)

    assert cap(pairs, weeks, [1.5] * 4, n_wait=0).tolist() == [1, 3, 9, -1]
    assert never.tolist() == [1, -1, 9]


def test_what_is_still_equal_goes_by_week_and_by_pair():
    assert cap([2, 1], [5, 5], [1.5, 1.5]).tolist() == [6, 5]
    assert cap([3, 2, 1], [5, 5, 6], [2.0, 1.5, 1.5]).tolist() == [5, 6, 7]


def test_without_cards_nothing_is_shown():
    assert cap([], [], []).tolist() == []


@pytest.mark.parametrize(
    ("cards", "n_wait", "match"),
    [
        (([1], [1, 2], [1.0, 1.0]), 2, "must be of one length"),
        (([[1]], [[1]], [[1.0]]), 2, "must be of one length"),
        (([1], [-1], [1.0]), 2, "weeks must be 0 or more, got -1"),
        (([1], [1], [NAN]), 2, "strengths must be numbers, got nan"),
        (([1], [1], [1.0]), -1, "n_wait must be 0 or more, got -1"),
    ],
)
def test_cards_that_are_none_are_refused(cards, n_wait, match):
    with pytest.raises(ParameterError, match=match):
        cap(*cards, n_wait=n_wait)
