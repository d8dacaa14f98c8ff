"""One person's view held against the other's: examples, a slow version, refusals."""

import csv
import math

import numpy as np
import pytest
from scipy.stats import t as t_distribution

from duologue.engine.estimates import Reason
from duologue.engine.truth_and_bias import both_ways, truth_and_bias
from duologue.errors import ParameterError

NAN = float("nan")


def caseload(n_pairs=12, n_sessions=9, *, seed=5, blank=0.15):
    """Views of a made-up caseload: a judge who follows by .4 and lies 6 below."""
    rng = np.random.default_rng(seed)
    shape = (n_pairs, n_sessions)
    truth = rng.normal(60, 9, (n_pairs, 1)) + rng.normal(0, 8, shape)
    own = rng.normal(55, 7, (n_pairs, 1)) + rng.normal(0, 6, shape)
    slope = 0.4 + 0.2 * rng.normal(size=(n_pairs, 1))
    judgement = 30 + slope * truth + 0.3 * (own - 55) + rng.normal(0, 5, shape)
    for table in (judgement, truth, own):
        table[rng.random(shape) < blank] = NAN
    return judgement, truth, own


def slow_slopes(judgement, truth, own, *, follow_line):
    """Least squares for each pair: (slopes, sums of squares, residuals, df)."""
    slopes, sums, squares, df = [], [], 0.0, 0
    for j, t, o in zip(judgement, truth, own, strict=True):
        kept = ~(np.isnan(j) | np.isnan(t) | np.isnan(o))
        n = int(kept.sum())
        columns = [np.ones(n), t[kept], o[kept]]
        if follow_line:
            columns.append(np.arange(j.size)[kept])
        x = np.column_stack(columns)
        if n <= x.shape[1]:
            continue
        b = np.linalg.lstsq(x, j[kept], rcond=None)[0]
        slopes.append(b[1:3])
        sums.append(1 / np.diag(np.linalg.inv(x.T @ x))[1:3])
        squares += float(((j[kept] - x @ b) ** 2).sum())
        df += n - x.shape[1]
    return np.array(slopes), np.array(sums), squares / df


def slow_mean(b, s, sigma2):
    """Weights by moments, interval by Hartung and Knapp, in plain loops."""
    k = len(b)
    rough = sum(s * b) / sum(s)
    q = sum(s * (b - rough) ** 2) / sigma2
    tau2 = max(0.0, (q - (k - 1)) / ((sum(s) - sum(s**2) / sum(s)) / sigma2))
    w = [1 / (tau2 + sigma2 / one) for one in s]
    mean = sum(x * y for x, y in zip(w, b, strict=True)) / sum(w)
    off = sum(x * (y - mean) ** 2 for x, y in zip(w, b, strict=True))
    half = t_distribution.ppf(0.975, k - 1) * math.sqrt(off / (k - 1) / sum(w))
    return mean, mean - half, mean + half, math.sqrt(tau2)


@pytest.mark.parametrize("follow_line", [True, False])
def test_the_slopes_within_pairs_are_those_of_the_slow_version(follow_line):
    judgement, truth, own = caseload()

    found = truth_and_bias(judgement, truth, own=own, follow_line=follow_line)

    b, s, sigma2 = slow_slopes(judgement, truth, own, follow_line=follow_line)
    for i, estimate in enumerate((found.tracking, found.projection)):
        mean, lower, upper, tau = slow_mean(b[:, i], s[:, i], sigma2)
        assert estimate.value == pytest.approx(mean)
        assert (estimate.lower, estimate.upper) == pytest.approx((lower, upper))
        assert estimate.n_pairs == len(b)
        if i == 0:
            assert found.tracking_spread == pytest.approx(tau)


def test_the_gap_worked_by_hand():
    # Gaps of the five pairs: -2, -4, -6, -8, -10 (one session of the last is blank).
    # Mean -6, squares 16 + 4 + 0 + 4 + 16 = 40, s = sqrt(40 / 4) = 3.16228;
    # t(.975, 4) = 2.77645; half = 2.77645 * 3.16228 / sqrt(5) = 3.92649.
    truth = np.array([[50.0, 60], [40, 50], [70, 60], [50, 50], [30, 90]])
    judgement = truth - np.array([[2.0], [4], [6], [8], [10]])
    judgement[4, 1] = NAN

    gap = truth_and_bias(judgement, truth).gap

    assert gap.value == pytest.approx(-6)
    assert (gap.lower, gap.upper) == pytest.approx((-9.92649, -2.07351), abs=1e-4)


