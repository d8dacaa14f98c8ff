"""Literal counts: how often, in a hundred words, and where they stand."""

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duologue.engine import words
from duologue.engine.wording import lists
from duologue.engine.wording.lists import Sign
from duologue.engine.wording.literal import wording
from duologue.engine.wording.tokenisers import Tokeniser, folded, opened, words_of
from duologue.engine.wording.turn_shares import turn_shares
from duologue.engine.wording.variety import variety
from duologue.errors import ParameterError

C, T, NEITHER = 0, 1, -1
LISTED = [
    *sorted(frozenset().union(*lists.WORDS.values())),
    *(phrase for phrases in lists.PHRASES.values() for phrase in phrases),
]


def places_of(found, texts):
    """Return the words that were pointed to."""
    return [
        texts[t][a:b]
        for t, a, b in zip(found.text, found.start, found.end, strict=True)
    ]


def test_each_find_is_pointed_to_where_it_stands():
    texts = ["So I\u2019m not sure.", "(Mm.) You SHOULD, between us, notice me."]

    found = wording(texts, [C, T])

    assert found.n_words == (4, 7)
    assert places_of(found.of(Sign.I_WORDS), texts) == ["I\u2019m", "me"]
    assert places_of(found.of(Sign.HEDGES), texts) == ["not sure"]
    assert places_of(found.of(Sign.DONT_KNOW), texts) == ["not sure"]
    assert places_of(found.of(Sign.MUST), texts) == ["You SHOULD"]
    assert places_of(found.of(Sign.HERE_AND_NOW), texts) == ["between us"]
    assert places_of(found.of(Sign.WE_WORDS), texts) == ["us"]
    assert places_of(found.of(Sign.THINKING), texts) == ["notice"]
    assert places_of(found.of(Sign.OPENINGS), texts) == ["So "]
    assert found.of(Sign.I_WORDS).n == (1, 1)
    assert found.of(Sign.I_WORDS).per_100_words == (25, 100 / 7)
    assert found.of(Sign.I_WORDS).in_each(2).tolist() == [1, 1]


def test_what_was_counted_says_how():
    own = wording(["don't"], [C])
    reference = wording(["don't"], [C], tokeniser=Tokeniser.REFERENCE)

    assert (own.tokeniser, own.n_words, own.lists) == ("words-1", (1, 0), "lists-1")
    assert (reference.tokeniser, reference.n_words) == ("reference-1", (2, 0))


def test_a_third_voice_is_not_searched():
    found = wording(["I think so.", "I know."], [NEITHER, C])

    assert found.n_words == (2, 0)
    assert found.words_in_each.tolist() == [3, 2]
    assert found.of(Sign.THINKING).text.tolist() == [1]


def test_who_says_nothing_has_counts_of_nought_and_no_rate():
    found = wording(["You know."], [T])

    assert found.of(Sign.YOU_WORDS).n == (0, 1)
    assert math.isnan(found.of(Sign.YOU_WORDS).per_100_words[C])
    assert wording([], []).n_words == (0, 0)


def test_openings_are_looked_for_at_the_beginning_alone():
    texts = ["\u2014 It sounds like rain.", "Well, it sounds like rain.", "Sofas", "So"]

    found = wording(texts, [T] * 4)

    assert found.of(Sign.OPENINGS).text.tolist() == [0]
    assert places_of(found.of(Sign.OPENINGS), texts) == ["It sounds like"]


def test_a_contraction_counts_by_both_its_words_and_a_part_of_a_word_does_not():
    found = wording(["I've, we'll, you're, meaning, mind, army"], [C])

    for sign in (Sign.I_WORDS, Sign.WE_WORDS, Sign.YOU_WORDS):
        assert found.of(sign).n == (1, 0)
    assert found.of(Sign.THINKING).n == (0, 0)


@pytest.mark.parametrize(
    ("texts", "seats", "problem"),
    [
        (["a"], [0, 1], "one seat for each of the 1 texts"),
        (["a"], [2], "seat must be 0"),
    ],
)
def test_seats_that_do_not_fit_are_refused(texts, seats, problem):
    with pytest.raises(ParameterError, match=problem):
        wording(texts, seats)


def test_the_words_of_the_product_are_those_it_counts_elsewhere():
    for text in ("Don\u2019t, I said.", "cafe\u0301 na\u00efve", "a_b 4 o'clock", ""):
        assert len(words_of(text)) == words.count_words(text)


@given(text=st.text(max_size=60))
def test_folding_changes_no_length(text):
    assert len(folded(text)) == len(text)


@given(text=st.text(alphabet=st.characters(max_codepoint=0x17F), max_size=60))
def test_words_are_split_as_elsewhere(text):
    assert len(words_of(text)) == words.count_words(text)


