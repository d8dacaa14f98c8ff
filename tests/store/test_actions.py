"""What actions do, and what they refuse."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from app_people import NOW
from duologue.errors import NotNowError, NotYoursError
from duologue.records import Mode, Seat, Status
from duologue.sharing import Standing
from duologue.store import actions, queries
from duologue.store.actions import rooms
from duologue.store.actions.rooms import STAYS_OPEN
from duologue.store.models import Answer, Card, LaterThought, Reflection, Room, Session
from two_seats import C, T

DAY = timedelta(days=1)
NO_PAIR, NO_SESSION = r"^there is no such pair\.$", r"^there is no such session\.$"
NO_ANSWER = r"^there is no such answer that has opened\.$"
TOO_LARGE = 10**30


def columns():
    """Return every answer that there is, by seat and item, as it is stored."""
    rows = Answer.objects.values_list("reflection__seat", "item", "shares", "opened_at")
    return {(seat, item): rest for seat, item, *rest in rows}


@pytest.fixture(autouse=True)
def no_code_twice(monkeypatch):
    """Let the codes of rooms be chance no longer: 654321, 654322, ..."""
    following = count(654321)
    monkeypatch.setattr(rooms.secrets, "randbelow", lambda _: next(following))


# Opening


def test_an_item_opens_to_both_once_both_answered_and_are_willing(two):
    two.answer(C, open=70.0)
    two.answer(T, open=40.0)
    two.willing(C)

    assert two.item(C).standing is Standing.SEALED

    two.willing(T)

    assert two.item(C).theirs == 40.0
    assert two.item(T).theirs == 70.0


@pytest.mark.parametrize("last", Seat)
def test_the_order_of_answering_and_being_willing_does_not_matter(two, last):
    two.answer(last.other, open=70.0)
    two.willing()

    assert two.item(C).standing is Standing.SEALED

    two.answer(last, open=40.0)

    assert two.item(C).standing is Standing.OPEN
    assert two.item(T).standing is Standing.OPEN


def test_twins_open_at_the_same_moment_and_the_moment_stays(two):
    later = NOW + timedelta(hours=1)
    two.open(deep=(1.0, 2.0))
    two.do(actions.say_not_willing, C, 3, now=later)
    two.do(actions.say_willing, C, 3, now=later)

    assert [opened_at for _, opened_at in columns().values()] == [NOW] * 4


def test_being_willing_for_one_session_opens_nothing_of_another(two):
    two.open(number=3)
    two.answer(C, 2, open=10.0)
    two.answer(T, 2, open=20.0)

    assert two.item(C, number=2).standing is Standing.SEALED
    assert two.item(C, number=2).theirs is None


@pytest.mark.parametrize("seat", Seat)
def test_being_no_longer_willing_closes_all_of_it_for_both(two, seat):
    two.open(deep=(1.0, 2.0))

    two.do(actions.say_not_willing, seat, 3)

    for each in Seat:
        assert two.session(each).open_items == ()
        assert two.item(each).standing is Standing.CLOSED
        assert two.item(each).theirs is None


def test_both_willing_again_opens_it_as_it_was(two):
    two.open()
    two.do(actions.say_not_willing, T, 3)

    two.do(actions.say_willing, T, 3)

    assert (two.item(C).mine, two.item(C).theirs) == (70.0, 40.0)


@pytest.mark.parametrize("action", [actions.say_willing, actions.say_not_willing])
def test_being_willing_or_not_twice_is_being_it_once(two, action):
    two.open()
    two.do(action, C, 3)
    once = two.session(C), two.session(T)

    two.do(action, C, 3)

    assert (two.session(C), two.session(T)) == once


def test_being_willing_is_told_to_nobody_else(two):
    before = two.session(T)

    two.willing(C)

    assert two.session(C).willing
    assert two.session(T) == before


# Reflecting


def test_what_is_not_mentioned_stays_as_it_was(two):
    two.answer(C, open=70.0, line="A line.")

    kept = two.answer(C, deep=20.0)

    assert kept == actions.Kept()
    assert two.item(C, "open").mine == 70.0
    assert two.item(C, "line").mine == "A line."
    assert two.item(C, "deep").mine == 20.0


@pytest.mark.parametrize("nothing", [None, "", "   ", "\t\n", "\u00a0"])
def test_none_and_a_line_without_words_take_an_answer_out(two, nothing):
    two.answer(C, line="A line.", open=70.0)

    kept = two.answer(C, line=nothing)

    assert kept == actions.Kept()
    assert two.item(C, "line").mine is None
    assert two.item(C, "open").mine == 70.0


@pytest.mark.parametrize(
    ("item", "value"),
    [
        ("nothing_of_the_kind", 1.0),
        ("open", -0.1),
        ("open", 100.1),
        ("open", float("nan")),
        ("open", float("inf")),
        ("open", "70"),
        ("open", True),
        ("apart", "perhaps"),
        ("apart", 1.0),
        ("apart", ("no",)),
        ("need", ("pushed", "nobody")),
        ("need", ("ask_more",)),
        ("need", ("quiet", "quiet")),
        ("need", "quiet"),
        ("line", "x" * 281),
        ("line", "a\0b"),
        ("line", "\0"),
    ],
)
def test_what_is_no_answer_is_refused_and_nothing_else_is_lost(two, item, value):
    two.answer(C, **{item: None})
    two.answer(C, safe=1.0)
    asked = {"understood": 30.0, item: value, "here": 40.0}

    kept = two.do(actions.reflect, C, 3, asked)

    assert kept == actions.Kept(refused=(item,))
    assert set(columns()) == {("client", i) for i in ("safe", "understood", "here")}


def test_each_seat_has_options_of_its_own(two):
    assert two.answer(C, need=("pushed",)) == actions.Kept()
    assert two.answer(T, need=("ask_more",)) == actions.Kept()
    assert two.answer(T, need=("pushed",)) == actions.Kept(refused=("need",))
    assert two.item(T, "need").mine == ("ask_more",)


@pytest.mark.parametrize("value", [50.0, None, 70.0])
def test_what_has_opened_comes_back_and_stays_and_the_rest_is_kept(two, value):
    two.open()

    kept = two.answer(C, open=value, deep=20.0)

    assert kept == actions.Kept(stayed=("open",))
    assert (two.item(T).theirs, two.item(C).mine) == (70.0, 70.0)
    assert two.item(C, "deep").mine == 20.0


@pytest.mark.parametrize("seat", Seat)
def test_what_has_opened_stays_though_it_is_closed_now(two, seat):
    two.open()
    two.do(actions.say_not_willing, seat, 3)

    kept = two.answer(C, open=50.0)

    assert kept == actions.Kept(stayed=("open",))
    assert two.item(C).mine == 70.0


def test_what_came_in_order_comes_back_in_order(two):
    two.open(deep=(1.0, 2.0))
    asked = {"deep": 9.0, "x": 1.0, "open": 9.0, "safe": 101.0}

    kept = two.do(actions.reflect, C, 3, asked)

    assert kept == actions.Kept(stayed=("deep", "open"), refused=("x", "safe"))


@pytest.mark.parametrize("seat", Seat)
def test_what_kept_it_unsaid_never_opens(two, seat):
    two.do(actions.share_unsaid, C, on=True)
    two.do(actions.share_unsaid, T, on=True)
    two.open(unsaid=("matters", "matters"), unsaid_why=(("timing",), ("protect",)))

    assert two.item(seat, "unsaid").standing is Standing.OPEN
    assert two.item(seat, "unsaid_why").standing is Standing.SEALED
    assert two.item(seat, "unsaid_why").theirs is None
    assert two.answer(seat, unsaid_why=("too_raw",)) == actions.Kept()


def test_rather_not_answering_opens_nothing(two):
    two.do(actions.share_unsaid, C, on=True)
    two.do(actions.share_unsaid, T, on=True)

    two.open(unsaid=("decline", "no"))

    assert two.item(C, "unsaid").mine == "decline"
    assert two.item(T, "unsaid").standing is Standing.SEALED
    assert two.item(T, "unsaid").theirs is None


def test_a_form_that_is_posted_twice_is_kept_once(two):
    form = {"open": 70.0, "need": ("quiet", "slower"), "line": "A line.", "deep": None}
    two.do(actions.reflect, C, 3, form, ask_again=True)
    once = two.session(C)

    two.do(actions.reflect, C, 3, form, ask_again=True)

    assert two.session(C) == once
    assert Reflection.objects.count() == 1
    assert Answer.objects.count() == 3


def test_asking_for_the_question_again_is_kept_until_it_is_taken_back(two):
    two.do(actions.reflect, C, 3, {}, ask_again=True)
    two.answer(C, open=1.0)

    assert two.session(C).ask_again
    assert not two.session(T).ask_again

    two.do(actions.reflect, C, 3, {}, ask_again=False)

    assert not two.session(C).ask_again


def test_skipping_is_being_done_and_loses_nothing(two):
    two.do(actions.skip, C, 3)
    two.answer(C, 2, open=70.0)
    two.do(actions.skip, C, 2)

    assert two.session(C, 3).finished
    assert two.session(C, 3).own_items == ()
    assert two.item(C, number=2).mine == 70.0
    assert not two.session(T, 3).finished


# Whose it is


ON_A_SESSION = {
    "reflect": (actions.reflect, {"open": 1.0}),
    "skip": (actions.skip,),
    "say_willing": (actions.say_willing,),
    "say_not_willing": (actions.say_not_willing,),
    "show_room": (actions.show_room,),
}
ON_AN_ANSWER = {
    "take_back": (actions.take_back, "open"),
    "open_again": (actions.open_again, "open"),
    "add_later_thought": (actions.add_later_thought, "open", "A thought."),
}
ON_A_PAIR = {
    "share_unsaid": (lambda *a, **k: actions.share_unsaid(*a, on=True, **k),),
    "send_card": (actions.send_card,),
    "withdraw_card": (actions.withdraw_card,),
    "leave_room": (actions.leave_room,),
    "tap": (actions.tap, 3, "123456"),
    "remove_session": (actions.remove_session, 4),
    "remove_later_thought": (actions.remove_later_thought, "absent"),
    "add_session": (
        lambda *a, **k: actions.add_session(*a, NOW + 60 * DAY, mode=Mode.ROOM, **k),
    ),
}


def stored(world):
    """Return everything that is stored of every pair."""
    tables = (Answer, Card, LaterThought, Reflection, Room, Session)
    dyads = [
        type(dyad).objects.values().get(pk=dyad.pk) for dyad in world.dyads.values()
    ]
    return dyads, [list(table.objects.order_by("pk").values()) for table in tables]


@pytest.mark.parametrize("name", [*ON_A_SESSION, *ON_AN_ANSWER, *ON_A_PAIR])
@pytest.mark.parametrize("who", ["bo", "kim", "other_therapist", "sup", "out"])
def test_a_stranger_is_told_what_is_told_of_a_pair_that_is_not(two, name, who):
    action, *rest = {**ON_A_SESSION, **ON_AN_ANSWER, **ON_A_PAIR}[name]
    rest = rest if name in ON_A_PAIR else [3, *rest]
    two.open()
    before = stored(two.world)

    for ref in (two.ref, "no-such-ref", "", "\0"):
        with pytest.raises(NotYoursError, match=NO_PAIR):
            action(two.world.people[who], ref, *rest, now=NOW)

    assert stored(two.world) == before


@pytest.mark.parametrize("name", ON_A_SESSION)
@pytest.mark.parametrize("number", [0, 4, 5, 99, TOO_LARGE])
def test_a_session_to_come_is_told_like_one_that_is_not(two, name, number):
    action, *rest = ON_A_SESSION[name]
    before = stored(two.world)

    with pytest.raises(NotYoursError, match=NO_SESSION):
        two.do(action, C, number, *rest)

    assert stored(two.world) == before


def test_a_session_may_be_looked_back_on_from_its_start(two):
    start = Session.objects.get(dyad=two.dyad(), number=4).planned_start
    with pytest.raises(NotYoursError, match=NO_SESSION):
        two.answer(C, 4, now=start - timedelta(seconds=1), open=1.0)

    assert two.answer(C, 4, now=start, open=1.0) == actions.Kept()


@pytest.mark.parametrize("name", ON_AN_ANSWER)
@pytest.mark.parametrize("number", [0, 2, 4, 99, TOO_LARGE])
def test_an_answer_that_never_opened_is_told_like_one_that_is_not(two, name, number):
    action, *rest = ON_AN_ANSWER[name]
    two.open(number=3)
    two.answer(C, 2, open=1.0)
    two.answer(T, 2, open=1.0)
    before = stored(two.world)

    with pytest.raises(NotYoursError, match=NO_ANSWER):
        two.do(action, C, number, *rest)

    assert stored(two.world) == before


# Taking back


@pytest.mark.parametrize("seat", Seat)
def test_what_one_takes_back_closes_for_both_and_opens_again_unchanged(two, seat):
    two.open(deep=(1.0, 2.0))

    two.do(actions.take_back, seat, 3, "open")

    for each in Seat:
        assert two.item(each).standing is Standing.CLOSED
        assert two.item(each).theirs is None
        assert two.item(each, "deep").standing is Standing.OPEN
    assert two.item(seat).taken_back
    assert not two.item(seat.other).taken_back

    two.do(actions.open_again, seat, 3, "open")

    assert (two.item(C).theirs, two.item(T).theirs) == (40.0, 70.0)
    assert not two.item(seat).taken_back


def test_nobody_opens_again_what_the_other_took_back(two):
    two.open()
    two.do(actions.take_back, C, 3, "open")

    two.do(actions.open_again, T, 3, "open")
    two.do(actions.say_willing, T, 3)
    two.do(actions.say_willing, C, 3)

    assert two.item(T).standing is Standing.CLOSED


def test_what_both_took_back_opens_when_both_open_it_again(two):
    two.open()
    two.do(actions.take_back, C, 3, "open")
    two.do(actions.take_back, T, 3, "open")
    two.do(actions.open_again, C, 3, "open")

    assert two.item(C).standing is Standing.CLOSED

    two.do(actions.open_again, T, 3, "open")

    assert two.item(C).standing is Standing.OPEN


@pytest.mark.parametrize("action", [actions.take_back, actions.open_again])
def test_taking_back_and_opening_again_may_be_repeated(two, action):
    two.open()
    two.do(actions.take_back, C, 3, "open")
    two.do(action, C, 3, "open")
    once = two.session(C), two.session(T)

    two.do(action, C, 3, "open")

    assert (two.session(C), two.session(T)) == once


def test_what_is_taken_back_looks_like_being_no_longer_willing(two):
    two.open()
    two.do(actions.take_back, C, 3, "open")
    taken_back = two.session(T), two.seen(T)
    two.do(actions.open_again, C, 3, "open")

    two.do(actions.say_not_willing, C, 3)

    assert (two.session(T), two.seen(T)) == taken_back


# Later thoughts


def words(two, seat):
    """Return the later thoughts beside an item, as this seat sees them."""
    return [(t.seat, t.words) for t in two.item(seat).thoughts]


def test_a_later_thought_stands_dated_beside_the_answer_for_both(two):
    late = datetime(2026, 3, 31, 23, 30, tzinfo=UTC)
    two.open()
    two.do(actions.add_later_thought, C, 3, "open", "  More than I knew. ", now=late)

    own, others = (two.item(seat, now=late).thoughts[0] for seat in Seat)

    assert own.day == others.day == datetime(2026, 4, 1, tzinfo=UTC).date()
    assert own.words == others.words == "More than I knew."
    assert own.seat is others.seat is C
    assert own.ref
    assert others.ref == ""


def test_a_later_thought_that_is_posted_twice_stands_once(two):
    two.open()
    for _ in range(2):
        two.do(actions.add_later_thought, C, 3, "open", "A thought.")
    two.do(actions.add_later_thought, C, 3, "open", "Another.")
    two.do(actions.add_later_thought, T, 3, "open", "A thought.")

    expected = [(C, "A thought."), (C, "Another."), (T, "A thought.")]
    assert words(two, C) == words(two, T) == expected


@pytest.mark.parametrize("said", ["", "  \n", "x" * 281, "\0", "a\0b"])
def test_a_later_thought_takes_a_few_words(two, said):
    two.open()

    with pytest.raises(NotNowError, match="takes 1 to 280 characters"):
        two.do(actions.add_later_thought, C, 3, "open", said)

    assert words(two, C) == []


@pytest.mark.parametrize("seat", Seat)
def test_nothing_is_put_beside_what_is_closed_and_what_stood_there_is_hidden(two, seat):
    two.open()
    two.do(actions.add_later_thought, C, 3, "open", "A thought.")
    two.do(actions.take_back, seat, 3, "open")

    with pytest.raises(NotNowError, match="beside what is open"):
        two.do(actions.add_later_thought, C, 3, "open", "Another.")
    assert words(two, C) == words(two, T) == []

    two.do(actions.open_again, seat, 3, "open")

    assert words(two, T) == [(C, "A thought.")]


def test_a_later_thought_is_removed_by_its_author_once_and_for_all(two):
    two.open()
    two.do(actions.add_later_thought, C, 3, "open", "A thought.")
    thought = two.item(C).thoughts[0].ref

    for _ in range(2):
        two.do(actions.remove_later_thought, C, thought)

    assert words(two, C) == words(two, T) == []


def test_somebody_elses_later_thought_stays_and_is_told_like_one_that_is_not(two):
    two.open()
    two.do(actions.add_later_thought, C, 3, "open", "A thought.")
    thought = two.item(C).thoughts[0].ref
    elsewhere = (two.world.bo, two.world.ref("bo")), (two.world.sup, "ref-of-sup")

    for person, ref in ((two.person(T), two.ref), *elsewhere):
        for each in (thought, "absent", "", "\0"):
            assert actions.remove_later_thought(person, ref, each, now=NOW) is None

    assert words(two, T) == [(C, "A thought.")]


# What was left unsaid


def share_unsaid(two, *seats, on=True):
    for seat in seats or Seat:
        two.do(actions.share_unsaid, seat, on=on)


def unsaid(two):
    """Return what each sees of the other's: the client first."""
    return tuple(two.item(seat, "unsaid").theirs for seat in Seat)


