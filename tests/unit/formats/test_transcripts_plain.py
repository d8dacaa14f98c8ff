"""Plain text, and who is who."""

import pathlib

import pytest

from duologue.errors import FileError, ParameterError, WhoIsWhoError
from duologue.formats.transcripts import read_transcript, speakers
from duologue.records.seat import Seat
from duologue.records.turns import Segment

FIXTURES = pathlib.Path(__file__).parents[2] / "fixtures" / "transcripts"
C, T = Seat.CLIENT, Seat.THERAPIST


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "session.txt"
        path.write_bytes(text.encode())
        return path

    return write


def seats(turns):
    return [segment.seat for segment in turns.segments]


def test_plain_text_is_read_whole():
    turns = read_transcript(FIXTURES / "door.txt")

    assert turns.segments == (
        Segment(T, 1.0, None, "What is it like to sit here today?"),
        Segment(
            C, 4.0, None, "Strange, and a little cold. I keep looking at the door."
        ),
        Segment(T, 8.0, None, "Mm."),
        Segment(C, 8.0, None, "At ten: it was not locked."),
    )
    assert turns.resolution_s == 1.0
    assert turns.notes == ("Notes such as [laughs], taken out of what was said: 1.",)


@pytest.mark.parametrize(
    ("line", "start_s", "words"),
    [
        ("T: Well.", None, "Well."),
        ("T:Well.", None, "Well."),
        ("  t : Well.", None, "Well."),
        ("- T: Well.", None, "Well."),
        ("T:\nWell.", None, "Well."),
        ("(1:20) T: Well.", 80.0, "Well."),
        ("01:01:20.5 T: Well.", 3680.5, "Well."),
        ("1:20\tT: Well.", 80.0, "Well."),
        ("T: [00:01:20] Well.", 80.0, "Well."),
        ("T: 10:30 was late.", None, "10:30 was late."),
        ("T: http://x and so on", None, "http://x and so on"),
        ("T: Well. [unintelligible 00:28:13]", None, "Well."),
    ],
)
def test_labels_and_times_are_read_where_they_stand(written, line, start_s, words):
    turns = read_transcript(written(f"T: So.\n{line}\nC: Yes.\n"))

    assert seats(turns)[-1] == C
    assert turns.segments[-2].text == words
    assert turns.segments[-2].start_s == start_s


@pytest.mark.parametrize("time", ["[00:99:99]", "[00:01:20", "00:01:20]"])
def test_what_is_no_time_makes_no_start(written, time):
    turns = read_transcript(written(f"{time} T: So.\nT: Well.\nC: Yes.\n"))

    assert all(segment.start_s is None for segment in turns.segments)
    assert turns.segments[-1].text == "Yes."


def test_a_colon_in_speech_is_no_speaker(written):
    turns = read_transcript(
        written(
            "T: So.\nAt ten: it rained.\nI said: no.\nI said: yes.\nC: Yes.\nHm?: hm\n"
        )
    )

    assert [segment.text for segment in turns.segments] == [
        "So. At ten: it rained. I said: no. I said: yes.",
        "Yes. Hm?: hm",
    ]


def test_lines_before_the_first_label_are_left_out_and_counted(written):
    turns = read_transcript(written("A title\n\nA date\nT: So.\nC: Yes.\n"))

    assert len(turns.segments) == 2
    assert turns.notes == ("Lines before the first label, left out: 2.",)


def test_text_without_labels_is_no_transcript(written):
    with pytest.raises(FileError, match="must be WebVTT, SubRip, CHAT, ELAN, a table"):
        read_transcript(written("Once upon a time.\nThe end.\n"))


def test_names_are_taken_when_they_are_given_in_any_case(written):
    path = written("Wren Fox: So.\nAsh: Yes.\nWREN FOX: And?\nash: No.\n")

    turns = read_transcript(path, client=[" ASH "], therapist="wren  fox")

    assert seats(turns) == [T, C, T, C]


@pytest.mark.parametrize(
    ("text", "options", "n_labels"),
    [
        ("T: So.\nP: Yes.\n", {}, 2),
        ("Patient: So.\nCounsellor: Yes.\n", {}, 2),
        ("T: So.\nC: Yes.\nAsh: So.\nAsh: No.\n", {}, 3),
        ("Ash: So.\nAsh: Yes.\n", {}, 1),
        ("T: So.\nC: Yes.\n", {"client": ["ash"]}, 2),
        ("T: So.\nC: Yes.\n", {"client": ["ash"], "therapist": ["t"]}, 2),
        ("T: So.\nC: Yes.\nP: No.\n", {"client": ["P"]}, 3),
    ],
)
def test_who_is_not_known_is_asked_about_by_number(written, text, options, n_labels):
    with pytest.raises(WhoIsWhoError, match="--client LABEL and --therapist") as caught:
        read_transcript(written(text), **options)

    assert f" {n_labels} label" in str(caught.value)
    assert "ash" not in str(caught.value).casefold()
    assert ("not all that were given" in str(caught.value)) == bool(options)


def test_one_given_seat_and_one_seat_word_are_enough(written):
    turns = read_transcript(written("T: So.\nP: Yes.\n"), client=["p"])

    assert seats(turns) == [T, C]


def test_a_third_voice_is_kept_without_a_seat_and_counted(written):
    path = written("T: So.\nC: Yes.\nAsh: So.\nAsh: No.\n")

    turns = read_transcript(path, client=["C"], therapist=["T"])

    assert seats(turns) == [T, C, None, None]
    assert turns.notes == (
        "Segments by neither of the two: 2 of 4 (50%), left out of measures of the two.",
    )


def test_one_seat_alone_is_read_with_a_note(written):
    turns = read_transcript(written("T: So.\nTherapist: Yes.\n"))

    assert seats(turns) == [T, T]
    assert turns.notes == ("Only one of the two speaks; measures of two need both.",)


def test_one_label_for_both_seats_is_refused(written):
    with pytest.raises(ParameterError, match="must not share a label"):
        read_transcript(written("T: So.\n"), client=["x"], therapist=["X "])


def test_the_one_who_says_you_more_than_i_is_suggested_as_therapist(written):
    path = written(
        "Ash: I'm here.\nWren: Are you?\nAsh: I said so.\nWren: You're here.\n"
    )

    found = speakers(path)

    assert [(one.label, one.n_segments, one.n_words) for one in found] == [
        ("Ash", 2, 5),
        ("Wren", 2, 4),
    ]
    assert [one.suggestion for one in found] == [C, T]


@pytest.mark.parametrize(
    "text",
    [
        "T: So.\nC: Yes.\n",
        "T: You.\nC: I.\nP: So.\n",
        "T: You.\nC: 42\n",
        "T: You.\n",
    ],
)
def test_where_the_rule_says_nothing_nothing_is_suggested(written, text):
    found = speakers(written(text), client=["C"])

    assert all(one.suggestion is None for one in found)


@pytest.mark.parametrize(("one", "other"), [("A", "B"), ("I", "P"), ("A", "C")])
def test_a_letter_alone_that_comes_twice_is_a_label(written, one, other):
    path = written(f"{one}: hello\n{other}: hi\n{one}: so then\n{other}: yes\n")

    found = speakers(path)

    assert [(each.label, each.n_words) for each in found] == [(one, 3), (other, 2)]


def test_a_letter_that_comes_once_is_no_label(written):
    path = written("T: hello\nI: mean it\nC: yes\n")

    assert [each.label for each in speakers(path)] == ["T", "C"]
