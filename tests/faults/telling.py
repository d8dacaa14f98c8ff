"""What a practice holds, told by the practice itself: called in a process of its own.

Each function opens the practice with its passphrase, as any command does, and changes
nothing. ``faults.forks`` calls them.
"""

from pathlib import Path


def open_practice(folder, passphrase, *, change=False):
    """Open a practice for reading, beside whatever serves it."""
    from duologue.store.safekeeping.unlocking import unlock
    from duologue.web import folder as practice_folder

    opened = unlock(Path(folder), passphrase, alone=False)
    practice_folder.set_up(Path(folder), change=change)
    return opened


def tell(folder, passphrase):
    """Return all that people have written and chosen, and what a check finds.

    Returns
    -------
    dict
        ``kept``: pairs of a key and its value, which is true or some answer. A key is a
        list: what it is, the pair, and the session, seat and item as far as it has
        them. ``opened``: keys of answers that have opened. ``thoughts``: keys of later
        thoughts, with their names in addresses. ``sessions``: numbers of those that
        have begun, by pair. ``people``: code, pair and seat. ``faults`` and ``notices``
        of a check, and ``n_events`` of what people did, but for what they were shown.
    """
    open_practice(folder, passphrase)
    from duologue.store.safekeeping.checking import check_practice

    found = check_practice(Path(folder))
    return {
        **_people(),
        **_answers(),
        "faults": found.faults,
        "notices": found.notices,
        "n_events": _n_events(),
    }


def tell_by_any(folder, passphrases):
    """Return the same of a practice that opens with one of these, and with which.

    ``passphrase`` is None where none opens it; there is nothing else then.
    """
    from duologue.errors import PassphraseError

    for passphrase in passphrases:
        try:
            return {**tell(folder, passphrase), "passphrase": passphrase}
        except PassphraseError:
            continue
    return {"passphrase": None}


def crisis(folder, passphrase):
    """Return what a practice says to whoever needs someone now, as a list of one."""
    open_practice(folder, passphrase)
    from duologue.store.models import Practice

    return [practice.crisis for practice in Practice.objects.all()]


def _people():
    from django.utils import timezone

    from duologue.records import Seat
    from duologue.store.models import Dyad

    dyads = list(Dyad.objects.select_related("client", "therapist"))
    return {
        "people": [
            (dyad.person_of(seat).code, dyad.ref, seat, dyad.kind)
            for dyad in dyads
            for seat in Seat
        ],
        "sessions": {
            dyad.ref: [
                session.number
                for session in dyad.sessions.filter(planned_start__lte=timezone.now())
            ]
            for dyad in dyads
        },
    }


def _answers():
    from duologue.records import Seat
    from duologue.store.models import (
        Answer,
        Card,
        Dyad,
        LaterThought,
        PrivatePage,
        Reflection,
    )

    willing = Reflection.objects.filter(willing=True).select_related("session__dyad")
    kept = [(("willing", *_of(side)), True) for side in willing]
    opened, thoughts = [], []
    for answer in Answer.objects.select_related(*Answer.UP_TO_PAIR):
        where = (*_of(answer.reflection), answer.item)
        kept.append((("answer", *where), answer.value))
        if answer.taken_back:
            kept.append((("taken back", *where), True))
        if answer.opened_at is not None:
            opened.append(("answer", *where))
    for thought in LaterThought.objects.select_related(*LaterThought.UP_TO_PAIR):
        where = (*_of(thought.answer.reflection), thought.answer.item)
        key = ("thought", *where, thought.words)
        kept.append((key, True))
        thoughts.append((key, thought.ref))
    kept += (
        (("card", card.dyad.ref, card.seat), True)
        for card in Card.objects.select_related("dyad")
    )
    pages = PrivatePage.objects.select_related("dyad", *PrivatePage.UP_TO_PAIR)
    for page in pages:
        where = (page.dyad.ref, page.dyad.seat_of(page.person), page.ref)
        kept.append((("page", *where), page.words))
    kept += (
        (("unsaid", dyad.ref, seat), True)
        for dyad in Dyad.objects.all()
        for seat in Seat
        if dyad.shares_unsaid(seat)
    )
    return {"kept": kept, "opened": opened, "thoughts": thoughts}


def _of(side):
    return side.session.dyad.ref, side.session.number, side.seat


def _n_events():
    from duologue.store.models import Event
    from duologue.store.models.event import What

    return Event.objects.filter(who__isnull=False).exclude(what=What.SHOWN).count()