def test_what_was_unsaid_opens_where_both_share_it_and_are_willing(two):
    share_unsaid(two)
    two.open(unsaid=("no", "a_little"))

    assert unsaid(two) == ("a_little", "no")
    assert two.item(C, "unsaid").standing is Standing.OPEN


@pytest.mark.parametrize("seats", [(), (C,), (T,)])
def test_being_willing_alone_does_not_open_what_was_unsaid(two, seats):
    for seat in seats:
        share_unsaid(two, seat)

    two.open(unsaid=("no", "a_little"))

    assert unsaid(two) == (None, None)
    assert two.item(C, "open").standing is Standing.OPEN


@pytest.mark.parametrize("first", Seat)
def test_each_turns_the_switch_in_their_own_time_before_they_answer(two, first):
    for seat in (first, first.other):
        share_unsaid(two, seat)
        two.answer(seat, unsaid="no")

    two.willing()

    assert unsaid(two) == ("no", "no")


def test_the_switch_alone_opens_nothing_either(two):
    share_unsaid(two)
    two.answer(C, unsaid="no")
    two.answer(T, unsaid="a_little")
    two.willing(C)

    assert unsaid(two) == (None, None)


def test_the_switch_holds_for_answers_from_then_on_and_never_for_earlier_ones(two):
    two.open(number=2, unsaid=("no", "a_little"))
    share_unsaid(two)
    two.open(number=3, unsaid=("matters", "a_little"))

    assert two.item(C, "unsaid", 2).standing is Standing.SEALED
    assert two.item(C, "unsaid", 3).standing is Standing.OPEN


