"""Silences of a session, by who spoke before and after; and how long both spoke."""

from dataclasses import dataclass

import numpy as np

from duologue.engine.seats import NEITHER, SEATS
from duologue.engine.turns.changes import MICRO
from duologue.engine.turns.segments import SLACK_S, Floats, Ints, Segments, union

SILENCE_S, LONG_S = 1.0, 3.0
"""Intervals from the first of these on are listed, from the second on counted apart. The
threshold of the study that silences are taken from is not known to us."""

PER_S = 600.0
_THIRD = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Silences:
    """Intervals of 1.0 s or more in which nobody speaks; backchannels are speech.

    Tables are by who spoke before (row) and after (column), client and therapist in
    that order: ``[1, 1]`` is a silence of the therapist's with the therapist's, the one
    that went with withdrawal in adolescents.

    Attributes
    ----------
    start_s, end_s : ndarray, shape (n_silences,)
        Each silence, in the order of time.
    before, after : ndarray of int, shape (n_silences,)
        Seats; -1 where both ended, or both begin, at once.
    n_1s, n_3s : ndarray, shape (2, 2)
        Silences of 1.0 s or more, and of 3.0 s or more.
    per_10_min_s : ndarray, shape (2, 2)
        Seconds of silence in ten minutes of the session, from the first word to the
        last.
    longest_s : ndarray, shape (2, 2)
        The longest of each; ``nan`` where there is none.
    longest_of_all_s : float
        The longest, however short and whoever spoke; ``nan`` if there is none.

    References
    ----------
    Künsch and others (2023). PLoS ONE. https://doi.org/10.1371/journal.pone.0280329
    """

    start_s: Floats
    end_s: Floats
    before: Ints
    after: Ints
    n_1s: Floats
    n_3s: Floats
    per_10_min_s: Floats
    longest_s: Floats
    longest_of_all_s: float


_BLANK = np.full((2, 2), np.nan)
NO_SILENCES = Silences(
    start_s=np.zeros(0),
    end_s=np.zeros(0),
    before=np.zeros(0, dtype=np.int64),
    after=np.zeros(0, dtype=np.int64),
    n_1s=_BLANK,
    n_3s=_BLANK,
    per_10_min_s=_BLANK,
    longest_s=_BLANK,
    longest_of_all_s=np.nan,
)


def silences_of(stretches: Segments, talk: Segments) -> Silences:
    """Return the silences of a session whose times are all known.

    Parameters
    ----------
    stretches : Segments
        The speech of the two, in the order of its starts.
    talk : Segments
        All segments: while a third voice is heard there is no silence, and one that
        it begins or ends is not counted.
    """
    start_s, end_s, before, after = _intervals(*_with_third(stretches, talk))
    length_s = np.round(end_s - start_s, MICRO)
    counted = length_s >= SILENCE_S
    span_s = stretches.end_s.max() - stretches.start_s[0]
    cell = np.where((before >= 0) & (after >= 0), 2 * before + after, -1)
    lists = [length_s[counted & (cell == c)] for c in range(4)]
    return Silences(
        start_s=start_s[counted],
        end_s=end_s[counted],
        before=before[counted],
        after=after[counted],
        n_1s=_table([float(one.size) for one in lists]),
        n_3s=_table([float((one >= LONG_S).sum()) for one in lists]),
        per_10_min_s=_table(
            [one.sum() * PER_S / span_s if span_s > 0 else np.nan for one in lists]
        ),
        longest_s=_table([one.max() if one.size else np.nan for one in lists]),
        longest_of_all_s=float(length_s.max()) if length_s.size else np.nan,
    )


def both_speaking_s(stretches: Segments) -> float:
    """Return the seconds in which both speak."""
    covered = [
        union(stretches.start_s[which], stretches.end_s[which])
        for which in (stretches.seat == 0, stretches.seat == 1, stretches.seat >= 0)
    ]
    client, therapist, either = (float((e - s).sum()) for s, e in covered)
    return max(round(client + therapist - either, MICRO), 0.0)


def _table(values: list[float]) -> Floats:
    return np.array(values, dtype=np.float64).reshape(2, 2)


def _with_third(stretches: Segments, talk: Segments) -> tuple[Ints, Floats, Floats]:
    third = (talk.seat == NEITHER) & np.isfinite(talk.start_s) & np.isfinite(talk.end_s)
    seat = np.r_[stretches.seat, np.full(third.sum(), _THIRD)]
    start_s = np.r_[stretches.start_s, talk.start_s[third]]
    order = np.argsort(start_s, kind="stable")
    end_s = np.r_[stretches.end_s, talk.end_s[third]]
    return seat[order], start_s[order], end_s[order]


def _intervals(
    seat: Ints, start_s: Floats, end_s: Floats
) -> tuple[Floats, Floats, Ints, Ints]:
    """Return start, end, seat before and after of what lies between all speech."""
    reached = np.maximum.accumulate(end_s)[:-1]
    at = np.flatnonzero(start_s[1:] - reached > SLACK_S)
    who = (*SEATS, _THIRD)
    ended = [
        np.maximum.accumulate(np.where(seat == one, end_s, -np.inf))[:-1][at]
        >= reached[at] - SLACK_S
        for one in who
    ]
    begins = [
        np.minimum.accumulate(np.where(seat == one, start_s, np.inf)[::-1])[::-1][1:][
            at
        ]
        <= start_s[1:][at] + SLACK_S
        for one in who
    ]
    own = ~(ended[_THIRD] | begins[_THIRD])
    before, after = _only(ended)[own], _only(begins)[own]
    return reached[at][own], start_s[1:][at][own], before, after


def _only(does: list[np.ndarray]) -> Ints:
    """Return the seat that does; -1 where both do."""
    return np.where(does[0] & does[1], -1, np.where(does[1], 1, 0)).astype(np.int64)
