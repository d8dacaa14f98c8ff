"""Change over many courses: each first score against the last, and sudden gains between."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duologue.engine.change.clinical import CutOff, clinical_change
from duologue.engine.change.codes import Better, Category, Reason
from duologue.engine.change.courses import Ends, ends
from duologue.engine.change.percent import matters, percent_change
from duologue.engine.change.reliable import (
    Index,
    Reference,
    ReliableChange,
    reference_of,
    reliable_change,
)
from duologue.engine.change.sudden import Way, sudden_changes
from duologue.errors import ParameterError
from duologue.formats.scores import ScoredCourse
from duologue.instruments import Instrument
from duologue.instruments.instrument import Better as BetterOf


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How change is to be told.

    Attributes
    ----------
    better : Better
        Which way is better.
    points : float or None
        A change of so many points or more is beyond the instrument's wobble.
    reliability, sd, mean : float or None
        Of the instrument, in people like these; with them an index says what is beyond.
        Without ``sd`` they are those of the courses themselves.
    index : Index
        Which one.
    cut : CutOff or None
        Between the clinical and the functional side.
    percent : float or None
        The share of the start that counts as change, beside the index.
    floor : float
        The lowest score there can be; a share is counted from it.
    """

    better: Better
    points: float | None = None
    reliability: float | None = None
    sd: float | None = None
    mean: float | None = None
    index: Index = Index.JT
    cut: CutOff | None = None
    percent: float | None = None
    floor: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sudden:
    """A sudden gain or loss: after which session, by how much, and whether it lasted."""

    session: int
    gain: bool
    size: float
    reversed_: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What became of one course.

    Attributes
    ----------
    course : str
        Its code.
    n_scores : int
        How many sessions have a score.
    first, last : (int, float) or None
        Session and score; ``None`` with fewer than two scores, or two instruments.
    value : float or None
        The index, or the points where a number of points was asked for.
    category, reason : Category, Reason
        What it says, and why it says nothing.
    percent, percent_category : float or None, Category
        The change as a share of the start, where it was asked for.
    sudden : tuple of Sudden
        In the order of the sessions.
    """

    course: str
    n_scores: int
    first: tuple[int, float] | None
    last: tuple[int, float] | None
    value: float | None
    category: Category
    reason: Reason
    percent: float | None
    percent_category: Category
    sudden: tuple[Sudden, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What became of all courses, and by what it is told.

    Attributes
    ----------
    courses : tuple of Changed
        In their order.
    counts : dict of Category to int
        How many courses came to each.
    points : float or None
        The change in points that is beyond the wobble; ``None`` where it differs from
        course to course (every index but JT).
    cut : float or None
        The cut-off, where there is one.
    reference : Reference or None
        The numbers behind the index.
    sudden_cut : float or None
        From how many points a step counts as sudden; ``None`` where none is looked for.
    """

    courses: tuple[Changed, ...]
    counts: dict[Category, int]
    points: float | None
    cut: float | None
    reference: Reference | None
    sudden_cut: float | None


def asked_of(instrument: Instrument | None, better: str | None) -> Better:
    """Return which way is better, as the instrument has it or as it was said.

    Raises
    ------
    ParameterError
        If neither says so, or they differ.
    """
    own = None if instrument is None else instrument.better
    said = None if better is None else BetterOf(better)
    if own is None and said is None:
        raise ParameterError("--better must say which way is better: lower or higher.")
    if own is not None and said is not None and own is not said:
        raise ParameterError(f"--better must be {own}, as {instrument.id} has it.")  # type: ignore[union-attr]
    return Better.LOWER if (own or said) is BetterOf.LOWER else Better.HIGHER


