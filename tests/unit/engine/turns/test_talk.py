"""Turns, words, questions and time of the two seats."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duologue.engine.turns import summarise
from duologue.errors import ParameterError

NAN = float("nan")
CLIENT, THERAPIST, NEITHER = 0, 1, -1
PAIRS = (
    "n_segments",
    "n_turns",
    "n_backchannels",
    "n_words",
    "words_per_turn",
    "n_question_turns",
    "question_share",
    "talk_share_words",
    "seconds",
    "talk_share_time",
)


def talk_of(*rows, **options):
    """Summarise rows of seat, start, end, words, asks, acknowledges."""
    columns = zip(*rows, strict=True) if rows else [[]] * 6
    return summarise(*(list(column) for column in columns), **options)


def test_neighbouring_segments_of_one_speaker_are_one_turn():
    talk = talk_of(
        (CLIENT, 0, 1, 4, False, False),
        (CLIENT, 1, 2, 6, True, False),
        (THERAPIST, 3, 5, 5, False, False),
        (CLIENT, 6, 7, 2, False, False),
    )

    assert talk.n_segments == (3, 1)
    assert talk.n_turns == (2, 1)
    assert talk.n_words == (12, 5)
    assert talk.words_per_turn == (6.0, 5.0)
    assert talk.n_question_turns == (1, 0)
    assert talk.question_share == (0.5, 0.0)
    assert talk.talk_share_words == (12 / 17, 5 / 17)
    assert talk.seconds == (3.0, 2.0)
    assert talk.talk_share_time == (0.6, 0.4)
    assert talk.n_left_out == 0


def test_without_joining_every_segment_is_a_turn():
    talk = talk_of(
        (CLIENT, 0, 4, 4, False, False),
        (THERAPIST, 3, 4, 1, False, True),
        (CLIENT, 4, 5, 6, True, False),
        join=False,
    )

    assert talk.n_turns == (2, 1)
    assert talk.question_share == (0.5, 0.0)
    assert np.isnan(talk.n_backchannels).all()


def test_an_acknowledgement_under_the_other_leaves_the_floor_where_it_is():
    talk = talk_of(
        (CLIENT, 0, 4, 9, False, False),
        (THERAPIST, 3.9, 4.3, 1, False, True),
        (CLIENT, 4.2, 8, 9, False, False),
    )

    assert talk.n_turns == (1, 0)
    assert talk.n_backchannels == (0, 1)
    assert talk.n_words == (18, 1)
    assert math.isnan(talk.words_per_turn[1])
    assert math.isnan(talk.question_share[1])
    assert talk.seconds == pytest.approx((7.8, 0.4))


@pytest.mark.parametrize(
    ("begins", "n_backchannels"), [(4.1, 1), (4.19, 1), (4.2, 0), (8.0, 0)]
)
def test_an_acknowledgement_after_a_silence_is_a_turn(begins, n_backchannels):
    talk = talk_of(
        (CLIENT, 0, 4, 9, False, False),
        (THERAPIST, begins, begins + 0.3, 1, False, True),
        (CLIENT, 9, 12, 9, False, False),
    )

    assert talk.n_backchannels == (0, n_backchannels)


def test_an_answer_is_a_turn_even_if_it_is_only_yes():
    rows = (
        (CLIENT, 0, 4, 9, True, False),
        (THERAPIST, 3.9, 4.3, 1, False, True),
        (CLIENT, 4.4, 8, 9, False, False),
    )

    answered = talk_of(*rows)
    not_asked_at_its_end = talk_of(*rows, ends_asking=[False, False, False])

    assert answered.n_turns == (2, 1)
    assert not_asked_at_its_end.n_backchannels == (0, 1)


def test_an_acknowledgement_with_which_one_goes_on_or_ends_is_a_turn():
    goes_on = talk_of(
        (CLIENT, 0, 4, 9, False, False),
        (THERAPIST, 3.9, 4.3, 1, False, True),
        (THERAPIST, 4.4, 8, 9, False, False),
    )
    is_last = talk_of(
        (CLIENT, 0, 4, 9, False, False), (THERAPIST, 3.9, 4.3, 1, False, True)
    )

    assert goes_on.n_turns == is_last.n_turns == (1, 1)
    assert goes_on.n_backchannels == is_last.n_backchannels == (0, 0)


def test_several_acknowledgements_in_a_row_all_leave_the_floor():
    talk = talk_of(
        (CLIENT, 0, 9, 9, False, False),
        (THERAPIST, 3, 3.3, 1, False, True),
        (THERAPIST, 6, 6.3, 1, False, True),
        (CLIENT, 9.1, 12, 9, False, False),
    )

    assert talk.n_turns == (1, 0)
    assert talk.n_backchannels == (0, 2)


def test_segments_are_put_in_the_order_of_their_starts():
    talk = talk_of(
        (CLIENT, 4.2, 8, 9, False, False),
        (CLIENT, 0, 4, 9, False, False),
        (THERAPIST, 3.9, 4.3, 1, False, True),
    )

    assert talk.n_backchannels == (0, 1)


def test_seconds_count_what_overlaps_once():
    talk = talk_of(
        (CLIENT, 0, 10, 1, False, False),
        (CLIENT, 2, 3, 1, False, False),
        (CLIENT, 9, 12, 1, False, False),
        (THERAPIST, 20, 20, 0, False, False),
    )

    assert talk.seconds == (12.0, 0.0)
    assert talk.talk_share_time == (1.0, 0.0)


def test_one_missing_end_leaves_nothing_to_say_of_time():
    talk = talk_of(
        (CLIENT, 0, 4, 9, False, False),
        (THERAPIST, 3.9, NAN, 1, False, True),
        (CLIENT, 4.2, 8, 9, False, False),
    )

    assert talk.n_turns == (2, 1)
    for pair in (talk.n_backchannels, talk.seconds, talk.talk_share_time):
        assert np.isnan(pair).all()


def test_a_third_voice_is_left_out_and_does_not_part_a_turn():
    talk = talk_of(
        (CLIENT, 0, 4, 9, False, False),
        (NEITHER, NAN, NAN, 50, True, False),
        (CLIENT, 5, 6, 1, False, False),
        (THERAPIST, 7, 8, 10, False, False),
    )

    assert talk.n_left_out == 1
    assert talk.n_turns == (1, 1)
    assert talk.talk_share_words == (0.5, 0.5)
    assert talk.seconds == (5.0, 1.0)


def test_where_one_never_speaks_there_is_no_share():
    talk = talk_of((CLIENT, 0, 4, 9, False, False))

    assert talk.n_turns == (1, 0)
    assert talk.words_per_turn[0] == 9
    assert talk.seconds[0] == 4
    for pair in (talk.talk_share_words, talk.talk_share_time):
        assert np.isnan(pair).all()
    assert math.isnan(talk.seconds[1])


def test_where_nobody_speaks_counts_are_nought_and_all_else_is_blank():
    talk = talk_of()

    assert talk.n_segments == talk.n_turns == talk.n_words == (0, 0)
    for name in PAIRS:
        assert name.startswith("n_") or np.isnan(getattr(talk, name)).all()


def test_where_no_words_are_written_there_is_no_share_of_words():
    talk = talk_of((CLIENT, 0, 4, 0, False, False), (THERAPIST, 5, 6, 0, False, False))

    assert np.isnan(talk.talk_share_words).all()
    assert talk.talk_share_time == (0.8, 0.2)


@pytest.mark.parametrize(
    ("columns", "problem"),
    [
        (([0, 1], [0], [1], [1], [True], [True]), "one length"),
        (([[0]], [[0]], [[1]], [[1]], [[True]], [[True]]), "one dimension"),
        (([2], [0], [1], [1], [True], [True]), "seat must be 0"),
        (([0], [0], [1], [-1], [True], [True]), "n_words must be 0 or more"),
        (([0], [1], [0], [1], [True], [True]), "end_s must not lie before"),
    ],
)
def test_columns_that_contradict_themselves_are_refused(columns, problem):
    with pytest.raises(ParameterError, match=problem):
        summarise(*columns)


TIMES = st.one_of(st.none(), st.integers(0, 300).map(lambda tenths: tenths / 10))
ROWS = st.lists(
    st.tuples(
        st.sampled_from([0, 1, -1]),
        TIMES,
        st.integers(0, 50),
        st.integers(0, 9),
        st.booleans(),
        st.booleans(),
    ),
    max_size=30,
)


def columns_of(rows, *, with_blanks):
    starts = [NAN if start is None else start for _, start, *_ in rows]
    if not with_blanks:
        starts = [0.0 if math.isnan(start) else start for start in starts]
    return (
        [row[0] for row in rows],
        starts,
        [start + row[2] / 10 for start, row in zip(starts, rows, strict=True)],
        *([row[i] for row in rows] for i in (3, 4, 5)),
    )


@given(rows=ROWS, with_blanks=st.booleans(), join=st.booleans())
def test_swapping_the_seats_mirrors_every_pair_exactly(rows, with_blanks, join):
    seat, *others = columns_of(rows, with_blanks=with_blanks)
    swapped = [one if one < 0 else 1 - one for one in seat]

    talk = summarise(seat, *others, join=join)
    mirrored = summarise(swapped, *others, join=join)

    for name in PAIRS:
        pair = np.array(getattr(talk, name), float)
        mirror = np.array(getattr(mirrored, name), float)
        assert np.array_equal(pair, mirror[::-1], equal_nan=True), name
    assert talk.n_left_out == mirrored.n_left_out


@given(rows=ROWS)
def test_seconds_are_the_tenths_in_which_somebody_speaks(rows):
    columns = columns_of([row for row in rows if row[0] >= 0], with_blanks=False)
    seats, starts, ends, *_ = columns

    talk = summarise(*columns)

    for own in (CLIENT, THERAPIST):
        tenths = set()
        for seat, start, end in zip(seats, starts, ends, strict=True):
            if seat == own:
                tenths.update(range(round(start * 10), round(end * 10)))
        if own in seats:
            assert talk.seconds[own] == pytest.approx(len(tenths) / 10, abs=1e-6)
