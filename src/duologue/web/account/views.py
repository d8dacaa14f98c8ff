"""Signing in by a demo link, and leaving."""

from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from duologue.errors import NotYoursError
from duologue.store.models import Person


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, link: str) -> HttpResponse:
    """Ask whether to come in as this made-up person, and let them in."""
    person = authenticate(request, demo_link=link)
    if not isinstance(person, Person):
        raise NotYoursError("there is no such link.")
    if request.method == "POST":
        login(request, person)
        return redirect("people")
    return render(request, "account/enter.html", {"person": person.code})


@login_not_required
@require_safe
def sign_in(request: HttpRequest) -> HttpResponse:
    """Say how one comes in."""
    return render(request, "account/sign_in.html")


@login_not_required
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Leave at once; nothing of the visit stays in this browser's pages."""
    logout(request)
    response = redirect("sign-in")
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response
