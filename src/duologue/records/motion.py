"""How two people moved, or sounded, or what their bodies did: two series of one session."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from duologue.errors import RecordError


class Modality(StrEnum):
    """What was recorded of both; they are told apart, and never added up."""

    MOTION = "motion"
    VOICE = "voice"
    PHYSIOLOGY = "physiology"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Motion:
    """Two series of one rate, one for each seat.

    Equal to another with the same samples, blanks at the same places and the same rate.

    Attributes
    ----------
    client, therapist : ndarray, shape (n,)
        Samples in their order; ``nan`` where one is missing. Whoever has them does not
        change them.
    rate : float
        Samples a second.
    notes : tuple of str
        What a reader must know of the file ("cut to the shorter of the two").
    """

    client: NDArray[np.float64]
    therapist: NDArray[np.float64]
    rate: float
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.client.shape != self.therapist.shape or self.client.ndim != 1:
            raise RecordError("motion must hold two series of one length.")
        if not (np.isfinite(self.rate) and self.rate > 0):
            raise RecordError("motion must have a rate above 0.")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Motion):
            return NotImplemented
        return (
            self.rate == other.rate
            and self.notes == other.notes
            and np.array_equal(self.client, other.client, equal_nan=True)
            and np.array_equal(self.therapist, other.therapist, equal_nan=True)
        )

    __hash__ = None  # type: ignore[assignment]  # arrays have none

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return self.client.size / self.rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What was recorded of both in one session: its number, what it is, and the series."""

    session: int
    modality: Modality
    motion: Motion
