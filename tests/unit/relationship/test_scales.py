"""Findings on the scales: how much is said, of one and of both, and how sure."""

import pytest

from build import FLAT, C, T, course, finding, ids, reading
from duologue.records import Kind, Seat
from duologue.relationship import Level, Strand
from duologue.relationship.chance import NEAR_TOP, ORDINARY, chances
from duologue.relationship.wording import one_in

LOW = 40
SEATS = [("client", C), ("therapist", T)]


# One's own ------------------------------------------------------------------------


def own(values, *, item="safe", reader="client", seat=C, n=None):
    made = course({(item, seat): values}, n=n, shared=False)
    return finding(made, f"mine.{item}", reader)


def ours(client, therapist, *, item="safe"):
    return finding(course({(item, C): client, (item, T): therapist}), f"ours.{item}")


@pytest.mark.parametrize(("reader", "seat"), SEATS)
def test_four_answers_are_too_early(reader, seat):
    found = own((60, 10, 60, 10), reader=reader, seat=seat)

    assert found.level is Level.TOO_EARLY
    assert found.sentence == "Too early to say anything."
    assert not found.chart.joined
    assert found.chart.series[0].lower == ()
    assert (found.card, found.count, found.chance_rate) == (False, None, None)


def test_with_more_than_half_missing_it_is_too_early_however_many():
    found = own((*FLAT, LOW), n=25)

    assert found.level is Level.TOO_EARLY
    assert not found.card
    assert found.interval is None


def test_with_just_half_there_it_is_not():
    assert own((*FLAT, LOW), n=24).level is Level.UNUSUAL


@pytest.mark.parametrize(
    ("values", "count", "said"),
    [
        ((60, 50, 55, 52, 58), (2, 4), "Of your last 4 answers, 2 were lower"),
        ((60, 50, 55, 57, 58), (1, 4), "Of your last 4 answers, 1 was lower"),
        ((*FLAT[:10], LOW), (3, 5), "Of your last 5 answers, 3 were lower"),
    ],
)
def test_five_to_eleven_answers_are_early_days(values, count, said):
    found = own(values)

    assert found.level is Level.EARLY
    assert found.count == count
    assert said in found.sentence
    assert "This could be chance" in found.how_sure
    assert not found.card


@pytest.mark.parametrize(("reader", "seat"), SEATS)
def test_from_twelve_on_an_answer_within_the_band_is_a_plain_line(reader, seat):
    found = own((*FLAT, 57), reader=reader, seat=seat)

    assert found.level is Level.COUNT
    assert found.sentence == "In session 12 this was not lower than is usual for you."
    assert (found.card, found.chance_rate, found.question) == (False, None, "")
    assert found.interval == (55, 65)


@pytest.mark.parametrize(("reader", "seat"), SEATS)
def test_a_dip_below_the_band_is_a_card_with_its_chance_and_a_question(reader, seat):
    found = own((*FLAT, LOW), reader=reader, seat=seat)

    assert found.level is Level.UNUSUAL
    assert found.card
    assert found.sentence == "In session 12 this was lower than is usual for you."
    assert found.chance_rate == ORDINARY.one
    assert one_in(ORDINARY.one) in found.how_sure
    assert found.another_reading
    assert found.question == "What do you make of it?"
    assert found.chart.series[0].marks == (12,)


def test_a_leap_above_the_band_is_no_card():
    assert own((*FLAT, 90)).level is Level.COUNT


def test_two_dips_in_three_are_said_as_two_in_three():
    found = own((*FLAT, LOW, 60, 30))

    assert found.level is Level.REPEATED
    assert found.count == (2, 3)
    assert "2 of your last 3" in found.sentence
    assert found.chance_rate == ORDINARY.twice
    assert one_in(ORDINARY.twice) in found.how_sure


def test_a_dip_that_is_not_the_newest_is_a_card_no_longer():
    found = own((*FLAT, LOW, 60))

    assert found.level is Level.COUNT
    assert not found.card
    assert found.chart.series[0].marks == (12,)


def test_a_blank_after_a_dip_leaves_the_dip_the_newest_answer():
    found = own((*FLAT, LOW, None), n=13)

    assert found.level is Level.UNUSUAL
    assert found.sessions == tuple(range(1, 13))


def test_dips_before_the_twelfth_answer_are_not_marked():
    found = own((60, 60, 60, 60, 60, 10, *FLAT))

    assert found.chart.series[0].marks == ()


def test_the_title_is_the_question_as_it_was_put_to_this_person():
    assert own(FLAT).title == "How safe did it feel to be myself?"
    assert own(FLAT, reader="therapist", seat=T).title == (
        "How easy and trusting did it feel between us?"
    )


