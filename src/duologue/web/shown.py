"""Noting on which days somebody was shown what the other lets them see."""

from contextlib import suppress
from datetime import datetime

from django.core.cache import caches
from django.db import OperationalError
from django.http import HttpRequest
from django.utils import timezone

from duologue.store import actions
from duologue.store.models.event import What
from duologue.store.queries import Pair
from duologue.web.access import person_of
from duologue.web.readings import Wonder

A_DAY_S = 24 * 60 * 60


def note(
    request: HttpRequest, *pairs: Pair, now: datetime, what: What = What.SHOWN
) -> None:
    """Note that this person is shown what the other of each pair has opened, once a day.

    Every page that shows such an answer, or how a client who shares it would like to work,
    says so here, and the page that says how to reach the other: ``what`` is shown. A test
    looks for one that does not.
    """
    day = f"{timezone.localdate(now):%Y-%m-%d}"
    keys = {f"{what}:{pair.ref}:{pair.seat}:{day}": pair.ref for pair in pairs}
    known = caches["pages"].get_many(keys)
    new = [ref for key, ref in keys.items() if key not in known]
    if not new:
        return
    try:
        actions.note_shown(person_of(request), *new, now=now, what=what)
    except OperationalError:
        # The disk takes nothing more: what is open is theirs to read all the same, and
        # the next look is noted once it does.
        return
    caches["pages"].set_many(dict.fromkeys(keys, True), A_DAY_S)


def note_put(request: HttpRequest, wonder: Wonder) -> None:
    """Note which card was put to this person in a week: no other comes before the next."""
    card = wonder.card
    with suppress(OperationalError):  # the next look notes it, once the disk takes more
        actions.note_put(
            person_of(request),
            wonder.pair.ref,
            card.session,
            card.finding.item or "",
            week=wonder.week,
            seen_at=wonder.pair.revision[1],
        )
