"""What may leave: words by their licence, and nothing of the therapist's own wellbeing."""

from dataclasses import replace

import pytest

from duologue.errors import InstrumentError, ParameterError
from duologue.instruments import load, names
from duologue.instruments.instrument import About, Tier
from duologue.instruments.leaving import check_may_leave, words_may_leave
from duologue.instruments.pasted import paste_text
from duologue.records import Seat


@pytest.mark.parametrize("seat", [None, *Seat])
@pytest.mark.parametrize("about", [None, *About])
def test_a_form_that_the_therapist_alone_fills_in_never_leaves(about, seat):
    load_of_work = replace(load("phq4"), answered_by=(Seat.THERAPIST,), about=about)

    with pytest.raises(ParameterError, match="phq4 is filled in by the therapist al"):
        check_may_leave(load_of_work, seat)


@pytest.mark.parametrize("about", [None, About.OWN_WELLBEING])
def test_of_a_form_that_both_fill_in_the_therapists_own_wellbeing_stays(about):
    both = replace(load("phq4"), answered_by=tuple(Seat), about=about)

    check_may_leave(both)
    check_may_leave(both, Seat.CLIENT)
    with pytest.raises(ParameterError, match="therapist's own wellbeing never leaves"):
        check_may_leave(both, Seat.THERAPIST)


@pytest.mark.parametrize("about", [About.RELATIONSHIP, About.CLIENT])
def test_a_therapists_form_about_something_else_may_leave(about):
    check_may_leave(replace(load("arm5"), about=about), Seat.THERAPIST)


def test_a_form_of_a_seat_that_does_not_fill_it_in_is_refused():
    with pytest.raises(ParameterError, match="phq9 is filled in by the client only"):
        check_may_leave(load("phq9"), Seat.THERAPIST)


@pytest.mark.parametrize("name", names())
def test_every_instrument_says_whom_it_tells_of(name):
    assert load(name).about is not None


def test_words_leave_by_their_licence():
    phq4 = load("phq4")

    assert words_may_leave(phq4)
    assert words_may_leave(replace(phq4, tier=Tier.SEPARATE, credit="(c) Nobody"))
    assert not words_may_leave(replace(phq4, tier=Tier.OWN))
    assert not words_may_leave(load("arm5"))


def test_pasted_words_stay():
    arm5 = load("arm5")
    pasted = paste_text(arm5, dict.fromkeys(arm5.item_ids, "Made-up statement."))

    assert pasted.has_text(Seat.CLIENT)
    assert not words_may_leave(pasted)


def test_words_that_need_a_credit_line_do_not_leave_without_one():
    with pytest.raises(InstrumentError, match="with their credit line only"):
        words_may_leave(replace(load("phq4"), tier=Tier.SEPARATE))
