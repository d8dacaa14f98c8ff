"""One made-up course from the model of docs/methods/simulation.md."""

import zlib
from collections.abc import Mapping
from datetime import datetime, time, timedelta

import numpy as np
from numpy.typing import NDArray

from duologue.records import (
    SEATS,
    Agreement,
    Answer,
    Course,
    Dyad,
    EdgeKind,
    FrameEvent,
    Goal,
    Item,
    ItemType,
    Measure,
    Mode,
    Prompts,
    Reflection,
    Seat,
    Session,
    Status,
    Tag,
    Value,
)
from duologue.simulate.motion import made_up_recording
from duologue.simulate.scenario import Scenario
from duologue.simulate.talk import made_up_talk

COUPLING = np.array([[0.45, 0.15], [0.10, 0.50]])
"""B of the model: the row is the person moved, the client first."""

INNOVATION = np.array([[0.20, 0.07], [0.07, 0.12]])
"""Covariance of what is new in each session, on the scale of 0 to 10."""

RATING_SD = 0.55
"""Spread of a rating round the level that it is drawn from."""

OFFSETS: Mapping[str, tuple[float, float]] = {
    "open": (0.0, -0.3),
    "understood": (0.5, 0.0),
    "safe": (0.4, 0.3),
    "here": (0.9, 0.4),
    "deep": (-0.6, -0.2),
}
"""How each prompt lies to the level, client and therapist; 0 where not listed."""

LENGTH_MIN = 50
HOUR = time(14, 0)
CRISIS = "This practice is made up: nobody answers here. The lines below are real."
GOALS = (
    ("g1", "Say no to my sister without being ill about it for a week (made up)"),
    ("g2", "Sleep through, most nights (made up)"),
)


def course(scenario: Scenario, prompts: Prompts, *, seed: int) -> Course:
    """Make the course of one pair.

    Parameters
    ----------
    scenario : Scenario
        What is special about this pair.
    prompts : Prompts
        What is asked after a session.
    seed : int
        Each scenario has its own stream under a seed, so that adding a pair to a
        practice leaves the others as they are.

    Returns
    -------
    Course
        With ``made_up=True``.
    """
    stream = (seed, zlib.crc32(scenario.name.encode()))
    rng = np.random.default_rng(stream)
    levels = _levels(scenario, rng)
    sessions = _sessions(scenario, rng)
    frame = _frame(sessions)
    reflections = tuple(
        reflection
        for session in sessions
        if session.held
        for reflection in _reflections(scenario, prompts, session.number, levels, rng)
    )
    return Course(
        dyad=Dyad(
            code=f"pair-{scenario.initial}",
            client=f"client-{scenario.initial}",
            therapist="therapist-T",
            agreement=Agreement(
                length_min=LENGTH_MIN,
                rhythm="weekly",
                frame="Two days' notice to move or cancel.",
                crisis=CRISIS,
            ),
        ),
        prompts=prompts,
        sessions=sessions,
        reflections=reflections,
        measures=_measures(sessions, levels, rng),
        goals=_goals(sessions, levels, rng),
        frame=frame,
        turns=(made_up_talk(min(scenario.shocks)),) if scenario.talk else (),
        # Each has a stream of its own, so that a recording changes no answer.
        recorded=tuple(
            made_up_recording(number, stretches, seed=(number, *stream))
            for number, stretches in scenario.recorded.items()
        ),
        made_up=True,
    )


def _levels(scenario: Scenario, rng: np.random.Generator) -> NDArray[np.float64]:
    """Two levels a session: x_1 = start, x_j+1 = mu_j + B (x_j - mu_j) + w + shock."""
    root = np.linalg.cholesky(INNOVATION)
    x = np.array(scenario.start) + root @ rng.normal(size=2)
    out = np.empty((scenario.n_sessions, 2))
    for j in range(scenario.n_sessions):
        mu = np.array(scenario.set_point) + j * np.array(scenario.drift)
        if j > 0:
            x = mu + COUPLING @ (x - mu) + root @ rng.normal(size=2)
        shocked = x + np.array(scenario.shocks.get(j + 1, (0.0, 0.0)))
        out[j] = x = np.clip(shocked, 0.0, 10.0)
    return out


def _sessions(scenario: Scenario, rng: np.random.Generator) -> tuple[Session, ...]:
    made = []
    first = datetime.combine(scenario.first_day, HOUR)
    for number in range(1, scenario.n_sessions + 1):
        planned = first + timedelta(weeks=number - 1)
        late, over = rng.exponential(1.5), rng.normal(1.0, 2.5)
        if rng.random() < 0.12:
            over += 8.0
        status, by = scenario.off.get(number, (Status.HELD, None))
        started = planned + timedelta(minutes=round(late))
        ended = started + timedelta(minutes=LENGTH_MIN + round(over))
        held = status is Status.HELD
        made.append(
            Session(
                number=number,
                planned_start=planned,
                started=started if held else None,
                ended=ended if held else None,
                mode=Mode.ONLINE if number % 4 == 0 else Mode.ROOM,
                status=status,
                by=by,
            )
        )
    return tuple(made)


