"""An invitation, as the one who comes with its code and the one who made it see it."""

from dataclasses import dataclass
from datetime import datetime

from duologue.records import Kind, Seat
from duologue.store.models import Invitation
from duologue.store.models.reflection import findable
from duologue.store.queries.pairs import Pair


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """What an invitation says to whoever comes with its code.

    Attributes
    ----------
    practice : str
        What the practice is called.
    kind, seat : Kind or None, Seat or None
        What for, and which seat; ``None`` for coming to work there.
    by, called : str
        What whoever invites, and whoever comes, are called in the pair.
    """

    practice: str
    kind: Kind | None = None
    seat: Seat | None = None
    by: str = ""
    called: str = ""


def find_invitation(digest: str, *, now: datetime) -> Invited | None:
    """Return what an open invitation says, ``None`` if there is none of this digest."""
    row = (
        Invitation.objects.select_related("practice", "dyad")
        .filter(digest=findable(digest), ends_at__gt=now)
        .first()
    )
    if row is None:
        return None
    if row.dyad is None:
        return Invited(practice=row.practice.name)
    seat = Seat(row.seat)
    codes = {Seat.CLIENT: row.dyad.client_code, Seat.THERAPIST: row.dyad.therapist_code}
    return Invited(
        practice=row.practice.name,
        kind=Kind(row.dyad.kind),
        seat=seat,
        by=codes[seat.other],
        called=codes[seat],
    )


def invited_until(pair: Pair) -> datetime | None:
    """Return until when the seat across is kept free; ``None`` once it is taken."""
    found: datetime | None = (
        Invitation.objects.filter(dyad=pair.id, seat=pair.seat.other)
        .values_list("ends_at", flat=True)
        .first()
    )
    return found
