"""My people."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from duologue.relationship.templates import NO_CARD
from duologue.store import queries
from duologue.web import clock, readings, shown
from duologue.web.access import person_of


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """List the pairs in which this person sits; who sits in one only goes there."""
    person = person_of(request)
    pairs, works_here = queries.pairs_of(person), person.practice_id is not None
    if len(pairs) == 1 and not works_here:
        return redirect("together", pairs[0].ref)
    now = clock.now()
    lines = readings.lines(pairs, now=now)
    theirs = [line.theirs for line in lines if line.theirs is not None]
    shown.note(request, *theirs, now=now)
    refs = [pair.ref for pair in pairs]
    put = queries.put_to(person)
    wonder = readings.wonder(pairs, put, now=now)
    if wonder is not None:
        shown.note(request, wonder.pair, now=now)
        if wonder.week not in put:
            shown.note_put(request, wonder)
    lies_there = dict(zip(refs, queries.for_today(pairs, now=now), strict=True))
    page = {
        "lines": [(line, lies_there[line.ref]) for line in lines],
        "works_here": works_here,
        "wonder": wonder,
        "was_put": bool(put) or wonder is not None,
        "unaltered": queries.to_see_unaltered(pairs, now=now),
        "no_card": NO_CARD,
    }
    return render(request, "people/people.html", page)


@require_safe
def wondered(request: HttpRequest) -> HttpResponse:
    """List what was put to this person to wonder about, week by week."""
    person, now = person_of(request), clock.now()
    pairs, put = queries.pairs_of(person), queries.put_to(person)
    there = readings.wondered(pairs, put, now=now)
    shown.note(request, *{wonder.pair for wonder in there.values()}, now=now)
    page = {
        "weeks": [(week, there.get(week)) for week in put],
        "no_card": NO_CARD,
    }
    return render(request, "people/wondered.html", page)
