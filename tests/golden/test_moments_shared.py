"""Moments of a fictional transcript, worked out by hand from its truth file."""

import json

import pytest

from duologue.engine import words
from duologue.engine.moments.here_and_now import here_and_now
from duologue.engine.moments.saying_more import saying_more
from duologue.engine.moments.turn_signs import turn_signs
from duologue.engine.turns.ribbon import ribbon, row_texts
from duologue.engine.turns.timing import timing
from duologue.engine.wording.lists import Sign
from duologue.engine.wording.literal import wording

pytestmark = pytest.mark.shared

SEATS = {"client": 0, "therapist": 1}


@pytest.fixture
def fine(shared):
    """Give the texts, the wording and the signs of the transcript."""
    path = shared / "data" / "transcripts" / "fine.truth.json"
    segments = json.loads(path.read_text(encoding="utf-8"))["segments"]
    texts = [one["text"] for one in segments]
    seat = [SEATS[one["role"]] for one in segments]
    starts, ends = ([one[name] for one in segments] for name in ("start", "end"))
    acknowledges = [words.is_acknowledgement(text) for text in texts]
    ends_asking = [words.ends_asking(text) for text in texts]
    n_words = [one["n_words"] for one in segments]
    asks = [words.asks(text) for text in texts]
    found = ribbon(
        seat, starts, ends, n_words, asks, acknowledges, ends_asking=ends_asking
    )
    timed = timing(
        seat,
        starts,
        ends,
        resolution_s=0.01,
        acknowledges=acknowledges,
        ends_asking=ends_asking,
    )
    of_rows = row_texts(texts, found.row_of)
    counted = wording(of_rows, found.seat)
    signs = turn_signs(
        found,
        of_rows,
        counted,
        function_words=frozenset(),
        offset_s=timed.changes.offset_s,
    )
    return of_rows, counted, signs


def test_the_one_turn_with_here_and_now_wording_and_what_followed(fine):
    texts, counted, signs = fine

    client, therapist = here_and_now(signs)

    assert client.turn.size == 0
    assert [texts[row][:15] for row in therapist.row] == ["Okay. I notice "]
    found = counted.of(Sign.HERE_AND_NOW)
    assert texts[found.text[0]][found.start[0] : found.end[0]] == "I notice"
    # Segments 16; 18 and 20, round a backchannel; 22.
    assert therapist.replies.n_words.tolist() == [[6, 50, 12]]
    assert therapist.replies.offset_s[0].tolist() == pytest.approx([2.2, 4.1, -0.3])
    assert therapist.replies.asks.tolist() == [[1, 0, 0]]
    assert therapist.replies.i_words.tolist() == [[0, 8, 2]]


def test_the_clients_longest_turn_is_one_in_which_more_is_said(fine):
    texts, _, signs = fine

    client, _ = saying_more(signs)

    longest = texts[client.row[client.n_words.argmax()]]
    assert longest.startswith("It was the message, I suppose.")
    first = client.n_words.argmax()
    assert client.i_words[first] == 8
    assert client.longer[first]
    assert client.backchannels[first] == 1
    assert client.replies.n_words[first].tolist() == [14, 9, 32]
