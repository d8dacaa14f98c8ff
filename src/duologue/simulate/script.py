"""A written exchange as the transcript that it would be, were it spoken."""

from collections.abc import Mapping, Sequence

from duologue.records import Seat, Segment, Turns

Line = tuple[Seat, float, str]
"""Speaker, seconds of silence before speaking (negative: begins over the other), words."""


def spoken(script: Sequence[Line], pace: Mapping[Seat, float], session: int) -> Turns:
    """Return a script as the transcript of a session, in times of 0.01 s.

    Parameters
    ----------
    script : sequence of Line
        What is said, in its order.
    pace : mapping of Seat to float
        Words a second of each.
    session : int
        Number of the session.
    """
    segments = []
    clock = 0.0
    for seat, pause, words in script:
        start = round(clock + pause, 2)
        end = round(start + len(words.split()) / pace[seat], 2)
        segments.append(Segment(seat, start, end, words))
        clock = max(clock, end)
    return Turns(session=session, segments=tuple(segments), resolution_s=0.01)
