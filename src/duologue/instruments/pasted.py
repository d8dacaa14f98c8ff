"""Words that may not be shipped: pasted by whoever holds a licence, and checked."""

import hashlib
import json
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from duologue.errors import FileError, InstrumentError
from duologue.instruments.instrument import Instrument
from duologue.records import Item, Seat


def paste_text(
    definition: Instrument,
    texts: Mapping[str, str],
    *,
    seats: Iterable[Seat] | None = None,
    expected_hash: str | None = None,
) -> Instrument:
    """Return the instrument with the words of its items in place.

    Parameters
    ----------
    definition : Instrument
        One whose text is not shipped.
    texts : mapping of str to str
        The words of every item by its id.
    seats : iterable of Seat, optional
        Whose form this is, where the two seats have parallel forms; by default every
        seat that fills the instrument in.
    expected_hash : str, optional
        What :func:`text_hash` gave when the words were first pasted.

    Raises
    ------
    InstrumentError
        If an item has no words, if there are words for an item that does not exist,
        if a seat does not fill the instrument in, or if the words are not the ones
        that were first pasted. The message never holds the words.
    """
    if definition.text_shipped:
        raise InstrumentError(f"{definition.id} brings its own words, as published.")
    chosen = definition.answered_by if seats is None else tuple(seats)
    if not chosen or not set(chosen) <= set(definition.answered_by):
        allowed = ", ".join(definition.answered_by)
        raise InstrumentError(f"{definition.id} is filled in by {allowed}.")
    clean = _complete(definition, texts)
    if expected_hash is not None and _hash(clean.values()) != expected_hash:
        raise InstrumentError(
            f"{definition.id}: the text changed since it was first pasted."
        )
    return replace(
        definition,
        items=tuple(_with_text(x, clean[x.id], chosen) for x in definition.items),
    )


def text_hash(instrument: Instrument, seat: Seat) -> str:
    """Return the SHA-256 of the words that a seat is asked, to be kept beside them.

    The words of the items are put in Unicode's composed form (NFC), runs of white
    space become one space, and the items are joined by line breaks in their order.

    Raises
    ------
    InstrumentError
        If an item has no words for this seat.
    """
    if not instrument.has_text(seat):
        raise InstrumentError(f"{instrument.id} has no text for the {seat}'s form.")
    return _hash(_clean(item.text[seat]) for item in instrument.items)


def read_texts(path: Path) -> dict[str, str]:
    """Read the words to paste from a TOML or JSON file of item ids and texts.

    Raises
    ------
    FileError
        If the file cannot be read, is neither, holds an item twice or holds anything
        but words.
    """
    try:
        words = path.read_text(encoding="utf-8")
        if path.suffix.lower() == ".json":
            found = json.loads(words, object_pairs_hook=_once)
        else:
            found = tomllib.loads(words)
    except (OSError, ValueError) as error:
        raise FileError(
            path.name, "must be a TOML or JSON file with each item once."
        ) from error
    if not isinstance(found, dict) or not all(
        isinstance(text, str) for text in found.values()
    ):
        raise FileError(path.name, "must hold item ids and their words, nothing else.")
    return found


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _complete(definition: Instrument, texts: Mapping[str, str]) -> dict[str, str]:
    """Return the clean words of every item in order, or say which are lacking."""
    unknown = [item for item in texts if definition.item(item) is None]
    if unknown:
        known = ", ".join(definition.item_ids)
        raise InstrumentError(
            f"{definition.id} has the items {known}; the text names {len(unknown)} more."
        )
    clean = {item: _clean(texts.get(item, "")) for item in definition.item_ids}
    blank = [item for item, text in clean.items() if not text]
    if blank:
        raise InstrumentError(
            f"{definition.id}: no text for {', '.join(blank)}; every item needs one."
        )
    return clean


def _with_text(item: Item, text: str, seats: tuple[Seat, ...]) -> Item:
    return replace(item, text={**item.text, **dict.fromkeys(seats, text)})


def _clean(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _hash(texts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()
