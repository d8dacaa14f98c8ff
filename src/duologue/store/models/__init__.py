"""The tables: every rule that must always hold is a constraint of the database."""

from duologue.store.models.card import Card
from duologue.store.models.dyad import Dyad
from duologue.store.models.person import Person, Practice
from duologue.store.models.reflection import Answer, LaterThought, Reflection
from duologue.store.models.room import Room
from duologue.store.models.session import Session

__all__ = [
    "Answer",
    "Card",
    "Dyad",
    "LaterThought",
    "Person",
    "Practice",
    "Reflection",
    "Room",
    "Session",
]
