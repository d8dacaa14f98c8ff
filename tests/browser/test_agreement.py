"""Agreeing, saying yes and no, and how one would like to work: in two windows, by hand."""

import re

import pytest
from playwright.sync_api import expect

from browser.product import SMALL, go_to_pair, tab_to

pytestmark = pytest.mark.browser


def windows_of(visits):
    """Return the client's window, on a phone, and the therapist's."""
    client = visits.come_in("client-M", size=SMALL)
    therapist = visits.come_in("therapist-T")
    go_to_pair(therapist, "client-M")
    return client, therapist


def open_part(window, address):
    """Go to a page of the pair, from wherever one is in it."""
    pair = re.match(r"https?://[^/]+/with/[^/]+/", window.url)[0]
    window.goto(pair + address)


def press(window, key, n=1):
    for _ in range(n):
        window.keyboard.press(key)


def test_a_change_is_proposed_by_one_and_accepted_by_the_other_with_the_keyboard(
    visits,
):
    client, therapist = windows_of(visits)
    open_part(therapist, "agreement/")
    therapist.locator("summary", has_text="Begin with").click()
    visits.look_over(therapist)
    therapist.get_by_label("Minutes").fill("45")
    therapist.get_by_role("button", name="Propose it").click()
    expect(therapist.get_by_text("Your proposal waits for them")).to_be_visible()
    visits.look_over(therapist)

    open_part(client, "")
    client.get_by_role("link", name="Look at it").click()
    expect(client.locator("ins", has_text="45 minutes")).to_be_visible()
    visits.look_over(client, opened=True)
    tab_to(client, client.get_by_role("button", name="I accept it"))
    press(client, "Enter")

    expect(client.get_by_text("45 minutes, weekly")).to_be_visible()
    expect(client.get_by_role("button", name="I accept it")).to_have_count(0)
    visits.look_over(client, opened=True)
    therapist.reload()
    expect(therapist.get_by_role("heading", name="Before")).to_be_visible()


def test_the_client_is_asked_first_and_either_withdraws_in_one_tap(visits):
    client, therapist = windows_of(visits)
    for window in (client, therapist):
        open_part(window, "consent/")
    asked = therapist.locator("#recording")
    expect(asked).to_contain_text("Nothing is asked of you at present.")
    visits.look_over(client, opened=True)

    client.locator("#recording").get_by_role("button", name="Yes").first.click()
    therapist.reload()
    asked.get_by_role("button", name="Yes").click()
    expect(asked).to_contain_text("You have both said so")
    visits.look_over(therapist, opened=True)
    client.reload()
    expect(client.locator("#recording")).to_contain_text("You have both said so")
    client.locator("#recording").get_by_role("button", name="Withdraw").click()

    expect(client.locator("#recording")).not_to_contain_text("You have both said so")
    visits.look_over(client, opened=True)
    therapist.reload()
    expect(asked).not_to_contain_text("You have both said so")


def test_how_the_client_would_like_to_work_is_put_down_and_shared_by_keyboard(visits):
    client, therapist = windows_of(visits)
    client.get_by_role("link", name="Choices").click()
    client.get_by_role("link", name="Put it down, or change it").click()
    visits.look_over(client)
    line = client.get_by_role("slider", name="I would like us to go")
    tab_to(client, line)
    press(client, "Home")
    tab_to(client, client.get_by_role("button", name="Keep it"))
    press(client, "Enter")
    expect(client.get_by_text("Only you see it.")).to_be_visible()
    client.get_by_role("button", name="Let therapist-T see it").click()
    visits.look_over(client)

    therapist.reload()

    expect(therapist.get_by_text("More slowly")).to_be_visible()
    visits.look_over(therapist)
    for window in (client, therapist):
        open_part(window, "preferences/together/")
        expect(window.get_by_text("More slowly")).to_be_visible()
        visits.look_over(window)


def test_all_is_deleted_after_what_goes_and_what_stays_is_said(visits):
    client = visits.come_in("client-A", size=SMALL)
    open_part(client, "private/")
    client.get_by_role("textbox", name="Something for my journal").fill("For myself.")
    client.get_by_role("button", name="Keep it", exact=True).click()
    open_part(client, "consent/")
    client.locator("summary", has_text="End it, and delete").click()
    expect(client.get_by_text("What stays in any case: their own")).to_be_visible()
    expect(client.get_by_text("Your journal: you choose.")).to_be_visible()
    visits.look_over(client, opened=True)
    client.get_by_role("button", name="Delete all but my journal").click()
    expect(client.get_by_text("is kept here but your journal")).to_be_visible()
    visits.look_over(client)
    client.get_by_role("link", name="Read your journal").click()
    expect(client.get_by_text("For myself.")).to_be_visible()
    expect(client.get_by_role("textbox")).to_have_count(0)
    visits.look_over(client)
    open_part(client, "consent/")
    client.get_by_role("button", name="Delete my journal, too").click()

    expect(client.get_by_text("Nothing of yours is kept here.")).to_be_visible()
    visits.look_over(client, opened=True)
    open_part(client, "")
    expect(client.get_by_text("nothing more of yours be kept here")).to_be_visible()
    visits.look_over(client)

    open_part(client, "consent/")
    client.get_by_role("button", name="Keep what I write from now on").click()
    open_part(client, "")
    expect(client.get_by_role("button", name="Look back on it")).to_be_visible()
