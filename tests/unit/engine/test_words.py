"""Words, questions and acknowledgements of one stretch of speech."""

import itertools
import re
import time

import pytest

from duologue.engine import words

KNOWLEDGE_PATTERN = re.compile(
    r"^\W*((mm+([ -]?hm+)?|mhm+|uh[ -]?huh|hm+|yeah|yes|yep|ok|okay|right|sure|no|oh)"
    r"\W*)+$",
    re.IGNORECASE,
)


@pytest.mark.parametrize(
    ("text", "n_words"),
    [
        ("", 0),
        ("... 42 _", 0),
        ("Don't, I said.", 3),
        ("Don\u2019t, I said.", 3),
        ("Mm-hmm.", 2),
        ("rock'n'roll", 2),
        ("cafe\u0301 na\u00efve", 2),
        ("two_words and4more", 4),
    ],
)
def test_a_contraction_is_one_word_and_a_digit_is_none(text, n_words):
    assert words.count_words(text) == n_words
    assert len(words.words(text)) == n_words


def test_words_are_lower_case():
    assert words.words("I DON\u2019T") == ["i", "don't"]


def test_ascii_text_is_counted_as_in_the_truth_files():
    text = "It's 4 o'clock -- isn't it? 'Quoted' e-mail's a_b"

    expected = len(re.findall(r"[A-Za-z]+(?:'[A-Za-z]+)?", text))

    assert words.count_words(text) == expected


def test_a_question_mark_anywhere_asks_and_at_the_end_wants_an_answer():
    assert words.asks("Did you? I thought so.")
    assert not words.ends_asking("Did you? I thought so.")
    assert words.ends_asking('He said "did you?" ')
    assert not words.asks("")
    assert not words.ends_asking("")


@pytest.mark.parametrize(
    "text",
    ["Mm.", "Mm hm.", "Uh huh", "mhm", "Yeah, yeah.", "Oh no", "OKAY", "...right"],
)
def test_acknowledgements_are_known_however_they_are_spelt(text):
    assert words.is_acknowledgement(text)


@pytest.mark.parametrize("text", ["", "...", "Yeah, but no thanks", "m", "mmx", "know"])
def test_anything_more_is_no_acknowledgement(text):
    assert not words.is_acknowledgement(text)


def test_the_pattern_accepts_what_the_knowledge_file_accepts():
    pieces = [
        "m",
        "mm",
        "hm",
        "h",
        "mhm",
        "uh",
        "uhhuh",
        "ok",
        "okay",
        "no",
        "oh",
        " ",
        "-",
        "x",
    ]

    for n in range(1, 5):
        for run in itertools.product(pieces, repeat=n):
            text = "".join(run)
            expected = KNOWLEDGE_PATTERN.match(text) is not None
            assert words.is_acknowledgement(text) == expected, text


def test_a_very_long_hum_takes_no_time():
    begun = time.process_time()

    assert not words.is_acknowledgement("m" * 200_000 + "x")
    assert not words.is_acknowledgement("mm hm " * 50_000 + "x")
    assert time.process_time() - begun < 1
