"""What is one's own in the store: under keys of its own, and gone with them."""

from contextlib import closing

import pytest
from django.apps import apps
from django.db import connection

from app_people import NOW
from duologue.errors import SealError
from duologue.store import actions, queries
from duologue.store.keys import ring
from duologue.store.keys.records import record_id
from duologue.store.models import (
    Agreement,
    Contact,
    Dyad,
    Person,
    PrivatePage,
    Withdrawal,
)
from duologue.store.models.sealed import HoldsAKey
from duologue.store.safekeeping import checking, rekeying
from rules import forget
from two_seats import C, T

MINE, THEIRS = "What I never said.", "What I never wrote."
DETAILS = {
    "name": "Ann Other",
    "email": "ann@elm.example",
    "phone": "01 23",
    "safely": "not by voicemail",
}


def tell(two):
    """Let each have a page of their own, and be reached."""
    for seat, words in ((C, MINE), (T, THEIRS)):
        two.do(actions.write_page, seat, words)
        actions.keep_contact(two.person(seat), DETAILS, now=NOW)


def page(told, seat):
    """Return the page of one of the two, as a row."""
    rows = PrivatePage.objects.select_related(*PrivatePage.UP_TO_PAIR)
    return rows.get(person=told.person(seat))


def card(told, seat):
    """Return how one of the two can be reached, as a row."""
    return Contact.objects.get(person=told.person(seat))


