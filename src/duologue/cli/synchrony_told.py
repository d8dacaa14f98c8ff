"""What ``duologue synchrony`` prints: words, JSON, and a lag profile as CSV."""

import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from duologue import __version__
from duologue.corpus.synchrony import Series, SessionSynchrony
from duologue.engine.synchrony.bands import HIGH, LOW
from duologue.engine.synchrony.coherence import FEWEST
from duologue.engine.synchrony.episodes import LAG_S as MOMENT_LAG_S
from duologue.engine.synchrony.episodes import LEAST_S, Episode, Episodes
from duologue.engine.synchrony.episodes import WINDOW_S as MOMENT_S
from duologue.engine.synchrony.partners import AgainstPartners
from duologue.engine.synchrony.rhythm import BAND_HZ, Rhythm
from duologue.engine.synchrony.segments import AgainstSegments
from duologue.engine.synchrony.shifts import LONG_ENOUGH
from duologue.engine.synchrony.summaries import Summary
from duologue.relationship.moving import BEYOND, clock

UNEQUAL = 1.1
"""Sessions whose lengths differ by more than this factor are told to be cut."""

LEADERS = {1: "client", -1: "therapist"}
"""Who is meant where an episode has a leader."""

NEAR = math.cos(math.pi / 4)
"""Within an eighth of a rhythm the two are said to go at once, or by turns."""

NOTHING = (
    "Nothing can be said: in no window are both present and both change, each in their "
    "own way."
)

LIMITS = (
    "Described, not scored: more is not better. Speaking in turns, light or a camera "
    "that moves can look like going together, or hide it."
)


SEGMENTS_WARNING = (
    "Shuffled segments find too much: of slow signals that have nothing to do with each "
    "other, up to 16 sessions of 100 get a p of .05 or less. For comparison with earlier "
    "work only."
)


def words(one: SessionSynchrony) -> list[str]:
    """Tell of one session, a sentence or two a line."""
    motion, windows, summary = one.motion, one.windows, one.summary
    n_windows = len(one.lagged.z)
    how = (
        f"{n_windows} windows of {windows.window_s:g} s every {windows.step_s:g} s, lags "
        f"up to {windows.lag_s:g} s; {summary.coverage:.0%} of cells could be said."
    )
    if one.settings.smooth_s:
        how = f"Smoothed over {one.settings.smooth_s:g} s. {how}"
    if windows.lag > windows.window:
        how += " The largest lag is longer than a window."
    if windows.step > windows.window:
        how += " Between one window and the next some of the session is left out."
    lines = [
        f"{_duration(motion.seconds)} at {motion.rate:g} Hz.",
        _moved("The client", one.client, signed=bool((motion.client < 0).any())),
        _moved(
            "The therapist", one.therapist, signed=bool((motion.therapist < 0).any())
        ),
        *(f"Note: {note}." for note in motion.notes),
        how,
    ]
    if one.lagged.stopped.any():
        n = int(one.lagged.stopped.sum())
        lines.append(f"rMEA would have stopped at {n} windows, which are blank here.")
    if math.isnan(summary.peak):
        return [*lines, NOTHING]
    lines.append(
        f"The highest mean z, {summary.peak:.3f}, is at a lag of {summary.peak_lag_s:.2f} s "
        "(above 0 the client leads)."
    )
    lines += _chance(one)
    if one.rhythm is not None:
        lines += _rhythm(one.rhythm, windows.rate)
    if one.moments is not None:
        lines += _moments(one.moments)
    if one.segments is not None:
        lines += _segments(one.segments)
    lines.append(
        f"For comparison with the literature: grand mean z {summary.grand_mean:.4f}, of "
        f"absolute z {summary.grand_mean_abs:.4f}, without a lag {_or_blank(summary.lag_zero)}."
    )
    return lines


def _led(summary: Summary, p: float) -> str:
    if not p <= BEYOND:  # it may be blank
        return "Who led cannot be told."
    if summary.asymmetry * summary.peak_lag_s < 0:
        return "Who led cannot be told: it differs from lag to lag."
    leads = "client" if summary.asymmetry > 0 else "therapist"
    return (
        f"Over all lags the {leads} led more than the other (p = {p:.3f}); of sessions in "
        "which nobody does, 1 in 20 says so."
    )


