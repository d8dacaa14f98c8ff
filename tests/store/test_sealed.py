"""Free text in the store: sealed, bound to its place, and gone with its key."""

import pytest
from django.db import connection

from app_people import AGREED, NOW
from duologue.errors import LockedError, ParameterError, SealError
from duologue.store import actions
from duologue.store.keys import ring
from duologue.store.keys.records import SHORTEST, Place, open_text, record_id, seal_text
from duologue.store.models import Agreement, Answer, Dyad, LaterThought, Withdrawal
from rules import forget
from two_seats import C, T, Two

SAID, HEARD = "What I said.", "What I heard."


def tell(two):
    """Let each say something in their own words."""
    two.open(line=(SAID, HEARD))
    two.do(actions.add_later_thought, C, 3, "line", "More than I knew.")


def line(seat, ref="ref-of-ann"):
    """Return what somebody said, as a row."""
    rows = Answer.objects.select_related(*Answer.UP_TO_PAIR)
    return rows.get(
        item="line", reflection__seat=seat, reflection__session__dyad__ref=ref
    )


def stored(table, column="words"):
    """Return what stands in a column, as plain SQL gives it.

    Sorted: a database may give rows in any order, and PostgreSQL gives those that were
    written again in another one.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL")  # noqa: S608
        return sorted(bytes(value) for (value,) in cursor.fetchall())


def listed():
    """Return the ids of the records that were destroyed."""
    rows = Withdrawal.objects.filter(what="record")
    return set(rows.values_list("ref", flat=True))


def test_what_is_stored_holds_none_of_the_words(told):
    found = [*stored("store_answer"), *stored("store_laterthought")]

    assert len(found) == 3
    for sealed in found:
        assert sealed[0] == 1
        assert len(sealed) >= SHORTEST
        assert not any(word in sealed for word in (b"said", b"heard", b"knew"))


def test_a_row_that_was_loaded_says_what_was_written(told):
    assert (line(C).words, line(T).words) == (SAID, HEARD)
    assert line(C).value == SAID
    assert Answer.objects.filter(item="line").count() == 2


def test_a_row_that_is_saved_again_unchanged_is_not_sealed_anew(told):
    before = stored("store_answer")

    for seat in (C, T):
        row = line(seat)
        assert row.words
        row.save()

    assert stored("store_answer") == before


def test_an_edit_stays_the_same_record_and_a_new_answer_is_another(two):
    ids = []
    for words in ("first", "second", None, "third"):
        two.answer(C, line=words)
        ids += [record_id(sealed).hex() for sealed in stored("store_answer")]

    assert ids[0] == ids[1]
    assert len(set(ids)) == 2
    assert listed() == {ids[0]}
    assert line(C).words == "third"


def test_a_record_is_listed_when_it_goes_whichever_way(told):
    ids = {
        record_id(sealed).hex()
        for table in ("store_answer", "store_laterthought")
        for sealed in stored(table)
    }

    told.dyad().delete()

    assert ids < listed()


def test_a_record_is_listed_when_another_takes_its_place(told):
    forget("answer_stays_once_open")
    gone = line(C)
    before = record_id(gone.__dict__["words"]).hex()
    assert before in {record_id(sealed).hex() for sealed in stored("store_answer")}
    gone.__dict__["words"] = "another, not an edit"

    gone.save()

    assert listed() == {before}


def test_words_that_are_moved_to_another_row_do_not_open(told):
    forget("answer_stays_once_open")
    mine, theirs = line(C), line(T)

    Answer.objects.filter(pk=theirs.pk).update(words=mine.__dict__["words"])

    with pytest.raises(SealError, match="changed, moved"):
        assert line(T).words


def test_words_of_another_pair_do_not_open(told):
    forget("answer_stays_once_open")
    two = Two(told.world)
    two.ref = told.world.ref("bo")
    actions.reflect(told.world.bo, two.ref, 3, {"line": "Bo's own"}, now=NOW)
    bo = Answer.objects.get(item="line", reflection__session__dyad__ref=two.ref)

    Answer.objects.filter(pk=bo.pk).update(words=line(C).__dict__["words"])

    with pytest.raises(SealError):
        assert line(C, ref=two.ref).words


def test_the_key_of_another_pair_does_not_open_them(told):
    other = told.world.dyads["bo"].key

    Dyad.objects.filter(ref=told.ref).update(key=other)

    with pytest.raises(SealError):
        assert line(C).words


def test_the_key_of_a_pair_is_stored_sealed_and_stays(told):
    (sealed, *_) = stored("store_dyad", "key")
    dyad = told.dyad()
    key = ring.current().holder_key(dyad.holder, bytes(dyad.key))

    dyad.save()

    assert key not in sealed
    assert bytes(told.dyad().key) == bytes(dyad.key)
    assert len(set(stored("store_dyad", "key"))) == Dyad.objects.count()


def test_words_cannot_be_put_there_as_they_are(told):
    with pytest.raises(TypeError, match="words is stored sealed"):
        Answer.objects.filter(item="line").update(words="in the clear")
    with pytest.raises(TypeError, match="words is stored sealed"):
        Answer.objects.filter(words="What I said.").exists()


@pytest.mark.parametrize("words", ["", "  \n", "x" * 281])
def test_words_that_say_nothing_or_too_much_are_refused(told, words):
    row = LaterThought.objects.select_related(*LaterThought.UP_TO_PAIR).get()
    row.words = words

    with pytest.raises(ParameterError, match="words takes 1 to 280 characters") as said:
        row.save()

    assert "xx" not in str(said.value)


def test_the_agreement_is_sealed_too(told):
    texts = ("rhythm", "frame", "confidentiality")
    sealed = [each for text in texts for each in stored("store_agreement", text)]
    row = Agreement.objects.select_related("dyad").get(dyad__ref=told.ref)

    assert row.as_terms() == AGREED
    assert len(sealed) == 3 * Dyad.objects.count()
    for words in (b"every week", b"green door", b"stays there"):
        assert not any(words in each for each in sealed)


def test_each_text_of_an_agreement_is_listed_when_it_goes(told):
    ids = {
        record_id(sealed).hex()
        for text in ("rhythm", "frame", "confidentiality")
        for sealed in stored("store_agreement", text)
    }

    Agreement.objects.all().delete()

    assert listed() == ids


def test_nothing_opens_while_the_practice_is_locked(told):
    row, held = line(C), ring.current()
    ring.hold(None)
    try:
        with pytest.raises(LockedError):
            assert row.words
        with pytest.raises(LockedError):
            ring.database_key()
    finally:
        ring.hold(held)

    assert row.words == SAID


def test_a_text_opens_in_its_own_place_and_with_its_own_record_only():
    key = ring.current().new_pair_key("pair")
    place = Place(pair="pair", pair_key=key, name="note:1:text")
    first, second = (seal_text(text, place) for text in ("one", "two"))

    assert [open_text(sealed, place) for sealed in (first, second)] == ["one", "two"]
    for bad in (
        first[:17] + second[17:],  # another id
        first[:78] + second[78:],  # another text
        second[:78] + first[78:],
        b"\2" + first[1:],
        first[:107],
        b"",
    ):
        with pytest.raises(SealError):
            open_text(bad, place)
    with pytest.raises(SealError):
        open_text(first, Place(pair="pair", pair_key=key, name="note:2:text"))
