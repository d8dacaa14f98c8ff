"""All tables at once, for a practice that is new.

What they are is said by the steps that this replaces, and only there: it makes what those
end with, and leaves out the way. A practice that stands at one of them goes on from there.
"""

from importlib import import_module
from typing import Any, ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState

from duologue.store.triggers import create

STEPS = (
    "0001_initial",
    "0002_what_has_opened_stays",
    "0003_sealed",
    "0004_events_and_withdrawals",
    "0005_accounts",
    "0006_private_pages",
    "0007_agreement_and_consent",
    "0008_frame",
    "0009_first_hour",
    "0010_reminders",
    "0011_what_was_said_and_delivered",
    "0012_what_i_came_for",
    "0013_forms_of_others",
    "0014_what_was_put",
    "0015_recordings",
    "0016_transcripts",
)
FILES = tuple(import_module(f"duologue.store.migrations.{step}") for step in STEPS)
TRIGGERS = {**FILES[-1].BEFORE, **FILES[-1].TRIGGERS}
FIRST = ("practice", "person", "dyad", "agreement", "session", "reflection", "answer")
"""What others refer to, each behind what it refers to itself; all others follow."""
LATER = {"dyad": ("agreement", "openings")}
"""Added once all tables are there: one refers to a table behind its own, one lies behind."""
UNIQUE_LATER = {"person": ("ref",)}
"""Unique by a step of its own: PostgreSQL has another name for such a rule."""


def _end() -> dict[str, ModelState]:
    """Return each table as the last step leaves it."""
    state = ProjectState()
    for file in FILES:
        for operation in file.Migration.operations:
            operation.state_forwards("store", state)
    return {name: table for (_, name), table in state.models.items()}


def _all(tables: dict[str, ModelState]) -> list[Operation]:
    """Return the operations that make these tables."""
    names = (*FIRST, *(name for name in tables if name not in FIRST))
    return [
        *(operation for name in names for operation in _one(name, tables[name])),
        *(
            migrations.AddField(name, column, tables[name].fields[column])
            for name, columns in LATER.items()
            for column in columns
        ),
    ]


def _one(name: str, table: ModelState) -> list[Operation]:
    """Return the operations that make one table, but for the columns that are added later."""
    unique = {column: table.fields[column] for column in UNIQUE_LATER.get(name, ())}
    columns = [
        (column, _not_unique(field) if column in unique else field)
        for column, field in table.fields.items()
        if column not in LATER.get(name, ())
    ]
    return [
        migrations.CreateModel(
            table.name,
            columns,
            options=table.options,
            bases=table.bases,
            managers=table.managers,
        ),
        *(migrations.AlterField(name, *column) for column in unique.items()),
    ]


def _not_unique(field: Any) -> Any:
    _, _, args, options = field.deconstruct()
    return type(field)(*args, **{**options, "unique": False})


class Migration(migrations.Migration):
    """Nobody who begins goes through what came before them."""

    initial = True
    replaces: ClassVar = [("store", step) for step in STEPS]
    dependencies: ClassVar = []
    operations: ClassVar = [*_all(_end()), create(TRIGGERS)]
