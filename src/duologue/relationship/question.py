"""One question for two people who look at their page together."""

from duologue.relationship.templates import QUESTIONS


def one_question(session: int) -> str:
    """Return one question for the two of them, in turn by the number of the session.

    It never depends on an answer: a question that did would say what the page does not.

    Parameters
    ----------
    session : int
        The session that they look back on.

    Examples
    --------
    >>> one_question(1) == one_question(2)
    False
    """
    return QUESTIONS[session % len(QUESTIONS)]
