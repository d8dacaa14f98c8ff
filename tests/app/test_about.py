"""What the practice says in its own words, and what stands where it has said nothing."""

from django.urls import reverse

from app_people import TELLING
from rules import forget

ASK = "Ask before you tell"


def test_where_a_practice_has_not_said_what_happens_something_is_said_all_the_same(
    world, visitors
):
    said = {role: told_to(visitor) for role, visitor in visitors.items()}
    forget("practice_never_falls_silent")  # as it is where it was made before that rule
    world.practice.telling = ""
    world.practice.save()

    blank = {role: told_to(visitor) for role, visitor in visitors.items()}

    assert TELLING in said["client"]
    assert not any(ASK in page for page in said.values())
    assert [role for role in blank if ASK in blank[role]] == [
        *("client", "another client")
    ]
    link = f'href="{reverse("practice")}"'
    assert [role for role in blank if link in blank[role]] == [
        *("therapist", "supervisor", "another therapist")
    ]


def told_to(visitor):
    """Return the page as somebody gets it."""
    return visitor.get(reverse("telling")).content.decode()
