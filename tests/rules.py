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
    return _made("trigger")


def tables():
    """Return the tables of the store: by name, how each is made."""
    if ON_POSTGRESQL:
        return _asked(
            "SELECT table_name, string_agg("
            "  concat_ws(' ', column_name, data_type, is_nullable), ', '"
            "  ORDER BY ordinal_position"
            ") FROM information_schema.columns "
            "WHERE table_name LIKE 'store_%' GROUP BY table_name"
        )
    return _made("table")


def indexes():
    """Return the indexes of the store, and on PostgreSQL its constraints: how they are made."""
    if ON_POSTGRESQL:
        return _asked(
            "SELECT indexname, indexdef FROM pg_indexes "
            "WHERE tablename LIKE 'store_%' UNION ALL "
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE conrelid::regclass::text LIKE 'store_%'"
        )
    return _made("index")


def _made(kind):
    return _asked(
        "SELECT name, sql FROM sqlite_master "
        "WHERE type = %s AND tbl_name LIKE 'store_%%'",
        [kind],
    )


def _asked(statement, values=None):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return dict(cursor.fetchall())
