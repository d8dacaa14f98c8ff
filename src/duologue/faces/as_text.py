"""A reading in the terminal, with small charts of block characters."""

from dataclasses import replace

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from duologue.faces.layout import (
    HEADINGS,
    about,
    beside,
    clean,
    groups,
    level_name,
    newest_of,
    number,
    table_of,
)
from duologue.faces.layout import Group as Part
from duologue.records import Seat
from duologue.relationship import Chart, Finding, Picture, Reading, Track
from duologue.relationship.templates import PHRASES
from duologue.sharing import Scope

MARGIN = 34
"""Columns of a line that are no blocks: label, margins, the newest number."""

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
    room = max(20, console.width - MARGIN)
    console.print(_head(reading))
    if reading.helps_first:
        console.print(_help(reading))
    for part in groups(reading):
        console.print(Rule(_text(part.title, style="bold"), align="left", style="dim"))
        console.print(
            Padding(_part(reading, part, asked=asked, room=room), (0, 0, 1, 2))
        )
    console.print(
        Rule(_text("How to read this", style="bold"), align="left", style="dim")
    )
    for note in reading.notes:
        console.print(Padding(_text(f"• {note}", style="dim"), (0, 0, 0, 2)))
    if not reading.helps_first:
        console.print(_help(reading))


