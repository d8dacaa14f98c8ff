"""How the client would like to work: kept for themselves, and shared if they choose."""

from collections.abc import Mapping
from datetime import datetime

from duologue.errors import NotNowError, NotYoursError
from duologue.records import Kind
from duologue.sharing.preferences import PREFERENCES, are_asked
from duologue.store.actions.changing import Change, changing
from duologue.store.actions.keeping import must_be_kept
from duologue.store.models import Person, Preferences
from duologue.store.models.event import What
from duologue.store.models.withdrawal import Withdrawn


def keep_preferences(
    person: Person, ref: str, values: Mapping[str, float | None], *, now: datetime
) -> None:
    """Keep how the client would like to work; what is not mentioned stays as it was.

    Parameters
    ----------
    person, ref : Person, str
        The client of a therapy pair.
    values : mapping of str to float or None
        By the id of the preference; ``None`` leaves it blank again.
    now : datetime
        When.

    Raises
    ------
    NotYoursError
        If the person is not asked this.
    NotNowError
        If a value is none that is offered.
    """
    items = {item.id: item for item in PREFERENCES}
    with changing(person, ref, What.PREFERENCES_KEPT, now=now, sessions=[]) as change:
        row = _row(change)
        for name, value in values.items():
            item = items.get(name)
            if item is None or not (value is None or item.takes(change.seat, value)):
                raise NotNowError("that is none of the answers that can be given here.")
            if value is None and getattr(row, name) is not None:
                change.withdrawn(Withdrawn.PREFERENCES, item=name)
            setattr(row, name, value)
        row.save()


def share_preferences(person: Person, ref: str, *, on: bool, now: datetime) -> None:
    """Let the therapist see how the client would like to work, or no longer.

    Raises
    ------
    NotYoursError
        If the person is not asked this.
    """
    what = What.PREFERENCES_SHARED if on else What.PREFERENCES_UNSHARED
    with changing(person, ref, what, now=now, sessions=[]) as change:
        row = _row(change)
        if row.shared and not on:
            change.withdrawn(Withdrawn.PREFERENCES)
        row.shared = on
        row.save()


def _row(change: Change) -> Preferences:
    if not are_asked(Kind(change.dyad.kind), change.seat):
        raise NotYoursError("this is asked of clients.")
    must_be_kept(change)
    return Preferences.objects.get_or_create(dyad=change.dyad)[0]