def test_an_answer_that_is_only_posted_again_is_an_earlier_one(two):
    two.open(unsaid=("no", "a_little"))
    share_unsaid(two)

    for _ in range(2):
        two.answer(C, unsaid="no", deep=1.0)
        two.answer(T, unsaid="a_little", deep=1.0)

    assert unsaid(two) == (None, None)
    assert two.item(C, "deep").standing is Standing.OPEN


def test_an_answer_that_is_changed_is_given_anew(two):
    two.open(unsaid=("no", "a_little"))
    share_unsaid(two)
    two.answer(C, unsaid="matters")

    assert unsaid(two) == (None, None)

    two.answer(T, unsaid=None)
    two.answer(T, unsaid="a_little")

    assert unsaid(two) == ("a_little", "matters")


def test_an_answer_is_not_shared_where_the_form_said_that_it_would_not_be(two):
    share_unsaid(two)
    two.answer(T, unsaid="no", open=2.0)
    two.do(actions.reflect, C, 3, {"unsaid": "matters", "open": 1.0}, may_share=False)
    two.willing()

    assert unsaid(two) == (None, None)
    assert two.item(C, "open").standing is Standing.OPEN


def test_a_form_that_said_it_would_be_shared_does_not_turn_the_switch(two):
    share_unsaid(two, T)
    two.do(actions.reflect, C, 3, {"unsaid": "matters"}, may_share=True)
    two.answer(T, unsaid="no")
    two.willing()

    assert unsaid(two) == (None, None)


