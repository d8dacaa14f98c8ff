"""A note by mail after a session: asked for by one person, sealed under a key of its own.

The table of events takes new words, so SQLite makes it anew: all triggers are dropped
first and made again at the end.
"""

from importlib import import_module
from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThanOrEqual

from duologue.store.models.choices import only
from duologue.store.models.refs import new_ref
from duologue.store.models.sealed import HolderKeyField, SealedTextField
from duologue.store.triggers import create, drop, listed, settle

EARLIER = import_module("duologue.store.migrations.0009_first_hour")
BEFORE = {**EARLIER.BEFORE, **EARLIER.TRIGGERS}
KNOWN = import_module("duologue.store.migrations.0008_frame").WHAT
AT = KNOWN.index("reach_shown") + 1
NEW = ("reminder_kept", "reminder_ended")
WHAT = (*KNOWN[:AT], *NEW, *KNOWN[AT:])
SHORTEST = 108

TRIGGERS = listed("reminder", "address")


class Migration(migrations.Migration):
    """Who asks for it is sent a note; nobody else learns that they do."""

    dependencies: ClassVar = [("store", "0009_first_hour")]
    operations: ClassVar = [
        drop(BEFORE),
        migrations.RemoveConstraint("event", "event_is_something_known"),
        migrations.AlterField(
            "event",
            "what",
            models.CharField(choices=[(w, w) for w in WHAT], max_length=24),
        ),
        # The way back is refused once such an event is in the chain, which loses nothing.
        migrations.AddConstraint(
            "event", only("event_is_something_known", Q(what__in=list(WHAT)))
        ),
        migrations.CreateModel(
            "Reminder",
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
                    "ref",
                    models.CharField(default=new_ref, max_length=22, unique=True),
                ),
                ("key", HolderKeyField(editable=False)),
                ("address", SealedTextField(max_length=254)),
                ("hour", models.PositiveSmallIntegerField(null=True)),
                ("since", models.DateTimeField()),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reminder",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    only(
                        "reminder_address_is_sealed",
                        Q(GreaterThanOrEqual(Length("address"), SHORTEST)),
                    ),
                    only(
                        "reminder_comes_in_the_evening",
                        Q(hour__isnull=True) | Q(hour__range=(17, 21)),
                    ),
                ],
            },
        ),
        settle(),
        create({**BEFORE, **TRIGGERS}),
    ]
