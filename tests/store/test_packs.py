"""Packs of forms at a practice: added unchanged, by their licence, and removed."""

import hashlib
from datetime import timedelta

import pytest

from app_people import NOW
from duologue import instruments
from duologue.errors import NotNowError, NotYoursError
from duologue.store import actions, queries
from duologue.store.actions import packs
from duologue.store.models import Event, FilledForm, FormPack, Practice
from made_up_forms import hours, made_up, packed
from two_seats import C, T

FIVE_UP = [{"value": i, "label": f"Step {i}"} for i in range(5, 10)]
FROM_15 = {"method": "sum", "range": [15, 27], "better": "lower"}
OTHERS = [{"id": "x", "text": "The days were long."}]
OF_ONE = {"method": "sum", "range": [0, 3], "better": "lower"}
CHANGED = {"what": "practice_changed"}


@pytest.fixture
def clinical(two):
    """The pair, at a practice that has said that forms are filled in for clinical work."""
    actions.change_practice(two.world.therapist, {"use": "clinical"}, now=NOW)
    return two


def add(two, *forms, **options):
    actions.add_pack(two.world.therapist, packed(*forms, **options), now=NOW)


def names(two, seat=C):
    return queries.known(two.pair(seat)).names()


def test_before_the_use_is_said_no_pack_is_added(two):
    with pytest.raises(NotNowError, match="say first what forms are filled in for"):
        add(two, hours())

    assert not FormPack.objects.exists()


def test_a_pack_is_there_for_the_two_of_every_pair_and_noted(clinical):
    before, n = clinical.revisions(), Event.objects.filter(**CHANGED).count()

    for _ in range(2):  # sent twice
        add(clinical, hours())

    assert FormPack.objects.count() == 1
    assert Event.objects.filter(**CHANGED).count() == n + 1
    assert clinical.revisions()[2] == before[2] + 1
    for seat in (C, T):
        assert "hours" in names(clinical, seat)
        assert "hours" in clinical.seen(seat).ours.prompts.outcomes
    (mine,) = queries.own_packs(clinical.world.therapist)
    assert mine.may_be_used
    assert mine.added_on == NOW.date()
    assert mine.pack.credit == made_up().credit


def test_the_client_is_asked_for_it_only_once_they_choose_so(clinical):
    add(clinical, hours())
    seen = queries.forms(clinical.pair(C), now=NOW)
    assert seen.rhythm["hours"] is None
    assert "hours" not in seen.due

    clinical.do(actions.keep_form_rhythm, C, "hours", 28)

    assert "hours" in queries.forms(clinical.pair(C), now=NOW).due
    assert queries.forms(clinical.pair(T), now=NOW).rhythm == {}


def test_it_is_filled_in_and_seen_by_both_as_it_was_given(clinical):
    add(clinical, hours())
    clinical.do(actions.fill_form, C, "hours", {"a": 1.0, "b": 3.0, "c": None})

    for seat in (C, T):
        (measure,) = clinical.seen(seat).ours.measures
        assert (measure.instrument, dict(measure.answers)) == (
            "hours",
            {"a": 1.0, "b": 3.0},
        )
    there = queries.to_see_unaltered([clinical.pair(T)], now=NOW)
    assert there == {clinical.ref}
    for item, value in (("a", 2.0), ("z", 1.0)):
        with pytest.raises(NotNowError):
            clinical.do(actions.fill_form, C, "hours", {item: value})


def test_an_answer_to_another_item_is_not_put_at_the_top(clinical):
    add(clinical, hours())
    clinical.do(actions.fill_form, C, "hours", {"a": 3.0, "b": 0.0})

    assert not queries.to_see_unaltered([clinical.pair(T)], now=NOW)


def test_once_removed_it_is_asked_of_nobody_and_what_was_given_stays(clinical):
    add(clinical, hours())
    clinical.do(actions.fill_form, C, "hours", {"a": 1.0})
    (pack,) = queries.own_packs(clinical.world.therapist)

    for _ in range(2):
        actions.remove_pack(clinical.world.therapist, pack.ref, now=NOW)

    assert "hours" not in names(clinical)
    with pytest.raises(NotYoursError):
        clinical.do(actions.fill_form, C, "hours", {"a": 1.0})
    assert FilledForm.objects.get().answers == {"a": 1.0}
    assert [f.instrument for f in queries.forms(clinical.pair(T), now=NOW).filled] == [
        "hours"
    ]
    assert clinical.seen(T).ours.measures == ()
    clinical.do(actions.delete_form, C, "hours", NOW.date())
    assert not FilledForm.objects.exists()


def test_of_a_removed_pack_just_those_answers_stand_that_did(clinical):
    add(clinical, hours())
    clinical.do(actions.fill_form, C, "hours", {"a": 3.0, "b": 0.0})
    (pack,) = queries.own_packs(clinical.world.therapist)
    actions.remove_pack(clinical.world.therapist, pack.ref, now=NOW)
    there = [clinical.pair(T)]
    assert not queries.to_see_unaltered(there, now=NOW)
    assert queries.own_packs(clinical.world.therapist) == ()

    FilledForm.objects.update(answers={"a": 0.0, "b": 1.0})

    assert queries.to_see_unaltered(there, now=NOW) == {clinical.ref}


def test_a_removed_pack_can_be_added_again(clinical):
    add(clinical, hours())
    clinical.do(actions.fill_form, C, "hours", {"a": 3.0})
    (pack,) = queries.own_packs(clinical.world.therapist)
    actions.remove_pack(clinical.world.therapist, pack.ref, now=NOW)

    add(clinical, hours())

    assert "hours" in names(clinical)
    assert len(queries.own_packs(clinical.world.therapist)) == 1


