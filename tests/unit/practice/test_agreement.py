"""An agreement in plain words: what is proposed to begin with, and what would change."""

from dataclasses import fields, replace

import pytest

from duologue import instruments
from duologue.practice.agreement import (
    UNSAID,
    Mark,
    default_terms,
    filled,
    heard,
    kept,
    points,
    who_sees,
)
from duologue.practice.consent import in_plain_words, sessions_in_words
from duologue.records import Kind, Seat, Supervision, Terms
from duologue.sharing import has_own_switch, may_open
from duologue.sharing.consent import Purpose

FIRST = default_terms()


@pytest.mark.parametrize("kind", Kind)
def test_every_point_of_a_first_proposal_is_filled(kind):
    first = default_terms(kind)

    assert all(getattr(first, field.name) is not None for field in fields(Terms))
    for words in ("serious harm", "court", "supervisor"):
        assert words in first.confidentiality
    assert UNSAID not in " ".join(
        line for p in points(first, kind) for _, line in p.lines
    )


def test_the_terms_for_therapy_are_what_was_asked_for():
    assert (FIRST.length_min, FIRST.rhythm) == (50, "weekly")
    assert (FIRST.keep_free_text_days, FIRST.keep_numbers_years) == (90, 7)
    assert "safeguarding" in FIRST.confidentiality


def test_what_is_agreed_stays_and_what_is_not_is_filled_in():
    terms = Terms(length_min=30, supervision=Supervision.OPENED)

    found = filled(terms, Kind.THERAPY)

    assert found == replace(FIRST, length_min=30, supervision=Supervision.OPENED)
    assert filled(Terms(), Kind.THERAPY) == FIRST


def test_only_the_lines_that_differ_are_marked():
    changed = replace(FIRST, length_min=45, frame=f"{FIRST.frame}\nOne line more.")

    found = {p.title: p for p in points(changed, Kind.THERAPY, before=FIRST)}

    first, frame = found["How long, and how often"], found["The frame"]
    assert first.lines == (
        (Mark.GONE, "50 minutes, weekly"),
        (Mark.NEW, "45 minutes, weekly"),
    )
    assert [mark for mark, _ in frame.lines[:-1]] == [Mark.SAME] * (
        len(frame.lines) - 1
    )
    assert frame.lines[-1] == (Mark.NEW, "One line more.")
    assert [p.title for p in found.values() if p.changes] == [first.title, frame.title]
    assert not any(p.changes for p in points(FIRST, Kind.THERAPY))


def test_what_is_not_agreed_is_said_to_be_so():
    said = [line for p in points(Terms(), Kind.THERAPY) for _, line in p.lines]

    assert said.count(UNSAID) == 4
    assert kept(Terms(keep_free_text_days=1)) == UNSAID


def test_how_long_things_are_kept_counts_from_the_ending():
    words = kept(replace(FIRST, keep_free_text_days=1, keep_numbers_years=1))

    assert "words for 1 day, numbers for 1 year." in words
    assert "start at the ending" in words


def test_each_level_of_supervision_says_something_else():
    for kind in Kind:
        assert len({heard(each, kind) for each in Supervision}) == 3


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("seat", Seat)
def test_who_sees_what_is_what_the_rules_say(kind, seat):
    prompts = instruments.prompts(kind)

    found = {
        asked: each.who for each in who_sees(prompts, seat) for asked in each.asked
    }

    for item in prompts.items:
        if seat not in item.text:
            continue
        who = found[item.text[seat]]
        assert who.startswith("Both") == may_open(item)
        assert ("switched" in who) == has_own_switch(item)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("seat", Seat)
@pytest.mark.parametrize("purpose", Purpose)
def test_each_purpose_says_what_it_allows_who_sees_how_long_and_how_it_ends(
    purpose, seat, kind
):
    plain = in_plain_words(purpose, kind, seat)

    for words in (plain.title, plain.allows, plain.who, plain.how_long, plain.ending):
        assert words.strip()
    if purpose in (Purpose.RECORDING, Purpose.TRANSCRIPT):
        assert "first, and alone" in plain.allows
        assert "six" in plain.how_long


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ([7], "session 7"),
        ([7, 8], "sessions 7 and 8"),
        ([7, 8, 9], "sessions 7 to 9"),
        ([7, 9], "sessions 7 and 9"),
        ([1, 2, 3, 5, 8, 9, 10], "sessions 1 to 3, 5 and 8 to 10"),
    ],
)
def test_numbers_of_sessions_are_written_as_people_say_them(numbers, words):
    assert sessions_in_words(numbers) == words
