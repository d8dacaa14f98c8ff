"""What the client came for: goals in words that both accept, ratings, and published forms.

The tables of events and withdrawals take new words, so SQLite makes them anew: all
triggers are dropped first and made again at the end. On the way back withdrawals of kinds
that are not known there go; it is refused once such an event is in the chain.
"""

from importlib import import_module
from typing import Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Length, Trim
from django.db.models.lookups import GreaterThan, GreaterThanOrEqual

from duologue.store.models.choices import only
from duologue.store.models.refs import new_ref
from duologue.store.models.sealed import SealedTextField
from duologue.store.triggers import Rule, create, drop, listed, settle

EARLIER = import_module("duologue.store.migrations.0011_what_was_said_and_delivered")
BEFORE = EARLIER.BEFORE
KNOWN = import_module("duologue.store.migrations.0010_reminders").WHAT
AT = KNOWN.index("imported")
NEW = (
    *("goal_proposed", "goal_accepted", "goal_set_aside", "goal_taken_back"),
    *("goals_rated", "goals_reviewed", "form_filled", "form_deleted"),
    *("form_rhythm_kept", "outcomes_shown"),
)
WHAT = (*KNOWN[:AT], *NEW, *KNOWN[AT:])
AGREED = import_module("duologue.store.migrations.0007_agreement_and_consent")
WITHDRAWN_BEFORE = AGREED.WITHDRAWN
NEW_WITHDRAWN = ("rating", "form")
WITHDRAWN = (*WITHDRAWN_BEFORE[:-1], *NEW_WITHDRAWN, WITHDRAWN_BEFORE[-1])
SEATS = ("client", "therapist")
SHORTEST = 108

REMOVED = "goalwording_is_listed_when_removed"
SAYS = ("goal_id", "ref", "words", "rests", "proposed_by", "proposed_on")
_SETTLED = "OLD.accepted_on IS NOT NULL OR OLD.set_aside_on IS NOT NULL"


def _each(old_or_new: str) -> str:
    return ", ".join(f"{old_or_new}.{name}" for name in SAYS)


TRIGGERS = {
    REMOVED: listed("goalwording")[REMOVED],
    "goal_wording_stays": Rule(
        sqlite=f"""
        BEFORE UPDATE ON store_goalwording
        WHEN {_SETTLED} OR ({_each("NEW")}) IS NOT ({_each("OLD")})
        BEGIN SELECT RAISE(ABORT, 'goal_wording_stays'); END
    """,
        at="BEFORE UPDATE ON store_goalwording",
        refuses=f"{_SETTLED} OR ({_each('NEW')}) IS DISTINCT FROM ({_each('OLD')})",
    ),
}


def forget_kinds(apps: Any, schema_editor: Any) -> None:
    """Drop the withdrawals that are not known there: what they speak of goes with them."""
    withdrawals = apps.get_model("store", "Withdrawal").objects
    withdrawals.filter(what__in=NEW_WITHDRAWN).delete()


def _words(words: Any) -> list[tuple[str, str]]:
    return [(word, word) for word in words]


def _known(model: str, name: str, words: Any, max_length: int) -> list[Any]:
    """Let a column hold other words."""
    field = models.CharField(choices=_words(words), max_length=max_length)
    return [
        migrations.RemoveConstraint(model, name),
        migrations.AlterField(model, "what", field),
        migrations.AddConstraint(model, only(name, Q(what__in=list(words)))),
    ]


def _id() -> Any:
    return (
        "id",
        models.BigAutoField(
            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
        ),
    )


def _of(model: str, name: str) -> Any:
    return models.ForeignKey(
        on_delete=django.db.models.deletion.CASCADE,
        related_name=name,
        to=f"store.{model}",
    )


def _seat() -> Any:
    return models.CharField(choices=_words(SEATS), max_length=12)


def _says_something(field: str) -> GreaterThan:
    return GreaterThan(Length(Trim(field)), 0)


