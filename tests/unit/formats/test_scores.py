"""Scores of many courses: three layouts, and what is refused without being repeated."""

import pytest

from duologue import instruments
from duologue.errors import FileError
from duologue.formats.scores import ScoredCourse, read_scores

GAD7, PHQ4 = instruments.load("gad7"), instruments.load("phq4")
ONE = ScoredCourse(code="A", scores=((1, 4.0, ""), (2, None, ""), (10, 7.0, "")))


def read(tmp_path, text, instrument=None):
    file = tmp_path / "scores.csv"
    file.write_text(text)
    return read_scores(file, instrument=instrument)


def test_totals_come_in_the_order_of_the_sessions(tmp_path):
    found = read(tmp_path, "course,session,score\nA,10,7\nB,1,0\nA,1,4\nA,2,\n")

    assert found == [ONE, ScoredCourse(code="B", scores=((1, 0.0, ""),))]


def test_answers_one_a_row_are_scored(tmp_path):
    rows = "".join(f"A,1,{item},1\n" for item in range(1, 5))
    found = read(tmp_path, f"course,session,item,value\n{rows}A,2,1,3\n", PHQ4)

    # With a blank there is no total.
    assert found[0].scores == ((1, 4.0, ""), (2, None, ""))


@pytest.mark.parametrize("prefix", ["", "phq4_"])
def test_a_column_an_item_is_scored_and_other_columns_are_passed_over(tmp_path, prefix):
    names = ",".join(f"{prefix}{i}" for i in range(1, 5))
    text = f"course,session,age,{names}\nA,1,40,1,2,0,3\nA,2,41,1,,0,3\n"

    assert read(tmp_path, text, PHQ4)[0].scores == ((1, 6.0, ""), (2, None, ""))


def test_a_row_of_another_instrument_than_was_asked_for_is_refused(tmp_path):
    text = "course,session,score,instrument\nA,1,4,gad7\nA,2,3,phq4\n"

    with pytest.raises(FileError, match="line 3: instrument must be gad7"):
        read(tmp_path, text, GAD7)


def test_an_instrument_beside_each_row_is_kept(tmp_path):
    text = "course,session,score,instrument\nA,1,4,phq9\nA,2,3,gad7\n"

    assert read(tmp_path, text)[0].scores == ((1, 4.0, "phq9"), (2, 3.0, "gad7"))


@pytest.mark.parametrize(
    ("text", "instrument", "problem"),
    [
        ("course,score\nA,1\n", None, "the column session is missing"),
        ("session,score\n1,1\n", None, "the column course is missing"),
        ("course,session,item,value\nA,1,1,1\n", None, "with --instrument"),
        ("course,session,9\nA,1,1\n", None, "with --instrument"),
        ("course,session,other\nA,1,1\n", PHQ4, "a column an item"),
        ("course,session,score\n ,1,1\n", None, "line 2: course must not be blank"),
        ("course,session,score\nA,x,1\n", None, "session must be a whole number"),
        ("course,session,score\nA,1,1e999\n", None, "score must be a number or blank"),
        ("course,session,score\nA,1,22\n", GAD7, "score must lie in 0 to 21"),
        ("course,session,score\nA,1,1\nA,1,2\n", None, "line 3: .*stands twice"),
        (
            "course,session,item,value\nA,1,7,1\n",
            PHQ4,
            "item must be one of 1, 2, 3, 4",
        ),
        ("course,session,1\nA,1,7\n", PHQ4, "item 1 takes 0, 1, 2, 3, or a blank"),
        ("course,session,score\n", None, "no row below the header"),
        ("course,session,score\nA,1,1e10\n", None, "score must lie in"),
        ("course,session,1,phq4_1\nA,1,1,1\n", PHQ4, "two columns"),
        (
            "course,session,score,instrument\nA,1,,phq9\nA,1,,gad7\n",
            None,
            "stands twice",
        ),
    ],
)
def test_what_is_none_of_it_is_refused_by_line_and_column(
    tmp_path, text, instrument, problem
):
    with pytest.raises(FileError, match=problem):
        read(tmp_path, text, instrument)


def test_no_message_holds_a_score_or_a_code(tmp_path):
    text = "course,session,score\nsecret-code,1,98765\n"

    with pytest.raises(FileError) as refused:
        read(tmp_path, text, GAD7)

    assert "98765" not in str(refused.value)
    assert "secret-code" not in str(refused.value)
