"""What can be counted in each turn of a session: one row a turn."""

from collections.abc import Container, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from duologue.engine.turns.floor import Kind
from duologue.engine.turns.ribbon import Ribbon
from duologue.engine.wording.lists import Sign
from duologue.engine.wording.literal import Wording
from duologue.engine.wording.tokenisers import Tokeniser, opened, words_of
from duologue.engine.words import is_acknowledgement
from duologue.errors import ParameterError

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Content = frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnSigns:
    """Literal signs of the turns of one session, in their order; each of n_turns.

    Attributes
    ----------
    row : ndarray of int
        The row of the ribbon that a turn is, and so its text.
    seat : ndarray of int
        0 client, 1 therapist.
    n_words, i_words, you_words, thinking, here_and_now : ndarray of int
        Words, and finds of `lists.Sign`.
    asks, acknowledges : ndarray of bool
        Whether it holds a question mark, and whether it is nothing but "mm", "yeah".
    offset_s : ndarray
        Its start minus the end of the turn before, seconds; ``nan`` where not known.
    backchannels : ndarray of int
        Those that the other gave from its beginning to that of the next turn; 0 too
        where the times cannot tell any.
    content : tuple of frozenset of str
        The different words of each that carry content. They are words that were said:
        not to be logged.
    """

    row: Ints
    seat: Ints
    n_words: Ints
    i_words: Ints
    you_words: Ints
    thinking: Ints
    here_and_now: Ints
    asks: Bools
    acknowledges: Bools
    offset_s: Floats
    backchannels: Ints
    content: tuple[Content, ...]


def turn_signs(
    ribbon: Ribbon,
    texts: Sequence[str],
    counted: Wording,
    *,
    function_words: Container[str],
    offset_s: ArrayLike = (),
) -> TurnSigns:
    """Put together what was counted of each turn.

    Parameters
    ----------
    ribbon : Ribbon
        The turns, and what was said inside them.
    texts : sequence of str, length n_rows
        The text of each row (`duologue.engine.turns.ribbon.row_texts`).
    counted : Wording
        What was found in these texts.
    function_words : container of str
        Lower-case words that carry no content of their own. Acknowledgements do not
        either, whether they are in it or not.
    offset_s : array_like, shape (n_turns - 1,), optional
        `Changes.offset_s` of the same turns; empty, as where timing was refused, if
        they are not known.

    Returns
    -------
    TurnSigns

    Raises
    ------
    ParameterError
        If texts, counts or offsets are not of as many rows or turns as the ribbon.
    """
    n_rows, turns = ribbon.kind.size, ribbon.turns
    if len(texts) != n_rows or counted.words_in_each.size != n_rows:
        raise ParameterError(
            f"texts and counted must be of {n_rows} rows, got {len(texts)} and "
            f"{counted.words_in_each.size}."
        )
    of_turns = [texts[row] for row in turns]

    def each(sign: Sign) -> Ints:
        return counted.of(sign).in_each(n_rows)[turns]

    return TurnSigns(
        row=turns,
        seat=ribbon.seat[turns],
        n_words=counted.words_in_each[turns],
        i_words=each(Sign.I_WORDS),
        you_words=each(Sign.YOU_WORDS),
        thinking=each(Sign.THINKING),
        here_and_now=each(Sign.HERE_AND_NOW),
        asks=ribbon.asks[turns],
        acknowledges=np.array([is_acknowledgement(t) for t in of_turns], np.bool_),
        offset_s=_offsets(offset_s, turns.size),
        backchannels=_backchannels(ribbon),
        content=tuple(_content(t, function_words) for t in of_turns),
    )


def _offsets(offset_s: ArrayLike, n_turns: int) -> Floats:
    known = np.asarray(offset_s, dtype=np.float64)
    if known.size == 0:
        return np.full(n_turns, np.nan)
    if known.shape != (n_turns - 1,):
        raise ParameterError(
            f"offset_s must be of the changes between {n_turns} turns, or empty, "
            f"got shape {known.shape}."
        )
    return np.concatenate([[np.nan], known])


def _backchannels(ribbon: Ribbon) -> Ints:
    """Count the other's backchannels within each turn: those that begin before the next."""
    turns = ribbon.turns
    given = np.flatnonzero(ribbon.kind == Kind.BACKCHANNEL)
    turn = np.searchsorted(turns, given) - 1
    to_the_other = (turn >= 0) & (ribbon.seat[turns[turn]] != ribbon.seat[given])
    return np.bincount(turn[to_the_other], minlength=turns.size)


def _content(text: str, function_words: Container[str]) -> Content:
    parts = {part for word in words_of(text, Tokeniser.OWN) for part in opened(word)}
    return frozenset(
        part
        for part in parts
        if part not in function_words and not is_acknowledgement(part)
    )
