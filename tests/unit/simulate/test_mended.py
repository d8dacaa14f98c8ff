"""The made-up exchange that the demonstration holds word for word."""

from duologue.records import Noticed, Seat
from duologue.relationship.spoken import spoken_in
from duologue.simulate.mended import mended_talk


def test_it_is_whole_timed_and_of_two_people_without_a_name():
    turns = mended_talk(19)

    assert turns.session == 19
    assert turns.has_ends
    assert {s.seat for s in turns.segments} == set(Seat)
    starts = [s.start_s for s in turns.segments]
    assert starts == sorted(starts)
    assert mended_talk(19) == turns


def test_every_part_of_its_page_has_something_to_show():
    spoken = spoken_in(mended_talk(19))

    assert len(spoken.stretches) > 60
    assert spoken.timed is not None
    assert sum(spoken.timed.n_backchannels) == 1
    assert sum(s.end_s - s.start_s >= 3 for s in spoken.timed.silences) > 5
    assert all(each.is_enough for each in spoken.following)
    found = {(each.kind, each.seat) for each in spoken.passages}
    assert found == {(kind, seat) for kind in Noticed for seat in Seat}
