"""Every figure of a session's words by its name: nested, or flat as a row of a table."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from math import isfinite
from typing import Any

from duologue.corpus.words import VERSIONS, SessionWords
from duologue.corpus.words_partners import AgainstPartners
from duologue.engine.exchanging import Exchanged
from duologue.engine.matching.coordination import MARKERS
from duologue.engine.matching.excess import Excess
from duologue.engine.matching.expressions import SharedExpressions
from duologue.engine.matching.function_words import CLASSES
from duologue.engine.matching.repeating import SelfRepetition
from duologue.engine.turns.silences import SILENCE_S
from duologue.records import (
    LONG_S,
    SEATS,
    Part,
    Passage,
    Response,
    Seat,
    Silence,
    Spoken,
    Timed,
)

Figures = dict[str, Any]

DIGITS = 9
NOBODY = (None, None)


def figures(one: SessionWords) -> Figures:
    """Return all figures of a session, and no word of it.

    Parameters
    ----------
    one : SessionWords
        From `duologue.corpus.words.session_words`.

    Returns
    -------
    dict
        Of plain numbers, texts and lists of them, in a fixed order; what cannot be said is
        ``None``. What is told of each of the two stands under "client" and "therapist";
        of a direction, under who speaks second. Numbers have nine digits after the point.
    """
    spoken = one.spoken
    found = {
        **_talk(one),
        "timing": _timing(spoken.timed, spoken.not_timed),
        "counted": {sign: _seats(n) for sign, *n in spoken.wording},
        "per_100_words": {
            sign: _seats(one.per_100_words((client, therapist)))
            for sign, client, therapist in spoken.wording
        },
        "variety": _seats(one.variety),
        "following": _excesses(one.lexical),
        "following_in_meaning": _excesses(one.meaning),
        **_style(one),
        "shared_expressions": _shared(one.shared),
        "self_repetition": _seats(map(_own, one.own)),
        "passages": [_passage(each, spoken) for each in spoken.passages],
        "thirds": list(map(_part, spoken.thirds)),
        "windows": list(map(_part, spoken.windows)),
        "notes": list(spoken.notes),
        "versions": VERSIONS,
    }
    if one.meaning is None:
        del found["following_in_meaning"]
    plain: Figures = _plain(found)
    return plain


def flat(found: Mapping[str, Any], *, under: str = "") -> Iterator[tuple[str, Any]]:
    """Give the figures one by one, their names joined; lists are left out.

    Parameters
    ----------
    found : mapping
        From `figures`.
    under : str
        What their names begin with.

    Yields
    ------
    tuple of str, and a number, a text or ``None``
        The same names in the same order for every session.
    """
    for name, value in found.items():
        if isinstance(value, Mapping):
            yield from flat(value, under=f"{under}{name}_")
        elif not isinstance(value, list):
            yield f"{under}{name}", value


def partners_figures(found: AgainstPartners) -> Figures:
    """Return what exchanged partners give, by its name."""
    each: dict[str, Exchanged] = {
        "words_client_follows": found.client_follows,
        "words_therapist_follows": found.therapist_follows,
        "style": found.style,
    }
    plain: Figures = _plain({name: asdict(one) for name, one in each.items()})
    return plain


def turn_number(spoken: Spoken, stretch: int) -> int:
    """Return which turn of the session a stretch is, from 1 on."""
    return sum(each.is_turn for each in spoken.stretches[: stretch + 1])


def _talk(one: SessionWords) -> Figures:
    spoken, shares = one.spoken, one.shares
    return {
        "is_english": one.is_english,
        "function_words": one.english,
        "words": _seats(spoken.n_words),
        "turns": _seats(spoken.n_turns),
        "words_per_turn": _seats(
            _ratio(words, turns)
            for words, turns in zip(spoken.n_words, spoken.n_turns, strict=True)
        ),
        "turns_per_minute": one.turns_per_minute,
        "question_turns": _seats(spoken.n_question_turns),
        "share_of_words": _shares(spoken.n_words),
        "seconds": _seats(spoken.seconds or (None, None)),
        "share_of_time": _shares(spoken.seconds or (0, 0)),
        "share_of_turns": {
            name: _seats(getattr(shares, name))
            for name in (
                *("question", "open_question", "acknowledgement"),
                *("narrow_acknowledgement", "opening"),
            )
        },
    }


def _timing(timed: Timed | None, reason: str | None) -> Figures:
    """Return pauses and latencies; of every name a blank where nothing can be said."""
    return {
        "not_told": reason,
        "span_s": None if timed is None else timed.span_s,
        "changes": _seats(map(_response, NOBODY if timed is None else timed.responses)),
        "backchannels": _seats(NOBODY if timed is None else timed.n_backchannels),
        "inside_the_other_turn": _seats(NOBODY if timed is None else timed.n_inside),
        "both_speaking_s": None if timed is None else timed.both_speaking_s,
        "silences": {
            f"{before}_then_{after}": _silences(timed, before, after)
            for before in SEATS
            for after in SEATS
        },
        "silence_s": None if timed is None else sum(map(_lasts, timed.silences)),
        "longest_silence_s": None if timed is None else timed.longest_s,
    }


def _silences(timed: Timed | None, before: Seat, after: Seat) -> Figures:
    """Count the silences after one and before one of the two, by how long they are."""
    of_these = (
        []
        if timed is None
        else [s for s in timed.silences if (s.before, s.after) == (before, after)]
    )
    return {
        f"of_{least:g}_s": None
        if timed is None
        else sum(_lasts(each) >= least for each in of_these)
        for least in (SILENCE_S, LONG_S)
    }


def _lasts(each: Silence) -> float:
    return each.end_s - each.start_s


def _response(one: Response | None) -> Figures:
    quartiles = one and one.latency_s
    names = ("lower_quartile", "median", "upper_quartile")
    return {
        "n": one and one.n_changes,
        "n_before_the_other_ended": one and one.n_overlaps,
        "latency_s": dict(zip(names, quartiles or (None,) * 3, strict=True)),
    }


def _excesses(found: tuple[Excess, Excess] | None) -> Figures:
    return {} if found is None else _seats(map(asdict, found))


def _style(one: SessionWords) -> Figures:
    turns, adapting = one.turn_style, one.coordination
    return {
        "lsm": {
            "value": one.style.value,
            "of_proportions": one.style_of_proportions,
            "by_class": dict(zip(CLASSES, one.style.by_class.tolist(), strict=True)),
        },
        "turn_lsm_duologue_form": {
            **_seats(turns.follows),
            "difference": turns.difference,
            "mean": turns.mean,
        },
        "turn_lsm_beside_chance": _excesses(one.turn_style_excess),
        "coordination": _seats(
            {
                "mean": mean,
                "n_markers": n_markers,
                "by_marker": dict(zip(MARKERS, by_marker.tolist(), strict=True)),
            }
            for mean, n_markers, by_marker in zip(
                adapting.mean, adapting.n_markers, adapting.by_marker, strict=True
            )
        ),
    }


def _shared(found: SharedExpressions) -> Figures:
    whole = (
        *("n_expressions", "variety", "repetition", "entropy", "mean_length"),
        *("max_length", "vocabulary_overlap"),
    )
    by_seat = (
        *("n_tokens", "repetition_by", "initiated_by", "token_share"),
        "vocabulary_overlap_by",
    )
    return {
        **{name: getattr(found, name) for name in whole},
        **{name: _seats(getattr(found, name)) for name in by_seat},
    }


def _own(found: SelfRepetition) -> Figures:
    names = (
        *("n_tokens", "n_expressions", "variety", "repetition", "entropy"),
        *("mean_length", "max_length"),
    )
    return {name: getattr(found, name) for name in names}


def _part(each: Part) -> Figures:
    return {
        "start": each.start,
        "end": each.end,
        "words": _seats(each.n_words),
        "turns": _seats(each.n_turns),
        "turns_with_a_question": _seats(each.n_question_turns),
        "seconds": None if each.seconds is None else _seats(each.seconds),
    }


def _passage(each: Passage, spoken: Spoken) -> Figures:
    stretch = spoken.stretches[each.stretch]
    return {
        "turn": turn_number(spoken, each.stretch),
        "start_s": stretch.start_s,
        "end_s": stretch.end_s,
        "by": each.seat.value,
        **{
            name: value
            for name, value in asdict(each).items()
            if name not in {"stretch", "seat", "replies"}
        },
        "replies": [
            {
                "turn": turn_number(spoken, reply.stretch),
                **{k: v for k, v in asdict(reply).items() if k != "stretch"},
            }
            for reply in each.replies
        ],
    }


def _seats(pair: Any) -> Figures:
    client, therapist = pair
    return {Seat.CLIENT.value: client, Seat.THERAPIST.value: therapist}


def _shares(pair: tuple[float, float]) -> Figures:
    return _seats(_ratio(each, sum(pair)) for each in pair)


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _plain(value: Any) -> Any:
    """Return plain numbers of nine digits, and nothing for what cannot be said."""
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, float):
        return round(value, DIGITS) if isfinite(value) else None
    return value
