"""How often a caseload would show that one series leads another, and if it does not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_discrete_lyapunov

from duologue.engine.leading import Leading, leading
from duologue.engine.studies import N_BEFORE, check_fields, run, streams
from duologue.errors import ParameterError

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadingCaseload:
    r"""A made-up caseload, by a model that everybody can check.

    Within a person, in standard deviations of what is within people,

    .. math:: x_{j+1} = \phi x_j + \gamma y_j + e_j, \qquad
        y_{j+1} = \phi y_j + \beta x_j + f_j

    Attributes
    ----------
    n_courses, n_sessions : int
        1 or more, 2 or more.
    autocorrelation : float in [0, 1)
        phi, of both.
    leads, follows : float
        beta, by which the process leads the outcome, and gamma, the reverse.
    together : float in (-1, 1)
        Correlation of what is new in both in one session.
    between : float >= 0
        Standard deviation of people's own levels.
    alike : float in [-1, 1]
        Correlation of people's own levels of process and outcome.
    common_trend : float
        By how much both have risen by the last session, for everybody; most of it
        early on.
    own_trend : float >= 0
        Standard deviation over people of how much both rise in a straight line, by
        the last session; whoever gains in the one gains in the other.
    error : float >= 0
        Standard deviation of what each answer errs by, in those of what is within
        people.
    blank : float in [0, 1)
        Share of answers that are missing, at random.
    every : int
        The outcome is scored in every so many sessions, 1 or more.
    """

    n_courses: int = 60
    n_sessions: int = 12
    autocorrelation: float = 0.3
    leads: float = 0.0
    follows: float = 0.0
    together: float = 0.3
    between: float = 1.0
    alike: float = 0.3
    common_trend: float = 0.0
    own_trend: float = 0.0
    error: float = 0.0
    blank: float = 0.1
    every: int = 1

    def __post_init__(self) -> None:
        """Refuse what cannot be made up."""
        checks = (
            ("n_courses", self.n_courses >= 1, "1 or more"),
            ("n_sessions", self.n_sessions >= 2, "2 or more"),
            ("autocorrelation", 0 <= self.autocorrelation < 1, "in [0, 1)"),
            ("together", -1 < self.together < 1, "in (-1, 1)"),
            ("between", self.between >= 0, "0 or more"),
            ("alike", -1 <= self.alike <= 1, "in [-1, 1]"),
            ("common_trend", np.isfinite(self.common_trend), "finite"),
            ("own_trend", self.own_trend >= 0, "0 or more"),
            ("error", self.error >= 0, "0 or more"),
            ("blank", 0 <= self.blank < 1, "in [0, 1)"),
            ("every", self.every >= 1, "1 or more"),
        )
        check_fields(self, checks)
        if not np.abs(np.linalg.eigvals(_steps(self))).max() < 1:
            raise ParameterError(
                "leads and follows must leave both series within bounds, got "
                f"{self.leads} and {self.follows} at autocorrelation "
                f"{self.autocorrelation}."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadingRates:
    """In how many made-up studies one direction was answered, and how.

    Counts and sums, so that studies run in several places can be added.

    Attributes
    ----------
    n_told : int
        Studies in which there was an answer.
    n_partners, n_order, n_both : int
        With a p of ``alpha`` or less against exchanged courses, turned order, both.
    n_interval : int
        Intervals that leave out 0.
    n_held : int
        Intervals that hold the truth, of scores one session apart.
    total, squares : float
        Sum of the effects, and of their squares.
    """

    n_told: int
    n_partners: int
    n_order: int
    n_both: int
    n_interval: int
    n_held: int
    total: float
    squares: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerOfLeading:
    """Answers to both directions over made-up studies.

    Attributes
    ----------
    process_leads, outcome_leads : LeadingRates
    n_studies : int
    """

    process_leads: LeadingRates
    outcome_leads: LeadingRates
    n_studies: int


def _steps(c: LeadingCaseload) -> Array:
    return np.array([[c.autocorrelation, c.follows], [c.leads, c.autocorrelation]])


def made_up_courses(
    caseload: LeadingCaseload, rng: np.random.Generator
) -> tuple[Array, Array]:
    """Draw both series.

    Parameters
    ----------
    caseload : LeadingCaseload
    rng : numpy.random.Generator

    Returns
    -------
    process, outcome : ndarray, shape (n_courses, n_sessions)
        ``nan`` where blank or not scored.
    """
    c = caseload
    own = _correlated(c.alike, (c.n_courses, 1), rng) * c.between
    along = np.linspace(-0.5, 0.5, c.n_sessions)
    early = np.log1p(np.arange(c.n_sessions))
    common = c.common_trend * early / early[-1]
    slopes = c.own_trend * rng.normal(size=(c.n_courses, 1))
    values = _within(c, rng) + own + (common + slopes * along)[..., None]
    values = values + c.error * rng.spawn(1)[0].normal(size=values.shape)
    values[rng.random(values.shape) < c.blank] = np.nan
    values[:, np.arange(c.n_sessions) % c.every > 0, 1] = np.nan
    return values[..., 0], values[..., 1]


def _correlated(r: float, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    """Two normal variables of variance 1 and correlation r, on a last axis."""
    first, rest = rng.normal(size=shape), rng.normal(size=shape)
    return np.stack([first, r * first + np.sqrt(1 - r * r) * rest], axis=-1)


def _within(c: LeadingCaseload, rng: np.random.Generator) -> Array:
    """Series of both within people, of mean variance 1, shape (courses, sessions, 2)."""
    a, new = _steps(c), np.array([[1.0, c.together], [c.together, 1.0]])
    sd = np.sqrt(np.trace(solve_discrete_lyapunov(a, new)) / 2)
    drawn = _correlated(c.together, (N_BEFORE + c.n_sessions, c.n_courses), rng) / sd
    return np.moveaxis(run(a, drawn), 0, 1)


def power_of_leading(
    caseload: LeadingCaseload,
    *,
    n_studies: int,
    alpha: float = 0.05,
    level: float = 0.90,
    common_trend: bool = True,
    follow_line: bool = False,
    answers_err: bool = True,
    n_permutations: int = 199,
    seed: int = 0,
    first_study: int = 0,
) -> PowerOfLeading:
    """Count how often made-up studies say that one series leads the other.

    Parameters
    ----------
    caseload : LeadingCaseload
        With ``leads`` 0, what is counted of the process leading are false alarms.
    n_studies, first_study : int
        Studies ``first_study`` to ``first_study + n_studies - 1``. Each has a stream
        of its own, so that it does not matter who runs which: counts add up.
    alpha : float in (0, 1)
        Largest p that counts as yes.
    level, common_trend, follow_line, answers_err, n_permutations, seed
        As for `leading`, which is asked for research, whatever the number of courses.

    Returns
    -------
    PowerOfLeading

    Raises
    ------
    ParameterError
        If ``n_studies`` is below 1, ``first_study`` below 0, ``alpha`` out of range,
        or an option of `leading` is.
    """
    studies = streams(seed, n_studies=n_studies, first_study=first_study, alpha=alpha)
    found = [
        leading(
            *made_up_courses(caseload, rng),
            common_trend=common_trend,
            follow_line=follow_line,
            answers_err=answers_err,
            research=True,
            n_permutations=n_permutations,
            seed=int(rng.integers(2**32)),
            level=level,
        )
        for rng in studies
    ]
    return PowerOfLeading(
        process_leads=_rates([f.process_leads for f in found], alpha, caseload.leads),
        outcome_leads=_rates([f.outcome_leads for f in found], alpha, caseload.follows),
        n_studies=n_studies,
    )


def _rates(found: Sequence[Leading], alpha: float, truth: float) -> LeadingRates:
    told = [f for f in found if f.effect.told]

    def count(holds: Callable[[Leading], bool]) -> int:
        return sum(map(holds, told))

    return LeadingRates(
        n_told=len(told),
        n_partners=count(lambda f: f.p_partners <= alpha),
        n_order=count(lambda f: f.p_order <= alpha),
        n_both=count(lambda f: f.p <= alpha),
        n_interval=count(lambda f: not f.effect.holds(0.0)),
        n_held=count(lambda f: f.effect.holds(truth)),
        total=float(sum(f.effect.value for f in told)),
        squares=float(sum(f.effect.value**2 for f in told)),
    )
