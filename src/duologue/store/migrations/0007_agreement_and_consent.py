"""The agreement of a pair in versions, the ledger of consent, and the client's preferences.

What a pair had agreed so far becomes version 1, accepted by both on the day of the change:
its texts are sealed anew for their new place. On the way back the version in force is put
back; the others, the ledger and the preferences have no place there and go, and so do
events and withdrawals of kinds that are not known there.
"""

from importlib import import_module
from typing import Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThanOrEqual
from django.utils import timezone

from duologue.store.keys.records import Place, open_text, seal_text
from duologue.store.models.choices import only
from duologue.store.models.dyad import new_ref
from duologue.store.models.sealed import Sealed, SealedTextField
from duologue.store.triggers import Rule, create, drop

OPENED = import_module("duologue.store.migrations.0002_what_has_opened_stays").TRIGGERS
LISTS = import_module("duologue.store.migrations.0004_events_and_withdrawals")
ACCOUNTS = import_module("duologue.store.migrations.0005_accounts")
EARLIER = import_module("duologue.store.migrations.0006_private_pages")
BEFORE = {**OPENED, **LISTS.TRIGGERS, **ACCOUNTS.TRIGGERS, **EARLIER.TRIGGERS}
NEW_WHAT = (
    *("proposed", "accepted", "set_aside", "proposal_taken_back", "consent_said"),
    *("all_forgotten", "preferences_kept", "preferences_shared"),
    "preferences_unshared",
)
AT = EARLIER.WHAT.index("imported")
WHAT = (*EARLIER.WHAT[:AT], *NEW_WHAT, *EARLIER.WHAT[AT:])
NEW_WITHDRAWN = ("consent", "keeping", "preferences")
WITHDRAWN = (*EARLIER.WITHDRAWN, *NEW_WITHDRAWN)
SEATS = LISTS.SEATS
SUPERVISION = ("nothing", "themes", "opened")
PURPOSES = ("keeping", "supervision", "recording", "transcript", "research")
PER_SESSION = ("recording", "transcript")
SHORTEST = 108
MOVED = ("rhythm", "frame")
TEXTS = ("rhythm", "frame", "confidentiality")
TERMS = (
    *("dyad_id", "ref", "length_min", *TEXTS, "supervision", "keep_free_text_days"),
    *("keep_numbers_years", "proposed_by", "proposed_on"),
)
_INTO = "INSERT INTO store_withdrawal (ref, what, dyad, session, seat, item)"
_ONCE = "ON CONFLICT (ref) DO NOTHING"


def _changed(columns: Any) -> str:
    return " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in columns)


def _each_listed(select: str) -> str:
    """Return the statements that list the record of each text that there is."""
    return " ".join(
        f"{_INTO} SELECT {select.format(text=text)}, 'record', '', NULL, '', '' "
        f"WHERE OLD.{text} IS NOT NULL {_ONCE};"
        for text in TEXTS
    )


TRIGGERS = {
    "agreement_stays_once_accepted": Rule(
        sqlite="""
        BEFORE UPDATE ON store_agreement WHEN OLD.version IS NOT NULL
        BEGIN SELECT RAISE(ABORT, 'agreement_stays_once_accepted'); END
    """,
        at="BEFORE UPDATE ON store_agreement",
        refuses="OLD.version IS NOT NULL",
    ),
    "agreement_proposal_keeps_its_words": Rule(
        sqlite=f"""
        BEFORE UPDATE ON store_agreement
        WHEN OLD.version IS NULL AND ({_changed(TERMS)})
        BEGIN SELECT RAISE(ABORT, 'agreement_proposal_keeps_its_words'); END
    """,
        at="BEFORE UPDATE ON store_agreement",
        refuses=f"""
            OLD.version IS NULL AND
            ({", ".join(f"NEW.{name}" for name in TERMS)}) IS DISTINCT FROM
            ({", ".join(f"OLD.{name}" for name in TERMS)})
        """,
    ),
    "agreement_is_listed_when_removed": Rule(
        sqlite=f"""
        AFTER DELETE ON store_agreement
        BEGIN {_each_listed("lower(hex(substr(OLD.{text}, 2, 16)))")} END
    """,
        at="AFTER DELETE ON store_agreement",
        does=_each_listed("encode(substr(OLD.{text}, 2, 16), 'hex')"),
    ),
    "dyad_is_bound_by_what_both_accepted": Rule(
        sqlite="""
        BEFORE UPDATE OF agreement_id ON store_dyad
        WHEN NEW.agreement_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM store_agreement WHERE id = NEW.agreement_id
            AND dyad_id = NEW.id AND version IS NOT NULL
        )
        BEGIN SELECT RAISE(ABORT, 'dyad_is_bound_by_what_both_accepted'); END
    """,
        at="BEFORE UPDATE ON store_dyad",
        refuses="""
            NEW.agreement_id IS NOT NULL AND NOT EXISTS (
                SELECT FROM store_agreement WHERE id = NEW.agreement_id
                AND dyad_id = NEW.id AND version IS NOT NULL
            )
        """,
    ),
    "consent_is_not_changed": Rule(
        sqlite="""
        BEFORE UPDATE ON store_consent
        BEGIN SELECT RAISE(ABORT, 'consent_is_not_changed'); END
    """,
        at="BEFORE UPDATE ON store_consent",
        refuses="TRUE",
    ),
}


