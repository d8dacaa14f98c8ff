"""What sealing costs: the same reads and writes of the app, sealed and in the clear.

A practice is made, and then copied into a database of plain SQLite in which the texts
stand as they were written. The same functions of the app read and write in both, in
turns. Each run is in a process of its own: Django is set up once a process.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager
from multiprocessing import get_context
from pathlib import Path
from unittest.mock import patch

from app import Scale
from duologue.store.keys import ring
from duologue.web.folder import set_up
from turns import Comparison, take_turns

READS_GOAL, COMMITS_GOAL = 1.3, 1.5
N_READS, N_COMMITS = 3, 5
SEALED, PLAIN = "default", "plain"
SMALL = Scale(n_practices=1, n_pairs=2, n_behind=6, n_sessions=12)
PAIR = Scale(n_practices=1, n_pairs=2, n_behind=60, n_sessions=90)
WORDS = "Something I had not said before, and wanted to. " * 3


class Router:
    """Sends every query to the database whose turn it is."""

    alias = SEALED

    def db_for_read(self, *_: object, **__: object) -> str:
        """Return the database whose turn it is."""
        return self.alias

    db_for_write = db_for_read

    def allow_relation(self, *_: object, **__: object) -> bool:
        """Let everything be related: it is one database at a time."""
        return True


def compare_sealed(*, rounds: int, quick: bool) -> list[Comparison]:
    """Time reads and single commits, sealed against plain."""
    scale = SMALL if quick else PAIR
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_compare, scale, rounds).result()


def _compare(scale: Scale, rounds: int) -> list[Comparison]:
    for name in ("DUOLOGUE_FOLDER", "DJANGO_SETTINGS_MODULE"):
        os.environ.pop(name, None)
    with tempfile.TemporaryDirectory() as near:
        ring.hold(ring.Ring.new())
        set_up(Path(near), demo=True)
        from app_store import fill  # noqa: PLC0415 - needs an app that is set up

        filled = fill(scale)
        _write_lines(filled.ref)
        _make_plain(Path(near))
        return _timed(filled, rounds)


def _write_lines(ref: str) -> None:
    """Let each of the two have written a line after each session, opened to both."""
    from django.utils import timezone  # noqa: PLC0415

    from duologue.store.models import Answer, Reflection  # noqa: PLC0415

    sides = Reflection.objects.filter(session__dyad__ref=ref)
    for side in sides.select_related("session__dyad"):
        Answer.objects.create(
            reflection=side, item="line", words=WORDS, opened_at=timezone.now()
        )


def _make_plain(folder: Path) -> None:
    """Copy the practice into plain SQLite, with its texts as they were written."""
    from django.conf import settings  # noqa: PLC0415
    from django.db import connections, router  # noqa: PLC0415

    from duologue.store.safekeeping.checking import texts  # noqa: PLC0415
    from duologue.store.safekeeping.database import open_database  # noqa: PLC0415

    written = [
        (field.model._meta.db_table, field.column, getattr(row, field.attname), row.pk)  # noqa: SLF001
        for row, field in texts()
    ]
    path = folder / "plain.sqlite3"
    with closing(
        open_database(folder / "practice.sqlite3", ring.current())
    ) as database:
        database.execute("PRAGMA synchronous = FULL")
        database.execute(f"ATTACH DATABASE '{path}' AS plain KEY ''")
        database.execute("SELECT sqlcipher_export('plain')")
        database.execute("DETACH DATABASE plain")
    options = dict(settings.DATABASES[SEALED]["OPTIONS"])
    del options["key"]
    connections.settings[PLAIN] = {
        **connections.settings[SEALED],
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": options,
    }
    router.routers = [Router()]  # those of the settings were looked up long ago
    with connections[PLAIN].cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        for rule in KEEP_TEXTS:
            cursor.execute(f"DROP TRIGGER {rule}")
        for table, column, text, pk in written:
            words = text.encode().ljust(SHORTEST)
            change = f"UPDATE {table} SET {column} = %s WHERE id = %s"  # noqa: S608
            cursor.execute(change, [words, pk])


KEEP_TEXTS = (
    "answer_stays_once_open",
    "answer_is_listed_when_replaced",
    "agreement_stays_once_accepted",
    "goal_wording_stays",
)
"""Rules of the database that keep texts from being put in plain."""
SHORTEST = 120
"""Plain texts are padded to pass for sealed ones in the rules of the table."""


@contextmanager
def _unsealed() -> Iterator[None]:
    """Let the app read and write texts as they are."""
    with (
        patch("duologue.store.queries.seen.open_text", lambda text, _: text.decode()),
        patch("duologue.store.models.sealed.open_text", lambda text, _: text.decode()),
        patch(
            "duologue.store.models.sealed.seal_text",
            lambda text, _, **__: text.encode().ljust(SHORTEST),
        ),
    ):
        yield


def _on(alias: str, act: Callable[[], object]) -> Callable[[], None]:
    """Return the act as one of the two databases does it."""

    def sealed() -> None:
        Router.alias = SEALED
        act()

    def plain() -> None:
        Router.alias = PLAIN
        with _unsealed():
            act()

    return sealed if alias == SEALED else plain


def _timed(filled: object, rounds: int) -> list[Comparison]:
    from django.db import connections, transaction  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from duologue.store import queries  # noqa: PLC0415
    from duologue.store.models import LaterThought  # noqa: PLC0415

    therapist, ref, now = filled.therapist, filled.ref, timezone.now()
    pair = queries.find_pair(therapist, ref)

    def read() -> None:
        queries.seen(pair)

    def commit() -> None:
        """Add one later thought, and nothing else."""
        with transaction.atomic(using=Router.alias):
            thought = LaterThought(answer=opened, day=now.date(), words=WORDS)
            thought.save(using=Router.alias)

    opened = _opened(ref)
    for alias in (SEALED, PLAIN):
        with connections[alias].cursor() as cursor:
            cursor.execute("PRAGMA synchronous = FULL")
    found = []
    what_is_seen = f"all that one person may see of {_size(pair)}, two texts in each"
    for name, act, goal, n_calls, clock in (
        (what_is_seen, read, READS_GOAL, N_READS, time.process_time),
        # A commit waits for the disk, which no processor's time shows.
        (
            "one text, added and brought to the disk",
            commit,
            COMMITS_GOAL,
            N_COMMITS,
            time.perf_counter,
        ),
    ):
        times = take_turns(
            {alias: _on(alias, act) for alias in (SEALED, PLAIN)},
            rounds=rounds,
            n_calls=n_calls,
            clock=clock,
        )
        found.append(
            Comparison(
                name=f"{name}, sealed",
                against="the same in plain SQLite, its text as it was written",
                times_ms=times[SEALED],
                base_ms=times[PLAIN],
                goal=goal,
            )
        )
    return found


def _opened(ref: str) -> object:
    """Return an answer that has opened, with its pair."""
    from duologue.store.models import Answer  # noqa: PLC0415

    rows = Answer.objects.filter(
        opened_at__isnull=False, reflection__session__dyad__ref=ref
    )
    return rows.select_related(*Answer.UP_TO_PAIR).first()


def _size(pair: object) -> str:
    from duologue.store.models import Session  # noqa: PLC0415

    n = Session.objects.filter(dyad=pair.id).count() - 1
    return f"a pair with {n} sessions"
