"""What ``duologue synchrony --compat susy`` prints: SUSY's measures under SUSY's names."""

import json
import math
from collections.abc import Sequence
from typing import Any

from duologue.corpus.susy import SessionSusy
from duologue.engine.synchrony.susy import Susy

WARNING = (
    "SUSY's ES is not Cohen's d: its standard deviation is over the lags of one averaged "
    "curve, not over surrogates, so it grows with smoothing and with the number of "
    "segments. For comparison with earlier work only."
)


def susy_words(one: SessionSusy) -> list[str]:
    """Tell of one session: how it was done, and each measure on a line."""
    found = one.found
    how = (
        f"As SUSY 0.1.1: {found.n_segments} segments of {one.segment_s} s at {one.rate} "
        f"Hz, lags up to {one.lag_s} s, neither smoothed nor scaled; 1 is the client."
    )
    lines = [
        how,
        *(f"Note: {note}." for note in one.motion.notes),
    ]
    if one.n_dropped:
        lines.append(
            f"Note: dropped where one of the two is missing: {one.n_dropped} samples. The "
            "gaps are closed, as SUSY does, so time jumps there."
        )
    names = as_printed(found)
    width = max(map(len, names))
    lines += [f"{name:<{width}}  {_said(value)}" for name, value in names.items()]
    return [*lines, WARNING]


def as_printed(found: Susy) -> dict[str, float]:
    """Return a session's values by the names that SUSY prints."""
    whole, signed = found.of_absolute, found.of_signed
    return {
        "Z": whole.z,
        "Z-Pseudo": whole.pseudo,
        "SD(Z)": whole.sd,
        "SD(Z-Pseudo)": whole.sd_pseudo,
        "n(lags)": found.lags.size,
        "%>Pseudo": 100 * whole.above_pseudo,
        "n(Segmente)": found.n_segments,
        "ES": whole.es,
        "Z(lead1)": found.first_leads.z,
        "Z(lead2)": found.second_leads.z,
        "ES(lead1)": found.first_leads.es,
        "ES(lead2)": found.second_leads.es,
        "meanZ(in-phase)": found.in_phase,
        "meanZ(anti-phase)": found.anti_phase,
        "Anzahl(in-phase)": found.n_in_phase,
        "Anzahl(anti-phase)": found.n_anti_phase,
        "Z(noAbs)": signed.z,
        "Z(Pseudo-noAbs)": signed.pseudo,
        "%>Pseudo(noAbs)": 100 * signed.above_pseudo,
        "ES(noAbs)": signed.es,
    }


def _said(value: float) -> str:
    if isinstance(value, int):
        return str(value)
    return "blank" if math.isnan(value) else f"{value:.6g}"


def susy_as_json(names: Sequence[str], found: Sequence[SessionSusy]) -> str:
    """Return all sessions; what is blank, or infinite as SUSY has it, is null."""
    sessions = [
        {"file": name, **_session(one)} for name, one in zip(names, found, strict=True)
    ]
    told = {"compat": "susy", "warning": WARNING, "sessions": sessions}
    return json.dumps(told, indent=2, allow_nan=False)


def _session(one: SessionSusy) -> dict[str, Any]:
    return {
        "first": "client",
        "rate": one.rate,
        "segment_s": one.segment_s,
        "lag_s": one.lag_s,
        "n_dropped": one.n_dropped,
        "notes": list(one.motion.notes),
        "measures": {
            name: value if math.isfinite(value) else None
            for name, value in as_printed(one.found).items()
        },
    }
