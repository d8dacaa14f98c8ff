"""What is being written is not lost by a tap, by a pause, or by a visit that ends."""

import pytest
from playwright.sync_api import expect

from browser.product import SMALL, slide

pytestmark = pytest.mark.browser

PAGE = "A long page. " * 200


def test_help_shows_beside_what_is_being_written_and_every_way_out_asks(visits):
    page = visits.come_in("client-K", size=SMALL)
    asked, answers = [], []

    def answer(dialog):
        asked.append(dialog.type)
        (dialog.accept if answers.pop(0) else dialog.dismiss)()

    page.on("dialog", answer)
    page.goto(page.url + "private/")
    box = page.get_by_role("textbox", name="Something for my journal")
    box.fill(PAGE)

    page.get_by_role("link", name="Need someone now?").press("Enter")
    beside = page.get_by_role("dialog", name="Help")
    expect(beside.get_by_role("heading", name="Need someone now?")).to_be_visible()
    visits.look_over(page)
    beside.get_by_role("link", name="What happens if I tell?").click()
    expect(
        beside.get_by_role("heading", name="What happens if I tell?")
    ).to_be_visible()
    beside.get_by_role("button", name="Back to my page").click()
    expect(beside).to_be_hidden()

    answers += [False, False]
    page.get_by_role("link", name="The two of you").click()
    page.evaluate("setTimeout(() => location.reload())")
    page.wait_for_timeout(200)
    assert asked == ["confirm", "beforeunload"]
    expect(box).to_have_value(PAGE)
    answers += [True]
    page.get_by_role("link", name="The two of you").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("You and")
    page.go_back()
    expect(box).to_have_value("")

    # Whoever must leave at once is asked nothing.
    box.fill(PAGE)
    page.get_by_role("button", name="Leave").click()
    expect(page.get_by_role("heading", name="A demonstration")).to_be_visible()
    assert asked == ["confirm", "beforeunload", "confirm"]


def test_what_is_looked_for_is_found_beside_what_is_being_written(visits):
    page = visits.come_in("therapist-T")
    page.get_by_role("link", name="client-B").click()
    page.goto(page.url + "private/")
    box = page.get_by_role("textbox", name="Something for my process notes")
    earlier = page.locator(".own-words").count()
    box.fill("First.")
    page.get_by_role("button", name="Keep it", exact=True).click()
    line = page.get_by_role("textbox", name="What is this work teaching me?")
    box.fill(PAGE)
    line.fill("To wait.")

    page.get_by_role("searchbox").fill("first")
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Find").click()
    expect(opened.value.locator("mark")).to_have_text("First")
    page.get_by_role("button", name="Keep this line").click()

    expect(line).to_have_value("To wait.")
    line.fill("")
    page.get_by_role("button", name="Keep this line").click()
    expect(page.locator(".own-words").first).to_contain_text("A long page.")
    for _ in range(2):
        page.get_by_role("link", name="Read it whole, or change it").first.click()
        page.get_by_role("button", name="Delete it for good").click()
    expect(page.locator(".own-words")).to_have_count(earlier)


def test_a_form_is_sent_again_once_one_has_come_in_again_beside_it(visits):
    page = visits.come_in("client-K", size=SMALL)
    page.goto(page.url + "preferences/")
    slide(page, "pace", 0.97)
    page.context.clear_cookies(name="seen")
    page.get_by_role("button", name="Keep it", exact=True).click()
    visits.look_over(page)

    beside = page.context.new_page()
    beside.goto(visits.links["client-K"])
    beside.get_by_role("button", name="Come in").click()
    expect(beside.get_by_role("button", name="Leave")).to_be_visible()
    page.get_by_role("button", name="Send it again").click()
    expect(page.get_by_text("You are in again")).to_be_visible()
    page.get_by_role("button", name="Send it again").click()

    there = page.get_by_role("slider", name="I would like us to go")
    expect(there).to_have_attribute("aria-valuetext", "More quickly")
    for _ in range(2):
        visits.refusals.remove(403)


def test_whoever_writes_is_here_and_whoever_does_not_is_told_before_it_ends(visits):
    page = visits.come_in("client-K", size=SMALL)
    page.clock.install()
    page.goto(page.url + "private/")
    box = page.get_by_role("textbox", name="Something for my journal")
    said = [page.get_by_text(t) for t in ("ends in a minute", "This visit has ended")]

    page.clock.fast_forward("28:30")
    expect(said[0]).to_be_visible()
    visits.look_over(page)
    with page.expect_response("**/me/here/"):
        page.get_by_role("button", name="Stay").click()
    expect(said[0]).to_be_hidden()
    page.clock.fast_forward("05:00")
    with page.expect_response("**/me/here/"):
        box.press_sequentially("x")
    page.clock.fast_forward("28:30")
    expect(said[0]).to_be_visible()
    page.clock.fast_forward("02:00")
    expect(said[1]).to_be_visible()

    # It is the visit that ends, not the words; and another window of it keeps it going.
    other = page.context.new_page()
    other.goto(page.url)
    expect(said[1]).to_be_hidden()
    expect(box).to_have_value("x")
