"""From a transcript to what is counted of it: texts in, numbers and places out."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from duologue.engine.matching.excess import Excess
from duologue.engine.matching.following import following
from duologue.engine.matching.function_words import ALL_FUNCTION_WORDS
from duologue.engine.matching.function_words import VERSION as FUNCTION_WORDS_VERSION
from duologue.engine.matching.similar import lexical
from duologue.engine.matching.tokens import OPENED, opened_words
from duologue.engine.moments.here_and_now import HereAndNow, here_and_now
from duologue.engine.moments.replies import Replies
from duologue.engine.moments.saying_more import SayingMore, saying_more
from duologue.engine.moments.turn_signs import TurnSigns, turn_signs
from duologue.engine.seats import NEITHER
from duologue.engine.turns.floor import Kind
from duologue.engine.turns.over_session import OverSession, Parts, over_session
from duologue.engine.turns.ribbon import Ribbon, row_texts
from duologue.engine.turns.talk import summarise
from duologue.engine.turns.timing import Timing, timing
from duologue.engine.wording.literal import wording
from duologue.engine.words import asks, count_words, ends_asking, is_acknowledgement
from duologue.errors import ParameterError
from duologue.records import (
    SEATS,
    Following,
    Noticed,
    Part,
    Passage,
    Reply,
    Response,
    Seat,
    Silence,
    Spoken,
    Stretch,
    Timed,
    Turns,
)

MICRO = 6
MOST_TURNS = 6000
"""Each turn is set beside each: of so many that takes a second, and 350 MB. Three hours in
which somebody takes over every other second are fewer."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The segments of a transcript as the engine takes them, in the order of the file."""

    seat: NDArray[np.int64]
    start_s: NDArray[np.float64]
    end_s: NDArray[np.float64]
    n_words: NDArray[np.int64]
    asks: NDArray[np.bool_]
    acknowledges: NDArray[np.bool_]
    ends_asking: NDArray[np.bool_]

    @classmethod
    def of(cls, turns: Turns) -> "Columns":
        """Count what stands in each segment."""
        column = {seat: i for i, seat in enumerate(SEATS)}
        texts = [s.text for s in turns.segments]
        return cls(
            np.array(
                [NEITHER if s.seat is None else column[s.seat] for s in turns.segments],
                np.int64,
            ),
            _times(turns, attrgetter("start_s")),
            _times(turns, attrgetter("end_s")),
            np.array([count_words(t) for t in texts], np.int64),
            np.array([asks(t) for t in texts], np.bool_),
            np.array([is_acknowledgement(t) for t in texts], np.bool_),
            np.array([ends_asking(t) for t in texts], np.bool_),
        )


@dataclass(frozen=True, slots=True)
class Rows:
    """A transcript in rows, each a turn or what took none, and the text of each row."""

    turns: Turns
    given: Columns
    session: OverSession
    texts: tuple[str, ...]

    @classmethod
    def of(cls, turns: Turns) -> "Rows":
        """Find the rows of a transcript."""
        given = Columns.of(turns)
        session = over_session(
            given.seat,
            given.start_s,
            given.end_s,
            given.n_words,
            given.asks,
            given.acknowledges,
            ends_asking=given.ends_asking,
        )
        texts = row_texts([s.text for s in turns.segments], session.ribbon.row_of)
        return cls(turns, given, session, texts)


def spoken_in(turns: Turns) -> Spoken:
    """Return what is counted of a transcript; it takes some hundredths of a second.

    Parameters
    ----------
    turns : Turns
        The transcript, with seats in place of names.

    Returns
    -------
    Spoken
        Numbers and places, and no word of it. Swapping the seats swaps every pair.

    Raises
    ------
    ParameterError
        If there are more than `MOST_TURNS` turns.
    """
    rows = Rows.of(turns)
    check_length(rows)
    ribbon = rows.session.ribbon
    said = [opened_words(rows.texts[row]) for row in ribbon.turns]
    n_words = np.array([len(each) for each in said], np.int64)
    seat = ribbon.seat[ribbon.turns]
    return spoken_of(rows, following(lexical(said), seat, n_words, shuffle=None))


