"""What holds for any caseload: seats mirror, blanks say why, nothing is made of nothing."""

import math
from dataclasses import fields

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from duologue.engine.estimates import Estimate, Reason
from duologue.engine.leading import leading
from duologue.engine.response_surface import Claim, response_surface
from duologue.engine.truth_and_bias import both_ways
from duologue.engine.unsaid_together import unsaid_together

NAN = float("nan")

shapes = st.tuples(st.integers(0, 14), st.integers(0, 7))
points = st.one_of(
    st.integers(0, 1000).map(lambda n: n / 10),
    st.sampled_from([0.0, 50.0, 100.0, NAN]),
)
held = st.sampled_from([0.0, 1.0, NAN])


def tables(n, elements):
    """Draw n tables of one shape: pairs and sessions."""
    return shapes.flatmap(
        lambda shape: arrays.arrays(float, (n, *shape), elements=elements)
    )


def check(estimate):
    """Say that an estimate is whole, or blank with a reason."""
    numbers = (estimate.value, estimate.lower, estimate.upper)
    if estimate.told:
        assert not any(math.isnan(number) for number in numbers)
        assert estimate.lower <= estimate.upper
    else:
        assert all(math.isnan(number) for number in numbers)
        assert not estimate.holds(0)


def check_all(found):
    """Say the same of every estimate of a result."""
    for field in fields(found):
        value = getattr(found, field.name)
        if isinstance(value, Estimate):
            check(value)


@given(drawn=tables(4, points))
def test_truth_and_bias_mirrors_and_is_whole_or_blank(drawn):
    client, therapist, client_guess, therapist_guess = drawn
    guesses = {"client_guess": client_guess, "therapist_guess": therapist_guess}
    turned = {"client_guess": therapist_guess, "therapist_guess": client_guess}

    there = both_ways(client, therapist, **guesses)
    back = both_ways(therapist, client, **turned)

    assert str(there.client_judges) == str(back.therapist_judges)
    assert str(there.therapist_judges) == str(back.client_judges)
    check_all(there.client_judges)
    check_all(both_ways(client, therapist).client_judges)


@settings(max_examples=40)
@given(drawn=tables(3, points), within=st.booleans())
def test_a_surface_is_whole_or_blank_and_claims_nothing_of_nothing(drawn, within):
    found = response_surface(*drawn, within=within, n_draws=100)

    check_all(found)
    if found.reason is not Reason.TOLD:
        assert found.claim is Claim.CANNOT_TELL
        assert np.isnan(found.coefficients).all()
    if found.claim in {Claim.STRICT, Claim.BROAD}:
        assert found.turn.told
        assert found.a4.upper < 0


@settings(max_examples=40)
@given(drawn=tables(2, held), seed=st.integers(0, 9))
def test_what_is_unsaid_mirrors_and_is_whole_or_blank(drawn, seed):
    client, therapist = drawn
    options = {"n_permutations": 99, "seed": seed}

    there = unsaid_together(client, therapist, **options)
    back = unsaid_together(therapist, client, **options)

    assert str(there.same_session) == str(back.same_session)
    assert str(there.therapist_after_client) == str(back.client_after_therapist)
    assert str(there.client_after_therapist) == str(back.therapist_after_client)
    for answer in (there.same_session, there.therapist_after_client):
        check(answer.log_odds)
        told = answer.reason is Reason.TOLD
        assert math.isnan(answer.p) is not told
        assert not told or 0 < answer.p <= 1


@settings(max_examples=60)
@given(drawn=tables(2, points), line=st.booleans(), err=st.booleans())
def test_what_leads_mirrors_and_is_whole_or_blank(drawn, line, err):
    process, outcome = drawn
    options = {
        "n_permutations": 99,
        "follow_line": line,
        "answers_err": err,
        "research": True,
    }

    there = leading(process, outcome, **options)
    back = leading(outcome, process, **options)

    assert str(there.process_leads) == str(back.outcome_leads)
    assert str(there.outcome_leads) == str(back.process_leads)
    check(there.between)
    for answer in (there.process_leads, there.outcome_leads):
        check(answer.effect)
        check(answer.carried_over)
        told = answer.reason is Reason.TOLD
        assert math.isnan(answer.p) is not told
        assert math.isnan(answer.in_spreads) is not told
        assert not told or 0 < answer.p <= 1
