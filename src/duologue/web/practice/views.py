"""Where one works: its own words, and whom one invites."""

from dataclasses import asdict

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from duologue.errors import NotNowError, NotYoursError
from duologue.instruments import SHIPPED, Known
from duologue.instruments.packs import Use
from duologue.records import Kind
from duologue.store import actions, queries
from duologue.store.queries import OwnPractice, PackSeen
from duologue.web import clock
from duologue.web.access import pair_of, person_of
from duologue.web.practice.forms import USES, InviteForm, PackForm, name_of_pair
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
        "uses": USES.items(),
    }
    return render(request, "practice/practice.html", page)


@require_http_methods(LOOK_AND_SEND)
def practice_forms(request: HttpRequest) -> HttpResponse:
    """Show the forms that clients here can fill in; add a pack, or say what for."""
    mine, person = _mine(request), person_of(request)
    refused = ""
    if request.method == "POST":
        try:
            content, use = PackForm(request.POST, request.FILES).read()
            if use:
                actions.change_practice(person, {"use": use}, now=clock.now())
            else:
                actions.add_pack(person, content, now=clock.now())
            return redirect("practice-forms")
        except NotNowError as error:
            refused = str(error)
    page = {
        "practice": mine,
        "use": USES[Use(mine.use)] if mine.use else "",
        "uses": USES.items(),
        "shipped": [SHIPPED.load(name) for name in _asked(SHIPPED)],
        "packs": [_pack(each) for each in queries.own_packs(person)],
        "refused": refused,
    }
    status = 409 if refused else 200
    return render(request, "practice/forms.html", page, status=status)


def _pack(seen: PackSeen) -> dict[str, object]:
    """Return a pack as the page shows it: which of its forms are asked, and its uses."""
    if seen.pack is None:
        return {"ref": seen.ref, "added_on": seen.added_on}
    asked = _asked(Known((seen.pack,)))
    return {
        "ref": seen.ref,
        "pack": seen.pack,
        "added_on": seen.added_on,
        "may_be_used": seen.may_be_used,
        "forms": [(one, one.id in asked) for one in seen.pack.instruments],
        "uses": ", or ".join(
            words for use, words in USES.items() if use in seen.pack.uses
        ),
    }


def _asked(known: Known) -> list[str]:
    """Return the forms that clients can fill in."""
    return sorted(queries.asked_of(Kind.THERAPY, known).outcomes)


@require_POST
def remove_pack(request: HttpRequest) -> HttpResponse:
    """Remove a pack from the practice."""
    ref = request.POST.get("pack", "")
    actions.remove_pack(person_of(request), ref, now=clock.now())
    return redirect("practice-forms")


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
