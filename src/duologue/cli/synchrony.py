"""``duologue synchrony``: how far two people's movement went together, beside chance."""

import argparse
import json
import math
import sys
from pathlib import Path
from typing import Any

from rich.console import Console

from duologue.cli.new_file import check_new, write_new
from duologue.cli.terminal import print_json, printable
from duologue.corpus.synchrony import (
    Series,
    SessionSynchrony,
    Settings,
    synchrony_of,
)
from duologue.engine.synchrony.episodes import LEAST_S, Episode, Episodes
from duologue.engine.synchrony.preparing import SMOOTH_S, Compat
from duologue.engine.synchrony.shifts import MIN_SHIFTS, N_SHIFTS
from duologue.engine.synchrony.windows import LAG_S, STEP_S, WINDOW_S
from duologue.errors import FileError, ParameterError
from duologue.formats.motion import MotionColumns, read_motion

BEYOND = 0.05
"""A p at or below this is called beyond chance."""

EPILOG = """\
what FILE may be:
  motion-energy text   columns parted by blanks, with a header or without
  a table              .csv with a header; --time names its time stamps in seconds

Whose column is whose is always said: --client and --therapist take a column's name
or its place from 1 on. Columns joined by + are summed, as head and body: --client 1+3.

A positive lag means that the client leads. Chance is what the same two recordings
give when one is slid against the other by a minute or more, a thousand times over.
--moments takes some seconds a session; most sessions have none.

examples:
  duologue synchrony session.txt --client 1 --therapist 2 --rate 25 --moments
  duologue synchrony pulse.csv --client c --therapist t --time time_s \\
      --window 60 --step 30 --smooth 0 --signed
  duologue synchrony session.txt --client 1 --therapist 2 --rate 25 --compat rmea"""

LIMITS = (
    "Described, not scored: more is not better. Speaking in turns, light or a camera "
    "that moves can look like going together, or hide it."
)


def define(parser: argparse.ArgumentParser) -> None:
    """Give the parser what this command takes."""
    parser.description = (
        "Say how far the movement, voice or physiology of two people went together, and\n"
        "what the same two recordings give by chance. Never whether that is good."
    )
    parser.epilog = EPILOG
    parser.add_argument(
        "files", metavar="FILE", type=Path, nargs="+", help="a session; see below"
    )
    for seat in ("client", "therapist"):
        parser.add_argument(
            f"--{seat}",
            metavar="COLUMN",
            required=True,
            help=f"the {seat}'s column, or several joined by +",
        )
    parser.add_argument("--rate", type=_above_0, metavar="HZ", help="samples a second")
    parser.add_argument("--time", metavar="COLUMN", help="time stamps in seconds")
    parser.add_argument(
        "--signed",
        action="store_true",
        help="values may lie below 0 (not motion energy)",
    )
    for name, seconds, what in (
        ("window", WINDOW_S, "of a window"),
        ("step", STEP_S, "from one window to the next"),
        ("lag", LAG_S, "of the largest lag"),
        ("smooth", SMOOTH_S, "over which it is smoothed first"),
    ):
        parser.add_argument(
            f"--{name}",
            type=_seconds,
            metavar="S",
            default=seconds,
            help=f"seconds {what} (default {seconds:g})",
        )
    parser.add_argument(
        "--compat",
        choices=[str(Compat.RMEA)],
        help="smooth, scale and correlate as rMEA 1.3.0 does; without chance",
    )
    parser.add_argument(
        "--shifts",
        type=int,
        metavar="N",
        default=N_SHIFTS,
        help=f"each gives two surrogates (default {N_SHIFTS}; 0 for none)",
    )
    parser.add_argument(
        "--seed", type=int, metavar="N", default=0, help="for the shifts (default 0)"
    )
    parser.add_argument(
        "--moments",
        action="store_true",
        help="look for moments in which the two went together beyond chance",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--profile", type=Path, metavar="CSV", help="write the mean of each lag"
    )


