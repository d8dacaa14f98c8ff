"""Published forms: filled in by the client, deleted by them, and asked for as they like."""

from collections.abc import Mapping
from datetime import date, datetime

from django.utils import timezone

from duologue.errors import InstrumentError, NotNowError, NotYoursError
from duologue.instruments import Known
from duologue.records import Kind, Seat
from duologue.sharing.outcomes import RHYTHMS, rates
from duologue.store.actions.changing import Change, changing
from duologue.store.actions.keeping import must_be_kept
from duologue.store.known import asked_of, known_at
from duologue.store.models import FilledForm, FormRhythm, Person
from duologue.store.models.event import What
from duologue.store.models.reflection import findable
from duologue.store.models.withdrawal import Withdrawn


def fill_form(
    person: Person,
    ref: str,
    instrument: str,
    answers: Mapping[str, float | None],
    *,
    now: datetime,
) -> None:
    """Keep a form that the client has filled in; both people see it, as it was said.

    Filled in again on the same day, what is answered now stands in place of what was; a
    blank is no answer, and takes nothing back.

    Parameters
    ----------
    person, ref : Person, str
        The client, in which pair.
    instrument : str
        Which form.
    answers : mapping of str to float or None
        By the id of the item; a blank is ``None`` or absent.
    now : datetime
        When.

    Raises
    ------
    NotYoursError
        If the person is not asked this, or there is no such form.
    NotNowError
        If an answer is none that the form takes, if nothing is answered, or before the
        first session.
    """
    with changing(person, ref, What.FORM_FILLED, now=now, sessions=[]) as change:
        known = _check(change, instrument)
        must_be_kept(change)
        given = {i: value for i, value in answers.items() if value is not None}
        _check_answers(known, instrument, given)
        begun = change.dyad.sessions.filter(planned_start__lte=now)
        session = begun.order_by("-planned_start", "-number").first()
        if session is None:
            raise NotNowError("a form is filled in from the first session on.")
        change.about = session.number
        edition = known.edition(instrument)
        row, _ = FilledForm.objects.get_or_create(
            dyad=change.dyad,
            instrument=instrument,
            day=timezone.localdate(now),
            defaults={"session": session, "answers": {}, "edition": edition},
        )
        if row.edition != edition:
            raise NotNowError(
                "an earlier edition of this form was filled in today; this one can be "
                "filled in from tomorrow on."
            )
        row.answers = {**row.answers, **given}
        row.save(update_fields=["answers"])
        change.ours = True


def delete_form(
    person: Person, ref: str, instrument: str, day: date, *, now: datetime
) -> None:
    """Delete a form that the client has filled in; nothing of it stays.

    What was seen of it cannot be unseen. Done twice, it changes nothing.

    Raises
    ------
    NotYoursError
        If the person is not asked this, or there is no such form.
    """
    with changing(person, ref, What.FORM_DELETED, now=now, sessions=[]) as change:
        found = change.dyad.filled_forms.filter(
            instrument=findable(instrument), day=day
        )
        if not rates(Kind(change.dyad.kind), change.seat) or not found.exists():
            _check(change, instrument)  # one that is asked no more can be deleted still
        if found.delete()[0]:
            change.withdrawn(Withdrawn.FORM, item=named(instrument, day))
            change.ours = True


def keep_form_rhythm(
    person: Person, ref: str, instrument: str, every_days: int | None, *, now: datetime
) -> None:
    """Keep how often the client wants to be asked for a form; nobody else sees it.

    Parameters
    ----------
    person, ref, instrument : Person, str, str
        The client, in which pair, for which form.
    every_days : int or None
        One of `RHYTHMS`, or ``None`` for not at all.
    now : datetime
        When.

    Raises
    ------
    NotYoursError
        If the person is not asked this, or there is no such form.
    NotNowError
        If that is none of the rhythms.
    """
    with changing(person, ref, What.FORM_RHYTHM_KEPT, now=now, sessions=[]) as change:
        _check(change, instrument)
        must_be_kept(change)
        if every_days is not None and every_days not in RHYTHMS:
            raise NotNowError("that is none of the answers that can be given here.")
        FormRhythm.objects.update_or_create(
            dyad=change.dyad,
            instrument=instrument,
            defaults={"every_days": every_days},
        )


def named(instrument: str, day: date) -> str:
    """Return the name under which a deleted form is listed."""
    return f"{instrument} {day:%Y-%m-%d}"


def _check(change: Change, instrument: str) -> Known:
    """Return what is known where the pair meets; refuse a form that is not asked there."""
    kind, practice = Kind(change.dyad.kind), change.dyad.practice_id
    known = known_at([practice])[practice]
    if not rates(kind, change.seat) or instrument not in asked_of(kind, known).outcomes:
        raise NotYoursError("there is no such form here.")
    return known


def _check_answers(known: Known, instrument: str, answers: Mapping[str, float]) -> None:
    if not answers:
        raise NotNowError("nothing was answered, so there is nothing to keep.")
    try:
        for item, value in answers.items():
            known.check_answer(instrument, Seat.CLIENT, item, value)
    except InstrumentError as error:
        raise NotNowError(str(error)) from None
