"""Response surfaces: a published example, slow versions, and what may be claimed."""

import math

import numpy as np
import pytest
from scipy.stats import t as t_distribution

from duologue.engine.estimates import Estimate, Reason, cannot_tell
from duologue.engine.response_surface import Claim, _claim, response_surface
from duologue.errors import ParameterError

NAN = float("nan")

# Frankel (1961) in Myers (1976), as in the SAS/STAT User's Guide, PROC RSREG, "A
# Saddle Surface Response Using Ridge Analysis": time, temperature, yield.
FRANKEL = np.array([
    [4.0, 250, 83.8], [20.0, 250, 81.7], [12.0, 250, 82.4], [12.0, 250, 82.9],
    [12.0, 220, 84.7], [12.0, 280, 57.9], [12.0, 250, 81.2], [6.3, 229, 81.3],
    [6.3, 271, 83.1], [17.7, 229, 85.3], [17.7, 271, 72.7], [4.0, 250, 82.0],
])  # fmt: skip

RIDGE = (0.0, 0.0, 0.0, -0.5, 1.0, -0.5)
RISING_RIDGE = (0.0, 0.4, 0.4, -0.4, 0.8, -0.4)


def caseload(coefficients, *, n_pairs=60, n_sessions=8, noise=0.5, seed=2):
    """Two related views, an outcome on a known surface, pairs of their own level."""
    rng = np.random.default_rng(seed)
    level = rng.multivariate_normal([0, 0], [[1, 0.4], [0.4, 1]], size=n_pairs)
    shape = (n_pairs, n_sessions)
    x = level[:, :1] + 0.7 * rng.normal(size=shape)
    y = level[:, 1:] + 0.7 * rng.normal(size=shape)
    b = coefficients
    z = b[0] + b[1] * x + b[2] * y + b[3] * x * x + b[4] * x * y + b[5] * y * y
    z += noise * (rng.normal(size=shape) + rng.normal(size=(n_pairs, 1)))
    return x, y, z


def design(x, y):
    return np.column_stack([np.ones(x.size), x, y, x * x, x * y, y * y])


def fit(x, y, z):
    kept = ~(np.isnan(x) | np.isnan(y) | np.isnan(z))
    return np.linalg.lstsq(design(x[kept], y[kept]), z[kept], rcond=None)[0]


def edwards(b):
    """Stationary point and principal axes by the formulas of Edwards and Parry."""
    _, b1, b2, b3, b4, b5 = b
    below = 4 * b3 * b5 - b4**2
    x0, y0 = (b2 * b4 - 2 * b1 * b5) / below, (b1 * b4 - 2 * b2 * b3) / below
    root = math.sqrt((b3 - b5) ** 2 + b4**2)
    p11, p21 = (b5 - b3 + root) / b4, (b5 - b3 - root) / b4
    return x0, y0, y0 - p11 * x0, p11, y0 - p21 * x0, p21


def test_the_published_saddle_comes_out():
    # Printed there for time and temperature coded to -1 to 1: stationary point
    # (-0.441758, -0.309976), which is (8.465935, 240.700718) uncoded; predicted value
    # 83.741940; eigenvalues 2.528816 and -9.996940 with vectors (0.953223, -0.302267)
    # and (0.302267, 0.953223); parameter estimates as below. Five copies, so that the
    # design can be drawn from: least squares does not change with them.
    time, temperature, gained = np.tile(FRANKEL, (5, 1)).T
    coded = response_surface(
        (time - 12) / 8, (temperature - 250) / 30, gained, centre=0
    )

    printed = (82.173110, -1.014287, -8.676768, 1.384394, -7.218045, -8.852519)
    assert coded.coefficients == pytest.approx(printed, abs=1e-6)
    assert coded.stationary_client.value == pytest.approx(-0.441758, abs=1e-6)
    assert coded.stationary_therapist.value == pytest.approx(-0.309976, abs=1e-6)
    assert coded.p11 == pytest.approx(-0.302267 / 0.953223, abs=1e-5)
    assert coded.p21 == pytest.approx(0.953223 / 0.302267, abs=1e-4)
    point = design(np.array([-0.441758]), np.array([-0.309976]))
    assert point @ coded.coefficients == pytest.approx(83.741940, abs=1e-5)


def test_the_published_saddle_comes_out_in_its_own_units():
    time, temperature, gained = np.tile(FRANKEL, (5, 1)).T

    found = response_surface(time, temperature, gained, centre=100)

    assert found.stationary_client.value == pytest.approx(8.465935, abs=1e-4)
    assert found.stationary_therapist.value == pytest.approx(240.700718, abs=1e-4)


