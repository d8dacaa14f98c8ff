"""Who asks: the signed-in person, typed."""

from django.http import HttpRequest

from duologue.errors import NotYoursError
from duologue.records import Seat
from duologue.store.models import Person
from duologue.store.queries import Pair, find_pair


def person_of(request: HttpRequest) -> Person:
    """Return the person who is signed in; a view without one is not reached."""
    if not isinstance(request.user, Person):
        raise TypeError("this page needs somebody who is signed in.")
    return request.user


def pair_of(request: HttpRequest, ref: str) -> Pair:
    """Return a pair of the person's who is signed in, or refuse as if there were none."""
    return find_pair(person_of(request), ref)


def holder_of(request: HttpRequest, ref: str) -> Pair:
    """Return a pair whose frame this person holds, or refuse as if there were none."""
    pair = pair_of(request, ref)
    if pair.seat is not Seat.THERAPIST:
        raise NotYoursError("the frame is the therapist's to hold.")
    return pair
