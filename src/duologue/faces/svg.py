"""What all of our pictures have in common: a frame with its words, text and coordinates."""

from collections.abc import Iterable
from html import escape

from duologue.faces.layout import clean

WIDTH = 320
EDGE = 8.0
TEXT = 13


def framed(
    parts: Iterable[str],
    *,
    width: float,
    height: float,
    title: str,
    told: str,
    id_prefix: str,
) -> str:
    """Return one ``svg`` element that is named and told to whoever hears it.

    Parameters
    ----------
    parts : iterable of str
        Elements in the order they are painted.
    width, height : float
        Of the drawing in its own units, in which a letter is 13 high.
    title, told : str
        Its name, and what it shows.
    id_prefix : str
        Makes the ids of both unique in a page.
    """
    name = safe_id(id_prefix)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'role="img" aria-labelledby="{name}-t {name}-d" class="chart" '
        f'fill="currentColor" font-size="{TEXT}" font-family="system-ui, sans-serif">'
        f'<title id="{name}-t">{_escape(title)}</title>'
        f'<desc id="{name}-d">{_escape(told)}</desc>'
        f"{''.join(parts)}</svg>"
    )


def safe_id(text: str) -> str:
    """Return an id that needs no quoting anywhere; unequal texts stay unequal."""
    return "".join(
        c if c.isascii() and (c.isalnum() or c in "-.") else f"_{ord(c):x}_"
        for c in text
    )


def coordinate(value: float) -> str:
    """Write a coordinate: a tenth of a unit is finer than a screen shows."""
    return f"{round(float(value), 1) + 0.0:g}"


def written(x: float, y: float, words: str, *, anchor: str = "") -> str:
    """Write words at a place, which is their start unless an anchor is given."""
    where = f' text-anchor="{anchor}"' if anchor else ""
    return (
        f'<text x="{coordinate(x)}" y="{coordinate(y)}"{where}>{_escape(words)}</text>'
    )


def _escape(words: str) -> str:
    return escape(clean(words))
