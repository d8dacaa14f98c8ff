"""Rules over time, which a constraint on a row cannot hold: triggers of the database.

A trigger speaks the dialect of its database. This one is SQLite's; a store on another
database needs its own, and setting one up without them is refused.
"""

from typing import Any, ClassVar

from django.db import NotSupportedError, migrations

TRIGGERS = {
    "answer_stays_once_open": """
        BEFORE UPDATE OF number, choice, chips, words, item, reflection_id
        ON store_answer WHEN OLD.opened_at IS NOT NULL AND (
            NEW.number IS NOT OLD.number OR NEW.choice IS NOT OLD.choice OR
            NEW.chips IS NOT OLD.chips OR NEW.words IS NOT OLD.words OR
            NEW.item IS NOT OLD.item OR NEW.reflection_id IS NOT OLD.reflection_id
        )
        BEGIN SELECT RAISE(ABORT, 'answer_stays_once_open'); END
    """,
    "answer_opens_once": """
        BEFORE UPDATE OF opened_at ON store_answer
        WHEN OLD.opened_at IS NOT NULL AND NEW.opened_at IS NOT OLD.opened_at
        BEGIN SELECT RAISE(ABORT, 'answer_opens_once'); END
    """,
    "later_thought_beside_what_opened": """
        BEFORE INSERT ON store_laterthought
        WHEN NOT EXISTS (
            SELECT 1 FROM store_answer
            WHERE id = NEW.answer_id AND opened_at IS NOT NULL
        )
        BEGIN SELECT RAISE(ABORT, 'later_thought_beside_what_opened'); END
    """,
    "session_keeps_its_number": """
        BEFORE UPDATE OF number, dyad_id ON store_session
        WHEN NEW.number IS NOT OLD.number OR NEW.dyad_id IS NOT OLD.dyad_id
        BEGIN SELECT RAISE(ABORT, 'session_keeps_its_number'); END
    """,
    "session_number_is_never_given_again": """
        BEFORE INSERT ON store_session
        WHEN NEW.number <= (SELECT last_number FROM store_dyad WHERE id = NEW.dyad_id)
        BEGIN SELECT RAISE(ABORT, 'session_number_is_never_given_again'); END
    """,
    "dyad_counts_sessions": """
        AFTER INSERT ON store_session
        BEGIN UPDATE store_dyad SET last_number = NEW.number WHERE id = NEW.dyad_id; END
    """,
    "dyad_counts_on": """
        BEFORE UPDATE OF last_number ON store_dyad WHEN NEW.last_number < OLD.last_number
        BEGIN SELECT RAISE(ABORT, 'dyad_counts_on'); END
    """,
    "dyad_keeps_its_people": """
        BEFORE UPDATE OF client_id, therapist_id, kind ON store_dyad
        WHEN NEW.client_id IS NOT OLD.client_id
            OR NEW.therapist_id IS NOT OLD.therapist_id OR NEW.kind IS NOT OLD.kind
        BEGIN SELECT RAISE(ABORT, 'dyad_keeps_its_people'); END
    """,
}


def create(apps: Any, schema_editor: Any) -> None:
    """Create the triggers."""
    if schema_editor.connection.vendor != "sqlite":
        raise NotSupportedError("these rules are written for SQLite only.")
    for name, rule in TRIGGERS.items():
        schema_editor.execute(f"CREATE TRIGGER {name} {rule}")


def drop(apps: Any, schema_editor: Any) -> None:
    """Drop them again."""
    for name in TRIGGERS:
        schema_editor.execute(f"DROP TRIGGER {name}")


class Migration(migrations.Migration):
    """What has opened stays as it was given; a number and a seat are given once."""

    dependencies: ClassVar = [("store", "0001_initial")]
    operations: ClassVar = [migrations.RunPython(create, drop)]
