"""Looking back by keyboard alone, and in a browser that runs no script."""

import re
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import expect

from browser.product import SMALL, be_willing, done, go_to_pair, look_back, own_words

pytestmark = pytest.mark.browser

FOCUSED = """(() => {
    const e = document.activeElement, s = getComputedStyle(e);
    return {tag: e.tagName, type: e.type || '', text: e.textContent.trim(),
        asks: e.closest('fieldset')?.id || '', value: e.value || '',
        drawn: s.outlineStyle === 'solid' && parseFloat(s.outlineWidth) >= 2,
        shown: e.getBoundingClientRect().right > 0};
})()"""
ANSWERED = {
    "How open could I be today?": "Completely",
    "How understood did I feel?": "about half way",
    "How safe did it feel to be myself?": None,
    "Did I hold something back?": "No",
    "How fully was my therapist here with me?": None,
    "How deep did we go?": None,
    "A line to remember": "By hand.",
}


def _tab_to(page, **wanted):
    """Press Tab until something has the focus; it was to be seen at every step."""
    for _ in range(80):
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUSED)
        assert found["drawn"], found
        assert found["shown"], found
        if all(found[name] == value for name, value in wanted.items()):
            return found
    raise AssertionError(f"Tab never came to {wanted}")


def _says(page):
    return page.evaluate("document.activeElement.getAttribute('aria-valuetext')")


def test_everything_can_be_done_from_the_keyboard(visits):
    page = visits.arrive(visits.links["client-B"])

    _tab_to(page, tag="BUTTON", text="Come in")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("You and")
    _tab_to(page, tag="A", text="Look back on it")
    page.keyboard.press("Enter")
    expect(page.locator("form.reflect")).to_be_visible()
    _sliders(page)
    _options(page)
    _tab_to(page, tag="TEXTAREA", asks="q-line")
    page.keyboard.type("By hand.")
    _tab_to(page, tag="BUTTON", text="Done")
    with page.expect_request("**/save/") as posted:
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="That’s it.")).to_be_visible()
    _tab_to(page, tag="SUMMARY", text="What you wrote")
    page.keyboard.press("Enter")
    wrote = own_words(page)
    _tab_to(page, tag="BUTTON", text="I am willing")
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
    _tab_to(page, type="range", asks="q-open")
    assert _says(page) == "left blank"
    page.keyboard.press("End")
    assert _says(page) == "Completely"
    page.keyboard.press("ArrowLeft")
    assert _says(page) == "Completely"

    _tab_to(page, type="range", asks="q-understood")
    assert _says(page) == "left blank"
    page.keyboard.press("Space")
    assert _says(page) == "about half way"

    _tab_to(page, type="range", asks="q-safe")
    page.keyboard.press("ArrowRight")
    assert _says(page) == "about half way"
    _tab_to(page, tag="BUTTON", asks="q-safe")
    page.keyboard.press("Enter")
    assert page.evaluate(FOCUSED)["type"] == "range"
    assert _says(page) == "left blank"


def _options(page):
    """Mark one with the space bar, go on to the next with an arrow, and come back."""
    _tab_to(page, type="radio", asks="q-unsaid")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(FOCUSED)["value"] == "a_little"
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(FOCUSED)["value"] == "no"


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
