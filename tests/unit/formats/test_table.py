import pytest

from duologue.errors import FileError
from duologue.formats import table


@pytest.fixture
def write(tmp_path):
    def write_text(text):
        path = tmp_path / "t.csv"
        path.write_bytes(text.encode())
        return path

    return write_text


def read(path):
    return table.read_table(path, required=("a", "b"), optional=("c",))


def test_rows_come_with_the_line_on_which_they_begin(write):
    found = read(write('a,b,c\n1,"two\nlines",3\n\n4,5,6\n'))

    assert found.rows == [(2, ["1", "two\nlines", "3"]), (5, ["4", "5", "6"])]
    assert found.columns == ("a", "b", "c")


def test_columns_may_stand_in_any_order_and_an_absent_one_is_blank(write):
    found = read(write(" b , a\n2,1\n"))

    assert found.rows == [(2, ["1", "2", ""])]


@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_table_may_be_separated_by_semicolons_or_tabs(write, separator):
    found = read(write("a|b|c\n1|2,5|3\n".replace("|", separator)))

    assert found.rows == [(2, ["1", "2,5", "3"])]


def test_rows_without_content_are_passed_over(write):
    found = read(write("a,b\n,\n\n1,2\n,,,\n"))

    assert found.rows == [(4, ["1", "2", ""])]


def test_cells_keep_their_spaces(write):
    assert read(write("a,b\n 1 , \n")).rows == [(2, [" 1 ", " ", ""])]


def test_any_table_keeps_the_columns_of_the_file(write):
    found = table.read_any_table(write("x,y\n1,2\n"))

    assert found.columns == ("x", "y")
    assert found.rows == [(2, ["1", "2"])]


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        (
            "a,b,c,secret\n1,2,3,4\n",
            1,
            "unknown column: column 4 is not one of a, b, c",
        ),
        ("a,b,a\n1,2,3\n", 1, "column 3 has the same name as another"),
        ("a,c\n1,2\n", 1, "the column b is missing"),
        ("a,b,\n1,2,3\n", 1, "column 3 has no name"),
        ("\na,b\n", 1, "the first line must name the columns"),
        ("a,b\n1,2\n1\n", 3, "a row has 2 cells, as the header has, got 1"),
        ("a,b\n1,2,3\n", 2, "a row has 2 cells, as the header has, got 3"),
        ('a,b\n1,2\n3,"secret\n5,6\n', 3, "quotation marks do not match"),
        ('a,b\n1,"secret"2\n', 2, "quotation marks do not match"),
        ('a,"b\n1,2\n', 1, "quotation marks do not match"),
        ("a,b\n1," + "secret" * 30_000 + "\n", 2, "a cell is too long"),
    ],
)
def test_what_is_no_table_is_refused_with_its_line(write, text, line, problem):
    with pytest.raises(FileError, match=rf"t\.csv, line {line}: .*{problem}") as error:
        read(write(text))

    assert "secret" not in str(error.value)


def test_an_empty_file_is_refused(write):
    with pytest.raises(FileError, match=r"t\.csv: must hold text, but is empty"):
        read(write(""))


@pytest.mark.parametrize("cell", ["", "-1", "1.0", "x", "²", "1_0", "9" * 19, " 1"])
def test_a_whole_number_has_digits_only(cell):
    assert table.read_whole(cell) is None


@pytest.mark.parametrize("cell", ["nan", "inf", "-Infinity", "1_0", "5,0", "٣", "x"])
def test_a_number_is_finite_and_plain(cell):
    assert table.read_number(cell) is None


@pytest.mark.parametrize(
    ("number", "cell"),
    [(50.0, "50"), (0.1, "0.1"), (-0.0, "-0"), (1e300, "1e+300"), (7, "7")],
)
def test_a_number_is_written_short_and_read_exactly(number, cell):
    assert table.write_number(number) == cell
    assert repr(table.read_number(cell)) == repr(float(number))
