"""When the two speak: responses, overlaps, silences, as far as the times can tell."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from duologue.engine.turns.changes import (
    NO_CHANGES,
    NO_RESPONSES,
    Changes,
    Responses,
    changes_of,
    look_invented,
    responses_of,
)
from duologue.engine.turns.floor import Floor, Kind, floor_of
from duologue.engine.turns.reasons import Reason
from duologue.engine.turns.segments import (
    JOINED_S,
    SLACK_S,
    Bools,
    Pair,
    Segments,
    as_segments,
    runs,
)
from duologue.engine.turns.silences import (
    NO_SILENCES,
    Silences,
    both_speaking_s,
    silences_of,
)

FINEST_S = 0.1
"""Coarser times can tell of no pause."""

SPEECH_S = 0.1
"""What a detector of voices takes for speech, and is shorter, is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """When the two speak; pairs are (client, therapist).

    Attributes
    ----------
    reason : Reason or None
        Why all the rest is blank; ``None`` where it is not.
    n_turns : tuple of float
        Turns of each.
    n_backchannels : tuple of float
        Acknowledgements that left the floor with the other.
    changes : Changes
        Every change of speaker.
    responses : tuple of Responses
        How each takes over from the other.
    overlap_share : float
        Changes of speaker with overlap over all of them, 0 to 1; ``nan`` if none.
    n_inside, inside_s : tuple of float
        How often, and for how many seconds, each said something wholly while the other
        spoke that was no backchannel.
    silences : Silences
        Intervals in which neither speaks.
    both_speaking_s : float
        Seconds in which both speak.
    """

    reason: Reason | None
    n_turns: Pair
    n_backchannels: Pair
    changes: Changes
    responses: tuple[Responses, Responses]
    overlap_share: float
    n_inside: Pair
    inside_s: Pair
    silences: Silences
    both_speaking_s: float


def timing(
    seat: ArrayLike,
    start_s: ArrayLike,
    end_s: ArrayLike,
    *,
    resolution_s: float,
    acknowledges: ArrayLike | None = None,
    ends_asking: ArrayLike | None = None,
    detected: bool = False,
) -> Timing:
    r"""Measure gaps, overlaps and silences of one session.

    Stretches of one speaker that lie closer than 0.2 s are one. The offset of a change
    from one turn to the next is

    .. math:: d = start(second) - end(first)

    Above 0 it is the response latency of the second speaker, below 0 an overlap.

    Parameters
    ----------
    seat : array_like of int, shape (n_segments,)
        0 client, 1 therapist, -1 neither. A third voice whose times are known breaks a
        silence, and leaves a change that it falls into without an offset.
    start_s, end_s : array_like of float, shape (n_segments,)
        Seconds from the start of the recording; ``nan`` where not known.
    resolution_s : float
        The finest step of the times, in seconds; ``nan`` where not known.
    acknowledges : array_like of bool, shape (n_segments,), optional
        Whether a segment is nothing but an acknowledgement
        (`duologue.engine.words.is_acknowledgement`). Left out where there is no text:
        then speech of 1.0 s or less may be a backchannel.
    ends_asking : array_like of bool, shape (n_segments,), optional
        Whether a segment ends with a question mark, so that what follows answers it.
    detected : bool
        Whether the segments are those of a detector of voices: then stretches under
        0.1 s are left out. Nothing else is.

    Returns
    -------
    Timing
        Blank, with a reason, where nobody speaks, a time is missing, times come in
        steps of more than 0.1 s, or offsets look invented.

    Raises
    ------
    ParameterError
        As for `as_segments`.

    Examples
    --------
    >>> found = timing(
    ...     [0, 1, 0], [0.0, 4.7, 8.5], [4.0, 9.0, 12.0], resolution_s=0.1,
    ...     acknowledges=[False, False, False],
    ... )
    >>> found.changes.offset_s.tolist()
    [0.7, -0.5]
    """
    talk = as_segments(
        seat, start_s, end_s, acknowledges=acknowledges, ends_asking=ends_asking
    )
    reason = _refusal(talk, resolution_s)
    if reason is not None:
        return _blank(reason)
    if detected:
        talk = talk.rows(~_specks(talk))
    floor = floor_of(talk, by_length=acknowledges is None)
    if floor.stretches.seat.size == 0:
        return _blank(Reason.NO_SPEECH)
    changes = changes_of(floor, talk)
    if look_invented(changes):
        return _blank(Reason.INVENTED)
    return _told(floor, talk, changes)


def _refusal(talk: Segments, resolution_s: float) -> Reason | None:
    seated = talk.rows(talk.seat >= 0)
    if seated.seat.size == 0:
        return Reason.NO_SPEECH
    if not seated.has_ends:
        return Reason.NO_ENDS
    if not resolution_s <= FINEST_S + SLACK_S:  # nan is not known, and too coarse
        return Reason.COARSE
    return None


def _specks(talk: Segments) -> Bools:
    """Whether each segment is of a stretch too short to be speech."""
    specks = np.zeros(talk.seat.size, dtype=np.bool_)
    for own in np.unique(talk.seat):
        mine = np.flatnonzero(talk.seat == own)
        mine = mine[np.argsort(talk.start_s[mine], kind="stable")]
        run = runs(talk.start_s[mine], talk.end_s[mine], closer_s=JOINED_S)
        begins = np.flatnonzero(np.diff(run, prepend=-1))
        reached = np.maximum.reduceat(talk.end_s[mine], begins)
        length_s = reached - talk.start_s[mine][begins]
        specks[mine] = (length_s < SPEECH_S - SLACK_S)[run]
    return specks


def _told(floor: Floor, talk: Segments, changes: Changes) -> Timing:
    stretches = floor.stretches
    inside = floor.kind == Kind.INSIDE
    length_s = np.where(inside, stretches.end_s - stretches.start_s, 0.0)
    known = changes.offset_s[~np.isnan(changes.offset_s)]
    return Timing(
        reason=None,
        n_turns=_each(stretches.seat[floor.turn_begins]),
        n_backchannels=_each(stretches.seat[floor.kind == Kind.BACKCHANNEL]),
        changes=changes,
        responses=responses_of(changes),
        overlap_share=float((known < 0).mean()) if known.size else np.nan,
        n_inside=_each(stretches.seat[inside]),
        inside_s=_each(stretches.seat, length_s),
        silences=silences_of(stretches, talk),
        both_speaking_s=both_speaking_s(stretches),
    )


def _each(seat: np.ndarray, weights: np.ndarray | None = None) -> Pair:
    client, therapist = np.bincount(seat, weights, minlength=2).tolist()
    return float(client), float(therapist)


def _blank(reason: Reason) -> Timing:
    blank = (np.nan, np.nan)
    return Timing(
        reason=reason,
        n_turns=blank,
        n_backchannels=blank,
        changes=NO_CHANGES,
        responses=(NO_RESPONSES, NO_RESPONSES),
        overlap_share=np.nan,
        n_inside=blank,
        inside_s=blank,
        silences=NO_SILENCES,
        both_speaking_s=np.nan,
    )