@pytest.mark.parametrize("seat", Seat)
def test_switching_it_off_closes_every_earlier_one_for_good(two, seat):
    share_unsaid(two)
    two.open(number=2, unsaid=("no", "a_little"))
    two.open(number=3, unsaid=("no", "a_little"))

    share_unsaid(two, seat, on=False)
    share_unsaid(two, seat)
    for number in (2, 3):
        two.do(actions.open_again, seat, number, "unsaid")
        two.answer(seat, number, unsaid="matters")

    for number in (2, 3):
        assert two.item(C, "unsaid", number).standing is Standing.CLOSED
        assert two.item(C, "unsaid", number).mine == "no"
        assert two.item(T, "unsaid", number).theirs is None
        assert two.item(T, "open", number).standing is Standing.OPEN


def test_the_switch_is_its_owners_alone(two):
    before = two.pair(T).shares_unsaid, two.session(T), two.seen(T)

    share_unsaid(two, C)

    assert two.pair(C).shares_unsaid
    assert (two.pair(T).shares_unsaid, two.session(T), two.seen(T)) == before


# The card


MONDAY = datetime(2026, 3, 23, 12, tzinfo=UTC)
"""The day after session 2; session 3 is on the Sunday after."""


def arrives(two, seat):
    """Return the days in spring on which the other's card lies with this seat."""
    pair = two.pair(seat)
    days = [MONDAY + n * DAY for n in range(-30, 60)]
    return [day.date() for day in days if queries.today(pair, now=day).card]


