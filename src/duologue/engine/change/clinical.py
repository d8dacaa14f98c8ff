"""From one side of a cut-off to the other: clinically significant change."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from duologue.engine.change.codes import Better, Category, Reason
from duologue.engine.change.courses import Scores, two_scores
from duologue.engine.change.reliable import (
    ONE_SIDED,
    Index,
    ReliableChange,
)
from duologue.errors import ParameterError


class Kind(StrEnum):
    """Where the cut-off lies (Jacobson and Truax 1991)."""

    A = "a"
    """Two standard deviations from the clinical mean, towards better."""

    B = "b"
    """Two standard deviations from the functional mean, towards worse."""

    C = "c"
    """Between the two means, where a score is as likely in either group."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Norm:
    """Mean and standard deviation (n - 1) of a group, in the instrument's points."""

    mean: float
    sd: float

    def __post_init__(self) -> None:
        """Refuse what no group has."""
        if not np.isfinite(self.mean):
            raise ParameterError(f"mean must be a finite number, got {self.mean}.")
        if not 0 <= self.sd < np.inf:
            raise ParameterError(f"sd must be 0 or more, got {self.sd}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class CutOff:
    """A cut-off, ``nan`` where there is none, and then why."""

    value: float
    reason: Reason = Reason.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicalChange:
    """What became of each course, by an index and a cut-off.

    Attributes
    ----------
    category : ndarray of int8, shape (...)
        A `Category`.
    clinical_before, functional_after : ndarray of bool, shape (...)
        On which side of the cut-off the scores lie; ``False`` where undefined. For
        HA, ``functional_after`` is about true scores, and asks for the first too.
    certainty : ndarray, shape (...)
        HA: distance of the second true score from the cut-off in standard errors,
        positive where it is higher; ``nan`` for other indices.
    reason : ndarray of int8, shape (...)
        Why it is undefined: a `Reason`.
    """

    category: NDArray[np.int8]
    clinical_before: NDArray[np.bool_]
    functional_after: NDArray[np.bool_]
    certainty: Scores
    reason: NDArray[np.int8]


def cut_off(
    kind: Kind,
    *,
    better: Better,
    clinical: Norm | None = None,
    functional: Norm | None = None,
    sem: float = 0.0,
    compat: bool = False,
) -> CutOff:
    r"""Find the cut-off between a clinical and a functional group.

    With d = 1 where higher is better and -1 where lower is,

    .. math::

        a = m_{clin} + 2 d \, s_{clin}, \quad b = m_{func} - 2 d \, s_{func}, \quad
        c = \frac{s_{clin} m_{func} + s_{func} m_{clin}}{s_{clin} + s_{func}}

    Parameters
    ----------
    kind : Kind
        a needs the clinical norm, b the functional one, c both.
    better : Better
        Which way is better.
    clinical, functional : Norm, optional
        The two groups.
    sem : float >= 0
        Standard error of measurement. Above 0 each s becomes that of true scores,
        :math:`s \sqrt{1 - SEM^2 / s^2}` (Hageman and Arrindell 1999).
    compat : bool
        b with the clinical standard deviation in place of the functional one, as
        clinicalsignificance 3.0.0.9000 has it; both norms are needed then.

    Returns
    -------
    CutOff
        Undefined where a norm is missing (`Reason.NEEDS_SAMPLE`), neither group has
        spread for c (``NO_SPREAD``), or the error exceeds the spread
        (``NOT_RELIABLE``).

    Raises
    ------
    ParameterError
        If ``sem`` is negative.

    References
    ----------
    Jacobson, N. S., & Truax, P. (1991). Journal of Consulting and Clinical
    Psychology, 59(1), 12-19. https://doi.org/10.1037/0022-006X.59.1.12

    Examples
    --------
    >>> ill, well = Norm(mean=40, sd=7.5), Norm(mean=60, sd=7.5)
    >>> cut_off(Kind.C, better=Better.HIGHER, clinical=ill, functional=well).value
    50.0
    """
    if not 0 <= sem < np.inf:
        raise ParameterError(f"sem must be 0 or more, got {sem}.")
    needs_clinical = kind is not Kind.B or compat
    needs_functional = kind is not Kind.A
    ill = clinical if needs_clinical else None
    well = functional if needs_functional else None
    if (needs_clinical and ill is None) or (needs_functional and well is None):
        return CutOff(value=float("nan"), reason=Reason.NEEDS_SAMPLE)
    norms = [norm for norm in (ill, well) if norm is not None]
    if any(norm.sd < sem for norm in norms):
        return CutOff(value=float("nan"), reason=Reason.NOT_RELIABLE)
    sds = [float(np.sqrt(norm.sd**2 - sem**2)) for norm in norms]
    if kind is not Kind.C:
        # The clinical spread stands first, where it is used at all.
        sign = 1 if kind is Kind.A else -1
        return CutOff(value=norms[-1].mean + sign * 2 * better * sds[0])
    if not sum(sds) > 0:
        return CutOff(value=float("nan"), reason=Reason.NO_SPREAD)
    value = (sds[0] * norms[1].mean + sds[1] * norms[0].mean) / sum(sds)
    return CutOff(value=value)


def clinical_change(
    pre: ArrayLike, post: ArrayLike, *, change: ReliableChange, cut: CutOff
) -> ClinicalChange:
    r"""Sort courses by reliable change and by the side of a cut-off.

    The first that holds: **recovered**, clinical before, functional after and
    improved; **improved**; **harmed**, deteriorated, not clinical before and not
    functional after; **deteriorated**; **unchanged**. A score on the cut-off is on
    neither side. For HA, functional after is clinical before and

    .. math:: d \, (m_2 + (x_2 - m_2) r_2 - cut) / (\sqrt{r_2} \, SEM) > 1.644854

    so that whoever deteriorates from a functional score counts as harmed.

    Parameters
    ----------
    pre, post : array_like, shape (...)
        The scores that ``change`` is of; ``nan`` where blank.
    change : ReliableChange
        The index, and which way is better.
    cut : CutOff
        For HA one of true scores (``sem`` above 0).

    Returns
    -------
    ClinicalChange
        Undefined where the index or the cut-off is, with its reason.

    Raises
    ------
    ParameterError
        If the scores are not of the shape of ``change``.
    """
    x1, x2 = two_scores(pre, post)
    if x1.shape != change.values.shape:
        raise ParameterError(
            f"pre and post must have the shape of change, {change.values.shape}, got "
            f"{x1.shape}."
        )
    d = change.better
    why = cut.reason
    certainty = np.full(x1.shape, np.nan)
    if change.index is Index.HA and why is Reason.NONE:
        certainty, why = _certainty(x2, change, cut.value)
    before = d * x1 < d * cut.value
    if change.index is Index.HA:
        after = before & (d * certainty > ONE_SIDED)
    else:
        after = d * x2 > d * cut.value
    reason = np.where(change.reason == Reason.NONE, why, change.reason)
    defined = reason == Reason.NONE
    return ClinicalChange(
        category=_sorted(change, before & defined, after & defined, defined),
        clinical_before=before & defined,
        functional_after=after & defined,
        certainty=np.where(defined, certainty, np.nan),
        reason=reason.astype(np.int8),
    )


def _certainty(x2: Scores, change: ReliableChange, cut: float) -> tuple[Scores, Reason]:
    own = change.reference
    r = own.true_after
    if not r > 0:
        return np.full(x2.shape, np.nan), Reason.NOT_RELIABLE
    true = own.mean_after + (x2 - own.mean_after) * r
    return (true - cut) / (np.sqrt(r) * own.sem), Reason.NONE


def _sorted(
    change: ReliableChange,
    before: NDArray[np.bool_],
    after: NDArray[np.bool_],
    defined: NDArray[np.bool_],
) -> NDArray[np.int8]:
    improved = change.category == Category.IMPROVED
    worse = change.category == Category.DETERIORATED
    return np.select(
        [
            ~defined,
            before & after & improved,
            improved,
            worse & ~before & ~after,
            worse,
        ],
        [
            Category.UNDEFINED,
            Category.RECOVERED,
            Category.IMPROVED,
            Category.HARMED,
            Category.DETERIORATED,
        ],
        Category.UNCHANGED,
    ).astype(np.int8)
