"""What holds for every form of every instrument."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duologue.errors import InstrumentError
from duologue.instruments import load, names, score

instruments = st.sampled_from([load(name) for name in names()])


def whole(low, high):
    return st.integers(int(low), int(high)).map(float)


@st.composite
def forms(draw):
    """An instrument and a whole set of allowed answers."""
    instrument = draw(instruments)
    return instrument, {x.id: draw(whole(x.low, x.high)) for x in instrument.items}


@given(forms())
def test_a_total_lies_in_the_range_and_in_its_band(form):
    instrument, answers = form
    result = score(instrument, answers)
    low, high = instrument.range

    assert low <= result.total <= high
    if instrument.bands:
        first, last = instrument.bands[result.band]
        assert first <= result.total <= last


@given(forms(), st.randoms(use_true_random=False))
def test_the_order_of_the_answers_changes_nothing(form, random):
    instrument, answers = form
    shuffled = list(answers.items())
    random.shuffle(shuffled)

    assert score(instrument, dict(shuffled)) == score(instrument, answers)


@given(forms())
def test_turning_every_answer_turns_the_total(form):
    instrument, answers = form
    turned = {x.id: x.low + x.high - answers[x.id] for x in instrument.items}

    total, other = score(instrument, answers).total, score(instrument, turned).total

    assert total + other == pytest.approx(sum(instrument.range))


@given(forms(), st.data())
def test_one_point_moves_a_reversed_item_the_other_way(form, data):
    instrument, answers = form
    item = data.draw(st.sampled_from(instrument.items))
    answers[item.id] = item.low
    before = score(instrument, answers).total
    answers[item.id] = item.low + 1
    after = score(instrument, answers).total

    assert (after < before) is (item.id in instrument.reversed)
    assert after != before


@given(forms(), st.data())
def test_one_blank_gives_no_total(form, data):
    instrument, answers = form
    blank = data.draw(st.sampled_from(instrument.item_ids))
    absent = {item: value for item, value in answers.items() if item != blank}

    result = score(instrument, answers | {blank: None})

    assert result.total is None
    assert result.band is None
    assert result.missing == (blank,)
    assert score(instrument, absent) == result


@given(forms(), st.data(), st.floats())
def test_an_answer_out_of_range_is_always_refused_and_never_repeated(
    form, data, outside
):
    instrument, answers = form
    item = data.draw(st.sampled_from(instrument.items))
    if outside in {option.value for option in next(iter(item.options.values()))}:
        outside += 0.5

    with pytest.raises(InstrumentError, match=f"item {item.id} takes") as refused:
        score(instrument, answers | {item.id: outside})

    assert repr(outside) not in str(refused.value)
    assert refused.value.__cause__ is None
