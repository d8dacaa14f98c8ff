"""Signing in with everything but a first passkey, by hand: what holds, and what is refused.

Passkeys, as they are made and used first, are in the walks (tests/browser/test_walks.py).
"""

import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import expect

from browser.practice import WORDS, Device
from browser.product import LARGE, SMALL

pytestmark = pytest.mark.browser

PASSWORD = "a made-up password of some length"  # noqa: S105
WRONG = "Incorrect code."
HOME = "My people"
MORE_THAN_IDLE = "31:00"


@pytest.fixture
def address(practice):
    """The address for the first who comes."""
    return practice[1]


def press(page, name):
    """Press a button, or a link that looks like one."""
    page.get_by_role("button", name=name, exact=True).first.click()


def at(page, heading):
    """Arrive at a page."""
    there = page.get_by_role("heading", name=heading, level=1, exact=True)
    expect(there).to_be_visible()


class Account:
    """A way in by a password and an app's codes, and what its owner wrote down."""

    def __init__(self, home):
        self.home = home
        self.code = self.secret = ""
        self.recovery = []

    def app(self):
        """Return what the app shows now, and for some seconds more."""
        left = 30 - time.time() % 30
        if left < 8:
            time.sleep(left)
        return format_hotp_value(hotp_value(self.secret, int(time.time() // 30)))

    def password(self, people, password=PASSWORD, **options):
        """Open a new browser, and put in code and password."""
        page = people.arrive(f"{self.home}/sign-in/", **options)
        page.get_by_text("Without a passkey").click()
        page.get_by_label("Your code").fill(self.code)
        page.get_by_label("Your password").fill(password)
        press(page, "Go on")
        return page

    def second(self, page, proof):
        """Put in the second proof."""
        at(page, "One more step")
        page.get_by_label("The code that your app shows").fill(proof)
        press(page, "Sign in")

    def come_in(self, people, proof):
        """Sign in, in a browser that nobody has used before."""
        page = self.password(people)
        self.second(page, proof)
        return page


def join(people, address, *, look=False):
    """Come by an invitation, and make a password and an app's codes."""
    page = people.arrive(address, size=SMALL)
    account = Account(address.partition("/join/")[0])
    press(page, "Go on")
    press(page, "I am new here")
    page.get_by_role("link", name="a password, and an app’s codes").click()
    at(page, "A password, and an app’s codes")
    account.code = page.locator(".own-code").inner_text()
    if look:
        people.look_over(page)
    page.get_by_label("A new password").fill(PASSWORD)
    press(page, "Go on")
    at(page, "An app’s codes")
    account.secret = page.locator(".own-code").inner_text()
    if look:
        people.look_over(page)
    page.get_by_label("The code that it shows").fill(account.app())
    press(page, "Go on")
    at(page, "Recovery codes")
    account.recovery = page.locator(".recovery-codes li").all_inner_texts()
    press(page, "I have them. Go on")
    return page, account


def invite(page):
    """Give the practice its words, and invite a client; return the link."""
    press(page, "Invite somebody")
    for asked, words in WORDS.items():
        page.get_by_label(asked).fill(words)
    press(page, "Keep it, and go on")
    page.get_by_label("They are called").fill("K.")
    press(page, "Keep a seat free for them")
    press(page, "Make the invitation")
    return page.locator(".invitation-link").inner_text()


def test_the_other_way_in_and_what_becomes_of_each_part_of_it(people, address):
    here, mine = join(people, address, look=True)
    client, theirs = join(people, invite(here))
    there = _a_code_and_a_recovery_code_work_once(people, mine)
    _bad_tries_lock_one_account(people, mine, theirs)
    left_open = _left_open(here, "Duologue", HOME)
    first_device = _a_way_in_is_added_and_the_others_are_ended(people, there, mine)
    left_open.clock.fast_forward(MORE_THAN_IDLE)
    at(left_open, "Sign in")
    _ways_in_are_removed(people, there, first_device)
    _whoever_leaves_and_goes_back_is_shown_nothing(there)
    _a_passkey_shows_again_who_one_is(people, there)
    _a_lost_passkey_is_replaced_with_a_recovery_code(people, there, mine)
    _words_that_wait_outlast_a_visit(people, client)


def _left_open(page, link, heading):
    """Go to a page, whose clock can be moved from now on."""
    page.clock.install()
    page.get_by_role("link", name=link).first.click()
    at(page, heading)
    return page


def _a_code_and_a_recovery_code_work_once(people, mine):
    first = mine.password(people)
    people.look_over(first)
    shown = mine.app()
    mine.second(first, shown)
    at(first, HOME)
    again = mine.come_in(people, shown)
    expect(again.get_by_role("alert")).to_have_text(WRONG)
    people.look_over(again)
    mine.second(again, mine.recovery[0])
    at(again, HOME)
    late = mine.come_in(people, mine.recovery[0])
    expect(late.get_by_role("alert")).to_have_text(WRONG)
    return again


def _bad_tries_lock_one_account(people, mine, theirs):
    locked = mine.password(people, "not the password")
    for _ in range(5):
        page = locked.get_by_label("Your password")
        page.fill("not the password")
        press(locked, "Go on")
        expect(locked.get_by_role("alert")).to_be_visible()
    expect(locked.get_by_role("alert")).to_contain_text("Too many failed")
    people.look_over(locked)
    locked.get_by_label("Your password").fill(PASSWORD)
    press(locked, "Go on")
    expect(locked.get_by_role("alert")).to_contain_text("Too many failed")

    theirs.second(theirs.password(people), theirs.recovery[0])


def _a_way_in_is_added_and_the_others_are_ended(people, page, mine):
    device = Device(page)
    page.get_by_role("link", name="Account").click()
    at(page, "My account")
    people.look_over(page)
    page.get_by_role("link", name="A passkey", exact=True).click()
    at(page, "Is it you?")
    people.look_over(page)
    page.get_by_label("The code that your app shows").fill(mine.recovery[1])
    press(page, "Go on")
    at(page, "A passkey")
    press(page, "Make a passkey")
    at(page, "My account")
    expect(page.get_by_text("How you sign in has changed")).to_be_visible()
    people.look_over(page)
    press(page, "End all the others")
    expect(page.get_by_role("button", name="End it")).to_have_count(0)
    return device


def _ways_in_are_removed(people, page, first_device):
    """The app goes; a second passkey comes, and the first goes. The last one stays."""
    page.get_by_role("link", name="Remove the app").click()
    at(page, "No longer use an app’s codes?")
    people.look_over(page)
    press(page, "Remove them")
    expect(page.get_by_text("My password needs an app’s codes")).to_be_visible()
    expect(page.get_by_role("link", name="Remove")).to_have_count(0)

    first_device.remove()
    Device(page)
    page.get_by_role("link", name="Another passkey, for another device").click()
    press(page, "Make a passkey")
    page.get_by_role("link", name="Remove Passkey", exact=True).click()
    at(page, "Remove “Passkey”?")
    people.look_over(page)
    press(page, "Remove it")
    at(page, "My account")
    expect(page.get_by_role("link", name="Remove")).to_have_count(0)


def _whoever_leaves_and_goes_back_is_shown_nothing(page):
    press(page, "Leave")
    at(page, "Sign in")
    page.go_back()
    at(page, "Sign in")
    assert "passkey 2" not in page.content().lower()
    press(page, "Sign in with a passkey")  # the second one
    at(page, "My account")  # which was asked for
    page.get_by_role("link", name="Duologue").first.click()
    at(page, HOME)


def _a_passkey_shows_again_who_one_is(people, page):
    page.get_by_role("link", name="Account").click()
    page.get_by_role("link", name="Recovery codes").click()
    at(page, "Is it you?")
    people.look_over(page)
    press(page, "Use my passkey")
    expect(page.get_by_text("8 of 10 are left")).to_be_visible()
    people.look_over(page)


def _a_lost_passkey_is_replaced_with_a_recovery_code(people, therapist, mine):
    """Somebody has only a passkey, and what they wrote down; then only that."""
    therapist.goto(f"{mine.home}/practice/invite/")
    therapist.get_by_label("They are called").fill("L.")
    press(therapist, "Keep a seat free for them")
    press(therapist, "Make the invitation")
    link = therapist.locator(".invitation-link").inner_text()
    before = people.arrive(link, size=SMALL)
    Device(before)
    press(before, "Go on")
    press(before, "I am new here")
    press(before, "Make a passkey")
    at(before, "Recovery codes")
    own = before.locator(".own-code").inner_text()
    recovery = before.locator(".recovery-codes li").first.inner_text()

    page = people.arrive(f"{mine.home}/sign-in/", size=SMALL)
    Device(page)
    page.get_by_role("link", name="Use a recovery code").click()
    at(page, "Your device is lost")
    people.look_over(page)
    for code in ("0000-0000-0000-0000", recovery):
        page.get_by_label("Your own code").fill(own)
        page.get_by_label("A recovery code").fill(code)
        press(page, "Go on")
        if code != recovery:
            expect(page.get_by_role("alert")).to_contain_text("That does not fit")
            people.look_over(page)
    at(page, "How you sign in")
    press(page, "Make a passkey")
    at(page, "My account")
    expect(page.get_by_text("You came in with a recovery code")).to_be_visible()
    people.look_over(page)
    page.get_by_role("link", name="Remove Passkey", exact=True).click()
    press(page, "Remove it")
    at(page, "My account")
    before.reload()
    at(before, "Sign in")


def _words_that_wait_outlast_a_visit(people, page):
    """Of two windows that are left open one has words in it: that one stays."""
    watched = page.context.new_page()
    watched.goto(page.url)
    _left_open(page, "Only mine", "Only you see this")
    page.get_by_role("link", name="My journal").click()
    page.get_by_role("textbox", name="Something for my journal").fill("Half a thought")
    page.context.clear_cookies(name="seen")

    at(watched, "Sign in")  # it asks by itself, and is told
    page.clock.fast_forward(MORE_THAN_IDLE)
    press(page, "Keep it")
    at(page, "Once more, please")
    expect(page.get_by_text("Half a thought")).to_be_visible()
    assert {people.refusals.pop() for _ in (401, 403)} == {401, 403}
    people.trouble[:] = [said for said in people.trouble if "Code 401" not in said]


def test_a_button_for_a_passkey_is_there_once_a_press_is_listened_to(people, address):
    page = people.arrive("about:blank")
    held = []
    page.route("**/passkeys.js", lambda route: held.append(route))  # noqa: PLW0108
    page.goto(f"{address.partition('/join')[0]}/sign-in/", wait_until="commit")
    at(page, "Sign in")
    button = page.locator("#with-passkey")

    expect(page.locator("html.js")).to_have_count(1)
    expect(button).to_be_attached()
    expect(button).to_be_hidden()
    held[0].continue_()
    expect(button).to_be_visible()


def test_a_device_that_does_not_ask_who_one_is_signs_nobody_in(people, address):
    page = people.arrive(f"{address.partition('/join')[0]}/sign-in/", size=LARGE)
    Device(page, isUserVerified=False)

    with page.expect_event("console", lambda said: "NotAllowed" in said.text):
        press(page, "Sign in with a passkey")

    at(page, "Sign in")
    people.trouble[:] = [said for said in people.trouble if "NotAllowed" not in said]


def test_whoever_tries_codes_without_end_is_asked_to_wait(people, address):
    page = people.arrive(address.partition("#")[0], size=SMALL)
    page.evaluate(
        """async () => {
            const form = document.querySelector('form');
            form.code.value = 'no-such-code';
            const body = () => new URLSearchParams(new FormData(form));
            for (let i = 0; i < 30; i++)
                await fetch(form.action, {method: 'POST', body: body()});
        }"""
    )
    page.get_by_label("The code of your invitation").fill("no-such-code")
    press(page, "Go on")

    at(page, "Not just now")
    people.look_over(page)
    assert set(people.refusals) == {409, 429}
    people.refusals.clear()
