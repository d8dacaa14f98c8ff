"""One question for two: by a schedule, never by an answer."""

from duologue.relationship import one_question
from duologue.relationship.templates import FELT_MET, QUESTIONS


def test_the_questions_take_turns_by_the_number_of_the_session():
    asked = [one_question(number, opening=1) for number in range(1, len(QUESTIONS) + 1)]

    assert sorted(asked) == sorted(QUESTIONS)


def test_every_third_opening_asks_whether_it_felt_met_whatever_the_session():
    asked = [
        opening
        for opening in range(1, 13)
        for number in (1, 4, 5, 50)
        if one_question(number, opening=opening) == FELT_MET
    ]

    assert sorted(set(asked)) == [3, 6, 9, 12]
    assert len(asked) == 16


def test_every_question_is_one():
    assert all(question.endswith("?") for question in (*QUESTIONS, FELT_MET))
