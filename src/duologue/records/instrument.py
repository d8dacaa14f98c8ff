"""What was asked: items and the instruments that they belong to.

An instrument is data (``instruments/definitions/*.toml``); these are its nouns, so
that every room can speak of an item without knowing where it was defined.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import assert_never

from duologue.records.reflection import Value
from duologue.records.seat import Seat


class ItemType(StrEnum):
    """What an answer to an item looks like."""

    SCALE = "scale"  # a number; the high end is more of what is asked
    BIPOLAR = "bipolar"  # a number; neither end is called good
    CHOICE = "choice"  # the id of one option
    CHIPS = "chips"  # the ids of any number of options
    TEXT = "text"  # the person's own words; never analysed


class Visibility(StrEnum):
    """Who may see an answer besides its author (law 3)."""

    PAIR_IF_BOTH = "pair_if_both"
    AUTHOR_ONLY = "author_only"
    AUTHOR_ONLY_UNLESS_BOTH = "author_only_unless_both"


class Rotation(StrEnum):
    """When an item is asked."""

    CORE = "core"  # after every session
    ROTATING = "rotating"  # in turn, by the session's number alone
    OPTIONAL = "optional"  # offered, never counted as missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One option of a choice, of chips, or of a rated item.

    ``value`` is the option's worth in a score, ``None`` where it has none.
    """

    id: str
    label: str
    value: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One question, as it is put to each seat.

    ``text`` holds the wording for each seat that is asked; it is empty for an item
    whose words may not be shipped. ``low`` and ``high`` bound the numbers of a scale.
    ``declines`` are options that count, for everybody else, as no answer at all.
    ``flip`` is the seat whose answers are turned round (``low + high - x``) before the
    two are compared.
    """

    id: str
    type: ItemType
    text: Mapping[Seat, str] = field(default_factory=dict)
    low: float = 0.0
    high: float = 100.0
    ends: Mapping[Seat, tuple[str, str]] = field(default_factory=dict)
    options: Mapping[Seat, tuple[Option, ...]] = field(default_factory=dict)
    declines: frozenset[str] = frozenset()
    flip: Seat | None = None
    visibility: Visibility = Visibility.PAIR_IF_BOTH
    rotation: Rotation = Rotation.CORE
    construct: str = ""
    max_characters: int | None = None

    @property
    def is_number(self) -> bool:
        """Whether an answer is a number between ``low`` and ``high``."""
        return self.type in (ItemType.SCALE, ItemType.BIPOLAR)

    def option_ids(self, seat: Seat) -> tuple[str, ...]:
        """Return the ids that this seat may choose, in the order on screen."""
        return tuple(option.id for option in self.options.get(seat, ()))

    def is_above_least(self, value: float) -> bool:
        """Whether a number is above the least that can be answered to this item."""
        worths = [o.value for each in self.options.values() for o in each]
        known = [worth for worth in worths if worth is not None]
        return value > min(known, default=self.low)

    def takes(self, seat: Seat, value: Value) -> bool:
        """Whether this seat may give this answer: type, range, options and length."""
        match self.type:
            case ItemType.SCALE | ItemType.BIPOLAR:
                return isinstance(value, float) and self.low <= value <= self.high
            case ItemType.CHOICE:
                return isinstance(value, str) and value in self.option_ids(seat)
            case ItemType.CHIPS:
                return (
                    isinstance(value, tuple)
                    and set(value).issubset(self.option_ids(seat))
                    and 0 < len(value) == len(set(value))
                )
            case ItemType.TEXT:
                return isinstance(value, str) and (
                    self.max_characters is None or len(value) <= self.max_characters
                )
        assert_never(self.type)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompts:
    """The items that the two people of a pair answer after a session.

    ``rotation`` names the rotating item of sessions 1, 2, 3, ... and starts again at
    its end: by the session's number alone, never by an answer. ``outcomes`` are the
    published instruments whose forms both people see when the client fills them in, as
    the client is told before (exception E1); any other form stays with its author.
    """

    id: str
    version: str
    items: tuple[Item, ...]
    rotation: tuple[str, ...] = ()
    outcomes: frozenset[str] = frozenset()
    licence: str = ""
    status: str = ""

    _by_id: Mapping[str, Item] = field(
        init=False, repr=False, compare=False, hash=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {item.id: item for item in self.items})

    def item(self, item_id: str) -> Item | None:
        """Return the item with this id, or ``None`` where there is none."""
        return self._by_id.get(item_id)

    def rotating_item(self, session: int) -> str | None:
        """Return the id of the rotating item asked after this session."""
        if not self.rotation or session < 1:
            return None
        return self.rotation[(session - 1) % len(self.rotation)]

    def asked(self, item_id: str, session: int) -> bool:
        """Whether the item was put to both people after this session.

        Anyone may open a rotating item at any time, so that an answer may exist
        where this is ``False``; an absent answer then means "not asked", never "no".
        """
        item = self.item(item_id)
        if item is None or item.rotation is Rotation.OPTIONAL:
            return False
        return item.rotation is Rotation.CORE or self.rotating_item(session) == item_id
