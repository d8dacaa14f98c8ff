"""Every page: for every reader, small and large, by day and by night, and on paper."""

import pathlib
import re

import pytest
from django.urls import resolve
from playwright.sync_api import expect

from app.test_matrix import ROUTES
from browser.product import (
    OPEN,
    SMALL,
    found_by_axe,
    go_to_pair,
    look_back,
    tab_to,
)

pytestmark = pytest.mark.browser

SIGNING_IN = "test_signing_in"
CALENDARS = pathlib.Path(__file__).parents[1] / "fixtures" / "calendars"

READERS = {
    "client": ("client-D", "therapist-T"),
    "therapist": ("therapist-T", "client-D"),
    "supervisee": ("therapist-T", "supervisor-S"),
    "supervisor": ("supervisor-S", "therapist-T"),
}
IN_THERAPY = ("client", "therapist")
OF_A_PAIR = (
    "",
    "before/",
    "wonder/",
    "mine/",
    "private/",
    "reach/",
    "they-see/",
    "sessions/",
    "room/",
    "choices/",
    "agreement/",
    "consent/",
    "recordings/",
    "transcripts/",
    "1/",
    "1/reflect/",
)
FOR_ALL = ("/help/", "/about/", "/sign-in/", "/me/reach/", "/me/note/")
OF_ONE = (
    *("/help/telling/", "/join/", "/me/", "/practice/", "/practice/invite/"),
    *("/me/ways-in/passkey/", "/me/ways-in/app/", "/me/codes/new/"),
    *("/me/password/new/", "/wondered/"),
)
"""Pages that are the same for everybody who may see them."""

IN_OTHER_TESTS = {
    **dict.fromkeys(("people", "enter", "frame", "calendar"), "here, further down"),
    "recording": "here, further down",
    "transcript": "test_transcripts",
    **dict.fromkeys(("join-as", "invitation", "mfa_view_recovery_codes"), SIGNING_IN),
    **dict.fromkeys(("private-page", "aftercare"), "test_private"),
    **dict.fromkeys(("preferences", "look-together"), "test_agreement"),
    **dict.fromkeys(("came-for", "form", "filled-form"), "test_came_for"),
    "practice-forms": "test_came_for",
    **dict.fromkeys(
        (
            *("mfa_authenticate", "by-password", "mfa_deactivate_totp"),
            *("mfa_remove_webauthn", "account_reauthenticate", "mfa_reauthenticate"),
            "recover",
        ),
        SIGNING_IN,
    ),
}
"""Pages over which another test looks."""

NOT_LOOKED_OVER = {
    **dict.fromkeys(("ours", "session-ours", "room-now"), "a part of another page"),
    **dict.fromkeys(
        ("mfa_index", "mfa_list_webauthn"), "other names of the account's page"
    ),
    "mfa_login_webauthn": "answers a script, and else leads to signing in",
    **dict.fromkeys(
        (
            *("account_change_password", "mfa_edit_webauthn"),
            "mfa_reauthenticate_webauthn",
        ),
        "made of the same few parts as those that are",
    ),
    "here": "says nothing, to a script",
    "recording-series": "numbers, to a script",
    **dict.fromkeys(("paper", "form-to-take"), "a file to keep"),
}
"""Pages over which no test looks in a browser, each with a word why."""


def test_every_page_is_looked_over_or_has_a_reason_why_not():
    of_a_pair = [resolve(f"/with/ref/{address}").url_name for address in OF_A_PAIR]
    of_all = [resolve(address).url_name for address in (*FOR_ALL, *OF_ONE)]
    pages = {name for name, row in ROUTES.items() if "GET" in row}

    looked_over = {*of_a_pair, *of_all, *IN_OTHER_TESTS}
    assert looked_over.isdisjoint(NOT_LOOKED_OVER)
    assert pages == looked_over | set(NOT_LOOKED_OVER)


@pytest.mark.parametrize("reader", READERS)
def test_axe_finds_nothing_on_any_page_of_a_pair(visits, reader):
    who, other = READERS[reader]
    page = visits.come_in(who, size=SMALL)
    go_to_pair(page, other)
    pair = page.url
    for address in OF_A_PAIR:
        page.goto(pair + address)
        expect(page.get_by_role("heading", level=1)).to_be_visible()

        # In supervision the same pages say other words: they are looked at as they stand.
        if reader in IN_THERAPY:
            visits.look_over(page, opened=True)
        else:
            visits.look_here(page)


