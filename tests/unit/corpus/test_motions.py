"""Sessions changed as asked, each change with its note."""

import numpy as np
import pytest

from duologue.corpus.motions import Changes, changed
from duologue.errors import ParameterError
from duologue.records.motion import Motion


def motion(*, late=0, seed=1, size=400):
    whole = np.convolve(
        np.random.default_rng(seed).random(size + 84), np.ones(5), "valid"
    )
    return Motion(
        client=whole[40 : 40 + size].copy(),
        therapist=whole[40 + late :][:size],
        rate=4.0,
    )


def test_nothing_is_done_by_default():
    before = motion()

    after = changed(before, Changes())

    assert after.client is before.client
    assert after.notes == ()


@pytest.mark.parametrize(("late", "who"), [(10, "therapist"), (-6, "client")])
def test_an_offset_is_estimated_and_moved_only_as_asked(late, who):
    before = motion(late=late)

    told = changed(before, Changes(look_for_offset_s=5))
    moved = changed(before, Changes(offset_s=late / 4))

    np.testing.assert_array_equal(told.client, before.client)
    (note,) = told.notes
    assert f"(r = 1.00) where the {who}'s recording is taken to start" in note
    assert f"{abs(late / 4):.2f} s later" in note
    assert f"(--offset {late / 4:g} does)" in note
    np.testing.assert_allclose(moved.client, moved.therapist)
    assert moved.notes == (
        f"the {who}'s recording is taken to start {abs(late / 4):g} s later, as asked",
    )


def test_no_offset_may_be_best_or_none_be_known():
    (best,) = changed(motion(), Changes(look_for_offset_s=5)).notes
    still = Motion(client=np.zeros(50), therapist=np.ones(50), rate=1.0)
    (none,) = changed(still, Changes(look_for_offset_s=5)).notes

    assert best.endswith("as they are, without an offset")
    assert none.startswith("no offset can be estimated")


def test_stretches_and_outliers_are_left_out_after_the_offset():
    before = motion(late=4)
    before.client[200] = 1e4

    after = changed(
        before, Changes(offset_s=1, stretches=[(0, 2), (1, 3)], drops_outliers=True)
    )

    assert after.client.size == 396
    assert np.flatnonzero(np.isnan(after.client)).tolist() == [*range(12), 196]
    assert np.flatnonzero(np.isnan(after.therapist)).tolist() == [*range(12)]
    stretches, outliers = after.notes[1:]
    assert stretches == "3.0 s are left out of both, as asked"
    assert outliers.endswith("left out: 1 of the client, 0 of the therapist")


def test_an_offset_that_leaves_nothing_is_refused():
    with pytest.raises(ParameterError, match="offset_s must leave some of both"):
        changed(motion(), Changes(offset_s=100))


def test_where_both_rest_is_left_out_and_where_one_does_is_not():
    before = motion()
    before.client[40:100] = 0.0
    before.therapist[60:140] = 0.0

    after = changed(before, Changes(rest_s=15))

    assert np.flatnonzero(np.isnan(after.client)).tolist() == [*range(60, 100)]
    assert np.flatnonzero(np.isnan(after.therapist)).tolist() == [*range(60, 100)]
    assert after.notes == (
        "10.0 s in which both rest, each for 15 s or longer, are left out, as asked",
    )
