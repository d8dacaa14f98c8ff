"""The frame: what was planned and noted, a calendar's word, and openings together.

On SQLite a table is made anew when it changes, which would lose its triggers, so all of
them are dropped first and made again at the end.
"""

from importlib import import_module
from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact

from duologue.store.models.choices import only
from duologue.store.triggers import create, drop, settle

EARLIER = import_module("duologue.store.migrations.0007_agreement_and_consent")
BEFORE = {**EARLIER.BEFORE, **EARLIER.TRIGGERS}
AT = EARLIER.WHAT.index("shown")
NEW = ("session_noted", "session_moved", "calendar_imported")
WHAT = (*EARLIER.WHAT[:AT], *NEW, *EARLIER.WHAT[AT:])
TAGS = ("meant", "drifted")


class Migration(migrations.Migration):
    """What became of a session, and what a calendar says of it, is kept with it."""

    dependencies: ClassVar = [("store", "0007_agreement_and_consent")]
    operations: ClassVar = [
        drop(BEFORE),
        migrations.AddField("dyad", "openings", models.PositiveIntegerField(default=0)),
        migrations.AddField(
            "session",
            "planned_minutes",
            models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            "session",
            "tag",
            models.CharField(
                blank=True, choices=[(t, t) for t in TAGS], default="", max_length=8
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "session",
            "calendar",
            models.CharField(blank=True, default="", max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            "session", "calendar_start", models.DateTimeField(null=True)
        ),
        migrations.AddField(
            "session", "calendar_sequence", models.PositiveIntegerField(null=True)
        ),
        migrations.AddConstraint(
            "session",
            only(
                "session_is_planned_for_minutes",
                Q(planned_minutes__isnull=True) | Q(planned_minutes__range=(1, 480)),
            ),
        ),
        migrations.AddConstraint(
            "session",
            only("session_edge_has_a_tag", Q(tag="") | Q(tag__in=list(TAGS))),
        ),
        migrations.AddConstraint(
            "session",
            only("session_edge_is_one_that_moved", Q(tag="") | ~Q(started=None)),
        ),
        migrations.AddConstraint(
            "session",
            only(
                "session_in_a_calendar_has_its_time",
                Q(calendar="", calendar_start=None, calendar_sequence=None)
                | Q(
                    Exact(Length("calendar"), 64),
                    calendar_start__isnull=False,
                    calendar_sequence__isnull=False,
                ),
            ),
        ),
        migrations.AddConstraint(
            "session",
            models.UniqueConstraint(
                condition=~Q(calendar=""),
                fields=["dyad", "calendar"],
                name="session_stands_once_in_a_calendar",
            ),
        ),
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
        settle(),
        create(BEFORE),
    ]
