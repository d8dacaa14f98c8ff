"""The words of the app's pages: none that blames, grades or claims too much."""

import pathlib
import re

import pytest

import duologue.web
from duologue.relationship.lint import banned_words

TEMPLATES = pathlib.Path(duologue.web.__file__).parent / "templates"
PAGES = sorted(TEMPLATES.rglob("*.html"))
TAGS = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}|<[^>]*>", re.DOTALL)
SHOWN = re.compile(r'(?:aria-label|title|placeholder|alt)="([^"]*)"')
DATA = re.compile(
    r'<script [^>]*type="application/json">{"ids": {[a-z":, _-]*}}</script>'
)
"""What an element is called, for the script of the library for signing in: no script."""

FOR_ALL_TO_READ = {"practice/practice.html"}
"""What is written here is what the practice says to its clients."""


def words_of(path):
    """Return the words that a page shows or says, without its mark-up."""
    source = path.read_text("utf-8")
    return " ".join([TAGS.sub(" ", source), *SHOWN.findall(source)])


@pytest.mark.parametrize("path", PAGES, ids=lambda p: str(p.relative_to(TEMPLATES)))
def test_no_page_uses_a_banned_word(path):
    assert banned_words(words_of(path)) == ()


@pytest.mark.parametrize("path", PAGES, ids=lambda p: str(p.relative_to(TEMPLATES)))
def test_no_page_has_a_script_or_a_style_in_it(path):
    source = path.read_text("utf-8")
    source = DATA.sub("", source)

    assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=", source)
    assert not re.search(r"https?://", source)


def test_every_box_says_above_it_that_nobody_reads_it_live():
    found = [path for path in PAGES if "<textarea" in path.read_text("utf-8")]

    found = [p for p in found if str(p.relative_to(TEMPLATES)) not in FOR_ALL_TO_READ]
    assert found
    for path in found:
        before = path.read_text("utf-8").split("<textarea")[:-1]
        assert all("Nobody reads this live." in part for part in before)
