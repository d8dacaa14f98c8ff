"""The pair of Ann and the therapist, seat by seat, for tests of the store."""

from contextlib import contextmanager

from django.db import transaction

from app_people import NOW
from duologue.records import Seat
from duologue.store import actions, queries
from duologue.store.models import Dyad

C, T = Seat.CLIENT, Seat.THERAPIST
WHO = {C: "ann", T: "therapist"}
"""Who of the small practice sits in which seat."""


@contextmanager
def undone():
    """Do something to the store, and leave nothing of it behind."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class Two:
    """What the two do, and what each sees, of one session unless another is named."""

    def __init__(self, world, number=3):
        self.world, self.number = world, number
        self.ref = world.ref("ann")

    def person(self, seat):
        """Return who sits in this seat."""
        return self.world.people[WHO[seat]]

    def do(self, action, seat, *args, now=NOW, **more):
        """Let one of the two do something to the pair."""
        return action(self.person(seat), self.ref, *args, now=now, **more)

    def which(self, number):
        """Return the number of a session: the usual one, if none is named."""
        return self.number if number is None else number

    def answer(self, seat, number=None, now=NOW, **answers):
        """Let one of the two answer."""
        return self.do(actions.reflect, seat, self.which(number), answers, now=now)

    def goal(self, words="To sleep through (made up).", now=NOW):
        """Let the client propose a goal and the therapist accept it; return its ref."""
        self.do(actions.propose_goal, C, words, now=now)
        waits = next(
            g for g in queries.goals(self.pair(C)).new if g.waits.words == words
        )
        self.do(actions.accept_goal, T, waits.waits.ref, now=now)
        return waits.ref

    def goals(self, seat=C):
        """Return the goals as this seat sees them."""
        return queries.goals(self.pair(seat))

    def forms(self, seat=C, now=NOW):
        """Return the forms as this seat sees them."""
        return queries.forms(self.pair(seat), now=now)

    def willing(self, *seats, number=None, now=NOW):
        """Let these be willing; both, if none is named."""
        for seat in seats or Seat:
            self.do(actions.say_willing, seat, self.which(number), now=now)

    def open(self, number=None, now=NOW, **answers):
        """Let both answer, the client's value first, and be willing."""
        for item, values in {"open": (70.0, 40.0), **answers}.items():
            for seat, value in zip(Seat, values, strict=True):
                self.answer(seat, number, now, **{item: value})
        self.willing(number=number, now=now)

    def pair(self, seat):
        """Return the pair as this seat knows it."""
        return queries.find_pair(self.person(seat), self.ref)

    def session(self, seat, number=None, now=NOW):
        """Return a session as this seat may see it."""
        return queries.session_seen(self.pair(seat), self.which(number), now=now)

    def item(self, seat, item="open", number=None, now=NOW):
        """Return one item of a session as this seat may see it."""
        seen = self.session(seat, number, now)
        return next(i for i in seen.items if i.item.id == item)

    def seen(self, seat):
        """Return everything that this seat may see."""
        return queries.seen(self.pair(seat))

    def room(self, seat, now=NOW):
        """Return the room as this seat may see it."""
        return queries.find_room(self.pair(seat), now=now)

    def dyad(self):
        """Return the pair as it stands in the table."""
        return Dyad.objects.get(ref=self.ref)

    def revisions(self):
        """Return the revisions: the client's, the therapist's, and of both."""
        dyad = self.dyad()
        return (dyad.client_revision, dyad.therapist_revision, dyad.ours_revision)
