"""What every page knows: whether it is a demo, and who is here."""

from django.conf import settings
from django.http import HttpRequest

from duologue.store.models import Person


def every_page(request: HttpRequest) -> dict[str, object]:
    """Return whether somebody is signed in, and whether this is a demo, as whom of it."""
    person = getattr(request, "user", None)
    me = ""
    if isinstance(person, Person) and person.made_up and settings.DEMO:
        me = person.code
    return {
        "demo": settings.DEMO,
        "signed_in": isinstance(person, Person),
        "me": me,
        "idle_s": settings.IDLE_S,
    }
