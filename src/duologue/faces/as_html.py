"""A reading, or several, as one self-contained HTML file that needs no script."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from duologue import __version__
from duologue.faces import as_svg
from duologue.faces.layout import (
    HEADINGS,
    about,
    beside,
    clean,
    groups,
    level_name,
    table_of,
)
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
        groups=groups,
        level_name=level_name,
        table_of=table_of,
        version=__version__,
        style=Markup(_style()),  # noqa: S704 - our own file
        who_reads=WHO_READS,
    )
    return environment


def _style() -> str:
    """Return the sheet of a file that stands alone: its page, and the reading in it."""
    sheets = resources.files("duologue.faces") / "sheets"
    return "".join(
        (sheets / name).read_text(encoding="utf-8")
        for name in ("reading.css", "page.css")
    )


def _clean(value: object) -> object:
    """Clean every word on its way into the page; what is mark-up already stays."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return clean(value)
    return value


def _draw(chart: Chart, id_prefix: str) -> Markup:
    # The picture escapes every word in it (see as_svg), so it is markup already.
    return Markup(as_svg.draw(chart, id_prefix=id_prefix))  # noqa: S704


def _render(template: str, **values: object) -> str:
    return _environment().get_template(template).render(**values)
