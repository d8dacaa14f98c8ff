"""Which of two constructs goes first: false alarms, power, and what is refused."""

from dataclasses import replace

import numpy as np
import pytest

from duologue.engine.dyad.caseload import innovations, read_caseload
from duologue.engine.dyad.constructs import Order, lead
from duologue.engine.dyad.levels import levels_of
from duologue.engine.dyad.likelihood import filtered_together
from duologue.engine.dyad.model import checked, of_draws
from duologue.engine.dyad.reasons import Reason
from duologue.engine.dyad.simulate import TrueValues as Values
from duologue.engine.dyad.simulate import simulate
from duologue.errors import ParameterError
from worked_draws import certain, simulated, uncertain
from worked_dyads import stacked


def caseloads(b, *, n_caseloads, n_people=60, n_sessions=14, seed=90):
    """Innovations of two constructs, each read by itself.

    Both are tied within a session, and the second is measured with far more error.
    Shape (n_caseloads, n_people, n_sessions - 1, 2).
    """
    common = checked(
        bm=[5, 5], Sm=0.4 * np.eye(2), delta=[-1, -1], P1=[[0.4, 0.1], [0.1, 0.4]],
        Q=[[0.25, 0.15], [0.15, 0.25]], nu=np.zeros((2, 2)), lam=np.ones((2, 2)),
        R=[[0.15, 0.15], [0.8, 0.8]],
    )  # fmt: skip
    values = Values(common=common, bB=np.array(b), sB=np.full(4, 0.1))
    n = n_caseloads * n_people
    ratings = simulate(values, n, n_sessions, rng=np.random.default_rng(seed)).ratings
    apart = replace(common, Q=0.25 * np.eye(2), P1=0.4 * np.eye(2))
    each = of_draws(stacked([apart]), (slice(None), None))
    own = np.broadcast_to(np.array(b) * [1, 0, 0, 1], (n, 1, 1, 4))
    told = levels_of(filtered_together(ratings, own, each), own, each)
    return told.innovation_mean.reshape(n_caseloads, n_people, n_sessions - 1, 2)


def told_of(w, n_exchanges=100):
    return [
        lead(each[..., 0], each[..., 1], n_exchanges=n_exchanges, seed=i)
        for i, each in enumerate(w)
    ]


@pytest.mark.parametrize("b", [(0.5, 0, 0, 0.5), (0.75, 0, 0, 0.2), (0.2, 0, 0, 0.75)])
def test_where_neither_leads_an_order_is_rarely_told(b):
    # 1 in 20 by design; 40 caseloads, so that 7 or more would be one in 300.
    told = told_of(caseloads(b, n_caseloads=40))

    alarms = sum(each.order is not Order.CANNOT_TELL for each in told)
    differences = np.array([each.difference for each in told])
    assert alarms < 7
    assert abs(differences.mean()) < 3 * differences.std() / np.sqrt(40)
    half = np.mean([each.difference_ends[1] - each.difference for each in told])
    assert half / 2.0 == pytest.approx(differences.std(), rel=0.35)


@pytest.mark.parametrize(
    ("b", "order"),
    [
        ((0.5, 0, 0.3, 0.5), Order.FIRST_LEADS),
        ((0.5, 0.3, 0, 0.5), Order.SECOND_LEADS),
    ],
)
def test_whichever_leads_is_found(b, order):
    told = told_of(caseloads(b, n_caseloads=20, n_people=100))

    assert sum(each.order is order for each in told) >= 16
    assert {each.order for each in told} <= {order, Order.CANNOT_TELL}


def test_two_constructs_that_move_each_other_alike_have_no_order():
    told = told_of(caseloads((0.4, 0.2, 0.2, 0.4), n_caseloads=10, n_people=100))

    assert np.mean([each.first_to_second for each in told]) > 0.1
    assert abs(np.mean([each.difference for each in told])) < 0.05


def test_a_difference_worked_by_hand():
    # First 1, 0, 1 and second 0, 1, 1: forward 1 * 1 + 0 * 1 = 1, backward
    # 0 * 0 + 1 * 1 = 1; second person forward 2 * 2 = 4 and backward 0. Squares sum to
    # 2 + 4 and 2 + 4, products are 4 of 6 steps: scale 6 * 4 / 6 = 4. Differences per
    # person 0 and 4 / 4 = 1; their variance 1/2, times 2 people 1.
    first, second = [[1.0, 0, 1], [2, 0, 0]], [[0.0, 1, 1], [0, 2, 0]]

    told = lead(first, second, n_exchanges=100)

    assert told.first_to_second == pytest.approx(5 / 4)
    assert told.second_to_first == pytest.approx(1 / 4)
    assert told.difference == pytest.approx(1.0)
    half = 12.7062 * 1.0  # t(.975, 1)
    np.testing.assert_allclose(told.difference_ends, [1 - half, 1 + half], atol=1e-3)
    assert (told.n_people, told.n_steps) == (2, 4)
    assert told.reasons == (Reason.FEW_PEOPLE, Reason.UNDECIDED)


