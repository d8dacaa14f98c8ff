"""How far the movement of two people went together in one session, beside chance."""

from dataclasses import dataclass

from duologue.records.motion import Modality
from duologue.records.seat import Seat


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A stretch in which the two went together beyond chance.

    ``start_s`` and ``end_s`` are seconds from the start of the recording; ``lag_s`` is how
    far one was ahead, above 0 where the client was; ``first`` who was, ``None`` where it
    cannot be told; ``p`` how often chance makes as large a one anywhere in the session.
    """

    start_s: float
    end_s: float
    lag_s: float
    first: Seat | None
    p: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Synchrony:
    """What a recording shows of how two people moved together: described, never scored.

    Attributes
    ----------
    session : int
        Number of the session.
    modality : Modality
        What was recorded.
    seconds, rate : float
        How long it lasts, and samples a second that it was compared at.
    lags_s, profile : tuple
        Lags in seconds, above 0 where the client leads, and the mean z at each;
        ``None`` where blank.
    low, high, band : tuple
        Between which values 9 of 10 slid recordings lie at each lag, and above which only
        1 of 20 comes anywhere; empty where the session is too short for chance.
    peak, peak_lag_s : float or None
        The highest mean z and its lag; ``None`` where nothing can be said.
    p : float or None
        How often the same recordings, slid against each other, give such a peak.
    n_surrogates : int
        How many slid recordings that rests on; 0 where it was too short for any.
    needed_s : float
        How long a session must be to be compared with chance; 0 where it has too few
        samples a second for that, however long it is.
    moments : tuple of Moment or None
        What stood out, usually nothing; ``None`` where it was too short to look.
    client_present, therapist_present : float
        Shares of the samples that are there.
    notes : tuple of str
        What a reader must know of the file.
    """

    session: int
    modality: Modality
    seconds: float
    rate: float
    lags_s: tuple[float, ...]
    profile: tuple[float | None, ...]
    low: tuple[float | None, ...] = ()
    high: tuple[float | None, ...] = ()
    band: tuple[float | None, ...] = ()
    peak: float | None
    peak_lag_s: float | None
    p: float | None
    n_surrogates: int
    needed_s: float
    moments: tuple[Moment, ...] | None
    client_present: float
    therapist_present: float
    notes: tuple[str, ...] = ()
