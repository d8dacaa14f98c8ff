"""The agreement: one proposes, both accept, and what was accepted is never edited."""

from dataclasses import asdict, replace
from datetime import date, datetime

from django.utils import timezone

from duologue.errors import NotNowError
from duologue.records import Seat, Terms
from duologue.store.actions.changing import Change, changing, list_withdrawn
from duologue.store.actions.keeping import must_be_kept
from duologue.store.actions.proposals import (
    check_acceptable,
    check_can_be_taken_back,
    put_aside,
)
from duologue.store.models import Agreement, Dyad, Person
from duologue.store.models.agreement import (
    DAYS,
    LENGTHS_MIN,
    LONGEST_RHYTHM,
    LONGEST_TEXT,
    TEXTS,
    YEARS,
)
from duologue.store.models.event import What
from duologue.store.models.reflection import can_be_kept, findable

LONGEST = {
    "rhythm": LONGEST_RHYTHM,
    "frame": LONGEST_TEXT,
    "confidentiality": LONGEST_TEXT,
}
GONE = "that proposal is no longer there. The page shows what is."


def propose(person: Person, ref: str, terms: Terms, *, now: datetime) -> None:
    """Propose an agreement, or a change of it; the other sees it at once.

    Whoever proposes has accepted by that. Proposed twice, it stands once.

    Parameters
    ----------
    person, ref : Person, str
        Who proposes, in which pair.
    terms : Terms
        All of it: each point must be filled.
    now : datetime
        When.

    Raises
    ------
    NotNowError
        If a point is missing or out of its bounds, if it says what is agreed already, or
        if another proposal waits.
    """
    terms = _checked(terms)
    with changing(person, ref, What.PROPOSED, now=now, sessions=[]) as change:
        must_be_kept(change)
        waiting = _waiting(change)
        if waiting is not None:
            if waiting.proposed_by == change.seat and waiting.as_terms() == terms:
                return  # sent twice
            raise NotNowError(
                "a proposal waits already: it is accepted, set aside or taken back first."
            )
        if change.dyad.terms() == terms:
            raise NotNowError("that is what you have agreed already.")
        day = timezone.localdate(now)
        Agreement.objects.create(
            dyad=change.dyad,
            proposed_by=change.seat,
            proposed_on=day,
            **{f"{change.seat}_accepted_on": day},
            **asdict(terms),
        )


def accept_proposal(person: Person, ref: str, proposal: str, *, now: datetime) -> None:
    """Accept what the other proposed: from now on it is the agreement of both.

    Raises
    ------
    NotNowError
        If it is no longer there, was set aside, or is one's own.
    """
    with changing(person, ref, What.ACCEPTED, now=now, sessions=[]) as change:
        found = _of(change, proposal)
        if found.version is not None:
            return  # accepted before
        check_acceptable(found, change.seat, gone=GONE)
        setattr(found, f"{change.seat}_accepted_on", timezone.localdate(now))
        found.version = _next_version(change.dyad)
        found.save(update_fields=[f"{change.seat}_accepted_on", "version"])
        Dyad.objects.filter(pk=change.dyad.pk).update(agreement=found)
        change.ours = True


def set_aside(person: Person, ref: str, proposal: str, *, now: datetime) -> None:
    """Set aside what the other proposed; what was agreed before stays in force.

    Raises
    ------
    NotNowError
        If it is no longer there, is agreed already, or is one's own.
    """
    with changing(person, ref, What.SET_ASIDE, now=now, sessions=[]) as change:
        found = _of(change, proposal)
        put_aside(found, change.seat, is_accepted=found.version is not None, now=now)


def take_back_proposal(
    person: Person, ref: str, proposal: str, *, now: datetime
) -> None:
    """Take back what one has proposed, while the other has not accepted; nothing stays.

    Raises
    ------
    NotNowError
        If it is the other's, or is agreed already.
    """
    with changing(
        person, ref, What.PROPOSAL_TAKEN_BACK, now=now, sessions=[]
    ) as change:
        own = change.dyad.agreements.filter(ref=findable(proposal)).first()
        if own is None:
            return  # taken back before
        check_can_be_taken_back(own, change.seat, waits=own.version is None)
        own.delete()
        list_withdrawn()


def keep_agreed(
    dyad: Dyad, terms: Terms, *, day: date, proposed_by: Seat | None = None
) -> None:
    """Keep as the next version what two people agreed before this program knew of it.

    Parameters
    ----------
    dyad, terms : Dyad, Terms
        Which two, and what they agreed.
    day : datetime.date
        On which day both had.
    proposed_by : Seat, optional
        Who had proposed it, if that is known.
    """
    first = Agreement.objects.create(
        dyad=dyad,
        version=_next_version(dyad),
        proposed_by=proposed_by or "",
        proposed_on=day,
        **{f"{seat}_accepted_on": day for seat in Seat},
        **asdict(terms),
    )
    Dyad.objects.filter(pk=dyad.pk).update(agreement=first)
    dyad.agreement = first


def _of(change: Change, proposal: str) -> Agreement:
    found = change.dyad.agreements.filter(ref=findable(proposal)).first()
    if found is None:
        raise NotNowError(GONE)
    found.dyad = change.dyad
    return found


def _waiting(change: Change) -> Agreement | None:
    found = change.dyad.agreements.filter(version=None, set_aside_on=None).first()
    if found is not None:
        found.dyad = change.dyad
    return found


def _next_version(dyad: Dyad) -> int:
    return dyad.agreements.filter(version__isnull=False).count() + 1


def _checked(terms: Terms) -> Terms:
    """Return the terms with their texts as they are kept, or refuse."""
    texts = {
        name: (getattr(terms, name) or "").replace("\r\n", "\n").strip()
        for name in TEXTS
    }
    for name, words in texts.items():
        if not 0 < len(words) <= LONGEST[name] or not can_be_kept(words):
            raise NotNowError(f"{_CALLED[name]} takes 1 to {LONGEST[name]} characters.")
    for name, (low, high) in _SPANS.items():
        number = getattr(terms, name)
        if number is None or not low <= number <= high:
            raise NotNowError(f"{_CALLED[name]} must lie in {low} to {high}.")
    return replace(
        terms,
        rhythm=texts["rhythm"],
        frame=texts["frame"],
        confidentiality=texts["confidentiality"],
    )


_SPANS = {
    "length_min": LENGTHS_MIN,
    "keep_free_text_days": DAYS,
    "keep_numbers_years": YEARS,
}
_CALLED = {
    "rhythm": "how often you meet",
    "frame": "the frame",
    "confidentiality": "what stays between you, and what may not,",
    "length_min": "the length of a session in minutes",
    "keep_free_text_days": "the days for which words are kept",
    "keep_numbers_years": "the years for which numbers are kept",
}