def _chance(one: SessionSynchrony) -> list[str]:
    chance = one.chance
    if chance is None:
        return ["Not compared with chance."]
    if not chance.n_surrogates:
        needed = LONG_ENOUGH * chance.least_shift / one.windows.rate
        return [f"Too short to compare with chance: that takes {_duration(needed)}."]
    if math.isnan(chance.p_peak):
        return ["Too much is blank to compare with chance."]
    by = f"p = {chance.p_peak:.3f} of {chance.n_surrogates:,} surrogates"
    n_lags, n_compared = chance.compared.size, int(chance.compared.sum())
    if n_compared < n_lags:
        by += (
            f", at {n_compared} of {n_lags} lags: those that could be said here and in "
            "every surrogate"
        )
    if chance.p_peak > BEYOND:
        too_often = (
            "The same recordings, slid against each other, reach that too often for this "
            f"session to tell it from chance ({by})."
        )
        return [too_often, "Who led cannot be told."]
    more = f"That is more than when the same recordings are slid against each other ({by})."
    return [more, _led(one.summary, chance.p_asymmetry)]


def _segments(segments: AgainstSegments) -> list[str]:
    if math.isnan(segments.p_grand_mean):
        return ["Too much is blank to put shuffled segments beside it."]
    left = segments.n_left_out
    cut = f", without {left} samples at the end that make none" if left else ""
    low, high = np.quantile(segments.surrogate_grand_mean, [LOW, HIGH])
    beside = (
        f"Beside {segments.n_surrogates:,} shuffles of its {segments.n_segments} segments"
        f"{cut}: grand mean z {segments.grand_mean:.4f} (shuffled from {low:.4f} to "
        f"{high:.4f} in 9 of 10, p = {segments.p_grand_mean:.3f}), of absolute z "
        f"{segments.grand_mean_abs:.4f} (p = {segments.p_grand_mean_abs:.3f})."
    )
    return [beside, SEGMENTS_WARNING]


def _segments_as_json(segments: AgainstSegments) -> dict[str, Any]:
    mean = float(np.mean(segments.surrogate_grand_mean))
    mean_abs = float(np.mean(segments.surrogate_grand_mean_abs))
    return {
        "n_surrogates": segments.n_surrogates,
        "n_segments": segments.n_segments,
        "n_left_out": segments.n_left_out,
        "surrogate_grand_mean": _plain(mean),
        "surrogate_grand_mean_abs": _plain(mean_abs),
        **{
            name: _plain(getattr(segments, name))
            for name in (
                *("grand_mean", "grand_mean_abs"),
                *("p_peak", "p_grand_mean", "p_grand_mean_abs"),
            )
        },
        "warning": SEGMENTS_WARNING,
    }


def partners_in_words(partners: AgainstPartners) -> str:
    """Say whether real partners go together more than mismatched ones."""
    left = partners.n_left_out
    without = (
        f"Of {left} pairs nothing can be said; they are left out. " if left else ""
    )
    if partners.longest_s > UNEQUAL * partners.shortest_s:
        without += (
            f"Sessions last from {_duration(partners.shortest_s)} to "
            f"{_duration(partners.longest_s)}: exchanged partners are cut to the shorter "
            "of the two, and short series have higher peaks, which can hide what real "
            "partners share. "
        )
    if math.isnan(partners.p):
        return f"{without}Too much is blank to compare partners."
    by = f"p = {partners.p:.3f} of {partners.n_permutations:,} exchanges of partners"
    both = (
        f"{without}The peaks of {partners.n_pairs} real pairs are at a mean z of {partners.real:.3f}, "
        f"those of exchanged partners at {partners.mismatched:.3f} ({by})."
    )
    if partners.p > BEYOND:
        return f"{both} That does not tell real partners from exchanged ones."
    return (
        f"{both} As a group, these pairs move in step more than exchanged partners do."
    )


