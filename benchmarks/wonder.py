"""How often something to wonder about comes by chance, and what falls are found.

    python benchmarks/wonder.py                 print the page
    python benchmarks/wonder.py --write docs/validation-wonder.md
    python benchmarks/wonder.py --quick         fewer people, wider errors

People are made up from an autoregressive series of order 1; the rule is the program's own
(`duologue.engine.wonder`). The exit code is 1 where nothing changes and yet a caseload of
18 clients gets more than .25 cards a week, where a chance that the program states lies
more than a quarter below the one measured, or where a lasting fall of 1.5 SD is not found
within six sessions by 60 of 100 on average over the autocorrelations and histories below.
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from duologue.engine.wonder import (
    NEAR_TOP,
    ORDINARY,
    RULE,
    Chance,
    Part,
    Rule,
    Wonder,
    cap,
    wonder,
)
from figures_page import machine, page, section, written

SEED = 20_261_128
N_CLIENTS = 18
MOST_A_WEEK, LEAST_FOUND, TOLERANCE = 0.25, 0.60, 0.25
N_SESSIONS, FIRST = 42, RULE.min_earlier + 1
LEVEL, SD = 60.0, 12.0
RHOS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)
FEW_RHOS = (0.0, 0.3, 0.5)
JUDGED = 0.3
HISTORIES = (12, 20, 30)
FALLS = (1.0, 1.5, 2.0)
WITHIN = (3, 6, 10)
STRETCHES = ((12, 15), (16, 20), (21, 30), (31, 42))

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """How people answer who do not change, or who only rise."""

    level: float = LEVEL
    sd: float = SD
    step: float = 1.0
    """The scale's own step, in points of 100."""
    missing: float = 0.0
    slope: float = 0.0
    """Points a session."""


MIDDLE, BELOW_TOP = "middle of the scale", "a little below the top (78)"
CEILINGS = (
    "near the top",
    "at the top: 1 in 2 answers is 100",
    "at the top: 5 in 6 answers are 100",
)
KINDS = {
    MIDDLE: Kind(),
    "a spread of 6 points": Kind(sd=6.0),
    "a spread of 20, level 70": Kind(level=70.0, sd=20.0),
    BELOW_TOP: Kind(level=78.0),
    CEILINGS[0]: Kind(level=90.0),
    "near the top, a spread of 6": Kind(level=90.0, sd=6.0),
    CEILINGS[1]: Kind(level=100.0),
    CEILINGS[2]: Kind(level=112.0),
    "a scale of 11 points": Kind(step=10.0),
    "near the top, 11 points": Kind(level=90.0, step=10.0),
    "15 % of forms missing": Kind(missing=0.15),
    "30 % of forms missing": Kind(missing=0.30),
    "a slow rise, .04 SD a session": Kind(level=50.0, slope=0.5),
    "a rise, .08 SD a session": Kind(level=45.0, slope=1.0),
}
STATED = {
    MIDDLE: ORDINARY,
    BELOW_TOP: ORDINARY,
    **dict.fromkeys(CEILINGS, NEAR_TOP),
}
"""What a card states for most people of a kind."""

