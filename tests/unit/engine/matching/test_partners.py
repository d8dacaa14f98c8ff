"""Real partners beside partners of other sessions, in style and in words."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annomi import reference, reference_words, transcripts
from duologue.engine.matching.function_words import count_classes
from duologue.engine.matching.pairs import neighbouring
from duologue.engine.matching.partners import (
    PartnersTable,
    against_partners,
    style_table,
    turns_table,
)
from duologue.engine.matching.similar import lexical
from duologue.engine.matching.style import Scale, matching, shares
from duologue.errors import ParameterError


def rng(seed=1):
    return np.random.default_rng(seed)


def profiles(n, *, own=0.0, seed=0):
    """Return profiles of clients and therapists who share a part of their style."""
    draw = rng(seed)
    together = draw.normal(size=(n, 9))
    return tuple(
        0.1 * np.exp(0.3 * (own * together + draw.normal(size=(n, 9))))
        for _ in range(2)
    )


def corpus(seed, n_sessions=5):
    """Return turns of some sessions as one list: words, session, seat, numbers of words."""
    draw = rng(seed)
    turns, session, seat = [], [], []
    for k in range(n_sessions):
        for _ in range(draw.integers(1, 12)):
            turns.append([str(w) for w in draw.integers(0, 9, draw.integers(0, 7))])
            session.append(k)
            seat.append(int(draw.integers(-1, 2)))
    return turns, session, np.array(seat), np.array([len(t) for t in turns])


def test_partners_of_one_style_are_told_from_strangers():
    found = against_partners(style_table(*profiles(12, own=2.0)), n_permutations=400)

    assert found.real > found.mismatched
    assert found.p == pytest.approx(1 / 401)
    assert found.effect > 1
    assert found.n_pairs == 12


def test_of_strangers_about_one_in_twenty_is_told_so():
    p = [
        against_partners(style_table(*profiles(8, seed=i)), n_permutations=200).p
        for i in range(100)
    ]

    assert np.mean(np.array(p) <= 0.05) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 100)
    assert 0.38 < np.mean(p) < 0.62


def test_seats_exchanged_turn_the_table_and_give_the_same_p():
    client, therapist = profiles(7)

    there, back = style_table(client, therapist), style_table(therapist, client)

    np.testing.assert_array_equal(there.table, back.table.T)
    for one, other in zip(there.strangers(0), back.strangers(1), strict=True):
        np.testing.assert_array_equal(one, other)
    p = [against_partners(t, n_permutations=300).p for t in (there, back)]
    assert p[0] == p[1]


def test_sessions_of_one_pair_are_never_mixed():
    whose = ["a", "a", "b", "c", "d"]
    found = style_table(*profiles(5), pairs=whose)

    assert np.isnan([found.table[0, 1], found.table[1, 0]]).all()
    assert np.isfinite(found.real).all()
    mean, sd = found.strangers(0)
    assert mean[0] == pytest.approx(found.table[0, 2:].mean())
    assert sd[0] == pytest.approx(found.table[0, 2:].std(ddof=1))
    assert against_partners(found, pairs=whose, n_permutations=100).n_pairs == 4


def test_a_session_without_a_profile_is_left_out():
    client, therapist = profiles(6)
    client[2] = np.nan

    found = style_table(client, therapist)
    tested = against_partners(found, n_permutations=100)

    assert np.isnan(found.real[2])
    assert np.isnan(found.strangers(0)[0][2])
    assert np.isfinite(found.strangers(1)[0][2])
    assert (tested.n_pairs, tested.n_left_out) == (5, 1)


def test_of_one_session_there_are_no_strangers():
    mean, sd = PartnersTable(table=np.ones((1, 1))).strangers(1)

    assert np.isnan([*mean, *sd]).all()


def slow_turns_table(turns, session, seat, n_words, responder):
    """Put turns side by side in their order, cell by cell."""
    n = max(session) + 1
    answers = [[[], []] for _ in range(n)]
    for i in range(len(turns) - 1):
        same = session[i] == session[i + 1]
        answered = seat[i + 1] == responder and seat[i] == 1 - responder
        if same and answered and min(n_words[i], n_words[i + 1]) >= 3:
            answers[session[i]][seat[i]].append(turns[i])
            answers[session[i]][seat[i + 1]].append(turns[i + 1])
    table = np.full((n, n), np.nan)
    for i in range(n):
        for j in range(n):
            pairs = list(zip(answers[i][0], answers[j][1], strict=False))
            if pairs:
                table[i, j] = np.mean([cosine(a, b) for a, b in pairs])
    return table


def cosine(one, other):
    words = sorted({*one, *other})
    a, b = ([t.count(w) for w in words] for t in (one, other))
    return np.dot(a, b) / np.linalg.norm(a) / np.linalg.norm(b)


@given(st.integers(0, 2**32 - 1), st.integers(0, 1))
def test_turns_stand_side_by_side_in_their_order(seed, responder):
    turns, session, seat, n_words = corpus(seed)

    found = turns_table(lexical(turns), session, seat, n_words, responder=responder)

    expected = slow_turns_table(turns, session, seat, n_words, responder)
    np.testing.assert_allclose(found.table, expected, atol=1e-12)
    other = np.where(seat < 0, seat, 1 - seat)
    back = turns_table(lexical(turns), session, other, n_words, responder=1 - responder)
    np.testing.assert_allclose(found.table, back.table.T, atol=1e-12)


def test_the_real_pairs_are_those_of_the_session_itself():
    turns, session, seat, n_words = corpus(4)
    pairs = neighbouring(seat, n_words).of(1)
    values = lexical(turns).between(pairs.first, pairs.second)
    of_session = np.array(session)
    inside = of_session[pairs.first] == of_session[pairs.second]

    found = turns_table(lexical(turns), session, seat, n_words, responder=1)

    for k in range(5):
        mine = inside & (of_session[pairs.first] == k)
        if mine.any():
            assert found.real[k] == pytest.approx(values[mine].mean())
        else:
            assert np.isnan(found.real[k])


@pytest.mark.parametrize(
    ("do", "message"),
    [
        (lambda: style_table(np.ones((2, 9)), np.ones((3, 9))), "one profile"),
        (lambda: style_table(*profiles(3), pairs=[1]), "each of 3 sessions"),
        (lambda: table([0], responder=2), "responder"),
        (lambda: table([1]), "from 0 on"),
        (lambda: table([0, 0]), "from 0 on"),
        (lambda: two([0, 2]), "one by one"),
        (lambda: against_partners(style_table(*profiles(3))), "4 pairs or more"),
        (
            lambda: against_partners(style_table(*profiles(4)), n_permutations=9),
            "n_permutations",
        ),
    ],
)
def test_what_is_not_allowed_is_refused(do, message):
    with pytest.raises(ParameterError, match=message):
        do()


def table(session, responder=1):
    return turns_table(lexical([["a"]]), session, [0], [1], responder=responder)


def two(session):
    return turns_table(lexical([["a"], ["b"]]), session, [0, 1], [1, 1], responder=1)


@pytest.mark.shared
def test_strangers_are_those_of_the_reference(shared):
    rows = {
        int(r["transcript_id"]): r for r in reference(shared, "lsm_pseudo_dyads.csv")
    }
    of_all = np.array([profile(each) for each in transcripts(shared)])

    found = style_table(of_all[:, 0], of_all[:, 1], scale=Scale.PROPORTION)

    mean, sd = found.strangers(1)
    for k, each in enumerate(transcripts(shared)):
        row = rows[each.number]
        assert found.real[k] == pytest.approx(float(row["LSM"]), rel=6e-6)
        assert mean[k] == pytest.approx(float(row["LSM_pseudo_mean"]), rel=6e-6)
        assert sd[k] == pytest.approx(float(row["LSM_pseudo_sd"]), rel=6e-6)
    assert found.table[3, 7] == pytest.approx(
        matching(of_all[3, 0], of_all[7, 1], scale=Scale.PROPORTION).mean()
    )


def profile(transcript):
    turns = reference_words(transcript)
    n_words = [len(t) for t in turns]
    return shares(count_classes(turns), n_words, transcript.seat, fewest_words=1)[0]
