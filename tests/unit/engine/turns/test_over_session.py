"""Talk over a session, and the list of turns that a picture is drawn from."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duologue.engine.turns import summarise
from duologue.engine.turns.floor import Kind
from duologue.engine.turns.over_session import over_session
from duologue.engine.turns.placing import Basis
from duologue.engine.turns.ribbon import ribbon, row_texts
from duologue.errors import ParameterError

NAN = float("nan")
C, T, NEITHER = 0, 1, -1


def columns(*rows):
    """Turn rows of seat, start, end, words, asks, acknowledges into columns."""
    full = [(*row, *(False,) * (6 - len(row))) for row in rows]
    return [list(column) for column in zip(*full, strict=True)] if full else [[]] * 6


def test_the_ribbon_lists_turns_and_what_took_none():
    found = ribbon(
        *columns(
            (T, 0, 2, 5, True),
            (C, 3, 6, 9),
            (T, 5.8, 6.1, 1, False, True),
            (NEITHER, 6, 7, 3),
            (C, 6.5, 9, 4, True),
            (T, 8, 8.5, 2),
        )
    )

    assert found.kind.tolist() == [Kind.TURN, Kind.TURN, Kind.BACKCHANNEL, Kind.INSIDE]
    assert found.turns.tolist() == [0, 1]
    assert found.seat.tolist() == [T, C, T, T]
    assert found.start_s.tolist() == [0, 3, 5.8, 8]
    assert found.end_s.tolist() == [2, 9, 6.1, 8.5]
    assert found.first_word.tolist() == [0, 5, 14, 19]
    assert found.n_words.tolist() == [5, 13, 1, 2]
    assert found.asks.tolist() == [True, True, False, False]
    assert found.row_of.tolist() == [0, 1, 2, -1, 1, 3]


def test_rows_have_the_texts_of_their_segments():
    texts = row_texts(
        ["Hello.", "I went", "Mm.", "(a third)", "home."], [0, 1, 2, -1, 1]
    )

    assert texts == ("Hello.", "I went home.", "Mm.")
    assert row_texts([], []) == ()
    with pytest.raises(ParameterError, match="one row for each of the 2 texts"):
        row_texts(["a", "b"], [0])


def test_without_times_rows_follow_the_file_and_have_none():
    found = ribbon(*columns((C, NAN, NAN, 3), (C, NAN, NAN, 4), (T, NAN, NAN, 5)))

    assert found.kind.tolist() == [Kind.TURN, Kind.TURN]
    assert found.n_words.tolist() == [7, 5]
    assert np.isnan(found.start_s).all()
    assert np.isnan(found.end_s).all()


def test_words_and_seconds_fall_where_they_are_said_and_turns_where_they_begin():
    found = over_session(
        *columns((C, 0, 150, 10, True), (T, 150, 300, 20)), window_s=100
    )

    assert found.basis is Basis.TIMES
    assert found.windows.edges.tolist() == [0, 100, 200, 300]
    assert found.windows.n_words.tolist() == [[7, 0], [3, 7], [0, 13]]
    assert found.windows.seconds.tolist() == [[100, 0], [50, 50], [0, 100]]
    assert found.windows.n_turns.tolist() == [[1, 0], [0, 1], [0, 0]]
    assert found.windows.n_question_turns.tolist() == [[1, 0], [0, 0], [0, 0]]
    np.testing.assert_equal(
        found.windows.words_per_turn, [[10, NAN], [NAN, 20], [NAN, NAN]]
    )
    np.testing.assert_equal(found.windows.talk_share_time, [[1, 0], [0.5, 0.5], [0, 1]])
    assert found.windows.talk_share_words[1].tolist() == [0.3, 0.7]
    np.testing.assert_equal(found.thirds.n_words, found.windows.n_words)


def test_a_part_in_which_nobody_speaks_has_no_share():
    found = over_session(*columns((C, 0, 10, 5), (T, 290, 300, 5)), window_s=100)

    assert np.isnan(found.windows.talk_share_words[1]).all()
    assert np.isnan(found.windows.talk_share_time[1]).all()
    assert found.windows.seconds[1].tolist() == [0, 0]


@pytest.mark.parametrize(
    ("last_end", "edges"),
    [
        (90, [0, 90]),
        (149, [0, 149]),
        (151, [0, 100, 151]),
        (249, [0, 100, 249]),
        (300, [0, 100, 200, 300]),
    ],
)
def test_the_last_window_goes_to_the_end(last_end, edges):
    found = over_session(*columns((C, 0, 10, 5), (T, 20, last_end, 9)), window_s=100)

    assert found.windows.edges.tolist() == edges


def test_with_starts_alone_words_lie_up_to_the_next_start():
    found = over_session(
        *columns((C, 0, NAN, 10), (T, 100, NAN, 8), (C, 99, NAN, 2), (T, 300, NAN, 5)),
        window_s=100,
    )

    assert found.basis is Basis.STARTS
    assert found.windows.n_words.tolist() == [[10, 0], [1, 8], [1, 5]]
    assert np.isnan(found.windows.seconds).all()
    assert np.isnan(found.windows.talk_share_time).all()


@pytest.mark.parametrize("at", [NAN, 5.0])
def test_without_times_places_are_running_numbers_of_words(at):
    found = over_session(
        *columns((C, at, at, 30), (T, at, at, 70), (C, at, at, 20)), window_words=40
    )

    assert found.basis is Basis.WORDS
    assert found.windows.edges.tolist() == [0, 40, 80, 120]
    assert found.windows.n_words.tolist() == [[30, 10], [0, 40], [20, 20]]
    assert found.thirds.edges.tolist() == [0, 40, 80, 120]


def test_where_nobody_says_a_word_there_are_no_parts():
    for found in (over_session(*columns()), over_session(*columns((C, NAN, NAN, 0)))):
        assert found.thirds.edges.size == found.windows.edges.size == 1
        assert found.windows.n_words.shape == (0, 2)
        assert found.windows.talk_share_words.shape == (0, 2)


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"window_s": 0}, "window_s must be above 0, got 0"),
        ({"window_s": NAN}, "window_s must be above 0, got nan"),
        ({"window_words": 0}, "window_words must be 1 or more, got 0"),
    ],
)
def test_windows_have_a_length(options, problem):
    with pytest.raises(ParameterError, match=problem):
        over_session(*columns((C, 0, 1, 2)), **options)


TIMED = st.lists(
    st.tuples(
        st.sampled_from([C, T]),
        st.integers(0, 3000),
        st.integers(1, 200),
        st.integers(0, 40),
        st.booleans(),
        st.booleans(),
    ).map(lambda r: (r[0], r[1] / 10, (r[1] + r[2]) / 10, *r[3:])),
    min_size=1,
    max_size=25,
)
NAMES = ("n_words", "n_turns", "n_question_turns", "seconds", "talk_share_words")


def blanked(rows, blank):
    """Take ends away, or all times."""
    return [
        (
            r[0],
            NAN if blank == "all" else r[1],
            r[2] if blank == "none" else NAN,
            *r[3:],
        )
        for r in rows
    ]


@given(rows=TIMED, blank=st.sampled_from(["none", "ends", "all"]))
def test_the_parts_add_up_to_the_session(rows, blank):
    rows = blanked(rows, blank)

    found = over_session(*columns(*rows), window_s=30, window_words=25)

    talk = summarise(*columns(*rows))
    for parts in (found.thirds, found.windows):
        if parts.edges.size > 1:
            assert tuple(parts.n_turns.sum(axis=0)) == talk.n_turns
            assert tuple(parts.n_question_turns.sum(axis=0)) == talk.n_question_turns
            assert tuple(parts.n_words.sum(axis=0)) == talk.n_words
        if blank == "none":
            total = np.where([n > 0 for n in talk.n_segments], talk.seconds, 0)
            np.testing.assert_allclose(parts.seconds.sum(axis=0), total, atol=1e-6)


@given(rows=TIMED, blank=st.sampled_from(["none", "ends", "all"]))
def test_swapping_the_seats_mirrors_every_part(rows, blank):
    rows = blanked(rows, blank)

    found = over_session(*columns(*rows), window_s=30)
    mirrored = over_session(*columns(*((1 - r[0], *r[1:]) for r in rows)), window_s=30)

    for one, other in (
        (found.thirds, mirrored.thirds),
        (found.windows, mirrored.windows),
    ):
        for name in (*NAMES, "words_per_turn", "talk_share_time"):
            np.testing.assert_equal(getattr(one, name), getattr(other, name)[:, ::-1])
    np.testing.assert_equal(found.ribbon.seat, 1 - mirrored.ribbon.seat)


@given(rows=TIMED, shift=st.integers(0, 4096))
def test_later_by_some_time_the_parts_are_the_same(rows, shift):
    eighths = [(r[0], r[1] // 0.125 / 8, r[2] // 0.125 / 8, *r[3:]) for r in rows]
    later = [(r[0], r[1] + shift, r[2] + shift, *r[3:]) for r in eighths]

    found = over_session(*columns(*eighths), window_s=32)
    moved = over_session(*columns(*later), window_s=32)

    for name in NAMES:
        np.testing.assert_allclose(
            getattr(found.windows, name), getattr(moved.windows, name), atol=1e-6
        )
    assert found.basis is moved.basis
    if found.basis is Basis.TIMES:
        np.testing.assert_allclose(found.windows.edges + shift, moved.windows.edges)


@given(rows=TIMED)
def test_said_twice_the_shares_of_the_session_stay(rows):
    until = max(row[2] for row in rows) + 5
    twice = [*rows, *((r[0], r[1] + until, r[2] + until, *r[3:]) for r in rows)]

    once, both = summarise(*columns(*rows)), summarise(*columns(*twice))

    assert both.n_words == tuple(2 * n for n in once.n_words)
    np.testing.assert_allclose(both.talk_share_words, once.talk_share_words)
    np.testing.assert_allclose(both.talk_share_time, once.talk_share_time)
