"""Texts as tokens."""

import pytest

from annomi import peers_tokens, transcripts
from duologue.engine.matching.tokens import opened_words, words_and_marks
from duologue.engine.wording.tokenisers import Tokeniser, words_of
from duologue.engine.words import words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("I can't, you won't, we shan't.", "i can not you will not we shall not"),
        ("They\u2019re sure he\u2019d 've known", "they are sure he would ve known"),
        ("It isn't Anna's", "it is not anna is"),
        ("O'Neill o'clock", "o neill o clock"),
        ("won 't", "won t"),
        ("Café 24", "café"),
    ],
)
def test_contractions_are_two_words(text, expected):
    assert opened_words(text) == (expected.split() if expected else [])


def test_marks_and_numbers_are_tokens_and_a_contraction_is_one():
    assert words_and_marks("Don\u2019t\u2026 at 10, ok?!") == [
        "don't",
        "at",
        "10",
        ",",
        "ok",
        "?",
        "!",
    ]


@pytest.mark.shared
def test_on_real_transcripts_only_letters_beyond_english_are_read_otherwise(shared):
    texts = [text for each in transcripts(shared) for text in each.texts]
    odd = [text for text in texts if not text.isascii()]

    assert len(odd) < len(texts) / 10
    for text in texts:
        if text.isascii():
            assert opened_words(text) == words_of(text, Tokeniser.REFERENCE)
            assert words_and_marks(text) == [t for t in peers_tokens(text) if t]


def test_an_accent_of_its_own_parts_no_word_in_any_way_of_splitting():
    text = "Zoe\u0308, nai\u0308ve in \u0130stanbul"
    composed = ["zo\u00eb", "na\u00efve", "in", "istanbul"]

    assert opened_words(text) == words(text) == composed
    assert words_and_marks(text) == ["zo\u00eb", ",", *composed[1:]]
    assert len(words_of(text)) == len(composed)
