"""The codes of invitations: made by chance, kept as digests, and ended for good."""

import hashlib
import secrets
from datetime import datetime

from allauth.mfa.models import Authenticator

from duologue.store.actions.ways import list_ended
from duologue.store.models import Invitation
from duologue.store.models.person import CODE_LETTERS
from duologue.store.ways import named

N_LETTERS, A_GROUP = 28, 4
"""Of a code: 138 random bits, written in groups."""


def new_code() -> str:
    """Make a code, to be handed on and kept nowhere."""
    drawn = "".join(secrets.choice(CODE_LETTERS) for _ in range(N_LETTERS))
    return "-".join(drawn[i : i + A_GROUP] for i in range(0, N_LETTERS, A_GROUP))


def digest_of(code: str) -> str:
    """Return what is kept of a code; groups, capitals and spaces make no difference."""
    letters = "".join(letter for letter in code.lower() if letter.isalnum())
    return hashlib.sha256(letters.encode()).hexdigest()


def name_of_code(invitation: Invitation) -> str:
    """Return the name by which a code is listed once it has ended."""
    return named("invitation", invitation.digest)


def end_code(invitation: Invitation, now: datetime) -> None:
    """End a code, and whatever somebody has begun who came with it and is nobody yet."""
    if invitation.ends_at > now:
        list_ended([name_of_code(invitation)])
    kept_free = invitation.person
    Authenticator.objects.filter(user=kept_free).delete()
    kept_free.set_unusable_password()  # another one: a visit ends with the one it knows
    kept_free.save(update_fields=["password"])


def end_codes(names: set[str]) -> None:
    """End again the codes that are listed by these names: nobody has the new one."""
    for invitation in Invitation.objects.all():
        if name_of_code(invitation) in names:
            invitation.digest = digest_of(new_code())
            invitation.save(update_fields=["digest"])
