"""Findings on both people being less open than usual: both quieter, nothing more."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from duologue.engine.dyad.pair_state import PairState
from duologue.engine.usual import quieter
from duologue.relationship.arrays import Arrays, is_recent
from duologue.relationship.chance import chances
from duologue.relationship.finding import Finding, Level, Strand, Whose
from duologue.relationship.lines import Line
from duologue.relationship.wording import Voice, Words, one_in

LIKELY = 0.8
"""Least chance that both were less open than foretold of which it is told: at this, such
a finding is mostly right, and most such sessions are missed."""

TITLE = "Both quieter"
QUIET_ONCE = "ours.quieter.once"


def both_quieter(
    arrays: Arrays, client: Line, therapist: Line, voice: Voice
) -> Iterator[Finding]:
    """Yield a finding where both have lately been less open, for a while or just now."""
    lines = (client, therapist)
    if any(line.level in (Level.TOO_EARLY, Level.EARLY) for line in lines):
        return
    values = np.stack([line.values for line in lines], axis=-1)
    rows = np.flatnonzero(~np.isnan(values).any(axis=1))
    if _just_now(arrays, lines, values, rows):
        yield _once(lines, values[rows], int(rows[-1]), voice)
    elif quieter(values[rows]).all():
        yield _for_a_while(lines, values[rows], rows, voice)


def _for_a_while(
    lines: tuple[Line, Line],
    both: NDArray[np.float64],
    rows: NDArray[np.int64],
    voice: Voice,
) -> Finding:
    chance = chances(both[:-3].mean(axis=0)).quieter
    last = [lines[0].session_numbers[i] for i in rows[-3:]]
    words = voice.say(
        "quieter.both",
        reached=Level.UNUSUAL,
        chance=one_in(chance),
        first=last[0],
        last=last[-1],
    )
    return _finding("ours.quieter", lines, tuple(last), chance, words)


def _just_now(
    arrays: Arrays,
    lines: tuple[Line, Line],
    values: NDArray[np.float64],
    rows: NDArray[np.int64],
) -> bool:
    """Whether in the newest session both were likely less open than foretold.

    The model, which takes its time, is asked only where both answers fell.
    """
    newest = max(int(line.rows[-1]) for line in lines)
    if rows[-1] != newest or not both_fell(values[rows]):
        return False
    return likely_quieter(arrays.levels(lines[0].item.id), newest + 1)


def both_fell(both: NDArray[np.float64]) -> bool:
    """Whether both people's newest answers lie below their average so far.

    Parameters
    ----------
    both : ndarray, shape (n_sessions, 2)
        Answers of sessions that both answered, two or more.
    """
    return bool((both[-1] < both[:-1].mean(axis=0)).all())


def likely_quieter(state: PairState, n: int) -> bool:
    """Whether in session n of the model's both were likely less open than foretold."""
    return bool(state.p_both_low[n - 2] > LIKELY)


def _once(
    lines: tuple[Line, Line], both: NDArray[np.float64], row: int, voice: Voice
) -> Finding:
    chance = chances(both[:-1].mean(axis=0)).quieter_once
    session = lines[0].session_numbers[row]
    words = voice.say(
        "quieter.once", reached=Level.UNUSUAL, chance=one_in(chance), session=session
    )
    return _finding(QUIET_ONCE, lines, (session,), chance, words)


def _finding(
    id_: str,
    lines: tuple[Line, Line],
    sessions: tuple[int, ...],
    chance: float,
    words: Words,
) -> Finding:
    return Finding(
        id=id_,
        strand=Strand.QUIETER,
        whose=Whose.OURS,
        item=lines[0].item.id,
        title=TITLE,
        sessions=sessions,
        chance_rate=chance,
        card=is_recent(sessions[-1], lines[0].session_numbers),
        **words.as_fields(),
    )
