"""Apart and back: worked examples, and what is refused."""

import pytest

from duologue.engine.mending import Mark, Seam, seams
from duologue.errors import ParameterError

_ = None
NO, BACK, STILL, UNSURE = Mark.NO, Mark.CAME_BACK, Mark.STILL_THERE, Mark.NOT_SURE


def seam(start, mended, *, client=False, therapist=False):
    return Seam(start=start, mended=mended, by_client=client, by_therapist=therapist)


@pytest.mark.parametrize(
    ("client", "therapist", "expected"),
    [
        ([], [], []),
        ([_, NO, UNSURE], [_, NO, NO], []),
        ([NO, BACK, NO], [NO, NO, NO], [seam(1, 1, client=True)]),
        ([BACK], [BACK], [seam(0, 0, client=True, therapist=True)]),
        ([STILL], [NO], [seam(0, None, client=True)]),
        # One says "back", the other "still there": it is still there.
        ([STILL], [BACK], [seam(0, None, client=True, therapist=True)]),
        # Both say "no" later: back. One "no" and no answer is not enough.
        ([STILL, NO], [NO, NO], [seam(0, 1, client=True)]),
        ([STILL, NO, NO], [NO, _, NO], [seam(0, 2, client=True)]),
        ([STILL, UNSURE, NO], [NO, NO, NO], [seam(0, 2, client=True)]),
        # "Came back" later closes it, whoever says so, and counts as a mark.
        ([STILL, _, NO], [_, _, BACK], [seam(0, 2, client=True, therapist=True)]),
        # Still open while either says "still there".
        ([STILL, NO, NO], [NO, STILL, NO], [seam(0, 2, client=True, therapist=True)]),
        # A second time apart is a second seam.
        (
            [BACK, NO, STILL, NO],
            [NO, NO, NO, NO],
            [seam(0, 0, client=True), seam(2, 3, client=True)],
        ),
        ([BACK, BACK], [_, _], [seam(0, 0, client=True), seam(1, 1, client=True)]),
    ],
)
def test_marks_are_joined_to_seams(client, therapist, expected):
    assert list(seams(client, therapist)) == expected


def test_a_session_in_which_it_was_not_asked_changes_nothing():
    client, therapist = [STILL, NO], [NO, NO]

    found = seams([STILL, _, _, NO], [NO, _, _, NO])

    assert [s.mended for s in seams(client, therapist)] == [1]
    assert [s.mended for s in found] == [3]


def test_both_have_marked_it_only_where_both_did():
    assert seam(0, 0, client=True, therapist=True).by_both
    assert not seam(0, 0, client=True).by_both


def test_unequal_lengths_are_refused():
    with pytest.raises(ParameterError, match="the same length"):
        seams([NO], [])
