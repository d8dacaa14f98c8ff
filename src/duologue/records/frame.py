"""An edge of the work that moved."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from duologue.records.seat import Seat
from duologue.records.session import Session

A_FEW_MINUTES = timedelta(minutes=5)
"""Below this a clock and a corridor explain it (our judgement)."""


class EdgeKind(StrEnum):
    """Which edge moved."""

    LATE_START = "late_start"
    OVERRAN = "overran"
    ENDED_EARLY = "ended_early"
    CONTACT = "contact"  # contact between sessions
    FEE = "fee"  # a fee waived or changed
    OTHER = "other"


class Tag(StrEnum):
    """The therapist's own word on an edge that moved; both people see it."""

    MEANT = "meant"
    DRIFTED = "drifted"


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameEvent:
    """One edge that moved at, or after, a session. A fact, never a fault."""

    session: int
    kind: EdgeKind
    by: Seat | None = None
    tag: Tag | None = None


def edges_moved(session: Session, *, length_min: int | None) -> tuple[EdgeKind, ...]:
    """Return which edges of a session moved, from its planned and its real times.

    Parameters
    ----------
    session : Session
        Only what is known of it counts: without a real time no edge has moved, and
        nothing moves where the two did not meet.
    length_min : int or None
        Minutes that the two agreed; what was planned for this session goes before it.

    Examples
    --------
    >>> from datetime import datetime
    >>> two, ten_past, three = (datetime(2026, 3, 2, 14, m) for m in (0, 10, 59))
    >>> session = Session(number=1, planned_start=two, started=ten_past, ended=three)
    >>> [edge.value for edge in edges_moved(session, length_min=50)]
    ['late_start']
    """
    if not session.held or session.started is None:
        return ()
    found = []
    if (
        session.planned_start is not None
        and session.started - session.planned_start > A_FEW_MINUTES
    ):
        found.append(EdgeKind.LATE_START)
    minutes = session.planned_minutes or length_min
    if session.ended is not None and minutes is not None:
        over = session.ended - session.started - timedelta(minutes=minutes)
        if over > A_FEW_MINUTES:
            found.append(EdgeKind.OVERRAN)
        elif over < -A_FEW_MINUTES:
            found.append(EdgeKind.ENDED_EARLY)
    return tuple(found)
