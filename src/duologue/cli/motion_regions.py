"""Regions as they are typed, and drawn on a still for the person who checks them."""

import argparse
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from duologue.corpus.motion_energy import Regions
from duologue.engine.motion_energy.regions import Mask, Points, polygon, rectangle
from duologue.formats.video import Video

COLOURS = {"client": (86, 180, 233), "therapist": (230, 159, 0)}
"""Light blue and orange, which everybody can tell apart."""

GREY = (210, 210, 210)

FORM = "must be x,y,width,height or three corners x,y or more, parted by blanks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A region as it was typed.

    Attributes
    ----------
    points : sequence of (float, float)
        Its corners.
    is_share : bool
        Whether they are shares of the picture's width and height, else pixels.
    """

    points: Points
    is_share: bool

    def mask(self, video: Video) -> Mask:
        """Return which pixels of the picture, as it is shown, are of it."""
        w, h = (video.width, video.height) if self.is_share else (1, 1)
        # .1 + .9 of a width must not be found to lie beyond it.
        points = [(round(x * w, 6), round(y * h, 6)) for x, y in self.points]
        return polygon(points, height=video.height, width=video.width)


def shape(text: str) -> Shape:
    """Read a rectangle, or the corners of a polygon."""
    try:
        corners = [[float(n) for n in corner.split(",")] for corner in text.split()]
    except ValueError:
        raise argparse.ArgumentTypeError(FORM) from None
    numbers = [n for corner in corners for n in corner]
    if not all(math.isfinite(n) and n >= 0 for n in numbers):
        raise argparse.ArgumentTypeError("must be numbers, 0 or more")
    is_share = all(n <= 1 for n in numbers)
    lengths = [len(corner) for corner in corners]
    if lengths == [4]:
        return Shape(points=rectangle(*corners[0]), is_share=is_share)
    if len(corners) < 3 or set(lengths) != {2}:
        raise argparse.ArgumentTypeError(FORM)
    return Shape(points=[(x, y) for x, y in corners], is_share=is_share)


def drawn(
    picture: NDArray[np.uint8], regions: Regions, *, is_full_range: bool
) -> NDArray[np.uint8]:
    """Draw the edges of all regions on a picture.

    Parameters
    ----------
    picture : ndarray of uint8, shape (height, width)
        Brightness, as it is shown.
    regions : Regions
        Light blue for the client, orange for the therapist, grey for the background.
    is_full_range : bool
        Whether brightness goes from 0 to 255.

    Returns
    -------
    ndarray of uint8, shape (height, width, 3)
        Red, green and blue.
    """
    grey = picture.astype(np.float64)
    if not is_full_range:
        grey = np.clip((grey - 16) * 255 / 219, 0, 255)
    found = np.repeat(grey.round().astype(np.uint8)[..., None], 3, axis=2)
    thick = 1 + picture.shape[0] // 300
    for name, mask in regions.people.items():
        found[_edge(mask, thick)] = COLOURS[name.removesuffix("_head")]
    for mask in regions.background:
        found[_edge(mask, thick)] = GREY
    return found


def _edge(mask: Mask, thick: int) -> Mask:
    return mask & ~ndimage.binary_erosion(mask, iterations=thick)
