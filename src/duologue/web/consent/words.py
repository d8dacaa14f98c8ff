"""What is asked, each with its plain words: a purpose as a page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass

from duologue.practice.consent import Plain, in_plain_words
from duologue.sharing.consent import PER_SESSION, Purpose
from duologue.store.queries import Asked, Ledger, Pair, Word


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One purpose: its plain words, how it stands, and whether it is per session."""

    plain: Plain
    stands: Asked
    per_session: bool


def of(ledger: Ledger, pair: Pair) -> list[Shown]:
    """Return each purpose as this person reads it."""
    return [
        Shown(
            plain=in_plain_words(each.purpose, pair.kind, pair.seat),
            stands=each,
            per_session=each.purpose in PER_SESSION,
        )
        for each in ledger.asked
    ]


def seen_by_other(ledger: Ledger, pair: Pair) -> list[Shown]:
    """Return those purposes of which the other sees this person's yes."""
    return [
        each
        for each in of(ledger, pair)
        if each.stands.to_other or (each.stands.by_both and not each.per_session)
    ]


def history(words: Sequence[Word], pair: Pair) -> list[tuple[str, Word]]:
    """Return what a person has said, each yes or no with what it was for."""

    def title(purpose: Purpose) -> str:
        return in_plain_words(purpose, pair.kind, pair.seat).title

    return [(title(word.purpose), word) for word in words]
