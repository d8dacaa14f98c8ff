"""Visits: how they begin and end, and what is asked before they, or ways in, are changed."""

from http.cookies import SimpleCookie

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.test import Client
from django.urls import reverse

from duologue.web.account import visits
from duologue.web.account.signals import browser_in
from signing_in import (
    PASSWORD,
    SECOND,
    SIGN_IN,
    code,
    is_in,
    sign_in,
    try_password,
    with_app,
)
from visitors import at

pytestmark = pytest.mark.usefixtures("fresh")


def show_again(visitor, fresh):
    """Show again who one is, with the next code of the app."""
    fresh["now"] += 60
    answered = visitor.post("/me/again/code/", {"code": code(), "next": "/me/"})
    assert answered.url == "/me/"


def test_a_new_visit_begins_with_signing_in(ann):
    visitor = Client()
    visitor.get(SIGN_IN)
    try_password(visitor, ann)
    before = visitor.session.session_key

    visitor.post(SECOND, {"code": code()})

    assert visitor.session.session_key != before


def test_a_visit_ends_when_idle_and_a_page_that_asks_by_itself_keeps_none_going(
    ann, told, fresh
):
    visitor = sign_in(ann)
    ours = reverse("ours", args=["ref-of-ann"])

    for _ in range(3):
        fresh["now"] += settings.IDLE_S - 60
        assert is_in(visitor)
    for _ in range(40):
        fresh["now"] += 60
        visitor.get(ours, headers={"HX-Request": "true"})

    assert not is_in(visitor)
    assert not is_in(visitor)  # and has no way back
    left_open = visitor.get(ours, headers={"HX-Request": "true"})
    assert (left_open.status_code, left_open.content) == (401, b"")


def test_a_visit_ends_after_twelve_hours_however_busy(ann, fresh):
    visitor = sign_in(ann)
    for _ in range(36):
        fresh["now"] += 20 * 60 - 1
        assert is_in(visitor)
    # What is kept in a visit later makes it no longer.
    visitor.post("/me/again/code/", {"code": code(), "next": "/me/"})
    assert is_in(visitor)

    fresh["now"] += 60

    assert not is_in(visitor)
    assert not is_in(visitor)
    assert not settings.SESSION_SAVE_EVERY_REQUEST


@pytest.mark.parametrize("cookie", ["", "forged", "of another visit"])
def test_a_visit_without_the_cookie_of_its_browser_is_none(ann, told, cookie):
    visitor = sign_in(ann)
    if cookie == "of another visit":
        cookie = visits.seen_now("another")
    visitor.cookies[visits.SEEN] = cookie

    assert not is_in(visitor)


def test_leaving_ends_a_visit_for_good(ann):
    visitor = sign_in(ann)
    kept = dict(visitor.cookies)

    answered = visitor.post("/leave/")

    assert answered["Clear-Site-Data"] == '"cache", "storage"'
    assert not UserSession.objects.exists()
    again = Client()
    again.cookies.update(kept)
    assert not is_in(again)


def test_one_sees_and_ends_ones_own_visits_and_nobody_elses(ann, world, fresh):
    bo = with_app(world.bo)
    firefox = {"HTTP_USER_AGENT": "Mozilla/5.0 (Android 15; rv:140.0) Firefox/140.0"}
    here, there, elsewhere = Client(), Client(**firefox), Client()
    for person, visitor in ((ann, here), (ann, there), (bo, elsewhere)):
        fresh["now"] += 60
        sign_in(person, visitor)
    show_again(here, fresh)

    page = at(here, "me")
    assert "Firefox on Android" in page
    assert page.count("End it") == 1
    for visit in UserSession.objects.filter(user=bo):
        here.post("/me/visits/end/", {"visit": visit.pk})
    assert all(map(is_in, (here, there, elsewhere)))
    here.post("/me/visits/end/", {})

    assert is_in(here)
    assert not is_in(there)
    assert is_in(elsewhere)


def test_before_a_visit_is_ended_one_shows_again_who_one_is(ann, fresh):
    here, there = sign_in(ann), Client()
    fresh["now"] += 60
    sign_in(ann, there)

    asked = here.post("/me/visits/end/", {})

    assert asked.url.startswith("/me/again/")
    assert is_in(there)
    fresh["now"] += 60
    done = here.post("/me/again/code/", {"code": code(), "next": "/me/visits/end/"})
    assert done.url == "/me/"
    assert is_in(here)
    assert not is_in(there)


def test_of_a_visit_neither_address_nor_version_is_kept(ann):
    sign_in(ann, Client(REMOTE_ADDR="192.0.2.7", HTTP_USER_AGENT="Secret/9.9"))

    visit = UserSession.objects.get()

    assert visit.ip == "0.0.0.0"  # noqa: S104
    assert visit.user_agent == "A browser on a device"


