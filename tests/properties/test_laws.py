"""The laws of the product, on courses that Hypothesis makes.

Law 5, non-interference: change what a person may not see, and nothing that this person
gets changes by a byte: not the reading, nor its JSON, page or terminal text. Each such
test has a positive control, since a program that says nothing would pass it too.
"""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duologue import instruments
from duologue.faces.as_html import one_reading
from duologue.faces.as_json import to_json
from duologue.faces.as_text import to_text
from duologue.records import (
    Answer,
    Course,
    Kind,
    Measure,
    Reflection,
    Seat,
    Visibility,
)
from duologue.relationship import Whose, read
from duologue.sharing import seen_by, seen_together
from duologue.simulate import SCENARIOS, course
from mirror import swapped_course
from strategies import courses, values

PROMPTS = {kind: instruments.prompts(kind) for kind in Kind}
MADE_UP = [
    course(scenario, PROMPTS[Kind.THERAPY], seed=3) for scenario in SCENARIOS.values()
]


@st.composite
def real_courses(draw):
    """Return courses with the shipped prompts; forms of instruments that ship."""
    kind = draw(st.sampled_from(Kind))
    made = draw(courses(prompts=PROMPTS[kind]))
    return replace(made, dyad=replace(made.dyad, kind=kind), measures=())


@st.composite
def long_courses(draw):
    """Return a made-up pair with some answers drawn anew: long enough for cards."""
    made = draw(st.sampled_from(MADE_UP))
    changed = draw(
        st.lists(st.integers(0, len(made.reflections) - 1), max_size=6, unique=True)
    )
    new = list(made.reflections)
    for place in changed:
        new[place] = draw(_redrawn(new[place]))
    return replace(made, reflections=tuple(new))


@st.composite
def _redrawn(draw, reflection):
    prompts = PROMPTS[Kind.THERAPY]
    return replace(
        reflection,
        answers=tuple(
            Answer(
                a.item,
                draw(values(prompts.item(a.item), reflection.seat)),
                draw(st.booleans()),
            )
            for a in reflection.answers
        ),
    )


any_course = real_courses() | long_courses()


def bytes_for(seen):
    """Return everything that a person gets: data, page and terminal."""
    reading = read(seen)
    return reading, to_json(reading), one_reading(reading), to_text(reading)


def willing(made: Course, answer: Answer | None) -> bool:
    """Whether one side of an item is open. Written from the law, not the program.

    An answer, and a yes to sharing it; declining is not answering.
    """
    if answer is None or not answer.shared:
        return False
    item = made.prompts.item(answer.item)
    if item.visibility is Visibility.AUTHOR_ONLY:
        return False
    nothing = (None, "", (), "decline")
    return answer.value not in nothing and str(answer.value).strip() != ""


def given_by(made: Course) -> dict[tuple[int, Seat, str], Answer]:
    """Return every answer by session, seat and item."""
    return {(r.session, r.seat, a.item): a for r in made.reflections for a in r.answers}


def hidden_keys(made: Course, seat: Seat) -> set[tuple[int, str]]:
    """Name (session, item) of the other's answers that this seat may not see."""
    answers = given_by(made)
    return {
        (session, item)
        for (session, whose, item), answer in answers.items()
        if whose is seat.other
        and not (
            willing(made, answer) and willing(made, answers.get((session, seat, item)))
        )
    }


def private(form: Measure, seat: Seat) -> bool:
    """Whether a form is the therapist's own, which this seat never sees (E2)."""
    return form.seat is Seat.THERAPIST and seat is Seat.CLIENT


def own_forms(made: Course):
    """Return a therapist's form of an instrument that both seats may fill in."""
    number = st.none() | st.integers(1, 7).map(float)
    return st.builds(
        lambda session, values: Measure(
            instrument="arm5",
            session=session,
            seat=Seat.THERAPIST,
            answers=tuple((str(i + 1), v) for i, v in enumerate(values)),
        ),
        st.sampled_from([s.number for s in made.sessions]),
        st.lists(number, min_size=5, max_size=5),
    )


