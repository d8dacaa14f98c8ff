"""``duologue wonder`` as a therapist reads it."""

import json
import shutil

import pytest

NOTHING = "No card does not mean nothing is happening."


@pytest.fixture(scope="module")
def caseload(tmp_path_factory, demo_folder):
    return demo_folder / "practice"


def said(ended):
    return " ".join(ended.out.split())


def test_every_card_is_told_with_its_chance_another_reading_and_a_question(
    cli, caseload
):
    ended = cli("wonder", caseload, "--all")

    assert (ended.code, ended.err) == (0, "")
    assert "Made up: nobody here exists." in said(ended)
    assert "foretold" in said(ended)
    assert "by chance" in said(ended)
    assert "Another reading:" in said(ended)
    assert "What do you make of it?" in said(ended)
    assert "What has helped others:" in said(ended)
    assert said(ended).endswith(NOTHING)


def test_without_a_card_it_says_what_that_does_not_mean(cli, caseload):
    ended = cli("wonder", caseload, "--as-of", "2026-01-01")

    assert ended.code == 0
    assert "Nothing to wonder about this week." in said(ended)
    assert said(ended).endswith(NOTHING)


def test_as_json_each_week_has_one_card_at_most(cli, caseload):
    found = json.loads(cli("wonder", caseload, "--all", "--json").out)

    weeks = [card["week"] for card in found]
    assert weeks == sorted(set(weeks))
    assert all(card["strength"] > 1 and card["chance_rate"] < 0.03 for card in found)
    later = cli("wonder", caseload, "--all", "--json", "--as-of", "2030-01-01")
    assert json.loads(later.out) == found


def test_one_course_is_a_caseload_of_one(cli, caseload):
    (card,) = json.loads(cli("wonder", caseload / "pair-D", "--all", "--json").out)

    assert card["pair"] == "pair-D"


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--series", "line"], "each series must be another one of"),
        (["--also", "safe"], "each series must be another one of"),
        (["--as-of", "soon"], "must be a day"),
        (["--as", "client"], "invalid choice"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_one_line(cli, caseload, arguments, problem):
    ended = cli("wonder", caseload, *arguments)

    assert (ended.code, ended.out) == (2, "")
    assert problem in ended.err


def test_a_folder_without_courses_is_refused(cli, tmp_path):
    for folder in (tmp_path, tmp_path / "none"):
        ended = cli("wonder", folder)
        assert (ended.code, ended.out) == (2, "")


def test_a_course_that_cannot_be_read_is_named_and_nothing_is_told(
    cli, caseload, tmp_path
):
    copied = tmp_path / "practice"
    shutil.copytree(caseload, copied)
    (copied / "pair-A" / "sessions.csv").write_text("nonsense\n")

    ended = cli("wonder", copied, "--all")

    assert (ended.code, ended.out) == (2, "")
    assert "sessions.csv" in ended.err
