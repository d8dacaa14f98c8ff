"""The protocol of opening against a plain model of it, and under true races.

The model is a few dictionaries, written from the law: an item is open where both
answered it, both are willing for that session, neither took it back and, for what was
left unsaid, both had their switch on when they answered. What has once been open can
no longer be changed.
"""

import threading
from collections import defaultdict
from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from app_people import NOW, dyad, make_world
from duologue.errors import DuologueError, NotNowError, NotYoursError
from duologue.records import Seat
from duologue.store import actions, queries
from duologue.store.models import Answer
from rules import ON_POSTGRESQL
from two_seats import C, T, Two, undone

SESSIONS = (2, 3)
VALUES = {
    "open": (20.0, 80.0),
    "unsaid": ("no", "matters", "decline"),
    "unsaid_why": (("timing",),),
}
WRONG_CODE = "no code"
MINUTES_OF_A_ROOM = 20

seats = st.sampled_from(Seat)
sessions = st.sampled_from((3, 3, 3, 2))
items = st.sampled_from(("open", "open", "unsaid", "unsaid", "unsaid_why"))
answers = items.flatmap(
    lambda item: st.tuples(st.just(item), st.sampled_from((*VALUES[item], None)))
)


def named(name, *rest):
    """Return the strategy of a command."""
    return st.tuples(st.just(name), seats, *rest)


answering = st.builds(
    lambda told, answer: (*told, *answer), named("answer", sessions), answers
)
commands = st.one_of(
    *(answering, answering),
    *(named("say", sessions, st.booleans()), named("say", sessions, st.just(True))),
    *(named("close", sessions, items, st.just(back)) for back in (True, False)),
    named("share_unsaid", st.booleans()),
    *(named("tap", st.just(0)), named("tap", st.integers(0, 2))),
    named("show", sessions),
    named("skip", sessions) | named("leave"),
)


