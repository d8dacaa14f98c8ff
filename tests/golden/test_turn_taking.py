"""Turn-taking in the fictional transcripts: against their truth, and by hand.

The truth files were computed by a separate script, whose definitions stand beside them.
Of the short exchange at the door everything can be counted on a page of paper.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from duologue.engine import words
from duologue.engine.turns.floor import Kind
from duologue.engine.turns.over_session import over_session
from duologue.engine.turns.placing import Basis
from duologue.engine.turns.reasons import Reason
from duologue.engine.turns.ribbon import row_texts
from duologue.engine.turns.timing import timing
from duologue.formats.transcripts import read_transcript
from duologue.records.seat import Seat

FIXTURES = Path(__file__).parents[1] / "fixtures" / "transcripts"
FILES = {"fine": "fine.vtt", "porridge": "porridge.srt", "the_list": "the_list.cha"}
CODES = {Seat.CLIENT: 0, Seat.THERAPIST: 1, None: -1}
LETTERS = {"C": 0, "T": 1}
NAN = float("nan")


def times(turns):
    """Return seats, starts and ends of a transcript, as the layers above do."""
    return (
        [CODES[segment.seat] for segment in turns.segments],
        [NAN if s.start_s is None else s.start_s for s in turns.segments],
        [NAN if s.end_s is None else s.end_s for s in turns.segments],
    )


def timing_of(turns):
    texts = [segment.text for segment in turns.segments]
    return timing(
        *times(turns),
        resolution_s=NAN if turns.resolution_s is None else turns.resolution_s,
        acknowledges=[words.is_acknowledgement(text) for text in texts],
        ends_asking=[words.ends_asking(text) for text in texts],
    )


def over(turns, **options):
    texts = [segment.text for segment in turns.segments]
    return over_session(
        *times(turns),
        [words.count_words(text) for text in texts],
        [words.asks(text) for text in texts],
        [words.is_acknowledgement(text) for text in texts],
        ends_asking=[words.ends_asking(text) for text in texts],
        **options,
    )


@pytest.fixture(params=FILES)
def truth_and_turns(request, shared):
    folder = shared / "data" / "transcripts"
    truth = json.loads((folder / f"{request.param}.truth.json").read_text("utf-8"))
    labels = {seat.value: (truth[seat.value],) for seat in Seat}
    return truth, read_transcript(folder / FILES[request.param], **labels)


@pytest.mark.shared
def test_changes_of_speaker_are_those_of_the_truth(truth_and_turns):
    truth, turns = truth_and_turns

    found = timing_of(turns)

    expected = truth["expected"]
    assert found.reason is None
    assert found.n_turns == (expected["n_turns_C"], expected["n_turns_T"])
    assert found.changes.offset_s.size == expected["n_floor_changes"]
    n_overlaps = sum(one.n_overlaps for one in found.responses)
    assert n_overlaps == expected["n_overlapping_changes"]
    assert found.overlap_share == n_overlaps / expected["n_floor_changes"]
    for letter, seat in LETTERS.items():
        wanted = expected[f"response_latency_{letter}"]
        assert found.responses[seat].n_latencies == wanted["n"]
        assert found.responses[seat].latency_s[1] == pytest.approx(wanted["median"])


@pytest.mark.shared
def test_silences_and_overlap_are_those_of_the_truth(truth_and_turns):
    truth, turns = truth_and_turns

    found = timing_of(turns)

    expected = truth["expected"]
    for letters, n in expected["silences_1s_by_before_after"].items():
        before, after = (LETTERS[letter] for letter in letters)
        assert found.silences.n_1s[before, after] == n
    assert found.silences.longest_of_all_s == expected["longest_silence"]
    assert found.both_speaking_s == expected["both_speaking_seconds"]
    assert sum(found.n_backchannels) == expected["n_backchannels"]
    assert found.n_inside == (0, 0)


@pytest.mark.shared
def test_the_backchannels_of_the_ribbon_are_those_marked_and_no_other(truth_and_turns):
    truth, turns = truth_and_turns

    ribbon = over(turns).ribbon

    texts = row_texts([segment.text for segment in turns.segments], ribbon.row_of)
    aside = np.flatnonzero(ribbon.kind == Kind.BACKCHANNEL)
    marked = [s for s in truth["segments"] if s["backchannel"]]
    assert [texts[row] for row in aside] == [s["text"] for s in marked]
    assert ribbon.start_s[aside].tolist() == [s["start"] for s in marked]
    assert ribbon.turns.size == truth["expected"]["n_turns"]
    assert ribbon.end_s.max() == truth["expected"]["last_end"]
    assert sum(words.count_words(text) for text in texts) == ribbon.n_words.sum()


@pytest.mark.shared
def test_the_parts_add_up_to_the_truth(truth_and_turns):
    truth, turns = truth_and_turns

    found = over(turns, window_s=60)

    expected = truth["expected"]
    assert found.basis is Basis.TIMES
    for parts in (found.thirds, found.windows):
        for letter, seat in LETTERS.items():
            assert parts.n_words[:, seat].sum() == expected[f"words_{letter}"]
            assert parts.seconds[:, seat].sum() == pytest.approx(
                expected[f"speaking_seconds_{letter}"], abs=5e-3
            )


@pytest.mark.shared
def test_nothing_is_said_of_timing_from_whole_seconds_and_starts(shared):
    table = shared / "data" / "annomi" / "annomi_dev.csv"

    assert timing_of(read_transcript(table, transcript_id="0")).reason is Reason.NO_ENDS


@pytest.mark.parametrize("name", ["door.vtt", "door.srt", "door.cha"])
def test_the_exchange_at_the_door_is_as_counted_by_hand(name):
    turns = read_transcript(FIXTURES / name)

    found, ribbon = timing_of(turns), over(turns).ribbon

    assert found.reason is None
    assert found.n_turns == (1, 1)
    assert found.n_backchannels == (0, 1)
    assert found.changes.offset_s.tolist() == [0.5]
    assert found.both_speaking_s == 0.1
    assert found.silences.longest_of_all_s == 0.5
    assert ribbon.kind.tolist() == [Kind.TURN, Kind.TURN, Kind.BACKCHANNEL]
    assert ribbon.start_s.tolist() == [1, 4, 7.9]
    assert ribbon.end_s.tolist() == [3.5, 10, 8.3]


@pytest.mark.parametrize("name", ["door.txt", "door.csv"])
def test_a_file_without_ends_tells_nothing_of_timing(name):
    turns = read_transcript(FIXTURES / name)

    found = timing_of(turns)

    assert (found.reason is None) == turns.has_ends
    if not turns.has_ends:
        assert found.reason is Reason.NO_ENDS
