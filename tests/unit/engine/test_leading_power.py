"""Made-up caseloads in which one series leads the other, and what studies would say."""

import numpy as np
import pytest

from duologue.engine.leading_power import (
    LeadingCaseload,
    made_up_courses,
    power_of_leading,
)
from duologue.errors import ParameterError

LARGE = {"n_courses": 4000, "n_sessions": 20, "blank": 0.0, "between": 0.0}


def answers(seed=1, **options):
    return made_up_courses(
        LeadingCaseload(**(LARGE | options)), np.random.default_rng(seed)
    )


def slopes(after, *before):
    D = np.stack([v.ravel() for v in before], axis=1)
    return np.linalg.lstsq(D, after.ravel(), rcond=None)[0]


def test_series_have_the_steps_and_the_spread_that_are_stated():
    x, y = answers(autocorrelation=0.4, leads=0.2, follows=-0.1)

    assert slopes(y[:, 1:], x[:, :-1], y[:, :-1]) == pytest.approx([0.2, 0.4], abs=0.01)
    assert slopes(x[:, 1:], y[:, :-1], x[:, :-1]) == pytest.approx(
        [-0.1, 0.4], abs=0.01
    )
    assert (x.var() + y.var()) / 2 == pytest.approx(1, abs=0.01)


def test_what_is_new_is_correlated_and_so_are_peoples_levels_as_stated():
    x, y = answers(autocorrelation=0.0, together=0.4)
    a, b = answers(between=3.0, alike=0.7)

    assert np.corrcoef(x.ravel(), y.ravel())[0, 1] == pytest.approx(0.4, abs=0.01)
    a, b = a.mean(axis=1), b.mean(axis=1)
    assert np.corrcoef(a, b)[0, 1] == pytest.approx(0.7, abs=0.03)
    assert a.std() == pytest.approx(3, abs=0.1)


def test_trends_are_everybodys_or_each_persons_own():
    common, _ = answers(common_trend=2.0)
    own, other = answers(own_trend=2.0)

    rise = common.mean(axis=0)
    assert rise[-1] - rise[0] == pytest.approx(2, abs=0.1)
    assert rise[10] - rise[0] > 1.4
    risen, risen_too = (
        v[:, -5:].mean(axis=1) - v[:, :5].mean(axis=1) for v in (own, other)
    )
    assert risen.mean() == pytest.approx(0, abs=0.1)
    assert np.corrcoef(risen, risen_too)[0, 1] > 0.5


def test_answers_err_by_as_much_as_stated_and_all_else_stays():
    x, y = answers()
    erring, erring_too = answers(error=0.5)

    errors, errors_too = erring - x, erring_too - y
    assert errors.std() == pytest.approx(0.5, abs=0.01)
    assert np.corrcoef(errors.ravel(), errors_too.ravel())[0, 1] == pytest.approx(
        0, abs=0.01
    )


def test_blanks_and_seldom_scores_are_as_many_as_stated():
    x, y = answers(blank=0.2, every=4)

    assert np.isnan(x).mean() == pytest.approx(0.2, abs=0.005)
    assert np.isnan(y[:, ::4]).mean() == pytest.approx(0.2, abs=0.01)
    assert np.isnan(np.delete(y, np.s_[::4], axis=1)).all()


def test_counts_of_studies_run_in_parts_add_up():
    options = {"n_permutations": 99, "seed": 3, "answers_err": False}
    caseload = LeadingCaseload(n_courses=20, n_sessions=10, leads=0.3)

    whole = power_of_leading(caseload, n_studies=4, **options)
    parts = [
        power_of_leading(caseload, n_studies=2, first_study=first, **options)
        for first in (0, 2)
    ]

    for name in ("n_told", "n_partners", "n_order", "n_both", "n_interval", "n_held"):
        assert getattr(whole.process_leads, name) == sum(
            getattr(part.process_leads, name) for part in parts
        )
    assert whole.process_leads.total == pytest.approx(
        sum(part.process_leads.total for part in parts)
    )


def test_a_strong_effect_is_found_and_none_is_seldom():
    found = power_of_leading(
        LeadingCaseload(n_sessions=20, leads=0.5),
        n_studies=10,
        n_permutations=99,
        answers_err=False,
    )

    assert found.process_leads.n_both == 10
    assert found.process_leads.n_interval == 10
    assert found.process_leads.total / 10 == pytest.approx(0.5, abs=0.06)
    assert found.outcome_leads.n_both <= 3


def test_an_autocorrelation_and_both_directions_give_few_false_alarms():
    found = power_of_leading(
        LeadingCaseload(autocorrelation=0.6, follows=0.2),
        n_studies=40,
        n_permutations=99,
        answers_err=False,
    )

    assert found.process_leads.n_told == 40
    assert found.process_leads.n_both <= 6
    assert found.process_leads.n_held >= 30
    assert abs(found.process_leads.total / 40) < 0.08


def test_studies_that_cannot_tell_are_counted_as_untold():
    found = power_of_leading(
        LeadingCaseload(n_courses=8, n_sessions=3), n_studies=2, n_permutations=99
    )

    assert found.process_leads.n_told == 0
    assert found.process_leads.n_both == 0
    assert found.n_studies == 2


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"n_courses": 0}, "n_courses must be 1 or more, got 0"),
        ({"n_sessions": 1}, "n_sessions must be 2 or more"),
        ({"autocorrelation": 1}, r"autocorrelation must be in \[0, 1\)"),
        ({"together": 1}, r"together must be in \(-1, 1\)"),
        ({"between": -1}, "between must be 0 or more"),
        ({"alike": 1.1}, r"alike must be in \[-1, 1\]"),
        ({"common_trend": float("inf")}, "common_trend must be finite"),
        ({"own_trend": -0.1}, "own_trend must be 0 or more"),
        ({"error": -1}, "error must be 0 or more"),
        ({"blank": 1}, r"blank must be in \[0, 1\)"),
        ({"every": 0}, "every must be 1 or more"),
        ({"leads": 0.8, "follows": 0.8}, "leave both series within bounds"),
    ],
)
def test_a_caseload_that_cannot_be_is_refused(options, match):
    with pytest.raises(ParameterError, match=match):
        LeadingCaseload(**options)


def test_studies_that_cannot_be_counted_are_refused():
    with pytest.raises(ParameterError, match="n_studies must be 1 or more"):
        power_of_leading(LeadingCaseload(), n_studies=0)
    with pytest.raises(ParameterError, match="first_study 0 or more, got 1 and -1"):
        power_of_leading(LeadingCaseload(), n_studies=1, first_study=-1)
    with pytest.raises(ParameterError, match="alpha must lie in"):
        power_of_leading(LeadingCaseload(), n_studies=1, alpha=0)
