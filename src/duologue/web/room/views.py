"""Together in the room."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe

from duologue.errors import NotNowError
from duologue.relationship import one_question
from duologue.store import actions, queries
from duologue.store.queries import Pair, RoomSeen
from duologue.web import clock, shown
from duologue.web.access import pair_of, person_of
from duologue.web.qr import drawn, only_here
from duologue.web.room.forms import TapForm


@require_safe
def room(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the room as it stands for this person: a code, a wait, or the page of two."""
    return render(request, "room/room.html", _page(request, ref))


@require_safe
def room_now(request: HttpRequest, ref: str) -> HttpResponse:
    """Return the room if it has opened since this page was shown; else nothing."""
    page = _page(request, ref)
    found = page["room"]
    if isinstance(found, RoomSeen) and found.opened:
        return render(request, "room/_room.html", {**page, "changed": True})
    return HttpResponse(status=204)


def _page(request: HttpRequest, ref: str) -> dict[str, object]:
    now, pair = clock.now(), pair_of(request, ref)
    found = queries.find_room(pair, now=now)
    page: dict[str, object] = {
        "pair": pair,
        "room": found,
        "last": queries.last_session(pair, now=now),
    }
    if found is not None and found.opened:
        seen = queries.session_seen(pair, found.number, now=now)
        if seen.open_items:
            shown.note(request, pair, now=now)
        question = one_question(found.number, opening=found.opening)
        page |= {"seen": seen, "question": question}
    elif found is not None and found.code:
        page |= {"qr": _qr(request, pair, found.code), "only_here": only_here(request)}
    return page


def _qr(request: HttpRequest, pair: Pair, code: str) -> SafeString:
    """Draw the address of the room; the code follows the #, which no server is sent."""
    address = request.build_absolute_uri(reverse("room", args=[pair.ref]))
    return drawn(f"{address}#{code}", title="The code of this room")


@require_POST
def show_code(request: HttpRequest, ref: str) -> HttpResponse:
    """Show a code for looking back together at the last session that is over."""
    now, pair = clock.now(), pair_of(request, ref)
    last = queries.last_session(pair, now=now)
    if last is None:
        raise NotNowError("there is no session yet to look back at together.")
    actions.show_room(person_of(request), pair.ref, last.number, now=now)
    return redirect("room", ref)


@require_POST
def tap(request: HttpRequest, ref: str) -> HttpResponse:
    """Say yes, here and now, for the session that the page names."""
    form = TapForm(request.POST)
    code, number = form.read()
    actions.tap(person_of(request), ref, number, code, now=clock.now())
    return redirect("room", ref)


@require_POST
def close(request: HttpRequest, ref: str) -> HttpResponse:
    """Leave the room, for both."""
    actions.leave_room(person_of(request), ref, now=clock.now())
    return redirect("together", ref)
