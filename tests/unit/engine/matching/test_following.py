"""Excess over chance: turns in random order, exactly and by drawing."""

import functools
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annomi import reference, reference_words, transcripts
from duologue.engine.matching import shuffled
from duologue.engine.matching.excess import FEWEST_PAIRS, excess
from duologue.engine.matching.following import following, style_following
from duologue.engine.matching.function_words import count_classes
from duologue.engine.matching.pairs import neighbouring
from duologue.engine.matching.similar import encoded, lexical
from duologue.errors import ParameterError

FIGURES = (
    "observed",
    "chance_exact",
    "excess_exact",
    "chance_loo",
    "excess_loo",
    "chance_near",
    "excess_near",
)


def rng(seed=1):
    return np.random.default_rng(seed)


def means_of_all_orders(scores, places):
    """Return the mean of the pairs under every order of the turns, or of some drawn."""
    return np.array(
        [
            np.nanmean(scores[np.array(order)[places], np.arange(places.size)])
            for order in permutations(range(len(scores)))
        ]
    )


@given(st.integers(0, 2**32 - 1), st.integers(2, 6), st.data())
def test_mean_and_spread_over_all_orders_are_known_without_drawing(seed, n, data):
    places = np.array(sorted(data.draw(st.sets(st.integers(0, n - 1), min_size=1))))
    scores = rng(seed).normal(size=(n, places.size))

    every = means_of_all_orders(scores, places)

    assert shuffled.expected(scores).mean() == pytest.approx(every.mean(), abs=1e-12)
    assert shuffled.spread(scores) == pytest.approx(every.std(), abs=1e-12)


def test_a_pair_that_never_has_a_figure_is_no_pair():
    scores = rng().normal(size=(6, 3))
    with_blank = np.insert(scores, 1, np.nan, axis=1)

    every = means_of_all_orders(with_blank, np.array([0, 1, 3, 5]))

    assert shuffled.spread(with_blank) == pytest.approx(every.std(), abs=1e-12)
    assert shuffled.spread(with_blank) == pytest.approx(shuffled.spread(scores))


def test_where_turns_drop_their_pair_the_spread_is_that_of_shuffles_nearly():
    scores = rng().normal(size=(60, 40))
    scores[::9] = np.nan  # these turns have a figure nowhere
    places = np.sort(rng(2).permutation(60)[:40])
    draws = rng(3)

    drawn = [
        np.nanmean(scores[draws.permutation(60)[places], np.arange(40)])
        for _ in range(4000)
    ]

    # The standard error of a standard deviation of so many is .011 of it.
    assert shuffled.spread(scores) == pytest.approx(np.std(drawn), rel=0.05)


def test_without_two_turns_or_any_figure_there_is_no_spread():
    assert np.isnan(shuffled.spread(np.ones((1, 1))))
    assert np.isnan(shuffled.spread(np.full((3, 2), np.nan)))
    assert np.isnan(shuffled.spread(np.empty((0, 0))))
    assert shuffled.spread(np.ones((3, 2))) == 0


def slow_chances(scores, partner, near):
    """Each way of chance, cell by cell."""
    chances = {"chance_exact": [], "chance_loo": [], "chance_near": []}
    for k, own in enumerate(partner):
        others = [i for i in range(len(scores)) if i != own]
        chances["chance_exact"].append(mean(scores[:, k]))
        chances["chance_loo"].append(mean(scores[others, k]))
        close = [i for i in others if abs(i - own) <= near]
        chances["chance_near"].append(mean(scores[close, k]))
    return {name: mean(np.array(values)) for name, values in chances.items()}


def mean(values):
    there = values[~np.isnan(values)]
    return there.mean() if there.size else np.nan


@given(
    st.integers(0, 2**32 - 1),
    st.integers(1, 12),
    st.integers(1, 6),
    st.floats(0, 0.5),
)
def test_chance_is_counted_as_it_is_defined(seed, n, near, blank):
    draw = rng(seed)
    partner = np.flatnonzero(draw.random(n) < 0.7)
    scores = draw.normal(size=(n, partner.size))
    scores[draw.random(scores.shape) < blank] = np.nan

    found = excess(scores, partner, near=near)

    observed = mean(scores[partner, np.arange(partner.size)])
    assert found.observed == pytest.approx(observed, nan_ok=True)
    for name, expected in slow_chances(scores, partner, near).items():
        assert getattr(found, name) == pytest.approx(expected, nan_ok=True)
        assert getattr(found, name.replace("chance", "excess")) == pytest.approx(
            observed - expected, nan_ok=True
        )
    assert (found.n_pairs, found.n_shuffled) == (partner.size, n)


