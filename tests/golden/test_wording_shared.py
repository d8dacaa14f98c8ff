"""Literal counts on AnnoMI against our reference scripts, printed to six digits.

The reference takes rows as turns, counts bracketed notes as words, and splits by the
reference tokeniser; so does this test.
"""

import csv
import json
import math
import re
from collections import defaultdict

import numpy as np
import pytest

from duologue.engine.turns import summarise
from duologue.engine.turns.over_session import over_session
from duologue.engine.wording import lists
from duologue.engine.wording.lists import Sign
from duologue.engine.wording.literal import wording
from duologue.engine.wording.tokenisers import Tokeniser, words_of
from duologue.engine.wording.turn_shares import turn_shares
from duologue.engine.wording.variety import variety

pytestmark = pytest.mark.shared

SEATS = {"client": 0, "therapist": 1}
LETTERS = {"C": 0, "T": 1}
COLUMNS = {
    Sign.I_WORDS: "I",
    Sign.WE_WORDS: "we",
    Sign.YOU_WORDS: "you",
    Sign.THINKING: "cog",
    Sign.HEDGES: "hedge",
    Sign.DONT_KNOW: "avoid",
    Sign.MUST: "directive",
    Sign.HERE_AND_NOW: "immediacy",
}


@pytest.fixture(scope="module")
def sessions(shared):
    """Give (expected row, texts, seats, starts) of every transcript."""
    rows = defaultdict(list)
    with (shared / "data" / "annomi" / "annomi_dev.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            rows[row["transcript_id"]].append(row)
    with (shared / "reference" / "words" / "per_session.csv").open() as file:
        expected = list(csv.DictReader(file))
    return [
        (
            one,
            [row["utterance_text"] for row in rows[one["transcript_id"]]],
            [SEATS[row["interlocutor"]] for row in rows[one["transcript_id"]]],
            [seconds(row["timestamp"]) for row in rows[one["transcript_id"]]],
        )
        for one in expected
    ]


@pytest.fixture(scope="module")
def params(shared):
    path = shared / "reference" / "words" / "params.json"
    return json.loads(path.read_text(encoding="utf-8"))


def seconds(stamp):
    hours, minutes, rest = stamp.split(":")
    return 3600 * int(hours) + 60 * int(minutes) + int(rest)


def shown(value):
    """Print as the reference does: six digits, and nothing for a blank."""
    return "" if math.isnan(value) else f"{value:.6g}"


def test_literal_counts_are_those_of_the_reference(sessions):
    assert len(sessions) == 67
    for expected, texts, seats, _ in sessions:
        found = wording(texts, seats, tokeniser=Tokeniser.REFERENCE)

        assert sum(found.n_words) == int(expected["words"])
        for letter, seat in LETTERS.items():
            for sign, column in COLUMNS.items():
                rate = found.of(sign).per_100_words[seat]
                assert shown(rate) == expected[f"{letter}_{column}"], (sign, letter)


def test_shares_of_turns_are_those_of_the_reference(sessions):
    for expected, texts, seats, _ in sessions:
        found = turn_shares(texts, seats, wording(texts, seats))

        for letter, seat in LETTERS.items():
            narrow = shown(found.narrow_acknowledgement[seat])
            assert narrow == expected[f"{letter}_backchannel_turns"]
            assert shown(found.question[seat]) == expected[f"{letter}_question_turns"]
            assert found.acknowledgement[seat] >= found.narrow_acknowledgement[seat]
        assert shown(found.open_question[1]) == expected["T_open_q_share"]


def test_openings_are_those_of_the_reference_where_apostrophes_are_straight(sessions):
    n_straight = 0
    for expected, texts, seats, _ in sessions:
        found = turn_shares(texts, seats, wording(texts, seats))

        # The reference reads a turn as written, and knows no typographic apostrophe.
        if "\u2019" not in "".join(texts):
            n_straight += 1
            assert shown(found.opening[1]) == expected["T_reflection_stem"]
        assert found.opening[1] >= float(expected["T_reflection_stem"]) - 1e-6

    assert n_straight >= 60


def test_variety_is_that_of_the_reference(sessions):
    for expected, texts, seats, _ in sessions:
        for letter, seat in LETTERS.items():
            words = [
                word
                for text, own in zip(texts, seats, strict=True)
                if own == seat
                for word in words_of(text, Tokeniser.REFERENCE)
            ]
            assert shown(variety(words)) == expected[f"{letter}_mattr50"]


def test_talk_is_that_of_the_reference(sessions):
    for expected, texts, seats, starts in sessions:
        blank = np.full(len(texts), np.nan)
        no = np.zeros(len(texts), bool)
        n_words = [len(words_of(text, Tokeniser.REFERENCE)) for text in texts]

        talk = summarise(seats, starts, blank, n_words, no, no, join=False)
        pace = over_session(seats, starts, blank, n_words, no, no, join=False)

        assert sum(talk.n_turns) == int(expected["n_turns"])
        assert shown(talk.talk_share_words[1]) == expected["therapist_talk_share"]
        for letter, seat in LETTERS.items():
            per_turn = talk.words_per_turn[seat]
            assert shown(per_turn) == expected[f"{letter}_words_per_turn"]
        log = shown(math.log(talk.words_per_turn[0]))
        assert log == expected["C_words_per_turn_log"]
        assert shown(pace.turns_per_minute) == expected["turns_per_min"]


def test_the_lists_are_those_that_the_reference_was_made_with(params):
    others = params["other_lists"]
    names = ("first_singular", "first_plural", "second", "cognition")
    for sign, name in zip(lists.WORDS, names, strict=True):
        assert sorted(lists.WORDS[sign]) == sorted(others[name])
    for sign, column in COLUMNS.items():
        if sign in lists.PHRASES:
            pattern = re.compile(params["patterns"][column]["regex"])
            for phrase in lists.PHRASES[sign]:
                assert pattern.fullmatch(phrase), phrase
    assert params["mattr"] == {"window": 50, "step": 5}
