"""What is made once in a run of the tests, by whichever worker needs it first."""

import fcntl
import os
import tempfile
from contextlib import closing
from pathlib import Path

from faults.forks import Forks
from faults.killing import make_demo


def made_once(places, name, make):
    """Return what is made at one place, for all workers of a run to look at or to copy.

    Parameters
    ----------
    places : pytest.TempPathFactory
        Knows where this run keeps what it makes.
    name : str
        Of the place; no two things have the same.
    make : callable
        Is given a path at which there is nothing, and makes a file or a folder there.

    Returns
    -------
    pathlib.Path
        Where it is. Of what failed on the way nothing is there for the next who asks.
    """
    own = places.getbasetemp()
    place = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / name
    with place.with_name(f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.exists():
            new = places.mktemp(name) / "new"
            make(new)
            new.rename(place)
    return place


def quick_demo(places):
    """Return a demo that was made cheaply, to serve a copy of; no test may change it."""
    return made_once(places, "quick-demo", _make_demo)


def _make_demo(folder):
    with (
        tempfile.TemporaryDirectory() as said,
        closing(Forks(Path(said), measured=True)) as forks,
    ):
        make_demo(folder, forks)
