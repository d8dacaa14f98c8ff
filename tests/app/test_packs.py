"""Packs of forms over HTTP: added where people work, filled in by whoever chooses to."""

import hashlib
import re

import pytest
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from app_people import NOW
from duologue.store import actions, queries
from duologue.store.models import FormPack
from made_up_forms import hours, made_up, packed
from visitors import at, gets

TOLD_ONCE = True
REF = "ref-of-ann"
CREDIT = made_up().credit
HELP = "Need someone now?"
ADDRESS = reverse("practice-forms")


def main(page):
    """Return what stands on a page, without what stands on every page."""
    found = re.search(r"<main.*</main>", page, re.DOTALL).group()
    return " ".join(re.sub(r"<[^>]+>", " ", found).split())


def send_pack(visitor, content):
    return visitor.post(ADDRESS, {"pack": SimpleUploadedFile("forms.zip", content)})


@pytest.fixture
def therapist(visitors):
    return visitors["therapist"]


@pytest.fixture
def client(visitors):
    return visitors["client"]


@pytest.fixture
def added(told, therapist):
    """A practice that has said its use, and added a pack with one form that is asked."""
    therapist.post(ADDRESS, {"use": "clinical"})
    assert send_pack(therapist, packed(hours(), made_up())).status_code == 302
    return told


def test_the_use_is_asked_before_the_first_pack_or_with_the_practices_words(
    told, therapist
):
    page = main(at(therapist, "practice-forms"))
    assert "Before a pack: what are forms filled in for here?" in page
    assert 'type="file"' not in at(therapist, "practice-forms")

    therapist.post(reverse("practice"), {"use": "research"})

    page = main(at(therapist, "practice-forms"))
    assert "Forms are filled in here for research ." in page
    assert 'type="file"' in at(therapist, "practice-forms")


def test_a_pack_stands_with_its_licence_and_credit_and_what_of_it_is_asked(
    added, therapist
):
    page = main(at(therapist, "practice-forms"))

    head = "Made-up pack Added on 30 March 2026. Licence: CC BY-NC-ND 4.0."
    assert f"{head} {CREDIT}" in page
    assert "Made-up Form about Hours" in page
    assert "Made-up Weather Form Not a form that a client alone fills in" in page


def test_the_client_finds_it_and_is_not_asked_for_it(added, client, therapist):
    page = main(at(client, "came-for", REF))
    assert "Made-up Form about Hours" in page.partition("How often you are asked")[2]
    assert "Made-up Form about Hours" not in page.partition("How often")[0]
    assert "Made-up Form about Hours" not in main(at(therapist, "came-for", REF))

    client.post(reverse("form-rhythm", args=[REF, "hours"]), {"every": "28"})

    page = main(at(client, "came-for", REF)).partition("How often")[0]
    assert "Made-up Form about Hours 3 questions, under a minute" in page
    assert "Made-up Form about Hours" in main(at(client, "together", REF))


def test_its_words_stand_unchanged_with_the_credit_and_who_sees_them(added, client):
    page = at(client, "form", REF, "hours")

    said = main(page)
    for item in hours().items:
        assert item.text["client"] in said
    assert CREDIT in said
    assert "Who sees it:" in said
    assert "one question is about dying, or about harm; it is marked below." in said
    marked = said.partition("This is the question spoken of above.")[0]
    assert marked.rindex("too long to bear") > marked.rindex("The hours were long")
    # Whatever is above the least shows help, wherever it stands among the answers.
    above = re.findall(r'name="item-b" value="(\d)" data-above', page)
    assert above == ["3", "1"]


def test_an_answer_to_such_an_item_shows_help_and_stands_for_the_therapist(
    added, client, therapist
):
    save = reverse("save-form", args=[REF, "hours"])
    answered = client.post(save, {"item-a": "1", "item-b": "3"}, follow=True)
    said = main(answered.content.decode())
    assert HELP in said
    assert CREDIT in said
    assert "Something is blank, so nothing is added up." in said

    seen = main(at(therapist, "came-for", REF))
    assert "The hours were too long to bear. : All of them" in seen
    assert CREDIT in seen.partition("Goals")[0]
    shown = main(at(therapist, "filled-form", REF, "hours", f"{NOW:%Y-%m-%d}"))
    assert "The hours were too long to bear. : All of them" in shown
    assert CREDIT in shown


