"""A practice of real people, from its first hour on: in a browser with a passkey.

A virtual authenticator stands for the device that asks for a finger or a PIN.
"""

import re

import pytest
from playwright.sync_api import expect

from browser.product import LARGE, SMALL, Visits
from browser.stage import on_stage
from browser.terminal import Terminal

pytestmark = pytest.mark.browser

PASSPHRASE = "correct horse battery staple"  # noqa: S105
LINK = re.compile(r"http://localhost:\d+/join/#\S+")
MOST_FIELDS, MOST_WORDS = 12, 600
"""What a therapist may be asked for, and given to read, in their first hour: at the
terminal, where they set the practice up and serve it, and on its pages."""

CRISIS = "Ring the practice on its own line (made up)."

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def terminal(tmp_path_factory):
    """Where somebody sets a practice up and serves it, as the guide says."""
    return Terminal(tmp_path_factory.mktemp("elm"))


@pytest.fixture(scope="module")
def address(terminal):
    """That practice, served; the address for the first who comes."""
    with terminal.running("setup") as setup:
        setup.answer("New passphrase: ", PASSPHRASE)
        setup.answer("once more: ", PASSPHRASE)
        assert setup.end() == 0
    with terminal.running("serve", "practice", "--port", "0") as serve:
        serve.answer("Passphrase of the practice: ", PASSPHRASE)
        yield LINK.search(serve.hear("Ctrl-C stops it."))[0]


@pytest.fixture(scope="module")
def people(chromium, address):
    """Browsers of the people of that practice; at the end nothing went wrong."""
    made = Visits(chromium, {})
    yield made

    on_stage(made.leave)
    assert made.trouble == []
    assert made.refusals == []


