"""The ways in which somebody can sign in: never by a password alone."""

from allauth.mfa.models import Authenticator

from duologue.store.models import Person


def ways_in(
    person: Person, *, without: Authenticator | None = None
) -> tuple[Authenticator, ...]:
    """Return what lets somebody in: passkeys, and an app's codes beside a password.

    Parameters
    ----------
    person : Person
        Whose.
    without : Authenticator, optional
        One that is left out: what would be left without it?
    """
    rows = Authenticator.objects.filter(user=person).order_by("pk")
    if without is not None:
        rows = rows.exclude(pk=without.pk)
    kinds = [Authenticator.Type.WEBAUTHN]
    if person.has_usable_password():
        kinds.append(Authenticator.Type.TOTP)
    return tuple(row for row in rows if row.type in kinds)


def has_way_in(person: Person) -> bool:
    """Whether somebody can sign in with two proofs, or one that is as good."""
    return bool(ways_in(person))