def stored(table, column):
    """Return what stands in a column, as plain SQL gives it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table}")  # noqa: S608
        return [bytes(value) for (value,) in cursor.fetchall()]


def listed():
    """Return the ids of the records that were destroyed."""
    rows = Withdrawal.objects.filter(what="record")
    return set(rows.values_list("ref", flat=True))


def test_what_is_stored_holds_none_of_the_words(told):
    found = stored("store_privatepage", "words")
    for field in DETAILS:
        found += stored("store_contact", field)

    assert len(found) == 10
    for sealed in found:
        for word in (b"never", b"Ann", b"elm", b"01 23", b"voicemail"):
            assert word not in sealed
    assert page(told, C).words == MINE
    assert card(told, T).safely == "not by voicemail"


def test_a_page_that_is_moved_to_another_row_does_not_open(told):
    mine, theirs = page(told, C), page(told, T)

    PrivatePage.objects.filter(pk=theirs.pk).update(words=mine.__dict__["words"])

    with pytest.raises(SealError, match="changed, moved"):
        assert page(told, T).words


def test_a_detail_that_is_moved_does_not_open(told):
    mine = card(told, C)

    Contact.objects.filter(pk=mine.pk).update(email=mine.__dict__["name"])
    Contact.objects.filter(pk=card(told, T).pk).update(name=mine.__dict__["name"])

    with pytest.raises(SealError):
        assert card(told, C).email
    with pytest.raises(SealError):
        assert card(told, T).name


def test_a_page_opens_with_the_key_of_its_author_and_no_other(told):
    keys = [bytes(told.person(seat).key) for seat in (C, T)]
    assert len({*keys, bytes(told.dyad().key)}) == 3
    Dyad.objects.update(key=keys[1])  # the pair's key is gone
    assert page(told, C).words == MINE

    Person.objects.filter(pk=told.person(C).pk).update(key=keys[1])

    with pytest.raises(SealError):
        assert page(told, C).words
    assert page(told, T).words == THEIRS


def test_a_page_is_gone_when_the_key_of_its_author_is(told):
    fresh = ring.current().new_holder_key(told.person(C).holder)

    Person.objects.filter(pk=told.person(C).pk).update(key=fresh)

    with pytest.raises(SealError):
        assert page(told, C).words
    # How somebody can be reached does not hang on it, nor on the pair.
    Dyad.objects.update(key=fresh)
    assert card(told, C).name == "Ann Other"


def test_the_key_of_a_pair_opens_for_no_person_of_the_same_name(told):
    held = ring.current()
    sealed = held.new_holder_key("pair:one")

    with pytest.raises(SealError):
        held.holder_key("person:one", sealed)
    assert held.holder_key("pair:one", held.new_pair_key("one"))


def test_deleting_a_page_destroys_its_key_and_lists_it(told):
    row = page(told, C)
    sealed = row.__dict__["words"]

    told.do(actions.remove_page, C, row.ref)

    assert listed() == {record_id(sealed).hex()}
    assert not any(
        sealed[17:78] in left for left in stored("store_privatepage", "words")
    )


def test_deleting_how_one_can_be_reached_destroys_every_key_of_it(told):
    row = card(told, C)
    ids = {record_id(row.__dict__[field]).hex() for field in DETAILS}
    assert row.place("").open_holder_key()

    actions.delete_contact(told.person(C), now=NOW)

    assert listed() == ids
    assert queries.own_reach(told.person(C)) is None
    assert queries.own_reach(told.person(T)) is not None


def test_the_key_of_a_card_is_forgotten_when_it_is_deleted(
    told, django_capture_on_commit_callbacks
):
    held, row = ring.current(), card(told, C)
    row.place("").open_holder_key()
    with django_capture_on_commit_callbacks(execute=True):
        actions.delete_contact(told.person(C), now=NOW)

    assert not any(holder == row.holder for holder, _ in held._of_holders)


def test_an_edit_stays_the_same_record_and_a_blank_detail_is_listed(told):
    before = {field: record_id(card(told, C).__dict__[field]) for field in DETAILS}

    changed = {**DETAILS, "name": "Ann Else", "phone": ""}
    actions.keep_contact(told.person(C), changed, now=NOW)

    after = card(told, C)
    assert record_id(after.__dict__["name"]) == before["name"]
    assert (after.name, after.phone) == ("Ann Else", None)
    assert listed() == {before["phone"].hex()}


@pytest.mark.parametrize("seat", [C, T])
def test_writing_for_oneself_moves_nothing_that_the_other_could_notice(told, seat):
    before, other = told.revisions(), (T if seat is C else C)
    row = page(told, seat)

    told.do(actions.write_page, seat, "More.")
    told.do(
        actions.edit_page, seat, row.ref, "Else.", was=queries.Page.version.fget(row)
    )
    told.do(actions.remove_page, seat, row.ref)
    told.do(actions.share_reach, seat, on=True)
    actions.delete_contact(told.person(seat), now=NOW)

    moved = dict(
        zip((C, T, "ours"), zip(before, told.revisions(), strict=True), strict=True)
    )
    assert moved["ours"][0] == moved["ours"][1]
    assert moved[other][0] == moved[other][1]


def test_every_key_and_text_of_ones_own_is_opened_when_a_practice_is_checked(told):
    said = []
    n, records = checking._check_texts(said)
    of_agreements = 3 * Agreement.objects.count()
    assert (said, n - of_agreements) == ([], 10)
    assert len(records) == n

    key = bytes(told.person(T).key)
    Person.objects.filter(pk=told.person(C).pk).update(key=key)
    Contact.objects.filter(pk=card(told, T).pk).update(key=key)
    checking._check_texts(said)

    assert any(
        f"the key of person {told.person(C).pk} does not open" in s for s in said
    )
    assert any(
        f"the key of contact {card(told, T).pk} does not open" in s for s in said
    )
    assert any("words of private page" in s for s in said)


def test_whatever_has_a_key_is_sealed_anew_when_all_keys_change():
    holders = {
        model._meta.db_table: model.HELD_AS
        for model in apps.get_app_config("store").get_models()
        if issubclass(model, HoldsAKey)
    }

    assert holders == rekeying.HOLDERS


@pytest.fixture
def tables(tmp_path):
    """A small database of the tables whose rows have keys, but for one that came later."""
    with closing(
        rekeying.sqlcipher.connect(tmp_path / "x", isolation_level=None)
    ) as made:
        for table in ("store_dyad", "store_person"):
            made.execute(f"CREATE TABLE {table} (id INTEGER, ref TEXT, key BLOB)")
        made.execute("CREATE TABLE store_contact (id INTEGER)")
        yield made


def test_the_key_of_each_holder_opens_with_the_new_ring(tables):
    before, after = ring.Ring.new(), ring.Ring.new()
    keys = {}
    for table, held_as in list(rekeying.HOLDERS.items())[:2]:
        sealed = before.new_holder_key(f"{held_as}:a")
        keys[table] = before.holder_key(f"{held_as}:a", sealed)
        tables.execute(f"INSERT INTO {table} VALUES (1, 'a', ?)", (sealed,))  # noqa: S608

    rekeying._reseal(tables, before, after)

    for table, key in keys.items():
        (sealed,) = tables.execute(f"SELECT key FROM {table}").fetchone()  # noqa: S608
        assert after.holder_key(f"{rekeying.HOLDERS[table]}:a", bytes(sealed)) == key


def test_a_page_that_is_given_another_author_does_not_open(told):
    forget("private_page_keeps_its_author")
    mine = page(told, C).pk

    PrivatePage.objects.filter(pk=mine).update(person=told.person(T))

    with pytest.raises(SealError):
        assert PrivatePage.objects.select_related("person").get(pk=mine).words
