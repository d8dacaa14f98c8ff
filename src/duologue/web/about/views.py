"""What this is, and help."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from duologue.relationship.templates import HELP_NOW
from duologue.store import queries
from duologue.store.models import Person
from duologue.store.queries import Help


@login_not_required
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Say what this is, who sees what, and what it is not."""
    return render(request, "about/about.html")


@login_not_required
@require_safe
def help_now(request: HttpRequest) -> HttpResponse:
    """Say where help is: in the words of the practice first."""
    page = {"practices": _practices(request), "lines": HELP_NOW}
    return render(request, "about/help.html", page)


@login_not_required
@require_safe
def telling(request: HttpRequest) -> HttpResponse:
    """Say what happens if somebody tells, in the words of the practice."""
    return render(request, "about/telling.html", {"practices": _practices(request)})


def _practices(request: HttpRequest) -> tuple[Help, ...]:
    person = request.user
    return queries.help_for(person) if isinstance(person, Person) else ()
