"""Where one works: its own words, and whom one invites."""

from dataclasses import asdict

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from duologue.errors import NotYoursError
from duologue.store import actions, queries
from duologue.store.queries import OwnPractice
from duologue.web import clock
from duologue.web.access import pair_of, person_of
from duologue.web.practice.forms import InviteForm, name_of_pair
from duologue.web.practice.wording import ME, TELLING
from duologue.web.qr import drawn, only_here

LOOK_AND_SEND = ["GET", "HEAD", "POST"]


@require_http_methods(LOOK_AND_SEND)
def practice(request: HttpRequest) -> HttpResponse:
    """Show what the practice says in its own words, and keep what is filled in of it."""
    mine = _mine(request)
    if request.method == "POST":
        actions.change_practice(person_of(request), request.POST, now=clock.now())
        is_complete = mine.blanks and not _mine(request).blanks
        return redirect("invite" if is_complete else "practice")
    page = {
        "practice": mine,
        "said": {**asdict(mine), "telling": mine.telling or TELLING},
    }
    return render(request, "practice/practice.html", page)


@require_http_methods(LOOK_AND_SEND)
def invite(request: HttpRequest) -> HttpResponse:
    """Keep a seat free for somebody; the first session is planned if it is known."""
    mine = _mine(request)
    if mine.blanks:
        return redirect("practice")
    if request.method != "POST":
        return render(request, "practice/invite.html", {"me_called": ME})
    given, person = InviteForm(request.POST).read(), person_of(request)
    name = name_of_pair(person, request.POST)
    ref = actions.invite(person, **asdict(given), ref=name, now=clock.now())
    return redirect("invitation", ref)


@require_http_methods(LOOK_AND_SEND)
def invitation(request: HttpRequest, ref: str) -> HttpResponse:
    """Say whether the seat across is free still; make the code that takes it."""
    pair = pair_of(request, ref)
    page: dict[str, object] = {"pair": pair}
    if request.method == "POST":
        code = actions.invite_again(person_of(request), ref, now=clock.now())
        address = request.build_absolute_uri(reverse("join"))
        link = f"{address}#{code}"
        page |= {
            "code": code,
            "link": link,
            "qr": drawn(link, title="The invitation"),
            "only_here": only_here(request),
        }
    page["until"] = queries.invited_until(pair)
    page["open"] = page["until"] is not None
    page["agreeing"] = queries.agreeing(pair)
    return render(request, "practice/invitation.html", page)


@require_POST
def end_invitation(request: HttpRequest, ref: str) -> HttpResponse:
    """Take an invitation back; the pair goes with it if nothing is in it yet."""
    gone = actions.end_invitation(person_of(request), ref, now=clock.now())
    return redirect("people") if gone else redirect("invitation", ref)


def _mine(request: HttpRequest) -> OwnPractice:
    mine = queries.own_practice(person_of(request))
    if mine is None:
        raise NotYoursError("only who works at a practice sees this.")
    return mine
