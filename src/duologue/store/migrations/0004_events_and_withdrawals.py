"""The chain of events, and the list of what was withdrawn: added to, never changed."""

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact

from duologue.store.models.choices import only
from duologue.store.models.withdrawal import new_name
from duologue.store.triggers import Rule, create

WHAT = (
    *("reflected", "willing", "not_willing", "taken_back", "opened_again"),
    *("unsaid_shared", "unsaid_kept", "thought_added", "thought_removed"),
    *("card_sent", "card_withdrawn", "room_shown", "room_tapped", "room_left"),
    *("session_added", "session_removed", "shown", "imported"),
    *("backed_up", "restored", "rekeyed"),
)
WITHDRAWN = ("record", "answer", "willing", "open", "unsaid", "card")
SEATS = ("client", "therapist")


def _stays(table: str) -> dict[str, Rule]:
    """Return the two rules that a row is never changed and never removed."""
    return {
        f"{table}_is_not_{done}": Rule(
            sqlite=f"""
        BEFORE {act} ON store_{table}
        BEGIN SELECT RAISE(ABORT, '{table}_is_not_{done}'); END
    """,
            at=f"BEFORE {act} ON store_{table}",
            refuses="TRUE",
        )
        for act, done in (("UPDATE", "changed"), ("DELETE", "removed"))
    }


def _listed(table: str) -> dict[str, Rule]:
    """Return the two rules that a record's id is listed when the record goes.

    Its id stands behind the version byte (see `duologue.store.keys.records`).
    """
    into = "INSERT INTO store_withdrawal (ref, what, dyad, session, seat, item)"
    sqlite = "lower(hex(substr(OLD.words, 2, 16)))"
    postgres = "encode(substr(OLD.words, 2, 16), 'hex')"
    rest = "'record', '', NULL, '', ''"
    once = "ON CONFLICT (ref) DO NOTHING"  # it may be listed, and come with a backup
    return {
        f"{table}_is_listed_when_removed": Rule(
            sqlite=f"""
        AFTER DELETE ON store_{table} WHEN OLD.words IS NOT NULL
        BEGIN {into} VALUES ({sqlite}, {rest}) {once}; END
    """,
            at=f"AFTER DELETE ON store_{table}",
            does=f"""
            IF OLD.words IS NOT NULL THEN
                {into} VALUES ({postgres}, {rest}) {once};
            END IF;
        """,
        ),
        f"{table}_is_listed_when_replaced": Rule(
            sqlite=f"""
        AFTER UPDATE OF words ON store_{table} WHEN OLD.words IS NOT NULL AND (
            NEW.words IS NULL OR substr(NEW.words, 2, 16) IS NOT substr(OLD.words, 2, 16)
        )
        BEGIN {into} VALUES ({sqlite}, {rest}) {once}; END
    """,
            at=f"AFTER UPDATE ON store_{table}",
            does=f"""
            IF OLD.words IS NOT NULL AND
               substr(NEW.words, 2, 16) IS DISTINCT FROM substr(OLD.words, 2, 16) THEN
                {into} VALUES ({postgres}, {rest}) {once};
            END IF;
        """,
        ),
    }


TRIGGERS = {
    **_stays("event"),
    **_stays("withdrawal"),
    **_listed("answer"),
    **_listed("laterthought"),
}


class Migration(migrations.Migration):
    """Who did what can be checked, and what was withdrawn stays withdrawn."""

    dependencies: ClassVar = [("store", "0003_sealed")]
    operations: ClassVar = [
        migrations.CreateModel(
            "Event",
            fields=[
                (
                    "number",
                    models.PositiveBigIntegerField(primary_key=True, serialize=False),
                ),
                ("at", models.DateTimeField()),
                (
                    "what",
                    models.CharField(choices=[(w, w) for w in WHAT], max_length=24),
                ),
                ("who", models.PositiveBigIntegerField(null=True)),
                ("dyad", models.PositiveBigIntegerField(null=True)),
                ("session", models.PositiveIntegerField(null=True)),
                ("previous", models.BinaryField(max_length=32)),
                ("digest", models.BinaryField(max_length=32)),
            ],
            options={
                "ordering": ["number"],
                "indexes": [
                    models.Index(fields=["dyad", "what", "at"], name="event_by_pair")
                ],
                "constraints": [
                    only("event_is_numbered_from_one", Q(number__gte=1)),
                    only("event_is_something_known", Q(what__in=list(WHAT))),
                    only("event_follows_a_digest", Q(Exact(Length("previous"), 32))),
                    only("event_has_a_digest", Q(Exact(Length("digest"), 32))),
                ],
            },
        ),
        migrations.CreateModel(
            "Withdrawal",
            fields=[
                (
                    "ref",
                    models.CharField(
                        default=new_name,
                        max_length=32,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "what",
                    models.CharField(
                        choices=[(w, w) for w in WITHDRAWN], max_length=12
                    ),
                ),
                ("dyad", models.CharField(blank=True, max_length=22)),
                ("session", models.PositiveIntegerField(null=True)),
                ("seat", models.CharField(blank=True, max_length=12)),
                ("item", models.CharField(blank=True, max_length=40)),
            ],
            options={
                "constraints": [
                    only("withdrawal_is_of_something", Q(what__in=list(WITHDRAWN))),
                    only(
                        "withdrawal_is_of_a_record_or_a_seat",
                        Q(what="record") | Q(seat__in=list(SEATS)),
                    ),
                ],
            },
        ),
        create(TRIGGERS),
    ]
