"""From a recording to what a reading is made of."""

from dataclasses import replace

import numpy as np
import pytest

from duologue.corpus.recorded import RATE, by_window, synchrony_in, with_synchrony
from duologue.formats.alone import recording_alone
from duologue.records import Modality, Motion, Recorded, Seat


def bursts(rng, n):
    """Return movement that comes and goes, as people's does."""
    slow = np.convolve(rng.normal(size=n + 40), np.ones(41) / 41, "valid")
    return np.maximum(slow, 0) * 1000


def recording(client, therapist, rate=12.5, modality=Modality.MOTION):
    motion = Motion(client=client, therapist=therapist, rate=rate, notes=("told",))
    return Recorded(session=3, modality=modality, motion=motion)


@pytest.fixture(scope="module")
def followed():
    """Fifteen minutes in which the therapist follows the client after a second."""
    rng = np.random.default_rng(11)
    first = bursts(rng, 11_250)
    second = np.roll(first, 13) + 0.5 * bursts(rng, 11_250)
    return first, second


@pytest.fixture(scope="module")
def found(followed):
    """What is found of them, which takes longest; no test may change it."""
    return synchrony_in(recording(*followed))


def test_who_follows_a_second_later_is_found_beyond_chance(found):
    assert found.session == 3
    assert found.p < 0.01
    assert found.peak_lag_s == pytest.approx(13 / 12.5)
    assert len(found.lags_s) == len(found.profile) == len(found.band)
    assert found.moments
    assert {moment.first for moment in found.moments} == {Seat.CLIENT}
    assert found.notes == ("told",)


def test_exchanged_seats_give_the_mirrored_answer(followed, found):
    one, other = found, synchrony_in(recording(*reversed(followed)))

    assert other.p == one.p
    assert other.peak == pytest.approx(one.peak)
    assert other.profile == pytest.approx(one.profile[::-1])
    assert [m.first for m in other.moments] == [m.first.other for m in one.moments]


def test_a_faster_recording_is_compared_at_a_rate_near_ten(followed, found):
    faster = [np.repeat(series, 2) for series in followed]
    fast = synchrony_in(recording(*faster, rate=25.0))

    assert fast.rate == 12.5
    assert 0.7 * RATE < fast.rate < 1.5 * RATE
    assert fast.seconds == found.seconds
    assert fast.peak_lag_s == pytest.approx(13 / 12.5)
    assert fast.p < 0.01


@pytest.mark.parametrize(
    ("n", "rate", "compared", "moments"),
    [
        (100, 12.5, False, False),  # shorter than a window
        (3_000, 12.5, False, False),  # shorter than chance takes
        (6_500, 12.5, True, False),  # shorter than moments take
        (2_000, 0.5, True, False),  # too few samples a second for moments
        (50, 1 / 60, False, False),  # too few for any window
    ],
)
def test_what_is_too_short_or_too_slow_says_less(n, rate, compared, moments):
    rng = np.random.default_rng(n)
    found = synchrony_in(recording(rng.random(n), rng.random(n), rate=rate))

    assert (found.n_surrogates > 0) is compared
    assert (found.p is not None) is compared
    assert (found.moments is not None) is moments
    assert (found.needed_s >= 480) is (rate >= 0.1)


def test_of_somebody_who_never_moves_nothing_is_said():
    rng = np.random.default_rng(5)
    found = synchrony_in(recording(rng.random(7_500), np.zeros(7_500)))

    assert found.peak is None
    assert found.p is None


def test_every_recording_of_a_course_is_looked_at_and_told_of():
    rng = np.random.default_rng(6)
    one = Motion(client=rng.random(500), therapist=rng.random(500), rate=10.0)
    course = recording_alone(one, Modality.VOICE)
    told = []

    found = with_synchrony(course, tell=lambda n, of: told.append((n, of)))

    assert [each.modality for each in found.synchrony] == [Modality.VOICE]
    assert told == [(1, 1)]
    assert with_synchrony(replace(course, recorded=())).synchrony == ()


def test_window_by_window_is_what_a_reading_takes_the_mean_of(followed):
    one = recording(*followed)

    z = by_window(one).lagged.z
    assert np.nanmean(z, axis=0) == pytest.approx(synchrony_in(one).profile)


def test_exchanged_seats_give_the_mirrored_windows(followed):
    one, other = (
        by_window(recording(*pair)).lagged.z for pair in (followed, followed[::-1])
    )

    assert other == pytest.approx(one[:, ::-1], nan_ok=True)


@pytest.mark.parametrize(
    ("client", "rate"),
    [
        (np.random.default_rng(1).random(100), 10.0),  # too short
        (np.random.default_rng(1).random(4_000), 0.05),  # too few samples a second
        (np.zeros(4_000), 10.0),  # nobody moves
    ],
    ids=["short", "slow", "still"],
)
def test_where_nothing_can_be_said_there_are_no_windows(client, rate):
    assert by_window(recording(client, client, rate=rate)) is None
