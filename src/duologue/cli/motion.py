"""``duologue motion``: how much two people moved, from a video of their session."""

import argparse
import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from duologue.cli.arguments import from_0, number
from duologue.cli.motion_regions import drawn, shape
from duologue.cli.motion_told import CONSENT, LIMITS, reasons, table, words
from duologue.cli.new_file import are_new, write_new
from duologue.cli.terminal import printable
from duologue.corpus.motion_energy import (
    Measured,
    Regions,
    Tell,
    measure,
    regions_of,
    usual_rate,
)
from duologue.engine.motion_energy.meter import CUT_OFF
from duologue.engine.motion_energy.rows import TOO_MANY
from duologue.errors import FileError, ParameterError
from duologue.formats.video import Video, png, read_video

HEADS = ("client_head", "therapist_head")

LEARNT = "background"

EPILOG = """\
what a REGION may be:
  x,y,width,height     a rectangle, from the upper left corner of the picture
  "x,y x,y x,y ..."    the corners of a polygon, in quotation marks
Numbers are pixels of the picture as a player shows it; if none is above 1, they are
shares of its width and height: 0.1,0.2,0.3,0.5.

Look first where the regions are: --still alone writes one picture with their edges,
the client's light blue, the therapist's orange, the background grey. Leave a gap
between the two people. Into the background nobody comes: without --background it is
the upper two corners, or the lower two.

The table has time_s, client and therapist in per cent of each region, blank where a
row is missing in both, and why. `duologue synchrony FILE --time time_s --client client
--therapist therapist` reads it; with heads, client+client_head.

A camera that stands still, steady light and clothes unlike the wall are needed.
For recordings that both people agreed to. Nothing leaves this machine, and no picture
is kept but a still that is asked for.

examples:
  duologue motion session.mp4 --client 40,120,240,340 --therapist 360,120,240,340 \\
      --still check.png
  duologue motion session.mp4 --client 40,120,240,340 --therapist 360,120,240,340 \\
      --from 10 --out motion.csv
  duologue motion call.mkv --client 0,0.1,0.45,0.9 --therapist 0.55,0.1,0.45,0.9 \\
      --background 0,0,0.2,0.1 0.8,0,0.2,0.1 --cut-off background --out call.csv"""


def define(parser: argparse.ArgumentParser) -> None:
    """Give the parser what this command takes."""
    parser.description = (
        "Measure from a video how much of each person's place in the picture changed,\n"
        "moment by moment. Never what the movement means."
    )
    parser.epilog = EPILOG
    parser.add_argument("file", metavar="VIDEO", type=Path, help="the recording")
    for seat in ("client", "therapist"):
        parser.add_argument(
            f"--{seat}",
            metavar="REGION",
            type=shape,
            required=True,
            help=f"where the {seat} is; see below",
        )
    for seat in ("client", "therapist"):
        parser.add_argument(
            f"--{seat}-head",
            metavar="REGION",
            type=shape,
            help=f"the {seat}'s head, if it is measured apart",
        )
    parser.add_argument(
        "--background",
        metavar="REGION",
        type=shape,
        nargs=2,
        help="two regions that nobody enters (default: two corners)",
    )
    parser.add_argument(
        "--rate",
        type=from_0,
        metavar="HZ",
        help="rows a second (default: those of the video, or a whole part, up to 30)",
    )
    parser.add_argument(
        "--cut-off",
        type=_cut_off,
        default=CUT_OFF,
        metavar="N",
        help=f"grey levels of 255 that a change exceeds (default {CUT_OFF:g}), or "
        f"{LEARNT}: learn them there, which takes twice as long",
    )
    parser.add_argument(
        "--from", dest="from_s", type=from_0, default=0.0, metavar="S",
        help="begin so many seconds after the first picture",
    )  # fmt: skip
    parser.add_argument(
        "--to", dest="to_s", type=from_0, default=math.inf, metavar="S",
        help="end there",
    )  # fmt: skip
    parser.add_argument("--out", type=Path, metavar="CSV", help="write the table")
    parser.add_argument(
        "--still", type=Path, metavar="PNG", help="write a picture with the regions"
    )


