"""The pages of figures on caseloads, and the scripts that measure them."""

import pathlib
import re

import pytest

PROJECT = pathlib.Path(__file__).parents[2]
PAGES = {
    "caseload_views": ("validation-two-views", "two-views-caseload"),
    "caseload_unsaid": ("validation-unsaid", "unsaid-together"),
    "leading": ("validation-leading", "leading"),
}


@pytest.fixture(params=PAGES)
def script(request, load):
    """One of the scripts."""
    return load(request.param)


def test_in_quick_mode_everything_holds(script, tmp_path):
    page = tmp_path / "page.md"

    code = script.main(["--quick", "--write", str(page), "--date", "2026-01-31"])
    text = page.read_text(encoding="utf-8")

    assert code == 0
    assert "Run on 2026-01-31 with" in text
    assert "What does not hold" not in text


def test_what_does_not_hold_is_found_out(script):
    n = 1000

    assert not script.failures([("here", 0.95, n), ("claim: there", 0.05, n)])
    assert script.failures([("here", 0.5, n)]) == ["here: 0.500"]
    assert script.failures([("claim: there", 0.2, n)]) == ["claim: there: 0.200"]


@pytest.mark.parametrize(("figures", "method"), PAGES.values(), ids=PAGES)
def test_every_figure_of_a_method_page_stands_on_the_page_of_figures(figures, method):
    page = (PROJECT / f"docs/{figures}.md").read_text(encoding="utf-8")
    text = (PROJECT / f"docs/methods/{method}.md").read_text(encoding="utf-8")

    quoted = re.findall(r"`(0\.\d+)`", text)

    assert quoted
    for figure in quoted:
        assert figure in page, figure


@pytest.mark.parametrize("figures", [figures for figures, _ in PAGES.values()])
def test_the_pages_hold_and_name_no_machine_and_no_path(figures):
    text = (PROJECT / f"docs/{figures}.md").read_text(encoding="utf-8")

    assert re.search(r"Run on \d{4}-\d\d-\d\d with Python \d", text)
    assert "What does not hold" not in text
    assert not re.search(r"(?<!\w)/(?:home|work|root|tmp|Users)\b", text)
