"""Signing in: two proofs always, and limits that lock one and not the neighbour.

The passkey itself is tried in a real browser (tests/browser/test_signing_in.py); here it is
a row, as the library for signing in keeps it.
"""

import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.cache import cache, caches
from django.test import Client, override_settings
from django.urls import reverse

from app_people import NOW
from duologue.records import Kind, Seat
from duologue.store import actions
from duologue.store.keys import factors
from duologue.store.models import Dyad, Event, Invitation, Person
from duologue.web import clock
from duologue.web.account import views, visits
from signing_in import (
    PASSWORD,
    SECOND,
    SECRET,
    SIGN_IN,
    code,
    is_in,
    sign_in,
    try_password,
    with_app,
)

QUICK = "django.contrib.auth.hashers.MD5PasswordHasher"
RECOVER = "/sign-in/recovery/"
pytestmark = pytest.mark.usefixtures("fresh")


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


# Losing a device --------------------------------------------------------------------


@pytest.fixture
def bo(world):
    """Bo, with a passkey, as the library keeps it, and recovery codes."""
    add_passkey(world.bo)
    RecoveryCodes.activate(world.bo)
    return world.bo


def add_passkey(person, number="a number by chance"):
    data = {"name": "Passkey", "credential": {"id": number}}
    return Authenticator.objects.create(user=person, type="webauthn", data=data)


def codes_of(person):
    row = Authenticator.objects.get(user=person, type="recovery_codes")
    return row.wrap().get_unused_codes()


def recover(visitor, person, code_):
    return visitor.post(RECOVER, {"login": person.code, "code": code_})


def test_a_recovery_code_lets_in_who_has_only_a_passkey_to_make_another_way_in(
    bo, told, at_once, fresh
):
    visitor, first = Client(), codes_of(bo)[0]
    assert len(first) == 16

    spaced = f"{first[:4]} {first[4:8]} {first[8:]}"
    assert recover(visitor, bo, spaced).url == "/me/ways-in/passkey/"

    for address in ("/", "/me/", "/me/codes/", reverse("mine", args=["ref-of-bo"])):
        assert visitor.get(address).url == "/me/ways-in/passkey/"
    assert recover(Client(), bo, first).status_code == 200  # it works once
    visitor.post("/me/ways-in/password/", {"password": PASSWORD})
    assert not is_in(visitor)
    set_up_app(visitor)
    assert "You came in with a recovery code" in visitor.get("/me/").content.decode()
    assert visitor.get(reverse("mine", args=["ref-of-bo"])).status_code == 200
    # The passkey of the lost device is theirs to remove.
    passkey = Authenticator.objects.get(user=bo, type="webauthn")
    visitor.post(f"/me/passkeys/{passkey.pk}/remove/")
    assert not Authenticator.objects.filter(pk=passkey.pk).exists()


def test_a_recovery_code_ends_the_other_visits_once_there_is_a_new_way_in(
    bo, told, at_once
):
    there, here = Client(), Client()
    there.force_login(bo, backend=settings.AUTHENTICATION_BACKENDS[1])
    there.cookies[visits.SEEN] = visits.seen_now(there.session.session_key)
    session = there.session
    session[visits.ENROLLED] = True
    session.save()
    UserSession.objects.create(
        user=bo, session_key=session.session_key, user_agent="", ip="127.0.0.1"
    )
    assert is_in(there)

    recover(here, bo, codes_of(bo)[0])
    assert is_in(there)
    set_up_app(here)
    here.post("/me/ways-in/password/", {"password": PASSWORD})

    assert is_in(here)
    assert not is_in(there)
    said = Event.objects.filter(who=bo.pk).values_list("what", flat=True)
    assert {*said} == {"signed_in", "way_in_added"}


