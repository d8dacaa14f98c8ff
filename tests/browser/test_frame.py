"""The frame by keyboard alone, on a small screen, and without a script."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from browser.product import SMALL, go_to_pair

pytestmark = pytest.mark.browser

AHEAD = datetime.now(UTC).replace(hour=11, minute=0) + timedelta(days=40)  # noqa: TID251


def calendar_file(*titles):
    """Return a calendar with a weekly event for each title, from some weeks ahead on."""
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:{title}\r\nSUMMARY:{title}\r\n"
        f"DTSTART:{AHEAD + timedelta(hours=i):%Y%m%dT%H%M00Z}\r\nDURATION:PT50M\r\n"
        "RRULE:FREQ=WEEKLY;COUNT=3\r\nEND:VEVENT\r\n"
        for i, title in enumerate(titles)
    )
    content = f"BEGIN:VCALENDAR\r\n{events}END:VCALENDAR\r\n".encode()
    return {"name": "a.ics", "mimeType": "text/calendar", "buffer": content}


def press_on(page, role, name):
    """Press Enter on what has this role and name, once Tab has come to it."""
    found = page.get_by_role(role, name=name).first
    for _ in range(150):
        page.keyboard.press("Tab")
        if found.evaluate("e => e === document.activeElement"):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"Tab never came to {name}")


def tick_on(page, name):
    """Press the space bar on what has this label, once Tab has come to it."""
    found = page.get_by_label(name)
    for _ in range(150):
        page.keyboard.press("Tab")
        if found.evaluate("e => e === document.activeElement"):
            page.keyboard.press("Space")
            return
    raise AssertionError(f"Tab never came to {name}")


@pytest.mark.parametrize("script", [True, False])
def test_a_calendar_is_read_from_the_keyboard(visits, script):
    page = visits.come_in("therapist-T", size=SMALL, java_script_enabled=script)
    other = "client-K" if script else "client-M"
    go_to_pair(page, other)
    page.goto(page.url + "sessions/")
    click = page.get_by_role
    if script:
        press_on(page, "link", "Read them from a calendar")
    else:
        click("link", name="Read them from a calendar").click()
    file = calendar_file("Pear", f"Plum for {other}")
    page.get_by_label("The file").set_input_files(file)
    click("button", name="Go on").click()
    expect(page.get_by_role("checkbox")).to_have_count(2)
    assert not any(box.is_checked() for box in page.get_by_role("checkbox").all())
    if script:
        tick_on(page, "Plum")
        press_on(page, "button", "See what it would do")
    else:
        page.get_by_label("Plum").check()
        click("button", name="See what it would do").click()

    expect(page.get_by_text("3 new")).to_be_visible()
    expect(page.get_by_text("Plum")).to_have_count(0)
    click("button", name="Do it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sessions")

    theirs = visits.come_in(other, size=SMALL)
    theirs.goto(theirs.url + "sessions/")
    day = f"{AHEAD:%A} {AHEAD.day} {AHEAD:%B}"
    expect(theirs.get_by_text(day)).to_have_count(1)
    expect(theirs.get_by_role("link", name="Change the session")).to_have_count(0)


def test_what_is_noted_is_on_the_other_persons_list(visits):
    page = visits.come_in("therapist-T", size=SMALL)
    go_to_pair(page, "client-R")
    page.goto(page.url + "1/frame/")
    page.get_by_label("It began").fill("14:07")
    page.get_by_label("It ended").fill("15:12")
    page.get_by_text("Meant", exact=True).click()
    page.get_by_role("button", name="Note it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sessions")

    noted = page.locator(".became").last.inner_text()
    theirs = visits.come_in("client-R", size=SMALL)
    theirs.goto(theirs.url + "sessions/")
    assert noted.startswith("began 14:07, ended 15:12")
    assert theirs.locator(".became").last.inner_text() == noted
