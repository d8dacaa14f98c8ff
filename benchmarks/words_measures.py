"""Every figure of a session that is compared: by its name in the reference values.

What is counted elsewhere in the program has its place here too: one line a figure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from duologue.engine.matching.coordination import (
    Coordination,
    coordination,
    markers_used,
)
from duologue.engine.matching.dialogue import prepared
from duologue.engine.matching.excess import Excess
from duologue.engine.matching.expressions import SharedExpressions, shared_expressions
from duologue.engine.matching.following import following, style_following
from duologue.engine.matching.function_words import CLASSES, count_classes
from duologue.engine.matching.pairs import Floats, Ints, neighbouring
from duologue.engine.matching.similar import TurnVectors, lexical
from duologue.engine.matching.style import Scale, style_matching
from duologue.engine.matching.turn_style import TurnMatch, turn_matching
from duologue.engine.wording.lists import Sign
from duologue.engine.wording.literal import wording
from duologue.engine.wording.tokenisers import Tokeniser
from duologue.engine.wording.turn_shares import turn_shares
from duologue.engine.wording.variety import variety
from words_corpus import Session

SIGNS = {
    Sign.I_WORDS: ("I", '"I" words'),
    Sign.WE_WORDS: ("we", '"we" words'),
    Sign.YOU_WORDS: ("you", '"you" words'),
    Sign.THINKING: ("cog", "words of thinking and noticing"),
    Sign.HEDGES: ("hedge", "hedges"),
    Sign.DONT_KNOW: ("avoid", '"don\'t know" wording'),
    Sign.MUST: ("directive", '"must" and "should" wording'),
    Sign.HERE_AND_NOW: ("immediacy", "here-and-now wording"),
}
"""The lists by their names in the reference, and in words."""

LABELS = {
    "words": "words",
    "n_turns": "turns",
    "therapist_talk_share": "therapist's share of words",
    "T_words_per_turn": "therapist: words per turn",
    "C_words_per_turn": "client: words per turn",
    **{
        f"{letter}_{name}": f"{who}: {words}"
        for letter, who in (("T", "therapist"), ("C", "client"))
        for name, words in (
            *((name, f"{words} per 100 words") for name, words in SIGNS.values()),
            ("neg", "negations per 100 words"),
            ("article", "articles per 100 words"),
            ("question_turns", "turns with a question mark"),
            ("backchannel_turns", "turns of one acknowledgement"),
            ("mattr50", "variety of words (MATTR)"),
        )
    },
    "T_open_q_share": "therapist: open questions, of turns that ask",
    "T_reflection_stem": "therapist: turns that open as a reflection may",
    "LSM": "style matching, whole session (LSM)",
    "rLSM_T_follows_C": "turn-level style, therapist follows",
    "rLSM_C_follows_T": "turn-level style, client follows",
    "rLSM_dir_T_minus_C": "turn-level style, therapist less client",
    "rLSM_mean": "turn-level style, all pairs",
    "lexcos_T_follows_C": "words in common, therapist follows",
    "lexcos_C_follows_T": "words in common, client follows",
    "lexcos_dir_T_minus_C": "words in common, therapist less client",
    "lexcos_mean": "words in common, all pairs",
    "coord_T_to_C": "coordination of the therapist to the client",
    "coord_C_to_T": "coordination of the client to the therapist",
    "coord_dir": "coordination, therapist less client",
    "dialign_Expression Variety (EV)": "shared expressions per token (EV)",
    "dialign_Expression Repetition (ER)": "tokens in shared expressions (ER)",
    "dialign_ER_T": "the same of the therapist's tokens",
    "dialign_ER_C": "the same of the client's tokens",
    "dialign_IE_T": "expressions that the therapist began (IE)",
    "dialign_Voc. Overlap": "overlap of vocabularies",
    "dialign_ENTR": "entropy of lengths of expressions",
    "dialign_L": "mean length of expressions",
    "excess_lexcos_T": "**excess** in words, therapist follows",
    "excess_lexcos_C": "**excess** in words, client follows",
    "excess_rLSM_T": "**excess** in turn-level style, therapist follows",
    "excess_rLSM_C": "**excess** in turn-level style, client follows",
}
"""What is compared, in words. The excess is without each pair's true turn."""

NOT_ALIKE = {
    **dict.fromkeys(("coord_T_to_C", "coord_C_to_T", "coord_dir"), "of other lists"),
    "T_reflection_stem": "of straight apostrophes",
}
"""What the reference counts otherwise: from patterns of ConvoKit, which may not be passed
on, and from turns as written, in which it knows no typographic apostrophe."""