@pytest.mark.parametrize(
    ("said", "named"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36",
            "Chrome on Linux",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0) Chrome/1 Safari/1 Edg/140.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; like Mac OS X) Version/19 Safari/604",
            "Safari on iPhone",
        ),
        ("Firefox on Android", "Firefox on Android"),
        ("", "A browser on a device"),
    ],
)
def test_a_browser_is_known_by_its_kind(said, named):
    assert browser_in(said) == named


PROTECTED = [
    "mfa_add_webauthn",
    "mfa_deactivate_totp",
    "mfa_generate_recovery_codes",
    "mfa_view_recovery_codes",
]


@pytest.mark.parametrize("name", PROTECTED)
def test_before_a_way_in_is_changed_one_shows_again_who_one_is(ann, fresh, name):
    visitor = sign_in(ann)

    asked = visitor.get(reverse(name))

    assert asked.status_code == 302
    assert asked.url.startswith("/me/again/")
    fresh["now"] += 60
    visitor.post("/me/again/code/", {"code": code(), "next": reverse(name)})
    assert visitor.get(reverse(name)).status_code == 200
    fresh["now"] += settings.ACCOUNT_REAUTHENTICATION_TIMEOUT + 1
    assert visitor.get(reverse(name)).status_code == 302


def test_the_last_way_in_stays(ann, fresh):
    visitor = sign_in(ann)
    show_again(visitor, fresh)

    visitor.post("/me/ways-in/app/remove/")

    assert Authenticator.objects.filter(user=ann, type="totp").exists()


def test_a_new_password_ends_the_other_visits(ann, fresh):
    here, there = sign_in(ann), Client()
    fresh["now"] += 60
    sign_in(ann, there)
    new = "another made-up password"

    here.post(
        "/me/password/",
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )

    ann.refresh_from_db()
    assert ann.check_password(new)
    assert is_in(here)
    assert not is_in(there)
    assert try_password(Client(), ann, new).url == SECOND  # and skips no proof


def test_a_visit_has_another_key_once_one_has_shown_again_who_one_is(ann, fresh):
    visitor, before = sign_in(ann), Client()
    before.cookies = SimpleCookie(visitor.cookies.output(header=""))

    show_again(visitor, fresh)

    assert is_in(visitor)
    assert not is_in(before)
    assert UserSession.objects.get().session_key == visitor.session.session_key


def test_a_first_password_is_chosen_by_whoever_shows_again_who_they_are(world):
    Authenticator.objects.create(user=world.ann, type="webauthn", data={})
    visitor = Client()
    visitor.force_login(world.ann, backend=settings.AUTHENTICATION_BACKENDS[1])
    visitor.cookies[visits.SEEN] = visits.seen_now(visitor.session.session_key)
    session = visitor.session
    session[visits.ENROLLED] = True
    session.save()

    asked = visitor.post(
        "/me/password/new/", {"password1": PASSWORD, "password2": PASSWORD}
    )

    assert asked.url.startswith("/me/again/passkey/")
    world.ann.refresh_from_db()
    assert not world.ann.has_usable_password()


def added(person, visitor):
    Authenticator.objects.create(user=person, type="webauthn", data={"name": "Phone"})
    return visitor.post("/me/ways-in/app/remove/")


def renewed(person, visitor):
    return visitor.post("/me/codes/new/")


@pytest.mark.parametrize("change", [added, renewed])
@pytest.mark.parametrize("said", [{}, {"visit": "none"}])
def test_after_a_change_of_how_one_signs_in_one_is_offered_to_end_the_others(
    ann, fresh, at_once, change, said
):
    here, there = sign_in(ann), Client()
    fresh["now"] += 60
    sign_in(ann, there)
    show_again(here, fresh)
    offer = "How you sign in has changed"
    assert offer not in at(here, "me")

    assert change(ann, here).status_code == 302

    assert offer in at(here, "me")
    assert is_in(there)
    assert offer not in at(there, "me")
    here.post("/me/visits/end/", said)
    assert offer not in at(here, "me")
    assert is_in(there) == bool(said)


def test_every_cookie_is_out_of_reach_of_scripts_and_of_other_sites(ann, fresh):
    visitor = Client()
    visitor.get(SIGN_IN)
    sign_in(ann, visitor)
    given = dict(visitor.cookies)
    answered = visitor.post("/leave/")

    assert set(given) == {"csrftoken", "sessionid", visits.SEEN}
    for cookie in given.values():
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert not cookie["domain"]
    assert {c["max-age"] for c in answered.cookies.values()} == {0}