def _frame(sessions: tuple[Session, ...]) -> tuple[FrameEvent, ...]:
    """Tag every other overrun as meant, the rest as drifted; leave some untagged."""
    tags = (Tag.MEANT, Tag.DRIFTED, None)
    over = [
        s.number
        for s in sessions
        if s.started and s.ended and s.ended - s.started > timedelta(minutes=55)
    ]
    return tuple(
        FrameEvent(
            session=number, kind=EdgeKind.OVERRAN, by=Seat.THERAPIST, tag=tags[i % 3]
        )
        for i, number in enumerate(over)
    )


def _reflections(
    scenario: Scenario,
    prompts: Prompts,
    number: int,
    levels: NDArray[np.float64],
    rng: np.random.Generator,
) -> list[Reflection]:
    made = []
    for s, seat in enumerate(SEATS):
        # Drawn whether used or not, so that one switch changes nothing else.
        skips = rng.random() < scenario.missing[s]
        willing = rng.random() < scenario.willing[s]
        draws = zip(prompts.items, rng.normal(size=len(prompts.items)), strict=True)
        lucks = rng.random(len(prompts.items))
        answers = []
        for (item, noise), luck in zip(draws, lucks, strict=True):
            if not prompts.asked(item.id, number):
                continue
            level = float(levels[number - 1, s])
            value: Value | None = (
                _number(item, level, noise, s)
                if item.is_number
                else _choice(scenario, item, number, s, level=level, luck=luck)
            )
            if value is not None:
                shared = _shares(scenario, item, number, willing=willing)
                answers.append(Answer(item.id, value, shared))
        if not skips:
            made.append(Reflection(session=number, seat=seat, answers=tuple(answers)))
    return made


def _shares(scenario: Scenario, item: Item, number: int, *, willing: bool) -> bool:
    if item.id == "unsaid":
        start = scenario.unsaid_shared_from
        return willing and start is not None and number >= start
    return willing


def _number(item: Item, level: float, noise: float, s: int) -> float:
    """Draw a slider: the level, the prompt's offset and noise; in whole points."""
    if item.type is ItemType.SCALE:
        rating = level + OFFSETS.get(item.id, (0.0, 0.0))[s] + RATING_SD * noise
        return float(np.clip(round(10 * rating), item.low, item.high))
    return float(np.clip(round(50 + 15 * noise), item.low, item.high))


def _choice(
    scenario: Scenario, item: Item, number: int, s: int, *, level: float, luck: float
) -> Value | None:
    if item.id.endswith("unsaid"):
        return _unsaid(level, luck)
    if item.id.endswith("apart"):
        return _apart(scenario, item, number)
    if item.type is ItemType.CHIPS:
        ids = item.option_ids(SEATS[s])
        return (ids[int(luck * len(ids))],)
    return None


def _unsaid(level: float, luck: float) -> str:
    """Hold back more often where the level is low: logit p = 4.2 - 0.9 x."""
    p = 1 / (1 + np.exp(-(4.2 - 0.9 * level)))
    if luck < 0.4 * p:
        return "matters"
    if luck < p:
        return "a_little"
    return "decline" if luck > 0.98 else "no"


def _apart(scenario: Scenario, item: Item, number: int) -> str:
    """Answer by the scenario: still there from a shock until it is mended."""
    back, still = item.option_ids(Seat.CLIENT)[1:3]
    for shock in scenario.shocks:
        if shock <= number < shock + scenario.mends_after:
            return still
        if shock + scenario.mends_after <= number < shock + scenario.mends_after + 3:
            return back
    return item.option_ids(Seat.CLIENT)[0]


def _measures(
    sessions: tuple[Session, ...],
    levels: NDArray[np.float64],
    rng: np.random.Generator,
) -> tuple[Measure, ...]:
    """Make a PHQ-9 before every fourth session; each item falls as the level rises."""
    made = []
    for session in sessions:
        if session.number % 4 != 1 or not session.held:
            continue
        mean = 2.6 - 0.3 * levels[session.number - 1, 0]
        # 0 is added since -0.3 rounds to -0.
        items = np.clip(np.round(mean + rng.normal(0, 0.6, size=9)), 0, 3) + 0.0
        items[8] = 0.0  # The ninth item asks of wanting to die: nothing to make up.
        answers = tuple((str(i + 1), float(v)) for i, v in enumerate(items))
        made.append(
            Measure(
                instrument="phq9",
                session=session.number,
                seat=Seat.CLIENT,
                answers=answers,
            )
        )
    return tuple(made)


def _goals(
    sessions: tuple[Session, ...],
    levels: NDArray[np.float64],
    rng: np.random.Generator,
) -> tuple[Goal, ...]:
    """Rate two goals every fourth session from the second on."""
    made = []
    for index, (code, words) in enumerate(GOALS):
        ratings = []
        for session in sessions:
            if session.number % 4 != 2 or not session.held:
                continue
            rating = levels[session.number - 1, 0] - 1.5 + 0.1 * session.number
            rating += rng.normal(0, 0.7) - index
            ratings.append((session.number, float(np.clip(round(rating), 0, 10))))
        made.append(Goal(code=code, words=words, ratings=tuple(ratings)))
    return tuple(made)
