"""People sign in: codes of their own in each pair, invitations, and tries that are kept.

On SQLite a table is made anew when a column changes, which would lose its triggers, so
they are dropped first and made again at the end.
"""

from importlib import import_module
from typing import Any, ClassVar

import django.db.models.deletion as on_delete
from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.functions import Length, Trim
from django.db.models.lookups import Exact, GreaterThan

from duologue.store.models.choices import only
from duologue.store.models.person import new_code
from duologue.store.triggers import Rule, create, drop

TRIGGERS = {
    # A seat that is kept free is taken by somebody, once; nobody leaves theirs by it.
    "dyad_keeps_its_people": Rule(
        sqlite="""
        BEFORE UPDATE OF client_id, therapist_id, kind ON store_dyad
        WHEN NEW.kind IS NOT OLD.kind OR (
            NEW.client_id IS NOT OLD.client_id AND NOT EXISTS (
                SELECT 1 FROM store_invitation
                WHERE dyad_id = OLD.id AND seat = 'client')
        ) OR (
            NEW.therapist_id IS NOT OLD.therapist_id AND NOT EXISTS (
                SELECT 1 FROM store_invitation
                WHERE dyad_id = OLD.id AND seat = 'therapist')
        )
        BEGIN SELECT RAISE(ABORT, 'dyad_keeps_its_people'); END
    """,
        at="BEFORE UPDATE ON store_dyad",
        refuses="""
            NEW.kind IS DISTINCT FROM OLD.kind OR (
                NEW.client_id IS DISTINCT FROM OLD.client_id AND NOT EXISTS (
                    SELECT 1 FROM store_invitation
                    WHERE dyad_id = OLD.id AND seat = 'client')
            ) OR (
                NEW.therapist_id IS DISTINCT FROM OLD.therapist_id AND NOT EXISTS (
                    SELECT 1 FROM store_invitation
                    WHERE dyad_id = OLD.id AND seat = 'therapist')
            )
        """,
    ),
}
RULES = {
    **import_module("duologue.store.migrations.0002_what_has_opened_stays").TRIGGERS,
    **import_module("duologue.store.migrations.0004_events_and_withdrawals").TRIGGERS,
}
EARLIER = import_module("duologue.store.migrations.0004_events_and_withdrawals").WHAT
NEW = (
    *("invited", "invitation_ended", "joined", "signed_in", "sign_in_refused"),
    *("way_in_added", "way_in_removed", "practice_changed"),
)
WHAT = (*EARLIER, *NEW)
SEATS = ("client", "therapist")


def call(apps: Any, schema_editor: Any) -> None:
    """Call the two people of each pair what they were called everywhere."""
    for dyad in apps.get_model("store", "Dyad").objects.select_related(*SEATS):
        dyad.client_code, dyad.therapist_code = dyad.client.code, dyad.therapist.code
        dyad.save(update_fields=["client_code", "therapist_code"])
    schema_editor.connection.check_constraints()


def forget_what_is_new(apps: Any, schema_editor: Any) -> None:
    """Remove what an earlier version has no word for; its chain says that it is broken."""
    apps.get_model("store", "Event").objects.filter(what__in=NEW).delete()
    schema_editor.connection.check_constraints()


def nothing(apps: Any, schema_editor: Any) -> None:
    """Leave everything as it is."""
    del apps
    schema_editor.connection.check_constraints()


def _says_something(field: str) -> GreaterThan:
    return GreaterThan(Length(Trim(field)), 0)


def _known(what: tuple[str, ...]) -> models.CheckConstraint:
    return only("event_is_something_known", Q(what__in=list(what)))


def _text() -> Any:
    return models.TextField(blank=True, default="")


class Migration(migrations.Migration):
    """Who is invited can come in, and is called in each pair what the pair calls them."""

    dependencies: ClassVar = [("store", "0004_events_and_withdrawals")]
    operations: ClassVar = [
        drop(RULES),
        migrations.AddField("practice", "telling", _text()),
        migrations.AddField("practice", "supervisor", _text()),
        migrations.AddField("practice", "wellbeing", _text()),
        migrations.AddField(
            "person",
            "practice",
            models.ForeignKey(
                null=True,
                on_delete=on_delete.PROTECT,
                related_name="people",
                to="store.practice",
            ),
        ),
        migrations.AlterField(
            "person",
            "code",
            models.CharField(default=new_code, max_length=40, unique=True),
        ),
        *(
            migrations.AddField(
                "dyad",
                f"{seat}_code",
                models.CharField(default="", max_length=40),
                preserve_default=False,
            )
            for seat in SEATS
        ),
        migrations.RunPython(call, nothing),
        migrations.AddConstraint(
            "dyad", only("dyad_calls_them_apart", ~Q(client_code=F("therapist_code")))
        ),
        *(
            migrations.AddConstraint(
                "dyad",
                only(f"dyad_{seat}_has_a_code", _says_something(f"{seat}_code")),
            )
            for seat in SEATS
        ),
        migrations.CreateModel(
            "Attempts",
            fields=[
                (
                    "cache_key",
                    models.CharField(max_length=255, primary_key=True, serialize=False),
                ),
                ("value", models.TextField()),
                ("expires", models.DateTimeField(db_index=True)),
            ],
            options={"db_table": "store_attempts"},
        ),
        migrations.CreateModel(
            "Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "seat",
                    models.CharField(
                        blank=True, choices=[(s, s) for s in SEATS], max_length=12
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("ends_at", models.DateTimeField()),
                (
                    "dyad",
                    models.OneToOneField(
                        null=True,
                        on_delete=on_delete.CASCADE,
                        related_name="invitation",
                        to="store.dyad",
                    ),
                ),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=on_delete.CASCADE,
                        related_name="invitation",
                        to="store.person",
                    ),
                ),
                (
                    "practice",
                    models.ForeignKey(
                        on_delete=on_delete.CASCADE,
                        related_name="invitations",
                        to="store.practice",
                    ),
                ),
            ],
            options={
                "constraints": [
                    only("invitation_has_a_digest", Q(Exact(Length("digest"), 64))),
                    only(
                        "invitation_is_to_a_seat_or_to_work",
                        Q(dyad__isnull=True, seat="")
                        | Q(dyad__isnull=False) & ~Q(seat=""),
                    ),
                    only(
                        "invitation_is_to_one_of_two_seats",
                        Q(seat="") | Q(seat__in=list(SEATS)),
                    ),
                ],
            },
        ),
        migrations.RemoveConstraint("event", "event_is_something_known"),
        migrations.RunPython(nothing, forget_what_is_new),
        migrations.AlterField(
            "event",
            "what",
            models.CharField(choices=[(w, w) for w in WHAT], max_length=24),
        ),
        migrations.AddConstraint("event", _known(WHAT)),
        create({**RULES, **TRIGGERS}),
    ]