BEYOND = {
    "at the top, a spread of 20: 7 in 10 answers are 100": Kind(level=110.0, sd=20)
}
RESTS = (0, 4, 6, 8, 11)
VARIANTS = {
    "one answer alone": replace(RULE, few=1 - 1e-9, few_near_top=1 - 1e-9),
    "one, or the last 3": replace(RULE, n_few=3),
    "one, or the last 4": replace(RULE, n_few=4),
    "**one, or the last 5**, as in use": RULE,
    "one, or the last 6": replace(RULE, n_few=6),
    "the last 5, each person's own correlation": replace(RULE, weight=2.0),
    "the last 5, correlated by .3 for everybody": replace(RULE, weight=1e9),
    "the last 5 with 7 answers before them": replace(RULE, min_earlier=7),
    "a rest of 4 answers": replace(RULE, n_rest=4),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How many people are simulated for each cell, and caseloads for the cap."""

    n: int
    n_power: int
    n_tuned: int
    n_caseloads: int


FULL = Size(n=16_000, n_power=8_000, n_tuned=6_000, n_caseloads=300)
QUICK = Size(n=300, n_power=150, n_tuned=60, n_caseloads=4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A mean over people and its standard error."""

    value: float
    error: float


def rate(each: NDArray[np.generic], times: float = 1.0) -> Rate:
    """Return the mean of one number a person, and its error."""
    x = times * np.asarray(each, dtype=float)
    return Rate(value=float(x.mean()), error=float(x.std(ddof=1) / np.sqrt(x.size)))


# Made-up people ----------------------------------------------------------------------


def deviations(rng: np.random.Generator, n_sessions: int, n: int, rho: float) -> Floats:
    """Return stationary series of SD 1, shape (n_sessions, n)."""
    z = rng.normal(size=(n_sessions, n))
    for row in range(1, n_sessions):
        z[row] = rho * z[row - 1] + np.sqrt(1 - rho**2) * z[row]
    return z


def answers(rng: np.random.Generator, z: Floats, kind: Kind) -> Floats:
    """Turn deviations into answers of this kind, with blanks."""
    level = kind.level + kind.slope * np.arange(len(z))[:, None]
    y = np.clip(np.round((level + kind.sd * z) / kind.step) * kind.step, 0.0, 100.0)
    y[rng.random(y.shape) < kind.missing] = np.nan
    return y


def unchanging(kind: Kind, rho: float, n: int) -> Floats:
    """Return people of a kind over a course, shape (n_sessions, n)."""
    place = [*(round(1000 * x) for x in (kind.level, kind.sd, kind.step, rho))]
    rng = np.random.default_rng([SEED, *place])
    return answers(rng, deviations(rng, N_SESSIONS, n, rho), kind)


def fallen(
    fall: float,
    history: int,
    rho: float,
    n: int,
    *,
    missing: float = 0.0,
    more: int = 10,
) -> Floats:
    """Return people who fall for good by so many SD after so many answers."""
    rng = np.random.default_rng([SEED, 1, round(10 * fall), history, round(10 * rho)])
    z = deviations(rng, history + more, n, rho)
    z[history:] -= fall
    y = answers(rng, z, Kind())
    y[history:][rng.random((more, n)) < missing] = np.nan
    return y


def asked(y: Floats, rule: Rule = RULE) -> Wonder:
    """Ask of many people, each with a declared series alone."""
    return wonder(y[:, None], rule=rule)


# What is measured ---------------------------------------------------------------------


def a_week(found: Wonder, first: int = FIRST, last: int = N_SESSIONS) -> Rate:
    """Cards a week for a caseload, everybody in sessions first to last."""
    return rate(found.card[first - 1 : last].mean(axis=0), N_CLIENTS)


def chance_in(found: Wonder, part: Part, first: int, last: int) -> Rate:
    """Share of these sessions in which a part of the rule finds something."""
    hits = found.one if part is Part.ONE else found.few
    return rate(hits[first - 1 : last, 0].mean(axis=0))


def null_rates(kinds: dict[str, Kind], n: int) -> dict[tuple[str, float], Rate]:
    """Measure cards a week where nothing falls."""
    return {
        (name, rho): a_week(asked(unchanging(kind, rho, n)))
        for name, kind in kinds.items()
        for rho in RHOS
    }


def asked_in(part: Part) -> list[tuple[int, int]]:
    """Sessions in which a part is asked: all of them, and early, in the middle and late."""
    first = FIRST if part is Part.ONE else FIRST + RULE.n_few - 1
    return [(first, N_SESSIONS), (first, 20), (21, 30), (31, N_SESSIONS)]


def chance_rates(n: int) -> dict[tuple[str, Part, tuple[int, int]], Rate]:
    """Measure what the program states, overall and early, in the middle and late."""
    out = {}
    for name in STATED:
        found = asked(unchanging(KINDS[name], JUDGED, n))
        for part in (Part.ONE, Part.FEW):
            for stretch in asked_in(part):
                out[name, part, stretch] = chance_in(found, part, *stretch)
    return out


def found_within(
    fall: float, history: int, rho: float, n: int, *, missing: float, rule: Rule = RULE
) -> list[Rate]:
    """Measure how often a fall has a card within 3, 6 and 10 sessions."""
    y = fallen(fall, history, rho, n, missing=missing)
    card = asked(y, rule).card[history:]
    return [rate(card[:within].any(axis=0)) for within in WITHIN]


Power = dict[tuple[float, int, float], list[Rate]]


def power(n: int, missing: float) -> Power:
    """Measure how often lasting falls are found: by rho, history and fall."""
    return {
        (rho, history, fall): found_within(fall, history, rho, n, missing=missing)
        for rho in FEW_RHOS
        for history in HISTORIES
        for fall in FALLS
    }


def dip_found(dip: float, session: int, rho: float, n: int) -> Rate:
    """Measure how often a fall of one session has a card in it."""
    y = fallen(dip, session - 1, rho, n, more=1)
    return rate(asked(y).card[-1])


def slide_found(slope: float, rho: float, n: int) -> list[Rate]:
    """Measure how often a slide from the 13th session on has a card by 22 and 32."""
    rng = np.random.default_rng([SEED, 2, round(100 * slope), round(10 * rho)])
    z = deviations(rng, 32, n, rho) - slope * np.maximum(np.arange(32) - 11, 0)[:, None]
    card = asked(answers(rng, z, Kind(level=70.0))).card[12:]
    return [rate(card[:10].any(axis=0)), rate(card.any(axis=0))]


def told_again(fall: float, rule: Rule, n: int) -> tuple[Rate, Rate]:
    """Measure how often a fall is found within six, and then told again within 12."""
    card = asked(fallen(fall, 20, JUDGED, n, more=20), rule).card[20:]
    found = card[:6].any(axis=0)
    first = card.argmax(axis=0)
    after = np.arange(len(card))[:, None] - first
    again = (card & (after > 0) & (after <= 12)).any(axis=0)
    return rate(found), rate(again[found])


def with_further(n_further: int, rho: float, n: int, *, fall: bool) -> Rate:
    """Measure with further series, correlated by .5 with the declared one.

    Cards a week where nothing changes, or how often a fall of 1.5 SD of the declared
    series alone is found within six sessions from the 21st on.
    """
    rng = np.random.default_rng([SEED, 3, n_further, round(10 * rho)])
    n_sessions = 26 if fall else N_SESSIONS
    own = [deviations(rng, n_sessions, n, rho) for _ in range(n_further + 2)]
    z = np.stack([np.sqrt(0.5) * (own[0] + each) for each in own[1:]], axis=1)
    if fall:
        z[20:, 0] -= 1.5
    card = wonder(np.clip(np.round(LEVEL + SD * z), 0.0, 100.0)).card
    return (
        rate(card[20:].any(axis=0))
        if fall
        else rate(card[FIRST - 1 :].mean(axis=0), N_CLIENTS)
    )


def capped(rho: float, missing: float, n_caseloads: int) -> list[Rate]:
    """Measure cards a week before and after the cap, and how the shown ones came.

    Returns before, after, and the shares shown in their week, shown later, and lapsed.
    """
    n = N_CLIENTS * n_caseloads
    found = asked(unchanging(Kind(missing=missing), rho, n))
    n_weeks = N_SESSIONS - FIRST + 1
    made, shown, late = [], [], []
    for place in range(n_caseloads):
        mine = slice(place * N_CLIENTS, (place + 1) * N_CLIENTS)
        weeks, pairs = np.nonzero(found.card[:, mine])
        seen = cap(pairs, weeks, found.strength[:, mine][weeks, pairs])
        made.append(weeks.size)
        shown.append((seen >= 0).sum())
        late.append((seen > weeks).sum())
    before, after, waited = (np.array(x) / n_weeks for x in (made, shown, late))
    total = max(before.sum(), 1e-9)
    shares = [(after - waited).sum(), waited.sum(), (before - after).sum()]
    return [
        rate(before),
        rate(after),
        *(Rate(value=x / total, error=0.0) for x in shares),
    ]


def tuned(rule: Rule, n: int) -> Rule:
    """Set the level of a variant so that it makes as many false cards as allowed."""
    y = unchanging(KINDS[MIDDLE], 0.5, n)
    name = "one" if rule.few > 1 - 1e-6 else "few"
    low, high = 0.95, 0.9999
    for _ in range(9):
        level = (low + high) / 2
        if a_week(asked(y, replace(rule, **{name: level}))).value > 0.247:
            low = level
        else:
            high = level
    return replace(rule, **{name: high})


# What must hold -------------------------------------------------------------------------


def too_many(rates: dict[tuple[str, float], Rate]) -> list[str]:
    """Name the kinds of people of whom a caseload gets more cards than allowed."""
    return [
        f"{name}, autocorrelation {rho:.1f}: {each.value:.3f} cards a week"
        for (name, rho), each in rates.items()
        if each.value - 2 * each.error > MOST_A_WEEK
    ]


def understated(
    rates: dict[tuple[str, Part, tuple[int, int]], Rate],
    stated: dict[str, Chance] = STATED,
) -> list[str]:
    """Name what is stated too low, overall or in a stretch."""
    return [
        f"{name}, {part.name.lower()}, sessions {first} to {last}: {each.value:.4f}"
        for (name, part, (first, last)), each in rates.items()
        if each.value - 2 * each.error > (1 + TOLERANCE) * of(stated[name], part)
    ]


def of(stated: Chance, part: Part) -> float:
    """Pick what is stated for a part of the rule."""
    return stated.one if part is Part.ONE else stated.few


def six_of(found: Power) -> dict[tuple[float, int], Rate]:
    """Pick the falls of 1.5 SD and their share found within six sessions."""
    return {
        (rho, history): rates[WITHIN.index(6)]
        for (rho, history, fall), rates in found.items()
        if fall == 1.5
    }


def too_few(found: Power) -> list[str]:
    """Name where fewer falls of 1.5 SD are found than was aimed at.

    Where neighbouring answers resemble each other more than is judged, the aim cannot be
    met within what chance may find; the page names those cells.
    """
    return [
        f"falls of 1.5 SD, autocorrelation {rho:.1f}, {history} answers: {each.value:.3f}"
        for (rho, history), each in six_of(found).items()
        if rho <= JUDGED and each.value + 2 * each.error < LEAST_FOUND
    ]


# The page -------------------------------------------------------------------------------


def row(first: str, rates: Sequence[Rate], digits: int = 2) -> str:
    """Write one row of a table."""
    cells = " | ".join(f"{each.value:.{digits}f}" for each in rates)
    return f"| {first} | {cells} |"


def columns(first: str, rest: Sequence[object]) -> str:
    """Write the head of a table."""
    return f"| {first} | {' | '.join(str(each) for each in rest)} |"


NULL_SAID = (
    f"Cards a week before the cap for {N_CLIENTS} clients of one kind, all of them from "
    f"their twelfth answer on (sessions {FIRST} to {N_SESSIONS}; those still new get none). "
    "Columns: autocorrelation. At most .25 are allowed. Where forms are missing the twelfth "
    "answer comes later, and the first weeks are counted all the same."
)
BEYOND_SAID = (
    "People who nearly always answer 100 and now and then something far lower. From so few "
    "other answers nobody can tell what is rare."
)
STRETCH_SAID = (
    "The same for the middle of the scale, early and late. One answer is asked about from "
    "the twelfth on, and the last five from the sixteenth on: there what has been low for "
    "some time is found at once."
)
CHANCE_SAID = (
    "Share of ordinary sessions that look like this by chance, whether the pair rests or "
    "not; autocorrelation .3. A stated chance may be too high, since that makes a card look "
    "no surer than it is; it is too low where a measured one lies more than a quarter above."
)
CAP_SAID = (
    "The same caseloads before and after at most one card a week is shown. The last three "
    "columns: shares of the cards shown in their own week, in the next two, and never."
)
POWER_SAID = (
    "Share of lasting falls with a card within 3, 6 and 10 sessions. SD is the person's own "
    "stationary spread; the fall comes after so many answers and stays. Cards that chance "
    "made before the fall are counted as the rule counts them: while a pair rests after one "
    "a fall is not found. {missing}"
)
AGAIN_SAID = (
    f"Why a pair rests for {RULE.n_rest} answers: autocorrelation .3, fall after 20 answers. "
    "Cards a week where nothing changes (autocorrelation .5); lasting falls with a card "
    "within six sessions; and of those, with another one in the 12 sessions after it, by "
    "chance or not."
)
DIP_SAID = "A fall of one session, and back: share with a card in that session."
SLIDE_SAID = (
    "A slide by so many SD a session from the thirteenth session on: share with a card by "
    "session 22 and by session 32. A slow slide widens a person's own spread and so hides "
    "itself: 'both quieter' on the page of the two is made for it."
)
FURTHER_SAID = (
    "Further series beside the declared one, correlated by .5 with it. Cards a week where "
    "nothing changes, and falls of 1.5 SD in the declared series alone with a card within "
    "six sessions (after 20 answers; autocorrelation .3)."
)
VARIANTS_SAID = (
    "Variants of the rule, the level of each set so that 18 clients in the middle of the "
    "scale with autocorrelation .5 get .247 cards a week. Falls of 1.5 SD after 20 answers "
    "with a card within 3 sessions (autocorrelation .3) and within 6."
)


def null_section(rates: dict[tuple[str, float], Rate]) -> list[str]:
    """Give cards a week where nothing falls."""
    names = dict.fromkeys(name for name, _ in rates)
    rows = [row(name, [rates[name, rho] for rho in RHOS]) for name in names]
    return section("When nothing changes", NULL_SAID, columns("people", RHOS), rows)


def beyond_section(n: int) -> list[str]:
    """Give the people for whom the bound does not hold."""
    rates = null_rates(BEYOND, n)
    rows = [row(name, [rates[name, rho] for rho in RHOS]) for name in BEYOND]
    title = "For whom that bound does not hold"
    return section(title, BEYOND_SAID, columns("people", RHOS), rows)


def stretch_section(n: int) -> list[str]:
    """Give cards a week early and late."""
    rows = []
    for rho in FEW_RHOS:
        found = asked(unchanging(KINDS[MIDDLE], rho, n))
        rows.append(row(f"{rho:.1f}", [a_week(found, *each) for each in STRETCHES]))
    heads = [f"sessions {first} to {last}" for first, last in STRETCHES]
    return section("Early and late", STRETCH_SAID, columns("", heads), rows)


def chance_section(
    rates: dict[tuple[str, Part, tuple[int, int]], Rate],
) -> list[str]:
    """Set what is stated against what is measured."""
    words = {
        Part.ONE: "one answer below its limit",
        Part.FEW: f"the mean of the last {RULE.n_few} below its limit",
    }
    rows = []
    for name, chances in STATED.items():
        for part, said in words.items():
            cells = {
                key: rates[key] for key in ((name, part, s) for s in asked_in(part))
            }
            verdict = "too low" if understated(cells) else "holds"
            measured = " | ".join(f"{each.value:.4f}" for each in cells.values())
            stated = of(chances, part)
            rows.append(f"| {name} | {said} | {stated:.4f} | {measured} | {verdict} |")
    heads = [
        "card",
        "stated",
        "measured",
        "to session 20",
        "21 to 30",
        "31 to 42",
        "verdict",
    ]
    return section("What a card states", CHANCE_SAID, columns("people", heads), rows)


def cap_section(n_caseloads: int) -> list[str]:
    """Give cards a week before and after the cap."""
    rows = [
        row(
            f"{rho:.1f}, {100 * missing:.0f} % of forms missing",
            capped(rho, missing, n_caseloads),
        )
        for rho in FEW_RHOS
        for missing in (0.0, 0.15)
    ]
    heads = ["before", "after", "in their week", "later", "never"]
    return section("One card a week", CAP_SAID, columns("autocorrelation", heads), rows)


def power_section(title: str, missing: str, found: Power) -> list[str]:
    """Give how often lasting falls are found."""
    rows = []
    for rho in FEW_RHOS:
        for history in HISTORIES:
            rates = [each for fall in FALLS for each in found[rho, history, fall]]
            rows.append(row(f"{rho:.1f}, {history}", rates))
    heads = [f"{fall:g} SD: {within}" for fall in FALLS for within in WITHIN]
    said = POWER_SAID.format(missing=missing)
    return section(title, said, columns("autocorrelation, answers", heads), rows)


def short_section(found: Sequence[tuple[str, Power]]) -> list[str]:
    """Say plainly which cells stay below what was aimed at."""
    lines = ["", "## Where 60 of 100 are not found", ""]
    for name, each in found:
        cells = six_of(each)
        low = [
            f"{rate_.value:.3f} at autocorrelation {rho:.1f} after {history} answers"
            for (rho, history), rate_ in cells.items()
            if rate_.value < LEAST_FOUND
        ]
        mean = np.mean([rate_.value for rate_ in cells.values()])
        lines.append(
            f"- {name}: {mean:.2f} of falls of 1.5 SD are found within six sessions on "
            f"average. Below .60: {', '.join(low) or 'nowhere'}."
        )
    return lines


def again_section(n: int) -> list[str]:
    """Give what a rest costs and saves."""
    rows = []
    for n_rest in RESTS:
        rule = replace(RULE, n_rest=n_rest)
        null = a_week(asked(unchanging(KINDS[MIDDLE], 0.5, n), rule))
        falls = [each for fall in (1.5, 2.0, 3.0) for each in told_again(fall, rule, n)]
        name = f"**{n_rest}**" if n_rest == RULE.n_rest else f"{n_rest}"
        rows.append(row(name, [null, *falls]))
    heads = [f"{f:g} SD: {w}" for f in (1.5, 2.0, 3.0) for w in ("found", "again")]
    return section(
        "The same fall told again",
        AGAIN_SAID,
        columns("answers of rest", ["cards a week", *heads]),
        rows,
    )


def dip_section(n: int) -> list[str]:
    """Give how often a fall of one session is found."""
    rows = [
        row(
            f"{rho:.1f}, session {session}",
            [dip_found(dip, session, rho, n) for dip in (2.0, 3.0)],
        )
        for rho in FEW_RHOS
        for session in (13, 22, 42)
    ]
    heads = ["dip of 2 SD", "dip of 3 SD"]
    return section(
        "A single session", DIP_SAID, columns("autocorrelation", heads), rows
    )


def slide_section(n: int) -> list[str]:
    """Give how often a slow slide is found."""
    rows = [
        row(f"{slope:.2f}", [x for rho in FEW_RHOS for x in slide_found(slope, rho, n)])
        for slope in (0.0, 0.05, 0.1, 0.2)
    ]
    heads = [f"{rho}: by {by}" for rho in FEW_RHOS for by in (22, 32)]
    return section("A slow slide", SLIDE_SAID, columns("SD a session", heads), rows)


def further_section(n: int) -> list[str]:
    """Give what further series cost the declared one."""
    rows = []
    for n_further in (0, 1, 2, 4):
        null = [with_further(n_further, rho, n, fall=False) for rho in (JUDGED, 0.5)]
        rows.append(
            row(f"{n_further}", [*null, with_further(n_further, JUDGED, n, fall=True)])
        )
    heads = ["cards a week, .3", "cards a week, .5", "falls found"]
    return section("Further series", FURTHER_SAID, columns("further", heads), rows)


def variants_section(size: Size) -> list[str]:
    """Give the table that the rule was chosen from."""
    rows = []
    for name, rule in VARIANTS.items():
        same = tuned(rule, size.n_tuned)
        n = size.n_power
        quick = found_within(1.5, 20, JUDGED, n, missing=0.0, rule=same)[0]
        six = [
            found_within(1.5, 20, rho, n, missing=missing, rule=same)[1]
            for missing in (0.0, 0.15)
            for rho in FEW_RHOS
        ]
        rows.append(row(name, [quick, *six]))
    heads = ["in 3", *(f"{rho}" for rho in FEW_RHOS)]
    heads += [f"{rho}, 15 % missing" for rho in FEW_RHOS]
    title = "What the rule was chosen from"
    return section(title, VARIANTS_SAID, columns("rule", heads), rows)


LIMITS = [
    "",
    "## Limits",
    "",
    "- The series are made up, and the spread of 12 points is our assumption.",
    (
        "- A rate among ordinary sessions is not the share of cards that are chance. That "
        "share depends on how often something truly changes, and is far higher."
    ),
    (
        "- Much of what truly falls is missed, and the more so the more neighbouring "
        "answers resemble each other. No card does not mean nothing is happening."
    ),
]


def build(size: Size, day: str) -> tuple[str, int]:
    """Run everything; return the page and the exit code."""
    null, chance = null_rates(KINDS, size.n), chance_rates(size.n)
    full, gaps = (power(size.n_power, missing) for missing in (0.0, 0.15))
    names = ("Every form answered", "15 % of forms missing")
    sections = [
        null_section(null),
        beyond_section(size.n_power),
        stretch_section(size.n),
        chance_section(chance),
        cap_section(size.n_caseloads),
        power_section("Lasting falls", "Every form is answered.", full),
        power_section(
            "Lasting falls, forms missing",
            "15 % of forms after the fall are missing.",
            gaps,
        ),
        short_section(list(zip(names, (full, gaps), strict=True))),
        again_section(size.n_power),
        dip_section(size.n_power),
        slide_section(size.n_power),
        further_section(size.n_power),
        variants_section(size),
        LIMITS,
    ]
    return page(
        "Something to wonder about: chance and power",
        "wonder",
        run=f"{day} with {machine()}; seed {SEED}; rule {RULE.version}; {size.n:,} people a "
        f"cell of the tables without change, {size.n_power:,} of the others.",
        sections=sections,
        wrong=[*too_many(null), *understated(chance), *too_few(full)],
    )


def main(
    arguments: Sequence[str], *, build: Callable[[Size, str], tuple[str, int]] = build
) -> int:
    """Run the command line."""
    return written(
        arguments,
        build,
        full=FULL,
        quick=QUICK,
        description="Measure chance and power of something to wonder about.",
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
