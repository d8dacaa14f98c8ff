"""Signing in: two proofs always, limits that lock one and not the neighbour, visits that end.

The passkey itself is tried in a real browser (tests/browser/test_signing_in.py); here it is
a row, as the library for signing in keeps it.
"""

import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.cache import cache, caches
from django.db import transaction
from django.test import Client
from django.urls import reverse

from app_people import NOW
from duologue.records import Kind, Seat
from duologue.store import actions
from duologue.store.keys import factors
from duologue.store.models import Event, Person
from duologue.web import clock
from duologue.web.account import visits
from duologue.web.account.signals import browser_in
from visitors import at

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 - made up
PASSWORD = "a made-up password of some length"  # noqa: S105
SIGN_IN, SECOND = "/sign-in/", "/sign-in/second/"


@pytest.fixture(autouse=True)
def fresh(db, monkeypatch):
    """Forget earlier tries, and let the clock of codes stand still."""
    cache.clear()
    moment = time.time()
    clock = {"now": moment}
    monkeypatch.setattr(time, "time", lambda: clock["now"])
    return clock


@pytest.fixture
def ann(world):
    """Ann, with a password and an app's codes."""
    return with_app(world.ann)


def with_app(person):
    person.set_password(PASSWORD)
    person.save()
    TOTP.activate(person, SECRET)
    RecoveryCodes.activate(person)
    return person


