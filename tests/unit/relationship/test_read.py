"""The whole reading: who reads, as of when, in which voice, and with which notes."""

import re
from dataclasses import replace
from datetime import date

import pytest

from build import FLAT, C, T, course, finding, ids, reading, session, sessions
from duologue.errors import ParameterError
from duologue.records import (
    EdgeKind,
    FrameEvent,
    Goal,
    Kind,
    Measure,
    Seat,
    Segment,
    Tag,
    Turns,
)
from duologue.relationship import Level, Whose
from duologue.relationship.chance import NEAR_TOP, ORDINARY, some_card
from duologue.relationship.templates import NOTES
from duologue.relationship.wording import one_in
from duologue.sharing import Scope

READERS = ("client", "therapist", "ours", "research")
QUIET = (*FLAT[:9], 45, 46, 44)
DIPS = (*FLAT, 40)


def full(kind=Kind.THERAPY, **more):
    """Return a course in which almost everything that can be said is said."""
    sup = kind is Kind.SUPERVISION
    open_, safe, heard = (
        ("sup_open", "sup_focus", "sup_heard")
        if sup
        else ("open", "safe", "understood")
    )
    unsaid, apart = ("sup_unsaid", "sup_apart") if sup else ("unsaid", "apart")
    still, back = ("still", "back") if sup else ("still_there", "came_back")
    lines = {
        (open_, C): QUIET,
        (open_, T): QUIET,
        (safe, C): DIPS,
        (safe, T): (*FLAT, 60),
        (heard, C): (*FLAT, 30, 60, 30),
        (heard, T): (*FLAT, 60, 60, 60),
        (unsaid, C): ("no", "matters") * 6,
        (unsaid, T): ("matters", "no", "a_little") * 4,
        (apart, C): (back, "no", still, "no", back, "no"),
        (apart, T): ("no", "no", still, "no", back, "no"),
    }
    if not sup:
        lines |= {
            ("need", C): (None, ("slower", "quiet")),
            ("need", T): (None, ("stay",)),
            ("lead", C): (20,),
            ("lead", T): (30,),
            ("deep", C): DIPS,
            ("deep", T): DIPS,
        }
    form = tuple((str(i), 1.0) for i in range(1, 10))
    return course(
        lines,
        n=14,
        kind=kind,
        sessions=(*sessions(13), session(14, late=9, lasts=60)),
        goals=(Goal(code="g", words="A goal", ratings=((1, 2.0), (9, 4.0))),),
        measures=tuple(
            Measure(instrument="phq9", session=n, seat=C, answers=form) for n in (1, 9)
        ),
        frame=(FrameEvent(session=14, kind=EdgeKind.OVERRAN, by=T, tag=Tag.MEANT),),
        turns=(
            Turns(
                session=3,
                segments=(
                    Segment(C, None, None, "one two three?"),
                    Segment(T, None, None, "four"),
                ),
            ),
        ),
        **more,
    )


def said(found):
    """Return every sentence of a reading, titles of published forms and goals aside."""
    return [
        part
        for f in found.findings
        for part in (f.sentence, f.how_sure, f.another_reading, f.question)
        if part
    ]


# Who reads ---------------------------------------------------------------------------


def test_ours_is_the_same_whoever_of_the_two_reads():
    made = full()

    both = [
        [f for f in reading(made, reader).findings if f.whose is Whose.OURS]
        for reader in ("client", "therapist", "ours")
    ]

    assert both[0] == both[1] == both[2]
    assert {f.whose for f in reading(made).findings} == {Whose.OURS}


@pytest.mark.parametrize("reader", READERS)
def test_equal_input_gives_an_equal_reading(reader):
    assert reading(full(), reader) == reading(full(), reader)


@pytest.mark.parametrize("reader", READERS)
def test_every_finding_has_an_id_of_its_own_and_something_to_say(reader):
    found = reading(full(), reader)

    assert len(set(ids(found))) == len(found.findings)
    for f in found.findings:
        assert f.sentence
        assert f.title
        assert set(f.sessions) <= set(range(1, 15))