def check_length(rows: Rows) -> None:
    """Refuse more turns than can be set each beside each, with a ParameterError."""
    n_turns = rows.session.ribbon.turns.size
    if n_turns > MOST_TURNS:
        raise ParameterError(
            f"a transcript must be of {MOST_TURNS:,} turns at most, got {n_turns:,}."
        )


def spoken_of(rows: Rows, followed: tuple[Excess, Excess]) -> Spoken:
    """Return what is counted of a transcript whose rows are found.

    Parameters
    ----------
    rows : Rows
        The transcript in rows.
    followed : tuple of Excess
        Words in common with the turn before, by who speaks second.
    """
    turns, given, session, texts = rows.turns, rows.given, rows.session, rows.texts
    ribbon = session.ribbon
    counted = wording(texts, ribbon.seat)
    timed = timing(
        given.seat,
        given.start_s,
        given.end_s,
        resolution_s=math.nan if turns.resolution_s is None else turns.resolution_s,
        acknowledges=given.acknowledges,
        ends_asking=given.ends_asking,
    )
    talk = summarise(
        given.seat,
        given.start_s,
        given.end_s,
        given.n_words,
        given.asks,
        given.acknowledges,
        ends_asking=given.ends_asking,
    )
    signs = turn_signs(
        ribbon,
        texts,
        counted,
        function_words=ALL_FUNCTION_WORDS,
        offset_s=timed.changes.offset_s,
    )
    return Spoken(
        session=turns.session,
        n_words=talk.n_words,
        n_turns=talk.n_turns,
        n_question_turns=talk.n_question_turns,
        seconds=_seconds(talk.seconds),
        stretches=_stretches(ribbon),
        places=session.basis.value,
        thirds=_parts(session.thirds),
        windows=_parts(session.windows),
        timed=_timed(timed, given) if timed.reason is None else None,
        not_timed=None if timed.reason is None else timed.reason.value,
        following=(_as_following(followed[0]), _as_following(followed[1])),
        wording=tuple((f.sign.value, *f.n) for f in counted.found),
        passages=_passages(signs),
        versions=", ".join(
            (counted.tokeniser, counted.lists, OPENED, FUNCTION_WORDS_VERSION)
        ),
        notes=turns.notes,
    )


def texts_of(turns: Turns) -> tuple[str, ...]:
    """Return what was said in each of the stretches that `spoken_in` tells."""
    return Rows.of(turns).texts


def _times(turns: Turns, of: Callable[[object], float | None]) -> NDArray[np.float64]:
    found = [of(each) for each in turns.segments]
    return np.array([math.nan if t is None else t for t in found], np.float64)


def _seconds(found: tuple[float, float]) -> tuple[float, float] | None:
    client, therapist = (round(each, MICRO) for each in found)
    return None if math.isnan(client + therapist) else (client, therapist)


def _stretches(ribbon: Ribbon) -> tuple[Stretch, ...]:
    rows = zip(
        ribbon.seat.tolist(),
        ribbon.start_s.tolist(),
        ribbon.end_s.tolist(),
        ribbon.n_words.tolist(),
        ribbon.asks.tolist(),
        (ribbon.kind == Kind.TURN).tolist(),
        strict=True,
    )
    return tuple(
        Stretch(
            seat=SEATS[seat],
            start_s=_or_none(start_s),
            end_s=_or_none(end_s),
            n_words=n_words,
            asks=has_question,
            is_turn=is_turn,
        )
        for seat, start_s, end_s, n_words, has_question, is_turn in rows
    )


def _parts(parts: Parts) -> tuple[Part, ...]:
    edges = parts.edges.tolist()
    rows = zip(
        edges[:-1],
        edges[1:],
        parts.n_words.tolist(),
        parts.n_turns.tolist(),
        parts.n_question_turns.tolist(),
        parts.seconds.tolist(),
        strict=True,
    )
    return tuple(
        Part(
            start=start,
            end=end,
            n_words=(words[0], words[1]),
            n_turns=(turns[0], turns[1]),
            n_question_turns=(questions[0], questions[1]),
            seconds=_seconds((seconds[0], seconds[1])),
        )
        for start, end, words, turns, questions, seconds in rows
    )


