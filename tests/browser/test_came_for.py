"""What the client came for: goals and forms, in two windows, by hand."""

import json
import re

import pytest
from playwright.sync_api import expect

from browser.product import SMALL, go_to_pair, tab_to
from made_up_forms import hours, made_up, packed
from paper import need_paper

pytestmark = pytest.mark.browser

GOAL = "To ring my sister without a knot in my stomach (made up)"


def came_for(window):
    """Go to the page of goals and forms, from wherever one is in the pair."""
    pair = re.match(r"https?://[^/]+/with/[^/]+/", window.url)[0]
    window.goto(pair + "came-for/")


def test_a_goal_is_agreed_in_two_windows_and_rated_by_keyboard(visits):
    client = visits.come_in("client-A", size=SMALL)
    therapist = visits.come_in("therapist-T")
    go_to_pair(therapist, "client-A")
    client.get_by_role("link", name="What I came for", exact=True).click()
    expect(client.get_by_role("heading", level=1)).to_have_text("What I came for")
    words = client.get_by_label("In your own words")
    if not words.is_visible():  # it is folded where there are goals already
        client.locator("summary", has_text="Propose a goal").click()
    words.fill(GOAL)
    visits.look_over(client, opened=True)
    client.get_by_role("button", name="Propose it").last.click()
    expect(client.get_by_role("button", name="Take it back")).to_be_visible()

    therapist.get_by_role("link", name="What they came for").click()
    visits.look_over(therapist, opened=True)
    therapist.get_by_role("button", name="Yes, so").click()
    expect(therapist.get_by_text("In these words since").last).to_be_visible()

    client.reload()
    asked = client.get_by_role("group", name=GOAL)
    tab_to(client, asked.get_by_role("radio", name="0", exact=True))
    client.keyboard.press("ArrowRight")
    client.keyboard.press("ArrowRight")
    expect(asked.get_by_role("radio", name="2", exact=True)).to_be_checked()
    tab_to(client, client.get_by_role("button", name="Keep it").first)
    client.keyboard.press("Enter")
    expect(client.get_by_text("Rated 2 of 10 after session 4.")).to_be_visible()

    therapist.reload()
    expect(therapist.get_by_text("Rated 2 of 10 after session 4.")).to_be_visible()
    expect(therapist.get_by_role("radio")).to_have_count(0)
    visits.look_over(client, opened=True)


def test_help_is_there_the_moment_it_is_answered_and_the_therapist_sees_it_as_given(
    visits,
):
    client = visits.come_in("client-B", size=SMALL)
    came_for(client)
    client.locator("summary", has_text="How often you are asked").click()
    visits.look_over(client, opened=True)
    client.get_by_role("link", name=re.compile("Fill it in now.*9 items")).click()
    help_now = client.get_by_role("heading", name="Need someone now?")
    ninth = client.get_by_role("group", name="Thoughts that you would be better off")
    expect(
        client.get_by_text("Nobody reads it live, and no message is sent")
    ).to_be_visible()
    expect(help_now).to_be_hidden()
    visits.look_over(client)

    ninth.get_by_text("Not at all").click()
    expect(help_now).to_be_hidden()
    ninth.get_by_text("Several days").click()
    expect(help_now).to_be_visible()
    visits.look_here(client)
    ninth.get_by_role("button", name="Leave it blank").click()
    expect(help_now).to_be_hidden()
    ninth.get_by_text("Several days").click()
    client.get_by_role("button", name="Keep it").click()

    expect(client.get_by_role("heading", level=2).first).to_have_text(
        "Need someone now?"
    )
    visits.look_over(client, opened=True)

    therapist = visits.come_in("therapist-T")
    row = therapist.locator("ul.people > li", has_text="client-B")
    row.get_by_role("link", name="An answer on a form").click()
    expect(therapist.get_by_text("better off dead")).to_be_visible()
    expect(therapist.get_by_text("Several days")).to_be_visible()
    visits.look_over(therapist, opened=True)
    therapist.get_by_role("link", name="The form").first.click()
    expect(therapist.get_by_role("heading", name="As they answered it")).to_be_visible()
    visits.look_over(therapist)

    client.get_by_role("button", name="Delete this form").click()
    therapist.goto(visits.home("therapist-T"))
    expect(row.get_by_role("link", name="An answer on a form")).to_have_count(0)


def add_pack(visits, content):
    """Let the therapist add a pack, by keyboard but for the file itself; return their page."""
    page = visits.come_in("therapist-T", size=SMALL)
    page.goto(visits.home() + "/practice/")
    page.get_by_role("link", name="Forms").click()
    visits.look_over(page)
    tab_to(page, page.get_by_role("radio", name="seeing clients"))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Keep it"))
    page.keyboard.press("Enter")
    chosen = page.get_by_label("A pack, up to 1 MB")
    file = {"name": "a.zip", "mimeType": "application/zip"}
    chosen.set_input_files({**file, "buffer": b"none"})
    tab_to(page, page.get_by_role("button", name="Add it"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("a sound zip file")
    visits.refusals.remove(409)
    visits.look_over(page)
    chosen.set_input_files({**file, "buffer": content})
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_text("Made-up pack", exact=True)).to_be_visible()
    visits.look_over(page, opened=True)
    return page


def test_a_pack_is_added_by_keyboard_and_filled_in_by_whoever_chooses_to(visits):
    therapist = add_pack(visits, packed(hours(), made_up()))

    client = visits.come_in("client-R", size=SMALL)
    came_for(client)
    client.locator("summary", has_text="How often you are asked").click()
    client.get_by_role("link", name=re.compile("Fill it in now.*about Hours")).click()
    expect(client.get_by_text(made_up().credit)).to_be_visible()
    visits.look_over(client)
    second = client.get_by_role("group", name="The hours were too long to bear")
    tab_to(client, second.get_by_role("radio", name="All of them"))
    client.keyboard.press("Space")
    expect(client.get_by_role("heading", name="Need someone now?")).to_be_visible()
    tab_to(client, client.get_by_role("button", name="Keep it"))
    client.keyboard.press("Enter")
    client.locator("summary", has_text="Take it with you").click()
    visits.look_over(client, opened=True)
    with client.expect_download() as taken:
        client.get_by_role("link", name="The file").click()
    assert json.loads(taken.value.path().read_bytes())["resourceType"] == "Bundle"

    therapist.reload()
    therapist.locator("summary", has_text="Remove it").click()
    therapist.get_by_role("button", name="Remove this pack").click()
    expect(therapist.get_by_text("None was added.")).to_be_visible()
    client.reload()
    expect(client.get_by_text("This form is not asked any more")).to_be_visible()


def test_the_page_of_the_two_is_taken_on_paper_and_a_rating_taken_back(visits):
    need_paper()
    client = visits.come_in("client-D", size=SMALL)
    with client.expect_download() as taken:
        client.get_by_role("link", name="This page on paper").click()
    assert taken.value.suggested_filename.endswith(".pdf")
    assert taken.value.path().read_bytes().startswith(b"%PDF-")

    came_for(client)
    client.locator("summary", has_text="Take a rating back").first.click()
    listed = client.locator("ul.given").first
    n = listed.locator("li").count()
    tab_to(client, listed.get_by_role("button", name="Take it back").first)
    client.keyboard.press("Enter")
    client.locator("summary", has_text="Take a rating back").first.click()
    expect(listed.locator("li")).to_have_count(n - 1)
