"""After a restore: what was withdrawn since the backup is withdrawn again."""

from collections.abc import Callable, Iterable

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.models import Session as Visit
from django.db import transaction
from django.db.models import QuerySet

from duologue.records import Seat
from duologue.sharing.consent import FOR_A_RECORDING, Purpose, is_kept, standing
from duologue.store.actions.codes import end_codes
from duologue.store.actions.forgetting import PAGES_STAY, erase, stop_keeping
from duologue.store.actions.forms import named
from duologue.store.actions.opening import close_unsaid
from duologue.store.actions.putting import blank
from duologue.store.actions.recordings import delete_recordings_of
from duologue.store.keys.records import record_id
from duologue.store.models import (
    Answer,
    Card,
    Consent,
    Contact,
    Dyad,
    FilledForm,
    Goal,
    GoalRating,
    Preferences,
    PutCard,
    Reachable,
    Reflection,
    Room,
    Withdrawal,
)
from duologue.store.models.consent import said_by
from duologue.store.models.contact import DETAILS
from duologue.store.models.sealed import SealedTextField
from duologue.store.models.withdrawal import Withdrawn
from duologue.store.ways import codes_of, name_of


@transaction.atomic
def withdraw_again(listed: Iterable[Withdrawal]) -> int:
    """Do again what the database does not know of; return how many acts that were.

    What was opened, or said again, after it had been withdrawn is not in the backup:
    it stays withdrawn, and its author may say so anew.
    """
    known = set(Withdrawal.objects.values_list("ref", flat=True))
    new = [row for row in listed if row.ref not in known]
    if not new:
        return 0
    Withdrawal.objects.bulk_create(new)
    gone = {row.ref for row in new if row.what == Withdrawn.RECORD}
    _remove(gone)
    _let_nobody_in_by(gone)
    end_codes(gone)
    for row in new:
        again = _AGAIN.get(Withdrawn(row.what))
        if again is not None:
            again(row)
    Room.objects.all().delete()  # a tap from before may have been taken back
    blank(PutCard.objects.all())  # what was put may rest on what is closed again
    return len(new)


def end_visits() -> None:
    """End every visit: those of a backup were begun before, and some have ended since."""
    UserSession.objects.all().delete()
    Visit.objects.all().delete()


def _let_nobody_in_by(names: set[str]) -> None:
    """Remove ways to sign in that were removed, and mark codes that were used."""
    for row in Authenticator.objects.all():
        if name_of(row) in names:
            row.delete()
            continue
        used = [i for i, name in codes_of(row).items() if name in names]
        for i in used:
            row.data["used_mask"] |= 1 << i
        if used:
            row.save()


def _remove(records: set[str]) -> None:
    """Remove the records of free text that were destroyed, wherever there is any.

    A row goes with its text, but a card that says how to reach somebody: of that one
    detail may have gone.
    """
    for model in apps.get_app_config("store").get_models():
        for field in model._meta.concrete_fields:  # noqa: SLF001 - documented
            if isinstance(field, SealedTextField) and model is not Contact:
                rows = model._default_manager.filter(**{f"{field.name}__isnull": False})  # noqa: SLF001 - documented
                sealed = rows.values_list("pk", field.name)
                gone = [pk for pk, words in sealed if _record(words) in records]
                rows.filter(pk__in=gone).delete()
    Goal.objects.filter(wordings=None).delete()  # nothing says any more what it was
    for card in Contact.objects.all():
        _remove_details(card, records)


def _remove_details(card: Contact, records: set[str]) -> None:
    """Remove the details of a card that were destroyed; a blank card goes, with its key."""
    kept = [f for f in DETAILS if card.__dict__[f] is not None]
    left = [f for f in kept if _record(card.__dict__[f]) not in records]
    if not left:
        card.delete()
    elif left != kept:
        gone = set(kept) - set(left)
        Contact.objects.filter(pk=card.pk).update(**dict.fromkeys(gone))


