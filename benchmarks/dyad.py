"""Whether what the dyad model says can be relied on: many made-up caseloads, one by one.

    python benchmarks/dyad.py                           do what is left, print the page
    python benchmarks/dyad.py --write docs/validation-dyad.md   and a picture beside it
    python benchmarks/dyad.py --quick                   one small caseload of each kind
    python benchmarks/dyad.py --no-more --write ...     write the page of what was done
    python benchmarks/dyad.py --minutes 30 --workers 2 --only coverage world

Every job is one caseload: simulated, its population learned, its pairs read. What a job
found is added to a file of raw figures as soon as it is done, in the folder given by
``--keep``; who stops here goes on there. The page says how many of how many were done.
The exit code is 1 where a bar is missed beyond its error.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from pathlib import Path

for _name in ("NUMBA_NUM_THREADS", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    # A worker for each core and a thread for each worker: threads would stand in line.
    os.environ.setdefault(_name, "1")

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT / "src"))

from dyad_figure import picture  # noqa: E402 - after the path is set
from dyad_jobs import (  # noqa: E402
    FULL,
    QUICK,
    SESSIONS,
    Figures,
    Job,
    Settings,
    all_jobs,
    figures_of,
)
from dyad_page import build, drawn  # noqa: E402

Done = dict[str, Figures]


def load(file: Path, settings: Settings) -> Done:
    """Read the raw figures of jobs done with these settings."""
    if not file.exists():
        return {}
    done = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        try:
            kept = json.loads(line)
        except json.JSONDecodeError:  # the line that an interruption cut short
            continue
        if kept["settings"] == settings.digest:
            done[kept["key"]] = kept["figures"]
    return done


def append(file: Path, settings: Settings, key: str, figures: Figures) -> None:
    """Add one job, in one write."""
    line = json.dumps({"key": key, "settings": settings.digest, "figures": figures})
    with file.open("a", encoding="utf-8") as out:
        out.write(line + "\n")


def work(
    jobs: Sequence[Job], settings: Settings, *, workers: int, minutes: float
) -> Iterator[tuple[str, Figures]]:
    """Do jobs in their order, as many at a time as there are workers."""
    until = time.monotonic() + 60 * minutes
    if workers == 1:
        for job in jobs:
            if time.monotonic() > until:
                return
            yield job.key, figures_of(job, settings)
        return
    left = iter(jobs)
    with ProcessPoolExecutor(workers) as pool:
        running: dict[Future[Figures], Job] = {}
        while True:
            while len(running) < workers and time.monotonic() < until:
                upcoming = next(left, None)
                if upcoming is None:
                    break
                running[pool.submit(figures_of, upcoming, settings)] = upcoming
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                yield running.pop(future).key, future.result()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="Validate the dyad model.")
    parser.add_argument("--write", type=Path, metavar="FILE")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--keep", type=Path, default=PROJECT / "validation-dyad")
    parser.add_argument("--no-more", action="store_true", help="only write the page")
    parser.add_argument("--only", nargs="+", metavar="STUDY")
    parser.add_argument("--minutes", type=float, default=float("inf"))
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--date", default=time.strftime("%Y-%m-%d"))
    chosen = parser.parse_args(arguments)
    settings = QUICK if chosen.quick else FULL
    chosen.keep.mkdir(parents=True, exist_ok=True)
    file = chosen.keep / "figures.jsonl"
    jobs = all_jobs(settings)
    done = load(file, settings)
    left = [
        job
        for job in jobs
        if job.key not in done and (not chosen.only or job.study in chosen.only)
    ]
    if not chosen.no_more:
        for key, figures in work(
            left, settings, workers=chosen.workers, minutes=chosen.minutes
        ):
            append(file, settings, key, figures)
            done[key] = figures
            print(f"{len(done)} of {len(jobs)}: {key}", file=sys.stderr, flush=True)
    if chosen.write is None:
        page, code = build(jobs, done, settings, chosen.date)
        print(page)
    else:
        beside = chosen.write.with_suffix(".svg")
        page, code = build(jobs, done, settings, chosen.date, beside.name)
        chosen.write.write_text(page, encoding="utf-8", newline="\n")
        drawing = picture(drawn(jobs, done), len(SESSIONS))
        beside.write_text(drawing, encoding="utf-8", newline="\n")
    return 0 if chosen.quick else code


if __name__ == "__main__":
    sys.exit(main())
