"""``duologue demo``: made up, labelled, repeatable, and careful with what is there."""

import pytest

from duologue import instruments
from duologue.cli import demo
from duologue.cli.stories import STORIES
from duologue.formats.course_folder import read_course
from duologue.simulate import SCENARIOS

# How many charts a page has makes no difference here: whole pages are in `demo_folder`.
pytestmark = pytest.mark.usefixtures("undrawn")

PAIRS = tuple(f"pair-{scenario.initial}" for scenario in SCENARIOS.values())


def tree_of(folder):
    """Return every file below a folder with its bytes."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


def test_the_demo_names_a_page_that_opens_in_a_browser(cli, tmp_path):
    ended = cli("demo", tmp_path / "demo", "--files-only")

    assert (ended.code, ended.err) == (0, "")
    page = tmp_path / "demo" / "practice.html"
    assert page.as_uri() in ended.out
    assert page.read_bytes().startswith(b"<!DOCTYPE html>")


def test_the_command_that_the_demo_recommends_runs(cli, tmp_path):
    ended = cli("demo", tmp_path / "demo", "--files-only")

    advice = [
        line.split() for line in ended.out.splitlines() if "duologue read" in line
    ]
    assert len(advice) == 2
    assert [cli(*words[1:]).code for words in advice] == [0, 0]


def test_where_the_command_is_found_by_its_name_it_is_recommended_by_it(
    cli, tmp_path, monkeypatch
):
    monkeypatch.setattr(demo.shutil, "which", lambda _: "/usr/bin/duologue")

    assert (
        f"\n  duologue read {tmp_path}"
        in cli("demo", tmp_path / "demo", "--files-only").out
    )


def test_the_page_names_the_six_pairs(demo_folder):
    page = (demo_folder / "practice.html").read_text("utf-8")

    assert len(PAIRS) == 6
    for scenario in SCENARIOS.values():
        assert f"{scenario.initial}: {scenario.title}" in page


def test_the_page_says_what_it_shows_and_for_whom(demo_folder):
    page = " ".join((demo_folder / "practice.html").read_text("utf-8").split())

    assert "what client and therapist each see, and what they see together" in page
    for story in STORIES.values():
        assert story in page


def test_a_second_run_replaces_the_first(cli, tmp_path):
    folder = tmp_path / "demo"
    cli("demo", folder, "--files-only")
    before = tree_of(folder)
    (folder / "practice" / "pair-A" / "sessions.csv").write_text("spoilt")

    ended = cli("demo", folder, "--files-only")

    assert ended.code == 0
    assert tree_of(folder) == before


@pytest.mark.parametrize(
    ("step", "fault"),
    [
        ("write_practice", ValueError("a fault")),
        ("read", ValueError("a fault")),
        ("practice", KeyboardInterrupt()),
        ("write_page", OSError(28, "No space left")),
        ("_where", ValueError("a fault")),
    ],
)
def test_a_fault_on_the_way_leaves_the_earlier_demo_or_nothing(
    cli, tmp_path, monkeypatch, step, fault
):
    def fail(*_, **__):
        raise fault

    cli("demo", tmp_path / "demo", "--files-only")
    before = tree_of(tmp_path)
    monkeypatch.setattr(demo, step, fail)

    again, new = (
        cli("demo", tmp_path / name, "--files-only") for name in ("demo", "new")
    )

    ends = {ValueError: 3, OSError: 2, KeyboardInterrupt: 130}
    assert again.code == new.code == ends[type(fault)]
    assert again.out == new.out == ""
    assert ("Nothing was changed" in again.err) is (again.code == 3)
    assert tree_of(tmp_path) == before


def test_a_file_of_ones_own_beside_the_demo_stays(cli, tmp_path):
    folder = tmp_path / "demo"
    cli("demo", folder, "--files-only")
    (folder / "my-page.html").write_text("mine")

    cli("demo", folder, "--files-only")

    assert (folder / "my-page.html").read_text() == "mine"


@pytest.mark.parametrize("label", [None, "made-up.txt"])
def test_a_folder_that_holds_something_else_is_refused(cli, tmp_path, label):
    folder = tmp_path / "mine"
    (folder / "practice").mkdir(parents=True)
    (folder / "practice" / "notes.txt").write_text("mine")
    if label:
        (folder / label).write_text("My own list of what was made up.\n")
    before = tree_of(tmp_path)

    ended = cli("demo", folder, "--files-only")

    assert (ended.code, ended.out) == (2, "")
    assert "holds something else" in ended.err
    assert tree_of(tmp_path) == before


def test_a_file_in_the_folders_place_is_refused(cli, tmp_path):
    (tmp_path / "demo").write_text("mine")

    ended = cli("demo", tmp_path / "demo", "--files-only")

    assert (ended.code, ended.out) == (2, "")
    assert "must be a folder" in ended.err


def test_everything_says_that_it_is_made_up(cli, demo_folder):
    assert "made up" in (demo_folder / "made-up.txt").read_text("utf-8")
    page = (demo_folder / "practice.html").read_text("utf-8").lower()
    assert page.count("made up") >= 3 * len(PAIRS)
    for pair in PAIRS:
        folder = demo_folder / "practice" / pair
        settings = (folder / "course.toml").read_text("utf-8")
        assert settings.startswith("made_up = true\n")
        assert read_course(folder, instruments.prompts).made_up
        assert "MADE UP" in cli("read", folder).out


def test_every_file_lies_in_a_folder_that_is_labelled(demo_folder):
    for path in demo_folder.rglob("*"):
        if path.is_file() and path.parent != demo_folder:
            pair = demo_folder.joinpath(*path.relative_to(demo_folder).parts[:2])
            assert (pair / "course.toml").is_file(), path


def test_two_runs_write_the_same_bytes(cli, tmp_path):
    for name in ("demo", "another"):
        cli("demo", tmp_path / name, "--files-only")

    assert tree_of(tmp_path / "another") == tree_of(tmp_path / "demo")


def test_another_process_writes_the_same_bytes(process, demo_folder, tmp_path):
    ended = process(
        "demo",
        "--files-only",
        cwd=tmp_path,
        env={"PYTHONHASHSEED": "77", "TZ": "Asia/Tokyo"},
    )

    assert (ended.code, ended.err) == (0, "")
    assert tree_of(tmp_path / "demo") == tree_of(demo_folder)


def test_the_page_calls_nothing_outside_this_machine(demo_folder):
    page = (demo_folder / "practice.html").read_text("utf-8")

    for sign in ("src=", "@import", "url(", "<link", "<iframe", "fetch("):
        assert sign not in page


def test_what_somebody_put_beside_the_pairs_is_never_removed(cli, tmp_path):
    cli("demo", tmp_path / "demo", "--files-only")
    own = tmp_path / "demo" / "practice" / "mine.txt"
    own.write_text("kept")

    ended = cli("demo", tmp_path / "demo", "--files-only")

    assert ended.code == 2
    assert "not made here" in ended.err
    assert own.read_text() == "kept"
