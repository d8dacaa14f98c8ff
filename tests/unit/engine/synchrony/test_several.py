"""Several signals at once: against multiSyncPy, the definitions, and known answers."""

import cmath
import itertools
import math

import numpy as np
import pytest
from scipy import signal

from duologue.engine.synchrony.cluster_phase import (
    kuramoto_weak_null,
    phases_of,
    rho,
)
from duologue.engine.synchrony.several import (
    joint_recurrence,
    normalised_cross_spectrum,
    symbolic_entropy,
    team_coherence,
    windowed,
)
from duologue.engine.synchrony.transfer import index_of, transfer
from duologue.engine.synchrony.windows import Windows
from duologue.errors import ParameterError
from motion_files import records, table

CLOSE = 1e-9


def reference(shared):
    """Return what multiSyncPy gives of each real session, and its two signals."""
    folder = shared / "reference" / "mirroring"
    rows = records(folder / "multisyncpy" / "multisyncpy.csv")
    assert len(rows) == 10
    for row in rows:
        signals = table(folder / "inputs" / f"{row['input']}.csv.gz").T
        yield {k: float(v) for k, v in row.items() if k != "input"}, signals


def noises(seed, *, k=3, size=400):
    """Return noises that have some of the first in common, later and later."""
    made = np.random.default_rng(seed).normal(size=(k, size))
    return np.array([v + 0.7 * np.roll(made[0], i) for i, v in enumerate(made)])


# The peer's numbers ---------------------------------------------------------------


def test_spectra_entropy_and_rho_are_those_of_multisyncpy(shared):
    for row, signals in reference(shared):
        found = {
            "coherence_team": team_coherence(signals),
            "sum_normalized_csd": normalised_cross_spectrum(signals),
            "symbolic_entropy": symbolic_entropy(signals),
            "rho_group": rho(phases_of(signals)).mean(),
        }
        for name, value in found.items():
            assert value == pytest.approx(row[name], abs=CLOSE), name


def test_the_weak_null_is_that_of_multisyncpy(shared):
    path = shared / "reference" / "mirroring" / "multisyncpy"
    (row,) = records(path / "kuramoto_weak_null.csv")

    found = kuramoto_weak_null([phases_of(v) for _, v in reference(shared)])

    assert (found.df, found.expected) == (int(row["df"]), 0.5)
    assert found.t == pytest.approx(float(row["t"]), abs=CLOSE)
    assert found.p == pytest.approx(float(row["p"]), abs=CLOSE)


def test_coefficients_are_those_of_multisyncpy(shared):
    for row, signals in reference(shared):
        found = transfer(signals, lag=10)

        there = row["sync_coef_second_on_first_lag10"]  # the second regressed
        back = row["sync_coef_first_on_second_lag10"]
        assert found.matrix[0, 1] == pytest.approx(there, abs=CLOSE)
        assert found.matrix[1, 0] == pytest.approx(back, abs=CLOSE)
        # It regresses a signal on its own past twice over, which halves the diagonal,
        # and rounds on the way to 4 digits.
        halved = found.matrix / np.where(np.eye(2), 2, 1)
        assert index_of(halved) == pytest.approx(row["sync_index_lag10"], abs=1e-4)
        assert index_of(halved) == pytest.approx(2 * found.index)


def test_joint_recurrence_is_that_of_multisyncpy(shared):
    for row, signals in reference(shared):
        found = joint_recurrence(signals[:, :1000], radius=0.5, is_open=True)

        n_points = found.rate * (1000 * 999 / 2)
        alone = n_points * (1 - found.diagonal.share)
        assert found.rate == pytest.approx(row["mdRQA_rec"], abs=CLOSE)
        assert found.diagonal.share == pytest.approx(row["mdRQA_det"], abs=CLOSE)
        assert found.diagonal.longest == row["mdRQA_maxL"]
        # Its mean counts points that stand alone as lines.
        mean = n_points / (found.diagonal.n + alone)
        assert mean == pytest.approx(row["mdRQA_meanL"], abs=CLOSE)


# Definitions ----------------------------------------------------------------------


