"""Setting up a practice, and the words that are its own."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from duologue.errors import NotNowError, NotYoursError, ParameterError
from duologue.instruments.packs import Use
from duologue.store import chain
from duologue.store.actions.packs import make_anew
from duologue.store.models import Person, Practice
from duologue.store.models.event import What
from duologue.store.models.person import SAYS
from duologue.store.models.reflection import can_be_kept

LONGEST_NAME, LONGEST_WORDS = 80, 4000
"""Characters of a practice's name, and of each text of its own."""


@transaction.atomic
def set_up_practice(
    name: str | None = None, crisis: str | None = None, *, use: str | None = None
) -> Practice:
    """Store a practice; what it is called and says can be given now, or later.

    Parameters
    ----------
    name : str, optional
        What it is called.
    crisis : str, optional
        Its own words for whoever needs someone now. Nobody is invited without them.
    use : str, optional
        What forms are filled in for there, one of `Use`; asked before the first pack.

    Raises
    ------
    ParameterError
        If one of them is given and blank, or too long, or the use is none.
    """
    given = {"name": name, "crisis": crisis}
    said = {each: words.strip() for each, words in given.items() if words is not None}
    for each, words in said.items():
        if not words or not _fits(words, each):
            raise ParameterError(
                f"{CALLED[each]} takes 1 to {_longest(each)} characters."
            )
    if use is not None and use not in set(Use):
        raise ParameterError(f"use must be one of {', '.join(Use)}.")
    return Practice.objects.create(**said, use=use or "")


CALLED = {
    "name": "the practice's name",
    "crisis": "what the practice says to whoever needs someone now",
}


def change_practice(person: Person, words: Mapping[str, str], *, now: datetime) -> None:
    """Keep what a practice is called and says, as far as it is filled in.

    What is blank, or not mentioned, stays as it was: somebody may need what stands.

    Parameters
    ----------
    person : Person
        Who changes it; must work there.
    words : mapping of str to str
        Any of `SAYS`, and ``use``: one of `Use`.
    now : datetime
        When.

    Raises
    ------
    NotYoursError
        If this person works at no practice.
    NotNowError
        If any of them is too long, or the use is none.
    """
    with transaction.atomic():
        mine = Practice.objects.select_for_update().filter(people=person).first()
        if mine is None:
            raise NotYoursError("only who works at a practice changes its words.")
        for each in SAYS:
            said = words.get(each, "").strip()
            if not _fits(said, each):
                raise NotNowError(
                    f"each of these takes up to {_longest(each)} characters."
                )
            if said:
                setattr(mine, each, said)
        use = words.get("use", "")
        if use and use not in set(Use):
            raise NotNowError("that is none of the uses that a licence can be for.")
        changed = use not in ("", mine.use) and mine.form_packs.exists()
        mine.use = use or mine.use
        mine.save()
        if changed:
            make_anew(mine)
        chain.append(What.PRACTICE_CHANGED, at=now, who=person.pk)


def _fits(words: str, name: str) -> bool:
    return len(words) <= _longest(name) and can_be_kept(words)


def _longest(name: str) -> int:
    return LONGEST_NAME if name == "name" else LONGEST_WORDS
