"""Findings on what was left unsaid: to its owner alone, unless both open it."""

import pytest

from build import C, T, course, finding, ids, reading
from duologue.records import Kind, Seat
from duologue.relationship import Level

NO, LITTLE, MATTERS, DECLINE = "no", "a_little", "matters", "decline"
SEATS = [("client", C), ("therapist", T)]


def own(values, *, reader="client", seat=C, **options):
    made = course({("unsaid", seat): values}, shared=False, **options)
    return finding(made, "mine.unsaid", reader)


@pytest.mark.parametrize(("reader", "seat"), SEATS)
def test_a_count_of_the_last_six_is_for_its_owner_on_request(reader, seat):
    values = (MATTERS, MATTERS, NO, LITTLE, NO, MATTERS, NO, NO)
    found = own(values, reader=reader, seat=seat)

    assert found.level is Level.COUNT
    assert found.count == (2, 6)
    assert found.sentence == (
        "You held something back in 2 of your last 6. You do not have to say it."
    )
    assert found.on_request
    assert (found.card, found.chance_rate) == (False, None)
    assert found.chart.series[0].values == (1, 1, 0, 1, 0, 1, 0, 0)


def test_a_little_counts_as_held_back():
    assert own((NO, NO, NO, NO, LITTLE)).count == (1, 5)


def test_rather_not_answer_is_no_answer():
    found = own((MATTERS, DECLINE, NO, DECLINE, NO, NO, NO))

    assert found.count == (1, 5)
    assert found.sessions == (1, 3, 5, 6, 7)


@pytest.mark.parametrize(
    ("values", "n"),
    [
        ((MATTERS,) * 4, None),
        ((MATTERS,) * 4 + (DECLINE,) * 4, None),
        ((MATTERS,) * 5, 11),
        ((None, DECLINE), None),
    ],
)
def test_below_five_or_with_more_than_half_missing_there_is_no_count(values, n):
    found = own(values, n=n)

    assert found.level is Level.TOO_EARLY
    assert found.count is None
    assert found.sentence == "Too early to say anything."


def test_the_general_line_is_the_same_whatever_was_answered():
    lines = {
        own(values).another_reading
        for values in ((MATTERS,) * 3, (MATTERS,) * 6, (NO,) * 12)
    }

    assert len(lines) == 1


def both_lines(client, therapist):
    return {("unsaid", C): client, ("unsaid", T): therapist}


CLIENT = (MATTERS, NO, LITTLE, NO, NO, NO, LITTLE, NO)
THERAPIST = (NO, LITTLE, MATTERS, NO, NO, NO, MATTERS, LITTLE)


def test_the_two_by_two_worked_by_hand():
    # Client held back in 1, 3, 7; therapist in 2, 3, 7, 8: both in 3, 7; client alone
    # in 1; therapist alone in 2, 8; neither in 4, 5, 6. Expected 3 * 4 / 8 = 1.5.
    # After the client's 1, 3, 7 the therapist held back in 2 and 8, not in 4: 2 of 3.
    # After the therapist's 2, 3, 7 (8 is the last) the client did in 3: 1 of 3.
    found = finding(course(both_lines(CLIENT, THERAPIST)), "ours.unsaid")

    assert found.level is Level.COUNT
    assert found.count == (2, 8)
    assert "You both held something back in 2" in found.sentence
    assert "only the client in 1, only the therapist in 2" in found.sentence
    assert "neither in 3" in found.sentence
    assert found.estimate == 1.5
    assert found.chance_rate is None
    assert "about 1.5 would be both" in found.how_sure
    assert "cannot be told from 8 sessions" in found.how_sure
    assert "the client held back, the therapist did in 2 of 3 next" in found.sentence
    assert "the therapist held back, the client did in 1 of 3 next" in found.sentence
    assert "own hypothesis. Nobody has shown it." in found.another_reading
    assert not found.card


def test_below_five_opened_sessions_there_is_no_two_by_two():
    made = course(both_lines(CLIENT[:4], THERAPIST[:4]))

    assert "ours.unsaid" not in ids(reading(made))


def test_who_declines_has_not_opened_it():
    declined = (MATTERS, DECLINE, LITTLE, NO, NO, NO, DECLINE, NO)
    found = finding(course(both_lines(declined, THERAPIST)), "ours.unsaid")

    assert found.count == (1, 6)
    assert found.sessions == (1, 3, 4, 5, 6, 8)


@pytest.mark.parametrize("kept", list(Seat))
def test_what_one_keeps_never_reaches_the_other(kept):
    made = course(both_lines(CLIENT, THERAPIST), shared={("unsaid", kept.other)})

    for reader in ("client", "therapist", "ours"):
        assert "ours.unsaid" not in ids(reading(made, reader))
    assert finding(made, "mine.unsaid", kept).count is not None


def test_research_sees_both_and_says_so_without_a_question():
    made = course(both_lines(CLIENT, THERAPIST), shared=False)
    found = finding(made, "ours.unsaid", "research")

    assert found.sentence.startswith("Answered by both for 8 sessions")
    assert found.question == ""


def test_in_supervision_it_is_offered_and_never_missing():
    lines = {("sup_unsaid", C): (MATTERS, NO, NO, NO, NO)}
    made = course(lines, n=30, kind=Kind.SUPERVISION)

    assert finding(made, "mine.sup_unsaid", "client").count == (1, 5)
