"""What a calendar said last of a session, and on which day a card came to lie there.

On SQLite a table is made anew when it changes, which would lose its triggers, so all of
them are dropped first and made again at the end.
"""

from importlib import import_module
from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q

from duologue.store.triggers import create, drop

EARLIER = import_module("duologue.store.migrations.0010_reminders")
BEFORE = {**EARLIER.BEFORE, **EARLIER.TRIGGERS}


class Migration(migrations.Migration):
    """A calendar takes back only what it said, and a card has one day."""

    dependencies: ClassVar = [("store", "0010_reminders")]
    operations: ClassVar = [
        drop(BEFORE),
        migrations.AddField(
            "session", "calendar_off", models.BooleanField(default=False)
        ),
        migrations.AddConstraint(
            "session",
            models.CheckConstraint(
                name="session_is_off_in_a_calendar_that_names_it",
                condition=Q(calendar_off=False) | ~Q(calendar=""),
            ),
        ),
        migrations.AddField("card", "lies_on", models.DateField(null=True)),
        create(BEFORE),
    ]
