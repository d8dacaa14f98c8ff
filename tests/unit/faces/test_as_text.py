"""The terminal: plain words, never mark-up, within the width that there is."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from duologue.faces import as_text
from duologue.faces.layout import groups
from duologue.records import Seat
from duologue.relationship import Chart, Picture, Series, read
from duologue.sharing import seen_by


def _flat(text):
    return " ".join(text.split())


@pytest.fixture(scope="module")
def texts(readings):
    """Every reading with its text on lines so long that nothing is broken up."""
    return [
        (r, _flat(as_text.to_text(r, width=1000, asked=True)))
        for r in readings.values()
    ]


def _coloured(reading):
    console = Console(
        file=io.StringIO(), force_terminal=True, width=400, highlight=False
    )
    as_text.show(reading, console)
    return console.file.getvalue()


@pytest.mark.parametrize("width", [60, 120])
def test_no_line_is_wider_than_the_terminal(readings, width):
    for reading in readings.values():
        lines = as_text.to_text(reading, width=width).splitlines()
        assert max(cell_len(line) for line in lines) <= width


def test_every_sentence_is_there(texts):
    for reading, text in texts:
        for group in groups(reading):
            assert group.title in text
            for finding in group.findings:
                assert _flat(finding.sentence) in text


def test_a_finding_that_stands_out_is_said_once(texts):
    cards = 0
    for reading, text in texts:
        for card in reading.cards:
            cards += 1
            twins = sum(card.sentence in other.sentence for other in reading.cards)
            assert text.count(_flat(card.sentence)) == twins

    assert cards


def test_words_are_never_read_as_mark_up(hostile):
    text = as_text.to_text(hostile, width=400)

    assert "[bold]x[/bold] [link=u]y[/link]" in text
    assert "<script>" in text


def test_words_never_steer_the_terminal(hostile):
    coloured = _coloured(hostile)

    assert "\x1b[" in coloured
    for steering in ("\x1b[2J", "\x9b", "\u202e", "\x1b]8;"):
        assert steering not in coloured
    assert "�[2J" in coloured


def test_plain_text_holds_no_colour(hostile):
    assert "\x1b" not in as_text.to_text(hostile)


def test_made_up_and_research_are_said_at_the_top(readings):
    text = as_text.to_text(readings["pair-B", "research"])

    assert "MADE UP · RESEARCH: SEES EVERYTHING" in text.split("Worth wondering")[0]


def test_help_is_there_for_each_reader(texts):
    for reading, text in texts:
        assert all(line in text for line in reading.help_now)


@pytest.mark.parametrize(
    ("values", "low", "high", "drawn"),
    [
        ((), 0, 100, ""),
        ((None, None), 0, 100, "··"),
        ((0.0, 100.0), 0, 100, "▁█"),
        ((-30.0, 0.0, 30.0), -30, 30, "▁▅█"),
        ((5.0, 5.0), 5, 5, "▁▁"),
        ((-10.0, 110.0), 0, 100, "▁█"),
    ],
)
def test_spark(values, low, high, drawn):
    assert as_text.spark(values, low=low, high=high) == drawn


@given(values=st.lists(st.none() | st.floats(0, 100), max_size=40).map(tuple))
def test_spark_has_a_mark_for_each_session_and_a_dot_for_each_blank(values):
    drawn = as_text.spark(values, low=0, high=100)

    assert len(drawn) == len(values)
    assert drawn.count("·") == values.count(None)


@given(
    values=st.lists(st.floats(0, 100), min_size=2, max_size=40),
)
def test_spark_rises_where_the_values_rise(values):
    drawn = as_text.spark(tuple(sorted(values)), low=0, high=100)

    assert list(drawn) == sorted(drawn)


def test_a_rating_with_numbers_shows_its_newest_and_nothing_else_does():
    def chart(high, picture):
        series = Series(label="client", seat=Seat.CLIENT, values=(1.0, None, 3.0))
        return Chart(
            picture=picture, title="t", unit="", sessions=(1, 2, 3),
            series=(series,), low=0, high=high,
        )  # fmt: skip

    def printed(high, picture=Picture.LINES):
        console = Console(width=60, no_color=True)
        with console.capture() as capture:
            for line in as_text._chart(chart(high, picture)):
                console.print(line)
        return capture.get()

    assert "newest 3" in printed(10)
    assert "newest" not in printed(100)
    assert "newest" not in printed(1, Picture.DOTS)


def test_what_was_left_unsaid_is_shown_only_when_asked_for(courses):
    made = courses[2]
    reading = read(seen_by(made, made.dyad.client))
    (unsaid,) = (f for f in reading.findings if f.id == "mine.unsaid")

    assert unsaid.sentence not in as_text.to_text(reading, width=200)
    assert unsaid.sentence in as_text.to_text(reading, width=200, asked=True)
