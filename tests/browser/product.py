"""The product as a stranger starts it, and what a person does with it by hand."""

import contextlib
import re
import subprocess
import sys
from dataclasses import dataclass, field

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect

from hidden import EACH_ALONE

FLAGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SMALL, LARGE = {"width": 320, "height": 700}, {"width": 1280, "height": 900}
LINK = re.compile(r"^  (\S+)\s+(http://\S+/enter/\S+)$")
AT_HOME = re.compile(r"(http://([a-z-]+\.)?(localhost|127\.0\.0\.1)(:\d+)?/|data:)")
OF_COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules of axe that look at colours."""

POLL = 9_000
"""How long a change may take to reach the other's page: two polls and a little."""

WATCH = """
document.addEventListener('securitypolicyviolation',
    e => console.error('the policy was broken: ' + e.violatedDirective));
const sideways = () => {
    const root = document.documentElement;
    if (innerWidth >= 320 && root.scrollWidth > root.clientWidth)
        console.error('goes sideways at ' + innerWidth + ': ' + location.pathname);
};
addEventListener('load', () => {
    sideways();
    new ResizeObserver(sideways).observe(document.body);
});
"""
OPEN = """() => {
    const seen = new Map();
    document.querySelectorAll('details').forEach(each => {
        const like = each.querySelector('table') ? 'table' : each.parentElement;
        seen.set(like, (seen.get(like) ?? 0) + 1);
        each.open = each.open || seen.get(like) < 3;
    });
}"""
"""Opens what is folded away: of many that are alike, as tables of numbers are, two."""


HERE = """e => {
    const at = document.activeElement, drawn = getComputedStyle(at);
    return {
        there: e === at,
        round: at === document.body,
        drawn: drawn.outlineStyle === 'solid' && parseFloat(drawn.outlineWidth) >= 2,
        shown: at.getBoundingClientRect().right > 0,
        what: at.outerHTML.slice(0, 120)};
}"""
"""Whether the focus is on something, and whether it is to be seen where it is."""


def tab_to(page, wanted, key="Tab"):
    """Press Tab until something has the focus; it was to be seen at every step.

    From the end of a page one goes round to its beginning, once.
    """
    expect(wanted).to_be_visible()
    n_rounds = 0
    for _ in range(80):
        page.keyboard.press(key)
        found = wanted.evaluate(HERE)
        if found["round"] and not n_rounds:
            n_rounds += 1
            continue
        assert found["drawn"], found
        assert found["shown"], found
        if found["there"]:
            return
    raise AssertionError(f"{key} never came to {wanted}")


