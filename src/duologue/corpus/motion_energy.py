"""Motion energy of a session's video: two people, their regions, and the background."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from duologue.engine.motion_energy.background import Differences, Flicker, flicker
from duologue.engine.motion_energy.boxes import kernel_of
from duologue.engine.motion_energy.meter import Change, Meter
from duologue.engine.motion_energy.regions import Mask, corners, overlap
from duologue.engine.motion_energy.rows import BODY, HEAD, MotionEnergy, motion_energy
from duologue.errors import FileError, ParameterError
from duologue.formats.video import Tally, Video

USUAL_HZ, FASTEST_HZ = 25.0, 30.5
"""Without a rate of the file the first; never faster than the second unless asked for."""

Floats = NDArray[np.float64]
Tell = Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Regions:
    """Whose place in the picture is where.

    Attributes
    ----------
    people : dict of str to ndarray of bool, shape (height, width)
        ``client`` and ``therapist``, and ``client_head`` and ``therapist_head`` or
        neither: which pixels of the picture, as it is shown, are theirs.
    background : (ndarray of bool, ndarray of bool)
        Two regions that nobody enters.
    """

    people: dict[str, Mask]
    background: tuple[Mask, Mask]

    @property
    def limits(self) -> tuple[float, ...]:
        """By how much each person's region may lie above a neighbouring row."""
        return tuple(HEAD if name.endswith("_head") else BODY for name in self.people)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Measured:
    """Motion energy of a part of a video, and how it was measured.

    Attributes
    ----------
    names : tuple of str
        Of the people's regions, in the order of the columns of ``energy.people``.
    times : ndarray, shape (n,)
        Seconds from the first picture of the video.
    energy : MotionEnergy
        Per cent of each region, artefacts missing.
    rate : float
        Rows a second.
    cut_off : float
        Grey levels of 256.
    is_learnt : bool
        Whether the cut-off was learnt from the background.
    kernel : int
        Side of the square of the median, in pixels.
    flicker : Flicker
        How the background changed.
    tally : Tally
        What was noticed while the video was read.
    """

    names: tuple[str, ...]
    times: Floats
    energy: MotionEnergy
    rate: float
    cut_off: float
    is_learnt: bool
    kernel: int
    flicker: Flicker
    tally: Tally


def regions_of(
    people: dict[str, Mask], background: tuple[Mask, Mask] | None = None
) -> Regions:
    """Check regions, and choose those of the background where none are given.

    Parameters
    ----------
    people : dict of str to ndarray of bool
        As `Regions` has them.
    background : (ndarray of bool, ndarray of bool), optional
        By default the upper two corners of the picture, or the lower two where somebody
        is in the upper ones.

    Raises
    ------
    ParameterError
        If two regions overlap, one person has a head and the other none, or somebody is
        in an upper and in a lower corner.
    """
    if len({f"{seat}_head" in people for seat in ("client", "therapist")}) > 1:
        raise ParameterError("give the heads of both people, or of neither.")
    if background is None:
        background = corners(list(people.values()))
    if background is None:
        raise ParameterError("no two corners are free: say where the background is.")
    named = [*people.items(), *(("background", each) for each in background)]
    for (name, one), (other_name, other) in combinations(named, 2):
        if overlap(one, other):
            raise ParameterError(
                f"regions must not overlap: those of {name.replace('_', ' ')} and "
                f"{other_name.replace('_', ' ')} do."
            )
    return Regions(people=people, background=background)


def usual_rate(video: Video) -> float:
    """Return a whole part of the video's own rate, at most 30 Hz.

    Only so does every difference span the same time.
    """
    rate = video.rate or USUAL_HZ
    return rate / math.ceil(rate / FASTEST_HZ)


def measure(
    video: Video,
    regions: Regions,
    *,
    rate: float,
    cut_off: float | None,
    from_s: float = 0.0,
    to_s: float = math.inf,
    tell: Tell = lambda: None,
) -> Measured:
    """Measure the motion energy of a video, keeping no picture but the one before.

    Parameters
    ----------
    video : Video
        The file.
    regions : Regions
        Whose place is where.
    rate : float
        Rows a second, above 0 and at most 240.
    cut_off : float or None
        Grey levels of 256 that a change exceeds, 0 to 255; None to learn it from the
        background, for which the video is read once more.
    from_s, to_s : float
        Which part of the video, in seconds from its first picture.
    tell : callable
        Called at each moment that was read.

    Raises
    ------
    FileError
        If the video cannot be read, has no two pictures in this part, or its background
        never changes where the cut-off is to be learnt from that.
    ParameterError
        If the rate or the cut-off is out of range.
    """
    first, last = math.ceil(from_s * rate - 1e-9), to_s * rate + 1e-9
    background = [video.as_stored(mask) for mask in regions.background]
    is_learnt = cut_off is None
    if cut_off is None:
        pictures = video.pictures(rate, first=first, last=last)
        learnt = Differences(background, is_full_range=video.is_full_range)
        for picture in pictures:
            learnt.skip() if picture is None else learnt.see(picture)
            tell()
        try:
            cut_off = learnt.cut_off()
        except ParameterError as error:
            raise FileError(str(video.path), str(error)) from None
    meter = Meter(
        [video.as_stored(mask) for mask in regions.people.values()],
        background,
        kernel=kernel_of(video.height),
        cut_off=cut_off,
        is_full_range=video.is_full_range,
    )
    tally = Tally()
    changes = list(
        _changes(meter, video.pictures(rate, first=first, last=last, tally=tally), tell)
    )
    if tally.n_pictures < 2 or len(changes) < 2:
        raise FileError(
            str(video.path),
            f"has no two pictures in this part; it ends at {tally.end_s:.1f} s.",
        )
    energy = motion_energy(changes, limits=regions.limits)
    return Measured(
        names=tuple(regions.people),
        times=np.arange(first, first + len(changes)) / rate,
        energy=energy,
        rate=rate,
        cut_off=cut_off,
        is_learnt=is_learnt,
        kernel=kernel_of(video.height),
        flicker=flicker(energy.background, rate),
        tally=tally,
    )


def _changes(
    meter: Meter, pictures: Iterator[NDArray[np.uint8] | None], tell: Tell
) -> Iterator[Change | None]:
    for picture in pictures:
        if picture is None:
            meter.skip()
            yield None
        else:
            yield meter.see(picture)
        tell()
