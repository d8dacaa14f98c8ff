"""A way through pages by the keyboard alone, from one address given by hand."""

import re

from playwright.sync_api import expect

from browser.product import Visits, tab_to

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


class Walk:
    """Somebody with a keyboard: where they come, what they are asked for and given to read."""

    def __init__(self, people, page):
        self.people, self.page = people, page
        self.n_fields, self.n_words, self.pages = 0, 0, []

    def at(self, heading, *, look=Visits.look_here):
        """Arrive at a page that one sees for the first time: look it over, and count."""
        self.again_at(heading)
        n_fields, n_words = self.page.evaluate(COUNT)
        self.n_fields += n_fields
        self.n_words += n_words
        self.pages.append((heading, n_fields, n_words))
        look(self.people, self.page)

    def again_at(self, heading):
        """Arrive at a page."""
        there = self.page.get_by_role("heading", name=heading, level=1)
        expect(there).to_be_visible()

    def press(self, name, *, role="button", within="body", back=False):
        """Come to a button or a link, forwards or back, and press Enter."""
        pattern = re.compile(f"^{re.escape(name)}")
        wanted = self.page.locator(within).get_by_role(role, name=pattern).first
        tab_to(self.page, wanted, "Shift+Tab" if back else "Tab")
        self.page.keyboard.press("Enter")

    def follow(self, name, *, back=False):
        """Follow a link."""
        self.press(name, role="link", back=back)

    def unfold(self, words, *, back=False):
        """Unfold what is folded away."""
        folded = self.page.locator("summary", has_text=words).first
        tab_to(self.page, folded, "Shift+Tab" if back else "Tab")
        self.page.keyboard.press("Enter")

    def write(self, name, *words):
        """Come to a field, and type into it; between words one step to the right."""
        tab_to(self.page, self.page.get_by_label(name).first)
        for n_before, each in enumerate(words):
            if n_before:
                self.page.keyboard.press("ArrowRight")
            self.page.keyboard.type(each)

    def slide(self, question, key):
        """Come to a slider, and move it by a key."""
        tab_to(self.page, self.page.locator(f"#q-{question} input[type=range]"))
        self.page.keyboard.press(key)

    def choose(self, question, n_down=0):
        """Mark an option of a question: the first, or one so far down."""
        options = self.page.locator(f"#q-{question} .options label input").first
        self.mark(options, n_down)

    def mark(self, first, n_down=0):
        """Mark the first of some options, and go on from it by arrows."""
        tab_to(self.page, first)
        self.page.keyboard.press("Space")
        for _ in range(n_down):
            self.page.keyboard.press("ArrowDown")
