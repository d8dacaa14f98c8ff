"""The ways in which somebody can sign in: never by a password alone.

The rows are those of the library for signing in. What was removed of them, and what was
used up, is listed by names that are made of it, so that no backup brings it back.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from allauth.mfa.models import Authenticator
from django.db import transaction

from duologue.store.keys.factors import unseal_seed
from duologue.store.models import Person

KINDS = Authenticator.Type
NAME_LETTERS = 32
"""Of a name on the list of what was withdrawn: as a record's id is written."""


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
    kinds = [KINDS.WEBAUTHN]
    if person.has_usable_password():
        kinds.append(KINDS.TOTP)
    return tuple(row for row in rows if row.type in kinds)


def has_way_in(person: Person) -> bool:
    """Whether somebody can sign in with two proofs, or one that is as good."""
    return bool(ways_in(person))


@contextmanager
def changing_ways(person: Person) -> Iterator[None]:
    """Change how somebody signs in: one change at a time, all of it is kept or nothing.

    What is asked inside of what they have stays so until the change is done.
    """
    with transaction.atomic():
        list(Person.objects.select_for_update().filter(pk=person.pk))
        yield


def name_of(row: Authenticator) -> str:
    """Return the name under which a way in is listed once it is gone; blank if it has none.

    A passkey's is made of its number, an app's and that of recovery codes of their seeds:
    by chance, all of them.
    """
    if row.type == KINDS.WEBAUTHN:
        number = row.data.get("credential", {}).get("id", "")
        return named(row.type, number) if number else ""
    seed = "secret" if row.type == KINDS.TOTP else "seed"
    return named(row.type, unseal_seed(row.data[seed]))


def codes_used(row: Authenticator) -> dict[int, str]:
    """Return which recovery codes are used up, each with the name that it is listed by."""
    used = row.data.get("used_mask", 0)
    return {i: n for i, n in codes_of(row).items() if used >> i & 1} if used else {}


def codes_of(row: Authenticator) -> dict[int, str]:
    """Return the names by which recovery codes are listed; none for anything else."""
    if row.type != KINDS.RECOVERY_CODES:
        return {}
    seed = unseal_seed(row.data["seed"])
    n_codes = len(row.wrap().generate_codes())
    return {i: named(row.type, f"{seed} {i}") for i in range(n_codes)}


def named(kind: str, said: str) -> str:
    """Return a name for the list of what was withdrawn, made of something by chance."""
    return hashlib.sha256(f"{kind} {said}".encode()).hexdigest()[:NAME_LETTERS]
