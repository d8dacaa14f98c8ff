"""Motion before it is compared: what a caller asks to be done, with a note of each."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from duologue.engine.synchrony.aligning import offset_of, started_together
from duologue.engine.synchrony.changing import at_rest, left_out, without_outliers
from duologue.engine.synchrony.preparing import OUTLIER_SD
from duologue.errors import ParameterError
from duologue.records.motion import Motion


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What is done to a session, in this order; nothing by default.

    Attributes
    ----------
    offset_s : float
        By so many seconds the therapist's recording started later; below 0 the client's.
    look_for_offset_s : float
        How far to either side an offset is looked for; it is told, and nothing is moved.
    stretches : sequence of (float, float)
        Seconds from which and up to which both are left out, after the offset.
    rest_s : float
        Where both are 0 for so many seconds or more they are left out; 0 leaves it.
    drops_outliers : bool
        Whether samples above 10 standard deviations of both together are left out.
    """

    offset_s: float = 0.0
    look_for_offset_s: float = 0.0
    stretches: Sequence[tuple[float, float]] = ()
    rest_s: float = 0.0
    drops_outliers: bool = False


def changed(motion: Motion, changes: Changes) -> Motion:
    """Return a session with changes made, and a note of each.

    Raises
    ------
    ParameterError
        If an offset leaves nothing, or a stretch does not end after it starts.
    """
    client, therapist, rate = motion.client, motion.therapist, motion.rate
    notes = list(motion.notes)
    if changes.look_for_offset_s:  # of the recordings as they came
        found = offset_of(client, therapist, rate, most_s=changes.look_for_offset_s)
        notes.append(_hint(found.offset_s, found.r))
    if changes.offset_s:
        offset_s = changes.offset_s
        client, therapist = started_together(client, therapist, rate, offset_s)
        later = "therapist" if offset_s > 0 else "client"
        notes.append(
            f"the {later}'s recording is taken to start {abs(offset_s):g} s later, as asked"
        )
    if changes.stretches:
        out = left_out(client.size, rate, changes.stretches)
        if not out.any():
            raise ParameterError(
                "the stretches to leave out lie outside of the session: they are seconds "
                f"from its first sample on, up to {client.size / rate:g} s."
            )
        client, therapist = (np.where(out, np.nan, v) for v in (client, therapist))
        notes.append(f"{out.sum() / rate:.1f} s are left out of both, as asked")
    if changes.rest_s:
        resting = [at_rest(v, rate, changes.rest_s) for v in (client, therapist)]
        out = resting[0] & resting[1]
        client, therapist = (np.where(out, np.nan, v) for v in (client, therapist))
        notes.append(
            f"{out.sum() / rate:.1f} s in which both rest, each for {changes.rest_s:g} s "
            "or longer, are left out, as asked"
        )
    if changes.drops_outliers:
        kept = without_outliers(client, therapist)
        n = [
            int((np.isnan(after) & ~np.isnan(before)).sum())
            for after, before in zip(kept, (client, therapist), strict=True)
        ]
        client, therapist = kept
        notes.append(
            f"samples above {OUTLIER_SD:g} standard deviations are left out: {n[0]} of "
            f"the client, {n[1]} of the therapist"
        )
    return replace(motion, client=client, therapist=therapist, notes=tuple(notes))


def _hint(offset_s: float, r: float) -> str:
    if np.isnan(offset_s):
        return "no offset can be estimated: too little moves at one time"
    if not offset_s:
        return (
            f"over the whole session the two correlate best (r = {r:.2f}) as they are, "
            "without an offset"
        )
    later = "therapist" if offset_s > 0 else "client"
    return (
        f"over the whole session the two correlate best (r = {r:.2f}) where the {later}'s "
        f"recording is taken to start {abs(offset_s):.2f} s later; that may be one person "
        f"following the other, and nothing was moved for it (--offset {offset_s:g} does)"
    )
