"""The pair, and what the two of them agreed."""

from dataclasses import dataclass, field

from duologue.errors import NotSeatedError, RecordError
from duologue.records.seat import Kind, Seat


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What the two agreed about the frame. ``None`` where nothing was agreed."""

    length_min: int | None = None
    rhythm: str | None = None
    frame: str | None = None
    crisis: str | None = None

    def __post_init__(self) -> None:
        if self.length_min is not None and not 5 <= self.length_min <= 480:
            raise RecordError("agreement length must lie in 5 to 480 minutes.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dyad:
    """Two people in two seats. People are codes here, never names."""

    code: str
    client: str
    therapist: str
    kind: Kind = Kind.THERAPY
    agreement: Agreement = field(default_factory=Agreement)

    def __post_init__(self) -> None:
        for name in ("code", "client", "therapist"):
            if not getattr(self, name):
                raise RecordError(f"dyad {name} must be a code, got a blank.")
        if self.client == self.therapist:
            raise RecordError("the two seats of a dyad must hold two people.")

    def person(self, seat: Seat) -> str:
        """Return the code of the person in this seat."""
        return self.client if seat is Seat.CLIENT else self.therapist

    def seat_of(self, person: str) -> Seat:
        """Return the seat in which this person sits.

        Raises
        ------
        NotSeatedError
            If the person sits in neither. The message says no more than that.
        """
        for seat in Seat:
            if self.person(seat) == person:
                return seat
        raise NotSeatedError("only the two people of a pair may read it.")
