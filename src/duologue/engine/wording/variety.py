"""How varied the words of each person are, however many they said."""

from collections.abc import Sequence

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from duologue.errors import ParameterError

WINDOW, STEP = 50, 5


def variety(words: Sequence[str], *, window: int = WINDOW, step: int = STEP) -> float:
    """Return the mean share of different words in a window that moves along (MATTR).

    Parameters
    ----------
    words : sequence of str
        All words of one person in their order (`tokenisers.words_of`).
    window, step : int
        Words of a window, and how far it moves; 1 or more.

    Returns
    -------
    float
        Above 0, and 1 where no word comes twice in a window; ``nan`` with fewer words
        than one window.

    Raises
    ------
    ParameterError
        If a window or a step has no word.

    References
    ----------
    Covington, M. A., & McFall, J. D. (2010). Journal of Quantitative Linguistics, 17(2),
    94-100. https://doi.org/10.1080/09296171003643098

    Examples
    --------
    >>> print(f"{variety(['a', 'b', 'a', 'c'], window=3, step=1):.3f}")
    0.833
    """
    for name, value in (("window", window), ("step", step)):
        if value < 1:
            raise ParameterError(f"{name} must be 1 or more, got {value}.")
    if len(words) < window:
        return float("nan")
    last: dict[str, int] = {}
    before = np.empty(len(words), dtype=np.int64)  # where each was said before
    for place, word in enumerate(words):
        before[place] = last.get(word, -1)
        last[word] = place
    begins = np.arange(0, len(words) - window + 1, step)
    new = sliding_window_view(before, window)[begins] < begins[:, None]
    return float(new.mean(axis=1).mean())
