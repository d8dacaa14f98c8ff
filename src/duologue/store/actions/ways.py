"""Listing what lets nobody in any more, so that no backup lets anybody in by it."""

from collections.abc import Iterable

from allauth.mfa.models import Authenticator

from duologue.store.actions.changing import list_withdrawn
from duologue.store.models import Withdrawal
from duologue.store.models.withdrawal import Withdrawn
from duologue.store.ways import codes_used, name_of


def list_way_in(row: Authenticator, *, is_gone: bool) -> None:
    """List what of a way in lets nobody in any more.

    Parameters
    ----------
    row : Authenticator
        A passkey, an app's codes or recovery codes.
    is_gone : bool
        Whether it was removed; else only those of its codes that were used.
    """
    if is_gone:
        list_ended([name_of(row)])
    else:
        list_ended(codes_used(row).values())


def list_ended(names: Iterable[str]) -> None:
    """List what has ended by the names that were made of it; what is listed stays so."""
    rows = [Withdrawal(ref=name, what=Withdrawn.RECORD) for name in names if name]
    if rows:
        Withdrawal.objects.bulk_create(rows, ignore_conflicts=True)
        list_withdrawn()
