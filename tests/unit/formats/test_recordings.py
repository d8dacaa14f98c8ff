"""Recordings in a course folder, and one that stands alone."""

import numpy as np
import pytest

from duologue.errors import FileError
from duologue.formats.alone import recording_alone
from duologue.formats.course_folder import read_course, write_course
from duologue.formats.kinds import Holds, what_it_holds
from duologue.records import Modality, Motion, Recorded
from strategies import prompts

SETTINGS = '[seats]\nclient = "C1"\ntherapist = "T1"\n'
EVEN = "time_s,client,therapist\n0,1,2\n0.5,,4\n1.0,5,6\n"
STATED = 'client = "1+3"\ntherapist = "2"\nrate = 25\n'


@pytest.fixture
def session(tmp_path):
    """Return a function that writes files into the folder of session 7."""
    place = tmp_path / "pair" / "session-007"
    place.mkdir(parents=True)
    (tmp_path / "pair" / "course.toml").write_text(SETTINGS)

    def write(**files):
        for name, text in files.items():
            (place / name.replace("_", ".")).write_text(text)
        return read_course(place.parent, lambda _: prompts())

    return write


def test_a_table_of_time_stamps_and_seats_needs_nothing_beside_it(session):
    (recorded,) = session(motion_csv=EVEN).recorded

    assert (recorded.session, recorded.modality) == (7, Modality.MOTION)
    assert recorded.motion.rate == 2
    np.testing.assert_array_equal(recorded.motion.client, [1, np.nan, 5])
    np.testing.assert_array_equal(recorded.motion.therapist, [2, 4, 6])


def test_another_layout_is_stated_beside_it(session):
    (recorded,) = session(motion_txt="1 2 3\n4 5 6\n", motion_toml=STATED).recorded

    np.testing.assert_array_equal(recorded.motion.client, [4, 10])
    np.testing.assert_array_equal(recorded.motion.therapist, [2, 5])
    assert recorded.motion.rate == 25


def test_each_modality_has_a_file_of_its_own_and_only_motion_is_never_below_0(session):
    below = EVEN.replace("5,6", "-5,6")
    found = session(motion_csv=EVEN, voice_csv=below, physiology_csv=below).recorded

    assert [each.modality for each in found] == list(Modality)
    with pytest.raises(FileError, match="below 0"):
        session(motion_csv=below)


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        ({"motion_csv": EVEN, "motion_txt": "1 2\n"}, "one motion file, got several"),
        ({"motion_csv": EVEN, "motion_toml": "rate = 25\n"}, "client and therapist"),
        ({"motion_csv": EVEN, "motion_toml": "speed = 25\n"}, "unknown key"),
        (
            {"motion_csv": EVEN, "motion_toml": STATED.replace("25", '"25"')},
            "rate must be a number",
        ),
        (
            {"motion_csv": EVEN, "motion_toml": STATED.replace("25", "1" + "0" * 400)},
            "rate must be a number",
        ),
        (
            {"motion_csv": EVEN, "motion_toml": STATED.replace("25", "true")},
            "rate must be a number",
        ),
        (
            {"motion_csv": EVEN, "motion_toml": STATED.replace("25", "0")},
            "rate must be above 0",
        ),
        (
            {"motion_csv": EVEN, "motion_toml": STATED.replace("rate = 25\n", "")},
            "either a rate or a column of time stamps",
        ),
        ({"motion_csv": "a,b\n1,2\n"}, "or a file motion.toml beside it"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_file(session, files, problem):
    with pytest.raises(FileError, match=problem) as refused:
        session(**files)
    assert "session-007" in refused.value.where


def test_a_recording_of_no_session_is_refused(tmp_path, session):
    (tmp_path / "pair" / "sessions.csv").write_text("session\n1\n")

    with pytest.raises(FileError, match="no session 7"):
        session(motion_csv=EVEN)


def test_a_written_recording_reads_back_to_the_last_bit(tmp_path, session):
    course = session(motion_csv=EVEN)
    motion = Motion(
        client=np.array([0.1 + 0.2, np.nan, 1e-60]),
        therapist=np.array([np.nan, np.nan, 3.0]),
        rate=30000 / 1001,
    )
    recorded = Recorded(session=7, modality=Modality.VOICE, motion=motion)
    write_course(
        recording_alone(motion, Modality.VOICE, session=7), tmp_path / "written"
    )
    came = read_course(tmp_path / "written", lambda _: course.prompts)

    assert came.recorded == (recorded,)


@pytest.mark.parametrize(
    ("name", "text", "given", "holds"),
    [
        ("m.csv", EVEN, False, Holds.RECORDING),
        ("m.csv", "a,b\n1,2\n", False, Holds.RATINGS),
        ("m.csv", "a,b\n1,2\n", True, Holds.RECORDING),
        ("m.txt", "1 2\n", True, Holds.RECORDING),
        ("m.txt", "T: Yes.\n", False, Holds.TRANSCRIPT),
    ],
)
def test_a_file_is_a_recording_by_its_columns_or_as_was_said(
    tmp_path, name, text, given, holds
):
    (tmp_path / name).write_text(text)

    assert what_it_holds(tmp_path / name, is_recording=given) is holds
