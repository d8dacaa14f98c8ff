"""A reading in the terminal, with small charts of block characters."""

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from duologue.faces.layout import (
    HEADINGS,
    LEVEL_NAMES,
    beside,
    clean,
    groups,
    number,
    table_of,
)
from duologue.faces.layout import Group as Part
from duologue.records import Seat
from duologue.relationship import Chart, Finding, Level, Picture, Reading

BLOCKS = "▁▂▃▄▅▆▇█"
INK = {Seat.CLIENT: "blue", Seat.THERAPIST: "yellow", None: "default"}


def show(reading: Reading, console: Console, *, asked: bool = False) -> None:
    """Print a reading.

    Parameters
    ----------
    reading : Reading
    console : rich.console.Console
        Where to; its width decides the layout. Words come from the reading as they
        are, never read as mark-up.
    asked : bool
        Whether the reader asked for what is shown only on request (left unsaid).
    """
    console.print(_head(reading))
    for part in groups(reading):
        console.print(Rule(_text(part.title, style="bold"), align="left", style="dim"))
        console.print(Padding(_part(reading, part, asked=asked), (0, 0, 1, 2)))
    console.print(
        Rule(_text("How to read this", style="bold"), align="left", style="dim")
    )
    for note in reading.notes:
        console.print(Padding(_text(f"• {note}", style="dim"), (0, 0, 0, 2)))
    console.print(
        Padding(
            _text("Need someone now?  " + " · ".join(reading.help_now), style="dim"),
            (0, 0, 0, 2),
        )
    )


def to_text(reading: Reading, *, width: int = 100, asked: bool = False) -> str:
    """Return a reading as plain text without colour, for a file or a test."""
    console = Console(width=width, no_color=True, force_terminal=False, highlight=False)
    with console.capture() as capture:
        show(reading, console, asked=asked)
    return capture.get()


def spark(values: tuple[float | None, ...], *, low: float, high: float) -> str:
    """Draw values as blocks, one a session; a dot stands for a blank.

    A scale without height is drawn at its foot.

    Examples
    --------
    >>> spark((0.0, 50.0, None, 100.0), low=0, high=100)
    '▁▅·█'
    """
    reach = high - low or 1.0
    marks = []
    for value in values:
        if value is None:
            marks.append("·")
        else:
            step = round((value - low) / reach * (len(BLOCKS) - 1))
            marks.append(BLOCKS[max(0, min(step, len(BLOCKS) - 1))])
    return "".join(marks)


def _text(words: str, style: str = "") -> Text:
    """Take words as they are: nothing in them is mark-up or steers the terminal."""
    return Text(clean(words), style=style)


def _head(reading: Reading) -> Panel:
    days = ""
    if reading.first_day and reading.last_day:
        days = f" · {reading.first_day:%d %b %Y} to {reading.last_day:%d %b %Y}"
    line = (
        f"{reading.pair} · {reading.n_held} of {reading.n_sessions} sessions held{days}"
    )
    marks = ["MADE UP"] if reading.made_up else []
    if reading.scope.value == "research":
        marks.append("RESEARCH: SEES EVERYTHING")
    text = _text(line)
    if marks:
        text.append("\n" + " · ".join(marks), style="bold")
    return Panel(text, title=HEADINGS[reading.scope], title_align="left")


def _part(reading: Reading, part: Part, *, asked: bool) -> RenderableType:
    if not part.findings:
        return _text(
            "Nothing stands out today. No card does not mean nothing is happening."
        )
    shown: list[RenderableType] = []
    if part.lead:
        shown.append(_text(part.lead, style="dim"))
    for finding in part.findings:
        if finding.on_request and not asked:
            shown.append(
                _text("Your own answers to this are shown when you ask: --left-unsaid.")
            )
            continue
        shown.append(_finding(finding, as_card=part.id == "cards"))
        if part.id != "cards":
            for view in beside(reading, finding):
                shown += [_text("Two views.", style="dim"), *_words(view), _text("")]
    return Group(*shown)


def _finding(finding: Finding, *, as_card: bool) -> RenderableType:
    head = _text(finding.title, style="bold")
    if finding.level is not Level.COUNT:
        head.append(f"  {LEVEL_NAMES[finding.level]}", style="dim not bold")
    lines: list[RenderableType] = [head]
    if finding.chart is not None and not as_card:
        lines += _chart(finding.chart)
    if finding.card and not as_card:
        lines.append(_text("See above.", style="dim"))
    else:
        lines += _words(finding)
    lines.append(_text(""))
    return Group(*lines)


def _words(finding: Finding) -> list[RenderableType]:
    said: list[RenderableType] = [_text(finding.sentence)]
    if finding.how_sure:
        said.append(_text(finding.how_sure, style="dim"))
    if finding.another_reading:
        said.append(_text(f"Another reading: {finding.another_reading}", style="dim"))
    if finding.question:
        said.append(_text(finding.question, style="italic"))
    return said


def _chart(chart: Chart) -> list[RenderableType]:
    if chart.picture is Picture.SEAM:
        return [_seam(chart)]
    if chart.picture is Picture.BARS:
        return [_table(chart)]
    grid = Table.grid(padding=(0, 2))
    low, high = chart.low, chart.high
    if chart.picture is Picture.GAP:
        known = [abs(v) for v in chart.series[0].values if v is not None]
        high = max([20.0, *known])
        low = -high
    for series in chart.series:
        known = [v for v in series.values if v is not None]
        # A slider and a yes or no have no numbers on them, so none are put there.
        numbered = chart.high <= 30 and chart.picture is not Picture.DOTS
        newest = number(known[-1]) if known and numbered else ""
        grid.add_row(
            _text(series.label),
            _text(spark(series.values, low=low, high=high), style=INK[series.seat]),
            _text(f"newest {newest}" if newest else "", style="dim"),
        )
    if chart.ends != ("", ""):
        ends = _text(f"low: {chart.ends[0]}   high: {chart.ends[1]}", style="dim")
        return [grid, ends]
    return [grid]


def _seam(chart: Chart) -> Text:
    """Draw the thread of the two: ═ together, ╳ apart, ┼ the stitch of a mend."""
    marks = dict.fromkeys(chart.sessions, "═")
    for start, back in chart.spans:
        for session in chart.sessions:
            if session >= start and (back is None or session <= back):
                marks[session] = "╳"
        if back is not None:
            marks[back] = "┼"
    return _text(
        "".join(marks.values()) + "   ═ together  ╳ apart  ┼ mended", style="dim"
    )


def _table(chart: Chart) -> Table:
    head, rows = table_of(chart)
    table = Table(box=None, padding=(0, 2), pad_edge=False)
    for i, cell in enumerate(head):
        table.add_column(_text(cell), justify="left" if i == 0 else "right")
    for row in rows:
        table.add_row(*(_text(cell) for cell in row))
    return table