def _partners_as_json(partners: AgainstPartners) -> dict[str, Any]:
    return {
        "statistic": "peak of the mean lag profile",
        "n_pairs": partners.n_pairs,
        "n_left_out": partners.n_left_out,
        "n_permutations": partners.n_permutations,
        "shortest_s": _plain(partners.shortest_s),
        "longest_s": _plain(partners.longest_s),
        **{
            name: _plain(getattr(partners, name))
            for name in ("real", "mismatched", "mismatched_sd", "effect", "p")
        },
    }


def _moments(moments: Episodes) -> list[str]:
    if not moments.n_surrogates:
        return [f"Moments are told of sessions of {_duration(LEAST_S)} or more."]
    how = f"Moments are looked for in windows of {MOMENT_S:g} s at lags up to {MOMENT_LAG_S:g} s."
    if not moments.found:
        return [f"{how} No moment stood out from chance. That is the usual answer."]
    lines = [_moment(each) for each in moments.found]
    return [how, *lines, "In 1 session of 20 chance alone makes such a moment."]


def _moment(each: Episode) -> str:
    first = LEADERS.get(each.leader)
    by = (
        f"the {first} first by {abs(each.lag_s):.1f} s"
        if first
        else "who was first cannot be told"
    )
    when = f"From {clock(each.start_s)} to {clock(each.end_s)}"
    return f"{when} they went together beyond chance, {by} (p = {each.p:.3f})."


def _rhythm(found: Rhythm, rate: float) -> list[str]:
    if found.spectrum.n_segments < FEWEST:
        few = f"fewer than {FEWEST} stretches of {found.spectrum.segment_s:g} s"
        return [f"No shared rhythm can be looked for: {few} are present in both."]
    if math.isnan(found.peak):
        return ["No shared rhythm can be looked for: one of the two does not change."]
    if not found.n_surrogates:
        needed = _duration(LONG_ENOUGH * found.least_shift / rate)
        return [f"Too short to look for a shared rhythm: that takes {needed}."]
    if math.isnan(found.p_peak):
        return ["Too much is blank to compare a shared rhythm with chance."]
    by = f"p = {found.p_peak:.3f} of {found.n_surrogates:,} surrogates"
    if found.p_peak > BEYOND:
        periods = f"{1 / BAND_HZ[1]:g} to {1 / BAND_HZ[0]:g} s"
        return [f"No shared rhythm of {periods} stood out from chance ({by})."]
    shared = (
        f"A rhythm of about {1 / found.peak_hz:.1f} s is shared more than when the same "
        f"recordings are slid against each other ({by}); of sessions in which none is, 1 "
        "in 20 says so."
    )
    return [shared, _ahead(found)]


def _leader_in(found: Rhythm) -> str | None:
    """Return who is ahead in a shared rhythm, where that stands out from chance too."""
    is_clear = found.p_peak <= BEYOND and found.p_lead <= BEYOND
    return LEADERS[1 if found.peak_phase > 0 else -1] if is_clear else None


def _ahead(found: Rhythm) -> str:
    leader = _leader_in(found)
    if leader:
        return (
            f"In it the {leader} is ahead by {abs(found.peak_lead_s):.1f} s (p = "
            f"{found.p_lead:.3f}); behind by the rest of the rhythm would look the same."
        )
    if abs(math.cos(found.peak_phase)) < NEAR:
        return "Who is ahead in it cannot be told."
    at_once = "the two move more at about the same time"
    by_turns = "one moves more when the other moves less, as in speaking in turns"
    how = at_once if math.cos(found.peak_phase) > 0 else by_turns
    return f"In it {how}; who is ahead cannot be told."


def _rhythm_as_json(found: Rhythm, rate: float) -> dict[str, Any]:
    low, high = found.spectrum.frequencies[found.inside][[0, -1]]
    return {
        "from_hz": _plain(low),
        "to_hz": _plain(high),
        "segment_s": found.spectrum.segment_s,
        "n_segments": found.spectrum.n_segments,
        "n_surrogates": found.n_surrogates,
        "least_shift_s": found.least_shift / rate,
        "coherence": _plain(found.peak),
        "period_s": _plain(1 / found.peak_hz),
        "phase_deg": _plain(math.degrees(found.peak_phase)),
        "lead_s": _plain(found.peak_lead_s),
        "p": _plain(found.p_peak),
        "p_lead": _plain(found.p_lead),
        "leader": _leader_in(found),
    }


