"""The page that is written into a file: for every reader, by keyboard, on a phone."""

import re
from pathlib import Path

import numpy as np
import pytest

from browser.product import OF_COLOURS, found_by_axe
from browser.stage import on_stage
from duologue import instruments
from duologue.cli.synchrony_page import page as moving_page
from duologue.cli.words_files import Read
from duologue.cli.words_page import page as words_page
from duologue.corpus.synchrony import Settings, synchrony_of
from duologue.corpus.words import session_words
from duologue.faces.as_html import Part, one_reading, practice
from duologue.records import SEATS, Kind, Segment, Turns
from duologue.records.motion import Motion
from duologue.relationship import read
from duologue.sharing import seen_each_way, seen_in_research
from duologue.simulate import DEMO_SEED
from duologue.simulate import practice as made_up_practice
from once import made_once

pytestmark = pytest.mark.browser

SCOPES = ("ours", "client", "therapist", "research")
PHONE = {"width": 320, "height": 640}
WATCH = """document.addEventListener('securitypolicyviolation',
    e => console.error(e.violatedDirective))"""
OPEN_ALL = "document.querySelectorAll('details').forEach(d => { d.open = true })"


@pytest.fixture(scope="session")
def urls(tmp_path_factory):
    """Write the practice and the readings of one pair, and return where they are."""
    folder = made_once(tmp_path_factory, "pages", _write)
    return {path.stem: path.as_uri() for path in folder.iterdir()}


def _write(folder):
    folder.mkdir()
    courses = made_up_practice(instruments.prompts(Kind.THERAPY), seed=DEMO_SEED)
    pages = {"practice": _practice(courses), "moving": _moving(), "words": _words()}
    course = courses[-1]
    for seen in (*seen_each_way(course), seen_in_research(course)):
        pages[seen.scope.value] = one_reading(read(seen))
    for name, text in pages.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")


def _moving():
    """Write two made-up sessions: in one a moment, in the other a gap."""
    series = np.random.default_rng(3).random((4, 1320))
    series[1, 600:720] = 0.9 * series[0, 597:717] + 0.1 * series[1, 600:720]
    series[2, 200:500] = np.nan
    settings = Settings(step_s=30, smooth_s=0, n_shifts=100, moments=True)
    found = [
        synchrony_of(Motion(client=one, therapist=other, rate=2.0), settings)
        for one, other in (series[:2], series[2:])
    ]
    return moving_page(["one.txt", "other.txt"], found, None)


def _words():
    """Write two made-up sessions, one without times, with passages that are quoted."""
    said = ["I was not there then, and it was odd", "Right now, between us? I wonder"]
    read = [_talk(said, session=1, is_timed=True), _talk(said, session=2)]
    found = [session_words(one.turns) for one in read]
    return words_page(read, found, partners=None, is_quoted=True)


