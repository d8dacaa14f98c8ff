"""Motion of one session in two files."""

import numpy as np
import pytest

from duologue.errors import FileError, ParameterError
from duologue.formats.motion import MotionColumns
from duologue.formats.motion_apart import read_apart

TIMED = MotionColumns(client=("eda",), therapist=("bpm",), time_s="t")


def written(path, name, times, values):
    rows = "".join(
        f"{float(t)!r},{float(v)!r}\n" for t, v in zip(times, values, strict=True)
    )
    path.write_text(f"t,{name}\n{rows}")
    return path


def test_the_faster_is_brought_to_the_slower_and_that_is_told(tmp_path):
    slow, fast = np.arange(20) / 4, np.arange(100) / 20
    client = written(tmp_path / "c.csv", "eda", slow, slow)
    therapist = written(tmp_path / "t.csv", "bpm", fast, 3 * fast)

    found = read_apart(client, therapist, TIMED)

    assert found.rate == pytest.approx(4)
    np.testing.assert_allclose(found.client, slow, atol=1e-9)
    # Bins of five around their moment; the first and the last are not whole.
    np.testing.assert_allclose(found.therapist[1:-1], 3 * slow[1:-1], atol=1e-9)
    assert found.notes == (
        "the therapist's series is brought from 20 to 4 Hz, by means",
    )


def test_who_starts_later_by_the_clock_cuts_both(tmp_path):
    times = np.arange(40) / 4
    client = written(tmp_path / "c.csv", "eda", times + 100, times + 100)
    therapist = written(tmp_path / "t.csv", "bpm", times + 102.5, times + 102.5)

    found = read_apart(client, therapist, TIMED)

    np.testing.assert_allclose(found.client, found.therapist)
    assert found.client[0] == 102.5
    assert found.notes == (
        "the therapist's time stamps start 2.5 s later",
        "both are cut to the 7.5 s that they share",
    )


def test_of_one_rate_they_need_no_time_stamps_and_may_have_one_column(tmp_path):
    client, therapist = tmp_path / "c.txt", tmp_path / "t.txt"
    client.write_text("1\n2\n3\n")
    therapist.write_text("a b\n4 9\n5 9\n")
    columns = MotionColumns(client=("1",), therapist=("a", "b"))

    found = read_apart(client, therapist, columns, rate=2.0)

    assert found.client.tolist() == [1, 2]
    assert found.therapist.tolist() == [13, 14]
    assert found.notes == ("both are cut to the 1 s that they share",)


def test_uneven_time_stamps_are_told_of_whose_they_are(tmp_path):
    client = written(tmp_path / "c.csv", "eda", [0, 1, 2.2, 3, 4], [0, 1, 2.2, 3, 4])
    therapist = written(tmp_path / "t.csv", "bpm", range(5), range(5))

    found = read_apart(client, therapist, TIMED)

    (note,) = found.notes
    assert note.startswith("client: time stamps are uneven")


def test_what_has_no_time_in_common_is_refused(tmp_path):
    client = written(tmp_path / "c.csv", "eda", range(5), range(5))
    therapist = written(tmp_path / "t.csv", "bpm", range(100, 105), range(5))

    with pytest.raises(FileError, match=r"t\.csv: must have time in common with"):
        read_apart(client, therapist, TIMED)


def test_errors_name_the_file_that_they_are_in(tmp_path):
    client = written(tmp_path / "c.csv", "eda", range(5), range(5))
    therapist = written(tmp_path / "t.csv", "bpm", range(5), [1, 2, -3, 4, 5])

    with pytest.raises(
        FileError, match=r"t\.csv, line 4: column 2 must not lie below 0"
    ):
        read_apart(client, therapist, TIMED)
    with pytest.raises(FileError, match=r"c\.csv: time stamps|c\.csv"):
        read_apart(tmp_path / "c.csv.gone", therapist, TIMED)
    with pytest.raises(ParameterError, match="either a rate or a column of time"):
        read_apart(client, therapist, TIMED, rate=3.0)
    twice = MotionColumns(client=("eda", "2"), therapist=("bpm",), time_s="t")
    with pytest.raises(ParameterError, match="each column must be given once"):
        read_apart(client, therapist, twice)
