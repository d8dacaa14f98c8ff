"""The page of false-alarm rates, and the script that measures them."""

import pathlib
import re
from dataclasses import replace

import numpy as np
import pytest

from duologue.relationship.chance import NEAR_TOP, ORDINARY

PROJECT = pathlib.Path(__file__).parents[2]
SCRIPT = PROJECT / "benchmarks" / "validate.py"
PAGE = PROJECT / "docs" / "validation.md"
METHODS = PROJECT / "docs" / "methods"


@pytest.fixture(scope="module")
def validate(load):
    """The script."""
    return load("validate")


def test_in_quick_mode_every_stated_chance_holds(validate, tmp_path):
    page = tmp_path / "validation.md"

    code = validate.main(["--quick", "--write", str(page), "--date", "2026-01-31"])
    text = page.read_text(encoding="utf-8")

    assert code == 0
    assert "Run on 2026-01-31 with" in text
    n_quiet = len(validate.QUIET_COURSES)
    assert text.count("| holds |") == 3 * len(validate.rules()) + n_quiet
    assert "too low" not in text.replace("too low;", "")


def rate_of(validate, value):
    return validate.Rate(value=value, error=0.0)


def test_a_chance_that_is_stated_too_low_is_found_out(validate):
    measured = {r.id: rate_of(validate, r.stated) for r in validate.rules()}
    low_gap = replace(ORDINARY, gap=ORDINARY.gap / 1.26)

    assert validate.understated(measured) == ()
    assert validate.understated(measured, low_gap) == ("gap",)
    assert validate.understated(
        measured, replace(low_gap, one=ORDINARY.one / 1.26)
    ) == (
        "one",
        "either",
        "both",
        "gap",
    )


def test_up_to_a_quarter_too_low_is_let_pass(validate):
    measured = {r.id: rate_of(validate, r.stated) for r in validate.rules()}

    stated = replace(ORDINARY, quieter=ORDINARY.quieter / 1.24)

    assert validate.understated(measured, stated) == ()


def test_a_quiet_session_that_chance_makes_oftener_than_is_stated_is_found_out(
    validate,
):
    stated = validate.stated_quiet(60.0)
    found = {
        (60.0, 6.0): rate_of(validate, 1.24 * stated),
        (60.0, 12.0): rate_of(validate, 1.26 * stated),
        (60.0, 20.0): validate.Rate(value=1.5 * stated, error=0.2 * stated),
    }

    assert validate.quiet_too_low(found) == {(60.0, 12.0)}


def test_what_the_size_leaves_open_is_not_held_against_the_program(validate):
    measured = {
        r.id: validate.Rate(value=1.3 * r.stated, error=0.1 * r.stated)
        for r in validate.rules()
    }

    assert validate.understated(measured) == ()


@pytest.mark.parametrize("code", [0, 1])
def test_the_exit_code_is_that_of_the_run(validate, tmp_path, capsys, code):
    page = tmp_path / "page.md"

    found = validate.main(["--write", str(page)], build=lambda *_: ("A page.\n", code))

    assert found == code
    assert page.read_text(encoding="utf-8") == "A page.\n"
    assert bool(capsys.readouterr().err) is bool(code)


def test_two_of_three_is_asked_as_the_program_asks_it(validate):
    outside = np.array([[0, 1, 0, 1, 1, 0, 0, 1, 0, 0, 1, 1]], dtype=bool).T

    found = validate.again(outside)[:, 0]

    for i in range(len(outside)):
        last = outside[max(0, i - 2) : i + 1, 0]
        assert found[i] == (last[-1] and last.sum() >= 2)


def test_the_made_up_series_are_as_described(validate):
    rng = np.random.default_rng(1)
    z = validate.deviations(rng, 40, 20_000, rho=0.3)

    assert z.shape == (40, 2, 20_000)
    assert z.std() == pytest.approx(1, abs=0.01)
    assert np.mean(z[1:] * z[:-1]) == pytest.approx(0.3, abs=0.01)
    assert np.mean(z[:, 0] * z[:, 1]) == pytest.approx(0.45, abs=0.01)


def test_the_page_states_what_the_program_states_today(validate):
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in PAGE.read_text(encoding="utf-8").splitlines()
        if line.startswith("|")
    ]
    stated = [(row[0], row[1]) for row in rows if row[-1] in ("holds", "too low")]

    assert stated[: -len(validate.QUIET_COURSES)] == [
        (rule.words, f"{rule.stated:.4f}")
        for chances in (ORDINARY, ORDINARY, NEAR_TOP)
        for rule in validate.rules(chances)
    ]
    of_quiet = [
        (float(row[0]), float(row[1]), row[2])
        for row in rows
        if len(row) == 7 and row[-1] in ("holds", "too low")
    ]
    assert of_quiet == [
        (level, sd, f"{validate.stated_quiet(level):.4f}")
        for level, sd in validate.QUIET_COURSES
    ]
    assert not [row for row in rows if row[-1] == "too low"]


def test_the_page_names_no_machine_and_no_path():
    text = PAGE.read_text(encoding="utf-8")

    assert re.search(r"Run on \d{4}-\d\d-\d\d with \d+ cores, Python \d", text)
    assert not re.search(r"(?<!\w)/(?:home|work|root|tmp|Users)\b", text)


@pytest.mark.parametrize("name", ["usual", "two-views", "unsaid", "mends"])
def test_every_figure_of_a_method_page_stands_on_the_page_of_figures(name):
    """A method page quotes rates as `0.0135`; each must still be what was measured."""
    page = PAGE.read_text(encoding="utf-8")
    text = (METHODS / f"{name}.md").read_text(encoding="utf-8")

    for figure in re.findall(r"`(0\.\d+)`", text):
        assert f"| {figure} |" in page, figure