def run(chosen: argparse.Namespace) -> None:
    """Compare, and tell of each session."""
    settings = _settings(chosen)
    if chosen.profile is not None:
        if len(chosen.files) > 1:
            raise ParameterError("--profile goes with one FILE.")
        check_new(chosen.profile)
    columns = MotionColumns(
        client=tuple(chosen.client.split("+")),
        therapist=tuple(chosen.therapist.split("+")),
        time_s=chosen.time,
    )
    found = []
    for n, path in enumerate(chosen.files, start=1):
        if len(chosen.files) > 1 and sys.stderr.isatty():
            print(f"{n} of {len(chosen.files)}", file=sys.stderr)
        motion = read_motion(path, columns, rate=chosen.rate, signed=chosen.signed)
        try:
            found.append((path, synchrony_of(motion, settings)))
        except ParameterError as error:
            raise FileError(str(path), str(error)) from None
    if chosen.profile is not None:
        write_new(_profile(found[0][1]), chosen.profile)
    if chosen.json:
        told = [{"file": path.name, **_as_json(one)} for path, one in found]
        print_json(json.dumps(told, indent=2, allow_nan=False))
        return
    console = Console(highlight=False, markup=False)
    for path, one in found:
        console.print(printable(str(path)), style="bold")
        for line in _words(one):
            console.print(line)
        console.print("")
    console.print(LIMITS)


def _settings(chosen: argparse.Namespace) -> Settings:
    if chosen.shifts and chosen.shifts < MIN_SHIFTS:
        raise ParameterError(f"--shifts must be 0, or {MIN_SHIFTS} or more.")
    if chosen.seed < 0:
        raise ParameterError("--seed must be 0 or more.")
    if chosen.moments and chosen.compat:
        raise ParameterError("--moments goes without --compat.")
    return Settings(
        window_s=chosen.window,
        step_s=chosen.step,
        lag_s=chosen.lag,
        smooth_s=chosen.smooth,
        compat=Compat(chosen.compat) if chosen.compat else Compat.NONE,
        n_shifts=chosen.shifts,
        seed=chosen.seed,
        moments=chosen.moments,
    )


def _words(one: SessionSynchrony) -> list[str]:
    motion, windows, summary = one.motion, one.windows, one.summary
    n_windows = len(one.lagged.z)
    how = (
        f"{n_windows} windows of {windows.window_s:g} s every {windows.step_s:g} s, lags "
        f"up to {windows.lag_s:g} s; {summary.coverage:.0%} of cells could be said."
    )
    lines = [
        f"{_duration(motion.seconds)} at {motion.rate:g} Hz.",
        _moved("The client", one.client),
        _moved("The therapist", one.therapist),
        *(f"Note: {note}." for note in motion.notes),
        how,
    ]
    if one.lagged.stopped.any():
        n = int(one.lagged.stopped.sum())
        lines.append(f"rMEA would have stopped at {n} windows, which are blank here.")
    if math.isnan(summary.peak):
        return [*lines, "One person's series does not change: nothing can be said."]
    lines.append(
        f"Most together {_who(summary.peak_lag_s)}: a mean z of {summary.peak:.3f}."
    )
    lines += _chance(one)
    if one.moments is not None:
        lines += _moments(one.moments)
    lines.append(
        f"For comparison with the literature: grand mean z {summary.grand_mean:.4f}, of "
        f"absolute z {summary.grand_mean_abs:.4f}, without a lag {summary.lag_zero:.4f}."
    )
    return lines


def _chance(one: SessionSynchrony) -> list[str]:
    chance = one.chance
    if chance is None:
        return ["Not compared with chance."]
    if not chance.n_surrogates:
        needed = 4 * chance.least_shift / one.windows.rate
        return [f"Too short to compare with chance: that takes {_duration(needed)}."]
    if math.isnan(chance.p_peak):
        return ["Too much is blank to compare with chance."]
    by = f"p = {chance.p_peak:.3f} of {chance.n_surrogates:,} surrogates"
    if chance.p_peak > BEYOND:
        too_often = (
            "The same recordings, slid against each other, reach that too often for this "
            f"session to tell it from chance ({by})."
        )
        return [too_often, "Who led cannot be told."]
    more = f"That is more than when the same recordings are slid against each other ({by})."
    if chance.p_asymmetry > BEYOND:
        return [more, f"Who led cannot be told (p = {chance.p_asymmetry:.3f})."]
    leads = "client" if one.summary.asymmetry > 0 else "therapist"
    led = (
        f"The {leads} led more than the other (p = {chance.p_asymmetry:.3f}); of sessions "
        "in which nobody does, 1 in 20 says so."
    )
    return [more, led]


