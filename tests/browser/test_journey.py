"""From two links to what is open between two people, in two windows at once."""

from dataclasses import dataclass, field

import pytest
from playwright.sync_api import expect

from browser.product import (
    LARGE,
    POLL,
    SMALL,
    be_willing,
    done,
    go_to_pair,
    look_back,
    opened_item,
    own_words,
    pick,
    slide,
    write,
)

pytestmark = pytest.mark.browser

PHONE = {"size": SMALL, "colours": "dark"}
DESK = {"size": LARGE, "colours": "light"}
CHANGED = "This page has changed for you both."
SAYS = {
    "client": ("The dog on the stairs.", "To go slower", "More quiet"),
    "therapist": ("Her laugh, at last.", "To go slower", "To ask more"),
}


@dataclass
class Windows:
    """Two windows of each person: on one session, and on the two of them."""

    visits: object
    client: object
    therapist: object
    looked_over: object
    of_two: dict = field(default_factory=dict)

    @property
    def of_session(self):
        """The windows on the session."""
        return (self.client, self.therapist)

    def look_over(self, page):
        """Look a page over, if it is the one of the two whose pages are looked over."""
        if page is self.looked_over:
            self.visits.look_over(page, opened=True)

    def look_back(self, seat):
        """Answer with sliders, a choice, its reasons, chips and a line."""
        page, (line, *chips) = getattr(self, seat), SAYS[seat]
        look_back(page)
        slide(page, "open", 0.97 if seat == "client" else 0.02)
        slide(page, "deep", 0.5)
        pick(page, "unsaid", "A little")
        expect(page.get_by_text("What kept it unsaid?")).to_be_visible()
        pick(page, "unsaid_why", "It wasn't the time")
        pick(page, "need", *chips)
        write(page, "line", line)
        self.look_over(page)
        done(page)
        expect(page.get_by_role("heading", name="That’s it.")).to_be_visible()

    def what_the_client_is_shown(self):
        """Return what both of the client's windows show, once each has asked again."""
        two = self.of_two["client"]
        with _asks(two) as one, _asks(self.client) as other:
            pass
        assert {one.value.status, other.value.status} == {204}
        return _part(self.client, "#session-ours"), _part(two, "#ours")


def _asks(page):
    return page.expect_response(lambda r: "/ours/?" in r.url, timeout=POLL)


def _part(page, region):
    """Return the part of a page that changes by itself, as it stands."""
    expect(page.locator(f"{region}.htmx-request")).to_have_count(0)
    return page.locator(region).evaluate("e => e.getAttribute('hx-vals') + e.innerHTML")


def _of_mine(item):
    """Unfold what one may do with an answer of one's own."""
    if not item.get_by_role("textbox").is_visible():
        item.get_by_text("Mine: a later thought").click()
    return item


def test_what_both_answered_opens_and_closes_in_all_windows_at_once(visits):
    who = {"client": "client-D", "therapist": "therapist-T"}
    looks = {"client": PHONE, "therapist": DESK}
    of_session = {seat: visits.come_in(who[seat], **looks[seat]) for seat in who}
    of_two = {seat: visits.come_in(who[seat], **looks[seat]) for seat in who}
    for page in (of_session["therapist"], of_two["therapist"]):
        go_to_pair(page, who["client"])
    windows = Windows(
        visits, **of_session, of_two=of_two, looked_over=of_session["client"]
    )

    _the_client_is_done_and_willing(windows)
    _until_the_other_is_willing_nothing_is_told(windows)
    _then_it_opens_everywhere_at_once(windows)
    _a_later_thought_reaches_the_other(windows)
    _one_is_taken_back(windows)
    _all_of_it_is_closed(windows)


def _the_client_is_done_and_willing(windows):
    windows.look_back("client")
    wrote = own_words(windows.client)
    be_willing(windows.client)
    windows.look_over(windows.client)

    assert wrote["How open could I be today?"] == "Completely"
    assert wrote["How deep did we go?"] == "about half way"
    assert wrote["What kept it unsaid?"] == "It wasn't the time"
    assert wrote["What do I need next time?"] == "To go slower, More quiet"
    assert wrote["A line to remember"] == SAYS["client"][0]


def _until_the_other_is_willing_nothing_is_told(windows):
    before = windows.what_the_client_is_shown()
    windows.look_back("therapist")

    assert windows.what_the_client_is_shown() == before
    expect(windows.therapist.locator("#session-ours li")).to_have_count(0)