def test_rho_is_its_definition():
    phases = phases_of(noises(1, size=40))
    k, n = phases.shape
    psi = np.empty((k, n))
    for t in range(n):
        group = cmath.phase(sum(cmath.exp(1j * p) for p in phases[:, t]))
        psi[:, t] = phases[:, t] - group
    usual = [cmath.phase(sum(cmath.exp(1j * p) for p in row)) for row in psi]

    found = rho(phases)

    for t in range(n):
        near = sum(cmath.exp(1j * (psi[i, t] - usual[i])) for i in range(k))
        assert found[t] == pytest.approx(abs(near) / k, abs=1e-12)


@pytest.mark.parametrize("size", [400, 404, 1024])
def test_spectra_of_several_are_means_over_pairs(size):
    signals = noises(2, size=size)
    n = 256 if size >= 1024 else size // 4
    coherences, crosses = [], []
    for x, y in itertools.combinations(signals, 2):
        coherences.append(signal.coherence(x, y, nperseg=n)[1].mean())
        own, others = (signal.welch(v, nperseg=n)[1] for v in (x, y))
        cross = np.abs(signal.csd(x, y, nperseg=n)[1]) ** 2
        crosses.append(cross.sum() / (own * others).sum())

    assert team_coherence(signals) == pytest.approx(np.mean(coherences), abs=1e-12)
    expected = pytest.approx(np.mean(crosses), abs=1e-12)
    assert normalised_cross_spectrum(signals) == expected


def test_symbolic_entropy_has_its_least_and_its_most():
    nine = np.array(list(itertools.product(range(3), repeat=2)) * 5, dtype=float).T

    assert symbolic_entropy(nine) == pytest.approx(math.log(9))
    assert symbolic_entropy(nine[[0, 0]]) == pytest.approx(math.log(3))
    assert symbolic_entropy(np.ones((2, 9))) == 0


def test_coefficients_are_least_squares():
    signals, lag = noises(3), 2

    found = transfer(signals, lag=lag)

    for i, j in itertools.product(range(3), repeat=2):
        past = [np.ones(398), signals[j, :-lag]] + ([signals[i, :-lag]] * (i != j))
        expected = np.linalg.lstsq(np.array(past).T, signals[j, lag:], rcond=None)[0]
        assert found.matrix[i, j] == pytest.approx(expected[-1], abs=1e-12)
    np.testing.assert_allclose(found.drivers, (found.matrix**2).sum(axis=1))
    np.testing.assert_allclose(found.empaths, (found.matrix**2).sum(axis=0))
    assert found.index == index_of(found.matrix)


def test_whoever_follows_is_the_empath_and_whoever_leads_the_driver():
    first, other = np.random.default_rng(4).normal(size=(2, 2000))
    signals = np.array([first, 0.9 * np.roll(first, 3) + 0.3 * other])

    found = transfer(signals, lag=3)

    assert found.matrix[0, 1] == pytest.approx(0.9, abs=0.03)
    assert abs(found.matrix[1, 0]) < 0.1
    assert (found.drivers.argmax(), found.empaths.argmax()) == (0, 1)


def test_the_index_of_a_worked_matrix():
    matrix = np.array([[0.5, 0.2, 0.4], [0.1, 0.25, 0.6], [0.0, 0.0, 0.3]])

    # The third is the empath: V = (.4, .6), M = [[.5, .2], [.1, .25]], det .105.
    expected = (0.4 * (0.25 * 0.4 - 0.2 * 0.6) + 0.6 * (0.5 * 0.6 - 0.1 * 0.4)) / 0.105
    assert index_of(matrix) == pytest.approx(expected)


# What holds of all ----------------------------------------------------------------


MEASURES = [
    team_coherence,
    normalised_cross_spectrum,
    symbolic_entropy,
    lambda v: rho(phases_of(v - v.mean(axis=1, keepdims=True))).mean(),
    lambda v: joint_recurrence(v).diagonal.share,
    lambda v: transfer(v).drivers.sum(),
]


@pytest.mark.parametrize("measure", MEASURES)
def test_the_order_of_signals_does_not_matter(measure):
    signals = noises(5)

    assert measure(signals[::-1]) == pytest.approx(measure(signals), abs=1e-12)


