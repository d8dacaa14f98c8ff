"""Looking back by keyboard alone, and in a browser that runs no script."""

import re
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import expect

from browser.product import (
    SMALL,
    be_willing,
    done,
    go_to_pair,
    look_back,
    own_words,
    tab_to,
)

pytestmark = pytest.mark.browser

ANSWERED = {
    "How open could I be today?": "Completely",
    "How understood did I feel?": "about half way",
    "How safe did it feel to be myself?": None,
    "Did I hold something back?": "No",
    "How fully was my therapist here with me?": None,
    "How deep did we go?": None,
    "A line to remember": "By hand.",
}


def _says(page):
    return page.evaluate("document.activeElement.getAttribute('aria-valuetext')")


def test_everything_can_be_done_from_the_keyboard(visits):
    page = visits.arrive(visits.links["client-B"])

    tab_to(page, page.get_by_role("button", name="Come in"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("You and")
    tab_to(page, page.get_by_role("button", name="Look back on it"))
    page.keyboard.press("Enter")
    expect(page.locator("form.reflect")).to_be_visible()
    _sliders(page)
    _options(page)
    tab_to(page, page.locator("#q-line textarea"))
    page.keyboard.type("By hand.")
    tab_to(page, page.get_by_role("button", name="Done"))
    with page.expect_request("**/save/") as posted:
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="That’s it.")).to_be_visible()
    tab_to(page, page.locator("summary", has_text="What you wrote"))
    page.keyboard.press("Enter")
    wrote = own_words(page)
    tab_to(page, page.get_by_role("button", name="I am willing"))
    page.keyboard.press("Enter")

    expect(page.get_by_text("You are willing.")).to_be_visible()
    assert {name: wrote.get(name) for name in ANSWERED} == ANSWERED
    sent = parse_qs(posted.value.post_data, keep_blank_values=True)
    assert sent["open"] != [""]
    assert sent["unsaid"] == ["no"]
    assert sent.get("safe", [""]) == [""]
    assert not {"deep", "here"} & set(sent)


def _sliders(page):
    """Move one, mark one in its middle, move and clear one; leave the others."""
    tab_to(page, page.locator("#q-open input[type=range]"))
    assert _says(page) == "left blank"
    page.keyboard.press("End")
    assert _says(page) == "Completely"
    page.keyboard.press("ArrowLeft")
    assert _says(page) == "Completely"

    tab_to(page, page.locator("#q-understood input[type=range]"))
    assert _says(page) == "left blank"
    page.keyboard.press("Space")
    assert _says(page) == "about half way"

    tab_to(page, page.locator("#q-safe input[type=range]"))
    page.keyboard.press("ArrowRight")
    assert _says(page) == "about half way"
    tab_to(page, page.locator("#q-safe button"))
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.type") == "range"
    assert _says(page) == "left blank"


def _options(page):
    """Mark one with the space bar, go on to the next with an arrow, and come back."""
    tab_to(page, page.locator("#q-unsaid .options input").first)
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.value") == "a_little"
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.value") == "no"


@pytest.mark.parametrize("who", ["client-B", "therapist-T"])
def test_a_slider_is_said_and_shown_in_words_never_in_numbers(visits, who):
    page = visits.come_in(who, size=SMALL)
    go_to_pair(page, "client-B")
    page.goto(f"{page.url}1/reflect/")
    page.evaluate("document.querySelectorAll('fieldset').forEach(f => f.disabled = 0)")
    page.evaluate(
        "document.querySelectorAll('details').forEach(d => { d.open = true })"
    )
    sliders = page.get_by_role("slider").all()
    said = []
    for slider in sliders:
        for key in ("Home", *["PageUp"] * 10):
            slider.press(key)
            said.append(slider.get_attribute("aria-valuetext"))
    shown = page.locator("fieldset.scale").all_inner_texts()

    assert len(sliders) >= 8
    assert len(set(said)) > 10
    assert not any(re.search(r"\d", words) for words in [*said, *shown])


def test_an_untouched_slider_stands_nowhere_and_says_that_it_is_blank(visits):
    page = visits.come_in("client-M", size=SMALL)
    page.goto(f"{page.url}1/reflect/")
    page.get_by_text("Something else to answer?").click()
    blank = page.locator(".slider.blank input:not(:disabled)").all()
    pictures = []
    for place in ("0", "50", "100"):
        blank[0].evaluate("(e, place) => { e.value = place }", place)
        pictures.append(blank[0].screenshot())
    blank[0].press("End")

    assert len(set(pictures)) == 1
    assert blank[0].screenshot() not in pictures
    assert {s.get_attribute("aria-valuetext") for s in blank[1:]} == {"left blank"}
    assert {s.get_attribute("name") for s in blank[1:]} == {None}


def test_everything_can_be_done_without_a_script(visits):
    page = visits.come_in("therapist-T", size=SMALL, java_script_enabled=False)
    go_to_pair(page, "client-B")
    look_back(page)

    page.locator("#q-open .dots input").last.check()
    page.locator("#q-deep .dots input").first.check()
    page.locator("#q-unsaid").get_by_text("Yes, something that matters").click()
    expect(page.get_by_text("What kept it unsaid?")).to_be_visible()
    page.locator("#q-unsaid_why").get_by_text("It was too raw").click()
    page.locator("#q-line textarea").fill("Without a script.")
    done(page)
    page.get_by_text("What you wrote").click()
    be_willing(page)

    wrote = own_words(page)
    assert wrote["How open could I be today about what I noticed and felt?"] == (
        "Completely"
    )
    assert wrote["How deep did we go?"] == "On the surface"
    assert wrote["Did I notice or feel something and not say it?"] == (
        "Yes, something that matters"
    )
    assert wrote["What kept it unsaid?"] == "It was too raw"
    assert wrote["A line to remember"] == "Without a script."
    assert "How fully was I here?" not in wrote
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALL["width"]


def test_without_a_script_an_answer_is_changed_and_a_form_is_skipped(visits):
    page = visits.come_in("therapist-T", size=SMALL, java_script_enabled=False)
    go_to_pair(page, "client-A")
    look = page.url
    page.goto(f"{look}1/reflect/")
    steps = page.locator("#q-open .dots input")

    assert steps.count() == 11
    expect(page.get_by_role("slider")).to_have_count(0)
    page.get_by_role("button", name="Skip it this time").click()
    expect(page.get_by_role("heading", name="That’s it.")).to_be_visible()
