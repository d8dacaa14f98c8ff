"""How a reading is laid out, the same on a page and in a terminal."""

import re
from dataclasses import dataclass, replace
from datetime import date

from duologue.relationship import (
    Chart,
    Finding,
    Level,
    Picture,
    Reading,
    Strand,
    Track,
    Whose,
)
from duologue.relationship.moving import clock
from duologue.relationship.templates import PHRASES
from duologue.relationship.wording import counted
from duologue.sharing import Scope

BLANK = "–"
"""Stands in a table where there is no value."""

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
    Level.EARLY: "early days",
    Level.UNUSUAL: "unlike the usual",
    Level.REPEATED: "more than once",
    Level.RESEARCH: "research estimate",
}

_BESIDE_CHANCE = frozenset({Strand.MOVING, Strand.TURNS})
"""Held against chance within one session, and not against a person's own usual."""

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
    """A part of the page: its heading, a line under it, and its findings.

    ``told`` names the findings whose words stand above already, among the cards;
    ``drawn`` says what lines and shades are, where some are drawn.
    """

    id: str
    title: str
    lead: str
    findings: tuple[Finding, ...]
    folded: bool = False
    told: frozenset[str] = frozenset()
    drawn: str = ""


def groups(reading: Reading) -> tuple[Group, ...]:
    """Lay a reading out: what stands out first, the frame and the counts last."""
    cards = Group(
        id="cards",
        title="Worth wondering about",
        lead="" if reading.cards else PHRASES["cards.none"],
        findings=standing_out(reading),
    )
    told = frozenset(finding.id for finding in cards.findings)
    parts = (
        *_of_answers(reading),
        *_of_facts(reading),
        Group(
            id="rotating",
            title="Asked now and then",
            lead="",
            findings=_of(reading, Strand.ROTATING),
            folded=True,
        ),
        Group(
            id="unsaid",
            title="Left unsaid",
            lead="" if _research(reading) else "You do not have to say it.",
            findings=_of(reading, Strand.UNSAID),
            folded=True,
        ),
    )
    return (cards, *(replace(part, told=told) for part in parts if part.findings))


def _of_answers(reading: Reading) -> tuple[Group, ...]:
    ours = tuple(
        f for f in reading.findings if f.whose is Whose.OURS and f.strand in SCALES
    )
    mine = _of_mine(reading)
    nothing = any(f.strand is Strand.OPENED for f in ours)
    return (
        Group(
            id="next",
            title="For next time",
            lead="",
            findings=_of(reading, Strand.NEED, Whose.OURS),
        ),
        Group(
            id="mine",
            title="Only you see this",
            lead="Your own answers, whether shared or not.",
            findings=mine,
            drawn=_of_tracks(mine, "track.mine"),
        ),
        Group(
            id="ours",
            title=(
                "Every answer of both"
                if _research(reading)
                else "What has opened to you both"
            ),
            lead=""
            if nothing
            else "Two views of the same hours. Both lines weigh the same; a gap is usual.",
            findings=ours,
            drawn=_of_tracks(ours, "track.ours"),
        ),
        Group(
            id="influence",
            title="Who influences whom",
            lead="",
            findings=_of(reading, Strand.INFLUENCE),
            folded=True,
        ),
        Group(
            id="model",
            title="What the model estimates",
            lead="",
            findings=_of(reading, Strand.MODEL),
            folded=True,
        ),
        Group(
            id="apart",
            title="Apart and back",
            lead="",
            findings=_of(reading, Strand.APART, Whose.OURS),
        ),
    )


def _of_facts(reading: Reading) -> tuple[Group, ...]:
    return (
        Group(
            id="goals",
            title="What the work is for",
            lead="",
            findings=_of(reading, Strand.GOALS)
            + _of(reading, Strand.OUTCOME, Whose.OURS),
        ),
        Group(
            id="talk",
            title="What was said",
            lead=(
                "Counted from transcripts."
                if _research(reading)
                else "Counted from transcripts that both of you hold."
            ),
            findings=_of(reading, Strand.TURNS),
        ),
        Group(
            id="moving",
            title="Moving in step",
            lead=(
                "From recordings. Described, never scored: more is not better."
                if _research(reading)
                else "From recordings that both of you hold. Described, never scored: more "
                "is not better."
            ),
            findings=_of(reading, Strand.MOVING),
        ),
        Group(
            id="frame",
            title="The frame",
            lead="",
            findings=_of(reading, Strand.FRAME),
        ),
    )


def _of_tracks(findings: tuple[Finding, ...], phrase: str) -> str:
    """Say what a line and its shade are, where some are drawn."""
    charts = [f.chart for f in findings if f.chart is not None]
    there = any(series.track is not None for c in charts for series in c.series)
    return PHRASES[phrase] if there else ""


