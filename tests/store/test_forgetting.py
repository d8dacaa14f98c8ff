"""Whoever ends that what they write is kept: all of it is gone, down to the file."""

import struct
from dataclasses import replace
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection

from app_people import AGREED, NOW, make_world
from duologue.errors import NotNowError, NotYoursError
from duologue.records import Seat
from duologue.sharing import Purpose, Standing
from duologue.store import actions, queries
from duologue.store.keys import ring
from duologue.store.keys.records import record_id
from duologue.store.models import (
    Agreement,
    Answer,
    Card,
    FilledForm,
    FormRhythm,
    GoalRating,
    GoalReview,
    GoalWording,
    LaterThought,
    Preferences,
    PrivatePage,
    Reflection,
    Withdrawal,
)
from pages import opened_pages
from rules import ON_POSTGRESQL
from two_seats import C, T, Two

SAID, HEARD = "what the otter said", "what the heron heard"
NUMBER = 61.03125
"""A number that no other row holds; its bytes can be looked for."""


def tell(two):
    """Let both write something of each kind."""
    for seat in (C, T):
        two.do(actions.share_unsaid, seat, on=True)
    two.open(line=(SAID, HEARD), deep=(NUMBER, 12.5))
    for seat in (C, T):
        two.do(actions.add_later_thought, seat, 3, "line", f"a thought of the {seat}")
        two.answer(seat, 2, open=33.0, line=f"kept back by the {seat}")
        two.do(actions.send_card, seat)
    two.do(actions.keep_preferences, C, {"pace": 20.0})
    two.do(actions.share_preferences, C, on=True)
    two.do(actions.show_room, C, 2)
    two.do(actions.tap, C, 2, two.room(C).code)
    two.do(actions.propose, C, replace(AGREED, frame="by the drowned bell"))
    for seat in (C, T):
        two.do(actions.write_page, seat, f"a page of the {seat}", session=2)
        two.answer(seat, 2, leaving=90.0)
        two.do(actions.keep_aftercare, seat, 2, f"a walk for the {seat}")
    two.do(actions.keep_teaching, T, "to wait for the otter")
    two.do(actions.rate_goals, C, 3, {two.goal("to row to the island"): 3.0})
    two.do(actions.propose_goal, C, "to mend the net")
    two.do(actions.note_goals_reviewed, T)
    two.do(actions.fill_form, C, "phq9", {"1": 2.0})
    two.do(actions.keep_form_rhythm, C, "phq9", None)


def written_by(seat):
    """Return every row that somebody in this seat of Ann's pair has written."""
    of_pair = {"reflection__session__dyad__ref": "ref-of-ann"}
    return [
        *Answer.objects.filter(reflection__seat=seat, **of_pair),
        *Reflection.objects.filter(seat=seat, session__dyad__ref="ref-of-ann"),
        *LaterThought.objects.filter(answer__reflection__seat=seat),
        *Card.objects.filter(seat=seat),
        *Agreement.objects.filter(version=None, proposed_by=seat),
        *GoalWording.objects.filter(accepted_on=None, proposed_by=seat),
        *GoalReview.objects.filter(by=seat),
        *(row for model in OF_THE_CLIENT for row in model.objects.all() if seat is C),
        *pages_of(seat),
    ]


OF_THE_CLIENT = (GoalRating, FilledForm, FormRhythm)


def pages_of(seat):
    """Return every private page and line of whoever sits in this seat of Ann's pair."""
    rows = PrivatePage.objects.filter(dyad__ref="ref-of-ann", person__code=CODE[seat])
    return list(rows.order_by("pk"))


CODE = {C: "ann-code", T: "therapist-code"}


