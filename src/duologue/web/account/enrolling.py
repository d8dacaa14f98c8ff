"""How a visit without a way in comes to have one."""

from collections.abc import Iterator
from contextlib import contextmanager

from allauth.account.internal.flows.login import record_authentication
from django.http import HttpRequest

from duologue.errors import NotNowError
from duologue.store import actions
from duologue.store.ways import changing_ways, ways_in
from duologue.web import clock
from duologue.web.access import person_of
from duologue.web.account.signals import end_others
from duologue.web.account.visits import (
    ENROLLED,
    RECOVERED,
    RECOVERING,
    is_enrolled,
    is_recovering,
)

ELSEWHERE = "you have a way to sign in already: sign in with it."


@contextmanager
def enrolling(request: HttpRequest) -> Iterator[None]:
    """Change how somebody signs in; if they have a new way in by that, let them on.

    The way in and their being here are kept together, or neither is. Password and app may
    come in either order: whichever comes last makes the way in.

    Raises
    ------
    NotNowError
        If the invitation with which somebody came has ended, or somebody else who came
        with it was first.
    """
    if is_enrolled(request):
        yield
        return
    person, now = person_of(request), clock.now()
    with changing_ways(person):
        actions.still_kept(person, now=now)
        before = ways_in(person)
        if before and not is_recovering(request):
            raise NotNowError(ELSEWHERE)
        yield
        new = [way for way in ways_in(person) if way not in before]
        if new:
            actions.become(person, now=now)
            end_others(request, person)
    if new:
        if request.session.pop(RECOVERING, None):
            request.session[RECOVERED] = True
        request.session[ENROLLED] = True
        record_authentication(
            request, person, "mfa", type=new[-1].type, reauthenticated=True
        )
