"""Who influences whom in a caseload on the whole."""

from dataclasses import replace

import numpy as np
import pytest

from duologue.engine.dyad.balance import SPREADS, Outcome
from duologue.engine.dyad.in_common import in_common
from duologue.engine.dyad.population import assumed
from duologue.engine.dyad.reasons import Reason
from duologue.errors import ParameterError
from worked_draws import mirrored_population, unsound
from worked_dyads import example, stacked


def learned(ct, tc, *, sd=0.02, n_draws=400, spreads=SPREADS):
    """Populations of which the mean influences are known with this error."""
    rng = np.random.default_rng(80)
    even = replace(example(), Q=0.2 * np.eye(2))
    b = np.array([0.4, ct, tc, 0.4]) + sd * rng.standard_normal((n_draws, 4))
    common = stacked([even] * n_draws)
    return [assumed(b, common, spread=spread) for spread in spreads]


@pytest.mark.parametrize(
    ("ct", "tc", "outcome"),
    [
        (0.0, 0.3, Outcome.CLIENT_LEADS),
        (0.3, 0.0, Outcome.THERAPIST_LEADS),
        (0.2, 0.2, Outcome.EQUALS),
        (0.0, 0.0, Outcome.NO_INFLUENCE),
        (0.0, 0.1, Outcome.CANNOT_TELL),
    ],
)
def test_what_is_said_where_mean_couplings_are_known_well(ct, tc, outcome):
    populations = learned(ct, tc)

    told = in_common(populations)

    assert told.outcome is outcome
    assert (told.reasons == ()) == (outcome is not Outcome.CANNOT_TELL)
    assert told.raw == pytest.approx(tc - ct, abs=0.004)
    half = 1.645 * 0.02 * np.sqrt(2)
    np.testing.assert_allclose(
        told.raw_ends, [tc - ct - half, tc - ct + half], atol=0.008
    )


def test_exchanging_the_seats_exchanges_who_leads_in_common():
    populations = learned(0.02, 0.28)

    told = in_common([mirrored_population(each) for each in populations])

    assert told.outcome is Outcome.THERAPIST_LEADS
    assert told.raw == pytest.approx(-in_common(populations).raw)


def test_an_outcome_that_differs_with_the_spread_is_not_said():
    populations = [*learned(0.0, 0.3)[:2], learned(0.0, 0.12)[2]]

    told = in_common(populations)

    assert told.outcome is Outcome.CANNOT_TELL
    assert told.reasons == (Reason.HANGS_ON_SPREAD,)


def test_twenty_draws_are_too_few_for_a_probability():
    told = in_common(learned(0.0, 0.3, n_draws=20))

    assert told.outcome is Outcome.CANNOT_TELL
    assert told.reasons == (Reason.FEW_POINTS,)


def test_chains_that_do_not_agree_say_nothing_in_common():
    told = in_common([unsound(each) for each in learned(0.0, 0.3)])

    assert told.outcome is Outcome.CANNOT_TELL
    assert told.reasons == (Reason.POPULATION,)


def test_other_spreads_are_refused():
    with pytest.raises(ParameterError, match="populations must have spreads"):
        in_common(learned(0.0, 0.3)[:2])
