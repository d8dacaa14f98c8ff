"""What leads what within people: examples, a slow version, what is refused."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import t as t_distribution

from duologue.engine.estimates import Reason
from duologue.engine.leading import _Asked, _moments, _next, leading
from duologue.engine.leading_power import LeadingCaseload, made_up_courses
from duologue.errors import ParameterError

NAN = float("nan")
LEADS = LeadingCaseload(n_courses=60, n_sessions=16, leads=0.4)
NOTHING = replace(LEADS, leads=0.0)


def caseload(made_up=NOTHING, seed=4, **options):
    return made_up_courses(replace(made_up, **options), np.random.default_rng(seed))


def ask(process, outcome, **options):
    usual = {"n_permutations": 99, "follow_line": True, "answers_err": False}
    return leading(process, outcome, **(usual | options))


# The slow version: one course, one session at a time ----------------------------------


def slow_without_sessions(values, *, line):
    """Least squares on all cells at once: a column a course (and line), one a session."""
    n, t = values.shape
    few = [int((~np.isnan(values[:, j])).sum()) < 5 for j in range(t)]
    joined = [0]
    for j in range(1, t):
        joined.append(joined[-1] if few[j] else j)
    rows, right = [], []
    for i in range(n):
        for j in range(t):
            if not math.isnan(values[i, j]):
                row = np.zeros(2 * n + t)
                row[i] = 1
                row[n + i] = j if line else 0
                row[2 * n + joined[j]] = 1
                rows.append(row)
                right.append(values[i, j])
    fitted = np.linalg.lstsq(np.array(rows), np.array(right), rcond=None)[0]
    effects = fitted[2 * n :][joined]
    if (
        line
    ):  # which of all lines is the common one cannot be told: the effects have none
        weights = np.sqrt((~np.isnan(values)).sum(axis=0))
        effects = effects - np.polyval(
            np.polyfit(np.arange(t), effects, 1, w=weights), np.arange(t)
        )
    return values - effects


def pairs_of_sessions(x, y):
    """Sessions with both answers, with the next score: (session, x, y, next y)."""
    out = []
    for j in range(len(x)):
        later = [k for k in range(j + 1, len(y)) if not math.isnan(y[k])]
        if later and not math.isnan(x[j] + y[j]):
            out.append((j, x[j], y[j], y[later[0]]))
    return out


def held_against_later(sessions, values, *, line):
    """Error of each value foretold from those after it, over its standard error."""
    out = []
    for i in range(len(values)):
        when, after = np.array(sessions[i + 1 :]), np.array(values[i + 1 :])
        if len(after) <= line:
            out.append(0.0)
            continue
        D = np.stack([np.ones(len(when)), when][: 1 + line], axis=1)
        here = np.array([1.0, sessions[i]][: 1 + line])
        b = np.linalg.lstsq(D, after, rcond=None)[0]
        out.append(
            (values[i] - here @ b) / math.sqrt(1 + here @ np.linalg.inv(D.T @ D) @ here)
        )
    return out


def held_against_earlier(values):
    return [v - sum(values[:i]) / (i + 1) for i, v in enumerate(values)]


def slow_moments(x, y, *, line, err):
    """Z'W and Z'y of one course, or None."""
    pairs = pairs_of_sessions(x, y)
    if len(pairs) < 2 + line + err:
        return None
    sessions, a, b, after = (list(column) for column in zip(*pairs, strict=True))
    Z = np.array([held_against_earlier(a), held_against_earlier(b)])
    if err:  # that of the session before, and none for the first
        Z = np.hstack([np.zeros((2, 1)), Z[:, :-1]])
    W = np.array([held_against_later(sessions, v, line=line) for v in (a, b)])
    return Z @ W.T, Z @ held_against_later(sessions, after, line=line)


def slow_one_way(x, y, *, line, common, err):
    if common:
        x, y = (slow_without_sessions(v, line=False) for v in (x, y))
    if common and line:
        x, y = (slow_without_sessions(v, line=True) for v in (x, y))
    x, y = x - np.nanmean(x), y - np.nanmean(y)
    courses = [
        slow_moments(a, b, line=line, err=err) for a, b in zip(x, y, strict=True)
    ]
    courses = [c for c in courses if c is not None]

    def slopes(some):
        return np.linalg.solve(sum(c[0] for c in some), sum(c[1] for c in some))

    k = len(courses)
    left = np.array([slopes(courses[:i] + courses[i + 1 :]) for i in range(k)])
    se = np.sqrt((k - 1) / k * ((left - left.mean(axis=0)) ** 2).sum(axis=0))
    return slopes(courses), se * t_distribution.ppf(0.975, k - 1), k


@pytest.mark.parametrize(
    ("line", "common", "every", "err"),
    [
        (True, True, 1, False),
        (True, False, 1, False),
        (False, True, 1, False),
        (False, False, 1, False),
        (True, True, 2, False),
        (False, True, 2, False),
        (False, True, 1, True),
        (False, False, 2, True),
    ],
)
def test_effect_and_interval_are_those_of_the_slow_version(line, common, every, err):
    slower = {"autocorrelation": 0.7, "n_sessions": 30} if err else {"n_sessions": 14}
    slower["n_sessions"] *= every
    x, y = caseload(n_courses=45, blank=0.1, together=0.0, every=every, **slower)
    y[3:, -2:] = NAN  # few answer the last two

    found = ask(x, y, common_trend=common, follow_line=line, answers_err=err)

    for answer, (one, other) in (
        (found.process_leads, (x, y)),
        (found.outcome_leads, (y, x)),
    ):
        slopes, half, k = slow_one_way(one, other, line=line, common=common, err=err)
        assert answer.reason is Reason.TOLD
        assert answer.n_courses == k
        for estimate, slope, width in zip(
            (answer.effect, answer.carried_over), slopes, half, strict=True
        ):
            assert estimate.value == pytest.approx(slope)
            assert estimate.upper - estimate.value == pytest.approx(width)
            assert estimate.value - estimate.lower == pytest.approx(width)


def test_two_sessions_and_a_next_one_worked_by_hand():
    # One course, x 1, 3, 0 and y 2, 4, 8, everybody's mean being 0. Pairs: (1, 2 -> 4)
    # and (3, 4 -> 8). Only the first has one after it: W = (1 - 3, 2 - 4) / sqrt 2,
    # y = (4 - 8) / sqrt 2. None is before it, so Z = (1, 2), and
    # Z'W = [[-2, -2], [-4, -4]] / sqrt 2, Z'y = [-4, -8] / sqrt 2.
    x, y = np.array([[1.0, 3, 0]]), np.array([[2.0, 4, 8]])
    asked = _Asked(
        follow_line=False,
        answers_err=False,
        longest_gap=None,
        n_permutations=99,
        seed=0,
        level=0.95,
        least=5,
    )

    found = _moments(x, y, _next(y, None)[0], asked)

    assert found.M[0] * math.sqrt(2) == pytest.approx(np.array([[-2, -2], [-4, -4]]))
    assert found.b[0] * math.sqrt(2) == pytest.approx([-4, -8])
    assert found.tells.tolist() == [True]


def test_sessions_are_paired_with_the_next_score_and_counted():
    # Each course: both in sessions 0, 2, 3; then the outcome in 5 alone: pairs 0-2,
    # 2-3 and 3-5, gaps 2, 1, 2. With a longest gap of 1 one pair is left: no course
    # tells anything then.
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(2, 200, 6))
    x[:, [1, 4, 5]] = NAN
    y[:, [1, 4]] = NAN

    found = ask(x, y, follow_line=False).process_leads
    near = ask(x, y, follow_line=False, longest_gap=1).process_leads

    assert (found.n_courses, found.n_session_pairs) == (200, 600)
    assert near.reason is Reason.TOO_FEW_PAIRS
    assert (near.n_courses, near.n_session_pairs) == (0, 0)
    assert found.mean_gap == pytest.approx(5 / 3)


# What holds whatever the answers -----------------------------------------------------


def test_swapping_the_series_swaps_the_directions_to_the_bit():
    x, y = caseload(LEADS)

    there, back = ask(x, y), ask(y, x)

    assert there.process_leads == back.outcome_leads
    assert there.outcome_leads == back.process_leads


def test_the_same_seed_gives_the_same_and_another_only_another_p():
    x, y = caseload(LEADS, leads=0.05)

    first, again, other = ask(x, y, seed=1), ask(x, y, seed=1), ask(x, y, seed=2)

    assert first == again
    assert other.process_leads.effect == first.process_leads.effect
    assert other.process_leads.p_partners != first.process_leads.p_partners


def test_the_order_of_courses_changes_nothing_of_the_estimates():
    x, y = caseload(LEADS)
    order = np.random.default_rng(1).permutation(len(x))

    here, there = ask(x, y), ask(x[order], y[order])

    for name in ("effect", "carried_over"):
        one, other = (getattr(f.process_leads, name) for f in (here, there))
        assert other.value == pytest.approx(one.value)
        assert other.lower == pytest.approx(one.lower)
    assert there.between.value == pytest.approx(here.between.value)


def test_other_units_change_the_effect_as_units_do_and_no_p():
    x, y = caseload(LEADS)

    here, there = ask(x, y), ask(20 + 5 * x, (100 - 2 * y) * 1e-12)

    one, other = here.process_leads, there.process_leads
    assert other.effect.value == pytest.approx(
        one.effect.value * -2e-12 / 5, rel=1e-6, abs=0
    )
    assert other.in_spreads == pytest.approx(-one.in_spreads)
    assert other.carried_over.value == pytest.approx(one.carried_over.value)
    assert other.p == one.p
    assert there.between.value == pytest.approx(
        here.between.value * -2e-12 / 5, rel=1e-6, abs=0
    )


@pytest.mark.parametrize("line", [True, False])
def test_what_is_peoples_own_level_or_common_to_sessions_changes_nothing_within(line):
    # Own levels of both still weigh in what a session is held against, so here only
    # what all have in common is added: it is gone before anything else is done.
    x, y = caseload(LEADS)
    common = np.random.default_rng(2).normal(0, 5, x.shape[1])

    here = ask(x, y, follow_line=line).process_leads
    there = ask(x + common, y - 2 * common, follow_line=line).process_leads

    assert there.effect.value == pytest.approx(here.effect.value)
    assert there.effect.upper == pytest.approx(here.effect.upper)
    assert there.p == here.p


def test_courses_without_answers_or_with_one_session_change_no_estimate():
    x, y = caseload(LEADS, common_trend=0.0)
    blank = np.full((3, x.shape[1]), NAN)
    one = blank.copy()
    one[:, 4] = 1.0

    here = ask(x, y, common_trend=False)
    blanks = ask(np.vstack([x, blank]), np.vstack([y, blank]), common_trend=False)
    ones = ask(np.vstack([x, one]), np.vstack([y, blank]), common_trend=False)

    assert blanks.process_leads.effect == here.process_leads.effect
    assert blanks.n_courses == ones.n_courses == here.n_courses
    assert ones.process_leads.n_courses == here.process_leads.n_courses


def test_sessions_that_nobody_had_change_nothing():
    x, y = caseload(LEADS)
    blank = np.full((len(x), 4), NAN)

    here, there = ask(x, y), ask(np.hstack([x, blank]), np.hstack([y, blank]))

    assert there.process_leads.effect.value == pytest.approx(
        here.process_leads.effect.value
    )
    assert there.process_leads.p == here.process_leads.p


def test_clusters_of_one_are_courses_and_larger_ones_are_the_unit():
    x, y = caseload(LEADS)
    alone = ask(x, y, clusters=np.arange(len(x))).process_leads
    doubled = ask(
        np.vstack([x, x]), np.vstack([y, y]), clusters=np.tile(np.arange(len(x)), 2)
    ).process_leads
    plain = ask(x, y).process_leads

    assert alone == plain
    # Each course twice tells no more than once, if that is said.
    assert doubled.effect.value == pytest.approx(plain.effect.value)
    assert doubled.effect.upper == pytest.approx(plain.effect.upper)


# What is found, and what is not ------------------------------------------------------


def test_a_planted_effect_is_found_in_its_direction_alone():
    x, y = caseload(LEADS, n_courses=100)

    found = ask(x, y)

    assert found.process_leads.p == 0.01
    assert found.process_leads.effect.holds(0.4)
    assert not found.process_leads.effect.holds(0)
    assert found.outcome_leads.p > 0.05
    assert found.outcome_leads.effect.holds(0)


def test_what_is_carried_over_is_not_biased_as_by_course_means():
    x, y = caseload(n_courses=1500, n_sessions=8, blank=0.0, autocorrelation=0.5)
    now, after = y[:, :-1], y[:, 1:]
    now, after = (v - v.mean(axis=1, keepdims=True) for v in (now, after))
    of_means = (now * after).sum() / (now * now).sum()

    found = ask(x, y, follow_line=False).process_leads.carried_over

    assert of_means < 0.3
    assert found.value == pytest.approx(0.5, abs=0.06)


def test_a_planted_common_trend_is_not_found_unless_it_is_left_in():
    x, y = caseload(n_courses=400, common_trend=8.0)

    found = ask(x, y).process_leads
    left_in = ask(x, y, common_trend=False, follow_line=False).process_leads

    assert found.effect.holds(0)
    assert found.p > 0.05
    assert left_in.effect.lower > 0
    assert left_in.p_order <= 0.05


def test_trends_of_ones_own_are_not_found_unless_they_are_left_in():
    x, y = caseload(n_courses=400, n_sessions=8, own_trend=4.0)

    found = ask(x, y).process_leads
    left_in = ask(x, y, follow_line=False).process_leads

    assert found.effect.holds(0)
    assert found.p > 0.05
    assert not left_in.effect.holds(0)


def test_what_goes_together_in_answers_that_err_is_not_taken_for_leading():
    x, y = caseload(
        n_courses=400, autocorrelation=0.6, together=0.5, error=0.7, n_sessions=20
    )

    found = ask(x, y, follow_line=False, answers_err=True).process_leads
    as_if_exact = ask(x, y, follow_line=False).process_leads

    assert found.effect.holds(0)
    assert found.p > 0.05
    assert found.carried_over.holds(0.6)
    assert as_if_exact.effect.lower > 0
    assert as_if_exact.p == 0.01
    assert not as_if_exact.carried_over.holds(0.6)


def test_an_effect_is_found_in_answers_that_err_where_courses_are_many():
    x, y = caseload(LEADS, n_courses=300, autocorrelation=0.6, error=0.5, n_sessions=20)

    found = leading(x, y, n_permutations=99).process_leads

    assert found.effect.holds(0.4)
    assert found.p == 0.01


def test_the_reverse_is_not_taken_for_leading():
    x, y = caseload(seed=5, n_courses=150, follows=0.4)

    found = ask(x, y)

    assert found.process_leads.effect.holds(0)
    assert found.outcome_leads.effect.holds(0.4)
    assert found.outcome_leads.p == 0.01


def test_between_people_is_told_beside_and_is_the_slope_of_means():
    x, y = caseload(blank=0.0, between=3.0, alike=0.8)

    within = ask(x, y, common_trend=False)
    a, b = x.mean(axis=1), y.mean(axis=1)

    assert within.between.value == pytest.approx(np.polyfit(a, b, 1)[0])
    left = [np.polyfit(np.delete(a, i), np.delete(b, i), 1)[0] for i in range(len(a))]
    k = len(a)
    se = math.sqrt((k - 1) / k * ((left - np.mean(left)) ** 2).sum())
    half = se * t_distribution.ppf(0.975, k - 2)
    assert within.between.upper - within.between.value == pytest.approx(half)
    assert within.between.lower > 0.5
    assert within.process_leads.effect.holds(0)


# What cannot be told, and what is refused --------------------------------------------


def test_courses_too_short_to_learn_from_say_so():
    x, y = caseload(n_courses=30, n_sessions=5)

    found = ask(x, y, research=True)

    assert found.process_leads.reason is Reason.TOO_SHORT
    assert math.isnan(found.process_leads.p)
    assert math.isnan(found.process_leads.in_spreads)
    assert not found.process_leads.effect.told


def test_two_pairs_of_sessions_that_begin_alike_in_both_cannot_be_told_apart():
    # What a session is held against is then the same for both series: two slopes
    # cannot come of that, although both vary. Signs are turned so that means are 0.
    x, y = np.random.default_rng(1).normal(size=(2, 20, 3))
    x[:, 0] = y[:, 0]
    x, y = np.vstack([x, -x]), np.vstack([y, -y])

    found = ask(x, y, common_trend=False, follow_line=False).process_leads

    assert found.n_courses == 40
    assert found.reason is Reason.TOO_SHORT


@pytest.mark.parametrize("flat", ["process", "outcome", "alike"])
def test_series_without_spread_or_that_are_one_say_so(flat):
    x, y = caseload()
    x, y = {
        "process": (np.full_like(x, 7.1), y),
        "outcome": (x, np.full_like(y, 7.1)),
        "alike": (x, 3 * x + 1),
    }[flat]

    found = ask(x, y)

    assert found.process_leads.reason is Reason.NO_SPREAD
    assert found.outcome_leads.reason is Reason.NO_SPREAD
    if flat == "process":
        assert found.between.reason is Reason.NO_SPREAD


def test_fewer_than_thirty_courses_are_refused_unless_for_research():
    x, y = caseload(n_courses=29)

    with pytest.raises(ParameterError, match=r"must hold 30 courses .* got 29"):
        ask(x, y)
    found = ask(x, y, research=True)

    assert found.research
    assert found.n_courses == 29
    assert found.process_leads.reason is Reason.TOLD
    assert not ask(*caseload(n_courses=30)).research


def test_of_few_courses_nothing_is_told_even_for_research():
    x, y = caseload(n_courses=4)

    found = ask(x, y, research=True)

    assert found.process_leads.reason is Reason.TOO_FEW_PAIRS
    assert found.between.reason is Reason.TOO_FEW_PAIRS


def test_a_direction_that_too_few_courses_tell_of_is_blank():
    x, y = caseload(n_courses=40, blank=0.0)
    y[:15, 3:] = NAN  # two pairs in 15 of them: beside a line they tell nothing

    found = ask(x, y)

    assert found.n_courses == 40
    assert found.process_leads.n_courses == 25
    assert found.process_leads.reason is Reason.TOO_FEW_PAIRS
    assert found.outcome_leads.reason is Reason.TOLD
    assert ask(x, y, research=True).process_leads.reason is Reason.TOLD


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"level": 0.5}, "level must lie in"),
        ({"n_permutations": 98}, "n_permutations must be 99 or more, got 98"),
        ({"longest_gap": 0}, "longest_gap must be 1 or more, got 0"),
        ({"clusters": [1, 2]}, "clusters must have one label"),
    ],
)
def test_what_is_out_of_range_is_refused(options, match):
    x, y = caseload()

    with pytest.raises(ParameterError, match=match):
        ask(x, y, **options)


def test_tables_that_do_not_fit_are_refused():
    x, y = caseload()

    with pytest.raises(ParameterError, match="must have the same shape"):
        ask(x, y[:, :-1])
    with pytest.raises(ParameterError, match=r"process must have the shape"):
        ask(x[0], y[0])
    y[0, 0] = np.inf
    with pytest.raises(ParameterError, match="outcome must be finite or nan"):
        ask(x, y)
