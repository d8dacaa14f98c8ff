"""WebVTT and SubRip, and the traps of both."""

import pathlib

import pytest

from duologue.errors import FileError, WhoIsWhoError
from duologue.formats.transcripts import read_transcript, speakers
from duologue.records.seat import Seat
from duologue.records.turns import Segment

FIXTURES = pathlib.Path(__file__).parents[2] / "fixtures" / "transcripts"
C, T = Seat.CLIENT, Seat.THERAPIST
SAID = "What is it like to sit here today?"


@pytest.fixture
def read(tmp_path):
    """Read a transcript from its text, in a file whose suffix says nothing."""

    def read_text(text, **options):
        path = tmp_path / "session.txt"
        path.write_bytes(text.encode())
        return read_transcript(path, **options)

    return read_text


def vtt(*cues, header="WEBVTT\n"):
    """Make a WebVTT file with a cue every ten seconds."""
    blocks = [
        f"00:{i:02}:00.000 --> 00:{i:02}:05.500\n{cue}\n" for i, cue in enumerate(cues)
    ]
    return "\n".join([header, *blocks])


def srt(*cues):
    blocks = [
        f"{i + 1}\n00:{i:02}:00,000 --> 00:{i:02}:05,500\n{cue}\n"
        for i, cue in enumerate(cues)
    ]
    return "\n".join(blocks)


def said(turns):
    return [(segment.seat, segment.text) for segment in turns.segments]


def test_webvtt_with_voice_tags_is_read_whole():
    turns = read_transcript(FIXTURES / "door.vtt", session=7)

    assert turns.session == 7
    assert turns.segments == (
        Segment(T, 1.0, 3.5, SAID),
        Segment(C, 4.0, 6.25, "Strange, and & a little cold."),
        Segment(C, 6.25, 8.0, "I keep looking at the door."),
        Segment(T, 7.9, 8.3, "Mm."),
        Segment(C, 8.4, 10.0, "It is not locked."),
    )
    assert turns.resolution_s == 0.001
    assert turns.notes == ("Notes such as [laughs], taken out of what was said: 1.",)


def test_subrip_carries_the_speaker_on_over_a_colon_in_speech():
    turns = read_transcript(FIXTURES / "door.srt")

    assert [segment.seat for segment in turns.segments] == [T, C, C, T, C]
    assert turns.segments[2].text == "And then I thought: I keep looking at the door."


@pytest.mark.parametrize("name", ["door.vtt", "door.srt"])
@pytest.mark.parametrize(
    "change",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: text.replace("00:00:", "00:"),
        lambda text: text.replace(",5", ".5").replace(",0", ".0"),
        lambda text: text.replace("\n\n", "\n \n\n\n"),
        lambda text: text.rstrip("\n"),
    ],
    ids=[
        "mark",
        "crlf",
        "cr",
        "no hours",
        "full stop",
        "blank lines",
        "no last line end",
    ],
)
def test_how_a_file_is_written_changes_nothing(read, name, change):
    text = (FIXTURES / name).read_text("utf-8")
    expected = read_transcript(FIXTURES / name)

    turns = read(change(text))

    assert turns == expected


@pytest.mark.parametrize("name", ["door.vtt", "door.srt"])
def test_cues_out_of_order_stay_as_they_are_with_a_note(read, name):
    text = (FIXTURES / name).read_text("utf-8")

    turns = read(text.replace("00:00:01", "00:01:01").replace("00:00:03", "00:01:03"))

    assert turns.segments[0].start_s == 61.0
    assert turns.notes[-1] == (
        "Starts that lie before the one above: 1; the file's order is kept."
    )


@pytest.mark.parametrize("name", ["door.vtt", "door.srt"])
def test_a_missing_end_is_not_known_rather_than_made_up(read, name):
    text = (FIXTURES / name).read_text("utf-8")

    turns = read(
        text.replace("--> 00:00:06.250", "-->").replace("--> 00:00:06,250", "-->")
    )

    assert turns.segments[1].start_s == 4.0
    assert turns.segments[1].end_s is None
    assert not turns.has_ends


