"""The page of what was validated of the dyad model, and the scripts behind it."""

import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import halfcauchy, kstest, multivariate_normal, norm, t

from duologue.engine.dyad.likelihood import log_likelihood
from duologue.engine.dyad.simulate import recovery_population

PROJECT = Path(__file__).parents[2]
BENCHMARKS = PROJECT / "benchmarks"
PAGE = PROJECT / "docs" / "validation-dyad.md"
PARTS = ("calibration", "forecasts", "jobs", "page", "predictive", "speed")


@pytest.fixture(scope="module")
def dyad(load):
    """The parts of the script."""
    return SimpleNamespace(**{part: load(f"dyad_{part}") for part in PARTS})


def quick(keep, *arguments):
    return subprocess.run(
        [
            *(sys.executable, str(BENCHMARKS / "dyad.py"), "--quick", "--workers", "1"),
            *("--keep", str(keep), "--date", "2026-01-31"),
            *map(str, arguments),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )


def test_who_stops_goes_on_there_and_the_page_says_how_far(tmp_path):
    page, figures = tmp_path / "page.md", tmp_path / "figures.jsonl"

    first = quick(tmp_path, "--write", page, "--only", "exactness", "calibration")
    so_far = page.read_text("utf-8")
    with figures.open("a") as file:
        file.write('{"key": "coverage/8/0", "sett')  # cut short
        file.write("\n")
    second = quick(tmp_path, "--write", page)
    whole = page.read_text("utf-8")

    assert (first.returncode, second.returncode) == (0, 0)
    assert first.stderr.split("\n")[:2] == [
        "1 of 34: exactness/all/0",
        "2 of 34: calibration/all/0",
    ]
    assert second.stderr.startswith("3 of 34: coverage/8/0\n")
    assert second.stderr.count("\n") == 32
    assert "Run on 2026-01-31 with" in whole
    assert "2 of 34 caseloads were done, 0 of them refused" in so_far
    assert "| 8 sessions | 0 of 1 | - |" in so_far
    assert "34 of 34 caseloads were done, 0 of them refused" in whole
    assert "| 8 sessions | 1 of 1 | 0." in whole
    assert "](page.svg)" in whole
    points = (tmp_path / "page.svg").read_text("utf-8").count("<circle ")
    assert points == 8 * 8 + 8  # and one for each in the legend
    assert "exactness:" not in whole  # met, so it has no line among what is not


def test_figures_of_other_settings_do_not_mix(dyad):
    full, quick_ = dyad.jobs.FULL, dyad.jobs.QUICK
    more = dyad.jobs.Settings(n_replicates=80)

    assert full.digest != quick_.digest
    assert full.digest == more.digest


def test_jobs_come_round_by_round_and_once_each(dyad):
    jobs = dyad.jobs.all_jobs(dyad.jobs.FULL)

    keys = [job.key for job in jobs]
    assert len(set(keys)) == len(keys)
    assert sum(job.study == "calibration" for job in jobs) >= 500
    for sessions in (8, 16, 32):
        assert keys.count(f"coverage/{sessions}/39") == 1
    rounds = [job.replicate for job in jobs]
    assert rounds == sorted(rounds)


def test_a_bar_is_met_missed_or_open(dyad):
    def verdict(value, error, n=40):
        return dyad.page.Share(value=value, error=error, n=n).verdict

    assert verdict(0.90, 0.01) == "met"
    assert verdict(0.86, 0.01) == "open"
    assert verdict(0.84, 0.01) == "missed"
    assert verdict(0.96, 0.01) == "missed"
    assert verdict(0.50, 0.01, n=9) == "open"
    assert verdict(0.90, 0.01, n=9) == "open"


def test_a_share_counts_what_was_told_and_takes_caseloads_for_the_unit(dyad):
    done = [
        {"pairs": {"level": [100, 100, 90, 0, 0], "set_point": [100, 0, 0, 0, 0]}},
        {"pairs": {"level": [100, 50, 30, 0, 0], "set_point": [100, 0, 0, 0, 0]}},
    ]

    found = dyad.page.share(done, ["level"])
    none = dyad.page.share(done, ["set_point"])

    assert found.value == pytest.approx(120 / 150)
    assert found.error == pytest.approx(np.std([0.9, 0.6], ddof=1) / 2**0.5)
    assert (none.n, str(none)) == (0, "-")


def test_intervals_are_held_to_the_truth_and_blanks_are_not_told(dyad):
    mean = np.array([1.0, 2.0, np.nan])
    ends = np.array([[0.0, 2.0], [1.5, 2.5], [np.nan, np.nan]])

    found = dyad.jobs.held(ends, mean, np.array([1.5, 3.0, 0.0]))

    assert found == [3, 2, 1, 3.0, pytest.approx(0.25 + 1.0)]


def test_even_ranks_do_not_deviate_and_others_do(dyad):
    even = np.repeat(np.arange(20), 3)

    assert dyad.page.uneven(even) == pytest.approx(0)
    assert dyad.page.uneven(np.zeros(60, dtype=int)) == pytest.approx(0.95)
    assert dyad.page.chi_square(even) == "-"
    assert dyad.page.chi_square(np.repeat(np.arange(20), 5)) == "1.000"
    assert dyad.page.chi_square(np.zeros(100, dtype=int)) == "0.000"


def test_scores_of_a_normal_are_those_of_their_definitions(dyad):
    forecast = dyad.forecasts.Forecast(mean=np.array([1.0]), sd=np.array([0.7]))
    truth = np.array([1.8])

    squared, crps, log_score, held = dyad.forecasts.errors(forecast, truth, truth > 0)

    def gap(x):
        return (norm(1, 0.7).cdf(x) - (x >= 1.8)) ** 2

    assert squared == pytest.approx(0.64)
    assert crps == pytest.approx(quad(gap, -9, 1.8)[0] + quad(gap, 1.8, 9)[0])
    assert log_score == pytest.approx(-norm(1, 0.7).logpdf(1.8))
    assert held == 1


def test_a_mixed_model_is_where_the_dense_likelihood_is_highest(dyad):
    rng = np.random.default_rng(1)
    n_pairs, n = 12, 6
    X = np.stack([np.ones((n_pairs, n)), rng.normal(size=(n_pairs, n))], axis=-1)
    y = X @ [2.0, 0.5] + rng.normal(size=(n_pairs, 1)) + rng.normal(size=(n_pairs, n))
    y[rng.random(y.shape) < 0.2] = np.nan

    fixed, intercept, _ = dyad.forecasts.random_intercepts(y, X)

    def dense(ratio, variance, around):
        total = 0.0
        for own, x in zip(y, X, strict=True):
            there = ~np.isnan(own)
            V = variance * (np.eye(there.sum()) + ratio)
            mean = x[there] @ around
            total += multivariate_normal(mean, V).logpdf(own[there])
        return total

    rest = y - X @ fixed
    counts = (~np.isnan(y)).sum(axis=1)
    shrunk = intercept[0] / np.nanmean(rest[0])  # n ratio / (1 + n ratio)
    ratio = shrunk / (1 - shrunk) / counts[0]
    whole = np.nansum((rest - intercept[:, None]) * rest) / counts.sum()
    best = dense(ratio, whole, fixed)
    for change in (0.9, 1.1):
        assert dense(change * ratio, whole, fixed) < best
        assert dense(ratio, change * whole, fixed) < best
        assert dense(ratio, whole, fixed * [1, change]) < best


def test_plain_forecasts_are_as_they_are_called(dyad):
    y = np.full((2, 4, 2, 1), np.nan)
    y[0, :, 0, 0] = [1.0, 3.0, np.nan, 2.0]
    y[1, :, 1, 0] = 5.0

    last, mean = dyad.forecasts.last_value(y), dyad.forecasts.own_mean(y)

    assert last.mean[0, 0, 0] == 2
    assert mean.mean[0, 0, 0] == 2
    assert np.isnan(last.mean[0, 1, 0])
    assert last.sd[0, 0] == pytest.approx(((2**2 + 1**2) / 2) ** 0.5)


def test_a_caseload_is_looked_at_as_by_hand(dyad):
    y = np.zeros((1, 4, 2, 1))
    y[0, :, 0, 0] = [3, 3, 0, 1]
    y[0, :, 1, 0] = [2, 2, 0, 0]

    found = dyad.predictive.looked_at(y)

    assert found[4] == pytest.approx(1 / 3)
    assert found[5] == pytest.approx(4 / 8)


def test_what_calibration_draws_has_the_prior_that_is_fitted_with(dyad):
    rng = np.random.default_rng(2)
    drawn = [dyad.calibration.from_prior(rng) for _ in range(400)]
    v = dyad.calibration.PRIOR.variance
    half_t = t(2)

    def share_of(sd, seat):
        return 2 * half_t.cdf(sd / v[seat] ** 0.5) - 1

    for seat in (0, 1):
        Q = np.array([each.common.Q[seat, seat] for each in drawn])
        R = np.array([each.common.R[seat, 0] for each in drawn])
        assert kstest(share_of(Q**0.5, seat), "uniform").pvalue > 0.01
        assert kstest(share_of(R**0.5, seat), "uniform").pvalue > 0.01
        assert kstest(Q**0.5 / v[seat] ** 0.5, halfcauchy.cdf).pvalue < 0.001
    bm = np.array([each.common.bm[0] for each in drawn])
    assert kstest(bm - 5, "norm").pvalue > 0.01


def test_the_committed_page_says_how_far_it_went_and_names_no_place():
    text = PAGE.read_text(encoding="utf-8")

    assert re.search(r"Run on \d{4}-\d\d-\d\d with Python \d", text)
    assert re.search(r"\d+ of \d+ caseloads were done", text)
    assert not re.search(r"(?<!\w)/(?:home|work|root|tmp|Users)\b", text)


def test_the_slow_filter_of_the_benchmarks_is_the_one_that_is_timed(dyad):
    made = dyad.jobs.caseload(0, 5, 7)
    common = recovery_population().common

    for y, b in zip(made.ratings, made.b, strict=True):
        slow = dyad.speed.slow_log_likelihood(y, b, common)
        assert slow == pytest.approx(log_likelihood(y, b, common), abs=1e-9)


def test_a_peer_of_the_benchmarks_has_the_same_likelihood(dyad):
    pytest.importorskip("statsmodels")
    made = dyad.jobs.caseload(0, 5, 7)
    common = recovery_population().common

    for y, b in zip(made.ratings, made.b, strict=True):
        peer = dyad.speed.of_statsmodels(y, b, common).loglike()
        assert peer == pytest.approx(log_likelihood(y, b, common), abs=1e-6)
