"""From an instrument back to its definition: a table, and the words of a TOML file."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from duologue.errors import InstrumentError
from duologue.instruments.instrument import Cutoff, Instrument
from duologue.records import Item, Option

_UNWRITABLE = re.compile("[\ud800-\udfff]")
_RAW = re.compile("[\x7f-\x9f]")


def as_toml(instrument: Instrument) -> str:
    """Return the definition of an instrument as a TOML file holds it.

    Reading it gives the same instrument. Words that were pasted in are not written.

    Raises
    ------
    InstrumentError
        If a text holds half a character, which no file can hold.

    Examples
    --------
    >>> from duologue.instruments import load
    >>> as_toml(load("phq4")).splitlines()[0]
    'id = "phq4"'
    """
    return "\n".join(_lines(table_of(instrument), "")).lstrip("\n") + "\n"


def table_of(instrument: Instrument) -> dict[str, object]:
    """Return the definition of an instrument as a table, as its TOML file is read.

    The inverse of :func:`duologue.instruments.definition.instrument_from`.
    """
    first = instrument.items[0]
    alike = all(_scale(item) == _scale(first) for item in instrument.items)
    return {
        **_facts(instrument),
        "range": list(map(plain, (first.low, first.high))),
        **({"answers": _answers(first)} if alike and first.options else {}),
        "items": [_item(instrument, x, alone=not alike) for x in instrument.items],
        "scoring": _scoring(instrument),
        **_loinc(instrument),
    }


def plain(number: float) -> float | int:
    """Return a whole number without its decimal point, any other as it is.

    Examples
    --------
    >>> plain(3.0), plain(2.5)
    (3, 2.5)
    """
    return int(number) if float(number).is_integer() else number


def options_of(item: Item) -> tuple[Option, ...]:
    """Return the answers of a rated item: they are the same for each seat."""
    return next(iter(item.options.values()), ())


def _facts(one: Instrument) -> dict[str, object]:
    facts: dict[str, object] = {
        "id": one.id,
        "name": one.name,
        "version": one.version,
        "language": one.language,
        "tier": one.tier.value,
        "licence": one.licence,
        "credit": one.credit,
        "citation": one.citation,
        "source": one.source,
        "status": one.status,
        "notes": one.notes,
        "text": "shipped" if one.text_shipped else "not shipped",
        "answered_by": [seat.value for seat in one.answered_by],
        "about": one.about.value if one.about else "",
        "recall": one.recall,
        "preamble": one.preamble,
        "shown_unaltered": list(one.shown_unaltered),
    }
    return {key: value for key, value in facts.items() if value}


def _scale(item: Item) -> tuple[float, float, tuple[Option, ...]]:
    return item.low, item.high, options_of(item)


def _answers(item: Item) -> list[dict[str, object]]:
    return [
        {"value": plain(option.value or 0.0)}
        | ({"label": option.label} if option.label else {})
        for option in options_of(item)
    ]


def _item(one: Instrument, item: Item, *, alone: bool) -> dict[str, object]:
    found: dict[str, object] = {"id": item.id}
    if one.text_shipped:
        found["text"] = next(iter(item.text.values()))
    if one.loinc and item.id in one.loinc.items:
        found["loinc"] = one.loinc.items[item.id]
    if alone:
        found["range"] = [plain(item.low), plain(item.high)]
        if item.options:
            found["answers"] = _answers(item)
    return found


def _scoring(one: Instrument) -> dict[str, object]:
    scoring: dict[str, object] = {
        "method": one.method.value,
        "range": list(map(plain, one.range)),
        "better": one.better.value,
        "reversed": [item for item in one.item_ids if item in one.reversed],
        "max_missing": one.max_missing,
        "prorate": one.max_missing > 0,
    }
    if one.bands:
        scoring["bands"] = [[plain(low), plain(high)] for low, high in one.bands]
        scoring["bands_verified"] = one.bands_verified
    if one.reliable_change:
        scoring["reliable_change"] = {
            "points": plain(one.reliable_change.points),
            "source": one.reliable_change.source,
            "verified": one.reliable_change.verified,
        }
    if one.subscales:
        scoring["subscales"] = [
            {"id": x.id, "items": list(x.items), "range": list(map(plain, x.range))}
            for x in one.subscales
        ]
    if one.cutoffs:
        scoring["cutoffs"] = [_cutoff(cutoff) for cutoff in one.cutoffs]
    return scoring


def _cutoff(cutoff: Cutoff) -> dict[str, object]:
    return {
        "scale": cutoff.scale,
        "at": plain(cutoff.at),
        "source": cutoff.source,
        "verified": cutoff.verified,
    }


def _loinc(one: Instrument) -> dict[str, object]:
    if one.loinc is None:
        return {}
    codes = one.loinc
    return {
        "loinc": {
            "panel": codes.panel,
            "total": codes.total,
            "note": codes.note,
            "notice": codes.notice,
        }
    }


def _lines(table: Mapping[str, object], path: str) -> Iterator[str]:
    """Yield the lines of a table: what it holds itself, then the tables below it."""
    below: list[tuple[str, Sequence[Mapping[str, object]], str]] = []
    for key, value in table.items():
        if isinstance(value, dict):
            below.append((f"{path}{key}", [value], "[{}]"))
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            below.append((f"{path}{key}", value, "[[{}]]"))
        else:
            yield f"{key} = {_value(value)}"
    for name, tables, heading in below:
        for each in tables:
            yield ""
            yield heading.format(name)
            yield from _lines(each, f"{name}.")


def _value(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if not isinstance(value, str):
        return json.dumps(value)  # true, false and numbers are written alike in both
    if _UNWRITABLE.search(value):
        raise InstrumentError("a text of the definition holds half a character.")
    # TOML has JSON's escapes, and wants the last control characters escaped as well.
    words = json.dumps(value, ensure_ascii=False)
    return _RAW.sub(lambda found: f"\\u{ord(found[0]):04x}", words)
