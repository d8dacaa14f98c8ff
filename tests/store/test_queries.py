"""What queries give back, to whom, and what they do not even load."""

from contextlib import contextmanager
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from app_people import CRISIS, NOW, TELLING, dyad, person
from duologue.errors import NotYoursError
from duologue.records import Kind, Mode, Seat, Status
from duologue.sharing import Scope, Standing
from duologue.store import actions, queries
from duologue.store.models import Answer, Person, Session
from rules import ON_POSTGRESQL
from two_seats import C, T, Two

DAY = timedelta(days=1)
NO_PAIR = r"^there is no such pair\.$"


def everything(two, seat, number=3):
    """Return what every query gives to this seat."""
    who, pair = two.person(seat), two.pair(seat)
    found = queries.seen(pair)
    return {
        "pair": pair,
        "pairs": queries.pairs_of(who),
        "times": queries.times_of([pair], now=NOW),
        "seen": found,
        "seen of one": queries.seen(pair, number=number),
        "seen of all": queries.seen_of_all([pair])[0],
        "shown": queries.shown_to_other(pair),
        "session": queries.session_seen(pair, number, now=NOW),
        "opened": queries.opened_sessions(found, pair),
        "sessions": queries.sessions_of(pair, now=NOW),
        "thoughts": queries.open_thoughts(found, pair),
        "last": queries.last_session(pair, now=NOW),
        "today": queries.today(pair, now=NOW),
        "card": queries.own_card(pair, now=NOW),
        "room": queries.find_room(pair, now=NOW),
        "help": queries.help_for(who),
    }


@contextmanager
def rows_read():
    """Remember every row that the database hands out."""
    read = []
    connection.ensure_connection()
    base = connection.connection
    usual = base.row_factory

    def remember(row):
        read.append(row)
        return row

    def remember_of(cursor):
        make = usual(cursor)
        return lambda values: remember(make(values))

    base.row_factory = (
        remember_of if ON_POSTGRESQL else lambda cursor, row: remember(row)
    )
    try:
        yield read
    finally:
        base.row_factory = usual


def n_queries(act):
    """Return how many queries something takes."""
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)


# What is not told


HIDDEN = {
    "understood": 61.0625,
    "line": "hidden-words",
    "unsaid": "matters",
    "unsaid_why": ("consequences",),
    "need": {C: ("other_topic",), T: ("check_boundary",)},
}
WORDS = (
    "61.0625",
    "hidden-words",
    "matters",
    "consequences",
    "other_topic",
    "check_bo",
)


def as_stored(seat):
    """Return the hidden words as they stand in the database, some of them sealed."""
    line = Answer.objects.filter(item="line", reflection__seat=seat)
    sealed = bytes(line.values_list("words", flat=True).get())
    return (WORDS[0], repr(sealed), *WORDS[2:])


def hide(two, seat):
    """Let one answer what does not open, in a session for which both are willing."""
    two.open()
    own = {k: v[seat] if isinstance(v, dict) else v for k, v in HIDDEN.items()}
    assert two.answer(seat, **own) == actions.Kept()


@pytest.mark.parametrize("seat", Seat)
def test_what_one_keeps_back_is_in_nothing_that_the_other_gets(two, seat):
    hide(two, seat)

    found = {name: repr(own) for name, own in everything(two, seat).items()}
    others = {
        name: without_questions(r) for name, r in everything(two, seat.other).items()
    }

    assert all(word in found["session"] for word in ("61.0625", "hidden-words"))
    assert [(n, w) for n, r in others.items() for w in WORDS if w in r] == []


def without_questions(found):
    """Return how something looks in print, without the questions that were asked."""
    return repr(strip(found))


def strip(found):
    if isinstance(found, dict):
        return {key: strip(value) for key, value in found.items()}
    if isinstance(found, queries.SessionSeen):
        return [
            (i.item.id, i.mine, i.theirs, i.standing, i.thoughts) for i in found.items
        ]
    if hasattr(found, "ours"):
        return [c.reflections for c in (found.mine, found.ours) if c is not None]
    return found


