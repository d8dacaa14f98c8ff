"""Every figure by its name: plain, whole, and the same names for every session."""

import json
from dataclasses import replace

import pytest

from duologue.corpus.words import session_words
from duologue.corpus.words_figures import figures, flat, turn_number
from duologue.formats.transcripts import read_transcript
from duologue.records import Seat, Segment, Turns

C, T = Seat.CLIENT, Seat.THERAPIST


def said(*rows, resolution_s=0.1):
    return Turns(
        session=1,
        segments=tuple(Segment(*row) for row in rows),
        resolution_s=resolution_s,
    )


TIMED = said(
    (C, 0.0, 2.0, "I was there"),
    (T, 3.5, 5.0, "And right now?"),
    (T, 8.5, 9.0, "Between us?"),
    (C, 9.9, 11.0, "It was not so"),
)
UNTIMED = said((C, None, None, "I was there"), (T, None, None, "And then?"))


def names(of):
    """Return every name in a nested dictionary, lists left aside."""
    return [name for name, _ in flat(of)]


def test_all_is_plain_and_can_be_written_as_json():
    for turns in (TIMED, UNTIMED, said()):
        found = figures(session_words(turns))

        assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_every_session_has_the_same_names_in_the_same_order():
    several = [figures(session_words(turns)) for turns in (TIMED, UNTIMED, said())]

    assert names(several[0]) == names(several[1]) == names(several[2])
    assert len(names(several[0])) == len(set(names(several[0])))


def test_pauses_are_counted_by_who_spoke_and_by_their_length():
    timing = figures(session_words(TIMED))["timing"]

    assert timing["not_told"] is None
    assert timing["span_s"] == 11.0
    assert timing["silences"] == {
        "client_then_client": {"of_1_s": 0, "of_3_s": 0},
        "client_then_therapist": {"of_1_s": 1, "of_3_s": 0},
        "therapist_then_client": {"of_1_s": 0, "of_3_s": 0},
        "therapist_then_therapist": {"of_1_s": 1, "of_3_s": 1},
    }
    assert timing["silence_s"] == 5.0
    assert timing["changes"]["client"]["latency_s"]["median"] == 0.9


def test_without_ends_each_name_of_pauses_is_blank_and_the_reason_is_told():
    timing = dict(flat(figures(session_words(UNTIMED))["timing"]))

    assert timing.pop("not_told") == "no_ends"
    assert set(timing.values()) == {None}


def test_rates_and_shares_are_those_worked_by_hand():
    found = figures(session_words(TIMED))

    assert found["words"] == {"client": 7, "therapist": 5}
    assert found["share_of_words"] == {"client": 0.583333333, "therapist": 0.416666667}
    assert found["words_per_turn"] == {"client": 3.5, "therapist": 5.0}
    assert found["counted"]["here_and_now"] == {"client": 0, "therapist": 2}
    assert found["per_100_words"]["here_and_now"]["therapist"] == 40.0
    assert found["question_turns"] == {"client": 0, "therapist": 1}


def test_a_passage_is_a_pointer_and_counts():
    (found,) = figures(session_words(TIMED))["passages"]

    assert (found["turn"], found["start_s"], found["by"]) == (2, 3.5, "therapist")
    assert found["kind"] == "here_and_now"
    assert [reply["turn"] for reply in found["replies"]] == [3]


def test_a_backchannel_is_no_turn_that_is_numbered(shared):
    turns = read_transcript(
        shared / "data" / "transcripts" / "fine.vtt",
        client=["Nadia Holt"],
        therapist=["Alasdair Byrne"],
    )
    spoken = session_words(turns).spoken

    numbers = [turn_number(spoken, i) for i in range(len(spoken.stretches))]

    assert numbers[-1] == sum(spoken.n_turns)
    assert len(numbers) > numbers[-1]
    assert numbers == sorted(numbers)


@pytest.mark.parametrize("seat", ["client", "therapist"])
def test_of_who_says_nothing_all_is_blank_or_nought(seat):
    only = next(each for each in Seat if each.value != seat)
    found = figures(session_words(said((only, 0.0, 1.0, "I was there"))))

    assert found["words"][seat] == 0
    assert found["words_per_turn"][seat] is None
    assert found["per_100_words"]["i_words"][seat] is None
    assert found["coordination"][seat]["mean"] is None


def test_no_word_and_no_name_is_among_them():
    odd = "Geheimnis right now"
    turns = replace(TIMED, segments=(*TIMED.segments, Segment(T, 20.0, 21.0, odd)))

    assert "eheimnis" not in json.dumps(figures(session_words(turns)))