def with_device(page, **other):
    """Give a browser a device that asks who one is; return how it is spoken to."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"options": {**DEVICE, **other}}
    made = session.send("WebAuthn.addVirtualAuthenticator", options)
    return session, made["authenticatorId"]


def kept_by(device):
    """Return the passkeys that a device keeps."""
    session, made = device
    found = session.send("WebAuthn.getCredentials", {"authenticatorId": made})
    return found["credentials"]


def take_along(passkeys, page):
    """Give another browser the same device."""
    there, other = with_device(page)
    for each in passkeys:
        given = {"authenticatorId": other, "credential": each}
        there.send("WebAuthn.addCredential", given)


def press(page, name):
    """Press a button, or a link that looks like one, by the keyboard."""
    button = page.get_by_role("button", name=name, exact=True).first
    button.focus()
    page.wait_for_load_state()  # what makes a passkey is a script
    page.keyboard.press("Enter")


class Walk:
    """A way through pages: what somebody is asked for and given to read on it."""

    def __init__(self, people, page, terminal):
        self.people, self.page = people, page
        self.n_fields, self.n_words = len(terminal.typed), len(terminal.said.split())
        self.pages = [("the terminal", self.n_fields, self.n_words)]

    def at(self, heading):
        """Arrive at a page, look it over, and count what is on it."""
        page = self.page
        there = page.get_by_role("heading", name=heading, level=1)
        expect(there).to_be_visible()
        n_fields, n_words = page.evaluate(COUNT)
        self.n_fields += n_fields
        self.n_words += n_words
        self.pages.append((heading, n_fields, n_words))
        self.people.look_over(page)

    def press(self, name, heading):
        """Press a button, and arrive."""
        press(self.page, name)
        self.at(heading)


COUNT = """() => {
    const seen = e => e.checkVisibility() && e.type !== 'hidden';
    const fields = [...document.querySelectorAll('main :is(input, textarea, select)')]
        .filter(seen);
    const once = new Set(fields.map(e => e.type === 'radio' ? e.name : e));
    const words = text => text.split(/\\s+/).filter(w => w).length;
    const written = [...document.querySelectorAll('main textarea')].map(e => e.value);
    const shown = document.querySelector('main').innerText;
    return [once.size, words([shown, ...written].join(' '))];
}"""
"""Counts fields, options of one question as one, and words, those in the fields too."""


def test_the_first_hour_and_the_first_week(people, terminal, address):
    walk = Walk(people, people.arrive(address, size=SMALL), terminal)
    link = _first_hour(people, walk)
    client = people.arrive(link, size=SMALL, colours="dark")
    _client_comes(people, client)
    _client_looks_back_and_wants_help(people, client)
    _therapist_sees_nothing_of_it(people, walk.page)
    _signs_in_again(people, client)
    _the_link_is_used_up(people, link)


def _first_hour(people, walk):
    """From the first address to an invitation; count what was asked."""
    page = walk.page
    device = with_device(page)
    walk.at("Your invitation")
    assert "#" not in page.url  # it has been taken out of the address
    walk.press("Go on", "Welcome to your practice")
    walk.press("I am new here", "How you sign in")
    walk.press("Make a passkey", "Recovery codes")
    assert page.locator(".recovery-codes li").count() == 10
    walk.press("I have them. Go on", "My people")
    walk.press("Invite somebody", "Your practice")
    page = walk.page = _left_and_gone_on_with(people, page, device)
    walk.press("Keep it, and go on", "Inviting somebody")
    page.get_by_label("They are called").fill("K.")
    page.get_by_label("You meet first").fill("2026-01-05T14:00")
    walk.press("Keep a seat free for them", "The invitation for K.")
    press(page, "Make the invitation")
    expect(page.locator(".qr-code svg")).to_be_visible()
    expect(page.get_by_text("no other device can reach it")).to_be_visible()
    walk.at("The invitation for K.")

    assert walk.n_fields <= MOST_FIELDS, walk.pages
    assert walk.n_words <= MOST_WORDS, (walk.n_words, walk.pages)
    return page.locator(".invitation-link").inner_text()


def _left_and_gone_on_with(people, page, device):
    """Type some words, leave; come again in another browser, and find them there."""
    page.get_by_label("What the practice is called").fill("Elm (made up)")
    page.get_by_label("For yourself: your supervisor").fill("Made up: ring S.")
    press(page, "Keep it, and go on")
    expect(page.get_by_role("status")).to_contain_text("What you filled in is kept")
    people.look_over(page)
    start = page.url.partition("/practice")[0]
    taken = kept_by(device)
    page.close()

    page = people.arrive(start, size=SMALL)
    take_along(taken, page)
    press(page, "Sign in with a passkey")
    press(page, "Invite somebody")
    expect(page.get_by_role("heading", name="Elm (made up)")).to_be_visible()
    supervisor = page.get_by_label("For yourself: your supervisor")
    expect(supervisor).to_have_value("Made up: ring S.")
    expect(page.get_by_role("status").get_by_role("link")).to_have_count(2)
    page.get_by_label("For a client who needs someone now").fill(CRISIS)
    page.get_by_label("For yourself: who looks after you").fill("Made up: ring W.")
    return page


def _client_comes(people, page):
    with_device(page)
    press(page, "Go on")
    expect(page.get_by_text("Here you are called K.")).to_be_visible()
    people.look_over(page)
    press(page, "I am new here")
    press(page, "Make a passkey")
    press(page, "I have them. Go on")
    expect(page.get_by_role("heading", name="You and your therapist")).to_be_visible()
    people.look_over(page)


def _client_looks_back_and_wants_help(people, page):
    press(page, "Look back on it")
    page.get_by_role("textbox", name="A line to remember").fill(
        "The dog on the stairs."
    )
    press(page, "Done")
    expect(page.get_by_role("heading", name="That’s it.")).to_be_visible()

    page.get_by_role("link", name="Need someone now?").click()
    expect(page.get_by_text("Ring the practice on its own line")).to_be_visible()
    assert "ring S." not in page.inner_text("main")
    people.look_over(page)
    page.get_by_role("link", name="What happens if I tell?").click()
    expect(page.get_by_text("stays between the two of us")).to_be_visible()
    people.look_over(page)


def _therapist_sees_nothing_of_it(people, page):
    press(page, "Done")
    expect(page.get_by_role("heading", name="You and K.")).to_be_visible()
    assert "dog" not in page.content()
    page.get_by_role("link", name="Need someone now?").click()
    expect(page.get_by_text("Made up: ring S.")).to_be_visible()
    expect(page.get_by_text("Made up: ring W.")).to_be_visible()


def _signs_in_again(people, page):
    page.get_by_role("link", name="Account").click()
    expect(page.get_by_role("heading", name="My account")).to_be_visible()
    people.look_over(page)
    page.get_by_role("link", name="Another passkey, for another device").click()
    expect(page.get_by_role("heading", name="A passkey", exact=True)).to_be_visible()
    press(page, "Leave")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    people.look_over(page)

    press(page, "Sign in with a passkey")

    expect(page.get_by_role("heading", name="You and your therapist")).to_be_visible()
    page.get_by_role("link", name="Account").click()
    page.get_by_role("link", name="Recovery codes").click()
    expect(page.get_by_role("heading", name="Is it you?")).to_be_visible()
    people.look_over(page)
    press(page, "Use my passkey")
    expect(page.get_by_text("10 of 10 are left")).to_be_visible()
    page.go_back()


def _the_link_is_used_up(people, link):
    late = people.arrive(link, size=LARGE)
    press(late, "Go on")

    expect(late.get_by_role("alert")).to_contain_text("was used, or its time is over")
    people.refusals.remove(409)


def test_a_device_that_does_not_ask_who_one_is_makes_no_passkey(people, address):
    page = people.arrive(f"{address.partition('/join')[0]}/sign-in/", size=LARGE)
    with_device(page, isUserVerified=False)

    press(page, "Sign in with a passkey")

    page.wait_for_timeout(500)
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    people.trouble[:] = [said for said in people.trouble if "NotAllowed" not in said]
