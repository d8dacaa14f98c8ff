"""What was left unsaid, by each person's own word: counts, and nothing inferred."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln

from duologue.errors import ParameterError


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsaidTogether:
    """Both people's ``unsaid``, where both opened it.

    Attributes
    ----------
    n : int
        Sessions in which both opened it.
    both, client_only, therapist_only, neither : int
        The 2 x 2 of those sessions.
    both_expected : float
        How many would hold "both" if the two had nothing to do with each other;
        ``nan`` without sessions.
    both_by_chance : float
        How often as many or more would (Fisher's exact test, one-sided).
    therapist_after_client, client_after_therapist : (int, int)
        After a session where the one held back, in how many next sessions the other
        did, out of how many such next sessions that both opened.
    """

    n: int
    both: int
    client_only: int
    therapist_only: int
    neither: int
    both_expected: float
    both_by_chance: float
    therapist_after_client: tuple[int, int]
    client_after_therapist: tuple[int, int]


def count_last(held_back: ArrayLike, *, n_last: int = 6) -> tuple[int, int]:
    """Count in how many of one person's last answers they held something back.

    Parameters
    ----------
    held_back : array_like, shape (n_sessions,)
        1 held back, 0 not, ``nan`` not answered (also "I would rather not answer").
    n_last : int
        How many of the newest answers to look at, 1 or more.

    Returns
    -------
    n_held_back, n_answers : int

    Raises
    ------
    ParameterError
        If a value is not 0, 1 or ``nan``, or ``n_last`` is below 1.
    """
    x = _binary(held_back)
    if n_last < 1:
        raise ParameterError(f"n_last must be 1 or more, got {n_last}.")
    kept = x[~np.isnan(x)][-n_last:]
    return int(kept.sum()), int(kept.size)


def together(client: ArrayLike, therapist: ArrayLike) -> UnsaidTogether:
    r"""Set both people's ``unsaid`` side by side.

    Under no connection, with both margins as they are, the number of sessions in
    which both held back is hypergeometric with mean :math:`n_c n_t / n`.

    Parameters
    ----------
    client, therapist : array_like, shape (n_sessions,)
        1 held back, 0 not, ``nan`` not opened to both.

    Returns
    -------
    UnsaidTogether
        Swapping the seats swaps ``client_only`` with ``therapist_only`` and the two
        next-session counts, and leaves the rest.

    Raises
    ------
    ParameterError
        If a value is not 0, 1 or ``nan``, or the lengths differ.
    """
    c, t = _binary(client), _binary(therapist)
    if c.shape != t.shape:
        raise ParameterError("client and therapist must have the same length.")
    opened = ~np.isnan(c) & ~np.isnan(t)
    a, b = c[opened] == 1, t[opened] == 1
    n, both = int(opened.sum()), int((a & b).sum())
    n_c, n_t = int(a.sum()), int(b.sum())
    return UnsaidTogether(
        n=n,
        both=both,
        client_only=n_c - both,
        therapist_only=n_t - both,
        neither=n - n_c - n_t + both,
        both_expected=n_c * n_t / n if n else float("nan"),
        both_by_chance=_as_many_or_more(both, n_c, n_t, n),
        therapist_after_client=_next(c, t, opened),
        client_after_therapist=_next(t, c, opened),
    )


def _binary(values: ArrayLike) -> NDArray[np.float64]:
    x = np.asarray(values, dtype=float)
    if x.ndim != 1 or not np.isin(x[~np.isnan(x)], (0.0, 1.0)).all():
        raise ParameterError("held_back must be one axis of 0, 1 or nan.")
    return x


def _next(
    first: NDArray[np.float64], second: NDArray[np.float64], opened: NDArray[np.bool_]
) -> tuple[int, int]:
    """Count neighbouring sessions only: a gap between them tells of no next session."""
    pairs = opened[:-1] & opened[1:] & (first[:-1] == 1)
    return int((second[1:][pairs] == 1).sum()), int(pairs.sum())


def _as_many_or_more(both: int, n_c: int, n_t: int, n: int) -> float:
    if n == 0:
        return float("nan")
    ks = np.arange(both, min(n_c, n_t) + 1)

    def log_choose(
        m: NDArray[np.int64] | int, k: NDArray[np.int64] | int
    ) -> NDArray[np.float64]:
        m, k = np.asarray(m), np.asarray(k)
        out: NDArray[np.float64] = gammaln(m + 1) - gammaln(k + 1) - gammaln(m - k + 1)
        return out

    log_p = log_choose(n_c, ks) + log_choose(n - n_c, n_t - ks) - log_choose(n, n_t)
    return float(min(1.0, np.exp(log_p).sum()))