@pytest.mark.parametrize("seat", Seat)
def test_what_one_keeps_back_is_not_even_loaded_for_the_other(two, seat):
    hide(two, seat)

    with rows_read() as own:
        everything(two, seat)
    with rows_read() as others:
        everything(two, seat.other)

    hidden = as_stored(seat)
    assert [word for word in hidden[:4] if word not in repr(own)] == []
    assert [word for word in hidden if word in repr(others)] == []


def test_what_one_shows_the_other_is_made_without_ones_own_answers(two):
    hide(two, T)

    with rows_read() as read:
        queries.shown_to_other(two.pair(C))

    assert [word for word in as_stored(T) if word in repr(read)] == []


@pytest.mark.parametrize("seat", Seat)
@pytest.mark.parametrize("closed_by", Seat)
def test_what_is_closed_again_is_in_nothing_that_the_other_gets(two, seat, closed_by):
    both = {T: ("hidden-words", "-"), C: ("-", "hidden-words")}[seat.other]
    two.open(line=both)
    two.do(actions.add_later_thought, seat, 3, "line", "hidden-thought")
    two.do(actions.take_back, closed_by, 3, "line")

    found = repr(everything(two, seat.other))

    assert "hidden-words" in repr(everything(two, seat))
    assert "hidden-words" not in found
    assert "hidden-thought" not in found


@pytest.mark.parametrize("seat", Seat)
def test_a_hidden_write_changes_nothing_that_the_other_gets(two, seat):
    two.open(number=2)
    before = everything(two, seat.other)

    two.answer(seat, open=1.0, line="hidden-words", need=("quiet",))
    two.willing(seat)
    two.do(actions.share_unsaid, seat, on=True)
    two.do(actions.show_room, seat, 3)
    two.do(actions.tap, seat, 3, two.room(seat).code)

    assert everything(two, seat.other) == before


# Pairs


def test_the_therapist_finds_their_pairs_and_what_they_are_called_in_each(two):
    found = queries.pairs_of(two.person(T))

    assert [(p.ref, p.seat, p.other_called) for p in found] == [
        ("ref-of-ann", T, "client"),
        ("ref-of-bo", T, "client"),
        ("ref-of-sup", C, "supervisor"),
    ]
    assert [p.other for p in found] == ["ann-code", "bo-code", "sup-code"]
    assert {p.person for p in found} == {"therapist-code"}


def test_who_sits_in_no_pair_finds_none(world):
    assert queries.pairs_of(world.out) == ()
    assert queries.help_for(world.out) == ()
    assert queries.seen_of_all([]) == ()
    assert queries.times_of([], now=NOW) == []


def order(two):
    return [pair.ref for pair in queries.pairs_of(two.person(T))]


def test_each_pair_is_told_when_it_met_and_meets_next_in_the_order_asked_for(two):
    Session.objects.filter(dyad__ref="ref-of-bo").delete()
    pairs = [queries.find_pair(two.person(T), ref) for ref in ("ref-of-bo", two.ref)]

    found = queries.times_of(pairs, now=NOW)

    assert found == [
        queries.Times(previous=None, upcoming=None),
        queries.Times(previous=NOW - DAY, upcoming=NOW + 6 * DAY),
    ]


def test_the_order_of_pairs_does_not_depend_on_anybodys_writing(two):
    before = order(two)
    for name, ref in (("bo", "ref-of-bo"), ("sup", "ref-of-sup")):
        for who in (two.world.people[name], two.person(T)):
            actions.reflect(who, ref, 3, {"open": 1.0}, now=NOW)
            actions.say_willing(who, ref, 3, now=NOW)
            actions.send_card(who, ref, now=NOW)

    assert order(two) == before


def test_a_session_that_was_cancelled_is_neither_the_last_nor_the_next(two):
    of_ann = Session.objects.filter(dyad=two.dyad())
    of_ann.filter(number__in=(3, 4)).update(status=Status.CANCELLED, by=C)

    pair = two.pair(C)

    (times,) = queries.times_of([pair], now=NOW)

    assert times.previous == of_ann.get(number=2).planned_start
    assert times.upcoming is None
    assert queries.last_session(pair, now=NOW).number == 2
    assert queries.today(pair, now=NOW).number == 2


