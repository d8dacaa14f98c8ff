"""Motion energy, fixtures and what other programs give on them, as arrays."""

import csv
import gzip

import numpy as np

RATES = {"rate_29_97": 30000 / 1001}


def _rows(path):
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    return list(csv.reader(content.decode().splitlines()))


def table(path):
    """Return the numbers of a table without its header; a blank or NA is nan."""
    blank = ("", "NA")
    rows = _rows(path)[1:]
    return np.array([[np.nan if v in blank else float(v) for v in r] for r in rows])


def records(path):
    """Return the rows of a table by the names of its columns."""
    head, *rows = _rows(path)
    return [dict(zip(head, row, strict=True)) for row in rows]


def fixture(shared, name):
    """Return the two series of a synthetic pair, and their rate."""
    series = table(shared / "reference" / "mirroring" / "fixtures" / f"{name}.csv").T
    return *series, RATES.get(name, 25.0)


def session(shared, uid):
    """Return the two series of a real session."""
    group, dyad, _ = uid.split("_")
    path = shared / "data" / "motion" / group / f"{dyad}_01.txt"
    return np.loadtxt(path, skiprows=1).T


UIDS = [
    *(f"normal_{dyad}_1" for dyad in range(200, 205)),
    *(f"dropout_{dyad}_1" for dyad in range(100, 105)),
]
"""The ten sessions of development."""
