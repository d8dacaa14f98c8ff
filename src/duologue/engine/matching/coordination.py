"""Coordination: using a class of function words more once the other has used it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from duologue.engine.matching.function_words import CLASSES
from duologue.engine.matching.pairs import Bools, Floats, Pair, neighbouring, seats_of
from duologue.engine.seats import SEATS
from duologue.errors import ParameterError

MARKERS = tuple(name for name in CLASSES if name != "negate")
"""The eight classes of ConvoKit's measure."""

FEWEST_TARGETS = 3
"""A marker counts where so many turns of the other use it, that are answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coordination:
    """How much each adapts to the other; pairs are (client, therapist).

    Attributes
    ----------
    mean : tuple of float
        Of the markers that count, -1 to 1: at a seat stands how far **that seat adapts
        to the other**. ``nan`` where no marker counts.
    by_marker : ndarray, shape (2, n_markers)
        Of each marker, client first; ``nan`` where it does not count.
    n_markers : tuple of int
        How many count.
    n_pairs : tuple of int
        Turns of that seat that come straight after one of the other's.
    """

    mean: Pair
    by_marker: Floats
    n_markers: tuple[int, int]
    n_pairs: tuple[int, int]


def coordination(
    uses: ArrayLike, seat: ArrayLike, *, fewest_targets: int = FEWEST_TARGETS
) -> Coordination:
    r"""Measure how much more often a marker is used after the other has used it.

    .. math:: C_m(b \to a) = P(b\text{ uses }m \mid a\text{ used }m) - P(b\text{ uses }m)

    over the turns of b that come straight after a turn of a, however short.

    Parameters
    ----------
    uses : array_like of bool, shape (n_turns, n_markers)
        Whether a turn uses each marker at all: the counts of `function_words`, without
        negations, above 0 (`markers_used`).
    seat : array_like of int, shape (n_turns,)
        0 client, 1 therapist, -1 neither. A turn by neither parts its neighbours.
    fewest_targets : int
        Turns of a with the marker that must be answered, 1 or more.

    Returns
    -------
    Coordination

    Raises
    ------
    ParameterError
        If the arrays are not of as many turns each, a seat is not -1, 0 or 1, or
        ``fewest_targets`` is below 1.

    References
    ----------
    Danescu-Niculescu-Mizil, C., Lee, L., Pang, B., & Kleinberg, J. (2012). Echoes of
    power. WWW 2012, 699-708; in the form of ConvoKit 5.0.0.
    """
    seats, used = seats_of(seat), np.asarray(uses, dtype=np.bool_)
    if used.ndim != 2 or len(used) != seats.size:
        raise ParameterError(
            "uses and seat must be of as many turns each, "
            f"got the shapes {used.shape} and {seats.shape}."
        )
    if fewest_targets < 1:
        raise ParameterError(f"fewest_targets must be 1 or more, got {fewest_targets}.")
    pairs = neighbouring(seats, np.zeros_like(seats), min_words=0)
    by_marker = np.full((2, used.shape[1]), np.nan)
    for own in SEATS:
        of = pairs.of(own)
        by_marker[own] = _more_often(used[of.first], used[of.second], fewest_targets)
    n_markers = (~np.isnan(by_marker)).sum(axis=1)
    means = [
        float(np.nanmean(by_marker[own])) if n_markers[own] else float("nan")
        for own in SEATS
    ]
    n_pairs = np.bincount(pairs.responder, minlength=2)
    return Coordination(
        mean=(means[0], means[1]),
        by_marker=by_marker,
        n_markers=(int(n_markers[0]), int(n_markers[1])),
        n_pairs=(int(n_pairs[0]), int(n_pairs[1])),
    )


def markers_used(counts: ArrayLike) -> Bools:
    """Return whether each turn uses each of the eight markers.

    Parameters
    ----------
    counts : array_like of int, shape (n_turns, 9)
        As `function_words.count_classes` counts them.

    Returns
    -------
    ndarray of bool, shape (n_turns, 8)
        In the order of ``MARKERS``.
    """
    columns = [CLASSES.index(name) for name in MARKERS]
    used: Bools = np.asarray(counts)[:, columns] > 0
    return used


def _more_often(first: Bools, second: Bools, fewest: int) -> Floats:
    """Return by how much the share rises after each marker; ``nan`` where it is rare."""
    n_targets = first.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        after = (first & second).sum(axis=0) / n_targets
        always = second.sum(axis=0) / len(second)
    found: Floats = np.where(n_targets >= fewest, after - always, np.nan)
    return found