def test_every_session_is_listed_the_newest_first_with_what_became_of_it(two):
    Session.objects.filter(dyad=two.dyad(), number=3).update(status=Status.CANCELLED)

    lines = queries.sessions_of(two.pair(T), now=NOW)

    assert lines == queries.sessions_of(two.pair(C), now=NOW)
    assert [(line.number, line.held, line.begun) for line in lines] == [
        (4, True, False),
        (3, False, True),
        (2, True, True),
        (1, True, True),
    ]


def test_the_session_that_is_going_on_is_not_looked_back_on_together(two):
    start = Session.objects.get(dyad=two.dyad(), number=4).planned_start
    pair, long = two.pair(C), timedelta(hours=2)

    found = [
        queries.last_session(pair, now=start + shift).number
        for shift in (timedelta(), long - timedelta(seconds=1), long)
    ]

    assert found == [3, 3, 4]
    ended = Session.objects.get(dyad=two.dyad(), number=3).ended
    assert queries.last_session(pair, now=ended).number == 3
    assert queries.last_session(pair, now=ended - timedelta(seconds=1)).number == 2


@pytest.mark.parametrize("who", ["bo", "kim", "other_therapist", "sup", "out"])
def test_a_stranger_is_told_what_is_told_of_a_pair_that_is_not(two, who):
    two.open()
    messages = set()
    for ref in (two.ref, "absent", "", "\0"):
        with pytest.raises(NotYoursError, match=NO_PAIR) as refused:
            queries.find_pair(two.world.people[who], ref)
        messages.add((str(refused.value), refused.value.args))

    assert len(messages) == 1


def test_a_stranger_and_an_absent_pair_take_the_same_queries(two):
    def ask(who, ref):
        with pytest.raises(NotYoursError, match=NO_PAIR):
            queries.find_pair(who, ref)

    strangers = n_queries(lambda: ask(two.world.out, two.ref))

    assert strangers == n_queries(lambda: ask(two.world.out, "absent")) == 1


def test_a_pair_knows_nothing_of_the_others_seat(two):
    two.do(actions.share_unsaid, C, on=True)

    own, others = (two.pair(seat) for seat in Seat)

    assert (own.shares_unsaid, others.shares_unsaid) == (True, False)
    assert (own.revision, others.revision) == ((1, 0), (0, 0))
    assert (own.person, own.other) == (others.other, others.person)


@pytest.mark.parametrize("number", [0, 4, 99, 10**30])
def test_a_session_to_come_is_told_like_one_that_is_not(two, number):
    with pytest.raises(NotYoursError, match=r"^there is no such session\.$"):
        two.session(C, number)


# Seen


def test_both_get_the_same_of_what_has_opened(two):
    two.open(line=("What I said.", "What I heard."), unsaid=("no", "no"))
    two.answer(C, 2, open=1.0)

    assert two.seen(C).ours == two.seen(T).ours
    assert (two.seen(C).scope, two.seen(T).scope) == (Scope.CLIENT, Scope.THERAPIST)
    assert two.seen(C).mine.reflections != two.seen(T).mine.reflections


@pytest.mark.parametrize("seat", Seat)
def test_what_one_shows_the_other_is_what_the_other_gets(two, seat):
    two.open(line=("What I said.", "What I heard."))
    two.answer(seat, 2, open=1.0)
    two.answer(seat.other, 2, deep=2.0)

    shown = queries.shown_to_other(two.pair(seat))

    assert shown == two.seen(seat.other).together()
    assert shown.mine is None
    assert [r.seat for r in shown.ours.reflections] == [C, T]


def test_one_session_is_seen_without_the_others(two):
    two.open(number=2)
    two.open(number=3)

    found = queries.seen(two.pair(C), number=2)

    assert [s.number for s in found.ours.sessions] == [2]
    assert [r.session for r in found.ours.reflections] == [2, 2]


