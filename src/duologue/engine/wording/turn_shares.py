"""Which share of a person's turns asks, opens like a reflection, or only acknowledges."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from duologue.engine.wording import lists
from duologue.engine.wording.lists import Sign
from duologue.engine.wording.literal import Wording, phrases_pattern, seats_of
from duologue.engine.wording.tokenisers import folded
from duologue.engine.words import asks, is_acknowledgement
from duologue.errors import ParameterError

Bools = NDArray[np.bool_]
Pair = tuple[float, float]

_OPEN = phrases_pattern(lists.OPEN_QUESTIONS)
_NARROW = re.compile(lists.NARROW_ACKNOWLEDGEMENT, re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnShares:
    """Shares of turns, 0 to 1, as (client, therapist); ``nan`` where there is no turn.

    Attributes
    ----------
    lists : str
        The version of the lists.
    question : tuple of float
        Turns that hold a question mark.
    open_question : tuple of float
        Of these, the turns that hold "what", "how" and the like; ``nan`` if none asks.
    acknowledgement : tuple of float
        Turns that are nothing but "mm", "yeah" and the like. An answer may be among
        them: backchannels are told from the times.
    narrow_acknowledgement : tuple of float
        The same by the narrow pattern of earlier figures.
    opening : tuple of float
        Turns that open as a reflection may.
    """

    lists: str
    question: Pair
    open_question: Pair
    acknowledgement: Pair
    narrow_acknowledgement: Pair
    opening: Pair


def turn_shares(texts: Sequence[str], seat: ArrayLike, counted: Wording) -> TurnShares:
    """Return which share of each person's turns has what is listed.

    Parameters
    ----------
    texts : sequence of str
        One a turn, clean.
    seat : array_like of int, shape (n_texts,)
        0 client, 1 therapist, -1 neither.
    counted : Wording
        What `wording` found in these texts.

    Returns
    -------
    TurnShares

    Raises
    ------
    ParameterError
        If there are not as many seats as texts, a seat is not -1, 0 or 1, or the
        wording is that of other texts.
    """
    seats = seats_of(texts, seat)
    if counted.words_in_each.size != len(texts):
        raise ParameterError(
            f"counted must be of the same {len(texts)} texts, "
            f"got {counted.words_in_each.size}."
        )
    asking = np.array([asks(text) for text in texts], dtype=np.bool_)
    openly = _which(_OPEN.search(folded(text)) for text in texts)
    everyone = np.ones(len(texts), dtype=np.bool_)

    def share(of: Bools, among: Bools = everyone) -> Pair:
        client, therapist = (_share(of[among & (seats == own)]) for own in (0, 1))
        return client, therapist

    return TurnShares(
        lists=counted.lists,
        question=share(asking),
        open_question=share(openly, asking),
        acknowledgement=share(np.array([is_acknowledgement(t) for t in texts], bool)),
        narrow_acknowledgement=share(_which(_NARROW.fullmatch(t) for t in texts)),
        opening=share(counted.of(Sign.OPENINGS).in_each(len(texts)) > 0),
    )


def _which(matches: Iterable[re.Match[str] | None]) -> Bools:
    return np.array([match is not None for match in matches], dtype=np.bool_)


def _share(of: Bools) -> float:
    return float(of.mean()) if of.size else float("nan")
