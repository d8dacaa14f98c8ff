"""Findings that are facts and counts: frame, goals, measures, what was said."""

from dataclasses import replace
from datetime import date

import pytest

from build import C, T, course, finding, ids, reading, session, sessions
from duologue import instruments
from duologue.instruments import Known
from duologue.instruments.packs import read_pack
from duologue.records import (
    Agreement,
    EdgeKind,
    FrameEvent,
    Goal,
    Kind,
    Measure,
    Seat,
    Segment,
    Session,
    Status,
    Tag,
    Turns,
)
from duologue.relationship import Level, Picture, read
from duologue.sharing import seen_together
from made_up_forms import hours, made_up, packed

READERS = ("client", "therapist", "ours", "research")

# The frame -------------------------------------------------------------------------


def frame_of(*made, **more):
    return finding(course(sessions=made, **more), "ours.frame")


def test_the_frame_counts_what_was_late_over_and_short():
    found = frame_of(
        session(1),
        session(2, late=6),
        session(3, lasts=56),
        session(4, late=5, lasts=44),
    )

    assert found.count == (4, 4)
    assert found.sentence == (
        "4 of 4 sessions held. Began more than 5 minutes late: 1 of 4. Ran over by as "
        "much: 1 of 4; ended early by as much: 1."
    )
    assert found.level is Level.COUNT
    assert (found.card, found.chance_rate) == (False, None)
    late, over = (series.values for series in found.chart.series)
    assert late == (0, 6, 0, 5)
    assert over == (0, 0, 6, -6)


def test_what_a_session_was_planned_for_goes_before_what_was_agreed():
    found = frame_of(session(1, lasts=90, planned_minutes=90), session(2, lasts=90))

    assert "Ran over by as much: 1 of 2" in found.sentence


def test_sessions_that_were_not_held_say_by_whom():
    def off(number, status, by=None):
        return session(number, status=status, by=by, started=None, ended=None)

    found = frame_of(
        session(1),
        off(2, Status.CANCELLED, C),
        off(3, Status.CANCELLED, T),
        off(4, Status.NO_SHOW, C),
        off(5, Status.MOVED),
    )

    assert found.count == (1, 5)
    assert (
        "Of the others: 1 cancelled by the client, 1 cancelled by the therapist, "
        "1 moved, 1 missed by the client."
    ) in found.sentence
    assert found.chart.spans == ((2, None), (3, None), (4, None), (5, None))


def test_tags_are_counted_and_drift_is_no_fault():
    edges = tuple(
        FrameEvent(session=1, kind=EdgeKind.OVERRAN, by=T, tag=tag)
        for tag in (Tag.MEANT, Tag.DRIFTED, Tag.DRIFTED, None)
    )

    found = frame_of(session(1), frame=edges)

    assert found.sentence.endswith("Tagged meant: 1; drifted: 2.")
    assert found.another_reading == "A minute on a clock does not say why."


def test_without_an_agreed_length_only_the_start_is_counted():
    made = course(sessions=(session(1, late=9, lasts=200),))
    dyad = replace(made.dyad, agreement=Agreement())

    found = finding(replace(made, dyad=dyad), "ours.frame")

    assert found.sentence == (
        "1 of 1 session held. Began more than 5 minutes late: 1 of 1."
    )
    assert found.chart.series[1].values == (None,)


def test_sessions_without_a_plan_have_no_frame():
    assert "ours.frame" not in ids(reading(course(n=3, dated=False)))
    found = frame_of(Session(number=1), session(2))
    assert found.sessions == (1, 2)


def test_what_became_of_sessions_is_told_without_a_single_time():
    found = frame_of(
        Session(number=1), Session(number=2, status=Status.CANCELLED, by=T)
    )

    assert found.sentence == (
        "1 of 2 sessions held. Of the others: 1 cancelled by the therapist."
    )


@pytest.mark.parametrize("reader", READERS)
def test_everybody_sees_the_same_frame(reader):
    made = course(sessions=(session(1, late=7),))

    found = finding(made, "ours.frame", reader)

    assert found.count == (1, 1)
    assert found.sentence == finding(made, "ours.frame").sentence


# What I came for ---------------------------------------------------------------------


