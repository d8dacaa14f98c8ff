"""How the client would like to work: what is asked, and who may see it.

Asked of the client alone, in therapy. The therapist sees the answers while the client
shares them, and otherwise not that there are any: a blank form, one that is kept back and
one that was never looked at are the same.
"""

from collections.abc import Sequence

from duologue.records import Item, ItemType, Kind, Seat

EVERY = 6
"""Sessions after which the two are invited to look at them together."""


def _item(name: str, text: str, low: str, high: str) -> Item:
    return Item(
        id=name,
        type=ItemType.BIPOLAR,
        text={Seat.CLIENT: text},
        ends={Seat.CLIENT: (low, high)},
        construct="preferences for therapy",
    )


PREFERENCES = (
    _item("pace", "I would like us to go …", "More slowly", "More quickly"),
    _item(
        "challenge", "I would like you to be …", "Gentle with me", "Bolder in asking"
    ),
    _item(
        "structure",
        "I would like our hour to …",
        "Go where it goes",
        "Have a plan",
    ),
    _item(
        "silence",
        "When it goes quiet, I would like you to …",
        "Say something",
        "Leave it quiet",
    ),
)
"""Original wording of this project; no published form. Neither end is the good one.

Who sees them is said by `may_see_preferences`, and not item by item.
"""


def are_asked(kind: Kind, seat: Seat) -> bool:
    """Whether somebody in this seat is asked how they would like to work."""
    return kind is Kind.THERAPY and seat is Seat.CLIENT


def may_see_preferences(kind: Kind, seat: Seat, *, shared: bool) -> bool:
    """Whether somebody in this seat may see the client's preferences."""
    return kind is Kind.THERAPY and (seat is Seat.CLIENT or shared)


def are_looked_at_together(kind: Kind, held: Sequence[int]) -> bool:
    """Whether it is time to look at them together: by the frame alone, which both see.

    Time is when a multiple of `EVERY` has been passed since the session before; so a
    sixth session that was not held puts it off to the next that is, and no further.

    Parameters
    ----------
    kind : Kind
        Of the pair: in supervision they are not asked.
    held : sequence of int
        Numbers of the sessions that were held, the newest first; two will do.

    Examples
    --------
    >>> [n for n in range(1, 20) if are_looked_at_together(Kind.THERAPY, (n, n - 1))]
    [6, 12, 18]
    >>> are_looked_at_together(Kind.THERAPY, (7, 5))
    True
    """
    newest, before, *_ = (*held, 0, 0)
    return kind is Kind.THERAPY and newest // EVERY > before // EVERY
