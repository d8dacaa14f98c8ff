"""What is said in sessions: counted, matched, and put beside chance.

The whole of what `duologue.engine` counts of a transcript, in numbers and places, and no
word of it. For research: much of it is not fit to be told of a single session
(docs/methods/words.md). English only, but for talk, turns, pauses and words in common.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context

from duologue.corpus.words_said import SaidTurns, n_function_words, variety_of
from duologue.engine.matching import function_words, tokens
from duologue.engine.matching.coordination import (
    Coordination,
    coordination,
    markers_used,
)
from duologue.engine.matching.dialogue import prepared
from duologue.engine.matching.excess import Excess
from duologue.engine.matching.expressions import SharedExpressions, shared_expressions
from duologue.engine.matching.following import following, style_following
from duologue.engine.matching.pairs import Pair
from duologue.engine.matching.repeating import SelfRepetition, self_repetition
from duologue.engine.matching.similar import Encoder, encoded, lexical
from duologue.engine.matching.style import Scale, StyleMatch, style_matching
from duologue.engine.matching.turn_style import TurnMatch, turn_matching
from duologue.engine.wording import lists
from duologue.engine.wording.literal import wording
from duologue.engine.wording.tokenisers import Tokeniser
from duologue.engine.wording.turn_shares import TurnShares, turn_shares
from duologue.errors import ParameterError
from duologue.records import Spoken, Turns
from duologue.relationship.spoken import Rows, check_length, spoken_of

MANY = 200
"""From so many sessions on, more processes save more than it takes to start them."""

LEAST_ENGLISH = 0.3
"""Below this share of function words among all words the lists are of another language
(ours; of 67 demonstrations in English the least was .56)."""

VERSIONS = {
    "words": Tokeniser.OWN.value,
    "opened_words": tokens.OPENED,
    "words_and_marks": tokens.MARKED,
    "lists": lists.VERSION,
    "function_words": function_words.VERSION,
}
"""By which rules words are split, and which lists are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionWords:
    """All that is counted of one session; pairs are (client, therapist).

    What is told of a direction stands at the seat of who speaks second. Turns are those of
    `duologue.engine.turns`: backchannels, and what is said inside the other's turn, are no
    turns, where the times can tell.

    Attributes
    ----------
    spoken : Spoken
        Talk, pauses, following, literal counts and passages.
    turns_per_minute : float
        ``nan`` where a start is missing.
    shares : TurnShares
        Which share of turns asks, asks openly, opens like a reflection, acknowledges.
    variety : tuple of float
        MATTR of each one's words; ``nan`` with fewer than 50.
    english : float
        Share of function words among all words, 0 to 1; ``nan`` without words.
    lexical : tuple of Excess
        Words in common with the turn before (`lexcos`), raw and beside chance.
    meaning : tuple of Excess or None
        The same of a model's sentence vectors; ``None`` where none was asked for.
    style : StyleMatch
        Language style matching (LSM), of percentages as published.
    style_of_proportions : float
        The same of shares from 0 to 1.
    turn_style : TurnMatch
        Turn-level LSM (Duologue form).
    turn_style_excess : tuple of Excess
        The same beside chance.
    coordination : Coordination
        A row for a seat is that seat adapting to the other.
    shared : SharedExpressions
        dialign's measures.
    own : tuple of SelfRepetition
        What each says again.
    """

    spoken: Spoken
    turns_per_minute: float
    shares: TurnShares
    variety: Pair
    english: float
    lexical: tuple[Excess, Excess]
    meaning: tuple[Excess, Excess] | None
    style: StyleMatch
    style_of_proportions: float
    turn_style: TurnMatch
    turn_style_excess: tuple[Excess, Excess]
    coordination: Coordination
    shared: SharedExpressions
    own: tuple[SelfRepetition, SelfRepetition]

    @property
    def is_english(self) -> bool:
        """Whether what is counted by lists says something of this transcript."""
        return bool(self.english >= LEAST_ENGLISH)

    def per_100_words(self, n: tuple[int, int]) -> Pair:
        """Return counts in a hundred words of each; ``nan`` for who says none."""
        client, therapist = (
            100 * count / words if words else float("nan")
            for count, words in zip(n, self.spoken.n_words, strict=True)
        )
        return client, therapist


def session_words(turns: Turns, *, encoder: Encoder | None = None) -> SessionWords:
    """Count all of one session; it takes some hundredths of a second.

    Parameters
    ----------
    turns : Turns
        The transcript, with seats in place of names.
    encoder : callable, optional
        A model of sentences (`duologue.formats.sentences.sentence_encoder`).

    Returns
    -------
    SessionWords
        Swapping the seats swaps every pair but ``turn_style_excess``, whose chance is the
        client's turns in random order.
    """
    rows = Rows.of(turns)
    check_length(rows)
    of_turn = SaidTurns.of(rows)
    seat, n_words, counts = of_turn.seat, of_turn.n_words, of_turn.counts
    followed = following(lexical(of_turn.words), seat, n_words, shuffle=None)
    counted = wording(of_turn.texts, seat)
    ready = prepared([tokens.words_and_marks(text) for text in of_turn.texts], seat)
    n_all = int(n_words.sum())
    return SessionWords(
        spoken=spoken_of(rows, followed),
        turns_per_minute=rows.session.turns_per_minute,
        shares=turn_shares(of_turn.texts, seat, counted),
        variety=variety_of(rows),
        english=float(n_function_words(of_turn.words) / n_all)
        if n_all
        else float("nan"),
        lexical=followed,
        meaning=None
        if encoder is None
        else following(encoded(of_turn.texts, encoder), seat, n_words, shuffle=None),
        style=style_matching(counts, n_words, seat),
        style_of_proportions=style_matching(
            counts, n_words, seat, scale=Scale.PROPORTION
        ).value,
        turn_style=turn_matching(counts, n_words, seat),
        turn_style_excess=style_following(counts, seat, n_words),
        coordination=coordination(markers_used(counts), seat),
        shared=shared_expressions(ready),
        own=self_repetition(ready),
    )


def words_of_sessions(
    sessions: Sequence[Turns],
    *,
    encoder: Encoder | None = None,
    n_processes: int = 1,
    tell: Callable[[int, int], None] | None = None,
) -> tuple[SessionWords, ...]:
    """Count all of many sessions; what is found is the same whatever the number.

    Parameters
    ----------
    sessions : sequence of Turns
        The transcripts.
    encoder : callable, optional
        As for `session_words`; it is used in this process alone.
    n_processes : int
        How many may be used; below 200 sessions, or with a model, it is one. A program
        that asks for more runs under ``if __name__ == "__main__"``.
    tell : callable, optional
        Told how many sessions are done, and of how many.

    Raises
    ------
    ParameterError
        If ``n_processes`` is below 1.
    """
    if n_processes < 1:
        raise ParameterError(f"n_processes must be 1 or more, got {n_processes}.")
    if n_processes == 1 or encoder is not None or len(sessions) < MANY:
        one = partial(session_words, encoder=encoder)
        return _told(map(one, sessions), len(sessions), tell)
    # A fresh process each: one that is copied while a thread holds a lock may hang.
    with ProcessPoolExecutor(n_processes, get_context("spawn")) as processes:
        found = processes.map(session_words, sessions, chunksize=8)
        return _told(found, len(sessions), tell)


def _told(
    found: Iterable[SessionWords],
    n: int,
    tell: Callable[[int, int], None] | None,
) -> tuple[SessionWords, ...]:
    done = []
    for one in found:
        done.append(one)
        if tell is not None:
            tell(len(done), n)
    return tuple(done)