def standing_out(reading: Reading) -> tuple[Finding, ...]:
    """Return the cards, without those of the two that one's own card has told already.

    A person who meets the same dip twice on one page meets two dips.
    """
    own = {(f.item, f.sessions[-1]) for f in reading.cards if f.whose is Whose.MINE}
    return tuple(
        f
        for f in reading.cards
        if f.whose is Whose.MINE
        or f.strand not in SCALES
        or (f.item, f.sessions[-1]) not in own
    )


def level_name(finding: Finding) -> str:
    """Say how much may be said; nothing for a plain description."""
    if finding.level is Level.COUNT or finding.strand is Strand.OPENED:
        return ""
    if finding.strand is Strand.APART:
        return "marked by both"
    if finding.strand is Strand.INFLUENCE:
        return "9 in 10 agree"
    if finding.strand in _BESIDE_CHANCE and finding.level is Level.UNUSUAL:
        return "beyond chance"
    return LEVEL_NAMES[finding.level]


def about(reading: Reading) -> str:
    """Say in one line which pair, how many sessions, and from when to when."""
    parts = [
        reading.pair,
        f"{reading.n_held} of {counted(reading.n_sessions, 'session')} held",
    ]
    if reading.first_day and reading.last_day:
        first, last = _day(reading.first_day), _day(reading.last_day)
        parts.append(first if first == last else f"{first} to {last}")
    if reading.as_of:
        parts.append(f"as of {_day(reading.as_of)}")
    return " · ".join(parts)


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


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
            (str(start), "no mark yet" if back is None else str(back))
            for start, back in chart.spans
        )
        return ("apart in session", "back by session"), rows or (("none", "–"),)
    if chart.picture is Picture.MOMENTS:
        return ("from", "to"), tuple(
            (clock(start), BLANK if end is None else clock(end))
            for start, end in chart.spans
        )
    write = _WRITTEN.get(chart.picture, number)
    keys = chart.rows or tuple(str(session) for session in chart.sessions)
    head = [_KEYS.get(chart.picture, "session")]
    between = "chance" if chart.picture is Picture.LAGS else "usual"
    columns: list[tuple[str, ...]] = [keys]
    for series in chart.series:
        head.append(series.label)
        columns.append(tuple(write(v) for v in series.values))
        if series.track is not None:
            head.append(f"line for {series.label} (shade)")
            columns.append(written(series.track))
        if series.lower and any(v is not None for v in series.lower):
            head.append(f"{series.label}, {between} from")
            head.append("to")
            columns.append(tuple(write(v) for v in series.lower))
            columns.append(tuple(write(v) for v in series.upper))
    if chart.picture is Picture.STRIP:
        off = {start for start, _ in chart.spans}
        head.append("held")
        columns.append(tuple("no" if s in off else "yes" for s in chart.sessions))
    return tuple(head), tuple(zip(*columns, strict=True))


def written(track: Track) -> tuple[str, ...]:
    """Write a level and its 90 % interval for each session: "56 (48 to 63)".

    Where all of the interval lies beyond the slider its end is named, since three equal
    numbers would look like the surest of all.
    """
    return tuple(
        BLANK
        if value is None or low is None or high is None
        else PHRASES["track.beyond"]
        if low == high
        else f"{value:.0f} ({low:.0f} to {high:.0f})"
        for value, low, high in zip(track.values, track.lower, track.upper, strict=True)
    )


def newest_of(track: Track) -> str:
    """Write the newest level; a blank where there is none."""
    return next((cell for cell in reversed(written(track)) if cell != BLANK), "")


def number(value: float | None) -> str:
    """Write a number for a table: at most one decimal, a dash for a blank."""
    if value is None:
        return BLANK
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")


def _yes_or_no(value: float | None) -> str:
    return BLANK if value is None else "yes" if value else "no"


def _z(value: float | None) -> str:
    return BLANK if value is None else f"{value + 0.0:.3f}"


_WRITTEN = {Picture.DOTS: _yes_or_no, Picture.LAGS: _z}
_KEYS = {Picture.BARS: "counted", Picture.LAGS: "lag, s"}


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


def _of(
    reading: Reading, strand: Strand, whose: Whose | None = None
) -> tuple[Finding, ...]:
    return tuple(
        f
        for f in reading.findings
        if f.strand is strand and (whose is None or f.whose is whose)
    )


def _of_mine(reading: Reading) -> tuple[Finding, ...]:
    """Return one's own findings, but for those kept until asked for or told by both."""
    needs = _of(reading, Strand.NEED, Whose.OURS)
    told = {(f.item, f.sessions) for f in needs}
    return tuple(
        f
        for f in reading.findings
        if f.whose is Whose.MINE
        and not f.on_request
        and f.strand is not Strand.ROTATING
        and not (f.strand is Strand.NEED and (f.item, f.sessions) in told)
    )


def _research(reading: Reading) -> bool:
    return reading.scope is Scope.RESEARCH
