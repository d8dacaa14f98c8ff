"""Turns with here-and-now wording, and what the other said after them.

A turn is a candidate because of its words alone ("right now" may be about last week), and
half of the published demonstrations that we counted have none: use counts, or whether
there is any, and no average.
"""

from dataclasses import dataclass

import numpy as np

from duologue.engine.moments.replies import Replies, replies_to
from duologue.engine.moments.turn_signs import Ints, TurnSigns


@dataclass(frozen=True, slots=True, kw_only=True)
class HereAndNow:
    """One person's turns with here-and-now wording, in their order.

    Attributes
    ----------
    turn, row : ndarray of int, shape (n_moments,)
        Number of the turn, and its row in the ribbon; `Wording.of` points to the
        characters.
    n_found : ndarray of int, shape (n_moments,)
        How many such turns of phrase it has.
    replies : Replies
        The next three turns of the other.
    """

    turn: Ints
    row: Ints
    n_found: Ints
    replies: Replies


def here_and_now(signs: TurnSigns) -> tuple[HereAndNow, HereAndNow]:
    """Return such turns of the client, and of the therapist.

    Parameters
    ----------
    signs : TurnSigns
        Of all turns of the session.

    Returns
    -------
    tuple of HereAndNow
        Client, therapist. Without moments where there is no such wording.
    """
    client, therapist = (_of(signs, own) for own in (0, 1))
    return client, therapist


def _of(signs: TurnSigns, own: int) -> HereAndNow:
    turn = np.flatnonzero((signs.seat == own) & (signs.here_and_now > 0))
    return HereAndNow(
        turn=turn,
        row=signs.row[turn],
        n_found=signs.here_and_now[turn],
        replies=replies_to(signs, turn),
    )
