"""One small file a format, each holding the traps in which its readers fall.

The formats, and what cannot be told from each, are in `docs/guide/transcripts.md`.
"""

import pathlib
import time
import zipfile

import pytest

from duologue.errors import FileError, WhoIsWhoError
from duologue.formats.transcripts import read_transcript
from duologue.records.seat import Seat
from duologue.records.turns import Segment

FIXTURES = pathlib.Path(__file__).parents[2] / "fixtures" / "transcripts"
C, T = Seat.CLIENT, Seat.THERAPIST
NAMED = {"client": ["Ash"], "therapist": ["Wren"]}
TELLTALE = "zebra7193"


def said(turns):
    return [(segment.seat, segment.text) for segment in turns.segments]


def test_voice_tags_of_every_kind_hold_for_their_own_cue():
    turns = read_transcript(
        FIXTURES / "teams.vtt", client=["Ash & Co"], therapist=["Wren Fox"]
    )

    assert turns.segments == (
        Segment(T, 1.0, 2.4, "Would you like to begin"),
        Segment(T, 2.4, 4.0, "with the garden or not?"),
        Segment(C, 4.6, 6.0, "The garden & the gate."),
        Segment(T, 5.9, 6.2, "Mm."),
        Segment(None, 6.3, 8.0, "Nobody is named here."),
        Segment(T, 8.5, None, "Was it locked?"),
        Segment(C, None, 11.0, "It was."),
    )
    assert not turns.has_ends


def test_a_display_name_may_hold_brackets_colons_and_pronouns():
    turns = read_transcript(
        FIXTURES / "zoom.vtt",
        client=["Ash [they]"],
        therapist=["Room 3: Wren Fox (she/her)"],
    )

    assert said(turns) == [
        (T, "Would you like"),
        (T, "to begin"),
        (T, "with the garden?"),
        (C, "I thought: not yet."),
        (C, "Or only the gate."),
    ]
    assert turns.has_ends


def test_a_name_in_brackets_on_a_line_of_its_own_is_a_label():
    turns = read_transcript(FIXTURES / "brackets.vtt", **NAMED)

    assert said(turns) == [
        (T, "Would you like to begin?"),
        (C, "I would not. (laughs)"),
        (T, "No?"),
        (C, "No."),
    ]


def test_a_sound_in_brackets_is_no_label_where_lines_have_labels(tmp_path):
    path = tmp_path / "session.srt"
    path.write_text(
        "1\n00:00:01,000 --> 00:00:02,000\nT: So?\n\n"
        "2\n00:00:03,000 --> 00:00:04,000\n(laughs)\nWell.\n\n"
        "3\n00:00:05,000 --> 00:00:06,000\n(laughs)\nC: Yes.\n"
    )

    turns = read_transcript(path)

    assert [seat for seat, _ in said(turns)] == [T, T, T, C]


def test_subrip_is_read_with_every_habit_of_its_writers():
    turns = read_transcript(FIXTURES / "habits.srt", **NAMED)

    assert turns.segments == (
        Segment(T, 1.0, 3.0, "Would you like to begin?"),
        Segment(C, 3.5, 5.0, "There was one thing."),
        Segment(C, 5.2, 7.0, "And then it said: keep out."),
        Segment(T, 7.1, None, "Keep out?"),
        Segment(C, None, 9.0, "In red."),
        Segment(None, 9.4, 11.0, "- Who wrote it? - Not me."),
    )


def test_chat_is_read_whatever_the_roles_and_headers():
    turns = read_transcript(FIXTURES / "roles.cha", client=["ASH"], therapist=["WRE"])

    assert turns.segments == (
        Segment(T, 0.5, 2.5, "“would you like” to begin?"),
        Segment(C, 2.6, 5.0, "there is one um thing"),
        Segment(T, None, None, "mm go on."),
        Segment(C, 5.2, 7.0, "it said keep out."),
    )
    assert turns.notes == (
        "Short answers marked inside the other's line, left out: 1.",
        "Notes such as [laughs], taken out of what was said: 1.",
    )


def test_a_table_holds_words_that_look_like_nothing():
    stated = {"speaker": "wer", "text": "was", "start": "von", "end": "bis"}

    turns = read_transcript(FIXTURES / "columns.csv", columns=stated, **NAMED)

    assert turns.segments == (
        Segment(T, 1.5, 3.0, "Shall we begin?"),
        Segment(C, 4.0, 5.25, "n/a"),
        Segment(C, 6.0, 7.0, "None"),
        Segment(C, 8.0, 9.0, "NA"),
    )


