"""Shared expressions, self-repetition, and both as a session goes on."""

import math
from collections import Counter, defaultdict
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annomi import peers_tokens, reference, transcripts
from duologue.engine.matching.dialogue import prepared
from duologue.engine.matching.expressions import shared_expressions
from duologue.engine.matching.repeating import as_it_went, self_repetition
from duologue.errors import ParameterError

# Few tokens, so that much is said again; some are without a letter.
TURNS = st.lists(
    st.tuples(
        st.lists(st.sampled_from(["a", "b", "c", ".", "7"]), max_size=9),
        st.sampled_from([0, 1, -1]),
    ),
    max_size=9,
)


def slow_free(turns, said_again):
    """Classify occurrences as the definition says: long ones first, each looked for.

    Returns where expressions stand free: {expression: {turn: [starts]}}.
    """
    runs = defaultdict(lambda: defaultdict(list))
    for i, turn in enumerate(turns):
        for start in range(len(turn)):
            for end in range(start + 1, len(turn) + 1):
                runs[tuple(turn[start:end])][i].append(start)
    free = defaultdict(lambda: defaultdict(list))
    taken = defaultdict(list)
    for run in sorted(runs, key=len, reverse=True):
        if not said_again(runs[run]) or not any(c.isalpha() for t in run for c in t):
            continue
        for i, starts in runs[run].items():
            for start in starts:
                inside = any(
                    a <= start and start + len(run) <= b and b - a > len(run)
                    for a, b in taken[i]
                )
                if not inside:
                    free[run][i].append(start)
                    taken[i].append((start, start + len(run)))
    return {run: dict(of) for run, of in free.items()}, runs


def slow_shared(turns, seats):
    """Every figure of shared expressions, from the definitions."""
    free, runs = slow_free(turns, lambda of: {seats[i] for i in of} == {0, 1})
    established, initiated, marked = {}, {}, set()
    for run, of in free.items():
        firsts = [min(i for i in runs[run] if seats[i] == s) for s in (0, 1)]
        established[run] = max(*firsts, min(of))
        initiated[run] = int(firsts[1] < firsts[0])
        for i, starts in of.items():
            if i >= established[run]:
                marked |= {(i, s + k) for s in starts for k in range(len(run))}
    lengths = [len(run) for run, of in free.items() for _ in of]
    n = [
        sum(len(t) for t, s in zip(turns, seats, strict=True) if s == o) for o in (0, 1)
    ]
    used = [
        {t for i, turn in enumerate(turns) if seats[i] == o for t in turn}
        for o in (0, 1)
    ]
    return {
        "n_expressions": len(free),
        "repetition": share(len(marked), sum(n)),
        "repetition_by": [
            share(sum(seats[i] == o for i, _ in marked), n[o]) for o in (0, 1)
        ],
        "initiated_by": [
            share(sum(s == o for s in initiated.values()), len(free)) for o in (0, 1)
        ],
        "entropy": slow_entropy(lengths),
        "mean_length": np.mean(lengths) if lengths else np.nan,
        "max_length": max(lengths, default=0),
        "vocabulary_overlap": share(len(used[0] & used[1]), len(used[0] | used[1])),
        "established": {run: established[run] for run in free},
        "free": free,
    }


def slow_before(turns, seats, *, same):
    """Shares of each turn said before, from the definition, turn by turn."""
    shares = []
    for i, turn in enumerate(turns):
        heard = [turns[j] for j in range(i) if (seats[j] == seats[i]) == same]
        marked = set()
        for start in range(len(turn)):
            for end in range(start + 1, len(turn) + 1):
                run = turn[start:end]
                if any(map(str.isalpha, run)) and any(
                    run == of[k : k + len(run)] for of in heard for k in range(len(of))
                ):
                    marked |= set(range(start, end))
        shares.append(share(len(marked), len(turn)))
    return shares


def slow_entropy(lengths):
    counts = Counter(lengths).values()
    n = sum(counts)
    return -sum(c / n * math.log2(c / n) for c in counts) if n else np.nan


def share(part, whole):
    return part / whole if whole else np.nan


def two_people(given):
    """Part the made-up turns, and leave out those by neither."""
    turns, seats = [t for t, _ in given], [s for _, s in given]
    both = [i for i, s in enumerate(seats) if s >= 0]
    return turns, seats, both


