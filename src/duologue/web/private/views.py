"""Only mine: the journal, process notes, supervision notes, and single lines."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from duologue.errors import NotYoursError
from duologue.store import actions, queries
from duologue.web import clock
from duologue.web.access import pair_of, person_of
from duologue.web.private.forms import (
    leaf_asked_for,
    line_touched,
    session_asked_for,
)


@require_safe
def pages(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the box to write in, and what this person wrote before, to them alone."""
    pair = pair_of(request, ref)
    page = {
        "pair": pair,
        "kept": queries.keeps(pair),
        "leaf": queries.private_pages(pair, leaf=leaf_asked_for(request.GET)),
        "teaching": queries.teaching(pair),
        "sessions": queries.sessions_to_write_about(pair, now=clock.now()),
        "has_others": len(queries.pairs_of(person_of(request))) > 1,
    }
    return render(request, "private/pages.html", page)


@require_POST
def write(request: HttpRequest, ref: str) -> HttpResponse:
    """Keep what stands in the boxes: a page among one's own, and a therapist's line.

    They are one form, so that neither is lost when the other is kept.
    """
    person, pair, now = person_of(request), pair_of(request, ref), clock.now()
    words, line = request.POST.get("words", ""), line_touched(request.POST)
    if line is not None:
        actions.keep_teaching(person, pair.ref, line, now=now)
    if words.strip() or line is None:
        session = session_asked_for(request.POST)
        actions.write_page(person, pair.ref, words, session=session, now=now)
    return redirect("private", ref)


@require_safe
def page(request: HttpRequest, ref: str, page: str) -> HttpResponse:
    """Show one page of one's own, to be read, changed or deleted."""
    pair = pair_of(request, ref)
    shown = {
        "pair": pair,
        "kept": queries.keeps(pair),
        "page": queries.private_page(pair, page),
    }
    return render(request, "private/page.html", shown)


@require_POST
def edit(request: HttpRequest, ref: str, page: str) -> HttpResponse:
    """Change what a page of one's own says."""
    pair, words = pair_of(request, ref), request.POST.get("words", "")
    was = request.POST.get("was", "")
    actions.edit_page(
        person_of(request), pair.ref, page, words, was=was, now=clock.now()
    )
    return redirect("private", ref)


@require_POST
def remove(request: HttpRequest, ref: str, page: str) -> HttpResponse:
    """Delete a page of one's own."""
    actions.remove_page(person_of(request), ref, page, now=clock.now())
    return redirect("private", ref)


@require_POST
def find(request: HttpRequest, ref: str) -> HttpResponse:
    """Look for words in one's own pages; what was looked for is in no address."""
    pair, words = pair_of(request, ref), request.POST.get("find", "")
    everywhere = request.POST.get("everywhere") == "yes"
    own = queries.pairs_of(person_of(request))
    shown = {
        "pair": pair,
        "words": words,
        "found": queries.find_in_private(own if everywhere else [pair], words),
        "everywhere": everywhere,
        "has_others": len(own) > 1,
    }
    return render(request, "private/found.html", shown)


@require_safe
def aftercare(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Ask whoever left stirred up what would help before their next thing."""
    pair = pair_of(request, ref)
    found = queries.aftercare(pair, number)
    if found is None:
        raise NotYoursError("there is no such line.")
    return render(request, "private/aftercare.html", {"pair": pair, "asked": found})


@require_POST
def keep_aftercare(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Keep what would help before one's next thing."""
    words = request.POST.get("words", "")
    actions.keep_aftercare(person_of(request), ref, number, words, now=clock.now())
    return redirect("session", ref, number)
