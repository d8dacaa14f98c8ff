"""What two people agree on before they begin, and may change together."""

from dataclasses import dataclass
from enum import StrEnum


class Supervision(StrEnum):
    """What somebody's supervisor may hear of the work, always under a code."""

    NOTHING = "nothing"
    THEMES = "themes"
    """What the one who is supervised says for themselves, of the work in general."""
    OPENED = "opened"
    """That, and what both have opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The terms of an agreement. ``None`` where nothing was agreed on a point.

    Attributes
    ----------
    length_min : int or None
        Length of a session, in minutes.
    rhythm, frame : str or None
        How often the two meet; where, and what holds for coming late, moving, money.
    confidentiality : str or None
        Its limits, in the practice's own words.
    supervision : Supervision
        What supervision may hear.
    keep_free_text_days, keep_numbers_years : int or None
        How long words and numbers are kept, counted from the ending of the work.
    """

    length_min: int | None = None
    rhythm: str | None = None
    frame: str | None = None
    confidentiality: str | None = None
    supervision: Supervision = Supervision.NOTHING
    keep_free_text_days: int | None = None
    keep_numbers_years: int | None = None
