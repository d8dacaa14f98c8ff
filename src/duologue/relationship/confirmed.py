"""What followed moments that a therapist has confirmed as here and now, in counts."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from duologue.records import Noticed, Passage, Seat, Spoken


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """The next three turns of the client after confirmed moments, over the sessions.

    Attributes
    ----------
    n_moments, n_sessions : int
        Confirmed moments, and the sessions that they are from.
    n_answered : int
        Moments after which the client had a turn.
    n_longer : int
        Of those, where that turn had more words than half of the client's turns in its
        session: with nothing going on, about half have.
    n_turns, n_words, i_words, you_words, n_asking : int
        All those turns, up to three a moment, and each once where moments are close: their
        words, their "I" and "you" words, and how many hold a question.
    """

    n_moments: int
    n_sessions: int
    n_answered: int
    n_longer: int
    n_turns: int
    n_words: int
    i_words: int
    you_words: int
    n_asking: int


def after_confirmed(
    spoken: Sequence[Spoken], confirmed: Mapping[int, Collection[int]]
) -> Followed:
    """Count what followed; counts alone, and no claim that a moment caused it.

    Parameters
    ----------
    spoken : sequence of Spoken
        What was counted in each session.
    confirmed : mapping of int to collection of int
        By session, the places of the therapist's turns that they have confirmed. A place
        that holds no such wording of theirs counts for nothing.

    Returns
    -------
    Followed
    """
    by_session = {
        each.session: _moments(each, confirmed.get(each.session, ())) for each in spoken
    }
    usual = {each.session: usual_words(each) for each in spoken}
    first = [
        (moment.replies[0].n_words, usual[session])
        for session, moments in by_session.items()
        for moment in moments
        if moment.replies
    ]
    once = {
        (session, reply.stretch): reply
        for session, moments in by_session.items()
        for moment in moments
        for reply in moment.replies
    }
    replies = once.values()
    return Followed(
        n_moments=sum(map(len, by_session.values())),
        n_sessions=sum(map(bool, by_session.values())),
        n_answered=len(first),
        n_longer=sum(n_words > half for n_words, half in first),
        n_turns=len(replies),
        n_words=sum(r.n_words for r in replies),
        i_words=sum(r.i_words for r in replies),
        you_words=sum(r.you_words for r in replies),
        n_asking=sum(r.asks for r in replies),
    )


def candidates(spoken: Spoken) -> tuple[Passage, ...]:
    """Return the therapist's turns with here-and-now wording, in their order."""
    return tuple(
        each
        for each in spoken.passages
        if each.kind is Noticed.HERE_AND_NOW and each.seat is Seat.THERAPIST
    )


def usual_words(spoken: Spoken) -> int:
    """Return how many words half of the client's turns have at most; 0 without turns."""
    n_words = sorted(
        each.n_words
        for each in spoken.stretches
        if each.is_turn and each.seat is Seat.CLIENT
    )
    return n_words[(len(n_words) - 1) // 2] if n_words else 0


def _moments(spoken: Spoken, places: Collection[int]) -> list[Passage]:
    return [each for each in candidates(spoken) if each.stretch in places]