def code(now=None, *, step=0):
    """Return what the app shows."""
    at_step = int((now or time.time()) // 30) + step
    return format_hotp_value(hotp_value(SECRET, at_step))


def try_password(visitor, person, password=PASSWORD, **more):
    fields = {"login": person.code, "password": password}
    return visitor.post(SIGN_IN, fields, **more)


def sign_in(person, visitor=None):
    """Sign in with both proofs; return the browser."""
    visitor = visitor or Client()
    assert try_password(visitor, person).url == SECOND
    answered = visitor.post(SECOND, {"code": code()})
    assert (answered.status_code, answered.url) == (302, "/")
    return visitor


def is_in(visitor):
    return visitor.get("/me/").status_code == 200


def test_a_password_alone_lets_nobody_in(ann):
    visitor = Client()

    answered = try_password(visitor, ann)

    assert answered.url == SECOND
    assert not is_in(visitor)
    visitor.post(SECOND, {"code": "000000"})
    assert not is_in(visitor)
    visitor.post(SECOND, {"code": code()})
    assert is_in(visitor)


def test_a_second_proof_that_was_not_asked_for_lets_nobody_in(ann):
    visitor = Client()

    answered = visitor.post(SECOND, {"code": code()})

    assert answered.url == SIGN_IN
    assert not is_in(visitor)


def test_a_code_works_once_also_in_another_process(ann, fresh):
    first = sign_in(ann)
    shown = code()
    second = Client()
    try_password(second, ann)

    caches.close_all()  # as another process would find it
    second.post(SECOND, {"code": shown})

    assert is_in(first)
    assert not is_in(second)


def test_a_code_holds_for_half_a_minute(ann, fresh):
    for step in (-1, 1):
        visitor = Client()
        try_password(visitor, ann)
        visitor.post(SECOND, {"code": code(step=step)})
        assert not is_in(visitor)
        cache.clear()


def test_a_recovery_code_works_once(ann):
    first, second = (RecoveryCodes.activate(ann).get_unused_codes()[0],) * 2
    visitor = Client()
    try_password(visitor, ann)
    visitor.post(SECOND, {"code": first})
    other = Client()
    try_password(other, ann)
    other.post(SECOND, {"code": second})

    assert is_in(visitor)
    assert not is_in(other)


def test_seeds_lie_sealed(ann):
    rows = {row.type: row.data for row in Authenticator.objects.filter(user=ann)}

    assert SECRET not in str(rows)
    assert factors.unseal_seed(rows["totp"]["secret"]) == SECRET
    seed = factors.unseal_seed(rows["recovery_codes"]["seed"])
    assert seed not in str(rows)


def test_twelve_bad_tries_lock_one_account_and_not_its_neighbour(ann, world):
    bo = with_app(world.bo)
    statuses = [
        try_password(Client(), ann, "wrong password", REMOTE_ADDR="192.0.2.7")
        for _ in range(12)
    ]

    assert {answered.status_code for answered in statuses} == {200}
    locked = try_password(Client(), ann, REMOTE_ADDR="192.0.2.7")
    assert locked.status_code == 200
    assert "Too many failed" in locked.content.decode()
    assert try_password(Client(), bo, REMOTE_ADDR="192.0.2.7").url == SECOND


def test_a_lock_outlasts_a_restart_and_ends(ann, fresh):
    for _ in range(12):
        try_password(Client(), ann, "wrong password")
    caches.close_all()

    assert try_password(Client(), ann).status_code == 200
    fresh["now"] += 5 * 60 + 1
    assert try_password(Client(), ann).url == SECOND


def test_bad_codes_are_limited_as_well(ann):
    visitor = Client()
    try_password(visitor, ann)
    for _ in range(12):
        visitor.post(SECOND, {"code": "000000"})

    visitor.post(SECOND, {"code": code()})

    assert not is_in(visitor)


def test_whether_there_is_such_an_account_is_not_told(ann):
    nobody = Client().post(SIGN_IN, {"login": "no-such-code", "password": PASSWORD})
    wrong = try_password(Client(), ann, "wrong password")

    def said(page):
        text = page.content.decode()
        text = text.replace("no-such-code", "CODE").replace(ann.code, "CODE")
        return [line for line in text.splitlines() if "csrfmiddlewaretoken" not in line]

    assert nobody.status_code == wrong.status_code == 200
    assert said(nobody) == said(wrong)


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


def test_a_visit_ends_after_twelve_hours_however_busy(ann, fresh):
    visitor = sign_in(ann)
    ends = visitor.session.get_expiry_date()
    for _ in range(3):
        fresh["now"] += 60
        visitor.get("/me/")

    assert settings.SESSION_COOKIE_AGE == 12 * 60 * 60
    assert abs(visitor.session.get_expiry_date() - ends) < timedelta(minutes=1)
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
    fresh["now"] += 60
    visitor.post("/me/again/code/", {"code": code(), "next": "/me/"})

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


@pytest.mark.parametrize("bad", ["short", "qwerty123456", "739218846501", ""])
def test_a_password_that_is_tried_first_is_refused(told, bad):
    visitor = kept_free(told)

    answered = visitor.post("/me/ways-in/password/", {"password": bad})

    assert answered.status_code == 200
    assert 'role="alert"' in answered.content.decode()


@pytest.mark.parametrize("n", [12, 64, 128])
def test_a_long_password_is_taken_whole(told, n):
    visitor = kept_free(told)
    password = ("lighthouse keepers row " * 9)[:n].replace(" ", "-")

    answered = visitor.post("/me/ways-in/password/", {"password": password})

    assert answered.url == "/me/ways-in/app/"
    kept = Person.objects.get(invitation__isnull=False)
    assert kept.check_password(password)
    assert not kept.check_password(password[:-1])


# Joining --------------------------------------------------------------------------


def invited(world, seat=Seat.CLIENT):
    """Let the therapist invite somebody; return the code."""
    ref = actions.invite(
        world.therapist, called="N.", me="T.", kind=Kind.THERAPY, seat=seat, now=NOW
    )
    return actions.invite_again(world.therapist, ref, now=NOW)


def kept_free(world, visitor=None):
    """Come with an invitation, as somebody new; return the browser."""
    visitor = visitor or Client()
    assert visitor.post("/join/", {"code": invited(world)}).url == "/join/as/"
    assert visitor.post("/join/as/").url == "/me/ways-in/passkey/"
    return visitor


@pytest.fixture
def at_once(monkeypatch):
    """Let what waits for a commit happen at once, as it does where one commits."""
    monkeypatch.setattr(transaction, "on_commit", lambda act, **_: act())


def set_up_app(visitor):
    """Set up an app's codes; return the answer."""
    page = visitor.get("/me/ways-in/app/").content.decode()
    secret = page.partition('class="own-code">')[2].partition("<")[0]
    shown = format_hotp_value(hotp_value(secret, int(time.time() // 30)))
    return visitor.post("/me/ways-in/app/", {"code": shown})


def test_whoever_is_new_makes_a_way_in_first_and_sees_nothing_before(told, at_once):
    visitor = kept_free(told)
    pair = told.people["therapist"].as_therapist.get(code="N.").ref

    for name in ("together", "mine", "choices", "they-see"):
        assert visitor.get(reverse(name, args=[pair])).url == "/me/ways-in/passkey/"
    assert visitor.post(reverse("card", args=[pair]), {"do": "send"}).status_code == 302
    assert visitor.get("/").url == "/me/ways-in/passkey/"
    assert visitor.get("/me/").url == "/me/ways-in/passkey/"
    assert visitor.get("/help/").status_code == 200

    visitor.post("/me/ways-in/password/", {"password": PASSWORD})
    answered = set_up_app(visitor)

    assert answered.url == "/me/codes/"
    codes = visitor.get("/me/codes/").content.decode()
    assert codes.count("<li>") == 10
    assert "<li>" not in visitor.get("/me/codes/").content.decode()  # shown once
    assert visitor.get(reverse("together", args=[pair])).status_code == 200
    assert visitor.get("/").url == f"/with/{pair}/"


def test_an_invitation_is_used_up_by_the_first_who_has_a_way_in(told, at_once):
    code_ = invited(told)
    first, second = Client(), Client()
    for visitor in (first, second):
        visitor.post("/join/", {"code": code_})
        visitor.post("/join/as/")
    kept = Person.objects.get(invitation__isnull=False)
    first.post("/me/ways-in/password/", {"password": PASSWORD})
    set_up_app(first)

    assert is_in(first)
    assert second.get("/me/").url.startswith("/sign-in/")
    assert Client().post("/join/", {"code": code_}).status_code == 409
    assert Event.objects.filter(what="joined", who=kept.pk).count() == 1


def test_a_code_is_of_no_use_once_its_time_is_over(told, monkeypatch):
    code_, late = invited(told), NOW + timedelta(days=14, seconds=1)
    assert Client().post("/join/", {"code": code_}).url == "/join/as/"

    monkeypatch.setattr(clock, "now", lambda: late)

    assert Client().post("/join/", {"code": code_}).status_code == 409


def test_an_invitation_says_what_each_is_called_there_and_nobody_s_account(told):
    visitor = Client()
    visitor.post("/join/", {"code": invited(told)})
    page = visitor.get("/join/as/").content.decode()

    assert "T. invites you" in page
    assert [
        code for code in Person.objects.values_list("code", flat=True) if code in page
    ] == []


def test_who_has_been_here_before_joins_with_the_same_account(told, ann):
    code_ = invited(told)
    visitor = Client()
    visitor.post("/join/", {"code": code_})

    try_password(visitor, ann)
    assert visitor.post(SECOND, {"code": code()}).url == "/join/as/"
    assert visitor.post("/join/as/").url == "/"

    assert ann.as_client.count() == 2
    assert visitor.get("/").status_code == 200
    assert Client().post("/join/", {"code": code_}).status_code == 409


def test_a_code_stands_in_no_address(told):
    code_, visitor = invited(told), Client()

    for answered in (
        visitor.post("/join/", {"code": code_}),
        visitor.get("/join/as/"),
        visitor.post("/join/as/"),
    ):
        assert code_ not in answered.get("Location", "")
    assert code_ not in str(visitor.session.items())


def test_without_an_invitation_there_is_nothing_to_join(told, visitors):
    for role in ("client", "signed out"):
        assert visitors[role].get("/join/as/").url == "/join/"
        assert visitors[role].post("/join/as/").url == "/join/"


def test_tries_of_codes_are_limited(told):
    statuses = [
        Client().post("/join/", {"code": f"no-such-{i}"}).status_code for i in range(35)
    ]

    assert statuses[:30] == [409] * 30
    assert set(statuses[30:]) == {429}


def test_the_second_visit_of_somebody_without_a_way_in_leads_nowhere_else(told):
    visitor = kept_free(told)
    visitor.post("/me/ways-in/password/", {"password": PASSWORD})
    kept = Person.objects.get(invitation__isnull=False)

    again = Client()
    assert try_password(again, kept).status_code == 302

    assert again.get("/").url == "/me/ways-in/passkey/"
    assert not is_in(again)


def test_sign_ins_and_refusals_are_noted_without_content(ann):
    try_password(Client(), ann, "wrong password")
    sign_in(ann)

    rows = Event.objects.filter(who=ann.pk).values("what", "dyad", "session")
    assert list(rows) == [
        {"what": what, "dyad": None, "session": None}
        for what in ("sign_in_refused", "signed_in")
    ]


def test_nobody_signs_up_and_nothing_is_mailed(ann):
    for address in ("/signup/", "/accounts/signup/", "/password/reset/"):
        assert Client().get(address).status_code in {302, 404}
    assert "signup" not in Client().get(SIGN_IN).content.decode()
    assert settings.ACCOUNT_USER_MODEL_EMAIL_FIELD is None
