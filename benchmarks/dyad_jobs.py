"""What is validated of the dyad model, as a list of small jobs.

A job simulates one caseload, learns its population, reads its pairs and returns raw
figures: counts and sums, which `dyad_page.py` adds up over jobs. Replicates of different
studies share their seeds, so that worlds differ in what they are said to differ in.
"""

import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from duologue.engine.dyad.balance import NEGLIGIBLE, Outcome
from duologue.engine.dyad.caseload import read_caseload
from duologue.engine.dyad.fitting import fit
from duologue.engine.dyad.model import balance, of_draws
from duologue.engine.dyad.pair_state import PairState
from duologue.engine.dyad.population import Population, assumed
from duologue.engine.dyad.shipped import shipped
from duologue.engine.dyad.simulate import (
    Simulated,
    World,
    recovery_population,
    simulate,
)
from duologue.engine.dyad.simulate import TrueValues as Drawn
from duologue.errors import ParameterError
from dyad_app import SCATTERS, read_as_on_a_page
from dyad_calibration import calibrate
from dyad_counts import FLAG, flags, held, stacked
from dyad_exact import exactness
from dyad_forecasts import Forecast, errors, last_value, mixed_model, own_mean
from dyad_predictive import predictive

Array = NDArray[np.float64]
Figures = dict[str, Any]

