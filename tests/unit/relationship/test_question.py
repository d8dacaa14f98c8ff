"""One question for two people who look together."""

from duologue.relationship import one_question
from duologue.relationship.templates import QUESTIONS


def test_every_question_has_its_turn():
    asked = [one_question(number) for number in range(1, len(QUESTIONS) + 1)]

    assert sorted(asked) == sorted(QUESTIONS)


def test_each_question_can_be_asked_by_itself():
    assert all(question.endswith("?") for question in QUESTIONS)