@pytest.mark.parametrize("reader", IN_THERAPY)
def test_axe_finds_nothing_where_recordings_are_and_each_is_come_to_by_keyboard(
    visits, reader
):
    who, other = READERS[reader]
    page = visits.come_in(who, size=SMALL)
    go_to_pair(page, other)
    expect(page.get_by_text("beyond chance").first).to_be_visible()
    expect(page.locator("h3", has_text="Movements of session 16")).to_have_count(2)
    pair = page.url
    for number in (16, 19):
        page.goto(pair + "recordings/")
        tab_to(page, page.get_by_role("link", name=f"session {number}"))
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text(
            f"Session {number}: movement"
        )
        for name in ("The two series", "Window by window"):
            numbers = page.locator("summary", has_text=f"The numbers: {name}")
            tab_to(page, numbers)
            page.keyboard.press("Enter")
            expect(page.get_by_role("group", name=f"Table: {name}")).to_be_visible()
        visits.look_over(page)


@pytest.mark.parametrize("reader", IN_THERAPY)
def test_a_recording_is_looked_at_closer_by_keyboard_and_by_mouse(visits, reader):
    who, other = READERS[reader]
    page = visits.come_in(who, size=SMALL)
    go_to_pair(page, other)
    page.goto(page.url + "recordings/16/motion/")
    shown = page.locator("[data-is=told]")

    def press(name):
        tab_to(page, page.get_by_role("button", name=name))
        page.keyboard.press("Enter")

    press("Look closer")
    expect(shown).to_have_text("From 0:00 to 50:00 of 50:00")
    expect(page.get_by_role("button", name="Closer", exact=True)).to_be_focused()
    expect(page.locator("canvas")).to_have_count(2)
    page.keyboard.press("Enter")
    expect(shown).to_have_text("From 12:30 to 37:30 of 50:00")
    press("Earlier")
    expect(shown).to_have_text("From 0:00 to 25:00 of 50:00")
    press("12:35 to 14:51")
    expect(shown).to_have_text("From 12:05 to 15:21 of 50:00")
    expect(page.get_by_role("img", name="From 12:05 to 15:21")).to_be_visible()
    visits.look_over(page)

    chart = page.locator(".u-over").last
    chart.dblclick()
    expect(shown).to_have_text("From 0:00 to 50:00 of 50:00")
    width = chart.bounding_box()["width"]
    chart.hover(position={"x": width / 4, "y": 20})
    page.mouse.down()
    chart.hover(position={"x": width / 2, "y": 20})
    page.mouse.up()
    expect(shown).to_have_text(re.compile(r"From 12:\d\d to 2[45]:\d\d of 50:00"))
    expect(page.get_by_role("img", name="The two series")).to_have_count(2)


def test_what_cannot_be_had_closer_leaves_the_picture_and_its_numbers(visits):
    page = visits.come_in("client-D")
    page.goto(page.url + "recordings/16/motion/")
    page.route("**/series/", lambda route: route.fulfill(status=404))

    page.get_by_role("button", name="Look closer").click()

    expect(page.get_by_text("That could not be had just now.")).to_be_visible()
    expect(page.get_by_role("img", name="The two series")).to_be_visible()
    visits.refusals.remove(404)


@pytest.mark.parametrize("reader", ["therapist", "supervisor"])
def test_axe_finds_nothing_where_the_frame_is_held(visits, reader):
    who, other = READERS[reader]
    page = visits.come_in(who, size=SMALL)
    go_to_pair(page, other)
    listed = page.url + "sessions/"
    for name in ("Change the session", "Note the session"):
        page.goto(listed)
        page.get_by_role("link", name=name).first.click()
        expect(page.get_by_role("button", name="Note it")).to_be_visible()
        visits.look_over(page)

    page.goto(listed + "calendar/")
    visits.look_over(page)
    page.get_by_label("The file").set_input_files(CALENDARS / "a-week.ics")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Which belongs to you two?"
    )
    visits.look_over(page, opened=True)


@pytest.mark.parametrize("reader", ["supervisee", "supervisor"])
def test_axe_finds_nothing_before_anyone_has_answered(visits, reader):
    who, other = READERS[reader]
    page = visits.come_in(who, size=SMALL)
    go_to_pair(page, other)
    look_back(page)
    visits.look_over(page, opened=True)

    page.goto(page.url.removesuffix("reflect/"))
    expect(page.get_by_role("button", name="Look back on it")).to_be_visible()
    visits.look_over(page)


@pytest.mark.parametrize("who", ["client-D", "therapist-T", "supervisor-S", None])
def test_axe_finds_nothing_on_a_page_for_everybody(visits, who):
    page = visits.come_in(who) if who else visits.arrive(visits.home())
    home = visits.home(who) if who else visits.home()
    for address in FOR_ALL:
        page.goto(home + address)
        expect(page.get_by_role("heading", level=1)).to_be_visible()

        visits.look_over(page)