SEED = 20_261_127
SESSIONS = (8, 16, 32)
WORLDS = {
    "5 points, a ceiling": World(n_categories=5),
    "forms missing when things go badly": World(missing=0.15, withholding=1.0),
    "a trend": World(trend=0.05),
    "shared shocks": World(joint_shocks=0.05),
    "irregular gaps": World(gaps=(0.5, 1.0, 2.0)),
}
AS_MODELLED = World()
SPREAD, SPREADS = 0.15, (0.10, 0.20)
SHUFFLES = (
    "real partners",
    "shuffled partners",
    "real, rise taken out",
    "shuffled, rise taken out",
)
COUPLINGS = ("B_cc", "B_ct", "B_tc", "B_tt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How large caseloads are and how long chains run; figures of others do not mix."""

    n_pairs: int = 50
    n_sessions: int = 16
    n_null_pairs: int = 200
    n_null_sessions: int = 20
    n_chains: int = 4
    n_sweeps: int = 3500
    n_burn: int = 1000
    n_kept: int = 200
    n_draws: int = 20
    compiled: bool = True
    n_replicates: int = 40
    n_nulls: int = 10
    n_calibration: int = 500

    @property
    def digest(self) -> str:
        """Tell settings apart, whatever the number of replicates."""
        parts = asdict(self)
        for name in ("n_replicates", "n_nulls", "n_calibration"):
            del parts[name]
        return hashlib.sha256(repr(sorted(parts.items())).encode()).hexdigest()[:12]


FULL = Settings()
QUICK = Settings(
    n_pairs=30, n_sessions=6, n_null_pairs=30, n_null_sessions=6, n_chains=2,
    n_sweeps=70, n_burn=50, n_kept=20, n_draws=2, compiled=False, n_replicates=1,
    n_nulls=1, n_calibration=1,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One caseload of one study."""

    study: str
    cell: str
    replicate: int

    @property
    def key(self) -> str:
        """Name of the job in the file of raw figures."""
        return f"{self.study}/{self.cell}/{self.replicate}"


def all_jobs(settings: Settings) -> list[Job]:
    """List every job, round by round, so that what is interrupted is even."""
    jobs = [Job(study="exactness", cell="all", replicate=0)]
    rounds = (
        ("coverage", [str(n) for n in SESSIONS], settings.n_replicates),
        ("known", [str(n) for n in SESSIONS], settings.n_replicates),
        ("shipped", [str(n) for n in SESSIONS], settings.n_replicates),
        ("scatter", list(SCATTERS), settings.n_nulls),
        ("world", list(WORLDS), settings.n_replicates),
        ("shuffled", list(SHUFFLES), settings.n_nulls),
        ("spread", [f"{spread:.2f}" for spread in SPREADS], settings.n_replicates),
        ("calibration", ["all"], settings.n_calibration),
    )
    for replicate in range(max(n for _, _, n in rounds)):
        for study, cells, n in rounds:
            if replicate < n:
                jobs += [Job(study=study, cell=c, replicate=replicate) for c in cells]
    return jobs


def figures_of(job: Job, settings: Settings) -> Figures:
    """Do a job; the same job gives the same figures.

    A caseload that the program refuses counts as failed, and the page says how many.
    """
    does: dict[str, Callable[[Job, Settings], Figures]] = {
        "exactness": lambda _, s: exactness(full=s.compiled),
        "coverage": coverage,
        "known": known,
        "shipped": against_shipped,
        "scatter": lambda j, s: read_as_on_a_page(
            j.cell,
            [SEED, 4, j.replicate],
            n_pairs=s.n_pairs,
            n_sessions=s.n_sessions,
        ),
        "world": misspecified,
        "shuffled": shuffled,
        "spread": other_spread,
        "calibration": lambda j, s: calibrate(
            [SEED, 2, j.replicate],
            n_pairs=s.n_pairs,
            n_sessions=s.n_sessions,
            n_sweeps=s.n_sweeps,
            n_burn=s.n_burn,
        ),
    }
    try:
        return does[job.study](job, settings)
    except ParameterError as refused:
        return {"failed": str(refused)}


def coverage(job: Job, settings: Settings) -> Figures:
    """Look at everything that is told of a caseload drawn from the model."""
    n_sessions = int(job.cell) if settings.compiled else settings.n_sessions
    return recovered(job, settings, AS_MODELLED, n_sessions=n_sessions)


def known(job: Job, settings: Settings) -> Figures:
    """Look at what is told where the population is known: the reading by itself."""
    true = recovery()
    population = assumed(
        true.bB[np.newaxis], of_draws(true.common, np.newaxis), spread=SPREAD
    )
    # One draw has to stand for itself: as many points as for one pair alone.
    return read_only(job, settings, true, population, n_points=1024, enough=200.0)


def against_shipped(job: Job, settings: Settings) -> Figures:
    """Look at what a pair is told where there is no caseload to learn from."""
    return read_only(job, settings, recovery(), shipped(2))


def read_only(
    job: Job, settings: Settings, true: Drawn, population: Population, **options: Any
) -> Figures:
    """Simulate and read; nothing is learned."""
    n_sessions = int(job.cell) if settings.compiled else settings.n_sessions
    rng = np.random.default_rng([SEED, 1, job.replicate])
    made = simulate(true, settings.n_pairs, n_sessions, rng=rng)
    states = read_caseload(
        made.ratings,
        population,
        n_sessions=np.full(len(made.ratings), n_sessions),
        compiled=settings.compiled,
        **options,
    )
    return told_of(states, made, AS_MODELLED)


def misspecified(job: Job, settings: Settings) -> Figures:
    """Look at the same of a caseload from a world that breaks the model."""
    world = WORLDS[job.cell]
    return recovered(job, settings, world, n_sessions=settings.n_sessions)


def other_spread(job: Job, settings: Settings) -> Figures:
    """Look at the same where couplings are taken to differ less or more than they do."""
    return recovered(
        job,
        settings,
        AS_MODELLED,
        n_sessions=settings.n_sessions,
        spread=float(job.cell),
    )


def caseload(
    replicate: int, n_pairs: int, n_sessions: int, world: World = AS_MODELLED
) -> Simulated:
    """One caseload of the recovery population."""
    rng = np.random.default_rng([SEED, 1, replicate])
    return simulate(recovery(), n_pairs, n_sessions, rng=rng, world=world)


def recovery() -> Drawn:
    """Take the recovery population, its couplings spread as the program has them."""
    return recovery_population(sB=SPREAD)


def learned(ratings: Array, settings: Settings, *, spread: float = 0.15) -> Population:
    """Learn a population as the program does, with draws enough for its own intervals."""
    return fit(
        ratings,
        spread=spread,
        n_chains=settings.n_chains,
        n_sweeps=settings.n_sweeps,
        n_burn=settings.n_burn,
        n_draws=settings.n_kept,
        seed=SEED,
    )


def carried(population: Population, n_draws: int) -> Population:
    """Take equally spaced draws, and let couplings be told whatever the gates say.

    How often the gates would have forbidden it is counted beside.
    """
    n = len(population.mean_b)
    index = (np.arange(n_draws) * 2 + 1) * n // (2 * n_draws)
    return replace(
        population,
        made="assumed",
        mean_b=population.mean_b[index],
        nuisance=of_draws(population.nuisance, index),
        diagnostics=None,
    )


def recovered(
    job: Job,
    settings: Settings,
    world: World,
    *,
    n_sessions: int,
    spread: float = 0.15,
) -> Figures:
    """Simulate, learn, read, and hold what is told against the truth."""
    made = caseload(job.replicate, settings.n_pairs, n_sessions, world)
    population = learned(made.ratings, settings, spread=spread)
    few = carried(population, settings.n_draws)
    states = read_caseload(
        made.ratings,
        few,
        n_sessions=np.full(len(made.ratings), n_sessions),
        compiled=settings.compiled,
    )
    return {
        **gates(population),
        "in_common": in_common(population),
        **told_of(states, made, world),
        "predictive": predictive(made.ratings, few, seed=[SEED, 3, job.replicate]),
    }


def told_of(states: tuple[PairState, ...], made: Simulated, world: World) -> Figures:
    """Hold all that is told of the pairs against the truth."""
    return {
        "pairs": of_pairs(states, made, world),
        "outcomes": outcomes(states, made),
        "forecasts": forecasts(states, made),
        "flags": flags(states, made),
    }


def gates(population: Population) -> Figures:
    """Tell whether couplings may be told, and why not."""
    told = population.diagnostics
    assert told is not None
    names = [f"b{name}" for name in COUPLINGS]
    return {
        "sound": population.sound,
        "reasons": list(population.reasons),
        "least_effective": min(told.effective[name] for name in names),
        "r_hat": max(told.r_hat[name] for name in names),
    }


def in_common(population: Population) -> Figures:
    """Mean and 90 % interval of what pairs have in common, and whether it holds."""
    true = recovery_population()
    nuisance = population.nuisance
    parts = {
        **{f"b{name}": population.mean_b[:, i] for i, name in enumerate(COUPLINGS)},
        "bm_c": nuisance.bm[:, 0],
        "bm_t": nuisance.bm[:, 1],
        "delta_c": nuisance.delta[:, 0],
        "delta_t": nuisance.delta[:, 1],
        "Q_ct": nuisance.Q[:, 0, 1],
    }
    truths = [*true.bB, *true.common.bm, *true.common.delta, true.common.Q[0, 1]]
    found = {}
    for (name, draws), truth in zip(parts.items(), truths, strict=True):
        low, high = np.quantile(draws, [0.05, 0.95])
        found[name] = [
            float(draws.mean()),
            float(draws.std()),
            bool(low <= truth <= high),
            float(low),
            float(high),
        ]
    return found


def of_pairs(
    states: tuple[PairState, ...], made: Simulated, world: World
) -> dict[str, list[float]]:
    """Hold intervals of levels, set-points, couplings and the next session to truth."""
    n_sessions = made.ratings.shape[1]
    # With a trend the set-point that is asked for is that of the last session.
    set_points = made.mu + world.trend * (n_sessions - 1)
    truths = {
        "level": made.levels[:, :-1],
        "set_point": set_points,
        "next_level": made.levels[:, -1],
        "next_rating": made.next_ratings,
    }
    found = {
        name: held(stacked(states, f"{name}_ends"), stacked(states, name), truth)
        for name, truth in truths.items()
    }
    told = [state.balance for state in states]
    for i, name in enumerate(COUPLINGS):
        ends = np.stack([each.couplings_ends[i] for each in told])
        mean = np.array([each.couplings[i] for each in told])
        found[name] = held(ends, mean, made.b[:, i])
    for name, standardised in (("raw", False), ("standardised", True)):
        ends = np.stack([getattr(each, f"{name}_ends") for each in told])
        mean = np.array([getattr(each, name) for each in told])
        truth = balance(
            made.b, recovery_population().common.Q, standardised=standardised
        )
        found[f"balance, {name}"] = held(ends, mean, truth)
    return found


def outcomes(states: tuple[PairState, ...], made: Simulated) -> list[int]:
    """Count outcomes of the balance: all pairs, those with one, those with a right one."""
    true = balance(made.b, recovery_population().common.Q, standardised=True)
    small = (np.abs(made.b[:, 1:3]) < NEGLIGIBLE).all(axis=1)
    right = {
        Outcome.CLIENT_LEADS: true > NEGLIGIBLE,
        Outcome.THERAPIST_LEADS: true < -NEGLIGIBLE,
        Outcome.EQUALS: np.abs(true) <= NEGLIGIBLE,
        Outcome.NO_INFLUENCE: small,
    }
    said = [
        (i, state.balance.outcome)
        for i, state in enumerate(states)
        if state.balance.outcome is not Outcome.CANNOT_TELL
    ]
    n_right = sum(bool(right[outcome][i]) for i, outcome in said)
    return [len(states), len(said), n_right]


def forecasts(states: tuple[PairState, ...], made: Simulated) -> Figures:
    """Score the model and three plainer ways on the same ratings."""
    ends = stacked(states, "next_rating_ends")
    width = ends[..., 1] - ends[..., 0]
    ways = {
        "model": Forecast(
            mean=stacked(states, "next_rating"), sd=width / (2 * 1.6448536269514722)
        ),
        "last value": last_value(made.ratings),
        "own mean": own_mean(made.ratings),
        "mixed model": mixed_model(made.ratings),
    }
    there = ~np.any([np.isnan(way.mean) for way in ways.values()], axis=0)
    scores = {name: errors(way, made.next_ratings, there) for name, way in ways.items()}
    return {"n": int(there.sum()), **scores}


def shuffled(job: Job, settings: Settings) -> Figures:
    """See what is found between partners who never met, the common rise left or not."""
    made = caseload(job.replicate, settings.n_null_pairs, settings.n_null_sessions)
    ratings = made.ratings.copy()
    if job.cell.startswith("shuffled"):
        ratings[:, :, 1] = np.roll(ratings[:, :, 1], 1, axis=0)
    if job.cell.endswith("taken out"):
        rise = np.nanmean(ratings, axis=0)
        ratings += np.nanmean(ratings, axis=(0, 1)) - rise
    population = learned(ratings, settings)
    few = carried(population, settings.n_draws)
    states = read_caseload(ratings, few, compiled=settings.compiled)
    ends = np.stack([state.balance.couplings_ends for state in states])
    apart = (ends[..., 0] > 0) | (ends[..., 1] < 0)
    p_both = np.concatenate([state.p_both_low for state in states])
    return {
        **gates(population),
        "in_common": in_common(population),
        "n_pairs": len(states),
        "beyond_nothing": [int(apart[:, 1].sum()), int(apart[:, 2].sum())],
        "flags": [int((~np.isnan(p_both)).sum()), int((p_both > FLAG).sum())],
    }
