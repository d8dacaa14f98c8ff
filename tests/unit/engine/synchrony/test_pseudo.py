"""All pseudo pairs of some sessions, and how far real ones lie above them."""

import sys

import numpy as np
import pytest

from duologue.engine.synchrony import crossed
from duologue.engine.synchrony.lagged import lagged
from duologue.engine.synchrony.preparing import Compat, scale, smooth
from duologue.engine.synchrony.pseudo import all_pairs, cohens_d, share_above
from duologue.engine.synchrony.sums import Sums
from duologue.engine.synchrony.windows import Windows, windows_of
from duologue.errors import ParameterError
from motion_files import UIDS, records, session, table

SMALL = Windows(rate=5.0, window=20, step=10, lag=3)


def sessions(n, *, seed=0, size=150, blank=0.0):
    rng = np.random.default_rng(seed)
    made = rng.normal(size=(2, n, size))
    made[rng.random(made.shape) < blank] = np.nan
    return made


@pytest.fixture(scope="module")
def ten(shared):
    """Return all pairs of the ten real sessions, prepared as by rMEA."""
    series = [
        [scale(smooth(v, 25.0, compat=Compat.RMEA), compat=Compat.RMEA) for v in two]
        for two in (session(shared, uid) for uid in UIDS)
    ]
    return all_pairs(*zip(*series, strict=True), windows_of(25.0))


def of_group(sums, group):
    """Return the sums of the sessions of one group of the ten."""
    rows = [i for i, uid in enumerate(UIDS) if uid.startswith(group)]
    return Sums(z=sums.z[rows], absolute=sums.absolute[rows], count=sums.count[rows])


def test_all_of_ten_sessions_are_rmeas_in_its_order(shared, ten):
    folder = shared / "reference" / "mirroring" / "rmea"
    rows = records(folder / "surrogates_pairs.csv.gz")
    names = [f"{uid}_{who}" for who in ("Pat", "The") for uid in UIDS]

    assert [(row["first"], row["second"]) for row in rows] == [
        (names[i], names[j]) for i, j in ten.places
    ]
    assert [row["kind"] == "same_role" for row in rows] == list(ten.is_same_seat)
    for values, name in (
        (ten.pseudo.grand_mean, "grandAver"),
        (ten.pseudo.grand_mean_abs, "grandAver_abs"),
        (ten.pseudo.profile[:, 125], "lag_zero"),
    ):
        expected = [float(row[name]) for row in rows]
        np.testing.assert_allclose(values, expected, rtol=0, atol=1e-9)
    profile = table(folder / "surrogates_lagprofile.csv")[:, 1]
    np.testing.assert_allclose(
        ten.pseudo.profile.mean(axis=0), profile, rtol=0, atol=1e-9
    )


@pytest.mark.parametrize(
    ("measure", "attribute"),
    [("grandAver_z", "grand_mean"), ("grandAver_absz", "grand_mean_abs")],
)
def test_effects_are_rmeas_with_their_sign(shared, ten, measure, attribute):
    """rMEA leaves the sign out; these figures of half a sample are no finding."""
    folder = shared / "reference" / "mirroring" / "rmea"
    (row,) = (
        r for r in records(folder / "group_effects.csv") if r["measure"] == measure
    )
    values = {
        "normal": getattr(of_group(ten.real, "normal"), attribute),
        "dropout": getattr(of_group(ten.real, "dropout"), attribute),
        "surrogate": getattr(ten.pseudo, attribute),
        "all": getattr(ten.real, attribute),
    }

    for one, other in (
        ("normal", "dropout"),
        ("normal", "surrogate"),
        ("dropout", "surrogate"),
        ("all", "surrogate"),
    ):
        d = cohens_d(values[one], values[other])
        assert abs(d) == pytest.approx(float(row[f"d_{one}_{other}"]), abs=1e-9)
        assert np.sign(d) == np.sign(values[one].mean() - values[other].mean())


def test_the_share_of_lags_above_chance_is_rmeas(shared, ten):
    folder = shared / "reference" / "mirroring" / "rmea"

    for row in records(folder / "pct_above_random.csv"):
        share = share_above(of_group(ten.real, row["group"]), ten.pseudo)
        told = float(row["pct_lags_above_surrogate_mean"])
        assert 100 * share == pytest.approx(told, abs=1e-9)


