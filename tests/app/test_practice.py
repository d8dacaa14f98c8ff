"""A practice's own words over HTTP: kept piece by piece, and never lost by a blank."""

import pytest
from django.urls import reverse

from app_people import CRISIS, person
from duologue.store.actions import set_up_practice
from visitors import browser

ONLY_HERE = "no other device can reach it"


@pytest.fixture
def new_here(world):
    """Somebody who works at a practice that has said nothing yet."""
    world.people["new"] = person("new-code", works_at=set_up_practice())
    return world


def test_the_first_hour_is_left_and_gone_on_with_in_another_visit(new_here):
    first = browser(new_here, "new")
    assert "Still blank" not in first.get("/practice/").content.decode()
    begun = {"name": "", "crisis": "", "telling": "", "supervisor": "Ring S. & co"}
    assert first.post("/practice/", begun).url == "/practice/"
    assert first.get("/practice/invite/").url == "/practice/"

    later = browser(new_here, "new")
    page = later.get("/practice/").content.decode()
    assert "Ring S. &amp; co" in page
    left = page.partition("Still blank")[2].partition("</ul>")[0]
    assert [f"#says-{each}" in left for each in (*begun, "wellbeing")] == [
        *(True, True, True),
        *(False, True),
    ]
    rest = {"name": "Elm", "crisis": "Ring.", "telling": "Nobody.", "supervisor": " "}
    assert later.post("/practice/", rest).url == "/practice/"
    assert later.post("/practice/", {"wellbeing": "Ring W."}).url == "/practice/invite/"
    assert "Ring S. &amp; co" in later.get("/practice/").content.decode()
    assert later.get("/practice/invite/").status_code == 200


def test_words_that_stand_are_not_replaced_by_a_blank(world):
    visitor = browser(world, "therapist")

    assert visitor.post("/practice/", {"crisis": "  "}).url == "/practice/"

    assert CRISIS in browser(world, "ann").get("/help/").content.decode()


def test_what_is_too_long_is_given_back_and_changes_nothing(world):
    long = "made up " * 600
    answered = browser(world, "therapist").post(
        "/practice/", {"crisis": "Ring twice.", "telling": long}
    )

    assert answered.status_code == 409
    assert long.strip() in answered.content.decode()
    assert CRISIS in browser(world, "ann").get("/help/").content.decode()


@pytest.mark.parametrize(
    ("host", "only_here"),
    [
        ("localhost:8000", True),
        ("ann.localhost", True),
        ("127.0.0.1:8000", True),
        ("[::1]:8000", True),
        ("elm.example", False),
        ("192.168.1.4:8000", False),
    ],
)
def test_a_picture_says_that_no_other_device_reaches_it_where_that_is_so(
    told, settings, host, only_here
):
    settings.ALLOWED_HOSTS = ["*"]
    visitor = browser(told, "therapist")
    asked = visitor.post(
        reverse("invite"),
        {"whom": "client", "called": "N.", "me": "T."},
        HTTP_HOST=host,
    )
    invitation = visitor.post(asked.url, HTTP_HOST=host).content.decode()
    room = reverse("room", args=["ref-of-ann"])
    visitor.post(reverse("show-code", args=["ref-of-ann"]), HTTP_HOST=host)

    for page in (invitation, visitor.get(room, HTTP_HOST=host).content.decode()):
        assert "<svg" in page
        assert (ONLY_HERE in page) == only_here
