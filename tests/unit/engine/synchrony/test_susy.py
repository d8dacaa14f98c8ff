"""Surrogate synchrony, as SUSY has it."""

import numpy as np
import pytest

from duologue.engine.synchrony.susy import susy
from duologue.errors import ParameterError
from motion_files import UIDS, fixture, records, session

CLOSE = {"rel": 1e-11, "abs": 1e-12}
CURVES = {
    "absolute": "meanccorrRealZ",
    "signed": "meanccorrRealZNotAbs",
    "absolute_pseudo": "meanccorrPseudoZ",
    "signed_pseudo": "meanccorrPseudoZNotAbs",
}


def printed(found):
    """Return a session's values by the names that SUSY prints."""
    return {
        "Z": found.of_absolute.z,
        "Z-Pseudo": found.of_absolute.pseudo,
        "SD(Z)": found.of_absolute.sd,
        "SD(Z-Pseudo)": found.of_absolute.sd_pseudo,
        "n(lags)": found.lags.size,
        "%>Pseudo": 100 * found.of_absolute.above_pseudo,
        "n(Segmente)": found.n_segments,
        "ES": found.of_absolute.es,
        "Z(lead1)": found.first_leads.z,
        "Z(lead2)": found.second_leads.z,
        "ES(lead1)": found.first_leads.es,
        "ES(lead2)": found.second_leads.es,
        "meanZ(in-phase)": found.in_phase,
        "meanZ(anti-phase)": found.anti_phase,
        "Anzahl(in-phase)": found.n_in_phase,
        "Anzahl(anti-phase)": found.n_anti_phase,
        "Z(noAbs)": found.of_signed.z,
        "Z(Pseudo-noAbs)": found.of_signed.pseudo,
        "%>Pseudo(noAbs)": 100 * found.of_signed.above_pseudo,
        "ES(noAbs)": found.of_signed.es,
    }


@pytest.mark.parametrize("uid", UIDS)
def test_a_session_has_every_value_that_susy_prints(shared, uid):
    folder = shared / "reference" / "mirroring" / "susy"
    row = next(r for r in records(folder / "susy_sessions.csv") if r["uid"] == uid)

    found = printed(susy(*session(shared, uid), 25.0))

    for name, value in found.items():
        told = float(row[name].replace("NA", "nan"))  # no lag below 0, say
        assert value == pytest.approx(told, nan_ok=True, **CLOSE), name


@pytest.mark.parametrize("uid", [UIDS[0], UIDS[-1]])
def test_its_four_curves_are_susys_with_the_lags_the_other_way_round(shared, uid):
    folder = shared / "reference" / "mirroring" / "susy"
    rows = [r for r in records(folder / "susy_lagprofiles.csv.gz") if r["uid"] == uid]

    found = susy(*session(shared, uid), 25.0)

    lags = [float(row["lag"]) for row in rows]
    np.testing.assert_allclose(lags, -found.lags[::-1] / 25, atol=1e-12)
    for ours, theirs in CURVES.items():
        expected = [float(row[theirs]) for row in rows]
        np.testing.assert_allclose(getattr(found, ours)[::-1], expected, atol=1e-12)


@pytest.mark.parametrize("name", ["known_lag", "nan_light", "oscillation", "flash"])
def test_a_fixture_has_the_values_that_susy_prints(shared, name):
    folder = shared / "reference" / "mirroring" / "fixtures" / "reference"
    rows = [r for r in records(folder / "susy_fixtures.csv") if name in r.values()]
    first, second, rate = fixture(shared, name)

    found = printed(susy(first, second, rate))

    assert rows
    for value_of, value in found.items():
        told = rows[0][value_of]
        told = float(told.replace("NA", "nan"))
        assert value == pytest.approx(told, rel=1e-9, abs=1e-12, nan_ok=True), value_of


def test_the_seats_exchanged_exchange_who_leads():
    x, y = np.random.default_rng(1).normal(size=(2, 600))
    there = susy(x, y, 5.0, segment_s=20, lag_s=3)
    back = susy(y, x, 5.0, segment_s=20, lag_s=3)

    np.testing.assert_allclose(there.absolute, back.absolute[::-1], atol=1e-14)
    assert there.first_leads.z == pytest.approx(back.second_leads.z)
    assert there.of_absolute.es == pytest.approx(back.of_absolute.es)


def test_a_segment_that_does_not_vary_is_in_the_divisor_all_the_same():
    x, y = np.random.default_rng(2).normal(size=(2, 300))
    whole = susy(x, y, 5.0, segment_s=20, lag_s=2)
    x[:100] = 1.0

    still = susy(x, y, 5.0, segment_s=20, lag_s=2)

    assert whole.n_segments == still.n_segments == 3
    assert still.of_absolute.z < whole.of_absolute.z
    assert not np.isnan(still.absolute).any()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"segment_s": 9}, "two of lag_s or more"),
        ({"rate": 0.5}, "rate 1 Hz or more"),
        ({"segment_s": 40}, "two segments of 40 s or more"),
    ],
)
def test_what_cannot_be_is_refused(given, says):
    x = np.random.default_rng(3).normal(size=60)
    rate = given.pop("rate", 1.0)

    with pytest.raises(ParameterError, match=says):
        susy(x, x[::-1], rate, **given)
