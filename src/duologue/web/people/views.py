"""My people."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from duologue.store import queries
from duologue.web import clock, readings, shown
from duologue.web.access import person_of


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """List the pairs in which this person sits; who sits in one only goes there."""
    pairs = queries.pairs_of(person_of(request))
    if len(pairs) == 1:
        return redirect("together", pairs[0].ref)
    now = clock.now()
    lines = readings.lines(pairs, now=now)
    theirs = [line.theirs for line in lines if line.theirs is not None]
    shown.note(request, *theirs, now=now)
    return render(
        request, "people/people.html", {"lines": [line.html for line in lines]}
    )