@pytest.mark.parametrize("hours", [-12, 0, 11, 6 * 24 - 13])
def test_the_card_reaches_the_other_on_the_same_day_whenever_it_was_sent(two, hours):
    two.do(actions.send_card, C, now=MONDAY + timedelta(hours=hours))

    assert arrives(two, T) == [(MONDAY + 6 * DAY).date()]
    assert arrives(two, C) == []


def test_a_card_of_the_day_of_a_session_waits_for_the_next_one(two):
    two.do(actions.send_card, T, now=MONDAY + 6 * DAY - timedelta(hours=1))

    assert arrives(two, C) == [(MONDAY + 13 * DAY).date()]


def test_sending_it_again_before_it_arrives_changes_nothing(two):
    for days in (0, 1, 5):
        two.do(actions.send_card, C, now=MONDAY + days * DAY)

    assert arrives(two, T) == [(MONDAY + 6 * DAY).date()]


def test_once_it_has_arrived_it_can_be_sent_anew(two):
    two.do(actions.send_card, C, now=MONDAY)
    two.do(actions.send_card, C, now=MONDAY + 7 * DAY)

    assert arrives(two, T) == [(MONDAY + days * DAY).date() for days in (6, 13)]


SUNDAY = datetime(2026, 3, 29, 18, tzinfo=UTC)
"""When session 3 begins."""