def _moments(moments: Episodes) -> list[str]:
    if not moments.n_surrogates:
        return [f"Moments are told of sessions of {_duration(LEAST_S)} or more."]
    if not moments.found:
        return ["No moment stood out from chance. That is the usual answer."]
    lines = [_moment(each) for each in moments.found]
    return [*lines, "In 1 session of 20 chance alone makes such a moment."]


def _moment(each: Episode) -> str:
    first = {1: "the client", -1: "the therapist"}.get(each.leader)
    by = f"{first} first by {abs(each.lag_s):.1f} s" if first else "nobody first"
    when = f"From {_clock(each.start_s)} to {_clock(each.end_s)}"
    return f"{when} they went together beyond chance, {by} (p = {each.p:.3f})."


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"


def _who(lag_s: float) -> str:
    if lag_s == 0:
        return "without a lag"
    first = "client" if lag_s > 0 else "therapist"
    return f"at a lag of {abs(lag_s):.2f} s, the {first} first"


def _moved(who: str, series: Series) -> str:
    if math.isnan(series.moved):
        return f"{who}: all missing."
    missing = f", {series.missing:.1%} missing" if series.missing else ""
    return (
        f"{who}: {series.moved:.0%} of samples above 0{missing}, longest rest "
        f"{series.longest_rest_s:.1f} s."
    )


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _as_json(one: SessionSynchrony) -> dict[str, Any]:
    summary, chance, windows = one.summary, one.chance, one.windows
    names = (
        *("grand_mean", "grand_mean_abs", "lag_zero", "first_leads", "second_leads"),
        *("first_leads_0", "second_leads_0", "asymmetry", "peak", "peak_lag_s"),
        "coverage",
    )
    found: dict[str, Any] = {
        "seconds": _plain(one.motion.seconds),
        "rate": one.motion.rate,
        "first": "client",
        "positive_lag": "the first leads",
        "window_s": windows.window_s,
        "step_s": windows.step_s,
        "lag_s": windows.lag_s,
        "n_windows": len(one.lagged.z),
        "notes": list(one.motion.notes),
        **{name: _plain(getattr(summary, name)) for name in names},
    }
    if chance is not None:
        found["chance"] = {
            "n_surrogates": chance.n_surrogates,
            "least_shift_s": chance.least_shift / windows.rate,
            **{
                name: _plain(getattr(chance, name))
                for name in (
                    *("p_peak", "p_grand_mean", "p_grand_mean_abs", "p_lag_zero"),
                    "p_asymmetry",
                )
            },
        }
    if one.moments is not None:
        found["moments"] = {
            "n_surrogates": one.moments.n_surrogates,
            "threshold_z": _plain(one.moments.threshold),
            "found": [_moment_as_json(each) for each in one.moments.found],
        }
    return found


def _moment_as_json(each: Episode) -> dict[str, Any]:
    numbers = {
        name: _plain(getattr(each, name))
        for name in ("start_s", "end_s", "lag_s", "peak_z", "mass", "p")
    }
    leader = {1: "client", -1: "therapist"}.get(each.leader)
    return {**numbers, "leader": leader}


def _plain(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 9)


def _profile(one: SessionSynchrony) -> str:
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


def _above_0(text: str) -> float:
    number = _seconds(text)
    if number == 0:
        raise argparse.ArgumentTypeError("must be a number above 0")
    return number


def _seconds(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not 0 <= number < 1e9:
        raise argparse.ArgumentTypeError("must be a number, 0 or more")
    return number
