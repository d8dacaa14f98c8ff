"""What every page knows: whether it is a demo, and who is here."""

from django.conf import settings
from django.http import HttpRequest

from duologue.store.models import Person
from duologue.web.account.visits import FRESH_S


def every_page(request: HttpRequest) -> dict[str, object]:
    """Return whether somebody is signed in, whether this is a demo, as whom of it.

    And for how long a visit lasts without a look, which its page warns of.
    """
    person = getattr(request, "user", None)
    me = ""
    if isinstance(person, Person) and person.made_up and settings.DEMO:
        me = person.code
    return {
        "demo": settings.DEMO,
        "signed_in": isinstance(person, Person),
        "me": me,
        "idle_s": settings.IDLE_S,
        "fresh_s": FRESH_S,
    }
