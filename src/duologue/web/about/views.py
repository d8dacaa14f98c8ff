"""What this is, and help."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from duologue.relationship.templates import HELP_NOW
from duologue.store import queries
from duologue.store.models import Person


@login_not_required
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Say what this is, who sees what, and what it is not."""
    return render(request, "about/about.html")


@login_not_required
@require_safe
def help_now(request: HttpRequest) -> HttpResponse:
    """Say where help is: in the words of the practice first."""
    person = request.user
    words = queries.crisis_words(person) if isinstance(person, Person) else ()
    return render(request, "about/help.html", {"words": words, "lines": HELP_NOW})
