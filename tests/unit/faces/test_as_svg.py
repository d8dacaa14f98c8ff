"""Charts: well-formed, described, equal for both seats, and true to their numbers."""

import itertools
import pathlib
import re
import runpy
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duologue.faces import as_svg, svg
from duologue.records import Seat
from duologue.relationship import Chart, Picture, Series

DOCS = pathlib.Path(__file__).parents[3] / "docs"
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '</svg><script>x("&\x00\x1b")</script>'
NUMBERS = re.compile(r"-?\d+(?:\.\d+)?")


def _labels():
    return st.sampled_from(["client", "supervisor", HOSTILE]) | st.text(max_size=12)


def _numbers(low, high, n):
    """Return n values, some of them blank; many are a few, again and again."""
    few = st.lists(
        st.none() | st.floats(low, high, allow_nan=False), min_size=1, max_size=8
    )
    return few.map(lambda values: tuple(itertools.islice(itertools.cycle(values), n)))


@st.composite
def _series(draw, seat, n, *, low, high, bands):
    values = draw(_numbers(low, high, n) | st.just((None,) * n))
    if not bands or draw(st.booleans()):
        return Series(label=draw(_labels()), seat=seat, values=values)
    return Series(
        label=draw(_labels()),
        seat=seat,
        values=values,
        lower=draw(_numbers(low, high, n)),
        upper=draw(_numbers(low, high, n)),
        marks=tuple(draw(st.sets(st.integers(1, n), max_size=4))),
    )