@pytest.mark.parametrize("reader", ["client", "therapist", "ours"])
def test_every_card_says_how_sure_reads_it_otherwise_and_asks(reader):
    cards = reading(full(), reader).cards

    assert cards
    for f in cards:
        assert f.how_sure
        assert f.question.endswith("?")
        assert f.another_reading or f.level is Level.COUNT


def test_the_reading_says_what_it_rests_on():
    found = reading(full(), "client")

    assert (found.scope, found.pair, found.kind) == (Scope.CLIENT, "pair", Kind.THERAPY)
    assert (found.n_sessions, found.n_held) == (14, 14)
    assert (found.first_day, found.last_day) == (date(2026, 1, 5), date(2026, 4, 6))
    assert found.prompts == "after_session"
    assert found.help_now[0] == "Ring the practice."
    assert "Samaritans: 116 123" in found.help_now


def test_a_course_of_nothing_can_be_read():
    for reader in READERS:
        found = reading(course(), reader)

        assert ids(found) == ["ours.nothing_open"]
        assert (found.n_sessions, found.first_day) == (0, None)
        assert NOTES["no_card"] in found.notes


# As of ------------------------------------------------------------------------------


@pytest.mark.parametrize("reader", READERS)
def test_as_of_reads_the_course_as_if_on_that_evening(reader):
    made = full()
    day = made.sessions[8].day
    kept = set(range(1, 10))
    until = replace(
        made,
        sessions=made.sessions[:9],
        reflections=tuple(r for r in made.reflections if r.session in kept),
        frame=(),
    )

    found = reading(made, reader, as_of=day)

    assert found.as_of == day
    assert (found.n_sessions, found.last_day) == (9, day)
    assert found.findings == reading(until, reader).findings
    assert found != reading(made, reader)


def test_as_of_leaves_out_what_was_rated_measured_and_said_later():
    made = full()
    found = reading(made, as_of=made.sessions[1].day)

    assert "ours.turns.3" not in ids(found)
    assert finding(made, "ours.goal.g", as_of=made.sessions[1].day).sentence == (
        "2 of 10 in session 1."
    )
    assert (
        "One form so far"
        in finding(made, "ours.outcome.phq9", as_of=made.sessions[1].day).sentence
    )


def test_as_of_before_the_first_day_there_is_nothing():
    found = reading(full(), as_of=date(2020, 1, 1))

    assert found.n_sessions == 0
    assert not found.cards


def test_as_of_needs_dates():
    made = course({("open", C): (50, 60)}, dated=False)

    with pytest.raises(ParameterError, match="as_of needs a date for every session"):
        reading(made, as_of=date(2026, 1, 5))


# Supervision --------------------------------------------------------------------------


THERAPY_WORDS = re.compile(r"\b(client|therapist|therapy)('s)?\b", re.IGNORECASE)


@pytest.mark.parametrize("reader", READERS)
def test_a_supervision_pair_is_never_called_client_and_therapist(reader):
    found = reading(full(Kind.SUPERVISION), reader)
    text = " ".join(said(found))

    assert "supervisee" in text
    assert "supervisor" in text
    assert not THERAPY_WORDS.findall(text)
    labels = " ".join(
        part
        for f in found.findings
        if f.chart
        for part in (*f.chart.ends, *(s.label for s in f.chart.series), f.unit)
    )
    assert not THERAPY_WORDS.findall(labels)


def test_therapy_is_never_called_supervision():
    for reader in READERS:
        assert not re.search("supervis", " ".join(said(reading(full(), reader))))


# Research -----------------------------------------------------------------------------


YOU = re.compile(r"\b(you|your|yours|yourselves)\b", re.IGNORECASE)


@pytest.mark.parametrize("kind", list(Kind))
def test_a_researcher_is_told_of_the_two_and_asked_nothing(kind):
    found = reading(full(kind), "research")

    assert {f.whose for f in found.findings} == {Whose.OURS}
    assert not [f.question for f in found.findings if f.question]
    assert not [part for part in said(found) if YOU.search(part)]


