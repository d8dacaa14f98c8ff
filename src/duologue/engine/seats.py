"""How the engine knows the two seats: 0 the client, 1 the therapist, -1 neither."""

import numpy as np
from numpy.typing import NDArray

from duologue.errors import ParameterError

SEATS = (0, 1)
NEITHER = -1


def check_seats(seats: NDArray[np.int64]) -> None:
    """Refuse a seat that is none of the three, with a ParameterError."""
    if not np.isin(seats, (NEITHER, *SEATS)).all():
        raise ParameterError("seat must be 0 (client), 1 (therapist) or -1 (neither).")
