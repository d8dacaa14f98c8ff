"""Pages of one's own, and how one can be reached, each under a key of its own.

The tables of events and of withdrawals take new words, so SQLite makes them anew: their
triggers, and those that write there, are dropped first and made again at the end.
"""

from importlib import import_module
from typing import Any, ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThanOrEqual

from duologue.store.keys import ring
from duologue.store.models.choices import only
from duologue.store.models.refs import new_ref
from duologue.store.models.sealed import HolderKeyField, SealedTextField
from duologue.store.triggers import Rule, create, drop, listed

EARLIER = import_module("duologue.store.migrations.0004_events_and_withdrawals")
BEFORE = import_module("duologue.store.migrations.0005_accounts")
SHORTEST = 108
NEW_WHAT = (
    *("page_written", "page_removed", "contact_kept", "contact_deleted"),
    *("reach_shared", "reach_kept", "reach_shown"),
)
NEW_WITHDRAWN = ("reach",)
WHAT = (*BEFORE.WHAT[:14], *NEW_WHAT, *BEFORE.WHAT[14:])
WITHDRAWN = (*EARLIER.WITHDRAWN, *NEW_WITHDRAWN)
PAGES = ("journal", "notes", "supervision_notes", "teaching", "aftercare")
DETAILS = {"name": 80, "email": 254, "phone": 40, "safely": 280}

TRIGGERS = {
    **listed("privatepage"),
    **{
        name: rule
        for field in DETAILS
        for name, rule in listed("contact", field).items()
    },
    "private_page_keeps_its_author": Rule(
        sqlite="""
        BEFORE UPDATE OF person_id, dyad_id, kind ON store_privatepage
        WHEN NEW.person_id IS NOT OLD.person_id OR NEW.dyad_id IS NOT OLD.dyad_id
            OR NEW.kind IS NOT OLD.kind
        BEGIN SELECT RAISE(ABORT, 'private_page_keeps_its_author'); END
    """,
        at="BEFORE UPDATE ON store_privatepage",
        refuses="""
            (NEW.person_id, NEW.dyad_id, NEW.kind)
            IS DISTINCT FROM (OLD.person_id, OLD.dyad_id, OLD.kind)
        """,
    ),
}


def give_keys(apps: Any, schema_editor: Any) -> None:
    """Give each person a name by chance, and a key that opens for it alone."""
    people = apps.get_model("store", "Person").objects
    for pk in people.values_list("pk", flat=True):
        ref = new_ref()
        key = ring.current().new_holder_key(f"person:{ref}")
        people.filter(pk=pk).update(ref=ref, key=key)
    _settle(schema_editor)


def forget_what_is_new(apps: Any, schema_editor: Any) -> None:
    """Remove what an earlier version has no word for.

    Its chain of events breaks there, and says so: something is missing, and it is.
    """
    apps.get_model("store", "Event").objects.filter(what__in=NEW_WHAT).delete()
    again = apps.get_model("store", "Withdrawal").objects
    again.filter(what__in=NEW_WITHDRAWN).delete()
    _settle(schema_editor)


def _nothing(apps: Any, schema_editor: Any) -> None:
    """Leave everything as it is."""
    del apps
    _settle(schema_editor)


def _settle(schema_editor: Any) -> None:
    """Let PostgreSQL check now what it would at the end: it changes no table before."""
    schema_editor.connection.check_constraints()


def _is_sealed(field: str) -> GreaterThanOrEqual:
    return GreaterThanOrEqual(Length(field), SHORTEST)


def _words(model: str, name: str, words: tuple[str, ...]) -> Any:
    """Let what was done, or withdrawn, be one of these words."""
    length = {"event": 24, "withdrawal": 12}[model]
    return [
        migrations.RemoveConstraint(model, name),
        migrations.AlterField(
            model,
            "what",
            models.CharField(choices=[(w, w) for w in words], max_length=length),
        ),
        migrations.AddConstraint(model, only(name, Q(what__in=list(words)))),
    ]


