"""From what a person may see to what may be said of it, and how sure."""

from duologue.relationship.edges import became_of
from duologue.relationship.finding import (
    Chart,
    Finding,
    Level,
    Picture,
    Reading,
    Series,
    Strand,
    Track,
    Whose,
)
from duologue.relationship.question import one_question
from duologue.relationship.read import read

__all__ = [
    "Chart",
    "Finding",
    "Level",
    "Picture",
    "Reading",
    "Series",
    "Strand",
    "Track",
    "Whose",
    "became_of",
    "one_question",
    "read",
]
