"""Moments by literal signs, and what the other said next."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duologue.engine import words
from duologue.engine.moments.here_and_now import here_and_now
from duologue.engine.moments.saying_more import FEWEST_TURNS, saying_more
from duologue.engine.moments.turn_signs import turn_signs
from duologue.engine.turns.ribbon import ribbon, row_texts
from duologue.engine.wording.lists import WORDS, Sign
from duologue.engine.wording.literal import wording
from duologue.errors import ParameterError

C, T = 0, 1
NAN = float("nan")
FUNCTION_WORDS = frozenset(
    ["i", "me", "my", "you", "is", "it", "the", "a", "so", "do", "not", "am", "and"]
)
COUNTS = ("n_words", "i_words", "you_words", "thinking", "asks", "acknowledges")


def signs_of(rows, *, offset_s=(), join=True):
    """Count rows of (seat, text) or (seat, text, start, end)."""
    seat = [row[0] for row in rows]
    texts = [row[1] for row in rows]
    times = [row[2:] if len(row) > 2 else (NAN, NAN) for row in rows]
    found = ribbon(
        seat,
        [start for start, _ in times],
        [end for _, end in times],
        [words.count_words(text) for text in texts],
        [words.asks(text) for text in texts],
        [words.is_acknowledgement(text) for text in texts],
        ends_asking=[words.ends_asking(text) for text in texts],
        join=join,
    )
    of_rows = row_texts(texts, found.row_of)
    return turn_signs(
        found,
        of_rows,
        wording(of_rows, found.seat),
        function_words=FUNCTION_WORDS,
        offset_s=offset_s,
    )


def test_what_followed_here_and_now_wording_is_counted_turn_by_turn():
    signs = signs_of(
        [
            (C, "Hello."),
            (T, "What happens between us, right now?"),
            (C, "I think I am cross."),
            (T, "Mm."),
            (C, "Are you?"),
        ],
        offset_s=[0.5, 1.5, -0.25, 2],
    )

    client, therapist = here_and_now(signs)

    assert client.turn.size == 0
    assert therapist.turn.tolist() == therapist.row.tolist() == [1]
    assert therapist.n_found.tolist() == [2]
    replies = therapist.replies
    assert replies.turn.tolist() == [[2, 4, -1]]
    np.testing.assert_equal(replies.n_words, [[5, 2, NAN]])
    np.testing.assert_equal(replies.i_words, [[2, 0, NAN]])
    np.testing.assert_equal(replies.you_words, [[0, 1, NAN]])
    np.testing.assert_equal(replies.thinking, [[1, 0, NAN]])
    np.testing.assert_equal(replies.asks, [[0, 1, NAN]])
    np.testing.assert_equal(replies.acknowledges, [[0, 0, NAN]])
    np.testing.assert_equal(replies.offset_s, [[1.5, 2, NAN]])


def test_where_timing_was_refused_no_pause_is_told():
    signs = signs_of([(T, "Right now."), (C, "Yes."), (T, "Well.")])

    _, therapist = here_and_now(signs)

    assert np.isnan(therapist.replies.offset_s).all()


PLAIN = [(C, "It rained."), (T, "Really?")] * 8


def test_more_than_usual_is_told_sign_by_sign():
    rows = [
        *PLAIN,
        (C, "I feel afraid of the dog, I think, and my sister knows."),
        (T, "Afraid of the dog?"),
        (C, "Yes."),
        (T, "And the car?"),
        (C, "I rode in the car."),
        (T, "So."),
    ]

    client, therapist = saying_more(signs_of(rows))

    assert therapist.turn.size == 0
    assert client.turn.tolist() == [16, 20]
    assert client.n_words.tolist() == [12, 5]
    assert client.i_words.tolist() == [3, 1]
    assert client.thinking.tolist() == [2, 0]
    assert client.longer.tolist() == [True, True]
    assert client.more_thinking.tolist() == [True, False]
    assert client.usual.n_turns == 11
    assert client.usual.n_words == (2, 2)
    assert client.usual.i_words == client.usual.thinking == (0, 0)
    np.testing.assert_equal(client.replies.n_content, [[3, 1, 0], [0, NAN, NAN]])
    np.testing.assert_equal(client.replies.n_taken_up, [[3, 0, 0], [0, NAN, NAN]])


def test_long_turns_without_i_words_are_no_moments():
    long = (C, "The train was late again and people think nothing of it these days.")

    client, _ = saying_more(signs_of([*PLAIN, long]))

    assert client.turn.size == 0


def test_with_few_turns_nobody_has_a_usual():
    rows = [(C, "It rained."), (T, "Mm.")] * (FEWEST_TURNS - 2)

    client, _ = saying_more(signs_of([*rows, (C, "I think I feel my age today.")]))
    enough = [*rows, (C, "It did."), (T, "Oh."), (C, "I think I feel my age today.")]

    assert client.turn.size == 0
    assert np.isnan([*client.usual.n_words, *client.usual.i_words]).all()
    assert saying_more(signs_of(enough))[C].turn.size == 1


def test_the_backchannels_during_a_turn_are_the_others():
    signs = signs_of(
        [
            (T, "Tell me.", 0, 2),
            (C, "I went out.", 3, 6),
            (T, "Mm.", 5.9, 6.2),
            (C, "And then I", 6.5, 9),
            (T, "Yeah.", 7, 7.3),
            (C, "came home.", 9.3, 11),
            (T, "When was that?", 12, 13),
            (C, "Okay.", 12.5, 12.7),
            (T, "Yesterday?", 13.5, 14),
        ]
    )

    assert signs.seat.tolist() == [T, C, T]
    assert signs.backchannels.tolist() == [0, 2, 1]
    assert signs.row.tolist() == [0, 1, 4]


def test_counts_and_offsets_must_be_of_the_same_turns():
    found = ribbon([C, T], [NAN] * 2, [NAN] * 2, [1, 1], [0, 0], [0, 0])
    counted = wording(["a", "b"], [C, T])

    with pytest.raises(ParameterError, match="must be of 2 rows, got 1 and 2"):
        turn_signs(found, ["a"], counted, function_words=FUNCTION_WORDS)
    with pytest.raises(ParameterError, match="between 2 turns, or empty, got shape"):
        turn_signs(
            found, ["a", "b"], counted, function_words=FUNCTION_WORDS, offset_s=[1, 2]
        )


def test_of_nothing_said_nothing_is_found():
    signs = signs_of([])

    for one in (*here_and_now(signs), *saying_more(signs)):
        assert one.turn.size == 0
        assert one.replies.turn.shape == one.replies.n_taken_up.shape == (0, 3)


PIECES = ["I", "my", "think", "feel", "you", "dog", "rain", "right now", "the", "?"]
ROWS = st.lists(
    st.tuples(
        st.sampled_from([C, T]),
        st.lists(st.sampled_from(PIECES), min_size=1, max_size=9).map(" ".join),
    ),
    max_size=40,
)


def plain_upper(values):
    """Return the smallest value that three quarters of the values do not exceed."""
    ranked = sorted(values)
    return ranked[math.ceil(0.75 * len(ranked)) - 1]


@given(rows=ROWS)
def test_all_is_as_a_slow_version_has_it(rows):
    found = signs_of(rows, join=False)

    split = [text.lower().replace("?", "").split() for _, text in rows]
    seats = [seat for seat, _ in rows]

    def listed(sign, i):
        return sum(word in WORDS[sign] for word in split[i])

    for own, now, more in zip(
        (C, T), here_and_now(found), saying_more(found), strict=True
    ):
        mine = [i for i, seat in enumerate(seats) if seat == own]
        assert now.turn.tolist() == [i for i in mine if "right now" in rows[i][1]]
        wanted = []
        if len(mine) >= FEWEST_TURNS:
            i_words = {i: listed(Sign.I_WORDS, i) for i in mine}
            thinking = {i: listed(Sign.THINKING, i) for i in mine}
            n_words = {i: len(split[i]) for i in mine}
            uppers = [plain_upper(v.values()) for v in (i_words, thinking, n_words)]
            wanted = [
                i
                for i in mine
                if i_words[i] > uppers[0]
                and (thinking[i] > uppers[1] or n_words[i] > uppers[2])
            ]
        assert more.turn.tolist() == wanted
        for moment, after in zip(wanted, more.replies.turn.tolist(), strict=True):
            others = [i for i in range(moment, len(rows)) if seats[i] != own][:3]
            assert after == [*others, *[-1] * (3 - len(others))]
        for moment, after, n in zip(
            wanted, more.replies.turn, more.replies.n_taken_up, strict=True
        ):
            for i, taken_up in zip(after, n, strict=True):
                common = (set(split[i]) & set(split[moment])) - FUNCTION_WORDS
                common -= {"right"}  # it acknowledges
                assert i < 0 or taken_up == len(common)


@given(rows=ROWS)
def test_swapping_the_seats_mirrors_the_moments(rows):
    found = signs_of(rows)
    mirrored = signs_of([(1 - seat, text) for seat, text in rows])

    for find in (here_and_now, saying_more):
        for one, other in zip(find(found), find(mirrored)[::-1], strict=True):
            assert one.turn.tolist() == other.turn.tolist()
            for name in (*COUNTS, "n_content", "n_taken_up", "turn"):
                np.testing.assert_equal(
                    getattr(one.replies, name), getattr(other.replies, name)
                )


@given(rows=ROWS)
def test_said_twice_the_same_moments_are_found_twice(rows):
    once, twice = signs_of(rows, join=False), signs_of(rows * 2, join=False)

    for one, other in zip(saying_more(once), saying_more(twice), strict=True):
        if one.usual.n_turns >= FEWEST_TURNS:
            assert other.usual.n_words == one.usual.n_words
            again = [*one.turn, *(one.turn + len(rows))]
            assert other.turn.tolist() == again
