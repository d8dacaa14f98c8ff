"""``duologue change``: whether scores of many courses differ by more than their wobble."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from duologue.cli import packs
from duologue.cli.arguments import any_number, number
from duologue.cli.terminal import print_json, printable
from duologue.corpus.change import Asked, Changed, Changes, asked_of, change_of
from duologue.engine.change.clinical import CutOff, Kind, Norm, cut_off
from duologue.engine.change.codes import Better, Category, Reason
from duologue.engine.change.reliable import Index
from duologue.errors import ParameterError
from duologue.formats.scores import read_scores
from duologue.instruments import Instrument

EPILOG = """\
FILE is a table: course, session, score; or, with --instrument, course, session, item,
value, or course, session and a column an item. A blank stays one.

What is beyond the wobble is said by so many points (--points; an instrument may have
a published one), or by the instrument's reliability: with --sd from people like these,
or, without, from the courses themselves. Norms and cut-offs are other people's: nobody
in a pair is shown them. "Within its wobble" does not mean that nothing changed.

examples:
  duologue change scores.csv --instrument phq9
  duologue change scores.csv --better lower --reliability 0.88 --sd 7.5
  duologue change scores.csv --better lower --reliability 0.9 --clinical 19.7,7.7 \\
      --functional 4.7,4.8
  duologue change scores.csv --instrument gad7 --percent 50 --json"""

SAYS = {
    Category.RECOVERED: "better, and across the cut-off",
    Category.IMPROVED: "better by more than its wobble",
    Category.UNCHANGED: "within its wobble",
    Category.DETERIORATED: "worse by more than its wobble",
    Category.HARMED: "worse, and across the cut-off",
    Category.UNDEFINED: "cannot be said",
}
WHY = {
    Reason.BLANK: "no score",
    Reason.FEW_SCORES: "fewer than two scores",
    Reason.TWO_INSTRUMENTS: "two instruments",
    Reason.NO_SPREAD: "no spread",
    Reason.NEEDS_SAMPLE: "needs numbers of a sample",
    Reason.NOT_RELIABLE: "not reliable enough",
}


def define(parser: argparse.ArgumentParser) -> None:
    """Give the parser what this command takes."""
    parser.description = (
        "Say of each course whether the last score differs from the first by more than\n"
        "the instrument's own wobble, and where it came at once. For researchers."
    )
    parser.epilog = EPILOG
    parser.add_argument("file", metavar="FILE", type=Path, help="a table of scores")
    parser.add_argument("--instrument", metavar="NAME", help="what the scores are of")
    packs.define(parser)
    parser.add_argument("--better", choices=["lower", "higher"], help="which way is")
    parser.add_argument(
        "--points", type=_above_0, metavar="P", help="a change of so many is beyond it"
    )
    parser.add_argument(
        "--reliability", type=_share, metavar="R", help="of the instrument, below 1"
    )
    parser.add_argument("--sd", type=_above_0, metavar="S", help="of first scores")
    parser.add_argument("--mean", type=any_number, metavar="M", help="of first scores")
    parser.add_argument(
        "--index",
        choices=[str(index) for index in Index],
        default=str(Index.JT),
        help="of reliable change (default JT)",
    )
    parser.add_argument("--cut", type=any_number, metavar="C", help="a cut-off")
    for group in ("clinical", "functional"):
        parser.add_argument(
            f"--{group}",
            type=_two,
            metavar="M,SD",
            help=f"mean and standard deviation of the {group} group",
        )
    parser.add_argument(
        "--cut-off",
        choices=[str(kind) for kind in Kind],
        default=str(Kind.C),
        help="which of the two groups' cut-offs (default c)",
    )
    parser.add_argument(
        "--percent", type=_above_0, metavar="P", help="also as a share of the start"
    )
    parser.add_argument(
        "--compat",
        action="store_true",
        help="cut-off b as clinicalsignificance has it, not as the paper",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(chosen: argparse.Namespace) -> None:
    """Tell what became of each course."""
    known, instrument = packs.known_of(chosen), None
    if chosen.instrument is not None:
        instrument = known.load(chosen.instrument)
    elif chosen.pack is not None:
        raise ParameterError("--pack goes with --instrument.")
    asked = _asked(chosen, instrument)
    courses = read_scores(chosen.file, instrument=instrument)
    found = change_of(courses, asked)
    if chosen.json:
        print_json(_as_json(found))
        return
    _show(found, asked, instrument)


def _asked(chosen: argparse.Namespace, instrument: Instrument | None) -> Asked:
    better = asked_of(instrument, chosen.better)
    if chosen.points is not None and chosen.reliability is not None:
        raise ParameterError("--points and --reliability exclude each other.")
    if chosen.reliability is None and (chosen.sd, chosen.mean) != (None, None):
        raise ParameterError("--sd and --mean go with --reliability.")
    index = Index(chosen.index)
    if chosen.reliability is None and index is not Index.JT:
        raise ParameterError("--index goes with --reliability.")
    points = chosen.points
    if points is None and chosen.reliability is None and instrument is not None:
        published = instrument.reliable_change
        points = None if published is None else published.points
    return Asked(
        better=better,
        points=points,
        reliability=chosen.reliability,
        sd=chosen.sd,
        mean=chosen.mean,
        index=index,
        cut=_cut(chosen, better),
        percent=None if chosen.percent is None else chosen.percent / 100,
        floor=0.0 if instrument is None else instrument.range[0],
    )


def _cut(chosen: argparse.Namespace, better: Better) -> CutOff | None:
    groups = [chosen.clinical, chosen.functional]
    if chosen.cut is not None:
        if groups != [None, None]:
            raise ParameterError("--cut goes without --clinical and --functional.")
        return CutOff(value=chosen.cut)
    if groups == [None, None]:
        return None
    norms = [None if g is None else Norm(mean=g[0], sd=g[1]) for g in groups]
    found = cut_off(
        Kind(chosen.cut_off),
        better=better,
        clinical=norms[0],
        functional=norms[1],
        compat=chosen.compat,
    )
    if found.reason is not Reason.NONE:
        raise ParameterError(
            f"--cut-off {chosen.cut_off} needs other groups than those given: "
            f"{WHY[found.reason]}."
        )
    return found


def _show(found: Changes, asked: Asked, instrument: Instrument | None) -> None:
    console = Console(highlight=False)
    for line in _by_what(found, asked, instrument):
        console.print(line, markup=False)
    table = Table(box=None, pad_edge=False)
    for name in ("course", "scores", "first", "last", "change"):
        table.add_column(name, justify="left" if name == "course" else "right")
    if asked.percent is not None:
        table.add_column("share", justify="right")
    table.add_column("what it says")
    for course in found.courses:
        # As text: what a file says is no markup.
        table.add_row(*map(Text, _row(course, asked)))
    console.print(table)
    total = len(found.courses)
    console.print("")
    for category, n in found.counts.items():
        console.print(f"{n:6} of {total}  {SAYS[category]}")
    console.print(
        "\nOf ordinary courses in which nothing happens about 1 in 20 is beyond an index's "
        "wobble by chance."
        if asked.reliability is not None
        else "\nHow often chance alone is beyond these points is not known here."
    )


def _by_what(
    found: Changes, asked: Asked, instrument: Instrument | None
) -> Sequence[str]:
    lines = []
    way = "lower" if asked.better is Better.LOWER else "higher"
    lines.append(f"{way.capitalize()} is better.")
    if found.reference is not None:
        own = "published numbers" if asked.sd is not None else "these courses"
        lines.append(
            f"Index {asked.index}, reliability {asked.reliability:g}, standard "
            f"deviation {found.reference.sd:.3g} of {own}."
        )
    if found.points is not None:
        source = ""
        if asked.reliability is None and instrument is not None:
            published = instrument.reliable_change
            if published is not None and published.points == asked.points:
                seen = (
                    "" if published.verified else ", not yet compared with its source"
                )
                source = f" ({published.source}{seen})"
        lines.append(f"A change of {found.points:.3g} points is beyond{source}.")
    if found.cut is not None:
        lines.append(
            f"Cut-off {found.cut:.4g}, of other people; on it is on neither side."
        )
    return [*lines, ""]


def _row(course: Changed, asked: Asked) -> list[str]:
    first, last = course.first, course.last
    cells = [printable(course.course), str(course.n_scores)]
    if first is None or last is None:
        cells += ["", "", ""]
    else:
        cells += [f"{first[1]:g}", f"{last[1]:g}", f"{last[1] - first[1]:+g}"]
    if asked.percent is not None:
        cells.append("" if course.percent is None else f"{course.percent:+.0%}")
    said = SAYS[course.category]
    if course.category is Category.UNDEFINED and course.reason in WHY:
        said += f": {WHY[course.reason]}"
    for each in course.sudden:
        way = "gain" if each.gain else "loss"
        after = ", taken back later" if each.reversed_ else ""
        said += f"; a sudden {way} of {each.size:g} after session {each.session}{after}"
    return [*cells, said]


def _as_json(found: Changes) -> str:
    rows = [
        {
            **asdict(course),
            "category": course.category.name.lower(),
            "reason": course.reason.name.lower(),
            "percent_category": course.percent_category.name.lower(),
        }
        for course in found.courses
    ]
    whole = {
        "courses": rows,
        "counts": {each.name.lower(): n for each, n in found.counts.items()},
        "points": found.points,
        "cut": found.cut,
        "sudden_cut": found.sudden_cut,
    }
    return json.dumps(whole, indent=2)


_above_0 = number("must be a number above 0", lambda value: value > 0, of=any_number)
_share = number(
    "must be 0 or more and below 1", lambda share: 0 <= share < 1, of=any_number
)


def _two(text: str) -> tuple[float, float]:
    mean, comma, sd = text.partition(",")
    if not comma:
        raise argparse.ArgumentTypeError("must be two numbers, a mean and a deviation")
    return any_number(mean), _above_0(sd)
