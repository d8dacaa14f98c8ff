"""Every address, with every method, as seven people: what is not allowed here fails.

A new address without a row fails the build.
"""

import itertools

import pytest
from django.conf import settings
from django.test import Client
from django.urls import resolve, reverse

from duologue.store.versions import version_of
from duologue.web.account.backend import link_token
from duologue.web.urls import urlpatterns
from paper import sets_type
from stories import GOAL
from visitors import (
    CHANGED,
    FORM_DAYS,
    OF_RECORDING,
    PEOPLE,
    SEATED,
    gets,
    posts,
    shown,
    undone,
)

TOLD_ONCE = True

RARE = ("PUT", "PATCH", "DELETE", "OPTIONS")
METHODS = ("GET", "HEAD", "POST", *RARE)
OUTSIDERS = tuple(r for r in PEOPLE if r not in (*SEATED, "signed out"))
HAS_ONE_PAIR = ("client", "another client")
WORKS_HERE = ("therapist", "supervisor", "another therapist")


def all_of(status, **other):
    """Return a status for everybody, but for those who are named."""
    return {role: other.get(role.replace(" ", "_"), status) for role in PEOPLE}


def of_the_two(status, **other):
    """Return what an address of a pair answers: to the two, and to nobody else."""
    outside = dict.fromkeys(OUTSIDERS, 404)
    return {**dict.fromkeys(SEATED, status), **outside, "signed out": 302, **other}


def look(name, *more):
    """Return the row of a page of a pair that can only be looked at."""
    return {"args": ("ref-of-ann", *more), "GET": of_the_two(200)}


def send(name, *more, fields, **other):
    """Return the row of an address of a pair to which something is sent."""
    row = {"args": ("ref-of-ann", *more), "fields": fields}
    return {**row, "POST": of_the_two(302, **{"signed out": 403, **other})}


def own(get=None, **more):
    """Return the row of a page of one's own account."""
    row = {"args": (), "fields": {}}
    if get is not None:
        row["GET"] = all_of(get, signed_out=302)
    if "POST" in more:
        row["POST"] = all_of(more["POST"], signed_out=403)
    return row


def at_work(get, *, POST, fields):
    """Return the row of a page of those who work at the practice."""
    return {
        "args": (),
        "fields": fields,
        "GET": {r: get if r in WORKS_HERE else 404 for r in PEOPLE}
        | {"signed out": 302},
        "POST": {r: POST if r in WORKS_HERE else 404 for r in PEOPLE}
        | {"signed out": 403},
    }