class Law:
    """What holds between the two, in plain words. The clock is set from outside."""

    def __init__(self):
        self.minute = 0
        self.answers = {}  # (seat, session, item): value
        self.kept_back = set()  # answers to unsaid given, or left, with the switch off
        self.willing = set()  # (seat, session)
        self.finished = set()  # (seat, session)
        self.taken_back = set()  # (seat, session, item)
        self.switch = {C: False, T: False}
        self.was_open = set()  # (session, item)
        self.rooms = []  # the newest last

    def is_open(self, session, item):
        """Whether both see both answers now."""
        return item != "unsaid_why" and all(
            (key := (seat, session, item)) in self.answers
            and self.answers[key] != "decline"
            and (seat, session) in self.willing
            and key not in self.taken_back
            and key not in self.kept_back
            for seat in Seat
        )

    def opened(self):
        """Return what is open now: sessions and items."""
        return {(s, i) for s in SESSIONS for i in VALUES if self.is_open(s, i)}

    def settle(self):
        """Remember what has been open."""
        self.was_open |= self.opened()

    def answer(self, seat, session, item, value):
        """Answer, answer otherwise, or take an answer out with None."""
        self.finished.add((seat, session))
        key = (seat, session, item)
        if (session, item) in self.was_open or self.answers.get(key) == value:
            return
        self.kept_back.discard(key)
        self.answers.pop(key, None)
        if value is not None:
            self.answers[key] = value
            if item == "unsaid" and not self.switch[seat]:
                self.kept_back.add(key)

    def skip(self, seat, session):
        """Be done with it."""
        self.finished.add((seat, session))

    def say(self, seat, session, yes):
        """Be willing, or not; whoever is not takes a waiting tap back as well."""
        self.finished.add((seat, session))
        if yes:
            self.willing.add((seat, session))
            return
        self.willing.discard((seat, session))
        for room in self.rooms:
            if room["session"] == session and not room["opened"]:
                room["taps"].discard(seat)

    def close(self, seat, session, item, back):
        """Take one's own answer back, or open it again."""
        if (session, item) not in self.was_open:
            raise NotYoursError
        change = self.taken_back.add if back else self.taken_back.discard
        change((seat, session, item))

    def share_unsaid(self, seat, on):
        """Turn one's own switch; off closes every earlier answer for good."""
        self.switch[seat] = on
        if not on:
            self.kept_back |= {
                k for k in self.answers if (k[0], k[2]) == (seat, "unsaid")
            }

    def put_away(self, seat, room):
        """Look at a room no longer; a tap that opened nothing is gone."""
        room["away"].add(seat)
        if not room["opened"]:
            room["taps"].discard(seat)

    def show(self, seat, session):
        """Show a new code; one's own code before it is put away."""
        self.rooms = [room for room in self.rooms if self.minute < room["ends"]]
        for room in self.rooms:
            if room["shown_by"] is seat:
                self.put_away(seat, room)
        new = {"session": session, "shown_by": seat, "taps": set(), "away": set()}
        new |= {"ends": self.minute + MINUTES_OF_A_ROOM, "opened": 0}
        self.rooms.append(new)

    def tap(self, seat, nth):
        """Say yes here and now, with the nth newest code: only both taps do anything."""
        if nth >= len(self.rooms) or self.minute >= self.rooms[-1 - nth]["ends"]:
            raise NotNowError
        room = self.rooms[-1 - nth]
        room["taps"].add(seat)
        room["away"].discard(seat)
        if room["taps"] == set(Seat) and not room["opened"]:
            room["opened"] = self.minute
            self.willing |= {(each, room["session"]) for each in Seat}
            self.finished |= {(each, room["session"]) for each in Seat}

    def leave(self, seat):
        """Put every room away."""
        for room in self.rooms:
            self.put_away(seat, room)

    def room_of(self, seat):
        """Return the room that one of the two sees: the last that opened, or was shown."""
        seen = [
            room
            for room in self.rooms
            if self.minute < room["ends"]
            and seat not in room["away"]
            and seat in room["taps"] | {room["shown_by"]}
        ]
        return max(reversed(seen), key=lambda room: room["opened"], default=None)

    def seen(self, seat, session, item):
        """Return what one of the two sees of an item: mine, theirs, where it stands."""
        is_open = self.is_open(session, item)
        other = self.answers.get((seat.other, session, item))
        was_open = (session, item) in self.was_open
        return (
            self.answers.get((seat, session, item)),
            other if is_open else None,
            "open" if is_open else "closed" if was_open else "sealed",
            (seat, session, item) in self.taken_back,
        )


class Store:
    """The same acts, in the store."""

    def __init__(self, two):
        self.two = two
        self.minute = 0

    def do(self, action, seat, *args, **more):
        """Let one of the two do something now."""
        return self.two.do(action, seat, *args, now=at(self.minute), **more)

    def answer(self, seat, session, item, value):
        """Answer."""
        self.do(actions.reflect, seat, session, {item: value})

    def skip(self, seat, session):
        """Skip."""
        self.do(actions.skip, seat, session)

    def say(self, seat, session, yes):
        """Be willing, or not."""
        action = actions.say_willing if yes else actions.say_not_willing
        self.do(action, seat, session)

    def close(self, seat, session, item, back):
        """Take back, or open again."""
        action = actions.take_back if back else actions.open_again
        self.do(action, seat, session, item)

    def share_unsaid(self, seat, on):
        """Turn the switch."""
        self.do(actions.share_unsaid, seat, on=on)

    def show(self, seat, session):
        """Show a code."""
        self.do(actions.show_room, seat, session)

    def tap(self, seat, nth):
        """Tap, with the nth newest code."""
        rooms = self.two.dyad().rooms.order_by("-pk")
        found = rooms.values_list("session__number", "code")[nth : nth + 1]
        number, code = next(iter(found), (3, WRONG_CODE))
        self.do(actions.tap, seat, number, code)

    def leave(self, seat):
        """Leave the room."""
        self.do(actions.leave_room, seat)


def at(minute):
    """Return a moment: the commands of a story are a minute apart."""
    return NOW + timedelta(minutes=minute)


def outcome(act, *args):
    """Do something; return what kind of refusal it met, if any."""
    try:
        act(*args)
    except DuologueError as refused:
        return type(refused)
    return None


