"""The demo's practice: lived in, and every word of it made up."""

from app_people import NOW
from duologue.records import Seat
from duologue.simulate import DEMO_SEED
from duologue.store import queries
from duologue.store.made_up import make_practice
from duologue.store.models import Agreement, Dyad, Person, Preferences, PrivatePage
from duologue.store.models import Session as SessionRow


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
