"""Dynamic complexity against the package, by hand, and in plain loops."""

from itertools import pairwise

import numpy as np
import pytest

from duologue.engine.change.complexity import critical_instability, dynamic_complexity
from duologue.errors import ParameterError

NAN = float("nan")


def slow(y, *, lowest, highest):
    """Fluctuation and distribution of one window, point by point."""
    w = len(y)
    signs = [np.sign(y[k + 1] - y[k]) for k in range(w - 1)]
    turns = [0, *(k for k in range(1, w - 1) if signs[k] != signs[k - 1]), w - 1]
    F = sum(abs(y[b] - y[a]) / (b - a) for a, b in pairwise(turns))
    F /= (highest - lowest) * (w - 1)
    ordered = sorted(y)
    even = [lowest + (highest - lowest) * k / (w - 1) for k in range(w)]
    short = whole = 0.0
    for a in range(1, w):
        for b in range(a + 1, w + 1):
            h = a * (w + 1 - b)
            dy = even[b - 1] - even[a - 1]
            short += max(dy - (ordered[b - 1] - ordered[a - 1]), 0) * h
            whole += dy * h
    return F, 1 - short / whole


@pytest.mark.shared
@pytest.mark.parametrize("name", ["constant", "ramp", "alternating", "noise"])
def test_complexity_is_that_of_the_package(reference, numbers, name):
    file = reference("dynamic_complexity/scale0to6_window7.csv")

    found = dynamic_complexity([numbers(file, name)], lowest=0, highest=6)

    for letter, values in (
        ("F", found.fluctuation),
        ("D", found.distribution),
        ("C", found.complexity),
    ):
        expected = numbers(file, f"{name}_{letter}")
        np.testing.assert_allclose(values[0], expected, rtol=0, atol=1e-12)


def test_a_series_from_end_to_end_fluctuates_as_much_as_can_be():
    # 0 6 0 6: every step is 6 over 1, and there are w - 1 of them: F = 1.
    found = dynamic_complexity([[0, 6, 0, 6, 0, 6, 0]], lowest=0, highest=6)

    assert found.fluctuation[0, 6] == 1
    # Evenly spread values use the scale as evenly as can be: D = 1.
    even = dynamic_complexity([[0, 1, 2, 3, 4, 5, 6]], lowest=0, highest=6)
    assert even.distribution[0, 6] == pytest.approx(1)
    assert even.fluctuation[0, 6] == pytest.approx(1 / 36)


@pytest.mark.parametrize("window", [3, 5, 7, 10])
def test_every_window_is_that_of_plain_loops(window):
    rng = np.random.default_rng(2)
    y = rng.integers(0, 7, size=(40, 12)).astype(float)

    found = dynamic_complexity(y, lowest=0, highest=6, window=window)

    for row in range(40):
        for end in range(window - 1, 12):
            F, D = slow(
                y[row, end - window + 1 : end + 1].tolist(), lowest=0, highest=6
            )
            assert found.fluctuation[row, end] == pytest.approx(F, abs=1e-12)
            assert found.distribution[row, end] == pytest.approx(D, abs=1e-12)
    assert np.isnan(found.complexity[:, : window - 1]).all()


def test_a_series_that_does_not_move_has_none_and_a_blank_spoils_its_windows():
    y = np.full((2, 10), 10.1)
    y[1, 1] = NAN

    found = dynamic_complexity(y, lowest=0, highest=20)

    assert (found.complexity[0, 6:] == 0).all()
    assert np.isnan(found.complexity[1, :8]).all()
    assert np.isnan(found.distribution[1, :8]).all()
    assert (found.fluctuation[1, 8:] == 0).all()


def test_scale_and_direction_of_a_scale_change_nothing():
    rng = np.random.default_rng(7)
    y = rng.integers(0, 7, size=(5, 20)).astype(float)

    found = dynamic_complexity(y, lowest=0, highest=6).complexity

    for other in (
        dynamic_complexity(6 - y, lowest=0, highest=6),
        dynamic_complexity(10 + 3 * y, lowest=10, highest=28),
    ):
        np.testing.assert_allclose(other.complexity, found, atol=1e-12)


def test_a_course_of_two_instruments_and_one_too_short_have_none():
    y = np.tile([0.0, 6], (2, 4))
    instrument = np.ones(y.shape, dtype=int)
    instrument[1, 3:] = 2

    found = dynamic_complexity(y, lowest=0, highest=6, instrument=instrument)

    assert np.isnan(found.complexity[1]).all()
    assert not np.isnan(found.complexity[0, 6:]).any()
    assert np.isnan(dynamic_complexity(y[:, :6], lowest=0, highest=6).complexity).all()
    assert (
        dynamic_complexity(np.zeros((0, 9)), lowest=0, highest=6).complexity.size == 0
    )


def test_instability_stands_out_in_items_and_in_their_sum():
    quiet = np.tile([0.1, 0.12], 10)
    C = np.stack([quiet, quiet, quiet])
    C[:2, 10] = 0.9
    C[2, 3] = NAN

    items, together = critical_instability(C)

    assert items[:2].sum(axis=1).tolist() == [1, 1]
    assert items[:, 10].tolist() == [True, True, False]
    assert np.flatnonzero(together).tolist() == [10]
    assert not critical_instability(np.full((2, 9), 0.3))[1].any()


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"lowest": 6}, "lowest must be below highest, got 6, 6"),
        ({"window": 2}, "window must be 3 or more, got 2"),
        ({"highest": 5}, "scores must lie in 0 to 5, or be nan"),
    ],
)
def test_what_is_out_of_range_is_refused(options, match):
    with pytest.raises(ParameterError, match=match):
        dynamic_complexity([[0, 6] * 5], **{"lowest": 0, "highest": 6, **options})
    with pytest.raises(ParameterError, match="z must be above 0, got 0"):
        critical_instability([[1, 2]], z=0)