def test_without_the_true_turn_the_excess_is_larger_by_one_part():
    scores = rng().normal(size=(8, 5))

    found = excess(scores, [0, 2, 3, 6, 7])

    assert found.excess_loo == pytest.approx(found.excess_exact * 8 / 7)
    assert found.z == pytest.approx(found.excess_exact / found.sd)


def test_of_a_single_session_something_is_said_with_thirty_pairs():
    scores = rng().normal(size=(31, 31))

    assert excess(scores[:, :FEWEST_PAIRS], np.arange(30)).enough
    assert not excess(scores[:, :29], np.arange(29)).enough


def test_the_interval_lies_about_the_excess_and_needs_five_pairs():
    scores = rng().normal(size=(9, 9))

    found = excess(scores, np.arange(9))
    few = excess(scores[:, :4], np.arange(4))

    assert (found.lower + found.upper) / 2 == pytest.approx(found.excess_loo)
    assert found.lower < found.upper
    assert np.isnan([few.lower, few.upper]).all()
    assert np.isfinite(few.z)


def test_the_interval_of_independent_pairs_is_the_t_interval_nearly():
    """With n pairs each drawn alone, neighbours have nothing in common to be added."""
    n, drawn = 400, rng(5)
    scores = np.zeros((n, n))
    np.fill_diagonal(scores, drawn.normal(size=n))

    found = excess(scores, np.arange(n))

    se = np.diag(scores).std(ddof=1) / np.sqrt(n)
    assert (found.upper - found.lower) / 2 == pytest.approx(1.96 * se, rel=0.15)


