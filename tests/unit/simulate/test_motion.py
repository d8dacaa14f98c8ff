"""Made-up movement: what was put into it is in it, and nothing else differs."""

import numpy as np
import pytest

from duologue.records import Seat
from duologue.simulate.motion import RATE, made_up_recording
from duologue.simulate.scenario import InStep

N = round(50 * 60 * RATE)


def made(*stretches, seed=3):
    return made_up_recording(7, stretches, seed=(seed,)).motion


def in_step(first, lag_s=1.0):
    return InStep(start_s=600, end_s=1800, first=first, lag_s=lag_s, follows=0.95)


def best_lag_s(motion, start_s=600, end_s=1800):
    """Return by how far the client is ahead where the two are most alike, slowly found."""
    rows = slice(round(start_s * RATE), round(end_s * RATE))
    client, therapist = (
        np.log1p(each[rows]) for each in (motion.client, motion.therapist)
    )
    reach, n = 12, client.size
    found = {
        lag: np.corrcoef(
            client[reach - lag : n - reach - lag], therapist[reach : n - reach]
        )[0, 1]
        for lag in range(-reach, reach + 1)
    }
    lag = max(found, key=found.get)
    return lag / RATE, found[lag]


def test_the_same_seed_gives_the_same_movement():
    assert made() == made()
    assert made() != made(seed=4)


def test_movement_is_counted_in_whole_numbers_for_fifty_minutes():
    motion = made()

    for series in (motion.client, motion.therapist):
        assert series.size == N
        assert (series >= 0).all()
        assert (series == np.round(series)).all()
        assert 0.05 < (series == 0).mean() < 0.5  # people are still at times
    assert motion.notes == ("made up",)


@pytest.mark.parametrize(("first", "sign"), [(Seat.CLIENT, 1), (Seat.THERAPIST, -1)])
def test_whoever_is_first_is_ahead_by_the_lag(first, sign):
    lag_s, alike = best_lag_s(made(in_step(first)))

    assert lag_s == sign * 1.0
    assert alike > 0.7


def test_outside_of_its_stretches_the_two_have_nothing_to_do_with_each_other():
    _, alike = best_lag_s(made())

    assert alike < 0.2


def test_a_stretch_changes_nothing_of_whoever_leads_nor_of_what_lies_outside():
    alone, with_it = made(), made(in_step(Seat.CLIENT))

    assert np.array_equal(alone.client, with_it.client)
    inside = slice(round(600 * RATE), round(1800 * RATE))
    differ = alone.therapist != with_it.therapist
    assert differ[inside].any()
    differ[inside] = False
    assert not differ.any()


def test_in_a_stretch_nobody_moves_more():
    """Over many recordings the mean within a stretch is that of one without it."""
    inside = slice(round(600 * RATE), round(1800 * RATE))
    means = [
        [made(*stretches, seed=seed).therapist[inside].mean() for seed in range(12)]
        for stretches in ((), (in_step(Seat.CLIENT),))
    ]

    apart, together = map(np.array, means)
    error = np.sqrt((apart.var(ddof=1) + together.var(ddof=1)) / len(apart))
    assert abs(apart.mean() - together.mean()) < 3 * error
