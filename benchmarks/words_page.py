"""What following each other's words tells: of made-up talk, and of real transcripts.

    python benchmarks/words_page.py                  print the page
    python benchmarks/words_page.py --write docs/validation-words.md
    python benchmarks/words_page.py --quick          little talk, wide errors

Talk is made up (`words_talk`), to see how often chance alone seems to be following, and how
often the interval holds what it should. Then the development half of AnnoMI is compared
with chance and with its label, where it is at hand (`words_corpus`); where it is not,
nothing is written. The exit code is 1 where chance seems to be following more than a
quarter too often, an interval holds too little, or a figure is not that of the reference.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from scipy import stats

from duologue.engine.exchanging import Exchanged
from duologue.engine.matching.excess import FEWEST_PAIRS, Excess
from duologue.engine.matching.following import following
from duologue.engine.matching.pairs import Floats
from duologue.engine.matching.partners import (
    against_partners,
    style_table,
    turns_table,
)
from duologue.engine.matching.similar import lexical
from duologue.engine.matching.style import shares
from figures_page import machine, page, section, written
from moving import error, several, with_error
from words_corpus import reference, sessions, shared_folder
from words_effects import Effect, effect, hedges_g
from words_measures import (
    ELSEWHERE,
    LABELS,
    NOT_ALIKE,
    Measured,
    column,
    measured,
)
from words_talk import Talk, session

SEED = 20_261_127
BEYOND, ONE_SIDED, TOLERANCE = 1.96, 0.025, 0.25
LEAST_COVERED = 0.90
"""How often an interval of 95 % holds what it should, at the least, with 30 pairs."""

NOTHING, TOPICS, FOLLOWS, BOTH = (
    "nothing: words at random",
    "topics that drift, and nobody follows",
    "the therapist follows, no topic",
    "the therapist follows in half of the turns, and topics drift",
)
TALKS = {
    NOTHING: Talk(),
    TOPICS: Talk(stays=0.9, topical=0.5),
    FOLLOWS: Talk(follows=0.3),
    BOTH: Talk(stays=0.9, topical=0.5, follows=0.3, uneven=0.5),
}
SEATS = ("client", "therapist")


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How many sessions are made up for each row, of how many pairs, and permutations."""

    sessions: int
    pairs: tuple[int, ...]
    permutations: int
    workers: int


FULL = Size(sessions=1_000, pairs=(10, 30, 100), permutations=10_000, workers=2)
QUICK = Size(sessions=20, pairs=(30,), permutations=100, workers=1)


# Made-up talk --------------------------------------------------------------------------


def trial(talk: Talk, n_pairs: int, place: int, number: int) -> list[float]:
    """Return what is told of one made-up session, of either direction."""
    turns = session(
        talk, n_pairs, np.random.default_rng([SEED, place, n_pairs, number])
    )
    seat = np.arange(len(turns)) % 2
    both = following(lexical(turns), seat, [len(turn) for turn in turns])
    return [
        value
        for found in both
        for value in (
            found.excess_loo,
            found.excess_near,
            found.lower,
            found.upper,
            found.z,
        )
    ]


def made_up_section(size: Size) -> tuple[list[str], list[str]]:
    """Say what comes out where it is known what should."""
    rows, wrong = [], []
    with several(size.workers) as run:
        for place, (name, talk) in enumerate(TALKS.items()):
            for n_pairs in size.pairs:
                found = run(partial(trial, talk, n_pairs, place), size.sessions)
                for own, seat in enumerate(SEATS):
                    of = found[:, 5 * own : 5 * own + 5]
                    row, missed = _made_up_row(of, f"{name}, {n_pairs} pairs, {seat}")
                    rows.append(f"| {name} | {seat} | {n_pairs} | {row}")
                    wrong += missed
    columns = (
        "| what is there | who follows | pairs | excess, mean | near excess, mean "
        "| z beyond 1.96 | interval above 0 | interval holds the mean |"
    )
    return section("Where it is known", MADE_UP_SAID, columns, rows), wrong