def test_the_coefficients_and_axes_are_those_of_the_formulas():
    x, y, z = caseload((1, 0.3, -0.1, -0.5, 0.3, -0.2))
    x[0, 0] = y[1, 1] = z[2, 2] = NAN

    found = response_surface(x, y, z, centre=0.25)

    b = fit(x - 0.25, y - 0.25, z)
    x0, y0, p10, p11, p20, p21 = edwards(b)
    assert found.coefficients == pytest.approx(b)
    assert found.stationary_client.value == pytest.approx(x0 + 0.25)
    assert found.stationary_therapist.value == pytest.approx(y0 + 0.25)
    assert (found.p10, found.p11) == pytest.approx((p10, p11))
    assert (found.p20, found.p21) == pytest.approx((p20, p21))
    assert found.turn.value == pytest.approx(math.degrees(math.atan(p11)) - 45)
    assert found.shift.value == pytest.approx(-p10 / (1 + p11))
    assert found.n_sessions == x.size - 3


def test_the_intervals_are_those_of_leaving_out_pair_by_pair():
    x, y, z = caseload((1, 0.3, -0.1, -0.5, 0.3, -0.2), n_pairs=15)

    found = response_surface(x, y, z, centre=0)

    left = []
    for pair in range(15):
        kept = np.arange(15) != pair
        left.append(fit(x[kept], y[kept], z[kept]))
    left = np.array(left)
    covariance = 14 / 15 * np.cov(left.T, ddof=0) * 15
    a4 = left[:, 3] - left[:, 4] + left[:, 5]
    se = math.sqrt(14 / 15 * ((a4 - a4.mean()) ** 2).sum())
    b = found.coefficients
    half = t_distribution.ppf(0.975, 9) * se
    assert found.covariance == pytest.approx(covariance)
    assert found.a4.value == pytest.approx(b[3] - b[4] + b[5])
    assert found.a4.upper - found.a4.value == pytest.approx(half)


def test_what_is_no_sum_of_coefficients_has_the_interval_of_drawn_pairs():
    x, y, z = caseload(RISING_RIDGE, n_pairs=20)
    found = response_surface(x, y, z, centre=0, n_draws=199, seed=7)

    drawn = np.random.default_rng(7).multinomial(20, np.full(20, 1 / 20), size=199)
    turns, shifts = [], []
    for counts in drawn:
        rows = np.repeat(np.arange(20), counts)
        *_, p10, p11, _, _ = edwards(fit(x[rows], y[rows], z[rows]))
        turns.append(math.degrees(math.atan(p11)) - 45)
        shifts.append(-p10 / (1 + p11))

    # .025 of 199 + 1 draws: the fifth from either end.
    turns, shifts = sorted(turns), sorted(shifts)
    assert (found.turn.lower, found.turn.upper) == pytest.approx((turns[4], turns[-5]))
    assert (found.shift.lower, found.shift.upper) == pytest.approx(
        (shifts[4], shifts[-5])
    )


def test_within_pairs_a_pairs_own_level_has_no_say():
    x, y, z = caseload((1, 0.3, -0.1, -0.5, 0.3, -0.2), n_pairs=12)
    shift = np.random.default_rng(1).normal(0, 50, (12, 1))

    found = response_surface(x, y, z, centre=0, within=True)
    moved = response_surface(x, y, z + shift, centre=0, within=True)

    pairs = np.repeat(np.eye(12), x.shape[1], axis=0)
    columns = np.column_stack([pairs, design(x.ravel(), y.ravel())[:, 1:]])
    b = np.linalg.lstsq(columns, z.ravel(), rcond=None)[0][12:]
    assert math.isnan(found.coefficients[0])
    assert found.coefficients[1:] == pytest.approx(b)
    assert moved.coefficients[1:] == pytest.approx(b)
    assert moved.a4.upper == pytest.approx(found.a4.upper)


def mirror(estimate):
    return (-estimate.value, -estimate.upper, -estimate.lower)


def numbers(estimate):
    return (estimate.value, estimate.lower, estimate.upper)


