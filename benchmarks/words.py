"""What following each other's words costs: against a plain loop, pydialign and shuffles.

    python benchmarks/words.py [--quick]             print this part alone

Talk is made up: words drawn as often as words are in any language (Zipf), a part of each
turn taken from what was said before, as people do. A session is 500 turns of about 16
tokens; ten and a hundred times that are a corpus said in one go, which nobody does, to see
how costs grow. The plain loop is written here from the definitions, with dictionaries of
all runs. pydialign is timed where it is installed, and said to be absent where it is not;
both must agree with ours before anything is timed.
"""

import argparse
import math
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from duologue.engine.matching.dialogue import prepared
from duologue.engine.matching.expressions import shared_expressions
from duologue.engine.matching.following import following, style_following
from duologue.engine.matching.function_words import FUNCTION_WORDS, count_classes
from duologue.engine.matching.pairs import MIN_WORDS, neighbouring
from duologue.engine.matching.repeating import as_it_went, self_repetition
from duologue.engine.matching.similar import lexical
from speed_tables import Single, table_of_ratios, table_of_singles, verdict
from turns import Comparison, take_turns

SEED = 20_261_127
TOKENS_A_TURN = 16
N_VOCABULARY = 3_000
FEW = 3
"""Rounds where there is much to do."""

N_SHUFFLES = 1_000
GOALS = {"plain": None, "pydialign": 0.05}
GOAL_EXCESS_MS = 50.0

