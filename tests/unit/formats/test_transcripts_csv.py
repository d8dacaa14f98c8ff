"""Tables: our own, AnnoMI's columns, and other people's."""

import pathlib

import pytest

from duologue.errors import (
    FileError,
    ParameterError,
    RecordError,
    WhoIsWhoError,
)
from duologue.formats.transcripts import (
    read_transcript,
    read_transcripts,
    write_transcript,
)
from duologue.records.seat import Seat
from duologue.records.turns import Segment, Turns

FIXTURES = pathlib.Path(__file__).parents[2] / "fixtures" / "transcripts"
C, T = Seat.CLIENT, Seat.THERAPIST
OWN = "seat,start,end,text\n"


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "session.txt"
        path.write_bytes(text.encode())
        return path

    return write


def test_a_table_is_read_whole_and_not_available_is_text():
    turns = read_transcript(FIXTURES / "door.csv")

    assert turns.segments == (
        Segment(T, 1.0, 3.5, "What is it like to sit here today?"),
        Segment(C, 4.0, 8.0, "Strange, and a little cold."),
        Segment(T, 7.9, 8.3, "Mm."),
        Segment(C, 8.4, 10.0, "n/a"),
    )
    assert turns.resolution_s == 0.1
    assert turns.notes == ()


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_any_separator_and_case_of_header_is_read(written, separator):
    rows = ["Speaker", "Start", "END", " text "], ["T", "00:01:20", "", "So."]

    turns = read_transcript(written("".join(separator.join(r) + "\n\n" for r in rows)))

    assert turns.segments == (Segment(T, 80.0, None, "So."),)
    assert turns.resolution_s == 1.0


def test_other_names_of_columns_may_be_given(written):
    path = written("wer,was,speaker\nT,So.,x\nC,Yes.,y\n")

    turns = read_transcript(path, columns={"speaker": "Wer", "text": "was"})

    assert [segment.seat for segment in turns.segments] == [T, C]


@pytest.mark.parametrize(
    ("columns", "problem"),
    [
        ({"speaker": "who"}, "has no columns with the names"),
        ({"end": "stop"}, "lacks one of the columns that were named"),
    ],
)
def test_a_named_column_that_is_missing_is_refused(written, columns, problem):
    with pytest.raises(FileError, match=problem):
        read_transcript(written("speaker,text\nT,So.\n"), columns=columns)


def test_a_column_for_an_unknown_role_is_refused(written):
    with pytest.raises(ParameterError, match="columns may be given for speaker, start"):
        read_transcript(written("speaker,text\nT,So.\n"), columns={"mood": "x"})


ANNOMI = (
    "transcript_id,interlocutor,timestamp,utterance_text\n"
    "0,therapist,00:00:13,[laughs] So?\n0,client,00:00:24,Sure.\n0,client,00:00:23,[nods].\n"
    "7,client,soon,Well.\n"
)


def test_one_of_several_transcripts_is_chosen_by_its_id(written):
    turns = read_transcript(written(ANNOMI), transcript_id="0")

    assert turns.segments == (
        Segment(T, 13.0, None, "So?"),
        Segment(C, 24.0, None, "Sure."),
    )
    assert turns.notes == (
        "Segments dropped because they hold no words: 1.",
        "Notes such as [laughs], taken out of what was said: 2.",
    )


@pytest.mark.parametrize(
    ("transcript_id", "problem"),
    [
        (None, "holds 2 transcripts; say which one with --transcript ID"),
        ("9", "holds 2 transcripts, and none with the id that was given"),
    ],
)
def test_which_of_several_transcripts_is_asked(written, transcript_id, problem):
    with pytest.raises(FileError, match=problem):
        read_transcript(written(ANNOMI), transcript_id=transcript_id)


def test_all_transcripts_of_a_table_are_read_by_their_ids_and_numbered(written):
    text = f"{ANNOMI}0,therapist,00:00:31,And?\n".replace("soon", "0:01")

    found = read_transcripts(written(text), session=3)

    assert list(found) == ["0", "7"]
    assert [turns.session for turns in found.values()] == [3, 4]
    assert found["7"].segments == (Segment(C, 1.0, None, "Well."),)
    path = written(text)
    for which, turns in found.items():
        alone = read_transcript(path, transcript_id=which, session=turns.session)
        assert alone == turns


@pytest.mark.parametrize("text", ["speaker,text\nT,So.\nC,Yes.\n", "T: So.\nC: Yes.\n"])
def test_a_file_of_one_transcript_gives_that_one_without_an_id(written, text):
    path = written(text)

    assert read_transcripts(path) == {"": read_transcript(path)}


def test_in_which_transcript_of_a_table_speakers_are_not_known_is_told(written):
    text = "transcript_id,speaker,text\n1,T,So.\n1,C,Yes.\n2,Q,No.\n2,T,Oh.\n"

    with pytest.raises(WhoIsWhoError, match="transcript 2 of 2: names its speakers"):
        read_transcripts(written(text))


