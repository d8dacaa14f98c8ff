"""A picture of how often intervals hold the truth, with the bar that they should reach."""

from collections.abc import Mapping, Sequence
from html import escape

from dyad_page import FEW, HIGHEST, LOWEST, TOLD, Share

WIDTH, HEIGHT = 900, 466
LEFT, RIGHT, TOP, FLOOR = 60, 20, 64, 330
LEAST, MOST = 0.5, 1.0
PAPER, INK, SOFT, BAND = "#fbf9f4", "#24242b", "#585863", "#dfe8d8"
COLOURS = (
    *("#1b4965", "#2a7f9e", "#7fb3c8"),  # the model right: 8, 16, 32 sessions
    *("#9b2226", "#ca6702", "#8f6b00", "#6a4c93", "#4a5d23"),  # the model wrong
)
SERIF = "Charter, Cambria, Georgia, serif"


def picture(rows: Mapping[str, Sequence[Share]], n_right: int) -> str:
    """Draw every share as a point with two standard errors either way.

    Parameters
    ----------
    rows : mapping of str to sequence of Share
        By caseload: a share for each of what is told; those without caseloads are left
        out.
    n_right : int
        How many of the first rows are of the model right: discs; others are rings.

    Returns
    -------
    str
        An SVG with a light ground of its own.
    """
    width = (WIDTH - LEFT - RIGHT) / len(TOLD)
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
            f'width="{WIDTH}" height="{HEIGHT}" role="img" aria-labelledby="t">'
        ),
        '<title id="t">How often 90 % intervals of the dyad model hold the truth</title>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{PAPER}"/>',
        words(
            20,
            34,
            "How often 90 % intervals hold the truth (number of caseloads)",
            size=19,
            ink=INK,
        ),
        (
            f'<rect x="{LEFT}" y="{height(HIGHEST):.1f}" width="{WIDTH - LEFT - RIGHT}" '
            f'height="{height(LOWEST) - height(HIGHEST):.1f}" fill="{BAND}"/>'
        ),
    ]
    parts += [
        words(LEFT - 10, height(tick) + 4, f"{tick:.1f}", anchor="end")
        for tick in (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
    ]
    for column, name in enumerate(TOLD):
        left = LEFT + column * width
        for line, word in enumerate(name.split(", ")):
            middle = left + width / 2
            parts.append(words(middle, FLOOR + 22 + 15 * line, word, anchor="middle"))
        for row, shares in enumerate(rows.values()):
            x = left + width * (row + 1) / (len(rows) + 1)
            parts.append(point(x, shares[column], COLOURS[row], disc=row < n_right))
    for row, name in enumerate(rows):
        x, y = LEFT + 280 * (row % 3), HEIGHT - 76 + 24 * (row // 3)
        parts.append(mark(x, y - 4, COLOURS[row], disc=row < n_right))
        n = max(share.n for share in rows[name])
        parts.append(words(x + 12, y, f"{name} ({n})"))
    return "\n".join([*parts, "</svg>"]) + "\n"


def height(value: float) -> float:
    """Where a share stands; below the least it stands at the floor."""
    return TOP + (FLOOR - TOP) * (MOST - max(value, LEAST)) / (MOST - LEAST)


def point(x: float, share: Share, colour: str, *, disc: bool) -> str:
    """Draw a share with two standard errors either way, if there are caseloads enough."""
    if not share.n:
        return ""
    drawn = mark(x, height(share.value), colour, disc=disc)
    if share.n < FEW:
        return drawn
    ends = [min(share.value + side * 2 * share.error, MOST) for side in (-1, 1)]
    return (
        f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{height(ends[0]):.1f}" '
        f'y2="{height(ends[1]):.1f}" stroke="{colour}" stroke-width="1.5"/>{drawn}'
    )


def mark(x: float, y: float, colour: str, *, disc: bool) -> str:
    """Draw a disc or a ring."""
    fill = colour if disc else PAPER
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{fill}" stroke="{colour}" '
        'stroke-width="1.5"/>'
    )


def words(
    x: float,
    y: float,
    text: str,
    *,
    size: int = 13,
    ink: str = SOFT,
    anchor: str = "start",
) -> str:
    """Write words."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-family="{SERIF}" font-size="{size}" '
        f'fill="{ink}" text-anchor="{anchor}">{escape(text)}</text>'
    )
