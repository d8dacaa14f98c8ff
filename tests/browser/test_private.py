"""Only mine, by hand: on a phone, by keyboard, and without a script."""

import re

import pytest
from playwright.sync_api import expect

from browser.product import LARGE, SMALL, done, go_to_pair, look_back, slide

pytestmark = pytest.mark.browser


def only_mine(page, tab):
    """Go to one's own pages."""
    page.get_by_role("link", name="Only mine").click()
    page.get_by_role("link", name=tab).click()


def find(page, words):
    """Look for words."""
    page.get_by_role("searchbox").fill(words)
    page.get_by_role("button", name="Find").click()


def test_a_client_writes_finds_changes_and_deletes_on_a_phone(visits):
    page = visits.come_in("client-K", size=SMALL)
    only_mine(page, "My journal")
    box = page.get_by_role("textbox", name="Something for my journal")
    box.fill("On the bus. The Café in my dream.")
    page.get_by_label("About").select_option(index=1)
    page.get_by_role("button", name="Keep it").click()
    visits.look_over(page)

    find(page, "cafe dream")
    expect(page.locator("mark")).to_have_text(["Café", "dream"])
    assert "cafe" not in page.url
    visits.look_over(page)

    page.get_by_role("link", name="Read it whole").click()
    whole = page.get_by_role("textbox", name="This page")
    expect(whole).to_have_value("On the bus. The Café in my dream.")
    visits.look_over(page)
    whole.fill("Only this.")
    page.get_by_role("button", name="Keep it like this").click()
    expect(page.locator(".own-words")).to_have_text("Only this.")

    page.get_by_role("link", name="Read it whole, or change it").click()
    page.get_by_role("button", name="Delete it for good").click()
    expect(page.locator(".own-words")).to_have_count(0)
    expect(page.locator("nav.tabs").first.get_by_role("link")).to_have_count(5)


def test_a_therapist_writes_by_keyboard_alone(visits):
    page = visits.come_in("therapist-T", size=LARGE)
    go_to_pair(page, "client-K")
    only_mine(page, "My process notes")
    box = page.get_by_role("textbox", name="Something for my process notes")
    box.focus()
    page.keyboard.type("Slower with the second question.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Keep it", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".own-words")).to_have_text("Slower with the second question.")

    line = page.get_by_role("textbox", name="What is this work teaching me?")
    line.focus()
    page.keyboard.type("To wait.")
    page.keyboard.press("Enter")
    expect(line).to_have_value("To wait.")
    visits.look_over(page)
    page.get_by_label("With everyone, not only client-K").check()
    find(page, "wait")
    expect(page.get_by_role("heading", level=2)).to_contain_text("client-K")
    visits.look_over(page)


def test_whoever_leaves_stirred_up_is_asked_what_would_help(visits):
    page = visits.come_in("client-K", size=SMALL)
    look_back(page)
    slide(page, "leaving", 0.95)
    done(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "You are leaving stirred up"
    )
    visits.look_over(page)
    page.get_by_label("What would help before your next thing?").fill("A walk.")
    page.get_by_role("button", name="Keep it").click()

    expect(page.locator(".own-words")).to_contain_text("A walk.")
    visits.look_over(page)


def test_one_shows_how_to_be_reached_and_takes_it_back(visits):
    client = visits.come_in("client-M", size=SMALL)
    therapist = visits.come_in("therapist-T")
    go_to_pair(therapist, "client-M")
    therapist.get_by_role("link", name="How to reach them").click()
    nothing = therapist.locator("main").inner_text()

    client.get_by_role("link", name="Choices").click()
    client.get_by_role("link", name="Fill it in").click()
    client.get_by_label("Name").fill("Somebody Made-Up")
    client.get_by_label("When and how it is safe").fill("Texts only.")
    client.get_by_role("button", name="Keep it").click()
    visits.look_over(client)
    client.get_by_role("link", name="Duologue").click()
    client.get_by_role("link", name="Choices").click()
    therapist.reload()
    assert therapist.locator("main").inner_text() == nothing
    client.get_by_role("button", name="Let them see how to reach me").click()
    visits.look_over(client)
    therapist.reload()
    expect(therapist.get_by_text("Somebody Made-Up")).to_be_visible()
    visits.look_over(therapist)
    expect(therapist).to_have_title(re.compile("^How to reach them"))

    client.get_by_role("link", name="They see").click()
    shown = client.locator(
        "section", has=client.get_by_role("heading", name="How to reach you")
    )
    expect(shown.locator("ul > li")).to_have_count(1)
    visits.look_over(client)
    shown.get_by_role("link", name="Keep it to yourself again").click()
    mine = client.locator(
        "section", has=client.get_by_role("heading", name="How to reach me")
    )
    mine.get_by_role("button", name="Keep it to myself again").click()
    therapist.reload()
    assert therapist.locator("main").inner_text() == nothing


def test_without_a_script_it_is_all_the_same(visits):
    page = visits.come_in("client-B", size=SMALL, java_script_enabled=False)
    only_mine(page, "My journal")
    page.get_by_role("textbox", name="Something for my journal").fill("By hand.")
    page.get_by_role("button", name="Keep it").click()
    find(page, "HAND")

    expect(page.locator("mark")).to_have_text(["Hand".lower()])