def _made_up_row(found: Floats, where: str) -> tuple[str, list[str]]:
    loo, near, lower, upper, z = found.T
    n, wrong = len(found), []
    truth = loo.mean()
    beyond = float((z > BEYOND).mean())
    held = float(((lower <= truth) & (truth <= upper)).mean())
    if where.startswith(NOTHING) and beyond - 2 * error(beyond, n) > ONE_SIDED * (
        1 + TOLERANCE
    ):
        wrong.append(f"{where}: z beyond {BEYOND:g} in {beyond:.3f}")
    enough = f" {FEWEST_PAIRS} pairs" in where or " 100 pairs" in where
    if enough and held + 2 * error(LEAST_COVERED, n) < LEAST_COVERED:
        wrong.append(f"{where}: the interval holds the mean in {held:.3f}")
    cells = (
        f"{truth:+.3f}",
        f"{near.mean():+.3f}",
        with_error(beyond, n),
        f"{(lower > 0).mean():.3f}",
        with_error(held, n),
    )
    return f"{' | '.join(cells)} |", wrong


# Against chance ------------------------------------------------------------------------


def excess_section(found: Sequence[Measured]) -> list[str]:
    """Set observed figures beside chance, per direction."""
    high = np.array([each.session.is_high for each in found])
    rows = []
    for name, pick in (("words", _words), ("turn-level style", _style)):
        for own in (1, 0):
            of = [pick(each)[own] for each in found]
            rows.append(f"| {name}, {SEATS[own]} follows | {_excess_row(of, high)} |")
    columns = (
        "| what is alike | sessions | observed | excess exact (dz) | without the true turn "
        "(dz) | near (dz) | z beyond 1.96: all; under 10 pairs; 10 to 29; 30 and more "
        "| interval above 0, 30 pairs and more | g, high less low |"
    )
    return section("Excess over chance", EXCESS_SAID, columns, rows)


def _words(found: Measured) -> tuple[Excess, Excess]:
    return found.words


def _style(found: Measured) -> tuple[Excess, Excess]:
    return found.style


def _excess_row(of: Sequence[Excess], high: np.ndarray) -> str:
    told = np.array([not np.isnan(e.excess_loo) for e in of])
    there = [e for e, is_told in zip(of, told, strict=True) if is_told]
    n_pairs = np.array([e.n_pairs for e in there])
    z = np.array([e.z for e in there])
    groups = (
        n_pairs >= 0,
        n_pairs < 10,
        (n_pairs >= 10) & (n_pairs < 30),
        n_pairs >= 30,
    )
    shares = "; ".join(f"{(z[group] > BEYOND).mean():.2f}" for group in groups)
    above = np.mean([e.lower > 0 for e in there if e.enough])
    loo = np.array([e.excess_loo for e in there])
    g = hedges_g(loo[high[told]], loo[~high[told]])
    cells = (
        str(len(there)),
        f"{np.mean([e.observed for e in there]):.3f}",
        *(
            _with_dz(np.array([getattr(e, name) for e in there]))
            for name in ("excess_exact", "excess_loo", "excess_near")
        ),
        shares,
        f"{above:.2f}",
        f"{g:+.2f}",
    )
    return " | ".join(cells)


def _with_dz(values: Floats) -> str:
    there = values[~np.isnan(values)]
    return f"{there.mean():+.3f} ({there.mean() / there.std(ddof=1):.2f})"


def directions_section(found: Sequence[Measured]) -> list[str]:
    """Say whether the therapist follows more than the client does."""
    rows = []
    for name, key in (("words", "lexcos"), ("turn-level style", "rLSM")):
        off = column(found, f"excess_{key}_T") - column(found, f"excess_{key}_C")
        there = off[~np.isnan(off)]
        p = float(stats.ttest_1samp(there, 0.0).pvalue)
        rows.append(f"| {name} | {there.size} | {there.mean():+.3f} | {p:.2f} |")
    columns = "| what is alike | sessions | therapist's excess less client's | p |"
    return section("Who follows more", DIRECTIONS_SAID, columns, rows)


