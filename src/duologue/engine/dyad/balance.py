"""Who influences whom in one pair, or that nobody can tell.

Twenty sessions rarely can. So an outcome is said only where it has nine in ten, where
both answered sixteen sessions, and where it stays the same when couplings are taken to
differ less or more over pairs. Otherwise the answer is that nobody can tell, and in
between which ends the plausible answers lie.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from duologue.engine.dyad.couplings import (
    ENOUGH,
    Points,
    effective_number,
    pooled_effective_number,
    quantiles,
    weights_at,
)
from duologue.engine.dyad.model import Floats, Ints, balance
from duologue.engine.dyad.population import Population
from duologue.engine.dyad.reasons import Reason

MIN_SESSIONS = 16
"""Fewest sessions answered by both: with 8, such statements were right half the time."""

MIN_CHANCE = 0.9
"""Least probability of an outcome that is said."""

NEGLIGIBLE = 0.1
"""A smaller coupling, or difference of couplings, is as good as none."""

SPREADS = (0.10, 0.15, 0.20)
"""How much couplings may differ over pairs; an outcome must be the same at each."""

ENDS = (0.05, 0.95)
"""The ends of a 90 % interval."""


class Outcome(StrEnum):
    """What may be said of the balance of influence."""

    CLIENT_LEADS = "client_leads"
    THERAPIST_LEADS = "therapist_leads"
    EQUALS = "equals"
    NO_INFLUENCE = "no_influence"
    CANNOT_TELL = "cannot_tell"


OUTCOMES = (
    Outcome.CLIENT_LEADS,
    Outcome.THERAPIST_LEADS,
    Outcome.EQUALS,
    Outcome.NO_INFLUENCE,
)
"""The outcomes that have a probability, in the order in which they are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """The balance of influence in a pair or a caseload, and what it rests on.

    In a caseload couplings and balances are those of the mean over pairs. Numbers are ``nan`` where the population is not sound or too few points carry the
    weight; then nothing may be said of couplings at all.

    Attributes
    ----------
    outcome : Outcome
        What may be said.
    reasons : tuple of Reason
        Why nothing may be; empty where an outcome is said.
    couplings, couplings_ends : ndarray, shape (4,), (4, 2)
        Mean and 90 % interval of each.
    raw, raw_ends : float; ndarray, shape (2,)
        Mean and 90 % interval of B_tc - B_ct: positive where the client leads.
    standardised, standardised_ends : float; ndarray, shape (2,)
        The same in standard deviations of each level (``model.balance``).
    chances : ndarray, shape (3, 4)
        Probability of each of ``OUTCOMES`` under each of ``SPREADS``.
    n_effective : ndarray, shape (3,)
        How many points all draws together are worth under each of ``SPREADS``; of a
        caseload, how many draws there are.
    """

    outcome: Outcome
    reasons: tuple[Reason, ...]
    couplings: Floats
    couplings_ends: Floats
    raw: float
    raw_ends: Floats
    standardised: float
    standardised_ends: Floats
    chances: Floats
    n_effective: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """What is asked of every point, whatever its weight; all draws in one row.

    Attributes
    ----------
    columns : ndarray, shape (6, n)
        The four couplings, and the raw and the standardised balance; the last is 0
        where couplings are not stable.
    orders : ndarray of int, shape (6, n)
        What sorts each of them.
    events : ndarray, shape (4, n)
        1 where a point speaks for each of ``OUTCOMES`` (for equals, but for the
        intervals), else 0.
    """

    columns: Floats
    orders: Ints
    events: Floats


