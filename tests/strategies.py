"""Hypothesis strategies for whole courses, and a small set of prompts for them."""

from datetime import UTC, datetime, timedelta, timezone

import numpy as np
from hypothesis import strategies as st

from duologue.records import (
    Agreement,
    Answer,
    Course,
    Dyad,
    EdgeKind,
    FrameEvent,
    Goal,
    Item,
    ItemType,
    Kind,
    Measure,
    Modality,
    Mode,
    Motion,
    Option,
    Prompts,
    Recorded,
    Reflection,
    Rotation,
    Seat,
    Segment,
    Session,
    Status,
    Tag,
    Turns,
    Visibility,
)


def _options(*ids):
    return tuple(Option(id=each, label=each) for each in ids)


def prompts():
    """Return six items, one of each type and one text without a limit."""
    holding = _options("no", "a_little", "matters", "decline")
    return Prompts(
        id="small",
        version="1",
        items=(
            Item(id="open", type=ItemType.SCALE),
            Item(id="lead", type=ItemType.BIPOLAR, low=-50, high=50),
            Item(
                id="unsaid",
                type=ItemType.CHOICE,
                options=dict.fromkeys(Seat, holding),
                declines=frozenset({"decline"}),
                visibility=Visibility.AUTHOR_ONLY_UNLESS_BOTH,
            ),
            Item(
                id="need",
                type=ItemType.CHIPS,
                options={
                    Seat.CLIENT: _options("slower", "quiet", "more_time"),
                    Seat.THERAPIST: _options("slower", "ask_more"),
                },
                rotation=Rotation.ROTATING,
            ),
            Item(id="words", type=ItemType.TEXT, max_characters=40),
            Item(
                id="carry",
                type=ItemType.TEXT,
                rotation=Rotation.OPTIONAL,
                visibility=Visibility.AUTHOR_ONLY,
            ),
        ),
        rotation=("need",),
    )


def codes():
    """Return any text that can be encoded and is not blank, control characters too."""
    return st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)


def cells(max_size=20):
    """Return any text that a cell of a table can hold: no carriage return, no NUL."""
    alphabet = st.one_of(
        st.characters(exclude_categories=["Cs"], exclude_characters="\r\0"),
        st.sampled_from(',;"\n| =+-@'),
    )
    return st.text(alphabet, min_size=1, max_size=max_size)


def finite(low=None, high=None):
    """Return whole and other finite numbers."""
    return st.floats(low, high, allow_nan=False, allow_infinity=False) | st.integers(
        -1000 if low is None else int(low), 1000 if high is None else int(high)
    ).map(float)


def values(item, seat):
    """Return any answer of this seat to this item, blank included."""
    match item.type:
        case ItemType.SCALE | ItemType.BIPOLAR:
            given_values = finite(item.low, item.high)
        case ItemType.CHOICE:
            given_values = st.sampled_from(item.option_ids(seat))
        case ItemType.CHIPS:
            chips = st.sampled_from(item.option_ids(seat))
            given_values = st.lists(chips, min_size=1, unique=True).map(tuple)
        case ItemType.TEXT:
            given_values = cells(item.max_characters or 60)
    return st.none() | given_values


@st.composite
def sessions(draw):
    """Return sessions in the order of time, all with a UTC offset or none of them."""
    numbers = sorted(draw(st.sets(st.integers(0, 1200), max_size=5)))
    zone = draw(
        st.sampled_from([None, UTC, timezone(timedelta(hours=-9, minutes=-30))])
    )
    clock = datetime(2026, 1, 5, 14, tzinfo=zone)
    found = []
    for number in numbers:
        clock += draw(st.timedeltas(timedelta(0), timedelta(days=20)))
        status = draw(st.sampled_from(Status))
        moved = status in (Status.MOVED, Status.CANCELLED)
        planned = clock - timedelta(days=90) if moved else clock
        started = clock + draw(st.timedeltas(timedelta(0), timedelta(hours=1)))
        ended = started + draw(st.timedeltas(timedelta(0), timedelta(hours=2)))
        found.append(
            Session(
                number=number,
                planned_start=draw(st.sampled_from([planned, None])),
                started=draw(st.sampled_from([started, None])),
                ended=draw(st.sampled_from([ended, None])),
                mode=draw(st.none() | st.sampled_from(Mode)),
                status=status,
                by=draw(st.none() | st.sampled_from(Seat)),
                planned_minutes=draw(st.none() | st.integers(1, 480)),
            )
        )
    return tuple(found)


