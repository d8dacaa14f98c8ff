"""How a reading is laid out, the same on paper, page and terminal."""

import re
from dataclasses import dataclass

from duologue.relationship import Chart, Finding, Level, Picture, Reading, Strand, Whose
from duologue.sharing import Scope

SCALES = frozenset(
    {
        Strand.OPENED,
        Strand.OPENNESS,
        Strand.UNDERSTANDING,
        Strand.TRUST,
        Strand.PRESENCE,
        Strand.DEPTH,
        Strand.RATING,
    }
)

LEVEL_NAMES = {
    Level.TOO_EARLY: "too early",
    Level.COUNT: "description",
    Level.EARLY: "early days",
    Level.UNUSUAL: "unlike the usual",
    Level.REPEATED: "more than once",
    Level.RESEARCH: "research estimate",
}

HEADINGS = {
    Scope.CLIENT: "Your page",
    Scope.THERAPIST: "Your page",
    Scope.OURS: "The two of you",
    Scope.RESEARCH: "Research reading",
}

_UNFIT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
"""Control characters, half characters, and those that turn the direction of text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A part of the page: its heading, a line under it, and its findings."""

    id: str
    title: str
    lead: str
    findings: tuple[Finding, ...]
    folded: bool = False


def groups(reading: Reading) -> tuple[Group, ...]:
    """Lay a reading out: what stands out first, the frame and the counts last."""
    mine = [f for f in reading.findings if f.whose is Whose.MINE]
    ours = [f for f in reading.findings if f.whose is Whose.OURS]
    rotating = [f for f in ours if _is_rotating(f)]
    parts = (
        Group(
            id="cards",
            title="Worth wondering about",
            lead="",
            findings=reading.cards,
        ),
        Group(
            id="next",
            title="For next time",
            lead="",
            findings=_of(ours, Strand.NEED),
        ),
        Group(
            id="mine",
            title="Only you see this",
            lead="Your own answers, whether shared or not.",
            findings=tuple(
                f for f in mine if not f.on_request and not _is_told_by_both(f, ours)
            ),
        ),
        Group(
            id="ours",
            title=(
                "Every answer of both"
                if reading.scope is Scope.RESEARCH
                else "What has opened to you both"
            ),
            lead=(
                "Two views of the same hours. Both lines weigh the same; a gap is usual."
            ),
            findings=tuple(
                f for f in ours if f.strand in SCALES and not _is_rotating(f)
            ),
        ),
        Group(
            id="apart",
            title="Apart and back",
            lead="",
            findings=_of(ours, Strand.APART),
        ),
        Group(
            id="goals",
            title="What the work is for",
            lead="",
            findings=_of(ours, Strand.GOALS) + _of(ours, Strand.OUTCOME),
        ),
        Group(
            id="talk",
            title="What was said",
            lead="Counted from transcripts that both of you hold.",
            findings=_of(ours, Strand.TURNS),
        ),
        Group(id="frame", title="The frame", lead="", findings=_of(ours, Strand.FRAME)),
        Group(
            id="rotating",
            title="Asked now and then",
            lead="",
            findings=tuple(rotating),
            folded=True,
        ),
        Group(
            id="unsaid",
            title="Left unsaid",
            lead="You do not have to say it.",
            findings=tuple(f for f in mine if f.on_request) + _of(ours, Strand.UNSAID),
            folded=True,
        ),
    )
    return tuple(part for part in parts if part.findings or part.id == "cards")


def beside(reading: Reading, finding: Finding) -> tuple[Finding, ...]:
    """Return the two-views finding that belongs beside a scale of both."""
    return tuple(
        f
        for f in reading.findings
        if f.strand is Strand.TWO_VIEWS
        and f.item == finding.item
        and finding.whose is Whose.OURS
        and finding.strand in SCALES
    )


def table_of(chart: Chart) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Return the head and the rows of the data table that goes with a chart."""
    if chart.picture is Picture.SEAM:
        rows = tuple(
            (str(start), "not yet" if back is None else str(back))
            for start, back in chart.spans
        )
        return ("apart in session", "back by session"), rows or (("none", "–"),)
    write = _yes_or_no if chart.picture is Picture.DOTS else number
    keys = chart.rows or tuple(str(session) for session in chart.sessions)
    head = ["counted" if chart.rows else "session"]
    columns: list[tuple[str, ...]] = [keys]
    for series in chart.series:
        head.append(series.label)
        columns.append(tuple(write(v) for v in series.values))
        if series.lower and any(v is not None for v in series.lower):
            head.append(f"{series.label}, usual from")
            head.append("to")
            columns.append(tuple(number(v) for v in series.lower))
            columns.append(tuple(number(v) for v in series.upper))
    if chart.picture is Picture.STRIP:
        off = {start for start, _ in chart.spans}
        head.append("held")
        columns.append(tuple("no" if s in off else "yes" for s in chart.sessions))
    return tuple(head), tuple(zip(*columns, strict=True))


def number(value: float | None) -> str:
    """Write a number for a table: at most one decimal, a dash for a blank."""
    if value is None:
        return "–"
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")


def _yes_or_no(value: float | None) -> str:
    return "–" if value is None else "yes" if value else "no"


def clean(text: str) -> str:
    r"""Replace what somebody may have written to steer a terminal or break a page.

    Control characters (all but tab and line feed), half characters, and those that
    turn the direction of the text that follows are shown as �.

    Examples
    --------
    >>> clean("sleep\x1b[2J well")
    'sleep�[2J well'
    """
    return _UNFIT.sub("\ufffd", text)


def _of(findings: list[Finding], strand: Strand) -> tuple[Finding, ...]:
    return tuple(f for f in findings if f.strand is strand and not f.on_request)


def _is_told_by_both(own: Finding, ours: list[Finding]) -> bool:
    """Whether one's own last need stands among what both opened, word for word."""
    return own.strand is Strand.NEED and any(
        f.strand is Strand.NEED and f.item == own.item and f.sessions == own.sessions
        for f in ours
    )


def _is_rotating(finding: Finding) -> bool:
    chart = finding.chart
    return (
        finding.strand is Strand.RATING
        and finding.whose is Whose.OURS
        and finding.level is Level.COUNT
        and finding.count is not None
        and chart is not None
        and not chart.joined
    )