def _timed(found: Timing, given: Columns) -> Timed:
    mine = given.seat >= 0
    silences = found.silences
    rows = zip(
        silences.start_s.tolist(),
        silences.end_s.tolist(),
        silences.before.tolist(),
        silences.after.tolist(),
        strict=True,
    )
    client, therapist = (
        Response(
            n_changes=_count(each.n_changes),
            n_overlaps=_count(each.n_overlaps),
            latency_s=None if math.isnan(each.latency_s[1]) else each.latency_s,
        )
        for each in found.responses
    )
    return Timed(
        span_s=_micro(given.end_s[mine].max() - given.start_s[mine].min()),
        responses=(client, therapist),
        silences=tuple(
            Silence(start_s=start, end_s=end, before=_seat(before), after=_seat(after))
            for start, end, before, after in rows
        ),
        longest_s=_or_none(silences.longest_of_all_s),
        n_backchannels=(
            _count(found.n_backchannels[0]),
            _count(found.n_backchannels[1]),
        ),
        n_inside=(_count(found.n_inside[0]), _count(found.n_inside[1])),
        both_speaking_s=found.both_speaking_s,
    )


def _as_following(found: Excess) -> Following:
    return Following(
        n_pairs=found.n_pairs,
        is_enough=found.enough,
        excess=_or_none(found.excess_loo),
        lower=_or_none(found.lower),
        upper=_or_none(found.upper),
        z=_or_none(found.z),
    )


def _passages(signs: TurnSigns) -> tuple[Passage, ...]:
    found = [
        passage
        for seat, now, more in zip(
            SEATS, here_and_now(signs), saying_more(signs), strict=True
        )
        for passage in (
            *_each(Noticed.HERE_AND_NOW, seat, now, signs),
            *_each(Noticed.SAYING_MORE, seat, more, signs),
        )
    ]
    return tuple(sorted(found, key=lambda each: (each.stretch, each.kind.value)))


def _each(
    kind: Noticed, seat: Seat, found: HereAndNow | SayingMore, signs: TurnSigns
) -> list[Passage]:
    return [
        Passage(
            kind=kind,
            seat=seat,
            stretch=int(signs.row[turn]),
            n_words=int(signs.n_words[turn]),
            i_words=int(signs.i_words[turn]),
            thinking=int(signs.thinking[turn]),
            n_here_and_now=int(signs.here_and_now[turn]),
            replies=_replies(found.replies, moment, signs),
        )
        for moment, turn in enumerate(found.turn.tolist())
    ]


def _replies(found: Replies, moment: int, signs: TurnSigns) -> tuple[Reply, ...]:
    return tuple(
        Reply(
            stretch=int(signs.row[turn]),
            n_words=int(found.n_words[moment, k]),
            i_words=int(found.i_words[moment, k]),
            you_words=int(found.you_words[moment, k]),
            thinking=int(found.thinking[moment, k]),
            asks=bool(found.asks[moment, k]),
            acknowledges=bool(found.acknowledges[moment, k]),
            offset_s=_or_none(found.offset_s[moment, k]),
            n_content=int(found.n_content[moment, k]),
            n_taken_up=int(found.n_taken_up[moment, k]),
        )
        for k, turn in enumerate(found.turn[moment].tolist())
        if turn >= 0
    )


def _seat(code: int) -> Seat | None:
    return None if code < 0 else SEATS[code]


def _count(value: float) -> int:
    """Return a count that is blank where there was nothing to count of as 0."""
    return 0 if math.isnan(value) else int(value)


def _or_none(value: float) -> float | None:
    return None if math.isnan(value) else _micro(value)


def _micro(value: float) -> float:
    """Return a number without what decimal fractions leave behind in binary."""
    return round(float(value), MICRO)