def test_five_wrong_recovery_codes_lock_one_account_and_not_its_neighbour(
    bo, world, fresh
):
    add_passkey(world.kim, "another number")
    RecoveryCodes.activate(world.kim)
    for _ in range(5):
        assert recover(Client(), bo, "0000 0000 0000 0000").status_code == 200
    caches.close_all()

    locked = recover(Client(), bo, codes_of(bo)[0])

    assert "Too many failed" in locked.content.decode()
    assert recover(Client(), world.kim, codes_of(world.kim)[0]).status_code == 302
    fresh["now"] += 5 * 60 + 1
    assert recover(Client(), bo, codes_of(bo)[0]).status_code == 302
    assert Event.objects.filter(what="sign_in_refused", who=bo.pk).count() == 1


def test_a_recovery_code_alone_is_not_enough_where_there_is_a_password(ann):
    visitor, first = Client(), codes_of(ann)[0]

    refused = recover(visitor, ann, first)
    unknown = Client().post(RECOVER, {"login": "no-such", "code": first})

    alerts = [
        page.content.decode().partition('role="alert">')[2].partition("</p>")[0]
        for page in (refused, unknown)
    ]
    assert alerts[0] == alerts[1] != ""
    assert not is_in(visitor)
    assert first in codes_of(ann)


def test_the_last_way_in_stays_also_when_another_goes_at_the_same_moment(
    ann, fresh, monkeypatch
):
    add_passkey(ann)
    visitor = sign_in(ann)
    fresh["now"] += 60
    visitor.post("/me/again/code/", {"code": code(), "next": "/me/"})
    alone = views.changing_ways

    def after_another(person):
        """Let another visit remove the passkey just before this change begins."""
        Authenticator.objects.filter(user=person, type="webauthn").delete()
        return alone(person)

    monkeypatch.setattr(views, "changing_ways", after_another)

    assert visitor.post("/me/ways-in/app/remove/").status_code == 409
    assert Authenticator.objects.filter(user=ann, type="totp").exists()


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


def two_come_with(code_):
    """Let two browsers come with the same code, both as somebody new; return them."""
    both = Client(), Client()
    for visitor in both:
        visitor.post("/join/", {"code": code_})
        visitor.post("/join/as/")
    return both


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
    first, second = two_come_with(code_)
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
    link = f"{SIGN_IN}?next=/join/as/"
    assert f'href="{link}"' in visitor.get("/join/as/").content.decode()

    visitor.post(link, {"login": ann.code, "password": PASSWORD})
    assert visitor.post(SECOND, {"code": code()}).url == "/join/as/"
    assert visitor.post("/join/as/").url == "/"

    assert ann.as_client.count() == 2
    assert visitor.get("/").status_code == 200
    assert Client().post("/join/", {"code": code_}).status_code == 409


def test_an_invitation_that_was_left_in_a_browser_is_not_shown_to_the_next(told, ann):
    visitor = Client()
    visitor.post("/join/", {"code": invited(told)})

    sign_in(ann, visitor)

    assert visitor.get("/join/as/").url == "/join/"


def test_password_and_app_come_in_either_order(told, at_once):
    visitor = kept_free(told)

    assert set_up_app(visitor).status_code == 302
    assert visitor.get("/me/").url == "/me/ways-in/passkey/"
    answered = visitor.post("/me/ways-in/password/", {"password": PASSWORD})

    assert answered.url == "/me/codes/"
    assert visitor.get("/me/codes/").content.decode().count("<li>") == 10
    assert is_in(visitor)
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("has_password", [False, True])
def test_a_newer_code_ends_whoever_came_with_the_earlier_one(told, has_password):
    visitor, page = kept_free(told), "/me/ways-in/password/"
    if has_password:
        visitor.post(page, {"password": PASSWORD})
    kept = Person.objects.get(invitation__isnull=False)
    pair = kept.as_client.get().ref

    actions.invite_again(told.therapist, pair, now=NOW)

    assert visitor.post(page, {"password": PASSWORD}).status_code == 403
    assert visitor.get("/me/ways-in/app/").url.startswith(SIGN_IN)
    late = Client()
    assert try_password(late, kept).status_code == 200
    assert not is_in(late)