@pytest.mark.parametrize("seat", Seat)
def test_all_that_somebody_wrote_goes_and_all_of_the_others_stays(told, seat):
    if seat is T:
        told.do(actions.set_aside, T, queries.agreed(told.pair(T)).proposal.ref)
        told.do(actions.propose, T, replace(AGREED, length_min=45))
    others = [str(row) for row in written_by(seat.other)]
    assert written_by(seat)

    told.do(actions.forget_all_of, seat)

    assert written_by(seat) == []
    assert [str(row) for row in written_by(seat.other)] == others
    assert Preferences.objects.exists() is (seat is T)
    assert told.room(seat) is None
    assert not told.pair(seat).shares_unsaid
    assert told.dyad().terms() == AGREED  # what both accepted is both's


@pytest.mark.parametrize("seat", Seat)
def test_ones_own_pages_stay_only_if_one_says_so_and_are_read_alone_then(told, seat):
    pages, pair = pages_of(seat), told.pair(seat)
    told.do(actions.forget_all_of, seat, pages_stay=True)

    assert written_by(seat) == pages  # and nothing else
    leaf = queries.private_pages(pair).pages
    assert [page.words for page in leaf] == [f"a page of the {seat}"]
    edit = (leaf[0].ref, "other words")
    for refused in (
        lambda: told.do(actions.edit_page, seat, *edit, was=leaf[0].version),
        lambda: told.do(actions.keep_aftercare, seat, 2, "a swim"),
        lambda: told.do(actions.write_page, seat, "one more"),
    ):
        with pytest.raises(NotNowError, match="nothing more of yours be kept"):
            refused()
    assert pages_of(seat) == pages

    told.do(actions.forget_all_of, seat)

    assert written_by(seat) == []
    assert pages_of(seat.other)


@pytest.mark.parametrize("seat", Seat)
def test_what_was_open_closes_for_both_and_the_others_own_stays_theirs(told, seat):
    before = told.revisions()

    told.do(actions.forget_all_of, seat)

    item = told.item(seat.other, "line")
    assert item.theirs is None
    assert item.mine == {C: SAID, T: HEARD}[seat.other]
    assert item.standing is Standing.CLOSED
    assert told.session(seat).own_items == ()
    assert told.session(seat).open_items == ()
    assert told.revisions()[2] == before[2] + 1
    assert queries.preferences(told.pair(T)).values == () or seat is T


@pytest.mark.parametrize("seat", Seat)
def test_nothing_of_what_was_not_open_moves_what_the_other_sees(two, seat):
    two.answer(seat, 2, open=33.0, line="kept back")
    before = two.revisions()

    two.do(actions.forget_all_of, seat)

    after = two.revisions()
    assert after[2] == before[2]
    assert after[list(Seat).index(seat.other)] == before[list(Seat).index(seat.other)]


@pytest.mark.parametrize("seat", Seat)
def test_until_it_is_said_again_nothing_of_theirs_is_kept(told, seat):
    for who in Seat:
        told.do(actions.forget_all_of, who)
    told.do(actions.say_yes, seat.other, Purpose.KEEPING)
    told.do(actions.show_room, seat.other, 2)
    code = told.room(seat.other).code

    for refused in (
        lambda: told.answer(seat, open=1.0),
        lambda: told.do(actions.skip, seat, 3),
        lambda: told.willing(seat),
        lambda: told.do(actions.send_card, seat),
        lambda: told.do(actions.tap, seat, 2, code),
        lambda: told.do(actions.propose, seat, replace(AGREED, length_min=30)),
        lambda: told.do(actions.write_page, seat, "a page after all"),
    ):
        with pytest.raises(NotNowError, match="nothing more of yours be kept"):
            refused()

    assert written_by(seat) == []
    told.answer(seat.other, open=1.0)
    told.do(actions.say_yes, seat, Purpose.KEEPING)
    told.answer(seat, open=2.0)
    assert queries.keeps(told.pair(seat))


def test_nor_how_the_client_would_like_to_work(told):
    told.do(actions.forget_all_of, C)

    with pytest.raises(NotNowError, match="nothing more of yours be kept"):
        told.do(actions.keep_preferences, C, {"pace": 1.0})

    assert not Preferences.objects.exists()


