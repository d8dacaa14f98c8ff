"""The words of the records as choices and constraints of the database."""

from enum import StrEnum

from django.db.models import CheckConstraint, Q
from django.db.models.functions import Length, Trim
from django.db.models.lookups import Exact, GreaterThan

from duologue.records import Seat


def one_of(words: type[StrEnum]) -> list[tuple[str, str]]:
    """Return the choices of a field that holds one of these words."""
    return [(word.value, word.value) for word in words]


def is_one_of(field: str, words: type[StrEnum]) -> Q:
    """Return the condition that a field holds one of these words."""
    return Q(**{f"{field}__in": [word.value for word in words]})


def says_something(field: str) -> GreaterThan:
    """Return the condition that a text is more than spaces."""
    return GreaterThan(Length(Trim(field)), 0)


def is_this_long(field: str, n_characters: int) -> Exact:
    """Return the condition that a text has just so many characters."""
    return Exact(Length(field), n_characters)


def only(name: str, condition: Q | GreaterThan | Exact) -> CheckConstraint:
    """Return a constraint of this name."""
    return CheckConstraint(name=name, condition=condition)


def only_seats(name: str, field: str = "seat") -> CheckConstraint:
    """Return the constraint that a field names one of the two seats."""
    return only(name, is_one_of(field, Seat))