OFF = actions.Noted(status=Status.CANCELLED)


def test_on_the_day_on_which_it_lies_there_another_goes_to_the_next_session(two):
    two.do(actions.send_card, C, now=MONDAY)
    before = queries.own_card(two.pair(C), now=SUNDAY)

    for _ in range(2):
        two.do(actions.send_card, C, now=SUNDAY + timedelta(hours=1))

    assert (before.here, before.earlier) == (True, False)
    next_day = (SUNDAY + 7 * DAY).date()
    assert arrives(two, T) == [SUNDAY.date(), next_day]
    own = queries.own_card(two.pair(C), now=SUNDAY)
    assert own == queries.OwnCard(reaches=next_day, earlier=True)

    two.do(actions.withdraw_card, C, now=SUNDAY + timedelta(hours=2))
    assert arrives(two, T) == [SUNDAY.date()]
    two.do(actions.withdraw_card, C, now=SUNDAY + timedelta(hours=2))
    assert arrives(two, T) == []
    assert not Card.objects.exists()


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.NO_SHOW])
@pytest.mark.parametrize("days", [0, 1])
def test_a_card_that_has_had_its_day_does_not_come_back(two, days, status):
    two.do(actions.send_card, C, now=MONDAY)
    later = SUNDAY + days * DAY + timedelta(hours=1)

    two.do(actions.note_frame, T, 3, actions.Noted(status=status), now=later)

    assert arrives(two, T) == [SUNDAY.date()]
    own = queries.own_card(two.pair(C), now=later)
    assert own == (
        queries.OwnCard(reaches=SUNDAY.date(), here=True) if days == 0 else None
    )


def test_a_card_goes_to_the_session_after_one_that_is_off_before_its_day(two):
    two.do(actions.send_card, C, now=MONDAY)
    told = queries.own_card(two.pair(C), now=MONDAY).reaches

    two.do(actions.note_frame, T, 3, OFF, now=MONDAY + DAY)

    next_day = (SUNDAY + 7 * DAY).date()
    assert (told, queries.own_card(two.pair(C), now=SUNDAY).reaches) == (
        SUNDAY.date(),
        next_day,
    )
    two.do(actions.note_frame, T, 3, OFF, now=SUNDAY + DAY)  # said once more, later
    assert arrives(two, T) == [next_day]


def test_a_session_that_is_noted_late_swallows_no_card(two):
    two.do(actions.note_frame, T, 3, OFF, now=MONDAY)
    two.do(actions.send_card, C, now=MONDAY)

    two.do(actions.note_frame, T, 3, actions.Noted(), now=SUNDAY + DAY)
    two.do(actions.add_session, T, SUNDAY + DAY, mode=Mode.ROOM, now=SUNDAY + 2 * DAY)

    assert arrives(two, T) == [(SUNDAY + 7 * DAY).date()]


@pytest.mark.parametrize("days", [1, 6, 7])
def test_a_card_that_is_withdrawn_leaves_nothing(two, days):
    two.do(actions.send_card, T, now=MONDAY)
    two.do(actions.send_card, C, now=MONDAY)

    for _ in range(2):
        two.do(actions.withdraw_card, C, now=MONDAY + days * DAY)

    assert arrives(two, T) == []
    assert arrives(two, C) == [(MONDAY + 6 * DAY).date()]
    assert [card.seat for card in Card.objects.all()] == [T]


def test_a_card_without_a_next_session_waits_for_one(two):
    two.do(actions.send_card, C, now=NOW + 30 * DAY)

    assert arrives(two, T) == []

    start = NOW + 33 * DAY
    two.do(actions.add_session, T, start, mode=Mode.ROOM, now=NOW + 31 * DAY)

    assert arrives(two, T) == [start.date()]


# The room


def show(two, seat=T, number=3, now=NOW):
    two.do(actions.show_room, seat, number, now=now)
    return two.room(seat, now).code


def tap(two, code, *seats, number=3, now=NOW):
    for seat in seats or Seat:
        two.do(actions.tap, seat, number, code, now=now)


@pytest.fixture
def met(two):
    """The two, who both answered and said nothing of being willing."""
    two.answer(C, open=70.0)
    two.answer(T, open=40.0)
    return two