def test_several_pairs_are_seen_each_as_alone_and_in_their_order(two):
    two.open()
    pairs = [queries.find_pair(two.person(T), ref) for ref in ("ref-of-sup", two.ref)]

    found = queries.seen_of_all(pairs)

    assert found == tuple(queries.seen(pair) for pair in pairs)
    assert [seen.scope for seen in found] == [Scope.CLIENT, Scope.THERAPIST]


def test_what_is_open_of_ones_own_is_listed_the_newest_first(two):
    two.open(number=1)
    two.open(number=3, need=(("quiet",), ("slower",)))
    two.answer(C, 3, deep=1.0)

    listed = queries.opened_sessions(two.seen(C), two.pair(C))

    assert [s.session.number for s in listed] == [3, 1]
    answers = [(item.id, value) for item, value in listed[0].answers]
    assert answers == [("open", 70.0), ("need", ("quiet",))]


def test_what_one_did_with_the_newest_session_is_known_to_oneself_alone(two):
    two.do(actions.reflect, C, 3, {}, ask_again=True)

    own, others = (queries.today(two.pair(seat), now=NOW) for seat in Seat)

    assert (own.number, own.start) == (others.number, others.start) == (3, NOW - DAY)
    assert (own.finished, own.ask_again) == (True, True)
    assert (others.finished, others.ask_again) == (False, False)


def test_a_question_of_an_earlier_session_is_not_asked_again(two):
    two.do(actions.reflect, C, 2, {}, ask_again=True)

    found = queries.today(two.pair(C), now=NOW)

    assert (found.finished, found.ask_again) == (False, False)


def test_before_the_first_session_there_is_nothing_to_look_back_on(two):
    found = queries.today(two.pair(C), now=NOW - 90 * DAY)

    assert (found.number, found.start, found.finished) == (None, None, False)
    assert queries.last_session(two.pair(C), now=NOW - 90 * DAY) is None


def test_a_card_that_one_has_sent_is_known_to_oneself_alone(two):
    two.do(actions.send_card, C)

    next_day = Session.objects.get(dyad=two.dyad(), number=4).planned_start.date()
    own = [queries.own_card(two.pair(C), now=NOW + n * DAY) for n in (0, 6, 7)]
    assert own == [
        queries.OwnCard(reaches=next_day),
        queries.OwnCard(reaches=next_day, here=True),
        None,
    ]
    assert queries.own_card(two.pair(T), now=NOW) is None


def test_the_others_card_lies_there_on_one_day_from_its_first_minute_to_its_last(two):
    day = NOW - DAY
    two.do(actions.send_card, C, now=day - 2 * DAY)
    pair = two.pair(T)
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo("Europe/London"))

    found = [
        queries.today(pair, now=midnight + timedelta(**shift)).card
        for shift in (
            {"seconds": -1},
            {},
            {"hours": 12},
            {"seconds": 86399},
            {"days": 1},
        )
    ]

    assert found == [False, True, True, True, False]


@pytest.mark.parametrize("n", [1, 4, 9])
def test_several_sessions_of_one_day_are_one_day_for_the_card(two, n):
    start = NOW + 20 * DAY
    for hour in range(n):
        at = start + timedelta(hours=hour / 4)
        two.do(actions.add_session, T, at, mode=Mode.ROOM)
    two.do(actions.send_card, C, now=NOW + 10 * DAY)

    found = [queries.today(two.pair(T), now=start + d * DAY).card for d in (-1, 0, 1)]

    assert found == [False, True, False]


def test_ones_own_thoughts_are_listed_while_the_other_can_see_them(two):
    two.open(deep=(1.0, 2.0))
    two.do(actions.add_later_thought, C, 3, "open", "Mine.")
    two.do(actions.add_later_thought, C, 3, "deep", "Closed.")
    two.do(actions.add_later_thought, T, 3, "open", "Theirs.")
    two.do(actions.take_back, T, 3, "deep")

    found = [queries.open_thoughts(two.seen(seat), two.pair(seat)) for seat in Seat]

    assert [[(t.item.id, t.words) for t in own] for own in found] == [
        [("open", "Mine.")],
        [("open", "Theirs.")],
    ]


