"""Visits: they end by themselves, and without a way in they lead nowhere."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from duologue.store.models import Person
from duologue.store.ways import has_way_in

SEEN = "seen"
"""The cookie that says when its browser last asked for a page."""

SALT = "duologue.seen"
FRESH_S = 60
"""For so long the cookie is not written anew."""

BEGAN = "began"
"""Where a visit keeps when it began: it ends by that, whatever else is kept in it later."""

ENROLLED = "enrolled"
"""Where a visit keeps that its person has a way in."""

RECOVERING = "recovering"
"""Where a visit keeps that it began with a recovery code alone: to make a way in."""

RECOVERED = "recovered"
"""Where it keeps that once it is made."""

OPEN_TO_ALL = frozenset(
    (
        *("account_login", "recover", "enter", "join", "join-as", "leave"),
        *("about", "help", "telling"),
    )
)
"""Pages for which nobody need have a way in yet."""

WHILE_ENROLLING = frozenset(("by-password", "mfa_add_webauthn", "mfa_activate_totp"))

View = Callable[[HttpRequest], HttpResponse]


def end_by_themselves(get_response: View) -> View:
    """End a visit whose browser has asked for nothing for `settings.IDLE_S` seconds.

    When it last did is kept in a signed cookie of its own, and nowhere here. What a page
    asks for by itself does not count. However busy, it ends after
    `settings.SESSION_COOKIE_AGE` seconds.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        age = _age(request) if request.user.is_authenticated else None
        if age is None or age > settings.IDLE_S or _is_too_long(request):
            age = None
            if request.user.is_authenticated:
                logout(request)
        visit = request.session.session_key
        response = get_response(request)
        if not request.user.is_authenticated:
            if SEEN in request.COOKIES:
                response.delete_cookie(SEEN, samesite="Lax")
        elif _is_due(request, age) or request.session.session_key != visit:
            _write(request, response)
        return response

    return respond


def _is_due(request: HttpRequest, age: float | None) -> bool:
    """Whether the cookie is to be written anew; not for what a page asks by itself."""
    by_itself = request.headers.get("HX-Request") == "true"
    return age is None or (age >= FRESH_S and not by_itself)


def begin(request: HttpRequest, **_: object) -> None:
    """Keep in a visit when it began."""
    request.session[BEGAN] = int(now())


def _is_too_long(request: HttpRequest) -> bool:
    began = float(request.session.get(BEGAN, 0))
    return now() - began > settings.SESSION_COOKIE_AGE


def _age(request: HttpRequest) -> float | None:
    """Return how many seconds ago this visit's browser asked, ``None`` if it cannot tell."""
    signer = signing.Signer(salt=SALT)
    try:
        said = signer.unsign_object(request.COOKIES.get(SEEN, ""))
    except signing.BadSignature:
        return None
    if said["visit"] != _name_of(request.session.session_key or ""):
        return None
    return max(0.0, now() - float(said["at"]))


def seen_now(visit: str) -> str:
    """Return what a browser keeps to show that its visit asked for a page just now.

    Parameters
    ----------
    visit : str
        The key of the visit; it is not in what is returned.
    """
    said = {"visit": _name_of(visit), "at": int(now())}
    return signing.Signer(salt=SALT).sign_object(said)


def _write(request: HttpRequest, response: HttpResponse) -> None:
    response.set_cookie(
        SEEN,
        seen_now(request.session.session_key or ""),
        max_age=settings.SESSION_COOKIE_AGE,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def _name_of(visit: str) -> str:
    """Return a name of the visit that is of no use for coming in."""
    return signing.Signer(salt=SALT).signature(visit)


def now() -> float:
    """Return the time by this machine's clock."""
    return time.time()


class Enrolled:
    """Lead whoever has no way in yet to making one, whatever they ask for."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Respond as the view does."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponseBase | None:
        """Let through who has a way in; in a demo, made-up people too."""
        person = request.user
        if not isinstance(person, Person) or is_enrolled(request):
            return None
        match = request.resolver_match
        name = match.url_name if match is not None else ""
        if name in OPEN_TO_ALL:
            return None
        if has_way_in(person) and not is_recovering(request):
            # Somebody has one since this visit began: it takes that to go on.
            logout(request)
            return redirect("account_login")
        return None if name in WHILE_ENROLLING else redirect("mfa_add_webauthn")


def is_enrolled(request: HttpRequest) -> bool:
    """Whether this visit is of somebody who has a way in, or came by a demo's link."""
    by_link = request.session.get("_auth_user_backend", "").endswith(".ByDemoLink")
    return by_link or request.session.get(ENROLLED) is True


def is_recovering(request: HttpRequest) -> bool:
    """Whether this visit began with a recovery code alone, and there is no way in since."""
    return request.session.get(RECOVERING) is True
