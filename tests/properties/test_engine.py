"""The engine against slow versions that are plainly right, and what always holds."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy.stats import binomtest, hypergeom, t

from duologue.engine.frame import departures
from duologue.engine.mending import Mark, seams
from duologue.engine.unsaid import count_last, together
from duologue.engine.usual import quieter, steps_down, usual
from duologue.engine.views import two_views

NAN = float("nan")
SMALLEST = 0.5
"""Above what rounding does to a line without residuals, below any real departure."""

tenths = st.integers(0, 1000).map(lambda n: n / 10)
answers = st.one_of(tenths, st.just(NAN), st.sampled_from([0.0, 50.0, 100.0]))
lines = st.lists(answers, max_size=30).map(np.array)
shapes = st.tuples(st.integers(0, 25), st.integers(0, 3))
tables = shapes.flatmap(lambda shape: arrays.arrays(float, shape, elements=answers))
pairs = st.integers(0, 25).flatmap(
    lambda n: arrays.arrays(float, (2, n), elements=answers)
)
held = st.sampled_from([0.0, 1.0, NAN])
held_pairs = st.integers(0, 25).flatmap(
    lambda n: arrays.arrays(float, (2, n), elements=held)
)
marks = st.none() | st.sampled_from(Mark)
mark_pairs = st.lists(st.tuples(marks, marks), max_size=12)
levels = st.sampled_from([0.9, 0.975, 0.99, 0.995])


# One's own usual -------------------------------------------------------------------


def slow_band(y, i, *, level, smallest, follow_rise):
    """The band of one answer: (n earlier, centre, lower, upper, rising)."""
    xs = [x for x in range(i) if not math.isnan(y[x])]
    ys = [y[x] for x in xs]
    k = len(ys)
    if k < 4:
        return k, NAN, NAN, NAN, False
    mean = math.fsum(ys) / k
    s = math.sqrt(math.fsum((v - mean) ** 2 for v in ys) / (k - 1))
    centre, half = mean, t.ppf(level, k - 1) * s * math.sqrt(1 + 1 / k)
    rising = False
    if follow_rise and k >= 8:
        mean_x = math.fsum(xs) / k
        s_xx = math.fsum((x - mean_x) ** 2 for x in xs)
        s_xy = math.fsum((x - mean_x) * (v - mean) for x, v in zip(xs, ys, strict=True))
        slope = s_xy / s_xx
        rest = [v - mean - slope * (x - mean_x) for x, v in zip(xs, ys, strict=True)]
        s_r = math.sqrt(math.fsum(e * e for e in rest) / (k - 2))
        edge = t.ppf(0.99, k - 2) * s_r / math.sqrt(s_xx)
        assume(abs(slope - edge) > 1e-9)
        rising = slope > max(edge, 0.0)
        if rising:
            centre = min(100.0, mean + slope * (i - mean_x))
            spread = math.sqrt(1 + 1 / k + (i - mean_x) ** 2 / s_xx)
            half = t.ppf(level, k - 2) * s_r * spread
    half = max(half, smallest)
    return k, centre, centre - half, centre + half, rising


def assert_is_slow_band(band, y, column, **options):
    for i in range(len(y)):
        k, centre, lower, upper, rising = slow_band(y, i, **options)
        at = (i, *column)
        # A line without residuals is right to 1e-6: squares swallow half the digits.
        close = {"abs": 1e-8 if not rising else 1e-6, "nan_ok": True}
        assert band.n_earlier[at] == k
        assert band.rising[at] == rising
        assert band.centre[at] == pytest.approx(centre, abs=1e-8, nan_ok=True)
        assert band.lower[at] == pytest.approx(lower, **close)
        assert band.upper[at] == pytest.approx(upper, **close)
        if math.isnan(y[i]) or k < 4:
            assert not band.below[at]
            assert not band.above[at]
        elif min(abs(y[i] - lower), abs(y[i] - upper)) > 1e-6:
            assert band.below[at] == (y[i] < lower)
            assert band.above[at] == (y[i] > upper)


@given(lines, levels, st.sampled_from([SMALLEST, 5.0]), st.booleans())
def test_a_band_is_that_of_the_slow_version(y, level, smallest, follow_rise):
    band = usual(y, level=level, smallest_departure=smallest, follow_rise=follow_rise)

    options = {"level": level, "smallest": smallest, "follow_rise": follow_rise}
    assert_is_slow_band(band, y, (), **options)


@given(tables)
def test_every_column_of_a_table_is_that_of_the_slow_version(values):
    band = usual(values, smallest_departure=SMALLEST)

    assert band.lower.shape == values.shape
    for column in range(values.shape[1]):
        options = {"level": 0.99, "smallest": SMALLEST, "follow_rise": True}
        assert_is_slow_band(band, values[:, column], (column,), **options)


@given(st.integers(0, 2**32 - 1), st.integers(8, 60), st.booleans())
def test_on_noise_every_digit_is_that_of_the_slow_version(seed, n, rises):
    rng = np.random.default_rng(seed)
    y = 30 + 10 * rng.normal(size=n) + rises * np.arange(n)
    y[rng.random(n) < 0.2] = NAN

    band = usual(y, smallest_departure=0.0)

    for i in range(n):
        slow = slow_band(y, i, level=0.99, smallest=0.0, follow_rise=True)
        found = (band.n_earlier[i], band.centre[i], band.lower[i], band.upper[i])
        assert found == pytest.approx(slow[:4], abs=1e-8, nan_ok=True)
        assert band.rising[i] == slow[4]


@given(lines, lines, st.booleans())
def test_later_sessions_never_change_earlier_bands(y, later, follow_rise):
    options = {"smallest_departure": SMALLEST, "follow_rise": follow_rise}
    before = usual(y, **options)

    after = usual(np.concatenate([y, later]), **options)

    for name in ("centre", "lower", "upper"):
        np.testing.assert_allclose(
            getattr(after, name)[: y.size], getattr(before, name), rtol=0, atol=1e-9
        )
    for name in ("n_earlier", "rising", "below", "above"):
        np.testing.assert_array_equal(
            getattr(after, name)[: y.size], getattr(before, name)
        )


@given(lines, st.integers(-50, 50), st.sampled_from([0.5, 2.0, 3.0]))
def test_shifting_and_scaling_answers_shifts_and_scales_their_band(y, shift, scale):
    one = usual(y, smallest_departure=5.0, follow_rise=False)

    other = usual(scale * y + shift, smallest_departure=5.0 * scale, follow_rise=False)

    for name in ("centre", "lower", "upper"):
        np.testing.assert_allclose(
            getattr(other, name), scale * getattr(one, name) + shift, rtol=0, atol=1e-7
        )


@given(lines)
def test_turning_answers_over_turns_their_band_over(y):
    one = usual(y, follow_rise=False)

    other = usual(100 - y, follow_rise=False)

    np.testing.assert_allclose(other.lower, 100 - one.upper, rtol=0, atol=1e-9)
    np.testing.assert_allclose(other.upper, 100 - one.lower, rtol=0, atol=1e-9)


@given(lines, st.lists(st.integers(0, 29), max_size=8))
def test_blanks_leave_the_band_of_the_mean_as_it_is(y, places):
    places = sorted(min(place, y.size) for place in places)
    wide = np.insert(y.astype(float), places, NAN)
    kept = np.delete(np.arange(wide.size), [p + i for i, p in enumerate(places)])

    band = usual(wide, follow_rise=False)

    np.testing.assert_array_equal(band.lower[kept], usual(y, follow_rise=False).lower)
    blank = np.isnan(wide)
    assert not (band.below | band.above)[blank].any()


@given(tenths, st.integers(1, 60), st.booleans())
def test_nothing_lies_outside_an_unchanging_series(value, n, follow_rise):
    band = usual(np.full(n, value), smallest_departure=0.0, follow_rise=follow_rise)

    assert not (band.below | band.above | band.rising).any()
    assert (band.lower[4:] == value).all()
    assert not quieter(np.full(n, value))


@given(lines, st.floats(0, 20), st.floats(0, 20))
def test_a_greater_smallest_departure_finds_no_more(y, a, b):
    small, great = sorted((a, b))

    narrow = usual(y, smallest_departure=small)
    wide = usual(y, smallest_departure=great)

    assert not (wide.below & ~narrow.below).any()
    assert not (wide.above & ~narrow.above).any()


# Quieter, and steps ------------------------------------------------------------------


def slow_quieter(y, *, n_last, min_earlier, level):
    kept = [v for v in y if not math.isnan(v)]
    k = len(kept) - n_last
    if k < min_earlier:
        return None
    earlier, last = kept[:k], kept[k:]
    squares = [(b - a) ** 2 for a, b in itertools.pairwise(earlier)]
    s_d = math.sqrt(math.fsum(squares) / (2 * (k - 1)))
    half = max(5.0, t.ppf(level, k - 1) * s_d * math.sqrt(1 / n_last + 1 / k))
    return math.fsum(last) / n_last - (math.fsum(earlier) / k - half)


@given(tables, st.integers(1, 5), st.integers(2, 9), levels)
def test_quieter_is_that_of_the_slow_version(values, n_last, min_earlier, level):
    options = {"n_last": n_last, "min_earlier": min_earlier, "level": level}
    found = quieter(values, **options)

    assert found.shape == values.shape[1:]
    for column in range(values.shape[1]):
        above_the_line = slow_quieter(values[:, column], **options)
        if above_the_line is None:
            assert not found[column]
        elif abs(above_the_line) > 1e-8:
            assert found[column] == (above_the_line < 0)


@given(st.integers(0, 2**32 - 1), st.integers(-50, 50), st.integers(0, 5))
def test_quieter_knows_neither_shift_nor_blanks(seed, shift, n_blanks):
    y = 60 + 8 * np.random.default_rng(seed).normal(size=15)
    y[-3:] -= 12
    with_blanks = np.insert(y, [3] * n_blanks, NAN)

    assert quieter(y + shift) == quieter(y) == quieter(with_blanks)


@given(lines, st.integers(1, 8))
def test_steps_down_are_those_of_the_slow_version(y, n_last):
    kept = [v for v in y if not math.isnan(v)]
    steps = [b - a for a, b in itertools.pairwise(kept)][-n_last:]

    assert steps_down(y, n_last=n_last) == (sum(s < 0 for s in steps), len(steps))


# Two views ------------------------------------------------------------------------


@given(pairs)
def test_two_views_are_those_of_the_slow_version(values):
    client, therapist = values
    both = [
        (c, th)
        for c, th in zip(client, therapist, strict=True)
        if not math.isnan(c) and not math.isnan(th)
    ]
    gap = [th - c for c, th in both]
    n, higher = len(gap), sum(g > 0 for g in gap)
    lower = sum(g < 0 for g in gap)
    moved = [
        (c2 - c1) * (t2 - t1)
        for (c1, t1), (c2, t2) in itertools.pairwise(both)
        if c1 != c2 and t1 != t2
    ]

    views = two_views(client, therapist)

    assert views.n_both == n
    assert (views.n_client_higher, views.n_therapist_higher) == (lower, higher)
    assert (views.n_together, views.n_steps) == (sum(m > 0 for m in moved), len(moved))
    mean = math.fsum(gap) / n if n else NAN
    assert views.usual_gap == pytest.approx(mean, abs=1e-8, nan_ok=True)
    if lower + higher:
        exact = binomtest(higher, lower + higher, 0.5).pvalue
        assert views.uneven_by_chance == pytest.approx(exact, abs=1e-8)
    else:
        assert math.isnan(views.uneven_by_chance)
    if n >= 2:
        s = math.sqrt(math.fsum((g - mean) ** 2 for g in gap) / (n - 1))
        half = t.ppf(0.95, n - 1) * s / math.sqrt(n)
        assert views.interval == pytest.approx((mean - half, mean + half), abs=1e-8)
    else:
        assert np.isnan(views.interval).all()
    options = {"level": 0.995, "smallest": 10.0, "follow_rise": False}
    assert_is_slow_band(views.departures, therapist - client, (), **options)


@given(pairs)
def test_swapping_the_two_people_turns_every_gap(values):
    client, therapist = values
    one, other = two_views(client, therapist), two_views(therapist, client)

    np.testing.assert_array_equal(other.gap, -one.gap)
    np.testing.assert_allclose(
        other.departures.lower, -one.departures.upper, rtol=0, atol=1e-9
    )
    np.testing.assert_array_equal(other.departures.below, one.departures.above)
    assert other.n_client_higher == one.n_therapist_higher
    assert other.usual_gap == pytest.approx(-one.usual_gap, abs=1e-12, nan_ok=True)
    assert other.interval[0] == pytest.approx(-one.interval[1], abs=1e-9, nan_ok=True)
    assert other.uneven_by_chance == pytest.approx(one.uneven_by_chance, nan_ok=True)
    assert (other.n_together, other.n_steps) == (one.n_together, one.n_steps)


@given(pairs, st.integers(-50, 50))
def test_answering_higher_together_leaves_the_gap(values, shift):
    one, other = two_views(*values), two_views(*(values + shift))

    np.testing.assert_allclose(other.gap, one.gap, rtol=0, atol=1e-9)


# Left unsaid -----------------------------------------------------------------------


@given(held_pairs)
def test_the_two_by_two_is_that_of_the_slow_version(values):
    client, therapist = values.tolist()
    both = [pair for pair in zip(client, therapist, strict=True) if answered(pair)]
    cells = {cell: both.count(cell) for cell in ((1, 1), (1, 0), (0, 1), (0, 0))}
    n, n_c = len(both), cells[1, 1] + cells[1, 0]
    n_t = cells[1, 1] + cells[0, 1]

    found = together(client, therapist)

    assert found.n == n
    assert found.both == cells[1, 1]
    assert found.client_only == cells[1, 0]
    assert found.therapist_only == cells[0, 1]
    assert found.neither == cells[0, 0]
    if n == 0:
        assert math.isnan(found.both_expected)
        assert math.isnan(found.both_by_chance)
        return
    ways = [
        math.comb(n_c, k) * math.comb(n - n_c, n_t - k)
        for k in range(found.both, min(n_c, n_t) + 1)
    ]
    exact = sum(ways) / math.comb(n, n_t)
    assert found.both_expected == pytest.approx(n_c * n_t / n, abs=1e-8)
    assert found.both_by_chance == pytest.approx(exact, abs=1e-8)
    assert exact == pytest.approx(hypergeom.sf(found.both - 1, n, n_c, n_t), abs=1e-8)


def answered(pair):
    return not any(math.isnan(value) for value in pair)


@given(held_pairs)
def test_next_sessions_are_those_of_the_slow_version(values):
    client, therapist = values.tolist()

    def after(first, second):
        k = n = 0
        for i in range(len(first) - 1):
            four = (first[i], second[i], first[i + 1], second[i + 1])
            if answered(four) and first[i] == 1:
                n += 1
                k += second[i + 1] == 1
        return k, n

    found = together(client, therapist)

    assert found.therapist_after_client == after(client, therapist)
    assert found.client_after_therapist == after(therapist, client)


@given(held_pairs)
def test_swapping_the_two_people_swaps_the_two_by_two(values):
    one, other = together(*values), together(*values[::-1])

    assert (other.client_only, other.therapist_only) == (
        one.therapist_only,
        one.client_only,
    )
    assert other.therapist_after_client == one.client_after_therapist
    assert (other.n, other.both, other.neither) == (one.n, one.both, one.neither)
    assert other.both_by_chance == pytest.approx(one.both_by_chance, nan_ok=True)


@given(st.lists(held, max_size=20), st.integers(1, 8))
def test_a_count_of_the_last_is_that_of_the_slow_version(values, n_last):
    kept = [v for v in values if not math.isnan(v)][-n_last:]

    assert count_last(values, n_last=n_last) == (sum(v == 1 for v in kept), len(kept))


# Apart and back ----------------------------------------------------------------------


def slow_seams(pairs):
    """Walk through the sessions with a pencil."""
    found, open_since, marks = [], None, {}
    apart = (Mark.CAME_BACK, Mark.STILL_THERE)

    def write(mended):
        both = any(
            i == j
            or (
                abs(i - j) <= 3
                and pairs[i][1] is not Mark.NO
                and pairs[j][0] is not Mark.NO
            )
            for i in marks["c"]
            for j in marks["t"]
        )
        first = [min(marks[seat], default=None) for seat in "ct"]
        found.append((open_since, mended, *first, both))

    for i, (c, th) in enumerate(pairs):
        if open_since is None:
            if c not in apart and th not in apart:
                continue
            open_since, marks = i, {"c": [], "t": []}
        marks["c"] += [i] if c in apart else []
        marks["t"] += [i] if th in apart else []
        back = Mark.CAME_BACK in (c, th) or (c is Mark.NO and th is Mark.NO)
        if back and Mark.STILL_THERE not in (c, th):
            write(i)
            open_since = None
    if open_since is not None:
        write(None)
    return found


def columns(pairs):
    return [c for c, _ in pairs], [th for _, th in pairs]


@given(mark_pairs)
def test_seams_are_those_of_the_slow_version(pairs):
    found = seams(*columns(pairs))

    assert [
        (s.start, s.mended, s.client, s.therapist, s.by_both) for s in found
    ] == slow_seams(pairs)


@given(mark_pairs)
def test_swapping_the_two_people_swaps_who_marked(pairs):
    client, therapist = columns(pairs)

    assert [
        (s.start, s.mended, s.client, s.therapist, s.by_both)
        for s in seams(client, therapist)
    ] == [
        (s.start, s.mended, s.therapist, s.client, s.by_both)
        for s in seams(therapist, client)
    ]


@given(mark_pairs)
def test_seams_follow_each_other_and_only_the_last_is_open(pairs):
    found = seams(*columns(pairs))

    assert all(s.mended is not None for s in found[:-1])
    for one, other in itertools.pairwise(found):
        assert one.start <= one.mended < other.start
    assert all(s.start in (s.client, s.therapist) for s in found)


@given(mark_pairs, mark_pairs)
def test_later_sessions_never_change_a_mend(pairs, later):
    mended = [s for s in seams(*columns(pairs)) if s.mended is not None]

    assert list(seams(*columns(pairs + later)))[: len(mended)] == mended


@given(mark_pairs, st.lists(st.integers(0, 12), max_size=4))
def test_a_session_in_which_nobody_was_asked_changes_nothing(pairs, places):
    places = sorted({min(place, len(pairs)) for place in places}, reverse=True)
    wide = list(pairs)
    for place in places:
        wide.insert(place, (None, None))
    kept = [i for i in range(len(wide)) if i not in _inserted(places)]

    mapped = [
        (kept[s.start], None if s.mended is None else kept[s.mended])
        for s in seams(*columns(pairs))
    ]

    assert [(s.start, s.mended) for s in seams(*columns(wide))] == mapped


def _inserted(places):
    """Where the inserted ones stand in the end: each is moved by those before it."""
    return {place + i for i, place in enumerate(sorted(places))}


# The frame -----------------------------------------------------------------------


minutes = st.one_of(st.integers(-60, 120).map(float), st.just(NAN))


@given(
    st.lists(st.tuples(minutes, minutes, minutes), max_size=12),
    st.none() | st.integers(5, 120),
)
def test_minutes_are_those_of_the_slow_version(rows, length):
    planned, started, ended = ([row[i] for row in rows] for i in range(3))

    found = departures(planned, started, ended, length_min=length)

    late = [s - p for p, s, _ in rows]
    over = [NAN if length is None else e - s - length for _, s, e in rows]
    assert found.late.tolist() == pytest.approx(late, nan_ok=True)
    assert found.over.tolist() == pytest.approx(over, nan_ok=True)
    assert found.n_late == sum(v > 5 for v in late)
    assert found.n_over == sum(v > 5 for v in over)
    assert found.n_short == sum(v < -5 for v in over)


@given(
    st.lists(st.tuples(minutes, minutes, minutes), max_size=12), st.integers(0, 10_000)
)
def test_another_clock_gives_the_same_minutes(rows, shift):
    planned, started, ended = (np.array([row[i] for row in rows]) for i in range(3))

    one = departures(planned, started, ended, length_min=50)
    other = departures(planned + shift, started + shift, ended + shift, length_min=50)

    np.testing.assert_array_equal(one.late, other.late)
    np.testing.assert_array_equal(one.over, other.over)


# Nobody's answers are written to -------------------------------------------------------


@given(pairs, held_pairs)
def test_what_comes_in_is_never_changed(values, held_values):
    values.setflags(write=False)
    held_values.setflags(write=False)
    kept, kept_held = values.copy(), held_values.copy()

    usual(values.T)
    quieter(values.T)
    steps_down(values[0])
    two_views(*values)
    together(*held_values)
    count_last(held_values[0])
    departures(values[0], values[1], values[1], length_min=50)

    np.testing.assert_array_equal(values, kept)
    np.testing.assert_array_equal(held_values, kept_held)
