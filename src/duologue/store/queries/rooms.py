"""The room, as one of the two may see it: never whether the other has tapped."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q

from duologue.store.models import Room
from duologue.store.queries.pairs import Pair


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomSeen:
    """A room that is open to this person.

    ``code`` only for the one who shows it. Whoever was shown the code sees the room
    once they have tapped, and not before. ``opening`` says how often the two have opened
    together so far, this time with them, which both of them know.
    """

    number: int
    start: datetime
    code: str
    tapped: bool
    opened: bool
    opening: int
    closes_at: datetime


def find_room(pair: Pair, *, now: datetime) -> RoomSeen | None:
    """Return the pair's room as this person may see it, ``None`` if they may not."""
    mine = Q(shown_by=pair.seat) | Q(**{f"{pair.seat}_tapped": True})
    # Whether there is a room that this person may not see is not even asked.
    room = (
        Room.objects.select_related("session", "dyad")
        .filter(mine, dyad=pair.id, closes_at__gt=now, **{f"{pair.seat}_away": False})
        .order_by(F("opened_at").desc(nulls_last=True), "-pk")
        .first()
    )
    if room is None:
        return None
    return RoomSeen(
        number=room.session.number,
        start=room.session.planned_start,
        code=room.code if room.shown_by == pair.seat else "",
        tapped=room.tapped(pair.seat),
        opened=room.opened_at is not None,
        opening=room.dyad.openings,
        closes_at=room.closes_at,
    )
