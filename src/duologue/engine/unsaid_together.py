"""Whether holding back in one goes with holding back in the other, over a caseload."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from duologue.engine.chance import (
    ROUNDING,
    as_high,
    check_permutations,
    comparable,
    lengths_of,
)
from duologue.engine.estimates import (
    MIN_PAIRS,
    Estimate,
    Reason,
    added_up,
    around,
    cannot_tell,
    check_level,
    codes_of,
    jackknife,
)
from duologue.errors import ParameterError

CHUNK = 256
"""Pairs, or permutations, that are held in memory at once."""

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Association:
    """The answer to one question about a caseload: whether the one goes with the other.

    Attributes
    ----------
    log_odds : Estimate
        Log odds ratio of Mantel and Haenszel within pairs; above 0 where the two go
        together. Interval from leaving out one pair at a time.
    log_odds_partners : float
        The same of all clients with all other therapists' series of comparable
        length: what comes of what all courses have in common, to be read beside it.
    score : float
        Sessions with both beyond what each pair's own counts would give, over all
        pairs, in standard deviations as if sessions were independent; ``nan`` if
        nothing can be told.
    p_partners, p_order : float
        How often a caseload with shuffled partners, or with one's series turned
        against the other's, scores as high or higher; (b + 1) / (n + 1). ``nan`` if
        nothing can be told.
    n_informative : int
        Pairs in which both have changed at all, so that they tell something.
    n_shuffled : int
        Pairs with another of comparable length.
    reason : Reason
        ``TOLD``, or why there is no answer.
    """

    log_odds: Estimate
    log_odds_partners: float
    score: float
    p_partners: float
    p_order: float
    n_informative: int
    n_shuffled: int
    reason: Reason

    @property
    def p(self) -> float:
        """The larger of the two: it must be beyond both."""
        return max(self.p_partners, self.p_order)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsaidOverCaseload:
    """Three questions about what is left unsaid.

    Attributes
    ----------
    same_session : Association
        In one session: does the one hold back where the other does?
    therapist_after_client, client_after_therapist : Association
        After a session where the one held back: does the other hold back in the next,
        at the same own answer in the session itself?
    n_pairs, n_sessions : int
        Pairs and sessions that both answered.
    """

    same_session: Association
    therapist_after_client: Association
    client_after_therapist: Association
    n_pairs: int
    n_sessions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answers:
    """Answers of one seat as 0 and 1, and where there are any."""

    held: Array
    there: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tables:
    """Sums over one pair's 2 x 2 tables, for many pairs, shifts or partners.

    ``score`` is both minus expected, ``variance`` its hypergeometric variance, and
    ``ratio`` holds a d / n and b c / n.
    """

    score: Array
    variance: Array
    ratio: tuple[Array, Array]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chance:
    """What permutations come to: their scores, and a log odds ratio, ``nan`` if none."""

    scores: Array
    log_odds: float


Question = Callable[[_Answers, _Answers, str], _Tables]


def held_back(levels: ArrayLike, *, least: int = 1) -> Array:
    """Turn levels of the answer into held back or not.

    Parameters
    ----------
    levels : array_like
        0 no, 1 a little, 2 something that matters; ``nan`` not answered. "I would
        rather not answer" is no answer.
    least : {1, 2}
        From which level on something counts as held back; to be fixed beforehand.

    Returns
    -------
    ndarray
        1, 0 or ``nan``, of the same shape.

    Raises
    ------
    ParameterError
        If a level or ``least`` is another number.
    """
    x = np.asarray(levels, dtype=float)
    if not np.isin(x[~np.isnan(x)], (0.0, 1.0, 2.0)).all():
        raise ParameterError("levels must be 0, 1, 2 or nan.")
    if least not in {1, 2}:
        raise ParameterError(f"least must be 1 or 2, got {least}.")
    return np.where(np.isnan(x), np.nan, (x >= least).astype(float))


def unsaid_together(
    client: ArrayLike,
    therapist: ArrayLike,
    *,
    clusters: ArrayLike | None = None,
    n_permutations: int = 2000,
    seed: int = 0,
    level: float = 0.95,
) -> UnsaidOverCaseload:
    r"""Ask whether holding back goes together, beyond partners and order.

    Within each pair d the sessions make a 2 x 2 table a, b, c, d of n; over all pairs

    .. math:: OR = \frac{\sum a d / n}{\sum b c / n}, \qquad
        z = \frac{\sum (a - (a + b)(a + c) / n)}{\sqrt{\sum V}}

    with V the hypergeometric variance. For the next session the tables set the one's
    session j against the other's j + 1, apart for each of the other's own answers in
    j. Both leave out of account how often each person holds back at all.

    z is held against two distributions. **Partners shuffled**: clients go with the
    therapist's series of another pair of comparable length, session by session; each
    series stays whole, with its autocorrelation, its blanks and whatever changes for
    everybody from session to session. **Order turned**: within a pair one series is
    turned in a circle against the other by a random number of sessions; each keeps its
    own autocorrelation and rate. What all courses have in common is answered by the
    first alone: where everybody drifts alike, the second finds what is not there.

    Where the two go together in the same session, they will be found together in the
    next one too, since a yes or no is a coarse account of what carries over: that is
    then no evidence that the one follows the other (docs/validation-unsaid.md).

    Parameters
    ----------
    client, therapist : array_like, shape (n_pairs, n_sessions)
        1 held back, 0 not, ``nan`` not answered or not opened. A course ends with the
        last answer of either.
    clusters : array_like, shape (n_pairs,), optional
        What pairs have in common, such as a therapist. Then clusters, not pairs, are
        left out in turn for the intervals. Shuffling partners allows for it anyhow:
        clients are given to therapists' series at random, whoever wrote those.
    n_permutations, seed : int
        Permutations of each kind, 99 or more, and their seed. The same seed gives the
        same bytes.
    level : float in (0.5, 1)
        Level of the intervals.

    Returns
    -------
    UnsaidOverCaseload
        Swapping the seats swaps the two questions of the next session, to the bit.

    Raises
    ------
    ParameterError
        If shapes differ or are not two axes, a value is not 0, 1 or ``nan``, a label
        of ``clusters`` is missing, or an option is out of range.

    References
    ----------
    Mantel, N., & Haenszel, W. (1959). Journal of the National Cancer Institute, 22,
    719-748. Phipson, B., & Smyth, G. K. (2010). Permutation p-values should never be
    zero. Statistical Applications in Genetics and Molecular Biology, 9(1), 39.
    """
    check_level(level)
    check_permutations(n_permutations)
    seats = _binary("client", client), _binary("therapist", therapist)
    if seats[0].shape != seats[1].shape:
        raise ParameterError("client and therapist must have the same shape.")
    # Whichever seat comes first, the same draws are made: the two are put in an order
    # that does not know the seats.
    swapped = seats[1].tobytes() < seats[0].tobytes()
    one, other = seats[::-1] if swapped else seats
    kept = ~np.isnan(one).all(axis=1) & ~np.isnan(other).all(axis=1)
    codes = codes_of(clusters, n_pairs=kept.size)[kept]
    found = _ask(one[kept], other[kept], codes, n_permutations, seed=seed, level=level)
    same, other_after_one, one_after_other = found
    both = ~np.isnan(one) & ~np.isnan(other)
    return UnsaidOverCaseload(
        same_session=same,
        therapist_after_client=one_after_other if swapped else other_after_one,
        client_after_therapist=other_after_one if swapped else one_after_other,
        n_pairs=int(both.any(axis=1).sum()),
        n_sessions=int(both.sum()),
    )


def _binary(name: str, values: ArrayLike) -> Array:
    x = np.asarray(values, dtype=float)
    if x.ndim != 2 or not np.isin(x[~np.isnan(x)], (0.0, 1.0)).all():
        raise ParameterError(
            f"{name} must have the shape (n_pairs, n_sessions) and hold 0, 1 or nan."
        )
    return x + 0.0  # -0 is 0, and its bytes too


def _ask(
    one: Array,
    other: Array,
    codes: NDArray[np.int64],
    n: int,
    *,
    seed: int,
    level: float,
) -> tuple[Association, Association, Association]:
    """Ask all three questions with the same permutations."""
    lengths = lengths_of(one, other)
    groups = comparable(lengths)
    streams = np.random.SeedSequence(seed).spawn(2)
    partners = _by_partners(one, other, groups, n, np.random.default_rng(streams[0]))
    order = _by_order(one, other, lengths, n, np.random.default_rng(streams[1]))
    n_shuffled = sum(group.size for group in groups if group.size > 1)
    seats = _answers(one), _answers(other)
    out = [
        _association(
            question(*seats, "it,it->i"),
            partners[i],
            order[i],
            codes,
            n_shuffled=n_shuffled,
            level=level,
        )
        for i, question in enumerate(QUESTIONS)
    ]
    return out[0], out[1], out[2]


# Tables ------------------------------------------------------------------------------


def _answers(values: Array) -> _Answers:
    there = ~np.isnan(values)
    return _Answers(held=np.where(there, values, 0.0), there=there.astype(np.float64))


def _same_session(one: _Answers, other: _Answers, how: str) -> _Tables:
    return _tables(one, other, how)


def _other_after_one(one: _Answers, other: _Answers, how: str) -> _Tables:
    """Set one's session against the other's next, for each own answer of the other."""
    first = _Answers(held=one.held[..., :-1], there=one.there[..., :-1])
    now, after = other.held[..., :-1], other.held[..., 1:]
    known = other.there[..., :-1] * other.there[..., 1:]
    parts = [
        _tables(first, _Answers(held=after * own, there=own), how)
        for own in (known * now, known * (1 - now))
    ]
    return _Tables(
        score=parts[0].score + parts[1].score,
        variance=parts[0].variance + parts[1].variance,
        ratio=(
            parts[0].ratio[0] + parts[1].ratio[0],
            parts[0].ratio[1] + parts[1].ratio[1],
        ),
    )


def _one_after_other(one: _Answers, other: _Answers, how: str) -> _Tables:
    seats, result = how.split("->")
    left, right = seats.split(",")
    return _other_after_one(other, one, f"{right},{left}->{result}")


QUESTIONS: tuple[Question, ...] = (_same_session, _other_after_one, _one_after_other)


def _tables(one: _Answers, other: _Answers, how: str) -> _Tables:
    """Sum up the tables; ``how`` says in the words of einsum what is set together."""

    def count(left: Array, right: Array) -> Array:
        out: Array = np.einsum(how, left, right, optimize=True)
        return out

    n = count(one.there, other.there)
    rows, columns = count(one.held, other.there), count(one.there, other.held)
    both = count(one.held, other.held)
    some, more = np.maximum(n, 1), np.maximum(n - 1, 1)
    spread = rows * (n - rows) * columns * (n - columns)
    return _Tables(
        score=both - rows * columns / some,
        variance=spread / (some * some * more),
        ratio=(
            both * (n - rows - columns + both) / some,
            (rows - both) * (columns - both) / some,
        ),
    )


# What chance alone would do ----------------------------------------------------------


def _score(score: Array, variance: Array) -> Array:
    """Sum over pairs (last axis) and standardise; 0 where nothing varies."""
    total = variance.sum(axis=-1)
    out: Array = score.sum(axis=-1) / np.sqrt(np.where(total > 0, total, 1.0))
    return out


def _chunks(n: int) -> Iterator[slice]:
    edges = [*range(0, n, CHUNK), n]
    return (slice(start, stop) for start, stop in pairwise(edges))


def _add(
    sums: list[Array],
    tables: list[_Tables],
    drawn: tuple[NDArray[np.int64], NDArray[np.int64]],
    part: slice,
) -> None:
    """Add the scores and variances of what was drawn to those of some permutations."""
    for total, table in zip(sums, tables, strict=True):
        total[0, part] += table.score[drawn].sum(axis=1)
        total[1, part] += table.variance[drawn].sum(axis=1)


def _by_partners(
    one: Array,
    other: Array,
    groups: list[NDArray[np.int64]],
    n: int,
    rng: np.random.Generator,
) -> list[_Chance]:
    """Shuffle partners within groups, for all three questions."""
    sums = [np.zeros((2, n)) for _ in QUESTIONS]
    ratios = np.zeros((len(QUESTIONS), 2))
    for group in groups:
        seats = _answers(one[group]), _answers(other[group])
        tables = [question(*seats, "it,kt->ik") for question in QUESTIONS]
        ratios += [[_of_others(part) for part in table.ratio] for table in tables]
        rows = np.arange(group.size)
        for part in _chunks(n):
            size = (part.stop - part.start, group.size)
            drawn = np.argsort(rng.random(size), axis=1)
            _add(sums, tables, (rows, drawn), part)
    return [
        _Chance(
            scores=_score(*total[..., None]),
            log_odds=float(np.log(up / down)) if min(up, down) > ROUNDING else np.nan,
        )
        for total, (up, down) in zip(sums, ratios, strict=True)
    ]


def _of_others(part: Array) -> float:
    """Return the sum over pairs of the mean over all others' partners."""
    m = part.shape[0]
    return float((part.sum() - np.trace(part)) / (m - 1)) if m > 1 else 0.0