# The open day -----------------------------------------------------------------------


OPEN_DAY = "one of your most open days"


@pytest.mark.parametrize("item", ["safe", "understood", "here"])
def test_a_dip_on_an_open_day_has_that_as_another_reading(item):
    made = course({(item, C): (*FLAT, LOW), ("open", C): (*FLAT, 90)})

    assert OPEN_DAY in finding(made, f"mine.{item}", "client").another_reading


@pytest.mark.parametrize(
    ("item", "openness"),
    [
        ("deep", (*FLAT, 90)),  # depth and openness are not read against each other
        ("safe", (*FLAT, 57)),  # not an open day
        ("safe", (*FLAT, 60)),  # a middling one: the upper third begins at 60.33
        ("safe", (*FLAT, None)),  # not known
        ("safe", (*FLAT[:10], 90, None)),  # the day before was
        ("safe", (50, 50, 50, 50, 90)),  # too few answers to know
    ],
)
def test_otherwise_a_dip_has_the_ordinary_other_reading(item, openness):
    made = course({(item, C): (*FLAT, LOW), ("open", C): openness})

    found = finding(made, f"mine.{item}", "client")

    assert found.level is Level.UNUSUAL
    assert found.another_reading.startswith("A full week")


@pytest.mark.parametrize(
    ("dips", "said"), [(C, "the client's"), (T, "the therapist's")]
)
def test_on_the_page_of_both_it_says_whose_open_day_it_was(dips, said):
    lines = {
        ("safe", dips): (*FLAT, LOW),
        ("safe", dips.other): (*FLAT, 60),
        ("open", dips): (*FLAT, 90),
        ("open", dips.other): (*FLAT, 60),
    }

    found = finding(course(lines), "ours.safe")

    assert f"one of {said} most open days" in found.another_reading


def test_where_it_was_so_for_both_neither_is_named_alone():
    lines = {("safe", seat): (*FLAT, LOW) for seat in Seat}
    lines |= {("open", seat): (*FLAT, 90) for seat in Seat}

    found = finding(course(lines), "ours.safe")

    assert "one of the most open days of both" in found.another_reading
    assert "client" not in found.another_reading
    assert "therapist" not in found.another_reading


# Both ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "shared", [False, {("safe", C)}, {("safe", T)}], ids=["none", "client", "therapist"]
)
def test_where_nothing_is_open_one_line_says_so_and_not_whose_choice_it_was(shared):
    lines = {("safe", seat): (*FLAT, LOW) for seat in Seat}

    found = reading(course(lines, shared=shared))

    assert ids(found)[0] == "ours.nothing_open"
    assert found.findings[0].strand is Strand.OPENED
    assert "Which of these is missing is never said." in found.findings[0].how_sure
    assert not found.cards


def test_nobody_answering_looks_like_nobody_sharing():
    lines = {("safe", seat): (*FLAT, LOW) for seat in Seat}

    silent = reading(course(n=12))
    private = reading(course(lines, shared=False))

    assert silent.findings == private.findings


def test_four_opened_answers_are_too_early():
    found = ours((60, 61, 62, 63), (60, 61, 62, 63))

    assert found.level is Level.TOO_EARLY
    assert not found.chart.joined


def test_early_steps_down_are_counted_where_both_went_down():
    # Steps of the client: down, up, down, down; of the therapist: down, down, down, up.
    found = ours((60, 50, 55, 50, 45), (70, 65, 60, 55, 60))

    assert found.level is Level.EARLY
    assert found.count == (2, 4)
    assert "In 2 of the last 4 steps" in found.sentence
    assert found.chance_rate == 0.25


def test_within_what_is_usual_for_each():
    found = ours((*FLAT, 60), (*FLAT, 61))

    assert found.level is Level.COUNT
    assert "neither answer was lower than is usual" in found.sentence
    assert not found.card


@pytest.mark.parametrize(
    ("dips", "other"), [("client", "therapist"), ("therapist", "client")]
)
def test_a_dip_of_one_names_the_seat_and_doubles_the_chance(dips, other):
    low, level = (*FLAT, LOW), (*FLAT, 60)
    found = ours(*((low, level) if dips == "client" else (level, low)))

    assert found.level is Level.UNUSUAL
    assert found.card
    assert f"the {dips}'s answer was lower" in found.sentence
    assert f"the {other}'s was not" in found.sentence
    assert found.chance_rate == 2 * ORDINARY.one
    assert one_in(2 * ORDINARY.one) in found.how_sure
    assert found.question


