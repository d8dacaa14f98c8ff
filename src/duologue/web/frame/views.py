"""The sessions of the two: both see the same list, and the therapist holds the frame."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from duologue.store import actions, queries
from duologue.web import clock
from duologue.web.access import holder_of, pair_of, person_of
from duologue.web.frame.forms import MoveForm, NotedForm, SessionForm


@require_safe
def sessions(request: HttpRequest, ref: str) -> HttpResponse:
    """List the sessions of the pair; both see the same list."""
    pair = pair_of(request, ref)
    found = queries.sessions_of(pair, now=clock.now())
    page = {
        "pair": pair,
        "to_come": [line for line in reversed(found) if not line.begun],
        "so_far": [line for line in found if line.begun],
    }
    return render(request, "frame/sessions.html", page)


@require_POST
def add_session(request: HttpRequest, ref: str) -> HttpResponse:
    """Add a session that took place or is planned."""
    pair = holder_of(request, ref)
    starts, mode = SessionForm(request.POST).read()
    person = person_of(request)
    actions.add_session(person, pair.ref, starts, mode=mode, now=clock.now())
    return redirect("sessions", ref)


@require_safe
def frame(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Show what the therapist may note of one session, or do to one that is to come."""
    pair = holder_of(request, ref)
    line = queries.session_line(pair, number, now=clock.now())
    return render(request, "frame/frame.html", {"pair": pair, "line": line})


@require_POST
def note(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Note what became of a session."""
    now, pair = clock.now(), holder_of(request, ref)
    line = queries.session_line(pair, number, now=now)
    noted = NotedForm(request.POST).read(line.planned_start)
    actions.note_frame(person_of(request), pair.ref, number, noted, now=now)
    return redirect("sessions", ref)


@require_POST
def move(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Move a session that is to come."""
    now, pair = clock.now(), holder_of(request, ref)
    starts = MoveForm(request.POST).read()
    actions.move_session(person_of(request), pair.ref, number, starts, now=now)
    return redirect("sessions", ref)


@require_POST
def remove_session(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Remove a session that has not begun."""
    actions.remove_session(person_of(request), ref, number, now=clock.now())
    return redirect("sessions", ref)