def test_an_invitation_that_has_ended_lets_nobody_make_a_way_in(told, monkeypatch):
    visitor = kept_free(told)
    visitor.post("/me/ways-in/password/", {"password": PASSWORD})
    monkeypatch.setattr(clock, "now", lambda: NOW + actions.inviting.HOLDS)

    assert set_up_app(visitor).status_code == 409

    assert not is_in(visitor)
    assert not Authenticator.objects.exists()
    assert not Event.objects.filter(what="joined").exists()


def test_who_comes_second_with_a_code_makes_no_way_in_to_what_is_the_firsts(
    told, at_once
):
    code_ = invited(told)
    first, second = two_come_with(code_)
    UserSession.objects.filter(session_key=second.session.session_key).delete()
    first.post("/me/ways-in/password/", {"password": PASSWORD})
    set_up_app(first)

    assert second.get("/me/ways-in/passkey/").url.startswith(SIGN_IN)
    assert Authenticator.objects.filter(type="totp").count() == 1


def test_whoever_signs_in_has_come_whatever_still_stands_of_the_invitation(told):
    invited(told)
    kept = with_app(Person.objects.get(invitation__isnull=False))

    visitor = Client()
    try_password(visitor, kept)
    visitor.post(SECOND, {"code": code()})

    assert is_in(visitor)
    assert not Invitation.objects.exists()


def test_the_same_form_of_an_invitation_makes_one_pair(told, visitors):
    therapist, n_before = visitors["therapist"], Dyad.objects.count()
    fields = {"whom": "client", "called": "N.", "me": "T."}
    first, other = ({**fields, "csrfmiddlewaretoken": form} for form in "ab")

    went = [therapist.post("/practice/invite/", sent).url for sent in (first, first)]
    therapist.post("/practice/invite/", other)
    therapist.post("/practice/invite/", {**first, "called": "M."})

    assert went[0] == went[1]
    assert Dyad.objects.count() == n_before + 3


def test_nothing_is_kept_of_an_invitation_that_is_refused(told, visitors):
    n_before = Dyad.objects.count()
    fields = {
        "whom": "client",
        "called": "N.",
        "me": "T.",
        "starts": "2028-01-01T10:00",
    }

    answered = visitors["therapist"].post("/practice/invite/", fields)

    assert answered.status_code == 409
    assert Dyad.objects.count() == n_before


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


def test_what_others_try_keeps_nobody_out(told, ann):
    for i in range(61):
        visitor = Client()
        visitor.post("/join/", {"code": f"no-such-{i}"})
        visitor.post("/sign-in/passkey/", {"credential": "{}"})
        form = {"login": f"no-such-{i}", "password": "wrong password"}
        with override_settings(PASSWORD_HASHERS=[QUICK]):
            visitor.post(SIGN_IN, form)

    assert Client().post("/join/", {"code": invited(told)}).url == "/join/as/"
    assert Client().post("/sign-in/passkey/", {"credential": "{}"}).status_code == 302
    sign_in(ann)


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
    visitor = Client()
    try_password(visitor, ann)
    visitor.post(SECOND, {"code": "000000"})  # once a day, whichever proof it was
    try_password(Client(), ann, "wrong password")
    sign_in(ann)

    rows = Event.objects.filter(who=ann.pk).values("what", "dyad", "session")
    assert list(rows) == [
        {"what": what, "dyad": None, "session": None}
        for what in ("sign_in_refused", "signed_in")
    ]


def test_a_wrong_code_alone_is_noted(ann):
    visitor = Client()
    try_password(visitor, ann)
    visitor.post(SECOND, {"code": "000000"})

    assert Event.objects.filter(who=ann.pk).get().what == "sign_in_refused"


def test_nobody_signs_up_and_nothing_is_mailed(ann):
    for address in ("/signup/", "/accounts/signup/", "/password/reset/"):
        assert Client().get(address).status_code in {302, 404}
    assert "signup" not in Client().get(SIGN_IN).content.decode()
    assert settings.ACCOUNT_USER_MODEL_EMAIL_FIELD is None
