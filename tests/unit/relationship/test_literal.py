"""What is counted has one name in every face, and a long silence one length."""

from duologue.engine.turns import silences
from duologue.engine.wording.lists import Sign
from duologue.records import LONG_S
from duologue.relationship.literal import SIGNS


def test_each_list_that_is_counted_has_a_name():
    assert set(SIGNS) == set(Sign)
    assert len(set(SIGNS.values())) == len(SIGNS)


def test_a_silence_that_is_counted_as_long_is_told_as_long():
    assert LONG_S == silences.LONG_S
