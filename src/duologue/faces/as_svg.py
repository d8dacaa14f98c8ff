"""Charts as SVG: drawn on the server, readable without colour, never without words.

Every chart carries ``role="img"``, a title and a description; colour is never the only
difference (circle and solid line for the client's seat, square and dashes for the
therapist's, of equal weight). Only presentation attributes and classes are used, no
style attribute and no script, so that a strict content policy lets them through.

The drawing is laid out for a phone: at 320 pixels of screen its words stay readable.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from duologue.faces.layout import newest_of, number
from duologue.faces.moving_svg import Painted, lags_painted, moments_painted
from duologue.faces.svg import EDGE, WIDTH, coordinate, framed, written
from duologue.records import Seat
from duologue.relationship import Chart, Picture, Series

ROW = 18.0
LETTER = 7.3
"""Room for one letter of that size, in a wide typeface."""
PLOT = 104.0
INK = {Seat.CLIENT: "#2f5d8a", Seat.THERAPIST: "#94591b", None: "#5b5b66"}
CSS_CLASS = {Seat.CLIENT: "client", Seat.THERAPIST: "therapist", None: "pair"}
DASH = {Seat.CLIENT: "", Seat.THERAPIST: ' stroke-dasharray="7 4"', None: ""}
LINE = "2"
"""Width of every line of a person: the two weigh the same."""

Mark = Callable[[float, float], str]


def draw(chart: Chart, *, id_prefix: str, width: int = WIDTH) -> str:
    """Draw a chart.

    Parameters
    ----------
    chart : Chart
        From a finding; its numbers are drawn as they are.
    id_prefix : str
        Makes the ids of title and description unique in a page.
    width : int
        Width of the drawing in its own units, in which a letter is 13 high.

    Returns
    -------
    str
        One ``svg`` element.
    """
    parts, height = _PAINTERS[chart.picture](_Sheet(chart, width))
    return framed(
        parts,
        width=width,
        height=height,
        title=chart.title,
        told=describe(chart),
        id_prefix=id_prefix,
    )


def marks(places: Mapping[Seat, float], *, width: int = WIDTH) -> str:
    """Draw where two answers lie on one line, without a number.

    Parameters
    ----------
    places : mapping of Seat to float
        How far along the line each lies, from 0 to 1. The client's is round and above,
        the therapist's square and below; they weigh the same.
    width : int
        Width of the drawing in its own units.

    Returns
    -------
    str
        One ``svg`` element, hidden from those who hear a page: the words beside it
        say the same.
    """
    room = width - 2 * EDGE
    shown = "".join(
        _inked(seat, [_point(EDGE + room * share, 7.0 if up else 19.0, seat, 5.0)])
        for seat, share in places.items()
        for up in (seat is Seat.CLIENT,)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 26" '
        f'aria-hidden="true" class="chart marks"><path d="M{coordinate(EDGE)} 13H'
        f'{coordinate(width - EDGE)}" stroke="currentColor" stroke-opacity="0.4"/>{shown}</svg>'
    )


def describe(chart: Chart) -> str:
    """Say in words what the picture holds, for those who do not see it."""
    match chart.picture:
        case Picture.SEAM:
            return _describe_seam(chart)
        case Picture.BARS:
            lines = [_describe_row(chart, i) for i in range(len(chart.rows))]
        case Picture.DOTS:
            lines = [_describe_dots(series) for series in chart.series]
        case Picture.LAGS:
            lines = [_describe_lags(chart)]
        case Picture.MOMENTS:
            lines = [f"Moments: {len(chart.spans)}."]
        case _:
            lines = [_describe_series(series) for series in chart.series]
    if chart.picture is Picture.STRIP and chart.spans:
        off = ", ".join(str(start) for start, _ in chart.spans)
        lines.append(f"Not held: session {off}.")
    return " ".join([*lines, "The table holds every value."])


def _describe_seam(chart: Chart) -> str:
    if not chart.spans:
        return (
            "Two threads side by side, with no moment apart marked. A dot stands under "
            "each session in which the question was answered."
        )
    return " ".join(
        f"Apart in session {start}, "
        + (
            "no mark of coming back has opened yet."
            if back is None
            else f"back by session {back}."
        )
        for start, back in chart.spans
    )


def _describe_lags(chart: Chart) -> str:
    values = [-np.inf if v is None else v for v in chart.series[0].values]
    highest = int(np.argmax(values))
    if values[highest] == -np.inf:
        return "No values."
    return (
        f"Mean z at lags from {chart.rows[0]} to {chart.rows[-1]} s, above 0 the "
        f"{chart.ends[1]}: highest at {chart.rows[highest]} s, {values[highest]:.2f}."
    )


def _describe_row(chart: Chart, row: int) -> str:
    values = (f"{s.label} {number(s.values[row])}" for s in chart.series)
    return f"{chart.rows[row]}: {', '.join(values)}."


def _describe_dots(series: Series) -> str:
    known = [v for v in series.values if v is not None]
    held = sum(v != 0 for v in known)
    return f"{series.label}: held something back in {held} of {len(known)}."


def _describe_series(series: Series) -> str:
    known = [v for v in series.values if v is not None]
    if not known:
        return f"{series.label}: no values."
    if len(known) == 1:
        return f"{series.label}: one value, {number(known[0])}."
    newest = "" if series.track is None else newest_of(series.track)
    return (
        f"{series.label}: {len(known)} values, from {number(known[0])} "
        f"to {number(known[-1])}{newest and f'; the line now at {newest}'}."
    )


# Small pieces -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A chart and the width that it is drawn in."""

    chart: Chart
    width: float

    @property
    def right(self) -> float:
        return self.width - EDGE

    @property
    def step(self) -> float:
        """Distance from one session to the next."""
        room = self.width - 2 * EDGE - 20
        return room / max(len(self.chart.sessions) - 1, 1)

    @property
    def radius(self) -> float:
        """Half the size of a mark: smaller where many sessions stand close."""
        return max(1.0, min(3.2, 0.36 * self.step))

    def x(self, index: float) -> float:
        if len(self.chart.sessions) == 1:
            return self.width / 2 + 40 * index
        return EDGE + 10 + self.step * index

    def aside(self, seat: Seat | None) -> float:
        """Return the half step by which two equal answers are kept side by side."""
        if seat is None or len(self.chart.series) < 2:
            return 0.0
        half = min(1.6, 0.18 * self.step)
        return -half if seat is Seat.CLIENT else half