@pytest.mark.parametrize("compat", Compat)
@pytest.mark.parametrize("blank", [0.0, 0.2])
def test_each_pair_is_what_it_is_alone_cut_to_the_shorter(blank, compat):
    firsts, seconds = (list(each) for each in sessions(4, blank=blank))
    firsts[2], seconds[0] = firsts[2][:90], np.maximum(seconds[0][:110], 0.0)
    seconds[1] = 1e-7 * seconds[1] + 4.0
    every = [*firsts, *seconds]

    found = all_pairs(firsts, seconds, SMALL, compat=compat)

    assert len(found.places) == 8 * 7 // 2 - 4
    for row, (i, j) in enumerate(found.places):
        z = lagged(every[i], every[j], SMALL, compat=compat).z
        np.testing.assert_allclose(
            found.pseudo.z[row], np.nansum(z, axis=0), rtol=0, atol=1e-9
        )
        np.testing.assert_array_equal(found.pseudo.count[row], (~np.isnan(z)).sum(0))


def test_one_worker_and_many_find_the_same():
    one, many = (all_pairs(*sessions(5), SMALL, n_workers=n) for n in (1, 4))

    np.testing.assert_array_equal(one.pseudo.z, many.pseudo.z)
    np.testing.assert_array_equal(one.real.absolute, many.real.absolute)


def test_the_seats_exchanged_give_the_same_pairs():
    firsts, seconds = sessions(4)
    there = all_pairs(firsts, seconds, SMALL)
    back = all_pairs(seconds, firsts, SMALL)

    np.testing.assert_allclose(there.real.z, back.real.z[:, ::-1], atol=1e-12)
    ours, theirs = (np.sort(each.pseudo.grand_mean) for each in (there, back))
    np.testing.assert_allclose(ours, theirs, atol=1e-12)


def test_without_a_compiler_it_finds_the_same(monkeypatch):
    compiled = all_pairs(*sessions(3), SMALL)
    name = "duologue.engine.synchrony.compiled_lagged"
    monkeypatch.setitem(sys.modules, name, None)

    plain = all_pairs(*sessions(3), SMALL)

    np.testing.assert_allclose(plain.pseudo.z, compiled.pseudo.z, atol=1e-12)


def test_where_too_much_would_be_kept_it_finds_the_same(monkeypatch):
    kept = all_pairs(*sessions(3), SMALL)
    monkeypatch.setattr(crossed, "MOST_SAMPLES", 899)

    series = crossed.made_ready(list(np.concatenate(sessions(3))), SMALL)

    assert [each.ready for each in series] == [None] * 6
    found = all_pairs(*sessions(3), SMALL)
    np.testing.assert_allclose(found.pseudo.z, kept.pseudo.z, atol=1e-12)


def test_how_far_it_is_is_told():
    told = []

    all_pairs(*sessions(3), SMALL, tell=lambda done, of: told.append((done, of)))

    assert told == [(k, 15) for k in range(1, 16)]


def test_an_effect_by_hand():
    # Means 2 and 5, both variances 1: three standard deviations below.
    assert cohens_d([1, 2, 3], [4, 5, 6, np.nan]) == pytest.approx(-3)
    assert np.isnan(cohens_d([1], [2, 3]))
    assert np.isnan(cohens_d([1, 1], [2, 2]))


def test_a_share_by_hand():
    ones = np.ones((1, 3))
    real = Sums(z=np.array([[1.0, 2.0, 0.0]]), absolute=ones, count=ones)
    chance = Sums(z=np.array([[0.0, 3.0, 0.0]]), absolute=ones, count=ones * [1, 1, 0])

    assert share_above(real, chance) == 0.5
    nothing = Sums(z=0 * ones, absolute=ones, count=0 * ones)
    assert np.isnan(share_above(real, nothing))


@pytest.mark.parametrize(
    ("given", "asked", "says"),
    [
        ((1, 1), {}, "two sessions or more, got 1 and 1"),
        ((3, 2), {}, "two sessions or more, got 3 and 2"),
        ((3, 3), {"n_workers": 0}, "n_workers must be 1 or more, got 0"),
    ],
)
def test_what_cannot_be_is_refused(given, asked, says):
    firsts, seconds = (sessions(n)[0] for n in given)

    with pytest.raises(ParameterError, match=says):
        all_pairs(firsts, seconds, SMALL, **asked)


def test_a_session_that_is_too_short_is_refused():
    firsts, seconds = (list(each) for each in sessions(3))
    firsts[1] = firsts[1][:12]

    with pytest.raises(ParameterError, match=r"the series must last 4\.6 s or more"):
        all_pairs(firsts, seconds, SMALL)
