"""``duologue change`` as a researcher reads it."""

import json

import pytest

TABLE = "course,session,score\n" + "".join(
    f"{course},{session},{score}\n"
    for course, scores in {
        "A": (18, 17, 18, 8, 7, 6),
        "B": (14, "", 12),
        "C": (5, 15),
        "D": (9,),
    }.items()
    for session, score in enumerate(scores, 1)
)


@pytest.fixture
def file(tmp_path):
    made = tmp_path / "scores.csv"
    made.write_text(TABLE)
    return made


def said(ended):
    return " ".join(ended.out.split())


def test_it_says_of_each_course_what_its_wobble_allows(cli, file):
    ended = cli("change", file, "--instrument", "phq9")

    assert (ended.code, ended.err) == (0, "")
    assert "A change of 6 points is beyond" in said(ended)
    assert "not yet compared with its source" in said(ended)
    assert "A 6 18 6 -12 better by more than its wobble" in said(ended)
    assert "sudden gain of 10 after session 3" in said(ended)
    assert "B 2 14 12 -2 within its wobble" in said(ended)
    assert "C 2 5 15 +10 worse by more than its wobble" in said(ended)
    assert "cannot be said: fewer than two scores" in said(ended)
    assert "1 of 4 within its wobble" in said(ended)


def test_with_a_reliability_it_says_how_often_chance_alone_does(cli, file):
    ended = cli(
        *("change", file, "--better", "lower", "--reliability", "0.9", "--sd", "7.7"),
        *("--clinical", "19.7,7.7", "--functional", "4.7,4.8"),
    )

    # The worked numbers of the CORE-10: 6.75 points, a cut-off of 10.46.
    assert "A change of 6.75 points is beyond." in said(ended)
    assert "Cut-off 10.46, of other people" in said(ended)
    assert "better, and across the cut-off" in said(ended)
    assert "about 1 in 20" in said(ended)


def test_as_json_it_is_the_same_in_the_fields_own_words(cli, file):
    ended = cli("change", file, "--instrument", "phq9", "--percent", "50", "--json")
    found = json.loads(ended.out)

    assert found["counts"] == {
        "undefined": 1,
        "improved": 1,
        "unchanged": 1,
        "deteriorated": 1,
    }
    first = found["courses"][0]
    assert (first["course"], first["first"], first["last"]) == (
        "A",
        [1, 18.0],
        [6, 6.0],
    )
    assert first["percent_category"] == "improved"
    assert first["sudden"] == [
        {"session": 3, "gain": True, "size": 10.0, "reversed_": False}
    ]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ([], "--better must say which way is better"),
        (["--better", "lower"], "--points, or --reliability"),
        (["--instrument", "no-such"], "instrument must be one of"),
        (["--instrument", "phq9", "--better", "higher"], "--better must be lower"),
        (["--better", "lower", "--points", "0"], "must be a number above 0"),
        (["--better", "lower", "--points", "nan"], "must be a number"),
        (["--better", "lower", "--reliability", "1"], "0 or more and below 1"),
        (["--better", "lower", "--points", "6", "--sd", "3"], "go with --reliability"),
        (
            ["--better", "lower", "--points", "6", "--index", "EN"],
            "--index goes with --reliability",
        ),
        (
            ["--better", "lower", "--points", "6", "--reliability", ".8"],
            "exclude each other",
        ),
        (
            ["--instrument", "phq9", "--cut", "9", "--clinical", "1,2"],
            "goes without --clinical",
        ),
        (["--instrument", "phq9", "--clinical", "1"], "must be two numbers"),
        (["--instrument", "phq9", "--clinical", "1,2"], "needs other groups"),
    ],
)
def test_what_cannot_be_told_is_refused_in_one_line(cli, file, arguments, problem):
    ended = cli("change", file, *arguments)

    assert ended.code == 2
    assert problem in ended.err
    assert ended.out == ""


def test_what_a_file_calls_a_course_is_no_markup(cli, tmp_path):
    file = tmp_path / "scores.csv"
    file.write_text("course,session,score\n[/bold],1,9\n[/bold],2,3\n")

    ended = cli("change", file, "--instrument", "phq9")

    assert ended.code == 0
    assert "[/bold]" in ended.out


def test_too_few_courses_have_no_spread_of_their_own(cli, tmp_path):
    file = tmp_path / "scores.csv"
    file.write_text("course,session,score\nA,1,9\n")

    ended = cli("change", file, "--better", "lower", "--reliability", "0.8")

    assert (ended.code, ended.out) == (2, "")
    assert "--sd must be given" in ended.err


def test_a_file_that_is_not_there_is_named(cli, tmp_path):
    ended = cli("change", tmp_path / "none.csv", "--instrument", "phq9")

    assert (ended.code, ended.out) == (2, "")
    assert "none.csv" in ended.err
