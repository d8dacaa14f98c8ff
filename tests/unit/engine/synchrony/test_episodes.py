"""Moments of moving together: found where they are, and hardly ever where they are not."""

import sys

import numpy as np
import pytest

from duologue.engine.synchrony.episodes import episodes
from duologue.errors import ParameterError

RATE = 4.0
SIZE = int(600 * RATE)
QUICK = {"n_shifts": 50}


def pair(seed, *, together=(), lag=3, r=0.95):
    """Return two bursty series, together from and to these samples, the first ahead."""
    rng = np.random.default_rng(seed)
    made = rng.normal(size=(2, SIZE + 4))
    first, second = (np.convolve(v, np.ones(5) / 5, "valid") for v in made)
    for start, end in together:
        second[start:end] = (
            r * first[start - lag : end - lag] + (1 - r) * second[start:end]
        )
    return np.maximum(first - 0.2, 0), np.maximum(second - 0.2, 0)


def test_a_true_one_is_found_with_its_time_its_lag_and_its_leader():
    first, second = pair(1, together=[(1200, 1440)])

    found = episodes(first, second, RATE, **QUICK)

    (one,) = found.found
    assert one.start_s == pytest.approx(300, abs=15)
    assert one.end_s == pytest.approx(360, abs=15)
    assert one.lag_s == pytest.approx(0.75, abs=0.25)
    assert (one.leader, found.n_surrogates) == (1, 100)
    assert one.p <= 0.05
    assert one.peak_z > found.threshold > 0


def test_the_seats_exchanged_find_the_same_with_the_other_leading():
    first, second = pair(2, together=[(600, 900)])

    there = episodes(first, second, RATE, **QUICK)
    back = episodes(second, first, RATE, **QUICK)

    assert there.threshold == back.threshold
    (one,), (other,) = there.found, back.found
    assert (one.start_s, one.end_s, one.p) == (other.start_s, other.end_s, other.p)
    assert one.lag_s == pytest.approx(-other.lag_s)
    assert (one.leader, other.leader) == (1, -1)


def test_within_a_fifth_of_a_second_nobody_is_first():
    found = episodes(*pair(3, together=[(600, 900)], lag=0), RATE, **QUICK).found

    assert max(found, key=lambda one: one.mass).leader == 0


def test_unrelated_people_hardly_ever_have_one():
    rough = {**QUICK, "step_s": 5}
    n = sum(bool(episodes(*pair(10 + i), RATE, **rough).found) for i in range(12))

    assert n <= 3  # of 12, at 1 in 20: more than 3 once in 400 times


def test_a_short_session_has_none_and_says_why():
    first, second = pair(4, together=[(600, 900)])

    found = episodes(first[: SIZE - 1], second[: SIZE - 1], RATE, **QUICK)

    assert (found.found, found.n_surrogates) == ((), 0)


def test_who_never_moves_has_none():
    first, _ = pair(5)

    found = episodes(first, np.zeros(SIZE), RATE, **QUICK)

    assert found.found == ()
    assert np.isnan(found.threshold)


def test_a_gap_stands_in_the_way_of_nothing_else():
    first, second = pair(6, together=[(1200, 1440)])
    first[200:260] = np.nan

    (one,) = episodes(first, second, RATE, **QUICK).found

    assert one.start_s == pytest.approx(300, abs=15)


def test_without_a_compiler_it_finds_the_same(monkeypatch):
    first, second = pair(7, together=[(1200, 1440)])
    compiled = episodes(first, second, RATE, step_s=5, **QUICK)
    monkeypatch.setitem(sys.modules, "duologue.engine.synchrony.compiled_lagged", None)

    plain = episodes(first, second, RATE, step_s=5, **QUICK)

    assert plain.threshold == pytest.approx(compiled.threshold, abs=2e-4)
    assert [e.start_s for e in plain.found] == [e.start_s for e in compiled.found]


def test_too_few_shifts_are_refused():
    with pytest.raises(ParameterError, match="n_shifts must be 50 or more"):
        episodes(*pair(8), RATE, n_shifts=49)


def test_what_moves_in_a_rhythm_is_one_moment_and_nobody_is_first():
    """Both rock, one behind by less than half of a period: that might be either."""
    first, second = pair(9)
    rocking = 0.5 + np.sin(np.arange(400) * 2 * np.pi / 16)
    first[1000:1400] = np.maximum(rocking + 0.1 * first[1000:1400], 0)
    second[1007:1407] = np.maximum(rocking + 0.1 * second[1007:1407], 0)

    found = episodes(first, second, RATE, **QUICK).found

    assert len(found) == 1
    assert found[0].leader == 0


@pytest.mark.parametrize(("rate", "least"), [(1 / 60, "0.5"), (0.4, "0.5")])
def test_what_moments_need_is_said_of_the_rate_and_no_window_that_nobody_set(
    rate, least
):
    with pytest.raises(ParameterError, match=f"moments need {least} Hz or more, for"):
        episodes(*np.random.default_rng(1).random((2, 900)), rate)


def test_what_is_shorter_than_a_window_is_a_short_session():
    assert episodes(*pair(4), 3000.0).n_surrogates == 0
