"""What the library for signing in asks of us: seeds are sealed, and it mails nothing."""

from io import BytesIO
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.urls import reverse

from duologue.store.keys.factors import seal_seed, unseal_seed
from duologue.store.models import Person
from duologue.store.ways import has_way_in, ways_in
from duologue.web.account.visits import is_recovering

SAYS = {
    "mfa_reauthenticate_webauthn": "use a passkey",
    "mfa_reauthenticate": "a code of my app, or a recovery code",
    "account_reauthenticate": "my password",
}
"""How one can show again who one is."""

INVITATION = "invitation"
"""Where a visit keeps the digest of the code with which somebody came."""


class Accounts(DefaultAccountAdapter):
    """Accounts are codes: one is invited, and nobody is written to."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Say that nobody signs up: one is invited."""
        del request
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Return where somebody goes who has a new password: to their account."""
        del request
        return reverse("me")

    def is_reauthentication_required(self, *args: Any, **kwargs: Any) -> bool:
        """Say whether one must show again who one is: not while one has no way in."""
        person = context.request.user
        lost = is_recovering(context.request)
        if isinstance(person, Person) and (lost or not has_way_in(person)):
            return False
        return bool(super().is_reauthentication_required(*args, **kwargs))

    def get_reauthentication_methods(self, user: Person) -> list[dict[str, Any]]:
        """Return in which ways one can show again who one is: the passkey first."""
        found: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [
            {**way, "description": SAYS[url_name]}
            for url_name in SAYS
            for way in found
            if way["url"] == reverse(url_name)
        ]

    def send_mail(self, template_prefix: str, email: str, context: object) -> None:
        """Refuse to write to anybody: no account has an address."""
        raise NotImplementedError(f"no account is mailed to: {template_prefix}")

    def send_notification_mail(self, *args: object, **kwargs: object) -> None:
        """Do nothing: no account has an address to write to."""


class Factors(DefaultMFAAdapter):
    """Passkeys, codes of an app, and recovery codes."""

    def encrypt(self, text: str) -> str:
        """Seal the seed of an app's codes, or of recovery codes."""
        return seal_seed(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Open it again."""
        return unseal_seed(encrypted_text)

    def build_totp_svg(self, url: str) -> str:
        """Draw the code that an app scans."""
        drawn = BytesIO()
        segno.make(url, micro=False).save(
            drawn, kind="svg", xmldecl=False, scale=5, border=2, light="#fff"
        )
        return drawn.getvalue().decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Say whether something can go: not the last way in."""
        if authenticator.type == Authenticator.Type.RECOVERY_CODES:
            return True
        return bool(ways_in(authenticator.user, without=authenticator))

    def generate_authenticator_name(
        self,
        user: Person,
        type: Authenticator.Type,  # noqa: A002 - the library's own name for it
    ) -> str:
        """Return what a new passkey is called until its owner calls it something."""
        n = Authenticator.objects.filter(user=user, type=type).count()
        return "Passkey" if n == 0 else f"Passkey {n + 1}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return for whom a passkey is: the host, under a name that says nothing."""
        return {**super().get_public_key_credential_rp_entity(), "name": "Duologue"}

    def get_public_key_credential_user_entity(self, user: Person) -> dict[str, object]:
        """Return whose passkey it is: a code, also where the device lists it."""
        return {
            **super().get_public_key_credential_user_entity(user),
            "display_name": user.code,
        }
