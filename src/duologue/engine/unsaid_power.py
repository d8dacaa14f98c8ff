"""How often a caseload would show that holding back goes together, and if it does not."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_discrete_lyapunov
from scipy.special import ndtri

from duologue.engine.studies import N_BEFORE, check_fields, run, streams
from duologue.engine.unsaid_together import Association, unsaid_together

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Caseload:
    r"""A made-up caseload, by a model that everybody can check.

    Each person has a leaning u, with u an autoregressive series of variance 1, and
    holds back in a session where u lies below a threshold of their own:

    .. math:: u_{i,j+1} = \rho u_{ij} + c \, u_{kj} + e_{ij}

    Attributes
    ----------
    n_pairs, n_sessions : int
        5 or more, 2 or more.
    rate : float in (0, 1)
        Share of sessions in which people hold back, over everybody.
    spread : float >= 0
        Standard deviation of people's thresholds, in those of u.
    autocorrelation : float in [0, 1)
        rho.
    together : float in (-1, 1)
        Correlation of what is new in both (without ``carried`` also of the leanings).
    carried : float
        c, from each to the other's next session.
    common_drift : float
        By how much everybody's threshold has moved by the last session.
    own_drift : float >= 0
        Standard deviation of the same for each person alone.
    blank : float in [0, 1)
        Share of answers that are missing, at random.
    """

    n_pairs: int = 100
    n_sessions: int = 20
    rate: float = 0.3
    spread: float = 0.5
    autocorrelation: float = 0.3
    together: float = 0.0
    carried: float = 0.0
    common_drift: float = 0.0
    own_drift: float = 0.0
    blank: float = 0.15

    def __post_init__(self) -> None:
        """Refuse what cannot be made up."""
        checks = (
            ("n_pairs", self.n_pairs >= 1, "1 or more"),
            ("n_sessions", self.n_sessions >= 2, "2 or more"),
            ("rate", 0 < self.rate < 1, "in (0, 1)"),
            ("spread", self.spread >= 0, "0 or more"),
            ("autocorrelation", 0 <= self.autocorrelation < 1, "in [0, 1)"),
            ("together", -1 < self.together < 1, "in (-1, 1)"),
            ("own_drift", self.own_drift >= 0, "0 or more"),
            ("blank", 0 <= self.blank < 1, "in [0, 1)"),
            (
                "carried",
                abs(self.carried) < 1 - self.autocorrelation,
                "less than 1 - autocorrelation",
            ),
        )
        check_fields(self, checks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """In how many made-up studies one question was answered with yes.

    Counts, so that studies run in several places can be added.

    Attributes
    ----------
    n_told : int
        Studies in which there was an answer.
    n_partners, n_order, n_both : int
        With a p of ``alpha`` or less against shuffled partners, turned order, both.
    n_independent : int
        The same if sessions were taken for independent (Mantel-Haenszel, normal).
    n_held, n_intervals : int
        Intervals of the log odds ratio, and those of them that hold 0.
    log_odds : float
        Sum of the log odds ratios of those.
    """

    n_told: int
    n_partners: int
    n_order: int
    n_both: int
    n_independent: int
    n_held: int
    n_intervals: int
    log_odds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Power:
    """Answers to the three questions over made-up studies.

    Attributes
    ----------
    same_session, therapist_after_client, client_after_therapist : Rates
    n_studies : int
    """

    same_session: Rates
    therapist_after_client: Rates
    client_after_therapist: Rates
    n_studies: int


def made_up(caseload: Caseload, rng: np.random.Generator) -> tuple[Array, Array]:
    """Draw the answers of both seats.

    Parameters
    ----------
    caseload : Caseload
    rng : numpy.random.Generator

    Returns
    -------
    client, therapist : ndarray, shape (n_pairs, n_sessions)
        1 held back, 0 not, ``nan`` blank.
    """
    c = caseload
    u = _leanings(c, rng)
    shape = (c.n_pairs, 2, 1)
    threshold = float(ndtri(c.rate)) * np.hypot(1.0, c.spread)
    threshold = threshold + c.spread * rng.normal(size=shape)
    along = np.linspace(-0.5, 0.5, c.n_sessions)
    threshold = (
        threshold + (c.common_drift + c.own_drift * rng.normal(size=shape)) * along
    )
    held = (u < threshold).astype(float)
    held[rng.random(held.shape) < c.blank] = np.nan
    return held[:, 0], held[:, 1]


def _leanings(c: Caseload, rng: np.random.Generator) -> Array:
    """Leanings of variance 1, shape (n_pairs, 2, n_sessions)."""
    a = np.array([[c.autocorrelation, c.carried], [c.carried, c.autocorrelation]])
    new = np.array([[1.0, c.together], [c.together, 1.0]])
    sd = np.sqrt(solve_discrete_lyapunov(a, new)[0, 0])
    steps = rng.normal(size=(N_BEFORE + c.n_sessions, c.n_pairs, 2))
    steps = steps @ np.linalg.cholesky(new).T / sd
    return np.moveaxis(run(a, steps), 0, -1)


def power(
    caseload: Caseload,
    *,
    n_studies: int,
    alpha: float = 0.05,
    n_permutations: int = 499,
    seed: int = 0,
    first_study: int = 0,
) -> Power:
    """Count how often made-up studies say that holding back goes together.

    Parameters
    ----------
    caseload : Caseload
        With ``together`` and ``carried`` 0, what is counted are false alarms.
    n_studies, first_study : int
        Studies ``first_study`` to ``first_study + n_studies - 1``. Each has a stream
        of its own, so that it does not matter who runs which: counts add up.
    alpha : float in (0, 1)
        Largest p that counts as yes.
    n_permutations, seed : int
        As for `unsaid_together`.

    Returns
    -------
    Power

    Raises
    ------
    ParameterError
        If ``n_studies`` is below 1, ``first_study`` below 0, or ``alpha`` out of
        range.
    """
    studies = streams(seed, n_studies=n_studies, first_study=first_study, alpha=alpha)
    found = [
        unsaid_together(
            *made_up(caseload, rng),
            n_permutations=n_permutations,
            seed=int(rng.integers(2**32)),
        )
        for rng in studies
    ]
    return Power(
        same_session=_rates([f.same_session for f in found], alpha),
        therapist_after_client=_rates([f.therapist_after_client for f in found], alpha),
        client_after_therapist=_rates([f.client_after_therapist for f in found], alpha),
        n_studies=n_studies,
    )


def _rates(found: list[Association], alpha: float) -> Rates:
    told = [a for a in found if not np.isnan(a.p)]
    odds = [a.log_odds for a in told if a.log_odds.told]
    edge = -float(ndtri(alpha))
    return Rates(
        n_told=len(told),
        n_partners=sum(a.p_partners <= alpha for a in told),
        n_order=sum(a.p_order <= alpha for a in told),
        n_both=sum(a.p <= alpha for a in told),
        n_independent=sum(a.score >= edge for a in told),
        n_held=sum(e.holds(0) for e in odds),
        n_intervals=len(odds),
        log_odds=float(sum(e.value for e in odds)),
    )