def test_it_stands_in_the_reading_of_the_two(added, client, therapist):
    save = reverse("save-form", args=[REF, "hours"])
    client.post(save, {"item-a": "1", "item-b": "0", "item-c": "3"})

    pages = [at(visitor, "together", REF) for visitor in (client, therapist)]

    for page in pages:
        assert "Made-up Form about Hours" in main(page)
        assert CREDIT in main(page)
        assert "4" in main(page)
    assert main(at(therapist, "people"))


def test_once_removed_its_answers_stay_without_its_words(added, client, therapist):
    save = reverse("save-form", args=[REF, "hours"])
    client.post(save, {"item-a": "1", "item-b": "3"})
    pack = FormPack.objects.get().ref

    assert therapist.post(reverse("remove-pack"), {"pack": pack}).status_code == 302

    for visitor in (client, therapist):
        said = main(at(visitor, "filled-form", REF, "hours", f"{NOW:%Y-%m-%d}"))
        assert "This form is not asked any more" in said
        assert "too long to bear" not in said
        at(visitor, "together", REF)
    assert client.get(reverse("form", args=[REF, "hours"])).status_code == 404


@pytest.mark.parametrize("how", ["removed", "another use"])
def test_what_was_filled_in_of_it_stands_in_the_way_of_no_page(
    added, client, therapist, how
):
    save = reverse("save-form", args=[REF, "hours"])
    client.post(save, {"item-a": "1", "item-b": "3"})
    if how == "removed":
        pack = FormPack.objects.get().ref
        therapist.post(reverse("remove-pack"), {"pack": pack})
    else:
        therapist.post(ADDRESS, {"use": "commercial"})

    for visitor in (client, therapist):
        caches["pages"].clear()
        found = {a: visitor.get(a).status_code for a in gets()}
        assert set(found.values()) <= {200, 204, 302, 404}, found
    seen = main(at(therapist, "came-for", REF))
    assert "An answer on dying or harm: 3, of 0 to 3" in seen


def test_a_licence_that_does_not_allow_the_use_says_so_and_asks_nobody(
    added, client, therapist
):
    therapist.post(ADDRESS, {"use": "commercial"})

    page = main(at(therapist, "practice-forms"))
    assert "Not asked of anybody: its licence is for seeing clients" in page
    assert client.get(reverse("form", args=[REF, "hours"])).status_code == 404


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"none", "The file: must be a sound zip file."),
        (packed(hours(), uses=["research"]), "allows research use only"),
    ],
)
def test_what_is_no_pack_is_refused_on_the_page_itself(told, therapist, content, says):
    therapist.post(ADDRESS, {"use": "clinical"})

    answered = send_pack(therapist, content)

    assert answered.status_code == 409
    assert says in main(answered.content.decode())
    assert not FormPack.objects.exists()


def test_a_form_without_anything_in_it_is_refused_kindly(told, therapist):
    answered = therapist.post(ADDRESS, {})

    assert answered.status_code == 409
    assert "Choose a file" in main(answered.content.decode())


def test_what_is_sent_of_a_pack_is_as_hidden_as_any_other_form(added, visitors):
    before = {r: at(v, "people") for r, v in visitors.items() if r == "another client"}
    actions.fill_form(added.ann, REF, "hours", {"b": 3.0}, now=NOW)

    assert {r: at(visitors[r], "people") for r in before} == before
    assert queries.to_see_unaltered(queries.pairs_of(added.bo), now=NOW) == frozenset()


def test_a_pack_that_is_not_read_any_more_says_so(added, therapist):
    content = b"what an earlier version could read"
    FormPack.objects.create(
        practice=added.practice,
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        added_on=NOW.date(),
    )

    page = main(at(therapist, "practice-forms"))

    assert "that this version of the program does not read" in page
    assert "Made-up Form about Hours" in page