Tokens = tuple[str, ...]
Dialogue = tuple[list[Tokens], np.ndarray]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How much is timed."""

    n_turns: int
    times: tuple[int, ...] = (1, 10, 100)


FULL, QUICK = Scale(n_turns=500), Scale(n_turns=20)


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsFigures:
    """All that was measured."""

    comparisons: tuple[Comparison, ...]
    singles: tuple[Single, ...]
    rounds: int
    date: str

    def as_markdown(self) -> str:
        """Write what stands on the page."""
        return "\n".join(
            [
                "## Following each other's words",
                "",
                f"{self.date}, {self.rounds} rounds, {FEW} at most where there is much to do.",
                "Milliseconds of the processor. Expressions are all figures of a session: what",
                "both have said, and what each says again.",
                "",
                *table_of_ratios("Of words", self.comparisons),
                "",
                *table_of_singles("As talk grows", self.singles),
                "",
            ]
        )


def measure_words(*, rounds: int, quick: bool) -> WordsFigures:
    """Measure everything."""
    scale = QUICK if quick else FULL
    session = made_up(scale.n_turns)
    comparisons = [*compared(session, rounds), shuffles_compared(session, rounds)]
    grown = [made_up(n * scale.n_turns) for n in scale.times]
    absent = (
        [] if find_spec("pydialign") else [Single(name="pydialign", value="absent")]
    )
    return WordsFigures(
        comparisons=tuple(comparisons),
        singles=(*absent, *growing(grown, rounds), *excesses(grown[:2], rounds)),
        rounds=rounds,
        date=time.strftime("%Y-%m-%d"),
    )


def made_up(n_turns: int) -> Dialogue:
    """Draw a dialogue in which much is said again, by oneself and by the other."""
    rng = np.random.default_rng([SEED, n_turns])
    closed = sorted(frozenset(chain.from_iterable(FUNCTION_WORDS.values())))
    vocabulary = np.array([*closed, *(f"word{k}" for k in range(N_VOCABULARY)), "."])
    rng.shuffle(vocabulary[20:])
    chance = 1 / np.arange(1, vocabulary.size + 1)
    edges = np.cumsum(chance / chance.sum())
    turns: list[Tokens] = []
    for _ in range(n_turns):
        n = 3 + rng.poisson(TOKENS_A_TURN - 3)
        drawn = np.searchsorted(edges, rng.random(n)).clip(max=vocabulary.size - 1)
        turn = vocabulary[drawn].tolist()
        if turns:
            before = turns[rng.integers(max(0, len(turns) - 20), len(turns))]
            n_again = min(len(before), int(rng.geometric(0.35)) - 1)
            turn[:n_again] = before[:n_again]
        turns.append(tuple(turn))
    return turns, np.arange(n_turns) % 2


def ours(dialogue: Dialogue) -> tuple[float, ...]:
    """Find all figures of a session."""
    ready = prepared(*dialogue)
    found, own = shared_expressions(ready), self_repetition(ready)
    return (
        found.n_expressions,
        found.repetition,
        *found.repetition_by,
        *found.initiated_by,
        found.entropy,
        found.mean_length,
        found.max_length,
        found.vocabulary_overlap,
        *(n for one in own for n in (one.n_expressions, one.n_repeated, one.entropy)),
    )


# A plain loop --------------------------------------------------------------------------

Runs = dict[Tokens, dict[int, list[int]]]


def runs_of(turns: Sequence[Tokens]) -> Runs:
    """Return all runs of tokens: in which turns they stand, and where."""
    found: Runs = defaultdict(lambda: defaultdict(list))
    for i, turn in enumerate(turns):
        for start in range(len(turn)):
            for end in range(start + 1, len(turn) + 1):
                found[turn[start:end]][i].append(start)
    return found


def standing_free(
    runs: Runs, said_again: Callable[[dict[int, list[int]]], bool]
) -> Runs:
    """Return where expressions stand within no longer one."""
    again = [
        run
        for run, of in runs.items()
        if said_again(of) and any(any(map(str.isalpha, t)) for t in run)
    ]
    free: Runs = defaultdict(dict)
    taken: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for run in sorted(again, key=len, reverse=True):
        for i, starts in runs[run].items():
            alone = [
                s
                for s in starts
                if not any(a <= s and s + len(run) <= b for a, b in taken[i])
            ]
            if alone:
                free[run][i] = alone
                taken[i] += [(s, s + len(run)) for s in alone]
    return free


def marked(free: Runs, since: dict[Tokens, int]) -> set[tuple[int, int]]:
    """Return the tokens in a free occurrence, from some turn on."""
    return {
        (i, s + k)
        for run, of in free.items()
        for i, starts in of.items()
        if i >= since.get(run, 0)
        for s in starts
        for k in range(len(run))
    }


def plain(dialogue: Dialogue) -> tuple[float, ...]:
    """Find the same figures as the definitions have it."""
    turns, seats = dialogue
    runs = runs_of(turns)
    free = standing_free(runs, lambda of: len({int(seats[i]) for i in of}) == 2)
    firsts = {
        run: [min(i for i in runs[run] if seats[i] == s) for s in (0, 1)]
        for run in free
    }
    since = {run: max(*firsts[run], min(of)) for run, of in free.items()}
    repeated = Counter(int(seats[i]) for i, _ in marked(free, since))
    begun = Counter(int(b < a) for a, b in firsts.values())
    n = [sum(len(turns[i]) for i in np.flatnonzero(seats == s)) for s in (0, 1)]
    used = [{t for i in np.flatnonzero(seats == s) for t in turns[i]} for s in (0, 1)]
    lengths = [len(run) for run, of in free.items() for _ in of]
    return (
        len(free),
        repeated.total() / sum(n),
        repeated[0] / n[0],
        repeated[1] / n[1],
        begun[0] / len(free),
        begun[1] / len(free),
        entropy(lengths),
        sum(lengths) / len(lengths),
        max(lengths),
        len(used[0] & used[1]) / len(used[0] | used[1]),
        *plain_own([turns[i] for i in np.flatnonzero(seats == 0)]),
        *plain_own([turns[i] for i in np.flatnonzero(seats == 1)]),
    )


def plain_own(turns: Sequence[Tokens]) -> tuple[float, ...]:
    """Find what one person says again."""
    free = standing_free(runs_of(turns), lambda of: len(of) > 1)
    lengths = [len(run) for run, of in free.items() for _ in of]
    return len(free), len(marked(free, {})), entropy(lengths)


def entropy(lengths: Sequence[int]) -> float:
    """Return the entropy of lengths in bits."""
    counts = Counter(lengths).values()
    return -sum(c / len(lengths) * math.log2(c / len(lengths)) for c in counts)


# The peer ------------------------------------------------------------------------------


def of_pydialign(dialogue: Dialogue) -> Callable[[], tuple[float, ...]]:
    """Set pydialign up: its own functions for a session, without files."""
    from pydialign import (  # noqa: PLC0415 - a peer
        ExpressionType,
        Speaker,
        blank_other_speakers,
        build_lexicon,
    )
    from pydialign.metrics.offline import DialogueLexiconMeasures  # noqa: PLC0415

    turns = tuple(dialogue[0])
    people = (Speaker.A, Speaker.B)
    speaks = [people[s] for s in dialogue[1]].__getitem__

    def run() -> tuple[float, ...]:
        both = DialogueLexiconMeasures(build_lexicon(turns, speaks, str))
        own = [
            DialogueLexiconMeasures(
                build_lexicon(
                    blank_other_speakers(turns, speaks, person),
                    speaks,
                    str,
                    mode=ExpressionType.OWN_REPETITION_ONLY,
                )
            )
            for person in people
        ]
        return (
            both.num_expressions,
            both.expression_repetition,
            *(both.expression_repetition_by(person) for person in people),
            *(both.initiated_expressions_by(person) for person in people),
            both.entr,
            both.average_expression_length,
            both.max_expression_length,
            both.shared_vocabulary,
            *(
                n
                for one in own
                for n in (
                    one.num_expressions,
                    one.expression_self_repetition * one.num_tokens,
                    one.entr,
                )
            ),
        )

    return run


# What is measured ----------------------------------------------------------------------


def compared(session: Dialogue, rounds: int) -> list[Comparison]:
    """Time ours against the plain loop and the peer; where they differ there is nothing."""
    tasks: dict[str, Callable[[], Any]] = {
        "ours": lambda: ours(session),
        "plain": lambda: plain(session),
    }
    against = {"plain": "the definitions as a plain loop"}
    if find_spec("pydialign") is not None:
        tasks["pydialign"] = of_pydialign(session)
        against["pydialign"] = f"pydialign {version('pydialign')}, without files"
    for name in against:
        np.testing.assert_allclose(tasks["ours"](), tasks[name](), rtol=1e-12)
    times = take_turns(tasks, rounds=min(FEW, rounds))
    n = sum(map(len, session[0]))
    return [
        Comparison(
            name=f"expressions of a session of {n:,} tokens",
            against=words,
            times_ms=times["ours"],
            base_ms=times[name],
            goal=GOALS[name],
        )
        for name, words in against.items()
    ]


def shuffles_compared(session: Dialogue, rounds: int) -> Comparison:
    """Time chance as it is known against chance as it is drawn."""
    turns, seats = session
    n_words = np.array([len(t) for t in turns])

    def drawn() -> float:
        pairs = neighbouring(seats, n_words).of(1)
        clients = np.flatnonzero((seats == 0) & (n_words >= MIN_WORDS))
        scores = lexical(turns).table(clients, pairs.second)
        rows, columns = (
            np.searchsorted(clients, pairs.first),
            np.arange(pairs.first.size),
        )
        rng = np.random.default_rng(SEED)
        means = [
            scores[rng.permutation(clients.size)[rows], columns].mean()
            for _ in range(N_SHUFFLES)
        ]
        return float((scores[rows, columns].mean() - np.mean(means)) / np.std(means))

    def known() -> float:
        return following(lexical(turns), seats, n_words)[1].z

    # Both within what so many shuffles can tell of a mean and of a spread.
    slack = 5 / math.sqrt(N_SHUFFLES)
    assert abs(known() - drawn()) < slack * (1 + abs(known()))
    times = take_turns({"ours": known, "drawn": drawn}, rounds=rounds)
    return Comparison(
        name="excess over chance, both directions",
        against=f"{N_SHUFFLES:,} shuffles, one direction",
        times_ms=times["ours"],
        base_ms=times["drawn"],
        goal=1,
    )


def growing(grown: Sequence[Dialogue], rounds: int) -> list[Single]:
    """Time talk of several lengths, and tell what a token costs."""
    found = []
    for what, task in (
        ("all expressions of", ours),
        ("each turn as it came, of", lambda dialogue: as_it_went(prepared(*dialogue))),
    ):
        took = {}
        for dialogue in grown:
            times = take_turns({what: partial(task, dialogue)}, rounds=min(FEW, rounds))
            took[sum(map(len, dialogue[0]))] = median(times[what])
        (least, first), *_ = took.items()
        found += [
            Single(
                name=f"{what} {n:,} tokens",
                value=f"{ms:.3g} ms of the processor ({1000 * ms / n:.3g} us a token)",
                goal=f"cost a token as for {least:,}: {ms / n * least / first:.2f} times",
            )
            for n, ms in took.items()
        ]
    return found


def excesses(grown: Sequence[Dialogue], rounds: int) -> list[Single]:
    """Time the excess over chance in words and in style, both directions."""
    found = []
    for k, (turns, seats) in enumerate(grown):
        n_words = np.array([len(t) for t in turns])

        def both(turns: Any = turns, seats: Any = seats, n_words: Any = n_words) -> Any:
            return (
                following(lexical(turns), seats, n_words),
                style_following(count_classes(turns), seats, n_words),
            )

        (times,) = take_turns({"both": both}, rounds=min(FEW, rounds)).values()
        ms = median(times)
        found.append(
            Single(
                name=f"excess in words and style, {len(turns):,} turns",
                value=f"{ms:.3g} ms of the processor",
                goal=verdict(ms, GOAL_EXCESS_MS, "ms") if k == 0 else "none",
            )
        )
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description="Speed of following words.")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args(arguments)
    rounds = 2 if chosen.quick else chosen.rounds
    print(measure_words(rounds=rounds, quick=chosen.quick).as_markdown())
    return 0


if __name__ == "__main__":
    sys.exit(main())
