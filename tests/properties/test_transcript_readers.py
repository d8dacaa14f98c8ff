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
SAMPLES = sorted(path for path in FIXTURES.iterdir() if path.stem.startswith("door"))
PIECES = st.sampled_from(
    [
        "WEBVTT\n", "\n", "\n\n", "00:00:01.000 --> 00:00:02.000\n", "00:01 --> ", "-->",
        "<v T>", "<v C", "</v>", "<", ">", "&amp;", "NOTE\n", "1\n", "T: ", "C: ", "P: ",
        "Ash: ", "- ", "[", "]", "[laughs]", "@Begin\n", "@End", "*THE:\t", "*CLI:\t",
        "@Participants:\tTHE Therapist, CLI Client\n", "%com:\t", "\x15", "1_2", "\t",
        "[//]", "&*", "+...", "xxx", "speaker,text\n", "seat,start,end,text\n", ",", ";",
        "<ANNOTATION_DOCUMENT>", "<TIER TIER_ID=\"T\">", "</TIER>", "<!DOCTYPE a>", "T  0:01\n",
        '"', "client,", "1.5", "[00:01:20]", "word", "?", "\r", "\ufeff", "\u2028", "\x1c",
    ]
)  # fmt: skip
SEATS = {"T": Seat.THERAPIST, "C": Seat.CLIENT}
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


TIMES = st.one_of(st.none(), st.floats(0, 24 * 60 * 60))  # more than a day is refused
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


# Words of a made-up transcript: no mark-up, nothing that a format gives a meaning to.
SAID = st.text(st.sampled_from("abz\u00e9\u05d0\u0627\U0001f642 ,."), min_size=1).map(
    lambda text: f"w{tidy(text)}"
)
MILLISECONDS = st.integers(0, 12 * 3600 * 1000)


@st.composite
def scenes(draw):
    """Draw what two people say, each with a start and an end in milliseconds."""
    starts = sorted(draw(st.lists(MILLISECONDS, min_size=1, max_size=8)))
    return [
        (
            draw(st.sampled_from(["T", "C"])),
            s,
            s + draw(st.integers(0, 90_000)),
            draw(SAID),
        )
        for s in starts
    ]


def clock(ms, comma="."):
    hours, rest = divmod(ms, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    return f"{hours:02}:{minutes:02}:{rest // 1000:02}{comma}{rest % 1000:03}"


def as_webvtt(scene):
    return "WEBVTT\n\n" + "".join(
        f"{clock(s)} --> {clock(e)}\n<v {who}>{text}</v>\n\n"
        for who, s, e, text in scene
    )


def as_zoom(scene):
    return "WEBVTT\n\n" + "".join(
        f"{i}\n{clock(s)} --> {clock(e)}\n{who}: {text}\n\n"
        for i, (who, s, e, text) in enumerate(scene, start=1)
    )


def as_subrip(scene):
    return "".join(
        f"{i}\n{clock(s, ',')} --> {clock(e, ',')}\n{who}: {text}\n\n"
        for i, (who, s, e, text) in enumerate(scene, start=1)
    )


def as_elan(scene):
    slots = "".join(
        f'<TIME_SLOT TIME_SLOT_ID="{i}{edge}" TIME_VALUE="{time}"/>\n'
        for i, (_, s, e, _text) in enumerate(scene)
        for edge, time in (("s", s), ("e", e))
    )
    tiers = "".join(
        f'<TIER TIER_ID="{tier}">'
        + "".join(
            f'<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="{i}" '
            f'TIME_SLOT_REF1="{i}s" TIME_SLOT_REF2="{i}e"><ANNOTATION_VALUE>{text}'
            "</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>\n"
            for i, (who, _s, _e, text) in enumerate(scene)
            if who == tier
        )
        + "</TIER>\n"
        for tier in "TC"
    )
    return f"<ANNOTATION_DOCUMENT><TIME_ORDER>{slots}</TIME_ORDER>{tiers}</ANNOTATION_DOCUMENT>"


def as_table(scene):
    return "speaker,start,end,text\n" + "".join(
        f'{who},{clock(s)},{clock(e)},"{text}"\n' for who, s, e, text in scene
    )


@pytest.mark.parametrize("write", [as_webvtt, as_zoom, as_subrip, as_elan, as_table])
@given(scene=scenes())
def test_what_another_program_writes_is_read_with_every_word_and_time(write, scene):
    expected = [
        Segment(SEATS[who], s / 1000, e / 1000, text) for who, s, e, text in scene
    ]

    turns = read_bytes(write(scene).encode())

    # Tiers come one after the other where they begin at the same moment.
    assert sorted(turns.segments, key=repr) == sorted(expected, key=repr)
    assert [s.start_s for s in turns.segments] == [s.start_s for s in expected]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
@given(scene=scenes())
def test_how_the_letters_are_stored_changes_nothing(codec, scene):
    text = as_webvtt(scene)

    assert read_bytes(text.encode(codec)) == read_bytes(text.encode())


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
        "T  0:01\n",
        "<ANNOTATION_DOCUMENT><TIER TIER_ID='T'><ANNOTATION_VALUE>",
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
