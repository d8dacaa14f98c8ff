"""The chain of events: each is tied to the one before it, and the last one to a file.

    digest(n) = SHA-256(digest(n - 1), number, time, what, who, pair, session)

Whoever changes, removes or adds a row in between breaks every digest after it; triggers
of the database refuse it in the first place. Whoever can write the database could make
the whole chain anew, or put an older database in its place: so the number and digest of
the newest event lie outside, in the file `HEAD`, authenticated with a key of the ring.

The head is written after the database has kept the event and is not waited for on the
disk: it may be behind the database after a crash, never before it. So a chain that goes
on past its head is whole; one that does not reach it has lost something.
"""

import hashlib
import hmac
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max

from duologue.errors import SealError
from duologue.store.folder import HEAD
from duologue.store.keys import ring
from duologue.store.models import Event
from duologue.store.models.event import BY_DAY, DIGEST_BYTES, What

BEGINNING = bytes(DIGEST_BYTES)
"""What the first event follows."""

_SLOT_BYTES = 8 + DIGEST_BYTES + 32
_SLOTS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The newest event that a file outside the database knows of."""

    number: int
    digest: bytes


NO_EVENT = Head(number=0, digest=BEGINNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was found on a walk along the chain.

    Attributes
    ----------
    n_events : int
        How many events there are.
    broken_at : int or None
        Number of the first event that does not fit the one before it.
    n_missing : int
        How many events the head knows of that the database does not have.
    forked : bool
        Whether the event that the head knows of is another one here.
    n_past_head : int
        How many events the head does not know of yet, as after a crash.
    backwards : tuple of int
        Numbers of events whose time lies before that of the one before: the clock was
        set back. No fault of the chain.
    """

    n_events: int
    broken_at: int | None
    n_missing: int
    forked: bool
    n_past_head: int
    backwards: tuple[int, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing was changed, removed or put in between."""
        return self.broken_at is None and not self.n_missing and not self.forked


def append(
    what: What,
    *,
    at: datetime,
    who: int | None = None,
    dyad: int | None = None,
    session: int | None = None,
) -> None:
    """Add an event, as a part of the transaction that it tells of.

    Parameters
    ----------
    what : What
        What was done.
    at : datetime
        When, as this machine's clock says.
    who, dyad, session : int, optional
        Who did it, to which pair and which of its sessions, by number.
    """
    _one_at_a_time()
    last = _last()
    event = Event(
        number=last.number + 1,
        at=at,
        what=what,
        who=who,
        dyad=dyad,
        session=session,
        previous=last.digest,
    )
    event.digest = digest_of(event)
    event.save(force_insert=True)
    # The answer has been kept by then, whatever becomes of the head: it is allowed to be
    # behind, and says so when it is checked.
    newest = Head(number=event.number, digest=event.digest)
    transaction.on_commit(lambda: write_head(_here(), newest), robust=True)


def digest_of(event: Event) -> bytes:
    """Return what ties an event to the one before it."""
    told = (
        event.number,
        event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        str(event.what),
        event.who,
        event.dyad,
        event.session,
    )
    return hashlib.sha256(bytes(event.previous) + json.dumps(told).encode()).digest()


def check(events: Iterable[Event], head: Head) -> Checked:
    """Walk along the chain, from its first event to its last.

    Parameters
    ----------
    events : iterable of Event
        All of them, by their number.
    head : Head
        What the file outside the database says, `NO_EVENT` if there is no such file.
    """
    before, n, at = BEGINNING, 0, None
    broken_at, forked, backwards = None, False, []
    for n, event in enumerate(events, start=1):
        fits = event.number == n and bytes(event.previous) == before
        if broken_at is None and not (fits and bytes(event.digest) == digest_of(event)):
            broken_at = n
        if at is not None and event.at < at and event.what not in BY_DAY:
            backwards.append(event.number)
        if event.number == head.number:
            forked = bytes(event.digest) != head.digest
        before = bytes(event.digest)
        at = at if event.what in BY_DAY else event.at
    return Checked(
        n_events=n,
        broken_at=broken_at,
        n_missing=max(0, head.number - n),
        forked=forked,
        n_past_head=max(0, n - head.number),
        backwards=tuple(backwards),
    )


def behind_head(path: Path) -> int:
    """Return how many events the head knows of that the database lacks, or has otherwise.

    Raises
    ------
    SealError
        If there is such a file, and no part of it is ours.
    """
    head = read_head(path)
    if head is None:
        if n_damaged(path):
            raise SealError("the head of the chain of events is damaged.")
        return 0
    newest = _last()
    here = Event.objects.filter(number=head.number).first()
    if here is not None and bytes(here.digest) == head.digest:
        return 0
    return max(1, head.number - newest.number)


def newest_time() -> datetime | None:
    """Return the latest time in the chain, ``None`` if nothing has happened yet."""
    found: datetime | None = Event.objects.aggregate(newest=Max("at"))["newest"]
    return found


def write_head(path: Path, head: Head) -> None:
    """Write what the newest event is beside what was written last: a torn write harms one.

    It is not waited for until it is on the disk. An older event takes no newer one's
    place: so an older database is noticed however much is written in it.
    """
    known = read_head(path)
    if known is not None and known.number >= head.number:
        return
    content = head.number.to_bytes(8) + head.digest
    handle = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        os.pwrite(handle, content + _mark(content), head.number % _SLOTS * _SLOT_BYTES)
    finally:
        os.close(handle)


def read_head(path: Path) -> Head | None:
    """Return the newest head that the file holds; ``None`` if no part of it is ours."""
    found = [head for head in _slots(path) if head is not None]
    return max(found, key=lambda head: head.number, default=None)


def n_damaged(path: Path) -> int:
    """Return how many parts of the file were written once, and are not ours as they are."""
    return sum(head is None for head in _slots(path))


def _slots(path: Path) -> list[Head | None]:
    """Return what each part of the file says that was ever written, None if damaged."""
    content = path.read_bytes() if path.exists() else b""
    found: list[Head | None] = []
    for start in range(0, _SLOTS * _SLOT_BYTES, _SLOT_BYTES):
        slot = content[start : start + _SLOT_BYTES]
        told, mark = slot[: 8 + DIGEST_BYTES], slot[8 + DIGEST_BYTES :]
        if hmac.compare_digest(mark, _mark(told)):
            found.append(Head(number=int.from_bytes(told[:8]), digest=told[8:]))
        elif slot.strip(b"\0"):
            found.append(None)
    return found


def _mark(content: bytes) -> bytes:
    return hmac.digest(ring.current().head, content, "sha256")


def _last() -> Head:
    last = Event.objects.order_by("-number").first()
    if last is None:
        return NO_EVENT
    return Head(number=last.number, digest=bytes(last.digest))


def _here() -> Path:
    found: Path = settings.FOLDER / HEAD
    return found


def _one_at_a_time() -> None:
    """Let nobody else add an event until this transaction is over."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            "an event is a part of the transaction that it tells of."
        )
    if connection.vendor == "postgresql":
        # On SQLite the transaction holds the whole database from its beginning on.
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE store_event IN EXCLUSIVE MODE")
