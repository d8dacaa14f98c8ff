"""A store full of made-up practices, filled fast.

The first practice is made by the simulator and kept by the app's own import, row by row
as a real one would be. The others are copies of it, made inside the database with every
constraint and trigger on: the same courses, other people, other pairs. What is sealed is
copied as it is, and so opens in the first practice only, where it belongs.

Django must be set up before this is imported.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Field, Max, Model
from django.utils import timezone

from app import Scale
from duologue import instruments
from duologue.records import SEATS, Course, Kind, Mode
from duologue.simulate import course
from duologue.simulate.scenario import Scenario
from duologue.store.actions import import_course
from duologue.store.models import (
    Answer,
    Attempts,
    Card,
    Dyad,
    Event,
    Person,
    Practice,
    Reflection,
    Session,
    Withdrawal,
)
from duologue.store.models.refs import new_ref

SEED = 7
COUNTED = {
    "practices": Practice,
    "pairs": Dyad,
    "sessions": Session,
    "reflections": Reflection,
    "answers": Answer,
}
PARENTS_FIRST = (Practice, Person, Dyad, Session, Reflection, Answer)
OF_THE_WHOLE = (Attempts, Event, Withdrawal)
"""What a store has one of, however many practices there are."""
OF_ITS_OWN: Mapping[tuple[type[Model], str], str] = {
    (Person, "code"): "code || '-' || copy",
    (Dyad, "last_number"): "0",  # counted again by the trigger, session by session
}
"""What a copy may not share with what it is copied from, but for names in addresses."""
NAMED = "'copy-' || copy || '-of-' || id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What a store holds, what it took, and who in it is measured.

    Attributes
    ----------
    counts : mapping of str to int
        How many rows of each kind there are.
    fill_s, size_mb : float
        How long the filling took, by the clock, and the size of the database.
    therapist, ref : Person, str
        Whose pages are timed, and the name of the pair.
    """

    counts: Mapping[str, int]
    fill_s: float
    size_mb: float
    therapist: Person
    ref: str


def fill(scale: Scale) -> Filled:
    """Fill an empty store, and count what it holds."""
    started = time.perf_counter()
    _pragma("synchronous=OFF")  # nothing here is worth keeping
    with transaction.atomic():
        therapist, measured = _first_practice(scale)
        _copy(scale.n_practices - 1)
    _pragma("wal_checkpoint(TRUNCATE)")
    return Filled(
        counts={name: model.objects.count() for name, model in COUNTED.items()},
        fill_s=time.perf_counter() - started,
        size_mb=Path(settings.DATABASES["default"]["NAME"]).stat().st_size / 1e6,
        therapist=therapist,
        ref=measured.ref,
    )


def _pragma(words: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {words}")


def _first_practice(scale: Scale) -> tuple[Person, Dyad]:
    """Make the practice of the measured therapist; return her and the measured pair."""
    place = Practice.objects.create(
        name="A made-up practice", crisis="Made up: nobody answers.", made_up=True
    )
    therapist = _person("therapist")
    dyads = [
        _pair(place, therapist, i, n_behind)
        for i, n_behind in enumerate(scale.behind())
    ]
    return therapist, dyads[0]


def _pair(place: Practice, therapist: Person, i: int, n_behind: int) -> Dyad:
    """Keep one made-up course, with a session to come and a card of each of the two."""
    dyad = import_course(
        _course(i, n_behind),
        practice=place,
        client=_person(f"client-{i}"),
        therapist=therapist,
        now=timezone.now(),
    )
    last = dyad.sessions.latest("planned_start")
    Session.objects.create(
        dyad=dyad,
        number=last.number + 1,
        planned_start=last.planned_start + timedelta(weeks=1),
        mode=Mode.ROOM,
    )
    today = timezone.localdate()
    Card.objects.bulk_create(
        Card(dyad=dyad, seat=seat, sent_on=today) for seat in SEATS
    )
    return dyad


def _course(i: int, n_behind: int) -> Course:
    """Make a course that was last held some days ago. The measured pair missed no form."""
    last_day = timezone.localdate() - timedelta(days=1 + i % 5)
    scenario = Scenario(
        name=f"pair {i}",
        title="a pair of the benchmark",
        initial=str(i),
        n_sessions=n_behind,
        first_day=last_day - timedelta(weeks=n_behind - 1),
        shocks={n_behind // 2 + 1: (-3.0, -1.5)},
        missing=(0.0, 0.0) if i == 0 else (0.1, 0.05),
        unsaid_shared_from=1 if i % 2 == 0 else None,
    )
    return course(scenario, instruments.prompts(Kind.THERAPY), seed=SEED)


def _person(code: str) -> Person:
    person = Person(code=code, made_up=True)
    person.set_unusable_password()
    person.save()
    return person


def _copy(n_copies: int) -> None:
    """Copy every row of the store so many times, each copy a practice of its own."""
    models = [
        model
        for model in apps.get_app_config("store").get_models()
        if model not in OF_THE_WHOLE
    ]
    models.sort(key=lambda m: PARENTS_FIRST.index(m) if m in PARENTS_FIRST else 99)
    strides = {m: m.objects.aggregate(top=Max("pk"))["top"] or 0 for m in models}
    for model in models:
        rows = model._meta  # noqa: SLF001 - Django's documented name for it
        columns = ", ".join(field.column for field in rows.concrete_fields)
        values = ", ".join(_copied(field, strides) for field in rows.concrete_fields)
        command = f"""
            INSERT INTO {rows.db_table} ({columns})
            WITH RECURSIVE copies(copy) AS (
                SELECT 1 WHERE {n_copies} > 0
                UNION ALL SELECT copy + 1 FROM copies WHERE copy < {n_copies}
            )
            SELECT {values} FROM copies CROSS JOIN {rows.db_table}
            WHERE id <= {strides[model]} ORDER BY copy, id
        """  # noqa: S608 - names of tables and numbers, all from here
        with connection.cursor() as cursor:
            cursor.execute(command)


def _copied(field: Field, strides: Mapping[type[Model], int]) -> str:
    """Return what stands in a column of a copy: keys moved on, all else as it is."""
    if field.primary_key:
        return f"{field.column} + copy * {strides[field.model]}"
    if field.is_relation:
        return f"{field.column} + copy * {strides[field.related_model]}"
    if field.unique and field.default is new_ref:
        return NAMED
    return OF_ITS_OWN.get((field.model, field.name), field.column)
