"""From answers to a score. A blank is ``None`` and never counts as a number."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from duologue.instruments.answers import item_of, number_of
from duologue.instruments.instrument import Instrument, Method


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What one filled-in form adds up to.

    Attributes
    ----------
    total : float or None
        ``None`` where more items are blank than the instrument allows.
    subscales : mapping of str to (float or None)
        The score of each part; ``None`` where any of its items is blank.
    n_answered, n_items : int
        How many items were answered, and how many there are.
    band : int or None
        Place of the total among the instrument's bands, counted from 0; ``None``
        without a total or without bands.
    missing : tuple of str
        Ids of the blank items, in the order of the form.
    """

    total: float | None
    subscales: Mapping[str, float | None]
    n_answered: int
    n_items: int
    band: int | None
    missing: tuple[str, ...]


def score(instrument: Instrument, answers: Mapping[str, float | None]) -> Score:
    """Score one filled-in form.

    Parameters
    ----------
    instrument : Instrument
        The instrument that was filled in.
    answers : mapping of str to (float or None)
        Answers by item id, as they were given (a reversed item is turned here). An
        absent item is a blank, as ``None`` is.

    Returns
    -------
    Score
        With no total where more items are blank than the instrument allows.

    Raises
    ------
    InstrumentError
        If an item is unknown, or an answer is not one of those allowed; ``nan`` is
        such an answer, not a blank. The message gives what is allowed, never the
        answer.

    Examples
    --------
    >>> from duologue.instruments import load
    >>> score(load("phq4"), {"1": 1, "2": 2, "3": 0, "4": 3}).total
    6.0
    >>> score(load("phq4"), {"1": 1, "2": 2, "3": 0}).subscales
    {'gad2': 3.0, 'phq2': None}
    """
    for item_id in answers:
        item_of(instrument, item_id)
    worth = _worth(instrument, answers)
    missing = tuple(i for i in instrument.item_ids if i not in worth)
    total = _combine(
        instrument, instrument.item_ids, worth, max_missing=instrument.max_missing
    )
    return Score(
        total=total,
        subscales={
            part.id: _combine(instrument, part.items, worth, max_missing=0)
            for part in instrument.subscales
        },
        n_answered=len(worth),
        n_items=len(instrument.items),
        band=_band(instrument, total),
        missing=missing,
    )


def _worth(
    instrument: Instrument, answers: Mapping[str, float | None]
) -> dict[str, float]:
    """Return what each answered item counts for, reversed items turned."""
    worth: dict[str, float] = {}
    for item in instrument.items:
        given = answers.get(item.id)
        if given is None:
            continue
        value = number_of(instrument, item, given)
        turned = item.id in instrument.reversed
        worth[item.id] = item.low + item.high - value if turned else value
    return worth


def _combine(
    instrument: Instrument,
    items: tuple[str, ...],
    worth: Mapping[str, float],
    *,
    max_missing: int,
) -> float | None:
    found = [worth[item] for item in items if item in worth]
    if len(items) - len(found) > max_missing:
        return None
    mean = math.fsum(found) / len(found)
    if instrument.method is Method.MEAN:
        return mean
    return math.fsum(found) if len(found) == len(items) else mean * len(items)


def _band(instrument: Instrument, total: float | None) -> int | None:
    if total is None or not instrument.bands:
        return None
    return sum(total >= low for low, _ in instrument.bands) - 1
