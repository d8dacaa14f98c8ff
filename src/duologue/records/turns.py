"""What was said: the segments of one session's transcript."""

from dataclasses import dataclass

from duologue.errors import RecordError
from duologue.records.seat import Seat


@dataclass(frozen=True, slots=True)
class Segment:
    """One stretch of speech as the file gives it.

    ``seat`` is ``None`` where the speaker sits in neither seat or is not known. Times
    are seconds from the start of the recording; ``None`` where the file has none.
    ``text`` is clean: no mark-up, no bracketed notes.
    """

    seat: Seat | None
    start_s: float | None
    end_s: float | None
    text: str

    def __post_init__(self) -> None:
        if (
            self.start_s is not None
            and self.end_s is not None
            and self.end_s < self.start_s
        ):
            raise RecordError("a segment must not end before it starts.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns:
    """The transcript of one session, with seats in place of names.

    Attributes
    ----------
    session : int
        Number of the session.
    segments : tuple of Segment
        In the order of the file.
    resolution_s : float or None
        The finest step of the file's times in seconds (0.001, 1, ...); ``None`` where
        it has no times. Pauses are claimed only from ends, at 0.1 s or better.
    notes : tuple of str
        What a reader must know of the file ("3 of 60 segments have no speaker").
    """

    session: int
    segments: tuple[Segment, ...]
    resolution_s: float | None = None
    notes: tuple[str, ...] = ()

    @property
    def has_ends(self) -> bool:
        """Whether every segment has a start and an end."""
        return bool(self.segments) and all(
            s.start_s is not None and s.end_s is not None for s in self.segments
        )