@pytest.mark.parametrize("name", ["door.vtt", "door.srt"])
@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("--> 00:00:06", "--> 00:00:02", "a cue must not end before it starts"),
        ("--> 00:00:06", "--> 00:00:66", "a time line must look like"),
        ("00:00:04", "00:61:04", "a time line must look like"),
        ("00:00:04", "soon", "a time line must look like"),
    ],
)
def test_a_wrong_time_is_refused_with_its_line(read, name, old, new, problem):
    text = (FIXTURES / name).read_text("utf-8").replace(old, new, 1)
    line = 1 + text[: text.index(new)].count("\n")

    with pytest.raises(FileError, match=problem) as caught:
        read(text)

    assert caught.value.line == line


@pytest.mark.parametrize("name", ["door.vtt", "door.srt"])
def test_a_file_cut_off_after_a_whole_time_line_is_read_with_a_note(read, name):
    text = (FIXTURES / name).read_text("utf-8")
    time_line = text.rindex("-->") + len("--> 00:00:10.000")

    turns = read(text[:time_line])

    assert len(turns.segments) == 4
    assert turns.notes[0] == "The last cue is cut off, and left out."


@pytest.mark.parametrize("name", ["door.vtt", "door.srt"])
@pytest.mark.parametrize("kept", [-8, -4, 0, 3, 7])
def test_a_file_cut_off_inside_a_time_line_is_refused(read, name, kept):
    text = (FIXTURES / name).read_text("utf-8")

    with pytest.raises(FileError, match=r"line \d\d: .*a time line must look like"):
        read(text[: text.rindex("-->") + kept])


def test_a_file_cut_off_inside_a_tag_invents_no_speaker(read):
    turns = read(vtt("<v T>Hello.", "<v C>Hi.", "<v Thera"))

    assert said(turns) == [(T, "Hello."), (C, "Hi.")]
    assert turns.notes[0] == "The last cue is cut off inside a tag."


def test_a_tag_left_open_in_the_middle_is_refused(read):
    with pytest.raises(FileError, match="line 3: a tag must be closed"):
        read(vtt("<v Thera", "<v C>Hi."))


@pytest.mark.parametrize(
    "cue",
    [
        "<v T>Hello.",
        "<v.loud T>Hello.</v>",
        "<v.first.loud T>Hello.</v>",
        "<v T>\nHello.\n</v>",
        "<v  T >Hello.</v>",
        "<v T><c.blue>He</c><00:00:01.000><i>llo</i>.</v>",
        "<v T>Hello. [laughs [loudly]]</v>",
        "<v T>Hello.</v> -",
    ],
)
def test_voice_tags_are_read_however_they_are_written(read, cue):
    turns = read(vtt(cue, "<v C>Hi."))

    assert said(turns) == [(T, "Hello."), (C, "Hi.")]
    assert turns.segments[0].end_s == 5.5


def test_a_voice_holds_for_its_own_cue_only(read):
    turns = read(vtt("<v T>Hello.", "Who is this?", "<v C>Hi.</v> And who?", "<v>Eh."))

    assert [segment.seat for segment in turns.segments] == [T, None, C, None, None]
    assert (
        "Segments without a speaker: 3 of 5 (60%), left out of measures of the two."
        in (turns.notes)
    )


def test_where_two_speak_in_one_cue_the_time_between_is_not_known(read):
    turns = read(
        vtt("<v T>Hello.</v>\n<v C>Hi.\n<v T>Well.", "<v C>One.</v>\n<v C>Two.")
    )

    assert turns.segments == (
        Segment(T, 0.0, None, "Hello."),
        Segment(C, None, None, "Hi."),
        Segment(T, None, 5.5, "Well."),
        Segment(C, 60.0, 65.5, "One. Two."),
    )
    assert turns.notes[0].startswith("Cues in which more than one voice speaks: 1;")


def test_entities_are_decoded_in_words_and_names(read):
    turns = read(
        vtt("<v A &amp; B>1 &lt; 2 &amp;c &unknown; a < b", "<v C>Hi &#x263a;&nbsp;."),
        therapist=["A & B"],
        client=["C"],
    )

    assert said(turns) == [(T, "1 < 2 &c &unknown; a < b"), (C, "Hi \u263a .")]


def test_notes_styles_and_regions_are_no_speech(read):
    header = "WEBVTT - a title\nKind: captions\n\nSTYLE\n::cue {}\n\nREGION\nid:a\n\nNOTE\nx\n"

    turns = read(vtt("<v T>Hello.", "<v C>Hi.", header=header))

    assert said(turns) == [(T, "Hello."), (C, "Hi.")]
    assert turns.notes == ()


