"""What ``duologue motion`` says of a measurement, and the table that it writes."""

import math

import numpy as np
from numpy.typing import NDArray

from duologue.corpus.motion_energy import Measured, Regions
from duologue.engine.motion_energy.regions import are_near
from duologue.engine.motion_energy.rows import MANY, Why
from duologue.formats.video import Tally, Video
from duologue.relationship.moving import clock

CONSENT = (
    "For recordings that both people agreed to. Nothing leaves this machine, and no "
    "picture is kept but a still that is asked for."
)

LIMITS = (
    "Measured, not judged: how much a region changed, whoever or whatever changed it. "
    "Programs differ in their numbers: compare only what one of them measured alike."
)

REASONS = {
    Why.NO_PICTURE: "no picture near enough",
    Why.REPEATED: "a picture that came twice",
    Why.BACKGROUND: "the background changed",
    Why.JUMP: "a jump",
    Why.WHOLE: "most of the picture changed",
}
"""Why a row is missing, in words; also in the table."""

CLOSE = 0.01
"""Regions closer than this share of the picture's width may spill over."""

FEW = 0.01
"""Share of uneven steps between pictures beyond which that is told."""

SMOOTHED = 4.0
"""A lower learnt cut-off tells more of compression than of the camera."""

SHORT_S = 1.0
"""Seconds that a file lacks, beyond which it is told."""


def table(measured: Measured) -> str:
    """Return the table: one row a moment; blank where it is missing, and why."""
    energy = measured.energy
    names = [*measured.names, "background_1", "background_2"]
    lines = [",".join(["time_s", *names, "missing"])]
    columns = np.hstack([energy.people, energy.background])
    for time, cells, why in zip(measured.times, columns, energy.why, strict=True):
        told = ["" if math.isnan(cell) else f"{cell:.9g}" for cell in cells]
        lines.append(",".join([f"{time:.9f}", *told, _reasons(int(why))]))
    return "\n".join(lines) + "\n"


def _reasons(why: int) -> str:
    if why & Why.FIRST:
        return "the first"
    return "; ".join(words for reason, words in REASONS.items() if why & reason)


def words(video: Video, regions: Regions, measured: Measured) -> list[str]:
    """Tell of a measurement, a sentence or two a line."""
    energy, n = measured.energy, measured.times.size
    learnt = " (learnt from the background)" if measured.is_learnt else ""
    when = f"from {clock(measured.times[0])} to {clock(measured.times[-1])}"
    side = measured.kernel
    lines = [
        f"{n:,} rows at {measured.rate:g} Hz, {when}.",
        f"{video.width} by {video.height} pixels, median of {side} by {side}.",
        f"Cut-off {measured.cut_off:.3g} of 255 grey levels{learnt}.",
    ]
    for i, name in enumerate(measured.names):
        lines.append(_moved(name, energy.people[:, i], energy.background))
    lines.append(_missing(measured))
    lines.append(_background(measured))
    lines += [f"Warning: {each}" for each in warnings(video, regions, measured)]
    return lines


def _moved(
    name: str, series: NDArray[np.float64], background: NDArray[np.float64]
) -> str:
    who = f"The {name.replace('_', ' ')}".replace("client head", "client's head")
    who = who.replace("therapist head", "therapist's head")
    present = series[~np.isnan(series)]
    if not present.size:
        return f"{who}: all missing."
    alike = _correlation(series, background.mean(axis=1))
    with_background = (
        "" if math.isnan(alike) else f", r with the background {alike:.2f}"
    )
    return (
        f"{who}: {np.mean(present > 0):.0%} of samples above 0, on average "
        f"{present.mean():.2f}% of the region{with_background}."
    )


def _correlation(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    both = ~(np.isnan(one) | np.isnan(other))
    x, y = one[both], other[both]
    if x.size < 3 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return math.nan
    # Never -0.00: what rounds to nothing has no sign.
    return float(np.corrcoef(x, y)[0, 1].round(2)) + 0.0


def _missing(measured: Measured) -> str:
    energy, rest = measured.energy, measured.times.size - 1
    n = int(np.count_nonzero(energy.why[1:]))
    if not n:
        return "Missing: nothing but the first row, which has none before it."
    return f"Missing in both: {n:,} of {rest:,} rows ({n / rest:.1%}): {reasons(measured)}."


def reasons(measured: Measured) -> str:
    """Name the reasons why rows are missing, with how many; a row may have several."""
    counts = {words: measured.energy.count(why) for why, words in REASONS.items()}
    return ", ".join(f"{words} {n:,}" for words, n in counts.items() if n)


def _background(measured: Measured) -> str:
    found = measured.flicker
    if math.isnan(found.above_0):
        return "Background: nothing to tell."
    told = f"Background: {found.above_0:.1%} of samples above 0"
    if math.isnan(found.period_s):
        return f"{told}, without a regular period."
    return (
        f"{told}, most alike every {found.period_s:.2f} s: key frames or light can do "
        "that."
    )


def warnings(video: Video, regions: Regions, measured: Measured) -> list[str]:
    """Return what a reader of the numbers ought to know, in plain words."""
    found = []
    share = measured.energy.share_of_artefacts
    if share > MANY:
        found.append(f"{share:.0%} of rows are missing; above 20% nothing is written.")
    pixels = max(measured.kernel // 2, round(CLOSE * video.width))
    people = regions.people
    if are_near(people["client"], people["therapist"], pixels=pixels):
        found.append("the two people's regions nearly touch: one may spill over.")
    if measured.is_learnt and measured.cut_off < SMOOTHED:
        found.append(
            "the background hardly changes, so the cut-off that it teaches is low: "
            "compression smooths what rests more than what moves."
        )
    return [*found, *_of_file(video, measured.times[-1], measured.tally)]


def _of_file(video: Video, last_s: float, tally: Tally) -> list[str]:
    found = []
    if tally.n_uneven > FEW * tally.n_steps:
        share = tally.n_uneven / tally.n_steps
        found.append(
            f"pictures come unevenly: {share:.0%} of differences span a quarter more or "
            "less time than they should. A rate that is a whole part of the video's own, "
            "or a lower one, may do better."
        )
    lacking = (video.seconds or 0.0) - tally.end_s
    if lacking > SHORT_S and last_s >= tally.end_s - SHORT_S:
        found.append(f"the file ends {lacking:.0f} s before it says; is it whole?")
    for n, what in (
        (tally.n_damaged, "parts are damaged and were passed over"),
        (tally.n_unordered, "pictures have the time of an earlier one: left out"),
    ):
        if n:
            found.append(f"{n:,} {what}.")
    if tally.is_interlaced:
        found.append("each picture is of two fields (interlaced), measured as one.")
    return found