@st.composite
def rewritten(draw, made: Course, seat: Seat):
    """Return the course with the other's hidden answers changed in any way allowed.

    A hidden answer may be changed, removed, or put where there was none, shared or
    not, as long as it stays hidden.
    """
    hidden = hidden_keys(made, seat)
    answers = given_by(made)
    new: list[Reflection] = []
    for session in made.sessions:
        kept = []
        for item in made.prompts.items:
            key = (session.number, item.id)
            before = answers.get((session.number, seat.other, item.id))
            if before is not None and key not in hidden:
                kept.append(before)
            elif draw(st.booleans()):
                mine = answers.get((session.number, seat, item.id))
                shared = not willing(made, mine) and draw(st.booleans())
                kept.append(Answer(item.id, draw(values(item, seat.other)), shared))
        if kept:
            new.append(
                Reflection(session=session.number, seat=seat.other, answers=tuple(kept))
            )
    mine_kept = tuple(r for r in made.reflections if r.seat is seat)
    measures = tuple(m for m in made.measures if not private(m, seat))
    if made.sessions and seat is Seat.CLIENT:
        measures += draw(st.lists(own_forms(made), max_size=1).map(tuple))
    return replace(made, reflections=mine_kept + tuple(new), measures=measures)


@given(data=st.data(), seat=st.sampled_from(Seat))
def test_what_a_person_may_not_see_changes_nothing_that_person_gets(data, seat):
    made = data.draw(any_course)
    changed = data.draw(rewritten(made, seat))
    person = made.dyad.person(seat)

    assert bytes_for(seen_by(made, person)) == bytes_for(seen_by(changed, person))


@given(data=st.data())
def test_the_page_of_the_two_does_not_change_with_what_either_kept_back(data):
    made = data.draw(any_course)
    seat = data.draw(st.sampled_from(Seat))
    changed = data.draw(rewritten(made, seat))

    assert bytes_for(seen_together(made)) == bytes_for(seen_together(changed))


@pytest.mark.parametrize("seat", Seat)
@pytest.mark.parametrize("item", ["open", "safe", "deep", "unsaid", "apart"])
def test_a_change_that_both_may_see_does_show(seat, item):
    made = MADE_UP[2]
    place, old = next(
        (i, r)
        for i, r in enumerate(made.reflections)
        if r.seat is seat.other
        and r.answer(item)
        and (r.session, item) not in hidden_keys(made, seat)
    )
    value = old.answer(item).value
    new = {
        "unsaid": "matters" if value == "no" else "no",
        "apart": "still_there" if value == "no" else "no",
    }.get(item, 1.0)
    answers = tuple(replace(a, value=new) if a.item == item else a for a in old.answers)
    changed = list(made.reflections)
    changed[place] = replace(old, answers=answers)
    visible = replace(made, reflections=tuple(changed))
    person = made.dyad.person(seat)

    before, after = (bytes_for(seen_by(c, person)) for c in (made, visible))

    assert before[1] != after[1]
    assert before[2] != after[2]
    assert (before[3] != after[3]) or item == "apart"


def test_a_form_that_the_client_fills_in_shows_to_both_and_a_therapists_own_to_one():
    """Control for the forms: E1 opens a client's, E2 keeps a therapist's."""
    made = MADE_UP[1]
    form = Measure(
        instrument="arm5",
        session=1,
        seat=Seat.THERAPIST,
        answers=tuple((str(i), 5.0) for i in range(1, 6)),
    )
    kept = replace(made, measures=(*made.measures, form))
    fewer = replace(made, measures=made.measures[:-1])

    def changes(other, person):
        return (
            bytes_for(seen_by(made, person))[1:]
            != bytes_for(seen_by(other, person))[1:]
        )

    assert not changes(kept, made.dyad.client)
    assert changes(kept, made.dyad.therapist)
    assert changes(fewer, made.dyad.client)
    assert changes(fewer, made.dyad.therapist)


@given(made=any_course)
def test_both_people_get_the_same_page_of_the_two(made):
    client = seen_by(made, made.dyad.client).ours
    therapist = seen_by(made, made.dyad.therapist).ours

    assert client == therapist == seen_together(made).ours
    readings = [
        [f for f in read(seen_by(made, person)).findings if f.whose is Whose.OURS]
        for person in (made.dyad.client, made.dyad.therapist)
    ]
    assert readings[0] == readings[1] == list(read(seen_together(made)).findings)


