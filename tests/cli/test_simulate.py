"""``duologue simulate``: made-up courses for the same seed, and only to new folders."""

import pytest

from duologue import instruments
from duologue.cli import simulate
from duologue.cli.stories import STORIES
from duologue.formats.course_folder import read_course, write_course
from duologue.simulate import SCENARIOS


def bytes_below(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_six_pairs_are_written_and_read_back(cli, tmp_path):
    ended = cli("simulate", tmp_path / "practice")

    assert (ended.code, ended.err) == (0, "")
    folders = sorted((tmp_path / "practice").iterdir())
    assert len(folders) == len(SCENARIOS)
    for folder in folders:
        assert f"Made up: {folder}" in ended.out
        assert read_course(folder, instruments.prompts).made_up


@pytest.mark.parametrize("name", SCENARIOS)
def test_one_pair_is_the_folder_itself(cli, tmp_path, name):
    cli("simulate", tmp_path / "pair", "--scenario", name)

    course = read_course(tmp_path / "pair", instruments.prompts)
    assert course.dyad.code == f"pair-{SCENARIOS[name].initial}"
    assert len(course.sessions) == SCENARIOS[name].n_sessions


def test_one_pair_is_the_same_as_within_the_practice(cli, tmp_path):
    cli("simulate", tmp_path / "practice")
    cli("simulate", tmp_path / "pair", "--scenario", "both-quieter")

    assert bytes_below(tmp_path / "practice" / "pair-K") == bytes_below(
        tmp_path / "pair"
    )


def test_the_seed_decides_and_nothing_else(cli, tmp_path):
    for folder, seed in (("a", 5), ("b", 5), ("c", 6)):
        cli("simulate", tmp_path / folder, "--seed", seed)

    assert bytes_below(tmp_path / "a") == bytes_below(tmp_path / "b")
    assert bytes_below(tmp_path / "a") != bytes_below(tmp_path / "c")


def test_the_scenarios_are_listed_with_their_stories(cli):
    ended = cli("simulate", "--list")

    assert (ended.code, ended.err) == (0, "")
    lines = ended.out.splitlines()
    named = [line.split()[0] for line in lines if not line.startswith(" ")]
    assert named == list(SCENARIOS) == list(STORIES)
    said = " ".join(ended.out.split())
    for name, scenario in SCENARIOS.items():
        assert f"{name} {scenario.title} {STORIES[name]}" in said
    assert max(map(len, lines)) <= 80


def test_a_fault_after_the_first_pairs_leaves_nothing(cli, tmp_path, monkeypatch):
    def fail_at_last(course, folder):
        if course.dyad.code == "pair-R":
            raise ValueError("a fault")
        write_course(course, folder)

    monkeypatch.setattr(simulate, "write_course", fail_at_last)

    ended = cli("simulate", tmp_path / "practice")

    assert (ended.code, ended.out) == (3, "")
    assert "Nothing was changed" in ended.err
    assert list(tmp_path.iterdir()) == []


def test_an_empty_folder_may_be_filled(cli, tmp_path):
    (tmp_path / "practice").mkdir()

    assert cli("simulate", tmp_path / "practice").code == 0
