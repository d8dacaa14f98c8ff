"""What the words say must be there, and must work."""

import re
import shlex
from functools import partial
from pathlib import Path

import pytest

from duologue.cli import demo
from duologue.cli.main import COMMANDS, run
from duologue.relationship import read

PROJECT = Path(__file__).parents[2]
PAGES = sorted(
    p
    for p in [*PROJECT.glob("*.md"), *PROJECT.glob("docs/**/*.md")]
    if ".venv" not in p.parts
)
GUIDE = PROJECT / "docs/guide/reading-a-course.md"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_every_link_of_a_page_leads_somewhere(page):
    links = re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8"))

    for link in links:
        if not link.startswith("http"):
            assert (page.parent / link).exists(), link


def test_every_make_target_that_the_pages_name_exists():
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))

    for page in PAGES:
        named = set(re.findall(r"`make ([a-z]+)`", page.read_text(encoding="utf-8")))
        assert named <= targets, page.name


def test_every_command_is_in_the_readme_or_the_guide():
    words = GUIDE.read_text(encoding="utf-8") + (PROJECT / "CHANGELOG.md").read_text(
        encoding="utf-8"
    )

    for command in COMMANDS:
        assert f"duologue {command}" in words


def test_the_guides_commands_on_our_own_files_run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    ours = [
        line.removeprefix(".venv/bin/").partition("#")[0]
        for page in (GUIDE, PROJECT / "README.md")
        for line in page.read_text(encoding="utf-8").splitlines()
        if re.match(r"(\.venv/bin/)?duologue (simulate|read (practice|demo)/)", line)
    ]
    assert len(ours) >= 4
    # The page of the demo is not what is read here: it need have no charts.
    monkeypatch.setattr(demo, "read", partial(read, drawn=False))
    run(["demo", "--files-only"])

    for line in ours:
        assert run(shlex.split(line)[1:]) == 0, line
        assert capsys.readouterr().out


def test_the_smallest_course_of_the_guide_can_be_read(tmp_path, capsys):
    page = GUIDE.read_text(encoding="utf-8")
    toml = re.search(r"```toml\n(.*?)```", page, re.DOTALL)[1]
    csv = re.search(r"```csv\n(.*?)```", page, re.DOTALL)[1]
    (tmp_path / "course.toml").write_text(toml, encoding="utf-8")
    (tmp_path / "sessions.csv").write_text(csv, encoding="utf-8")

    assert run(["read", str(tmp_path)]) == 0
    assert "Nothing has opened yet" in capsys.readouterr().out
