"""How alike turns are in what they say: as counts of words, or as a model places them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array

from duologue.engine.matching.pairs import Bools, Floats, Ints
from duologue.engine.matching.suffixes import numbered
from duologue.errors import ParameterError

Encoder = Callable[[list[str]], ArrayLike]
"""Anything that turns n texts into n vectors of one length, shape (n, d). None is loaded
here: a model is a file, and the engine knows no files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnVectors:
    """One direction a turn; how alike two turns are is the cosine between theirs.

    Attributes
    ----------
    unit : csr_array or ndarray, shape (n_turns, d)
        Of length 1; zeros for a blank turn.
    blank : ndarray of bool, shape (n_turns,)
        Turns that have no direction.
    """

    unit: csr_array | Floats
    blank: Bools

    def between(self, one: Ints, other: Ints) -> Floats:
        """Return the cosine of turns two by two, -1 to 1; ``nan`` where one is blank.

        Parameters
        ----------
        one, other : ndarray of int, shape (n_pairs,)
            Indices of turns.
        """
        found = np.empty(len(one))
        if isinstance(self.unit, csr_array):
            found[:] = (self.unit[one] * self.unit[other]).sum(axis=1, dtype=None)
        else:
            found[:] = np.einsum("ij,ij->i", self.unit[one], self.unit[other])
        found[self.blank[one] | self.blank[other]] = np.nan
        return found

    def table(self, rows: Ints, columns: Ints) -> Floats:
        """Return the cosine of each of some turns with each of others.

        Parameters
        ----------
        rows, columns : ndarray of int
            Indices of turns.

        Returns
        -------
        ndarray, shape (n_rows, n_columns)
            -1 to 1; ``nan`` where either turn is blank.
        """
        found = self.unit[rows] @ self.unit[columns].T
        table = np.array(
            found.toarray() if isinstance(found, csr_array) else found, np.float64
        )
        table[self.blank[rows], :] = np.nan
        table[:, self.blank[columns]] = np.nan
        return table


def lexical(turns: Sequence[Sequence[str]]) -> TurnVectors:
    """Place turns by how often they use each word, function words among them.

    Parameters
    ----------
    turns : sequence of sequence of str
        The words of each turn, as `tokens.opened_words` gives them.

    Returns
    -------
    TurnVectors
        A cosine of these (`lexcos`) is 0 where two turns have no word in common. A turn
        without words is blank.

    Examples
    --------
    >>> vectors = lexical([["a", "hard", "week"], ["hard", "how"], []])
    >>> print(vectors.between(np.array([0, 0]), np.array([1, 2])).round(3))
    [0.408   nan]
    """
    codes, words = numbered(turns)
    n_words = np.array([each.size for each in codes], dtype=np.int64)
    column = np.concatenate(codes) if codes else np.empty(0, dtype=np.int64)
    row = np.repeat(np.arange(len(codes)), n_words)
    shape = (len(codes), max(len(words), 1))
    counts = csr_array((np.ones(column.size), (row, column)), shape=shape)
    counts.sum_duplicates()
    length = np.sqrt(np.bincount(_rows(counts), counts.data**2, minlength=shape[0]))
    counts.data /= length[_rows(counts)]
    return TurnVectors(unit=counts, blank=n_words == 0)


def encoded(texts: Sequence[str], encoder: Encoder) -> TurnVectors:
    """Place turns as a model of sentences does, each whole turn as one sentence.

    Parameters
    ----------
    texts : sequence of str
        The text of each turn. Blank ones are not given to the model.
    encoder : callable
        Takes a list of n texts, returns n vectors of one length. Models are not
        interchangeable: keep which one it was with what is counted.

    Returns
    -------
    TurnVectors
        A blank text, and a vector of zeros, is blank.

    Raises
    ------
    ParameterError
        If the model returns anything but one finite vector a text.
    """
    said = np.array([bool(text.strip()) for text in texts], dtype=np.bool_)
    given = [text for text in texts if text.strip()]
    vectors = np.asarray(encoder(given) if given else np.empty((0, 1)), np.float64)
    if vectors.ndim != 2 or len(vectors) != len(given):
        raise ParameterError(
            f"encoder must return one vector for each of {len(given)} texts, "
            f"got the shape {vectors.shape}."
        )
    if not np.isfinite(vectors).all():
        raise ParameterError("encoder must return finite numbers, got others.")
    length = np.linalg.norm(vectors, axis=1)
    unit = np.zeros((said.size, vectors.shape[1]))
    unit[said] = vectors / np.where(length > 0, length, 1.0)[:, None]
    blank = ~said
    blank[said] = length == 0
    return TurnVectors(unit=unit, blank=blank)


def _rows(counts: csr_array) -> Ints:
    """Return the row of each number that is kept."""
    return np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
