"""The first hour: a practice is there before it has said everything.

Nobody is in a pair before it says where help is, and what it says is never blank again:
a rule over two tables, and over time. On SQLite a table is made anew when it changes,
which would lose its triggers, so all of them are dropped first and made again at the end.
"""

from importlib import import_module
from typing import ClassVar

from django.db import migrations, models

from duologue.store.triggers import Rule, create, drop, settle

EARLIER = import_module("duologue.store.migrations.0008_frame")
BEFORE = EARLIER.BEFORE

SAYS = ("name", "crisis", "telling", "supervisor", "wellbeing")
_SILENCED = " OR ".join(
    f"(trim(OLD.{field}) <> '' AND trim(NEW.{field}) = '')" for field in SAYS
)
_SILENT = (
    "EXISTS (SELECT 1 FROM store_practice WHERE id = NEW.practice_id "
    "AND (trim(name) = '' OR trim(crisis) = ''))"
)


TRIGGERS = {
    name: Rule(
        sqlite=f"{at} WHEN {refuses} BEGIN SELECT RAISE(ABORT, '{name}'); END",
        at=at,
        refuses=refuses,
    )
    for name, at, refuses in (
        (
            "practice_never_falls_silent",
            "BEFORE UPDATE ON store_practice",
            _SILENCED,
        ),
        ("dyad_is_where_help_is_said", "BEFORE INSERT ON store_dyad", _SILENT),
        (
            "dyad_stays_where_help_is_said",
            "BEFORE UPDATE ON store_dyad",
            f"NEW.practice_id <> OLD.practice_id AND {_SILENT}",
        ),
    )
}


class Migration(migrations.Migration):
    """What a practice says can be kept piece by piece.

    The way back is refused while one has no name or no words for whoever needs someone.
    """

    dependencies: ClassVar = [("store", "0008_frame")]
    operations: ClassVar = [
        drop(BEFORE),
        migrations.RemoveConstraint("practice", "practice_says_where_help_is"),
        migrations.RemoveConstraint("practice", "practice_has_a_name"),
        migrations.AlterField(
            "practice", "name", models.CharField(blank=True, default="", max_length=80)
        ),
        migrations.AlterField(
            "practice", "crisis", models.TextField(blank=True, default="")
        ),
        settle(),
        create(BEFORE),
        create(TRIGGERS),
    ]
