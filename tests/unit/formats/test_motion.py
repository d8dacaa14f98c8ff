"""Files of motion energy, voice and physiology: read by columns that are named."""

import numpy as np
import pytest

from duologue.errors import FileError, ParameterError
from duologue.formats.motion import MotionColumns, read_motion

NAN = float("nan")
BOTH = MotionColumns(client=("1",), therapist=("2",))


@pytest.fixture
def file(tmp_path):
    """Write a file of this content."""

    def made(words, name="session.txt"):
        path = tmp_path / name
        path.write_text(words, encoding="utf-8")
        return path

    return made


def series(found):
    return found.client.tolist(), found.therapist.tolist()


@pytest.mark.parametrize(
    "words",
    [
        '"pat" "th"\n1 2\n3 4\n',
        "1 2\n3 4\n",
        " 1\t2 \n\n3\t4",
        "pat,th\n1,2\n3,4\n",
        "pat;th\r\n1;2\r\n3;4\r\n",
        "1,2\n3,4\n",
    ],
)
def test_both_layouts_are_read_with_a_header_and_without(file, words):
    found = read_motion(file(words), BOTH, rate=25.0)

    assert series(found) == ([1.0, 3.0], [2.0, 4.0])
    assert (found.rate, found.seconds, found.notes) == (25.0, 2 / 25, ())


def test_a_column_has_a_name_or_a_place_and_those_of_one_person_are_summed(file):
    path = file("head_c,head_t,body_c,body_t\n1,2,10,20\n3,4,,40\n")
    columns = MotionColumns(client=("head_c", "3"), therapist=("2", "body_t"))

    found = read_motion(path, columns, rate=25.0)

    np.testing.assert_array_equal(found.client, [11.0, NAN])
    np.testing.assert_array_equal(found.therapist, [22.0, 44.0])


@pytest.mark.parametrize("blank", ["", "NA", "NaN"])
def test_a_blank_is_missing_and_never_nothing(file, blank):
    found = read_motion(file(f"a,b\n{blank},1\n0,2\n"), BOTH, rate=1.0)

    np.testing.assert_array_equal(found.client, [NAN, 0.0])


def test_even_time_stamps_give_the_rate(file):
    rows = "".join(f"{i / 29.97:.4f},{i},{2 * i}\n" for i in range(9))
    columns = MotionColumns(client=("c",), therapist=("t",), time_s="time_s")

    found = read_motion(file(f"time_s,c,t\n{rows}"), columns)

    assert found.rate == pytest.approx(29.97, rel=1e-3)
    assert found.client.tolist() == list(range(9))
    assert found.notes == ()


def test_uneven_ones_are_interpolated_and_a_gap_is_missing(file):
    rows = "0,0,0\n1,1,2\n2,2,4\n3.4,3.4,6.8\n4,4,8\n8,8,16\n9,9,18\n"
    columns = MotionColumns(client=("c",), therapist=("t",), time_s="time_s")

    found = read_motion(file(f"time_s,c,t\n{rows}"), columns)

    assert found.rate == 1.0
    np.testing.assert_allclose(found.client, [0, 1, 2, 3, 4, NAN, NAN, NAN, 8, 9])
    np.testing.assert_allclose(found.therapist, 2 * found.client)
    (note,) = found.notes
    assert note.startswith("time stamps are uneven: interpolated to 1 Hz, with 3 of 10")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("1\n2\n", "must have two columns or more"),
        ("a,b\n1,two\n", "line 2: column 2 must be a number, with a point, or blank"),
        (
            "a b\n1 2\n3 four\n",
            "line 3: column 2 must be a number, with a point, or blank",
        ),
        ("a b\n1 2\n3 4 5\n", "line 3: must have 2 cells, got 3"),
        ("a,b\n1,-2\n", "line 2: column 2 must not lie below 0"),
        ("a,b\n1,inf\n", "line 2: column 2 must be at most 1e70"),
        ("\n\n", "must hold numbers, and holds none"),
    ],
)
def test_what_cannot_be_is_refused_with_its_line_and_never_its_value(file, words, says):
    path = file(words)

    with pytest.raises(FileError) as refused:
        read_motion(path, BOTH, rate=25.0)

    told = str(refused.value).replace(f"{path}, ", "").replace(f"{path}: ", "")
    assert says in told
    assert not any(value in told for value in ("two.", "four", "-2", "inf."))


def test_a_column_that_is_not_there_is_refused(file):
    columns = MotionColumns(client=("1",), therapist=("third",))

    with pytest.raises(FileError, match="no column of that name; it has 2"):
        read_motion(file("a,b\n1,2\n"), columns, rate=25.0)


@pytest.mark.parametrize(
    ("times", "says"),
    [
        ("0,1,1\n0,2,2\n", "line 3: time must go on"),
        ("0,1,1\n,2,2\n", "line 3: must have a time stamp in every row"),
    ],
)
def test_time_goes_on(file, times, says):
    columns = MotionColumns(client=("c",), therapist=("t",), time_s="time_s")

    with pytest.raises(FileError) as refused:
        read_motion(file(f"time_s,c,t\n{times}"), columns)

    assert says in str(refused.value).replace(", line", ": line")


