"""What ``duologue synchrony --html`` writes: the words, the pictures and their numbers."""

from collections.abc import Sequence

import numpy as np
from markupsafe import Markup

from duologue.cli.synchrony_told import LIMITS, partners_in_words, words
from duologue.corpus.synchrony import SessionSynchrony
from duologue.engine.synchrony.partners import AgainstPartners
from duologue.faces.as_html import MovingSession, Picture, moving
from duologue.faces.moving_pictures import of_series, of_windows, z_written
from duologue.faces.moving_svg import lag_profile, time_line
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
    moments = one.moments.found if one.moments is not None else ()
    return of_series(
        one.motion.client,
        one.motion.therapist,
        [(each.start_s, each.end_s) for each in moments],
        rate=one.motion.rate,
        id_prefix=prefix,
    )


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
        rows=tuple((f"{lag:.2f}", *map(z_written, rest)) for lag, *rest in rows),
    )


def _by_window(one: SessionSynchrony, prefix: str) -> Picture:
    windows = one.windows
    return of_windows(
        one.lagged.z,
        windows.lags / windows.rate,
        window_s=windows.window_s,
        step_s=windows.step_s,
        end_s=one.motion.seconds,
        id_prefix=prefix,
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