def _by_order(
    one: Array,
    other: Array,
    lengths: NDArray[np.int64],
    n: int,
    rng: np.random.Generator,
) -> list[Array]:
    """Scores of all three questions with one series turned against the other."""
    sums = [np.zeros((2, n)) for _ in QUESTIONS]
    for pairs in _chunks(lengths.size):
        tables = _turned(one[pairs], other[pairs], lengths[pairs])
        rows = np.arange(pairs.stop - pairs.start)
        for part in _chunks(n):
            size = (part.stop - part.start, rows.size)
            drawn = np.floor(rng.random(size) * lengths[pairs]).astype(np.int64)
            _add(sums, tables, (rows, drawn), part)
    return [_score(*total[..., None]) for total in sums]


def _turned(one: Array, other: Array, lengths: NDArray[np.int64]) -> list[_Tables]:
    """Tables of each pair (rows) for each turn of one's series (columns)."""
    sessions = np.arange(one.shape[1])
    where = (sessions[None, :, None] + sessions) % lengths[:, None, None]
    inside = sessions < lengths[:, None, None]
    turned = np.take_along_axis(one[:, None, :], where, axis=2)
    seats = _answers(np.where(inside, turned, np.nan)), _answers(other)
    return [question(*seats, "iqt,it->iq") for question in QUESTIONS]


