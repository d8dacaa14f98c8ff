"""What motion energy costs beside the decoding of the video, which cannot be spared.

    python benchmarks/motion_energy.py [--quick]        print this part alone

Videos are made up, in a folder that is removed: two patterns sway before a wall, with the
noise of a camera, as H.264 (or MPEG-4, where that cannot be encoded). Decoding alone is
PyAV's, with the settings of ours; against it the whole: decoding, choosing pictures by
their times, counting in two regions and two corners, and setting artefacts missing.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from duologue.corpus.motion_energy import Measured, Regions, measure, regions_of
from duologue.engine.motion_energy.regions import polygon, rectangle
from duologue.formats.video import Video, read_video
from duologue.formats.video.opened import opened
from dyad_speed import per
from speed_tables import table_of_ratios
from turns import Comparison, take_turns

SEED = 20_261_127
RATE = 25
NOISE = 3.5
GOAL = 1.3
SIZES = ((640, 480), (1280, 720))
QUICK_SIZES = ((160, 120), (320, 240))
N_PICTURES, QUICK_PICTURES = 500, 30


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoFigures:
    """All that was measured."""

    comparisons: tuple[Comparison, ...]
    rounds: int
    date: str

    def as_markdown(self) -> str:
        """Write what stands on the page below change over a course."""
        return "\n".join(
            [
                "## Motion energy from video",
                "",
                f"{self.date}, {self.rounds} rounds. Milliseconds of the processor for a",
                "picture, all threads together; 50 minutes at 25 a second are 75,000. Videos",
                "are made up, with the noise of a camera.",
                "",
                *table_of_ratios("Of motion energy", self.comparisons),
                "",
            ]
        )


def write_video(path: Path, *, width: int, height: int, n: int) -> str:
    """Make a video up, and say in which code."""
    codec = "libx264" if "libx264" in av.codecs_available else "mpeg4"
    with av.open(str(path), "w") as file:
        stream = file.add_stream(codec, rate=RATE)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.options = {"crf": "23"} if codec == "libx264" else {"qscale": "5"}
        for k, picture in enumerate(pictures(width, height, n)):
            frame = av.VideoFrame(width, height, "yuv420p")
            for plane in frame.planes[1:]:
                np.frombuffer(plane, np.uint8)[:] = 128
            luma = frame.planes[0]
            rows = np.frombuffer(luma, np.uint8).reshape(height, luma.line_size)
            rows[:, :width] = picture
            frame.pts = k
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return {"libx264": "H.264", "mpeg4": "MPEG-4"}[codec]


def pictures(width: int, height: int, n: int) -> list[NDArray[np.uint8]]:
    """Draw two patterns that sway at their own pace, now and then at rest."""
    rng = np.random.default_rng([SEED, width])
    wall = np.tile(np.linspace(60, 110, width), (height, 1))
    h, w = height // 2, width // 6
    cells = rng.uniform(60, 200, (2, h // 8 + 1, w // 8 + 1))
    patterns = np.kron(cells, np.ones((8, 8)))[:, :h, :w]
    found = []
    for k in range(n):
        picture = wall + rng.normal(0, NOISE, wall.shape)
        for i, pattern in enumerate(patterns):
            still = k % (100 + 30 * i) > 70
            shift = 0 if still else int(width / 16 * (1 + np.sin(k / (9 + 4 * i))))
            left = width * (1 + 8 * i) // 16 + shift
            picture[height // 3 : height // 3 + h, left : left + w] += pattern - 90
        found.append(np.clip(picture, 16, 235).astype(np.uint8))
    return found


def regions(video: Video) -> Regions:
    """Give each person seven sixteenths of the width, below the upper fifth."""
    top, w = video.height / 5, video.width * 7 / 16
    people = {
        name: polygon(
            rectangle(x, top, w, video.height - top),
            height=video.height,
            width=video.width,
        )
        for name, x in (("client", 0), ("therapist", video.width - w))
    }
    return regions_of(people)


def decode(path: Path) -> int:
    """Decode every picture, and look at none."""
    with opened(path) as (container, stream):
        return sum(1 for _ in container.decode(stream))


def measured(path: Path) -> Measured:
    """Measure it as the command does."""
    video = read_video(path)
    return measure(video, regions(video), rate=RATE, cut_off=12.0)


def measure_video(*, rounds: int, quick: bool) -> VideoFigures:
    """Measure both, for two sizes of pictures."""
    n = QUICK_PICTURES if quick else N_PICTURES
    comparisons = []
    with tempfile.TemporaryDirectory() as near:
        for width, height in QUICK_SIZES if quick else SIZES:
            path = Path(near) / f"{width}.mp4"
            code = write_video(path, width=width, height=height, n=n)
            assert decode(path) == measured(path).times.size == n
            mbit = path.stat().st_size * 8 / 1e6 / (n / RATE)
            times = take_turns(
                {"decode": partial(decode, path), "measure": partial(measured, path)},
                rounds=rounds,
            )
            comparisons.append(
                Comparison(
                    name=f"motion energy of {width} by {height}",
                    against=f"decoding alone ({code}, {mbit:.1f} Mbit a second)",
                    times_ms=per(times["measure"], n),
                    base_ms=per(times["decode"], n),
                    goal=None if quick else GOAL,
                )
            )
    return VideoFigures(
        comparisons=tuple(comparisons), rounds=rounds, date=time.strftime("%Y-%m-%d")
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description="Speed of motion energy from video.")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rounds", type=int, default=11)
    chosen = parser.parse_args(arguments)
    rounds = 2 if chosen.quick else chosen.rounds
    print(measure_video(rounds=rounds, quick=chosen.quick).as_markdown())
    return 0


if __name__ == "__main__":
    sys.exit(main())
