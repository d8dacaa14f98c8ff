"""Help is one tap away, on every page there is (law 10): in or out, and where it fails."""

import pathlib

import pytest
from django.core.exceptions import BadRequest
from django.db import OperationalError
from django.shortcuts import render
from django.test import RequestFactory
from django.urls import reverse
from django.views import defaults

import duologue.web
from duologue.web import middleware
from duologue.web.account.backend import link_token
from visitors import SEATED, gets

TEMPLATES = pathlib.Path(duologue.web.__file__).parent / "templates"
BARE = "foreign_host.html"
"""Says nothing at all, to whoever asks this program as if it were another."""

PAGES = [p for p in TEMPLATES.rglob("*.html") if p.name[0] != "_" and p.name != BARE]
LINK = (
    b'<a href="/help/" target="_blank" rel="noopener" data-beside>Need someone now?</a>'
)
SIGNED_OUT = (
    *("/sign-in/", "/join/", "/about/", "/help/", "/help/telling/"),
    *("/no/such/page/", "/with/ref-of-ann/"),
)


def requested():
    """Return a request of nobody that has passed nothing yet."""
    return RequestFactory().get("/")


FAILS = {
    400: lambda: middleware.not_read(requested(), BadRequest()),
    403: lambda: middleware.form_expired(requested()),
    404: lambda: middleware.nothing_here(requested()),
    429: lambda: render(requested(), "429.html", status=429),
    500: lambda: defaults.server_error(requested()),
    503: lambda: middleware.not_kept(requested(), OperationalError()),
}


@pytest.mark.parametrize("role", SEATED)
def test_need_someone_now_is_on_every_page_of_both(told, visitors, role):
    pages = {a: visitors[role].get(a) for a in gets()}
    whole = {a: p for a, p in pages.items() if b"</html>" in p.content}

    # The rest leads on, is a part of a page, or a file.
    rest = {a: p.status_code for a, p in pages.items() if a not in whole}
    assert len(whole) > 35
    assert set(rest.values()) <= {200, 204, 302}
    assert all(
        "/ours/" in a or "/take/" in a for a, status in rest.items() if status == 200
    )
    assert [a for a, page in whole.items() if LINK not in page.content] == []


def test_need_someone_now_is_on_every_page_of_whoever_is_not_in(told, visitors):
    addresses = (*SIGNED_OUT, reverse("enter", args=[link_token("ann-code")]))
    pages = {a: visitors["signed out"].get(a, follow=True) for a in addresses}

    assert [a for a, page in pages.items() if LINK not in page.content] == []


@pytest.mark.parametrize("status", FAILS)
def test_need_someone_now_is_there_where_something_fails(db, status):
    page = FAILS[status]()

    assert page.status_code == status
    assert LINK in page.content


def test_need_someone_now_is_there_where_something_is_refused(told, visitors):
    refused = visitors["client"].post(
        reverse("tap", args=["ref-of-ann"]), {"code": "111111", "number": "3"}
    )

    assert refused.status_code == 409
    assert LINK in refused.content


@pytest.mark.parametrize("path", PAGES, ids=lambda p: str(p.relative_to(TEMPLATES)))
def test_every_page_is_made_of_the_one_that_has_it(path):
    if path.name == "base.html":
        assert "{% url 'help' %}" in path.read_text("utf-8")
        return
    first = path.read_text("utf-8").splitlines()[0]
    assert first in ('{% extends "base.html" %}', '{% extends "pair.html" %}')
