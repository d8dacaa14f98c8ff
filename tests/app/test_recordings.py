"""Recordings over HTTP: a file in, what it showed on the page of both, and out again."""

import re
from dataclasses import replace

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from duologue.store.models import Recording
from duologue.web.recordings import forms, looking, views
from made_up_synchrony import WITH_MOMENTS
from recordings import agree, kept
from two_seats import Two, undone
from visitors import OF_RECORDING, SEATED, at, shown

TOLD_ONCE = True
REF = "ref-of-ann"
ADDRESS = reverse("recordings", args=[REF])
UNTOLD = "47.8125"


def main(page):
    """Return what stands on a page, without what stands on every page."""
    found = re.search(r"<main.*</main>", page, re.DOTALL).group()
    return " ".join(re.sub(r"<[^>]+>", " ", found).split())


def table(n=5000, rate=10.0, seed=4):
    """Return two people who have nothing to do with each other, as a file."""
    rows = np.random.default_rng(seed).random((n, 2))
    lines = (f"{k / rate:.3f},{a:.4f},{b:.4f}" for k, (a, b) in enumerate(rows))
    return ("time_s,client,therapist\n" + "\n".join(lines) + "\n").encode()


def send(visitor, content=None, **fields):
    sent = {"session": "3", "modality": "motion", **fields}
    if content is not None:
        sent["file"] = SimpleUploadedFile("motion.csv", content)
    return visitor.post(ADDRESS, sent)


@pytest.fixture
def agreed(told, monkeypatch):
    """The two, who have both said yes to all that a recording of session 3 takes."""
    with monkeypatch.context() as patched:
        patched.setattr(
            "duologue.store.actions.consenting.sessions_asked_about",
            lambda *_, **__: (3,),
        )
        agree(Two(told), numbers=(3,))
    return told


@pytest.mark.parametrize("role", SEATED)
def test_before_both_have_said_yes_nothing_is_asked_for(told, visitors, role):
    page = at(visitors[role], "recordings", REF)

    assert "There is no session to which one could be added." in main(page)
    assert 'type="file"' not in page
    refused = send(visitors[role], table())
    assert refused.status_code == 409
    assert "both of you have said yes to it beforehand" in main(
        refused.content.decode()
    )


@pytest.mark.parametrize("role", SEATED)
def test_a_file_becomes_what_both_read_and_either_deletes(agreed, visitors, role):
    other = next(each for each in SEATED if each != role)

    assert send(visitors[role], table()).status_code == 302

    pages = {each: at(visitors[each], "ours", REF) for each in SEATED}
    for page in pages.values():
        assert "Movements of session 3" in page
        assert "More is not better." in page
    assert "Session 3: movement" in main(at(visitors[other], "recordings", REF))

    gone = {"session": "3", "modality": "motion"}
    assert visitors[other].post(reverse("delete-recording", args=[REF]), gone)
    assert not Recording.objects.exists()
    for each in SEATED:
        assert "Movements of session 3" not in at(visitors[each], "ours", REF)


def test_another_layout_is_told_by_its_columns_and_rate(agreed, visitors):
    rows = [line.split(",")[1:] for line in table().decode().splitlines()[1:]]
    text = "\n".join(" ".join(row) for row in rows).encode()

    said = {"client": "2", "therapist": "1", "rate": "10", "modality": "voice"}
    assert send(visitors["client"], text, **said).status_code == 302

    assert "Voices of session 3" in at(visitors["therapist"], "ours", REF)


