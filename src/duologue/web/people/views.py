"""My people."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from duologue.store import queries
from duologue.web import clock, readings
from duologue.web.access import person_of


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """List the pairs in which this person sits; who sits in one only goes there."""
    pairs = queries.pairs_of(person_of(request))
    if len(pairs) == 1:
        return redirect("together", pairs[0].ref)
    lines = readings.lines(pairs, now=clock.now())
    return render(request, "people/people.html", {"lines": lines})
