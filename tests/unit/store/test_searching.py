"""Looking for words: whatever their case and accents, and where they stand."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from duologue.store.searching import AROUND, LONGEST_SEARCH, Search, plainly


def around(words, text):
    """Return what is shown, what was found in brackets."""
    pieces = Search(words).around(text)
    return "".join(f"[{p.words}]" if p.found else p.words for p in pieces)


def letter_by_letter(text):
    """Return a text as it is compared, each character by itself."""
    return "".join(map(plainly, text))


@pytest.mark.parametrize(
    ("words", "text", "shown"),
    [
        ("door", "The door was shut.", "The [door] was shut."),
        ("DOOR", "the Door", "the [Door]"),
        ("cafe", "In the Café, alone", "In the [Café], alone"),
        ("café", "in the cafe", "in the [cafe]"),
        ("cafe", "Cafe\u0301 again", "[Cafe\u0301] again"),
        ("strasse", "Die Straße", "Die [Straße]"),
        ("shut door", "The door was shut.", "The [door] was [shut]."),
        ("oor do", "The door.", "The [door]."),
        ("a", "banana", "b[a]n[a]n[a]"),
        ("doors", "The door was shut.", ""),
        ("door window", "The door was shut.", ""),
        ("", "The door was shut.", ""),
        ("  \n ", "The door was shut.", ""),
        ("door", "", ""),
    ],
)
def test_words_are_found_where_they_stand(words, text, shown):
    assert around(words, text) == shown


def test_of_a_long_text_what_is_around_is_shown_cut_between_words():
    text = "before " * 50 + "the door " + "after " * 50

    shown = around("door", text)

    assert "[door]" in shown
    assert shown.startswith("… before")
    assert shown.endswith("after …")
    assert len(shown) < 4 * AROUND


def test_a_text_without_spaces_is_cut_all_the_same():
    shown = around("door", "x" * 5_000 + "door" + "y" * 5_000)

    assert len(shown) < 4 * AROUND
    assert "x[door]y" in shown


def test_points_that_change_places_are_found_and_not_marked():
    text = "a\u05b4\u05b0b"

    assert around(text, text) == text


def test_no_more_is_looked_for_than_fits():
    assert Search("x" * LONGEST_SEARCH).around("x" * LONGEST_SEARCH)
    assert around("d" * LONGEST_SEARCH + " else", "d" * LONGEST_SEARCH)


@given(st.text(max_size=300), st.integers(0, 300), st.integers(1, 12))
def test_whatever_stands_in_a_text_is_found_in_it_and_shown(text, start, length):
    assume(plainly(text) == letter_by_letter(text))
    words = text[start : start + length]

    pieces = Search(words).around(text)

    assert bool(pieces) == bool(plainly(words).split())
    shown = "".join(p.words for p in pieces).removeprefix("… ").removesuffix(" …")
    assert shown in text
    for piece in pieces:
        assert piece.words


@given(st.text(max_size=200))
def test_letter_by_letter_is_the_same_as_the_whole_but_for_points_in_other_places(text):
    assert sorted(letter_by_letter(text)) == sorted(plainly(text))