def test_a_goal_shows_its_first_and_its_last_rating():
    goal = Goal(code="g1", words="Sleep", ratings=((1, 2.0), (3, 4.0), (6, 5.5)))

    found = finding(course(n=6, goals=(goal,)), "ours.goal.g1")

    assert found.title == "“Sleep”"
    assert found.sentence == "2 of 10 in session 1, 5.5 of 10 in session 6."
    assert found.estimate == 5.5
    assert found.level is Level.COUNT
    assert not found.chart.joined
    assert found.chart.high == 10
    assert not found.card


@pytest.mark.parametrize(
    ("ratings", "said"),
    [((), "Not rated yet."), (((2, 3.0),), "3 of 10 in session 2.")],
)
def test_a_goal_rated_once_or_never_says_no_more(ratings, said):
    goal = Goal(code="g1", words="Sleep", ratings=ratings)

    found = finding(course(n=3, goals=(goal,)), "ours.goal.g1")

    assert found.level is Level.TOO_EARLY
    assert found.sentence == said


# Measures ---------------------------------------------------------------------------


def phq9(number, total, *, ninth=0, seat=C, name="phq9"):
    """Fill in a form whose first eight items add up to the total less the ninth."""
    left, answers = total - ninth, []
    for item in range(1, 9):
        answers.append((str(item), float(min(3, left))))
        left -= min(3, left)
    return Measure(
        instrument=name,
        session=number,
        seat=seat,
        answers=(*answers, ("9", float(ninth))),
    )


def outcome(*forms, which="ours.outcome.phq9", reader="ours"):
    return finding(course(n=9, measures=forms), which, reader)


@pytest.mark.parametrize(
    ("last", "said"),
    [
        (9, "That is within its usual wobble."),
        (8, "That is more than its usual wobble."),
        (20, "That is more than its usual wobble."),
    ],
)
def test_a_change_is_held_against_the_form_s_own_wobble(last, said):
    # The published wobble of PHQ-9 is 6 points: from 14, a 9 is within it, an 8 not.
    assert instruments.load("phq9").reliable_change.points == 6

    found = outcome(phq9(1, 14), phq9(5, last))

    assert found.sentence == f"14 in session 1, {last} in session 5. {said}"
    assert "less than 6 points" in found.how_sure
    assert found.estimate == last
    assert found.unit == "0 to 27"
    assert not found.card


def test_one_form_is_one_form():
    found = outcome(phq9(2, 14))

    assert found.level is Level.TOO_EARLY
    assert "14 in session 2" in found.sentence
    assert not found.chart.joined


def test_a_form_with_a_blank_has_no_score_and_is_no_zero():
    form = phq9(3, 14)
    blank = replace(form, answers=(("1", None), *form.answers[1:]))

    found = outcome(phq9(1, 10), blank)
    alone = outcome(blank)

    assert found.sessions == (1,)
    assert alone.sentence == "No form is complete enough for its score."
    assert (alone.estimate, alone.chart) == (None, None)


def test_forms_are_read_in_the_order_of_the_sessions():
    found = outcome(phq9(7, 3), phq9(1, 14))

    assert found.sentence.startswith("14 in session 1, 3 in session 7.")


def test_a_form_without_a_published_wobble_says_so():
    name = next(n for n in instruments.names() if not _wobble(n))
    instrument = instruments.load(name)
    seat = instrument.answered_by[0]
    forms = tuple(
        Measure(
            instrument=name,
            session=number,
            seat=seat,
            answers=tuple((item.id, item.low) for item in instrument.items),
        )
        for number in (1, 2)
    )

    found = outcome(*forms, which=f"mine.outcome.{name}", reader=seat.value)

    assert "is not established here" in found.how_sure


def _wobble(name):
    return instruments.load(name).reliable_change


@pytest.mark.parametrize("reader", READERS)
def test_the_ninth_answer_stands_unaltered_with_its_own_words(reader):
    found = outcome(
        phq9(1, 14), phq9(2, 14, ninth=1), which="ours.outcome.phq9.9.2", reader=reader
    )

    item = instruments.load("phq9").item("9")
    assert found.title == f"“{item.text[C]}”: Several days"
    assert found.card
    assert found.estimate == 1
    assert found.sessions == (2,)
    assert (found.chance_rate, found.unit) == (None, "as answered")


