"""Whether holding back goes together: examples, slow versions, what is refused."""

import math

import numpy as np
import pytest
from scipy.stats import t as t_distribution

from duologue.engine.chance import comparable
from duologue.engine.estimates import Reason
from duologue.engine.unsaid_power import Caseload, made_up
from duologue.engine.unsaid_together import held_back, unsaid_together
from duologue.errors import ParameterError

NAN = float("nan")


def caseload(n_pairs=12, n_sessions=10, *, seed=4, **options):
    rng = np.random.default_rng(seed)
    options = {"rate": 0.4, "blank": 0.1} | options
    return made_up(Caseload(n_pairs=n_pairs, n_sessions=n_sessions, **options), rng)


def by_chance(n, rows, columns):
    """Mean and variance of both, over all ways to choose the sessions, all alike."""
    ways = {
        k: math.comb(rows, k) * math.comb(n - rows, columns - k)
        for k in range(min(rows, columns) + 1)
        if columns - k <= n - rows
    }
    n_ways = sum(ways.values())
    mean = sum(k * w for k, w in ways.items()) / n_ways
    return mean, sum((k - mean) ** 2 * w for k, w in ways.items()) / n_ways


def slow_tables(x, z, strata):
    """Sums of one pair, session by session: (score, variance, ad/n, bc/n)."""
    out = np.zeros(4)
    for stratum in set(strata):
        cells = [
            (a, b)
            for a, b, s in zip(x, z, strata, strict=True)
            if s == stratum and not math.isnan(a + b)
        ]
        n = len(cells)
        if n == 0:
            continue
        a = sum(1 for p, q in cells if (p, q) == (1, 1))
        b = sum(1 for p, q in cells if (p, q) == (1, 0))
        c = sum(1 for p, q in cells if (p, q) == (0, 1))
        d = n - a - b - c
        mean, variance = by_chance(n, a + b, a + c)
        out += (a - mean, variance, a * d / n, b * c / n)
    return out


def same(x, y):
    return slow_tables(x, y, [0] * len(x))


def after(x, y):
    """The one in a session, the other in the next, at the other's own answer now."""
    known = [j for j in range(len(x) - 1) if not math.isnan(y[j])]
    return slow_tables(
        [x[j] for j in known], [y[j + 1] for j in known], [y[j] for j in known]
    )


def slow_score(question, one, other):
    sums = sum(question(list(x), list(y)) for x, y in zip(one, other, strict=True))
    return sums[0] / math.sqrt(sums[1])


def test_one_caseload_worked_by_hand():
    # Five pairs of the same four sessions: client 1 1 0 0, therapist 1 0 0 0. In each
    # a = 1, b = 1, c = 0, d = 2, n = 4: a - 2 * 1 / 4 = .5; variance 2 * 2 * 1 * 3 /
    # (16 * 3) = .25. Over five pairs 2.5 / sqrt(1.25) = 2.236068. No session has the
    # therapist alone, so that the odds ratio has no end, and no interval.
    client = np.tile([1.0, 1, 0, 0], (5, 1))
    therapist = np.tile([1.0, 0, 0, 0], (5, 1))

    found = unsaid_together(client, therapist).same_session

    assert found.score == pytest.approx(2.236068)
    assert found.n_informative == 5
    assert found.log_odds.reason is Reason.NO_SPREAD
    # All partners have the same series: every shuffle scores as high.
    assert found.p_partners == 1


def test_the_odds_ratio_of_mantel_and_haenszel_worked_by_hand():
    # a, b, c, d = 2, 1, 1, 4 in each of six pairs, n = 8: (2 * 4 / 8) / (1 * 1 / 8) = 8.
    client = np.tile([1.0, 1, 1, 0, 0, 0, 0, 0], (6, 1))
    therapist = np.tile([1.0, 1, 0, 1, 0, 0, 0, 0], (6, 1))

    log_odds = unsaid_together(client, therapist).same_session.log_odds

    assert log_odds.value == pytest.approx(math.log(8))
    assert (log_odds.lower, log_odds.upper) == pytest.approx((math.log(8),) * 2)


