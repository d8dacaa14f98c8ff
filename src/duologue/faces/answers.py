"""One answer in words, without a number: as a slider says it and a page repeats it."""

from duologue.records import Item, ItemType, Seat, Value

PLACES = (5.0, 35.0, 65.0, 95.0)
"""Where one wording of a scale ends and the next begins, in percent of its length."""


def five_words(item: Item, seat: Seat) -> tuple[str, str, str, str, str]:
    """Return the five wordings of a scale, from its low end to its high end."""
    low, high = item.ends[seat]
    return (
        low,
        f"nearer to “{low}”",
        "about half way",
        f"nearer to “{high}”",
        high,
    )


def in_words(item: Item, seat: Seat, value: Value) -> str:
    """Return an answer in words.

    Parameters
    ----------
    item : Item
        What was asked.
    seat : Seat
        Who answered: each seat has ends and options of its own.
    value : Value
        The answer; it must be one that the item takes.
    """
    match item.type:
        case ItemType.SCALE | ItemType.BIPOLAR:
            share = share_of(item, value)
            return five_words(item, seat)[sum(100 * share >= p for p in PLACES)]
        case ItemType.TEXT:
            return str(value)
        case _:
            chosen = value if isinstance(value, tuple) else (value,)
            labels = {option.id: option.label for option in item.options[seat]}
            return ", ".join(labels[str(each)] for each in chosen)


def share_of(item: Item, value: Value) -> float:
    """Return how far along its scale an answer lies, from 0 to 1."""
    return (float(value) - item.low) / (item.high - item.low)  # type: ignore[arg-type]