class Opening(RuleBasedStateMachine):
    """Two people, two sessions, and everything that opens or closes an answer."""

    def __init__(self):
        super().__init__()
        self.undo = undone()
        self.undo.__enter__()
        self.two = Two(make_world())
        self.law, self.store = Law(), Store(self.two)
        self.pairs = {seat: self.two.pair(seat) for seat in Seat}
        self.told, self.moved = [], False
        self.open_before = {}

    def teardown(self):
        """Leave nothing behind."""
        self.undo.__exit__(None, None, None)

    def pass_time(self, minutes):
        """Let the clock go on for both."""
        self.law.minute += minutes
        self.store.minute += minutes

    def both(self, command, *args):
        """Let something happen in the store and under the law: the same refusals."""
        self.pass_time(1)
        before = self.law.opened(), *self.two.revisions()
        found = outcome(getattr(self.store, command), *args)
        expected = outcome(getattr(self.law, command), *args)
        self.law.settle()
        after = self.law.opened(), *self.two.revisions()
        ours, client, therapist, both = (
            new != old for new, old in zip(after, before, strict=True)
        )
        assert found is expected
        assert both is ours
        self.moved |= ours
        assert (client, therapist) == tuple(
            found is None and seat is args[0] for seat in Seat
        )

    def tell(self, command, *args):
        """Let something happen, and remember it."""
        self.told.append((command, *args))
        self.both(command, *args)

    @initialize(
        unsaid=st.sampled_from(["no", "matters", "decline"]),
        late=st.none() | st.integers(0, 7),
        absent=st.none() | st.integers(0, 7),
        one_by_one=st.booleans(),
        taps=st.sampled_from([None, (), (C,), (T,), (C, T)]),
    )
    def begin(self, unsaid, late, absent, one_by_one, taps):
        """Begin where all is open, but for one thing that came late and one that did not."""
        story = [
            *(("share_unsaid", seat, True) for seat in Seat),
            *(("answer", seat, 3, "open", 20.0) for seat in Seat),
            *(("answer", seat, 3, "unsaid", unsaid) for seat in Seat),
            *(("say", seat, 3, True) for seat in Seat),
        ]
        if one_by_one:
            story.sort(key=lambda command: command[1])
        last = [] if late is None else [story[late]]
        first = [each for i, each in enumerate(story) if i not in (late, absent)]
        room = [] if taps is None else [("show", T, 3)]
        room += [("tap", seat, 0) for seat in taps or ()]
        for command in (*first, *room, *last):
            self.tell(*command)

    @rule(command=commands)
    def one_thing_happens(self, command):
        self.tell(*command)

    @rule(several=st.lists(commands, min_size=2, max_size=8))
    def a_few_things_happen(self, several):
        for command in several:
            self.tell(*command)

    @precondition(lambda self: self.law.rooms)
    @rule()
    def the_time_of_the_room_is_over(self):
        self.pass_time(MINUTES_OF_A_ROOM)

    @rule(seat=seats)
    def every_form_of_one_device_is_posted_once_more(self, seat):
        for command in self.told:
            if command[:2] == ("answer", seat):
                self.both(*command)

    @precondition(lambda self: self.told)
    @rule(data=st.data())
    def an_earlier_request_comes_once_more(self, data):
        self.both(*data.draw(st.sampled_from(self.told)))

    @precondition(lambda self: self.told and self.told[-1][0] not in ("show", "leave"))
    @rule()
    def the_last_request_comes_twice(self):
        last = self.told[-1]
        self.both(*last)
        once = self.expected()

        self.both(*last)

        assert self.expected() == once

    def expected(self):
        """Return what each sees of each item of each session, as the law says."""
        return {
            (seat, session): {
                item: self.law.seen(seat, session, item) for item in VALUES
            }
            for seat in Seat
            for session in SESSIONS
        }

    @invariant()
    def each_sees_what_the_law_says(self):
        for (seat, number), expected in self.expected().items():
            now = at(self.law.minute)
            seen = queries.session_seen(self.pairs[seat], number, now=now)
            found = {
                i.item.id: (i.mine, i.theirs, i.standing, i.taken_back)
                for i in seen.items
                if i.mine is not None or i.theirs is not None or i.item.id in VALUES
            }
            assert found == expected
            assert seen.willing == ((seat, number) in self.law.willing)
            assert seen.finished == ((seat, number) in self.law.finished)

    @precondition(lambda self: self.moved)
    @invariant()
    def what_one_gets_of_the_other_is_what_has_opened_and_no_more(self):
        opened = {
            (session, seat, item, self.law.answers[seat, session, item])
            for session, item in self.law.opened()
            for seat in Seat
        }
        for pair in self.pairs.values():
            found = queries.seen(pair)
            assert told_by(found.ours) == opened
            assert {told[1] for told in told_by(found.mine)} <= {pair.seat}
        self.moved = False

    @invariant()
    def twins_opened_at_one_moment_and_never_changed_since(self):
        twins = defaultdict(set)
        for number, seat, item, opened_at, *value in opened_rows():
            twins[number, item].add(opened_at)
            row = (opened_at, *value)
            assert self.open_before.setdefault((number, seat, item), row) == row
        assert all(len(moments) == 1 for moments in twins.values())
        assert set(twins) == self.law.was_open

    @precondition(lambda self: any(told[0] == "show" for told in self.told))
    @invariant()
    def the_room_is_shown_as_it_stands(self):
        for seat, pair in self.pairs.items():
            room, found = (
                self.law.room_of(seat),
                queries.find_room(pair, now=at(self.law.minute)),
            )
            assert (found is None) == (room is None)
            if room is not None:
                assert found.number == room["session"]
                assert found.opened == bool(room["opened"])
                assert found.tapped == (seat in room["taps"])
                assert bool(found.code) == (room["shown_by"] is seat)