def test_all_three_questions_score_as_the_slow_version():
    client, therapist = caseload()

    found = unsaid_together(client, therapist)

    assert found.same_session.score == pytest.approx(
        slow_score(same, client, therapist)
    )
    assert found.therapist_after_client.score == pytest.approx(
        slow_score(after, client, therapist)
    )
    assert found.client_after_therapist.score == pytest.approx(
        slow_score(after, therapist, client)
    )


@pytest.mark.parametrize("question", [same, after])
def test_the_interval_leaves_out_pair_by_pair(question):
    client, therapist = caseload(30)

    found = unsaid_together(client, therapist)
    log_odds = (
        found.same_session if question is same else found.therapist_after_client
    ).log_odds

    sums = np.array(
        [question(list(x), list(y)) for x, y in zip(client, therapist, strict=True)]
    )
    sums = sums[sums[:, 1] > 0]
    k = len(sums)
    left = []
    for i in range(k):
        rest = np.delete(sums, i, axis=0).sum(axis=0)
        left.append(math.log(rest[2] / rest[3]))
    se = math.sqrt((k - 1) / k * sum((x - np.mean(left)) ** 2 for x in left))
    whole = sums.sum(axis=0)
    assert log_odds.n_pairs == k
    assert log_odds.value == pytest.approx(math.log(whole[2] / whole[3]))
    half = se * t_distribution.ppf(0.975, k - 1)
    assert log_odds.upper - log_odds.value == pytest.approx(half)


@pytest.mark.parametrize("question", [same, after])
def test_the_odds_ratio_of_other_partners_is_that_of_all_other_pairings(question):
    client, therapist = caseload(7, 20)

    found = unsaid_together(client, therapist)
    answer = found.same_session if question is same else found.therapist_after_client

    others = sum(
        question(list(client[i]), list(therapist[k]))
        for i in range(7)
        for k in range(7)
        if i != k
    )
    assert answer.log_odds_partners == pytest.approx(math.log(others[2] / others[3]))


def test_shuffled_partners_are_all_partners_of_comparable_length():
    # With three groups of lengths, the mean of all pairings inside the groups is what
    # many permutations come to, counted in a slow loop.
    client, therapist = caseload(14, 18)
    for pair, length in enumerate([4] * 5 + [9] * 5 + [18] * 4):
        client[pair, length:] = therapist[pair, length:] = NAN
        client[pair, length - 1] = 1.0

    found = unsaid_together(client, therapist, n_permutations=4000).same_session

    rng = np.random.default_rng(11)
    higher = 0
    for _ in range(400):
        order = np.concatenate(
            [rng.permutation(5), 5 + rng.permutation(5), 10 + rng.permutation(4)]
        )
        shuffled = slow_score(same, client, therapist[order])
        higher += shuffled >= found.score - 1e-9
    assert found.n_shuffled == 14
    assert found.p_partners == pytest.approx(higher / 400, abs=0.09)


@pytest.mark.parametrize("question", [same, after])
def test_turned_order_turns_the_whole_course_in_a_circle(question):
    client, therapist = caseload(6, 7, together=0.3)
    therapist[0, 5:] = client[0, 5:] = NAN
    therapist[0, 4] = 1.0

    found = unsaid_together(client, therapist, n_permutations=4000)
    answer = found.same_session if question is same else found.therapist_after_client

    rng = np.random.default_rng(12)
    higher = 0
    for _ in range(400):
        turned = client.copy()
        for pair, length in enumerate([5] + [7] * 5):
            turned[pair, :length] = np.roll(client[pair, :length], rng.integers(length))
        higher += slow_score(question, turned, therapist) >= answer.score - 1e-9
    assert answer.p_order == pytest.approx(higher / 400, abs=0.09)