ELSEWHERE = (
    "positive and negative words and concreteness (lists that are not shipped), pace, "
    "similarity of sentence vectors, and what people coded"
)
"""What the reference holds and this page does not: counted elsewhere, or not at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """All that was found of one session."""

    session: Session
    vectors: TurnVectors
    counts: Ints
    figures: Mapping[str, float]
    words: tuple[Excess, Excess]
    style: tuple[Excess, Excess]


def measured(session: Session) -> Measured:
    """Find every figure of a session."""
    seat, n_words = session.seat, session.n_words
    vectors, counts = lexical(session.words), count_classes(session.words)
    words = following(vectors, seat, n_words)
    style = style_following(counts, seat, n_words)
    spoken = [i for i, tokens in enumerate(session.tokens) if tokens]
    ready = prepared([session.tokens[i] for i in spoken], seat[spoken])
    return Measured(
        session=session,
        vectors=vectors,
        counts=counts,
        figures={
            **_talk(session, counts),
            **_wording(session),
            **_style(counts, session, turn_matching(counts, n_words, seat)),
            **_lexical(vectors, session),
            **_coordination(coordination(markers_used(counts), seat)),
            **_expressions(shared_expressions(ready)),
            **_excess("lexcos", words),
            **_excess("rLSM", style),
        },
        words=words,
        style=style,
    )


def column(found: Sequence[Measured], name: str) -> Floats:
    """Return one figure of every session."""
    return np.array([each.figures[name] for each in found], dtype=np.float64)


def _talk(session: Session, counts: Ints) -> dict[str, float]:
    total = float(session.n_words.sum())
    found = {"words": total, "n_turns": float(session.seat.size)}
    for own, name in enumerate("CT"):
        mine = session.seat == own
        said = float(session.n_words[mine].sum())
        of_class = counts[mine].sum(axis=0)
        found |= {
            f"{name}_words_per_turn": said / mine.sum(),
            f"{name}_neg": 100 * of_class[CLASSES.index("negate")] / said,
            f"{name}_article": 100 * of_class[CLASSES.index("article")] / said,
        }
        if name == "T":
            found["therapist_talk_share"] = said / total
    return found


def _wording(session: Session) -> dict[str, float]:
    found = wording(session.texts, session.seat, tokeniser=Tokeniser.REFERENCE)
    shares = turn_shares(session.texts, session.seat, found)
    figures = {
        "T_open_q_share": shares.open_question[1],
        "T_reflection_stem": shares.opening[1],
    }
    for own, name in enumerate("CT"):
        mine = np.flatnonzero(session.seat == own)
        figures |= {
            f"{name}_{of}": found.of(sign).per_100_words[own]
            for sign, (of, _) in SIGNS.items()
        }
        figures |= {
            f"{name}_question_turns": shares.question[own],
            f"{name}_backchannel_turns": shares.narrow_acknowledgement[own],
            f"{name}_mattr50": variety([w for i in mine for w in session.words[i]]),
        }
    return figures


def _style(counts: Ints, session: Session, turns: TurnMatch) -> dict[str, float]:
    whole = style_matching(
        counts, session.n_words, session.seat, scale=Scale.PROPORTION, fewest_words=1
    )
    client, therapist = turns.follows
    return {
        "LSM": whole.value,
        "rLSM_T_follows_C": therapist,
        "rLSM_C_follows_T": client,
        "rLSM_dir_T_minus_C": turns.difference,
        "rLSM_mean": turns.mean,
    }


def _lexical(vectors: TurnVectors, session: Session) -> dict[str, float]:
    pairs = neighbouring(session.seat, session.n_words)
    values = vectors.between(pairs.first, pairs.second)
    client, therapist = (_mean(values[pairs.responder == own]) for own in (0, 1))
    return {
        "lexcos_T_follows_C": therapist,
        "lexcos_C_follows_T": client,
        "lexcos_dir_T_minus_C": therapist - client,
        "lexcos_mean": _mean(values),
    }


def _mean(values: Floats) -> float:
    return float(values.mean()) if values.size else np.nan


def _coordination(found: Coordination) -> dict[str, float]:
    client, therapist = found.mean
    return {
        "coord_T_to_C": therapist,
        "coord_C_to_T": client,
        "coord_dir": therapist - client,
    }


def _expressions(found: SharedExpressions) -> dict[str, float]:
    return {
        "dialign_Expression Variety (EV)": found.variety,
        "dialign_Expression Repetition (ER)": found.repetition,
        "dialign_ER_T": found.repetition_by[1],
        "dialign_ER_C": found.repetition_by[0],
        "dialign_IE_T": found.initiated_by[1],
        "dialign_Voc. Overlap": found.vocabulary_overlap,
        "dialign_ENTR": found.entropy,
        "dialign_L": found.mean_length,
    }


def _excess(name: str, found: tuple[Excess, Excess]) -> dict[str, float]:
    return {
        f"excess_{name}_C": found[0].excess_loo,
        f"excess_{name}_T": found[1].excess_loo,
    }