@st.composite
def reflections(draw, prompts, numbers):
    """Return reflections in the order of the sessions, the client's first."""
    found = []
    for number in numbers:
        for seat in Seat:
            asked = [item for item in prompts.items if draw(st.booleans())]
            answers = tuple(
                Answer(item.id, draw(values(item, seat)), draw(st.booleans()))
                for item in asked
            )
            if answers:
                found.append(Reflection(session=number, seat=seat, answers=answers))
    return tuple(found)


@st.composite
def measures(draw, numbers):
    """Return filled-in forms of instruments, in any order."""
    keys = st.tuples(st.sampled_from(numbers), st.sampled_from(Seat), cells(8))
    answers = st.dictionaries(cells(8), st.none() | finite(), min_size=1, max_size=3)
    return tuple(
        Measure(
            session=session,
            seat=seat,
            instrument=instrument,
            answers=tuple(draw(answers).items()),
        )
        for session, seat, instrument in draw(st.lists(keys, max_size=3, unique=True))
    )


@st.composite
def goals(draw, numbers):
    """Return goals, each with words and perhaps ratings."""
    ratings = st.just({})
    if numbers:
        ratings = st.dictionaries(st.sampled_from(numbers), finite(0, 10), max_size=3)
    return tuple(
        Goal(
            code=code, words=draw(cells()), ratings=tuple(sorted(draw(ratings).items()))
        )
        for code in draw(st.lists(cells(8), max_size=2, unique=True))
    )


def frame_events(numbers):
    """Return edges that moved."""
    event = st.builds(
        FrameEvent,
        session=st.sampled_from(numbers),
        kind=st.sampled_from(EdgeKind),
        by=st.none() | st.sampled_from(Seat),
        tag=st.none() | st.sampled_from(Tag),
    )
    return st.lists(event, max_size=3).map(tuple)


@st.composite
def turns(draw, number):
    """Return a transcript in plain words, with times in steps of 0.001 s or without."""
    timed = draw(st.booleans())
    clock = 0
    segments = []
    for _ in range(draw(st.integers(1, 4))):
        start = clock + draw(st.integers(0, 5000))
        clock = start + draw(st.integers(1, 60_000))
        segments.append(
            Segment(
                seat=draw(st.sampled_from(Seat)),
                start_s=start / 1000 if timed else None,
                end_s=clock / 1000 if timed else None,
                text=draw(st.sampled_from(["Yes.", 'I said, "no".', "Så är det; ja"])),
            )
        )
    return Turns(session=number, segments=tuple(segments))


@st.composite
def recordings(draw, number):
    """Return one to three recordings of a session, of one modality each."""
    sample = st.just(0.0) | st.floats(1e-60, 1e6) | st.just(np.nan)
    found = []
    for modality in draw(st.lists(st.sampled_from(Modality), min_size=1, unique=True)):
        n = draw(st.integers(1, 5))
        series = [
            np.array(draw(st.lists(sample, min_size=n, max_size=n))) for _ in range(2)
        ]
        rate = draw(st.sampled_from([25.0, 30000 / 1001, 1 / 60]))
        motion = Motion(client=series[0], therapist=series[1], rate=rate)
        found.append(Recorded(session=number, modality=modality, motion=motion))
    return sorted(found, key=lambda each: list(Modality).index(each.modality))


def agreements():
    """Return what two people agreed, or nothing."""
    texts = st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
    return st.builds(
        Agreement,
        length_min=st.none() | st.integers(5, 480),
        rhythm=texts,
        frame=texts,
        crisis=texts,
    )


@st.composite
def courses(draw, prompts=prompts()):  # noqa: B008  (frozen)
    """Return whole courses of either kind that a folder can hold, in its order."""
    people = draw(st.lists(codes(), min_size=2, max_size=2, unique=True))
    found = draw(sessions())
    numbers = [session.number for session in found]
    spoken = [number for number in numbers if draw(st.integers(0, 3)) == 0]
    taped = [number for number in numbers if draw(st.integers(0, 3)) == 0]
    return Course(
        dyad=Dyad(
            code=draw(codes()),
            client=people[0],
            therapist=people[1],
            kind=draw(st.sampled_from(Kind)),
            agreement=draw(agreements()),
        ),
        prompts=prompts,
        sessions=found,
        reflections=draw(reflections(prompts, numbers)),
        measures=draw(measures(numbers)) if numbers else (),
        goals=draw(goals(numbers)),
        frame=draw(frame_events(numbers)) if numbers else (),
        turns=tuple(draw(turns(number)) for number in spoken),
        recorded=tuple(each for number in taped for each in draw(recordings(number))),
        made_up=draw(st.booleans()),
    )
