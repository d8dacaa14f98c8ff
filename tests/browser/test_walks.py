"""Two walks by keyboard alone, on a phone's width: a first hour, and a first week.

What is opened by hand is the one address of each: all else is typed.
"""

import re

import pytest
from playwright.sync_api import expect

from browser.practice import CRISIS, NAME, Device
from browser.product import POLL, SMALL, Visits, opened_item, tab_to
from browser.walking import Walk

pytestmark = pytest.mark.browser

MOST_FIELDS, MOST_WORDS = 12, 600
"""What a therapist may be asked for, and given to read, in their first hour: at the
terminal, where they set the practice up and serve it, and on its pages."""

RECORDING = "#recording"
EVERYWHERE = Visits.look_over
"""Large and small, by day and by night: for pages that only the first hour has."""

KEPT_BACK = ("pebbles", "By the sea", "asked to be asked", "said no for")
"""Of what the client did and wrote, what no page of the therapist may hold."""

OF_THE_PAIR = (
    *("", "1/", "1/reflect/", "mine/", "they-see/", "choices/", "sessions/", "room/"),
    *(
        "agreement/",
        "consent/",
        "recordings/",
        "transcripts/",
        "preferences/together/",
        "private/",
        "reach/",
        "invitation/",
    ),
)


def test_a_therapists_first_hour_and_a_clients_first_week(people, practice):
    terminal, address = practice
    therapist = Walk(people, people.arrive(address, size=SMALL), terminal)
    link = _first_hour(therapist)
    _an_agreement_is_proposed(therapist)
    client = Walk(people, people.arrive(link, size=SMALL, colours="dark"))
    _the_client_comes(client)
    _reads_what_is_asked_and_agrees(client)
    _looks_back(client)
    _writes_and_finds(client)
    _sends_a_card_and_finds_help(client)
    _says_how_they_would_like_to_work(client)
    _it_opens_for_both(client, therapist)
    _one_is_taken_back(client, therapist)
    _the_therapist_sees_nothing_else(therapist)
    _the_link_is_used_up(people, link)


def _first_hour(walk):
    """From the first address to an invitation; count what was asked."""
    page = walk.page
    device = Device(page)
    walk.at("Your invitation", look=EVERYWHERE)
    assert "#" not in page.url  # it has been taken out of the address
    walk.press("Go on")
    walk.at("Welcome to your practice", look=EVERYWHERE)
    walk.press("I am new here")
    walk.at("How you sign in", look=EVERYWHERE)
    walk.press("Make a passkey")
    walk.at("Recovery codes", look=EVERYWHERE)
    assert page.locator(".recovery-codes li").count() == 10
    walk.press("I have them. Go on")
    walk.at("My people", look=EVERYWHERE)
    walk.press("Invite somebody")
    walk.at("Your practice", look=EVERYWHERE)
    _left_and_gone_on_with(walk, device)
    page = walk.page
    walk.press("Keep it, and go on")
    walk.at("Inviting somebody", look=EVERYWHERE)
    walk.write("They are called", "K.")
    walk.write("You meet first", "01052026", "0200PM")
    walk.press("Keep a seat free for them")
    walk.at("The invitation for K.", look=EVERYWHERE)
    walk.press("Make the invitation")
    expect(page.locator(".qr-code svg")).to_be_visible()
    expect(page.get_by_text("no other device can reach it")).to_be_visible()
    walk.at("The invitation for K.", look=EVERYWHERE)

    assert walk.n_fields <= MOST_FIELDS, walk.pages
    assert walk.n_words <= MOST_WORDS, (walk.n_words, walk.pages)
    return page.locator(".invitation-link").inner_text()


def _left_and_gone_on_with(walk, device):
    """Type some words, leave; come again in another browser, and find them there."""
    walk.write("What the practice is called", NAME)
    walk.write("For yourself: your supervisor", "Made up: ring S.")
    walk.press("Keep it, and go on")
    kept = walk.page.get_by_role("status").filter(has_text="What you filled in is kept")
    expect(kept).to_be_visible()
    walk.people.look_over(walk.page)
    home, passkeys = walk.page.url.partition("/practice")[0], device.passkeys()
    walk.page.close()

    walk.page = walk.people.arrive(home, size=SMALL)
    Device(walk.page).take(passkeys)
    walk.press("Sign in with a passkey")
    walk.press("Invite somebody")
    walk.again_at(NAME)
    supervisor = walk.page.get_by_label("For yourself: your supervisor")
    expect(supervisor).to_have_value("Made up: ring S.")
    walk.write("For a client who needs someone now", CRISIS)
    walk.write("For yourself: who looks after you", "Made up: ring W.")


def _an_agreement_is_proposed(walk):
    walk.press("Done")
    walk.at("You and K.")
    walk.follow("Begin with it")
    walk.at("What we agreed")
    walk.press("Propose it", back=True)
    expect(walk.page.get_by_text("Your proposal waits for them")).to_be_visible()


def _the_client_comes(walk):
    Device(walk.page)
    walk.press("Go on")
    walk.at(re.compile("invites you to look back together"))
    walk.press("I am new here")
    walk.again_at("How you sign in")
    walk.press("Make a passkey")
    walk.press("I have them. Go on")
    walk.at("You and your therapist")