def _or_blank(value: float) -> str:
    return "blank" if math.isnan(value) else f"{value:.4f}"


def _moved(who: str, series: Series, *, signed: bool) -> str:
    if math.isnan(series.moved):
        return f"{who}: all missing."
    missing = f", {series.missing:.1%} missing" if series.missing else ""
    if signed:
        return f"{who}: {1 - series.missing:.1%} of samples present."
    return (
        f"{who}: {series.moved:.0%} of samples above 0{missing}, longest rest "
        f"{series.longest_rest_s:.1f} s."
    )


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def as_json(
    names: Sequence[str],
    found: Sequence[SessionSynchrony],
    partners: AgainstPartners | None,
) -> str:
    """Return all sessions, and what their partners give where that was asked for."""
    sessions = [
        {"file": name, **_session_as_json(one)}
        for name, one in zip(names, found, strict=True)
    ]
    told: dict[str, Any] = {"sessions": sessions}
    if partners is not None:
        told["partners"] = _partners_as_json(partners)
    return json.dumps(told, indent=2, allow_nan=False)


def _session_as_json(one: SessionSynchrony) -> dict[str, Any]:
    summary, chance, windows = one.summary, one.chance, one.windows
    names = (
        *("grand_mean", "grand_mean_abs", "lag_zero", "first_leads", "second_leads"),
        *("first_leads_0", "second_leads_0", "asymmetry", "peak", "peak_lag_s"),
        "coverage",
    )
    found: dict[str, Any] = {
        "program": f"duologue {__version__}",
        "compat": one.settings.compat.value,
        "smooth_s": one.settings.smooth_s,
        "seed": one.settings.seed,
        "seconds": _plain(one.motion.seconds),
        "rate": one.motion.rate,
        "first": "client",
        "positive_lag": "the first leads",
        "window_s": windows.window_s,
        "step_s": windows.step_s,
        "lag_s": windows.lag_s,
        "n_windows": len(one.lagged.z),
        "notes": list(one.motion.notes),
        **{seat: asdict(getattr(one, seat)) for seat in ("client", "therapist")},
        **{name: _plain(getattr(summary, name)) for name in names},
    }
    if chance is not None:
        found["chance"] = {
            "n_surrogates": chance.n_surrogates,
            "n_lags_compared": int(chance.compared.sum()),
            "least_shift_s": chance.least_shift / windows.rate,
            **{
                name: _plain(getattr(chance, name))
                for name in (
                    *("p_peak", "p_grand_mean", "p_grand_mean_abs", "p_lag_zero"),
                    "p_asymmetry",
                )
            },
        }
    if one.segments is not None:
        found["segment_shuffles"] = _segments_as_json(one.segments)
    if one.moments is not None:
        found["moments"] = {
            "n_surrogates": one.moments.n_surrogates,
            "threshold_z": _plain(one.moments.threshold),
            "found": [_moment_as_json(each) for each in one.moments.found],
        }
    if one.rhythm is not None:
        found["rhythm"] = _rhythm_as_json(one.rhythm, windows.rate)
    return found


def _moment_as_json(each: Episode) -> dict[str, Any]:
    numbers = {
        name: _plain(getattr(each, name))
        for name in ("start_s", "end_s", "lag_s", "peak_z", "mass", "p")
    }
    return {**numbers, "leader": LEADERS.get(each.leader)}


def _plain(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 9)


def profile(one: SessionSynchrony) -> str:
    """Return the mean of each lag as CSV, with chance beside it where there is any."""
    columns = {"mean_z": one.summary.lag_profile}
    if one.chance is not None:
        columns |= {
            "chance_mean": one.chance.mean,
            "chance_low": one.chance.low,
            "chance_high": one.chance.high,
            "chance_band": one.chance.band,
        }
    lines = [",".join(["lag_s", *columns])]
    for i, lag in enumerate(one.windows.lags / one.windows.rate):
        cells = (column[i] for column in columns.values())
        told = ("" if math.isnan(cell) else f"{cell:.9g}" for cell in cells)
        lines.append(",".join([f"{lag:.9g}", *told]))
    return "\n".join(lines) + "\n"