def test_windows_1252_is_read_with_a_note():
    turns = read_transcript(FIXTURES / "windows.txt")

    assert said(turns) == [
        (T, "Would you say it’s a café?"),
        (C, "“Café” is a word – for a kiosk. It cost 3 €."),
    ]
    assert turns.notes[0].startswith("The file is not UTF-8 and was read as Windows")


def test_utf16_with_its_mark_is_read_as_it_is():
    turns = read_transcript(FIXTURES / "sixteen.txt")

    assert said(turns) == [(T, "Would you say it’s a café?"), (C, "A kiosk 🙂.")]
    assert turns.notes == ()


def test_writing_from_right_to_left_and_emoji_are_words_like_others():
    turns = read_transcript(FIXTURES / "rightwards.txt")

    assert said(turns) == [
        (T, "מה שלומך?"),
        (C, "טוב 🙂👨\u200d👩\u200d👧."),
        (T, "مرحبا."),
    ]
    assert turns.segments[1].start_s == 4.0


def test_a_label_is_found_whatever_marks_of_direction_stand_in_it(tmp_path):
    path = tmp_path / "session.vtt"
    path.write_text(
        "WEBVTT\n\n00:01.000 --> 00:02.000\n<v \u2067אבי\u2069>שלום\n\n"
        "00:02.500 --> 00:03.000\n<v נועה>שלום\n"
    )

    turns = read_transcript(path, client=["אבי"], therapist=["\u200fנועה"])

    assert [segment.seat for segment in turns.segments] == [C, T]


# Told by what it holds, not by its name --------------------------------------------


@pytest.mark.parametrize("suffix", ["txt", "vtt", "srt", "cha", "eaf", "csv", "docx"])
@pytest.mark.parametrize(
    "sample", sorted(path.name for path in FIXTURES.glob("door*")), ids=str
)
def test_the_name_of_a_file_says_nothing_of_its_form(tmp_path, sample, suffix):
    path = tmp_path / f"renamed.{suffix}"
    path.write_bytes((FIXTURES / sample).read_bytes())

    assert read_transcript(path) == read_transcript(FIXTURES / sample)


def word_document(folder):
    path = folder / "made.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f"<w:t>{TELLTALE}</w:t>")
    return path.read_bytes()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (word_document, "a Word document"),
        (lambda _: b"PK\x03\x04 zebra7193", "a zip file"),
        (lambda _: b"%PDF-1.7\nzebra7193", "a PDF"),
        (lambda _: b"{\\rtf1 zebra7193}", "rich text"),
        (lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1zebra7193", "an old Word"),
        (lambda _: b"RIFF\x00\x00\x00\x00WAVEzebra7193", "a recording"),
        (lambda _: b"\x00\x00\x00\x20ftypisomzebra7193", "a recording"),
        (lambda _: b"\x1f\x8bzebra7193", "compressed"),
        (lambda _: b"SQLite format 3\x00zebra7193", "a database"),
        (lambda _: b"\xef\xbb\xbf\n<!DOCTYPE html><p>zebra7193", "a web page"),
        (lambda _: b'File type = "ooTextFile"\nzebra7193', "a Praat TextGrid"),
        (lambda _: b"<?xml version='1.0'?>\n<tt>zebra7193</tt>", "not of ELAN"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.parametrize("name", ["talk.vtt", "talk.txt"])
def test_what_is_no_transcript_is_called_what_it_is(tmp_path, content, kind, name):
    path = tmp_path / name
    path.write_bytes(content(tmp_path))

    with pytest.raises(FileError, match=kind) as caught:
        read_transcript(path)

    assert TELLTALE not in str(caught.value)


@pytest.mark.parametrize("word", ["RIFF", "ID3", "PK", "%PDF", "OggS"])
def test_letters_that_begin_other_files_may_be_spoken(tmp_path, word):
    path = tmp_path / "session.txt"
    path.write_text(f"{word}\n\nT: So?\nC: Yes.\n")

    assert said(read_transcript(path)) == [(T, "So?"), (C, "Yes.")]


# Long, and long in one place -------------------------------------------------------


def test_three_hours_are_read_in_a_moment(tmp_path):
    path = tmp_path / "session.vtt"
    cues = (
        f"{s // 3600:02}:{s // 60 % 60:02}:{s % 60:02}.000 --> "
        f"{s // 3600:02}:{s // 60 % 60:02}:{s % 60:02}.900\n"
        f"<v {'TC'[s % 2]}>{'and then the gate was locked ' * 3}</v>\n"
        for s in range(3 * 3600)
    )
    path.write_text("WEBVTT\n\n" + "\n".join(cues))
    begun = time.process_time()

    turns = read_transcript(path)

    assert time.process_time() - begun < 5  # a quarter of a second, on two slow cores
    assert len(turns.segments) == 10_800
    assert turns.segments[-1].end_s == 10_799.9


def test_a_line_of_a_million_words_is_one_turn(tmp_path):
    path = tmp_path / "session.txt"
    path.write_text(f"T: {'so ' * 1_000_000}\nC: Yes.\n")

    turns = read_transcript(path)

    assert [len(segment.text) for segment in turns.segments] == [2_999_999, 4]


# Nobody is guessed -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nzebra7193\n", "does not say who speaks"),
        ("1\n00:00:01,000 --> 00:00:02,000\nzebra7193\n", "does not say who speaks"),
        ("speaker,text\n,zebra7193\n", "does not say who speaks"),
        ("Unknown Speaker  0:01\nzebra7193\n", "does not say who speaks"),
        ("T: a\nC: b\nzebra7193: c\nzebra7193: d\n", "with 3 labels; say who sits"),
        ("zebra7193: a\nzebra7193: b\n", "with 1 label; say who sits"),
    ],
)
def test_who_cannot_be_known_is_never_guessed(tmp_path, text, problem):
    path = tmp_path / "session.txt"
    path.write_text(text)

    with pytest.raises(WhoIsWhoError, match=problem) as caught:
        read_transcript(path)

    assert TELLTALE not in str(caught.value)