def test_neighbours_that_are_alike_widen_the_interval():
    n, drawn = 400, rng(5)
    steps = np.repeat(drawn.normal(size=n // 4), 4)
    mixed = drawn.permutation(steps)

    widths = []
    for values in (steps, mixed):
        scores = np.zeros((n, n))
        np.fill_diagonal(scores, values)
        found = excess(scores, np.arange(n))
        widths.append(found.upper - found.lower)

    assert widths[0] > 1.5 * widths[1]


def test_of_no_pair_there_is_no_figure():
    found = excess(np.empty((4, 0)), [])

    assert found.n_pairs == 0
    assert np.isnan([getattr(found, name) for name in (*FIGURES, "sd", "z")]).all()


@pytest.mark.parametrize(
    ("do", "message"),
    [
        (lambda: excess(np.ones((3, 2)), [0, 1], near=0), "near must be 1"),
        (lambda: excess(np.ones((3, 2)), [0]), "for each pair"),
        (lambda: excess(np.ones(3), [0]), "for each pair"),
        (lambda: excess(np.ones((3, 2)), [1, 0]), "rising"),
        (lambda: excess(np.ones((3, 2)), [1, 1]), "rising"),
        (lambda: excess(np.ones((3, 2)), [1, 3]), "rising"),
        (lambda: excess(np.ones((3, 2)), [-1, 1]), "rising"),
        (lambda: following(lexical([["a"]]), [0, 1], [1, 1]), "as many turns"),
        (lambda: following(lexical([["a"]]), [0], [1], shuffle=2), "shuffle"),
        (lambda: style_following([[1]], [0], [1], min_words=0), "min_words"),
        (lambda: style_following([[1]], [0, 1], [1, 1]), "as many turns"),
        (lambda: encoded(["a"], lambda texts: [[np.nan]]), "finite"),
        (lambda: encoded(["a"], lambda texts: [[1.0], [1.0]]), "each of 1 texts"),
        (lambda: encoded(["a"], lambda texts: [1.0]), "each of 1 texts"),
    ],
)
def test_what_is_not_allowed_is_refused(do, message):
    with pytest.raises(ParameterError, match=message):
        do()


# Turns ---------------------------------------------------------------------------------


def made_up(seed, n=60):
    """Turns of few words, by anybody, some of them empty."""
    draw = rng(seed)
    words = np.array(["i", "the", "we", "sad", "glad", "so", "it", "not", "go", "home"])
    turns = [
        words[draw.integers(0, 10, draw.integers(0, 9))].tolist() for _ in range(n)
    ]
    return turns, draw.integers(-1, 2, n)


def in_both_ways(turns, seat, shuffle):
    n_words = np.array([len(t) for t in turns])
    return (
        following(lexical(turns), seat, n_words, shuffle=shuffle),
        style_following(count_classes(turns), seat, n_words, shuffle=shuffle),
    )


@given(st.integers(0, 2**32 - 1), st.integers(0, 1))
def test_seats_exchanged_give_the_mirrored_result(seed, shuffle):
    turns, seat = made_up(seed)
    other = np.where(seat < 0, seat, 1 - seat)

    there = in_both_ways(turns, seat, shuffle)
    back = in_both_ways(turns, other, 1 - shuffle)

    for one, its_mirror in zip(there, back, strict=True):
        for ours, theirs in zip(one, its_mirror[::-1], strict=True):
            for name in (*FIGURES, "z", "lower", "upper", "n_pairs", "n_shuffled"):
                np.testing.assert_array_equal(
                    getattr(ours, name), getattr(theirs, name)
                )


def test_turns_in_random_order_have_no_excess_on_average():
    draw = rng(7)
    vocabulary = np.arange(60)
    z, loo = [], []
    for _ in range(150):
        turns = [
            [str(w) for w in draw.choice(vocabulary, 12, p=None)] for _ in range(60)
        ]
        found = following(lexical(turns), np.tile([0, 1], 30), np.full(60, 12))
        z += [found[0].z, found[1].z]
        loo += [found[0].excess_loo, found[1].excess_loo]

    # Three standard errors; of a z, the standard deviation is 1 as well.
    assert abs(np.mean(z)) < 3 / np.sqrt(len(z))
    assert np.std(z) == pytest.approx(1, abs=0.15)
    assert abs(np.mean(loo)) < 3 * np.std(loo) / np.sqrt(len(loo))


def test_who_repeats_the_other_follows():
    draw = rng(3)
    clients = [[str(w) for w in draw.integers(0, 300, 8)] for _ in range(40)]
    turns = [t for c in clients for t in (c, [*c[:4], "you", "mean", "that"])]

    client, therapist = following(
        lexical(turns), np.tile([0, 1], 40), [len(t) for t in turns]
    )

    assert therapist.z > 10
    assert therapist.lower > 0.3
    assert therapist.excess_near > 0.3
    assert abs(client.z) < 3
    assert client.enough


def test_short_turns_and_those_after_neither_are_part_of_nothing():
    turns = [["a", "b", "c"], ["d", "e", "f"], ["g"], ["h", "i", "j"], ["k", "l"]]

    client, therapist = following(lexical(turns), [0, 1, -1, 0, 1], [3, 3, 9, 3, 2])

    assert (client.n_pairs, therapist.n_pairs) == (0, 1)
    assert client.n_shuffled == therapist.n_shuffled == 2


def test_any_model_may_place_the_turns_and_is_not_asked_of_blank_ones():
    asked = []

    def by_length(texts):
        asked.extend(texts)
        return [[len(text), 1] if text != "nowhere" else [0, 0] for text in texts]

    vectors = encoded(["a", " ", "bbb", "nowhere"], by_length)

    assert asked == ["a", "bbb", "nowhere"]
    assert vectors.blank.tolist() == [False, True, False, True]
    table = vectors.table(np.array([0, 1]), np.array([0, 2, 3]))
    cosine = 4 / np.sqrt(2 * 10)
    np.testing.assert_allclose(
        table, [[1, cosine, np.nan], [np.nan, np.nan, np.nan]], atol=1e-12
    )
    np.testing.assert_allclose(
        vectors.between(np.array([0, 0]), np.array([2, 1])),
        [cosine, np.nan],
        atol=1e-12,
    )
    assert encoded(["", " "], by_length).blank.all()


@given(st.integers(0, 2**32 - 1))
def test_the_lexical_cosine_is_that_of_counts(seed):
    turns, _ = made_up(seed, 8)
    words = sorted({w for t in turns for w in t})
    counts = np.array([[t.count(w) for w in words] for t in turns], dtype=float)
    length = np.linalg.norm(counts, axis=1)
    places = np.arange(8)

    found = lexical(turns).table(places, places)

    with np.errstate(invalid="ignore"):
        expected = counts @ counts.T / np.outer(length, length)
    np.testing.assert_allclose(found, expected, atol=1e-12)
    np.testing.assert_allclose(
        lexical(turns).between(places, places[::-1]),
        np.diag(expected[:, ::-1]),
        atol=1e-12,
    )


def test_of_no_turns_there_are_no_vectors():
    assert lexical([]).table(np.arange(0), np.arange(0)).shape == (0, 0)
    assert lexical([[], []]).blank.all()


# Reference -----------------------------------------------------------------------------


@pytest.mark.shared
def test_every_lexical_cosine_is_that_of_the_reference(shared):
    rows = {
        (int(r["transcript_id"]), int(r["utterance_id"])): r
        for r in reference(shared, "turn_pairs.csv")
    }

    for each in transcripts(shared):
        turns = reference_words(each)
        pairs = neighbouring(each.seat, [len(t) for t in turns])
        found = lexical(turns).between(pairs.first, pairs.second)
        for k, value in enumerate(found):
            row = rows[each.number, each.utterance[pairs.second[k]]]
            assert int(row["n_words_first"]) == len(turns[pairs.first[k]])
            assert row["responder"] == ("client", "therapist")[pairs.responder[k]]
            assert value == pytest.approx(float(row["lexcos"]), abs=1e-6)


@pytest.fixture(scope="module")
def found_in_reference():
    """Each session's excess beside its row of the reference."""

    @functools.cache
    def beside(shared):
        rows = {
            (int(r["transcript_id"]), r["measure"], r["direction"]): r
            for r in reference(shared, "surrogate_excess.csv")
        }
        found = {"lexcos": [], "rLSM": []}
        for each in transcripts(shared):
            ours = in_both_ways(reference_words(each), each.seat, 0)
            for measure, both in zip(found, ours, strict=True):
                for name, of in zip(("C_follows_T", "T_follows_C"), both, strict=True):
                    found[measure].append((of, rows[each.number, measure, name]))
        return found

    return lambda shared, measure: beside(shared)[measure]


@pytest.mark.shared
@pytest.mark.parametrize("measure", ["lexcos", "rLSM"])
def test_every_excess_is_that_of_the_reference(shared, found_in_reference, measure):
    n = 0

    for found, row in found_in_reference(shared, measure):
        if not row["n_pairs"]:
            assert found.n_pairs == 0
            continue
        n += 1
        assert found.n_pairs == int(float(row["n_pairs"]))
        assert found.n_shuffled == int(float(row["n_client_turns"]))
        for name in FIGURES:
            expected = float(row[name] or "nan")
            assert getattr(found, name) == pytest.approx(
                expected, rel=6e-6, abs=6e-7, nan_ok=True
            )
    assert n > 120


@pytest.mark.shared
@pytest.mark.parametrize("measure", ["lexcos", "rLSM"])
def test_chance_and_spread_are_those_of_a_thousand_shuffles(
    shared, found_in_reference, measure
):
    """Within what a thousand draws can tell; tiny sessions have few orders."""
    ratios = []

    for found, row in found_in_reference(shared, measure):
        sd = float(row["shuffle_sd"] or "nan")
        if found.n_pairs < 5 or not sd > 0:
            continue
        off = abs(float(row["shuffle_mean"]) - found.chance_exact)
        assert off < 4 * sd / np.sqrt(1000)
        ratios.append(found.sd / sd)

    # A standard deviation of 1,000 draws is known to .0224 of itself.
    assert len(ratios) > 100
    assert np.abs(np.array(ratios) - 1).max() < 4.5 * 0.0224
    assert np.mean(ratios) == pytest.approx(1, abs=4 * 0.0224 / np.sqrt(len(ratios)))
