"""The rules of the database over time, on whichever database the tests run."""

from importlib import import_module
from pathlib import Path

from django.db import connection

from duologue.store import migrations
from duologue.store.triggers import dropping

ON_POSTGRESQL = connection.vendor == "postgresql"

FILES = sorted(Path(migrations.__file__).parent.glob("0*.py"))
TRIGGERS = {
    name: rule
    for file in FILES
    for name, rule in getattr(
        import_module(f"duologue.store.migrations.{file.stem}"), "TRIGGERS", {}
    ).items()
}
"""Every rule of the migrations, as the last of them that makes it writes it."""


def forget(*names):
    """Drop triggers, until the test ends."""
    # PostgreSQL drops none while it still has keys to check.
    connection.check_constraints()
    with connection.cursor() as cursor:
        for name in names:
            for statement in dropping(connection.vendor, name):
                cursor.execute(statement)


def triggers():
    """Return the triggers of the store: by name, how each is made."""
    if ON_POSTGRESQL:
        return _asked(
            "SELECT tgname, pg_get_triggerdef(t.oid) || prosrc FROM pg_trigger t "
            "JOIN pg_proc f ON f.oid = tgfoid "
            "WHERE NOT tgisinternal AND tgrelid::regclass::text LIKE 'store_%'"
        )
    return _asked(
        "SELECT name, sql FROM sqlite_master "
        "WHERE type = 'trigger' AND tbl_name LIKE 'store_%'"
    )


def _asked(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return dict(cursor.fetchall())
