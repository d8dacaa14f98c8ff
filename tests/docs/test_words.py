"""The page on following words: what it shows in code runs, and says what it should."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from duologue.corpus import words, words_partners
from duologue.corpus.words_figures import figures
from duologue.engine.matching import repeating
from duologue.engine.matching.excess import FEWEST_PAIRS
from duologue.engine.matching.expressions import SharedExpressions
from duologue.engine.matching.function_words import CLASSES, FUNCTION_WORDS
from duologue.engine.matching.repeating import SelfRepetition
from duologue.engine.matching.style import FEWEST_WORDS
from duologue.records import Turns

PAGE = Path(__file__).parents[2] / "docs" / "methods" / "words.md"


def fields_of(record):
    return {field.name for field in fields(record)}


@pytest.fixture(scope="module")
def page():
    return PAGE.read_text(encoding="utf-8")


def test_the_code_on_the_page_runs(page, capsys):
    (block,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)

    exec(compile(block, str(PAGE), "exec"), {})  # noqa: S102 - our own page

    client, therapist = capsys.readouterr().out.splitlines()
    # Half of its words again; of 50 words any twelve have some in common by chance.
    assert re.fullmatch(r"the client: 39 pairs, [+-]0\.0\d, z = -?[01]\.\d", client)
    assert re.fullmatch(
        r"the therapist: 40 pairs, \+0\.[34]\d, z = \d\d\.\d", therapist
    )


def test_the_page_tells_the_numbers_that_the_program_goes_by(page):
    lists = frozenset().union(*FUNCTION_WORDS.values())
    flat = " ".join(page.split())

    assert (
        f"nine classes of function words c (lists of our own, {len(lists)} words)"
        in flat
    )
    assert len(CLASSES) == 9
    assert f"Blank with fewer than {FEWEST_WORDS} words by either." in flat
    assert f"from {FEWEST_PAIRS} pairs on" in flat
    assert f"fewer than {10 * words.LEAST_ENGLISH:g} words in 10" in flat


def test_every_name_in_the_table_of_others_is_one_of_ours(page):
    table = page.partition("## Coming from")[2].partition("## How it was checked")[0]
    ours = {
        name
        for row in table.splitlines()[4:]
        if row.startswith("|")
        for name in re.findall(r"`(?:repeating\.)?(\w+)`", row.split("|")[2])
    }

    told = figures(words.session_words(Turns(session=1, segments=())))
    known = {
        *fields_of(words.SessionWords),
        *fields_of(SharedExpressions),
        *dir(SelfRepetition),
        *vars(words_partners),
        *vars(repeating),
        *told,
    }
    assert len(ours) > 10
    assert ours <= known
