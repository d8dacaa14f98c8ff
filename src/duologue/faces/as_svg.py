"""Charts as SVG: drawn on the server, readable without colour, never without words.

Every chart carries ``role="img"``, a title and a description; colour is never the only
difference (circle and solid line for the client's seat, square and dashes for the
therapist's, of equal weight). Only presentation attributes and classes are used, no
style attribute and no script, so that a strict content policy lets them through.
"""

from collections.abc import Iterable
from html import escape

from duologue.faces.layout import number
from duologue.records import Seat
from duologue.relationship import Chart, Picture, Series

WIDTH, HEIGHT = 400, 180
LEFT, RIGHT, TOP, BOTTOM = 14, 14, 24, 38
INK = {Seat.CLIENT: "#2f5d8a", Seat.THERAPIST: "#94591b", None: "#5b5b66"}
CSS_CLASS = {Seat.CLIENT: "client", Seat.THERAPIST: "therapist", None: "pair"}
DASH = {Seat.CLIENT: None, Seat.THERAPIST: "7 4", None: None}


def draw(chart: Chart, *, id_prefix: str) -> str:
    """Draw a chart.

    Parameters
    ----------
    chart : Chart
        From a finding; its numbers are drawn as they are.
    id_prefix : str
        Makes the ids of title and description unique in a page.

    Returns
    -------
    str
        One ``svg`` element.
    """
    painter = {
        Picture.LINES: _lines,
        Picture.GAP: _gap,
        Picture.DOTS: _dots,
        Picture.SEAM: _seam,
        Picture.STRIP: _strip,
        Picture.BARS: _bars,
    }[chart.picture]
    height = {Picture.DOTS: 84, Picture.SEAM: 104, Picture.STRIP: 150}.get(
        chart.picture, HEIGHT
    )
    if chart.picture is Picture.BARS:
        height = 92
    parts = "".join(painter(chart))
    title, words = escape(chart.title), escape(_describe(chart))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'role="img" aria-labelledby="{id_prefix}-t {id_prefix}-d" class="chart" '
        f'font-size="12" font-family="inherit">'
        f'<title id="{id_prefix}-t">{title}</title>'
        f'<desc id="{id_prefix}-d">{words}</desc>{parts}</svg>'
    )


def _describe(chart: Chart) -> str:
    """Say in words what the picture holds, for those who do not see it."""
    if chart.picture is Picture.SEAM:
        if not chart.spans:
            return "Two threads side by side, with no moment apart marked."
        return " ".join(
            f"Apart in session {start}, "
            + ("not yet back." if back is None else f"back by session {back}.")
            for start, back in chart.spans
        )
    lines = []
    for series in chart.series:
        known = [v for v in series.values if v is not None]
        if not known:
            lines.append(f"{series.label}: no values.")
        else:
            lines.append(
                f"{series.label}: {len(known)} values, from {number(known[0])} "
                f"to {number(known[-1])}."
            )
    return " ".join(lines) + " The table below holds every value."


# Small pieces -------------------------------------------------------------------


def _x(chart: Chart, index: float) -> float:
    n = max(len(chart.sessions) - 1, 1)
    inner = WIDTH - LEFT - RIGHT - 20
    if len(chart.sessions) == 1:
        return WIDTH / 2
    return round(LEFT + 10 + inner * index / n, 2)


def _y(chart: Chart, value: float, *, height: float = HEIGHT) -> float:
    share = (value - chart.low) / (chart.high - chart.low)
    return round(height - BOTTOM - (height - TOP - BOTTOM) * share, 2)


def _text(x: float, y: float, words: str, *, anchor: str = "start") -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" class="label" '
        f'fill="currentColor">{escape(words)}</text>'
    )


def _line(x1: float, y1: float, x2: float, y2: float, *, css: str = "rule") -> str:
    return (
        f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" class="{css}" '
        f'stroke="currentColor" stroke-opacity="0.35"/>'
    )


def _point(x: float, y: float, seat: Seat | None, *, hollow: bool = False) -> str:
    ink = INK[seat]
    fill = "none" if hollow else ink
    look = f'fill="{fill}" stroke="{ink}" stroke-width="1.5" class="{CSS_CLASS[seat]}"'
    if hollow:
        look = look.replace('class="', 'class="hollow ')
    if seat is Seat.THERAPIST:
        return f'<rect x="{x - 3.1:.2f}" y="{y - 3.1:.2f}" width="6.2" height="6.2" {look}/>'
    return f'<circle cx="{x:g}" cy="{y:g}" r="3.5" {look}/>'


