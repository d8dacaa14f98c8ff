"""Rules over time, which a constraint on a row cannot hold: triggers of the database.

A trigger speaks the dialect of its database, so a rule is written twice, for SQLite and
for PostgreSQL. Whichever refuses, refuses in the rule's name, as an ``IntegrityError``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import NotSupportedError, migrations

_FUNCTION = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $rule$
BEGIN
    {does}
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END
$rule$
"""

_REFUSES = """IF {condition} THEN
        RAISE EXCEPTION USING
            MESSAGE = '{name}', CONSTRAINT = '{name}',
            ERRCODE = 'integrity_constraint_violation';
    END IF;"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule, in the words of both databases.

    On PostgreSQL it either refuses or does something. Triggers of one moment take their
    turns there in the order of their names, and those of AFTER wait until every row of
    the statement is in.

    Attributes
    ----------
    sqlite : str
        What follows ``CREATE TRIGGER`` and the rule's name.
    at : str
        The moment on PostgreSQL, as ``BEFORE UPDATE ON store_dyad``. Leave ``OF`` and
        columns out: the type of a column that is named in a trigger cannot be changed.
    refuses : str
        The condition of ``NEW`` and ``OLD`` under which PostgreSQL refuses the row;
        other tables may be asked in it.
    does : str
        What PostgreSQL does instead of refusing: statements of PL/pgSQL.
    """

    sqlite: str
    at: str
    refuses: str = ""
    does: str = ""


def listed(table: str, field: str = "words") -> dict[str, Rule]:
    """Return the two rules that a record's id is listed when the record goes.

    Its id stands behind the version byte (see `duologue.store.keys.records`).

    Parameters
    ----------
    table : str
        The table without the app's name.
    field : str
        The column that holds the record.
    """
    into = "INSERT INTO store_withdrawal (ref, what, dyad, session, seat, item)"
    sqlite = f"lower(hex(substr(OLD.{field}, 2, 16)))"
    postgres = f"encode(substr(OLD.{field}, 2, 16), 'hex')"
    rest = "'record', '', NULL, '', ''"
    once = "ON CONFLICT (ref) DO NOTHING"  # it may be listed, and come with a backup
    name = table if field == "words" else f"{table}_{field}"
    return {
        f"{name}_is_listed_when_removed": Rule(
            sqlite=f"""
        AFTER DELETE ON store_{table} WHEN OLD.{field} IS NOT NULL
        BEGIN {into} VALUES ({sqlite}, {rest}) {once}; END
    """,
            at=f"AFTER DELETE ON store_{table}",
            does=f"""
            IF OLD.{field} IS NOT NULL THEN
                {into} VALUES ({postgres}, {rest}) {once};
            END IF;
        """,
        ),
        f"{name}_is_listed_when_replaced": Rule(
            sqlite=f"""
        AFTER UPDATE OF {field} ON store_{table} WHEN OLD.{field} IS NOT NULL AND (
            NEW.{field} IS NULL
            OR substr(NEW.{field}, 2, 16) IS NOT substr(OLD.{field}, 2, 16)
        )
        BEGIN {into} VALUES ({sqlite}, {rest}) {once}; END
    """,
            at=f"AFTER UPDATE ON store_{table}",
            does=f"""
            IF OLD.{field} IS NOT NULL AND
               substr(NEW.{field}, 2, 16) IS DISTINCT FROM substr(OLD.{field}, 2, 16)
            THEN
                {into} VALUES ({postgres}, {rest}) {once};
            END IF;
        """,
        ),
    }


def create(rules: Mapping[str, Rule]) -> migrations.RunPython:
    """Return the step of a migration that creates triggers by their names."""
    return migrations.RunPython(_each(creating, rules), _each(dropping, rules))


def settle() -> migrations.RunPython:
    """Return the step that, on the way back, has PostgreSQL check now what it would at the end.

    Before that it changes no table.
    """

    def check(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 - in Django's own form
        schema_editor.connection.check_constraints()

    return migrations.RunPython(migrations.RunPython.noop, check)


def drop(rules: Mapping[str, Rule]) -> migrations.RunPython:
    """Return the step that drops them, for a migration that changes their tables.

    SQLite loses the triggers of a table that Django makes anew without a word: such a
    migration drops them first and creates them again.
    """
    return migrations.RunPython(_each(dropping, rules), _each(creating, rules))


def creating(vendor: str, name: str, rule: Rule) -> Sequence[str]:
    """Return the statements that create one trigger.

    Raises
    ------
    NotSupportedError
        If the database is neither SQLite nor PostgreSQL.
    """
    _check(vendor)
    if vendor == "sqlite":
        return (f"CREATE TRIGGER {name} {rule.sqlite}",)
    does = rule.does or _REFUSES.format(name=name, condition=rule.refuses)
    trigger = f"CREATE TRIGGER {name} {rule.at}"
    return (
        _FUNCTION.format(name=name, does=does),
        f"{trigger} FOR EACH ROW EXECUTE FUNCTION {name}()",
    )


def dropping(vendor: str, name: str, _: Rule | None = None) -> Sequence[str]:
    """Return the statements that drop one trigger.

    Raises
    ------
    NotSupportedError
        If the database is neither SQLite nor PostgreSQL.
    """
    _check(vendor)
    if vendor == "sqlite":
        return (f"DROP TRIGGER {name}",)
    return (f"DROP FUNCTION {name}() CASCADE",)  # and with it the trigger


def _each(
    statements: Callable[[str, str, Rule], Sequence[str]], rules: Mapping[str, Rule]
) -> Callable[[Any, Any], None]:
    def execute(_: Any, schema_editor: Any) -> None:
        vendor = schema_editor.connection.vendor
        for name, rule in rules.items():
            for statement in statements(vendor, name, rule):
                # As it stands: a % in it is no place for a parameter.
                schema_editor.execute(statement, params=None)

    return execute


def _check(vendor: str) -> None:
    if vendor not in {"sqlite", "postgresql"}:
        raise NotSupportedError(
            "these rules are written for SQLite and PostgreSQL only."
        )