def test_what_goes_together_is_found_and_what_follows_is_found():
    together = unsaid_together(*caseload(80, 20, together=0.5), n_permutations=499)
    follows = unsaid_together(*caseload(80, 20, carried=0.4), n_permutations=499)

    assert together.same_session.p == 1 / 500
    assert together.same_session.log_odds.lower > 0
    assert follows.therapist_after_client.p == 1 / 500
    assert follows.client_after_therapist.p == 1 / 500


def test_what_all_courses_have_in_common_is_answered_by_shuffled_partners():
    # Everybody holds back less and less: turned order alone would call it together.
    found = unsaid_together(
        *caseload(60, 20, seed=3, common_drift=2.5), n_permutations=499
    ).same_session

    assert found.p_order < 0.01
    assert found.p_partners > 0.05
    assert found.log_odds.lower > 0
    assert found.log_odds.holds(found.log_odds_partners)
    assert found.p == found.p_partners


def test_a_pair_in_which_both_hold_back_much_tells_nothing_by_that_alone():
    # In half of the pairs both hold back nearly always, in the other half hardly: over
    # all sessions the two are strongly related, within pairs not at all.
    rng = np.random.default_rng(5)
    rate = np.repeat([0.8, 0.2], 30)[:, None]
    client, therapist = ((rng.random((60, 12)) < rate).astype(float) for _ in range(2))
    pooled = np.corrcoef(client.ravel(), therapist.ravel())[0, 1]

    found = unsaid_together(client, therapist, n_permutations=499).same_session

    assert pooled > 0.25
    assert found.log_odds.holds(0)
    assert found.p > 0.05


def test_who_leaves_it_out_for_reasons_of_their_own_does_not_change_the_odds():
    # The odds ratio stays where a whole row or column of the table is thinned out.
    rng = np.random.default_rng(8)
    client, therapist = caseload(600, 20, blank=0.0, together=0.4)
    whole = unsaid_together(client, therapist, n_permutations=99).same_session.log_odds

    for seat in (client, therapist):
        seat[(rng.random(seat.shape) < 0.5) & (seat == 1)] = NAN
    thinned = unsaid_together(
        client, therapist, n_permutations=99
    ).same_session.log_odds

    assert whole.value > 1
    assert thinned.value == pytest.approx(whole.value, abs=0.2)
    assert thinned.holds(whole.value)


@pytest.mark.parametrize("seed", range(4))
def test_swapping_the_seats_swaps_the_questions_to_the_bit(seed):
    client, therapist = caseload(seed=seed)

    there = unsaid_together(client, therapist, n_permutations=99)
    back = unsaid_together(therapist, client, n_permutations=99)

    assert back.same_session == there.same_session
    assert back.therapist_after_client == there.client_after_therapist
    assert back.client_after_therapist == there.therapist_after_client


def test_the_same_seed_gives_the_same_bytes_and_another_one_does_not():
    client, therapist = caseload(40)

    first, second, other = (
        unsaid_together(client, therapist, seed=seed) for seed in (1, 1, 2)
    )

    assert first == second
    assert first.same_session.p_order != other.same_session.p_order
    assert first.same_session.log_odds == other.same_session.log_odds


def test_empty_sessions_at_the_end_and_pairs_of_one_seat_change_nothing():
    client, therapist = caseload()
    plain = unsaid_together(client, therapist)

    wider = unsaid_together(
        np.pad(client, ((0, 1), (0, 3)), constant_values=NAN),
        np.pad(
            np.pad(therapist, ((0, 0), (0, 3)), constant_values=NAN), ((0, 1), (0, 0))
        ),
    )

    assert wider == plain


def test_a_pair_that_stands_there_twice_is_no_more_sure_when_it_is_labelled():
    client, therapist = caseload(30)
    plain = unsaid_together(client, therapist).same_session.log_odds

    twice = unsaid_together(
        np.repeat(client, 2, axis=0),
        np.repeat(therapist, 2, axis=0),
        clusters=np.repeat(np.arange(30), 2),
    ).same_session.log_odds

    assert twice.n_pairs == 2 * plain.n_pairs
    assert (twice.value, twice.lower) == pytest.approx((plain.value, plain.lower))


