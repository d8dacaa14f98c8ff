"""A reflection takes about a minute, whoever reads it and whatever is asked in turn.

Counted are all words that a person must read to answer: of the question, of the two
ends of its scale, and of every option, each word once, as the form shows them. So
counted, the six core prompts have 69 words for the client (37 of questions, 20 of ends,
12 of options) and 83 for the therapist (51, 20 and 12). Not counted, as nobody needs
them to answer and none comes with every session: the heading, the notes in small print,
the line to remember, and the reasons of what was left unsaid, which only they read who
say that there was something.
"""

import pytest

from duologue import instruments
from duologue.records import Kind, Rotation, Seat

PROMPTS = instruments.prompts(Kind.THERAPY)
CORE = [item for item in PROMPTS.items if item.rotation is Rotation.CORE]
IN_TURN = [PROMPTS.item(name) for name in dict.fromkeys(PROMPTS.rotation)]

AVERAGE_WPM, AVERAGE_ANSWER_S, AVERAGE_LIMIT_S = 238, 3, 50
"""Silent reading of English in the mean (Brysbaert, 2019), and a tap or a slide."""

SLOW_WPM, SLOW_ANSWER_S, SLOW_LIMIT_S = 160, 5, 80
"""A slow reader, on a phone, tired."""


def _words(item, seat):
    texts = [item.text[seat], *item.ends.get(seat, ())]
    texts += [option.label for option in item.options.get(seat, ())]
    return sum(len(text.split()) for text in texts)


def _seconds(items, seat, *, wpm, answer):
    return sum(_words(item, seat) / wpm * 60 + answer for item in items)


@pytest.mark.parametrize(
    ("seat", "words"), [(Seat.CLIENT, 69), (Seat.THERAPIST, 83)], ids=str
)
def test_the_six_core_prompts_have_as_many_words_as_is_said(seat, words):
    assert len(CORE) == 6
    assert sum(_words(item, seat) for item in CORE) == words


@pytest.mark.parametrize("seat", Seat)
@pytest.mark.parametrize("item", IN_TURN, ids=lambda item: item.id)
def test_an_average_reader_is_done_in_under_fifty_seconds(seat, item):
    taken = _seconds([*CORE, item], seat, wpm=AVERAGE_WPM, answer=AVERAGE_ANSWER_S)

    assert taken < AVERAGE_LIMIT_S


@pytest.mark.parametrize("seat", Seat)
@pytest.mark.parametrize("item", IN_TURN, ids=lambda item: item.id)
def test_a_slow_reader_is_done_in_under_eighty_seconds(seat, item):
    taken = _seconds([*CORE, item], seat, wpm=SLOW_WPM, answer=SLOW_ANSWER_S)

    assert taken < SLOW_LIMIT_S


def test_every_item_that_may_come_in_turn_is_counted():
    in_turn = {i.id for i in PROMPTS.items if i.rotation is Rotation.ROTATING}

    assert {item.id for item in IN_TURN} == in_turn
