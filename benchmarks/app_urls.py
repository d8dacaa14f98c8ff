"""The addresses of the app, and one more: a bare page for whoever is signed in.

The app's pages are measured against it. It stands behind the same middleware, looks up
the same visit and the same person, and says their code and nothing else.
"""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from duologue.web import urls

PAGE = engines["django"].from_string(
    "<!DOCTYPE html><html lang='en-GB'><title>Bare</title><p>You are {{ me }}.</p></html>"
)


def bare(request: HttpRequest) -> HttpResponse:
    """Say who is signed in."""
    return HttpResponse(PAGE.render({}, request))


handler404 = urls.handler404
urlpatterns = [path("bare/", bare, name="bare"), *urls.urlpatterns]
