"""Consent: what each person may say yes to, and what of a yes the other may see.

Laws 4 and 9, and E4. Declined, withdrawn and never answered leave the same nothing behind
for the other. Recording is asked of the client first and alone: the therapist is asked
once the client has said yes, and a yes of the therapist's counts only if it came after it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from duologue.records import Seat

EVERY = 6
"""Sessions after which a yes for each session ends, and is asked for anew."""


class Purpose(StrEnum):
    """What a person can say yes to."""

    KEEPING = "keeping"
    SUPERVISION = "supervision"
    RECORDING = "recording"
    TRANSCRIPT = "transcript"
    RESEARCH = "research"


PER_SESSION = frozenset({Purpose.RECORDING, Purpose.TRANSCRIPT})
"""Asked for each session, and of the client first and alone (E4)."""

BY_BOTH = frozenset({Purpose.SUPERVISION, Purpose.RESEARCH})
"""Counts once both have said yes; before that neither sees anything of the other's."""

FOR_A_RECORDING = frozenset({Purpose.RECORDING, Purpose.TRANSCRIPT})
"""What both must have said yes to before a recording of theirs is read by machine."""

Key: TypeAlias = tuple[Purpose, int | None]
"""What a yes is for: a purpose, and a session where it is asked for each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One yes or no. ``order`` grows with each, whoever says it."""

    order: int
    purpose: Purpose
    session: int | None = None
    given: bool
    at: datetime | None = None

    @property
    def key(self) -> Key:
        """What it is for."""
        return self.purpose, self.session


def newest(said: Iterable[Said]) -> dict[Key, Said]:
    """Return the newest word on each thing, a yes or a no."""
    return {each.key: each for each in sorted(said, key=lambda each: each.order)}


def standing(said: Iterable[Said]) -> dict[Key, Said]:
    """Return the yeses that stand: the newest word on each thing, where it is a yes."""
    return {key: word for key, word in newest(said).items() if word.given}


def is_kept(said: Iterable[Said]) -> bool:
    """Whether what a person writes may be kept: so from the beginning, until withdrawn."""
    word = newest(said).get((Purpose.KEEPING, None))
    return word is None or word.given


def shown(seat: Seat, mine: Iterable[Said], theirs: Iterable[Said]) -> dict[Key, Said]:
    """Return which yeses of the other somebody in this seat may see.

    Parameters
    ----------
    seat : Seat
        Where the one who looks sits.
    mine, theirs : iterable of Said
        All that each has said. Of ``theirs``, only yeses that stand matter.

    Returns
    -------
    dict
        Of what both can say yes to, the other's yes where one's own stands. Of what is
        asked of the client first: to the therapist the client's yes, since that is their
        question; to the client the therapist's, once it answers the client's own.
    """
    own = standing(mine)
    return {
        key: word
        for key, word in standing(theirs).items()
        if _is_shown(seat, own.get(key), word)
    }


def _is_shown(seat: Seat, own: Said | None, word: Said) -> bool:
    if word.purpose in BY_BOTH:
        return own is not None
    if word.purpose in PER_SESSION:
        return seat is Seat.THERAPIST or _answers(own, word)
    return False


def both(seat: Seat, mine: Iterable[Said], theirs: Iterable[Said]) -> frozenset[Key]:
    """Return what both have said yes to; the same whichever of the two asks."""
    own = standing(mine)
    found = set()
    for key, word in shown(seat, mine, theirs).items():
        client, therapist = (
            (own.get(key), word) if seat is Seat.CLIENT else (word, own.get(key))
        )
        if key[0] in BY_BOTH or _answers(client, therapist):
            found.add(key)
    return frozenset(found)


def may_hold_recordings(agreed: Iterable[Key]) -> frozenset[int]:
    """Return the sessions of which recordings may be held, of what both have said yes to.

    Examples
    --------
    >>> agreed = [(p, 7) for p in FOR_A_RECORDING] + [(Purpose.RECORDING, 8)]
    >>> sorted(may_hold_recordings(agreed))
    [7]
    """
    found = frozenset(agreed)
    numbers = {number for _, number in found if number is not None}
    return frozenset(
        n for n in numbers if all((purpose, n) in found for purpose in FOR_A_RECORDING)
    )


def asked(mine: Iterable[Said], theirs: Iterable[Said]) -> tuple[Key, ...]:
    """Return what the therapist is asked: where the client's yes waits for an answer.

    Parameters
    ----------
    mine, theirs : iterable of Said
        What the therapist has said, and the client.
    """
    own = newest(mine)
    found = [
        key
        for key, word in shown(Seat.THERAPIST, mine, theirs).items()
        if key[0] in PER_SESSION
        and ((said := own.get(key)) is None or (said.given and said.order < word.order))
    ]
    return tuple(sorted(found))


def _answers(client: Said | None, therapist: Said | None) -> bool:
    """Whether a yes of the therapist's came after the client's, as it was asked."""
    return None not in (client, therapist) and client.order < therapist.order  # type: ignore[union-attr]


def ends_with(number: int) -> int:
    """Return the last session that a yes given for this one can reach.

    Examples
    --------
    >>> [ends_with(n) for n in (1, 6, 7, 12, 13)]
    [6, 6, 12, 12, 18]
    """
    return -(-number // EVERY) * EVERY