def test_of_too_few_clusters_there_is_a_p_and_no_interval():
    client, therapist = caseload(30)

    found = unsaid_together(client, therapist, clusters=np.arange(30) % 4).same_session

    assert found.log_odds.reason is Reason.TOO_FEW_PAIRS
    assert 0 < found.p <= 1


def test_a_p_value_is_never_zero():
    client, _ = caseload(40, blank=0)

    found = unsaid_together(client, client, n_permutations=99).same_session

    assert found.p_partners == found.p_order == 1 / 100


def test_courses_are_grouped_by_borders_that_do_not_depend_on_the_caseload():
    # Borders at 1, 1.5, 2.25, 3.4, 5.1, 7.6, 11.4, 17.1, 25.6.
    groups = comparable([20, 11, 12, 25, 26, 17, 8, 18])

    assert [group.tolist() for group in groups] == [[1, 6], [2, 5], [0, 3, 7], [4]]


def test_a_very_large_group_is_parted():
    groups = comparable(np.full(1200, 20))

    assert [group.size for group in groups] == [400, 400, 400]
    assert np.concatenate(groups).tolist() == list(range(1200))


def test_a_pair_without_another_of_its_length_cannot_be_shuffled():
    client, therapist = caseload(12, 20)
    client[0, 3:] = therapist[0, 3:] = NAN
    client[0, 2] = 1.0

    assert unsaid_together(client, therapist).same_session.n_shuffled == 11


def test_if_nobody_ever_changes_nothing_can_be_told():
    client, therapist = caseload()
    never = np.where(np.isnan(client), NAN, 0.0)

    found = unsaid_together(never, therapist)

    for answer in (
        found.same_session,
        found.therapist_after_client,
        found.client_after_therapist,
    ):
        assert answer.reason is Reason.NO_SPREAD
        assert answer.n_informative == 0
        assert math.isnan(answer.p)
        assert math.isnan(answer.score)
        assert not answer.log_odds.told


@pytest.mark.parametrize("n_pairs", [0, 1, 4])
def test_of_too_few_pairs_nothing_is_told(n_pairs):
    client, therapist = caseload()

    found = unsaid_together(client[:n_pairs], therapist[:n_pairs])

    assert found.same_session.reason is Reason.TOO_FEW_PAIRS
    assert math.isnan(found.same_session.p_partners)
    assert found.n_pairs == n_pairs


@pytest.mark.parametrize("n_sessions", [0, 1])
def test_courses_of_one_session_or_none_tell_nothing_and_break_nothing(n_sessions):
    empty = np.ones((8, n_sessions))

    found = unsaid_together(empty, empty)

    assert found.same_session.reason is not Reason.TOLD
    assert found.therapist_after_client.reason is not Reason.TOLD


def test_levels_become_held_back_from_the_level_that_was_fixed():
    levels = [0, 1, 2, NAN]

    np.testing.assert_array_equal(held_back(levels), [0, 1, 1, NAN])
    np.testing.assert_array_equal(held_back(levels, least=2), [0, 0, 1, NAN])


def test_what_is_out_of_range_is_refused():
    table = np.zeros((6, 4))
    with pytest.raises(ParameterError, match="levels must be 0, 1, 2 or nan"):
        held_back([3])
    with pytest.raises(ParameterError, match="least must be 1 or 2, got 0"):
        held_back([1], least=0)
    with pytest.raises(ParameterError, match="therapist must have the shape"):
        unsaid_together(table, table + 0.5)
    with pytest.raises(ParameterError, match="client must have the shape"):
        unsaid_together([0, 1], [0, 1])
    with pytest.raises(ParameterError, match="must have the same shape"):
        unsaid_together(table, table[:, :3])
    with pytest.raises(ParameterError, match="n_permutations must be 99 or more"):
        unsaid_together(table, table, n_permutations=98)
    with pytest.raises(ParameterError, match="level must lie in"):
        unsaid_together(table, table, level=1.0)
