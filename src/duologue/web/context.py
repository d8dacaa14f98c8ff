"""What every page knows: whether it is a demo, and who is here."""

from django.conf import settings
from django.http import HttpRequest

from duologue.store.models import Person


def every_page(request: HttpRequest) -> dict[str, object]:
    """Return the code of whoever is signed in, and whether this is a demo."""
    person = getattr(request, "user", None)
    return {
        "demo": settings.DEMO,
        "me": person.code if isinstance(person, Person) else "",
    }
