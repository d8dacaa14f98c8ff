"""From TOML tables to items: prompts for both seats, and an instrument's questions."""

from collections.abc import Iterable

from duologue.instruments.tables import TomlTable
from duologue.records import (
    Item,
    ItemType,
    Option,
    Prompts,
    Rotation,
    Seat,
    Visibility,
)

PROMPTS_KEYS = (
    *("id", "version", "language", "licence", "citation", "status"),
    *("rotation", "outcomes", "items"),
)
PROMPT_KEYS = (
    *("id", "type", "client", "therapist", "range", "low", "high"),
    *("low_client", "high_client", "low_therapist", "high_therapist"),
    *("options", "options_client", "options_therapist", "declines", "flip"),
    *("visibility", "rotation", "construct", "max_characters"),
)


def prompts_from(table: TomlTable) -> Prompts:
    """Read the prompts of a pair.

    Raises
    ------
    InstrumentError
        If the licence, the citation, a seat's wording, an end or an option is missing,
        or if the rotation does not name every rotating item and no other.
    """
    table.only(*PROMPTS_KEYS)
    table.text("citation")
    items = tuple(_prompt(row) for row in table.tables("items"))
    refuse_twins(table, "items", (item.id for item in items))
    rotation = table.texts("rotation")
    if set(rotation) != {x.id for x in items if x.rotation is Rotation.ROTATING}:
        raise table.refusal("rotation", "must name the rotating items and no others.")
    return Prompts(
        id=table.text("id"),
        version=table.text("version"),
        items=items,
        rotation=rotation,
        outcomes=frozenset(table.texts("outcomes")),
        licence=table.text("licence"),
        status=table.text("status"),
    )


def refuse_twins(table: TomlTable, key: str, ids: Iterable[str]) -> None:
    """Refuse a list in which an id stands twice."""
    seen: set[str] = set()
    for name in ids:
        if name in seen:
            raise table.refusal(key, f"holds {name!r} twice.")
        seen.add(name)


def rated_item(
    row: TomlTable,
    *,
    seats: tuple[Seat, ...],
    bounds: tuple[float, float],
    options: tuple[Option, ...],
    text_shipped: bool,
) -> Item:
    """Read one question of an instrument; its range and answers may be its own.

    Who sees a filled-in form is told before it and decided by ``sharing``; the item
    itself carries the strictest visibility.
    """
    row.only("id", "text", "range", "answers", "loinc")
    if row.has("text") and not text_shipped:
        raise row.refusal("text", "must not stand where the text is not shipped.")
    low, high = row.range("range", bounds)
    options = rated_options(row) or options
    if any(not low <= worth <= high for worth in worths(options)):
        raise row.refusal("answers", "must lie within the range.")
    if text_shipped and not all(option.label for option in options):
        raise row.refusal("answers", "must each have a label.")
    return Item(
        id=row.text("id"),
        type=ItemType.SCALE,
        text=dict.fromkeys(seats, row.text("text")) if text_shipped else {},
        low=low,
        high=high,
        options=dict.fromkeys(seats, options) if options else {},
        visibility=Visibility.AUTHOR_ONLY,
    )


def rated_options(table: TomlTable) -> tuple[Option, ...]:
    """Read the answers of a rated question: a value and, where shipped, a label."""
    options: list[Option] = []
    for row in table.tables("answers"):
        row.only("value", "label")
        value = row.number("value")
        options.append(
            Option(id=f"{value:g}", label=row.text("label", ""), value=value)
        )
    refuse_twins(table, "answers", (option.id for option in options))
    return tuple(options)


def worths(options: Iterable[Option]) -> tuple[float, ...]:
    """Return what the options are worth in a score, in their order."""
    return tuple(option.value for option in options if option.value is not None)


def _prompt(row: TomlTable) -> Item:
    row.only(*PROMPT_KEYS)
    kind = row.member("type", ItemType)
    is_number = kind in (ItemType.SCALE, ItemType.BIPOLAR)
    low, high = row.range("range", (0.0, 100.0))
    options = _options(row) if kind in (ItemType.CHOICE, ItemType.CHIPS) else {}
    return Item(
        id=row.text("id"),
        type=kind,
        text={seat: row.text(seat) for seat in Seat},
        low=low,
        high=high,
        ends={seat: _ends(row, seat) for seat in Seat} if is_number else {},
        options=options,
        declines=_declines(row, options),
        flip=_flip(row, is_number=is_number),
        visibility=row.member("visibility", Visibility),
        rotation=row.member("rotation", Rotation),
        construct=row.text("construct"),
        max_characters=_max_characters(row) if kind is ItemType.TEXT else None,
    )


def _flip(row: TomlTable, *, is_number: bool) -> Seat | None:
    if not row.has("flip"):
        return None
    if not is_number:
        raise row.refusal("flip", "belongs to a scale or a bipolar item.")
    return row.member("flip", Seat)


def _ends(row: TomlTable, seat: Seat) -> tuple[str, str]:
    low, high = (_for_seat(row, end, seat) for end in ("low", "high"))
    return row.text(low), row.text(high)


def _for_seat(row: TomlTable, key: str, seat: Seat) -> str:
    """Return the seat's own key where there is one, the shared key otherwise."""
    own = f"{key}_{seat}"
    return own if row.has(own) else key


def _options(row: TomlTable) -> dict[Seat, tuple[Option, ...]]:
    options = {seat: _seat_options(row, seat) for seat in Seat}
    if len({len(found) for found in options.values()}) > 1:
        raise row.refusal("options", "must be as many for one seat as for the other.")
    return options


def _seat_options(row: TomlTable, seat: Seat) -> tuple[Option, ...]:
    key = _for_seat(row, "options", seat)
    tables = row.tables(key)
    if not tables:
        raise row.refusal(key, "must hold options.")
    for table in tables:
        table.only("id", "label")
    refuse_twins(row, key, (table.text("id") for table in tables))
    return tuple(Option(id=x.text("id"), label=x.text("label")) for x in tables)


def _declines(
    row: TomlTable, options: dict[Seat, tuple[Option, ...]]
) -> frozenset[str]:
    declines = frozenset(row.unique("declines"))
    for found in options.values():
        if not declines <= {option.id for option in found}:
            raise row.refusal("declines", "must name options of both seats.")
    if declines and not options:
        raise row.refusal("declines", "belongs to an item with options.")
    return declines


def _max_characters(row: TomlTable) -> int:
    limit = row.whole("max_characters", 0)
    if not limit:
        raise row.refusal("max_characters", "must be 1 or more for a text.")
    return limit
