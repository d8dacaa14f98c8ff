"""Scores worked by hand."""

from dataclasses import replace

import pytest

from duologue.errors import InstrumentError
from duologue.instruments import Score, load, score
from duologue.instruments.instrument import Method


def answers(*values):
    return {str(n): value for n, value in enumerate(values, start=1)}


def test_the_phq9_of_all_ones_is_nine():
    result = score(load("phq9"), answers(*[1] * 9))

    assert result == Score(
        total=9.0, subscales={}, n_answered=9, n_items=9, band=1, missing=()
    )


@pytest.mark.parametrize(
    ("total", "band"),
    [(0, 0), (4, 0), (5, 1), (9, 1), (10, 2), (14, 2), (15, 3), (19, 3), (20, 4)],
)
def test_the_bands_of_the_phq9_begin_at_5_10_15_and_20(total, band):
    threes, rest = divmod(total, 3)
    values = [3] * threes + [rest] + [0] * 9

    assert score(load("phq9"), answers(*values[:9])).band == band


def test_the_gad7_adds_up_and_has_no_bands():
    result = score(load("gad7"), answers(0, 1, 2, 3, 3, 2, 1))

    assert result.total == 12
    assert result.band is None


def test_the_halves_of_the_phq4_are_scored_apart():
    result = score(load("phq4"), answers(3, 2, 0, 1))

    assert result.total == 6
    assert result.subscales == {"gad2": 5, "phq2": 1}
    assert result.band == 2


def test_a_blank_leaves_the_half_that_is_whole():
    result = score(load("phq4"), answers(3, 2, None, 1))

    assert result.total is None
    assert result.band is None
    assert result.subscales == {"gad2": 5, "phq2": None}


def test_the_third_item_of_the_arm5_is_turned():
    # 7 + 6 + (1 + 7 - 2) + 5 + 7 = 31; 31 / 5 = 6.2
    assert score(load("arm5"), answers(7, 6, 2, 5, 7)).total == pytest.approx(6.2)
    # turned, the best answer to item 3 is 1
    assert score(load("arm5"), answers(7, 7, 1, 7, 7)).total == 7
    assert score(load("arm5"), answers(7, 7, 7, 7, 7)).total == pytest.approx(5.8)


def test_a_blank_answer_gives_no_score():
    result = score(load("phq9"), answers(1, 1, 1, None, 1, 1, 1, 1))

    assert result.total is None
    assert result.n_answered == 7
    assert result.missing == ("4", "9")


def test_a_form_left_empty_gives_no_score():
    result = score(load("arm5"), {})

    assert result.total is None
    assert result.n_answered == 0
    assert result.missing == ("1", "2", "3", "4", "5")


def test_blanks_within_the_rule_are_made_up_by_the_mean_of_the_rest():
    lenient = replace(load("gad7"), max_missing=1)

    # six answers, 1 + 2 + 3 + 1 + 2 + 3 = 12; 7 * 12 / 6 = 14
    assert score(lenient, answers(1, 2, 3, None, 1, 2, 3)).total == 14
    assert score(lenient, answers(1, 2, 3, None, 1, 2)).total is None


def test_a_mean_within_the_rule_is_the_mean_of_the_answered():
    lenient = replace(load("arm5"), max_missing=1)

    # 7 + 6 + (8 - 2) + 5 = 24; 24 / 4 = 6
    assert score(lenient, answers(7, 6, 2, 5)).total == 6


def test_a_made_up_total_between_two_bands_falls_in_the_lower():
    lenient = replace(load("phq9"), max_missing=1)

    # 4 over eight answers: 9 * 4 / 8 = 4.5, above 4 and below 5
    assert score(lenient, answers(1, 1, 1, 1, 0, 0, 0, 0)).band == 0


def test_a_scale_without_listed_answers_takes_any_number_in_its_range():
    gad7 = load("gad7")
    sliders = replace(
        gad7, items=tuple(replace(x, options={}) for x in gad7.items), bands=()
    )

    assert score(sliders, answers(*[0.5] * 7)).total == 3.5
    with pytest.raises(InstrumentError, match=r"^gad7 item 7 takes 0 to 3\.$"):
        score(sliders, answers(0, 0, 0, 0, 0, 0, 3.25))


@pytest.mark.parametrize("given", [4, -1, 1.5, float("nan"), float("inf"), True, "2"])
def test_an_answer_that_is_not_allowed_names_the_item_and_what_it_takes(given):
    with pytest.raises(
        InstrumentError, match=r"^phq4 item 2 takes one of 0, 1, 2, 3\.$"
    ):
        score(load("phq4"), answers(0, given, 0, 0))


def test_an_unknown_item_is_refused_with_those_that_exist():
    with pytest.raises(
        InstrumentError, match=r"^phq4 has the items 1, 2, 3, 4 and no other\.$"
    ):
        score(load("phq4"), answers(0, 0, 0, 0, 3))


def test_an_instrument_sums_or_takes_the_mean():
    mean = replace(load("phq9"), method=Method.MEAN)

    assert score(mean, answers(*[2] * 9)).total == 2
