"""Over a corpus: what real partners have in common, beside partners of other sessions."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from duologue.corpus.words_said import SaidTurns
from duologue.engine.exchanging import FEWEST, N_PERMUTATIONS, Exchanged
from duologue.engine.matching.partners import (
    PartnersTable,
    against_partners,
    style_table,
    turns_table,
)
from duologue.engine.matching.similar import lexical
from duologue.engine.matching.style import shares
from duologue.engine.seats import SEATS
from duologue.errors import ParameterError
from duologue.records import Turns
from duologue.relationship.spoken import Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class AgainstPartners:
    """Real partners beside partners of other sessions, over a corpus.

    Attributes
    ----------
    client_follows, therapist_follows : Exchanged
        Words in common of neighbouring turns. Other sessions are about other things, so
        that real partners have more in common is no sign of following by itself.
    style : Exchanged
        Language style matching over whole sessions.
    """

    client_follows: Exchanged
    therapist_follows: Exchanged
    style: Exchanged


def partners_of(
    sessions: Sequence[Turns],
    pairs: Sequence[object],
    *,
    n_permutations: int = N_PERMUTATIONS,
    seed: int = 0,
) -> AgainstPartners:
    """Compare real partners with exchanged ones, over the sessions of many pairs.

    Parameters
    ----------
    sessions : sequence of Turns
        The transcripts.
    pairs : sequence
        Which pair each is of.
    n_permutations, seed : int
        As for `duologue.engine.matching.partners.against_partners`.

    Returns
    -------
    AgainstPartners
        The three p are not corrected for being three.

    Raises
    ------
    ParameterError
        If there are fewer than 4 pairs, or not one for each session, or two sessions are
        one transcript.
    """
    if len(set(pairs)) < FEWEST:
        raise ParameterError(
            f"the sessions must be of {FEWEST} pairs or more, got {len(set(pairs))}."
        )
    if len({turns.segments for turns in sessions}) < len(sessions):
        raise ParameterError("two of the sessions are one and the same transcript.")
    said = [SaidTurns.of(Rows.of(turns)) for turns in sessions]
    vectors = lexical([words for one in said for words in one.words])
    session = np.repeat(np.arange(len(said)), [one.seat.size for one in said])
    if np.unique(session).size < len(said):
        raise ParameterError("in one of the sessions nobody says a word.")
    seat = np.concatenate([one.seat for one in said])
    n_words = np.concatenate([one.n_words for one in said])
    profiles = np.array([shares(one.counts, one.n_words, one.seat)[0] for one in said])

    def compared(table: PartnersTable) -> Exchanged:
        return against_partners(
            table, pairs=pairs, n_permutations=n_permutations, seed=seed
        )

    client, therapist = (
        compared(
            turns_table(vectors, session, seat, n_words, responder=own, pairs=pairs)
        )
        for own in SEATS
    )
    return AgainstPartners(
        client_follows=client,
        therapist_follows=therapist,
        style=compared(style_table(profiles[:, 0], profiles[:, 1], pairs=pairs)),
    )
