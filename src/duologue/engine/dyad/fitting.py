"""Learning what many pairs have in common from all their ratings."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from importlib.util import find_spec

import numpy as np
from numpy.typing import ArrayLike, NDArray

from duologue.engine.dyad.answers import Kind, Scale, checked_answers, stretched
from duologue.engine.dyad.convergence import MIN_DRAWS, effective_draws, r_hat
from duologue.engine.dyad.model import Floats
from duologue.engine.dyad.packing import COUPLINGS, names, unpacked
from duologue.engine.dyad.population import Diagnostics, Population, check_spread
from duologue.engine.dyad.states import SMALLEST, Answers, Prior, Task, Trace
from duologue.engine.dyad.unrounding import between
from duologue.errors import NotNowError, ParameterError

MIN_PAIRS = 30
"""Fewest pairs that a population is learned from (our judgement)."""

MIN_SESSIONS = 3
"""Fewest sessions: with fewer, where pairs begin and where they tend to are one."""


def fit(
    ratings: ArrayLike,
    *,
    spread: float = 0.15,
    n_chains: int = 4,
    n_sweeps: int = 3500,
    n_burn: int = 1000,
    n_draws: int = 20,
    seed: int = 0,
    prior: Prior | None = None,
    scale: Scale | None = None,
    each: Callable[[Callable[[Task], Trace], list[Task]], Iterable[Trace]] = map,
) -> Population:
    """Learn what many pairs have in common from all their ratings.

    Parameters
    ----------
    ratings : array_like, shape (n_pairs, n_sessions, 2, n_ratings)
        In points of 0 to 10, client first; ``nan`` where blank. Shorter courses end in
        blanks. Pairs and last sessions without any rating are left out.
    spread : float > 0
        Standard deviation of each coupling over pairs. It cannot be learned from a
        caseload; fit with .10 and .20 as well to see what rests on it.
    n_chains, n_sweeps, n_burn : int
        Chains (2 or more), sweeps of each, and how many of these warm it up (50 or
        more). What is kept must be 8 sweeps or more.
    n_draws : int
        How many equally spaced draws to carry.
    seed : int >= 0
        The same seed gives the same bytes.
    prior : Prior, optional
        What to hold before; ``usual_prior`` of the ratings unless given.
    scale : Scale, optional
        How answers come of ratings; without it they are the ratings. On a bounded scale
        or one of categories the ratings behind the answers are drawn along with all
        else that is unknown; on a logit scale the ratings are the stretched answers,
        and so are the points of all that is learned.
    each : callable
        Runs chains: ``map``, or the ``map`` of an executor for several at once. The
        result is the same.

    Returns
    -------
    Population
        Not ``sound`` where the chains did not come together.

    Raises
    ------
    ParameterError
        If a shape or number is out of range, a rating is infinite or not on the scale,
        fewer than 30 pairs or 3 sessions have ratings, or a rating never varies for one
        of the seats.
    NotNowError
        If numba (the extra ``corpus``) is not installed.

    Notes
    -----
    A sweep takes 0.6 ms for 50 pairs of 16 sessions with two ratings each and 2.1 ms
    for 500 pairs of 20, on one core; compiling takes ten seconds, once. In 1,000 kept
    sweeps each mean coupling has 40 to 95 effective draws with 500 pairs and 20 to 70
    with 50. The plainer sampler, which moves mean couplings on levels that it has filled
    in, gave 14 to 47 with 500 pairs, at about the same cost when neither was compiled.
    Short courses mix worse (23 to 51 for 80 pairs of 8 sessions) and may need more
    sweeps.

    References
    ----------
    Yu, Y., & Meng, X.-L. (2011). To center or not to center: that is not the question.
    Journal of Computational and Graphical Statistics, 20(3), 531-570.
    https://doi.org/10.1198/jcgs.2011.203main
    """
    y = _checked(ratings)
    if scale is not None and scale.kind is Kind.LOGIT:
        y = stretched(checked_answers(y, scale), scale)
    _check_sizes(n_chains, n_sweeps, n_burn, n_draws, seed)
    prior = usual_prior(y, spread=spread) if prior is None else prior
    if prior.spread != spread:
        raise ParameterError(
            f"spread must be the prior's, {prior.spread}, got {spread}."
        )
    answers = answers_of(y)
    if scale is not None and scale.in_intervals:
        answers = replace(answers, between=between(y, scale))
    tasks = [
        Task(
            answers=answers,
            prior=prior,
            seed=seed,
            chain=chain,
            n_sweeps=n_sweeps,
            n_burn=n_burn,
        )
        for chain in range(n_chains)
    ]
    traces = list(each(_run(), tasks))
    mean_b = np.stack([trace.mean_b for trace in traces])
    common = np.stack([trace.common for trace in traces])
    chosen = _equally_spaced(mean_b.shape[0] * mean_b.shape[1], n_draws)
    return Population(
        made="fitted",
        mean_b=mean_b.reshape(-1, 4)[chosen],
        nuisance=unpacked(common.reshape(-1, common.shape[-1])[chosen]),
        spread=spread,
        prior=prior,
        n_pairs=y.shape[0],
        n_sessions=y.shape[1],
        diagnostics=_diagnostics(mean_b, common, traces, tasks[0]),
    )


def _run() -> Callable[[Task], Trace]:
    """Load what runs a chain, which needs a compiler that one pair does not."""
    if find_spec("numba") is None:
        raise NotNowError(
            "learning from many pairs needs a package that is not installed "
            "(duologue[corpus])."
        )
    from duologue.engine.dyad.chains import run

    return run


def usual_prior(ratings: ArrayLike, *, spread: float = 0.15) -> Prior:
    """Hold little before: flat means, half-t spreads on the scale of the ratings.

    Parameters
    ----------
    ratings : array_like, shape (n_pairs, n_sessions, 2, n_ratings)
        As for ``fit``.
    spread : float > 0
        Standard deviation of each coupling over pairs.

    Returns
    -------
    Prior
        Each mean coupling N((.5, .15, .15, .5), .3^2), intercepts N(0, 1000),
        loadings N(1, 1).
    """
    check_spread(spread)
    return Prior(
        spread=float(spread),
        variance=np.nanvar(np.asarray(ratings, dtype=float)[..., 0], axis=(0, 1)),
        mean_b=np.array([0.5, 0.15, 0.15, 0.5]),
        sd_b=np.full(4, 0.3),
        bm_mean=np.zeros(2),
        bm_precision=np.zeros(2),
        delta_precision=np.zeros(2),
        nu_variance=1000.0,
        lam_variance=1.0,
    )


def answers_of(y: Floats) -> Answers:
    """Turn ratings so that pairs stand last, and find the steps within each course."""
    turned = np.ascontiguousarray(y.transpose(3, 2, 1, 0))
    there = ~np.isnan(turned)
    n_sessions = y.shape[1]
    any_answer = np.asarray(there.any(axis=(0, 1)))
    last = n_sessions - 1 - np.argmax(any_answer[::-1], axis=0)
    return Answers(
        ratings=np.where(there, turned, 0.0),
        present=there.astype(float),
        steps=np.arange(1, n_sessions)[:, None] <= last,
    )


def _checked(ratings: ArrayLike) -> Floats:
    """Ratings without pairs and last sessions that have none, and refuse the rest."""
    y = np.asarray(ratings, dtype=float)
    if y.ndim != 4 or y.shape[2] != 2 or y.shape[3] < 1:
        raise ParameterError(
            "ratings must have shape (n_pairs, n_sessions, 2, n_ratings), "
            f"got {y.shape}."
        )
    if np.isinf(y).any():
        raise ParameterError("ratings must be finite or nan, got an infinite one.")
    answered = ~np.isnan(y)
    y = y[answered.any(axis=(1, 2, 3))]
    if y.shape[0] < MIN_PAIRS:
        raise ParameterError(
            f"ratings must be those of {MIN_PAIRS} pairs or more, got {y.shape[0]}."
        )
    last = np.flatnonzero(answered.any(axis=(0, 2, 3)))[-1]
    y = np.asarray(y[:, : last + 1])
    if y.shape[1] < MIN_SESSIONS:
        raise ParameterError(
            f"ratings must run over {MIN_SESSIONS} sessions or more, got {y.shape[1]}."
        )
    _check_each_rating(y)
    return y


def _check_each_rating(y: Floats) -> None:
    for seat, k in np.ndindex(y.shape[2:]):
        given = y[..., seat, k]
        given = given[~np.isnan(given)]
        if given.size < 2 or given.min() == given.max():
            raise ParameterError(
                f"ratings must vary for both seats, got none or always the same for "
                f"rating {k + 1} of the {('client', 'therapist')[seat]}."
            )


def _check_sizes(
    n_chains: int, n_sweeps: int, n_burn: int, n_draws: int, seed: int
) -> None:
    least = {"n_chains": 2, "n_burn": 50, "n_draws": 1, "seed": 0}
    given = {"n_chains": n_chains, "n_burn": n_burn, "n_draws": n_draws, "seed": seed}
    for name, value in given.items():
        if value < least[name]:
            raise ParameterError(f"{name} must be {least[name]} or more, got {value}.")
    if n_sweeps < n_burn + MIN_DRAWS:
        raise ParameterError(
            f"n_sweeps must be n_burn and {MIN_DRAWS} or more, got {n_sweeps}."
        )
    n_kept = n_chains * (n_sweeps - n_burn)
    if n_draws > n_kept:
        raise ParameterError(
            f"n_draws must be the {n_kept} kept sweeps or fewer, got {n_draws}."
        )


def _equally_spaced(n: int, n_draws: int) -> NDArray[np.int64]:
    """Middles of equal parts of 0 .. n - 1."""
    return (np.arange(n_draws) * 2 + 1) * n // (2 * n_draws)


def _diagnostics(
    mean_b: Floats, common: Floats, traces: list[Trace], task: Task
) -> Diagnostics:
    n_ratings = task.answers.ratings.shape[0]
    every = np.concatenate([mean_b, common], axis=-1)
    called = (*COUPLINGS, *names(n_ratings))
    accepted = np.mean([trace.accepted for trace in traces], axis=0)
    return Diagnostics(
        r_hat=dict(zip(called, r_hat(every).tolist(), strict=True)),
        effective=dict(zip(called, effective_draws(every).tolist(), strict=True)),
        accepted=(float(accepted[0]), float(accepted[1])),
        vanishing=_vanishing(common, n_ratings, task.prior.variance),
        seed=task.seed,
        n_chains=len(traces),
        n_sweeps=task.n_sweeps,
        n_burn=task.n_burn,
    )


def _vanishing(common: Floats, n_ratings: int, variance: Floats) -> tuple[str, ...]:
    """Names of variances that came near the least that is allowed in any sweep."""
    least = common.min(axis=(0, 1))
    seat_of = {"c": 0, "t": 1}
    found = []
    for name, value in zip(names(n_ratings), least, strict=True):
        part, end = name.split("_")
        is_variance = part == "R" or end in {"cc", "tt"}
        if is_variance and value < 10 * SMALLEST * variance[seat_of[end[0]]]:
            found.append(name)
    return tuple(found)