def test_a_header_may_stand_right_above_the_first_cue(read):
    turns = read("WEBVTT\nKind: captions\n00:01.000 --> 00:02.000\n<v T>Hello.\n")

    assert turns.segments == (Segment(T, 1.0, 2.0, "Hello."),)
    assert turns.resolution_s == 1.0
    assert turns.notes == ("Only one of the two speaks; measures of two need both.",)


def test_text_that_belongs_to_no_cue_is_left_out_and_counted(read):
    turns = read(
        vtt(
            "<v T>Hello.\n\nlost words",
            "<v C>Hi.\n\nlost\nand\n1\n00:09:00.000 --> 00:09:01.000\n<v T>So.",
        )
    )

    assert said(turns) == [(T, "Hello."), (C, "Hi."), (T, "So.")]
    assert turns.notes[0] == "Blocks of text without a time line, left out: 2."


def test_cues_without_blank_lines_between_them_are_still_parted(read):
    turns = read(
        "1\n00:00:01,000 --> 00:00:02,000\nT: Hello.\n2\n00:00:03,000 --> 00:00:04,000\n"
        "C: Hi --> there.\n00:00:05,000 --> 00:00:06,000\nT: So.\n"
    )

    assert said(turns) == [(T, "Hello."), (C, "Hi --> there."), (T, "So.")]


def test_a_cue_without_words_is_dropped_and_counted(read):
    turns = read(vtt("<v T>Hello.", "<v C>[sighs].", "", "<v C>... [sic]", "<v C>..."))

    assert said(turns) == [(T, "Hello."), (C, "...")]
    assert turns.notes == (
        "Segments dropped because they hold no words: 3.",
        "Notes such as [laughs], taken out of what was said: 2.",
    )


def test_zoom_names_stand_inside_each_cue(read):
    turns = read(
        vtt(
            "Room 3: Dr B (she/her): Hello.\nAnd: welcome.",
            "A. Nother [they]: Hi.",
            "A. Nother [they]: So I thought: well.",
            "Room 3: Dr B (she/her): Go on.\nA. Nother [they]: Yes.",
            "Nobody is named here.",
        ),
        client=["a. nother [they]"],
        therapist=["Room 3: Dr B (she/her)"],
    )

    assert said(turns) == [
        (T, "Hello. And: welcome."),
        (C, "Hi."),
        (C, "So I thought: well."),
        (T, "Go on."),
        (C, "Yes."),
        (None, "Nobody is named here."),
    ]


def test_in_subrip_dashes_mark_two_speakers_who_are_not_guessed(read):
    turns = read(
        srt(
            "T: Hello.",
            "- Hello?\n- Who\nis it?",
            "And nobody is carried on.",
            "- C: Hi.\n- T: So.",
            "- And this is one line.",
            "{\\an8}<i>C:</i> <font color=red>Well.</font>",
        )
    )

    assert said(turns) == [
        (T, "Hello."),
        (None, "- Hello? - Who is it?"),
        (None, "And nobody is carried on."),
        (C, "Hi."),
        (T, "So."),
        (T, "- And this is one line."),
        (C, "Well."),
    ]


def test_whole_seconds_are_no_milliseconds(read):
    text = srt("T: Hello.", "C: Hi.").replace(",500", ",000")

    turns = read(text)

    assert turns.resolution_s == 1.0


def test_names_are_counted_and_never_shown(read):
    with pytest.raises(
        WhoIsWhoError, match="names its speakers with 2 labels"
    ) as caught:
        read(vtt("<v Zebedee>Hello.", "<v C>Hi."))

    assert "ebedee" not in str(caught.value).casefold()


def test_a_file_in_which_nothing_is_said_is_refused(read):
    with pytest.raises(FileError, match="holds nothing that was said"):
        read("WEBVTT\n\nNOTE nothing\n")


def test_the_speakers_of_a_file_are_listed_with_a_suggestion():
    found = speakers(FIXTURES / "door.srt")

    assert [(one.label, one.n_segments) for one in found] == [
        ("Therapist", 2),
        ("Client", 3),
    ]
    assert [one.suggestion for one in found] == [T, C]
