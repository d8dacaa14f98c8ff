"""Made-up studies: what caseloads of a known truth have in common, whatever is asked."""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from duologue.errors import ParameterError

Array = NDArray[np.float64]

N_BEFORE = 50
"""Sessions that a made-up series runs before it is looked at."""


def check_fields(caseload: object, checks: Iterable[tuple[str, bool, str]]) -> None:
    """Refuse what cannot be made up.

    Parameters
    ----------
    caseload : object
        What is to be made up.
    checks : iterable of (str, bool, str)
        Each field, whether it holds what it may, and what that is.

    Raises
    ------
    ParameterError
        For the first that does not.
    """
    for name, holds, allowed in checks:
        if not holds:
            value = getattr(caseload, name)
            raise ParameterError(f"{name} must be {allowed}, got {value}.")


def run(a: Array, new: Array) -> Array:
    """Run u_{j+1} = a u_j + new_{j+1} from 0, and drop the first ``N_BEFORE`` sessions.

    Parameters
    ----------
    a : ndarray, shape (2, 2)
        What of both carries over.
    new : ndarray, shape (N_BEFORE + n_sessions, n, 2)
        What is new in both.

    Returns
    -------
    ndarray, shape (n_sessions, n, 2)
    """
    u = np.zeros_like(new)
    for j in range(1, len(new)):
        u[j] = u[j - 1] @ a.T + new[j]
    out: Array = u[N_BEFORE:]
    return out


def streams(
    seed: int, *, n_studies: int, first_study: int, alpha: float
) -> Iterator[np.random.Generator]:
    """Return a stream of its own for each study, so that it does not matter who runs it.

    Parameters
    ----------
    seed : int
        Of all of them.
    n_studies, first_study : int
        Studies ``first_study`` to ``first_study + n_studies - 1``.
    alpha : float in (0, 1)
        Largest p that will count as yes; it is looked at before anything is drawn.

    Raises
    ------
    ParameterError
        If ``n_studies`` is below 1, ``first_study`` below 0, or ``alpha`` out of
        range: at once, not with the first study.
    """
    if n_studies < 1 or first_study < 0:
        raise ParameterError(
            "n_studies must be 1 or more and first_study 0 or more, got "
            f"{n_studies} and {first_study}."
        )
    if not 0 < alpha < 1:
        raise ParameterError(f"alpha must lie in (0, 1), got {alpha}.")
    studies = range(first_study, first_study + n_studies)
    return (np.random.default_rng([seed, study]) for study in studies)