def _reads_what_is_asked_and_agrees(walk):
    """An agreement accepted, a recording declined, a yes given and withdrawn."""
    page = walk.page
    walk.follow("Look at it")
    walk.at("What we agreed")
    walk.press("I accept it")
    expect(page.get_by_text("50 minutes, weekly")).to_be_visible()
    walk.follow("Choices")
    walk.at("My choices")
    walk.follow("Look at it, or change it")
    walk.at("What I have said yes to")
    walk.press("No", within=RECORDING)
    expect(page.locator(RECORDING)).to_contain_text("You have said no")
    walk.press("Yes", within="#supervision")
    expect(page.locator("#supervision")).to_contain_text("You have said yes")
    walk.press("Withdraw", within="#supervision")
    expect(page.locator("#supervision")).to_contain_text("You have not said yes")
    walk.unfold("Day by day", back=True)
    words = page.locator("details ul").last.locator("li")
    expect(words).to_have_count(3)
    walk.people.look_here(page)


def _looks_back(walk):
    """Six questions, "ask me again", and what would help after leaving stirred up."""
    page = walk.page
    walk.follow("The two of you")
    walk.press("Look back on it")
    expect(page.locator("form.reflect")).to_be_visible()
    walk.slide("open", "End")
    walk.slide("understood", "Home")
    walk.slide("safe", "End")
    walk.choose("unsaid", 1)
    walk.choose("unsaid_why")
    walk.mark(page.locator("input[name=then]").first, 1)
    walk.slide("here", "End")
    walk.slide("deep", "Home")
    walk.write("A line to remember", "By the window.")
    walk.unfold("Something else to answer?")
    walk.slide("leaving", "End")
    walk.people.look_here(page)
    walk.press("Done")
    walk.at("You are leaving stirred up")
    walk.write("What would help before your next thing?", "By the sea.")
    walk.press("Keep it")
    expect(page.locator(".own-words")).to_contain_text("By the sea.")
    walk.people.look_here(page)
    walk.follow("The two of you")
    walk.at("You and your therapist")
    expect(page.get_by_text("You asked to be asked again")).to_be_visible()


def _writes_and_finds(walk):
    page = walk.page
    walk.follow("Only mine")
    walk.at("Only you see this")
    walk.follow("My journal")
    walk.write("Something for my journal", "My pockets full of pebbles.")
    walk.press("Keep it")
    walk.write("Find in", "pebbles")
    walk.press("Find")
    expect(page.locator("mark")).to_have_text("pebbles")
    assert "pebbles" not in page.url
    walk.at("Only you see this")


def _sends_a_card_and_finds_help(walk):
    page = walk.page
    walk.follow("Choices")
    walk.press("Send it")
    expect(
        page.get_by_text("It waits until your next session is planned")
    ).to_be_visible()
    walk.follow("Need someone now?")
    walk.at("Need someone now?")
    expect(page.get_by_text("Ring the practice on its own line")).to_be_visible()
    assert "ring S." not in page.get_by_role("dialog").inner_text()
    walk.follow("What happens if I tell?")
    walk.at("What happens if I tell?")
    expect(page.get_by_text("stays between the two of us")).to_be_visible()
    walk.press("Back to my page")
    walk.follow("Duologue")


def _says_how_they_would_like_to_work(walk):
    page = walk.page
    walk.follow("Choices")
    walk.follow("Put it down, or change it")
    walk.at("How I would like to work")
    tab_to(page, page.get_by_role("slider").first)
    page.keyboard.press("Home")
    walk.press("Keep it")
    expect(page.get_by_text("Only you see it.")).to_be_visible()
    walk.press("Let your therapist see it")
    expect(page.get_by_text("on the page of the two of you")).to_be_visible()


def _it_opens_for_both(client, therapist):
    therapist.follow("Duologue")
    therapist.follow("K.")
    expect(therapist.page.get_by_text("More slowly")).to_be_visible()
    therapist.press("Look back on it")
    therapist.slide("open", "Home")
    therapist.write("A line to remember", "The silence.")
    therapist.press("Done")
    therapist.press("I am willing")
    expect(therapist.page.get_by_text("You are willing.")).to_be_visible()
    assert "By the window." not in therapist.page.content()

    client.follow("The two of you")
    client.follow("what you wrote")
    client.press("I am willing")
    for walk in (client, therapist):
        line = opened_item(walk.page, "A line to remember")
        expect(line).to_contain_text("By the window.", timeout=POLL)
        expect(line).to_contain_text("The silence.")
        walk.people.look_here(walk.page)


def _one_is_taken_back(client, therapist):
    line = "Mine: a later thought, or take it back: A line to remember"
    client.unfold(line)
    client.press("Take mine back : A line to remember")

    for walk in (client, therapist):
        gone = opened_item(walk.page, "A line to remember")
        expect(gone).to_have_count(0, timeout=POLL)
        expect(walk.page.locator("#session-ours li")).to_have_count(1)


def _the_therapist_sees_nothing_else(walk):
    pair = re.match(r"https?://[^/]+/with/[^/]+/", walk.page.url)[0]
    for address in OF_THE_PAIR:
        page = walk.page.request.get(pair + address)
        assert page.status == 200, address
        found = [
            words for words in (*KEPT_BACK, "By the window") if words in page.text()
        ]
        assert found == [], address
    walk.follow("Need someone now?", back=True)
    walk.at("Need someone now?")
    expect(walk.page.get_by_text("Made up: ring S.")).to_be_visible()
    expect(walk.page.get_by_text("Made up: ring W.")).to_be_visible()


def _the_link_is_used_up(people, link):
    late = Walk(people, people.arrive(link, size=SMALL))
    late.press("Go on")

    expect(late.page.get_by_role("alert")).to_contain_text(
        "was used, or its time is over"
    )
    people.refusals.remove(409)
