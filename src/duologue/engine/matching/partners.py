"""Over a corpus: real partners beside partners of other sessions.

Strangers who both talk English in a therapy room have much in common already: what two
people have beyond that is what is told here, of many sessions at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from duologue.engine.exchanging import (
    N_PERMUTATIONS,
    Exchanged,
    check_exchange,
    exchanged,
    sessions_of,
)
from duologue.engine.matching.pairs import (
    MIN_WORDS,
    Floats,
    Ints,
    neighbouring,
    one_a_turn,
    seats_of,
)
from duologue.engine.matching.similar import TurnVectors
from duologue.engine.matching.style import Scale, matching
from duologue.engine.seats import SEATS
from duologue.errors import ParameterError


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnersTable:
    """A figure of each session's client with each session's therapist.

    Attributes
    ----------
    table : ndarray, shape (n, n)
        Clients are rows, therapists columns; the real pairs are on the diagonal. ``nan``
        where nothing can be said, and where two sessions of one pair would be mixed.
    """

    table: Floats

    @property
    def real(self) -> Floats:
        """The figure of each session itself, shape (n,)."""
        found: Floats = np.diag(self.table).copy()
        return found

    def strangers(self, seat: int) -> tuple[Floats, Floats]:
        """Return what this person has with the partners of other sessions.

        Parameters
        ----------
        seat : int
            Whose: 0 the client of each session, 1 its therapist.

        Returns
        -------
        mean, sd : ndarray, shape (n,)
            Of each session; ``nan`` where there is none, or for ``sd`` but one.
        """
        others = self.table.copy() if seat == 0 else self.table.T.copy()
        np.fill_diagonal(others, np.nan)
        there = ~np.isnan(others)
        n = there.sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = np.where(there, others, 0.0).sum(axis=1) / n
            off = np.where(there, others - mean[:, None], 0.0)
            sd = np.sqrt((off**2).sum(axis=1) / np.where(n > 1, n - 1, np.nan))
        return mean, sd


def style_table(
    client: ArrayLike,
    therapist: ArrayLike,
    *,
    pairs: Sequence[object] | None = None,
    scale: Scale = Scale.PERCENT,
) -> PartnersTable:
    """Compare the style of each client with that of each therapist (LSM).

    It rises with the number of words, and in one session both say many or few: that alone
    can make real partners more alike than strangers.

    Parameters
    ----------
    client, therapist : array_like, shape (n_sessions, n_classes)
        The two profiles of each session, from `style.shares`.
    pairs : sequence, optional
        Which pair each session is of; by default each is of another.
    scale : Scale
        As for `style.style_matching`.

    Returns
    -------
    PartnersTable

    Raises
    ------
    ParameterError
        If the sessions are not as many each.
    """
    rows, columns = np.asarray(client, np.float64), np.asarray(therapist, np.float64)
    if rows.ndim != 2 or rows.shape != columns.shape:
        raise ParameterError(
            "client and therapist must have one profile a session each, "
            f"got the shapes {rows.shape} and {columns.shape}."
        )
    whose = _whose(pairs, len(rows))
    table = np.empty((len(rows), len(rows)))
    for i, profile in enumerate(rows):
        table[i] = matching(profile, columns, scale=scale).mean(axis=-1)
    return PartnersTable(table=_not_mixed(table, whose))


def turns_table(
    vectors: TurnVectors,
    session: ArrayLike,
    seat: ArrayLike,
    n_words: ArrayLike,
    *,
    responder: int,
    pairs: Sequence[object] | None = None,
    min_words: int = MIN_WORDS,
) -> PartnersTable:
    """Compare turns that answer each other with turns of other sessions.

    The first answer of one session goes with the first turn that was answered in another,
    the second with the second, and so on up to the shorter: a partner who is exchanged
    stands in the same form as the real one.

    Parameters
    ----------
    vectors : TurnVectors
        Of all turns of all sessions together, as one list.
    session : array_like of int, shape (n_turns,)
        Which session a turn is of: 0, 1, 2 and so on, turns of one session together.
    seat, n_words : array_like of int, shape (n_turns,)
        As for `following.following`.
    responder : int
        Who speaks second in the pairs, 0 or 1.
    pairs : sequence, optional
        As for `style_table`.
    min_words : int
        Turns with fewer words are part of no pair.

    Returns
    -------
    PartnersTable
        The mean cosine; ``nan`` for a session without pairs.

    Raises
    ------
    ParameterError
        If the arrays are not of as many turns each, sessions are not numbered in order, or
        a seat is not one of those.
    """
    seats, of_session = seats_of(seat), np.asarray(session, np.int64)
    one_a_turn(vectors.blank.size, seats)
    if of_session.shape != seats.shape or (of_session.size and of_session[0] != 0):
        raise ParameterError("session must number each turn's session, from 0 on.")
    if not np.isin(np.diff(of_session), (0, 1)).all():
        raise ParameterError("session must number sessions in order, one by one.")
    if responder not in SEATS:
        raise ParameterError(
            f"responder must be 0 (client) or 1 (therapist), got {responder}."
        )
    n = int(of_session.max(initial=-1)) + 1
    found = neighbouring(seats, n_words, min_words=min_words).of(responder)
    inside = of_session[found.first] == of_session[found.second]
    first, second = found.first[inside], found.second[inside]
    client, therapist = (second, first) if responder == 0 else (first, second)
    table = _mean_in_order(vectors, client, therapist, of_session[first], n)
    return PartnersTable(table=_not_mixed(table, _whose(pairs, n)))


def against_partners(
    found: PartnersTable,
    *,
    pairs: Sequence[object] | None = None,
    n_permutations: int = N_PERMUTATIONS,
    seed: int = 0,
) -> Exchanged:
    """Say whether real partners are more alike than mismatched ones, over all sessions.

    Parameters
    ----------
    found : PartnersTable
        From `style_table` or `turns_table`.
    pairs : sequence, optional
        Which pair each session is of: a pair is exchanged as a whole.
    n_permutations : int
        100 or more.
    seed : int
        0 or more.

    Returns
    -------
    Exchanged
        The same p with the seats exchanged.

    Raises
    ------
    ParameterError
        If there are fewer than 4 pairs, or too few permutations.
    """
    sessions = sessions_of(_whose(pairs, len(found.table)))
    check_exchange(len(sessions), n_permutations, named="found")
    return exchanged(found.table, sessions, n_permutations=n_permutations, seed=seed)


def _mean_in_order(
    vectors: TurnVectors, client: Ints, therapist: Ints, session: Ints, n: int
) -> Floats:
    """Return the mean cosine of each client's with each therapist's turns, in order."""
    counts = np.bincount(session, minlength=n)
    place = np.arange(session.size) - np.repeat(np.cumsum(counts) - counts, counts)
    total, n_present = np.zeros((n, n)), np.zeros((n, n))
    for k in range(int(counts.max(initial=0))):
        at = place == k
        here = np.ix_(session[at], session[at])
        cosines = vectors.table(client[at], therapist[at])
        total[here] += np.where(np.isnan(cosines), 0.0, cosines)
        n_present[here] += ~np.isnan(cosines)
    with np.errstate(invalid="ignore"):
        found: Floats = np.where(n_present > 0, total / n_present, np.nan)
    return found


def _not_mixed(table: Floats, whose: Sequence[object]) -> Floats:
    """Blank where two sessions of one pair would be mixed."""
    for same in sessions_of(whose):
        own = np.diag(table)[same]
        table[np.ix_(same, same)] = np.nan
        table[same, same] = own
    return table


def _whose(pairs: Sequence[object] | None, n: int) -> Sequence[object]:
    whose = range(n) if pairs is None else pairs
    if len(whose) != n:
        raise ParameterError(
            f"pairs must have one value for each of {n} sessions, got {len(whose)}."
        )
    return whose