def _talk(said, *, session, is_timed=False):
    """Return eighty turns that take the two texts in turn, with a pause now and then."""
    segments = []
    for n in range(80):
        start = 5.0 * n + 3 * (n // 7) if is_timed else None
        end = None if start is None else start + 3.5 + 0.1 * (n % 5)
        segments.append(Segment(SEATS[n % 2], start, end, f"{said[n % 2]} {'so ' * n}"))
    turns = Turns(session=session, segments=tuple(segments), resolution_s=0.1)
    return Read(path=Path(f"session-{session}.vtt"), id="", turns=turns)


def _practice(courses):
    parts = [
        Part(
            id=course.dyad.code,
            title=course.dyad.code,
            lead="A made-up pair.",
            readings=tuple(map(read, seen_each_way(course))),
        )
        for course in courses
    ]
    return practice(parts, title="A made-up practice", lead="Six pairs.")


@pytest.fixture
def visit(chromium, urls):
    """Open a page by its name; at the end nothing was fetched and nothing went wrong."""
    contexts, requests, trouble = [], [], []

    def open_page(name, **options):
        context = chromium.new_context(**options)
        contexts.append(context)
        context.on("request", lambda request: requests.append(request.url))
        context.add_init_script(WATCH)
        page = context.new_page()
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on(
            "console",
            lambda said: trouble.append(said.text) if said.type == "error" else None,
        )
        page.goto(urls[name])
        return page

    yield open_page

    for context in contexts:
        on_stage(context.close)
    assert trouble == []
    assert {url.partition("#")[0] for url in requests} <= set(urls.values())


@pytest.mark.parametrize(
    ("name", "colours"),
    [
        *((name, "light") for name in (*SCOPES, "moving", "words")),
        *((name, "dark") for name in ("client", "research", "moving", "words")),
    ],
)
def test_axe_finds_nothing_with_everything_open(visit, name, colours):
    page = visit(name, color_scheme=colours)
    page.evaluate(OPEN_ALL)

    assert found_by_axe(page, OF_COLOURS if colours == "dark" else None) == []


@pytest.mark.parametrize("name", ["client", "research"])
def test_axe_finds_nothing_as_it_opens(visit, name):
    assert found_by_axe(visit(name)) == []


def test_axe_finds_nothing_in_the_whole_practice(visit):
    """All of it open; contrast, slow on ten thousand cells, in the parts above."""
    page = visit("practice")
    page.evaluate(OPEN_ALL)

    assert found_by_axe(page, without=["color-contrast"]) == []


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_axe_finds_nothing_where_a_practice_frames_its_readings(visit, colours):
    page = visit("practice", color_scheme=colours)
    page.evaluate(
        """document.querySelectorAll('section.pair:not(#pair-A)').forEach(
            e => e.remove());
        document.querySelectorAll('#pair-A details').forEach(d => { d.open = true })"""
    )

    assert found_by_axe(page, OF_COLOURS if colours == "dark" else None) == []


def test_axe_would_find_something(visit):
    page = visit("ours")
    page.evaluate("document.querySelector('svg').removeAttribute('aria-labelledby')")
    page.evaluate("document.querySelector('svg title').remove()")
    page.evaluate("document.querySelector('.lead').style.color = '#eeeeee'")

    assert {"svg-img-alt", "color-contrast"} <= {
        found for found, *_ in found_by_axe(page)
    }


@pytest.mark.parametrize("name", ["practice", "moving", "words", *SCOPES])
def test_nothing_goes_sideways_on_the_smallest_phone(visit, name):
    page = visit(name, viewport=PHONE)
    page.evaluate(OPEN_ALL)

    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize("name", ["practice", "moving", "words", *SCOPES])
def test_the_words_in_a_chart_can_be_read_on_the_smallest_phone(visit, name):
    page = visit(name, viewport=PHONE)
    page.evaluate(OPEN_ALL)
    heights = page.evaluate(
        """[...document.querySelectorAll('svg text')].map(t =>
            parseFloat(getComputedStyle(t).fontSize) * t.getScreenCTM().a)"""
    )

    assert min(heights) >= 11


@pytest.mark.parametrize("name", ["practice", "moving", "words"])
@pytest.mark.parametrize("width", [320, 1100])
def test_words_in_a_chart_do_not_cover_one_another(visit, name, width):
    page = visit(name, viewport={"width": width, "height": 900})
    page.evaluate(OPEN_ALL)
    covered = page.evaluate(
        """[...document.querySelectorAll('svg')].flatMap(svg => {
            const outer = svg.getBoundingClientRect();
            const texts = [...svg.querySelectorAll('text')].map(
                t => [t.textContent, t.getBoundingClientRect()]);
            const out = texts.filter(([, a]) =>
                a.left < outer.left - 1 || a.right > outer.right + 1
                || a.bottom > outer.bottom + 3);
            const pairs = texts.flatMap(([w, a], i) => texts.slice(i + 1)
                .filter(([, b]) => a.left < b.right - 1 && b.left < a.right - 1
                    && a.top < b.bottom - 4 && b.top < a.bottom - 4)
                .map(([v]) => [w, v]));
            return [...out.map(([w]) => w), ...pairs];
        })"""
    )

    assert covered == []


def test_what_is_touched_is_large_enough(visit):
    page = visit("practice", viewport=PHONE, has_touch=True, is_mobile=True)
    page.evaluate(OPEN_ALL)
    heights = page.evaluate(
        """[...document.querySelectorAll('summary, nav a')].map(
            e => e.getBoundingClientRect().height)"""
    )

    assert min(heights) >= 44


@pytest.mark.parametrize("name", SCOPES)
def test_every_link_and_summary_is_reached_by_tab_and_seen(visit, name):
    page = visit(name)
    wanted = page.evaluate(
        """[...document.querySelectorAll('a, summary')].filter(
            e => e.checkVisibility({contentVisibilityAuto: true})).length"""
    )
    seen = []
    for _ in range(wanted):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate(
                """(() => { const e = document.activeElement;
                    const s = getComputedStyle(e);
                    const box = e.getBoundingClientRect();
                    return {tag: e.tagName, text: e.textContent, x: box.right,
                        outline: s.outlineStyle, width: parseFloat(s.outlineWidth)}
                })()"""
            )
        )

    assert wanted > 3
    assert {one["tag"] for one in seen} == {"A", "SUMMARY"}
    assert seen[0]["text"] == "Skip to the reading"
    assert len({(one["tag"], one["text"]) for one in seen}) == wanted
    for one in seen:
        assert one["outline"] == "solid"
        assert one["width"] >= 2
        assert one["x"] > 0