@pytest.mark.parametrize("first", Seat)
def test_one_tap_opens_nothing_and_keeps_nothing_of_being_willing(met, first):
    before = met.session(C), met.session(T)
    code = show(met)

    for _ in range(2):
        tap(met, code, first)

    assert (met.session(C), met.session(T)) == before
    assert met.room(first).tapped
    assert not met.room(first).opened
    assert not Reflection.objects.filter(willing=True).exists()


@pytest.mark.parametrize("shown_by", Seat)
def test_the_second_tap_opens_for_both_at_the_same_moment(met, shown_by):
    later = NOW + timedelta(minutes=5)
    code = show(met, shown_by)
    tap(met, code, shown_by)

    tap(met, code, shown_by.other, now=later)

    assert (met.item(C).theirs, met.item(T).theirs) == (40.0, 70.0)
    assert [opened_at for _, opened_at in columns().values()] == [later, later]
    assert met.session(C).willing
    assert met.session(T).willing
    assert met.room(C).opened
    assert met.room(T).opened


def test_the_room_is_seen_by_who_shows_it_and_by_the_other_once_they_tapped(met):
    code = show(met)

    assert met.room(C) is None
    assert met.room(T).code == code

    tap(met, code, C)

    assert met.room(C).code == ""
    assert not met.room(T).tapped


def test_who_shows_the_room_is_not_told_of_the_others_tap(met):
    code = show(met)
    before = met.room(T)

    tap(met, code, C)

    assert met.room(T) == before


def test_another_tap_after_the_second_changes_nothing(met):
    code = show(met)
    tap(met, code)
    met.do(actions.say_not_willing, C, 3)

    tap(met, code)

    assert met.item(C).standing is Standing.CLOSED
    assert not met.session(C).willing


@pytest.mark.parametrize("first", Seat)
def test_whoever_taps_and_then_says_no_is_not_willing(met, first):
    code = show(met)
    tap(met, code, first)
    met.do(actions.say_not_willing, first, 3)

    tap(met, code, first.other)

    assert met.item(first).standing is Standing.SEALED
    assert not met.session(first).willing

    tap(met, code, first)

    assert met.item(first).standing is Standing.OPEN


def test_saying_no_to_another_session_leaves_the_tap(met):
    code = show(met)
    tap(met, code, C)
    met.do(actions.say_not_willing, C, 2)

    tap(met, code, T)

    assert met.item(C).standing is Standing.OPEN


NO_CODE = "^that code is not open"


def others_code(two):
    """Return the code of another pair of the therapist's."""
    bo, ref = two.world.bo, two.world.ref("bo")
    actions.show_room(bo, ref, 3, now=NOW)
    return queries.find_room(queries.find_pair(bo, ref), now=NOW).code


@pytest.mark.parametrize("wrong", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "\0"])
def test_a_wrong_code_opens_nothing(met, wrong):
    code = show(met)
    tap(met, code, T)

    with pytest.raises(NotNowError, match=NO_CODE):
        tap(met, wrong, C)

    assert met.room(C) is None
    assert met.item(C).standing is Standing.SEALED


def test_another_pairs_code_opens_nothing_here(met):
    show(met)
    code = others_code(met)

    with pytest.raises(NotNowError, match=NO_CODE):
        tap(met, code, T)

    assert not met.room(T).tapped


def test_a_code_ends_when_its_time_is_over(met):
    code = show(met)
    tap(met, code, T)

    with pytest.raises(NotNowError, match=NO_CODE):
        tap(met, code, C, now=NOW + STAYS_OPEN)
    assert met.room(T, now=NOW + STAYS_OPEN) is None

    tap(met, code, C, now=NOW + STAYS_OPEN - timedelta(seconds=1))

    assert met.item(C).standing is Standing.OPEN


def test_a_code_opens_the_session_that_the_page_names_and_no_other(met):
    code = show(met)
    tap(met, code, T)

    for number in (2, 4, 99, TOO_LARGE):
        with pytest.raises(NotNowError, match=NO_CODE):
            tap(met, code, C, number=number)

    assert met.item(C).standing is Standing.SEALED
    assert met.room(C) is None


def test_a_new_code_puts_ones_earlier_one_away_with_ones_tap(met):
    old = show(met)
    tap(met, old, T)
    new = show(met, number=2)

    tap(met, old, C)

    assert met.item(C).standing is Standing.SEALED
    assert met.room(T).number == 2
    assert met.room(T).code == new
    assert not met.room(T).tapped


@pytest.mark.parametrize("seat", Seat)
def test_a_new_code_changes_nothing_of_the_others_room(met, seat):
    code = show(met, seat)
    tap(met, code, seat)
    before = met.room(seat)

    show(met, seat.other, number=2)

    assert met.room(seat) == before

    tap(met, code, seat.other)

    assert met.item(seat).standing is Standing.OPEN
    assert met.room(seat.other).number == 3


