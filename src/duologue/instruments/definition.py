"""From a TOML table to an instrument, refusing what is missing or contradictory."""

import math
from itertools import pairwise

from duologue.instruments.instrument import (
    About,
    Better,
    Cutoff,
    Instrument,
    Loinc,
    Method,
    ReliableChange,
    Subscale,
    TextShipped,
    Tier,
)
from duologue.instruments.items import rated_item, rated_options, refuse_twins
from duologue.instruments.tables import TomlTable
from duologue.records import Item, Seat

INSTRUMENT_KEYS = (
    *("id", "name", "version", "tier", "licence", "citation", "source", "status"),
    *("notes", "language", "text", "answered_by", "recall", "preamble", "range"),
    *("answers", "items", "scoring", "shown_unaltered", "loinc", "about", "credit"),
)
SCORING_KEYS = (
    *("method", "range", "better", "reversed", "max_missing", "prorate", "bands"),
    *("bands_verified", "cutoffs", "reliable_change", "subscales"),
)


def instrument_from(table: TomlTable) -> Instrument:
    """Read an instrument.

    Raises
    ------
    InstrumentError
        If the licence, the citation or anything else is missing, if a key is not
        known, or if items, answers, ranges and bands contradict one another.
    """
    table.only(*INSTRUMENT_KEYS)
    tier = table.member("tier", Tier)
    text_shipped = table.member("text", TextShipped) is TextShipped.YES
    if text_shipped and tier is Tier.UNSHIPPED:
        raise table.refusal("text", "must be 'not shipped' in tier C.")
    seats = _seats(table)
    items = _items(table, seats=seats, text_shipped=text_shipped)
    scoring = table.table("scoring")
    scoring.only(*SCORING_KEYS)
    method = scoring.member("method", Method)
    subscales = _subscales(scoring, items, method)
    total = _range(scoring, items, method)
    bands = _bands(scoring, total)
    reversed_ = frozenset(_of_items(scoring, "reversed", items))
    unaltered = _of_items(table, "shown_unaltered", items)
    if reversed_ & set(unaltered):
        raise table.refusal(
            "shown_unaltered",
            "must name no reversed item: the least is shown by nobody.",
        )
    return Instrument(
        id=table.text("id"),
        name=table.text("name"),
        version=table.text("version"),
        tier=tier,
        licence=table.text("licence"),
        citation=table.text("citation"),
        source=table.text("source"),
        status=table.text("status"),
        answered_by=seats,
        items=items,
        text_shipped=text_shipped,
        method=method,
        range=total,
        better=scoring.member("better", Better),
        reversed=reversed_,
        max_missing=_max_missing(scoring, len(items)),
        subscales=subscales,
        bands=bands,
        bands_verified=scoring.flag("bands_verified") if bands else False,
        cutoffs=_cutoffs(scoring, {"total", *(part.id for part in subscales)}),
        reliable_change=_reliable_change(scoring),
        shown_unaltered=unaltered,
        about=table.member("about", About) if table.has("about") else None,
        credit=table.text("credit", ""),
        language=table.text("language", ""),
        recall=table.text("recall", ""),
        preamble=table.text("preamble", ""),
        notes=table.text("notes", ""),
        loinc=_loinc(table) if table.has("loinc") else None,
    )


def _seats(table: TomlTable) -> tuple[Seat, ...]:
    named = table.unique("answered_by")
    if not named or not set(named) <= set(Seat):
        raise table.refusal("answered_by", f"must name some of {', '.join(Seat)}.")
    return tuple(seat for seat in Seat if seat in named)


def _items(
    table: TomlTable, *, seats: tuple[Seat, ...], text_shipped: bool
) -> tuple[Item, ...]:
    bounds, options = table.range("range"), rated_options(table)
    items = tuple(
        rated_item(
            row, seats=seats, bounds=bounds, options=options, text_shipped=text_shipped
        )
        for row in table.tables("items")
    )
    if not items:
        raise table.refusal("items", "must hold questions.")
    refuse_twins(table, "items", (item.id for item in items))
    return items


def _of_items(table: TomlTable, key: str, items: tuple[Item, ...]) -> tuple[str, ...]:
    """Read a list of item ids, in which each must be an item of the instrument."""
    found = table.unique(key)
    if not set(found) <= {item.id for item in items}:
        raise table.refusal(key, "must name items of this instrument.")
    return found


def _range(
    table: TomlTable, items: tuple[Item, ...], method: Method
) -> tuple[float, float]:
    """Read a score's range, which must be what its items can add up to."""
    share = 1 if method is Method.SUM else len(items)
    stated = table.range("range")
    possible = sum(i.low for i in items) / share, sum(i.high for i in items) / share
    if not all(math.isclose(*ends) for ends in zip(stated, possible, strict=True)):
        low, high = possible
        raise table.refusal("range", f"must be {low:g} to {high:g}, as its items give.")
    return stated


def _max_missing(scoring: TomlTable, n_items: int) -> int:
    found = scoring.whole("max_missing", 0)
    if found >= n_items:
        raise scoring.refusal("max_missing", "must leave one item answered.")
    if scoring.flag("prorate", default=False) is not (found > 0):
        raise scoring.refusal("prorate", "must be true just where blanks are allowed.")
    return found


def _subscales(
    scoring: TomlTable, items: tuple[Item, ...], method: Method
) -> tuple[Subscale, ...]:
    parts: list[Subscale] = []
    for row in scoring.tables("subscales"):
        row.only("id", "items", "range")
        ids = _of_items(row, "items", items)
        if not ids:
            raise row.refusal("items", "must name items.")
        own = tuple(item for item in items if item.id in ids)
        parts.append(
            Subscale(id=row.text("id"), items=ids, range=_range(row, own, method))
        )
    refuse_twins(scoring, "subscales", ("total", *(part.id for part in parts)))
    return tuple(parts)


def _bands(
    scoring: TomlTable, total: tuple[float, float]
) -> tuple[tuple[float, float], ...]:
    bands = scoring.ranges("bands")
    if not bands:
        return ()
    joined = all(below[1] < above[0] for below, above in pairwise(bands))
    if not joined or (bands[0][0], bands[-1][1]) != total:
        raise scoring.refusal("bands", "must rise and cover the range.")
    return bands


def _cutoffs(scoring: TomlTable, scales: set[str]) -> tuple[Cutoff, ...]:
    cutoffs: list[Cutoff] = []
    for row in scoring.tables("cutoffs"):
        row.only("scale", "at", "source", "verified")
        if row.text("scale", "total") not in scales:
            raise row.refusal("scale", "must be 'total' or the id of a subscale.")
        cutoffs.append(
            Cutoff(
                scale=row.text("scale", "total"),
                at=row.number("at"),
                source=row.text("source"),
                verified=row.flag("verified"),
            )
        )
    return tuple(cutoffs)


def _reliable_change(scoring: TomlTable) -> ReliableChange | None:
    if not scoring.has("reliable_change"):
        return None
    row = scoring.table("reliable_change")
    row.only("points", "source", "verified")
    return ReliableChange(
        points=row.number("points"),
        source=row.text("source"),
        verified=row.flag("verified"),
    )


def _loinc(table: TomlTable) -> Loinc:
    row = table.table("loinc")
    row.only("panel", "total", "note", "notice")
    codes = {x.text("id"): x.text("loinc", "") for x in table.tables("items")}
    return Loinc(
        panel=row.text("panel"),
        total=row.text("total"),
        items={item: code for item, code in codes.items() if code},
        note=row.text("note"),
        notice=row.text("notice"),
    )