def test_exchanging_the_constructs_exchanges_which_leads():
    w = caseloads((0.5, 0, 0.3, 0.5), n_caseloads=1, n_people=100)[0]

    one, other = lead(w[..., 0], w[..., 1]), lead(w[..., 1], w[..., 0])

    assert (one.order, other.order) == (Order.FIRST_LEADS, Order.SECOND_LEADS)
    assert other.difference == pytest.approx(-one.difference)
    assert other.first_to_second == pytest.approx(one.second_to_first)


def test_doubt_about_how_long_each_lasts_widens_the_interval():
    w = caseloads((0.5, 0, 0.2, 0.5), n_caseloads=1)[0]
    sway = (
        0.2 * np.linspace(-1, 1, 5)[:, None, None] * np.roll(w[None, ..., 1], 1, axis=2)
    )
    first = w[None, ..., 0] + sway
    second = np.broadcast_to(w[..., 1], first.shape)

    told, plain = lead(first, second), lead(w[..., 0], w[..., 1])

    assert told.difference == pytest.approx(plain.difference, abs=0.05)
    assert np.ptp(told.difference_ends) > 1.1 * np.ptp(plain.difference_ends)


def test_the_same_seed_gives_the_same_bytes():
    w = caseloads((0.5, 0, 0.1, 0.5), n_caseloads=1)[0]

    one, other = (lead(w[..., 0], w[..., 1], seed=4) for _ in range(2))

    assert repr(one) == repr(other)
    assert repr(lead(w[..., 0], w[..., 1], seed=5)) != repr(one)


def test_people_and_steps_without_both_constructs_are_left_out():
    w = caseloads((0.5, 0, 0.3, 0.5), n_caseloads=1)[0]
    more = np.concatenate([w, np.full((5, 13, 2), np.nan)])
    more[60:, :, 0] = 1.0

    told, plain = lead(more[..., 0], more[..., 1]), lead(w[..., 0], w[..., 1])

    assert told.n_people == 60
    assert told.n_steps == 60 * 12
    assert (told.order, told.reasons) == (plain.order, plain.reasons)
    # Sums of more numbers, some of them 0, may differ in their last digit.
    for name in ("first_to_second", "second_to_first", "difference", "p"):
        assert getattr(told, name) == pytest.approx(getattr(plain, name), rel=1e-12)
    for name in ("difference_ends", "exchanged_ends"):
        np.testing.assert_allclose(
            getattr(told, name), getattr(plain, name), rtol=1e-12
        )


@pytest.mark.parametrize("second", [np.full((40, 6), np.nan), np.zeros((40, 6))])
def test_constructs_that_never_meet_have_no_order(second):
    first = np.random.default_rng(91).normal(size=(40, 6))

    told = lead(first, second)

    assert told.order is Order.CANNOT_TELL
    assert told.reasons
    assert np.isnan(told.difference)


@pytest.mark.parametrize(
    ("first", "second", "options", "message"),
    [
        (np.zeros(4), np.zeros(4), {}, "first must have shape"),
        (np.zeros((4, 0)), np.zeros((4, 0)), {}, "first must have shape"),
        (np.zeros((4, 5)), np.zeros((4, 6)), {}, "second must have shape"),
        (np.zeros((4, 5)), np.full((4, 5), np.inf), {}, "second must be finite"),
        (np.zeros((4, 5)), np.zeros((4, 5)), {"n_exchanges": 9}, "n_exchanges must be"),
        (np.zeros((4, 5)), np.zeros((4, 5)), {"seed": -1}, "seed must be"),
    ],
)
def test_what_does_not_fit_is_refused(first, second, options, message):
    with pytest.raises(ParameterError, match=message):
        lead(first, second, **options)


def test_innovations_by_draw_are_those_of_the_reading():
    ratings = simulated(4, 9, seed=92).ratings
    ratings[1, 5:] = np.nan
    ratings[2, :, 1] = np.nan

    found = innovations(ratings, uncertain(3), n_points=64)

    states = read_caseload(ratings, uncertain(3), n_points=64)
    assert found.shape == (3, 4, 8, 2)
    for pair, state in enumerate(states):
        n_steps = len(state.innovation)
        mean = found[:, pair, :n_steps].mean(axis=0)
        np.testing.assert_allclose(mean, state.innovation, atol=1e-9)
        assert np.isnan(found[:, pair, n_steps:]).all()


def test_innovations_under_one_draw_are_exact():
    ratings = simulated(2, 6, seed=93).ratings

    found = innovations(ratings, certain(), n_points=16, enough=0)

    states = read_caseload(ratings, certain(), n_points=16, enough=0)
    np.testing.assert_allclose(found[0, 1], states[1].innovation, atol=1e-9)
