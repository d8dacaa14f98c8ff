"""Setting up a practice."""

from django.db import transaction

from duologue.errors import ParameterError
from duologue.store.models import Practice


@transaction.atomic
def set_up_practice(name: str, crisis: str) -> Practice:
    """Store a practice, with its own words for whoever needs someone now.

    Raises
    ------
    ParameterError
        If either is blank (law 10), or the name too long.
    """
    longest = Practice._meta.get_field("name").max_length or 0  # noqa: SLF001
    if not 0 < len(name.strip()) <= longest:
        raise ParameterError(f"the practice's name takes 1 to {longest} characters.")
    if not crisis.strip():
        raise ParameterError(
            "the practice's words for whoever needs someone now must not be blank."
        )
    return Practice.objects.create(name=name.strip(), crisis=crisis.strip())
