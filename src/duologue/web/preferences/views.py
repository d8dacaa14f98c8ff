"""How the client would like to work: theirs to fill in, to share, and for both to look at."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from duologue.errors import NotYoursError
from duologue.records import Kind, Seat
from duologue.sharing.preferences import are_asked
from duologue.store import actions, queries
from duologue.web import clock, shown
from duologue.web.access import pair_of, person_of
from duologue.web.preferences.forms import questions, read


@require_safe
def preferences(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the client the form; nobody else has one."""
    pair = pair_of(request, ref)
    if not are_asked(pair.kind, pair.seat):
        raise NotYoursError("this is asked of clients.")
    found = queries.preferences(pair)
    page = {"pair": pair, "preferences": found, "questions": questions(found)}
    return render(request, "preferences/preferences.html", page)


@require_safe
def look(request: HttpRequest, ref: str) -> HttpResponse:
    """Show both the same, word for word: what the client shares, and one question."""
    pair = pair_of(request, ref)
    if pair.kind is not Kind.THERAPY:
        raise NotYoursError("this is asked in therapy.")
    found = queries.shared_preferences(pair)
    if found.values and pair.seat is Seat.THERAPIST:
        shown.note(request, pair, now=clock.now())
    page = {"pair": pair, "values": found.values}
    return render(request, "preferences/look.html", page)


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
