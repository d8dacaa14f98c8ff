"""From a whole course to what one person may see of it.

Everything that a person is ever shown is computed from what these functions return,
so nothing joint can give away what one of the two kept back (laws 2 to 5). An answer
opens only where both people answered the same item and both are willing; declining,
skipping, not answering and not sharing leave the same nothing behind.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from duologue.records import (
    Answer,
    Course,
    Kind,
    Measure,
    Reflection,
    Seat,
    Session,
)
from duologue.sharing.opening import items_open


class Scope(StrEnum):
    """Who reads."""

    CLIENT = "client"
    THERAPIST = "therapist"
    OURS = "ours"  # the two of them together: only what has opened to both
    RESEARCH = "research"  # everything; said on every output


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a reader may see of a course.

    Attributes
    ----------
    scope : Scope
        Who reads.
    mine : Course or None
        The reader's own answers, shared or not, and nobody else's; ``None`` where
        the two read together, and in research.
    ours : Course
        What both people may see: opened answers, the frame, the client's goals and
        measures (E1), the transcripts and recordings that both hold (E4). Equal for both people.
    """

    scope: Scope
    mine: Course | None
    ours: Course

    def together(self) -> "Seen":
        """Return only what both may see: the same, whichever of the two it was for."""
        return Seen(scope=Scope.OURS, mine=None, ours=self.ours)


def seen_by(course: Course, person: str) -> Seen:
    """Return what one of the two people may see.

    Parameters
    ----------
    course : Course
        The whole course.
    person : str
        The code of the person who asks.

    Returns
    -------
    Seen
        ``mine`` holds only this person's answers; ``ours`` is the same, byte for
        byte, whichever of the two asks.

    Raises
    ------
    NotSeatedError
        If the person sits in neither seat; the message is always the same.
    """
    seat = course.dyad.seat_of(person)
    ours = _opened(course)
    return Seen(scope=Scope(seat.value), mine=_own(course, seat, ours), ours=ours)


def seen_together(course: Course) -> Seen:
    """Return what the two may look at side by side: only what opened to both."""
    return Seen(scope=Scope.OURS, mine=None, ours=_opened(course))


def seen_each_way(course: Course) -> tuple[Seen, Seen, Seen]:
    """Return what the two may look at side by side, and what each of them may see."""
    client, therapist = (seen_by(course, course.dyad.person(seat)) for seat in Seat)
    return seen_together(course), client, therapist


def seen_in_research(course: Course) -> Seen:
    """Return everything, for consented research; faces say so on every output."""
    return Seen(scope=Scope.RESEARCH, mine=None, ours=course)


def _own(course: Course, seat: Seat, ours: Course) -> Course:
    """Keep one person's own answers; what belongs to both stands in ``ours``."""
    place = {item.id: i for i, item in enumerate(course.prompts.items)}

    def in_order(answer: Answer) -> int:
        return place.get(answer.item, len(place))

    reflections = tuple(
        replace(r, answers=tuple(sorted(r.answers, key=in_order)))
        for r in sorted(course.reflections, key=_by_session)
        if r.seat is seat and not (course.sessions_inferred and _is_blank(r))
    )
    seen = {r.session for r in (*reflections, *ours.reflections)}
    return replace(
        course,
        sessions=_sessions(course, seen),
        reflections=reflections,
        measures=tuple(
            m for m in course.measures if m.seat is seat and not _e1_open(course, m)
        ),
        goals=course.goals if seat is Seat.CLIENT and not _e1(course) else (),
        frame=(),
        turns=(),
        spoken=(),
        recorded=(),
        synchrony=(),
    )


def _opened(course: Course) -> Course:
    """Keep only what both people may see, in an order that hides nothing."""
    by_seat = {
        seat: {r.session: r for r in course.reflections if r.seat is seat}
        for seat in Seat
    }
    opened: list[Reflection] = []
    for session in sorted(by_seat[Seat.CLIENT].keys() & by_seat[Seat.THERAPIST].keys()):
        pair = {seat: by_seat[seat][session] for seat in Seat}
        items = items_open(course.prompts, pair)
        if items:
            opened += [_only(pair[seat], items) for seat in Seat]
    return replace(
        course,
        sessions=_sessions(course, {r.session for r in opened}),
        reflections=tuple(opened),
        measures=tuple(m for m in course.measures if _e1_open(course, m)),
        goals=course.goals if _e1(course) else (),
    )


def _sessions(course: Course, seen: set[int]) -> tuple[Session, ...]:
    """Keep the calendar, which both know; of inferred sessions only the seen ones.

    A session that is known only from an answer would give that answer away.
    """
    if not course.sessions_inferred:
        return course.sessions
    kept = seen | {turns.session for turns in course.turns}
    kept |= {spoken.session for spoken in course.spoken}
    kept |= {recorded.session for recorded in course.recorded}
    kept |= {found.session for found in course.synchrony}
    return tuple(s for s in course.sessions if s.number in kept)


def _only(reflection: Reflection, items: tuple[str, ...]) -> Reflection:
    found = {answer.item: answer for answer in reflection.answers}
    return replace(reflection, answers=tuple(found[item] for item in items))


def _by_session(reflection: Reflection) -> int:
    return reflection.session


def _is_blank(reflection: Reflection) -> bool:
    """Whether nothing is answered: as in a row that is there for the other's answer."""
    return all(answer.value is None for answer in reflection.answers)


def _e1(course: Course) -> bool:
    """Whether exception E1 holds: in supervision nobody is the other's client."""
    return course.dyad.kind is Kind.THERAPY


def _e1_open(course: Course, measure: Measure) -> bool:
    """Exception E1: a client's outcome measure is seen by both, as was said before it.

    A form that both seats may fill in is no outcome measure; it stays with its author.
    """
    return (
        _e1(course)
        and measure.seat is Seat.CLIENT
        and measure.instrument in course.prompts.outcomes
    )