@dataclass(frozen=True, slots=True)
class _Scale:
    """From values to heights; everything that is drawn fits on it."""

    low: float
    high: float
    top: float
    foot: float

    def y(self, value: float) -> float:
        if self.high <= self.low:
            return self.foot
        share = (value - self.low) / (self.high - self.low)
        return self.foot - (self.foot - self.top) * share


def _rule(sheet: _Sheet, y: float) -> str:
    return (
        f'<path d="M{coordinate(EDGE)} {coordinate(y)}H{coordinate(sheet.right)}" class="rule" '
        f'stroke="currentColor" stroke-opacity="0.4"/>'
    )


def _inked(seat: Seat | None, parts: Iterable[str]) -> str:
    """Put what belongs to one seat in its ink."""
    ink = INK[seat]
    return (
        f'<g class="{CSS_CLASS[seat]}" fill="{ink}" stroke="{ink}">{"".join(parts)}</g>'
    )


def _point(
    x: float, y: float, seat: Seat | None, r: float, *, hollow: bool = False
) -> str:
    look = ' fill="none" stroke-width="1.6"' if hollow else ""
    if seat is Seat.THERAPIST:
        side = 1.8 * r
        return (
            f'<rect x="{coordinate(x - side / 2)}" y="{coordinate(y - side / 2)}" '
            f'width="{coordinate(side)}" height="{coordinate(side)}"{look}/>'
        )
    return (
        f'<circle cx="{coordinate(x)}" cy="{coordinate(y)}" r="{coordinate(r)}"{look}/>'
    )


def _points(places: Iterable[tuple[float, float]], seat: Seat | None, r: float) -> str:
    """Draw many filled marks at once, as strokes too short to be seen but for their ends.

    A hundredth of a unit long, since a printer draws no square end on nothing at all.
    """
    cap, wide = ("square", 1.8 * r) if seat is Seat.THERAPIST else ("round", 2 * r)
    path = "".join(f"M{coordinate(x)} {coordinate(y)}h.01" for x, y in places)
    return (
        f'<path d="{path}" stroke-linecap="{cap}" '
        f'stroke-width="{coordinate(wide)}" class="points"/>'
    )