def test_done_twice_it_changes_nothing(told):
    told.do(actions.forget_all_of, C)
    before = Withdrawal.objects.count(), len(ledger(told).history)

    told.do(actions.forget_all_of, C)

    assert (Withdrawal.objects.count(), len(ledger(told).history)) == before
    assert not queries.keeps(told.pair(C))


def ledger(two, seat=C):
    return queries.ledger(two.pair(seat), now=NOW)


def test_nothing_of_another_pair_goes(told):
    for who in (told.world.bo, told.world.therapist):
        actions.reflect(who, told.world.ref("bo"), 3, {"line": "Bo's"}, now=NOW)
        actions.write_page(who, told.world.ref("bo"), "of Bo's pair", now=NOW)
    others = Answer.objects.filter(reflection__session__dyad__ref="ref-of-bo")
    pages = PrivatePage.objects.filter(dyad__ref="ref-of-bo")
    before = list(others.values()), list(pages.values())

    told.do(actions.forget_all_of, T)

    assert (list(others.values()), list(pages.values())) == before
    assert queries.keeps(queries.find_pair(told.world.therapist, "ref-of-bo"))


@pytest.mark.parametrize("who", ["bo", "sup", "out", "other_therapist"])
def test_nobody_else_can_delete_it(told, who):
    with pytest.raises(NotYoursError):
        actions.forget_all_of(told.world.people[who], told.ref, now=NOW)

    assert written_by(C)


# Down to the file --------------------------------------------------------------------


def sealed_by_client():
    """Return all that stands sealed of what the client wrote."""
    rows = [
        *Answer.objects.filter(reflection__seat=C, words__isnull=False),
        *LaterThought.objects.filter(answer__reflection__seat=C),
    ]
    found = [bytes(row.__dict__["words"]) for row in (*rows, *pages_of(C))]
    proposal = Agreement.objects.get(version=None)
    return [
        *found,
        *(bytes(proposal.__dict__[t]) for t in ("rhythm", "frame", "confidentiality")),
    ]


def in_rows(needle):
    """Return the tables in which a text stands somewhere, whatever the column."""
    found = set()
    with connection.cursor() as cursor:
        for model in apps.get_app_config("store").get_models():
            cursor.execute(f"SELECT * FROM {model._meta.db_table}")  # noqa: S608
            if any(needle in str(row) for row in cursor.fetchall()):
                found.add(model.__name__)
    return found


@pytest.mark.skipif(ON_POSTGRESQL, reason="there is no file of ours")
def test_neither_the_file_nor_what_was_written_ahead_holds_any_of_it(
    transactional_db, settings, tmp_path
):
    settings.FOLDER = tmp_path
    two = Two(make_world())
    tell(two)
    sealed, key = sealed_by_client(), ring.current().database
    ids = [record_id(each) for each in sealed]
    number = struct.pack(">d", NUMBER)  # as SQLite writes it
    path = Path(connection.settings_dict["NAME"])
    needles = [*sealed, *ids, number, b"drowned bell", SAID.encode()]
    before = opened_pages(path, key)
    # The control: sealed texts, ids and the number lie there; words in the clear do not.
    assert [needle in before for needle in needles] == [True] * (len(needles) - 2) + [
        False,
        False,
    ]

    two.do(actions.forget_all_of, C)

    after = opened_pages(path, key)
    assert Path(f"{path}-wal").stat().st_size == 0
    assert [needle for needle in needles if needle in after] == []
    # By its id alone, in the list of what is withdrawn, which a restore goes by.
    assert {name for each in ids for name in in_rows(each.hex())} == {"Withdrawal"}
    listed = (tmp_path / "withdrawn.sealed").read_bytes()
    assert all(each.hex().encode() in listed for each in ids)
    assert two.item(T, "line").mine == HEARD
