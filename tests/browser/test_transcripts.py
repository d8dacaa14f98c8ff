"""What was said, in a browser: by keyboard, on a small screen, by day and by night."""

import pytest
from playwright.sync_api import expect

from browser.product import SMALL, go_to_pair, tab_to
from transcripts import ROWS, as_vtt

pytestmark = pytest.mark.browser

READERS = {"client-D": "therapist-T", "therapist-T": "client-D"}
FILE = {"name": "talk.vtt", "mimeType": "text/vtt", "buffer": as_vtt()}


def enter(page, wanted):
    """Go to something by Tab, and press it."""
    tab_to(page, wanted)
    page.keyboard.press("Enter")


@pytest.mark.parametrize("who", READERS)
def test_axe_finds_nothing_where_a_session_is_read_and_all_is_come_to_by_keyboard(
    visits, who
):
    page = visits.come_in(who, size=SMALL)
    go_to_pair(page, READERS[who])
    enter(page, page.get_by_role("link", name="What was said"))
    enter(page, page.get_by_role("link", name="Session 19"))
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "What was said in session 19"
    )
    expect(page.get_by_role("img", name="Session 19, who spoke when")).to_be_visible()
    words = page.get_by_text("I would have gone up the stairs.").first
    expect(words).to_be_hidden()
    visits.look_over(page)

    enter(page, page.locator("summary", has_text="The numbers"))
    expect(page.get_by_role("group", name="Table: who spoke when")).to_be_visible()
    enter(page, page.locator("summary", has_text="Here-and-now wording"))
    enter(page, page.locator("summary", has_text="3:55, the therapist").first)
    expect(page.get_by_text("Nobody has ever said").first).to_be_visible()
    visits.look_over(page, opened=True)


def test_the_therapist_marks_by_keyboard_and_the_client_sees_nothing_of_it(visits):
    page = visits.come_in("therapist-T", size=SMALL)
    go_to_pair(page, "client-D")
    page.goto(page.url + "transcripts/19/")
    mine = page.locator("#only-you")
    enter(page, mine.locator("summary"))
    expect(mine.get_by_text("You confirmed 3 moments, in 1 session.")).to_be_visible()

    last = mine.locator("fieldset").last
    tab_to(page, last.get_by_role("radio", checked=True))
    page.keyboard.press("ArrowLeft")
    enter(page, mine.get_by_role("button", name="Keep it for me"))

    enter(page, mine.locator("summary"))
    expect(mine.get_by_text("You confirmed 4 moments, in 1 session.")).to_be_visible()
    visits.look_over(page)
    last.get_by_role("radio", name="No", exact=True).check()
    mine.get_by_role("button", name="Keep it for me").click()
    page.get_by_role("heading", level=1).wait_for()

    client = visits.come_in("client-D", size=SMALL)
    client.goto(client.url + "transcripts/19/")
    expect(client.get_by_role("heading", level=1)).to_be_visible()
    expect(client.locator("#only-you")).to_have_count(0)


def test_a_file_is_added_who_is_who_is_said_by_keyboard_and_it_goes_again(visits):
    page = visits.come_in("client-D", size=SMALL)
    page.goto(page.url + "transcripts/")
    page.get_by_label("A file").set_input_files(FILE)
    enter(page, page.get_by_role("button", name="Go on"))
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Who is who in session 16?"
    )
    expect(page.get_by_text(ROWS[1][1])).to_be_visible()
    visits.look_over(page)

    for n, places_on in enumerate((1, 0, 2)):  # therapist, client, neither
        tab_to(page, page.locator(f"[name=who-{n}]").first)
        page.keyboard.press("Space")
        for _ in range(places_on):
            page.keyboard.press("ArrowRight")
    enter(page, page.get_by_role("button", name="Keep it for both of us"))
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "What was said in session 16"
    )
    expect(page.get_by_text("Segments by neither of the two")).to_be_visible()
    assert "Marlowe" not in page.content()
    visits.look_over(page, opened=True)

    page.goto(page.url.removesuffix("16/"))
    enter(page, page.locator("#session-16 summary"))
    enter(page, page.locator("#session-16").get_by_role("button"))
    expect(page.get_by_role("link", name="Session 16")).to_have_count(0)


def test_a_file_that_cannot_be_read_is_said_beside_the_form(visits):
    page = visits.come_in("client-D", size=SMALL)
    page.goto(page.url + "transcripts/")
    page.get_by_label("A file").set_input_files(FILE | {"buffer": b"PK\x03\x04word/"})
    page.get_by_role("button", name="Go on").click()

    expect(page.get_by_role("alert")).to_contain_text("Nothing was kept.")
    visits.look_over(page)
    visits.refusals.remove(409)
