"""One question for two people who look at their page together."""

from duologue.relationship.finding import Reading, Whose
from duologue.relationship.templates import QUESTIONS


def one_question(reading: Reading) -> str:
    """Return one question for the two of them.

    It is that of the first finding of both that stands out and asks something;
    otherwise a general one, in turn by the number of sessions held, which both know.

    Parameters
    ----------
    reading : Reading
        What both may see.
    """
    for finding in reading.cards:
        if finding.whose is Whose.OURS and finding.question:
            return finding.question
    return QUESTIONS[reading.n_held % len(QUESTIONS)]
