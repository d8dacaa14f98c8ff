"""Style: whole sessions, turns, coordination, and the classes that they count."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annomi import reference, reference_words, transcripts
from duologue.engine.matching.coordination import (
    MARKERS,
    coordination,
    markers_used,
)
from duologue.engine.matching.function_words import (
    CLASSES,
    FUNCTION_WORDS,
    count_classes,
)
from duologue.engine.matching.pairs import neighbouring
from duologue.engine.matching.style import Scale, matching, shares, style_matching
from duologue.engine.matching.turn_style import matched_turns, turn_matching
from duologue.errors import ParameterError

SIX_DIGITS = {"rel": 6e-6, "abs": 6e-7}


def counted(transcript):
    """Return what style is computed from: counts, words of each turn, seats."""
    turns = reference_words(transcript)
    return count_classes(turns), np.array([len(t) for t in turns]), transcript.seat


def made_up(seed, n=40):
    rng = np.random.default_rng(seed)
    n_words = rng.integers(0, 12, n)
    counts = rng.binomial(n_words[:, None], 0.15, (n, 9))
    return counts, n_words, rng.integers(-1, 2, n)


def test_there_are_205_function_words_in_nine_classes():
    assert len(CLASSES) == 9
    assert len(frozenset().union(*FUNCTION_WORDS.values())) == 205


@pytest.mark.shared
def test_the_classes_are_those_of_the_reference(shared):
    import json  # noqa: PLC0415

    text = (shared / "reference" / "words" / "params.json").read_text("utf-8")
    lists = json.loads(text)["function_words"]

    assert {name: sorted(words) for name, words in FUNCTION_WORDS.items()} == lists


def test_a_word_counts_in_each_of_its_classes_and_blank_turns_in_none():
    counts = count_classes([[], ["nothing", "blue", "as"], ["the", "the"], []])

    assert dict(zip(CLASSES, counts[1].tolist(), strict=True)) == {
        **dict.fromkeys(CLASSES, 0),
        "ipron": 1,
        "negate": 1,
        "prep": 1,
        "conj": 1,
    }
    assert counts[2].sum() == counts[2, CLASSES.index("article")] == 2
    assert counts[0].sum() == counts[3].sum() == 0
    assert count_classes([]).shape == (0, 9)


def test_the_match_of_two_shares_is_that_of_the_formula_on_either_scale():
    assert matching(0.0, 0.0) == 1
    # One never uses the class, the other once in a thousand words.
    assert matching(0.0, 0.001, scale=Scale.PROPORTION) == pytest.approx(1 - 10 / 11)
    assert matching(0.0, 0.001) == pytest.approx(1 - 1000 / 1001)
    assert matching(0.04, 0.06, scale=Scale.PROPORTION) == pytest.approx(
        1 - 0.02 / 0.1001
    )


def test_with_fewer_than_fifty_words_by_either_there_is_no_style():
    counts = np.ones((2, 9), dtype=int)

    enough = style_matching(counts, [50, 50], [0, 1])
    few = style_matching(counts, [50, 49], [0, 1])

    assert enough.value == 1
    assert np.isnan(few.value)
    assert np.isnan(few.by_class).all()
    assert few.n_words == (50, 49)


def test_turns_by_neither_are_nobodys_words_and_part_their_neighbours():
    counts = np.ones((3, 9), dtype=int)

    assert style_matching(counts, [60, 99, 70], [0, -1, 1]).n_words == (60, 70)
    assert np.isnan(turn_matching(counts, [60, 99, 70], [0, -1, 1]).mean)


def test_turn_matching_is_over_the_classes_that_the_first_speaker_used():
    first, second = np.array([0.5, 0.0, 0.25]), np.array([0.5, 0.5, 0.0])

    assert matched_turns(first, second) == pytest.approx(
        (1 + 1 - 0.25 / 0.2501) / 2, abs=1e-12
    )
    assert np.isnan(matched_turns(np.zeros(3), second))


@given(st.integers(0, 2**32 - 1))
def test_seats_exchanged_give_the_mirrored_result(seed):
    counts, n_words, seat = made_up(seed)
    other = np.where(seat < 0, seat, 1 - seat)

    there, back = (turn_matching(counts, n_words, s) for s in (seat, other))
    one, two = (coordination(counts > 0, s) for s in (seat, other))
    a, b = (style_matching(counts, n_words, s) for s in (seat, other))

    np.testing.assert_array_equal(there.follows, back.follows[::-1])
    np.testing.assert_array_equal(there.difference, -back.difference)
    np.testing.assert_array_equal(one.by_marker, two.by_marker[::-1])
    np.testing.assert_array_equal(one.mean, two.mean[::-1])
    np.testing.assert_array_equal(a.by_class, b.by_class)
    assert a.n_words == b.n_words[::-1]


def slow_coordination(uses, seat, own, marker, fewest):
    """The formula, pair by pair; nothing where the marker is rare."""
    pairs = [
        (uses[i][marker], uses[i + 1][marker])
        for i in range(len(seat) - 1)
        if seat[i + 1] == own and seat[i] == 1 - own
    ]
    after = [b for a, b in pairs if a]
    if len(after) < fewest:
        return np.nan
    return sum(after) / len(after) - sum(b for _, b in pairs) / len(pairs)


@given(st.integers(0, 2**32 - 1), st.integers(1, 4))
def test_coordination_is_its_formula_counted_slowly(seed, fewest):
    counts, _, seat = made_up(seed)

    found = coordination(counts > 0, seat, fewest_targets=fewest)

    slow = [
        [slow_coordination(counts > 0, seat, own, m, fewest) for m in range(9)]
        for own in (0, 1)
    ]
    np.testing.assert_allclose(found.by_marker, slow, atol=1e-12)
    for own in (0, 1):
        there = [v for v in slow[own] if not np.isnan(v)]
        assert found.n_markers[own] == len(there)
        if there:
            assert found.mean[own] == pytest.approx(np.mean(there), abs=1e-12)
        else:
            assert np.isnan(found.mean[own])


@pytest.mark.parametrize(
    ("do", "message"),
    [
        (lambda: shares(np.ones((2, 9)), [1, 2, 3], [0, 1]), "as many turns each"),
        (lambda: shares(np.ones(9), [1], [0]), "as many turns each"),
        (lambda: turn_matching([[1]], [3], [0], min_words=0), "min_words"),
        (lambda: shares([[1]], [3], [0], fewest_words=0), "fewest_words"),
        (lambda: coordination([[True]], [0, 1]), "as many turns each"),
        (lambda: coordination([[True]], [2]), "seat must be 0"),
        (lambda: coordination([[True]], [0], fewest_targets=0), "fewest_targets"),
        (lambda: neighbouring([0, 1], [1]), "one value a turn"),
        (lambda: neighbouring([0, 1], [1, -1]), "0 or more"),
        (lambda: neighbouring([[0, 1]], [[1, 1]]), "one dimension"),
        (lambda: matching(0.1, 0.1, scale="share"), "Scale"),
    ],
)
def test_what_is_not_allowed_is_refused(do, message):
    with pytest.raises(ValueError, match=message):
        do()


def test_a_refusal_is_one_of_the_programs_own():
    with pytest.raises(ParameterError, match="seat"):
        coordination([[True]], [7])


@pytest.mark.shared
def test_whole_sessions_are_those_of_the_reference_on_both_scales(shared):
    rows = {int(r["transcript_id"]): r for r in reference(shared, "per_session.csv")}

    for each in transcripts(shared):
        row = rows[each.number]
        percent = style_matching(*counted(each), fewest_words=1)
        share = style_matching(*counted(each), scale=Scale.PROPORTION, fewest_words=1)

        assert percent.value == pytest.approx(
            float(row["LSM_percent_scale"]), **SIX_DIGITS
        )
        assert share.value == pytest.approx(float(row["LSM"]), **SIX_DIGITS)
        by_class = [float(row[f"LSM_{name}"]) for name in CLASSES]
        assert share.by_class == pytest.approx(by_class, **SIX_DIGITS)


@pytest.mark.shared
def test_turns_are_those_of_the_reference(shared):
    rows = {int(r["transcript_id"]): r for r in reference(shared, "per_session.csv")}
    names = ("rLSM_C_follows_T", "rLSM_T_follows_C", "rLSM_dir_T_minus_C", "rLSM_mean")

    for each in transcripts(shared):
        found = turn_matching(*counted(each))

        for name, value in zip(
            names, (*found.follows, found.difference, found.mean), strict=True
        ):
            there = rows[each.number][name]
            expected = float(there) if there else np.nan
            assert value == pytest.approx(expected, nan_ok=True, **SIX_DIGITS)


@pytest.mark.shared
def test_every_pair_of_turns_is_that_of_the_reference(shared):
    rows = {
        (int(r["transcript_id"]), int(r["utterance_id"])): r
        for r in reference(shared, "turn_pairs.csv")
    }
    n = 0

    for each in transcripts(shared):
        found = turn_matching(*counted(each))
        n += found.values.size
        for second, value in zip(found.pairs.second, found.values, strict=True):
            there = rows[each.number, each.utterance[second]]["rLSM"]
            expected = float(there) if there else np.nan
            assert value == pytest.approx(expected, nan_ok=True, **SIX_DIGITS)
    assert n == len(rows)


@pytest.mark.shared
def test_coordination_is_that_of_the_reference(shared):
    rows = {
        (int(r["transcript_id"]), r["speaker"]): r
        for r in reference(shared, "coordination_own_lists.csv")
    }
    found = {each.number: coordinated(each) for each in transcripts(shared)}

    for (number, speaker), row in rows.items():
        own = int(speaker == "therapist")
        of = found[number]
        assert of.n_markers[own] == int(row["n_markers"])
        assert of.mean[own] == pytest.approx(float(row["mean"]), **SIX_DIGITS)
        expected = [float(row[name] or "nan") for name in MARKERS]
        assert of.by_marker[own] == pytest.approx(expected, nan_ok=True, **SIX_DIGITS)
    told = sum(n > 0 for of in found.values() for n in of.n_markers)
    assert told == len(rows)


@pytest.mark.shared
def test_articles_are_convokits_and_the_whole_goes_along_with_it(shared):
    """Of articles alone both have one list; the other classes of ConvoKit are not ours."""
    theirs = reference(shared, "coordination_convokit.csv")
    found = {each.number: coordinated(each) for each in transcripts(shared)}
    article = MARKERS.index("article")

    pairs = []
    for row in theirs:
        own = int(row["speaker"] == "therapist")
        of = found[int(row["transcript_id"])]
        pairs.append((of.mean[own], float(row["mean"]), own))
        expected = float(row["article"] or "nan")
        assert of.by_marker[own, article] == pytest.approx(
            expected, nan_ok=True, abs=1e-12
        )
    ours, peers, seats = np.array(pairs).T
    for own, least in ((1, 0.97), (0, 0.95)):
        there = (seats == own) & ~np.isnan(ours)
        assert np.corrcoef(ours[there], peers[there])[0, 1] > least


def coordinated(transcript):
    counts, _, seat = counted(transcript)
    return coordination(markers_used(counts), seat)