def told_by(course):
    """Return the answers of a course as (session, seat, item, value)."""
    return {
        (r.session, r.seat, a.item, a.value)
        for r in course.reflections
        for a in r.answers
    }


def opened_rows():
    """Return every answer that has ever opened."""
    return Answer.objects.filter(opened_at__isnull=False).values_list(
        "reflection__session__number",
        *("reflection__seat", "item", "opened_at"),
        *("number", "choice", "chips", "words"),
    )


@pytest.mark.no_cover
def test_what_opens_and_closes_is_what_the_law_says(db):
    # The law is the same on every database; the second one is asked less often. All of
    # the stories are told where time is taken for it: HYPOTHESIS_PROFILE=explore.
    n_stories = settings().max_examples // (6 if ON_POSTGRESQL else 3)
    run_state_machine_as_test(
        Opening, settings=settings(stateful_step_count=12, max_examples=n_stories)
    )


# Races, on the database itself: each thread is a device with a connection of its own.

ROUNDS = 16


@pytest.fixture
def racing(transactional_db):
    """The two, with a session for each round; both answered and said nothing more."""
    two = Two(make_world())
    people = two.person(C), two.person(T)
    two.ref = dyad(two.world.practice, *people, sessions=ROUNDS + 1).ref
    for number in range(1, ROUNDS + 1):
        two.answer(C, number, open=20.0)
        two.answer(T, number, open=40.0)
    return two


def at_once(*acts):
    """Do several things at the same moment; return what each gave back."""
    gate, given = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        try:
            gate.wait()
            given[place] = act()
        except Exception as fault:  # noqa: BLE001  (whatever it is, the test shows it)
            given[place] = fault
        finally:
            connection.close()

    devices = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for device in devices:
        device.start()
    for device in devices:
        device.join()
    assert [fault for fault in given if isinstance(fault, Exception)] == []
    return given


def looks(two, seat, number, times=12):
    """Return the act of looking at a session again and again, and what it finds."""

    def look():
        found = set()
        for _ in range(times):
            seen = queries.seen(two.pair(seat), number=number)
            found |= told_by(seen.ours)
        return found

    return look


def act(two, action, seat, *args):
    """Return the act of one of the two."""
    return lambda: two.do(action, seat, *args)


