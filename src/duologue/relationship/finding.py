"""What is said, and how sure: the nouns of a reading."""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

from duologue.records import Kind, Seat
from duologue.sharing import Scope


class Level(IntEnum):
    """How much may be said, in rising order (the wording ladder)."""

    TOO_EARLY = 0  # fewer than 5 answers, or more than half missing
    COUNT = 1  # a plain count or a fact; nothing is inferred
    EARLY = 2  # 5 to 11 answers
    UNUSUAL = 3  # 12 or more, and outside the band of one's own usual
    REPEATED = 4  # so in 2 of 3 sessions, or marked by both
    RESEARCH = 5  # estimates with intervals, in the research layer only


class Strand(StrEnum):
    """What a finding is about."""

    OPENNESS = "openness"
    UNDERSTANDING = "understanding"
    TRUST = "trust"
    PRESENCE = "presence"
    DEPTH = "depth"
    OPENED = "opened"  # whether anything has
    ROTATING = "rotating"  # asked in turn, too far apart to say more
    RATING = "rating"  # any other scale, named by its item
    TWO_VIEWS = "two_views"
    QUIETER = "quieter"
    INFLUENCE = "influence"
    MODEL = "model"  # what the dyad model estimates, for research only
    UNSAID = "unsaid"
    APART = "apart"
    FRAME = "frame"
    GOALS = "goals"
    OUTCOME = "outcome"
    TURNS = "turns"
    MOVING = "moving"  # how a recording shows that the two moved together
    NEED = "need"
    WONDER = "wonder"  # for the therapist alone, and never on the page of the two


class Whose(StrEnum):
    """Whether a finding rests on the reader's own answers or on what both may see."""

    MINE = "mine"
    OURS = "ours"


class Picture(StrEnum):
    """How a face may draw a finding."""

    LINES = "lines"  # one or two people's points and tracks, of equal weight
    GAP = "gap"  # the gap between two views, with the pair's usual
    DOTS = "dots"  # one dot a session for each person
    SEAM = "seam"  # apart and back, with the stitched mend
    STRIP = "strip"  # the frame: minutes before and after
    BARS = "bars"  # shares of two people
    MOMENTS = "moments"  # stretches of a session, on a line of its time
    LAGS = "lags"  # how far two went together, one ahead of the other, beside chance


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """About where a person was, answers being rough: a level and its 90 % interval.

    From their first answer to their last, also where there is none in between.
    """

    values: tuple[float | None, ...]
    lower: tuple[float | None, ...]
    upper: tuple[float | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One line of a picture: a value for each session, ``None`` where there is none.

    ``marks`` are sessions whose value lies below the band of the usual; of a gap,
    ``lower`` and ``upper`` are that band. Where there is a ``track``, it is what is drawn as a line, and values are points.
    """

    label: str
    seat: Seat | None
    values: tuple[float | None, ...]
    lower: tuple[float | None, ...] = ()
    upper: tuple[float | None, ...] = ()
    marks: tuple[int, ...] = ()
    track: Track | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """What is drawn: from the same numbers as the words, and never without a table.

    The values of a series stand for ``sessions``, in their order, or for ``rows``
    where there are any. ``spans`` are sessions from apart to back, or not held; of moments
    seconds of a session, from and to, which ``high`` is the end of.
    """

    picture: Picture
    title: str
    unit: str
    sessions: tuple[int, ...]
    series: tuple[Series, ...]
    low: float
    high: float
    ends: tuple[str, str] = ("", "")
    joined: bool = True  # False: points only, nothing drawn between them
    spans: tuple[tuple[int, int | None], ...] = ()
    rows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that may be said, with everything needed to weigh it.

    Attributes
    ----------
    id : str
        Stable name, such as ``mine.trust`` or ``ours.two_views.safe``.
    item : str or None
        The prompt or instrument that it rests on.
    sessions : tuple of int
        The sessions that it rests on.
    estimate, interval, unit : float, (float, float), str
        The number and its interval, where there is one.
    count : (int, int) or None
        "In k of n", where the finding is a count.
    level : Level
        How much may be said.
    chance_rate : float or None
        How often chance alone would make this finding, as a share; ``None`` where it
        is what somebody said or a fact of the calendar, to which no chance applies.
    card : bool
        Whether it stands out; everything else is there to look at.
    on_request : bool
        Whether a face shows it only when the reader asks (left unsaid).
    sentence, how_sure, another_reading, question : str
        The words; blank where the level has nothing to add.
    credit : str
        The line that the holder of an instrument's words asks for, to be shown with them;
        blank where none is asked for.
    """

    id: str
    strand: Strand
    whose: Whose
    item: str | None = None
    title: str
    sessions: tuple[int, ...]
    estimate: float | None = None
    interval: tuple[float, float] | None = None
    unit: str = ""
    count: tuple[int, int] | None = None
    level: Level
    chance_rate: float | None = None
    card: bool = False
    on_request: bool = False
    sentence: str
    how_sure: str = ""
    another_reading: str = ""
    question: str = ""
    credit: str = ""
    chart: Chart | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Everything that one reader is told of one course.

    ``assumed`` is the version of the assumed values that a finding rests on, ``None``
    where none does.
    """

    scope: Scope
    pair: str
    kind: Kind
    made_up: bool
    as_of: date | None
    n_sessions: int
    n_held: int
    first_day: date | None
    last_day: date | None
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]
    help_now: tuple[str, ...]
    assumed: str | None = None
    prompts: str
    prompts_status: str

    @property
    def helps_first(self) -> bool:
        """Whether help is shown at once: an unaltered answer of the newest form."""
        return any(f.strand is Strand.OUTCOME and f.card for f in self.findings)

    @property
    def cards(self) -> tuple[Finding, ...]:
        """The findings that stand out, in their order."""
        return tuple(finding for finding in self.findings if finding.card)