@pytest.mark.parametrize("value", [1, 2, 3])
def test_its_label_is_the_one_that_was_chosen(value):
    found = outcome(phq9(1, 14, ninth=value), which="ours.outcome.phq9.9.1")
    labels = {1: "Several days", 2: "More than half the days", 3: "Nearly every day"}

    assert found.title.endswith(f": {labels[value]}")


@pytest.mark.parametrize(("last", "card"), [(0, False), (1, False), (None, True)])
def test_of_two_forms_after_one_session_both_stand_and_the_last_answer_stands_out(
    last, card
):
    first = replace(phq9(2, 14, ninth=2), day=date(2026, 1, 13))
    second = replace(phq9(2, 9, ninth=last or 0), day=date(2026, 1, 15))
    if last is None:
        second = replace(second, answers=second.answers[:-1])
    made = course(n=9, measures=(second, first))

    # A form with a blank has no total: the one before it stands.
    assert finding(made, "ours.outcome.phq9").estimate == (14 if last is None else 9)
    assert finding(made, "ours.outcome.phq9.9.2.2026-01-13").card is card
    found = "ours.outcome.phq9.9.2.2026-01-15" in ids(reading(made))
    assert found is bool(last)


def test_a_blank_ninth_answer_takes_nothing_back():
    later = phq9(2, 14)
    blank = replace(later, answers=(*later.answers[:8], ("9", None)))
    gone = replace(later, answers=later.answers[:8])

    for form in (blank, gone):
        made = course(n=9, measures=(phq9(1, 14, ninth=3), form))
        assert finding(made, "ours.outcome.phq9.9.1").card
        assert reading(made).helps_first


def test_an_earlier_ninth_answer_stays_to_be_seen_and_no_longer_stands_out():
    made = course(n=9, measures=(phq9(1, 14, ninth=3), phq9(2, 14)))

    found = finding(made, "ours.outcome.phq9.9.1")

    assert "in session 1" in found.sentence
    assert not found.card
    assert "ours.outcome.phq9.9.2" not in ids(reading(made))


def forms_of(instrument, seat, *, low):
    items = instruments.load(instrument).items
    return tuple(
        Measure(
            instrument=instrument,
            session=number,
            seat=seat,
            answers=tuple((item.id, item.low if low else item.high) for item in items),
        )
        for number in (1, 5)
    )


def test_two_people_s_forms_of_one_instrument_are_two_findings_each_in_its_seat():
    both = forms_of("arm5", C, low=True) + forms_of("arm5", T, low=False)
    made = course(n=9, measures=both)

    found = [
        finding(made, f"ours.outcome.arm5{end}", "research")
        for end in ("", ".therapist")
    ]

    assert [f.chart.series[0].seat for f in found] == [C, T]
    assert found[0].chart.series[0].values[0] == found[0].chart.series[0].values[1]
    assert found[0].estimate != found[1].estimate


def test_a_form_that_both_seats_may_fill_in_stays_with_its_author():
    made = course(n=9, measures=forms_of("arm5", C, low=True))

    assert "mine.outcome.arm5" in ids(reading(made, "client"))
    for reader in ("therapist", "ours"):
        assert not any("arm5" in name for name in ids(reading(made, reader)))


def test_in_supervision_nobody_s_form_is_the_other_s_to_see():
    made = course(n=9, measures=(phq9(1, 14, ninth=1),), kind=Kind.SUPERVISION)

    assert "mine.outcome.phq9" in ids(reading(made, "client"))
    assert not any("phq9" in name for name in ids(reading(made, "therapist")))


def test_help_comes_first_where_the_newest_ninth_answer_stands_out():
    newest = course(n=9, measures=(phq9(1, 14), phq9(2, 14, ninth=1)))
    earlier = course(n=9, measures=(phq9(1, 14, ninth=1), phq9(2, 14)))

    for reader in READERS:
        assert reading(newest, reader).helps_first
        assert not reading(earlier, reader).helps_first


def test_nothing_is_said_of_times_that_are_not_known():
    made = course(sessions=(Session(number=1, planned_start=session(1).planned_start),))

    assert finding(made, "ours.frame").sentence == "1 of 1 session held."


def test_the_ninth_answer_of_an_incomplete_form_is_shown_all_the_same():
    form = phq9(1, 14, ninth=2)
    blank = replace(form, answers=(("1", None), *form.answers[1:]))

    found = outcome(blank, which="ours.outcome.phq9.9.1")

    assert found.title.endswith(": More than half the days")


