"""What is counted of a session's words, from made-up talk of which the truth is known."""

import math
import pickle

import numpy as np
import pytest

from duologue.corpus import words
from duologue.corpus.words import (
    VERSIONS,
    session_words,
    words_of_sessions,
)
from duologue.corpus.words_partners import partners_of
from duologue.engine.matching.tokens import opened_words
from duologue.errors import ParameterError
from duologue.formats.transcripts import read_transcripts
from duologue.records import Seat, Segment, Turns

C, T = Seat.CLIENT, Seat.THERAPIST
COMMON = ["i", "you", "the", "a", "so", "it", "and", "of", "was", "not"]


def said(*rows, resolution_s=None):
    """Return a transcript of (seat, text), without times."""
    return Turns(
        session=1,
        segments=tuple(Segment(seat, None, None, text) for seat, text in rows),
        resolution_s=resolution_s,
    )


def made_up(n_pairs=40, *, follows=0.0, seed=1):
    """Return talk in which the therapist takes up so large a share of the words."""
    rng = np.random.default_rng(seed)
    own = [f"word{'abcdefghijklmnopqrst'[i % 20]}{'x' * (i // 20)}" for i in range(200)]
    rows, before = [], []
    for _ in range(n_pairs):
        for seat in (C, T):
            words = list(rng.choice(own, 6)) + list(rng.choice(COMMON, 6))
            if seat is T:
                words = [
                    old if rng.random() < follows else new
                    for old, new in zip(before, words, strict=True)
                ]
            rows.append((seat, " ".join(words) + "."))
            before = words
    return said(*rows)


def swapped(turns):
    """Return the same talk with the seats exchanged."""
    return said(*((one.seat.other, one.text) for one in turns.segments))


def test_who_follows_is_found_in_one_direction_alone():
    found = session_words(made_up(follows=0.6))

    client, therapist = found.lexical
    assert (client.n_pairs, therapist.n_pairs) == (39, 40)
    assert therapist.z > 4
    assert therapist.lower > 0
    assert abs(client.z) < 2.5
    assert therapist.excess_loo > therapist.excess_exact > 0
    assert therapist.excess_near > 0
    told = found.spoken.following[1]
    assert told.excess == pytest.approx(therapist.excess_loo, abs=1e-6)


def test_what_is_common_to_all_turns_is_no_following():
    found = session_words(made_up(follows=0.0))

    assert [abs(one.z) < 2.5 for one in found.lexical] == [True, True]
    assert found.lexical[1].observed > 0.1


def test_seats_exchanged_exchange_every_pair():
    there = session_words(made_up(follows=0.4))
    back = session_words(swapped(made_up(follows=0.4)))

    assert there.variety == back.variety[::-1]
    for of in ("turn_style.follows", "coordination.mean", "shared.repetition_by"):
        first, second = of.split(".")
        one, other = (getattr(getattr(each, first), second) for each in (there, back))
        assert one == pytest.approx(other[::-1], nan_ok=True), of
    assert there.own == back.own[::-1]
    assert there.style.value == back.style.value
    assert there.shares.question == back.shares.question[::-1]


def test_shared_expressions_and_own_ones_are_those_worked_by_hand():
    found = session_words(said((C, "A hard week."), (T, "A hard week?"), (C, "Hard.")))

    # "a hard week", and then "hard" alone, in which the third turn stands free.
    assert found.shared.n_expressions == 2
    assert found.shared.initiated_by == (1.0, 0.0)
    assert found.shared.repetition_by == (1 / 6, 3 / 4)
    assert [one.n_expressions for one in found.own] == [1, 0]  # "hard"


def test_style_is_that_worked_by_hand_on_both_scales():
    client = " ".join(["the"] * 10 + ["word"] * 40)
    therapist = " ".join(["the"] * 5 + ["word"] * 45)

    found = session_words(said((C, client), (T, therapist)))

    # Eight classes that neither uses match fully; of articles one uses .2, one .1.
    assert found.style.value == pytest.approx((8 + 1 - 10 / 30.0001) / 9)
    assert found.style_of_proportions == pytest.approx((8 + 1 - 0.1 / 0.3001) / 9)
    assert found.turn_style.follows[1] == pytest.approx(1 - 0.1 / 0.3001)
    assert math.isnan(found.turn_style.follows[0])


def test_rates_are_counts_in_a_hundred_words_of_each():
    found = session_words(said((C, "I know I do"), (T, "so you " * 5)))

    counts = {sign: (c, t) for sign, c, t in found.spoken.wording}
    assert found.per_100_words(counts["i_words"]) == (50.0, 0.0)
    assert found.per_100_words(counts["you_words"]) == (0.0, 50.0)