def _help(reading: Reading) -> Padding:
    lines = "Need someone now?  " + " · ".join(reading.help_now)
    style = "bold" if reading.helps_first else "dim"
    return Padding(
        _text(f"{lines}\nNobody reads this page live.", style=style), (0, 0, 1, 2)
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
    marks = ["MADE UP"] if reading.made_up else []
    if reading.scope is Scope.RESEARCH:
        marks.append("RESEARCH: SEES EVERYTHING")
    text = _text(about(reading))
    if marks:
        text.append("\n" + " · ".join(marks), style="bold")
    return Panel(text, title=HEADINGS[reading.scope], title_align="left")


def _part(reading: Reading, part: Part, *, asked: bool, room: int) -> RenderableType:
    shown: list[RenderableType] = []
    if part.lead:
        shown.append(_text(part.lead, style="dim"))
    if part.drawn:
        shown.append(_text(PHRASES["track.text"], style="dim"))
    for finding in part.findings:
        if finding.on_request and not asked:
            shown.append(
                _text("Your own answers to this are shown when you ask: --left-unsaid.")
            )
            continue
        shown.append(_finding(finding, part, room=room))
        if part.id != "cards":
            for view in beside(reading, finding):
                shown += [_text("Two views.", style="dim"), *_words(view), _text("")]
    return Group(*shown)


def _finding(finding: Finding, part: Part, *, room: int) -> RenderableType:
    """Show one finding; its title only where it is not that of its part."""
    named = finding.title != part.title
    head = _text(finding.title if named else "", style="bold")
    if level := level_name(finding):
        head.append(f"  {level}" if named else level, style="dim not bold")
    lines: list[RenderableType] = [head] if head else []
    if finding.chart is not None and part.id != "cards":
        lines += _chart(_newest(finding.chart, room))
    if finding.id in part.told:
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
    if finding.credit:
        said.append(_text(finding.credit, style="dim"))
    return said


def _newest(chart: Chart, room: int) -> Chart:
    """Keep the newest sessions that fit on a line: the news is at the end."""
    drop = len(chart.sessions) - room
    if drop <= 0 or chart.rows:
        return chart
    return replace(
        chart,
        sessions=chart.sessions[drop:],
        series=tuple(
            replace(
                s,
                values=s.values[drop:],
                lower=s.lower[drop:],
                upper=s.upper[drop:],
                track=s.track and _newest_of(s.track, drop),
            )
            for s in chart.series
        ),
        spans=tuple(
            (max(start, chart.sessions[drop]), back)
            for start, back in chart.spans
            if back is None or back >= chart.sessions[drop]
        ),
    )


def _newest_of(track: Track, drop: int) -> Track:
    return Track(
        values=track.values[drop:], lower=track.lower[drop:], upper=track.upper[drop:]
    )


def _chart(chart: Chart) -> list[RenderableType]:
    if chart.picture is Picture.SEAM:
        return [_seam(chart)]
    if chart.picture is Picture.BARS:
        return [_table(chart)]
    if chart.picture is Picture.LAGS:
        return [_lags(chart)]
    if chart.picture is Picture.MOMENTS:
        return []  # the words beside it say just as much
    grid = Table.grid(padding=(0, 2))
    low, high = _reach(chart)
    for series in chart.series:
        known = [v for v in series.values if v is not None]
        # A slider and a yes or no have no numbers on them, so none are put there.
        numbered = chart.high <= 30 and chart.picture is not Picture.DOTS
        newest = f"newest {number(known[-1])}" if known and numbered else ""
        grid.add_row(
            _text(series.label),
            _text(spark(series.values, low=low, high=high), style=INK[series.seat]),
            _text(newest, style="dim"),
        )
    grid.add_row(_text("session", style="dim"), _text(ruler(chart), style="dim"), "")
    if chart.picture is Picture.DOTS:
        return [grid, _text("█ held something back   ▁ did not", style="dim")]
    shown: list[RenderableType] = [grid]
    if chart.ends != ("", ""):
        ends = f"low: {chart.ends[0]}   high: {chart.ends[1]}"
        shown.append(_text(ends, style="dim"))
    if lines := newest_tracks(chart):
        shown.append(_text(f"the line now: {'; '.join(lines)}", style="dim"))
    return shown


def _lags(chart: Chart) -> Table:
    """Draw each line lag by lag: the ends say who is first there."""
    grid = Table.grid(padding=(0, 2))
    for series in chart.series:
        line = spark(series.values, low=chart.low, high=chart.high)
        grid.add_row(_text(series.label), _text(line))
    grid.add_row("", _text("^".center(len(chart.rows)).rstrip(), style="dim"))
    at = f"{chart.rows[0]} s {chart.ends[0]}, ^ no lag, {chart.rows[-1]} s {chart.ends[1]}"
    grid.add_row("", _text(at, style="dim"))
    return grid


def newest_tracks(chart: Chart) -> list[str]:
    """Say for each person about where their line ends, and how sure that is."""
    return [
        f"{series.label} {newest}"
        for series in chart.series
        if series.track is not None and (newest := newest_of(series.track))
    ]


def _reach(chart: Chart) -> tuple[float, float]:
    """Return the ends of what is drawn: for minutes and gaps, those of the values."""
    if chart.picture not in (Picture.GAP, Picture.STRIP):
        return chart.low, chart.high
    known = [abs(v) for s in chart.series for v in s.values if v is not None]
    reach = max([10.0, *known])
    return -reach, reach


def ruler(chart: Chart) -> str:
    """Put session numbers under a line of blocks, each beginning under its own.

    A number is left out where the one before it still stands.
    """
    line = ""
    few = len(chart.sessions) <= 8
    for place, session in enumerate(chart.sessions):
        wanted = place == 0 or few or session % 5 == 0
        if wanted and (place == 0 or place >= len(line) + 2):
            line = line.ljust(place) + str(session)
    return line


def _seam(chart: Chart) -> Text:
    """Draw the thread of the two, only in sessions in which the question was answered.

    ═ together, ╳ apart, ┼ the stitch of a mend, · nothing that opened.
    """
    answered = {
        session
        for series in chart.series
        for session, value in zip(chart.sessions, series.values, strict=True)
        if value is not None
    }
    marks = {s: "═" if s in answered else "·" for s in chart.sessions}
    for start, back in chart.spans:
        for session in answered:
            if session >= start and (back is None or session <= back):
                marks[session] = "╳"
        if back is not None:
            marks[back] = "┼"
    threads = "".join(marks.values())
    return _text(
        f"{threads}   ═ together  ╳ apart  ┼ mended  · nothing opened\n{ruler(chart)}",
        style="dim",
    )


def _table(chart: Chart) -> Table:
    head, rows = table_of(chart)
    table = Table(box=None, padding=(0, 2), pad_edge=False)
    for i, cell in enumerate(head):
        table.add_column(_text(cell), justify="left" if i == 0 else "right")
    for row in rows:
        table.add_row(*(_text(cell) for cell in row))
    return table
