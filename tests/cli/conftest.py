"""What the tests of the command line share."""

import os
import shutil
import signal
import subprocess
import sys
import threading
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from duologue.cli import demo
from duologue.cli.main import run
from duologue.relationship import read
from faults.forks import Forks
from once import made_once
from once import quick_demo as quickly_made

SRC = Path(__file__).parents[2] / "src"
SERVED = "Ctrl-C stops it"
"""With this begins the last line that is printed before pages are served."""


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a run of the command line ended."""

    code: int
    out: str
    err: str


class Running:
    """A command that goes on until it is told to stop, in a process of its own.

    Attributes
    ----------
    out : str
        What it printed first, up to the line that was waited for.
    """

    def __init__(self, process, until):
        self.process = process
        patience = threading.Timer(60, process.kill)
        patience.start()
        self.out = self._read(until)
        patience.cancel()

    def _read(self, until):
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if line.startswith(until):
                break
        return "".join(lines)

    def end(self, by=signal.SIGINT):
        """Send it a signal, and return how it ended."""
        self.process.send_signal(by)
        code = self.process.wait(timeout=20)
        out, err = self.process.stdout.read(), self.process.stderr.read()
        return Ended(code=code, out=self.out + out, err=err)


@pytest.fixture(scope="session")
def started():
    """Start a command that serves, and wait until it has printed a line."""

    @contextmanager
    def start(*arguments, until=SERVED, cwd=None, env=None, fds=()):
        with subprocess.Popen(
            [sys.executable, "-m", "duologue", *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env={**os.environ, "PYTHONPATH": str(SRC), **(env or {})},
            cwd=cwd,
            pass_fds=fds,
        ) as process:
            try:
                yield Running(process, until)
            finally:
                process.kill()

    return start


@pytest.fixture
def cli(capsys):
    """Run the command line in this process."""

    def call(*arguments):
        capsys.readouterr()
        try:
            code = run([str(argument) for argument in arguments])
        except SystemExit as left:  # only --help and --version
            code = left.code
        said = capsys.readouterr()
        return Ended(code=code, out=said.out, err=said.err)

    return call


@pytest.fixture
def process():
    """Run the command line as a person does, in a process of its own."""

    def call(*arguments, code=("-m", "duologue"), **settings):
        env = {**os.environ, "PYTHONPATH": str(SRC), **settings.pop("env", {})}
        ran = subprocess.run(
            [sys.executable, *code, *map(str, arguments)],
            capture_output=True,
            text=True,
            encoding="utf-8",
            env=env,
            timeout=120,
            check=False,
            stdin=subprocess.DEVNULL,
            **settings,
        )
        return Ended(code=ran.returncode, out=ran.stdout, err=ran.stderr)

    return call


@pytest.fixture(scope="session")
def forks(tmp_path_factory):
    """Commands in processes of their own that need not load the program anew."""
    with closing(Forks(tmp_path_factory.mktemp("said"), measured=True)) as made:
        yield made


@pytest.fixture(scope="session")
def forked(forks):
    """Start a command that serves as `started` does, sooner: see `forks`.

    A demo is made cheaply; what is given to `forks.start` may be given here.
    """

    @contextmanager
    def start(*arguments, until=SERVED, **wanted):
        server = forks.start(*arguments, cheap=True, **wanted)
        try:
            server.until(until)
            yield server
        finally:
            server.kill()

    return start


@pytest.fixture(scope="session")
def quick_demo(tmp_path_factory):
    """A demo to serve that was made cheaply; no test may change it."""
    return quickly_made(tmp_path_factory)


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory):
    """One demo, made once as a person makes it; no test may change it."""

    def make(folder):
        assert run(["demo", str(folder), "--files-only"]) == 0

    return made_once(tmp_path_factory, "demo", make)


@pytest.fixture(scope="session")
def pair(demo_folder, tmp_path_factory):
    """The demo's pair D without its recordings, which take seconds to be compared."""

    def make(folder):
        told = demo_folder / "practice" / "pair-D"
        shutil.copytree(told, folder, ignore=shutil.ignore_patterns("motion.*"))

    return made_once(tmp_path_factory, "pair-without-recordings", make)


@pytest.fixture
def undrawn(monkeypatch):
    """Let the page of a demo come without charts, in a tenth of the time."""
    monkeypatch.setattr(demo, "read", partial(read, drawn=False))


@pytest.fixture
def course_folder(tmp_path):
    """A small sound course that a test may spoil."""
    folder = tmp_path / "course"
    folder.mkdir()
    files = {
        "course.toml": '[seats]\nclient = "c-1"\ntherapist = "t-1"\n',
        "sessions.csv": (
            "session,planned_start,started,ended,status\n"
            "1,2026-01-05T14:00,2026-01-05T14:01,2026-01-05T14:50,held\n"
            "2,2026-01-12T14:00,2026-01-12T14:00,2026-01-12T14:52,held\n"
        ),
        "reflections.csv": (
            "session,seat,item,value,shared\n"
            "1,client,open,40,yes\n"
            "1,therapist,open,55,yes\n"
            "2,client,open,47,yes\n"
        ),
        "measures.csv": "session,seat,instrument,item,value\n1,client,phq9,1,2\n",
        "goals.csv": "goal,words,session,rating\ng1,Sleep,1,3\n",
        "frame.csv": "session,kind,by,tag\n2,overran,therapist,drifted\n",
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder
