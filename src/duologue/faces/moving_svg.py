"""Pictures of moving in step: lag by lag, window by window, and moments on a line of time.

As in `as_svg`: a title and a description, nothing that colour alone tells, no style and no
script. A lag above 0 means that the client leads, and lies to the right or at the top.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from duologue.faces.svg import EDGE, TEXT, WIDTH, coordinate, framed, written
from duologue.relationship.moving import clock

Floats = NDArray[np.float64]

TALL = 120.0
MOST = 0.8
"""A z of this much or more is as strong as the picture gets."""

SHADES = 8
ROWS = 41
"""Lags are drawn in so many rows at most, and windows in so many columns:"""

COLUMNS = 120
AT_REST = 0.015
"""How tall a series is drawn where there is none of it, as a share of its tallest."""

SOLID, DASHED = "", ' stroke-dasharray="5 3"'
SEATED = ("client", "therapist")
"""What the two are called where nothing else is said."""

FIRST = ("therapist first", "client first")
"""What stands at the two ends of the lags."""

Painted = tuple[list[str], float]
"""Elements in the order they are painted, and the height they need."""


def lag_profile(
    lags_s: Floats,
    mean: Floats,
    *,
    chance: tuple[Floats, Floats, Floats] | None,
    told: str,
    id_prefix: str,
) -> str:
    """Draw the mean z of each lag, beside what chance gives.

    Parameters
    ----------
    lags_s, mean, chance
        As for `lags_painted`.
    told : str
        What the picture shows, for who hears it.
    id_prefix : str
        Makes the ids in a page unique.
    """
    parts, height = lags_painted(lags_s, mean, chance=chance)
    return framed(
        parts,
        width=WIDTH,
        height=height,
        title="Lag by lag",
        told=told,
        id_prefix=id_prefix,
    )


def lags_painted(
    lags_s: Floats,
    mean: Floats,
    *,
    chance: tuple[Floats, Floats, Floats] | None,
    ends: tuple[str, str] = FIRST,
    width: float = WIDTH,
) -> Painted:
    """Paint the mean z of each lag, beside what chance gives.

    Parameters
    ----------
    lags_s, mean : ndarray, shape (n_lags,)
        Lags in seconds, and the session's mean z; ``nan`` where blank.
    chance : tuple of three ndarray of that shape, optional
        Between which values 9 of 10 slid recordings lie at each lag, and above which only
        1 of 20 comes anywhere.
    ends : (str, str)
        Who is first on the left and on the right.
    width : float
        Of the drawing, in its own units.
    """
    lines = [mean, *(chance or ())]
    present = np.concatenate([line[~np.isnan(line)] for line in lines])
    low = float(present.min(initial=0.0))
    high = float(present.max(initial=0.0))
    room = (high - low) or 1.0
    top, foot = TEXT + 8.0, TEXT + 8.0 + TALL
    x = _across(lags_s, width)
    y = [foot - (line - low) / room * TALL for line in lines]
    zero = foot + low / room * TALL
    middle = coordinate(float(x[lags_s.size // 2]))
    parts = [
        written(EDGE, TEXT, f"mean z up to {high:.2f}"),
        (
            f'<path d="M{coordinate(EDGE)} {coordinate(zero)}H{coordinate(width - EDGE)}M{middle} {coordinate(top)}V{coordinate(foot)}" '
            'class="rule" stroke="currentColor" stroke-opacity="0.4"/>'
        ),
    ]
    if chance is not None:
        edge = [*zip(x, y[1], strict=True), *reversed([*zip(x, y[2], strict=True)])]
        places = " ".join(
            f"{coordinate(a)},{coordinate(b)}" for a, b in edge if not np.isnan(b)
        )
        parts.append(f'<polygon points="{places}" fill-opacity="0.18"/>')
        parts.append(_line(x, y[3], "1.2", DASHED))
    parts.append(_line(x, y[0], "2", SOLID))
    at = foot + TEXT + 4
    parts += _ends(at, ends[0], "0 s", ends[1], width=width)
    key = ["line: this session"]
    if chance is not None:
        key += [
            "shade: 9 of 10 slid recordings, at each lag",
            "dashes: 1 of 20 comes above, at any lag",
        ]
    parts += _lines_of(key, at + TEXT + 8)
    return parts, at + 8 + len(key) * (TEXT + 5)


def heat_map(
    z: Floats,
    *,
    lag_s: float,
    window_s: float,
    step_s: float,
    end_s: float,
    told: str,
    id_prefix: str,
    called: tuple[str, str] = SEATED,
) -> str:
    """Draw z by window, from left to right, and lag, the client first at the top.

    Parameters
    ----------
    z : ndarray, shape (n_windows, n_lags)
        ``nan`` where nothing can be said. Neighbours share a cell where there are many.
    lag_s, window_s, step_s, end_s : float
        The largest lag, how long a window is, how far the next one is from it, and how
        long the session is. A window is drawn around its middle, a step wide.
    told, id_prefix : str
        As for `lag_profile`.
    called : (str, str)
        What the client and the therapist are called.
    """
    cells = _pooled(_pooled(z, COLUMNS).T, ROWS)[::-1]
    second = (WIDTH - 2 * EDGE) / end_s
    left = EDGE + (window_s - step_s) / 2 * second
    wide = len(z) * step_s * second / cells.shape[1]
    tall = TALL / cells.shape[0]
    top = TEXT + 8.0
    shade = np.ceil(np.clip(np.nan_to_num(cells), 0, MOST) / MOST * SHADES)
    parts = [
        written(EDGE, TEXT, f"{called[0]} first, {lag_s:g} s"),
        (
            f'<rect x="{coordinate(EDGE)}" y="{coordinate(top)}" width="{coordinate(WIDTH - 2 * EDGE)}" '
            f'height="{coordinate(TALL)}" fill="none" stroke="currentColor" stroke-opacity="0.4"/>'
        ),
    ]
    for level in range(1, SHADES + 1):
        drawn = "".join(
            f"M{left + j * wide:.1f} {top + i * tall:.1f}h{wide:.1f}v{tall:.1f}h{-wide:.1f}z"
            for i, j in zip(*np.nonzero(shade == level), strict=True)
        )
        if drawn:
            parts.append(f'<path d="{drawn}" fill-opacity="{level / SHADES:g}"/>')
    crosses = "".join(
        f"M{left + j * wide:.1f} {top + i * tall:.1f}l{wide:.1f} {tall:.1f}"
        for i, j in zip(*np.nonzero(np.isnan(cells)), strict=True)
    )
    if crosses:
        parts.append(f'<path d="{crosses}" stroke="currentColor" stroke-width="0.6"/>')
    at = top + TALL + TEXT + 3
    parts += _lines_of([f"{called[1]} first, {lag_s:g} s"], at)
    at += TEXT + 7
    parts += _ends(at, "0:00", "", clock(end_s))
    key = [
        "stronger: more together, up to a z of 0.8",
        "empty: not, or against each other",
    ]
    key += ["slanted lines: cannot be said"] if crosses else []
    parts += _lines_of(key, at + TEXT + 8)
    height = at + 8 + len(key) * (TEXT + 5)
    return framed(
        parts,
        width=WIDTH,
        height=height,
        title="Window by window",
        told=told,
        id_prefix=id_prefix,
    )


def time_line(
    moments: Sequence[tuple[float, float]], *, end_s: float, told: str, id_prefix: str
) -> str:
    """Draw where moments lie in a session, each from a second to a second."""
    parts, height = moments_painted(moments, end_s=end_s)
    return framed(
        parts,
        width=WIDTH,
        height=height,
        title="Moments",
        told=told,
        id_prefix=id_prefix,
    )


def moments_painted(
    moments: Sequence[tuple[float, float]], *, end_s: float, width: float = WIDTH
) -> Painted:
    """Paint where moments lie in a session of so many seconds, above 0."""
    wide = width - 2 * EDGE
    parts = [
        (
            f'<path d="M{coordinate(EDGE)} 20H{coordinate(width - EDGE)}" class="rule" stroke="currentColor" '
            'stroke-opacity="0.4"/>'
        )
    ]
    for start, end in moments:
        long = max(2.0, (end - start) / end_s * wide)
        parts.append(
            f'<rect x="{coordinate(EDGE + start / end_s * wide)}" y="8" width="{coordinate(long)}" '
            'height="24" rx="2"/>'
        )
    parts += _ends(32 + TEXT + 5, "0:00", "", clock(end_s), width=width)
    return parts, 32 + TEXT + 12


def both_series(
    client: Floats,
    therapist: Floats,
    moments: Sequence[tuple[float, float]],
    *,
    end_s: float,
    told: str,
    id_prefix: str,
    called: tuple[str, str] = SEATED,
) -> str:
    """Draw how much each of the two moved, the client upwards and the other downwards.

    Parameters
    ----------
    client, therapist : ndarray, shape (n,)
        Their series; ``nan`` where a sample is missing. Neighbours share a column, which is
        as tall as their mean above the series' lowest, up to its 99 % quantile: each is
        drawn by its own measure, since the sizes of two people are not compared.
    moments : sequence of (float, float)
        Stretches that are shaded, from a second to a second.
    end_s : float
        How long the session is.
    told, id_prefix : str
        As for `lag_profile`.
    called : (str, str)
        What the two are called.
    """
    wide, half = WIDTH - 2 * EDGE, TALL / 2
    top = TEXT + 8.0
    middle = top + half
    parts = [written(EDGE, TEXT, called[0])]
    for start, end in moments:
        left = coordinate(EDGE + start / end_s * wide)
        long = coordinate(max(2.0, (end - start) / end_s * wide))
        parts.append(
            f'<rect x="{left}" y="{coordinate(top)}" width="{long}" '
            f'height="{coordinate(TALL)}" fill-opacity="0.15"/>'
        )
    parts.append(_columns(client, middle, -half, wide))
    parts.append(_columns(therapist, middle, half, wide))
    at = top + TALL + TEXT + 3
    parts += _lines_of([called[1]], at)
    at += TEXT + 7
    parts += _ends(at, "0:00", "", clock(end_s))
    key = ["taller: more of it, each by their own measure", "no line: missing"]
    key += ["shade: a moment beyond chance"] if moments else []
    parts += _lines_of(key, at + TEXT + 8)
    return framed(
        parts,
        width=WIDTH,
        height=at + 8 + len(key) * (TEXT + 5),
        title="The two series",
        told=told,
        id_prefix=id_prefix,
    )


def _columns(series: Floats, base: float, tall: float, wide: float) -> str:
    """Draw a series as columns from a base line, up where ``tall`` is below 0.

    Where there is no movement a thin line is left, and where a sample is missing nothing.
    """
    present = series[~np.isnan(series)]
    if not present.size:
        return ""
    low, high = float(present.min()), float(np.quantile(present, 0.99))
    pooled = _pooled(series[:, np.newaxis], int(wide))[:, 0]
    room = (high - low) or 1.0
    each = wide / len(pooled)
    drawn = "".join(
        f"M{EDGE + i * each:.1f} {base:g}v{tall * _share((v - low) / room):.1f}"
        f"h{each:.1f}V{base:g}z"
        for i, v in enumerate(pooled)
        if not np.isnan(v)
    )
    return f'<path d="{drawn}" fill-opacity="0.8"/>'


def _share(value: float) -> float:
    return min(1.0, max(AT_REST, value))


def _across(lags_s: Floats, width: float) -> Floats:
    span = float(lags_s[-1] - lags_s[0]) or 1.0
    across: Floats = EDGE + (lags_s - lags_s[0]) / span * (width - 2 * EDGE)
    return across


def _line(x: Floats, y: Floats, width: str, dash: str) -> str:
    """Draw a line that stops where a value is blank."""
    steps, down = [], False
    for a, b in zip(x, y, strict=True):
        if np.isnan(b):
            down = False
            continue
        steps.append(f"{'L' if down else 'M'}{coordinate(a)} {coordinate(b)}")
        down = True
    return (
        f'<path d="{"".join(steps)}" fill="none" stroke="currentColor" '
        f'stroke-width="{width}"{dash}/>'
    )


def _pooled(values: Floats, most: int) -> Floats:
    """Take the means of neighbouring rows, so that there are no more than so many."""
    n = len(values)
    if n <= most:
        return values
    which = np.arange(n) * most // n
    return np.array([_mean(values[which == k]) for k in range(most)])


def _mean(rows: Floats) -> Floats:
    count = (~np.isnan(rows)).sum(axis=0)
    total = np.nansum(rows, axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _ends(
    y: float, left: str, middle: str, right: str, *, width: float = WIDTH
) -> list[str]:
    between = [written(width / 2, y, middle, anchor="middle")] if middle else []
    return [
        written(EDGE, y, left),
        *between,
        written(width - EDGE, y, right, anchor="end"),
    ]


def _lines_of(words: Iterable[str], y: float) -> list[str]:
    return [written(EDGE, y + i * (TEXT + 5), each) for i, each in enumerate(words)]