SENDS_NOTHING = of_the_two(409, **{"signed out": 403, "client": 404})
HOME = {role: 302 if role in (*HAS_ONE_PAIR, "signed out") else 200 for role in PEOPLE}
ROUTES = {
    "people": {"args": (), "GET": HOME},
    "about": {"args": (), "GET": all_of(200)},
    "wondered": own(200),
    "help": {"args": (), "GET": all_of(200)},
    "telling": {"args": (), "GET": all_of(200)},
    # Whoever is in already is led on.
    "account_login": {
        "args": (),
        "GET": all_of(302, signed_out=200),
        "POST": all_of(302, signed_out=200),
        "fields": {"login": "no-such", "password": "none"},
    },
    "mfa_login_webauthn": {
        "args": (),
        "GET": all_of(302),
        "POST": all_of(302),
        "fields": {"credential": "{}"},
    },
    "recover": {
        "args": (),
        "GET": all_of(302, signed_out=200),
        "POST": all_of(302, signed_out=200),
        "fields": {"login": "no-such", "code": "0000000000000000"},
    },
    "mfa_authenticate": {
        "args": (),
        "GET": all_of(302),
        "POST": all_of(302),
        "fields": {"code": "000000"},
    },
    "join": {
        "args": (),
        "GET": all_of(200),
        "POST": all_of(409),
        "fields": {"code": "no-such"},
    },
    "join-as": {"args": (), "GET": all_of(302), "POST": all_of(302), "fields": {}},
    "me": own(200),
    "mfa_index": own(200),
    "mfa_list_webauthn": own(200),
    "here": own(204),
    "end-visits": own(POST=302),
    # These people came by a demo's link: there is nothing to change of how they sign in.
    **{name: own(200, POST=200) for name in ("mfa_add_webauthn", "mfa_activate_totp")},
    "mfa_deactivate_totp": own(404, POST=404),
    **{
        name: {**own(404, POST=404), "args": (1,)}
        for name in ("mfa_remove_webauthn", "mfa_edit_webauthn")
    },
    "mfa_view_recovery_codes": own(404),
    "mfa_generate_recovery_codes": own(200, POST=200),
    "account_change_password": own(302, POST=302),
    "account_set_password": own(200, POST=200),
    **{
        name: own(404, POST=404)
        for name in (
            "account_reauthenticate",
            "mfa_reauthenticate",
            "mfa_reauthenticate_webauthn",
        )
    },
    # Who has a way in is led on to their account.
    "by-password": own(302, POST=302),
    "invite": at_work(
        200, POST=302, fields={"whom": "client", "called": "N.", "me": "T."}
    ),
    "practice": at_work(200, POST=302, fields={"name": "Another name"}),
    "practice-forms": at_work(200, POST=302, fields={"use": "clinical"}),
    "remove-pack": {
        k: v
        for k, v in at_work(405, POST=302, fields={"pack": "no-such"}).items()
        if k != "GET"
    },
    # The seat across is taken: there is no invitation to see again, or to take back.
    "invitation": {
        "args": ("ref-of-ann",),
        "fields": {},
        "GET": of_the_two(200),
        "POST": of_the_two(409, **{"signed out": 403}),
    },
    "end-invitation": {
        "args": ("ref-of-ann",),
        "fields": {},
        "POST": of_the_two(409, **{"signed out": 403}),
    },
    "enter": {
        "args": ("ann-code:forged",),
        "GET": all_of(404),
        "POST": all_of(404),
        "fields": {},
    },
    "leave": {"args": (), "POST": all_of(302), "fields": {}},
    **{
        name: look(name)
        for name in (
            "together",
            "before",
            "wonder",
            "ours",
            "mine",
            "they-see",
            "choices",
            "room",
            "sessions",
        )
    },
    "room-now": {"args": ("ref-of-ann",), "GET": of_the_two(204)},
    # Where type cannot be set the two are told so, kindly.
    "paper": {"args": ("ref-of-ann",), "GET": of_the_two(200 if sets_type() else 409)},
    **{name: look(name, 1) for name in ("session", "session-ours", "reflect")},
    "share-unsaid": send("share-unsaid", fields={"share": "on"}),
    "card": send("card", fields={"do": "send"}),
    "show-code": send("show-code", fields={}),
    # No room is open: the two are told so, kindly.
    "tap": {
        "args": ("ref-of-ann",),
        "fields": {"code": "111111", "number": "3"},
        "POST": of_the_two(409, **{"signed out": 403}),
    },
    "close-room": send("close-room", fields={}),
    "save": send("save", 3, fields={"open": "50"}),
    "willing": send("willing", 3, fields={"say": "willing"}),
    "take-back": send("take-back", 1, fields={"item": "open"}),
    "later": send("later", 1, fields={"item": "open", "words": "later"}),
    # The frame is the therapist's to hold (equal in worth, not in duty).
    "remove-session": send("remove-session", 4, fields={}, client=404),
    "add-session": send(
        "add-session", fields={"starts": "2026-06-01T14:00", "mode": "room"}, client=404
    ),
    # The agreement, consent, and how the client would like to work.
    "agreement": look("agreement"),
    "propose": send("propose", fields=CHANGED),
    # There is no such proposal: the two are told so, kindly.
    "answer-proposal": {
        "args": ("ref-of-ann",),
        "fields": {"proposal": "not-there", "do": "accept"},
        "POST": of_the_two(409, **{"signed out": 403}),
    },
    "consent": look("consent"),
    # Nothing is agreed, and no file is sent: the two are told so, kindly.
    "recordings": {
        "args": ("ref-of-ann",),
        "fields": {},
        "GET": of_the_two(200),
        "POST": of_the_two(409, **{"signed out": 403}),
    },
    # There is none; what there is of one, test_recordings asks for.
    **{
        name: {"args": ("ref-of-ann", 1, "motion"), "GET": of_the_two(404)}
        for name in OF_RECORDING
    },
    "delete-recording": send(
        "delete-recording", fields={"session": "1", "modality": "motion"}
    ),
    "transcripts": {
        "args": ("ref-of-ann",),
        "fields": {},
        "GET": of_the_two(200),
        "POST": of_the_two(409, **{"signed out": 403}),
    },
    "seat-transcript": {
        "args": ("ref-of-ann",),
        "fields": {"session": "1", "held": "none"},
        "POST": of_the_two(409, **{"signed out": 403}),
    },
    "delete-transcript": send("delete-transcript", fields={"session": "1"}),
    # There is none; what there is of one, test_transcripts asks for.
    "transcript": {"args": ("ref-of-ann", 1), "GET": of_the_two(404)},
    "mark-here-and-now": {
        "args": ("ref-of-ann", 1),
        "fields": {"mark-0": "yes"},
        "POST": of_the_two(404, **{"signed out": 403}),
    },
    "say-consent": send("say-consent", fields={"purpose": "research", "say": "yes"}),
    "forget-all": send("forget-all", fields={}),
    "preferences": {
        "args": ("ref-of-ann",),
        "GET": of_the_two(200, therapist=404),
    },
    "look-together": look("look-together"),
    # Asked of the client; what they share, both look at together.
    "save-preferences": send("save-preferences", fields={"pace": "20"}, therapist=404),
    "share-preferences": send(
        "share-preferences", fields={"share": "on"}, therapist=404
    ),
}
ROUTES |= {
    # What the client came for: both see it, and the client rates and fills in.
    "came-for": look("came-for"),
    "propose-goal": send("propose-goal", fields={"words": "To say more."}),
    # There is no such proposal: the two are told so, kindly.
    "answer-goal": {
        "args": ("ref-of-ann",),
        "fields": {"wording": "not-there", "do": "accept"},
        "POST": of_the_two(409, **{"signed out": 403}),
    },
    "rate-goals": send(
        "rate-goals", fields={"session": "2", f"goal-{GOAL}": "7"}, therapist=404
    ),
    "goals-reviewed": send("goals-reviewed", fields={}),
    "form": {**look("form", "phq4"), "GET": of_the_two(200, therapist=404)},
    "save-form": send("save-form", "gad7", fields={"item-1": "2"}, therapist=404),
    "filled-form": look("filled-form", "phq9", FORM_DAYS[0]),
    "form-to-take": {
        **look("form-to-take", "phq9", FORM_DAYS[0]),
        "GET": of_the_two(200, therapist=404),
    },
    "delete-form": send("delete-form", "phq9", FORM_DAYS[0], fields={}, therapist=404),
    "form-rhythm": send(
        "form-rhythm", "phq4", fields={"every": "never"}, therapist=404
    ),
}
PAGE_OF_CLIENT = "page-of-the-client"
SHOWN_VERSION = version_of("a private page of the client")
ROUTES |= {
    **{name: look(name) for name in ("private", "reach")},
    # A page belongs to whoever wrote it: for the other there is none.
    "private-page": {
        "args": ("ref-of-ann", PAGE_OF_CLIENT),
        "GET": of_the_two(200, therapist=404),
    },
    "write-page": send("write-page", fields={"words": "mine"}),
    "edit-page": send(
        *("edit-page", PAGE_OF_CLIENT),
        fields={"words": "mine", "was": SHOWN_VERSION},
        therapist=409,
    ),
    "remove-page": send("remove-page", PAGE_OF_CLIENT, fields={}),
    "find-pages": {
        "args": ("ref-of-ann",),
        "fields": {"find": "page", "everywhere": "yes"},
        "POST": of_the_two(200, **{"signed out": 403}),
    },
    "aftercare": look("aftercare", 2),
    "keep-aftercare": send("keep-aftercare", 2, fields={"words": "a walk"}),
    "share-reach": send("share-reach", fields={"share": "on"}),
    "my-reach": {"args": (), "GET": all_of(200, signed_out=302)},
    "keep-reach": {
        "args": (),
        "fields": {"reach-name": "Ann"},
        "POST": all_of(302, signed_out=403),
    },
    "delete-reach": {
        "args": (),
        "fields": {},
        "POST": all_of(302, signed_out=403),
    },
}
ROUTES |= {
    "calendar": {**look("calendar"), "GET": of_the_two(200, client=404)},
    "frame": {**look("frame", 3), "GET": of_the_two(200, client=404)},
    # No file is sent, and nothing chosen: the therapist is told so, kindly.
    **{
        name: {**send(name, fields={}), "POST": SENDS_NOTHING}
        for name in ("calendar-choose", "calendar-look")
    },
    "calendar-follow": send("calendar-follow", fields={"held": "[]"}, client=404),
    "note-frame": send("note-frame", 3, fields={"status": "held"}, client=404),
    "move-session": send(
        "move-session", 4, fields={"starts": "2026-06-01T14:00"}, client=404
    ),
}
ROUTES |= {
    "reminder": own(200),
    "keep-reminder": {
        **own(POST=302),
        "fields": {"note-address": "me@example.org", "at": "soon"},
    },
    "end-reminder": own(POST=302),
}
METHOD_NOT_ALLOWED = {**dict.fromkeys(PEOPLE, 405), "signed out": 302}
OPEN_TO_ALL = (
    *("about", "help", "telling", "account_login", "mfa_login_webauthn"),
    *("mfa_authenticate", "recover", "join", "join-as", "enter", "leave"),
)