def agree(apps: Any, schema_editor: Any) -> None:
    """Make what each pair had agreed the first version of its agreement."""
    dyads = apps.get_model("store", "Dyad").objects
    agreements = apps.get_model("store", "Agreement").objects
    day = timezone.localdate()
    agreed = Q(length_min__isnull=False) | Q(rhythm__isnull=False)
    for row in dyads.filter(agreed | Q(frame__isnull=False)).values(
        "pk", "ref", "key", "length_min", *MOVED
    ):
        ref = new_ref()
        made = agreements.create(
            ref=ref,
            dyad_id=row["pk"],
            version=1,
            length_min=row["length_min"],
            proposed_by="",
            proposed_on=day,
            client_accepted_on=day,
            therapist_accepted_on=day,
            **_moved(row, f"dyad:{row['ref']}", f"agreement:{ref}"),
        )
        dyads.filter(pk=row["pk"]).update(agreement=made.pk)
    schema_editor.connection.check_constraints()


def part(apps: Any, schema_editor: Any) -> None:
    """Put what is in force back into the pair; drop what is not known there."""
    dyads = apps.get_model("store", "Dyad").objects
    for row in dyads.filter(agreement__isnull=False).values(
        "pk",
        "ref",
        "key",
        "agreement__ref",
        "agreement__length_min",
        *(f"agreement__{text}" for text in MOVED),
    ):
        here = f"agreement:{row['agreement__ref']}"
        agreed = {text: row[f"agreement__{text}"] for text in MOVED}
        dyads.filter(pk=row["pk"]).update(
            agreement=None,
            length_min=row["agreement__length_min"],
            **_moved({**row, **agreed}, here, f"dyad:{row['ref']}"),
        )
    apps.get_model("store", "Event").objects.filter(what__in=NEW_WHAT).delete()
    withdrawals = apps.get_model("store", "Withdrawal").objects
    withdrawals.filter(what__in=NEW_WITHDRAWN).delete()
    schema_editor.connection.check_constraints()


def _moved(row: Any, before: str, after: str) -> dict[str, Sealed]:
    """Return the texts of a row, sealed for another place."""
    found = {}
    for text in MOVED:
        if row[text] is not None:
            places = [
                Place(
                    pair=row["ref"], pair_key=bytes(row["key"]), name=f"{name}:{text}"
                )
                for name in (before, after)
            ]
            words = open_text(bytes(row[text]), places[0])
            found[text] = Sealed(seal_text(words, places[1]))
    return found


def _words(words: Any) -> list[tuple[str, str]]:
    return [(word, word) for word in words]


def _is_sealed(field: str) -> Q:
    sealed = GreaterThanOrEqual(Length(field), SHORTEST)
    return Q(**{f"{field}__isnull": True}) | Q(sealed)


def _between(field: str, low: float, high: float) -> Q:
    return Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__range": (low, high)})


def _known(model: str, name: str, words: Any) -> list[Any]:
    """Let a column hold other words."""
    return [
        migrations.RemoveConstraint(model, name),
        migrations.AlterField(
            model,
            "what",
            models.CharField(
                choices=_words(words), max_length={"event": 24, "withdrawal": 12}[model]
            ),
        ),
        migrations.AddConstraint(model, only(name, Q(what__in=list(words)))),
    ]


def _id() -> Any:
    return (
        "id",
        models.BigAutoField(
            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
        ),
    )


def _dyad(name: str, field: Any = models.ForeignKey) -> Any:
    return field(
        on_delete=django.db.models.deletion.CASCADE,
        related_name=name,
        to="store.dyad",
    )


