"""Codes for why something is not said; their words belong to whoever shows them."""

from enum import StrEnum


class Reason(StrEnum):
    """Why something is not said of a pair, or of one of the two."""

    NO_ANSWER = "no_answer"
    """The person answered nothing: nothing is said of them."""

    FEW_ANSWERS = "few_answers"
    """The person answered too few times for a line; points may be shown."""

    FEW_SESSIONS = "few_sessions"
    """Too few sessions were answered by both for who influences whom."""

    FEW_PEOPLE = "few_people"
    """Too few people have what is asked about."""

    UNDECIDED = "undecided"
    """No outcome is probable enough."""

    HANGS_ON_SPREAD = "hangs_on_spread"
    """The outcome differs with how much couplings are taken to differ over pairs."""

    FEW_POINTS = "few_points"
    """Too few points carry the weight: the sum is not to be trusted."""

    POPULATION = "population"
    """The population is not known well enough to tell couplings from."""

    NOT_ASKED = "not_asked"
    """It was not asked for."""
