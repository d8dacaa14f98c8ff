"""A small practice for tests of the store and the app: two therapists, a few clients.

ann, bo   clients of the therapist
kim       a client of the other therapist
sup       the therapist's supervisor
out       somebody with no pair at all
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from duologue.records import Kind, Mode, Supervision, Terms
from duologue.store.actions.agreeing import keep_agreed
from duologue.store.models import Dyad, Person, Practice, Session

NOW = datetime(2026, 3, 30, 18, 0, tzinfo=UTC)
"""The moment at which every test stands still."""

MIDNIGHT = datetime(2026, 3, 29, 23, 0, tzinfo=UTC)
"""When that day began, in London."""

AGREED = Terms(
    length_min=50,
    rhythm="every week",
    frame="In the room with the green door (made up).",
    confidentiality="What is said there stays there (made up).",
    supervision=Supervision.THEMES,
    keep_free_text_days=90,
    keep_numbers_years=7,
)
"""What each pair has agreed."""

CRISIS = "Ring the practice on its own line (made up)."

TELLING = "What happens if somebody tells is made up as well."
WORK_HERE = ("therapist", "other_therapist", "sup")


@dataclass
class World:
    """The people by name, and the pairs by their client's name."""

    practice: Practice
    people: dict
    dyads: dict

    def __getattr__(self, name):
        """Return a person."""
        try:
            return self.people[name]
        except KeyError:
            raise AttributeError(name) from None

    def ref(self, client):
        """Return the address of a pair."""
        return self.dyads[client].ref


def person(code, *, works_at=None):
    """Return a made-up person, stored."""
    made = Person(code=code, made_up=True, practice=works_at)
    made.set_unusable_password()
    made.save()
    return made


def dyad(practice, client, therapist, *, kind=Kind.THERAPY, ref=None, sessions=4):
    """Return a pair with weekly sessions, the last but one a day before `NOW`."""
    made = Dyad.objects.create(
        code=f"pair-{client.code}",
        practice=practice,
        client=client,
        therapist=therapist,
        client_code=client.code,
        therapist_code=therapist.code,
        kind=kind,
        **({"ref": ref} if ref else {}),
    )
    keep_agreed(made, AGREED, day=(NOW - timedelta(weeks=5)).date())
    for number in range(1, sessions + 1):
        start = NOW - timedelta(days=1) + timedelta(weeks=number - sessions + 1)
        begun = start <= NOW
        Session.objects.create(
            dyad=made,
            number=number,
            planned_start=start,
            started=start if begun else None,
            ended=start + timedelta(minutes=50) if begun else None,
            mode=Mode.ROOM,
        )
    return made


def make_world():
    """Store the practice, with addresses that are the same in every test."""
    practice = Practice.objects.create(
        name="A made-up practice",
        crisis=CRISIS,
        telling=TELLING,
        supervisor="Ring the made-up supervisor.",
        wellbeing="Ring the made-up line for therapists.",
        made_up=True,
    )
    clients, works_here = ("ann", "bo", "kim", "out"), WORK_HERE
    people = {name: person(f"{name}-code") for name in clients} | {
        name: person(f"{name}-code", works_at=practice) for name in works_here
    }
    dyads = {
        "ann": dyad(practice, people["ann"], people["therapist"], ref="ref-of-ann"),
        "bo": dyad(practice, people["bo"], people["therapist"], ref="ref-of-bo"),
        "kim": dyad(practice, people["kim"], people["other_therapist"], ref="ref-kim"),
        "sup": dyad(
            practice,
            people["therapist"],
            people["sup"],
            kind=Kind.SUPERVISION,
            ref="ref-of-sup",
        ),
    }
    return World(practice=practice, people=people, dyads=dyads)
