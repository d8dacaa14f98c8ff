"""Which card was put to a therapist in which week, so that it is one and stays so."""

from importlib import import_module
from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

from duologue.store.models.choices import only

BEFORE = import_module("duologue.store.migrations.0013_forms_of_others").BEFORE


class Migration(migrations.Migration):
    """Something to wonder about is put once a week, whatever closes meanwhile."""

    dependencies: ClassVar = [("store", "0013_forms_of_others")]
    operations: ClassVar = [
        migrations.CreateModel(
            "PutCard",
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
                ("week", models.DateField()),
                ("session", models.PositiveIntegerField(null=True)),
                ("item", models.CharField(blank=True, default="", max_length=40)),
                (
                    "dyad",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="put_cards",
                        to="store.dyad",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="put_cards",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["week"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "week"), name="card_is_put_once_a_week"
                    ),
                    only(
                        "put_card_is_found_or_blank",
                        Q(dyad__isnull=False, session__isnull=False) & ~Q(item="")
                        | Q(dyad__isnull=True, session__isnull=True, item=""),
                    ),
                ],
            },
        ),
    ]
