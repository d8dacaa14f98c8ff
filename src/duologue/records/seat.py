"""The two seats of a pair, and the two kinds of pair."""

from enum import StrEnum
from typing import assert_never


class Kind(StrEnum):
    """What the two people meet for."""

    THERAPY = "therapy"
    SUPERVISION = "supervision"


class Seat(StrEnum):
    """One of the two seats. In supervision the supervisee sits in the client's."""

    CLIENT = "client"
    THERAPIST = "therapist"

    @property
    def other(self) -> "Seat":
        """The seat across."""
        match self:
            case Seat.CLIENT:
                return Seat.THERAPIST
            case Seat.THERAPIST:
                return Seat.CLIENT
        assert_never(self)

    def called(self, kind: Kind) -> str:
        """Say what the person in this seat is called in a pair of this kind."""
        if kind is Kind.THERAPY:
            return self.value
        return "supervisee" if self is Seat.CLIENT else "supervisor"


SEATS = tuple(Seat)
"""The two seats in the order of every axis and every file: client, therapist."""
