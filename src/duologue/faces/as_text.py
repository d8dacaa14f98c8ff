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
    groups,
    number,
    table_of,
)
from duologue.faces.layout import Group as Part
from duologue.records import Seat
from duologue.relationship import Chart, Finding, Level, Picture, Reading

BLOCKS = "▁▂▃▄▅▆▇█"
INK = {Seat.CLIENT: "blue", Seat.THERAPIST: "yellow", None: "default"}


def show(reading: Reading, console: Console) -> None:
    """Print a reading.

    Parameters
    ----------
    reading : Reading
    console : rich.console.Console
        Where to; its width decides the layout. Words come from the reading as they
        are, never read as mark-up.
    """
    console.print(_head(reading))
    for part in groups(reading):
        console.print(Rule(Text(part.title, style="bold"), align="left", style="dim"))
        console.print(Padding(_part(reading, part), (0, 0, 1, 2)))
    console.print(
        Rule(Text("How to read this", style="bold"), align="left", style="dim")
    )
    for note in reading.notes:
        console.print(Padding(Text(f"• {note}", style="dim"), (0, 0, 0, 2)))
    console.print(
        Padding(
            Text("Need someone now?  " + " · ".join(reading.help_now), style="dim"),
            (0, 0, 0, 2),
        )
    )


def to_text(reading: Reading, *, width: int = 100) -> str:
    """Return a reading as plain text without colour, for a file or a test."""
    console = Console(width=width, no_color=True, force_terminal=False, highlight=False)
    with console.capture() as capture:
        show(reading, console)
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
    text = Text(line)
    if marks:
        text.append("\n" + " · ".join(marks), style="bold")
    return Panel(text, title=HEADINGS[reading.scope], title_align="left")


def _part(reading: Reading, part: Part) -> RenderableType:
    if not part.findings:
        return Text(
            "Nothing stands out today. No card does not mean nothing is happening."
        )
    shown: list[RenderableType] = []
    if part.lead:
        shown.append(Text(part.lead, style="dim"))
    for finding in part.findings:
        shown.append(_finding(finding, as_card=part.id == "cards"))
        if part.id != "cards":
            for view in beside(reading, finding):
                shown += [Text("Two views.", style="dim"), *_words(view), Text("")]
    return Group(*shown)


def _finding(finding: Finding, *, as_card: bool) -> RenderableType:
    head = Text(finding.title, style="bold")
    if finding.level is not Level.COUNT:
        head.append(f"  {LEVEL_NAMES[finding.level]}", style="dim not bold")
    lines: list[RenderableType] = [head]
    if finding.chart is not None and not as_card:
        lines += _chart(finding.chart)
    if finding.card and not as_card:
        lines.append(Text("See above.", style="dim"))
    else:
        lines += _words(finding)
    lines.append(Text(""))
    return Group(*lines)


def _words(finding: Finding) -> list[RenderableType]:
    said: list[RenderableType] = [Text(finding.sentence)]
    if finding.how_sure:
        said.append(Text(finding.how_sure, style="dim"))
    if finding.another_reading:
        said.append(Text(f"Another reading: {finding.another_reading}", style="dim"))
    if finding.question:
        said.append(Text(finding.question, style="italic"))
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
        # A slider has no numbers on it, so none are put on it here.
        newest = number(known[-1]) if known and chart.high <= 30 else ""
        grid.add_row(
            Text(series.label),
            Text(spark(series.values, low=low, high=high), style=INK[series.seat]),
            Text(f"newest {newest}" if newest else "", style="dim"),
        )
    if chart.ends != ("", ""):
        ends = Text(f"low: {chart.ends[0]}   high: {chart.ends[1]}", style="dim")
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
    return Text(
        "".join(marks.values()) + "   ═ together  ╳ apart  ┼ mended", style="dim"
    )


def _table(chart: Chart) -> Table:
    head, rows = table_of(chart)
    table = Table(box=None, padding=(0, 2), pad_edge=False)
    for i, cell in enumerate(head):
        table.add_column(cell, justify="left" if i == 0 else "right")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table