@pytest.mark.parametrize("measure", MEASURES)
def test_neither_a_common_scale_nor_an_offset_matters(measure):
    signals = noises(6)

    found = measure(1e3 * signals + 50)

    assert found == pytest.approx(measure(signals), abs=1e-9)


def test_unrelated_signals_do_not_give_zero():
    signals = np.random.default_rng(7).normal(size=(2, 4000))

    assert rho(phases_of(signals)).mean() == pytest.approx(0.637, abs=0.02)
    assert symbolic_entropy(signals) == pytest.approx(math.log(9), abs=0.01)


def test_of_independent_phases_the_weak_null_is_seldom_refused():
    rng = np.random.default_rng(8)
    p = [
        kuramoto_weak_null(rng.uniform(-np.pi, np.pi, size=(12, 3, 200))).p
        for _ in range(200)
    ]

    assert 0.015 <= np.mean(np.array(p) <= 0.05) <= 0.10


def test_signals_that_go_together_refuse_it():
    one = np.random.default_rng(9).uniform(-np.pi, np.pi, size=(5, 1, 100))
    phases = one + 0.5 * np.random.default_rng(1).normal(size=(5, 2, 100))

    assert kuramoto_weak_null(phases).p < 1e-4


def test_in_windows_it_is_the_measure_of_each():
    signals = noises(10)
    windows = Windows(rate=5.0, window=100, step=75, lag=0)

    starts, found = windowed(symbolic_entropy, signals, windows)

    np.testing.assert_array_equal(starts, [0, 75, 150, 225, 300])
    for start, value in zip(starts, found, strict=True):
        assert value == symbolic_entropy(signals[:, start : start + 100])


# What cannot be said --------------------------------------------------------------


def test_who_never_moves_is_blank():
    still = np.array([noises(11)[0], np.full(400, 3.1)])

    blank = [team_coherence(still), normalised_cross_spectrum(still)]
    found = transfer(still)
    assert np.isnan([*blank, found.matrix[1, 0], found.index]).all()
    assert np.isfinite(found.matrix[0, 0])
    with pytest.raises(ParameterError, match="each of the signals must vary"):
        joint_recurrence(still)


def test_of_a_signal_given_twice_no_coefficient_can_be_told():
    one = noises(12)[0]

    found = transfer(np.array([one, 2 * one]))

    assert np.isnan(found.matrix[0, 1])
    assert math.isnan(found.index)


def test_a_matrix_without_an_inverse_has_no_index():
    assert math.isnan(index_of(np.array([[0.0, 1.0], [0.0, 2.0]])))


def test_recordings_that_are_all_alike_have_no_test():
    found = kuramoto_weak_null(np.zeros((3, 2, 5)))

    assert found.order == 1
    assert np.isnan([found.t, found.p]).all()


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: rho([1.0, 2.0]), "signals must be 2 rows or more"),
        (lambda: rho([[1.0, 2.0]]), "signals must be 2 rows or more"),
        (lambda: team_coherence(np.ones((2, 15))), "rows or more of 16 numbers"),
        (lambda: rho([[1.0], [math.nan]]), "signal 2 must hold no blank"),
        (lambda: rho([[math.inf], [1.0]]), "signal 1 must be finite"),
        (lambda: symbolic_entropy(np.ones((31, 2))), "must be 30 or fewer, got 31"),
        (lambda: transfer(np.ones((2, 9)), lag=0), "lag must be 1 or more, got 0"),
        (lambda: transfer(np.ones((2, 9)), lag=6), "rows or more of 10 numbers"),
        (lambda: kuramoto_weak_null([np.ones((2, 3))]), "recordings must be 2 or more"),
        (
            lambda: kuramoto_weak_null([np.ones((2, 3)), np.ones((3, 3))]),
            "of as many signals each",
        ),
        (
            lambda: windowed(
                team_coherence,
                np.ones((2, 90)),
                Windows(rate=1.0, window=20, step=5, lag=1),
            ),
            "windows must have no lag, got 1 samples",
        ),
    ],
)
def test_what_is_out_of_its_range_is_refused(call, says):
    with pytest.raises(ParameterError, match=says):
        call()
