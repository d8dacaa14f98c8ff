import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from duologue.errors import FileError
from duologue.formats.course_folder import read_course, write_course
from duologue.records import Answer, Reflection, Seat
from strategies import courses, prompts

SMALL = prompts()


def read(folder):
    return read_course(folder, lambda _: SMALL)


def content(folder):
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def without_what_reading_finds(course):
    """Leave out a transcript's resolution and notes, which are not written."""
    turns = tuple(replace(each, resolution_s=None, notes=()) for each in course.turns)
    return replace(course, turns=turns)


def bits(course):
    """Return every number as it is written in full, which tells 0.0 from -0.0."""
    return [
        repr(answer.value)
        for reflection in course.reflections
        for answer in reflection.answers
    ] + [repr(each) for each in (*course.measures, *course.goals)]


@given(course=courses())
def test_a_written_course_reads_back_the_same(course):
    with tempfile.TemporaryDirectory() as place:
        write_course(course, Path(place) / "p")
        came = read(Path(place) / "p")

    assert without_what_reading_finds(came) == course
    assert bits(came) == bits(course)


@given(course=courses())
def test_a_folder_that_was_written_is_written_again_byte_for_byte(course):
    with tempfile.TemporaryDirectory() as place:
        first, second = Path(place) / "first", Path(place) / "second"
        write_course(course, first)
        write_course(read(first), second)

        assert content(second) == content(first)


WILD = st.one_of(
    st.none(),
    st.text(),
    st.text(st.characters(), max_size=5),
    st.sampled_from(
        ["\r", "a\r\nb", "\0", "\ud800", "", " ", "|", '"', "\ufeff", "\x85"]
    ),
    st.floats(),
    st.lists(st.text(max_size=3), max_size=3).map(tuple),
)


@given(
    course=courses(),
    item=st.sampled_from([each.id for each in SMALL.items]) | st.text(max_size=5),
    seat=st.sampled_from(Seat),
    value=WILD,
    words=st.text(st.characters(), max_size=5),
)
def test_what_would_not_read_back_is_refused_and_leaves_nothing(
    course, item, seat, value, words
):
    wild = _wild(course, Answer(item, value), seat, words)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "p"
        try:
            write_course(wild, folder)
        except FileError:
            assert list(Path(place).iterdir()) == []
            return

        came = read(folder)

    assert without_what_reading_finds(came) == wild


def _wild(course, answer, seat, words):
    if not course.sessions:
        return course
    reflection = Reflection(
        session=course.sessions[0].number, seat=seat, answers=(answer,)
    )
    later = [each for each in course.reflections if each.session != reflection.session]
    return replace(
        course,
        reflections=(reflection, *later),
        goals=tuple(replace(goal, words=words) for goal in course.goals),
    )
