"""Who may sign in: in a demo, made-up people by their link. Nobody else, anywhere."""

from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.core import signing
from django.http import HttpRequest

from duologue.store.models import Person
from duologue.store.queries import demo_person, demo_person_numbered

SALT = "duologue.demo-link"


def link_token(code: str) -> str:
    """Return what stands in a made-up person's link: their code, signed."""
    return signing.Signer(salt=SALT).sign(code)


class ByDemoLink(BaseBackend):
    """Sign a made-up person in by the link that the terminal printed."""

    def authenticate(
        self, request: HttpRequest | None, demo_link: str = "", **_: object
    ) -> Person | None:
        """Return the person of the link; ``None`` for any other, and outside a demo."""
        if not settings.DEMO:
            return None
        try:
            code = signing.Signer(salt=SALT).unsign(demo_link)
        except signing.BadSignature:
            return None
        return demo_person(code)

    def get_user(self, user_id: int) -> Person | None:
        """Return the person of a visit that has begun."""
        if not settings.DEMO:
            return None
        return demo_person_numbered(user_id)
