"""How the client would like to work: theirs to fill in, and to share."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from duologue.errors import NotYoursError
from duologue.records import Kind
from duologue.sharing.preferences import are_asked
from duologue.store import actions, queries
from duologue.web import clock, shown
from duologue.web.access import pair_of, person_of
from duologue.web.preferences.forms import questions, read


@require_safe
def preferences(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the client the form, and the therapist what the client shares."""
    pair = pair_of(request, ref)
    if pair.kind is not Kind.THERAPY:
        raise NotYoursError("this is asked in therapy.")
    found = queries.preferences(pair)
    if found.values and not are_asked(pair.kind, pair.seat):
        shown.note(request, pair, now=clock.now())
    page = {
        "pair": pair,
        "preferences": found,
        "questions": questions(found) if are_asked(pair.kind, pair.seat) else [],
    }
    return render(request, "preferences/preferences.html", page)


@require_POST
def save(request: HttpRequest, ref: str) -> HttpResponse:
    """Keep what the client has put where."""
    person, pair = person_of(request), pair_of(request, ref)
    actions.keep_preferences(person, pair.ref, read(request.POST), now=clock.now())
    return redirect("preferences", ref)


@require_POST
def share(request: HttpRequest, ref: str) -> HttpResponse:
    """Let the therapist see it, or no longer."""
    on = request.POST.get("share") == "on"
    actions.share_preferences(person_of(request), ref, on=on, now=clock.now())
    return redirect("preferences", ref)
