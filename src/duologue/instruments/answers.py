"""Whether an answer is one that its instrument takes. No message holds what came."""

import math
from numbers import Real

from duologue.errors import InstrumentError
from duologue.instruments.instrument import Instrument
from duologue.instruments.items import worths
from duologue.instruments.library import load, names
from duologue.instruments.written import options_of
from duologue.records import Item, Seat


def check_answer(
    instrument_id: str, seat: Seat, item_id: str, value: float | None
) -> None:
    """Refuse an answer that its instrument does not take.

    Parameters
    ----------
    instrument_id : str
        Should be one of :func:`names`.
    seat : Seat
        Whose form it is.
    item_id : str
        Should be an item of the instrument.
    value : float or None
        The answer as it was given; ``None`` is a blank, which every item takes.

    Raises
    ------
    InstrumentError
        If there is no such instrument or item, if this seat does not fill it in, or
        if the item does not take the value. The message gives what is allowed, never
        what came.

    Examples
    --------
    >>> check_answer("phq9", Seat.CLIENT, "1", 3)
    >>> check_answer("phq9", Seat.CLIENT, "1", 4)
    Traceback (most recent call last):
    duologue.errors.InstrumentError: phq9 item 1 takes one of 0, 1, 2, 3.
    """
    if instrument_id not in names():
        raise InstrumentError(f"instrument must be one of {', '.join(names())}.")
    check_answer_of(load(instrument_id), seat, item_id, value)


def check_answer_of(
    instrument: Instrument, seat: Seat, item_id: str, value: float | None
) -> None:
    """Refuse an answer that this instrument does not take; see :func:`check_answer`."""
    if seat not in instrument.answered_by:
        allowed = " or ".join(instrument.answered_by)
        raise InstrumentError(f"{instrument.id} is filled in by the {allowed} only.")
    item = item_of(instrument, item_id)
    if value is not None:
        number_of(instrument, item, value)


def item_of(instrument: Instrument, item_id: str) -> Item:
    """Return an item of an instrument, or refuse with the ids that there are."""
    item = instrument.item(item_id)
    if item is None:
        known = ", ".join(instrument.item_ids)
        raise InstrumentError(f"{instrument.id} has the items {known} and no other.")
    return item


def number_of(instrument: Instrument, item: Item, given: object) -> float:
    """Return an answer as a number, or refuse with what the item takes."""
    value = _number(given)
    if not fits(item, value):
        raise InstrumentError(f"{instrument.id} item {item.id} takes {_taken(item)}.")
    return value


def fits(item: Item, value: float) -> bool:
    """Whether an item of an instrument takes this number."""
    allowed = worths(options_of(item))
    return value in allowed if allowed else item.low <= value <= item.high


def _taken(item: Item) -> str:
    allowed = worths(options_of(item))
    if allowed:
        return f"one of {', '.join(map(_plain, allowed))}"
    return f"{_plain(item.low)} to {_plain(item.high)}"


def _number(given: object) -> float:
    """Return a number as it is, and anything else as ``nan``, which no item takes."""
    if isinstance(given, bool) or not isinstance(given, Real):
        return math.nan
    return float(given)


def _plain(number: float) -> str:
    return f"{number:g}"
