"""From a transcript to what is counted of it, against texts whose truth is known."""

import json
from collections import Counter
from dataclasses import asdict, fields, replace

import pytest

from duologue.errors import ParameterError
from duologue.formats.transcripts import read_transcript
from duologue.records import SEATS, Noticed, Seat, Segment, Turns
from duologue.relationship.spoken import MOST_TURNS, spoken_in, texts_of

FILES = {
    "fine": ("fine.vtt", "Nadia Holt", "Alasdair Byrne"),
    "porridge": ("porridge.srt", "Owen", "Meera"),
    "the_list": ("the_list.cha", "CLI", "THE"),
}


def said(*rows):
    """Return a transcript of (seat, start, end, text)."""
    return Turns(
        session=1, segments=tuple(Segment(*row) for row in rows), resolution_s=0.1
    )


@pytest.fixture(params=FILES)
def known(request, shared):
    """Return a fictional transcript, and its truth."""
    file, client, therapist = FILES[request.param]
    folder = shared / "data" / "transcripts"
    turns = read_transcript(
        folder / file, session=1, client=[client], therapist=[therapist]
    )
    truth = json.loads((folder / f"{request.param}.truth.json").read_text("utf-8"))
    return turns, truth["expected"]


def test_what_is_counted_is_the_truth_of_the_fictional_transcripts(known):
    turns, truth = known
    found = spoken_in(turns)

    timed, seats = found.timed, dict(zip("CT", (0, 1), strict=True))
    assert {c: found.n_turns[i] for c, i in seats.items()} == {
        c: truth[f"n_turns_{c}"] for c in seats
    }
    assert {c: found.n_words[i] for c, i in seats.items()} == {
        c: truth[f"words_{c}"] for c in seats
    }
    assert {c: found.seconds[i] for c, i in seats.items()} == {
        c: truth[f"speaking_seconds_{c}"] for c in seats
    }
    assert sum(timed.n_backchannels) == truth["n_backchannels"]
    assert timed.both_speaking_s == truth["both_speaking_seconds"]
    assert timed.longest_s == truth["longest_silence"]
    assert sum(r.n_changes for r in timed.responses) == truth["n_floor_changes"]
    assert sum(r.n_overlaps for r in timed.responses) == truth["n_overlapping_changes"]
    for code, seat in seats.items():
        latency = truth[f"response_latency_{code}"]
        assert timed.responses[seat].latency_s[1] == pytest.approx(latency["median"])
    code = dict(zip(SEATS, "CT", strict=True))
    around = Counter(code[s.before] + code[s.after] for s in timed.silences)
    assert {k: around[k] for k in ("TT", "CC", "TC", "CT")} == truth[
        "silences_1s_by_before_after"
    ]


def test_there_is_a_text_for_every_stretch_and_no_word_of_it_in_what_is_counted(known):
    turns, _ = known
    found = spoken_in(turns)
    texts = texts_of(turns)

    assert len(texts) == len(found.stretches)
    assert sum(s.n_words for s in found.stretches) == sum(found.n_words)
    told = json.dumps(asdict(found))
    assert not [t for t in texts if len(t.split()) > 3 and t in told]


def test_exchanged_seats_mirror_all_that_is_counted(known):
    turns, _ = known
    other = replace(
        turns,
        segments=tuple(
            replace(s, seat=None if s.seat is None else s.seat.other)
            for s in turns.segments
        ),
    )
    here, there = spoken_in(turns), spoken_in(other)

    for name in ("n_words", "n_turns", "n_question_turns", "seconds"):
        assert getattr(there, name) == getattr(here, name)[::-1]
    assert there.following == here.following[::-1]
    assert there.timed.responses == here.timed.responses[::-1]
    assert there.stretches == tuple(
        replace(s, seat=s.seat.other) for s in here.stretches
    )
    assert [(p.kind, p.stretch) for p in there.passages] == [
        (p.kind, p.stretch) for p in here.passages
    ]
    assert [(n, t, c) for n, c, t in there.wording] == list(here.wording)


def test_parts_hold_all_words_turns_and_questions_of_the_session(known):
    turns, _ = known
    found = spoken_in(turns)

    for parts in (found.thirds, found.windows):
        for name in ("n_words", "n_turns", "n_question_turns"):
            each = [getattr(part, name) for part in parts]
            assert tuple(map(sum, zip(*each, strict=True))) == getattr(found, name)
        seconds = [sum(s) for s in zip(*(p.seconds for p in parts), strict=True)]
        assert seconds == pytest.approx(found.seconds)


def test_without_ends_nothing_is_said_of_pauses_but_the_reason():
    found = spoken_in(
        said(
            (Seat.THERAPIST, 0.0, None, "How was the week?"),
            (Seat.CLIENT, 4.0, None, "I kept thinking of it, I suppose."),
        )
    )

    assert found.timed is None
    assert found.not_timed == "no_ends"
    assert found.seconds is None
    assert found.places == "starts"


def test_here_and_now_wording_is_pointed_to_with_the_three_turns_that_follow():
    rows = [(Seat.THERAPIST, 0.0, 2.0, "What is it like here with me?")]
    for k in range(4):
        at = 3.0 + 4 * k + 0.2 * k * k
        rows += [
            (Seat.CLIENT, at, at + 1, "I feel a little shy of you, I think."),
            (Seat.THERAPIST, at + 1.5 + 0.3 * k, at + 3, "Go on."),
        ]
    found = spoken_in(said(*rows))

    (moment,) = [p for p in found.passages if p.kind is Noticed.HERE_AND_NOW]
    assert (moment.seat, moment.stretch, moment.n_here_and_now) == (
        Seat.THERAPIST,
        0,
        1,
    )
    assert [reply.stretch for reply in moment.replies] == [1, 3, 5]
    assert moment.replies[0].i_words == 2
    assert moment.replies[0].offset_s == 1.0


def test_somebody_who_says_nothing_leaves_counts_of_nothing():
    found = spoken_in(said((Seat.CLIENT, 0.0, 2.0, "Is anybody there?")))

    assert not found.is_of_both
    assert [each.n_pairs for each in found.following] == [0, 0]
    assert [each.z for each in found.following] == [None, None]
    assert found.passages == ()


def test_an_empty_transcript_is_counted_as_empty():
    found = spoken_in(Turns(session=1, segments=()))

    assert found.stretches == ()
    assert found.not_timed == "no_speech"
    assert len(found.following) == len(SEATS)


def test_each_field_of_what_is_counted_can_be_written_as_json(known):
    turns, _ = known
    found = spoken_in(turns)

    told = json.loads(json.dumps(asdict(found), allow_nan=False))
    assert set(told) == {field.name for field in fields(found)}


def test_more_turns_than_can_be_set_beside_each_other_are_refused():
    rows = [(SEATS[n % 2], None, None, "I see it all") for n in range(MOST_TURNS + 1)]

    with pytest.raises(ParameterError, match="6,000 turns at most, got 6,001"):
        spoken_in(said(*rows))