def test_the_reference_tokeniser_has_the_faults_it_is_kept_for():
    found = words_of("Ann\u2019s na\u00efve; won't, can't", Tokeniser.REFERENCE)

    assert found == ["ann", "is", "na", "ve", "will", "not", "can", "not"]
    assert opened("o'clock") == ("o", "clock")


TEXTS = st.lists(
    st.tuples(
        st.lists(
            st.sampled_from([*LISTED, "so", "it sounds like", "rain", "don't", "?"]),
            max_size=12,
        ).map(" ".join),
        st.sampled_from([C, T, NEITHER]),
    ),
    max_size=8,
)


def plain_count(text, sign):
    """Count without a place, by looking at every word in turn."""
    if sign is Sign.OPENINGS:
        return int(text.lower().startswith(lists.OPENINGS))
    if sign in lists.WORDS:
        bare = [re.split("'", word)[0] for word in text.split()]
        return sum(word in lists.WORDS[sign] for word in bare)
    n, at, padded = 0, 0, f" {text} "
    while at < len(padded):
        fits = [p for p in lists.PHRASES[sign] if padded.startswith(f" {p} ", at)]
        n += bool(fits)
        at += 1 + max((len(p) for p in fits), default=0)
    return n


@given(rows=TEXTS)
def test_counts_are_those_of_the_slow_version_and_places_hold_them(rows):
    texts, seats = [text for text, _ in rows], [seat for _, seat in rows]

    found = wording(texts, seats)

    for sign in Sign:
        for own in (C, T):
            mine = [text for text, seat in rows if seat == own]
            expected = sum(plain_count(text, sign) for text in mine)
            assert found.of(sign).n[own] == expected, sign
        if sign in lists.PHRASES:
            assert set(places_of(found.of(sign), texts)) <= set(lists.PHRASES[sign])


@given(rows=TEXTS)
def test_swapping_the_seats_mirrors_every_count(rows):
    texts, seats = [text for text, _ in rows], [seat for _, seat in rows]
    swapped = [seat if seat < 0 else 1 - seat for seat in seats]

    found, mirrored = wording(texts, seats), wording(texts, swapped)
    shares = turn_shares(texts, seats, found)
    mirrored_shares = turn_shares(texts, swapped, mirrored)

    assert found.n_words == mirrored.n_words[::-1]
    for one, other in zip(found.found, mirrored.found, strict=True):
        assert one.n == other.n[::-1]
        np.testing.assert_equal(one.per_100_words, other.per_100_words[::-1])
        assert one.text.tolist() == other.text.tolist()
    for name in ("question", "open_question", "acknowledgement", "opening"):
        np.testing.assert_equal(
            getattr(shares, name), getattr(mirrored_shares, name)[::-1]
        )


@given(rows=TEXTS)
def test_said_twice_counts_double_and_rates_stay(rows):
    texts, seats = [text for text, _ in rows], [seat for _, seat in rows]

    once, twice = wording(texts, seats), wording(texts * 2, seats * 2)

    for one, other in zip(once.found, twice.found, strict=True):
        assert other.n == tuple(2 * n for n in one.n)
        np.testing.assert_allclose(one.per_100_words, other.per_100_words)


def test_shares_of_turns_are_of_that_persons_turns():
    texts = ["What now?", "Mm.", "Is it?", "Yeah, yeah.", "So it is.", "Yes."]
    seats = [T, T, T, C, T, C]

    found = turn_shares(texts, seats, wording(texts, seats))

    assert found.question == (0, 0.5)
    np.testing.assert_equal(found.open_question, (math.nan, 0.5))
    assert found.acknowledgement == (1, 0.25)
    assert found.narrow_acknowledgement == (0.5, 0)
    assert found.opening == (0, 0.25)
    with pytest.raises(ParameterError, match="of the same 1 texts, got 6"):
        turn_shares(["a"], [T], wording(texts, seats))


@given(
    text=st.lists(st.sampled_from("abcde"), max_size=40),
    window=st.integers(1, 12),
    step=st.integers(1, 7),
)
def test_variety_is_that_of_every_window_by_itself(text, window, step):
    shares = [
        len(set(text[at : at + window])) / window
        for at in range(0, len(text) - window + 1, step)
    ]

    found = variety(text, window=window, step=step)

    if shares:
        assert found == pytest.approx(np.mean(shares))
    else:
        assert math.isnan(found)


@pytest.mark.parametrize("name", ["window", "step"])
def test_a_window_and_a_step_have_words(name):
    with pytest.raises(ParameterError, match=f"{name} must be 1 or more, got 0"):
        variety(["a"], **{name: 0})
