"""Looking back together in the room: a code, two taps, one page for the two."""

import re

import pytest
import segno
from playwright.sync_api import expect

from browser.product import POLL, SMALL, done, go_to_pair, look_back, slide

pytestmark = pytest.mark.browser


def test_two_people_open_a_page_for_two_with_a_code(visits):
    therapist = visits.come_in("therapist-T")
    go_to_pair(therapist, "client-A")
    client = visits.come_in("client-A", size=SMALL)
    for page, share in ((client, 0.97), (therapist, 0.5)):
        look_back(page)
        slide(page, "open", share)
        done(page)
        page.get_by_role("link", name="Room").click()
    visits.look_over(client)

    therapist.get_by_role("button", name="Show a code").click()
    code = re.sub(r"\D", "", therapist.locator(".code").inner_text())
    drawn = therapist.locator(".qr-code path").last.get_attribute("d")
    visits.look_over(therapist)
    scanned = segno.make(f"{therapist.url}#{code}", micro=False)
    assert drawn in scanned.svg_inline(scale=5, border=2, omitsize=True)

    # The client scans it: the field is filled, and nobody can read the address bar.
    room = client.url
    client.goto("about:blank")
    client.goto(f"{room}#{code}")
    expect(client.get_by_label("Or type the code")).to_have_value(code)
    expect(client).to_have_url(room)
    client.get_by_role("button", name="I am willing, here and now").click()
    expect(client.get_by_text("You have tapped.")).to_be_visible()
    visits.look_over(client)
    expect(therapist.get_by_text("tapped")).to_have_count(0)
    therapist.get_by_role("button", name="I am willing, here and now").click()

    # Both pages are the page for two; the client's changed by itself.
    for page in (client, therapist):
        question = page.locator(".one-question")
        expect(question).to_be_visible(timeout=POLL)
        expect(question).to_have_text(re.compile(r"^[^?]+\?$"))
    assert (
        client.locator(".one-question").inner_text()
        == therapist.locator(".one-question").inner_text()
    )
    words = client.locator("#room li", has_text="How open could I be").locator("dd")
    assert words.all_inner_texts() == ["Completely", "about half way"]
    visits.look_over(client)
    visits.look_over(therapist)

    # Each puts it away for themselves, and the other is not told.
    client.get_by_role("button", name="Put it away").click()
    expect(client.get_by_role("heading", level=1)).to_contain_text("You and")
    therapist.reload()
    expect(therapist.locator(".one-question")).to_be_visible()
    therapist.get_by_role("button", name="Put it away").click()
    for page in (client, therapist):
        page.get_by_role("link", name="Room").click()
        expect(page.get_by_role("button", name="Show a code")).to_be_visible()
