"""What I have said yes to."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from duologue.store import actions, queries
from duologue.web import clock, readings
from duologue.web.access import pair_of, person_of
from duologue.web.consent import words
from duologue.web.consent.forms import SayForm


@require_safe
def consent(request: HttpRequest, ref: str) -> HttpResponse:
    """Show this person each thing that can be said yes to, and their own history."""
    now, pair = clock.now(), pair_of(request, ref)
    found = queries.ledger(pair, now=now)
    page = {
        "pair": pair,
        "ledger": found,
        "asked": words.of(found, pair),
        "history": words.history(found.history, pair),
        "pages_stay": queries.has_private_pages(pair),
    }
    return render(request, "consent/consent.html", page)


@require_POST
def say(request: HttpRequest, ref: str) -> HttpResponse:
    """Say yes, say no, or withdraw a yes."""
    person, pair, now = person_of(request), pair_of(request, ref), clock.now()
    said = SayForm(request.POST).read()
    if said.yes:
        sessions = said.sessions or ()
        actions.say_yes(person, pair.ref, said.purpose, sessions=sessions, now=now)
    else:
        actions.say_no(person, pair.ref, said.purpose, sessions=said.sessions, now=now)
        readings.forget(pair_of(request, ref))  # a recording may have gone with the yes
    return redirect("consent", ref)


@require_POST
def forget_all(request: HttpRequest, ref: str) -> HttpResponse:
    """Delete all that this person has written in this pair, and what was made of it.

    Their private pages go with it unless they said that these stay.
    """
    stay = request.POST.get("pages") == "stay"
    actions.forget_all_of(person_of(request), ref, pages_stay=stay, now=clock.now())
    readings.forget(pair_of(request, ref))
    return redirect("consent", ref)