@pytest.mark.parametrize(
    ("content", "fields", "said"),
    [
        (None, {}, "choose a file that is not empty"),
        (b"", {}, "choose a file that is not empty"),
        (b"\0\1", {}, "binary data"),
        (b"a,b\n1,2\n", {}, "no column of that name"),
        (table(50).replace(b",0.", f",{UNTOLD}x0.".encode(), 1), {}, "line 2"),
        (table(50).replace(b",0.", b",-0.", 1), {}, "must not lie below 0"),
        (table(50), {"client": "2", "therapist": "2"}, "given once"),
        (table(50), {"rate": "fast"}, "a rate is a number"),
        (table(50), {"rate": "-1"}, "a rate is a number"),
        (table(50), {"modality": "mood"}, "what it is of"),
        (table(50), {"session": "none"}, "of which session"),
        (table(50), {"session": "2"}, "both of you have said yes"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_line_and_never_its_content(
    agreed, visitors, content, fields, said
):
    answer = send(visitors["therapist"], content, **fields)
    page = main(answer.content.decode())

    assert answer.status_code == 409
    assert said in page.replace("Choose", "choose")
    assert "Nothing was kept." in page
    assert UNTOLD not in page
    assert not Recording.objects.exists()


def test_too_large_a_file_is_not_read(agreed, visitors, monkeypatch):
    monkeypatch.setattr(forms, "MOST_BYTES", 100)

    answer = send(visitors["client"], table(50))

    assert answer.status_code == 409
    assert "A file may hold" in main(answer.content.decode())


def test_a_session_that_is_too_short_is_kept_and_told_as_that(agreed, visitors):
    assert send(visitors["client"], table(50)).status_code == 302

    assert "too short to say anything of it" in at(visitors["client"], "ours", REF)


def test_where_recordings_cannot_be_compared_the_page_says_so(
    agreed, visitors, monkeypatch
):
    monkeypatch.setattr(views, "is_quick", lambda: False)

    page = at(visitors["client"], "recordings", REF)
    assert "cannot be compared where this practice runs" in main(page)
    assert 'type="file"' not in page
    assert send(visitors["client"], table(50)).status_code == 409


def test_it_stands_on_no_page_of_anybody_else(told, visitors):
    with undone():
        kept(Two(told).dyad())
        for role in ("another client", "another therapist", "supervisor"):
            assert visitors[role].get(ADDRESS).status_code == 404
            for page in ("/", "/help/"):
                assert (
                    "ovements of session"
                    not in visitors[role].get(page).content.decode()
                )


def looked_at(visitor, number=3, modality="motion", name="recording"):
    return visitor.get(reverse(name, args=[REF, number, modality]))


def test_both_look_at_the_same_of_a_recording(agreed, visitors):
    assert send(visitors["client"], table()).status_code == 302

    pages = {each: looked_at(visitors[each]) for each in SEATED}
    said = {
        main(page.content.decode()).partition("Choices ")[2] for page in pages.values()
    }
    assert len(said) == 1
    (told,) = said
    for words in ("From beginning to end", "Window by window", "more is not better"):
        assert words in told
    for page in pages.values():
        assert page["Cache-Control"] == "no-store"
        text = page.content.decode()
        assert text.count('class="chart"') == 2
        assert text.count("<table") == 2
        # 500 s: nine minutes, and a window of 30 s each 10 s that has room for its lags.
        assert text.count('<th scope="row">') == 9 + 47
        assert "style=" not in text


@pytest.mark.parametrize("name", OF_RECORDING)
def test_nobody_else_finds_a_recording_nor_anybody_what_is_not_there(
    told, visitors, name
):
    with undone():
        kept(Two(told).dyad())
        for role in SEATED:
            assert looked_at(visitors[role], 1, name=name).status_code == 200
        for role in ("another client", "another therapist", "supervisor", "stranger"):
            assert looked_at(visitors[role], 1, name=name).status_code == 404
    for role in SEATED:
        none = looked_at(visitors[role], 1, name=name)
        assert none.status_code == 404
        for number, modality in ((1, "mood"), (99, "motion"), (10**30, "voice")):
            other = looked_at(visitors[role], number, modality, name=name)
            assert shown(other).body == shown(none).body


def test_of_what_is_too_short_there_is_its_series_and_no_window(told, visitors):
    with undone():
        kept(Two(told).dyad())

        page = looked_at(visitors["client"], 1).content.decode()

    assert page.count('class="chart"') == 1
    assert "Nothing can be said of it" in main(page)


def test_the_series_are_numbers_for_a_script_and_nothing_else(told, visitors):
    with undone():
        kept(Two(told).dyad())

        answers = [looked_at(visitors[e], 1, name="recording-series") for e in SEATED]

    assert answers[0].content == answers[1].content
    assert answers[0]["Cache-Control"] == "no-store"
    assert answers[0]["Content-Type"] == "application/json"
    assert answers[0].json() == {
        "step_s": 1001 / 30000,
        "client": [1.0, None, 0.3],
        "therapist": [0.0, 7.0, None],
        "moments": [],
    }


def test_of_many_samples_neighbours_are_told_as_their_mean(told, visitors, monkeypatch):
    monkeypatch.setattr(looking, "MOST_POINTS", 2)
    with undone():
        kept(Two(told).dyad())

        told = looked_at(visitors["client"], 1, name="recording-series").json()

    assert told["step_s"] == 2 * 1001 / 30000
    assert (told["client"], told["therapist"]) == ([1.0, 0.3], [3.5, None])


def test_moments_beyond_chance_are_named_where_they_are_shaded(
    agreed, visitors, monkeypatch
):
    found = replace(WITH_MOMENTS, session=3)
    monkeypatch.setattr(views, "synchrony_in", lambda _: found)
    assert send(visitors["client"], table()).status_code == 302

    page = main(looked_at(visitors["therapist"]).content.decode())

    assert "beyond chance: from 12:40 to 13:30, from 20:10 to 21:00." in page


def test_taking_back_a_yes_says_that_it_goes(told, visitors):
    page = main(at(visitors["client"], "consent", REF))

    assert "what is kept here of its recording and of its transcript goes" in page
    assert (
        "The transcript of that session, and what was worked out from it, goes." in page
    )


def test_what_cannot_be_kept_is_refused_before_it_is_compared(
    agreed, visitors, monkeypatch
):
    assert send(visitors["client"], table(50)).status_code == 302
    compared = []
    monkeypatch.setattr(views, "synchrony_in", compared.append)
    monkeypatch.setattr(forms, "LONGEST_S", 4)

    twice = send(visitors["therapist"], table(50))
    long = send(visitors["therapist"], table(50), modality="voice")

    assert twice.status_code == long.status_code == 409
    assert "one of this kind" in main(twice.content.decode())
    assert "a recording may last" in main(long.content.decode()).lower()
    assert compared == []


@pytest.mark.parametrize(
    "stamps", [(0, 1e-320, 2e-320), (0, 1e9, 2e9), (0, 1, 1e9)], ids=str
)
def test_odd_time_stamps_are_refused_kindly(agreed, visitors, stamps):
    rows = "".join(f"{t},1,2\n" for t in stamps)

    answer = send(visitors["client"], f"time_s,client,therapist\n{rows}".encode())

    assert answer.status_code == 409
    assert not Recording.objects.exists()


def test_what_was_typed_beside_a_refused_file_is_there_still(agreed, visitors):
    answer = send(visitors["client"], b"1 2\n", client="1", therapist="9", rate="25")

    page = answer.content.decode()
    assert answer.status_code == 409
    for name, value in (("client", "1"), ("therapist", "9"), ("rate", "25")):
        assert f'<input name="{name}" value="{value}"' in page