def measures_of(
    b: Floats, population: Population, *, standardised: bool = True
) -> Measures:
    """Ask of every point what ``balance_of`` weighs.

    Parameters
    ----------
    b : ndarray, shape (n_draws, n_points, 4)
        Points.
    population : Population
        The population.
    standardised : bool
        Whether outcomes go by the standardised balance or by the raw one.

    Returns
    -------
    Measures
    """
    Q = population.nuisance.Q[:, None]
    raw, scaled = balance(b, Q).ravel(), balance(b, Q, standardised=True).ravel()
    scaled = np.where(np.isnan(scaled), 0.0, scaled)
    columns = np.stack([*b.reshape(-1, 4).T, raw, scaled])
    ct, tc, difference = columns[1], columns[2], scaled if standardised else raw
    events = np.stack(
        [
            difference > NEGLIGIBLE,
            difference < -NEGLIGIBLE,
            np.abs(difference) <= NEGLIGIBLE,
            (np.abs(ct) < NEGLIGIBLE) & (np.abs(tc) < NEGLIGIBLE),
        ]
    )
    orders = np.argsort(columns, axis=1)
    return Measures(columns=columns, orders=orders, events=events.astype(float))


class Figures(NamedTuple):
    """What the weights of a pair's points tell, before anything is said of it.

    Attributes
    ----------
    means, ends : ndarray, shape (6,), (6, 2)
        Mean and 90 % interval of each of ``Measures.columns``.
    chances : ndarray, shape (3, 4)
        Probability of each of ``OUTCOMES`` under each of ``SPREADS``.
    n_effective : ndarray, shape (3,)
        How many points all draws together are worth under each.
    """

    means: Floats
    ends: Floats
    chances: Floats
    n_effective: Floats


def figures_of(points: Points, population: Population, told: Measures) -> Figures:
    """Weigh what is asked of a pair's points, under each of ``SPREADS``.

    Parameters
    ----------
    points, population
        As for ``balance_of``.
    told : Measures
        Of these points.

    Returns
    -------
    Figures
    """
    each = [weights_at(points, population, spread) for spread in SPREADS]
    n_effective = np.array(
        [pooled_effective_number(effective_number(weights)) for weights in each]
    )
    rows = _flat(np.stack([points.weights, *each]))
    # Both influences need an interval at every spread, the others at their own only.
    ends = [
        quantiles(
            told.columns[i],
            rows if i in {1, 2} else rows[:1],
            ENDS,
            order=told.orders[i],
        )
        for i in range(6)
    ]
    return Figures(
        means=told.columns @ rows[0],
        ends=np.stack([own[0] for own in ends]),
        chances=chances_of(told, rows[1:], np.stack(ends[1:3])[:, 1:]),
        n_effective=n_effective,
    )


def balance_of(
    points: Points,
    population: Population,
    *,
    n_both: int,
    enough: float = ENOUGH,
    figures: Figures | None = None,
) -> Balance:
    r"""Tell who influences whom, as far as it can be told.

    With :math:`\Delta` the balance, positive where the client leads, in the order in
    which they are looked at:

    - the client leads: :math:`P(\Delta > .1) \ge .9`;
    - the therapist leads: :math:`P(\Delta < -.1) \ge .9`;
    - equals: :math:`P(|\Delta| \le .1) \ge .9`, and neither coupling's 90 % interval
      holds 0;
    - no influence: :math:`P(|B_{ct}| < .1, |B_{tc}| < .1) \ge .9`.

    Parameters
    ----------
    points : Points
        The pair's couplings.
    population : Population
        The population that they were weighed with.
    n_both : int
        How many sessions both answered.
    enough : float
        Least number of effective points of each draw; at each of ``SPREADS`` all draws
        together must be worth ``couplings.ENOUGH``.
    figures : Figures, optional
        What ``figures_of`` tells of these points, where it is known; without it
        outcomes go by the standardised balance.

    Returns
    -------
    Balance
        The other spreads weigh the same points anew, under the same draws of the
        population: they vary what is held of this pair, not of the others.
    """
    if not population.sound:
        return nothing_of_couplings(Reason.POPULATION)
    if points.effective.min() < enough:
        return nothing_of_couplings(Reason.FEW_POINTS)
    if figures is None:
        figures = figures_of(points, population, measures_of(points.b, population))
    outcome, undecided = outcome_of(figures.chances)
    reasons = [*undecided]
    if n_both < MIN_SESSIONS:
        reasons.insert(0, Reason.FEW_SESSIONS)
    if (figures.n_effective < ENOUGH).any():
        reasons.append(Reason.FEW_POINTS)
    return told_of(outcome, reasons, **figures._asdict())


