"""How the client would like to work: what is asked, and who may see it.

Asked of the client alone, in therapy. The therapist sees the answers while the client
shares them, and otherwise not that there are any: a blank form, one that is kept back and
one that was never looked at are the same.
"""

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


def are_looked_at_together(kind: Kind, number: int | None) -> bool:
    """Whether it is time to look at them together: by the session's number alone.

    Parameters
    ----------
    kind : Kind
        Of the pair: in supervision they are not asked.
    number : int or None
        Of the newest session, ``None`` before the first.

    Examples
    --------
    >>> [n for n in range(1, 20) if are_looked_at_together(Kind.THERAPY, n)]
    [6, 12, 18]
    """
    return kind is Kind.THERAPY and bool(number) and (number or 0) % EVERY == 0
