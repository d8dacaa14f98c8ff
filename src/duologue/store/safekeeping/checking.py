"""Checking a practice: the files, the database, everything that is sealed, the chain.

Django must be set up for the practice, and its keys held.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from django.apps import apps
from django.db import DatabaseError, connection
from django.db.models import Model

from duologue.errors import FileError, SealError
from duologue.store import chain
from duologue.store.chain import NO_EVENT
from duologue.store.folder import DATABASE, HEAD, WITHDRAWN
from duologue.store.keys import keyfile, ring
from duologue.store.keys.factors import SEEDS, unseal_seed
from duologue.store.keys.records import record_id
from duologue.store.models import Event, Withdrawal
from duologue.store.models.sealed import HoldsAKey, SealedTextField, WithSealedText
from duologue.store.safekeeping.database import check_file, few
from duologue.store.withdrawn import read_outside

LATER = "A change was interrupted; the next `duologue serve` or `rekey` mends it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What was found: nothing of what anybody wrote.

    Attributes
    ----------
    faults : tuple of str
        What is wrong.
    notices : tuple of str
        What is worth knowing, and no fault.
    n_texts, n_events : int
        How many sealed texts were opened, and how long the chain of events is.
    """

    faults: tuple[str, ...]
    notices: tuple[str, ...]
    n_texts: int
    n_events: int


def check_practice(folder: Path) -> Findings:
    """Check everything that a practice's folder holds."""
    inside = check_inside(folder)
    of_keys = keyfile.damaged_copies(folder)
    between = [f"{words} {LATER}" for words in of_keys if words == keyfile.DIFFERENT]
    on_server = connection.vendor != "sqlite"  # which checks its own files
    return replace(
        inside,
        faults=(
            *(words for words in of_keys if words != keyfile.DIFFERENT),
            *(() if on_server else check_file(folder / DATABASE, ring.current())),
            *inside.faults,
        ),
        notices=(*between, *inside.notices),
    )


def check_inside(folder: Path) -> Findings:
    """Check what the database holds, and what lies outside it on its account."""
    faults: list[str] = []
    notices: list[str] = []
    n_texts = n_events = 0
    try:
        # In this order: while the practice is served, each may grow, or go, meanwhile.
        outside = _listed(folder / WITHDRAWN, faults)
        gone = {row.ref for row in Withdrawal.objects.iterator()}
        n_texts, records = _check_texts(faults)
        n_events = _check_chain(folder / HEAD, faults, notices)
        _check_withdrawn(outside, gone, records, faults, notices)
    except DatabaseError:
        faults.append(f"{DATABASE}: cannot be read to its end.")
    return Findings(
        faults=tuple(faults), notices=tuple(notices), n_texts=n_texts, n_events=n_events
    )


def holders() -> Iterator[tuple[Model, Callable[[], bytes]]]:
    """Return each row that has a key of its own, with what opens it."""
    for model in apps.get_app_config("store").get_models():
        if issubclass(model, HoldsAKey):
            for row in model._default_manager.iterator():  # noqa: SLF001 - documented
                yield row, row.place("").open_holder_key


def texts() -> Iterator[tuple[Model, SealedTextField]]:
    """Return each row that holds a sealed text, with the field that holds it."""
    for model in apps.get_app_config("store").get_models():
        if not issubclass(model, WithSealedText):
            continue
        for field in model._meta.concrete_fields:  # noqa: SLF001 - documented
            if isinstance(field, SealedTextField):
                rows = model._default_manager.filter(**{f"{field.name}__isnull": False})  # noqa: SLF001 - documented
                if model.UP_TO_PAIR:
                    rows = rows.select_related(*model.UP_TO_PAIR)
                for row in rows.iterator():
                    yield row, field


def _check_texts(faults: list[str]) -> tuple[int, list[str]]:
    """Open every key and every text; return how many those are, and their records' ids.

    Of which rows it cannot be done is said.
    """
    bad = [
        f"the key of {row} does not open"
        for row, open_key in holders()
        if not _opens(open_key)
    ]
    bad += [
        f"a seed of way in {way.pk} does not open"
        for way in apps.get_model("mfa", "Authenticator").objects.iterator()
        for name in SEEDS & way.data.keys()
        if not _opens(partial(unseal_seed, way.data[name]))
    ]
    n, records = 0, []
    for row, field in texts():
        with suppress(SealError):  # what is damaged is said next
            records.append(record_id(row.__dict__[field.attname]).hex())
        n += 1
        if not _opens(partial(getattr, row, field.attname)):
            bad.append(f"{field.name} of {row} does not open")
    faults += (f"{DATABASE}: {words}." for words in few(bad))
    return n, records


def _check_chain(path: Path, faults: list[str], notices: list[str]) -> int:
    head, n_damaged = chain.read_head(path), chain.n_damaged(path)
    found = chain.check(Event.objects.iterator(), head or NO_EVENT)
    if head is None and found.n_events:
        faults.append(
            f"{HEAD}: is not there or damaged, so whether events are missing at the "
            "end of the chain cannot be told."
        )
    elif n_damaged:
        notices.append(
            f"{HEAD}: one half of it is damaged, as after a crash; what is written next "
            "mends it."
        )
    if found.broken_at is not None:
        faults.append(f"{DATABASE}: the chain of events breaks at {found.broken_at}.")
    if found.n_missing:
        faults.append(
            f"{DATABASE}: the last {found.n_missing} events are missing; it is older "
            f"than {HEAD}."
        )
    if found.forked:
        faults.append(f"{DATABASE}: its chain of events is not the one of {HEAD}.")
    if head is not None and found.n_past_head:
        notices.append(
            f"{found.n_past_head} events are newer than {HEAD}, as after a crash."
        )
    if found.backwards:
        notices.append(
            f"the clock of this machine went back before event {found.backwards[0]}"
            f" ({len(found.backwards)} such events)."
        )
    return found.n_events


def _check_withdrawn(
    outside: set[str] | None,
    gone: set[str],
    records: list[str],
    faults: list[str],
    notices: list[str],
) -> None:
    """Compare the list outside the database with it, and look for what is withdrawn."""
    if outside is not None:
        if gone - outside:
            notices.append(
                f"{len(gone - outside)} withdrawals are not in {WITHDRAWN} yet, as after "
                "a crash; the next start adds them."
            )
        if outside - gone:
            faults.append(
                f"{DATABASE}: does not know {len(outside - gone)} withdrawals of "
                f"{WITHDRAWN}; it is older."
            )
    still = sum(record in gone for record in records)
    if still:
        faults.append(f"{DATABASE}: {still} withdrawn records are still there.")


def _listed(path: Path, faults: list[str]) -> set[str] | None:
    """Return the names on the list outside the database; None if it is damaged."""
    try:
        return {row.ref for row in read_outside(path)}
    except SealError as damage:
        faults.append(
            f"{path.name}: {damage} The next `duologue serve` writes anew what the "
            "database knows of it."
        )
        return None


def _opens(act: Callable[[], object]) -> bool:
    try:
        act()
    except (SealError, UnicodeDecodeError):
        return False
    return True


def refuse_if_damaged(found: Findings, where: str) -> None:
    """Refuse to go on with what is damaged.

    Raises
    ------
    FileError
        If there is any fault; the first is named.
    """
    if found.faults:
        more = len(found.faults) - 1
        others = f" ({more} more; `duologue verify` names them)" if more else ""
        raise FileError(where, f"{found.faults[0]}{others}")
