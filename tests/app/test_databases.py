"""What comes over HTTP and no database could hold finds nothing, and breaks nothing."""

import pytest
from django.test import Client
from django.urls import reverse

from visitors import SEATED, shown

NUL = "a\0b"


@pytest.mark.parametrize("seat", SEATED)
def test_a_character_that_cannot_be_kept_finds_nothing(told, visitors, seat):
    visitor = visitors[seat]
    absent = visitor.get(reverse("together", args=["no-such"]))

    looked = visitor.get("/with/%00/")
    taken = visitor.post(reverse("take-back", args=["ref-of-ann", 1]), {"item": NUL})
    thought = {"item": NUL, "words": "later"}
    later = visitor.post(reverse("later", args=["ref-of-ann", 1]), thought)
    gone = visitor.post(reverse("later", args=["ref-of-ann", 1]), {"remove": NUL})

    assert [r.status_code for r in (looked, taken, later, gone)] == [404, 404, 404, 302]
    assert shown(looked) == shown(absent)


@pytest.mark.parametrize("number", [2**31, 2**63, 10**30])
@pytest.mark.parametrize("name", ["session", "reflect", "session-ours"])
def test_a_number_that_no_database_counts_to_is_no_session(
    told, visitors, name, number
):
    answered = visitors["client"].get(reverse(name, args=["ref-of-ann", number]))

    assert answered.status_code == 404


def test_a_visit_that_cannot_be_looked_for_is_none(told):
    answered = Client().get("/", headers={"cookie": 'sessionid="aaaaaaaa\\000"'})

    assert answered.status_code == 302
    assert answered.url.startswith("/sign-in/")