# Against strangers ---------------------------------------------------------------------


def strangers_section(found: Sequence[Measured], size: Size) -> list[str]:
    """Set real partners beside partners of other sessions."""
    profiles = np.array(
        [
            shares(each.counts, each.session.n_words, each.session.seat)[0]
            for each in found
        ]
    )
    tables = {"style, whole session (LSM)": style_table(profiles[:, 0], profiles[:, 1])}
    vectors = lexical([turn for each in found for turn in each.session.words])
    of_session = np.repeat(
        np.arange(len(found)), [each.session.seat.size for each in found]
    )
    seat = np.concatenate([each.session.seat for each in found])
    n_words = np.concatenate([each.session.n_words for each in found])
    for own in (1, 0):
        tables[f"words of neighbours, {SEATS[own]} follows"] = turns_table(
            vectors, of_session, seat, n_words, responder=own
        )
    rows = [
        _strangers_row(name, against_partners(of, n_permutations=size.permutations))
        for name, of in tables.items()
    ]
    columns = (
        "| what is alike | sessions | real partners | strangers | strangers reach "
        "| (real - strangers) in sd of strangers | p |"
    )
    return section("Real partners and strangers", STRANGERS_SAID, columns, rows)


def _strangers_row(name: str, found: Exchanged) -> str:
    return (
        f"| {name} | {found.n_pairs} | {found.real:.3f} | {found.mismatched:.3f} "
        f"| {found.mismatched / found.real:.0%} | {found.effect:.2f} | {found.p:.4f} |"
    )


# High against low quality --------------------------------------------------------------


def effects_section(
    found: Sequence[Measured], folder: Path
) -> tuple[list[str], list[str]]:
    """Compare sessions of high and of low quality, with and without their length."""
    high = np.array([each.session.is_high for each in found])
    log_words = np.log(column(found, "words"))
    known = {
        row["measure"]: row for row in reference(folder, "effects_high_vs_low.csv")
    }
    told = {
        name: of
        for place, name in enumerate(LABELS)
        if (of := effect(column(found, name), high, log_words, seed=SEED + place))
    }
    wrong = [
        words
        for name, of in told.items()
        if name in known and name not in NOT_ALIKE
        for words in _apart(name, of, known[name])
    ]
    rows = [
        _effect_row(name, of, known.get(name))
        for name, of in sorted(told.items(), key=lambda item: -abs(item[1].g))
    ]
    columns = (
        "| figure | g, high less low [95 %] | g without length | AUC | p "
        "| g of the reference |"
    )
    return section("High and low quality", effects_said(found), columns, rows), wrong


def _effect_row(name: str, of: Effect, row: dict[str, str] | None) -> str:
    theirs = "not there" if row is None else f"{float(row['hedges_g']):+.2f}"
    p = f"{of.p:.3f}" if of.p >= 0.001 else "< .001"
    otherwise = f", {NOT_ALIKE[name]}" if name in NOT_ALIKE else ""
    return (
        f"| {LABELS[name]} | {of.g:+.2f} [{of.lower:+.2f}, {of.upper:+.2f}] "
        f"| {of.without_length:+.2f} | {of.auc:.2f} | {p} "
        f"| {theirs}{otherwise} |"
    )


def _apart(name: str, of: Effect, row: dict[str, str]) -> Iterator[str]:
    """Name what is not that of the reference, which is printed to four digits."""
    pairs = {
        "g": (of.g, row["hedges_g"]),
        "g without length": (of.without_length, row["g_adj_log_words"]),
        "AUC": (of.auc, row["auc"]),
        "p": (of.p, row["p_mwu"]),
    }
    for what, (ours, text) in pairs.items():
        theirs = float(text)
        if abs(ours - theirs) > 6e-4 * abs(theirs) + 2e-5:
            yield f"{LABELS[name]}, {what}: {ours:.4g}, in the reference {theirs:.4g}"


