"""CHAT, read tolerantly."""

import pathlib

import pytest

from duologue.errors import FileError, WhoIsWhoError
from duologue.formats.transcripts import read_transcript
from duologue.records.seat import Seat
from duologue.records.turns import Segment

FIXTURES = pathlib.Path(__file__).parents[2] / "fixtures" / "transcripts"
C, T = Seat.CLIENT, Seat.THERAPIST
HEAD = "@Begin\n@Participants:\tAAA Therapist, BBB Client\n"


@pytest.fixture
def read(tmp_path):
    def read_text(text, **options):
        path = tmp_path / "session.txt"
        path.write_bytes(text.encode())
        return read_transcript(path, **options)

    return read_text


def test_chat_is_read_whole():
    turns = read_transcript(FIXTURES / "door.cha")

    assert turns.segments == (
        Segment(T, 1.0, 3.5, "what is it like to sit here today?"),
        Segment(C, 4.0, 8.0, "it is strange and um cold."),
        Segment(T, 7.9, 8.3, "mhm."),
        Segment(C, 8.4, 10.0, "it is not locked..."),
    )
    assert turns.resolution_s == 0.001
    assert turns.notes == ("Notes such as [laughs], taken out of what was said: 1.",)


def test_a_mark_crlf_and_missing_headers_change_no_words(read):
    text = (FIXTURES / "door.cha").read_text("utf-8").replace("@UTF8\n", "")
    expected = read_transcript(FIXTURES / "door.cha")

    turns = read("\ufeff" + text.replace("\n", "\r\n"))

    assert turns == expected


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("I [/] I want it .", "I want it."),
        ("<I want> [//] I need it [!] .", "I need it."),
        ("<one <two three> [/] two> [?] four", "one two four"),
        ("stray > here < and ] there [ .", "stray here and there."),
        ("> [/] well", "well"),
        ("gonna [: going to] go", "gonna go"),
        ("(be)cause it's lo:ng , you see", "because it's long, you see"),
        ("(.) (..) (2.5) wait (1:02.5) # now", "wait now"),
        ("&=laughs &+fr &~gah &um, &-uh go", "um, uh go"),
        ("0is 0 xxx yyy. www go 05", "go 05"),
        (
            "ice_cream@o \u2308both\u2309 \u201cwell\u201d",
            "ice cream both \u201cwell\u201d",
        ),
        ("+< and so +//?", "and so?"),
        ('+" so +/.', "so."),
        ("++ so +..?", "so?"),
        ("+^ so +...", "so..."),
    ],
)
def test_codes_go_and_words_stay(read, line, words):
    turns = read(f"{HEAD}*AAA:\t{line}\n*BBB:\tyes .\n@End\n")

    assert turns.segments[0].text == words
    assert turns.segments[0].start_s is None


def test_lines_without_words_are_dropped_and_counted(read):
    turns = read(f"{HEAD}*AAA:\t&=sighs .\n*BBB:\t0 .\n*BBB:\tyes .\n@End\n")

    assert [segment.text for segment in turns.segments] == ["yes."]
    assert turns.notes[0] == "Segments dropped because they hold no words: 2."


def test_an_answer_hidden_in_the_others_line_is_noted_not_dated(read):
    turns = read(f"{HEAD}*AAA:\tyou said &*BBB=yeah that .\n*BBB:\tyes .\n@End\n")

    assert turns.segments[0].text == "you said that."
    assert turns.notes == (
        "Short answers marked inside the other's line, left out: 1.",
    )


def test_a_file_without_an_end_is_noted(read):
    turns = read(f"{HEAD}*AAA:\tyou .\ncarried on .\n*BBB:\tyes .\n")

    assert turns.segments[0].text == "you. carried on."
    assert turns.notes == (
        "Lines without a mark, read on from the line above: 1.",
        "The file does not end with @End and may be cut off.",
    )


def test_whole_seconds_and_no_times_are_told_apart(read):
    whole = read(f"{HEAD}*AAA:\tyou . \x151000_2000\x15\n*BBB:\tyes .\n@End\n")
    none = read(f"{HEAD}*AAA:\tyou .\n*BBB:\tyes .\n@End\n")

    assert whole.resolution_s == 1.0
    assert none.resolution_s is None


def test_the_older_form_of_a_time_is_read(read):
    turns = read(
        f'{HEAD}*AAA:\tyou . \x15%snd:"tape"_1000_2500\x15\n*BBB:\tyes .\n@End\n'
    )

    assert turns.segments[0] == Segment(T, 1.0, 2.5, "you.")


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("*AAA:\tyou . \x151000_2", "line 3: a time must stand between two"),
        ("*AAA:\tyou . \x15soon\x15", "line 3: a time must look like 1200_4310"),
        ("*AAA:\tyou . \x152000_1000\x15", "line 3: a line must not end before"),
        ("*AAA you", "line 3: a line of speech must begin like"),
    ],
)
def test_a_wrong_line_is_refused_with_its_number(read, line, problem):
    with pytest.raises(FileError, match=problem) as caught:
        read(f"{HEAD}{line}\n*BBB:\tyes .\n@End\n")

    assert "you" not in str(caught.value)


@pytest.mark.parametrize(
    "header",
    [
        "@Participants:\tAAA Fern Therapist, BBB Client, CCC",
        "@ID:\teng|x|AAA|||||therapist|||\n@ID:\teng|x|BBB|||||Client|||",
    ],
)
def test_the_roles_of_therapist_and_client_give_their_seats(read, header):
    turns = read(f"@Begin\n{header}\n*AAA:\tyou .\n*BBB:\tyes .\n@End\n")

    assert [segment.seat for segment in turns.segments] == [T, C]


@pytest.mark.parametrize(
    "header",
    [
        "@Participants:\tAAA Counsellor, BBB Patient",
        "@ID:\teng|x|AAA|",
        "@Participants:\tT Client, C Therapist",
    ],
)
def test_other_roles_and_contradictions_are_asked_about(read, header):
    codes = ("T", "C") if "T Client" in header else ("AAA", "BBB")

    with pytest.raises(WhoIsWhoError, match="2 labels; say who sits in which seat"):
        read(f"@Begin\n{header}\n*{codes[0]}:\tyou .\n*{codes[1]}:\tyes .\n@End\n")
