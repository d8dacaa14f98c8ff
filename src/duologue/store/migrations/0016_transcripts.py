"""What was said in a session and what was counted of it, sealed; and one's own marks.

The table of events takes new words, so SQLite makes it anew: all triggers are dropped
first and made again at the end. The way back is refused once such an event is in the
chain.
"""

from importlib import import_module
from typing import Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThanOrEqual

from duologue.store.models.choices import only
from duologue.store.models.refs import new_ref
from duologue.store.models.sealed import SealedTextField
from duologue.store.triggers import Rule, create, drop, listed, settle

_LAST = import_module("duologue.store.migrations.0015_recordings")
BEFORE = {**_LAST.BEFORE, **_LAST.TRIGGERS}
KNOWN = _LAST.WHAT
AT = KNOWN.index("imported")
NEW = ("transcript_kept", "transcript_deleted")
WHAT = (*KNOWN[:AT], *NEW, *KNOWN[AT:])
SHORTEST = 108
SAYS = ("dyad_id", "session_id", "ref", "segments", "found", "kept_on")


def _each(old_or_new: str) -> str:
    return ", ".join(f"{old_or_new}.{name}" for name in SAYS)


def _removed(field: str) -> dict[str, Rule]:
    name = f"transcript_{field}_is_listed_when_removed"
    return {name: listed("transcript", field)[name]}


TRIGGERS = {
    **_removed("segments"),
    **_removed("found"),
    **listed("hereandnow", "marks"),
    "transcript_stays": Rule(
        sqlite=f"""
        BEFORE UPDATE ON store_transcript WHEN ({_each("NEW")}) IS NOT ({_each("OLD")})
        BEGIN SELECT RAISE(ABORT, 'transcript_stays'); END
    """,
        at="BEFORE UPDATE ON store_transcript",
        refuses=f"({_each('NEW')}) IS DISTINCT FROM ({_each('OLD')})",
    ),
}


def _id() -> "models.BigAutoField[Any, Any]":
    return models.BigAutoField(
        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
    )


def _ref() -> "models.CharField[Any, Any]":
    return models.CharField(default=new_ref, max_length=22, unique=True)


def _of(model: str, related_name: str) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        on_delete=django.db.models.deletion.CASCADE,
        related_name=related_name,
        to=f"store.{model}",
    )


def _is_sealed(name: str, field: str) -> models.CheckConstraint:
    return only(name, Q(GreaterThanOrEqual(Length(field), SHORTEST)))


class Migration(migrations.Migration):
    """Both hold what was said, and either deletes it; marks are the therapist's alone."""

    dependencies: ClassVar = [("store", "0015_recordings")]
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
            "Transcript",
            fields=[
                ("id", _id()),
                ("ref", _ref()),
                ("segments", SealedTextField(max_length=2_000_000)),
                ("found", SealedTextField(max_length=4_000_000)),
                ("kept_on", models.DateField()),
                ("dyad", _of("dyad", "transcripts")),
                ("session", _of("session", "transcripts")),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("session",), name="transcript_stands_once_a_session"
                    ),
                    _is_sealed("transcript_segments_are_sealed", "segments"),
                    _is_sealed("transcript_found_is_sealed", "found"),
                ],
            },
        ),
        migrations.CreateModel(
            "HereAndNow",
            fields=[
                ("id", _id()),
                ("ref", _ref()),
                ("marks", SealedTextField(max_length=100_000)),
                ("person", _of("person", "here_and_now")),
                ("transcript", _of("transcript", "here_and_now")),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "transcript"),
                        name="here_and_now_stands_once",
                    ),
                    _is_sealed("here_and_now_is_sealed", "marks"),
                ],
            },
        ),
        settle(),
        create({**BEFORE, **TRIGGERS}),
    ]
