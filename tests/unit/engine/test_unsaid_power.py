"""Made-up caseloads and what studies of them would say."""

import numpy as np
import pytest

from duologue.engine.unsaid_power import Caseload, made_up, power
from duologue.errors import ParameterError

LARGE = {"n_pairs": 4000, "n_sessions": 20, "blank": 0.0}


def answers(seed=1, **options):
    return made_up(Caseload(**(LARGE | options)), np.random.default_rng(seed))


def correlation(a, b):
    return np.corrcoef(a.ravel(), b.ravel())[0, 1]


def test_people_hold_back_as_often_as_stated_and_blanks_are_as_many_as_stated():
    client, therapist = answers(rate=0.3, blank=0.2)

    for seat in (client, therapist):
        assert np.nanmean(seat) == pytest.approx(0.3, abs=0.01)
        assert np.isnan(seat).mean() == pytest.approx(0.2, abs=0.005)


def test_leanings_have_the_autocorrelation_and_the_correlation_that_are_stated():
    # With thresholds at 0 for everybody, two normal variables of correlation r agree in
    # sign with probability 1/2 + arcsin(r) / pi (Sheppard 1899), so that the answers
    # correlate by 2 arcsin(r) / pi.
    client, therapist = answers(rate=0.5, spread=0.0, autocorrelation=0.5, together=0.3)

    assert correlation(client[:, 1:], client[:, :-1]) == pytest.approx(1 / 3, abs=0.015)
    assert correlation(client, therapist) == pytest.approx(
        2 / np.pi * np.arcsin(0.3), abs=0.015
    )


def test_what_is_carried_goes_to_the_next_session_and_keeps_the_rate():
    client, therapist = answers(carried=0.3, autocorrelation=0.2)

    now = correlation(client, therapist)
    later = correlation(client[:, :-1], therapist[:, 1:])
    assert later > now + 0.05
    assert client.mean() == pytest.approx(0.3, abs=0.01)


def test_drift_moves_everybody_or_each_their_own_way():
    common, _ = answers(common_drift=2.0)
    own, _ = answers(own_drift=2.0)

    assert common[:, -1].mean() > common[:, 0].mean() + 0.3
    assert own[:, -1].mean() == pytest.approx(own[:, 0].mean(), abs=0.03)


def test_counts_of_studies_run_in_parts_add_up():
    options = {"n_permutations": 99, "seed": 3}
    caseload = Caseload(n_pairs=15, n_sessions=8, together=0.4)

    whole = power(caseload, n_studies=6, **options)
    parts = [
        power(caseload, n_studies=2, first_study=first, **options)
        for first in (0, 2, 4)
    ]

    for name in ("n_told", "n_partners", "n_order", "n_both", "n_held", "n_intervals"):
        assert getattr(whole.same_session, name) == sum(
            getattr(part.same_session, name) for part in parts
        )


def test_a_strong_association_is_found_and_none_is_seldom():
    strong = power(
        Caseload(n_pairs=40, together=0.5), n_studies=10, n_permutations=99
    ).same_session
    none = power(Caseload(n_pairs=40), n_studies=40, n_permutations=99).same_session

    assert strong.n_both == 10
    assert strong.log_odds / strong.n_intervals > 1
    assert none.n_both <= 7
    assert none.n_both <= min(none.n_partners, none.n_order)


def test_studies_in_which_nobody_changes_are_counted_as_untold():
    silent = power(
        Caseload(n_pairs=6, n_sessions=3, rate=0.001), n_studies=3, n_permutations=99
    )

    assert silent.same_session.n_told == 0
    assert silent.same_session.n_both == 0
    assert silent.n_studies == 3


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"n_pairs": 0}, "n_pairs must be 1 or more, got 0"),
        ({"n_sessions": 1}, "n_sessions must be 2 or more"),
        ({"rate": 0}, r"rate must be in \(0, 1\)"),
        ({"spread": -1}, "spread must be 0 or more"),
        ({"autocorrelation": 1}, r"autocorrelation must be in \[0, 1\)"),
        ({"together": 1}, r"together must be in \(-1, 1\)"),
        ({"own_drift": -0.1}, "own_drift must be 0 or more"),
        ({"blank": 1}, r"blank must be in \[0, 1\)"),
        ({"carried": 0.7}, "carried must be less than 1 - autocorrelation"),
        ({"rate": float("nan")}, "rate must be in"),
    ],
)
def test_a_caseload_that_cannot_be_is_refused(options, match):
    with pytest.raises(ParameterError, match=match):
        Caseload(**options)


def test_studies_that_cannot_be_counted_are_refused():
    with pytest.raises(ParameterError, match="n_studies must be 1 or more"):
        power(Caseload(), n_studies=0)
    with pytest.raises(ParameterError, match="first_study 0 or more, got 1 and -1"):
        power(Caseload(), n_studies=1, first_study=-1)
    with pytest.raises(ParameterError, match="alpha must lie in"):
        power(Caseload(), n_studies=1, alpha=0)