def test_axe_finds_nothing_on_a_page_that_is_one_for_all(visits):
    page = visits.come_in("therapist-T", size=SMALL)
    for address in OF_ONE:
        page.goto(visits.home("therapist-T") + address)
        expect(page.get_by_role("heading", level=1)).to_be_visible()

        visits.look_over(page)


def test_axe_finds_nothing_in_the_list_of_people(visits):
    page = visits.come_in("therapist-T")
    expect(page.locator("ul.people > li")).to_have_count(7)

    visits.look_over(page)


def test_axe_finds_nothing_where_somebody_comes_in(visits):
    page = visits.arrive(visits.links["client-D"], size=SMALL)

    visits.look_over(page)


@pytest.mark.parametrize("who", ["client-D", "therapist-T", "supervisor-S"])
def test_axe_finds_nothing_where_there_is_nothing(visits, who):
    page = visits.come_in(who)
    page.goto(f"{visits.home(who)}/with/nobody/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("nothing here")

    visits.look_over(page)
    visits.refusals.remove(404)


def test_axe_finds_nothing_where_something_is_refused(visits):
    page = visits.come_in("client-D")
    page.get_by_role("link", name="Room").click()
    page.get_by_label("Or type the code").fill("000000")
    page.get_by_role("button", name="I am willing").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Not just now")

    visits.look_over(page)
    visits.refusals.remove(409)


def test_axe_finds_nothing_where_a_form_came_too_late(visits):
    page = visits.come_in("client-D")
    page.get_by_role("link", name="Choices").click()
    page.context.clear_cookies(name="csrftoken")
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Once more, please")

    visits.look_over(page)
    visits.refusals.remove(403)


def test_axe_and_the_watch_would_find_something(visits):
    page = visits.come_in("client-D", size=SMALL)
    page.evaluate(
        """document.querySelector('h1').style.color = '#eeeeee';
        document.querySelector('main .said').style.width = '900px';
        document.body.insertAdjacentHTML('beforeend', '<p onclick="a()">More</p>');
        document.querySelector('nav.tabs').removeAttribute('aria-label');
        document.querySelector('header nav').removeAttribute('aria-label')"""
    )
    page.wait_for_timeout(100)

    assert {"color-contrast", "landmark-unique"} <= {f[0] for f in found_by_axe(page)}
    assert {words.partition(":")[0] for words in visits.trouble} >= {
        "the policy was broken",
        "goes sideways at 320",
    }
    visits.trouble.clear()


def test_what_is_touched_is_large_enough_for_a_thumb(visits):
    page = visits.come_in("client-D", size=SMALL, has_touch=True, is_mobile=True)
    page.goto(f"{page.url}1/reflect/")
    page.evaluate(OPEN)
    heights = page.evaluate(
        """[...document.querySelectorAll(
            'button, .options label, input[type=range], summary, textarea, [role=button]')]
            .filter(e => e.checkVisibility())
            .map(e => [e.getBoundingClientRect().height, e.textContent])"""
    )

    assert len(heights) > 20
    assert [one for one in heights if one[0] < 44] == []


def test_on_paper_there_are_charts_and_nothing_to_press(visits):
    page = visits.come_in("client-D")
    page.locator("summary", has_text="The numbers").first.click()
    expect(page.get_by_role("heading", name="Left unsaid")).to_be_visible()
    page.emulate_media(media="print")

    for gone in ("nav.tabs", "header .links", "form", ".skip", "[role=button]"):
        for each in page.locator(gone).all():
            expect(each).to_be_hidden()
    assert page.locator("#ours svg.chart:visible").count() >= 7
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("heading", name="Left unsaid")).to_be_hidden()
    expect(page.locator("summary:visible")).to_have_count(1)
    expect(page.locator("table:visible")).to_have_count(1)


def test_whoever_leaves_is_signed_out_on_every_page_and_told_how_to_come_again(visits):
    page = visits.come_in("client-D")
    own = page.url
    page.get_by_role("button", name="Leave").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A demonstration")
    page.goto(own)

    expect(page.get_by_role("heading", level=1)).to_have_text("A demonstration")
    expect(page.get_by_text("a link for each made-up person")).to_be_visible()
    # Nobody who came by a link has a passkey: what cannot work is not offered first.
    expect(page.get_by_role("button")).to_have_count(0)
    visits.look_over(page, opened=True)
