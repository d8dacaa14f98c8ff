"""The page of the two on paper: equal for both, and nothing that one kept back."""

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.urls import reverse

import hidden
from app_people import NOW
from duologue.faces import as_pdf
from duologue.store.models import Event
from duologue.store.models.event import What
from duologue.web import clock
from paper import Paper, need_paper, together
from visitors import SEATED, at, undone

TOLD_ONCE = True
ADDRESS = reverse("paper", args=["ref-of-ann"])


@pytest.fixture(autouse=True)
def _paper():
    need_paper()


def printed(visitor):
    caches["pages"].clear()
    answered = visitor.get(ADDRESS)
    assert answered.status_code == 200
    return answered


def test_it_is_equal_for_the_two_of_them_and_leads_from_their_page(told, visitors):
    files = [printed(visitors[role]) for role in SEATED]

    assert files[0].content == files[1].content
    assert files[0].headers["Content-Type"] == "application/pdf"
    assert files[0].headers["Cache-Control"] == "no-store"
    # Somebody may see the name of a file: it says nothing of what this is.
    named = files[0].headers["Content-Disposition"]
    assert named == f'attachment; filename="pages-{NOW:%Y-%m-%d}.pdf"'
    said = Paper(files[0].content).text
    assert together("To say what I want (made up).") in said
    assert "unsaid" not in said  # though it has opened: session 1 has one of each
    for role in SEATED:
        assert ADDRESS in at(visitors[role], "together", "ref-of-ann")


@pytest.mark.parametrize("hider", SEATED)
@pytest.mark.parametrize(
    ("change", "is_seen"),
    [
        (hidden.changes_an_answer, False),
        (hidden.answers_what_the_other_left_blank, False),
        (hidden.writes_a_private_page, False),
        (hidden.opens_with_the_other, True),
    ],
)
def test_it_changes_with_what_both_see_and_with_nothing_else(
    told, visitors, hider, change, is_seen
):
    viewer = visitors[hidden.OTHER[hider]]
    with undone():
        hidden.prepare([change], told, hider)
        before = printed(viewer).content
        change(told, hider)
        assert (printed(viewer).content != before) is is_seen


def test_that_the_therapist_had_it_is_noted_like_the_page_itself(
    told, visitors, monkeypatch
):
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=1))
    with undone():
        printed(visitors["therapist"])
        noted = set(Event.objects.filter(at__gt=NOW).values_list("what", flat=True))

    assert noted == {"shown", What.OUTCOMES_SHOWN.value}


def test_where_type_cannot_be_set_the_page_says_so_and_nobody_has_looked(
    told, visitors, monkeypatch
):
    monkeypatch.setattr(as_pdf, "_weasyprint", _none)
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=1))
    caches["pages"].clear()

    with undone():
        answered = visitors["therapist"].get(ADDRESS)
        assert not Event.objects.filter(at__gt=NOW).exists()

    assert answered.status_code == 409
    assert "Your browser can print the page itself." in answered.content.decode()


def _none():
    raise as_pdf.ParameterError(as_pdf.NO_PANGO)
