"""People, as codes, and the practice whose words they read when they need help."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from duologue.store.models.choices import only, says_something
from duologue.store.models.refs import new_ref
from duologue.store.models.sealed import HolderKeyField, HoldsAKey


class Practice(models.Model):
    """Where the work takes place.

    ``crisis`` is what the practice says to whoever needs someone now; a practice
    without such words cannot be stored (law 10).
    """

    name = models.CharField(max_length=80)
    crisis = models.TextField()
    made_up = models.BooleanField(default=False)

    class Meta:
        """Rules of the table."""

        constraints: ClassVar = [
            only("practice_says_where_help_is", says_something("crisis")),
            only("practice_has_a_name", says_something("name")),
        ]

    def __str__(self) -> str:
        return f"practice {self.pk}"


class People(BaseUserManager["Person"]):
    """How people are found."""


class Person(HoldsAKey, AbstractBaseUser):
    """Someone who signs in, in whichever seats they sit. A code, never a name.

    When they were last here is not kept: nobody is to learn it. ``key`` seals the key of
    each of their private pages; it is random, and so is ``ref``, for which it opens.
    """

    HELD_AS = "person"

    ref = models.CharField(max_length=22, unique=True, default=new_ref)
    key = HolderKeyField(editable=False)
    code = models.CharField(max_length=40, unique=True)
    made_up = models.BooleanField(default=False)
    last_login = None

    objects: ClassVar[People] = People()

    USERNAME_FIELD = "code"

    class Meta:
        """Rules of the table."""

        constraints: ClassVar = [only("person_has_a_code", says_something("code"))]

    def __str__(self) -> str:
        return f"person {self.pk}"
