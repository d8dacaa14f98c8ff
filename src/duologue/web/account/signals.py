"""What follows when somebody signs in, cannot, or changes how they can."""

from typing import Any

from allauth.account.signals import (
    authentication_step_completed,
    password_changed,
    password_set,
)
from allauth.account.signals import user_logged_in as signed_in
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
)
from allauth.usersessions.models import UserSession
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.db.models.signals import post_delete, post_save, pre_save
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from duologue.store import actions, queries
from duologue.store.models import Person
from duologue.store.models.event import What
from duologue.store.ways import has_way_in
from duologue.web import clock
from duologue.web.account.adapters import INVITATION
from duologue.web.account.visits import ENROLLED, begin

CHANGED = "changed"
"""Where a visit keeps that a way in was changed, until one has said which others may go on."""

NO_ADDRESS = "0.0.0.0"  # noqa: S104 - no address is bound: none is kept


def connect() -> None:
    """Listen, once the app is set up."""
    user_logged_in.connect(begin)
    signed_in.connect(_signed_in)
    authentication_step_completed.connect(_shown_again)
    user_login_failed.connect(_refused)
    authentication_failed.connect(_second_refused)
    authenticator_added.connect(_added)
    authenticator_removed.connect(_removed)
    authenticator_reset.connect(_added)
    password_set.connect(_added)
    password_changed.connect(_added)
    pre_save.connect(_forget_address, sender=UserSession)
    post_delete.connect(_gone, sender=Authenticator)
    post_save.connect(_kept, sender=Authenticator)


def _signed_in(
    request: HttpRequest, user: Person, response: HttpResponse, **_: Any
) -> None:
    """Let somebody on who has a way in; an invitation is theirs if they came to join."""
    if has_way_in(user):
        now = clock.now()
        request.session[ENROLLED] = True
        actions.settle(now=now, person=user)
        actions.note_way_in(user, What.SIGNED_IN, now=now)
    if response.get("Location") != reverse("join-as"):
        request.session.pop(INVITATION, None)


def _shown_again(
    request: HttpRequest, *, reauthenticated: bool = False, **_: Any
) -> None:
    """Give a visit another key, once its person has shown again who they are."""
    if not reauthenticated:
        return
    before = request.session.session_key
    request.session.cycle_key()
    visit = UserSession.objects.filter(session_key=before)
    visit.update(session_key=request.session.session_key)


def _refused(credentials: dict[str, Any], **_: Any) -> None:
    _note_refused(queries.person_signing_in(str(credentials.get("username", ""))))


def _second_refused(user: Person, **_: Any) -> None:
    _note_refused(user)


def _note_refused(person: Person | None) -> None:
    now = clock.now()
    actions.note_way_in(person, What.SIGN_IN_REFUSED, now=now, once_a_day=True)


def _added(request: HttpRequest, user: Person, **_: Any) -> None:
    request.session[CHANGED] = True
    actions.note_way_in(user, What.WAY_IN_ADDED, now=clock.now())


def _removed(request: HttpRequest, user: Person, **_: Any) -> None:
    request.session[CHANGED] = True
    actions.note_way_in(user, What.WAY_IN_REMOVED, now=clock.now())


def _gone(instance: Authenticator, **_: Any) -> None:
    actions.list_way_in(instance, is_gone=True)


def _kept(instance: Authenticator, **_: Any) -> None:
    actions.list_way_in(instance, is_gone=False)


def end_others(request: HttpRequest, person: Person) -> None:
    """End every other visit of a person: only this one goes on."""
    for visit in UserSession.objects.filter(user=person):
        if visit.session_key != request.session.session_key:
            visit.end()


def _forget_address(instance: UserSession, **_: Any) -> None:
    """Keep of a visit what its owner knows it by, and not from where it came."""
    instance.ip = NO_ADDRESS
    instance.user_agent = browser_in(instance.user_agent)


BROWSERS = (
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrom", "Chrome"),
    ("Safari", "Safari"),
)
DEVICES = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def browser_in(said: str) -> str:
    """Return which browser it is on what, from what a browser says of itself.

    Examples
    --------
    >>> browser_in("Mozilla/5.0 (Android 15; Mobile; rv:140.0) Firefox/140.0")
    'Firefox on Android'
    """
    browser = next((name for sign, name in BROWSERS if sign in said), "A browser")
    device = next((name for sign, name in DEVICES if sign in said), "a device")
    named = {f"{name} on {on}" for _, name in BROWSERS for _, on in DEVICES}
    if said in named:  # it was kept so before
        return said
    return f"{browser} on {device}"
