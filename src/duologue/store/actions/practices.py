"""Setting up a practice, and the words that are its own."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from duologue.errors import NotNowError, NotYoursError, ParameterError
from duologue.store import chain
from duologue.store.models import Person, Practice
from duologue.store.models.event import What
from duologue.store.models.person import WORDS
from duologue.store.models.reflection import can_be_kept

LONGEST_NAME, LONGEST_WORDS = 80, 4000
"""Characters of a practice's name, and of each text of its own."""


@transaction.atomic
def set_up_practice(name: str, crisis: str) -> Practice:
    """Store a practice, with its own words for whoever needs someone now.

    Raises
    ------
    ParameterError
        If either is blank (law 10), or the name too long.
    """
    if not 0 < len(name.strip()) <= LONGEST_NAME:
        raise ParameterError(
            f"the practice's name takes 1 to {LONGEST_NAME} characters."
        )
    if not crisis.strip():
        raise ParameterError(
            "the practice's words for whoever needs someone now must not be blank."
        )
    return Practice.objects.create(name=name.strip(), crisis=crisis.strip())


def change_practice(person: Person, words: Mapping[str, str], *, now: datetime) -> None:
    """Change what a practice is called and says; what is not mentioned stays.

    Parameters
    ----------
    person : Person
        Who changes it; must work there.
    words : mapping of str to str
        ``name`` and any of `WORDS`.
    now : datetime
        When.

    Raises
    ------
    NotYoursError
        If this person works at no practice.
    NotNowError
        If any of them is blank (law 10) or too long.
    """
    with transaction.atomic():
        mine = Practice.objects.select_for_update().filter(people=person).first()
        if mine is None:
            raise NotYoursError("only who works at a practice changes its words.")
        for name in ("name", *WORDS):
            if name in words:
                setattr(mine, name, _said(words[name], name))
        mine.save()
        chain.append(What.PRACTICE_CHANGED, at=now, who=person.pk)


def _said(words: str, name: str) -> str:
    longest = LONGEST_NAME if name == "name" else LONGEST_WORDS
    said = words.strip()
    if not said:
        raise NotNowError("none of this can be left blank: somebody may need it.")
    if len(said) > longest or not can_be_kept(said):
        raise NotNowError(f"each of these takes up to {longest} characters.")
    return said
