"""One question for two people who look at their page together."""

from duologue.relationship.templates import FELT_MET, QUESTIONS

EVERY = 3
"""Every third time that the two open together they are asked whether it felt met."""


def one_question(session: int, *, opening: int) -> str:
    """Return one question for the two of them, by a schedule that both know.

    It never depends on an answer: a question that did would say what the page does not.

    Parameters
    ----------
    session : int
        The number of the session that they look back on: the questions take turns by it.
    opening : int
        How often they have opened together, this time with them. Every third time the
        question is whether it felt met.

    Examples
    --------
    >>> one_question(1, opening=1) == one_question(2, opening=2)
    False
    >>> one_question(1, opening=3)
    'When you went deeper, did it feel met?'
    """
    if opening % EVERY == 0:
        return FELT_MET
    return QUESTIONS[session % len(QUESTIONS)]
