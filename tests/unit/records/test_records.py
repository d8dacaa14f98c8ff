from dataclasses import FrozenInstanceError, replace
from datetime import UTC, datetime

import pytest

from duologue.errors import FileError, NotSeatedError, RecordError
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
    Prompts,
    Reflection,
    Rotation,
    Seat,
    Segment,
    Session,
    Turns,
)

DYAD = Dyad(code="p", client="c", therapist="t")
PROMPTS = Prompts(
    id="small",
    version="1",
    items=(
        Item(id="open", type=ItemType.SCALE),
        Item(id="apart", type=ItemType.CHOICE, rotation=Rotation.ROTATING),
        Item(id="need", type=ItemType.CHIPS, rotation=Rotation.ROTATING),
        Item(id="line", type=ItemType.TEXT, rotation=Rotation.OPTIONAL),
    ),
    rotation=("apart", "need"),
)


def course(**parts):
    given = {"sessions": (Session(number=1), Session(number=2)), **parts}
    return Course(dyad=DYAD, prompts=PROMPTS, **given)


def test_records_are_frozen():
    with pytest.raises(FrozenInstanceError):
        DYAD.code = "q"


@pytest.mark.parametrize("seat", Seat)
def test_the_other_of_the_other_is_oneself(seat):
    assert seat.other is not seat
    assert seat.other.other is seat


@pytest.mark.parametrize(
    ("kind", "client", "therapist"),
    [
        (Kind.THERAPY, "client", "therapist"),
        (Kind.SUPERVISION, "supervisee", "supervisor"),
    ],
)
def test_the_supervisee_sits_in_the_clients_seat(kind, client, therapist):
    assert Seat.CLIENT.called(kind) == client
    assert Seat.THERAPIST.called(kind) == therapist


def test_a_dyad_knows_who_sits_where():
    assert DYAD.person(Seat.CLIENT) == "c"
    assert DYAD.seat_of("t") is Seat.THERAPIST
    with pytest.raises(NotSeatedError, match="only the two people"):
        DYAD.seat_of("x")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Dyad(code="", client="c", therapist="t"), "code, got a blank"),
        (lambda: Dyad(code="p", client="c", therapist="c"), "two people"),
        (lambda: Agreement(length_min=4), "5 to 480 minutes"),
        (lambda: Session(number=-1), "0 or more"),
        (
            lambda: Session(
                number=1,
                started=datetime(2026, 1, 1, 15, tzinfo=UTC),
                ended=datetime(2026, 1, 1, 14, tzinfo=UTC),
            ),
            "not end before",
        ),
        (
            lambda: Session(
                number=1,
                started=datetime(2026, 1, 1, 15, tzinfo=UTC),
                ended=datetime.fromisoformat("2026-01-01T16:00"),
            ),
            "UTC offset",
        ),
        (lambda: Segment(None, 2.0, 1.0, "w"), "not end before"),
        (lambda: Goal(code="g", words="w", ratings=((2, 1.0), (1, 1.0))), "order"),
        (lambda: Goal(code="g", words="w", ratings=((1, 11.0),)), "0 to 10"),
        (
            lambda: Reflection(
                session=1,
                seat=Seat.CLIENT,
                answers=(Answer("open", 1.0), Answer("open", 2.0)),
            ),
            "each item once",
        ),
        (
            lambda: Measure(
                instrument="i",
                session=1,
                seat=Seat.CLIENT,
                answers=(("1", 1.0), ("1", 2.0)),
            ),
            "each item once",
        ),
        (lambda: course(sessions=(Session(number=2), Session(number=1))), "rising"),
        (lambda: course(turns=(Turns(session=9, segments=()),)), "every transcript"),
        (lambda: course(turns=2 * (Turns(session=1, segments=()),)), "once at most"),
        (
            lambda: course(frame=(FrameEvent(session=9, kind=EdgeKind.FEE),)),
            "every frame event",
        ),
        (
            lambda: course(goals=(Goal(code="g", words="w", ratings=((9, 1.0),)),)),
            "every goal rating",
        ),
        (
            lambda: course(goals=2 * (Goal(code="g", words="w"),)),
            "each goal once",
        ),
    ],
)
def test_a_record_that_contradicts_itself_is_refused(make, message):
    with pytest.raises(RecordError, match=message):
        make()


def test_a_transcript_has_ends_only_where_every_segment_has():
    whole = Turns(session=1, segments=(Segment(Seat.CLIENT, 0.0, 1.0, "Yes."),))
    part = replace(
        whole, segments=(*whole.segments, Segment(Seat.CLIENT, 2.0, None, "No."))
    )

    assert whole.has_ends
    assert not part.has_ends
    assert not Turns(session=1, segments=()).has_ends


def test_rotation_follows_the_session_number_alone():
    assert [PROMPTS.rotating_item(n) for n in range(5)] == [
        None,
        "apart",
        "need",
        "apart",
        "need",
    ]
    assert PROMPTS.asked("apart", 1)
    assert not PROMPTS.asked("apart", 2)
    assert PROMPTS.asked("open", 2)
    assert not PROMPTS.asked("line", 1)
    assert not PROMPTS.asked("stray", 1)


def test_a_blank_answer_is_no_answer():
    given = course(
        reflections=(
            Reflection(session=1, seat=Seat.CLIENT, answers=(Answer("open", None),)),
            Reflection(session=2, seat=Seat.CLIENT, answers=(Answer("open", 0.0),)),
        )
    )

    assert [(n, a.value) for n, a in given.answers("open", Seat.CLIENT)] == [(2, 0.0)]
    assert not list(given.answers("open", Seat.THERAPIST))


def test_the_day_of_a_session_is_when_it_was_or_else_was_planned():
    planned = datetime(2026, 1, 1, 14, tzinfo=UTC)
    real = datetime(2026, 1, 2, 14, tzinfo=UTC)

    assert Session(number=1).day is None
    assert Session(number=1, planned_start=planned).day == planned.date()
    assert Session(number=1, planned_start=planned, started=real).day == real.date()


def test_an_error_names_file_and_line():
    assert (
        str(FileError("a.csv", "must be so.", line=3)) == "a.csv, line 3: must be so."
    )
    assert str(FileError("a.csv", "must be so.")) == "a.csv: must be so."
