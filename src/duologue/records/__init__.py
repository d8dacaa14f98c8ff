"""The nouns: frozen, typed, and plain. A blank is ``None``, never 0."""

from duologue.records.calendar import CalendarEvent, CalendarSeries
from duologue.records.course import Course
from duologue.records.dyad import Agreement, Dyad
from duologue.records.frame import EdgeKind, FrameEvent, Tag, edges_moved
from duologue.records.instrument import (
    Item,
    ItemType,
    Option,
    Prompts,
    Rotation,
    Visibility,
)
from duologue.records.measure import Goal, Measure
from duologue.records.motion import Modality, Motion, Recorded
from duologue.records.reflection import Answer, Reflection, Value
from duologue.records.seat import SEATS, Kind, Seat
from duologue.records.session import Mode, Session, Status
from duologue.records.spoken import (
    LONG_S,
    Following,
    Noticed,
    Part,
    Passage,
    Reply,
    Response,
    Silence,
    Spoken,
    Stretch,
    Timed,
)
from duologue.records.synchrony import Moment, Synchrony
from duologue.records.terms import Supervision, Terms
from duologue.records.turns import Segment, Turns

__all__ = [
    "LONG_S",
    "SEATS",
    "Agreement",
    "Answer",
    "CalendarEvent",
    "CalendarSeries",
    "Course",
    "Dyad",
    "EdgeKind",
    "Following",
    "FrameEvent",
    "Goal",
    "Item",
    "ItemType",
    "Kind",
    "Measure",
    "Modality",
    "Mode",
    "Moment",
    "Motion",
    "Noticed",
    "Option",
    "Part",
    "Passage",
    "Prompts",
    "Recorded",
    "Reflection",
    "Reply",
    "Response",
    "Rotation",
    "Seat",
    "Segment",
    "Session",
    "Silence",
    "Spoken",
    "Status",
    "Stretch",
    "Supervision",
    "Synchrony",
    "Tag",
    "Terms",
    "Timed",
    "Turns",
    "Value",
    "Visibility",
    "edges_moved",
]