def test_a_table_in_which_nothing_is_said_is_refused(written):
    with pytest.raises(FileError, match="holds nothing that was said"):
        read_transcripts(written("transcript_id,speaker,text\n"))


def test_a_single_transcript_needs_no_id(written):
    text = "".join(line + "\n" for line in ANNOMI.split("\n")[:3])

    turns = read_transcript(written(text))

    assert len(turns.segments) == 2


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("speaker,text\nT,So.\n", "has no column that tells transcripts apart"),
        ("T: So.\n", "only a table holds several"),
    ],
)
def test_an_id_for_what_holds_one_transcript_is_refused(written, text, problem):
    with pytest.raises(FileError, match=problem):
        read_transcript(written(text), transcript_id="0")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "speaker,text,text\nT,So.,x\n",
            "line 1: must not have two columns of one name",
        ),
        ("speaker,start,text\nT,soon,So.\n", "line 2: the start must be in seconds"),
        ("speaker,start,text\nT,-1,So.\n", "line 2: the start must be in seconds"),
        ("speaker,start,text\nT,1e999,So.\n", "line 2: the start must be in seconds"),
        ("speaker,end,text\nT,1:2:3:4,So.\n", "line 2: the end must be in seconds"),
        ("speaker,start,end,text\nT,2,1,So.\n", "line 2: a row must not end before"),
        ('speaker,text\nT,"So\nso"\nC\n', "line 4: a row must have 2 cells"),
        ('speaker,text\nT,"So\n', "is not a well-formed table"),
        ("speaker,text\n", "holds nothing that was said"),
        ('speaker,"text\nT,So.\n', "must be WebVTT"),
    ],
)
def test_a_malformed_table_is_refused_with_its_line(written, text, problem):
    with pytest.raises(FileError, match=problem):
        read_transcript(written(text))


def test_rows_without_a_speaker_are_kept_and_counted(written):
    turns = read_transcript(written("speaker,text\nT,So.\n,Hm.\nC,Yes.\n"))

    assert [segment.seat for segment in turns.segments] == [T, None, C]
    assert turns.notes == (
        "Segments without a speaker: 1 of 3 (33%), left out of measures of the two.",
    )


def test_a_table_that_names_nobody_seats_nobody(written):
    with pytest.raises(WhoIsWhoError, match="does not say who speaks"):
        read_transcript(written("speaker,text\n,So.\n,Hm.\n"))


def test_what_is_written_is_read_back_to_the_last_bit(written):
    segments = (
        Segment(T, 0.1 + 0.2, 1.0000001, 'So, "well"; then?'),
        Segment(None, None, 2.5, "Hm."),
        Segment(C, 1e-07, None, ""),
        Segment(C, None, None, "..."),
        Segment(None, None, None, ""),
    )
    turns = Turns(session=3, segments=segments)

    text = write_transcript(turns)

    assert text.startswith(OWN)
    assert read_transcript(written(text), session=3).segments == turns.segments
    assert write_transcript(read_transcript(written(text))) == text


def test_our_own_table_needs_no_labels_whoever_is_asked_for(written):
    path = written(OWN + "client,,,Yes.\n,,,Hm.\n")

    turns = read_transcript(path, client=["ash"], therapist=["wren"])

    assert [segment.seat for segment in turns.segments] == [C, None]


def test_labels_that_are_given_go_before_the_words_of_our_own_table(written):
    path = written(OWN + "client,,,Yes.\ntherapist,,,No.\n")

    turns = read_transcript(path, client=["therapist"], therapist=["client"])

    assert [segment.seat for segment in turns.segments] == [T, C]


def test_a_transcript_without_segments_is_written_and_read(written):
    text = write_transcript(Turns(session=1, segments=()))

    assert text == OWN
    assert read_transcript(written(text)).segments == ()


def test_tenths_that_are_all_nought_are_whole_seconds(written):
    turns = read_transcript(
        written(OWN + "client,13.0,14.0,Yes.\ntherapist,15.0,16.0,No.\n")
    )

    assert turns.resolution_s == 1.0


def test_the_finest_step_is_a_millisecond(written):
    turns = read_transcript(written(OWN + "client,1e-05,14.0,Yes.\n"))

    assert turns.resolution_s == 0.001


@pytest.mark.parametrize(
    ("segment", "problem"),
    [
        (Segment(C, None, None, "[laughs] Yes."), "text of a segment must be clean"),
        (Segment(C, None, None, "Yes.\nNo."), "text of a segment must be clean"),
        (Segment(C, -1.0, None, "Yes."), "must be numbers from 0 upwards"),
        (Segment(C, None, float("inf"), "Yes."), "must be numbers from 0 upwards"),
    ],
)
def test_what_would_not_be_read_back_is_not_written(segment, problem):
    turns = Turns(session=1, segments=(segment,))

    with pytest.raises(RecordError, match=problem):
        write_transcript(turns)
