"""What ``duologue synchrony --table`` writes: a row for each session, as CSV."""

import csv
import io
import math
from collections.abc import Sequence

from duologue.corpus.synchrony import SessionSynchrony

OF_SUMMARY = (
    *("peak", "peak_lag_s", "grand_mean", "grand_mean_abs", "lag_zero"),
    *("first_leads", "second_leads", "asymmetry", "coverage"),
)
OF_CHANCE = ("p_peak", "p_grand_mean", "p_grand_mean_abs", "p_lag_zero", "p_asymmetry")


def table(names: Sequence[str], found: Sequence[SessionSynchrony]) -> str:
    """Return a row for each session; the first series is the client's.

    A blank is what cannot be said, or was not asked for. Values have nine digits.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    rows = [_row(name, one) for name, one in zip(names, found, strict=True)]
    writer.writerow(rows[0])
    writer.writerows(row.values() for row in rows)
    return text.getvalue()


def _row(name: str, one: SessionSynchrony) -> dict[str, str]:
    windows, settings, chance = one.windows, one.settings, one.chance
    moments = one.moments
    is_told = moments is not None and moments.n_surrogates > 0
    return {
        "file": name,
        "compat": settings.compat.value,
        "seconds": _cell(one.motion.seconds),
        "rate": _cell(one.motion.rate),
        "window_s": _cell(windows.window_s),
        "step_s": _cell(windows.step_s),
        "lag_s": _cell(windows.lag_s),
        "smooth_s": _cell(settings.smooth_s),
        "seed": str(settings.seed),
        "n_windows": str(len(one.lagged.z)),
        "client_moved": _cell(one.client.moved),
        "therapist_moved": _cell(one.therapist.moved),
        "client_missing": _cell(one.client.missing),
        "therapist_missing": _cell(one.therapist.missing),
        **{name: _cell(getattr(one.summary, name)) for name in OF_SUMMARY},
        "n_surrogates": "" if chance is None else str(chance.n_surrogates),
        **{
            name: "" if chance is None else _cell(getattr(chance, name))
            for name in OF_CHANCE
        },
        "n_moments": str(len(moments.found)) if is_told and moments else "",
    }


def _cell(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.9g}"