def _id() -> tuple[str, Any]:
    made = models.BigAutoField(
        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
    )
    return "id", made


def _key_to(model: str, name: str) -> Any:
    return models.ForeignKey(
        on_delete=django.db.models.deletion.CASCADE, related_name=name, to=model
    )


class Migration(migrations.Migration):
    """What is one's own stays one's own; names and details lie apart."""

    dependencies: ClassVar = [("store", "0005_accounts")]
    operations: ClassVar = [
        drop(EARLIER.TRIGGERS),
        migrations.AddField(
            "person", "ref", models.CharField(max_length=22, null=True)
        ),
        migrations.AddField("person", "key", HolderKeyField(editable=False, null=True)),
        migrations.RunPython(give_keys, _nothing),
        migrations.AlterField(
            "person",
            "ref",
            models.CharField(default=new_ref, max_length=22, unique=True),
        ),
        migrations.AlterField("person", "key", HolderKeyField(editable=False)),
        *_words("event", "event_is_something_known", WHAT),
        *_words("withdrawal", "withdrawal_is_of_something", WITHDRAWN),
        migrations.RunPython(_nothing, forget_what_is_new),
        migrations.CreateModel(
            "PrivatePage",
            fields=[
                _id(),
                (
                    "ref",
                    models.CharField(default=new_ref, max_length=22, unique=True),
                ),
                ("session", models.PositiveIntegerField(null=True)),
                (
                    "kind",
                    models.CharField(choices=[(w, w) for w in PAGES], max_length=20),
                ),
                ("day", models.DateField()),
                ("words", SealedTextField(max_length=20_000)),
                ("dyad", _key_to("store.dyad", "private_pages")),
                ("person", _key_to(settings.AUTH_USER_MODEL, "private_pages")),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["person", "dyad", "day"], name="private_page_by_day"
                    )
                ],
                "constraints": [
                    only("private_page_is_of_a_kind", Q(kind__in=list(PAGES))),
                    only("private_page_is_sealed", Q(_is_sealed("words"))),
                    only(
                        "aftercare_follows_a_session",
                        ~Q(kind="aftercare") | Q(session__isnull=False),
                    ),
                    models.UniqueConstraint(
                        condition=Q(kind="teaching"),
                        fields=("person", "dyad"),
                        name="teaching_stands_once",
                    ),
                    models.UniqueConstraint(
                        condition=Q(kind="aftercare"),
                        fields=("person", "dyad", "session"),
                        name="aftercare_stands_once_a_session",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            "Contact",
            fields=[
                _id(),
                (
                    "ref",
                    models.CharField(default=new_ref, max_length=22, unique=True),
                ),
                ("key", HolderKeyField(editable=False)),
                *(
                    (field, SealedTextField(max_length=longest, null=True))
                    for field, longest in DETAILS.items()
                ),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contact",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    only(
                        "contact_says_something",
                        Q(name__isnull=False)
                        | Q(email__isnull=False)
                        | Q(phone__isnull=False)
                        | Q(safely__isnull=False),
                    ),
                    *(
                        only(
                            f"contact_{field}_is_sealed",
                            Q(**{f"{field}__isnull": True}) | Q(_is_sealed(field)),
                        )
                        for field in DETAILS
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            "Reachable",
            fields=[
                _id(),
                (
                    "seat",
                    models.CharField(
                        choices=[(s, s) for s in EARLIER.SEATS], max_length=12
                    ),
                ),
                ("dyad", _key_to("store.dyad", "reachable")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("dyad", "seat"), name="reachable_stands_once_a_seat"
                    ),
                    only("reachable_has_a_seat", Q(seat__in=list(EARLIER.SEATS))),
                ],
            },
        ),
        create({**EARLIER.TRIGGERS, **TRIGGERS}),
    ]
