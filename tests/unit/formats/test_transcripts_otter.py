"""Otter's text: names and starts on lines of their own."""

import pathlib

import pytest

from duologue.errors import FileError, WhoIsWhoError
from duologue.formats.transcripts import read_transcript, speakers
from duologue.records.seat import Seat
from duologue.records.turns import Segment

FIXTURES = pathlib.Path(__file__).parents[2] / "fixtures" / "transcripts"
C, T = Seat.CLIENT, Seat.THERAPIST
NAMED = {"client": ["Ash"], "therapist": ["Wren Fox"]}


@pytest.fixture
def read(tmp_path):
    def read_text(text, **options):
        path = tmp_path / "session.txt"
        path.write_bytes(text.encode())
        return read_transcript(path, **options)

    return read_text


def test_otter_is_read_whole():
    turns = read_transcript(FIXTURES / "otter.txt", **NAMED)

    assert turns.segments == (
        Segment(
            T,
            1.0,
            None,
            "Would you like to begin? You said at 10:30 that it was locked.",
        ),
        Segment(C, 9.0, None, "It was not. Note: the gate was. I tried it twice."),
        Segment(None, 60.0, None, "Excuse me."),
        Segment(C, 3723.0, None, "And then it rained."),
    )
    assert turns.notes == (
        "Lines before the first name, left out: 4.",
        "Lines of advertising, left out: 1.",
        "Segments without a speaker: 1 of 4 (25%), left out of measures of the two.",
    )


def test_starts_in_whole_seconds_are_said_to_be_no_more():
    turns = read_transcript(FIXTURES / "door-otter.txt")

    assert turns.resolution_s == 1.0
    assert not turns.has_ends
    assert [s.seat for s in turns.segments] == [T, C, T, C]


@pytest.mark.parametrize("gap", [" ", "  ", "\t"])
@pytest.mark.parametrize("time", ["0:05", "00:05", "0:00:05"])
def test_names_and_times_are_read_however_they_are_written(read, gap, time):
    turns = read(f"T{gap}{time} \nSo?\n\nC{gap}0:09\nYes.\n")

    assert turns.segments == (
        Segment(T, 5.0, None, "So?"),
        Segment(C, 9.0, None, "Yes."),
    )


def test_one_speaker_may_follow_himself(read):
    turns = read("T  0:01\nSo?\n\nT  0:04\nWell?\n\nC  0:09\nYes.\n")

    assert [s.seat for s in turns.segments] == [T, T, C]


def test_one_name_is_enough_at_the_beginning_of_a_file(read):
    assert read("T  0:01\nSo?\n").segments == (Segment(T, 1.0, None, "So?"),)
    with pytest.raises(FileError, match="must be WebVTT"):
        read("A title\n\nT  0:01\nSo?\n")


def test_a_time_at_the_end_of_a_line_makes_no_name(read):
    turns = read("T  0:01\nI waited until 10:30\n\nWe met at 10:45\n\nC  0:09\nYes.\n")

    assert [s.text for s in turns.segments] == [
        "I waited until 10:30 We met at 10:45",
        "Yes.",
    ]


def test_where_lines_have_labels_a_time_below_a_blank_line_is_speech(read):
    turns = read("T: So?\n\nBreakfast 7:30\n\nC: Yes.\n\nLunch 12:30\n\nT: Then?\n")

    assert [s.text for s in turns.segments] == [
        "So? Breakfast 7:30",
        "Yes. Lunch 12:30",
        "Then?",
    ]


def test_an_unknown_speaker_is_nobody_until_somebody_says_who(tmp_path):
    path = FIXTURES / "otter.txt"

    with pytest.raises(WhoIsWhoError, match="with 2 labels"):
        read_transcript(path)
    found = speakers(path)
    turns = read_transcript(
        path, client=["Ash", "unknown speaker"], therapist=["Wren Fox"]
    )

    assert [(one.label, one.suggestion) for one in found] == [
        ("Wren Fox", T),
        ("Ash", C),
        ("Unknown Speaker", None),
    ]
    assert [s.seat for s in turns.segments] == [T, C, C, C]


@pytest.mark.parametrize(
    "text",
    ["0:01\nSo?\n\n0:09\nYes.\n", "10:02:33 So?\n10:02:41 Yes.\n10:03:00 Well.\n"],
    ids=["no names", "clock times"],
)
def test_times_without_names_seat_nobody(read, text):
    with pytest.raises(FileError, match="gives times and no labels") as caught:
        read(text)

    assert "Yes" not in str(caught.value)


def test_names_without_times_are_no_form_that_can_be_told(read):
    with pytest.raises(FileError, match="must be WebVTT, SubRip, CHAT, ELAN"):
        read("Wren Fox\nSo?\n\nAsh\nYes.\n")