@pytest.mark.parametrize("leaver", Seat)
@pytest.mark.parametrize("taps", [(), (C,), (T,), (C, T)])
def test_leaving_is_not_told_to_the_other(met, leaver, taps):
    code = show(met)
    for seat in taps:
        tap(met, code, seat)
    before = met.room(leaver.other), met.session(leaver.other)

    for _ in range(2):
        met.do(actions.leave_room, leaver)

    assert met.room(leaver) is None
    assert (met.room(leaver.other), met.session(leaver.other)) == before


def test_what_has_opened_stays_open_when_both_have_left(met):
    tap(met, show(met))

    met.do(actions.leave_room, C)
    met.do(actions.leave_room, T)

    assert met.item(C).standing is Standing.OPEN


def test_a_tap_is_gone_when_one_leaves_and_comes_back_with_another(met):
    code = show(met)
    tap(met, code, C)
    met.do(actions.leave_room, C)

    tap(met, code, T)

    assert met.item(C).standing is Standing.SEALED

    tap(met, code, C)

    assert met.item(C).standing is Standing.OPEN
    assert met.room(C).opened


def test_a_room_whose_time_is_over_leaves_nothing_once_another_is_shown(met):
    before = met.session(C)
    tap(met, show(met), C)

    show(met, now=NOW + STAYS_OPEN)

    assert met.session(C) == before
    assert [room.tapped(C) for room in Room.objects.all()] == [False]


def test_no_two_rooms_of_one_seat_have_the_same_code(met, monkeypatch):
    drawn = iter([7, 7, 7, 8])
    monkeypatch.setattr(rooms.secrets, "randbelow", lambda _: next(drawn))

    codes = [show(met, T), show(met, T)]

    assert codes == ["000007", "000008"]


def test_where_both_show_the_same_code_each_taps_the_others(met, monkeypatch):
    monkeypatch.setattr(rooms.secrets, "randbelow", lambda _: 7)
    codes = {show(met, T), show(met, C)}

    tap(met, *codes, C)

    taps = met.dyad().rooms.values_list("shown_by", "client_tapped")
    assert sorted(taps) == [(C, False), (T, True)]


# Sessions


def test_a_session_is_added_after_the_others_and_both_see_it(two):
    start = NOW + 30 * DAY

    number = two.do(actions.add_session, T, start, mode=Mode.ONLINE)

    assert number == 5
    assert two.session(C, 5, now=start).session.mode is Mode.ONLINE
    (times,) = queries.times_of([two.pair(C)], now=NOW + 10 * DAY)
    assert times.upcoming == start


def test_the_frame_is_the_therapists_to_hold(two):
    with pytest.raises(NotYoursError, match="the therapist's to hold"):
        two.do(actions.add_session, C, NOW + 30 * DAY, mode=Mode.ROOM)

    assert two.dyad().sessions.count() == 4


@pytest.mark.parametrize("number", [1, 4])
def test_a_new_session_comes_after_the_ones_that_have_begun(two, number):
    start = Session.objects.get(dyad=two.dyad(), number=number).planned_start

    with pytest.raises(NotNowError, match="after the ones that have begun, at a time"):
        two.do(actions.add_session, T, start, mode=Mode.ROOM)

    assert two.dyad().sessions.count() == 4


def add(two, days):
    """Let the therapist add a session in so many days; return its number."""
    return two.do(actions.add_session, T, NOW + days * DAY, mode=Mode.ROOM)


def test_a_session_is_planned_a_year_ahead_at_most(two):
    with pytest.raises(NotNowError, match="a year ahead at most"):
        add(two, 367)

    assert add(two, 366) == 5


def test_a_number_is_never_given_again(two):
    first = add(two, 30)
    two.do(actions.remove_session, T, first)
    second = add(two, 30)
    two.dyad().sessions.all().delete()

    assert (first, second, add(two, 1)) == (5, 6, 7)


def test_a_session_to_come_is_removed_once_and_for_both(two):
    for _ in range(2):
        two.do(actions.remove_session, T, 4)

    numbers = [[s.number for s in two.seen(seat).ours.sessions] for seat in Seat]
    assert numbers == [[1, 2, 3], [1, 2, 3]]


@pytest.mark.parametrize("number", [0, 1, 3, 99, TOO_LARGE])
def test_a_session_that_has_begun_is_never_removed(two, number):
    two.open()
    before = stored(two.world)[1]

    two.do(actions.remove_session, T, number)

    assert stored(two.world)[1] == before


def test_the_client_removes_no_session(two):
    with pytest.raises(NotYoursError, match="the therapist's to hold"):
        two.do(actions.remove_session, C, 4)

    assert two.dyad().sessions.count() == 4