def change_of(courses: Sequence[ScoredCourse], asked: Asked) -> Changes:
    """Tell what became of each course.

    Parameters
    ----------
    courses : sequence of ScoredCourse
        Their scores; sessions may differ from course to course.
    asked : Asked
        How it is to be told: by points, or by a reliability and an index.

    Returns
    -------
    Changes

    Raises
    ------
    ParameterError
        If neither points nor a reliability are given, or a number is out of range.
    """
    sessions, scores, codes = _arrays(courses)
    found = ends(scores, instrument=codes)
    change = _index_of(found, asked)
    category, reason = change.category, change.reason
    if asked.cut is not None:
        sorted_ = clinical_change(found.pre, found.post, change=change, cut=asked.cut)
        category, reason = sorted_.category, sorted_.reason
    # Where a score is missing the course itself says why: it knows more.
    reason = np.where(found.reason == Reason.NONE, reason, found.reason)
    share = None
    if asked.percent is not None:
        share = percent_change(
            found.pre,
            found.post,
            better=asked.better,
            improved=asked.percent,
            floor=asked.floor,
        )
    points = _points_of(change, asked)
    suddenly = _suddenly(scores, codes, sessions, asked, points)
    rows = []
    for i, course in enumerate(courses):
        there = np.flatnonzero(~np.isnan(scores[i]))
        defined = found.reason[i] == Reason.NONE
        rows.append(
            Changed(
                course=course.code,
                n_scores=len(there),
                first=_end(sessions, scores[i], there[:1], defined=defined),
                last=_end(sessions, scores[i], there[-1:], defined=defined),
                value=_or_none(change.values[i]),
                category=Category(int(category[i])),
                reason=Reason(int(reason[i])),
                percent=None if share is None else _or_none(share.values[i]),
                percent_category=Category(
                    Category.UNDEFINED if share is None else int(share.category[i])
                ),
                sudden=tuple(suddenly.get(i, ())),
            )
        )
    counts = Counter(row.category for row in rows)
    return Changes(
        courses=tuple(rows),
        counts={each: counts[each] for each in Category if counts[each]},
        points=points,
        cut=None if asked.cut is None else _or_none(asked.cut.value),
        reference=None if asked.reliability is None else change.reference,
        sudden_cut=points,
    )


def _arrays(
    courses: Sequence[ScoredCourse],
) -> tuple[list[int], NDArray[np.float64], NDArray[np.int64]]:
    """Put the courses side by side, session by session."""
    sessions = sorted({session for c in courses for session, _, _ in c.scores})
    column = {session: i for i, session in enumerate(sessions)}
    names = sorted({name for c in courses for _, _, name in c.scores})
    scores = np.full((len(courses), len(sessions)), np.nan)
    codes = np.zeros(scores.shape, dtype=np.int64)
    for i, course in enumerate(courses):
        for session, value, name in course.scores:
            if value is not None:
                scores[i, column[session]] = value
            codes[i, column[session]] = names.index(name)
    return sessions, scores, codes


def _index_of(found: Ends, asked: Asked) -> ReliableChange:
    if asked.reliability is not None:
        return reliable_change(
            found.pre,
            found.post,
            reference=_reference(found, asked),
            better=asked.better,
            index=asked.index,
        )
    if asked.points is None:
        raise ParameterError(
            "say what is beyond the wobble: --points, or --reliability and perhaps --sd."
        )
    plain = matters(found.pre, found.post, better=asked.better, difference=asked.points)
    unknown = Reference(reliability=0.0, sd=float("nan"))
    return ReliableChange(
        values=plain.values,
        category=plain.category,
        reason=plain.reason,
        index=Index.JT,  # which asks nothing more of a cut-off
        reference=unknown,
        better=asked.better,
    )


def _reference(found: Ends, asked: Asked) -> Reference:
    reliability = asked.reliability or 0.0
    own = reference_of(found.pre, found.post, reliability=reliability)
    if asked.sd is None:
        if np.isnan(own.sd):
            raise ParameterError(
                "--sd must be given: fewer than two courses have two scores."
            )
        return own
    mean = float("nan") if asked.mean is None else asked.mean
    return Reference(reliability=reliability, sd=asked.sd, mean=mean)


def _points_of(change: ReliableChange, asked: Asked) -> float | None:
    if asked.reliability is None:
        return asked.points
    if asked.index is not Index.JT:
        return None
    return _or_none(1.959964 * change.reference.sd_of_difference)


def _suddenly(
    scores: NDArray[np.float64],
    codes: NDArray[np.int64],
    sessions: Sequence[int],
    asked: Asked,
    cut: float | None,
) -> dict[int, list[Sudden]]:
    if cut is None or not cut > 0 or (scores < 0).any():
        return {}
    found: dict[int, list[Sudden]] = {}
    for way in Way:
        here = sudden_changes(
            scores, better=asked.better, cut=cut, way=way, instrument=codes
        )
        for course, interval, size, back in zip(
            here.course, here.interval, here.size, here.reversed_, strict=True
        ):
            found.setdefault(int(course), []).append(
                Sudden(
                    session=sessions[int(interval)],
                    gain=way is Way.GAIN,
                    size=float(size),
                    reversed_=bool(back),
                )
            )
    return {i: sorted(rows, key=lambda s: s.session) for i, rows in found.items()}


def _end(
    sessions: Sequence[int],
    scores: NDArray[np.float64],
    place: NDArray[np.int64],
    *,
    defined: bool,
) -> tuple[int, float] | None:
    if not defined:
        return None
    at = int(place[0])
    return sessions[at], float(scores[at])


def _or_none(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
