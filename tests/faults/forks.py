"""Commands of the program, each in a process of its own, without loading it each time.

    with closing(Forks(place)) as forks:
        ended = forks.run("verify", folder, passphrase="...")
        server = forks.start("serve", folder, "--port", 0)
        server.until("Ctrl-C")
        server.kill()

Each is a copy of a program that has loaded ours before it was told which command to run
(``forking.py``), and from there on the same as ``python -m duologue``.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from itertools import count
from pathlib import Path

TESTS = Path(__file__).parents[1]
SRC = TESTS.parent / "src"
PATIENCE_S = 120


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a process ended: its exit code, below 0 for a signal, and what it said."""

    code: int
    out: str
    err: str


class Forks:
    """A program that has loaded ours, from which each command is forked.

    Parameters
    ----------
    place : pathlib.Path
        A folder for what they say.
    env : mapping of str to str, optional
        More variables of the environment, as :attr:`faults.layer.Disk.env`.
    apart : pathlib.Path, optional
        Another folder for what functions return, which are called for a test's sake.
    measured : bool
        Whether commands that come to their end save which lines they have run; that
        takes longer than most of them do.
    """

    def __init__(self, place, *, env=None, apart=None, measured=False):
        self._place, self._apart, self._measured = place, apart or place, measured
        self._numbers = count()
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, Path(__file__).with_name("forking.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join(map(str, (SRC, TESTS))),
                "OPENBLAS_NUM_THREADS": "1",  # what is forked has no other thread
                **(env or {}),
            },
        )

    def close(self):
        """End it, and what it has started."""
        self._process.stdin.close()
        self._process.wait(PATIENCE_S)
        self._process.stdout.close()

    def start(self, *argv, **wanted):
        """Start a command; see `run`."""
        return self._started(self._place, argv=[str(part) for part in argv], **wanted)

    def run(self, *argv, **wanted):
        """Run a command to its end.

        Parameters
        ----------
        *argv : object
            The command line.
        passphrase, new_passphrase : str, optional
            Handed over by a file descriptor.
        cheap : bool
            Whether a passphrase that is chosen is to cost nothing to try, and the page
            of a demo to come without charts.
        env : mapping of str to str, optional
            More variables of the environment.
        cwd : str, optional
            The folder in which it runs.

        Returns
        -------
        Ended
            How it ended.
        """
        return self.start(*argv, **wanted).ended()

    def call(self, function, **arguments):
        """Call a function, ``"module:function"``, and return what it returned.

        Raises
        ------
        RuntimeError
            If it failed; what it said is told.
        """
        ended = self.start_call(function, **arguments).ended()
        if ended.code:
            raise RuntimeError(f"{function} ended with {ended.code}: {ended.err}")
        return json.loads(ended.out)

    def start_call(self, function, **arguments):
        """Start a function, to be ended by whoever starts it; see `call`."""
        asked = {k: str(v) if isinstance(v, Path) else v for k, v in arguments.items()}
        return self._started(self._apart, call=function, **{"with": asked})

    def ask(self, **wanted):
        """Ask the program for something, and return its answer."""
        with self._lock:
            self._process.stdin.write(json.dumps(wanted) + "\n")
            self._process.stdin.flush()
            answer = self._process.stdout.readline()
        return json.loads(answer)

    def _started(self, place, *, passphrase=None, new_passphrase=None, **wanted):
        handed = {"--passphrase-fd": passphrase, "--new-passphrase-fd": new_passphrase}
        wanted["handed"] = {
            k: words for k, words in handed.items() if words is not None
        }
        if self._measured and "argv" in wanted:
            wanted["measured"] = True
        said = place / f"said-{next(self._numbers)}"
        return Started(self, self.ask(said=str(said), **wanted), said)


class Started:
    """A process that was started.

    Attributes
    ----------
    number : int
        Of the process.
    """

    def __init__(self, forks, number, said):
        self.number = number
        self._forks, self._said = forks, said
        self._code = None

    @property
    def out(self):
        """What it has printed so far."""
        return self._said.with_name(f"{self._said.name}.out").read_text("utf-8")

    @property
    def err(self):
        """What it has said on standard error so far."""
        return self._said.with_name(f"{self._said.name}.err").read_text("utf-8")

    def until(self, start):
        """Wait for a line that begins so; return what was printed by then.

        Raises
        ------
        RuntimeError
            If it ended before, or takes too long.
        """
        patience = time.monotonic() + PATIENCE_S
        while time.monotonic() < patience:
            self._code = self._forks.ask(ended=self.number)
            out = self.out if self._there() else ""
            if f"\n{start}" in f"\n{out}":
                return out
            if self._code is not None:
                raise RuntimeError(f"ended with {self._code}: {self.err}")
            time.sleep(0.01)
        raise RuntimeError(f"has not said {start!r} in {PATIENCE_S} s")

    def ended(self):
        """Wait for its end, and return how it ended."""
        if self._code is None:
            self._code = self._forks.ask(wait=self.number)
        return Ended(code=self._code, out=self.out, err=self.err)

    def end(self, by=signal.SIGINT):
        """Send it a signal unless it has ended, and return how it ended."""
        if self._code is None:
            os.kill(self.number, by)
        return self.ended()

    def kill(self):
        """Kill it, now."""
        return self.end(signal.SIGKILL)

    def _there(self):
        return self._said.with_name(f"{self._said.name}.out").exists()
