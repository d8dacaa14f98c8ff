"""Real partners beside mismatched ones."""

import numpy as np
import pytest

from duologue.engine.synchrony.partners import Statistic, against_partners
from duologue.engine.synchrony.preparing import Compat, scale, smooth
from duologue.engine.synchrony.summing import sums_for
from duologue.engine.synchrony.windows import Windows, windows_of
from duologue.errors import ParameterError
from motion_files import UIDS, records, session

SMALL = Windows(rate=5.0, window=20, step=10, lag=3)


def sessions(n, *, r=0.0, seed=0, size=150):
    """Return the series of some pairs, the seconds following the firsts."""
    rng = np.random.default_rng(seed)
    firsts, others = rng.normal(size=(2, n, size))
    return firsts, r * np.roll(firsts, 2, axis=1) + np.sqrt(1 - r * r) * others


def test_partners_who_follow_are_told_from_mismatched_ones():
    found = against_partners(*sessions(8, r=0.5), SMALL, n_permutations=500)

    assert found.real > found.mismatched
    assert found.p == pytest.approx(1 / 501)
    assert found.effect > 2
    assert found.table.shape == (8, 8)


@pytest.mark.parametrize("statistic", Statistic)
def test_of_unrelated_partners_about_one_in_twenty_is_told_so(statistic):
    p = [
        against_partners(
            *sessions(6, seed=i), SMALL, statistic=statistic, n_permutations=200
        ).p
        for i in range(60)
    ]

    # Three standard errors of 60 caseloads.
    assert np.mean(np.array(p) <= 0.05) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 60)
    assert 0.35 < np.mean(p) < 0.65


def test_the_seats_exchanged_turn_the_table_and_give_the_same_p():
    firsts, seconds = sessions(6, r=0.2)

    there = against_partners(firsts, seconds, SMALL, n_permutations=300)
    back = against_partners(seconds, firsts, SMALL, n_permutations=300)

    np.testing.assert_allclose(there.table, back.table.T, atol=1e-12)
    assert there.p == back.p
    assert there.real == pytest.approx(back.real)


def test_sessions_of_one_pair_are_never_mixed():
    whose = [1, 1, 2, 2, 3, 3, 4, 5]
    found = against_partners(*sessions(8), SMALL, pairs=whose, n_permutations=100)

    blank = np.isnan(found.table)
    assert [tuple(place) for place in np.argwhere(blank)] == [
        (0, 1), (1, 0), (2, 3), (3, 2), (4, 5), (5, 4),
    ]  # fmt: skip


def test_many_sessions_of_a_few_pairs_are_exchanged_pair_by_pair():
    whose = np.repeat(np.arange(5), 8)
    firsts, seconds = sessions(40, r=0.5)

    found = against_partners(firsts, seconds, SMALL, pairs=whose, n_permutations=200)

    assert found.n_pairs == 5
    assert found.p < 0.05  # the pairs as they are is one of 120 ways


def test_each_pair_counts_once():
    firsts, seconds = sessions(7)

    found = against_partners(
        firsts, seconds, SMALL, pairs=[1, 1, 1, 1, 2, 3, 4], n_permutations=100
    )

    own = np.diag(found.table)
    assert found.real == pytest.approx(np.mean([own[:4].mean(), *own[4:]]))


def test_what_is_one_persons_own_in_all_sessions_is_no_partnership():
    """The longer one keeps still, the higher the peaks, whoever sits opposite."""
    p = []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        firsts, seconds = sessions(15, seed=seed)
        slow = np.repeat(rng.integers(1, 12, size=(2, 5)), 3, axis=1)
        for series, how in zip((firsts, seconds), slow, strict=True):
            for i, n in enumerate(how):
                series[i] = np.convolve(series[i], np.ones(n) / n, "same")
        whose = np.repeat(np.arange(5), 3)
        p.append(
            against_partners(
                firsts, seconds, SMALL, pairs=whose, n_permutations=100, seed=seed
            ).p
        )

    assert np.mean(np.array(p) <= 0.05) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 60)
    assert 0.35 < np.mean(p) < 0.65


def test_who_is_blank_is_no_pair():
    """Else there would seem to be more ways to exchange the others than there are."""
    firsts, seconds = sessions(8, r=0.5)
    seconds[4:] = np.nan

    found = against_partners(firsts, seconds, SMALL, n_permutations=1000)
    of_three = against_partners(firsts[1:], seconds[1:], SMALL, n_permutations=100)

    assert (found.n_pairs, found.n_left_out) == (4, 4)
    assert found.p > 1 / 50  # of 24 ways
    assert (of_three.n_pairs, of_three.n_left_out) == (3, 4)
    assert np.isnan(of_three.p)


def test_a_pair_with_many_sessions_weighs_as_one_among_the_mismatched():
    firsts, seconds = sessions(7)
    whose = [1, 1, 1, 1, 2, 3, 4]

    found = against_partners(firsts, seconds, SMALL, pairs=whose, n_permutations=100)

    one = [found.table[:4, j].mean() for j in (4, 5, 6)]
    other = [found.table[i, :4].mean() for i in (4, 5, 6)]
    rest = [found.table[i, j] for i in (4, 5, 6) for j in (4, 5, 6) if i != j]
    assert found.mismatched == pytest.approx(np.mean([*one, *other, *rest]))


def test_it_tells_how_far_it_is():
    told = []

    against_partners(
        *sessions(4), SMALL, n_permutations=100, tell=lambda *at: told.append(at)
    )

    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


@pytest.mark.parametrize(
    ("n", "more", "says"),
    [
        (3, {}, "4 pairs or more, got 3"),
        (4, {"pairs": [1, 1, 1, 2]}, "4 pairs or more, got 2"),
        (4, {"pairs": [1, 2]}, "as many sessions each"),
        (4, {"n_permutations": 99}, "n_permutations must be 100 or more"),
    ],
)
def test_too_few_are_refused(n, more, says):
    with pytest.raises(ParameterError, match=says):
        against_partners(*sessions(n), SMALL, **more)


def test_who_never_moves_leaves_the_others():
    firsts, seconds = sessions(5, r=0.5)
    seconds[2] = 1.0

    found = against_partners(firsts, seconds, SMALL, n_permutations=100)

    assert np.isnan(found.table[:, 2]).all()
    assert found.p < 0.05


def test_how_unequal_the_sessions_are_is_told():
    firsts, seconds = (list(each) for each in sessions(5))
    firsts[1], seconds[3] = firsts[1][:90], seconds[3][:120]

    found = against_partners(firsts, seconds, SMALL, n_permutations=100)

    assert (found.shortest_s, found.longest_s) == (18, 30)


def test_every_pseudo_pair_has_the_averages_of_rmea(shared):
    rows = records(
        shared / "reference" / "mirroring" / "rmea" / "surrogates_pairs.csv.gz"
    )
    series = {
        f"{uid}_{who}": scale(smooth(v, 25.0, compat=Compat.RMEA), compat=Compat.RMEA)
        for uid in UIDS
        for who, v in zip(("Pat", "The"), session(shared, uid), strict=True)
    }
    none, windows = np.zeros(1, dtype=np.int64), windows_of(25.0)

    assert len(rows) == 180
    for row in rows:
        one, other = series[row["first"]], series[row["second"]]
        sums = sums_for(one, other, windows, none, 0.5)
        for found, name in (
            (sums.grand_mean[0], "grandAver"),
            (sums.grand_mean_abs[0], "grandAver_abs"),
            (sums.profile[0, windows.lag], "lag_zero"),
        ):
            assert found == pytest.approx(float(row[name]), abs=1e-9), (row, name)