@given(TURNS)
def test_shared_expressions_are_those_of_the_definition(given):
    turns, seats, both = two_people(given)
    slow = slow_shared([turns[i] for i in both], [seats[i] for i in both])

    found = shared_expressions(prepared(turns, seats))

    for name, expected in slow.items():
        if name not in ("established", "free"):
            assert getattr(found, name) == pytest.approx(expected, nan_ok=True), name
    told = found.lexicon
    names = [
        tuple(turns[t][s : s + n])
        for t, s, n in zip(told.turn, told.start, told.length, strict=True)
    ]
    assert len(set(names)) == len(names)
    assert dict(zip(names, told.established.tolist(), strict=True)) == {
        run: both[turn] for run, turn in slow["established"].items()
    }
    assert sorted((names[k], t, s) for t, s, _, k in told.spans.tolist()) == sorted(
        (run, both[i], start)
        for run, of in slow["free"].items()
        for i, starts in of.items()
        for start in starts
    )
    assert told.n_turns.tolist() == [len(slow["free"][run]) for run in names]
    assert told.length.tolist() == [len(run) for run in names]
    places = list(zip(told.turn, told.start, strict=True))
    assert all(one <= other for one, other in pairwise(places))


@given(TURNS)
def test_self_repetition_is_that_of_the_definition(given):
    turns, seats, both = two_people(given)

    found = self_repetition(prepared(turns, seats))

    for own in (0, 1):
        mine = [turns[i] for i in both if seats[i] == own]
        free, _ = slow_free(mine, lambda of: len(of) > 1)
        lengths = [len(run) for run, of in free.items() for _ in of]
        marked = {
            (i, start + k)
            for run, of in free.items()
            for i, starts in of.items()
            for start in starts
            for k in range(len(run))
        }
        n = sum(map(len, mine))
        others = len(both) - len(mine)
        assert found[own].n_expressions == len(free)
        assert found[own].variety == pytest.approx(share(len(free), n), nan_ok=True)
        assert found[own].repetition == pytest.approx(
            share(len(marked), n), nan_ok=True
        )
        assert found[own].repetition_as_dialign == pytest.approx(
            share(len(marked), n + others), nan_ok=True
        )
        assert found[own].variety_as_dialign == pytest.approx(
            share(len(free), n + others), nan_ok=True
        )
        assert found[own].entropy == pytest.approx(slow_entropy(lengths), nan_ok=True)
        assert found[own].max_length == max(lengths, default=0)
        assert found[own].mean_length == pytest.approx(
            np.mean(lengths) if lengths else np.nan, nan_ok=True
        )


@given(TURNS)
def test_what_was_said_before_is_that_of_the_definition(given):
    turns, seats, both = two_people(given)
    mine, whose = [turns[i] for i in both], [seats[i] for i in both]

    found = as_it_went(prepared(turns, seats))

    assert found.turn.tolist() == both
    assert found.seat.tolist() == whose
    for values, same in ((found.from_other, False), (found.from_own, True)):
        expected = slow_before(mine, whose, same=same)
        assert values == pytest.approx(expected, nan_ok=True)


@given(TURNS, st.integers(0, 8))
def test_what_comes_later_changes_nothing_of_what_went(given, n):
    turns, seats, _ = two_people(given)

    whole = as_it_went(prepared(turns, seats))
    part = as_it_went(prepared(turns[:n], seats[:n]))

    k = part.turn.size
    np.testing.assert_array_equal(part.from_other, whole.from_other[:k])
    np.testing.assert_array_equal(part.from_own, whole.from_own[:k])


@given(TURNS)
def test_seats_exchanged_give_the_mirrored_result(given):
    turns, seats, _ = two_people(given)
    other = [s if s < 0 else 1 - s for s in seats]
    ready = prepared(turns, seats), prepared(turns, other)

    there, back = map(shared_expressions, ready)
    own, its_mirror = map(self_repetition, ready)

    for name in ("n_expressions", "variety", "repetition", "entropy", "mean_length"):
        np.testing.assert_array_equal(getattr(there, name), getattr(back, name))
    for name in (
        "n_tokens",
        "repetition_by",
        "initiated_by",
        "token_share",
        "vocabulary_overlap_by",
    ):
        np.testing.assert_array_equal(getattr(there, name), getattr(back, name)[::-1])
    np.testing.assert_array_equal(there.lexicon.spans, back.lexicon.spans)
    np.testing.assert_array_equal(
        there.lexicon.initiated_by, 1 - back.lexicon.initiated_by
    )
    assert [(x.n_expressions, x.n_repeated) for x in own] == [
        (x.n_expressions, x.n_repeated) for x in its_mirror[::-1]
    ]


def test_of_a_dialogue_said_twice_by_exchanged_seats_all_is_shared():
    turns = [["how", "was", "it", "?"], ["hard", ",", "but", "better", "."]]

    found = shared_expressions(prepared(turns + turns, [0, 1, 1, 0]))
    went = as_it_went(prepared(turns + turns, [0, 1, 1, 0]))

    assert found.n_expressions == 2
    assert found.max_length == 5
    assert found.repetition_by == (5 / 9, 4 / 9)  # what came first was not yet shared
    assert found.vocabulary_overlap == 1
    assert went.from_other.tolist() == [0, 0, 1, 1]
    assert went.from_own.tolist() == [0, 0, 0, 0]