def test_every_address_has_a_row():
    assert sorted(ROUTES) == sorted(pattern.name for pattern in urlpatterns)


UNCHANGING = "the same for everybody who is let in, or led on before anything is read"
OWN_WAYS = "of how one signs in: nothing of a pair is read; see test_signing_in"
NEVER_ALIKE = "draws something new each time it is looked at; see test_signing_in"
NOT_LOOKED_AT = {
    **dict.fromkeys(("mfa_login_webauthn", "mfa_authenticate", "enter"), UNCHANGING),
    "recover": UNCHANGING,
    **dict.fromkeys(("mfa_add_webauthn", "mfa_activate_totp"), NEVER_ALIKE),
    **dict.fromkeys(
        (
            *("mfa_deactivate_totp", "mfa_remove_webauthn", "mfa_edit_webauthn"),
            *("mfa_view_recovery_codes", "account_change_password", "by-password"),
            *("account_reauthenticate", "mfa_reauthenticate"),
            "mfa_reauthenticate_webauthn",
        ),
        OWN_WAYS,
    ),
    **dict.fromkeys(("mfa_index", "mfa_list_webauthn"), "other names of me"),
    "paper": "takes a second, and not every machine can make it; see test_paper",
}
"""Pages that the tests of what one keeps back do not compare, each with a word why."""