def _then_it_opens_everywhere_at_once(windows):
    stay = (windows.client, *windows.of_two.values())
    for page in stay:
        page.evaluate("window.stays = true")
    be_willing(windows.therapist)

    for page in windows.of_session:
        line = opened_item(page, "A line to remember")
        expect(line).to_contain_text(SAYS["client"][0], timeout=POLL)
        expect(line).to_contain_text(SAYS["therapist"][0])
        expect(page.locator("#session-ours")).not_to_contain_text("kept it unsaid")
    for page in windows.of_two.values():
        expect(page.get_by_text(CHANGED)).to_have_count(1, timeout=POLL)
    assert all(page.evaluate("window.stays") for page in stay)
    opened = opened_item(windows.client, "How open could I be today?")
    assert opened.locator("dd").all_inner_texts() == ["Completely", "Hardly at all"]
    for page in windows.of_session:
        windows.look_over(page)


def _a_later_thought_reaches_the_other(windows):
    line = _of_mine(opened_item(windows.client, "A line to remember"))
    line.get_by_role("textbox").fill("He is called Odd.")
    line.get_by_role("button", name="Put it beside").click()

    expect(opened_item(windows.client, "A line to remember")).to_contain_text(
        "you: He is called Odd."
    )
    expect(opened_item(windows.therapist, "A line to remember")).to_contain_text(
        "they: He is called Odd.", timeout=POLL
    )
    assert SAYS["client"][0] in _they_see(windows.client)


def _one_is_taken_back(windows):
    """The other is writing in that moment: their page changes once they are done."""
    for page in windows.of_two.values():
        page.reload()
    draft = _of_mine(opened_item(windows.therapist, "How deep did we go?"))
    draft.get_by_role("textbox").fill("I wonder")
    line = _of_mine(opened_item(windows.client, "A line to remember"))
    line.get_by_role("button", name="Take mine back").click()

    expect(opened_item(windows.client, "A line to remember")).to_have_count(0)
    with _asks(windows.therapist) as answer:
        pass
    assert answer.value.status == 200
    expect(draft.get_by_role("textbox")).to_have_value("I wonder")
    draft.get_by_role("textbox").fill("")
    draft.get_by_role("textbox").blur()
    expect(opened_item(windows.therapist, "A line to remember")).to_have_count(
        0, timeout=POLL
    )
    expect(opened_item(windows.therapist, "How deep did we go?")).to_have_count(1)
    assert SAYS["client"][0] not in _they_see(windows.client)


def _all_of_it_is_closed(windows):
    windows.client.get_by_role("button", name="Not after all").click()

    for page in windows.of_session:
        expect(page.locator("#session-ours li")).to_have_count(0, timeout=POLL)
    for page in windows.of_two.values():
        expect(page.get_by_text(CHANGED)).to_have_count(1, timeout=POLL)


def _they_see(page):
    """Look up what the other can see now, and come back."""
    page.get_by_role("link", name="They see").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("can they see")
    seen = page.locator("main").inner_text()
    page.go_back()
    expect(page.locator("#session-ours")).to_be_visible()
    return seen


def test_a_form_left_open_on_another_device_takes_nothing_back(visits):
    phone = visits.come_in("client-R", size=SMALL)
    laptop = visits.come_in("client-R")
    look_back(phone)

    look_back(laptop)
    slide(laptop, "open", 0.97)
    write(laptop, "line", "Written on the laptop.")
    done(laptop)
    slide(phone, "deep", 0.02)
    done(phone)

    wrote = own_words(phone)
    assert wrote["How open could I be today?"] == "Completely"
    assert wrote["How deep did we go?"] == "On the surface"
    assert wrote["A line to remember"] == "Written on the laptop."


def test_words_that_came_too_late_are_given_back(visits):
    """The item opened while the form was being written in."""
    therapist = visits.come_in("therapist-T")
    go_to_pair(therapist, "client-M")
    client = visits.come_in("client-M", size=SMALL)
    for page in (client, therapist):
        look_back(page)
        write(page, "line", "First words.")
        done(page)
    be_willing(client)
    late = client.context.new_page()
    late.goto(client.url)
    late.get_by_role("link", name="Add to it or change it").click()
    be_willing(therapist)

    write(late, "line", "Better words.")
    slide(late, "deep", 0.97)
    done(late)

    expect(late.get_by_role("heading", level=1)).to_have_text("Kept, but for a part")
    expect(late.locator("main q")).to_have_text("Better words.")
    visits.look_over(late)
    late.get_by_role("button", name="Go on").click()
    assert own_words(late)["A line to remember"] == "First words."
    assert own_words(late)["How deep did we go?"] == "Very deep"
    visits.refusals.remove(409)
