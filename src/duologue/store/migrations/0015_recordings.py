"""What recordings showed: the series of both, and what was found in them, sealed.

The table of events takes new words, so SQLite makes it anew: all triggers are dropped
first and made again at the end. The way back is refused once such an event is in the
chain.
"""

from importlib import import_module
from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThanOrEqual

from duologue.store.models.choices import only
from duologue.store.models.refs import new_ref
from duologue.store.models.sealed import SealedTextField
from duologue.store.triggers import Rule, create, drop, listed, settle

BEFORE = import_module("duologue.store.migrations.0014_what_was_put").BEFORE
KNOWN = import_module("duologue.store.migrations.0012_what_i_came_for").WHAT
AT = KNOWN.index("imported")
NEW = ("recording_kept", "recording_deleted")
WHAT = (*KNOWN[:AT], *NEW, *KNOWN[AT:])
MODALITIES = ("motion", "voice", "physiology")
SHORTEST = 108
SAYS = ("dyad_id", "session_id", "modality", "ref", "series", "found", "kept_on")


def _each(old_or_new: str) -> str:
    return ", ".join(f"{old_or_new}.{name}" for name in SAYS)


def _removed(field: str) -> dict[str, Rule]:
    name = f"recording_{field}_is_listed_when_removed"
    return {name: listed("recording", field)[name]}


TRIGGERS = {
    **_removed("series"),
    **_removed("found"),
    "recording_stays": Rule(
        sqlite=f"""
        BEFORE UPDATE ON store_recording WHEN ({_each("NEW")}) IS NOT ({_each("OLD")})
        BEGIN SELECT RAISE(ABORT, 'recording_stays'); END
    """,
        at="BEFORE UPDATE ON store_recording",
        refuses=f"({_each('NEW')}) IS DISTINCT FROM ({_each('OLD')})",
    ),
}


class Migration(migrations.Migration):
    """Both hold what a recording showed of them, and either deletes it."""

    dependencies: ClassVar = [("store", "0014_what_was_put")]
    operations: ClassVar = [
        drop(BEFORE),
        migrations.RemoveConstraint("event", "event_is_something_known"),
        migrations.AlterField(
            "event",
            "what",
            models.CharField(choices=[(word, word) for word in WHAT], max_length=24),
        ),
        migrations.AddConstraint(
            "event", only("event_is_something_known", Q(what__in=list(WHAT)))
        ),
        migrations.CreateModel(
            "Recording",
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
                ("ref", models.CharField(default=new_ref, max_length=22, unique=True)),
                (
                    "modality",
                    models.CharField(
                        choices=[(each, each) for each in MODALITIES], max_length=12
                    ),
                ),
                ("series", SealedTextField(max_length=16_000_000)),
                ("found", SealedTextField(max_length=200_000)),
                ("kept_on", models.DateField()),
                (
                    "dyad",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recordings",
                        to="store.dyad",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recordings",
                        to="store.session",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("session", "modality"),
                        name="recording_stands_once_a_session",
                    ),
                    only(
                        "recording_is_of_a_modality", Q(modality__in=list(MODALITIES))
                    ),
                    *(
                        only(
                            name,
                            Q(GreaterThanOrEqual(Length(field), SHORTEST)),
                        )
                        for name, field in (
                            ("recording_series_are_sealed", "series"),
                            ("recording_found_is_sealed", "found"),
                        )
                    ),
                ],
            },
        ),
        settle(),
        create({**BEFORE, **TRIGGERS}),
    ]