NOT_SENT = {
    **dict.fromkeys(
        (
            *("account_login", "mfa_login_webauthn", "mfa_authenticate"),
            *("join", "join-as", "enter", "leave", "recover"),
        ),
        "ends or begins a visit: whoever is in is led on, and nothing of a pair is read",
    ),
    **dict.fromkeys(
        (
            *("mfa_add_webauthn", "mfa_activate_totp", "mfa_deactivate_totp"),
            *("mfa_remove_webauthn", "mfa_edit_webauthn", "by-password"),
            *("mfa_generate_recovery_codes", "account_change_password"),
            *("account_set_password", "account_reauthenticate", "mfa_reauthenticate"),
            "mfa_reauthenticate_webauthn",
        ),
        OWN_WAYS,
    ),
}
"""What can be sent and those tests do not send, each with a word why."""


def test_whatever_can_be_got_or_sent_is_compared_or_has_a_reason_why_not():
    looked_at = {resolve(address).url_name for address in gets()}
    sent = {resolve(address).url_name for address, _ in posts()}
    can_be = {
        method: {name for name, row in ROUTES.items() if method in row}
        for method in ("GET", "POST")
    }

    assert looked_at.isdisjoint(NOT_LOOKED_AT)
    assert sent.isdisjoint(NOT_SENT)
    assert can_be == {
        "GET": looked_at | set(NOT_LOOKED_AT),
        "POST": sent | set(NOT_SENT),
    }