# The answer --------------------------------------------------------------------------


def _association(
    tables: _Tables,
    partners: _Chance,
    order: Array,
    codes: NDArray[np.int64],
    *,
    n_shuffled: int,
    level: float,
) -> Association:
    tells = tables.variance > 0
    n_informative = int(tells.sum())
    score = float(_score(tables.score, tables.variance))
    reason = _reason(n_informative, n_shuffled, tables)
    told = reason is Reason.TOLD
    nan = float("nan")
    return Association(
        log_odds=_log_odds(tables, tells, codes, level=level)
        if told
        else cannot_tell(reason, n_pairs=n_informative),
        log_odds_partners=partners.log_odds if told else nan,
        score=score if told else nan,
        p_partners=as_high(partners.scores, score) if told else nan,
        p_order=as_high(order, score) if told else nan,
        n_informative=n_informative,
        n_shuffled=n_shuffled,
        reason=reason,
    )


def _reason(n_informative: int, n_shuffled: int, tables: _Tables) -> Reason:
    if tables.score.size < MIN_PAIRS or n_shuffled < MIN_PAIRS:
        return Reason.TOO_FEW_PAIRS
    return Reason.TOLD if n_informative >= MIN_PAIRS else Reason.NO_SPREAD


def _log_odds(
    tables: _Tables,
    tells: NDArray[np.bool_],
    codes: NDArray[np.int64],
    *,
    level: float,
) -> Estimate:
    """Log odds ratio of Mantel and Haenszel, with the jackknife over pairs."""
    sums = added_up(np.stack(tables.ratio, axis=1)[tells], codes[tells])
    rest = sums.sum(axis=0) - sums
    n_pairs, n_units = int(tells.sum()), sums.shape[0]
    if n_units < MIN_PAIRS:
        return cannot_tell(Reason.TOO_FEW_PAIRS, n_pairs=n_pairs)
    if rest.min() <= ROUNDING:
        return cannot_tell(Reason.NO_SPREAD, n_pairs=n_pairs)
    left = np.log(rest[:, :1] / rest[:, 1:])
    up, down = sums.sum(axis=0)
    return around(
        float(np.log(up / down)),
        se=float(np.sqrt(jackknife(left)[0, 0])),
        df=n_units - 1,
        n_pairs=n_pairs,
        level=level,
    )
