"""What ``duologue synchrony --html`` writes: the words, the pictures and their numbers."""

from collections.abc import Sequence

import numpy as np
from markupsafe import Markup

from duologue.cli.synchrony_told import LIMITS, partners_in_words, words
from duologue.corpus.synchrony import SessionSynchrony
from duologue.engine.synchrony.partners import AgainstPartners
from duologue.engine.synchrony.windows import Floats, samples_of
from duologue.faces.as_html import MovingSession, Picture, moving
from duologue.faces.moving_svg import both_series, heat_map, lag_profile, time_line
from duologue.relationship.moving import clock

LAGS_TOLD = 21
"""A table tells of so many lags at most, evenly apart; ``--profile`` writes each."""


def page(
    names: Sequence[str],
    found: Sequence[SessionSynchrony],
    partners: AgainstPartners | None,
) -> str:
    """Return a page of one session or several, each under its file's name."""
    sessions = [
        MovingSession(
            title=name,
            words=tuple(words(one)),
            pictures=tuple(_pictures(one, f"s{k}")),
        )
        for k, (name, one) in enumerate(zip(names, found, strict=True), start=1)
    ]
    over_all = partners_in_words(partners) if partners is not None else ""
    return moving(sessions, over_all=over_all, limits=LIMITS)


def _pictures(one: SessionSynchrony, prefix: str) -> list[Picture]:
    if np.isnan(one.summary.peak):
        return []
    found = [_series(one, f"{prefix}-series"), _by_window(one, f"{prefix}-windows")]
    if one.windows.lag:
        found.insert(1, _by_lag(one, f"{prefix}-lags"))
    if one.moments is not None and one.moments.n_surrogates:
        found.append(_by_moment(one, f"{prefix}-moments"))
    return found


def _series(one: SessionSynchrony, prefix: str) -> Picture:
    motion = one.motion
    moments = one.moments.found if one.moments is not None else ()
    both = (motion.client, motion.therapist)
    svg = both_series(
        *both,
        [(each.start_s, each.end_s) for each in moments],
        end_s=motion.seconds,
        told="The series of both over the session; the table has each minute's mean.",
        id_prefix=prefix,
    )
    minute = max(1, samples_of(60, motion.rate))
    rows = [
        (clock(at / motion.rate), *(_mean(of[at : at + minute]) for of in both))
        for at in range(0, motion.client.size, minute)
    ]
    return Picture(
        heading="The two series",
        svg=Markup(svg),  # noqa: S704 - every word in it is escaped
        head=("from", "client, mean", "therapist, mean"),
        rows=tuple(rows),
    )


def _mean(values: Floats) -> str:
    present = values[~np.isnan(values)]
    return f"{present.mean():.4g}" if present.size else ""


def _by_lag(one: SessionSynchrony, prefix: str) -> Picture:
    summary, chance = one.summary, one.chance
    lags_s = one.windows.lags / one.windows.rate
    columns = {"lag, s": lags_s, "mean z": summary.lag_profile}
    beside = None
    if chance is not None and chance.n_surrogates:
        beside = (chance.low, chance.high, chance.band)
        names = ("5 % of slid below", "5 % of slid above", "1 in 20 above at any lag")
        columns |= dict(zip(names, beside, strict=True))
    told = (
        f"Mean z at lags from {lags_s[0]:g} to {lags_s[-1]:g} s: at most "
        f"{summary.peak:.3f}, at {summary.peak_lag_s:.2f} s."
    )
    svg = lag_profile(
        lags_s, summary.lag_profile, chance=beside, told=told, id_prefix=prefix
    )
    at = np.unique(np.linspace(0, lags_s.size - 1, LAGS_TOLD).round().astype(int))
    rows = [[float(column[i]) for column in columns.values()] for i in at]
    return Picture(
        heading="Lag by lag",
        svg=Markup(svg),  # noqa: S704 - every word in it is escaped
        head=tuple(columns),
        rows=tuple((f"{lag:.2f}", *map(_z, rest)) for lag, *rest in rows),
    )


def _by_window(one: SessionSynchrony, prefix: str) -> Picture:
    z, windows = one.lagged.z, one.windows
    rows = []
    for i, row in enumerate(z):
        when = clock(i * windows.step_s)
        if np.isnan(row).all():
            rows.append((when, "", "", ""))
            continue
        k = int(np.nanargmax(row))
        lag_s = windows.lags[k] / windows.rate
        rows.append(
            (when, _z(float(np.nanmean(row))), _z(float(row[k])), f"{lag_s:.2f}")
        )
    svg = heat_map(
        z,
        lag_s=windows.lag_s,
        window_s=windows.window_s,
        step_s=windows.step_s,
        end_s=one.motion.seconds,
        told=f"z of {len(z)} windows at {z.shape[1]} lags; the table has each window's.",
        id_prefix=prefix,
    )
    return Picture(
        heading="Window by window",
        svg=Markup(svg),  # noqa: S704 - every word in it is escaped
        head=("from", "mean z", "highest z", "at a lag of, s"),
        rows=tuple(rows),
    )


def _by_moment(one: SessionSynchrony, prefix: str) -> Picture:
    found = one.moments.found if one.moments is not None else ()
    told = (
        f"{len(found)} moments beyond chance." if found else "No moment beyond chance."
    )
    svg = time_line(
        [(each.start_s, each.end_s) for each in found],
        end_s=one.motion.seconds,
        told=told,
        id_prefix=prefix,
    )
    return Picture(
        heading="Moments beyond chance",
        svg=Markup(svg),  # noqa: S704 - every word in it is escaped
        head=("from", "to", "lag, s", "p"),
        rows=tuple(
            (
                clock(each.start_s),
                clock(each.end_s),
                f"{each.lag_s:.2f}",
                f"{each.p:.3f}",
            )
            for each in found
        ),
    )


def _z(value: float) -> str:
    return "" if np.isnan(value) else f"{value:.3f}"
