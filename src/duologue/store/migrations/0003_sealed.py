"""Free text is sealed: what stood there as it was written is sealed, and goes.

On SQLite a table is made anew when a column changes, which would lose its triggers, so
they are dropped first and made again at the end.
"""

from importlib import import_module
from typing import Any, ClassVar

from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThanOrEqual

from duologue.store.keys import ring
from duologue.store.keys.records import Place, open_text, seal_text
from duologue.store.models.sealed import PairKeyField, Sealed, SealedTextField
from duologue.store.triggers import create, drop

BEFORE = import_module("duologue.store.migrations.0002_what_has_opened_stays").TRIGGERS
SHORTEST = 108
VALUES = ("number", "choice", "chips", "words")
TO_PAIR = {
    "answer": "reflection__session__dyad__",
    "laterthought": "answer__reflection__session__dyad__",
    "dyad": "",
}
"""How the pair of a row is reached."""
NAMES = {
    ("answer", "words"): ("answer:{reflection_id}/{item}:words", "reflection_id item"),
    ("laterthought", "words"): ("later thought:{ref}:words", "ref"),
    ("dyad", "rhythm"): ("dyad:{ref}:rhythm", "ref"),
    ("dyad", "frame"): ("dyad:{ref}:frame", "ref"),
}
"""Where a text belongs, and the columns that say so."""


def seal(apps: Any, schema_editor: Any) -> None:
    """Give each pair a key, and seal what was written."""
    dyads = apps.get_model("store", "Dyad").objects
    for pk, ref in dyads.values_list("pk", "ref"):
        dyads.filter(pk=pk).update(key=ring.current().new_pair_key(ref))
    for rows, field, pk, place, text in _texts(apps, "plain_"):
        if text:
            rows.filter(pk=pk).update(**{field: Sealed(seal_text(text, place))})
    _settle(schema_editor)


def unseal(apps: Any, schema_editor: Any) -> None:
    """Open what is sealed, and put it back as it was written."""
    for rows, field, pk, place, sealed in _texts(apps, ""):
        if sealed:
            text = open_text(sealed, place)
            rows.filter(pk=pk).update(**{f"plain_{field}": text})
    for field in ("plain_rhythm", "plain_frame"):
        unset = apps.get_model("store", "Dyad").objects.filter(**{field: None})
        unset.update(**{field: ""})
    _settle(schema_editor)


def _settle(schema_editor: Any) -> None:
    """Let PostgreSQL check now what it would at the end: it changes no table before."""
    schema_editor.connection.check_constraints()


def _texts(apps: Any, prefix: str) -> Any:
    """Return each text: the table, the field, the row, where it belongs, what stands there."""
    for (model, field), (name, columns) in NAMES.items():
        rows = apps.get_model("store", model).objects
        to_pair = TO_PAIR[model]
        for row in rows.values(
            *("pk", f"{prefix}{field}", *columns.split()),
            pair_ref=models.F(f"{to_pair}ref"),
            pair_key=models.F(f"{to_pair}key"),
        ):
            place = Place(
                pair=row["pair_ref"],
                pair_key=bytes(row["pair_key"]),
                name=name.format(**row),
            )
            yield rows, field, row["pk"], place, row[f"{prefix}{field}"]


def _is_sealed(field: str) -> GreaterThanOrEqual:
    return GreaterThanOrEqual(Length(field), SHORTEST)


def _just_one(*fields: str) -> Q:
    condition = Q()
    for filled in fields:
        condition |= Q(**{f"{field}__isnull": field != filled for field in fields})
    return condition


def _replaced(model: str, field: str, plain: Any, sealed: Any) -> list[Any]:
    """Put a column for what is sealed beside the one for what is plain."""
    return [
        migrations.RenameField(model, field, f"plain_{field}"),
        migrations.AlterField(model, f"plain_{field}", plain),
        migrations.AddField(model, field, sealed),
    ]


class Migration(migrations.Migration):
    """What is written in the pair's own words can be opened only with the pair's key."""

    dependencies: ClassVar = [("store", "0002_what_has_opened_stays")]
    operations: ClassVar = [
        drop(BEFORE),
        migrations.RemoveConstraint("answer", "answer_words_say_something"),
        migrations.RemoveConstraint("answer", "answer_has_one_value"),
        migrations.RemoveConstraint("laterthought", "later_thought_says_something"),
        migrations.AddField("dyad", "key", PairKeyField(editable=False, null=True)),
        *_replaced(
            "answer",
            "words",
            models.CharField(max_length=280, null=True),
            SealedTextField(max_length=280, null=True),
        ),
        *_replaced(
            "laterthought",
            "words",
            models.CharField(max_length=280, null=True),
            SealedTextField(max_length=280, null=True),
        ),
        *_replaced(
            "dyad",
            "rhythm",
            models.CharField(max_length=80, blank=True, null=True),
            SealedTextField(max_length=80, null=True),
        ),
        *_replaced(
            "dyad",
            "frame",
            models.TextField(blank=True, null=True),
            SealedTextField(max_length=20_000, null=True),
        ),
        migrations.RunPython(seal, unseal),
        *(migrations.RemoveField(model, f"plain_{field}") for model, field in NAMES),
        migrations.AlterField("dyad", "key", PairKeyField(editable=False)),
        migrations.AlterField("laterthought", "words", SealedTextField(max_length=280)),
        migrations.AddConstraint(
            "answer",
            models.CheckConstraint(
                name="answer_has_one_value", condition=_just_one(*VALUES)
            ),
        ),
        migrations.AddConstraint(
            "answer",
            models.CheckConstraint(
                name="answer_words_are_sealed",
                condition=Q(words__isnull=True) | Q(_is_sealed("words")),
            ),
        ),
        *(
            migrations.AddConstraint(
                "dyad",
                models.CheckConstraint(
                    name=f"dyad_{field}_is_sealed",
                    condition=Q(**{f"{field}__isnull": True}) | Q(_is_sealed(field)),
                ),
            )
            for field in ("rhythm", "frame")
        ),
        migrations.AddConstraint(
            "laterthought",
            models.CheckConstraint(
                name="later_thought_is_sealed", condition=Q(_is_sealed("words"))
            ),
        ),
        create(BEFORE),
    ]
