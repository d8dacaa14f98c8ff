"""Forms whose words come in packs under licences of their own, and what they are used for.

The table of practices takes a rule, so SQLite makes it anew: all triggers are dropped
first and made again at the end.
"""

from importlib import import_module
from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact

from duologue.store.models.choices import only
from duologue.store.models.refs import new_ref
from duologue.store.triggers import create, drop, settle

EARLIER = import_module("duologue.store.migrations.0012_what_i_came_for")
BEFORE = {**EARLIER.BEFORE, **EARLIER.TRIGGERS}
USES = ("clinical", "commercial", "educational", "research")


class Migration(migrations.Migration):
    """What its holder licensed for some uses is asked where it may be, unchanged."""

    dependencies: ClassVar = [("store", "0012_what_i_came_for")]
    operations: ClassVar = [
        drop(BEFORE),
        migrations.AddField(
            "practice",
            "use",
            models.CharField(
                blank=True,
                choices=[(use, use) for use in USES],
                default="",
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            "practice",
            only("practice_use_is_of_a_kind", Q(use="") | Q(use__in=list(USES))),
        ),
        migrations.AddField(
            "filledform",
            "edition",
            models.CharField(blank=True, default="", max_length=64),
        ),
        migrations.CreateModel(
            "FormPack",
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
                ("sha256", models.CharField(max_length=64)),
                ("content", models.BinaryField()),
                ("added_on", models.DateField()),
                ("removed_on", models.DateField(null=True)),
                (
                    "practice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="form_packs",
                        to="store.practice",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("practice", "sha256"), name="form_pack_is_added_once"
                    ),
                    only("form_pack_has_a_digest", Exact(Length("sha256"), 64)),
                ],
            },
        ),
        settle(),
        create(BEFORE),
    ]