def _stalks(stalks: Iterable[tuple[float, float, float]], wide: float) -> str:
    """Draw upright lines or bars, each from one height to another."""
    path = "".join(
        f"M{coordinate(x)} {coordinate(y)}V{coordinate(to)}" for x, y, to in stalks
    )
    return f'<path d="{path}" stroke-width="{coordinate(wide)}"/>'


def _ring(x: float, y: float, r: float = 7.5) -> str:
    return (
        f'<circle cx="{coordinate(x)}" cy="{coordinate(y)}" r="{coordinate(r)}" fill="none" '
        f'stroke-width="1.6" class="ring"/>'
    )


def _ticks(sheet: _Sheet, y: float) -> str:
    """Put session numbers along the foot, first and last among them."""
    sessions = sheet.chart.sessions
    n = len(sessions)
    if not n:
        return ""
    widest = LETTER * max(len(str(s)) for s in sessions) + 12
    step = max(1, -(-n // 8), int(-(-widest // sheet.step)))
    shown = [i for i in range(0, n - 1, step) if n - 1 - i >= 0.75 * step] + [n - 1]
    texts = (written(sheet.x(i), y, str(sessions[i])) for i in shown)
    return f'<g text-anchor="middle">{"".join(texts)}</g>'


def _seat_mark(seat: Seat | None, *, hollow: bool = False) -> Mark:
    return lambda x, y: _inked(seat, [_point(x, y, seat, 3.2, hollow=hollow)])


def _shade_mark(x: float, y: float) -> str:
    return (
        f'<rect x="{coordinate(x - 6)}" y="{coordinate(y - 5)}" width="12" height="10" '
        f'fill-opacity="0.2"/>'
    )


def _ring_mark(x: float, y: float) -> str:
    return f'<g stroke="currentColor">{_ring(x, y, 5)}</g>'


def _key(sheet: _Sheet, entries: Sequence[tuple[Mark, str]]) -> Painted:
    """Name what is drawn, each with its own mark, on as many rows as it takes."""
    marks, texts = [], []
    x, y = EDGE, 0.0
    for mark, label in entries:
        wide = 20 + LETTER * len(label)
        if x > EDGE and x + wide > sheet.right:
            x, y = EDGE, y + ROW
        marks.append(mark(x + 7, y + 8.5))
        texts.append(written(x + 17, y + 13, label))
        x += wide + 12
    return [*marks, *texts], (y + ROW if entries else 0.0)


def _seats(series: Iterable[Series]) -> list[tuple[Mark, str]]:
    return [(_seat_mark(one.seat), one.label) for one in series]


def _runs(values: tuple[float | None, ...]) -> Iterator[list[tuple[int, float]]]:
    """Split a line where a value is missing: nothing is drawn across a blank."""
    run: list[tuple[int, float]] = []
    for i, value in enumerate(values):
        if value is None:
            if run:
                yield run
            run = []
        else:
            run.append((i, value))
    if run:
        yield run


def _scale(chart: Chart, top: float) -> _Scale:
    known = [v for s in chart.series for v in s.values if v is not None]
    return _Scale(
        low=min([chart.low, *known]),
        high=max([chart.high, *known]),
        top=top,
        foot=top + PLOT,
    )


def _foot(sheet: _Sheet, y: float, low_end: str) -> Painted:
    """Write the session numbers, and below them where the scale ends."""
    texts = [
        _ticks(sheet, y + 15),
        written(EDGE, y + 15 + ROW, f"↓ {low_end}"),
        written(sheet.right, y + 15 + ROW, "session", anchor="end"),
    ]
    return texts, y + 15 + ROW + 7


def _ends(chart: Chart) -> tuple[str, str]:
    """Return the words at the ends of the scale, or its numbers where it has none."""
    low, high = chart.ends
    return low or number(chart.low), high or number(chart.high)


# One painter a picture ------------------------------------------------------------


def _lines(sheet: _Sheet) -> Painted:
    chart = sheet.chart
    low_end, high_end = _ends(chart)
    entries = _seats(chart.series)
    if any(s.track is not None for s in chart.series):
        entries.append((_shade_mark, "how sure"))
    if any(s.marks for s in chart.series):
        entries.append((_ring_mark, "lower than usual"))
    parts, y = _key(sheet, entries)
    parts.append(written(EDGE, y + 15, f"↑ {high_end}"))
    scale = _scale(chart, y + 28)
    parts.append(_rule(sheet, scale.foot))
    parts += [
        _shade(sheet, scale, s.seat, s.track.lower, s.track.upper)
        for s in chart.series
        if s.track is not None
    ]
    parts += [_one_line(sheet, scale, series) for series in chart.series]
    foot, height = _foot(sheet, scale.foot, low_end)
    return [*parts, *foot], height


def _shade(
    sheet: _Sheet,
    scale: _Scale,
    seat: Seat | None,
    lower: tuple[float | None, ...],
    upper: tuple[float | None, ...],
) -> str:
    shapes = []
    for run in _runs(lower):
        points = [(i, v, upper[i]) for i, v in run]
        whole = [(i, v, u) for i, v, u in points if u is not None]
        if len(whole) < 2:
            continue
        outline = [(i, v) for i, v, _ in whole]
        outline += [(i, u) for i, _, u in reversed(whole)]
        path = " ".join(
            f"{coordinate(sheet.x(i))},{coordinate(scale.y(v))}" for i, v in outline
        )
        shapes.append(
            f'<polygon points="{path}" class="band" fill-opacity="0.13" stroke="none"/>'
        )
    return _inked(seat, shapes) if shapes else ""


def _one_line(sheet: _Sheet, scale: _Scale, series: Series) -> str:
    """Draw the answers as points, and a line along the track or from one to the next."""
    aside = sheet.aside(series.seat)
    places = {
        i: (sheet.x(i) + aside, scale.y(value))
        for i, value in enumerate(series.values)
        if value is not None
    }
    if not places:
        return ""
    followed, beside = series.values, aside
    if series.track is not None:
        followed, beside = series.track.values, 0.0
    shapes = []
    for run in _runs(followed) if sheet.chart.joined else ():
        if len(run) > 1:
            path = " ".join(
                f"{coordinate(sheet.x(i) + beside)},{coordinate(scale.y(v))}"
                for i, v in run
            )
            shapes.append(
                f'<polyline points="{path}" fill="none" stroke-width="{LINE}"'
                f"{DASH[series.seat]}/>"
            )
    shapes.append(_points(places.values(), series.seat, sheet.radius))
    shapes += [
        _ring(*place)
        for i, place in places.items()
        if sheet.chart.sessions[i] in series.marks
    ]
    return _inked(series.seat, shapes)


def _gap(sheet: _Sheet) -> Painted:
    low_end, high_end = _ends(sheet.chart)
    entries: list[tuple[Mark, str]] = [(_seat_mark(None), "gap")]
    if any(len(run) > 1 for s in sheet.chart.series for run in _runs(s.lower)):
        entries.append((_shade_mark, "usual"))
    parts, y = _key(sheet, entries)
    parts.append(written(EDGE, y + 15, f"↑ {high_end}"))
    known = [abs(v) for s in sheet.chart.series for v in s.values if v is not None]
    reach = max([20.0, *known]) * 1.1
    scale = _Scale(low=-reach, high=reach, top=y + 22, foot=y + 22 + PLOT)
    for series in sheet.chart.series:
        usual = _clipped(series.lower, reach), _clipped(series.upper, reach)
        parts += [_shade(sheet, scale, None, *usual), _stems(sheet, scale, series)]
    parts.append(_rule(sheet, scale.y(0)))
    foot, height = _foot(sheet, scale.foot, low_end)
    return [*parts, *foot], height


def _stems(sheet: _Sheet, scale: _Scale, series: Series) -> str:
    zero = scale.y(0)
    ends = [
        (sheet.x(i), scale.y(value))
        for i, value in enumerate(series.values)
        if value is not None
    ]
    if not ends:
        return ""
    stalks = _stalks(((x, zero, y) for x, y in ends), float(LINE))
    return _inked(None, [stalks, _points(ends, None, sheet.radius)])


def _clipped(
    values: tuple[float | None, ...], reach: float
) -> tuple[float | None, ...]:
    return tuple(None if v is None else max(-reach, min(reach, v)) for v in values)


def _dots(sheet: _Sheet) -> Painted:
    series = sheet.chart.series
    parts, y = _key(
        sheet,
        [
            *_seats(series),
            (_seat_mark(None), "held something back"),
            (_seat_mark(None, hollow=True), "did not"),
        ],
    )
    parts += [_row(sheet, one, y + 14 + 20 * row) for row, one in enumerate(series)]
    foot = y + 20 * len(series) + 18
    texts = [
        _ticks(sheet, foot),
        written(sheet.right, foot + ROW, "session", anchor="end"),
    ]
    return [*parts, *texts], foot + ROW + 7


def _row(sheet: _Sheet, series: Series, y: float) -> str:
    filled = [(sheet.x(i), y) for i, v in enumerate(series.values) if v]
    hollow = [sheet.x(i) for i, v in enumerate(series.values) if v == 0]
    shapes = [_points(filled, series.seat, sheet.radius + 0.8)] if filled else []
    shapes += [_point(x, y, series.seat, sheet.radius, hollow=True) for x in hollow]
    return _inked(series.seat, shapes) if shapes else ""


def _strip(sheet: _Sheet) -> Painted:
    """Draw minutes as bars: up for late or over, down for early or short."""
    off = {start for start, _ in sheet.chart.spans}
    texts: list[str] = []
    parts: list[str] = []
    y = 0.0
    for series in sheet.chart.series:
        known = [v for v in series.values if v is not None]
        most, least = max([0.0, *known]), min([0.0, *known])
        scale = 2.0 * min(1.0, 18 / max(1.0, most, -least))
        largest = number(max(known, key=abs)) if known else "–"
        texts.append(
            written(EDGE, y + 13, f"{series.label}, minutes (largest {largest})")
        )
        base = y + 18 + max(most * scale, 12.0)
        parts += [_rule(sheet, base), _minutes(sheet, series, base, scale)]
        texts += [
            written(sheet.x(i), base - 2, "×", anchor="middle")
            for i, session in enumerate(sheet.chart.sessions)
            if session in off and series is sheet.chart.series[0]
        ]
        y = base - least * scale + 8
    texts.append(_ticks(sheet, y + 9))
    texts.append(written(sheet.right, y + 9 + ROW, "session", anchor="end"))
    if off:
        texts.append(written(EDGE, y + 9 + ROW, "× not held"))
    return [*parts, *texts], y + 9 + ROW + 7


def _minutes(sheet: _Sheet, series: Series, base: float, scale: float) -> str:
    bars = [
        (sheet.x(i), base, base - (value or 0.6) * scale)
        for i, value in enumerate(series.values)
        if value is not None
    ]
    if not bars:
        return ""
    return _inked(None, [_stalks(bars, max(1.5, min(6.0, 0.7 * sheet.step)))])


def _bars(sheet: _Sheet) -> Painted:
    """Draw the shares of the two side by side; the rest is in the table."""
    parts, y = _key(sheet, _seats(sheet.chart.series))
    texts: list[str] = []
    for row, name in enumerate(sheet.chart.rows[:2]):
        shares = [series.values[row] for series in sheet.chart.series]
        known = [share for share in shares if share is not None]
        if len(known) < len(shares):
            continue
        numbers = " : ".join(f"{share:.0f}" for share in known)
        texts += [
            written(EDGE, y + 20, name),
            written(sheet.right, y + 20, numbers, anchor="end"),
        ]
        parts += _shares(sheet, known, y + 27)
        y += 44
    return [*parts, *texts], y + 6


def _shares(sheet: _Sheet, shares: list[float], y: float) -> Iterator[str]:
    x = EDGE
    for series, share in zip(sheet.chart.series, shares, strict=True):
        wide = (sheet.right - EDGE) * max(0.0, min(share, 100.0)) / 100
        wide = min(wide, sheet.right - x)
        bar = (
            f'<rect x="{coordinate(x)}" y="{coordinate(y)}" width="{coordinate(max(wide - 2, 0))}" '
            f'height="11" stroke="none"/>'
        )
        yield _inked(series.seat, [bar])
        x += wide


def _lags(sheet: _Sheet) -> Painted:
    """Draw how far the two went together at each lag, beside chance where there is any."""
    chart = sheet.chart
    own, *band = chart.series
    lines = [own.values, own.lower, own.upper, *(each.values for each in band)]
    mean, *chance = (np.array(line, dtype=np.float64) for line in lines if line)
    return lags_painted(
        np.array([float(row) for row in chart.rows]),
        mean,
        chance=(chance[0], chance[1], chance[2]) if chance else None,
        ends=chart.ends,
        width=sheet.width,
    )


def _moments(sheet: _Sheet) -> Painted:
    """Draw where moments of a session lie."""
    chart = sheet.chart
    ended = [(start, end) for start, end in chart.spans if end is not None]
    return moments_painted(ended, end_s=max(chart.high, 1.0), width=sheet.width)


def _seam(sheet: _Sheet) -> Painted:
    """Two threads, one a person: apart they bow out, and a mend is stitched."""
    middle, near = 30.0, 4.0
    spans = _bows(sheet.chart)
    parts = []
    for sign, seat in ((-1, Seat.CLIENT), (1, Seat.THERAPIST)):
        y = middle + sign * near
        path = [f"M{coordinate(EDGE)} {coordinate(y)}"]
        ends = sheet.right
        for start, back, mended in spans:
            a = max(sheet.x(start), EDGE)
            b = min(sheet.x(back), sheet.right)
            path.append(f"L{coordinate(a)} {coordinate(y)}")
            if mended:
                path.append(
                    f"Q{coordinate((a + b) / 2)} {coordinate(middle + sign * 36)} {coordinate(b)} {coordinate(y)}"
                )
            else:
                out = middle + sign * 20
                path.append(
                    f"Q{coordinate((a + b) / 2)} {coordinate(out)} {coordinate(b)} {coordinate(out)}"
                )
        if not spans or spans[-1][2]:
            path.append(f"L{coordinate(ends)} {coordinate(y)}")
        line = (
            f'<path d="{"".join(path)}" fill="none" stroke-width="{LINE}"{DASH[seat]}/>'
        )
        parts.append(_inked(seat, [line]))
    stitches = [_stitches(sheet.x(back), middle) for _, back, mended in spans if mended]
    if stitches:
        parts.append(
            f'<g stroke="currentColor" stroke-width="1.6" class="stitch">'
            f"{''.join(stitches)}</g>"
        )
    foot = middle + 40
    parts += _asked_dots(sheet, middle + 26)
    texts = [_ticks(sheet, foot)]
    texts.append(written(sheet.right, foot + ROW, "session", anchor="end"))
    if stitches:
        parts.append(
            f'<g stroke="currentColor" stroke-width="1.6" class="stitch">'
            f"{_stitches(EDGE + 8, foot + ROW - 4, tall=5)}</g>"
        )
        texts.append(written(EDGE + 24, foot + ROW, "back together"))
    return [*parts, *texts], foot + ROW + 7


def _asked_dots(sheet: _Sheet, y: float) -> Iterator[str]:
    """Put a dot under each session in which the question was answered.

    The thread between them is drawn through, and says nothing of the others.
    """
    for series in sheet.chart.series:
        for place, value in enumerate(series.values):
            if value is not None:
                yield (
                    f'<circle cx="{coordinate(sheet.x(place))}" cy="{coordinate(y)}" r="2" '
                    'fill="currentColor" stroke="none" class="asked"/>'
                )


def _bows(chart: Chart) -> list[tuple[float, float, bool]]:
    """Return each time apart as places along the foot, none over another."""
    index = {session: i for i, session in enumerate(chart.sessions)}
    end = len(chart.sessions) - 0.5
    bows: list[tuple[float, float, bool]] = []
    for start, back in sorted(chart.spans, key=lambda span: span[0]):
        a = index[start] - 0.5
        if bows:
            before, until, mended = bows[-1]
            bows[-1] = (before, min(until, a), mended)
        b = end if back is None else max(index[back], index[start]) + 0.5
        bows.append((a, b, back is not None))
    return bows


def _stitches(x: float, middle: float, *, tall: float = 9.0) -> str:
    return "".join(
        f'<path d="M{coordinate(x + step - 2)} {coordinate(middle - tall)}l4 {coordinate(2 * tall)}"/>'
        for step in (-5, 0, 5)
    )


_PAINTERS: dict[Picture, Callable[[_Sheet], Painted]] = {
    Picture.LINES: _lines,
    Picture.GAP: _gap,
    Picture.DOTS: _dots,
    Picture.SEAM: _seam,
    Picture.STRIP: _strip,
    Picture.BARS: _bars,
    Picture.LAGS: _lags,
    Picture.MOMENTS: _moments,
}
