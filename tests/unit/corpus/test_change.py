"""Change over many courses, as it is told of a file of scores."""

import csv
from collections import Counter

import pytest

from duologue.corpus.change import Asked, asked_of, change_of
from duologue.engine.change.clinical import CutOff, Kind, Norm, cut_off
from duologue.engine.change.codes import Better, Category, Reason
from duologue.engine.change.reliable import Index
from duologue.errors import ParameterError
from duologue.formats.scores import ScoredCourse
from duologue.instruments import load

LOWER, HIGHER = Better.LOWER, Better.HIGHER


def course(*scores, code="A", instrument=""):
    """Return a course of one score a session."""
    return ScoredCourse(
        code=code,
        scores=tuple((i, score, instrument) for i, score in enumerate(scores, 1)),
    )


def told(*courses, **asked):
    return change_of(courses, Asked(**{"better": LOWER, "points": 6.0, **asked}))


@pytest.mark.parametrize(
    ("scores", "category"),
    [
        ((14.0, 8.0), Category.IMPROVED),
        ((14.0, 8.5), Category.UNCHANGED),
        ((14.0, 19.5), Category.UNCHANGED),
        ((14.0, 20.0), Category.DETERIORATED),
        ((14.0, 3.0, None), Category.IMPROVED),
    ],
)
def test_so_many_points_or_more_are_beyond_the_wobble(scores, category):
    (found,) = told(course(*scores)).courses

    assert found.category is category
    assert found.value == scores[1] - scores[0]


def test_higher_may_be_better():
    (found,) = told(course(14.0, 20.0), better=HIGHER).courses

    assert found.category is Category.IMPROVED


@pytest.mark.parametrize(
    ("scores", "reason"),
    [((14.0,), Reason.FEW_SCORES), ((None, None), Reason.BLANK)],
)
def test_what_cannot_be_said_says_why(scores, reason):
    (found,) = told(course(*scores)).courses

    assert (found.category, found.reason) == (Category.UNDEFINED, reason)
    assert (found.first, found.last, found.value) == (None, None, None)


def test_two_instruments_are_never_mixed():
    mixed = ScoredCourse(code="A", scores=((1, 20.0, "phq9"), (2, 3.0, "gad7")))
    whole = course(20.0, 3.0, code="B", instrument="phq9")

    one, other = told(mixed, whole).courses

    assert (one.category, one.reason) == (Category.UNDEFINED, Reason.TWO_INSTRUMENTS)
    assert other.category is Category.IMPROVED
    with pytest.raises(ParameterError, match="ask each instrument apart"):
        told(whole, course(20.0, 3.0, code="C", instrument="gad7"))


def test_a_cut_off_tells_who_came_across_it():
    found = told(
        course(18.0, 6.0), course(30.0, 18.0), course(5.0, 15.0), cut=CutOff(value=10.0)
    )

    assert [each.category for each in found.courses] == [
        Category.RECOVERED,
        Category.IMPROVED,
        Category.HARMED,
    ]
    assert found.counts == {
        Category.RECOVERED: 1,
        Category.IMPROVED: 1,
        Category.HARMED: 1,
    }


def test_a_share_of_nothing_is_none():
    one, none = told(course(20.0, 9.0), course(0.0, 4.0), percent=0.5).courses

    assert (one.percent, one.percent_category) == (-0.55, Category.IMPROVED)
    assert (none.percent, none.percent_category) == (None, Category.UNDEFINED)


def test_a_sudden_gain_is_told_with_its_session_and_whether_it_lasted():
    lasting = course(20.0, 19.0, 20.0, 9.0, 8.0, 9.0)
    taken_back = course(20.0, 19.0, 20.0, 9.0, 8.0, 9.0, 18.0)

    found = told(lasting, taken_back).courses

    assert [(s.session, s.gain, s.size) for s in found[0].sudden] == [(3, True, 11.0)]
    assert [each.sudden[0].reversed_ for each in found] == [False, True]


def test_the_order_of_courses_changes_nothing_else():
    courses = [course(14.0, 8.0), course(14.0, 20.0, code="B")]

    there, back = told(*courses), told(*reversed(courses))

    assert there.courses == tuple(reversed(back.courses))
    assert there.counts == back.counts


def test_something_must_say_what_is_beyond():
    with pytest.raises(ParameterError, match="--points, or --reliability"):
        told(course(14.0, 8.0), points=None)


@pytest.mark.parametrize(
    ("instrument", "better", "found"),
    [("phq9", None, LOWER), (None, "higher", HIGHER), ("phq9", "lower", LOWER)],
)
def test_which_way_is_better_is_the_instruments_or_is_said(instrument, better, found):
    known = None if instrument is None else load(instrument)

    assert asked_of(known, better) is found


@pytest.mark.parametrize(("instrument", "better"), [(None, None), ("phq9", "higher")])
def test_which_way_is_better_is_never_guessed_or_turned(instrument, better):
    known = None if instrument is None else load(instrument)

    with pytest.raises(ParameterError, match="--better must"):
        asked_of(known, better)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("index", "counts"),
    [
        ("JT", (26, 3, 10, 1, 0)),
        ("EN", (26, 6, 5, 3, 0)),
        ("HLL", (12, 0, 16, 11, 1)),
        ("HA", (23, 9, 7, 1, 0)),
    ],
)
def test_a_published_study_is_told_as_it_was_published(shared, index, counts):
    with (shared / "reference/outcomes/change/hamd.csv").open() as file:
        people = [
            course(float(row["pre"]), float(row["post"]), code=row["id"])
            for row in csv.DictReader(file)
        ]
    kind, own = Index(index), {"reliability": 0.8}
    plain = told(*people, points=None, index=kind, **own)
    sem = plain.reference.sem if kind is Index.HA else 0.0
    ill = Norm(mean=plain.reference.mean, sd=plain.reference.sd)
    cut = cut_off(
        Kind.C, better=LOWER, clinical=ill, functional=Norm(mean=8.0, sd=8.0), sem=sem
    )

    found = told(*people, points=None, index=kind, cut=cut, **own)

    order = [c for c in Category if c is not Category.UNDEFINED]
    assert Counter(found.counts) == Counter(dict(zip(order, counts, strict=True)))
    assert found.points == (
        pytest.approx(1.959964 * 2.112478) if kind is Index.JT else None
    )
