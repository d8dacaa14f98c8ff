"""What was said in a session, held by both and deleted by either; and one's own marks."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q, UniqueConstraint

from duologue.errors import ParameterError
from duologue.records import (
    Following,
    Noticed,
    Part,
    Passage,
    Reply,
    Response,
    Seat,
    Segment,
    Silence,
    Spoken,
    Stretch,
    Timed,
    Turns,
)
from duologue.store.keys.records import Where
from duologue.store.models.choices import only
from duologue.store.models.dyad import Dyad
from duologue.store.models.person import Person
from duologue.store.models.refs import new_ref
from duologue.store.models.sealed import (
    SealedTextField,
    WithSealedText,
    is_sealed_text,
)
from duologue.store.models.session import Session

LONGEST_SEGMENTS = 2_000_000
LONGEST_FOUND = 4_000_000
LONGEST_MARKS = 100_000
"""Characters of the segments, of what was counted, and of marks, as they are written here:
nine hours of talk, and more."""


class Transcript(WithSealedText):
    """What was said in one session, with seats in place of names, and what was counted.

    Both are sealed, each by itself: a page that shows numbers opens no word. The file is
    not kept, nor a name of who spoke.
    """

    UP_TO_PAIR = ("dyad",)

    ref = models.CharField(max_length=22, unique=True, default=new_ref)
    dyad = models.ForeignKey(Dyad, models.CASCADE, related_name="transcripts")
    session = models.ForeignKey(Session, models.CASCADE, related_name="transcripts")
    segments = SealedTextField(max_length=LONGEST_SEGMENTS)
    found = SealedTextField(max_length=LONGEST_FOUND)
    kept_on = models.DateField()

    class Meta:
        """Rules of the table."""

        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            UniqueConstraint(
                name="transcript_stands_once_a_session", fields=["session"]
            ),
            only("transcript_segments_are_sealed", Q(is_sealed_text("segments"))),
            only("transcript_found_is_sealed", Q(is_sealed_text("found"))),
        ]

    def __str__(self) -> str:
        return f"transcript {self.pk}"

    def place_of(self, field: "models.Field[Any, Any]") -> Where:
        """Return where the words, or what was counted, belong; needs the pair."""
        return self.dyad.place(transcript_place(self.ref, field.attname))


class HereAndNow(WithSealedText):
    """Which of their own turns a therapist marked as here and now, or as not (E2).

    Sealed under their own key, and nobody else's: the other neither sees the marks nor
    that there are any. They go with the transcript.
    """

    UP_TO_PAIR = ("person",)

    ref = models.CharField(max_length=22, unique=True, default=new_ref)
    person = models.ForeignKey(Person, models.CASCADE, related_name="here_and_now")
    transcript = models.ForeignKey(
        Transcript, models.CASCADE, related_name="here_and_now"
    )
    marks = SealedTextField(max_length=LONGEST_MARKS)

    class Meta:
        """Rules of the table."""

        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            UniqueConstraint(
                name="here_and_now_stands_once", fields=["person", "transcript"]
            ),
            only("here_and_now_is_sealed", Q(is_sealed_text("marks"))),
        ]

    def __str__(self) -> str:
        return f"here and now {self.pk}"

    def place_of(self, field: "models.Field[Any, Any]") -> Where:
        """Return where the marks belong; needs the person."""
        del field
        return self.person.place(f"here and now:{self.ref}:marks")


def transcript_place(ref: str, field: str) -> str:
    """Return the name of the place of a transcript's words or of what was counted."""
    return f"transcript:{ref}:{field}"


def of_the_two(turns: Turns) -> Turns:
    """Return a transcript without the words of anybody but the two; when they spoke stays.

    Whoever sat in neither seat has agreed to nothing.
    """
    return replace(
        turns,
        segments=tuple(
            s if s.seat is not None else replace(s, text="") for s in turns.segments
        ),
    )


def as_segments(turns: Turns) -> str:
    """Write what was said as text.

    Raises
    ------
    ParameterError
        If it is longer than `LONGEST_SEGMENTS`.
    """
    rows = [[s.seat, s.start_s, s.end_s, s.text] for s in turns.segments]
    told = {
        "segments": rows,
        "resolution_s": turns.resolution_s,
        "notes": turns.notes,
    }
    return _fitting(told, LONGEST_SEGMENTS)


def turns_in(text: str, *, session: int) -> Turns:
    """Return what `as_segments` has written, for the session as it is numbered."""
    told = json.loads(text)
    return Turns(
        session=session,
        segments=tuple(
            Segment(_seat(seat), start_s, end_s, words)
            for seat, start_s, end_s, words in told["segments"]
        ),
        resolution_s=told["resolution_s"],
        notes=tuple(told["notes"]),
    )


def as_counted(spoken: Spoken) -> str:
    """Write what was counted of a transcript as text.

    Raises
    ------
    ParameterError
        If it is longer than `LONGEST_FOUND`.
    """
    return _fitting(asdict(spoken), LONGEST_FOUND)


def spoken_in(text: str, *, session: int) -> Spoken:
    """Return what `as_counted` has written, for the session as it is numbered."""
    told = _with_tuples(json.loads(text))
    timed = told.pop("timed")
    return Spoken(
        **{
            **told,
            "session": session,
            "stretches": tuple(
                Stretch(**{**row, "seat": Seat(row["seat"])})
                for row in told["stretches"]
            ),
            "thirds": tuple(Part(**row) for row in told["thirds"]),
            "windows": tuple(Part(**row) for row in told["windows"]),
            "following": tuple(Following(**row) for row in told["following"]),
            "passages": tuple(map(_passage, told["passages"])),
        },
        timed=None if timed is None else _timed(timed),
    )


def as_marks(marks: Mapping[int, bool]) -> str:
    """Write marks as text: by the place of the turn, whether it was here and now."""
    return _fitting(sorted(marks.items()), LONGEST_MARKS)


def marks_in(text: str) -> dict[int, bool]:
    """Return what `as_marks` has written."""
    return dict(json.loads(text))


def _timed(told: dict[str, Any]) -> Timed:
    return Timed(
        **{
            **told,
            "responses": tuple(Response(**row) for row in told["responses"]),
            "silences": tuple(map(_silence, told["silences"])),
        }
    )


def _silence(told: dict[str, Any]) -> Silence:
    ends = {name: _seat(told[name]) for name in ("before", "after")}
    return Silence(**{**told, **ends})


def _passage(told: dict[str, Any]) -> Passage:
    return Passage(
        **{
            **told,
            "kind": Noticed(told["kind"]),
            "seat": Seat(told["seat"]),
            "replies": tuple(Reply(**row) for row in told["replies"]),
        }
    )


def _seat(value: str | None) -> Seat | None:
    return None if value is None else Seat(value)


def _with_tuples(told: Any) -> Any:
    """Return what JSON brings back with a tuple wherever it has a list."""
    if isinstance(told, dict):
        return {name: _with_tuples(value) for name, value in told.items()}
    return tuple(map(_with_tuples, told)) if isinstance(told, list) else told


def _fitting(told: Mapping[str, object] | Iterable[object], longest: int) -> str:
    text = json.dumps(told, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    if len(text) > longest:
        raise ParameterError(
            "a transcript must be shorter: this one is of more than nine hours of talk."
        )
    return text
