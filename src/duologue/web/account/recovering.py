"""Coming in with a recovery code alone: for whoever has lost the only passkey they had."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import context, ratelimit
from allauth.mfa.models import Authenticator
from django import forms

from duologue.store import actions, queries
from duologue.store.models import Person
from duologue.store.models.event import What
from duologue.web import clock

REFUSED = (
    "That does not fit. Please look at both once more: your own code, and a recovery code "
    "that was not used before. If you have a password, sign in with it."
)


class RecoveryForm(forms.Form):
    """One's own code and a recovery code; whatever does not fit, the same is said."""

    login = forms.CharField(max_length=40)
    code = forms.CharField(max_length=40)
    person: Person

    def clean(self) -> dict[str, Any]:
        """Use the recovery code up, or refuse."""
        given: dict[str, Any] = super().clean() or {}
        if not self.errors:
            self.person = _shown_by(given["login"].strip().lower(), given["code"])
        return given


def _shown_by(login: str, code: str) -> Person:
    """Return whose recovery code it is; five tries in five minutes, whoever it may be.

    Whoever has a password shows that first: the code is their second proof.
    """
    request, person = context.request, queries.person_signing_in(login)
    # The same count as where a code is the second proof.
    key = f"recovery-{login}" if person is None else f"mfa-auth-user-{person.pk}"
    if not ratelimit.consume(request, action="login_failed", key=key):
        raise get_adapter().validation_error("too_many_login_attempts")
    if person is None or person.has_usable_password() or not _use_up(person, code):
        now = clock.now()
        actions.note_way_in(person, What.SIGN_IN_REFUSED, now=now, once_a_day=True)
        raise forms.ValidationError(REFUSED)
    ratelimit.clear(request, action="login_failed", key=key)
    return person


def _use_up(person: Person, code: str) -> bool:
    """Whether it was one of their recovery codes, and had not been used before."""
    kept = Authenticator.objects.filter(
        user=person, type=Authenticator.Type.RECOVERY_CODES
    ).first()
    return kept is not None and kept.wrap().validate_code(code)