def test_a_research_reading_says_that_it_sees_all():
    assert NOTES["research"] in reading(full(), "research").notes
    for reader in ("client", "therapist", "ours"):
        assert NOTES["research"] not in reading(full(), reader).notes


def test_research_sees_what_nobody_opened():
    made = course({("safe", C): DIPS, ("safe", T): (*FLAT, 60)}, shared=False)

    assert reading(made).findings[0].id == "ours.nothing_open"
    assert finding(made, "ours.safe", "research").level is Level.UNUSUAL


def test_two_people_who_answered_different_sessions_can_be_read_in_research():
    made = course({("safe", C): (*FLAT, 40), ("safe", T): (None,) * 12 + FLAT}, n=23)

    found = finding(made, "ours.safe", "research")

    assert found.level in (Level.TOO_EARLY, Level.EARLY)


# Notes --------------------------------------------------------------------------------


def test_a_card_by_chance_brings_the_line_on_many_scales():
    line = NOTES["family"].format(
        chance=one_in(some_card(ORDINARY, 5, alone=True)),
        near_top=one_in(some_card(NEAR_TOP, 5, alone=True)),
    )

    assert line in reading(full(), "client").notes


def test_some_card_on_a_page_is_likelier_than_one_card():
    # Ten lines, five gaps and "both quieter" in two ways, as if independent.
    none = (1 - 0.0135) ** 10 * (1 - 0.012) ** 5 * (1 - 0.01) * (1 - 0.004)

    assert some_card(ORDINARY, 5, alone=False) == pytest.approx(1 - none)
    assert some_card(ORDINARY, 5, alone=True) > some_card(ORDINARY, 5, alone=False)


@pytest.mark.parametrize(
    "made",
    [
        course({("safe", C): FLAT, ("safe", T): FLAT}),
        course({("apart", seat): ("still_there",) for seat in Seat}),
    ],
    ids=["no card", "a card that both marked"],
)
def test_without_a_card_by_chance_there_is_no_such_line(made):
    assert not [n for n in reading(made).notes if "scales are looked at" in n]


@pytest.mark.parametrize("reader", READERS)
def test_every_reading_says_what_no_card_means_and_that_prompts_are_a_draft(reader):
    notes = reading(full(), reader).notes

    assert NOTES["no_card"] in notes
    assert NOTES["unvalidated"] in notes


@pytest.mark.parametrize("reader", READERS)
def test_what_is_made_up_says_so_first(reader):
    assert reading(full(made_up=True), reader).notes[0] == NOTES["made_up"]
    assert NOTES["made_up"] not in reading(full(), reader).notes


# Asked in turn -------------------------------------------------------------------------


def test_who_chose_is_compared_on_one_line():
    # The low end is "mostly me" in both seats: the therapist's 30 is turned to 70.
    found = finding(full(), "ours.lead")

    assert [series.values[0] for series in found.chart.series] == [20, 70]
    assert found.chart.ends == ("mostly the client", "mostly the therapist")
    assert found.level is Level.COUNT
    assert found.sentence == "You have both opened this in 1 session."


def test_needs_of_both_stand_in_their_own_labels_while_they_are_news():
    needs = {("need", C): (None, ("slower", "quiet")), ("need", T): (None, ("stay",))}
    made, later = course(needs, n=6), course(needs, n=7)

    assert finding(made, "ours.need").sentence == (
        "After session 2: the client said “To go slower”, “More quiet”; "
        "the therapist said “To stay with this”."
    )
    assert finding(made, "mine.need", "client").sentence == (
        "After session 2 you said: “To go slower”, “More quiet”."
    )
    for reader in READERS:
        assert not any("need" in name for name in ids(reading(later, reader)))


def test_an_empty_choice_is_no_need():
    made = course({("need", C): ((),), ("need", T): (("stay",),)})

    for reader in READERS:
        assert "ours.need" not in ids(reading(made, reader))