def test_a_pack_of_which_nothing_was_filled_in_leaves_nothing(clinical):
    add(clinical, hours())
    (pack,) = queries.own_packs(clinical.world.therapist)

    actions.remove_pack(clinical.world.therapist, pack.ref, now=NOW)

    assert not FormPack.objects.exists()


def test_a_pack_that_this_version_does_not_read_stands_in_nobodys_way(clinical):
    content = b"what an earlier version could read"
    digest = hashlib.sha256(content).hexdigest()
    practice = clinical.dyad().practice
    row = FormPack.objects.create(
        practice=practice, sha256=digest, content=content, added_on=NOW.date()
    )

    assert names(clinical) == instruments.names()
    (seen,) = queries.own_packs(clinical.world.therapist)
    assert (seen.pack, seen.may_be_used) == (None, False)
    add(clinical, hours())
    actions.remove_pack(clinical.world.therapist, row.ref, now=NOW)
    assert len(queries.own_packs(clinical.world.therapist)) == 1


SECOND = {
    "fewer": hours(shown_unaltered=[]),
    "another": hours(shown_unaltered=["c"]),
    "range": hours(range=[5, 9], answers=FIVE_UP, scoring=FROM_15),
    "items": hours(items=OTHERS, shown_unaltered=["x"], scoring=OF_ONE),
}


@pytest.mark.parametrize("second", SECOND)
def test_a_second_edition_takes_over_nothing_of_the_first(clinical, second):
    add(clinical, hours())
    clinical.do(actions.keep_form_rhythm, C, "hours", 28)
    clinical.do(actions.fill_form, C, "hours", {"a": 1.0, "b": 3.0, "c": 3.0})
    (pack,) = queries.own_packs(clinical.world.therapist)
    actions.remove_pack(clinical.world.therapist, pack.ref, now=NOW)

    add(clinical, SECOND[second])

    there = [clinical.pair(T)]
    assert queries.to_see_unaltered(there, now=NOW) == {clinical.ref}
    (form,) = queries.forms(clinical.pair(T), now=NOW).filled
    told = queries.as_given(form, queries.known(clinical.pair(T)))
    assert told == {"b": True}
    assert clinical.seen(T).ours.measures == ()
    assert clinical.seen(C).mine.measures == ()
    # Nor was anybody asked for it: whoever chose the first edition chose no other.
    assert queries.forms(clinical.pair(C), now=NOW).rhythm["hours"] is None
    answers = {SECOND[second].item_ids[0]: _least(SECOND[second])}
    with pytest.raises(NotNowError, match="an earlier edition"):
        clinical.do(actions.fill_form, C, "hours", answers)
    assert FilledForm.objects.get().answers == {"a": 1.0, "b": 3.0, "c": 3.0}


def _least(form):
    return min(o.value for o in form.items[0].options["client"])


def test_another_use_hides_what_its_licence_does_not_allow(clinical):
    add(clinical, hours())
    before = clinical.revisions()[2]

    actions.change_practice(
        clinical.world.therapist, {"use": "commercial"}, now=NOW + timedelta(hours=1)
    )

    assert "hours" not in names(clinical)
    assert not queries.own_packs(clinical.world.therapist)[0].may_be_used
    assert clinical.revisions()[2] == before + 1


def test_another_practice_knows_nothing_of_it(clinical):
    add(clinical, hours())
    other = Practice.objects.create(name="Another", use="clinical")

    assert "hours" not in queries.known_at([other.pk])[other.pk].names()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "sound zip file"),
        (b"x" * ((1 << 20) + 1), "up to 1 MB"),
        (packed(hours(), uses=["research"]), "allows research use only"),
        (packed(hours(id="phq9")), "id must be another"),
        (packed(hours(id="x" * 30)), "takes up to 29 letters"),
        (packed(hours(id="a b")), "takes up to 29 letters"),
        (packed(hours(id="ä")), "takes up to 29 letters"),
    ],
)
def test_what_is_no_pack_for_here_is_refused_with_the_reason(clinical, content, says):
    with pytest.raises(NotNowError, match=says):
        actions.add_pack(clinical.world.therapist, content, now=NOW)

    assert not FormPack.objects.exists()


def test_two_packs_never_hold_one_form(clinical):
    add(clinical, hours())

    with pytest.raises(NotNowError, match="another pack holds hours already"):
        add(clinical, hours(name="Another"), name="Another pack")

    assert FormPack.objects.count() == 1


def test_there_are_so_many_packs_at_most(clinical, monkeypatch):
    monkeypatch.setattr(packs, "MOST_PACKS", 1)
    add(clinical, hours())

    with pytest.raises(NotNowError, match="1 packs at most"):
        add(clinical, hours(id="other"))


def test_who_does_not_work_there_changes_nothing(clinical):
    add(clinical, hours())
    (pack,) = queries.own_packs(clinical.world.therapist)

    with pytest.raises(NotYoursError):
        actions.add_pack(clinical.world.ann, packed(hours(id="other")), now=NOW)
    with pytest.raises(NotYoursError):
        actions.remove_pack(clinical.world.ann, pack.ref, now=NOW)
    with pytest.raises(NotYoursError):
        actions.change_practice(clinical.world.ann, {"use": "research"}, now=NOW)

    assert queries.own_packs(clinical.world.ann) == ()
    assert FormPack.objects.count() == 1


def test_the_use_is_one_that_there_is_and_a_blank_leaves_it(clinical):
    with pytest.raises(NotNowError, match="none of the uses"):
        actions.change_practice(clinical.world.therapist, {"use": "fun"}, now=NOW)
    actions.change_practice(clinical.world.therapist, {"use": ""}, now=NOW)

    assert queries.own_practice(clinical.world.therapist).use == "clinical"