def test_between_pairs_worked_by_hand():
    # One session each; truth -2, -1, 0, 1, 2 round its mean, judgement 0, 2, 1, 2, 5
    # round 0: slope = (0 - 2 + 0 + 2 + 10) / 10 = 1; mean 2, residuals 0, 1, -1, -1, 1.
    # Leverage .2 + x^2 / 10 = .6, .3, .2, .3, .6. HC3: sum of x^2 (e / (1 - h))^2 / 100
    # = (0 + (1 / .7)^2 + 0 + (1 / .7)^2 + 4 (1 / .4)^2) / 100 = 0.290816.
    truth = np.array([[48.0], [49], [50], [51], [52]])
    judgement = np.array([[0.0], [2], [1], [2], [5]])

    found = truth_and_bias(judgement, truth)

    half = t_distribution.ppf(0.975, 3) * math.sqrt(0.2908163)
    assert found.between.value == pytest.approx(1)
    assert found.between.upper == pytest.approx(1 + half)
    assert found.tracking.reason is Reason.TOO_FEW_PAIRS
    assert found.gap.value == pytest.approx(-48)


@pytest.mark.shared
def test_couples_of_one_measurement_give_the_known_regression(shared):
    # Satisfaction of 148 couples on one's own and the partner's view of the other:
    # the figures that stand beside the data, to within one of their last digit.
    with (shared / "data/dyads/acitelli_couples.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))

    for who, own_slope, partner_slope in (
        ("Wife", 0.378, 0.322),
        ("Husband", 0.424, 0.262),
    ):
        kept = [row for row in rows if row["Gender_A"] == who]
        satisfied, own, partner = (
            np.array([[float(row[name])] for row in kept])
            for name in ("Satisfaction_A", "OtherPos_A", "OtherPos_P")
        )
        found = truth_and_bias(satisfied, partner, own=own)

        assert found.n_pairs == 148
        assert found.between.value == pytest.approx(partner_slope, abs=0.001)
        assert found.between_projection.value == pytest.approx(own_slope, abs=0.001)


@pytest.mark.shared
def test_closeness_within_couples_is_as_the_data_say(shared):
    # Female-male couples: correlation .331 within couples, couple means removed.
    with (shared / "data/dyads/couples_diary_dyadMLM.csv").open(
        encoding="utf-8"
    ) as lines:
        rows = [r for r in csv.DictReader(lines) if r["dyad_composition"][0] == "f"]
    mixed = [r for r in rows if r["dyad_composition"] == "female_x_male"]
    couples = sorted({r["coupleID"] for r in mixed}, key=int)
    table = np.full((2, len(couples), 14), NAN)
    for r in mixed:
        seat = int(r["gender"] == "male")
        day = int(r["diaryday"])
        table[seat, couples.index(r["coupleID"]), day] = float(r["closeness"])
    spread = np.sqrt(
        ((table - table.mean(axis=2, keepdims=True)) ** 2).sum(axis=(1, 2))
    )

    found = both_ways(table[0], table[1], follow_line=False)

    her_slope = found.client_judges.tracking.value * spread[1] / spread[0]
    his_slope = found.therapist_judges.tracking.value * spread[0] / spread[1]
    assert her_slope == pytest.approx(0.331, abs=0.02)
    assert his_slope == pytest.approx(0.331, abs=0.02)


def test_swapping_the_seats_swaps_the_two_halves_to_the_bit():
    client, therapist, guess = caseload()

    there = both_ways(client, therapist, therapist_guess=guess)
    back = both_ways(therapist, client, client_guess=guess)

    assert there.client_judges == back.therapist_judges
    assert there.therapist_judges == back.client_judges
    assert there.therapist_judges.projection is not None
    assert there.client_judges.projection is None


def test_without_guesses_the_two_gaps_are_each_others_mirror():
    client, therapist, _ = caseload()

    found = both_ways(client, therapist)

    assert found.client_judges.gap.value == -found.therapist_judges.gap.value
    assert found.client_judges.gap.lower == -found.therapist_judges.gap.upper


def test_a_change_of_scale_changes_what_has_the_scale_in_it_alone():
    judgement, truth, own = caseload()

    plain = truth_and_bias(judgement, truth, own=own)
    scaled = truth_and_bias(judgement / 10 + 3, truth / 10 + 3, own=own / 10 + 3)

    assert scaled.gap.value == pytest.approx(plain.gap.value / 10)
    assert scaled.gap_spread == pytest.approx(plain.gap_spread / 10)
    assert scaled.tracking.lower == pytest.approx(plain.tracking.lower)
    assert scaled.projection.upper == pytest.approx(plain.projection.upper)
    assert scaled.between.upper == pytest.approx(plain.between.upper)


def test_two_that_merely_both_rise_are_not_called_tracking():
    rng = np.random.default_rng(1)
    rise = 3.0 * np.arange(12)
    truth = 40 + rise + rng.normal(0, 4, (40, 12))
    judgement = 45 + rise + rng.normal(0, 4, (40, 12))

    followed = truth_and_bias(judgement, truth)
    left = truth_and_bias(judgement, truth, follow_line=False)

    assert followed.tracking.holds(0)
    assert left.tracking.lower > 0.5


def test_sessions_that_only_one_answered_change_nothing():
    judgement, truth, _ = caseload()
    more = np.where(np.isnan(truth), 99.0, judgement)

    assert truth_and_bias(more, truth) == truth_and_bias(judgement, truth)


def test_pairs_without_a_common_session_and_empty_sessions_change_nothing():
    judgement, truth, _ = caseload()
    plain = truth_and_bias(judgement, truth)

    wider = truth_and_bias(
        np.pad(judgement, ((0, 1), (0, 3)), constant_values=NAN),
        np.pad(truth, ((0, 1), (0, 3)), constant_values=50.0),
    )

    assert wider.n_pairs == plain.n_pairs
    assert wider.tracking.value == pytest.approx(plain.tracking.value)
    assert wider.between.lower == pytest.approx(plain.between.lower)


def test_pairs_that_have_nothing_in_common_may_be_labelled_or_not():
    judgement, truth, own = caseload()

    plain = truth_and_bias(judgement, truth, own=own)
    labelled = truth_and_bias(judgement, truth, own=own, clusters=list("abcdefghijkl"))

    assert labelled == plain


def test_a_pair_that_stands_there_twice_is_no_more_sure_when_it_is_labelled():
    judgement, truth, _ = caseload()
    plain = truth_and_bias(judgement, truth)

    twice = truth_and_bias(
        np.repeat(judgement, 2, axis=0),
        np.repeat(truth, 2, axis=0),
        clusters=np.repeat(np.arange(12), 2),
    )

    assert (twice.gap.lower, twice.gap.upper) == pytest.approx(
        (plain.gap.lower, plain.gap.upper)
    )
    assert twice.gap.n_pairs == 24
    unlabelled = truth_and_bias(
        np.repeat(judgement, 2, axis=0), np.repeat(truth, 2, axis=0)
    )
    assert unlabelled.gap.upper < twice.gap.upper
    assert unlabelled.tracking.upper < twice.tracking.upper
    assert unlabelled.between.upper < twice.between.upper


def test_with_clusters_the_slopes_between_leave_one_out_at_a_time():
    judgement, truth, own = caseload(18)
    clusters = np.repeat(np.arange(6), 3)

    found = truth_and_bias(judgement, truth, own=own, clusters=clusters).between

    common = np.isnan(judgement + truth + own)
    j, t, o = (
        np.nanmean(np.where(common, NAN, x), axis=1) for x in (judgement, truth, own)
    )
    left = []
    for cluster in range(6):
        kept = clusters != cluster
        x = np.column_stack([np.ones(kept.sum()), t[kept], o[kept]])
        left.append(np.linalg.lstsq(x, j[kept], rcond=None)[0][1])
    se = math.sqrt(5 / 6 * sum((b - np.mean(left)) ** 2 for b in left))
    half = t_distribution.ppf(0.975, 3) * se
    assert found.upper - found.value == pytest.approx(half)


def test_of_too_few_clusters_nothing_is_told():
    judgement, truth, _ = caseload()

    found = truth_and_bias(judgement, truth, clusters=np.arange(12) % 4)

    assert found.gap.reason is Reason.TOO_FEW_PAIRS
    assert found.tracking.reason is Reason.TOO_FEW_PAIRS
    assert found.between.reason is Reason.TOO_FEW_PAIRS


def test_if_one_cluster_alone_varies_the_slope_between_cannot_be_told():
    judgement, truth, _ = caseload()
    flat = np.where(np.arange(12)[:, None] < 2, truth, 50.0)

    found = truth_and_bias(judgement, flat, clusters=np.repeat(np.arange(6), 2))

    assert found.between.reason is Reason.NO_SPREAD


@pytest.mark.parametrize("value", [0.0, 0.1, 10.1, 50.0, 97.7])
def test_a_truth_that_never_changes_gives_no_slope(value):
    judgement, truth, _ = caseload()

    found = truth_and_bias(judgement, np.where(np.isnan(truth), NAN, value))

    assert found.tracking.reason is Reason.NO_SPREAD
    assert found.between.reason is Reason.NO_SPREAD
    assert math.isnan(found.tracking.value)
    assert math.isnan(found.tracking_spread)
    assert not found.tracking.holds(0)
    assert found.gap.told


def test_an_own_rating_that_repeats_the_truth_leaves_neither_slope():
    judgement, truth, _ = caseload()

    found = truth_and_bias(judgement, truth, own=2 * truth + 1)

    assert found.tracking.reason is Reason.NO_SPREAD
    assert found.projection.reason is Reason.NO_SPREAD
    assert found.between.reason is Reason.NO_SPREAD


def test_a_judgement_that_never_changes_follows_by_nothing():
    _, truth, _ = caseload()

    found = truth_and_bias(np.full(truth.shape, 50.0), truth)

    assert found.tracking.value == pytest.approx(0, abs=1e-12)
    assert found.tracking_spread == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("n_pairs", [0, 1, 4])
def test_of_too_few_pairs_nothing_is_told(n_pairs):
    judgement, truth, own = caseload()

    found = truth_and_bias(judgement[:n_pairs], truth[:n_pairs], own=own[:n_pairs])

    for estimate in (found.gap, found.tracking, found.projection, found.between):
        assert estimate.reason is Reason.TOO_FEW_PAIRS
        assert math.isnan(estimate.value)
    assert math.isnan(found.gap_spread)
    assert found.n_pairs == n_pairs


def test_if_one_seat_never_answered_nothing_is_told():
    _, truth, _ = caseload()

    found = truth_and_bias(np.full(truth.shape, NAN), truth)

    assert (found.n_pairs, found.n_sessions) == (0, 0)
    assert found.gap.reason is Reason.TOO_FEW_PAIRS


@pytest.mark.parametrize(
    ("judgement", "truth"),
    [([[1, 2]], [[1]]), ([1, 2], [1, 2]), (1, 1), ([[[1]]], [[[1]]])],
)
def test_tables_of_unequal_or_another_shape_are_refused(judgement, truth):
    with pytest.raises(ParameterError, match="must have the shape"):
        truth_and_bias(judgement, truth)


def test_what_is_out_of_range_is_refused():
    table = np.full((6, 3), 50.0)
    with pytest.raises(ParameterError, match=r"level must lie in \(0.5, 1\), got 1"):
        truth_and_bias(table, table, level=1)
    with pytest.raises(ParameterError, match="one label for each of 6 pairs"):
        truth_and_bias(table, table, clusters=[1, 2])
    with pytest.raises(ParameterError, match="clusters must not be blank"):
        truth_and_bias(table, table, clusters=[1, 2, 3, 4, 5, NAN])
    with pytest.raises(ParameterError, match="own must be finite or nan"):
        truth_and_bias(table, table, own=np.full((6, 3), math.inf))