class Migration(migrations.Migration):
    """Both agree, each consents, and neither can be made to have said what they did not."""

    dependencies: ClassVar = [("store", "0006_private_pages")]
    operations: ClassVar = [
        drop(BEFORE),
        *_known("event", "event_is_something_known", WHAT),
        *_known("withdrawal", "withdrawal_is_of_something", WITHDRAWN),
        migrations.CreateModel(
            "Agreement",
            fields=[
                _id(),
                (
                    "ref",
                    models.CharField(default=new_ref, max_length=22, unique=True),
                ),
                ("dyad", _dyad("agreements")),
                ("version", models.PositiveIntegerField(null=True)),
                ("length_min", models.PositiveSmallIntegerField(null=True)),
                ("rhythm", SealedTextField(max_length=80, null=True)),
                ("frame", SealedTextField(max_length=20_000, null=True)),
                ("confidentiality", SealedTextField(max_length=20_000, null=True)),
                (
                    "supervision",
                    models.CharField(
                        choices=_words(SUPERVISION), default="nothing", max_length=12
                    ),
                ),
                ("keep_free_text_days", models.PositiveSmallIntegerField(null=True)),
                ("keep_numbers_years", models.PositiveSmallIntegerField(null=True)),
                (
                    "proposed_by",
                    models.CharField(blank=True, choices=_words(SEATS), max_length=12),
                ),
                ("proposed_on", models.DateField()),
                ("client_accepted_on", models.DateField(null=True)),
                ("therapist_accepted_on", models.DateField(null=True)),
                ("set_aside_on", models.DateField(null=True)),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("dyad", "version"),
                        name="agreement_version_stands_once",
                    ),
                    models.UniqueConstraint(
                        condition=Q(version__isnull=True, set_aside_on__isnull=True),
                        fields=("dyad",),
                        name="agreement_is_proposed_one_at_a_time",
                    ),
                    only(
                        "agreement_is_numbered_once_both_accept",
                        Q(
                            version__isnull=False,
                            client_accepted_on__isnull=False,
                            therapist_accepted_on__isnull=False,
                        )
                        | Q(version__isnull=True)
                        & (
                            Q(client_accepted_on__isnull=True)
                            | Q(therapist_accepted_on__isnull=True)
                        ),
                    ),
                    only(
                        "agreement_version_is_from_one",
                        Q(version__isnull=True) | Q(version__gte=1),
                    ),
                    only(
                        "agreement_set_aside_is_not_in_force",
                        Q(set_aside_on__isnull=True) | Q(version__isnull=True),
                    ),
                    only(
                        "agreement_is_proposed_by_a_seat",
                        Q(proposed_by="", version__isnull=False)
                        | Q(proposed_by="client", client_accepted_on__isnull=False)
                        | Q(
                            proposed_by="therapist",
                            therapist_accepted_on__isnull=False,
                        ),
                    ),
                    only("agreement_has_a_length", _between("length_min", 5, 480)),
                    only(
                        "agreement_keeps_words_so_long",
                        _between("keep_free_text_days", 0, 3650),
                    ),
                    only(
                        "agreement_keeps_numbers_so_long",
                        _between("keep_numbers_years", 0, 30),
                    ),
                    only(
                        "agreement_tells_supervision_so_much",
                        Q(supervision__in=list(SUPERVISION)),
                    ),
                    *(
                        only(f"agreement_{text}_is_sealed", _is_sealed(text))
                        for text in TEXTS
                    ),
                ],
            },
        ),
        migrations.AddField(
            "dyad",
            "agreement",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="store.agreement",
            ),
        ),
        migrations.RunPython(agree, part),
        *(
            migrations.RemoveConstraint("dyad", name)
            for name in (
                "dyad_rhythm_is_sealed",
                "dyad_frame_is_sealed",
                "dyad_agreed_a_length",
            )
        ),
        *(migrations.RemoveField("dyad", name) for name in ("length_min", *MOVED)),
        migrations.CreateModel(
            "Consent",
            fields=[
                _id(),
                ("dyad", _dyad("consents")),
                ("seat", models.CharField(choices=_words(SEATS), max_length=12)),
                ("purpose", models.CharField(choices=_words(PURPOSES), max_length=12)),
                ("session", models.PositiveIntegerField(null=True)),
                ("given", models.BooleanField()),
                ("at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    only("consent_is_of_a_seat", Q(seat__in=list(SEATS))),
                    only("consent_is_for_a_purpose", Q(purpose__in=list(PURPOSES))),
                    only(
                        "consent_is_per_session_where_it_is_asked_so",
                        Q(
                            purpose__in=list(PER_SESSION),
                            session__isnull=False,
                            session__gte=1,
                        )
                        | ~Q(purpose__in=list(PER_SESSION)) & Q(session__isnull=True),
                    ),
                    only(
                        "consent_given_has_a_day",
                        Q(given=False) | Q(at__isnull=False),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            "Preferences",
            fields=[
                _id(),
                ("dyad", _dyad("preferences", models.OneToOneField)),
                ("pace", models.FloatField(null=True)),
                ("challenge", models.FloatField(null=True)),
                ("structure", models.FloatField(null=True)),
                ("silence", models.FloatField(null=True)),
                ("shared", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    only(f"preferences_{name}_in_range", _between(name, 0.0, 100.0))
                    for name in ("pace", "challenge", "structure", "silence")
                ],
            },
        ),
        create(BEFORE),
        create(TRIGGERS),
    ]
