"""Which of two speakers may be the therapist: a hint for the person who is asked."""

from collections.abc import Mapping, Sequence

from duologue.records.seat import Seat

_I_WORDS = frozenset(("i", "me", "my", "mine", "myself"))
_YOU_WORDS = frozenset(("you", "your", "yours", "yourself"))


def suggest_seats(said: Mapping[str, Sequence[str]]) -> dict[str, Seat]:
    """Suggest a seat for each of two speakers, by who says "you" more and "I" less.

    The one with the larger number of "you" words less "I" words, per 100 of its own, is
    suggested as the therapist. Nobody may be seated by this: it is no default.

    Parameters
    ----------
    said : mapping of str to sequence of str
        All words of each speaker as `duologue.engine.words.words` splits them, in lower
        case; "you're" and "I'm" count as "you" and "I". English only.

    Returns
    -------
    dict of str to Seat
        A seat for each of the two; empty where there are not two, one of them has no
        words, or both have the same rate.

    Notes
    -----
    Right in 132 of the 133 AnnoMI transcripts, which show motivational interviewing for
    teaching; not tried in ordinary therapy.

    Examples
    --------
    >>> seats = suggest_seats({"a": ["i", "left"], "b": ["you", "left"]})
    >>> [str(seat) for seat in seats.values()]
    ['client', 'therapist']
    """
    if len(said) != 2 or not all(said.values()):
        return {}
    (one, other), (rate, other_rate) = said, map(_you_less_i, said.values())
    if rate == other_rate:
        return {}
    seat = Seat.THERAPIST if rate > other_rate else Seat.CLIENT
    return {one: seat, other: seat.other}


def _you_less_i(words: Sequence[str]) -> float:
    """Return "you" words less "I" words, per 100."""
    stems = [word.partition("'")[0] for word in words]
    n_you = sum(stem in _YOU_WORDS for stem in stems)
    n_i = sum(stem in _I_WORDS for stem in stems)
    return 100 * (n_you - n_i) / len(stems)