def test_the_longer_expression_takes_the_shorter_one_in():
    turns = [["a", "hard", "week"], ["a", "hard", "week"], ["hard"]]

    found = shared_expressions(prepared(turns, [0, 1, 0])).lexicon

    # "hard" stands within the longer one twice, and free once.
    assert found.length.tolist() == [3, 1]
    assert found.established.tolist() == [1, 2]
    assert found.initiated_by.tolist() == [0, 0]
    assert found.spans.tolist() == [[0, 0, 3, 0], [1, 0, 3, 0], [2, 0, 1, 1]]


def test_of_nothing_there_is_nothing():
    found = shared_expressions(prepared([], []))
    one = shared_expressions(prepared([["alone"], []], [0, 1]))

    assert found.n_expressions == one.n_expressions == 0
    assert np.isnan([found.variety, found.repetition, found.entropy]).all()
    assert one.repetition_by[0] == 0
    assert np.isnan(one.repetition_by[1])
    assert np.isnan(as_it_went(prepared([["alone"], []], [0, 1])).from_other[1])
    assert as_it_went(prepared([], [])).turn.size == 0
    assert [x.n_tokens for x in self_repetition(prepared([], []))] == [0, 0]


def test_seats_must_be_one_a_turn():
    with pytest.raises(ParameterError, match="as many turns each, got 1 and 2"):
        prepared([["a"]], [0, 1])


@pytest.fixture(scope="module")
def peers_sessions():
    """Prepare each transcript as it was given to pydialign: without empty turns."""

    def ready(shared):
        for each in transcripts(shared):
            turns = [peers_tokens(text) for text in each.texts]
            kept = [i for i, turn in enumerate(turns) if turn]
            yield (
                each,
                kept,
                prepared([turns[i] for i in kept], each.seat[kept]),
            )

    return ready


@pytest.mark.shared
def test_shared_expressions_are_pydialigns(shared, peers_sessions):
    rows = {r["ID"]: r for r in reference(shared, "pydialign_speaker_independent.tsv")}
    names = {
        "Expression Lexicon Size (ELS)": "n_expressions",
        "Expression Variety (EV)": "variety",
        "Expression Repetition (ER)": "repetition",
        "Voc. Overlap": "vocabulary_overlap",
        "ENTR": "entropy",
        "L": "mean_length",
        "LMAX": "max_length",
    }

    for each, kept, ready in peers_sessions(shared):
        row = rows[f"t{each.number:03d}_tsv"]
        found = shared_expressions(ready)

        assert len(kept) == int(row["Num. utterances"])
        assert sum(found.n_tokens) == int(row["Num. tokens"])
        for theirs, ours in names.items():
            assert getattr(found, ours) == pytest.approx(float(row[theirs]), rel=1e-13)


@pytest.mark.shared
def test_what_each_shares_and_repeats_is_pydialigns(shared, peers_sessions):
    rows = {r["ID"]: r for r in reference(shared, "pydialign_speaker_dependent.tsv")}

    for each, _, ready in peers_sessions(shared):
        row = rows[f"t{each.number:03d}_tsv"]
        found, own = shared_expressions(ready), self_repetition(ready)

        for seat, name in enumerate(("S1", "S2")):
            ours = {
                f"{name}/Initiated Expression (IE_{name})": found.initiated_by[seat],
                f"{name}/Expression Repetition (ER_{name})": found.repetition_by[seat],
                f"{name}/tokens (%)": found.token_share[seat],
                f"Voc. Overlap {name}": found.vocabulary_overlap_by[seat],
                f"SR/{name}/ELS": own[seat].n_expressions,
                f"SR/{name}/EV": own[seat].variety_as_dialign,
                f"SR/{name}/ER": own[seat].repetition_as_dialign,
                f"SR/{name}/ENTR": own[seat].entropy,
                f"SR/{name}/L": own[seat].mean_length,
                f"SR/{name}/LMAX": own[seat].max_length,
            }
            theirs = {key: float(row[key]) for key in ours}
            assert ours == pytest.approx(theirs, rel=1e-13)


@pytest.mark.shared
def test_each_turn_as_it_came_is_pydialigns(shared, peers_sessions):
    rows = defaultdict(dict)
    for row in reference(shared, "pydialign_online_der.csv"):
        rows[int(row["transcript_id"])][int(row["utterance_id"])] = row
    n = 0

    for each, kept, ready in peers_sessions(shared):
        found = as_it_went(ready)
        for k, i in enumerate(kept):
            row = rows[each.number].get(each.utterance[i])
            if row is not None:
                n += 1
                assert found.from_other[k] == pytest.approx(float(row["DER"]), abs=6e-7)
                assert found.from_own[k] == pytest.approx(float(row["DSER"]), abs=6e-7)
    assert n == sum(map(len, rows.values())) > 100
