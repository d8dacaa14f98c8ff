"""What holds for every page: nothing private is kept on the way, refusals are kind."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import DisallowedHost
from django.db import OperationalError
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseBase,
    HttpResponseServerError,
)
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string

from duologue.errors import NotNowError, NotSeatedError, NotYoursError
from duologue.store.models.reflection import can_be_kept
from duologue.web.given_back import given_back, is_from_here, written

REASONS = {
    "SQLITE_FULL": "the disk of this machine is full",
    "SQLITE_READONLY": "the disk of this machine cannot be written to",
    "SQLITE_CANTOPEN": "the disk of this machine cannot be written to",
    "SQLITE_IOERR": "the disk of this machine does not work as it should",
    "SQLITE_BUSY": "another program holds the database",
}
"""What is said of what SQLite calls an error, by the beginning of its name."""

LOG = logging.getLogger("duologue.disk")

View = Callable[[HttpRequest], HttpResponse]


def private_pages(get_response: View) -> View:
    """Keep every page out of caches, on this machine and on the way."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not request.path.startswith("/static/"):
            response["Cache-Control"] = "no-store"
            # It says no more than that, and when it was asked for.
            response.headers.pop("Expires", None)
        return response

    return respond


def known_visits(get_response: View) -> View:
    """Take the key of a visit that no database could have kept as no key at all."""

    def respond(request: HttpRequest) -> HttpResponse:
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        if not can_be_kept(key):
            del request.COOKIES[settings.SESSION_COOKIE_NAME]
        return get_response(request)

    return respond


class KindRefusals:
    """Turn what an action or a query refuses into a page that says what can be done.

    What is not there and what is somebody else's give the same page, to the byte.
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Respond as the view does."""
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        """Answer for the errors that a person can meet; any other is a fault of ours."""
        if isinstance(exception, NotYoursError | NotSeatedError):
            return nothing_here(request)
        if isinstance(exception, OperationalError):
            return not_kept(request, exception)
        if isinstance(exception, NotNowError):
            # A button alone can be pressed again where it stands.
            own = given_back(request, to_send_again=bool(written(request)))
            page = {"words": str(exception), **own}
            return render(request, "about/not_now.html", page, status=409)
        return None


class SignedIn(LoginRequiredMiddleware):
    """Let in only who is signed in; what a visit that ended had written is given back."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[object, ...],
        view_kwargs: dict[str, object],
    ) -> HttpResponseBase | None:
        """Ask for signing in, and show again what was sent: it is kept nowhere."""
        refused = super().process_view(request, view_func, view_args, view_kwargs)
        if refused is not None and request.method == "POST":
            return form_expired(request)
        if refused is not None and request.headers.get("HX-Request") == "true":
            return HttpResponse(status=401)  # a part of a page that was left open
        return refused


def form_expired(request: HttpRequest, reason: str = "", **_: object) -> HttpResponse:
    """Say that a form came from an earlier visit, and give back what was in it.

    Whoever has come in again sends it from there, under the token of the visit that is. A
    ``reason`` is given where the token was not right: then it is offered only if a page of
    ours has sent it.
    """
    page = given_back(request, to_send_again=not reason or is_from_here(request))
    return render(request, "about/form_expired.html", page, status=403)


def not_kept(request: HttpRequest, error: OperationalError) -> HttpResponse:
    """Say that the store takes nothing at present, and give back what was sent.

    Whoever runs the program is told as well, and nothing of what it was about.
    """
    name = getattr(error.__cause__, "sqlite_errorname", "")
    reason = next(
        (words for start, words in REASONS.items() if name.startswith(start)),
        "the database does not answer",
    )
    LOG.error("something could not be kept or read: %s.", reason)
    page = {"reason": reason, **given_back(request)}
    return render(request, "about/not_kept.html", page, status=503)


def not_read(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that a request could not be read; to whoever asks another host, and no more."""
    if isinstance(exception, DisallowedHost):
        return HttpResponseBadRequest(render_to_string("about/foreign_host.html"))
    return render(request, "400.html", status=400)


def nothing_here(request: HttpRequest, *_: object, **__: object) -> HttpResponse:
    """Return the page for an address at which this person has nothing.

    What was sent there is given back; nothing else tells what is absent from what is
    somebody else's.
    """
    page = given_back(request, to_send_again=False)
    return render(request, "about/nothing_here.html", page, status=404)


def fault(request: HttpRequest) -> HttpResponse:
    """Say that the fault is ours, and give back what was sent.

    Nothing that other pages look up is looked up: the fault may lie there.
    """
    page = {**given_back(request), "csrf_token": get_token(request)}
    return HttpResponseServerError(render_to_string("500.html", page))
