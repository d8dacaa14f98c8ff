"""A course of therapy or supervision: one pair and everything recorded of it."""

from collections.abc import Iterator
from dataclasses import dataclass

from duologue.errors import RecordError
from duologue.records.dyad import Dyad
from duologue.records.frame import FrameEvent
from duologue.records.instrument import Prompts
from duologue.records.measure import Goal, Measure
from duologue.records.motion import Recorded
from duologue.records.reflection import Answer, Reflection
from duologue.records.seat import Seat
from duologue.records.session import Session
from duologue.records.spoken import Spoken
from duologue.records.synchrony import Synchrony
from duologue.records.turns import Turns


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One pair, its sessions, and what was answered, measured, agreed and said.

    Sessions stand in the order of their numbers, which is the order of time. Where
    there is no calendar, and they were only inferred from answers that somebody gave,
    ``sessions_inferred`` says so: then a session is as private as those answers.

    ``recorded`` are the series of a session's recordings, and ``synchrony`` what was found
    in them; ``turns`` are transcripts, and ``spoken`` what was counted in them. A course
    may have either without the other.

    Raises
    ------
    RecordError
        If a session number, a reflection, a transcript or a recording stands twice, or if one
        belongs to a session that the course does not have.
    """

    dyad: Dyad
    prompts: Prompts
    sessions: tuple[Session, ...] = ()
    reflections: tuple[Reflection, ...] = ()
    measures: tuple[Measure, ...] = ()
    goals: tuple[Goal, ...] = ()
    frame: tuple[FrameEvent, ...] = ()
    turns: tuple[Turns, ...] = ()
    spoken: tuple[Spoken, ...] = ()
    recorded: tuple[Recorded, ...] = ()
    synchrony: tuple[Synchrony, ...] = ()
    made_up: bool = False
    sessions_inferred: bool = False

    def __post_init__(self) -> None:
        numbers = [session.number for session in self.sessions]
        if numbers != sorted(set(numbers)):
            raise RecordError("session numbers must be unique and in rising order.")
        known = set(numbers)
        for what, records in (
            ("reflection", self.reflections),
            ("measure", self.measures),
            ("frame event", self.frame),
            ("transcript", self.turns),
            ("count of a transcript", self.spoken),
            ("recording", self.recorded),
            ("finding of synchrony", self.synchrony),
        ):
            if any(record.session not in known for record in records):
                raise RecordError(f"every {what} must belong to a session.")
        if any(n not in known for goal in self.goals for n, _ in goal.ratings):
            raise RecordError("every goal rating must belong to a session.")
        self._refuse_twins()

    def _refuse_twins(self) -> None:
        keys: dict[str, list[object]] = {
            "reflection": [(r.session, r.seat) for r in self.reflections],
            "measure": [
                (m.session, m.seat, m.instrument, m.day) for m in self.measures
            ],
            "goal": [g.code for g in self.goals],
            "transcript": [t.session for t in self.turns],
            "count of a transcript": [s.session for s in self.spoken],
            "recording": [(r.session, r.modality) for r in self.recorded],
            "finding of synchrony": [(s.session, s.modality) for s in self.synchrony],
        }
        for what, found in keys.items():
            if len(set(found)) != len(found):
                raise RecordError(f"a course must hold each {what} once at most.")

    def answers(self, item: str, seat: Seat) -> Iterator[tuple[int, Answer]]:
        """Yield (session number, answer) for every answer of a seat to an item."""
        for reflection in self.reflections:
            if reflection.seat is seat:
                answer = reflection.answer(item)
                if answer is not None and answer.value is not None:
                    yield reflection.session, answer