def test_a_session_shows_ones_own_answers_and_what_has_opened(two):
    two.open(line=("What I said.", "What I heard."))
    two.answer(C, deep=1.0)

    seen = two.session(C)

    assert [i.item.id for i in seen.own_items] == ["open", "deep", "line"]
    assert [i.item.id for i in seen.open_items] == ["open", "line"]
    assert two.item(C, "deep").standing is Standing.SEALED
    assert two.item(T, "line").theirs == "What I said."


# People


def test_the_people_of_a_demo_are_found_by_their_code_and_nobody_else_is(two):
    Person.objects.filter(code="kim-code").update(made_up=False)

    people = {p.code: p.seats for p in queries.demo_people()}

    assert next(iter(people.items())) == (
        "therapist-code",
        ("therapist", "therapist", "supervisee"),
    )
    assert "kim-code" not in people
    assert queries.demo_person("kim-code") is None
    assert queries.demo_person("ann-code") == two.world.ann
    assert queries.demo_person("absent") is None


def test_everybody_finds_the_words_of_their_practice(two):
    (for_client,) = queries.help_for(two.person(C))
    (for_therapist,) = queries.help_for(two.person(T))

    assert (for_client.crisis, for_client.telling) == (CRISIS, TELLING)
    assert (for_client.supervisor, for_client.wellbeing) == ("", "")
    assert for_therapist.crisis == CRISIS
    assert for_therapist.supervisor
    assert for_therapist.wellbeing


# How many queries


def with_sessions(two, n):
    """Return two people who have met so many times, and opened all of it."""
    made = Two(two.world)
    made.ref = dyad(
        two.world.practice, made.person(C), made.person(T), sessions=n + 1
    ).ref
    for number in range(1, n + 1):
        made.open(number, deep=(1.0, 2.0), need=(("quiet",), ("slower",)))
        made.do(actions.add_later_thought, C, number, "open", "A thought.")
    return made


@pytest.mark.parametrize("seat", Seat)
def test_twelve_sessions_take_as_many_queries_as_one(two, seat):
    one, twelve = with_sessions(two, 1), with_sessions(two, 12)

    few = n_queries(lambda: everything(one, seat, number=1))
    many = n_queries(lambda: everything(twelve, seat, number=12))

    assert many == few
    assert len(twelve.seen(seat).ours.reflections) == 24


def test_twelve_pairs_take_as_many_queries_as_one(two):
    def all_of(who):
        pairs = queries.pairs_of(who)
        return queries.seen_of_all(pairs), queries.times_of(pairs, now=NOW)

    busy, quiet = person("busy"), person("quiet")
    for n in range(12):
        kind = Kind.SUPERVISION if n % 2 else Kind.THERAPY
        dyad(two.world.practice, person(f"client-{n}"), busy, kind=kind)
    dyad(two.world.practice, person("client-of-quiet"), quiet)

    assert [len(found) for found in all_of(busy)] == [12, 12]
    assert n_queries(lambda: all_of(busy)) == n_queries(lambda: all_of(quiet))


# Revisions


def alone(two, seat):
    """Name what one may do that the other does not notice."""
    other_answered_too = {"deep": 5.0}
    return {
        "answers": lambda: two.answer(seat, 2, open=1.0),
        "changes": lambda: two.answer(seat, 2, open=2.0, line="hidden"),
        "is willing": lambda: two.willing(seat, number=2),
        "is no longer willing": lambda: two.do(actions.say_not_willing, seat, 2),
        "answers in an open session": lambda: two.answer(seat, **other_answered_too),
        "tries to change": lambda: two.answer(seat, open=1.0),
        "takes out": lambda: two.answer(seat, 2, open=None),
        "skips": lambda: two.do(actions.skip, seat, 1),
        "shares": lambda: two.do(actions.share_unsaid, seat, on=True),
        "shares no more": lambda: two.do(actions.share_unsaid, seat, on=False),
        "shows a room": lambda: two.do(actions.show_room, seat, 2),
        "taps": lambda: two.do(actions.tap, seat, 2, two.room(seat).code),
        "leaves": lambda: two.do(actions.leave_room, seat),
        "sends a card": lambda: two.do(actions.send_card, seat),
        "withdraws it": lambda: two.do(actions.withdraw_card, seat),
        "is willing once more": lambda: two.willing(seat),
    }


