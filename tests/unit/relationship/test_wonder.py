"""Something to wonder about in one course: from what the client has let open, and a question."""

from dataclasses import replace

import pytest

from build import FLAT, C, T, course
from duologue.errors import ParameterError
from duologue.records import Kind
from duologue.relationship import Level
from duologue.relationship.wonder import wonders
from duologue.sharing import seen_by, seen_in_research, seen_together

LOW = (*FLAT, 20)
FEW = (*FLAT, 54, 54, 55, 54, 54)
SAFE, OPEN = ("safe", C), ("open", C)


def cards(lines, *, shared=True, reader="him", kind=Kind.THERAPY, **more):
    """Return the cards of a course, whose other seat answers everything alike."""
    both = {**lines, **{(item, T): (50,) * len(v) for (item, _), v in lines.items()}}
    made = course(both, shared=shared, kind=kind)
    seen = seen_in_research(made) if reader == "research" else seen_by(made, reader)
    return wonders(seen, **more)


def test_one_answer_far_below_what_eleven_foretold_is_a_card():
    (card,) = cards({SAFE: LOW})

    assert card.session == 12
    assert card.strength > 1
    assert "In session 12 the client's answer" in card.finding.sentence
    assert "11 earlier answers" in card.finding.sentence
    assert "1 in 500 ordinary sessions" in card.finding.how_sure
    assert card.finding.another_reading
    assert card.finding.question == "What do you make of it?"
    assert card.finding.level is Level.UNUSUAL


def test_the_last_five_below_are_a_card_where_no_single_one_is():
    (card,) = cards({SAFE: FEW})

    assert card.session == 16
    assert "last five answers" in card.finding.sentence
    assert "1 in 40 ordinary sessions" in card.finding.how_sure


def test_before_the_twelfth_answer_there_is_none():
    assert cards({SAFE: (*FLAT[:10], 0)}) == []


def test_what_the_client_keeps_back_makes_no_card_and_changes_none():
    kept_back = {("safe", T)}

    assert cards({SAFE: LOW}, shared=kept_back) == []


def test_the_therapists_own_answers_make_none():
    made = course({SAFE: (60,) * 12, ("safe", T): LOW})

    assert wonders(seen_by(made, "him")) == []


def test_only_the_declared_series_is_looked_at():
    lines = {SAFE: (60,) * 12, OPEN: LOW}

    assert cards(lines) == []
    (card,) = cards(lines, declared="open")
    assert card.finding.item == "open"
    (card,) = cards(lines, further=("open",))
    assert card.finding.item == "open"


def test_a_dip_on_an_open_day_is_told_so():
    closed = cards({SAFE: LOW, OPEN: (*FLAT, 20)})
    opened = cards({SAFE: LOW, OPEN: (*FLAT, 90)})

    assert "most open days" not in closed[0].finding.another_reading
    assert "most open days" in opened[0].finding.another_reading


def test_a_researcher_is_asked_nothing():
    (card,) = cards({SAFE: LOW}, shared=False, reader="research")

    assert card.finding.question == ""
    assert "below the limit" in card.finding.sentence


def test_in_supervision_the_declared_series_is_being_heard():
    (card,) = cards({("sup_heard", C): LOW}, kind=Kind.SUPERVISION)

    assert "the supervisee's answer" in card.finding.sentence


def test_a_later_answer_changes_no_earlier_card():
    before = cards({SAFE: LOW})
    after = cards({SAFE: (*LOW, 0, 100)})

    assert after[0] == before[0]


@pytest.mark.parametrize("more", [{"declared": "line"}, {"further": ("safe",)}])
def test_a_series_is_a_scale_and_stands_once(more):
    with pytest.raises(ParameterError, match="each series must be another one of"):
        cards({SAFE: LOW}, **more)


def test_both_can_open_what_is_put_to_the_therapist_and_the_client_alone_is_put_nothing():
    made = course({SAFE: LOW, ("safe", T): (50,) * 12})

    assert wonders(seen_together(made)) == wonders(seen_by(made, "him"))
    with pytest.raises(ParameterError, match="scope must be"):
        wonders(seen_by(made, "her"))


def test_a_course_without_sessions_or_scales_has_none():
    made = course({})
    bare = replace(made, prompts=replace(made.prompts, items=(), rotation=()))

    assert wonders(seen_by(made, "him")) == []
    assert wonders(seen_by(bare, "him")) == []