def test_a_dip_of_both_is_said_of_both():
    found = ours((*FLAT, LOW), (*FLAT, LOW))

    assert found.level is Level.UNUSUAL
    assert "lower than is usual for both of you" in found.sentence
    assert found.chance_rate == ORDINARY.one
    assert found.question == "Would you like to mention it?"


@pytest.mark.parametrize("dips", ["client", "therapist"])
def test_two_dips_in_three_of_one_are_said_so(dips):
    low, level = (*FLAT, LOW, 60, 30), (*FLAT, 60, 61, 60)
    found = ours(*((low, level) if dips == "client" else (level, low)))

    assert found.level is Level.REPEATED
    assert found.sentence.startswith(f"In session 14 the {dips}'s answer was lower")
    assert found.count == (2, 3)
    assert found.chance_rate == 2 * ORDINARY.twice


def test_what_opened_is_read_and_nothing_else():
    lines = {("safe", seat): (*FLAT, LOW) for seat in Seat}
    lines |= {("deep", C): (*FLAT, LOW), ("deep", T): (*FLAT, LOW)}
    shared = {("safe", C), ("safe", T), ("deep", C)}

    found = finding(course(lines, shared=shared), "ours.deep")

    assert found.sentence == "Nothing here has opened for the two of you."
    assert found.chart is None


# Two views --------------------------------------------------------------------------


def views(client, therapist, **options):
    made = course({("safe", C): client, ("safe", T): therapist}, **options)
    return finding(made, "ours.two_views.safe")


def test_two_views_are_counted_from_five_opened_answers_on():
    lines = {("safe", C): (60,) * 4, ("safe", T): (70,) * 4}
    assert "ours.two_views.safe" not in ids(reading(course(lines)))

    found = views((50, 51, 52, 53, 54), (60, 61, 62, 63, 40))

    assert found.level is Level.EARLY
    assert found.count == (1, 5)
    assert "The client's answer was the higher one in 1 of 5 sessions" in found.sentence
    assert "the therapist's in 4" in found.sentence
    assert "steps" not in found.sentence
    assert "This could be chance" in found.how_sure
    assert not found.card
    assert found.estimate == pytest.approx((10 * 4 - 14) / 5)


def test_of_few_opened_among_many_nothing_is_said_of_two_views():
    lines = {("safe", C): (60,) * 5, ("safe", T): (70,) * 5}

    assert "ours.two_views.safe" not in ids(reading(course(lines, n=20)))


def test_of_few_opened_among_many_nobody_is_called_quieter():
    made = course(open_lines(QUIET, QUIET), n=30)

    assert "ours.quieter" not in ids(reading(made))


def test_too_early_a_line_has_no_band_and_a_gap_has_none_below_twelve():
    lines = {("safe", seat): FLAT for seat in Seat}
    early = finding(course(lines, n=40), "ours.safe")
    assert all(not s.lower and not s.marks for s in early.chart.series)

    few = views((60,) * 6, (70, 71, 72, 70, 71, 72))
    assert few.chart.series[0].lower == ()


def test_an_old_dip_is_told_and_is_no_card():
    old = finding(
        course({("safe", C): (*FLAT, LOW)}, n=19, shared=False), "mine.safe", "client"
    )

    assert old.level is Level.UNUSUAL
    assert "In session 12" in old.sentence
    assert not old.card


def test_where_something_else_has_opened_it_is_not_said_that_nothing_has():
    made = course({("unsaid", seat): ("no",) * 6 for seat in Seat})

    assert "ours.nothing_open" not in ids(reading(made))


def test_from_twelve_on_steps_are_counted_and_no_chance_is_claimed():
    # The client up 11 times; the therapist up 10 times and down once.
    found = views(range(50, 62), (*range(60, 71), 69))

    assert found.level is Level.COUNT
    assert found.count == (0, 12)
    assert "the same way in 10 of 11 steps" in found.sentence
    assert found.chance_rate is None


GAP = (70, 72, 68, 71, 69, 70, 72, 68, 71, 69, 70)


@pytest.mark.parametrize(
    ("last", "higher", "lower"),
    [((40, 75), "therapist", "client"), ((75, 40), "client", "therapist")],
)
def test_a_gap_unlike_its_usual_is_a_card_that_says_neither_is_wrong(
    last, higher, lower
):
    found = views((*FLAT, last[0]), (*GAP, last[1]))

    assert found.level is Level.UNUSUAL
    assert found.card
    assert f"the {higher}'s answer lay higher and the {lower}'s lower" in found.sentence
    assert found.chance_rate == ORDINARY.gap
    assert one_in(ORDINARY.gap) in found.how_sure
    assert "neither view is the measure of the other" in found.another_reading


