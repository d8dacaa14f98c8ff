"""Whether two scores differ by more than the instrument's own error: six indices."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from duologue.engine.change.codes import Better, Category, Reason
from duologue.engine.change.courses import Scores, two_scores
from duologue.errors import ParameterError

TWO_SIDED = float(ndtri(0.975))
"""1.959964: beyond it in either direction, 5 in 100 by chance."""

ONE_SIDED = float(ndtri(0.95))
"""1.644854: Hageman and Arrindell ask each direction for itself."""


class Index(StrEnum):
    """An index of reliable change, by the initials of its authors."""

    JT = "JT"
    """Jacobson and Truax (1991): the two scores alone. The default."""

    GLN = "GLN"
    """Gulliksen, Lord and Novick: the first score regressed to the first mean."""

    HLL = "HLL"
    """Hsu, Linn and Lord: as GLN, about the second mean too."""

    EN = "EN"
    """Edwards and Nunnally, Speer (1992): against the regressed first score."""

    NK = "NK"
    """Nunnally and Kotsch: as EN, with the error of both scores."""

    HA = "HA"
    """Hageman and Arrindell (1999): with the reliability of the change itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What an index takes from the instrument and from a group; ``nan`` if not known.

    Attributes
    ----------
    reliability : float in [0, 1)
        r, of the instrument.
    sd : float >= 0
        s1, standard deviation (n - 1) of first scores, published or of a sample.
    mean : float
        m1, their mean; GLN, EN, NK, HLL and HA need it.
    mean_after, sd_after, correlation : float
        m2, s2 and the correlation of first and second scores of the same sample; HLL
        needs the first, HA all of them. No publication can stand for them.
    reliability_after : float in [0, 1) or None
        Of the second score, for NK; as the first if ``None``.
    """

    reliability: float
    sd: float
    mean: float = float("nan")
    mean_after: float = float("nan")
    sd_after: float = float("nan")
    correlation: float = float("nan")
    reliability_after: float | None = None

    def __post_init__(self) -> None:
        """Refuse what no instrument has."""
        for name in ("reliability", "reliability_after"):
            value = getattr(self, name)
            if value is not None and not 0 <= value < 1:
                raise ParameterError(f"{name} must lie in [0, 1), got {value}.")
        for name in ("sd", "sd_after"):
            value = getattr(self, name)
            if value < 0 or np.isinf(value):
                raise ParameterError(f"{name} must be 0 or more, got {value}.")

    @property
    def sem(self) -> float:
        """Standard error of one score, s1 sqrt(1 - r)."""
        return self.sd * float(np.sqrt(1 - self.reliability))

    @property
    def sd_of_difference(self) -> float:
        """Standard error of a difference, SEM sqrt 2."""
        return self.sem * float(np.sqrt(2))

    @property
    def true_after(self) -> float:
        """Reliability of the second scores of the sample, 1 - SEM^2 / s2^2."""
        if not self.sd_after > 0:
            return float("nan")
        return 1 - self.sem**2 / self.sd_after**2


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliableChange:
    """An index for each course, and what it says.

    Attributes
    ----------
    values : ndarray, shape (...)
        The index, positive where the score rose; ``nan`` where undefined.
    category : ndarray of int8, shape (...)
        A `Category`: improved, unchanged, deteriorated or undefined.
    reason : ndarray of int8, shape (...)
        Why it is undefined: a `Reason`.
    index, reference, better
        What was asked.
    """

    values: Scores
    category: NDArray[np.int8]
    reason: NDArray[np.int8]
    index: Index
    reference: Reference
    better: Better


def reference_of(
    pre: ArrayLike,
    post: ArrayLike,
    *,
    reliability: float,
    reliability_after: float | None = None,
) -> Reference:
    """Take the numbers of a sample: means, standard deviations (n - 1), correlation.

    Parameters
    ----------
    pre, post : array_like, shape (n_courses,)
        First and last scores; who lacks either is left out.
    reliability, reliability_after : float in [0, 1)
        Of the instrument; the second as the first if ``None``.

    Returns
    -------
    Reference
        ``nan`` for what so few do not have: standard deviations of fewer than two,
        the correlation where either score has no spread.

    Raises
    ------
    ParameterError
        If the two differ in shape, have more than one axis, or are infinite.
    """
    x1, x2 = two_scores(pre, post)
    if x1.ndim != 1:
        raise ParameterError(f"pre and post must have one axis, got {x1.ndim}.")
    both = ~np.isnan(x1) & ~np.isnan(x2)
    (m1, s1, z1), (m2, s2, z2) = _moments(x1[both]), _moments(x2[both])
    n = int(both.sum())
    defined = s1 > 0 and s2 > 0
    return Reference(
        reliability=reliability,
        reliability_after=reliability_after,
        mean=m1,
        sd=s1,
        mean_after=m2,
        sd_after=s2,
        correlation=float((z1 * z2).sum()) / ((n - 1) * s1 * s2) if defined else np.nan,
    )


def reliable_change(
    pre: ArrayLike,
    post: ArrayLike,
    *,
    reference: Reference,
    better: Better,
    index: Index = Index.JT,
    z: float | None = None,
) -> ReliableChange:
    r"""Change in units of its own standard error, by one of six indices.

    .. math::

        JT &= (x_2 - x_1) / (SEM \sqrt 2), \qquad SEM = s_1 \sqrt{1 - r} \\
        GLN &= (x_2 - m_1 - r (x_1 - m_1)) / (s_1 \sqrt{1 - r^2}) \\
        HLL &= (x_2 - m_2 - r (x_1 - m_1)) / (s_1 \sqrt{1 - r^2}) \\
        EN &= (x_2 - m_1 - r (x_1 - m_1)) / SEM \\
        NK &= (x_2 - m_1 - r (x_1 - m_1)) /
              \sqrt{r^2 s_1^2 (1 - r) + s_1^2 (1 - r_{post})} \\
        HA &= ((x_2 - x_1) R + (m_2 - m_1)(1 - R)) / (\sqrt R \, SEM \sqrt 2)

    with :math:`R = (s_1^2 r_1 + s_2^2 r_2 - 2 s_1 s_2 c) / (s_1^2 + s_2^2 - 2 s_1 s_2
    c)`, :math:`r_k = 1 - SEM^2 / s_k^2` and c the correlation of the two scores.

    Parameters
    ----------
    pre, post : array_like, shape (...)
        Scores in the instrument's own points; ``nan`` where blank.
    reference : Reference
        Published numbers, or those of a sample (`reference_of`).
    better : Better
        Which way is better.
    index : Index
        JT needs published numbers alone; HLL and HA need a sample.
    z : float > 0, optional
        Changed is strictly beyond it; 1.959964, and 1.644854 for HA, where left out.

    Returns
    -------
    ReliableChange
        Undefined, with a reason, where a score is blank (`Reason.BLANK`), a needed
        number is not known (``NEEDS_SAMPLE``), nothing varies (``NO_SPREAD``), or the
        change has no reliability at all (``NOT_RELIABLE``, HA).

    Raises
    ------
    ParameterError
        If ``pre`` and ``post`` differ in shape or are infinite, or ``z`` is not
        positive.

    References
    ----------
    Jacobson, N. S., & Truax, P. (1991). Journal of Consulting and Clinical
    Psychology, 59(1), 12-19. https://doi.org/10.1037/0022-006X.59.1.12

    Hageman, W. J. J. M., & Arrindell, W. A. (1999). Behaviour Research and Therapy,
    37(12), 1169-1193. https://doi.org/10.1016/S0005-7967(99)00032-7

    Examples
    --------
    >>> norms = Reference(sd=7.5, reliability=0.80)
    >>> found = reliable_change(32.5, 47.5, reference=norms, better=Better.HIGHER)
    >>> print(f"{found.values:.3f}", Category(found.category).name)
    3.162 IMPROVED
    """
    x1, x2 = two_scores(pre, post)
    if z is None:
        z = ONE_SIDED if index is Index.HA else TWO_SIDED
    if not z > 0:
        raise ParameterError(f"z must be above 0, got {z}.")
    why = _refused(reference, index)
    if why is Reason.NONE:
        values = _values(x1, x2, reference, index)
    else:
        values = np.full(x1.shape, np.nan)
    blank = np.isnan(x1) | np.isnan(x2)
    reason = np.where(blank, Reason.BLANK, why).astype(np.int8)
    return ReliableChange(
        values=values,
        category=category_of(better * values, z, -z, strict=True),
        reason=reason,
        index=index,
        reference=reference,
        better=better,
    )


def category_of(
    towards_better: Scores, improved: float, deteriorated: float, *, strict: bool
) -> NDArray[np.int8]:
    """Sort by two limits: improved, unchanged, deteriorated; undefined where ``nan``.

    Parameters
    ----------
    towards_better : ndarray, shape (...)
        Change, positive where it is for the better.
    improved, deteriorated : float
        The limits.
    strict : bool
        Whether a change of exactly the limit is no change yet.

    Returns
    -------
    ndarray of int8, shape (...)
        A `Category` each.
    """
    up = towards_better > improved if strict else towards_better >= improved
    down = towards_better < deteriorated if strict else towards_better <= deteriorated
    return np.select(
        [np.isnan(towards_better), up, down],
        [Category.UNDEFINED, Category.IMPROVED, Category.DETERIORATED],
        Category.UNCHANGED,
    ).astype(np.int8)


def _refused(own: Reference, index: Index) -> Reason:
    """Say why this index cannot be had from these numbers, if it cannot."""
    needed = [own.sd]
    if index is not Index.JT:
        needed.append(own.mean)
    if index in {Index.HLL, Index.HA}:
        needed.append(own.mean_after)
    if index is Index.HA:
        needed.append(own.sd_after)
    if np.isnan(needed).any():
        return Reason.NEEDS_SAMPLE
    if own.sd == 0:
        return Reason.NO_SPREAD
    return _refused_by_change(own) if index is Index.HA else Reason.NONE


def _refused_by_change(own: Reference) -> Reason:
    if own.sd_after == 0:
        return Reason.NO_SPREAD
    if np.isnan(own.correlation):
        return Reason.NEEDS_SAMPLE
    seen, true = _variance_of_change(own)
    if seen <= 1e-12 * (own.sd**2 + own.sd_after**2):
        return Reason.NO_SPREAD
    return Reason.NONE if true > 0 else Reason.NOT_RELIABLE


def _variance_of_change(own: Reference) -> tuple[float, float]:
    """Variance of the change in the sample, and what of it is not error."""
    seen = own.sd**2 + own.sd_after**2 - 2 * own.sd * own.sd_after * own.correlation
    return seen, seen - 2 * own.sem**2


def _values(x1: Scores, x2: Scores, own: Reference, index: Index) -> Scores:
    if index is Index.JT:
        return (x2 - x1) / own.sd_of_difference
    if index is Index.HA:
        seen, true = _variance_of_change(own)
        R = true / seen
        shift = (own.mean_after - own.mean) * (1 - R)
        return ((x2 - x1) * R + shift) / (float(np.sqrt(R)) * own.sd_of_difference)
    r, s = own.reliability, own.sd
    centre = own.mean_after if index is Index.HLL else own.mean
    beyond = (x2 - centre) - r * (x1 - own.mean)
    if index in {Index.GLN, Index.HLL}:
        return beyond / (s * float(np.sqrt(1 - r**2)))
    if index is Index.EN:
        return beyond / own.sem
    r_post = r if own.reliability_after is None else own.reliability_after
    return beyond / (s * float(np.sqrt(r**2 * (1 - r) + (1 - r_post))))


def _moments(x: Scores) -> tuple[float, float, Scores]:
    """Mean, standard deviation and deviations, exactly 0 where all are equal."""
    if not x.size:
        return float("nan"), float("nan"), x
    z = x - x[0]
    mean = float(z.mean())
    z = z - mean
    sd = float(np.sqrt((z * z).sum() / (x.size - 1))) if x.size > 1 else float("nan")
    return float(x[0]) + mean, sd, z
