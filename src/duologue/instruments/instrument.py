"""What an instrument is: its items, how it is scored, and who owns its words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from duologue.records import Item, Seat


class Tier(StrEnum):
    """What the licence of the words allows."""

    SHIPPED = "A"  # the text may sit in the package
    SEPARATE = "B"  # free text under its own licence, outside the package
    UNSHIPPED = "C"  # scoring only; whoever holds a licence pastes the text
    OWN = "own"  # nobody has said that the words may be passed on: they stay here


class About(StrEnum):
    """Whom a form tells of."""

    OWN_WELLBEING = "own wellbeing"  # how whoever fills it in is doing
    RELATIONSHIP = "the relationship"
    CLIENT = "the client"


class TextShipped(StrEnum):
    """Whether a definition holds the words of its items."""

    YES = "shipped"
    NO = "not shipped"


class Method(StrEnum):
    """How answers become a score."""

    SUM = "sum"
    MEAN = "mean"


class Better(StrEnum):
    """Which way a score moves when things get better."""

    LOWER = "lower"
    HIGHER = "higher"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscale:
    """A part of an instrument that has a score of its own."""

    id: str
    items: tuple[str, ...]
    range: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cutoff:
    """A published threshold: scores at or above ``at``.

    ``scale`` is "total" or the id of a subscale. Where ``verified`` is false, nobody
    has yet compared the number with its source.
    """

    scale: str
    at: float
    source: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliableChange:
    """The smallest difference of totals that is published as more than wobble."""

    points: float
    source: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Loinc:
    """LOINC codes of the panel, the total and the items (by item id), with the notice."""

    panel: str
    total: str
    items: Mapping[str, str]
    note: str
    notice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """A published questionnaire: its items, how it is scored, and who owns its words.

    Attributes
    ----------
    items : tuple of records.Item
        In the order of the form. Their ``text`` is empty where it is not shipped.
    answered_by : tuple of Seat
        The seats that fill it in.
    reversed : frozenset of str
        Ids of the items that count as ``low + high - answer``.
    range : (float, float)
        The lowest and the highest total.
    max_missing : int
        How many blanks still give a total, made up by the mean of the answered
        items; 0 where any blank means no total.
    bands : tuple of (float, float)
        Lowest and highest total of each band; numbers only, no names.
    shown_unaltered : tuple of str
        Ids of the items whose answer is shown as given, never only within a total.
    about : About or None
        Whom the form tells of; ``None`` where the definition does not say. A
        therapist's own wellbeing never leaves (:mod:`duologue.instruments.leaving`).
    credit : str
        The line that its holder asks for, to be shown wherever the words are; empty
        where none is asked for.
    """

    id: str
    name: str
    version: str
    tier: Tier
    licence: str
    citation: str
    source: str
    status: str
    answered_by: tuple[Seat, ...]
    items: tuple[Item, ...]
    text_shipped: bool
    method: Method
    range: tuple[float, float]
    better: Better
    reversed: frozenset[str] = frozenset()
    max_missing: int = 0
    subscales: tuple[Subscale, ...] = ()
    bands: tuple[tuple[float, float], ...] = ()
    bands_verified: bool = False
    cutoffs: tuple[Cutoff, ...] = ()
    reliable_change: ReliableChange | None = None
    shown_unaltered: tuple[str, ...] = ()
    about: About | None = None
    credit: str = ""
    language: str = ""
    recall: str = ""
    preamble: str = ""
    notes: str = ""
    loinc: Loinc | None = None

    _by_id: Mapping[str, Item] = field(
        init=False, repr=False, compare=False, hash=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {item.id: item for item in self.items})

    @property
    def item_ids(self) -> tuple[str, ...]:
        """Ids of the items, in the order of the form."""
        return tuple(item.id for item in self.items)

    def item(self, item_id: str) -> Item | None:
        """Return the item with this id, or ``None`` where there is none."""
        return self._by_id.get(item_id)

    def has_text(self, seat: Seat) -> bool:
        """Whether this seat can be asked: every item has words for it."""
        return all(item.text.get(seat) for item in self.items)
