"""Reading a calendar: choose its file, choose what is this pair's, see, and do it.

Nothing of it is kept on the way: each page holds what the next one needs.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from duologue.errors import FileError, NotNowError
from duologue.formats.ics import Calendar, read_calendar
from duologue.store import actions, queries
from duologue.web import clock
from duologue.web.access import holder_of, person_of
from duologue.web.frame import held
from duologue.web.frame.forms import CalendarForm


@require_safe
def calendar(request: HttpRequest, ref: str) -> HttpResponse:
    """Ask for the file of a calendar."""
    return render(request, "frame/calendar.html", {"pair": holder_of(request, ref)})


@require_POST
def choose(request: HttpRequest, ref: str) -> HttpResponse:
    """Show what is in the calendar, by title, to choose from; nothing is chosen yet."""
    now, pair = clock.now(), holder_of(request, ref)
    found = _read(CalendarForm(request.POST, request.FILES).read())
    page = {
        "pair": pair,
        "held": held.to_text(group.series for group in found.groups),
        "groups": [(group, group.upcoming(now)) for group in found.groups],
        "left_out": found.left_out,
    }
    return render(request, "frame/choose.html", page)


@require_POST
def look(request: HttpRequest, ref: str) -> HttpResponse:
    """Show what the chosen series would do, before it is done."""
    pair = holder_of(request, ref)
    groups = held.from_text(request.POST.get("held", ""))
    wanted = set(request.POST.getlist("choose"))
    chosen = [group for i, group in enumerate(groups) if str(i) in wanted]
    if not chosen:
        raise NotNowError("choose at least one: then you see what it would do.")
    series = [one for group in chosen for one in group]
    page = {
        "pair": pair,
        "held": held.to_text(chosen),
        "plan": queries.calendar_plan(pair, series, now=clock.now()),
    }
    return render(request, "frame/look.html", page)


@require_POST
def follow(request: HttpRequest, ref: str) -> HttpResponse:
    """Let the sessions follow what was chosen."""
    pair = holder_of(request, ref)
    groups = held.from_text(request.POST.get("held", ""))
    series = [one for group in groups for one in group]
    actions.import_calendar(person_of(request), pair.ref, series, now=clock.now())
    return redirect("sessions", ref)


def _read(content: bytes) -> Calendar:
    zone = timezone.get_current_timezone()
    try:
        return read_calendar(content, where="your calendar", zone=zone, now=clock.now())
    except FileError as error:
        raise NotNowError(str(error)) from None
