"""Something to wonder about against a slow version, and what always holds."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import toeplitz
from scipy.stats import t

from duologue.engine.usual import usual
from duologue.engine.wonder import RULE, Part, cap, wonder

NAN = float("nan")
ALIKE = (0.0, 0.3, 0.6)

seeds = st.integers(0, 2**32 - 1)
lengths = st.integers(0, 40)
rules = st.sampled_from(
    [
        RULE,
        replace(RULE, n_few=3, few=0.9, one=0.95, n_rest=2),
        replace(RULE, min_earlier=5, weight=0.0, smallest_departure=0.0, room=0.0),
    ]
)
cards = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 9), st.sampled_from([1.1, 1.5, 2.0])),
    max_size=14,
)


def person(seed, n):
    """Answers as people give them: alike, falling at times, near the top, with blanks."""
    rng = np.random.default_rng(seed)
    rho = rng.choice(ALIKE)
    z = rng.normal(size=n)
    for i in range(1, n):
        z[i] = rho * z[i - 1] + math.sqrt(1 - rho**2) * z[i]
    y = rng.choice([55.0, 90.0]) + rng.choice([3.0, 12.0]) * z
    y[rng.integers(0, n + 1) :] -= rng.choice([0.0, 25.0])
    y = np.clip(np.round(y, int(rng.integers(0, 3))), 0, 100)
    y[rng.random(n) < rng.choice([0.0, 0.3])] = NAN
    return y


def slow_few(answers, rule, share):
    """Ask for the newest of these answers: (value, centre, limit, n_earlier)."""
    n, m = len(answers), rule.n_few
    k = n - m
    if k < rule.min_earlier:
        return NAN, NAN, NAN, 0
    earlier, last = answers[:k], answers[k:]
    centre, value = math.fsum(earlier) / k, math.fsum(last) / m
    squares = math.fsum((v - centre) ** 2 for v in earlier)
    within = squares + math.fsum((v - value) ** 2 for v in last)
    steps = zip(earlier[1:], earlier[:-1], strict=True)
    products = math.fsum((v - centre) * (w - centre) for v, w in steps)
    r = products / squares if squares > 1e-9 else 0.0
    rho = ((k + 4) * r + 1 + rule.weight * rule.alike) / (k + rule.weight)
    R = toeplitz(min(max(rho, 0.0), 0.8) ** np.arange(n))
    w = np.array([1 / k] * k + [-1 / m] * m)
    # The mean of the pooled variance: the trace of each stretch less its mean's part.
    b = (k - R[:k, :k].sum() / k + m - R[k:, k:].sum() / m) / (n - 2)
    s = math.sqrt(within / (n - 2) * (w @ R @ w) / b)
    room = max(rule.room * math.sqrt(squares / (k - 1)), rule.smallest_departure)
    level = rule.few_near_top if 100 - centre <= room else rule.few
    half = t.ppf(1 - share**1.5 * (1 - level), n - 2) * s
    return value, centre, centre - max(half, rule.smallest_departure), k


def slow_one(answers, rule, share):
    """Ask for the newest of these answers: (value, centre, limit, n_earlier)."""
    k = len(answers) - 1
    if k < rule.min_earlier:
        return NAN, NAN, NAN, k
    s, mean = np.std(answers[:k], ddof=1), np.mean(answers[:k])
    near = 100 - mean <= max(rule.room * s, rule.smallest_departure)
    band = usual(
        answers,
        level=1 - share**1.5 * (1 - (rule.one_near_top if near else rule.one)),
        smallest_departure=rule.smallest_near_top if near else rule.smallest_departure,
    )
    return answers[k], band.centre[k], band.lower[k], k


def slow_wonder(columns, rule):
    """Ask session by session: {session: (part, series, value, centre, limit, k)}."""
    n_series = columns.shape[1]
    further = (1 - rule.declared_share) / max(n_series - 1, 1)
    shares = [1.0] if n_series == 1 else [rule.declared_share] + [further] * n_series
    told, rest = {}, 0
    for row in range(len(columns)):
        if np.isnan(columns[row]).all():
            continue
        found = []
        for series in range(n_series):
            if math.isnan(columns[row, series]):
                continue
            answers = [v for v in columns[: row + 1, series] if not math.isnan(v)]
            for part, ask in ((Part.ONE, slow_one), (Part.FEW, slow_few)):
                value, centre, limit, k = ask(answers, rule, shares[series])
                if value < limit:
                    times = (centre - value) / (centre - limit)
                    found.append((times, part, series, value, centre, limit, k))
        if found and rest == 0:
            told[row] = max(found, key=lambda each: each[0])
            rest = rule.n_rest
        else:
            rest = max(rest - 1, 0)
    return told


@given(seeds, lengths, st.integers(1, 3), rules)
def test_the_cards_are_those_of_the_slow_version(seed, n, n_series, rule):
    columns = np.stack([person(seed + i, n) for i in range(n_series)], axis=1)

    found = wonder(columns, rule=rule)

    slow = slow_wonder(columns, rule)
    assert np.flatnonzero(found.card).tolist() == sorted(slow)
    for row, (times, part, series, value, centre, limit, k) in slow.items():
        assert (found.part[row], found.series[row]) == (part, series)
        assert found.n_earlier[row] == k
        numbers = (found.strength, found.value, found.centre, found.limit)
        assert [each[row] for each in numbers] == pytest.approx(
            [times, value, centre, limit], abs=1e-6
        )


@given(seeds, lengths, st.integers(0, 12), rules)
def test_later_answers_never_change_an_earlier_card(seed, n, n_more, rule):
    y = person(seed, n + n_more)[:, None]

    before, after = wonder(y[:n], rule=rule), wonder(y, rule=rule)

    for name in ("card", "part", "value", "centre", "limit", "strength", "few"):
        np.testing.assert_array_equal(getattr(after, name)[:n], getattr(before, name))


@given(seeds, lengths, st.lists(st.integers(0, 40), max_size=8), rules)
def test_a_blank_takes_no_part(seed, n, places, rule):
    y = person(seed, n)
    places = sorted(min(place, n) for place in places)
    wide = np.insert(y, places, NAN)
    kept = np.delete(np.arange(wide.size), [p + i for i, p in enumerate(places)])

    found, narrow = wonder(wide[:, None], rule=rule), wonder(y[:, None], rule=rule)

    for name in ("card", "part", "value", "limit", "n_earlier"):
        np.testing.assert_array_equal(getattr(found, name)[kept], getattr(narrow, name))
    assert not found.card[np.isnan(wide)].any()


@given(seeds, st.integers(12, 40), st.integers(0, 10), st.sampled_from([0.5, 1.0, 1.5]))
def test_shifting_and_scaling_answers_below_the_top_leaves_the_cards(
    seed, n, shift, scale
):
    rng = np.random.default_rng(seed)
    y = 20 + 6 * rng.normal(size=(n, 1))
    y[rng.integers(8, n) :] -= rng.choice([0.0, 12.0])

    one = wonder(y)
    rule = replace(RULE, smallest_departure=scale * RULE.smallest_departure)
    other = wonder(scale * y + shift, rule=rule)

    np.testing.assert_array_equal(other.card, one.card)
    np.testing.assert_array_equal(other.part, one.part)
    np.testing.assert_allclose(other.limit, scale * one.limit + shift, atol=1e-7)
    np.testing.assert_allclose(other.strength, one.strength, atol=1e-7)


@given(seeds, lengths, st.permutations(range(5)), rules)
def test_the_order_of_pairs_changes_nothing(seed, n, order, rule):
    values = np.stack([person(seed + i, n) for i in range(5)], axis=1)[:, None]

    found, other = wonder(values, rule=rule), wonder(values[:, :, order], rule=rule)

    np.testing.assert_array_equal(other.card, found.card[:, order])
    np.testing.assert_array_equal(other.limit, found.limit[:, order])
    for place in range(5):
        alone = wonder(values[:, :, place], rule=rule)
        np.testing.assert_array_equal(alone.card, found.card[:, place])


@given(seeds, lengths, rules)
def test_the_order_of_further_series_changes_no_card(seed, n, rule):
    values = np.stack([person(seed + i, n) for i in range(3)], axis=1)

    found, other = wonder(values, rule=rule), wonder(values[:, [0, 2, 1]], rule=rule)

    np.testing.assert_array_equal(other.card, found.card)
    np.testing.assert_array_equal(other.strength, found.strength)


@given(seeds, lengths, st.integers(0, 9))
def test_two_cards_of_a_pair_are_never_nearer_than_its_rest(seed, n, n_rest):
    y = person(seed, n)

    found = wonder(y[:, None], rule=replace(RULE, n_rest=n_rest, few=0.8, one=0.9))

    answered = np.flatnonzero(~np.isnan(y))
    places = np.searchsorted(answered, np.flatnonzero(found.card))
    assert (np.diff(places) > n_rest).all()
    restless = found.one.any(axis=1) | found.few.any(axis=1)
    assert not (found.card & ~restless).any()


@given(seeds, st.integers(12, 40), st.floats(0, 30))
def test_a_greater_smallest_departure_finds_no_more(seed, n, smallest):
    y = person(seed, n)[:, None]
    narrow = replace(RULE, room=0.0, smallest_departure=0.0, smallest_near_top=0.0)

    small = wonder(y, rule=narrow)
    great = wonder(y, rule=replace(narrow, smallest_near_top=smallest))

    assert not (great.one & ~small.one).any()
    np.testing.assert_array_equal(great.few, small.few)


# One card a week -----------------------------------------------------------------


def slow_cap(made, n_wait):
    """Go week by week from the first to the last."""
    shown, last = [-1] * len(made), {}
    for week in range(30):
        waiting = [
            (-strength, last.get(pair, -1), when, pair, i)
            for i, (pair, when, strength) in enumerate(made)
            if shown[i] < 0 and when <= week <= when + n_wait
        ]
        if waiting:
            *_, pair, first = min(waiting)
            shown[first] = last[pair] = week
    return shown


@given(cards, st.integers(0, 3))
def test_what_is_shown_is_that_of_the_slow_version(made, n_wait):
    shown = cap(*np.array(made).reshape(-1, 3).T, n_wait=n_wait)

    assert shown.tolist() == slow_cap(made, n_wait)
    weeks = shown[shown >= 0]
    assert len(set(weeks.tolist())) == weeks.size


@given(cards, st.integers(0, 9), st.integers(0, 3))
def test_cards_of_later_weeks_change_no_earlier_week(made, until, n_wait):
    earlier = [each for each in made if each[1] <= until]

    some = cap(*np.array(earlier).reshape(-1, 3).T, n_wait=n_wait)
    all_ = cap(*np.array(made).reshape(-1, 3).T, n_wait=n_wait)

    kept = all_[[each[1] <= until for each in made]]
    np.testing.assert_array_equal(
        np.where(some <= until, some, -1), np.where(kept <= until, kept, -1)
    )