def expected(name, method):
    row = ROUTES[name]
    found = row.get("GET" if method == "HEAD" else method)
    if found is not None:
        return found
    if method == "POST" and name not in OPEN_TO_ALL:
        return {**METHOD_NOT_ALLOWED, "signed out": 403}
    return dict.fromkeys(PEOPLE, 405) if name in OPEN_TO_ALL else METHOD_NOT_ALLOWED


@pytest.mark.parametrize("name", ROUTES)
def test_an_address_answers_each_person_as_its_row_says(told, visitors, name):
    address = reverse(name, args=ROUTES[name]["args"])

    found = {}
    for method, (role, visitor) in itertools.product(METHODS, visitors.items()):
        if method in RARE and role not in ("client", "signed out"):
            continue  # these are refused before anybody is asked who they are
        with undone():
            fields = ROUTES[name].get("fields") if method == "POST" else None
            answered = visitor.generic(method, address) if fields is None else None
            answered = answered or visitor.post(address, fields)
            found[method, role] = answered.status_code
        if name == "leave" and method == "POST":
            break

    rows = {(m, r): expected(name, m)[r] for m, r in found}
    assert found == rows


@pytest.mark.parametrize("role", OUTSIDERS)
def test_what_is_not_ones_own_looks_as_if_it_were_not_there(told, visitors, role):
    visitor = visitors[role]
    for name, row in ROUTES.items():
        if row["args"][:1] != ("ref-of-ann",):
            continue
        ask = visitor.post if "POST" in row else visitor.get
        # The form of a tap is looked at before whose pair it is, for everybody alike.
        for fields in (row.get("fields", {}), {})[: 1 + (name != "tap")]:
            theirs = ask(reverse(name, args=row["args"]), fields)
            absent = ask(reverse(name, args=("no-such", *row["args"][1:])), fields)

            assert theirs.status_code == 404
            assert shown(theirs) == shown(absent)


def test_an_unknown_address_gives_the_same_page_as_one_of_somebody_else(told, visitors):
    unknown = visitors["stranger"].get("/no/such/page/")
    theirs = visitors["stranger"].get(reverse("together", args=["ref-of-ann"]))

    assert unknown.status_code == 404
    assert shown(unknown) == shown(theirs)


def test_a_form_from_elsewhere_is_refused_kindly(told):
    checked = Client(enforce_csrf_checks=True)
    checked.force_login(told.ann)

    answered = checked.post(reverse("save", args=["ref-of-ann", 3]), {"open": "50"})

    assert answered.status_code == 403
    assert "This form came from an earlier visit" in answered.content.decode()


@pytest.mark.parametrize("name", ROUTES)
def test_every_page_is_kept_out_of_caches_and_under_the_policy(told, visitors, name):
    for role in ("client", "signed out"):
        with undone():
            address = reverse(name, args=ROUTES[name]["args"])
            headers = visitors[role].get(address).headers

        policy = headers["Content-Security-Policy"]
        for part in (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "form-action 'self'",
        ):
            assert part in policy
        assert "unsafe" not in policy
        assert headers.get("Cache-Control") == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert "camera=()" in headers["Permissions-Policy"]
        assert not {"ETag", "Last-Modified", "Server", "X-Powered-By"} & set(headers)


def test_a_made_up_person_comes_in_by_their_own_link_and_a_click(told):
    fresh = Client()
    address = reverse("enter", args=[link_token("ann-code")])

    assert fresh.get(address).status_code == 200
    assert "_auth_user_id" not in fresh.session
    assert fresh.post(address).status_code == 302
    assert fresh.get(reverse("mine", args=["ref-of-ann"])).status_code == 200


def test_outside_a_demo_nobody_comes_in_and_a_visit_that_was_begun_ends(
    told, visitors, monkeypatch
):
    monkeypatch.setattr(settings, "DEMO", False)
    address = reverse("enter", args=[link_token("ann-code")])

    assert Client().get(address).status_code == 404
    assert Client().post(address).status_code == 404
    assert visitors["client"].get(reverse("people")).url.startswith("/sign-in/")


def test_somebody_who_is_not_made_up_never_comes_in_by_a_link(told):
    told.ann.made_up = False
    told.ann.save()

    address = reverse("enter", args=[link_token("ann-code")])

    assert Client().post(address).status_code == 404
