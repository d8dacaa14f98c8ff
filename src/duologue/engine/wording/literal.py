"""How often each of the two used which wording, and at which characters of what turn."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from duologue.engine.seats import SEATS, check_seats
from duologue.engine.wording import lists
from duologue.engine.wording.lists import Sign
from duologue.engine.wording.tokenisers import (
    Tokeniser,
    folded,
    opened,
    placed_words,
)
from duologue.errors import ParameterError

Ints = NDArray[np.int64]
Pair = tuple[float, float]
Counts = tuple[int, int]
Place = tuple[int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One sign, wherever it was found, in the order of the texts.

    Attributes
    ----------
    sign : Sign
        What was counted.
    n : tuple of int
        How often by (client, therapist).
    per_100_words : tuple of float
        ``n`` in a hundred of that person's words; ``nan`` where they said none.
    text, start, end : ndarray of int, shape (n_found,)
        In which text, and from which character up to but without which. A text by
        neither of the two is not searched.
    """

    sign: Sign
    n: Counts
    per_100_words: Pair
    text: Ints
    start: Ints
    end: Ints

    def in_each(self, n_texts: int) -> Ints:
        """Return how often it is found in each text, shape (n_texts,)."""
        return np.bincount(self.text, minlength=n_texts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Literal counts of one session; pairs are (client, therapist).

    Attributes
    ----------
    tokeniser : Tokeniser
        How words were split.
    lists : str
        The version of the lists.
    n_words : tuple of int
        Words of each.
    words_in_each : ndarray of int, shape (n_texts,)
        Words of each text, of either or of neither.
    found : tuple of Found
        One for each `Sign`, in their order.
    """

    tokeniser: Tokeniser
    lists: str
    n_words: Counts
    words_in_each: Ints
    found: tuple[Found, ...]

    def of(self, sign: Sign) -> Found:
        """Return what was found of one sign."""
        return self.found[tuple(Sign).index(sign)]


def wording(
    texts: Sequence[str], seat: ArrayLike, *, tokeniser: Tokeniser = Tokeniser.OWN
) -> Wording:
    """Count the words and turns of phrase of the lists, each where it stands.

    Within one list no two finds overlap; different lists may find the same words ("I
    don't know" is a hedge, and more). Openings count at the beginning of a text alone,
    so texts are best whole turns (`duologue.engine.turns.ribbon.row_texts`).

    Parameters
    ----------
    texts : sequence of str
        Clean speech, in its order: no mark-up, no bracketed notes.
    seat : array_like of int, shape (n_texts,)
        0 client, 1 therapist, -1 neither.
    tokeniser : Tokeniser
        How words are split.

    Returns
    -------
    Wording
        A person who says nothing has counts of 0 and rates of ``nan``.

    Raises
    ------
    ParameterError
        If there are not as many seats as texts, or a seat is not -1, 0 or 1.

    Examples
    --------
    >>> found = wording(["I notice I'm tired, right now."], [1])
    >>> [(f.sign.value, f.n[1]) for f in found.found if f.n[1]]
    [('i_words', 2), ('thinking', 1), ('here_and_now', 2)]
    """
    seats = seats_of(texts, seat)
    places: dict[Sign, list[Place]] = defaultdict(list)
    words_in_each = np.zeros(len(texts), dtype=np.int64)
    for number, text in enumerate(texts):
        plain = folded(text)
        n_words, words = _listed_words(plain, tokeniser)
        words_in_each[number] = n_words
        if seats[number] < 0:
            continue
        for sign, start, end in (*words, *_listed_phrases(plain)):
            places[sign].append((number, start, end))
    n_words_of = _by_seat(seats, words_in_each)
    return Wording(
        tokeniser=tokeniser,
        lists=lists.VERSION,
        n_words=n_words_of,
        words_in_each=words_in_each,
        found=tuple(_found(sign, places[sign], seats, n_words_of) for sign in Sign),
    )


def seats_of(texts: Sequence[str], seat: ArrayLike) -> Ints:
    """Return the seats of texts; a ParameterError if there are not as many, or others."""
    seats = np.asarray(seat, dtype=np.int64)
    if seats.shape != (len(texts),):
        raise ParameterError(
            f"seat must give one seat for each of the {len(texts)} texts, "
            f"got shape {seats.shape}."
        )
    check_seats(seats)
    return seats


def phrases_pattern(phrases: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern of whole words, the longest first."""
    longest_first = sorted(phrases, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b")


_SIGNS_OF: dict[str, tuple[Sign, ...]] = {
    word: tuple(sign for sign, members in lists.WORDS.items() if word in members)
    for word in frozenset().union(*lists.WORDS.values())
}
_PATTERNS = {sign: phrases_pattern(p) for sign, p in lists.PHRASES.items()}
_OPENING = re.compile(rf"\W*+({'|'.join(map(re.escape, lists.OPENINGS))})")


def _listed_words(
    plain: str, tokeniser: Tokeniser
) -> tuple[int, list[tuple[Sign, int, int]]]:
    """Return how many words there are, and which are in a list."""
    n_words, found = 0, []
    for word, start, end in placed_words(plain, tokeniser):
        parts = opened(word)
        n_words += 1 if tokeniser is Tokeniser.OWN else len(parts)
        found += [
            (sign, start, end) for part in parts for sign in _SIGNS_OF.get(part, ())
        ]
    return n_words, found


def _listed_phrases(plain: str) -> Iterable[tuple[Sign, int, int]]:
    for sign, pattern in _PATTERNS.items():
        for match in pattern.finditer(plain):
            yield sign, match.start(), match.end()
    opening = _OPENING.match(plain)
    if opening is not None:
        yield Sign.OPENINGS, opening.start(1), opening.end(1)


def _found(sign: Sign, places: list[Place], seats: Ints, n_words: Counts) -> Found:
    table = np.array(places, dtype=np.int64).reshape(-1, 3)
    n = _by_seat(seats[table[:, 0]])
    rates = [100 * n[own] / n_words[own] if n_words[own] else np.nan for own in SEATS]
    return Found(
        sign=sign,
        n=n,
        per_100_words=(rates[0], rates[1]),
        text=table[:, 0],
        start=table[:, 1],
        end=table[:, 2],
    )


def _by_seat(seats: Ints, weights: Ints | None = None) -> Counts:
    seated = seats >= 0
    each = None if weights is None else weights[seated]
    client, therapist = np.bincount(seats[seated], each, minlength=2).tolist()
    return int(client), int(therapist)