@contextlib.contextmanager
def served(folder):
    """Serve a demonstration from its folder; give each made-up person's link."""
    command = [sys.executable, "-m", "duologue", "serve", str(folder), "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            said, links = [], {}
            for line in process.stdout:
                said.append(line)
                links |= dict(found.groups() for found in [LINK.match(line)] if found)
                if line.startswith("Ctrl-C"):
                    break
            assert links, "".join(said)
            yield links
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


@dataclass
class Visits:
    """Browsers of made-up people, and whatever went wrong in any of them."""

    browser: object
    links: dict
    contexts: list = field(default_factory=list)
    requests: list = field(default_factory=list)
    refusals: list = field(default_factory=list)
    trouble: list = field(default_factory=list)
    looks: dict = field(default_factory=dict)

    def home(self, who="therapist-T"):
        """Return where one person's addresses begin."""
        return self.links[who].partition("/enter/")[0]

    def arrive(self, url, *, size=LARGE, colours="light", **options):
        """Open an address in a browser that nobody has used before."""
        context = self.browser.new_context(
            viewport=size, color_scheme=colours, reduced_motion="reduce", **options
        )
        self.contexts.append(context)
        context.on("request", lambda request: self.requests.append(request.url))
        context.on("response", self._hear)
        context.on("console", self._read)
        context.on("weberror", lambda error: self.trouble.append(str(error.error)))
        context.add_init_script(WATCH)
        page = context.new_page()
        self.looks[context] = (size, colours)
        page.goto(url)
        return page

    def come_in(self, who, **options):
        """Come in by one person's link; who sits in one pair is with them at once."""
        page = self.arrive(self.links[who], **options)
        page.get_by_role("button", name="Come in").click()
        expect(page.get_by_role("button", name="Leave")).to_be_visible()
        return page

    def _hear(self, response):
        if response.status >= 400:
            self.refusals.append(response.status)

    def _read(self, said):
        # A refused page is said by Chromium as an error; `refusals` has it already.
        if said.type == "error" and "the server responded with" not in said.text:
            self.trouble.append(said.text)

    def look_over(self, page, *, opened=False):
        """Check a page with axe, and for going sideways: both sizes, by day and night.

        What has nothing to do with colours is looked at once for each size, and colours
        at the small one; at the large one, too, where each is tried alone.
        """
        if opened:
            page.evaluate(OPEN)
        for size in (LARGE, SMALL):
            page.set_viewport_size(size)
            looks = (("light", None), ("dark", OF_COLOURS))
            without = () if size is SMALL or EACH_ALONE else OF_COLOURS
            for colours, rules in looks if size is SMALL else looks[:1]:
                page.emulate_media(color_scheme=colours)
                assert found_by_axe(page, rules, without=without) == []
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= size["width"], page.url
        size, colours = self.looks[page.context]
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=colours)

    def look_here(self, page):
        """Check a page with axe as it stands, and for going sideways."""
        assert found_by_axe(page) == []
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= page.viewport_size["width"], page.url

    def leave(self):
        """Close every browser."""
        for context in self.contexts:
            context.close()


def found_by_axe(page, rules=None, *, without=()):
    """Run axe from outside the page, where its content policy does not reach.

    With these rules only, or with all of them but those left out.
    """
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE_SCRIPT)
    options = {
        "resultTypes": ["violations"],
        "rules": {rule: {"enabled": False} for rule in without},
        **({"runOnly": rules} if rules else {}),
    }
    found = page.evaluate(
        "options => axe.run(document, options).then(r => r.violations)", options
    )
    return [
        (v["id"], node["target"], node["failureSummary"], page.url)
        for v in found
        for node in v["nodes"][:3]
    ]


def go_to_pair(page, other):
    """From the list of people to the page of the two, where there is a list."""
    listed = page.locator("ul.people").get_by_role("link", name=other)
    if listed.count():
        listed.click()


def answered(page, item):
    """Return the card of one question in the form, opened if it stands further down."""
    asked = page.locator(f"fieldset#q-{item}")
    if not asked.is_visible():
        page.get_by_text("Something else to answer?").click()
    return asked


def slide(page, item, share):
    """Put a thumb on a slider, so far along it."""
    slider = answered(page, item).get_by_role("slider")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    slider.click(position={"x": box["width"] * share, "y": box["height"] / 2})


def pick(page, item, *labels):
    """Tap options of a choice, or chips."""
    asked = answered(page, item)
    for label in labels:
        asked.get_by_text(label, exact=True).click()


def write(page, item, words):
    """Write in a box."""
    answered(page, item).get_by_role("textbox").fill(words)


def look_back(page):
    """Open the form of the newest session, from the page of the two or of it."""
    page.get_by_role("button", name="Look back on it").click()


def done(page):
    """Say that one is done."""
    page.get_by_role("button", name="Done", exact=True).click()


def be_willing(page):
    """Say so, on the page of a session."""
    page.get_by_role("button", name="I am willing", exact=True).click()
    expect(page.get_by_text("You are willing.")).to_be_visible()


def own_words(page):
    """Return what one wrote after a session: answers by their questions."""
    rows = page.locator("section.step", has=page.get_by_role("heading", name="Mine"))
    return dict(
        rows.locator("dl.answers > div").evaluate_all(
            """rows => rows.map(row => [
                row.querySelector('dt').textContent.trim(),
                row.querySelector('dd').firstChild.textContent.trim()])"""
        )
    )


def opened_item(page, question):
    """Return what is open of one question on the page of a session."""
    return page.locator(
        "#session-ours li", has=page.get_by_role("heading", name=question)
    )
