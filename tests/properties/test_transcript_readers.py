"""Whatever a file holds, it is read or refused; what is written is read back."""

import pathlib
import tempfile
import time

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from duologue.errors import FileError
from duologue.formats.textfile import read_text
from duologue.formats.transcripts import read_transcript, speakers, write_transcript
from duologue.formats.transcripts.cues import spoken, tidy
from duologue.records.seat import Seat
from duologue.records.turns import Segment, Turns

FIXTURES = pathlib.Path(__file__).parents[1] / "fixtures" / "transcripts"
SAMPLES = sorted(path for path in FIXTURES.iterdir() if path.stem == "door")
PIECES = st.sampled_from(
    [
        "WEBVTT\n", "\n", "\n\n", "00:00:01.000 --> 00:00:02.000\n", "00:01 --> ", "-->",
        "<v T>", "<v C", "</v>", "<", ">", "&amp;", "NOTE\n", "1\n", "T: ", "C: ", "P: ",
        "Ash: ", "- ", "[", "]", "[laughs]", "@Begin\n", "@End", "*THE:\t", "*CLI:\t",
        "@Participants:\tTHE Therapist, CLI Client\n", "%com:\t", "\x15", "1_2", "\t",
        "[//]", "&*", "+...", "xxx", "speaker,text\n", "seat,start,end,text\n", ",", ";",
        '"', "client,", "1.5", "[00:01:20]", "word", "?", "\r", "\ufeff", "\u2028", "\x1c",
    ]
)  # fmt: skip
NAMES = {"client": ["ash"], "therapist": ["wren"]}


def read_bytes(content, **options):
    """Read bytes as a transcript; ``None`` where they are refused."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "session"
        path.write_bytes(content)
        try:
            speakers(path)
            return read_transcript(path, **options)
        except FileError:
            return None


@given(content=st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content):
    turns = read_bytes(content)

    assert turns is None or isinstance(turns, Turns)


@given(pieces=st.lists(PIECES, max_size=40), named=st.booleans())
@example(
    pieces=["WEBVTT\n", "\n", "00:00:01.000 --> 00:00:02.000\n", "<v C"], named=True
)
def test_any_text_of_known_pieces_is_read_or_refused(pieces, named):
    turns = read_bytes("".join(pieces).encode(), **(NAMES if named else {}))

    assert turns is None or all(tidy(s.text) == s.text for s in turns.segments)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
@given(data=st.data())
def test_a_sample_cut_or_altered_anywhere_is_read_or_refused(sample, data):
    content = sample.read_bytes()
    begin = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(begin, len(content)))
    inserted = data.draw(st.one_of(st.binary(max_size=5), PIECES.map(str.encode)))

    turns = read_bytes(content[:begin] + inserted + content[end:])

    assert turns is None or isinstance(turns, Turns)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_a_sample_cut_off_anywhere_says_no_more_than_the_whole(sample):
    content = sample.read_bytes()
    whole = read_bytes(content)

    for end in range(len(content)):
        turns = read_bytes(content[:end])
        if turns is not None:
            assert len(turns.segments) <= len(whole.segments)
            assert {s.seat for s in turns.segments} <= {Seat.CLIENT, Seat.THERAPIST}


TIMES = st.one_of(st.none(), st.floats(0, allow_infinity=False))
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40).map(tidy)


@st.composite
def segments(draw):
    start_s, end_s = draw(TIMES), draw(TIMES)
    if start_s is not None and end_s is not None:
        start_s, end_s = sorted((start_s, end_s))
    text = draw(TEXTS)
    assume(not text or spoken(text) == text)
    return Segment(draw(st.sampled_from([*Seat, None])), start_s, end_s, text)


@given(found=st.lists(segments(), max_size=8))
def test_what_is_written_is_read_back_exactly(found):
    turns = Turns(session=1, segments=tuple(found))

    again = read_bytes(write_transcript(turns).encode())

    assert again.segments == turns.segments


@given(found=st.lists(segments(), min_size=1, max_size=8))
def test_swapping_the_labels_swaps_the_seats(found):
    text = write_transcript(Turns(session=1, segments=tuple(found))).encode()
    assume({segment.seat for segment in found} >= set(Seat))

    straight = read_bytes(text, client=["client"], therapist=["therapist"])
    swapped = read_bytes(text, client=["therapist"], therapist=["client"])

    assert [s.text for s in straight.segments] == [s.text for s in swapped.segments]
    assert [s.seat and s.seat.other for s in straight.segments] == [
        s.seat for s in swapped.segments
    ]


@given(text=st.text(st.sampled_from("ab [].\n\x85\u200e"), max_size=30))
def test_tidying_twice_changes_nothing_more(text):
    assert tidy(tidy(text)) == tidy(text)


@pytest.mark.parametrize(
    "piece",
    ["[", "[a", "]", "<", "<v ", "<a", ":", "T:", "T: ", "_", "_ ", " ", "\x15", "&", "(",
     "&*", "> [/] ", "< a ", "-", "--> ", "\n", "\n- ", "0:0 ", "'", "a ", ",", '"'],
)  # fmt: skip
@pytest.mark.parametrize(
    "head",
    [
        "T: C: ",
        "WEBVTT\n\n00:01.000 --> 00:02.000\n",
        "1\n00:00:01,000 --> 00:00:02,000\nT: ",
        "@Begin\n*THE:\t",
        "speaker,text\nT,",
    ],
)
def test_time_grows_with_length_and_no_faster(head, piece):
    content = (head + piece * (200_000 // len(piece))).encode()
    begun = time.process_time()

    read_bytes(content)

    assert time.process_time() - begun < 5


@given(content=st.binary(max_size=60))
def test_any_bytes_are_text_or_refused(content):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "file"
        path.write_bytes(content)
        try:
            text = read_text(path)
        except FileError:
            text = "refused"

    assert text
    assert "\r" not in text
