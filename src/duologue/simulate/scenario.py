"""What is special about one made-up pair."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from duologue.records import Seat, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class InStep:
    """A stretch of a recording in which one of the two follows how the other moves.

    From ``start_s`` to ``end_s``, seconds of the recording; ``first`` leads by ``lag_s``
    seconds, and the other's level follows theirs with the correlation ``follows``.
    """

    start_s: float
    end_s: float
    first: Seat
    lag_s: float
    follows: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """What is special about one made-up pair.

    Levels lie on the model's scale of 0 to 10, as pairs (client, therapist).

    Attributes
    ----------
    name, title : str
        Short id, and what the story is in a few words.
    initial : str
        How the made-up client is called: a single letter.
    n_sessions : int
        Sessions planned so far.
    first_day : date
        Day of the first session; the others follow weekly.
    start, set_point : (float, float)
        Where the pair begins, and where it tends to.
    drift : (float, float)
        Change of the set-point from one session to the next.
    shocks : mapping of session number to (float, float)
        What a hard moment adds to both levels: negative numbers.
    missing : (float, float)
        Share of forms that each does not fill in.
    willing : (float, float)
        Share of filled-in forms that each is willing to open.
    unsaid_shared_from : int or None
        First session from which both have switched on sharing of ``unsaid``.
    mends_after : int
        Sessions until a shock is mended.
    off : mapping of session number to (status, seat)
        Sessions that were not held, and by whose doing.
    talk : bool
        Whether the session of the first shock has a transcript.
    recorded : mapping of session number to tuple of InStep
        Sessions whose movement was recorded, and when the two moved in step in them.
    """

    name: str
    title: str
    initial: str
    n_sessions: int
    first_day: date
    start: tuple[float, float] = (4.0, 4.6)
    set_point: tuple[float, float] = (6.0, 6.2)
    drift: tuple[float, float] = (0.0, 0.0)
    shocks: Mapping[int, tuple[float, float]] = field(default_factory=dict)
    missing: tuple[float, float] = (0.1, 0.05)
    willing: tuple[float, float] = (0.9, 0.95)
    unsaid_shared_from: int | None = None
    mends_after: int = 1
    off: Mapping[int, tuple[Status, Seat]] = field(default_factory=dict)
    talk: bool = False
    recorded: Mapping[int, tuple[InStep, ...]] = field(default_factory=dict)
