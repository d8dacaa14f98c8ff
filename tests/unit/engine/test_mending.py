"""Apart and back: worked examples, and what is refused."""

import pytest

from duologue.engine.mending import Mark, Seam, seams
from duologue.errors import ParameterError

_ = None
NO, BACK, STILL, UNSURE = Mark.NO, Mark.CAME_BACK, Mark.STILL_THERE, Mark.NOT_SURE


def seam(start, mended, *, client=None, therapist=None, both=False):
    return Seam(
        start=start, mended=mended, client=client, therapist=therapist, by_both=both
    )


@pytest.mark.parametrize(
    ("client", "therapist", "expected"),
    [
        ([], [], []),
        ([_, NO, UNSURE], [_, NO, NO], []),
        ([NO, BACK, NO], [NO, NO, NO], [seam(1, 1, client=1)]),
        ([BACK], [BACK], [seam(0, 0, client=0, therapist=0, both=True)]),
        ([STILL], [NO], [seam(0, None, client=0)]),
        # One says "back", the other "still there": it is still there.
        ([STILL], [BACK], [seam(0, None, client=0, therapist=0, both=True)]),
        # Both say "no" later: back. One "no" and no answer is not enough.
        ([STILL, NO], [NO, NO], [seam(0, 1, client=0)]),
        ([STILL, NO, NO], [NO, _, NO], [seam(0, 2, client=0)]),
        ([STILL, UNSURE, NO], [NO, NO, NO], [seam(0, 2, client=0)]),
        # "Came back" later closes it, whoever says so, and counts as a mark.
        (
            [STILL, _, UNSURE],
            [_, _, BACK],
            [seam(0, 2, client=0, therapist=2, both=True)],
        ),
        # Still open while either says "still there".
        (
            [STILL, NO, NO],
            [NO, STILL, NO],
            [seam(0, 2, client=0, therapist=1)],
        ),
        # Marks of the two that lie further apart are not one mark of both.
        (
            [STILL, _, _, _, UNSURE],
            [UNSURE, _, _, _, BACK],
            [seam(0, 4, client=0, therapist=4)],
        ),
        # One turn of the rotation apart they may be, unless either said no to it.
        (
            [STILL, _, _, UNSURE],
            [UNSURE, _, _, BACK],
            [seam(0, 3, client=0, therapist=3, both=True)],
        ),
        (
            [STILL, _, _, NO],
            [UNSURE, _, _, BACK],
            [seam(0, 3, client=0, therapist=3)],
        ),
        # A second time apart is a second seam.
        (
            [BACK, NO, STILL, NO],
            [NO, NO, NO, NO],
            [seam(0, 0, client=0), seam(2, 3, client=2)],
        ),
        ([BACK, BACK], [_, _], [seam(0, 0, client=0), seam(1, 1, client=1)]),
    ],
)
def test_marks_are_joined_to_seams(client, therapist, expected):
    assert list(seams(client, therapist)) == expected


def test_a_session_in_which_it_was_not_asked_changes_nothing():
    client, therapist = [STILL, NO], [NO, NO]

    found = seams([STILL, _, _, NO], [NO, _, _, NO])

    assert [s.mended for s in seams(client, therapist)] == [1]
    assert [s.mended for s in found] == [3]


def test_unequal_lengths_are_refused():
    with pytest.raises(ParameterError, match="the same length"):
        seams([NO], [])
