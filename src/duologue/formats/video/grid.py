"""Pictures nearest to an even grid of moments, chosen as they come."""

import math
from collections.abc import Iterable, Iterator
from typing import TypeVar

HALFWAY = 1e-6
"""Share of a step within which a picture is halfway between two moments, and of neither."""

Picture = TypeVar("Picture")


def on_grid(
    timed: Iterable[tuple[float, Picture]],
    rate: float,
    *,
    first: int = 0,
    last: float = math.inf,
) -> Iterator[tuple[float, Picture] | None]:
    """Choose for each moment of a grid the picture nearest to it.

    Parameters
    ----------
    timed : iterable of (float, picture)
        Pictures with their times in seconds, each later than the one before.
    rate : float
        Moments a second; moment k is at ``k / rate``.
    first, last : int
        The moments that are wanted; fewer if the pictures end before.

    Yields
    ------
    (float, picture) or None
        One a moment, up to the last that has a picture; None where none is nearer than
        half a step. No picture is taken twice, and of two as near the earlier is taken.
    """
    due, near = first, None
    for time, picture in timed:
        moment = math.floor(time * rate + 0.5)
        if moment < first or abs(time * rate - moment) > 0.5 - HALFWAY:
            continue
        if moment > last:
            break
        if moment > due:
            yield near
            yield from (None for _ in range(due + 1, moment))
            due, near = moment, None
        if near is None or abs(time - due / rate) < abs(near[0] - due / rate):
            near = time, picture
    if near is not None:
        yield near