def ours(two, number):
    """Return what is open in a session: the same for both, opened at one moment."""
    client, therapist = (looks(two, seat, number, times=1)() for seat in Seat)
    moments = Answer.objects.filter(
        reflection__session__dyad__ref=two.ref,
        reflection__session__number=number,
        item="open",
    ).values_list("opened_at", flat=True)
    assert client == therapist
    assert len(set(moments)) <= 1
    return client


def opened(number, therapists):
    """Return both answers to the one item that opens in these races."""
    return {(number, C, "open", 20.0), (number, T, "open", therapists)}


@pytest.mark.parametrize("value", [99.0, None])
def test_an_answer_is_changed_before_it_opens_or_not_at_all(racing, value):
    for number in range(1, ROUNDS + 1):
        racing.willing(T, number=number)

        _, kept, *found = at_once(
            act(racing, actions.say_willing, C, number),
            act(racing, actions.reflect, T, number, {"open": value}),
            looks(racing, C, number),
            looks(racing, T, number),
        )

        stands = 40.0 if kept.stayed else value
        expected = set() if stands is None else opened(number, stands)
        assert ours(racing, number) == expected
        assert set.union(*found) <= expected
        assert racing.item(T, number=number).mine == stands


def test_whoever_takes_their_word_back_is_not_overruled(racing):
    for number in range(1, ROUNDS + 1):
        racing.willing(T, number=number)

        *_, found = at_once(
            act(racing, actions.say_willing, C, number),
            act(racing, actions.say_not_willing, T, number),
            looks(racing, C, number),
        )

        assert ours(racing, number) == set()
        assert found <= opened(number, 40.0)
        assert racing.item(T, number=number).mine == 40.0
        assert racing.session(C, number).willing
        assert not racing.session(T, number).willing


def test_two_who_are_willing_at_once_open_it(racing):
    for number in range(1, ROUNDS + 1):
        at_once(*(act(racing, actions.say_willing, seat, number) for seat in Seat))

        assert ours(racing, number) == opened(number, 40.0)


def test_two_taps_at_once_open_it(racing):
    for number in range(1, ROUNDS + 1):
        racing.do(actions.show_room, T, number)
        code = racing.room(T).code

        at_once(*(act(racing, actions.tap, seat, number, code) for seat in Seat))

        assert ours(racing, number) == opened(number, 40.0)


def test_one_who_takes_back_while_the_other_adds_a_thought_closes_it(racing):
    def add(number):
        said = (number, "open", "A thought.")
        return lambda: outcome(racing.do, actions.add_later_thought, C, *said)

    for number in range(1, ROUNDS + 1):
        racing.willing(number=number)

        at_once(act(racing, actions.take_back, T, number, "open"), add(number))

        assert ours(racing, number) == set()
        assert racing.item(T, number=number).thoughts == ()


def test_two_devices_of_one_person_lose_nothing_of_each_other(racing):
    for number in range(1, ROUNDS + 1):
        at_once(
            act(racing, actions.reflect, C, number, {"deep": 1.0, "safe": 10.0}),
            act(racing, actions.reflect, C, number, {"here": 2.0, "safe": 20.0}),
            act(racing, actions.reflect, T, number, {"deep": 3.0}),
        )

        seen = {i.item.id: i.mine for i in racing.session(C, number).own_items}
        assert seen.pop("safe") in (10.0, 20.0)
        assert seen == {"open": 20.0, "deep": 1.0, "here": 2.0}
        assert racing.item(T, "deep", number).mine == 3.0


def test_two_first_posts_of_one_form_are_one(racing):
    number = ROUNDS + 1
    form, now = {"open": 5.0, "line": "A line."}, NOW + timedelta(days=60)
    post = (actions.reflect, C, number, form)

    at_once(*[lambda: racing.do(*post, now=now) for _ in range(4)])

    rows = Answer.objects.filter(reflection__session__number=number)
    assert rows.filter(reflection__session__dyad__ref=racing.ref).count() == 2
    assert racing.item(C, number=number, now=now).mine == 5.0
