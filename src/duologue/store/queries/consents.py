"""What a person has said yes to, and what of the other's yes they may see.

The other's no, a yes that was withdrawn, and a yes that this person may not see are not
even loaded: neither a page nor its cost depends on them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.utils import timezone

from duologue.records import Seat
from duologue.sharing.consent import (
    PER_SESSION,
    Key,
    Purpose,
    Said,
    both,
    ends_with,
    is_kept,
    newest,
    shown,
    standing,
)
from duologue.store.models.consent import said_by, shown_to
from duologue.store.models.session import sessions_asked_about
from duologue.store.queries.pairs import Pair


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One purpose, as it stands for the person who asks.

    Attributes
    ----------
    purpose : Purpose
        What for.
    given : bool
        Whether a yes of this person's stands, for any session where it is per session.
    sessions, refused : tuple of int
        The sessions for which their yes stands, and those to come for which they said no.
    by_both : bool
        Whether both have said yes, and both see that.
    both_sessions, asks : tuple of int
        The sessions for which both have, and those about which this person is asked now.
    to_other : tuple of int
        The sessions for which the other sees this person's yes.
    """

    purpose: Purpose
    given: bool
    sessions: tuple[int, ...]
    refused: tuple[int, ...]
    by_both: bool
    both_sessions: tuple[int, ...]
    asks: tuple[int, ...]
    to_other: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One yes or no in a person's own history; sessions are blank where there are none."""

    purpose: Purpose
    given: bool
    day: date | None
    sessions: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """What a person has said yes to: each purpose, and their own history, newest first."""

    asked: tuple[Asked, ...]
    history: tuple[Word, ...]
    coming: int
    until: int


def ledger(pair: Pair, *, now: datetime) -> Ledger:
    """Return what the person who asks has said yes to."""
    mine = said_by(pair.id, pair.seat)
    theirs = shown_to(pair.id, pair.seat, mine)
    reach = sessions_asked_about(pair.id, now=now)
    return Ledger(
        asked=tuple(_asked(p, pair.seat, mine, theirs, reach) for p in Purpose),
        history=_history(mine),
        coming=reach[0],
        until=ends_with(reach[0]),
    )


def keeps(pair: Pair) -> bool:
    """Whether what the person who asks writes in this pair is kept."""
    return is_kept(said_by(pair.id, pair.seat, purpose=Purpose.KEEPING))


def _asked(
    purpose: Purpose,
    seat: Seat,
    mine: Sequence[Said],
    theirs: Sequence[Said],
    reach: Sequence[int],
) -> Asked:
    own, words = standing(mine), newest(mine)
    agreed = both(seat, mine, theirs)
    asks = _asks(purpose, seat, mine, theirs, reach)
    return Asked(
        purpose=purpose,
        given=is_kept(mine)
        if purpose is Purpose.KEEPING
        else any(key[0] is purpose for key in own),
        sessions=_numbers(purpose, own),
        refused=tuple(
            n
            for n in _numbers(purpose, words)
            if n in reach and not words[purpose, n].given
        ),
        by_both=any(key[0] is purpose for key in agreed),
        both_sessions=_numbers(purpose, agreed),
        asks=asks,
        to_other=_numbers(purpose, own if seat is Seat.CLIENT else agreed),
    )


def _asks(
    purpose: Purpose,
    seat: Seat,
    mine: Sequence[Said],
    theirs: Sequence[Said],
    reach: Sequence[int],
) -> tuple[int, ...]:
    """Return the sessions about which this person can be asked, and has not said yes."""
    if purpose not in PER_SESSION:
        return ()
    agreed, own = both(seat, mine, theirs), standing(mine)
    if seat is Seat.CLIENT:
        return tuple(n for n in reach if (purpose, n) not in own)
    seen = shown(seat, mine, theirs)
    return tuple(
        n for n in reach if (purpose, n) in seen and (purpose, n) not in agreed
    )


def _numbers(purpose: Purpose, keys: Iterable[Key]) -> tuple[int, ...]:
    found = (n for p, n in keys if p is purpose and n is not None)
    return tuple(sorted(found))


def _history(mine: Sequence[Said]) -> tuple[Word, ...]:
    """Return a person's own words, those that were said at once as one."""

    def said_at_once(word: Said) -> tuple[Purpose, bool, datetime | None]:
        return word.purpose, word.given, word.at

    found = []
    for (purpose, given, at), words in groupby(mine, said_at_once):
        numbers = sorted(w.session for w in words if w.session is not None)
        day = None if at is None else timezone.localdate(at)
        found.append(
            Word(purpose=purpose, given=given, day=day, sessions=tuple(numbers))
        )
    return tuple(reversed(found))
