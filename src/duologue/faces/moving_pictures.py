"""Pictures of moving in step, each with its numbers as a table."""

from collections.abc import Sequence

import numpy as np
from markupsafe import Markup

from duologue.engine.synchrony.windows import samples_of
from duologue.faces.as_html import Picture
from duologue.faces.moving_svg import SEATED, Floats, both_series, heat_map
from duologue.relationship.moving import clock


def of_series(
    client: Floats,
    therapist: Floats,
    moments: Sequence[tuple[float, float]],
    *,
    rate: float,
    id_prefix: str,
    called: tuple[str, str] = SEATED,
) -> Picture:
    """Show how much each of the two moved, and each minute's mean.

    Parameters
    ----------
    client, therapist : ndarray, shape (n,)
        Their series; ``nan`` where a sample is missing.
    moments : sequence of (float, float)
        Stretches that are shaded, from a second to a second.
    rate : float
        Samples a second.
    id_prefix : str
        Makes the ids in a page unique.
    called : (str, str)
        What the two are called.
    """
    both = (client, therapist)
    svg = both_series(
        *both,
        moments,
        end_s=client.size / rate,
        told="The series of both over the session; the table has each minute's mean.",
        id_prefix=id_prefix,
        called=called,
    )
    minute = max(1, samples_of(60, rate))
    rows = [
        (clock(at / rate), *(_mean(of[at : at + minute]) for of in both))
        for at in range(0, client.size, minute)
    ]
    return Picture(
        heading="The two series",
        svg=Markup(svg),  # noqa: S704 - every word in it is escaped
        head=("from", *(f"{who}, mean" for who in called)),
        rows=tuple(rows),
    )


def of_windows(
    z: Floats,
    lags_s: Floats,
    *,
    window_s: float,
    step_s: float,
    end_s: float,
    id_prefix: str,
    called: tuple[str, str] = SEATED,
) -> Picture:
    """Show z window by window and lag by lag, and where each window's is highest.

    Parameters
    ----------
    z : ndarray, shape (n_windows, n_lags)
        ``nan`` where nothing can be said.
    lags_s : ndarray, shape (n_lags,)
        Lags in seconds, above 0 where the client leads.
    window_s, step_s, end_s : float
        How long a window is, how far the next one is from it, and how long the session is.
    id_prefix, called
        As for `of_series`.
    """
    rows = [(clock(i * step_s), *_highest(row, lags_s)) for i, row in enumerate(z)]
    svg = heat_map(
        z,
        lag_s=float(lags_s[-1]),
        window_s=window_s,
        step_s=step_s,
        end_s=end_s,
        told=f"z of {len(z)} windows at {z.shape[1]} lags; the table has each window's.",
        id_prefix=id_prefix,
        called=called,
    )
    return Picture(
        heading="Window by window",
        svg=Markup(svg),  # noqa: S704 - every word in it is escaped
        head=("from", "mean z", "highest z", "at a lag of, s"),
        rows=tuple(rows),
    )


def z_written(value: float) -> str:
    """Write a z, and nothing where it is blank."""
    return "" if np.isnan(value) else f"{value:.3f}"


def _highest(row: Floats, lags_s: Floats) -> tuple[str, str, str]:
    if np.isnan(row).all():
        return "", "", ""
    k = int(np.nanargmax(row))
    return (
        z_written(float(np.nanmean(row))),
        z_written(float(row[k])),
        f"{lags_s[k]:.2f}",
    )


def _mean(values: Floats) -> str:
    present = values[~np.isnan(values)]
    return f"{present.mean():.4g}" if present.size else ""
