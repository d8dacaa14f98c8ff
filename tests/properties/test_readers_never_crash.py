"""Whatever stands in a file, reading gives a course or one of our own errors."""

import tempfile
import traceback
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from duologue.errors import DuologueError
from duologue.formats.course_folder import read_course
from duologue.formats.ratings import read_ratings
from duologue.records import Course
from strategies import prompts

SMALL = prompts()
SENTINEL = "zebra7193"

FOLDER = {
    "course.toml": (
        'made_up = true\nkind = "therapy"\ncode = "p"\n\n[seats]\nclient = "c"\n'
        'therapist = "t"\n\n[agreement]\nlength_min = 50\nrhythm = "weekly"\n'
    ),
    "sessions.csv": (
        "session,planned_start,started,ended,mode,status,by\n"
        "1,2026-01-05T14:00,2026-01-05T14:02,2026-01-05T14:52,room,held,\n"
        "2,2026-01-12T14:00,,,online,no_show,client\n"
    ),
    "reflections.csv": (
        "session,seat,item,value,shared\n"
        "1,client,open,50,yes\n"
        f'1,client,words,"{SENTINEL}, he said",no\n'
        f"1,therapist,carry,{SENTINEL},\n"
        "2,client,need,slower|quiet,no\n"
        "2,therapist,unsaid,matters,yes\n"
    ),
    "measures.csv": "session,seat,instrument,item,value\n1,client,ors,a,3.5\n",
    "goals.csv": f"goal,words,session,rating\ng1,{SENTINEL},1,4\ng1,,2,5\n",
    "frame.csv": "session,kind,by,tag\n2,fee,therapist,meant\n",
    "session-001/transcript.csv": (
        "seat,start,end,text\nclient,0.0,1.5,Hello\ntherapist,2.0,3.0,Yes\n"
    ),
}

RATINGS = {
    "long": (
        "pair,session,seat,item,value,shared\n"
        "a,1,client,open,50,yes\n"
        "a,1,therapist,open,60,no\n"
        f"a,1,client,carry,{SENTINEL},no\n"
    ),
    "by seat": (
        "pair,session,client_open,therapist_open,client_carry\n"
        f"a,1,50,60,{SENTINEL}\n"
        "a,2,,40,\n"
    ),
    "by person": (
        f"pair,session,seat,open,carry\na,1,client,50,{SENTINEL}\na,1,therapist,60,\n"
    ),
}

TOKENS = st.sampled_from(
    [
        *(b'"', b'""', b",", b";", b"\n", b"\r\n", b"\r", b"\0", b"\xff", b"|", b" "),
        *(b"\xef\xbb\xbf", b"[", b"=", b"'", b"nan", b"-1", b"1e999", b"9" * 40),
        *(
            SENTINEL.encode(),
            b"\xe2\x80\xa8",
            b"Z",
            b"+25:00",
            b"0001-01-01T00:00+14:00",
        ),
    ]
)


@st.composite
def damaged(draw, text):
    """Return the bytes of a text after some of them were changed, lost or added."""
    content = bytearray(text.encode())
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(content)))
        lost = draw(st.sampled_from([0, 0, 1, 2, 20, len(content)]))
        content[start : start + lost] = draw(TOKENS | st.binary(max_size=3))
    return bytes(content)


@st.composite
def replaced_cells(draw, text):
    """Return a table of which one cell holds the sentinel or an odd token instead."""
    rows = [line.split(",") for line in text.splitlines()]
    row = draw(st.sampled_from(rows))
    row[draw(st.integers(0, len(row) - 1))] = draw(
        st.sampled_from([SENTINEL, f"={SENTINEL}", "", "nan", "1e400", "2026-W01-1"])
    )
    return "\n".join(",".join(each) for each in rows).encode()


def any_harm(text):
    return damaged(text) | replaced_cells(text)


def read_or_refuse(read):
    """Read; an error must be ours, and neither it nor its trace may tell an answer."""
    told = ""
    try:
        assert isinstance(read(), Course)
    except DuologueError as error:
        told = "".join(traceback.format_exception(error))

    assert SENTINEL not in told


@given(data=st.data())
def test_a_damaged_folder_gives_a_course_or_our_own_error(data):
    name = data.draw(st.sampled_from(sorted(FOLDER)))
    harm = damaged if name.endswith(".toml") else any_harm
    content = data.draw(harm(FOLDER[name]))
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "session-001").mkdir()
        for each, text in FOLDER.items():
            (folder / each).write_bytes(content if each == name else text.encode())

        read_or_refuse(lambda: read_course(folder, lambda _: SMALL))


@given(name=st.sampled_from(sorted(FOLDER)))
def test_a_folder_that_lacks_a_file_gives_a_course_or_our_own_error(name):
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "session-001").mkdir()
        for each, text in FOLDER.items():
            if each != name:
                (folder / each).write_text(text)

        read_or_refuse(lambda: read_course(folder, lambda _: SMALL))


@given(data=st.data(), layout=st.sampled_from(sorted(RATINGS)))
def test_damaged_ratings_give_a_course_or_our_own_error(data, layout):
    content = data.draw(any_harm(RATINGS[layout]))
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "study.csv"
        path.write_bytes(content)

        read_or_refuse(lambda: read_ratings(path, prompts=SMALL))


@given(content=st.binary(max_size=60))
def test_any_bytes_give_a_course_or_our_own_error(content):
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "study.csv"
        path.write_bytes(content)

        read_or_refuse(lambda: read_ratings(path, prompts=SMALL))


def test_the_files_are_right_before_they_are_damaged(tmp_path):
    (tmp_path / "session-001").mkdir()
    for name, text in FOLDER.items():
        (tmp_path / name).write_text(text)
    for name, text in RATINGS.items():
        path = tmp_path / f"{name}.csv"
        path.write_text(text)

        assert len(read_ratings(path, prompts=SMALL).reflections) > 1

    assert len(read_course(tmp_path, lambda _: SMALL).reflections) == 4
