"""An edge of the work that moved."""

from dataclasses import dataclass
from enum import StrEnum

from duologue.records.seat import Seat


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
