"""Forgetting all that one person has written in a pair."""

from datetime import datetime

from django.db import connection, transaction

from duologue.records import Seat
from duologue.sharing.consent import FOR_A_RECORDING, Purpose, is_kept, standing
from duologue.store.actions.changing import changing, list_withdrawn
from duologue.store.models import (
    Agreement,
    Card,
    Consent,
    Dyad,
    GoalWording,
    Person,
    Preferences,
    PrivatePage,
    Reflection,
)
from duologue.store.models.consent import said_by
from duologue.store.models.event import What
from duologue.store.models.withdrawal import Withdrawn


def forget_all_of(
    person: Person, ref: str, *, now: datetime, pages_stay: bool = False
) -> None:
    """Delete all that a person has written in a pair, and keep nothing more of theirs.

    What was open of it closes for both. The other's own answers stay theirs, and so does
    what both have accepted as their agreement. Every record is listed as withdrawn, so
    that no backup brings it back; the file that the database writes ahead of itself is
    emptied of it as well. Done twice, it changes nothing.

    Parameters
    ----------
    person, ref : Person, str
        Whose, and in which pair.
    now : datetime
        When.
    pages_stay : bool
        Whether this person's private pages stay, as they said: nobody else has ever seen
        them. By default they go with all the rest; pages that had stayed go then, too.

    Raises
    ------
    NotYoursError
        If this is not this person's pair.
    """
    with changing(person, ref, What.ALL_FORGOTTEN, now=now) as change:
        # Pages of both that are kept may rest on nothing but what was recorded.
        kept = (change.dyad.recordings, change.dyad.transcripts)
        change.ours = any(rows.exists() for rows in kept)
        erase(change.dyad, change.seat, pages_stay=pages_stay)
        if is_kept(said_by(change.dyad.pk, change.seat)):
            stop_keeping(change.dyad, change.seat, now=now)
            item = PAGES_STAY if pages_stay else ""
            change.withdrawn(Withdrawn.KEEPING, item=item)
        else:
            list_withdrawn()  # of pages that had stayed
        transaction.on_commit(_empty_log, robust=True)


PAGES_STAY = "pages stay"
"""Said beside what was withdrawn, where its author kept their private pages."""


def erase(dyad: Dyad, seat: Seat, *, pages_stay: bool) -> None:
    """Delete what one seat of a pair has written: whatever a person writes is here.

    How they can be reached is not of this pair, and has a switch of its own. Goals are
    the client's, whoever proposed their words, and go with the client's; of the other's
    what both have accepted stays.

    A table that comes to hold something of a person's in a pair is added here, and
    nowhere else: a withdrawal and a restore both call it.
    """
    Reflection.objects.filter(session__dyad=dyad, seat=seat).delete()
    Card.objects.filter(dyad=dyad, seat=seat).delete()
    if not pages_stay:
        author = dyad.person_id_of(seat)
        PrivatePage.objects.filter(dyad=dyad, person=author).delete()
    Agreement.objects.filter(dyad=dyad, version=None, proposed_by=seat).delete()
    GoalWording.objects.filter(
        goal__dyad=dyad, proposed_by=seat, accepted_on=None
    ).delete()
    dyad.goals.filter(wordings=None).delete()
    dyad.goal_reviews.filter(by=seat).delete()
    for of_both in (dyad.recordings, dyad.transcripts):  # each holds both people
        of_both.all().delete()
    if seat is Seat.CLIENT:
        Preferences.objects.filter(dyad=dyad).delete()
        for of_client in (dyad.goals, dyad.filled_forms, dyad.form_rhythms):
            of_client.all().delete()
    dyad.rooms.filter(opened_at=None).update(**{f"{seat}_tapped": False})
    dyad.rooms.update(**{f"{seat}_away": True})
    Dyad.objects.filter(pk=dyad.pk).update(**{f"{seat}_shares_unsaid": False})


def stop_keeping(dyad: Dyad, seat: Seat, *, now: datetime | None) -> None:
    """Note that nothing more of somebody's is to be kept; the day may be unknown.

    A recording or a transcript holds both people, and either may add one: so their yeses
    to them end too.
    """
    to_recordings = [
        key for key in standing(said_by(dyad.pk, seat)) if key[0] in FOR_A_RECORDING
    ]
    for purpose, session in [(Purpose.KEEPING, None), *sorted(to_recordings)]:
        Consent.objects.create(
            dyad=dyad,
            seat=seat,
            purpose=purpose,
            session=session,
            given=False,
            at=now,
        )


def _empty_log() -> None:
    """Let the database put what it has written ahead in its place, and empty that file.

    Until then it holds pages as they were before. PostgreSQL looks after its own.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
