"""Changes of speaker: how long after the one, or how far before its end, the other begins.

Offsets have long tails, so medians and quartiles are given, never means.
"""

from dataclasses import dataclass

import numpy as np

from duologue.engine.seats import NEITHER, SEATS
from duologue.engine.turns.floor import Floor
from duologue.engine.turns.segments import Floats, Ints, Segments, union

MICRO = 6
"""Offsets are rounded to microseconds: a difference of decimal fractions is not exact."""

Quartiles = tuple[float, float, float]
BLANK = (float("nan"), float("nan"), float("nan"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Responses:
    """How one person takes over from the other. What never happened is ``nan``.

    Attributes
    ----------
    n_changes, n_latencies, n_overlaps : float
        Turns that this person takes over; those after a gap, and those begun before
        the other ended. The rest follow at once, or after a third voice.
    offset_s : tuple of float
        Lower quartile, median and upper quartile of the offsets, gaps positive.
    latency_s : tuple of float
        The same of the gaps alone: the response latency.
    overlap_share : float
        ``n_overlaps / n_changes``, 0 to 1.
    """

    n_changes: float
    n_latencies: float
    n_overlaps: float
    offset_s: Quartiles
    latency_s: Quartiles
    overlap_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Every change of speaker, in the order of time.

    Attributes
    ----------
    at_s : ndarray, shape (n_changes,)
        When the second of the two begins.
    to : ndarray of int, shape (n_changes,)
        The seat of the second.
    offset_s : ndarray, shape (n_changes,)
        Its start minus the end of the turn before: a gap above 0, an overlap below;
        ``nan`` where a third voice spoke between them.
    """

    at_s: Floats
    to: Ints
    offset_s: Floats


NO_CHANGES = Changes(
    at_s=np.zeros(0), to=np.zeros(0, dtype=np.int64), offset_s=np.zeros(0)
)
NO_RESPONSES = Responses(
    n_changes=np.nan,
    n_latencies=np.nan,
    n_overlaps=np.nan,
    offset_s=BLANK,
    latency_s=BLANK,
    overlap_share=np.nan,
)


def turn_times(floor: Floor) -> tuple[Ints, Floats, Floats]:
    """Return the seat, start and end of each turn."""
    stretches, firsts = floor.stretches, floor.turn_begins
    end_s = np.zeros(firsts.size)
    holds = floor.turn >= 0
    end_s[floor.turn[holds]] = stretches.end_s[holds]  # of several, the last one stays
    return stretches.seat[firsts], stretches.start_s[firsts], end_s


def changes_of(floor: Floor, talk: Segments) -> Changes:
    """Return the changes of speaker of a session whose times are all known.

    Parameters
    ----------
    floor : Floor
        Who holds the floor.
    talk : Segments
        All segments, those by neither of the two among them.
    """
    seat, start_s, end_s = turn_times(floor)
    offset_s = np.round(start_s[1:] - end_s[:-1], MICRO)
    offset_s[_third_between(talk, end_s[:-1], start_s[1:])] = np.nan
    return Changes(at_s=start_s[1:], to=seat[1:], offset_s=offset_s)


def _third_between(talk: Segments, since_s: Floats, until_s: Floats) -> Ints:
    """Return the places of the gaps in which a third voice is heard."""
    third = (talk.seat == NEITHER) & np.isfinite(talk.start_s) & np.isfinite(talk.end_s)
    starts, ends = union(talk.start_s[third], talk.end_s[third])
    n_begun = np.searchsorted(starts, until_s, side="left")
    n_ended = np.searchsorted(ends, since_s, side="right")
    return np.flatnonzero((until_s > since_s) & (n_begun > n_ended))


def look_invented(changes: Changes) -> bool:
    """Whether more than half of the offsets are exactly 0, or one and the same."""
    offsets = changes.offset_s[~np.isnan(changes.offset_s)]
    if offsets.size == 0:
        return False
    values, times = np.unique(offsets, return_counts=True)
    alike = times >= np.where(values == 0, 1, 2)
    return bool((times[alike] > offsets.size / 2).any())


def responses_of(changes: Changes) -> tuple[Responses, Responses]:
    """Return how the client took over, and how the therapist did."""
    client, therapist = (_responses(changes, own) for own in SEATS)
    return client, therapist


def _responses(changes: Changes, own: int) -> Responses:
    offsets = changes.offset_s[changes.to == own]
    known = offsets[~np.isnan(offsets)]
    n_overlaps = float((known < 0).sum())
    return Responses(
        n_changes=float(offsets.size),
        n_latencies=float((known > 0).sum()),
        n_overlaps=n_overlaps,
        offset_s=_quartiles(known),
        latency_s=_quartiles(known[known > 0]),
        overlap_share=n_overlaps / known.size if known.size else np.nan,
    )


def _quartiles(values: Floats) -> Quartiles:
    if values.size == 0:
        return BLANK
    lower, median, upper = np.quantile(values, [0.25, 0.5, 0.75]).tolist()
    return lower, median, upper
