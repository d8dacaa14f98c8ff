"""Motion of one session in two files, one a person: brought to one rate and one start."""

from pathlib import Path

from duologue.engine.synchrony.aligning import at_one_rate, started_together
from duologue.errors import FileError, ParameterError
from duologue.formats.motion import MotionColumns, read_series
from duologue.records.motion import Motion

SAME = 1e-6
"""Rates from time stamps that differ by less than this share are one."""


def read_apart(
    client: Path,
    therapist: Path,
    columns: MotionColumns,
    *,
    rate: float | None = None,
    signed: bool = False,
) -> Motion:
    """Read the two series of one session from a file of each person.

    Parameters
    ----------
    client, therapist : pathlib.Path
        The files.
    columns : MotionColumns
        The columns of each in their file; that of time stamps is called alike in both.
    rate : float, optional
        Samples a second of both, where they have no time stamps. Rates that differ are
        known from time stamps only.
    signed : bool
        Whether values may lie below 0.

    Returns
    -------
    Motion
        The faster brought to the slower by means over bins, and both cut to the time that
        both have by their stamps, which are of one clock; with a note of each.

    Raises
    ------
    FileError, ParameterError
        As `motion.read_motion`; if the two have no time in common.
    """
    one, other = (
        read_series(path, names, time_s=columns.time_s, rate=rate, signed=signed)
        for path, names in ((client, columns.client), (therapist, columns.therapist))
    )
    notes = [
        f"{who}: {note}"
        for who, series in (("client", one), ("therapist", other))
        for note in series.notes
    ]
    first, second, common = one.values, other.values, one.rate
    if abs(one.rate - other.rate) > SAME * one.rate:
        first, second, common = at_one_rate(first, one.rate, second, other.rate)
        faster = "client" if one.rate > other.rate else "therapist"
        notes.append(
            f"the {faster}'s series is brought from {max(one.rate, other.rate):g} to "
            f"{common:g} Hz, by means"
        )
    late_s = other.start_s - one.start_s
    if abs(late_s) * common >= 0.5:
        later = "therapist" if late_s > 0 else "client"
        notes.append(f"the {later}'s time stamps start {abs(late_s):g} s later")
    sizes = first.size, second.size
    try:
        first, second = started_together(first, second, common, late_s)
    except ParameterError:
        raise FileError(
            str(therapist), "must have time in common with the client's file."
        ) from None
    if len({*sizes, first.size}) > 1:
        notes.append(f"both are cut to the {first.size / common:g} s that they share")
    return Motion(client=first, therapist=second, rate=common, notes=tuple(notes))