@st.composite
def charts(draw, picture):
    """Return a chart of one kind, of one session, of a few or of very many."""
    n = draw(st.sampled_from([1, 2, 3, 12, 30, 200]))
    first = draw(st.sampled_from([1, 990]))
    sessions = tuple(range(first, first + n))
    low, high = {
        Picture.GAP: (-100.0, 100.0),
        Picture.DOTS: (0.0, 1.0),
        Picture.STRIP: (-30.0, 45.0),
    }.get(picture, draw(st.sampled_from([(0.0, 100.0), (5.0, 5.0)])))
    seats, rows, spans = list(Seat)[: draw(st.integers(1, 2))], (), ()
    if picture is Picture.GAP:
        seats = [None]
    elif picture is Picture.STRIP:
        seats = [None, None]
        spans = tuple(
            (s, None) for s in sorted(draw(st.sets(st.sampled_from(sessions))))
        )
    elif picture is Picture.BARS:
        rows = tuple(draw(st.lists(_labels(), min_size=1, max_size=4)))
        sessions = sessions[:1]
    elif picture is Picture.SEAM:
        seats = []
        starts = draw(st.lists(st.sampled_from(sessions), unique=True, max_size=3))
        spans = tuple(
            (a, draw(st.none() | st.sampled_from([s for s in sessions if s >= a])))
            for a in sorted(starts)
        )
    elif picture is Picture.MOMENTS:
        seats, sessions, high = [], sessions[:1], draw(st.floats(0, 1e5))
        spans = ((0, int(high) // 2), (int(high) // 2, int(high)))
    elif picture is Picture.LAGS:
        seats = [None, None][: draw(st.integers(1, 2))]
        rows = tuple(f"{lag:+.2f}" for lag in range(-(n // 2), n // 2 + 1))
        sessions = sessions[:1]
    bands = picture in (Picture.LINES, Picture.GAP)
    length = len(rows) or len(sessions)
    series = tuple(
        draw(_series(s, length, low=low, high=high, bands=bands)) for s in seats
    )
    return Chart(
        picture=picture,
        title=draw(_labels()),
        unit="points",
        sessions=sessions,
        series=_beside_chance(series) if picture is Picture.LAGS else series,
        low=low,
        high=high,
        ends=draw(st.sampled_from([("", ""), ("Not safe", HOSTILE)])),
        joined=draw(st.booleans()),
        spans=spans,
        rows=rows,
    )


def _beside_chance(series):
    """Give the session's own line its shade where there is a second one, of chance."""
    if len(series) == 1:
        return series
    own, band = series
    return replace(own, lower=band.values, upper=band.values), band


def any_chart():
    return st.sampled_from(Picture).flatmap(charts)


def _parse(chart):
    return ET.fromstring(as_svg.draw(chart, id_prefix="x"))  # noqa: S314  (our own)


def _lines_chart(*values, joined=True, sessions=None, labels=("client", "therapist")):
    return Chart(
        picture=Picture.LINES,
        title="Trust",
        unit="points of 100",
        sessions=sessions or tuple(range(1, len(values[0]) + 1)),
        series=tuple(
            Series(label=label, seat=seat, values=v)
            for label, seat, v in zip(labels, Seat, values, strict=False)
        ),
        low=0,
        high=100,
        joined=joined,
    )


def _points(picture, css):
    """Return the places of the filled marks of one seat."""
    return [
        tuple(float(n) for n in mark.split(" "))
        for path in picture.findall(f".//{SVG}g[@class='{css}']/{SVG}path")
        if path.get("class") == "points"
        for mark in path.get("d").strip("M").replace("h.01", "").split("M")
    ]


@given(chart=any_chart())
def test_every_picture_is_well_formed_and_described(chart):
    picture = _parse(chart)
    title, words = picture[0], picture[1]

    assert picture.get("role") == "img"
    assert (title.tag, words.tag) == (f"{SVG}title", f"{SVG}desc")
    assert picture.get("aria-labelledby") == f"{title.get('id')} {words.get('id')}"
    assert words.text


@given(chart=any_chart())
def test_no_picture_holds_a_script_a_style_or_a_link(chart):
    for element in _parse(chart).iter():
        assert element.tag.removeprefix(SVG) in {
            "svg", "title", "desc", "g", "text", "path", "circle", "rect",
            "polygon", "polyline",
        }  # fmt: skip
        assert not {"style", "href"} & set(element.attrib)
        assert not [name for name in element.attrib if name.startswith("on")]


@given(chart=any_chart())
def test_everything_is_drawn_inside_the_picture(chart):
    picture = _parse(chart)
    _, _, width, height = (float(n) for n in picture.get("viewBox").split())

    for text in picture.iter(f"{SVG}text"):
        assert 0 <= float(text.get("x")) <= width
        assert 0 < float(text.get("y")) <= height
    for path in picture.iter(f"{SVG}path"):
        if path.get("class") == "points":
            for x, y in re.findall(r"M(\S+) ([\d.-]+)h", path.get("d")):
                assert 0 <= float(x) <= width
                assert 0 <= float(y) <= height


@pytest.mark.parametrize("picture", [Picture.LINES, Picture.GAP])
@given(data=st.data())
def test_every_value_has_its_point(picture, data):
    chart = data.draw(charts(picture))
    drawn = _parse(chart)

    n = sum(v is not None for s in chart.series for v in s.values)
    css = ("client", "therapist") if picture is Picture.LINES else ("pair",)
    assert sum(len(_points(drawn, name)) for name in css) == n


@given(chart=charts(Picture.DOTS))
def test_every_answer_has_its_dot_filled_or_hollow(chart):
    drawn = _parse(chart)
    key = len(chart.series) + 2

    known = [v for s in chart.series for v in s.values if v is not None]
    filled = sum(len(_points(drawn, css)) for css in ("client", "therapist"))
    shapes = len([*drawn.iter(f"{SVG}circle"), *drawn.iter(f"{SVG}rect")])
    assert filled == sum(v != 0 for v in known)
    assert shapes - key == sum(v == 0 for v in known)


@given(chart=charts(Picture.LINES).filter(lambda c: not c.joined))
def test_nothing_is_drawn_between_points_that_are_not_joined(chart):
    drawn = _parse(chart)

    assert not [*drawn.iter(f"{SVG}polyline"), *drawn.iter(f"{SVG}polygon")]


def test_nothing_is_drawn_across_a_blank():
    drawn = _parse(_lines_chart((10.0, 20.0, None, 30.0, 40.0, None, 50.0)))
    lines = [*drawn.iter(f"{SVG}polyline")]

    assert [len(line.get("points").split(" ")) for line in lines] == [2, 2]
    assert len(_points(drawn, "client")) == 5


def test_heights_are_the_numbers():
    drawn = _parse(_lines_chart((0.0, 50.0, 100.0)))
    (_, foot), (_, half), (_, top) = _points(drawn, "client")

    assert half == pytest.approx((foot + top) / 2, abs=0.1)
    assert foot - top == pytest.approx(as_svg.PLOT, abs=0.1)


@given(values=_numbers(0, 100, 20), other=_numbers(0, 100, 20))
def test_the_two_seats_weigh_the_same(values, other):
    values, other = (50.0, 60.0, *values), (40.0, 30.0, *other)
    drawn = _parse(_lines_chart(values, other))

    widths = {
        css: {
            line.get("stroke-width")
            for line in drawn.findall(f".//{SVG}g[@class='{css}']/{SVG}polyline")
        }
        for css in ("client", "therapist")
    }
    assert widths["client"] == widths["therapist"] == {as_svg.LINE}


def test_the_threads_of_the_seam_weigh_the_same_and_differ_by_more_than_colour():
    chart = Chart(
        picture=Picture.SEAM, title="Apart", unit="sessions", sessions=(1, 2, 3, 5, 6),
        series=(), low=0, high=1, spans=((2, 3), (6, None)),
    )  # fmt: skip
    drawn = _parse(chart)
    client, therapist = (
        drawn.find(f".//{SVG}g[@class='{css}']/{SVG}path")
        for css in ("client", "therapist")
    )

    assert client.get("stroke-width") == therapist.get("stroke-width")
    assert client.get("stroke-dasharray") is None
    assert therapist.get("stroke-dasharray") is not None
    assert (
        drawn[1].text == "Apart in session 2, back by session 3. Apart in session 6, "
        "no mark of coming back has opened yet."
    )


def test_equal_answers_stand_side_by_side_not_one_over_the_other():
    drawn = _parse(_lines_chart((50.0, 60.0), (50.0, 60.0)))
    client, therapist = _points(drawn, "client"), _points(drawn, "therapist")

    for (x1, y1), (x2, y2) in zip(client, therapist, strict=True):
        assert x1 < x2
        assert y1 == y2


@pytest.mark.parametrize("n", [2, 9, 30, 200])
def test_session_numbers_do_not_run_into_one_another(n):
    drawn = _parse(_lines_chart((50.0,) * n, sessions=tuple(range(991, 991 + n))))
    ticks = drawn.findall(f".//{SVG}g[@text-anchor='middle']/{SVG}text")
    reach = [(float(t.get("x")), as_svg.LETTER * len(t.text) / 2) for t in ticks]

    assert ticks[0].text == "991"
    assert ticks[-1].text == str(990 + n)
    for (left, half), (right, other) in itertools.pairwise(reach):
        assert left + half < right - other


def test_a_long_key_goes_on_in_a_second_row():
    labels = ("the first person of the two", "the second person of the two")
    drawn = _parse(_lines_chart((50.0,), (60.0,), labels=labels))
    places = {t.text: float(t.get("y")) for t in drawn.iter(f"{SVG}text")}

    assert places[labels[0]] < places[labels[1]] < places["↑ 100"]


def test_a_scale_without_words_shows_its_numbers():
    texts = [t.text for t in _parse(_lines_chart((50.0, 60.0))).iter(f"{SVG}text")]

    assert "↑ 100" in texts
    assert "↓ 0" in texts


@given(one=st.text(max_size=8), other=st.text(max_size=8))
def test_ids_are_safe_and_differ_where_the_texts_differ(one, other):
    assert re.fullmatch(r"[A-Za-z0-9_.-]*", svg.safe_id(one))
    assert (svg.safe_id(one) == svg.safe_id(other)) == (one == other)


def test_a_hostile_prefix_stays_an_id():
    chart = _lines_chart((50.0,))
    drawn = ET.fromstring(  # noqa: S314  (our own)
        as_svg.draw(chart, id_prefix='goal"><script>')
    )

    assert not [*drawn.iter(f"{SVG}script")]
    assert " " not in drawn[0].get("id")


@pytest.mark.parametrize(
    ("picture", "words"),
    [
        (Picture.DOTS, "client: held something back in 1 of 2."),
        (Picture.LINES, "client: 2 values, from 0 to 1."),
    ],
)
def test_the_description_says_what_is_drawn(picture, words):
    chart = Chart(
        picture=picture, title="t", unit="", sessions=(1, 2, 3), low=0, high=1,
        series=(Series(label="client", seat=Seat.CLIENT, values=(0.0, None, 1.0)),),
    )  # fmt: skip

    assert as_svg.describe(chart) == f"{words} The table holds every value."


def test_a_session_that_was_not_held_is_in_the_description():
    chart = Chart(
        picture=Picture.STRIP, title="t", unit="", sessions=(1, 2), low=-30, high=30,
        series=(Series(label="began late", seat=None, values=(3.0, None)),),
        spans=((2, None),),
    )  # fmt: skip

    assert "began late: one value, 3. Not held: session 2." in as_svg.describe(chart)


def test_every_made_up_chart_is_drawn(all_charts):
    assert {chart.picture for chart in all_charts} == set(Picture)
    for chart in all_charts:
        assert len(as_svg.draw(chart, id_prefix="x")) < 8000


def test_the_picture_of_the_readme_is_what_its_script_makes():
    made = runpy.run_path(str(DOCS / "make_picture.py"))
    committed = made["TARGET"].read_text(encoding="utf-8")

    assert made["picture"]() == committed
    assert len(committed) < 300_000
    ET.fromstring(committed)  # noqa: S314  (our own)