def test_a_therapist_s_own_form_is_the_therapist_s_alone():
    made = course(n=9, measures=(phq9(1, 14, seat=T),))

    assert "mine.outcome.phq9" in ids(reading(made, "therapist"))
    for reader in ("client", "ours"):
        assert not any("outcome" in name for name in ids(reading(made, reader)))


# What was said ------------------------------------------------------------------------


def talk(*rows, number=1, notes=()):
    return Turns(
        session=number,
        segments=tuple(Segment(seat, None, None, text) for seat, text in rows),
        notes=notes,
    )


def test_a_transcript_gives_shares_turns_and_questions():
    turns = talk(
        (C, "one two three four five six"),
        (T, "what then?"),
        (C, "seven eight nine ten"),
    )

    found = finding(course(n=1, turns=(turns,)), "ours.turns.1")

    # Client 10 words of 12: 83 %; 3 turns; the therapist asks in one.
    assert "the client spoke 83 % of the words and the therapist 17 %" in found.sentence
    assert "in 3 turns" in found.sentence
    assert "The client asked in 0 turns, the therapist in 1." in found.sentence
    assert found.level is Level.COUNT
    assert found.chart.picture is Picture.BARS
    assert found.chart.series[0].values[0] == pytest.approx(1000 / 12)
    assert not found.card


@pytest.mark.parametrize("seat", list(Seat))
def test_one_voice_has_no_shares(seat):
    turns = talk((seat, "only me here"))

    found = finding(course(n=1, turns=(turns,)), "ours.turns.1")

    assert found.level is Level.TOO_EARLY
    assert "one voice only" in found.sentence
    assert found.chart is None


def test_who_is_neither_of_the_two_is_left_out():
    turns = talk((C, "one"), (None, "a great many other words"), (T, "two"))

    found = finding(course(n=1, turns=(turns,)), "ours.turns.1")

    assert "the client spoke 50 % of the words" in found.sentence


def test_what_must_be_known_of_a_file_stands_among_the_notes():
    turns = talk((C, "one"), (T, "two"), notes=("3 of 60 segments have no speaker.",))

    notes = reading(course(n=1, turns=(turns,))).notes

    assert "Transcript of session 1: 3 of 60 segments have no speaker." in notes


def test_in_supervision_facts_name_supervisee_and_supervisor():
    off = session(2, status=Status.NO_SHOW, by=C, started=None, ended=None)
    made = course(
        sessions=(*sessions(1), off),
        kind=Kind.SUPERVISION,
        turns=(talk((C, "one two three"), (T, "four")),),
        goals=(Goal(code="g", words="x", ratings=((1, 1.0), (2, 2.0))),),
    )

    assert "missed by the supervisee" in finding(made, "ours.frame").sentence
    assert "the supervisee spoke 75 %" in finding(made, "ours.turns.1").sentence
    goal = finding(made, "mine.goal.g", "client")
    assert "supervisee's own rating" in goal.how_sure
    assert "ours.goal.g" not in ids(reading(made))
    assert "goal" not in "".join(ids(reading(made, "therapist")))


def four_steps():
    """Return a form whose items go from 1 to 4, as it is known with its pack."""
    words = ("Not at all", "Some", "Much", "All of them")
    answers = [{"value": i, "label": label} for i, label in enumerate(words, 1)]
    form = hours(range=[1, 4], answers=answers, scoring=SCORED)
    return Known((read_pack(packed(form)),))


SCORED = {"method": "sum", "range": [3, 12], "better": "lower"}


@pytest.mark.parametrize(("value", "stands"), [(1.0, False), (2.0, True)])
def test_the_least_answer_stands_nowhere_by_itself_wherever_a_scale_begins(
    value, stands
):
    form = Measure(
        instrument="hours", session=2, seat=C, answers=(("a", 1.0), ("b", value))
    )
    asked = replace(course(n=9), measures=(form,))
    prompts = four_steps().extend(asked.prompts)
    seen = seen_together(replace(asked, prompts=prompts))

    found = read(seen, known=four_steps()).findings

    named = [each for each in found if each.id == "ours.outcome.hours.b.2"]
    assert len(named) == stands
    assert all(each.credit == made_up().credit for each in named)
