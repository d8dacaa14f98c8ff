"""The demo's practice: lived in, and every word of it made up."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from app_people import NOW
from duologue.records import SEATS, Seat
from duologue.relationship.spoken import spoken_in
from duologue.simulate import DEMO_SEED
from duologue.store import chain, queries
from duologue.store.made_up import make_practice
from duologue.store.made_up_transcripts import OF_PAIR, SESSION
from duologue.store.models import (
    Agreement,
    Consent,
    Dyad,
    Event,
    Person,
    Preferences,
    PrivatePage,
    Recording,
    Transcript,
)
from duologue.store.models import Session as SessionRow
from made_up_synchrony import WITH_MOMENTS


def test_the_practice_of_the_demo_is_lived_in_and_says_that_it_is_made_up(db):
    make_practice(seed=DEMO_SEED, now=NOW)

    agreed = list(Agreement.objects.select_related(*Agreement.UP_TO_PAIR))
    pages = list(PrivatePage.objects.select_related(*PrivatePage.UP_TO_PAIR))
    texts = [words for row in agreed for words in (row.frame, row.confidentiality)]
    assert all("Made up." in words for words in texts)
    assert all("(Made up.)" in page.words for page in pages)
    assert {page.kind for page in pages} == {
        *("journal", "notes", "supervision_notes", "teaching")
    }
    assert all(page.day < NOW.date() for page in pages)
    assert {row.dyad_id for row in agreed} == set(
        Dyad.objects.values_list("pk", flat=True)
    )
    assert all(row.proposed_on < NOW.date() for row in agreed)
    assert SessionRow.objects.exclude(tag="").exists()
    (shares,) = Preferences.objects.select_related("dyad")
    pair = queries.find_pair(shares.dyad.person_of(Seat.THERAPIST), shares.dyad.ref)
    assert queries.preferences(pair).values
    held = set(SessionRow.objects.filter(status="held").values_list("dyad", "number"))
    assert all((p.dyad_id, p.session) in held for p in pages if p.session is not None)
    therapist = Person.objects.get(code="therapist-T")
    changed = next(p for p in queries.pairs_of(therapist) if p.code == "pair-D")
    assert len(queries.agreed(changed).earlier) == 1


def made_up_findings(course):
    """Say of each recording what a made-up one shows, in no time."""
    found = (
        replace(WITH_MOMENTS, session=each.session, modality=each.modality)
        for each in course.recorded
    )
    return replace(course, synchrony=tuple(found))


def test_without_anything_that_compares_them_no_recording_is_kept(db):
    make_practice(seed=DEMO_SEED, now=NOW)

    assert not Recording.objects.exists()
    assert not Consent.objects.exists()


def test_recordings_are_kept_of_sessions_to_which_both_had_said_yes(db):
    make_practice(seed=DEMO_SEED, now=NOW, compare=made_up_findings)

    dyad = Dyad.objects.get(code="pair-D")
    kept = list(Recording.objects.select_related("session"))
    assert [(row.dyad_id, row.session.number) for row in kept] == [
        (dyad.pk, 16),
        (dyad.pk, 19),
    ]
    for row in kept:
        day = timezone.localdate(row.session.planned_start)
        assert row.kept_on == day + timedelta(days=1)
        said = list(Consent.objects.filter(session=row.session.number))
        assert len(said) == 4
        assert all(timezone.localdate(each.at) < day for each in said)
    for seat in SEATS:
        pair = queries.find_pair(dyad.person_of(seat), dyad.ref)
        assert [each.number for each in queries.recordings(pair, now=NOW).kept] == [
            16,
            19,
        ]
        (found,) = (s for s in queries.seen(pair).ours.synchrony if s.session == 16)
        assert found.moments == WITH_MOMENTS.moments


def test_events_stand_in_the_order_of_their_times(db):
    make_practice(seed=DEMO_SEED, now=NOW, compare=made_up_findings)

    found = chain.check(Event.objects.order_by("number"), chain.NO_EVENT)
    assert found.whole
    assert found.backwards == ()
    assert found.n_events > 10


@pytest.mark.parametrize("compare", [None, made_up_findings], ids=["alone", "beside"])
def test_a_transcript_is_kept_of_a_session_to_which_both_had_said_yes(db, compare):
    make_practice(seed=DEMO_SEED, now=NOW, compare=compare, count=spoken_in)

    (row,) = Transcript.objects.select_related("session", "dyad")
    day = timezone.localdate(row.session.planned_start)
    assert (row.dyad.code, row.session.number) == (OF_PAIR, SESSION)
    assert row.kept_on == day + timedelta(days=2)
    said = list(Consent.objects.filter(session=SESSION))
    assert len(said) == 4
    assert all(timezone.localdate(each.at) < day for each in said)
    client, therapist = (
        queries.find_pair(row.dyad.person_of(seat), row.dyad.ref) for seat in SEATS
    )
    assert queries.said(client, SESSION) == queries.said(therapist, SESSION)
    assert set(queries.here_and_now(therapist)[SESSION].values()) == {True, False}
    found = chain.check(Event.objects.order_by("number"), chain.NO_EVENT)
    assert found.whole
    assert found.backwards == ()