@pytest.mark.parametrize("within", [False, True])
def test_swapping_the_seats_mirrors_everything(within):
    x, y, z = caseload((1, 0.3, -0.1, -0.5, 0.3, -0.2))

    there = response_surface(x, y, z, within=within)
    back = response_surface(y, x, z, within=within)

    for name in ("a1", "a2", "a4"):
        assert numbers(getattr(back, name)) == pytest.approx(
            numbers(getattr(there, name))
        )
    for name in ("a3", "a5", "turn", "shift"):
        assert numbers(getattr(back, name)) == pytest.approx(
            mirror(getattr(there, name))
        )
    assert numbers(back.stationary_client) == pytest.approx(
        numbers(there.stationary_therapist)
    )
    assert back.p11 == pytest.approx(1 / there.p11)
    assert back.claim == there.claim
    assert back.n_client_higher == there.n_therapist_higher


def test_a_change_of_scale_changes_what_has_the_scale_in_it_alone():
    x, y, z = caseload(RISING_RIDGE)

    plain = response_surface(x, y, z)
    scaled = response_surface(10 * x + 50, 10 * y + 50, 3 * z + 7)

    assert scaled.centre == pytest.approx(10 * plain.centre + 50)
    assert numbers(scaled.turn) == pytest.approx(numbers(plain.turn))
    assert scaled.shift.upper == pytest.approx(10 * plain.shift.upper)
    assert scaled.a4.lower == pytest.approx(plain.a4.lower * 3 / 100)
    assert scaled.a1.upper == pytest.approx(plain.a1.upper * 3 / 10)
    assert scaled.claim == plain.claim


@pytest.mark.parametrize(
    ("coefficients", "claim"),
    [
        (RIDGE, Claim.STRICT),
        (RISING_RIDGE, Claim.BROAD),
        ((0, 0.5, 0.2, 0, 0, 0), Claim.NONE),
        ((0, 0.6, -0.6, -0.5, 1.0, -0.5), Claim.NONE),
        ((0, 0, 0, 0.5, -1.0, 0.5), Claim.NONE),
        ((0, 0, 0, -0.5, 0, -0.5), Claim.NONE),
    ],
    ids=["ridge", "rising ridge", "plane", "ridge aside", "valley", "dome"],
)
def test_agreement_is_claimed_where_it_is_and_nowhere_else(coefficients, claim):
    x, y, z = caseload(coefficients)

    found = response_surface(x, y, z, centre=0)

    assert found.claim is claim


def estimates(**changed):
    """All that a claim asks for, as a ridge would have it, but for what is changed."""
    ridge = {
        "a1": (-1, 1),
        "a2": (-1, 1),
        "a3": (-1, 1),
        "a4": (-3, -1),
        "turn": (-10, 10),
        "shift": (-1, 1),
    }
    return {
        name: Estimate(value=(low + high) / 2, lower=low, upper=high, n_pairs=9)
        for name, (low, high) in (ridge | changed).items()
    }


@pytest.mark.parametrize(
    ("changed", "claim"),
    [
        ({}, Claim.STRICT),
        ({"a1": (0.1, 1)}, Claim.BROAD),
        ({"a2": (-1, -0.1)}, Claim.BROAD),
        ({"a3": (0.1, 1)}, Claim.NONE),
        ({"a4": (-3, 0)}, Claim.NONE),
        ({"turn": (1, 10)}, Claim.NONE),
        ({"turn": (-10, 45)}, Claim.NONE),
        ({"turn": (-45, 10)}, Claim.NONE),
        ({"shift": (-1, -0.1)}, Claim.NONE),
    ],
)
def test_a_claim_needs_every_condition(changed, claim):
    parts = estimates(**changed)

    assert _claim(parts, parts["turn"], parts["shift"]) is claim


def test_without_an_axis_an_arch_claims_nothing():
    parts = estimates()
    none = cannot_tell(Reason.NO_AXIS, n_pairs=9)

    assert _claim(parts, none, parts["shift"]) is Claim.CANNOT_TELL
    assert _claim(parts, parts["turn"], none) is Claim.CANNOT_TELL


def test_an_arch_across_the_line_of_agreement_alone_is_no_agreement():
    # The dome has a4 clearly below 0, which is often taken for proof.
    x, y, z = caseload((0, 0, 0, -0.5, 0, -0.5))

    found = response_surface(x, y, z, centre=0)

    assert found.a4.upper < 0
    assert found.a3.holds(0)
    assert found.turn.upper - found.turn.lower > 90


def test_a_ridge_without_noise_has_an_axis_and_no_stationary_point():
    x, y, z = caseload(RIDGE, noise=0)

    found = response_surface(x, y, z, centre=0)

    assert (found.p10, found.p11) == pytest.approx((0, 1), abs=1e-9)
    assert found.stationary_client.reason is Reason.NO_AXIS
    assert math.isnan(found.stationary_client.value)


