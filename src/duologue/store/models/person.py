"""People, as codes, and the practice whose words they read when they need help."""

import secrets
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from duologue.instruments.packs import Use
from duologue.store.models.choices import is_one_of, one_of, only, says_something
from duologue.store.models.refs import new_ref
from duologue.store.models.sealed import HolderKeyField, HoldsAKey

CODE_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
"""What a code is made of: nothing that is read for something else."""


def new_code() -> str:
    """Return a code for a person that says nothing of them (49 random bits)."""
    drawn = "".join(secrets.choice(CODE_LETTERS) for _ in range(10))
    return f"{drawn[:5]}-{drawn[5:]}"


class Practice(models.Model):
    """Where the work takes place.

    ``crisis`` is what the practice says to whoever needs someone now; ``telling`` is what
    it says of what happens if somebody tells something; ``supervisor`` and ``wellbeing``
    are whom its therapists can turn to. They are kept piece by piece in the first hour.
    While one of them is blank, nobody is invited (law 10): of a practice without a name or
    words of help the database takes no pair, and what was said is never blank again.
    ``use`` is what forms are filled in for there, since the words of some are licensed for
    some uses only; blank until somebody has said so.
    """

    name = models.CharField(max_length=80, blank=True, default="")
    crisis = models.TextField(blank=True, default="")
    telling = models.TextField(blank=True, default="")
    supervisor = models.TextField(blank=True, default="")
    wellbeing = models.TextField(blank=True, default="")
    made_up = models.BooleanField(default=False)
    use = models.CharField(max_length=12, choices=one_of(Use), blank=True, default="")

    class Meta:
        """Rules of the table."""

        constraints: ClassVar = [
            only("practice_use_is_of_a_kind", Q(use="") | is_one_of("use", Use))
        ]

    def __str__(self) -> str:
        return f"practice {self.pk}"

    @property
    def blanks(self) -> tuple[str, ...]:
        """What it must say before anybody is invited, and has not said yet."""
        return tuple(name for name in SAYS if not getattr(self, name).strip())


SAYS = ("name", "crisis", "telling", "supervisor", "wellbeing")
"""What a practice is called, and what it says in its own words."""


class People(BaseUserManager["Person"]):
    """How people are found."""


class Person(HoldsAKey, AbstractBaseUser):
    """Someone who signs in, in whichever seats they sit. A code, never a name.

    ``code`` is what they sign in with where there is no passkey: nobody else is shown it,
    each pair has its own for its two people. ``practice`` is where they work, blank for
    whoever comes as a client. When they were last here is not kept: nobody is to learn it.
    ``key`` seals the key of each of their private pages; it is random, and so is ``ref``,
    for which it opens.
    """

    HELD_AS = "person"

    ref = models.CharField(max_length=22, unique=True, default=new_ref)
    key = HolderKeyField(editable=False)
    code = models.CharField(max_length=40, unique=True, default=new_code)
    practice = models.ForeignKey(
        Practice, models.PROTECT, null=True, related_name="people"
    )
    made_up = models.BooleanField(default=False)
    last_login = None

    objects: ClassVar[People] = People()

    USERNAME_FIELD = "code"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        """Rules of the table."""

        constraints: ClassVar = [only("person_has_a_code", says_something("code"))]

    def __str__(self) -> str:
        return f"person {self.pk}"
