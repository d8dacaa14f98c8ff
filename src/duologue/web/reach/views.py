"""How one can be reached oneself, and how to reach the other."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from duologue.store import actions, queries
from duologue.store.models.event import What
from duologue.web import clock, shown
from duologue.web.access import pair_of, person_of

FIELDS = {
    "reach-name": "name",
    "reach-email": "email",
    "reach-phone": "phone",
    "reach-safely": "safely",
}
"""The fields of the form, and what each is of a person's details."""


@require_safe
def my_reach(request: HttpRequest) -> HttpResponse:
    """Show one's own details, to be filled in, changed or deleted; and who sees them."""
    person = person_of(request)
    seen_in = queries.shown_reach_in(person)
    page = {
        "own": queries.own_reach(person),
        "seen_by": [p for p in queries.pairs_of(person) if p.ref in seen_in],
    }
    return render(request, "reach/mine.html", page)


@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Keep how one can be reached."""
    details = {name: request.POST.get(field, "") for field, name in FIELDS.items()}
    actions.keep_contact(person_of(request), details, now=clock.now())
    return redirect("my-reach")


@require_POST
def delete(request: HttpRequest) -> HttpResponse:
    """Delete how one can be reached."""
    actions.delete_contact(person_of(request), now=clock.now())
    return redirect("my-reach")


@require_safe
def reach(request: HttpRequest, ref: str) -> HttpResponse:
    """Show how to reach the other, if they let this person see it."""
    now, pair = clock.now(), pair_of(request, ref)
    theirs = queries.reach_of_other(pair)
    if theirs is not None:
        shown.note(request, pair, now=now, what=What.REACH_SHOWN)
    return render(request, "reach/reach.html", {"pair": pair, "theirs": theirs})


@require_POST
def share(request: HttpRequest, ref: str) -> HttpResponse:
    """Let the other see how to reach one, or no longer."""
    on = request.POST.get("share") == "on"
    actions.share_reach(person_of(request), ref, on=on, now=clock.now())
    return redirect("choices", ref)