def test_a_plane_without_noise_has_no_axis_at_all():
    x, y, z = caseload((1, 0.5, 0.2, 0, 0, 0), noise=0)

    found = response_surface(x, y, z, centre=0)

    assert found.turn.reason is Reason.NO_AXIS
    assert math.isnan(found.p11)
    assert found.claim is Claim.NONE


def test_an_upright_axis_has_an_infinite_slope():
    x, y, z = caseload((0, 0, 0, -1.0, 0, -0.2), noise=0)

    found = response_surface(x, y, z, centre=0)

    assert abs(found.turn.value) == pytest.approx(45)
    assert math.isinf(found.p11) or abs(found.p11) > 1e6
    assert found.p21 == pytest.approx(0, abs=1e-6)


def test_the_same_seed_gives_the_same_bytes_and_another_one_does_not():
    x, y, z = caseload(RISING_RIDGE)

    first, second, other = (
        response_surface(x, y, z, n_draws=200, seed=seed) for seed in (1, 1, 2)
    )

    assert first.turn == second.turn
    assert first.covariance.tobytes() == second.covariance.tobytes()
    assert first.turn != other.turn


def test_a_pair_that_stands_there_twice_is_no_more_sure_when_it_is_labelled():
    x, y, z = caseload(RISING_RIDGE, n_pairs=20)
    plain = response_surface(x, y, z)

    twice = response_surface(
        *(np.repeat(table, 2, axis=0) for table in (x, y, z)),
        clusters=np.repeat(np.arange(20), 2),
    )

    assert twice.n_pairs == 40
    assert numbers(twice.a4) == pytest.approx(numbers(plain.a4))
    assert numbers(twice.turn) == pytest.approx(numbers(plain.turn))
    assert twice.covariance == pytest.approx(plain.covariance)


def test_gaps_are_counted_on_both_sides():
    # Standard deviation 10 for both; half of it is 5.
    x = np.array([40.0, 60, 40, 60, 40, 60, 40, 60])
    y = x + np.array([0, 0, 20, -20, 20, -20, 0, 0])

    found = response_surface(x, y, x)

    assert (found.n_client_higher, found.n_therapist_higher, found.n_near) == (2, 2, 4)


@pytest.mark.parametrize("n_pairs", [0, 1, 7])
def test_of_fewer_pairs_than_terms_and_two_nothing_is_told(n_pairs):
    x, y, z = (table[:n_pairs] for table in caseload(RIDGE))

    found = response_surface(x, y, z)

    assert found.reason is Reason.TOO_FEW_PAIRS
    assert found.claim is Claim.CANNOT_TELL
    assert np.isnan(found.coefficients).all()
    assert not found.a4.told
    assert found.n_pairs == n_pairs


@pytest.mark.parametrize("within", [False, True])
def test_answers_that_never_change_give_no_surface(within):
    x, y, z = caseload(RIDGE)

    for flat in (np.full_like(x, 3.0), y):
        found = response_surface(flat, y, z, within=within)
        assert found.reason is Reason.NO_SPREAD
        assert found.claim is Claim.CANNOT_TELL


def test_within_pairs_of_one_session_there_is_nothing_to_see():
    x, y, z = (table[:, 0] for table in caseload(RIDGE))

    assert response_surface(x, y, z, within=True).reason is Reason.NO_SPREAD
    assert response_surface(x, y, z).reason is Reason.TOLD


def test_if_one_seat_never_answered_nothing_is_told():
    x, y, z = caseload(RIDGE)

    found = response_surface(np.full_like(x, NAN), y, z)

    assert found.reason is Reason.TOO_FEW_PAIRS
    assert (found.n_pairs, found.n_sessions) == (0, 0)


def test_what_is_out_of_range_is_refused():
    x, y, z = caseload(RIDGE)
    with pytest.raises(ParameterError, match="therapist must have one axis of pairs"):
        response_surface(x, y[:3], z)
    with pytest.raises(ParameterError, match="client must have one axis of pairs"):
        response_surface(1, 1, 1)
    with pytest.raises(ParameterError, match="outcome must be finite or nan"):
        response_surface(x, y, np.full_like(z, math.inf))
    with pytest.raises(ParameterError, match="centre must be finite, got nan"):
        response_surface(x, y, z, centre=NAN)
    with pytest.raises(ParameterError, match="n_draws must be 100 or more"):
        response_surface(x, y, z, n_draws=99)
    with pytest.raises(ParameterError, match="enough for level"):
        response_surface(x, y, z, n_draws=100, level=0.999)
    with pytest.raises(ParameterError, match="level must lie in"):
        response_surface(x, y, z, level=0.5)