def _ticks(chart: Chart, y: float) -> Iterable[str]:
    """Put session numbers along the foot, first and last among them."""
    n = len(chart.sessions)
    step = max(1, -(-n // 8))
    chosen = [i for i in range(0, n, step) if n - 1 - i >= step / 2] + [n - 1]
    for i in chosen:
        yield _text(_x(chart, i), y, str(chart.sessions[i]), anchor="middle")


def _key(series: tuple[Series, ...]) -> Iterable[str]:
    """Name the lines at the top, each with its own mark."""
    x = float(WIDTH - RIGHT)
    for one in reversed(series):
        x -= 6.6 * len(one.label) + 2
        yield _text(x, 13, one.label)
        x -= 10
        yield _point(x, 9, one.seat)
        x -= 14


def _runs(values: tuple[float | None, ...]) -> Iterable[list[tuple[int, float]]]:
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


# One painter a picture ------------------------------------------------------------


def _lines(chart: Chart) -> Iterable[str]:
    yield _text(LEFT, 13, chart.ends[1])
    yield _text(LEFT, HEIGHT - 4, chart.ends[0])
    yield _line(LEFT, _y(chart, chart.low), WIDTH - RIGHT, _y(chart, chart.low))
    yield from _ticks(chart, HEIGHT - BOTTOM + 15)
    if chart.joined:
        for series in chart.series:
            yield from _band(chart, series)
    for series in chart.series:
        yield from _one_line(chart, series)
    yield from _key(chart.series)


def _band(chart: Chart, series: Series) -> Iterable[str]:
    for run in _runs(series.lower):
        if len(run) < 2:
            continue
        upper = [(i, series.upper[i]) for i, _ in run]
        points = [(_x(chart, i), _y(chart, v)) for i, v in run]
        points += [
            (_x(chart, i), _y(chart, v)) for i, v in reversed(upper) if v is not None
        ]
        path = " ".join(f"{x:g},{y:g}" for x, y in points)
        yield (
            f'<polygon points="{path}" class="band {CSS_CLASS[series.seat]}" '
            f'fill="{INK[series.seat]}" fill-opacity="0.12"/>'
        )


def _one_line(chart: Chart, series: Series) -> Iterable[str]:
    ink, css = INK[series.seat], CSS_CLASS[series.seat]
    for run in _runs(series.values):
        if chart.joined and len(run) > 1:
            path = " ".join(f"{_x(chart, i):g},{_y(chart, v):g}" for i, v in run)
            dash = DASH[series.seat]
            dashes = f' stroke-dasharray="{dash}"' if dash else ""
            yield (
                f'<polyline points="{path}" fill="none" stroke="{ink}" '
                f'stroke-width="2" class="{css}"{dashes}/>'
            )
        for i, value in run:
            yield _point(_x(chart, i), _y(chart, value), series.seat)
            if chart.sessions[i] in series.marks:
                yield (
                    f'<circle cx="{_x(chart, i):g}" cy="{_y(chart, value):g}" r="8" '
                    f'fill="none" stroke="{ink}" stroke-width="1.5" class="{css} ring"/>'
                )


def _gap(chart: Chart) -> Iterable[str]:
    (series,) = chart.series
    known = [abs(v) for v in series.values if v is not None]
    reach = max([20.0, *known]) * 1.1
    scaled = Chart(
        picture=chart.picture,
        title=chart.title,
        unit=chart.unit,
        sessions=chart.sessions,
        series=chart.series,
        low=-reach,
        high=reach,
        ends=chart.ends,
    )
    yield _text(LEFT, 13, chart.ends[1])
    yield _text(LEFT, HEIGHT - 4, chart.ends[0])
    inside = Series(
        label=series.label,
        seat=None,
        values=series.values,
        lower=_clipped(series.lower, reach),
        upper=_clipped(series.upper, reach),
    )
    yield from _band(scaled, inside)
    yield _line(LEFT, _y(scaled, 0), WIDTH - RIGHT, _y(scaled, 0))
    yield from _ticks(scaled, HEIGHT - BOTTOM + 15)
    for i, value in enumerate(series.values):
        if value is not None:
            x, y = _x(scaled, i), _y(scaled, value)
            yield (
                f'<line x1="{x:g}" y1="{_y(scaled, 0):g}" x2="{x:g}" y2="{y:g}" '
                f'stroke="{INK[None]}" stroke-width="2" class="pair"/>'
            )
            yield _point(x, y, None)


def _clipped(
    values: tuple[float | None, ...], reach: float
) -> tuple[float | None, ...]:
    return tuple(None if v is None else max(-reach, min(reach, v)) for v in values)


def _dots(chart: Chart) -> Iterable[str]:
    for row, series in enumerate(chart.series):
        y = 30 + 20 * row
        for i, value in enumerate(series.values):
            if value is not None:
                yield _point(_x(chart, i), y, series.seat, hollow=value == 0)
    yield from _ticks(chart, 78)
    yield from _key(chart.series)
    yield _text(LEFT, 13, "filled: held something back")


def _strip(chart: Chart) -> Iterable[str]:
    late, over = chart.series
    off = {start for start, _ in chart.spans}
    for base, series, name in ((62, late, "began late"), (118, over, "ran over")):
        yield _line(LEFT, base, WIDTH - RIGHT, base)
        yield _text(LEFT, base - 32, f"{name}, minutes")
        for i, value in enumerate(series.values):
            if value is None:
                continue
            height = min(26.0, abs(value))
            y = base - height if value > 0 else base
            yield (
                f'<rect x="{_x(chart, i) - 3:.2f}" y="{y:g}" width="6" '
                f'height="{max(height, 0.8):g}" fill="{INK[None]}" class="pair"/>'
            )
    for i, session in enumerate(chart.sessions):
        if session in off:
            yield _text(_x(chart, i), 62 - 3, "×", anchor="middle")
    yield from _ticks(chart, 145)
    if off:
        yield _text(WIDTH - RIGHT, 14, "× not held", anchor="end")


def _bars(chart: Chart) -> Iterable[str]:
    """Draw the shares of the two side by side; the rest is in the table."""
    y = 26
    for row, name in enumerate(chart.rows[:2]):
        shares = [series.values[row] for series in chart.series]
        if any(share is None for share in shares):
            continue
        x = float(LEFT)
        yield _text(LEFT, y + 8, name)
        for series, share in zip(chart.series, shares, strict=True):
            width = (WIDTH - LEFT - RIGHT) * (share or 0) / 100
            yield (
                f'<rect x="{x:.2f}" y="{y + 13}" width="{max(width - 1, 0):.2f}" '
                f'height="11" fill="{INK[series.seat]}" '
                f'class="{CSS_CLASS[series.seat]}"/>'
            )
            x += width
        y += 34
    yield from _key(chart.series)


def _seam(chart: Chart) -> Iterable[str]:
    """Two threads, one a person: apart they bow out, and a mend is stitched."""
    middle, near, far = 48.0, 4.0, 20.0
    index = {session: i for i, session in enumerate(chart.sessions)}
    last = len(chart.sessions) - 1
    spans = []
    for start, back in chart.spans:
        a = index[start] - 0.5
        b = last + 0.5 if back is None else max(index[back] + 0.5, index[start] + 0.5)
        spans.append((a, b, back is not None))
    for sign, seat in ((-1, Seat.CLIENT), (1, Seat.THERAPIST)):
        path = [f"M {_x(chart, 0) - 10:g} {middle + sign * near:g}"]
        for a, b, mended in spans:
            xa, xb, xm = _x(chart, a), _x(chart, b), _x(chart, (a + b) / 2)
            path.append(f"L {xa:g} {middle + sign * near:g}")
            if mended:
                path.append(
                    f"Q {xm:g} {middle + sign * far * 1.8:g} "
                    f"{xb:g} {middle + sign * near:g}"
                )
            else:
                path.append(
                    f"Q {(xa + xb) / 2:g} {middle + sign * far:g} "
                    f"{xb:g} {middle + sign * far:g}"
                )
        if not spans or spans[-1][2]:
            path.append(f"L {_x(chart, last) + 10:g} {middle + sign * near:g}")
        yield (
            f'<path d="{" ".join(path)}" fill="none" stroke="{INK[seat]}" '
            f'stroke-width="2.5" class="{CSS_CLASS[seat]}"/>'
        )
    for _, b, mended in spans:
        if mended:
            yield from _stitches(_x(chart, b), middle)
    yield from _ticks(chart, 98)


def _stitches(x: float, middle: float) -> Iterable[str]:
    for step in range(4):
        at = x - 4 + 5 * step
        yield (
            f'<line x1="{at - 3:g}" y1="{middle - 9:g}" x2="{at + 3:g}" '
            f'y2="{middle + 9:g}" stroke="currentColor" stroke-width="1.6" '
            f'class="stitch"/>'
        )
