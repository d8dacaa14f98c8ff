"""Take the pictures of the app from the demonstration, in Chromium, and write them.

Run as ``.venv/bin/python docs/make_screenshots.py``. It goes the way that the tests in
``tests/browser`` go: two made-up people look back, and it opens between them.
"""  # noqa: INP001  (docs is no package)

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Locator, Page, expect, sync_playwright

DOCS = Path(__file__).parent
sys.path.insert(0, str(DOCS.parent / "tests"))

from browser.product import (  # noqa: E402
    FLAGS,
    LARGE,
    POLL,
    SMALL,
    Visits,
    be_willing,
    done,
    go_to_pair,
    look_back,
    opened_item,
    pick,
    served,
    slide,
    write,
)

PICTURES = DOCS / "pictures"
PHONE = {"size": SMALL, "device_scale_factor": 2}
CLIENT, THERAPIST = "client-D", "therapist-T"


def take(page: Page, name: str, *, height: int, top: Locator | None = None) -> None:
    """Save what one window shows, from its top or from a part of the page on."""
    width = page.viewport_size["width"] if page.viewport_size else LARGE["width"]
    page.mouse.move(0, 0)
    page.evaluate("scrollTo(0, 0)")
    page.evaluate("document.activeElement.blur()")
    above = top.bounding_box() if top else None
    page.screenshot(
        path=PICTURES / f"{name}.png",
        clip={
            "x": 0,
            "y": max(0, above["y"] - 12) if above else 0,
            "width": width,
            "height": height,
        },
        full_page=True,
        animations="disabled",
    )


def looking_back(visits: Visits) -> tuple[Page, Page]:
    """Let the two look back; return the client's page and the therapist's."""
    client = visits.come_in(CLIENT, **PHONE)
    look_back(client)
    slide(client, "open", 0.6)
    slide(client, "understood", 0.62)
    take(client, "app-reflect-phone", height=880)
    slide(client, "safe", 0.9)
    slide(client, "deep", 0.45)
    pick(client, "need", "To go slower")
    write(client, "line", "The dog on the stairs.")
    done(client)

    therapist = visits.come_in(THERAPIST)
    take(therapist, "app-my-people", height=670)
    go_to_pair(therapist, CLIENT)
    look_back(therapist)
    slide(therapist, "open", 0.5)
    slide(therapist, "understood", 0.7)
    slide(therapist, "deep", 0.55)
    pick(therapist, "need", "To stay with this")
    write(therapist, "line", "Her laugh, at last.")
    done(therapist)
    return client, therapist


def opening(client: Page, therapist: Page) -> None:
    """Let the two be willing, and take what opens."""
    for page in (client, therapist):
        be_willing(page)
    for page in (client, therapist):
        line = opened_item(page, "A line to remember")
        expect(line).to_be_visible(timeout=POLL)
    take(
        client,
        "app-session-open-phone",
        top=client.locator("#session-ours"),
        height=800,
    )
    therapist.get_by_role("link", name="The two of you").click()
    expect(therapist.get_by_role("heading", level=1)).to_contain_text("You and")
    take(therapist, "app-wondering", height=1020)
    opened = therapist.get_by_role("heading", name="What has opened to you both")
    take(therapist, "app-two-of-you", top=opened, height=652)


def in_the_room(therapist: Page) -> None:
    """Let the therapist show a code."""
    therapist.get_by_role("link", name="Room").click()
    therapist.get_by_role("button", name="Show a code").click()
    expect(therapist.locator(".code")).to_be_visible()
    take(therapist, "app-room", height=820)
    therapist.get_by_role("button", name="Not now").click()


def main() -> None:
    """Serve the demonstration, and take the pictures."""
    program = shutil.which("chromium")
    if program is None:
        raise SystemExit("Chromium is not on this machine.")
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=FLAGS)
        with served(Path(folder) / "demo") as links:
            visits = Visits(browser, links)
            client, therapist = looking_back(visits)
            opening(client, therapist)
            in_the_room(therapist)
            visits.leave()
            browser.close()


if __name__ == "__main__":
    main()
