"""Talk that is made up: topics that drift, and a second speaker who takes words up.

No word means anything. Each turn takes a part of its words from those that are said of
everything and the rest from its topic; a topic lasts for some turns. Whoever follows takes
some words of the turn before.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

N_TOPICS, WORDS_A_TOPIC, N_COMMON = 12, 60, 150
WORDS_A_TURN = 15
LEAST_WORDS = 3

Turn = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """How a made-up session goes.

    ``stays`` is how often the next turn keeps its topic, ``topical`` the share of words
    from the topic, and ``follows`` the share of a turn that the therapist takes from the
    client's turn before; the client follows nobody. ``uneven`` says by how much the talk
    of the two differs from pair to pair in this: a share of turns in which nothing is
    taken up.
    """

    stays: float = 0.0
    topical: float = 0.0
    follows: float = 0.0
    uneven: float = 0.0


def session(talk: Talk, n_pairs: int, rng: np.random.Generator) -> list[list[str]]:
    """Return the words of twice so many turns, the client first."""
    topic = int(rng.integers(N_TOPICS))
    turns: list[Turn] = []
    for k in range(2 * n_pairs):
        if rng.random() >= talk.stays:
            topic = int(rng.integers(N_TOPICS))
        turn = _turn(talk, topic, rng)
        if k % 2 and rng.random() >= talk.uneven:
            n = min(int(rng.binomial(turn.size, talk.follows)), turns[-1].size)
            turn[:n] = rng.permutation(turns[-1])[:n]
        turns.append(turn)
    return [[f"w{word}" for word in turn] for turn in turns]


def _turn(talk: Talk, topic: int, rng: np.random.Generator) -> Turn:
    """Draw a turn, rare words rarely."""
    n = LEAST_WORDS + rng.poisson(WORDS_A_TURN - LEAST_WORDS)
    common = (N_COMMON * rng.random(n) ** 3).astype(np.int64)
    of_topic = (WORDS_A_TOPIC * rng.random(n) ** 2).astype(np.int64)
    topical = rng.random(n) < talk.topical
    turn: Turn = np.where(topical, N_COMMON + WORDS_A_TOPIC * topic + of_topic, common)
    return turn
