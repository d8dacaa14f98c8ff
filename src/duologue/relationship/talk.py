"""Findings on what was said: counts from one transcript each."""

from collections.abc import Iterator

import numpy as np

from duologue.engine.turns import TalkSummary, summarise
from duologue.engine.words import asks, count_words, ends_asking, is_acknowledgement
from duologue.records import SEATS, Course, Turns
from duologue.relationship.arrays import plain
from duologue.relationship.finding import (
    Chart,
    Finding,
    Level,
    Picture,
    Series,
    Strand,
    Whose,
)
from duologue.relationship.wording import Voice, Words


def talk(course: Course, voice: Voice) -> Iterator[Finding]:
    """Yield what was said in each session that has a transcript."""
    for turns in course.turns:
        yield _turns(turns, voice)


def _turns(turns: Turns, voice: Voice) -> Finding:
    found = _summary(turns)
    share = found.talk_share_words
    if 0 in found.n_words:
        words = voice.say(
            "turns.one_voice", reached=Level.TOO_EARLY, session=turns.session
        )
        return _turns_finding(turns, words, None)
    client = round(100 * share[0])
    words = voice.say(
        "turns.one",
        reached=Level.COUNT,
        session=turns.session,
        client=client,
        therapist=100 - client,
        turns=sum(found.n_turns),
        client_asks=found.n_question_turns[0],
        therapist_asks=found.n_question_turns[1],
    )
    return _turns_finding(turns, words, _talk_chart(turns, found, voice))


def _turns_finding(turns: Turns, words: Words, chart: Chart | None) -> Finding:
    return Finding(
        id=f"ours.turns.{turns.session}",
        strand=Strand.TURNS,
        whose=Whose.OURS,
        title=f"What was said in session {turns.session}",
        sessions=(turns.session,),
        chart=chart,
        **words.as_fields(),
    )


def _summary(turns: Turns) -> TalkSummary:
    seats = {seat: column for column, seat in enumerate(SEATS)}
    texts = [s.text for s in turns.segments]
    return summarise(
        np.array([-1 if s.seat is None else seats[s.seat] for s in turns.segments]),
        np.array([np.nan if s.start_s is None else s.start_s for s in turns.segments]),
        np.array([np.nan if s.end_s is None else s.end_s for s in turns.segments]),
        np.array([count_words(t) for t in texts]),
        np.array([asks(t) for t in texts]),
        np.array([is_acknowledgement(t) for t in texts]),
        ends_asking=np.array([ends_asking(t) for t in texts]),
    )


def _talk_chart(turns: Turns, talk: TalkSummary, voice: Voice) -> Chart:
    rows = {
        "share of the words, %": [100 * v for v in talk.talk_share_words],
        "share of the time, %": [100 * v for v in talk.talk_share_time],
        "turns": talk.n_turns,
        "words a turn": talk.words_per_turn,
        "turns with a question": talk.n_question_turns,
    }
    return Chart(
        picture=Picture.BARS,
        title=f"What was said in session {turns.session}",
        unit="",
        rows=tuple(rows),
        sessions=(turns.session,),
        series=tuple(
            Series(
                label=voice.called(seat),
                seat=seat,
                values=plain(np.array([row[i] for row in rows.values()], dtype=float)),
            )
            for i, seat in enumerate(SEATS)
        ),
        low=0,
        high=100,
    )
