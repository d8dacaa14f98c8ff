"""Small courses, built by hand from a few lines of answers."""

from datetime import UTC, datetime, timedelta

from duologue import instruments
from duologue.records import (
    Agreement,
    Answer,
    Course,
    Dyad,
    Kind,
    Reflection,
    Seat,
    Session,
)
from duologue.relationship import read
from duologue.sharing import seen_by, seen_in_research, seen_together

C, T = Seat.CLIENT, Seat.THERAPIST
FIRST = datetime(2026, 1, 5, 14, tzinfo=UTC)

FLAT = (60, 62, 58, 61, 59, 60, 62, 58, 61, 59, 60)
"""Eleven answers: mean 60, SD 1.48, so that the band is the smallest departure."""


def course(lines=None, *, n=None, shared=True, kind=Kind.THERAPY, dated=True, **more):
    """Return a course from answers by (item, seat), one for each session, from 1 on.

    A blank is ``None``. ``shared`` is True, False, or the set of (item, seat) that is.
    """
    lines = lines or {}
    length = n or max((len(values) for values in lines.values()), default=0)
    return Course(
        **{
            "dyad": Dyad(
                code="pair",
                client="her",
                therapist="him",
                kind=kind,
                agreement=Agreement(length_min=50, crisis="Ring the practice."),
            ),
            "prompts": instruments.prompts(kind),
            "sessions": sessions(length, dated=dated),
            "reflections": tuple(_reflections(lines, length, shared)),
            **more,
        }
    )


def sessions(n, *, dated=True):
    """Return sessions 1 to n, a week apart, each begun and ended as planned."""
    if not dated:
        return tuple(Session(number=i) for i in range(1, n + 1))
    return tuple(session(i) for i in range(1, n + 1))


def session(number, *, late=0, lasts=50, **more):
    """Return a session that began so many minutes late and lasted so many."""
    planned = FIRST + timedelta(weeks=number - 1)
    started = planned + timedelta(minutes=late)
    return Session(
        **{
            "number": number,
            "planned_start": planned,
            "started": started,
            "ended": started + timedelta(minutes=lasts),
            **more,
        }
    )


def _reflections(lines, length, shared):
    for number in range(1, length + 1):
        for seat in Seat:
            answers = tuple(
                Answer(item, _value(values[number - 1]), _is_shared(shared, item, seat))
                for (item, whose), values in lines.items()
                if whose is seat
                and number <= len(values)
                and values[number - 1] is not None
            )
            if answers:
                yield Reflection(session=number, seat=seat, answers=answers)


def _value(value):
    return float(value) if isinstance(value, int | float) else value


def _is_shared(shared, item, seat):
    return shared if isinstance(shared, bool) else (item, seat) in shared


def reading(made, reader="ours", **options):
    """Read a course as one of the two, as both, or in research."""
    if reader == "ours":
        seen = seen_together(made)
    elif reader == "research":
        seen = seen_in_research(made)
    else:
        seen = seen_by(made, made.dyad.person(Seat(reader)))
    return read(seen, **options)


def ids(found):
    """Return the ids of a reading's findings, in their order."""
    return [finding.id for finding in found.findings]


def finding(made, which, reader="ours", **options):
    """Return one finding of a course's reading."""
    found = [f for f in reading(made, reader, **options).findings if f.id == which]
    assert len(found) == 1, f"{which} stands {len(found)} times"
    return found[0]