def run(chosen: argparse.Namespace) -> None:
    """Draw the regions, measure, and tell."""
    _check(chosen)
    video = read_video(chosen.file)
    regions = _regions(chosen, video)
    console = Console(highlight=False, markup=False, soft_wrap=True)
    still = None if chosen.still is None else _still(video, regions, chosen.from_s)
    if chosen.out is None:
        _keep(console, still, chosen.still)
        console.print(CONSENT)
        return
    with _progress(chosen, video) as tell:
        measured = measure(
            video,
            regions,
            rate=chosen.rate or usual_rate(video),
            cut_off=chosen.cut_off,
            from_s=chosen.from_s,
            to_s=chosen.to_s,
            tell=tell,
        )
    _check_share(chosen.file, measured)
    _keep(console, still, chosen.still)
    _keep(console, table(measured), chosen.out)
    for line in words(video, regions, measured):
        console.print(line)
    console.print(f"{LIMITS}\n{CONSENT}")


def _keep(console: Console, content: bytes | str | None, target: Path | None) -> None:
    """Write what was asked for, once all of it is there."""
    if content is not None and target is not None:
        write_new(content, target)
        console.print(f"Written: {printable(str(target))}")


def _check(chosen: argparse.Namespace) -> None:
    if chosen.out is None and chosen.still is None:
        raise ParameterError("give --out, --still or both.")
    if not are_new((chosen.out, chosen.still)):
        raise ParameterError("--out and --still must not be one file.")
    if not chosen.from_s < chosen.to_s:
        raise ParameterError("--to must be later than --from.")
    if chosen.rate == 0:
        raise ParameterError("--rate must be above 0.")


def _regions(chosen: argparse.Namespace, video: Video) -> Regions:
    people = {}
    for name in ("client", "therapist", *HEADS):
        typed = getattr(chosen, name)
        if typed is not None:
            try:
                people[name] = typed.mask(video)
            except ParameterError as error:
                option = name.replace("_", "-")
                raise ParameterError(f"--{option}: {error}") from None
    background = None
    if chosen.background is not None:
        try:
            left, right = (typed.mask(video) for typed in chosen.background)
        except ParameterError as error:
            raise ParameterError(f"--background: {error}") from None
        background = left, right
    return regions_of(people, background)


def _still(video: Video, regions: Regions, from_s: float) -> bytes:
    rate = usual_rate(video)
    first = math.ceil(from_s * rate - 1e-9)
    for picture in video.pictures(rate, first=first):
        if picture is not None:
            shown = video.as_shown(picture)
            return png(drawn(shown, regions, is_full_range=video.is_full_range))
    raise FileError(str(video.path), f"has no picture from {from_s:g} s on.")


def _check_share(path: Path, measured: Measured) -> None:
    share = measured.energy.share_of_artefacts
    if share > TOO_MANY:
        raise FileError(
            str(path),
            f"gives no result at a cut-off of {measured.cut_off:.3g}: {share:.0%} of "
            f"rows are missing, more than {TOO_MANY:.0%} ({reasons(measured)}).",
        )


@contextmanager
def _progress(chosen: argparse.Namespace, video: Video) -> Iterator[Tell]:
    """Show on a terminal how far it is."""
    rate = chosen.rate or usual_rate(video)
    times = 1 if chosen.cut_off is not None else 2
    end = min(chosen.to_s, video.seconds or math.inf)
    total = (end - chosen.from_s) * rate * times
    console = Console(stderr=True)
    with Progress(
        console=console, disable=not console.is_terminal, transient=True
    ) as bar:
        task = bar.add_task("Measuring", total=total if math.isfinite(total) else None)
        yield lambda: bar.advance(task)


_levels = number(f"must be 0 to 255, or {LEARNT}", lambda n: 0 <= n <= 255)


def _cut_off(text: str) -> float | None:
    return None if text == LEARNT else _levels(text)
