"""Gaps, overlaps and silences between the two."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import plain_turns
from duologue.engine.turns.reasons import Reason
from duologue.engine.turns.timing import timing

NAN = float("nan")
C, T, NEITHER = 0, 1, -1


def timing_of(*rows, by_length=False, resolution_s=0.01, detected=False):
    """Measure rows of seat, start, end, and perhaps whether one acknowledges or asks."""
    full = [(*row, *(False,) * (5 - len(row))) for row in rows]
    seat, start, end, acknowledges, asking = (
        zip(*full, strict=True) if full else [()] * 5
    )
    return timing(
        seat,
        start,
        end,
        resolution_s=resolution_s,
        acknowledges=None if by_length else acknowledges,
        ends_asking=asking,
        detected=detected,
    )


def test_a_gap_is_the_response_latency_of_the_second_and_an_overlap_is_below_nought():
    found = timing_of((C, 0, 4), (T, 4.7, 9), (C, 8.5, 12), (T, 13.4, 14))

    assert found.reason is None
    assert found.changes.offset_s.tolist() == [0.7, -0.5, 1.4]
    assert found.changes.to.tolist() == [T, C, T]
    assert found.changes.at_s.tolist() == [4.7, 8.5, 13.4]
    client, therapist = found.responses
    assert therapist.latency_s == pytest.approx((0.875, 1.05, 1.225))
    assert (therapist.n_changes, therapist.n_latencies, therapist.n_overlaps) == (
        2,
        2,
        0,
    )
    assert client.offset_s == (-0.5, -0.5, -0.5)
    assert np.isnan(client.latency_s).all()
    assert (client.overlap_share, therapist.overlap_share) == (1, 0)
    assert found.overlap_share == pytest.approx(1 / 3)
    assert found.both_speaking_s == 0.5


def test_what_follows_at_once_is_neither_a_gap_nor_an_overlap():
    found = timing_of((C, 0, 34.62), (T, 34.62, 40), (C, 40.3, 41))

    assert found.changes.offset_s.tolist() == [0, 0.3]
    assert found.responses[1].n_latencies == found.responses[1].n_overlaps == 0


def test_speech_wholly_inside_the_others_is_told_apart_and_takes_no_turn():
    found = timing_of((C, 0, 10), (T, 4, 6.5), (C, 11, 12), (T, 13, 14))

    assert found.n_turns == (1, 1)
    assert found.n_inside == (0, 1)
    assert found.inside_s == (0, 2.5)
    assert found.changes.offset_s.tolist() == [1]
    assert found.both_speaking_s == 2.5


def test_an_acknowledgement_inside_the_others_speech_is_a_backchannel():
    found = timing_of((C, 0, 10), (T, 4, 4.4, True), (T, 11.5, 14))

    assert found.n_backchannels == (0, 1)
    assert found.n_inside == (0, 0)
    assert found.changes.offset_s.tolist() == [1.5]


def test_an_acknowledgement_before_the_question_is_out_does_not_answer_it():
    rows = (C, 0, 10, False, True), (T, 4, 4.4, True)

    assert timing_of(*rows, (T, 11.5, 14)).n_backchannels == (0, 1)
    assert timing_of(rows[0], (T, 9.9, 10.3, True), (C, 12, 13)).n_backchannels == (
        0,
        0,
    )


def test_without_a_text_short_speech_near_the_others_is_a_backchannel():
    rows = (C, 0, 4), (T, 3.9, 4.9), (C, 5.1, 8), (T, 9, 12)

    assert timing_of(*rows, by_length=True).n_backchannels == (0, 1)
    assert timing_of(*rows).n_backchannels == (0, 0)
    longer = timing_of((C, 0, 4), (T, 3.9, 5.0), (C, 5.2, 8), by_length=True)
    assert longer.n_backchannels == (0, 0)


def test_stretches_of_one_speaker_closer_than_a_fifth_of_a_second_are_one():
    near = timing_of((C, 0, 4), (C, 4.19, 8), (T, 9.3, 10))
    apart = timing_of((C, 0, 4), (C, 4.2, 8), (T, 9.3, 10))

    assert near.silences.longest_of_all_s == apart.silences.longest_of_all_s == 1.3
    assert math.isnan(timing_of((C, 0, 4), (C, 4.19, 8)).silences.longest_of_all_s)
    assert timing_of((C, 0, 4), (C, 4.2, 8)).silences.longest_of_all_s == 0.2


def test_silences_are_told_by_who_spoke_before_and_after():
    found = timing_of(
        (T, 0, 4), (T, 7, 9), (C, 10.5, 12), (C, 12.9, 14), (T, 18, 20), (C, 20.5, 30)
    )

    silences = found.silences
    assert silences.start_s.tolist() == [4, 9, 14]
    assert silences.end_s.tolist() == [7, 10.5, 18]
    assert silences.before.tolist() == [T, T, C]
    assert silences.after.tolist() == [T, C, T]
    assert silences.n_1s.tolist() == [[0, 1], [1, 1]]
    assert silences.n_3s.tolist() == [[0, 1], [0, 1]]
    assert silences.per_10_min_s == pytest.approx(np.array([[0, 80], [30, 60]]))
    assert silences.longest_s[T, T] == 3
    assert math.isnan(silences.longest_s[C, C])
    assert silences.longest_of_all_s == 4


def test_where_both_end_at_once_nobody_is_said_to_have_spoken_before():
    found = timing_of((C, 0, 4), (T, 2, 4), (C, 6, 9))

    assert found.silences.before.tolist() == [-1]
    assert found.silences.after.tolist() == [C]
    assert found.silences.n_1s.sum() == 0


def test_a_third_voice_breaks_a_silence_and_leaves_no_latency():
    found = timing_of((C, 0, 4), (NEITHER, 6, 7), (T, 9, 12), (C, 12.5, 13))

    assert found.silences.start_s.size == 0
    assert found.changes.offset_s == pytest.approx([NAN, 0.5], nan_ok=True)
    assert found.responses[1].n_changes == 1
    assert found.responses[1].n_latencies == 0
    assert math.isnan(found.responses[1].overlap_share)


def test_specks_of_a_detector_are_no_speech_and_those_of_a_caption_are():
    rows = (C, 0, 4), (T, 6, 6.05), (C, 8, 12), (T, 12.5, 15)

    assert timing_of(*rows, detected=True).silences.longest_of_all_s == 4
    assert timing_of(*rows).silences.longest_of_all_s == 2
    nothing = timing_of((C, 1, 1.05), detected=True)
    assert nothing.reason is Reason.NO_SPEECH


@pytest.mark.parametrize(
    ("rows", "resolution_s", "reason"),
    [
        ((), 0.01, Reason.NO_SPEECH),
        (((NEITHER, 0, 1),), 0.01, Reason.NO_SPEECH),
        (((C, 0, 1), (T, 2, NAN)), 0.01, Reason.NO_ENDS),
        (((C, NAN, NAN), (T, 2, 3)), 0.01, Reason.NO_ENDS),
        (((C, 0, 1), (T, 2, 3)), 1.0, Reason.COARSE),
        (((C, 0, 1), (T, 2, 3)), 0.11, Reason.COARSE),
        (((C, 0, 1), (T, 2, 3)), NAN, Reason.COARSE),
        (((C, 0, 1), (T, 1, 3)), 0.1, Reason.INVENTED),
        (((C, 0, 1), (T, 1, 3), (C, 3, 5), (T, 6, 7)), 0.1, Reason.INVENTED),
        (((C, 0, 1), (T, 1.4, 3), (C, 3.4, 5), (T, 6, 7)), 0.1, Reason.INVENTED),
    ],
)
def test_times_that_cannot_tell_leave_all_blank_with_a_reason(
    rows, resolution_s, reason
):
    found = timing_of(*rows, resolution_s=resolution_s)

    assert found.reason is reason
    for pair in (found.n_turns, found.n_backchannels, found.n_inside, found.inside_s):
        assert np.isnan(pair).all()
    for one in found.responses:
        assert np.isnan([one.n_changes, *one.offset_s, *one.latency_s]).all()
    assert found.changes.offset_s.size == found.silences.start_s.size == 0
    assert np.isnan(found.silences.n_1s).all()
    assert math.isnan(found.both_speaking_s)
    assert math.isnan(found.overlap_share)


def test_half_of_the_offsets_alike_may_be_chance():
    found = timing_of((C, 0, 1), (T, 1, 3), (C, 3.5, 5), (T, 6, 7), (C, 7, 8))

    assert found.reason is None
    assert timing_of((C, 0, 1), (T, 2, 3)).reason is None
    assert timing_of((C, 0, 1)).reason is None


ROWS = st.lists(
    st.tuples(
        st.sampled_from([C, T]),
        st.integers(0, 120),
        st.integers(1, 25),
        st.booleans(),
        st.booleans(),
    ).map(lambda row: (row[0], row[1], row[1] + row[2], *row[3:])),
    min_size=1,
    max_size=24,
)


def measured(rows, *, by_length=False, shift=0):
    """Measure rows of whole ticks."""
    return timing_of(
        *((s, (a + shift) / 10, (b + shift) / 10, k, q) for s, a, b, k, q in rows),
        by_length=by_length,
        resolution_s=0.1,
    )


@given(rows=ROWS, by_length=st.booleans())
def test_all_is_as_the_slow_version_has_it(rows, by_length):
    turns = plain_turns.turns_of(rows, by_length=by_length)
    kinds = plain_turns.kinds_of(rows, by_length=by_length)
    offsets = [b[1] - a[2] for a, b in itertools.pairwise(turns)]  # in ticks

    found = measured(rows, by_length=by_length)

    most = max((offsets.count(o) for o in set(offsets)), default=0)
    alike = most > len(offsets) / 2 and (most > 1 or offsets[0] == 0)
    if alike:
        assert found.reason is Reason.INVENTED
        return
    assert found.reason is None
    assert np.round(10 * found.changes.offset_s).tolist() == offsets
    for own in (C, T):
        assert found.n_turns[own] == sum(t[0] == own for t in turns)
        mine = [(o, k) for o, k in kinds if o.seat == own]
        said = [k for _, k in mine]
        assert found.n_backchannels[own] == said.count(plain_turns.BACKCHANNEL)
        inside = [o.end - o.start for o, k in mine if k == plain_turns.INSIDE]
        assert found.n_inside[own] == len(inside)
        assert found.inside_s[own] == pytest.approx(sum(inside) / 10)
        own_offsets = [
            o for o, t in zip(offsets, turns[1:], strict=True) if t[0] == own
        ]
        assert found.responses[own].n_overlaps == sum(o < 0 for o in own_offsets)
    both = plain_turns.ticks_of(rows, C) & plain_turns.ticks_of(rows, T)
    assert found.both_speaking_s == pytest.approx(len(both) / 10)


@given(rows=ROWS)
def test_silences_are_those_of_the_slow_version(rows):
    found = measured(rows)
    assume(found.reason is None)

    silences = plain_turns.silences_of(rows)

    long = [one for one in silences if one[1] - one[0] >= 10]
    assert found.silences.start_s == pytest.approx([a / 10 for a, *_ in long])
    assert found.silences.end_s == pytest.approx([b / 10 for _, b, *_ in long])
    for which, column in ((2, found.silences.before), (3, found.silences.after)):
        wanted = [min(one[which]) if len(one[which]) == 1 else -1 for one in long]
        assert column.tolist() == wanted
    longest = max((b - a for a, b, *_ in silences), default=None)
    if longest is None:
        assert math.isnan(found.silences.longest_of_all_s)
    else:
        assert found.silences.longest_of_all_s == pytest.approx(longest / 10)


@given(rows=ROWS, by_length=st.booleans())
def test_swapping_the_seats_mirrors_all_of_it(rows, by_length):
    found = measured(rows, by_length=by_length)
    mirrored = measured([(1 - r[0], *r[1:]) for r in rows], by_length=by_length)

    assert found.reason is mirrored.reason
    for name in ("n_turns", "n_backchannels", "n_inside", "inside_s"):
        np.testing.assert_equal(getattr(found, name), getattr(mirrored, name)[::-1])
    for own in (C, T):
        for name in found.responses[own].__slots__:
            np.testing.assert_equal(
                getattr(found.responses[own], name),
                getattr(mirrored.responses[1 - own], name),
            )
    for name in ("n_1s", "n_3s", "per_10_min_s", "longest_s"):
        table = getattr(found.silences, name)
        np.testing.assert_equal(table, getattr(mirrored.silences, name)[::-1, ::-1])
    np.testing.assert_equal(found.both_speaking_s, mirrored.both_speaking_s)


@given(rows=ROWS, shift=st.integers(0, 40_000))
def test_later_by_some_time_nothing_changes_but_the_times(rows, shift):
    found, later = measured(rows), measured(rows, shift=shift)

    assert found.reason is later.reason
    assert found.n_turns == later.n_turns or found.reason
    np.testing.assert_equal(found.changes.offset_s, later.changes.offset_s)
    np.testing.assert_equal(found.silences.n_1s, later.silences.n_1s)
    np.testing.assert_allclose(
        found.silences.start_s, later.silences.start_s - shift / 10, atol=1e-6
    )
    np.testing.assert_allclose(found.inside_s, later.inside_s, atol=1e-6)
