"""Packs of forms: a practice adds those that its licence allows, and removes them."""

import hashlib
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from duologue.errors import DuologueError, NotNowError, NotYoursError
from duologue.instruments.packs import Pack, Use, check_ids, check_use, read_pack
from duologue.store import chain
from duologue.store.known import opened
from duologue.store.models import FilledForm, FormPack, FormRhythm, Person, Practice
from duologue.store.models.event import What
from duologue.store.models.measure import LONGEST_INSTRUMENT
from duologue.store.models.reflection import findable

MOST_PACKS = 12
MOST_BYTES = 1 << 20
"""Of the file of one pack."""

LONGEST_ID = LONGEST_INSTRUMENT - len(" 2026-03-30")
"""Characters of an instrument's id: a form that is deleted is listed with its day."""


def add_pack(person: Person, content: bytes, *, now: datetime) -> None:
    """Add a pack to the practice at which somebody works; added twice, it is there once.

    Its forms are there for every client of the practice, who is asked for none of them
    until they choose so.

    Parameters
    ----------
    person : Person
        Who adds it; must work there.
    content : bytes
        The pack's zip file (see `duologue.instruments.packs`), kept as it is.
    now : datetime
        When.

    Raises
    ------
    NotYoursError
        If this person works at no practice.
    NotNowError
        If the practice has not said what forms are filled in for there, or the licence
        does not allow that; if it is no sound pack, too large, or one too many; or if it
        holds an instrument of an id that another pack has.
    """
    with transaction.atomic():
        mine = _own(person)
        pack = _checked(content, mine)
        sha256 = hashlib.sha256(content).hexdigest()
        there = mine.form_packs.filter(removed_on=None)
        if there.filter(sha256=sha256).exists():
            return
        others = [opened(each) for each in there.values_list("sha256", flat=True)]
        if len(others) >= MOST_PACKS:
            raise NotNowError(
                f"there are {MOST_PACKS} packs at most. Remove one first."
            )
        taken = {one.id for other in others if other for one in other.instruments}
        twins = sorted(taken & {one.id for one in pack.instruments})
        if twins:
            raise NotNowError(
                f"another pack holds {', '.join(twins)} already. Remove that one first."
            )
        today = timezone.localdate(now)
        FormPack.objects.update_or_create(
            practice=mine,
            sha256=sha256,
            defaults={"content": content, "added_on": today, "removed_on": None},
        )
        make_anew(mine)
        chain.append(What.PRACTICE_CHANGED, at=now, who=person.pk)


def remove_pack(person: Person, ref: str, *, now: datetime) -> None:
    """Remove a pack from the practice: its forms are asked of nobody any more.

    What was filled in stays with the two people, as it was answered; so does what says
    which of those answers are shown as they were given. How often somebody wanted to be
    asked for one of its forms is forgotten. Done twice, it changes nothing.

    Raises
    ------
    NotYoursError
        If this person works at no practice.
    """
    with transaction.atomic():
        mine = _own(person)
        found = mine.form_packs.filter(ref=findable(ref), removed_on=None).first()
        if found is None:
            return
        make_anew(mine)  # locks the pairs: nobody fills in a form meanwhile
        pack = opened(found.sha256)
        ids = [] if pack is None else [one.id for one in pack.instruments]
        FormRhythm.objects.filter(dyad__practice=mine, instrument__in=ids).delete()
        filled = FilledForm.objects.filter(dyad__practice=mine, edition=found.sha256)
        if filled.exists():
            found.removed_on = timezone.localdate(now)
            found.save(update_fields=["removed_on"])
        else:
            found.delete()
        chain.append(What.PRACTICE_CHANGED, at=now, who=person.pk)


def make_anew(practice: Practice) -> None:
    """Let what is kept of the pairs of a practice be made anew: it knows other forms."""
    practice.dyads.update(ours_revision=F("ours_revision") + 1)


def _own(person: Person) -> Practice:
    """Return the practice at which somebody works, locked, or refuse."""
    mine = Practice.objects.select_for_update().filter(people=person).first()
    if mine is None:
        raise NotYoursError("only who works at a practice changes its forms.")
    return mine


def _checked(content: bytes, practice: Practice) -> Pack:
    if not practice.use:
        raise NotNowError(
            "a licence is for some uses only: say first what forms are filled in for "
            "here, on the page of the practice."
        )
    if len(content) > MOST_BYTES:
        raise NotNowError("a pack's file takes up to 1 MB.")
    try:
        pack = check_ids(read_pack(content, where="the file"))
        check_use(pack, Use(practice.use))
    except DuologueError as error:
        raise NotNowError(f"{error}") from None
    if not all(_fits(one.id) for one in pack.instruments):
        raise NotNowError(
            f"the id of an instrument takes up to {LONGEST_ID} letters a to z, digits, "
            "- and _ here."
        )
    return pack


def _fits(name: str) -> bool:
    """Whether an id can stand in an address, and in a row of what was deleted."""
    letters = name.replace("-", "").replace("_", "")
    return len(name) <= LONGEST_ID and letters.isascii() and letters.isalnum()