def moved(two, act):
    """Return which revisions something moves: client, therapist, ours."""
    before = two.revisions()
    act()
    after = two.revisions()
    return [new - old for old, new in zip(before, after, strict=True)]


@pytest.mark.parametrize("seat", Seat)
def test_a_hidden_write_moves_the_revision_of_its_own_seat_alone(two, seat):
    two.open()
    alike = [1, 0, 0] if seat is C else [0, 1, 0]

    found = {name: moved(two, act) for name, act in alone(two, seat).items()}

    assert found == dict.fromkeys(found, alike)


@pytest.mark.parametrize("seat", Seat)
def test_removing_a_thought_beside_what_is_closed_is_a_hidden_write(two, seat):
    two.open()
    two.do(actions.add_later_thought, seat, 3, "open", "A thought.")
    thought = two.item(seat).thoughts[0].ref
    two.do(actions.take_back, seat.other, 3, "open")

    found = moved(two, lambda: two.do(actions.remove_later_thought, seat, thought))

    assert found == ([1, 0, 0] if seat is C else [0, 1, 0])


def together(two, seat):
    """Name what one may do that both see."""
    number = 3
    thoughts = lambda: [t.ref for t in two.item(seat).thoughts]  # noqa: E731
    both_tap = lambda: two.do(actions.tap, seat, 2, shown_code(two, seat))  # noqa: E731
    return {
        "answers last": lambda: two.answer(seat, deep=1.0),
        "takes back": lambda: two.do(actions.take_back, seat, number, "open"),
        "opens again": lambda: two.do(actions.open_again, seat, number, "open"),
        "adds": lambda: two.do(
            actions.add_later_thought, seat, number, "open", "More."
        ),
        "removes": lambda: two.do(actions.remove_later_thought, seat, *thoughts()),
        "shares no more": lambda: two.do(actions.share_unsaid, seat, on=False),
        "is not willing": lambda: two.do(actions.say_not_willing, seat, number),
        "is willing": lambda: two.willing(seat),
        "taps last": both_tap,
    }


def shown_code(two, seat):
    """Return the code of the room that the other shows."""
    return two.room(seat.other).code


@pytest.mark.parametrize("seat", Seat)
def test_what_changes_what_both_see_moves_the_revision_of_both(two, seat):
    for each in Seat:
        two.do(actions.share_unsaid, each, on=True)
        two.answer(each, 2, open=1.0)
    two.open(unsaid=("no", "no"))
    two.answer(seat.other, deep=1.0)
    two.do(actions.show_room, seat.other, 2)
    two.do(actions.tap, seat.other, 2, shown_code(two, seat))
    alike = [1, 0, 1] if seat is C else [0, 1, 1]

    found = {name: moved(two, act) for name, act in together(two, seat).items()}

    assert found == dict.fromkeys(found, alike)


def test_a_new_session_is_seen_by_both(two):
    def add():
        two.do(actions.add_session, T, NOW + 30 * DAY, mode=Mode.ROOM)

    assert moved(two, add) == [0, 1, 1]


def test_what_is_refused_moves_nothing(two):
    def refused():
        with pytest.raises(NotYoursError, match="no such answer"):
            two.do(actions.take_back, C, 3, "open")

    assert moved(two, refused) == [0, 0, 0]


def test_nothing_of_one_pair_moves_a_revision_of_another(two):
    bo = Two(two.world)
    bo.ref = two.world.ref("bo")

    def write_elsewhere():
        for who in (two.world.bo, two.person(T)):
            actions.reflect(who, bo.ref, 3, {"open": 1.0}, now=NOW)
            actions.say_willing(who, bo.ref, 3, now=NOW)

    assert moved(two, write_elsewhere) == [0, 0, 0]
    assert bo.revisions() == (2, 2, 1)
