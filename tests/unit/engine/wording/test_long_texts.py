"""The cost of counting grows with the words, whatever they are."""

import time

import pytest

from duologue.engine.wording.literal import wording
from duologue.engine.wording.tokenisers import Tokeniser, words_of
from duologue.engine.wording.turn_shares import turn_shares
from duologue.engine.wording.variety import variety

HOSTILE = {
    "one letter": "a",
    "marks": "e\u0301",
    "apostrophes": "'",
    "nearly a phrase": "i don't / ",
    "signs": "\u2026 -",
    "a long hum": "mm hm ",
}


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE)
def test_a_very_long_turn_takes_no_time(piece):
    text = piece * (200_000 // len(piece)) + "x"
    begun = time.process_time()

    turn_shares([text], [0], wording([text], [0]))
    words_of(text, Tokeniser.REFERENCE)

    assert time.process_time() - begun < 3


def test_four_times_the_words_take_about_four_times_as_long():
    turns = [f"I think you and I were here {word}, right now." for word in "abcdefgh"]

    def seconds(n_times):
        texts, seats = turns * n_times, [0, 1] * (4 * n_times)
        begun = time.process_time()
        wording(texts, seats)
        variety([word for text in texts for word in words_of(text)])
        return time.process_time() - begun

    ratio = min(seconds(800) for _ in range(3)) / min(seconds(200) for _ in range(3))

    assert ratio < 9  # 16 if it grew with the square