# The page ------------------------------------------------------------------------------

MADE_UP_SAID = (
    "Made-up talk of 15 words a turn. The excess is without each pair's true turn, in words "
    "in common (cosine); the near excess is beside the other turns within 5. Where there is "
    "nothing, z should lie beyond 1.96 in .025 of sessions. The mean is that over the "
    "sessions of a row. **Topics that drift are excess as well**: z tells that the order of "
    "turns matters, not that anybody answers; the near excess is less so, and not nothing. "
    "**Where the therapist follows, the client seems to follow less than not at all**: the "
    "turns that the therapist answered are part of the client's chance."
)
EXCESS_SAID = (
    "Chance is the same therapist's turns with the same client's in random order. dz: mean "
    "over the sessions in their standard deviations. Words in common may be told of a "
    f"single session with {FEWEST_PAIRS} pairs or more; turn-level style may not."
)
DIRECTIONS_SAID = (
    "A t test over sessions, of two figures, not corrected. Following in one direction takes "
    "a little from the other, as seen above, so a difference is larger than what is there."
)
STRANGERS_SAID = (
    "A therapist beside the clients of all other sessions; p of partners exchanged at "
    "random. Transcripts are on different topics, so that real partners have more words in "
    "common is no sign of following. Style rises with the number of words, and in one session "
    "both say many or few: that alone may be why real partners are more alike. Sessions "
    "in which either says fewer than 50 words are left out of style."
)


def effects_said(found: Sequence[Measured]) -> str:
    """Say what is compared, and of how many."""
    n_high = sum(each.session.is_high for each in found)
    return (
        f"{n_high} sessions of high and {len(found) - n_high} of low quality: adherence to "
        "motivational interviewing, in demonstrations. Low ones are shorter, so g is also "
        "given of what a line in the logarithm of words leaves. Intervals are of sessions "
        "drawn anew, and wide: these are for comparing arithmetic, not for conclusions, and "
        f"nothing is corrected for {len(LABELS)} figures. Not here: {ELSEWHERE}."
    )


LIMITS = [
    "",
    "## Limits",
    "",
    "- Transcripts are of acted or teaching demonstrations, in English, most of them short.",
    (
        "- Nothing here was compared with alliance, trust or outcome: more following is not "
        "said to be better, and did not separate high from low quality."
    ),
    "- A row of the file is a turn, as in the reference; notes in brackets count as words.",
]


def build(size: Size, day: str) -> tuple[str, int]:
    """Run everything; return the page and the exit code."""
    made, wrong = made_up_section(size)
    folder = shared_folder()
    parts, n_real = [made], 0
    if folder is not None:
        found = [measured(each) for each in sessions(folder)]
        n_real = len(found)
        effects, apart = effects_section(found, folder)
        wrong += apart
        parts += [
            excess_section(found),
            directions_section(found),
            strangers_section(found, size),
            effects,
        ]
    return page(
        "Following each other's words: chance, strangers and quality",
        "words_page",
        run=f"{day} with {machine()}; seed {SEED}; {size.sessions:,} made-up sessions a "
        f"row, {n_real} real ones of the development half of AnnoMI.",
        sections=[*parts, LIMITS],
        wrong=wrong,
        made_up="sessions of the first table",
    )


def main(arguments: Sequence[str]) -> int:
    """Run the command line."""
    if shared_folder() is None and "--write" in arguments:
        print("The transcripts are not at hand: the page stays as it is.")
        return 0
    return written(
        arguments,
        build,
        full=FULL,
        quick=QUICK,
        description="Measure what following each other's words tells.",
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
