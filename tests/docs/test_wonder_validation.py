"""The page of figures on something to wonder about, and the script that measures them."""

import pathlib
import re
from dataclasses import replace

import numpy as np
import pytest

from duologue.engine.wonder import ORDINARY, RULE, Part

PROJECT = pathlib.Path(__file__).parents[2]
PAGE = PROJECT / "docs" / "validation-wonder.md"
METHOD = PROJECT / "docs" / "methods" / "wonder.md"


@pytest.fixture(scope="module")
def script(load):
    """The script."""
    return load("wonder")


def test_in_quick_mode_everything_holds(script, tmp_path):
    page = tmp_path / "page.md"

    code = script.main(["--quick", "--write", str(page), "--date", "2026-01-31"])
    text = page.read_text(encoding="utf-8")

    assert code == 0
    assert "Run on 2026-01-31 with" in text
    assert "What does not hold" not in text


def test_what_is_stated_is_near_what_is_measured(script):
    found = script.asked(script.unchanging(script.KINDS[script.MIDDLE], 0.3, 4000))

    for part in (Part.ONE, Part.FEW):
        measured = script.chance_in(found, part, *script.asked_in(part)[0])
        stated = script.of(ORDINARY, part)
        assert measured.value - 2 * measured.error < 1.25 * stated
        assert measured.value + 2 * measured.error > stated / 1.5


def test_a_chance_that_is_stated_too_low_is_found_out(script):
    found = {
        ("there", part, (12, 42)): script.Rate(value=script.of(ORDINARY, part), error=0)
        for part in (Part.ONE, Part.FEW)
    }
    little = replace(ORDINARY, few=ORDINARY.few / 1.24)
    much = replace(ORDINARY, few=ORDINARY.few / 1.26)

    assert script.understated(found, {"there": ORDINARY}) == []
    assert script.understated(found, {"there": little}) == []
    low = script.understated(found, {"there": much})
    assert [words.split(":")[0] for words in low] == ["there, few, sessions 12 to 42"]


def test_more_cards_than_allowed_are_found_out(script):
    cells = {
        ("here", 0.3): script.Rate(value=0.25, error=0.0),
        ("there", 0.5): script.Rate(value=0.26, error=0.004),
        ("perhaps", 0.5): script.Rate(value=0.26, error=0.006),
    }

    assert script.too_many(cells) == ["there, autocorrelation 0.5: 0.260 cards a week"]


def test_falls_that_are_missed_too_often_are_found_out(script):
    seldom, enough = (script.Rate(value=v, error=0.0) for v in (0.5, 0.6))
    low = {(0.3, 12, 1.5): [seldom] * 3, (0.3, 20, 1.0): [seldom] * 3}

    assert script.too_few(low) == [
        "falls of 1.5 SD, autocorrelation 0.3, 12 answers: 0.500"
    ]
    assert script.too_few({(0.3, 12, 1.5): [seldom, enough, enough]}) == []
    assert script.too_few({(0.5, 12, 1.5): [seldom] * 3}) == []


def test_without_a_rule_that_looks_there_are_neither_cards_nor_falls_found(script):
    blind = replace(RULE, one=1 - 1e-12, few=1 - 1e-12, few_near_top=1 - 1e-12)

    found = script.asked(script.unchanging(script.Kind(), 0.3, 300), blind)
    falls = script.found_within(1.5, 20, 0.3, 300, missing=0.0, rule=blind)

    assert script.a_week(found).value < 0.01
    assert falls[-1].value < 0.01


@pytest.mark.parametrize("rho", [0.0, 0.5])
def test_the_made_up_series_are_as_described(script, rho):
    z = script.deviations(np.random.default_rng(1), 40, 10_000, rho)
    y = script.answers(np.random.default_rng(2), z, script.Kind(missing=0.15))

    assert z.std() == pytest.approx(1, abs=0.01)
    assert np.mean(z[1:] * z[:-1]) == pytest.approx(rho, abs=0.01)
    assert np.isnan(y).mean() == pytest.approx(0.15, abs=0.01)
    assert np.nanmean(y) == pytest.approx(script.LEVEL, abs=0.1)
    assert np.nanstd(y) == pytest.approx(script.SD, abs=0.2)


def test_a_fall_is_as_great_as_is_said_and_lasts(script):
    y = script.fallen(1.5, 12, 0.3, 10_000)

    assert y[:12].mean() == pytest.approx(script.LEVEL, abs=0.2)
    assert y[12:].mean() == pytest.approx(script.LEVEL - 1.5 * script.SD, abs=0.3)


def test_the_page_states_what_the_program_states_today(script):
    text = PAGE.read_text(encoding="utf-8")

    assert f"; rule {RULE.version};" in text
    for part, words in ((Part.ONE, "one answer below"), (Part.FEW, "the mean of the")):
        stated = re.findall(rf"\| {words}[^|]*\| (0\.\d+) \|", text)
        assert stated == [f"{script.of(c, part):.4f}" for c in script.STATED.values()]
    assert "too low |" not in text
    assert "What does not hold" not in text


def test_every_figure_of_the_method_page_stands_on_the_page_of_figures():
    page = PAGE.read_text(encoding="utf-8")

    quoted = re.findall(r"`(0\.\d+)`", METHOD.read_text(encoding="utf-8"))

    assert quoted
    for figure in quoted:
        assert f"| {figure} |" in page, figure


def test_the_method_page_gives_the_numbers_of_the_rule():
    text = METHOD.read_text(encoding="utf-8")

    for name in ("one", "few", "one_near_top", "few_near_top"):
        assert f"{getattr(RULE, name)}".lstrip("0") in text, name


def test_the_page_names_no_machine_and_no_path():
    text = PAGE.read_text(encoding="utf-8")

    assert re.search(r"Run on \d{4}-\d\d-\d\d with Python \d", text)
    assert not re.search(r"(?<!\w)/(?:home|work|root|tmp|Users)\b", text)