def _record(sealed: object) -> str:
    return record_id(bytes(sealed)).hex() if isinstance(sealed, bytes) else ""


def _answer(row: Withdrawal) -> None:
    """Take an answer out of the form again."""
    _answers(row).filter(opened_at=None).delete()


def _not_willing(row: Withdrawal) -> None:
    Reflection.objects.filter(
        session__dyad__ref=row.dyad, session__number=row.session or 0, seat=row.seat
    ).update(willing=False)


def _taken_back(row: Withdrawal) -> None:
    """Close an answer again; one that had not opened yet is not to open."""
    _answers(row).filter(opened_at__isnull=False).update(taken_back=True)
    _answers(row).filter(opened_at=None).update(shares=False)


def _unsaid(row: Withdrawal) -> None:
    for dyad in Dyad.objects.filter(ref=row.dyad):
        close_unsaid(dyad, Seat(row.seat))
        setattr(dyad, f"{row.seat}_shares_unsaid", False)
        dyad.save(update_fields=[f"{row.seat}_shares_unsaid"])


def _card(row: Withdrawal) -> None:
    Card.objects.filter(dyad__ref=row.dyad, seat=row.seat).delete()


def _reach(row: Withdrawal) -> None:
    Reachable.objects.filter(dyad__ref=row.dyad, seat=row.seat).delete()


def _consent(row: Withdrawal) -> None:
    """Say no where a yes has come back; the day of it is not known any more."""
    purpose = Purpose(row.item)
    for dyad in Dyad.objects.filter(ref=row.dyad):
        if purpose in FOR_A_RECORDING:
            delete_recordings_of(dyad, row.session or 0)
        if (purpose, row.session) in standing(said_by(dyad.pk, Seat(row.seat))):
            Consent.objects.create(
                dyad=dyad,
                seat=row.seat,
                purpose=purpose,
                session=row.session,
                given=False,
            )


def _keeping(row: Withdrawal) -> None:
    """Delete again all that somebody had written, and keep nothing more.

    Their private pages stay where they said so then; one that they deleted by itself is
    listed by its own name.
    """
    seat = Seat(row.seat)
    for dyad in Dyad.objects.filter(ref=row.dyad):
        erase(dyad, seat, pages_stay=row.item == PAGES_STAY)
        if is_kept(said_by(dyad.pk, seat)):
            stop_keeping(dyad, seat, now=None)


def _preferences(row: Withdrawal) -> None:
    found = Preferences.objects.filter(dyad__ref=row.dyad)
    if row.item:
        found.update(**{row.item: None})
    else:
        found.update(shared=False)


def _rating(row: Withdrawal) -> None:
    GoalRating.objects.filter(
        goal__dyad__ref=row.dyad,
        goal__ref=row.item,
        session__number=row.session or 0,
    ).delete()


def _form(row: Withdrawal) -> None:
    for form in FilledForm.objects.filter(dyad__ref=row.dyad):
        if named(form.instrument, form.day) == row.item:
            form.delete()


def _answers(row: Withdrawal) -> QuerySet[Answer]:
    return Answer.objects.filter(
        reflection__session__dyad__ref=row.dyad,
        reflection__session__number=row.session or 0,
        reflection__seat=row.seat,
        item=row.item,
    )


_AGAIN: dict[Withdrawn, Callable[[Withdrawal], None]] = {
    Withdrawn.ANSWER: _answer,
    Withdrawn.WILLING: _not_willing,
    Withdrawn.OPEN: _taken_back,
    Withdrawn.UNSAID: _unsaid,
    Withdrawn.CARD: _card,
    Withdrawn.REACH: _reach,
    Withdrawn.CONSENT: _consent,
    Withdrawn.KEEPING: _keeping,
    Withdrawn.PREFERENCES: _preferences,
    Withdrawn.RATING: _rating,
    Withdrawn.FORM: _form,
}