@given(made=any_course)
def test_what_one_may_see_of_the_other_the_other_may_see_of_the_one(made):
    ours = seen_together(made).ours

    seen = {
        seat: {
            (r.session, a.item)
            for r in ours.reflections
            if r.seat is seat
            for a in r.answers
        }
        for seat in Seat
    }

    assert seen[Seat.CLIENT] == seen[Seat.THERAPIST]


@given(made=any_course)
def test_nothing_sealed_is_in_the_page_of_the_two(made):
    ours = seen_together(made).ours
    known = {(r.session, r.seat, a.item) for r in ours.reflections for a in r.answers}

    for seat in Seat:
        for session, item in hidden_keys(made, seat):
            assert (session, seat.other, item) not in known


@pytest.mark.parametrize("why", ["no form", "blank", "not shared", "declined"])
def test_silence_looks_like_silence(why):
    """Law 4: four reasons for nothing, one and the same page for the other."""
    made = MADE_UP[2]
    session = 14

    def silent(reflection):
        answers = reflection.answers
        if why == "blank":
            answers = tuple(replace(a, value=None) for a in answers)
        elif why == "not shared":
            answers = tuple(replace(a, shared=False) for a in answers)
        elif why == "declined":
            answers = tuple(
                replace(a, value="decline")
                if a.item == "unsaid"
                else replace(a, value=None)
                for a in answers
            )
        return replace(reflection, answers=answers)

    def silenced():
        for r in made.reflections:
            if (r.session, r.seat) != (session, Seat.CLIENT):
                yield r
            elif why != "no form":
                yield silent(r)

    course_ = replace(made, reflections=tuple(silenced()))
    never = replace(
        made,
        reflections=tuple(
            r for r in made.reflections if (r.session, r.seat) != (session, Seat.CLIENT)
        ),
    )
    therapist = made.dyad.therapist

    assert bytes_for(seen_by(course_, therapist)) == bytes_for(
        seen_by(never, therapist)
    )


@given(made=any_course)
def test_exchanging_the_two_seats_mirrors_the_reading(made):
    """Law 1: the same findings, with the seats exchanged, and the same bytes back."""
    bare = replace(made, measures=(), goals=())
    mirrored = swapped_course(bare)

    one = read(seen_together(bare))
    other = read(seen_together(mirrored))

    assert [f.id for f in one.findings] == [f.id for f in other.findings]
    for a, b in zip(one.findings, other.findings, strict=True):
        assert (a.level, a.card, a.sessions) == (b.level, b.card, b.sessions)
        assert a.chance_rate == b.chance_rate
        if a.chart is not None and len(a.chart.series) == 2:
            flipped = {s.seat: s for s in b.chart.series}
            for line in a.chart.series:
                if line.seat is not None and a.item != "lead":
                    assert flipped[line.seat.other].values == line.values
                    assert flipped[line.seat.other].lower == line.lower
    twice = swapped_course(mirrored)
    assert to_json(read(seen_together(twice))) == to_json(one)


@given(made=any_course, seat=st.sampled_from(Seat))
def test_exchanging_the_two_seats_exchanges_their_own_pages(made, seat):
    bare = replace(made, measures=(), goals=())
    person = bare.dyad.person(seat)

    one = [f for f in read(seen_by(bare, person)).findings if f.whose is Whose.MINE]
    mirrored = swapped_course(bare)
    other = [
        f for f in read(seen_by(mirrored, person)).findings if f.whose is Whose.MINE
    ]

    def words(findings):
        return [(f.id, f.title, f.sentence, f.level, f.card) for f in findings]

    assert words(one) == words(other)


def test_the_made_up_pairs_reach_cards_and_opened_answers():
    """A property that never meets a card or an opened answer would show nothing."""
    readings = [read(seen_by(c, c.dyad.client)) for c in MADE_UP]

    assert any(reading.cards for reading in readings)
    assert any(seen_together(c).ours.reflections for c in MADE_UP)
