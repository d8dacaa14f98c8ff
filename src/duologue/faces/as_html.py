"""A reading, or several, as one self-contained HTML file that needs no script."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from duologue import __version__
from duologue.faces import as_svg
from duologue.faces.layout import (
    BLANK,
    HEADINGS,
    Group,
    about,
    beside,
    clean,
    groups,
    level_name,
    table_of,
)
from duologue.records import Seat
from duologue.relationship import Chart, Reading
from duologue.sharing import Scope

WHO_READS = {
    Scope.OURS: "The page of the two of them: what has opened to both",
    Scope.CLIENT: "What the client sees, alone",
    Scope.THERAPIST: "What the therapist sees, alone",
    Scope.RESEARCH: "Research reading: everything",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One pair in a file of several: its heading, and who reads it in which order."""

    id: str
    title: str
    lead: str
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture, a whole ``svg`` element of ours, with its numbers as a table."""

    heading: str
    svg: Markup
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MovingSession:
    """What is told of one session's synchrony."""

    title: str
    words: tuple[str, ...]
    pictures: tuple[Picture, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenPassage:
    """Where a passage stands, by which sign, and what was said there if that is shown."""

    pointer: str
    words: str
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenSession:
    """What is told of one session's words."""

    title: str
    words: tuple[str, ...]
    picture: Picture | None
    counted_head: tuple[str, ...]
    counted: tuple[tuple[str, ...], ...]
    passages: tuple[SpokenPassage, ...]


def one_reading(reading: Reading) -> str:
    """Return one reading as an HTML file."""
    return _render("reading.html.j2", title=HEADINGS[reading.scope], reading=reading)


def body(reading: Reading, *, depth: int = 2, prefix: str = "") -> Markup:
    """Return a reading as a part of a page that somebody else lays out.

    Parameters
    ----------
    reading : Reading
        What is shown.
    depth : int
        Level of its headings in that page.
    prefix : str
        Makes the ids in it unique where a page holds several.
    """
    # Every word of the template has been escaped on its way in.
    return Markup(  # noqa: S704
        _render("body.html.j2", reading=reading, depth=depth, prefix=prefix)
    )


def practice(parts: Sequence[Part], *, title: str, lead: str) -> str:
    """Return several pairs as one HTML file, with a list of them at the top."""
    return _render("practice.html.j2", title=title, lead=lead, pairs=parts)


def moving(
    sessions: Sequence[MovingSession], *, over_all: str = "", limits: str
) -> str:
    """Return how two people moved together, in one session or several, as an HTML file.

    Parameters
    ----------
    sessions : sequence of MovingSession
        Their words and pictures.
    over_all : str
        What is said of all of them together.
    limits : str
        What the pictures do not say; it stands at the top.
    """
    return _render(
        "moving.html.j2",
        title="Moving in step",
        sessions=sessions,
        over_all=over_all,
        limits=limits,
    )


def spoken(
    sessions: Sequence[SpokenSession],
    *,
    over_all: Sequence[str] = (),
    pictures: Sequence[Picture] = (),
    limits: str,
) -> str:
    """Return what was said in one session or several, as an HTML file.

    Parameters
    ----------
    sessions : sequence of SpokenSession
        Their words and pictures.
    over_all : sequence of str
        What is said of all of them together.
    pictures : sequence of Picture
        What is drawn of all of them together.
    limits : str
        What the numbers do not say; it stands at the top.
    """
    return _render(
        "spoken.html.j2",
        title="What was said",
        sessions=sessions,
        over_all=over_all,
        pictures=pictures,
        limits=limits,
    )


def on_paper(reading: Reading, *, asked: bool = False) -> str:
    """Return one reading as the HTML that a PDF is made of: nothing folded.

    Parameters
    ----------
    reading : Reading
        What is shown.
    asked : bool
        Whether the reader asked for what was left unsaid; else there is no word of it.
    """
    parts = [part for part in groups(reading) if asked or part.id != "unsaid"]
    heading = HEADINGS[reading.scope]
    return _render(
        "paper.html.j2",
        title=f"{heading}: {reading.pair}",
        heading=heading,
        who=_who_reads(reading),
        reading=reading,
        parts=parts,
        charts=list(_drawn(parts, reading)),
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("duologue.faces"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_clean,
        auto_reload=False,
    )
    environment.globals.update(
        about=about,
        beside=beside,
        draw=_draw,
        draw_told=_draw_told,
        groups=groups,
        is_blank=_is_blank,
        level_name=level_name,
        table_of=table_of,
        version=__version__,
        style=Markup(_style("reading.css", "page.css")),  # noqa: S704 - our own files
        paper_style=Markup(_style("paper.css")),  # noqa: S704 - our own file
        who_reads=WHO_READS,
    )
    return environment


def _style(*names: str) -> str:
    """Return sheets of ours, one after the other."""
    sheets = resources.files("duologue.faces") / "sheets"
    return "".join((sheets / name).read_text(encoding="utf-8") for name in names)


def _who_reads(reading: Reading) -> str:
    """Say who reads, in the words of the kind of pair."""
    told = WHO_READS[reading.scope]
    if reading.scope in {Scope.CLIENT, Scope.THERAPIST}:
        seat = Seat(reading.scope.value)
        return told.replace(seat.value, seat.called(reading.kind))
    return told


def _clean(value: object) -> object:
    """Clean every word on its way into the page; what is mark-up already stays."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return clean(value)
    return value


def _draw(chart: Chart, id_prefix: str) -> Markup:
    # The picture escapes every word in it (see as_svg), so it is markup already.
    return Markup(as_svg.draw(chart, id_prefix=id_prefix))  # noqa: S704


def _draw_told(chart: Chart, id_prefix: str) -> Markup:
    """Draw with all of its words in its title: a PDF keeps no other with a picture."""
    told = replace(chart, title=f"{chart.title}. {as_svg.describe(chart)}")
    return _draw(told, id_prefix)


def _is_blank(row: Sequence[str]) -> bool:
    """Whether a row of a table says nothing: all of it is blank but for its name."""
    return len(row) > 1 and all(cell == BLANK for cell in row[1:])


def _drawn(parts: Sequence[Group], reading: Reading) -> Iterator[tuple[str, Chart]]:
    """Give the title and the chart of everything that a page draws, in its order."""
    for part in parts:
        for finding in part.findings if part.id != "cards" else ():
            if finding.chart is not None:
                yield finding.title, finding.chart
            for view in beside(reading, finding):
                if view.chart is not None:
                    yield f"{finding.title}: two views", view.chart


def _render(template: str, **values: object) -> str:
    return _environment().get_template(template).render(**values)
