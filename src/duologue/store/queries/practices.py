"""What a practice says in its own words, and who works there."""

from dataclasses import dataclass

from django.db.models import Q

from duologue.store.models import Person, Practice
from duologue.store.models.person import SAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """What one practice says to one of its people.

    ``supervisor`` and ``wellbeing`` are blank for whoever does not work there, which
    ``works_here`` says. ``telling`` is blank in a practice from before it was asked for.
    """

    name: str
    crisis: str
    telling: str
    supervisor: str = ""
    wellbeing: str = ""
    works_here: bool = False


def help_for(person: Person) -> tuple[Help, ...]:
    """Return what the practices of a person say: of their pairs, and where they work."""
    practices = Practice.objects.filter(
        Q(dyads__client=person) | Q(dyads__therapist=person) | Q(people=person)
    ).distinct()
    return tuple(
        Help(
            name=practice.name,
            crisis=practice.crisis,
            telling=practice.telling,
            supervisor=practice.supervisor if works_here else "",
            wellbeing=practice.wellbeing if works_here else "",
            works_here=works_here,
        )
        for practice in practices.order_by("pk")
        for works_here in (practice.pk == person.practice_id,)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPractice:
    """Where a person works: what it is called and says, and what it has not said yet.

    It is begun once there is anything of all that. ``use`` is what forms are filled in for
    there, blank until that is said.
    """

    name: str
    crisis: str
    telling: str
    supervisor: str
    wellbeing: str
    use: str
    blanks: tuple[str, ...]
    is_begun: bool


def own_practice(person: Person) -> OwnPractice | None:
    """Return where a person works, ``None`` for whoever works nowhere here."""
    row = Practice.objects.filter(people=person).first()
    if row is None:
        return None
    said = {name: getattr(row, name) for name in SAYS}
    begun = len(row.blanks) < len(SAYS)
    return OwnPractice(**said, use=row.use, blanks=row.blanks, is_begun=begun)


def practice_without_people() -> Practice | None:
    """Return the practice at which nobody works yet who could sign in, if there is one.

    A person who is kept for an invitation is nobody yet.
    """
    taken = Person.objects.filter(practice__isnull=False, invitation=None)
    return Practice.objects.exclude(people__in=taken).order_by("pk").first()
