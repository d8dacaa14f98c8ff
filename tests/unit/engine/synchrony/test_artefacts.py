"""Stretches without a lag that are more often light than people."""

import numpy as np
import pytest

from duologue.engine.synchrony.artefacts import Artefact, artefacts
from duologue.engine.synchrony.lagged import Lagged, lagged
from duologue.engine.synchrony.preparing import Compat, scale, smooth
from duologue.engine.synchrony.windows import Windows, windows_of
from duologue.errors import ParameterError
from motion_files import UIDS, records, session


def found_of(lag_zero):
    """Return correlations whose middle column is this; windows of 10 s every 5 s."""
    windows = Windows(rate=1.0, window=10, step=5, lag=1)
    z = np.zeros((len(lag_zero), 3))
    z[:, 1] = lag_zero
    return Lagged(z=z, windows=windows, stopped=np.zeros(len(z), dtype=bool))


def seconds_of(clock):
    h, m, s = map(int, clock.split(":"))
    return 3600 * h + 60 * m + s


@pytest.mark.parametrize("uid", UIDS)
def test_those_of_a_real_session_are_rmeas_at_three_settings(shared, uid):
    rows = records(shared / "reference" / "mirroring" / "rmea" / "artefact_epochs.csv")
    first, second = (
        scale(smooth(v, 25.0, compat=Compat.RMEA), compat=Compat.RMEA)
        for v in session(shared, uid)
    )
    z = lagged(first, second, windows_of(25.0), compat=Compat.RMEA)

    for threshold, apart, least_s in (("0.2", 1, 10), ("0.2", 5, 60), ("0.6", 1, 10)):
        told = [
            Artefact(start_s=seconds_of(r["start"]), end_s=seconds_of(r["end"]))
            for r in rows
            if (r["uid"], r["threshold"], r["delta"]) == (uid, threshold, str(apart))
        ]
        found = artefacts(
            z,
            threshold=float(threshold),
            apart=apart,
            least_s=least_s,
            compat=Compat.RMEA,
        )
        # What is the only one of a session, one window long, rMEA lists twice.
        assert list(found) == list(dict.fromkeys(told))


def test_windows_that_follow_one_another_are_one_to_the_end_of_the_last():
    found = artefacts(found_of([0, 1, 1, 0, 1, np.nan, 0.5, -2]), threshold=0.5)

    assert found == (
        Artefact(start_s=5, end_s=20),
        Artefact(start_s=20, end_s=30),
    )
    (one,) = artefacts(
        found_of([0, 1, 1, 0, 1, np.nan]), threshold=0.5, apart=2, least_s=20
    )
    assert one == Artefact(start_s=5, end_s=30)
    assert artefacts(found_of([0, 1, 0]), threshold=0.5, least_s=20) == ()
    assert artefacts(found_of([0, 0]), threshold=0.5) == ()


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"threshold": float("nan")}, "threshold must be finite"),
        ({"threshold": 0.2, "apart": 0}, "apart must be 1 or more, got 0"),
    ],
)
def test_what_cannot_be_is_refused(asked, says):
    with pytest.raises(ParameterError, match=says):
        artefacts(found_of([0]), **asked)