def told_of(
    outcome: Outcome,
    reasons: Sequence[Reason],
    *,
    means: Floats,
    ends: Floats,
    chances: Floats,
    n_effective: Floats,
) -> Balance:
    """Put a balance together; any reason not to tell an outcome holds it back.

    Parameters
    ----------
    outcome : Outcome
        What would be said.
    reasons : sequence of Reason
        Why it may not be.
    means, ends : ndarray, shape (6,), (6, 2)
        Of each of ``Measures.columns``.
    chances, n_effective : ndarray
        As in ``Balance``.

    Returns
    -------
    Balance
    """
    return Balance(
        outcome=Outcome.CANNOT_TELL if reasons else outcome,
        reasons=tuple(reasons),
        couplings=means[:4],
        couplings_ends=ends[:4],
        raw=float(means[4]),
        raw_ends=ends[4],
        standardised=float(means[5]),
        standardised_ends=ends[5],
        chances=chances,
        n_effective=n_effective,
    )


def nothing_of_couplings(*reasons: Reason) -> Balance:
    """Say nothing of couplings at all."""
    return told_of(
        Outcome.CANNOT_TELL,
        reasons,
        means=np.full(6, np.nan),
        ends=np.full((6, 2), np.nan),
        chances=np.full((len(SPREADS), len(OUTCOMES)), np.nan),
        n_effective=np.full(len(SPREADS), np.nan),
    )


def _flat(weights: Floats) -> Floats:
    """Weights of all draws in one row, each draw with equal weight."""
    return np.asarray(weights.reshape(len(weights), -1) / weights.shape[1])


def chances_of(told: Measures, rows: Floats, ends: Floats) -> Floats:
    """Weigh the outcomes.

    Parameters
    ----------
    told : Measures
        Of n points.
    rows : ndarray, shape (n_rows, n)
        Weights, each row summing to 1.
    ends : ndarray, shape (2, n_rows, 2)
        90 % intervals of both influences; where one holds 0, nobody is an equal.

    Returns
    -------
    ndarray, shape (n_rows, 4)
        Probability of each of ``OUTCOMES``.
    """
    return unless_one_holds_none(rows @ told.events.T, ends)


def unless_one_holds_none(chances: Floats, ends: Floats) -> Floats:
    """Nobody is an equal where the interval of either influence holds 0.

    Parameters
    ----------
    chances : ndarray, shape (n_rows, 4)
        Probability of each of ``OUTCOMES``, but for that.
    ends : ndarray, shape (2, n_rows, 2)
        90 % intervals of both influences.

    Returns
    -------
    ndarray, shape (n_rows, 4)
    """
    both_there = ((ends[..., 0] > 0) | (ends[..., 1] < 0)).all(axis=0)
    found = chances.copy()
    found[:, 2] *= both_there
    return found


def outcome_of(chances: Floats) -> tuple[Outcome, tuple[Reason, ...]]:
    """Tell the outcome that is probable enough at every spread, or why there is none.

    Parameters
    ----------
    chances : ndarray, shape (n_spreads, 4)
        Probability of each of ``OUTCOMES``.

    Returns
    -------
    outcome : Outcome
    reasons : tuple of Reason
        Empty where an outcome is said.
    """
    said = {_said(row) for row in chances}
    if said == {Outcome.CANNOT_TELL}:
        return Outcome.CANNOT_TELL, (Reason.UNDECIDED,)
    if len(said) > 1:
        return Outcome.CANNOT_TELL, (Reason.HANGS_ON_SPREAD,)
    return said.pop(), ()


def _said(chances: Floats) -> Outcome:
    for outcome, chance in zip(OUTCOMES, chances, strict=True):
        if chance >= MIN_CHANCE:
            return outcome
    return Outcome.CANNOT_TELL