@pytest.mark.parametrize("rows", [[], [(C, "I said so, and it was all.")], [(T, "")]])
def test_of_one_voice_or_none_what_takes_two_is_blank(rows):
    found = session_words(said(*rows))

    assert [one.n_pairs for one in found.lexical] == [0, 0]
    assert math.isnan(found.lexical[0].excess_loo)
    assert math.isnan(found.style.value)
    assert all(map(math.isnan, found.coordination.mean))
    assert not found.spoken.is_of_both
    assert all(math.isnan(found.per_100_words((0, 0))[i]) for i in (1,))


def test_of_another_language_lists_say_nothing():
    german = said((C, "Ich weiß es nicht so genau."), (T, "Das klingt nach viel Mühe."))

    assert session_words(made_up()).is_english
    assert not session_words(german).is_english
    assert not session_words(said()).is_english


def test_no_word_is_kept():
    found = session_words(
        said((C, "Geheimnis right now, geheimnis."), (T, "Geheimnis?"))
    )

    kept = pickle.dumps(found)

    assert found.shared.n_expressions == 1
    assert b"eheimnis" not in kept


def test_a_model_of_sentences_is_used_only_where_it_is_given():
    given = []

    def model(texts):
        given.extend(texts)
        return [[len(text), 1.0] for text in texts]

    turns = made_up(5)
    found = session_words(turns, encoder=model)

    assert given == [one.text for one in turns.segments]
    assert found.meaning[1].n_pairs == 5
    assert session_words(turns).meaning is None


def test_several_processes_find_the_same_and_say_how_far_they_are(monkeypatch):
    monkeypatch.setattr(words, "MANY", 12)
    sessions = [made_up(7, seed=i) for i in range(12)]
    told = []

    one = words_of_sessions(sessions)
    two = words_of_sessions(
        sessions, n_processes=2, tell=lambda n, of: told.append((n, of))
    )

    assert [each.spoken for each in one] == [each.spoken for each in two]
    assert [each.lexical for each in one] == [each.lexical for each in two]
    assert [each.own for each in one] == [each.own for each in two]
    assert told == [(n + 1, 12) for n in range(12)]


def test_a_model_stays_in_this_process(monkeypatch):
    monkeypatch.setattr(words, "MANY", 2)
    sessions = [made_up(1, seed=i) for i in range(2)]

    found = words_of_sessions(
        sessions, n_processes=2, encoder=lambda texts: np.ones((len(texts), 2))
    )

    assert all(each.meaning is not None for each in found)


def test_less_than_one_process_is_refused():
    with pytest.raises(ParameterError, match="n_processes must be 1 or more, got 0"):
        words_of_sessions([], n_processes=0)


def test_real_partners_have_more_in_common_than_exchanged_ones():
    sessions = [made_up(8, follows=0.6, seed=i) for i in range(6)]

    found = partners_of(sessions, range(6), n_permutations=1000)
    turned = partners_of(
        [swapped(one) for one in sessions], range(6), n_permutations=1000
    )

    assert found.therapist_follows.real > found.therapist_follows.mismatched
    assert found.therapist_follows.p < 0.01  # of 720 ways
    assert turned.client_follows.real == found.therapist_follows.real
    assert turned.client_follows.p == found.therapist_follows.p
    assert found.style.n_pairs == 6


def test_sessions_of_one_pair_are_exchanged_together():
    sessions = [made_up(8, seed=i) for i in range(5)]

    found = partners_of(sessions, [0, 1, 2, 3, 3], n_permutations=100)

    assert found.style.n_pairs == 4


@pytest.mark.parametrize(
    ("sessions", "problem"),
    [
        ([made_up(3, seed=i) for i in range(3)], "must be of 4 pairs or more, got 3"),
        ([made_up(3)] * 4, "two of the sessions are one and the same transcript"),
        (
            [*(made_up(3, seed=i) for i in range(3)), said()],
            "in one of the sessions nobody says a word",
        ),
    ],
)
def test_too_little_to_exchange_is_refused(sessions, problem):
    with pytest.raises(ParameterError, match=problem):
        partners_of(sessions, range(len(sessions)))


@pytest.mark.shared
def test_real_transcripts_give_what_the_page_of_validation_tells(shared):
    sessions = list(
        read_transcripts(shared / "data" / "annomi" / "annomi_dev.csv").values()
    )

    found = partners_of(sessions, range(len(sessions)), n_permutations=100)

    assert found.style.n_pairs == 63
    assert found.style.real == pytest.approx(0.813, abs=0.001)
    assert found.style.mismatched == pytest.approx(0.800, abs=0.001)
    assert found.therapist_follows.real == pytest.approx(0.189, abs=0.002)
    assert found.client_follows.mismatched == pytest.approx(0.130, abs=0.002)


def test_every_rule_by_which_words_are_counted_has_a_version():
    assert VERSIONS["opened_words"] == "opened-1"
    assert opened_words("I'm") == ["i", "am"]
    assert len(set(VERSIONS.values())) == len(VERSIONS) == 5
