"""Asking for a note by mail after a session, and switching it off."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from duologue.errors import NotNowError
from duologue.sharing.reminding import HOURS
from duologue.store import actions, queries
from duologue.web import carrier, clock
from duologue.web.access import person_of
from duologue.web.reminder.note import BODY, SUBJECT

SOON = "soon"
"""What the form calls an hour after the session."""

TIMES = {SOON: None, **{str(hour): hour for hour in HOURS}}
"""When a note may come, as the form says it."""


@require_safe
def reminder(request: HttpRequest) -> HttpResponse:
    """Show what a note says, when it comes and who might see it; and the form."""
    by = carrier.current()
    page = {
        "own": queries.own_reminder(person_of(request)),
        "offered": carrier.notes_offered(),
        "sender": "" if by is None or settings.DEMO else by.sender,
        "subject": SUBJECT,
        "body": BODY,
        "hours": HOURS,
    }
    return render(request, "reminder/reminder.html", page)


@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Switch it on, or change where to or when."""
    if not carrier.notes_offered():
        raise NotNowError("this practice sends no mail.")
    address, at = request.POST.get("note-address", ""), request.POST.get("at", SOON)
    actions.keep_reminder(
        person_of(request), address, hour=TIMES.get(at, -1), now=clock.now()
    )
    return redirect("reminder")


@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """Switch it off; the address goes."""
    actions.end_reminder(person_of(request), now=clock.now())
    return redirect("reminder")
