"""What was counted of one session's transcript: numbers and places, and no word of it."""

from dataclasses import dataclass
from enum import StrEnum

from duologue.records.seat import Seat

Quartiles = tuple[float, float, float]

LONG_S = 3.0
"""A silence of so many seconds is called long."""


class Noticed(StrEnum):
    """By which literal sign a passage was found."""

    HERE_AND_NOW = "here_and_now"
    """Wording such as "between us" or "right now"."""

    SAYING_MORE = "saying_more"
    """More "I" words than is usual for this person in this session, and more words, or
    more words of thinking and feeling."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A turn, or something that was said while the other kept theirs.

    ``start_s`` and ``end_s`` are seconds from the start of the recording, ``None`` where
    the file does not say. ``is_turn`` is ``False`` for a backchannel ("mm hm"), and for
    what was said wholly inside a turn of the other.
    """

    seat: Seat
    start_s: float | None
    end_s: float | None
    n_words: int
    asks: bool
    is_turn: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """A second or more in which neither spoke, and who did before and after it.

    ``None`` where both ended, or both began, at once.
    """

    start_s: float
    end_s: float
    before: Seat | None
    after: Seat | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """How one person took over from the other.

    ``latency_s`` are the quartiles of their gaps, in seconds; ``None`` where there was
    none. ``n_overlaps`` is how many of ``n_changes`` began before the other ended.
    """

    n_changes: int
    n_overlaps: int
    latency_s: Quartiles | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """Pauses, latencies and overlaps; pairs are (client, therapist).

    ``span_s`` is the time from the first word to the last. ``inside`` is how often each
    said something wholly inside the other's turn that was no backchannel.
    """

    span_s: float
    responses: tuple[Response, Response]
    silences: tuple[Silence, ...]
    longest_s: float | None
    n_backchannels: tuple[int, int]
    n_inside: tuple[int, int]
    both_speaking_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """How many words one person's turns share with the turn just before, beside chance.

    Chance is the same turns in random order. Topics that drift are enough to lie above it:
    it does not say that anybody answers.

    Attributes
    ----------
    n_pairs : int
        Neighbouring turns, both of three words or more.
    is_enough : bool
        Whether something may be said of this one session.
    excess : float or None
        Mean cosine of their word counts, less that with the turns of others in its place.
    lower, upper : float or None
        A 95 % interval about it.
    z : float or None
        How many standard deviations of turns in random order it lies above chance.
    """

    n_pairs: int
    is_enough: bool
    excess: float | None
    lower: float | None
    upper: float | None
    z: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One of the next turns of the other after a passage, in counts.

    ``offset_s`` is its start after the end of the turn before, below 0 an overlap,
    ``None`` where that is not known. ``n_taken_up`` of its ``n_content`` different words
    that carry content were in the passage.
    """

    stretch: int
    n_words: int
    i_words: int
    you_words: int
    thinking: int
    asks: bool
    acknowledges: bool
    offset_s: float | None
    n_content: int
    n_taken_up: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A turn that somebody may want to read again, and the next three of the other.

    Found by a literal sign, which says nothing of how deep it went or what was meant.
    ``stretch`` is its place in the stretches of the session.
    """

    kind: Noticed
    seat: Seat
    stretch: int
    n_words: int
    i_words: int
    thinking: int
    n_here_and_now: int
    replies: tuple[Reply, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of the session, from where to where; pairs are (client, therapist).

    Words and ``seconds`` of speech count where they fall, a turn where it begins;
    ``seconds`` is ``None`` where the ends are not known.
    """

    start: float
    end: float
    n_words: tuple[int, int]
    n_turns: tuple[int, int]
    n_question_turns: tuple[int, int]
    seconds: tuple[float, float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """What was counted of one session's transcript; pairs are (client, therapist).

    Attributes
    ----------
    session : int
        Number of the session.
    n_words, n_turns, n_question_turns : tuple of int
        Words, turns, and turns that hold a question mark.
    seconds : tuple of float or None
        Time spoken; ``None`` where the ends are not known.
    stretches : tuple of Stretch
        All that was said, in the order in which it began.
    places : str
        What ``thirds`` and ``windows`` go by: "times", "starts", or "words" where there
        are no times (then they go by the running number of words).
    thirds, windows : tuple of Part
        The session in three parts, and in windows of about five minutes.
    timed : Timed or None
        ``None`` where the times cannot tell; ``not_timed`` says why.
    not_timed : str or None
        "no_speech", "no_ends", "coarse" or "invented".
    following : tuple of Following
        How far the client's words followed the therapist's, and the therapist's theirs.
    wording : tuple of (str, int, int)
        What was counted by lists, and how often: by the client, by the therapist.
    passages : tuple of Passage
        In the order of the session.
    versions : str
        Of the lists, and of how words were split.
    notes : tuple of str
        What a reader must know of the file.
    """

    session: int
    n_words: tuple[int, int]
    n_turns: tuple[int, int]
    n_question_turns: tuple[int, int]
    seconds: tuple[float, float] | None
    stretches: tuple[Stretch, ...]
    places: str
    thirds: tuple[Part, ...]
    windows: tuple[Part, ...]
    timed: Timed | None
    not_timed: str | None
    following: tuple[Following, Following]
    wording: tuple[tuple[str, int, int], ...]
    passages: tuple[Passage, ...]
    versions: str
    notes: tuple[str, ...] = ()

    @property
    def is_of_both(self) -> bool:
        """Whether both said something."""
        return all(self.n_words)
