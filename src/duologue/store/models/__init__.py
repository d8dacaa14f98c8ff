"""The tables: every rule that must always hold is a constraint of the database."""

from duologue.store.models.agreement import Agreement
from duologue.store.models.attempts import Attempts
from duologue.store.models.card import Card
from duologue.store.models.consent import Consent
from duologue.store.models.contact import Contact, Reachable
from duologue.store.models.dyad import Dyad
from duologue.store.models.event import Event
from duologue.store.models.goal import Goal, GoalRating, GoalReview, GoalWording
from duologue.store.models.invitation import Invitation
from duologue.store.models.measure import FilledForm, FormRhythm
from duologue.store.models.pack import FormPack
from duologue.store.models.person import Person, Practice
from duologue.store.models.preferences import Preferences
from duologue.store.models.private import PrivatePage
from duologue.store.models.put_card import PutCard
from duologue.store.models.recording import Recording
from duologue.store.models.reflection import Answer, LaterThought, Reflection
from duologue.store.models.reminder import Reminder
from duologue.store.models.room import Room
from duologue.store.models.session import Session
from duologue.store.models.transcript import HereAndNow, Transcript
from duologue.store.models.withdrawal import Withdrawal

__all__ = [
    "Agreement",
    "Answer",
    "Attempts",
    "Card",
    "Consent",
    "Contact",
    "Dyad",
    "Event",
    "FilledForm",
    "FormPack",
    "FormRhythm",
    "Goal",
    "GoalRating",
    "GoalReview",
    "GoalWording",
    "HereAndNow",
    "Invitation",
    "LaterThought",
    "Person",
    "Practice",
    "Preferences",
    "PrivatePage",
    "PutCard",
    "Reachable",
    "Recording",
    "Reflection",
    "Reminder",
    "Room",
    "Session",
    "Transcript",
    "Withdrawal",
]