class Migration(migrations.Migration):
    """The client reaches what they came for, in their own words."""

    dependencies: ClassVar = [("store", "0011_what_was_said_and_delivered")]
    operations: ClassVar = [
        drop(BEFORE),
        *_known("event", "event_is_something_known", WHAT, 24),
        *_known("withdrawal", "withdrawal_is_of_something", WITHDRAWN, 12),
        migrations.RunPython(migrations.RunPython.noop, forget_kinds),
        migrations.CreateModel(
            "Goal",
            fields=[
                _id(),
                ("ref", models.CharField(default=new_ref, max_length=22, unique=True)),
                ("number", models.PositiveSmallIntegerField()),
                ("dyad", _of("dyad", "goals")),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("dyad", "number"), name="goal_number_stands_once"
                    ),
                    only("goal_number_is_from_one", Q(number__gte=1)),
                ],
            },
        ),
        migrations.CreateModel(
            "GoalWording",
            fields=[
                _id(),
                ("ref", models.CharField(default=new_ref, max_length=22, unique=True)),
                ("words", SealedTextField(max_length=280)),
                ("rests", models.BooleanField(default=False)),
                ("proposed_by", _seat()),
                ("proposed_on", models.DateField()),
                ("accepted_on", models.DateField(null=True)),
                ("set_aside_on", models.DateField(null=True)),
                ("goal", _of("goal", "wordings")),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(
                            accepted_on__isnull=True, set_aside_on__isnull=True
                        ),
                        fields=("goal",),
                        name="goal_wording_is_proposed_one_at_a_time",
                    ),
                    only(
                        "goal_wording_is_accepted_or_set_aside",
                        Q(accepted_on__isnull=True) | Q(set_aside_on__isnull=True),
                    ),
                    only(
                        "goal_wording_is_proposed_by_a_seat",
                        Q(proposed_by__in=list(SEATS)),
                    ),
                    only(
                        "goal_wording_is_sealed",
                        Q(GreaterThanOrEqual(Length("words"), SHORTEST)),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            "GoalRating",
            fields=[
                _id(),
                ("rating", models.FloatField()),
                ("goal", _of("goal", "ratings")),
                ("session", _of("session", "goal_ratings")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("goal", "session"), name="goal_is_rated_once_a_session"
                    ),
                    only("goal_rating_in_range", Q(rating__range=(0, 10))),
                ],
            },
        ),
        migrations.CreateModel(
            "GoalReview",
            fields=[
                _id(),
                ("day", models.DateField()),
                ("by", _seat()),
                ("dyad", _of("dyad", "goal_reviews")),
            ],
            options={
                "ordering": ["day"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("dyad", "day"), name="goals_are_reviewed_once_a_day"
                    ),
                    only("goal_review_is_noted_by_a_seat", Q(by__in=list(SEATS))),
                ],
            },
        ),
        migrations.CreateModel(
            "FilledForm",
            fields=[
                _id(),
                ("instrument", models.CharField(max_length=40)),
                ("day", models.DateField()),
                ("answers", models.JSONField()),
                ("dyad", _of("dyad", "filled_forms")),
                ("session", _of("session", "filled_forms")),
            ],
            options={
                "ordering": ["day", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("dyad", "instrument", "day"),
                        name="form_is_filled_once_a_day",
                    ),
                    only("form_is_of_an_instrument", _says_something("instrument")),
                ],
            },
        ),
        migrations.CreateModel(
            "FormRhythm",
            fields=[
                _id(),
                ("instrument", models.CharField(max_length=40)),
                ("every_days", models.PositiveSmallIntegerField(null=True)),
                ("dyad", _of("dyad", "form_rhythms")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("dyad", "instrument"), name="form_has_one_rhythm"
                    ),
                    only(
                        "form_rhythm_is_of_an_instrument", _says_something("instrument")
                    ),
                    only(
                        "form_comes_so_often",
                        Q(every_days__isnull=True) | Q(every_days__range=(1, 366)),
                    ),
                ],
            },
        ),
        settle(),
        create({**BEFORE, **TRIGGERS}),
    ]