def test_the_keyboard_opens_closes_and_scrolls(visit):
    page = visit("ours", viewport=PHONE)
    numbers = page.locator("details.numbers").first
    page.locator("details.numbers > summary").first.focus()

    page.keyboard.press("Enter")
    assert numbers.evaluate("e => e.open")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "scroll"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    assert not numbers.evaluate("e => e.open")


def test_the_skip_link_leads_to_the_reading(visit):
    page = visit("client")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.url.endswith("#main")


def test_a_link_of_the_practice_leads_to_its_pair(visit):
    page = visit("practice", viewport={"width": 1100, "height": 900})
    page.locator("nav a", has_text="pair-D").click()
    top = page.locator("#pair-D").evaluate("e => e.getBoundingClientRect().top")

    assert abs(top) < 20


def test_left_unsaid_is_not_seen_until_asked_for(visit):
    page = visit("client")
    section = page.locator("section", has=page.get_by_text("Left unsaid", exact=True))
    words = section.locator(".said").first

    assert not words.is_visible()
    section.locator("summary").first.click()
    assert words.is_visible()


def test_help_is_one_tap_away_and_near_the_top(visit):
    page = visit("client", viewport=PHONE, has_touch=True, is_mobile=True)
    summary = page.get_by_text("Need someone now?")

    assert summary.bounding_box()["y"] < PHONE["height"]
    summary.tap()
    assert page.get_by_text("116 123").is_visible()


def _luminance(colour):
    parts = [int(n) / 255 for n in re.findall(r"\d+", colour)[:3]]
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one, other):
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_charts_stand_out_from_their_ground(visit, colours):
    page = visit("ours", color_scheme=colours)
    page.evaluate(OPEN_ALL)
    ground = page.locator("article").first.evaluate(
        "e => getComputedStyle(e).backgroundColor"
    )
    line = "e => getComputedStyle(e).stroke"
    client = page.locator("svg .client polyline").first.evaluate(line)
    therapist = page.locator("svg .therapist polyline").first.evaluate(line)
    words = page.locator("svg text").first.evaluate("e => getComputedStyle(e).fill")

    assert _contrast(words, ground) >= 4.5
    assert _contrast(client, ground) >= 3
    assert _contrast(therapist, ground) >= 3
    assert _contrast(client, ground) / _contrast(therapist, ground) == pytest.approx(
        1, abs=0.35
    )


def test_the_page_is_dark_where_the_reader_is_in_the_dark(visit):
    ground = "getComputedStyle(document.body).backgroundColor"
    light = visit("ours", color_scheme="light").evaluate(ground)
    dark = visit("ours", color_scheme="dark").evaluate(ground)

    assert _luminance(dark) < 0.05
    assert _luminance(light) > 0.8


def test_without_its_style_the_page_reads_in_order(visit):
    page = visit("ours")
    page.evaluate("document.querySelector('style').remove()")
    text = page.inner_text("body")
    order = [
        "Skip to the reading",
        "The two of you",
        "Made up",
        "Need someone now?",
        "Worth wondering about",
        "What has opened to you both",
        "The frame",
        "How to read this",
        "not a medical device",
    ]
    places = [text.index(words) for words in order]

    assert places == sorted(places)


def test_the_policy_stops_a_script(visit, urls, chromium):
    """The meta element is there for a word that got through all the same."""
    context = chromium.new_context()
    page = context.new_page()
    page.goto(urls["ours"])
    page.evaluate(
        """() => { const s = document.createElement('script');
            s.textContent = 'document.body.dataset.ran = "yes"';
            document.body.append(s); }"""
    )

    assert page.locator("body").get_attribute("data-ran") is None
    context.close()
