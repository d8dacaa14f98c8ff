"""The page: one file, nothing loaded, every word escaped, every chart with a table."""

import collections
import functools
import html.parser
import itertools
import re

import pytest

from duologue.faces.as_html import Part, one_reading, practice
from duologue.faces.layout import groups

VOID = {"meta", "path", "rect", "circle", "polygon", "polyline"}
CLOSED_BY_THE_NEXT = {"tr", "th", "td", "thead", "tbody"}


class Page(html.parser.HTMLParser):
    """What a page is made of: its elements, its ids, and whether tags pair up."""

    def __init__(self, text):
        super().__init__()
        self.tags = collections.Counter()
        self.ids = []
        self.attributes = []
        self.labelled = []
        self.figures = []
        self.open = []
        self.words = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.tags[tag] += 1
        self.attributes += [(tag, name, value) for name, value in attrs]
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if "aria-labelledby" in attributes:
            self.labelled += attributes["aria-labelledby"].split()
        if tag == "figure":
            self.figures.append(collections.Counter())
        if "figure" in self.open:
            self.figures[-1][tag] += 1
        if tag not in VOID | CLOSED_BY_THE_NEXT:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID | CLOSED_BY_THE_NEXT:
            self.open.pop()

    def handle_endtag(self, tag):
        if tag not in CLOSED_BY_THE_NEXT:
            assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.words.append(data)

    @functools.cached_property
    def text(self):
        return " ".join(" ".join(self.words).split())


@pytest.fixture(scope="module")
def all_pairs(readings):
    codes = sorted({code for code, _ in readings})
    parts = [
        Part(
            id=code,
            title=code,
            lead="A lead.",
            readings=tuple(
                readings[code, scope] for scope in ("ours", "client", "therapist")
            ),
        )
        for code in codes
    ]
    return practice(parts, title="A practice", lead="Six pairs.")


@pytest.fixture(scope="module")
def pages(readings, all_pairs, hostile):
    singles = {key: one_reading(reading) for key, reading in readings.items()}
    return {**singles, "practice": all_pairs, "hostile": one_reading(hostile)}


@pytest.fixture(scope="module")
def parsed(pages):
    return {name: Page(text) for name, text in pages.items()}


def test_tags_pair_up_and_ids_are_unique(parsed):
    for name, page in parsed.items():
        assert page.open == [], name
        assert len(page.ids) == len(set(page.ids)), name
        assert set(page.labelled) <= set(page.ids), name


def test_nothing_is_loaded_and_nothing_runs(pages, parsed):
    for name, page in parsed.items():
        assert not {"script", "link", "img", "iframe", "object", "form"} & set(
            page.tags
        )
        for tag, attribute, value in page.attributes:
            assert not attribute.startswith("on")
            assert attribute != "style"
            if attribute in {"href", "src", "action", "data", "xlink:href"}:
                assert value.startswith("#"), (tag, value)
            assert attribute == "xmlns" or "://" not in (value or "")
        text = pages[name]
        style = text[text.index("<style>") : text.index("</style>")]
        assert "url(" not in style
        assert "@import" not in style


def test_a_content_policy_forbids_all_but_the_style(pages):
    for text in pages.values():
        (policy,) = re.findall(
            r'http-equiv="Content-Security-Policy" content="(.*?)"', text
        )
        assert policy.startswith("default-src 'none'; ")
        assert "script" not in policy
        assert "img" not in policy


def test_every_chart_has_its_table(parsed):
    for page in parsed.values():
        assert page.tags["svg"] == page.tags["figure"] == page.tags["table"]
        for figure in page.figures:
            assert figure["svg"] == figure["table"] == figure["details"] == 1
            assert figure["td"] > 0


def test_hostile_words_are_shown_and_do_nothing(hostile):
    text = one_reading(hostile)
    page = Page(text)

    assert page.tags["script"] == 0
    assert "&lt;script&gt;" in text
    assert '</svg><script>alert("x")</script>' in page.text
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)


def test_every_sentence_of_a_reading_is_on_its_page(readings, parsed):
    for key, reading in readings.items():
        text = parsed[key].text
        for group in groups(reading):
            for finding in group.findings:
                assert " ".join(finding.sentence.split()) in text
                assert finding.how_sure in text


def test_help_comes_before_the_findings(readings, parsed):
    for key, reading in readings.items():
        text = parsed[key].text
        assert text.index(reading.help_now[-1]) < text.index("Worth wondering about")
        assert "Nobody reads this page live." in text


def test_left_unsaid_is_folded_away(pages):
    text = pages["pair-B", "client"]
    unsaid = text[text.index(">Left unsaid</h2>") :]

    assert re.match(r">Left unsaid</h2>\s*<details class=\"folded\"><summary>", unsaid)


def test_a_heading_is_not_said_twice(pages):
    for text in pages.values():
        headings = re.findall(r"<h\d>(.*?)</h\d>", text)
        assert not [a for a, b in itertools.pairwise(headings) if a == b]


def test_levels_of_headings_are_not_skipped(pages):
    for text in pages.values():
        levels = [int(n) for n in re.findall(r"<h(\d)>", text)]
        assert levels[0] == 1
        assert all(b - a <= 1 for a, b in itertools.pairwise(levels))


def test_the_practice_leads_to_each_pair(all_pairs):
    page = Page(all_pairs)
    links = [v for tag, name, v in page.attributes if tag == "a" and name == "href"]

    assert links == ["#main", *(f"#pair-{c}" for c in "ABDKMR")]
    assert {link.removeprefix("#") for link in links} <= set(page.ids)


def test_the_practice_is_a_page_that_can_be_sent(all_pairs):
    assert len(all_pairs.encode()) < 1_500_000


def test_equal_readings_give_equal_pages(readings):
    reading = readings["pair-D", "ours"]

    assert one_reading(reading) == one_reading(reading)


def test_research_says_that_it_sees_everything(parsed):
    assert "Research: sees everything" in parsed["pair-B", "research"].text
    assert "Research: sees everything" not in parsed["pair-B", "ours"].text