@pytest.mark.parametrize(
    ("columns", "rate", "says"),
    [
        (BOTH, None, "either a rate or a column of time stamps"),
        (MotionColumns(client=("1",), therapist=("2",), time_s="t"), 5.0, "either a"),
        (BOTH, 0.0, "rate must be above 0 Hz"),
        (BOTH, NAN, "rate must be above 0 Hz"),
        (
            MotionColumns(client=("1",), therapist=("1",)),
            5.0,
            "each column must be given once",
        ),
    ],
)
def test_what_is_asked_must_fit_together(file, columns, rate, says):
    with pytest.raises(ParameterError, match=says):
        read_motion(file("a,b\n1,2\n"), columns, rate=rate)


def test_physiology_may_lie_below_nothing(file):
    found = read_motion(file("a,b\n-1,2\n"), BOTH, rate=4.0, signed=True)

    assert found.client.tolist() == [-1.0]


def test_one_row_has_no_step(file):
    columns = MotionColumns(client=("c",), therapist=("t",), time_s="time_s")

    with pytest.raises(FileError, match="two rows or more"):
        read_motion(file("time_s,c,t\n0,1,1\n"), columns)


def test_a_real_session_is_read(shared):
    path = shared / "data" / "motion" / "normal" / "200_01.txt"
    columns = MotionColumns(client=("pat",), therapist=("th",))

    found = read_motion(path, columns, rate=25.0)

    assert found.client.size == 15_000
    assert (found.client[0], found.therapist[0]) == (1550, 6948)


@pytest.mark.parametrize("twice", ["c", "2"])
def test_a_column_has_one_meaning_by_its_name_and_by_its_place(file, twice):
    columns = MotionColumns(client=("c",), therapist=("t", twice))

    with pytest.raises(ParameterError, match="given once"):
        read_motion(file("t,c\n0,1\n1,2\n"), columns, rate=5.0)


def test_an_empty_cell_is_blank_and_moves_nothing(file):
    columns = MotionColumns(client=("1",), therapist=("3",))

    found = read_motion(file("1.2,,7\n,3.4,8\n"), columns, rate=5.0)

    np.testing.assert_array_equal(found.client, [1.2, np.nan])
    np.testing.assert_array_equal(found.therapist, [7, 8])


def test_decimal_commas_are_refused_and_not_taken_for_columns(file):
    with pytest.raises(FileError, match="with a point"):
        read_motion(file("12,34;5,67\n12,35;5,68\n"), BOTH, rate=5.0)


def test_a_gap_of_years_is_refused(file):
    columns = MotionColumns(client=("c",), therapist=("t",), time_s="time_s")
    rows = "".join(f"{t},1,2\n" for t in (0, 0.1, 0.2, 1.7e9))

    with pytest.raises(FileError, match="gaps of more than 10 times"):
        read_motion(file(f"time_s,c,t\n{rows}"), columns)


def test_a_rate_that_is_not_that_of_the_files_own_time_stamps_is_refused(tmp_path):
    path = tmp_path / "m.csv"
    path.write_text("time_s,a,b\n" + "".join(f"{k / 25},1,2\n" for k in range(50)))
    columns = MotionColumns(client=("a",), therapist=("b",))

    with pytest.raises(
        FileError, match="time_s of 25 samples a second, and a rate of 30"
    ):
        read_motion(path, columns, rate=30)

    assert read_motion(path, columns, rate=25).rate == 25


def stamped(path, stamps):
    path.write_text("t,a,b\n" + "".join(f"{t},{k},2\n" for k, t in enumerate(stamps)))
    columns = MotionColumns(client=("a",), therapist=("b",), time_s="t")
    return read_motion(path, columns)


def test_stamps_that_are_rounded_give_the_rate_of_the_whole(tmp_path):
    step = 0.2506
    stamps = [round(k * step, 3) for k in range(14_400)]

    motion = stamped(tmp_path / "m.csv", stamps)

    assert motion.seconds == pytest.approx(stamps[-1] + step, abs=0.01)
    assert motion.notes == ()


def test_a_clock_that_drifts_by_little_is_followed(tmp_path):
    steps = [0.1] * 5000 + [0.1009] * 5000  # each within 1 % of the others
    stamps = np.cumsum([0.0, *steps])

    motion = stamped(tmp_path / "m.csv", [f"{t:.4f}" for t in stamps])

    at = round(stamps[9000] * motion.rate)
    assert motion.client[at] == pytest.approx(9000, abs=1)
    assert "uneven" in motion.notes[0]


def test_where_the_first_stamp_is_not_0_it_is_told(tmp_path):
    motion = stamped(tmp_path / "m.csv", [600 + k / 10 for k in range(50)])

    assert motion.notes == ("the first time stamp is 600 s; times here count from it",)


def test_numbers_that_a_computer_cannot_square_are_refused_or_0(tmp_path):
    path = tmp_path / "m.txt"
    path.write_text("1e-80 1\n2 3\n")
    columns = MotionColumns(client=("1",), therapist=("2",))

    assert read_motion(path, columns, rate=1).client[0] == 0
    path.write_text("1e80 1\n")
    with pytest.raises(FileError, match="at most 1e"):
        read_motion(path, columns, rate=1)
