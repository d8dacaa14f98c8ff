"""One question for two people who look together."""

from build import FLAT, C, T, course, reading
from duologue.relationship import one_question
from duologue.relationship.templates import QUESTIONS


def test_what_stands_out_for_both_asks_its_own_question():
    made = course({("open", C): (*FLAT, 20), ("open", T): (*FLAT, 20)})
    found = reading(made)

    card = next(f for f in found.cards if f.question)

    assert one_question(found) == card.question


def test_where_nothing_stands_out_the_question_goes_by_the_number_of_sessions():
    asked = [one_question(reading(course(n=n))) for n in range(1, len(QUESTIONS) + 1)]

    assert sorted(asked) == sorted(QUESTIONS)


def test_the_question_does_not_depend_on_what_is_hidden():
    hidden = course({("open", C): (*FLAT, 20), ("open", T): (*FLAT, 20)}, shared=False)

    assert one_question(reading(hidden)) == one_question(reading(course(n=12)))
