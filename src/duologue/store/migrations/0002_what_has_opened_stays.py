"""Rules over time: what has opened stays, and what is counted counts on."""

from typing import ClassVar

from django.db import migrations

from duologue.store.triggers import Rule, create

TRIGGERS = {
    "answer_stays_once_open": Rule(
        sqlite="""
        BEFORE UPDATE OF number, choice, chips, words, item, reflection_id
        ON store_answer WHEN OLD.opened_at IS NOT NULL AND (
            NEW.number IS NOT OLD.number OR NEW.choice IS NOT OLD.choice OR
            NEW.chips IS NOT OLD.chips OR NEW.words IS NOT OLD.words OR
            NEW.item IS NOT OLD.item OR NEW.reflection_id IS NOT OLD.reflection_id
        )
        BEGIN SELECT RAISE(ABORT, 'answer_stays_once_open'); END
    """,
        at="BEFORE UPDATE ON store_answer",
        refuses="""
            OLD.opened_at IS NOT NULL AND
            (NEW.number, NEW.choice, NEW.chips, NEW.words, NEW.item, NEW.reflection_id)
            IS DISTINCT FROM
            (OLD.number, OLD.choice, OLD.chips, OLD.words, OLD.item, OLD.reflection_id)
        """,
    ),
    "answer_opens_once": Rule(
        sqlite="""
        BEFORE UPDATE OF opened_at ON store_answer
        WHEN OLD.opened_at IS NOT NULL AND NEW.opened_at IS NOT OLD.opened_at
        BEGIN SELECT RAISE(ABORT, 'answer_opens_once'); END
    """,
        at="BEFORE UPDATE ON store_answer",
        refuses="""
            OLD.opened_at IS NOT NULL AND NEW.opened_at IS DISTINCT FROM OLD.opened_at
        """,
    ),
    "later_thought_beside_what_opened": Rule(
        sqlite="""
        BEFORE INSERT ON store_laterthought
        WHEN NOT EXISTS (
            SELECT 1 FROM store_answer
            WHERE id = NEW.answer_id AND opened_at IS NOT NULL
        )
        BEGIN SELECT RAISE(ABORT, 'later_thought_beside_what_opened'); END
    """,
        at="BEFORE INSERT ON store_laterthought",
        refuses="""
            NOT EXISTS (
                SELECT FROM store_answer
                WHERE id = NEW.answer_id AND opened_at IS NOT NULL
            )
        """,
    ),
    "session_keeps_its_number": Rule(
        sqlite="""
        BEFORE UPDATE OF number, dyad_id ON store_session
        WHEN NEW.number IS NOT OLD.number OR NEW.dyad_id IS NOT OLD.dyad_id
        BEGIN SELECT RAISE(ABORT, 'session_keeps_its_number'); END
    """,
        at="BEFORE UPDATE ON store_session",
        refuses="""
            (NEW.number, NEW.dyad_id) IS DISTINCT FROM (OLD.number, OLD.dyad_id)
        """,
    ),
    "session_number_is_never_given_again": Rule(
        sqlite="""
        BEFORE INSERT ON store_session
        WHEN NEW.number <= (SELECT last_number FROM store_dyad WHERE id = NEW.dyad_id)
        BEGIN SELECT RAISE(ABORT, 'session_number_is_never_given_again'); END
    """,
        at="BEFORE INSERT ON store_session",
        # Whoever adds a second one at the same time waits, and sees the first.
        refuses="""
            NEW.number <= (
                SELECT last_number FROM store_dyad
                WHERE id = NEW.dyad_id FOR NO KEY UPDATE
            )
        """,
    ),
    "dyad_counts_sessions": Rule(
        sqlite="""
        AFTER INSERT ON store_session
        BEGIN UPDATE store_dyad SET last_number = NEW.number WHERE id = NEW.dyad_id; END
    """,
        at="AFTER INSERT ON store_session",
        does="UPDATE store_dyad SET last_number = NEW.number WHERE id = NEW.dyad_id;",
    ),
    "dyad_counts_on": Rule(
        sqlite="""
        BEFORE UPDATE OF last_number ON store_dyad WHEN NEW.last_number < OLD.last_number
        BEGIN SELECT RAISE(ABORT, 'dyad_counts_on'); END
    """,
        at="BEFORE UPDATE ON store_dyad",
        refuses="NEW.last_number < OLD.last_number",
    ),
    "dyad_keeps_its_people": Rule(
        sqlite="""
        BEFORE UPDATE OF client_id, therapist_id, kind ON store_dyad
        WHEN NEW.client_id IS NOT OLD.client_id
            OR NEW.therapist_id IS NOT OLD.therapist_id OR NEW.kind IS NOT OLD.kind
        BEGIN SELECT RAISE(ABORT, 'dyad_keeps_its_people'); END
    """,
        at="BEFORE UPDATE ON store_dyad",
        refuses="""
            (NEW.client_id, NEW.therapist_id, NEW.kind)
            IS DISTINCT FROM (OLD.client_id, OLD.therapist_id, OLD.kind)
        """,
    ),
}


class Migration(migrations.Migration):
    """What has opened stays as it was given; a number and a seat are given once."""

    dependencies: ClassVar = [("store", "0001_initial")]
    operations: ClassVar = [create(TRIGGERS)]