def test_turns_without_words_are_left_out_and_counted(tmp_path):
    path = tmp_path / "session.txt"
    path.write_text("T:\nC: [sighs]\nT: So?\nC:   \nC: Yes.\n")

    turns = read_transcript(path)

    assert said(turns) == [(T, "So?"), (C, "Yes.")]
    assert turns.notes == (
        "Segments dropped because they hold no words: 3.",
        "Notes such as [laughs], taken out of what was said: 1.",
    )


def test_ends_that_only_touch_the_next_start_are_handed_on_as_they_are():
    """Whether ends are made up is for the measure of timing to judge, in one place."""
    turns = read_transcript(FIXTURES / "touching.srt")

    ends = [segment.end_s for segment in turns.segments]
    assert ends[:-1] == [segment.start_s for segment in turns.segments[1:]]
    assert (turns.has_ends, turns.resolution_s) == (True, 0.001)


@pytest.mark.parametrize(
    "last", ["1e300", "6000000000", "9999:00:00", "90000"], ids=str
)
def test_times_further_apart_than_a_day_are_refused(tmp_path, last):
    file = tmp_path / "long.csv"
    file.write_text(f"speaker,start,end,text\nT,0,4.5,{TELLTALE}\nC,5.5,{last},yes\n")

    with pytest.raises(FileError, match="within a day of each other") as refused:
        read_transcript(file)

    assert TELLTALE not in str(refused.value)


def test_times_of_the_day_are_read(tmp_path):
    file = tmp_path / "late.csv"
    file.write_text("speaker,start,text\nT,1700000000,hello\nC,1700003000,yes\n")

    assert read_transcript(file).segments[1].start_s == 1700003000.0


def test_columns_named_for_a_file_that_is_no_table_are_not_passed_over():
    with pytest.raises(FileError, match="it is no table"):
        read_transcript(FIXTURES / "teams.vtt", **NAMED, columns={"text": "said"})


@pytest.mark.parametrize(
    "text",
    [
        "T: hello\nC: yes\nPorter: zebra7193 is here\nT: I said: no\nC: so: yes\n",
        (
            "1\n00:00:01,000 --> 00:00:02,000\nT: hello\n\n"
            "2\n00:00:02,000 --> 00:00:03,000\nC: yes\n\n"
            "3\n00:00:03,000 --> 00:00:04,000\nPorter: zebra7193 is here\n"
        ),
    ],
    ids=["plain", "srt"],
)
def test_a_label_that_stands_once_is_counted_in_a_note(tmp_path, text):
    file = tmp_path / "third.txt"
    file.write_text(text)

    (note,) = read_transcript(file).notes

    assert "stands only once, read on from the line above: 1." in note
    assert "Porter" not in note
    assert TELLTALE not in note