def test_a_gap_outside_in_two_of_three_is_said_so():
    found = views((*FLAT, 30, 60, 30), (*GAP, 70, 70, 90))

    assert found.level is Level.REPEATED
    assert "in 2 of the last 3" in found.sentence
    assert found.chance_rate == ORDINARY.gap_twice


def test_a_gap_that_is_back_to_its_usual_is_a_count_again():
    found = views((*FLAT, 30, 60), (*GAP, 70, 70))

    assert found.level is Level.COUNT
    assert not found.card


def test_an_equal_answer_every_time_is_no_uneven_split():
    found = views((60,) * 6, (60,) * 6)

    assert found.count == (0, 6)
    assert found.chance_rate is None


# Both quieter -------------------------------------------------------------------------


def open_lines(client, therapist):
    return {("open", C): client, ("open", T): therapist}


QUIET = (*FLAT[:9], 45, 46, 44)


def test_both_quieter_is_said_of_both_or_not_at_all():
    found = finding(course(open_lines(QUIET, QUIET)), "ours.quieter")

    assert found.card
    assert found.level is Level.UNUSUAL
    assert found.sessions == (10, 11, 12)
    assert found.chance_rate == ORDINARY.quieter
    assert one_in(ORDINARY.quieter) in found.how_sure
    for lines in (open_lines(QUIET, (*FLAT, 60)), open_lines((*FLAT, 60), QUIET)):
        assert "ours.quieter" not in ids(reading(course(lines)))


def test_both_quieter_needs_twelve_sessions_that_opened():
    short = (*FLAT[:8], 30, 31, 29)

    assert "ours.quieter" not in ids(reading(course(open_lines(short, short))))
    assert "ours.quieter" not in ids(
        reading(course(open_lines(QUIET, QUIET), shared=False))
    )


def test_only_openness_can_be_quieter():
    made = course({("deep", C): QUIET, ("deep", T): QUIET})

    assert "ours.quieter" not in ids(reading(made))


# Supervision -------------------------------------------------------------------------


def test_a_supervision_pair_is_read_with_its_own_prompts_and_names():
    lines = {
        ("sup_open", C): QUIET,
        ("sup_open", T): QUIET,
        ("sup_heard", C): (*FLAT, LOW),
        ("sup_heard", T): (*FLAT, 60),
    }
    made = course(lines, kind=Kind.SUPERVISION)

    assert "ours.quieter" in ids(reading(made))
    assert (
        "the supervisee's answer was lower" in finding(made, "ours.sup_heard").sentence
    )
    assert finding(made, "mine.sup_heard", "client").level is Level.UNUSUAL


# Near the top of the scale ----------------------------------------------------------


def test_chance_is_stated_higher_for_people_who_answer_near_the_top():
    steady = [90, 93, 88, 95, 91, 89, 94, 92, 90, 96, 91, 93, 90]

    low = own([*steady, 40])

    assert low.card
    assert low.chance_rate == NEAR_TOP.one
    assert one_in(NEAR_TOP.one) in low.how_sure


def test_one_of_two_near_the_top_is_enough():
    assert chances([50.0, 85.0]) is NEAR_TOP
    assert chances([50.0, 79.9]) is ORDINARY
    assert chances([float("nan")]) is ORDINARY
    assert chances([]) is ORDINARY


def test_the_chance_near_the_top_is_never_the_smaller_one():
    for name in ("one", "twice", "gap", "gap_twice", "quieter"):
        assert getattr(NEAR_TOP, name) > getattr(ORDINARY, name)


# In research one form may be missing ---------------------------------------------------


def test_what_one_answered_alone_is_never_said_of_both():
    # The therapist left session 13 out; the client's answer is as usual.
    lines = {("safe", C): (*FLAT, 60, 60), ("safe", T): (*FLAT, 60)}
    found = finding(course(lines), "ours.safe", "research")

    assert "In session 13 only the client answered" in found.sentence
    assert not found.card
    assert found.chance_rate is None


def test_a_dip_that_one_answered_alone_says_nothing_of_the_other():
    lines = {("safe", C): (*FLAT, 60, LOW), ("safe", T): (*FLAT, 60)}
    found = finding(course(lines), "ours.safe", "research")

    assert "only the client answered, lower than is usual" in found.sentence
    assert "therapist" not in found.sentence
    assert found.chance_rate == ORDINARY.one
