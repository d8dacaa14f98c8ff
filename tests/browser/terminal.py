"""A terminal at which somebody types, and reads what a command of the product says."""

import contextlib
import os
import pty
import subprocess
import sys
from pathlib import Path

SRC = Path(__file__).parents[2] / "src"


class Terminal:
    """What was typed into a few commands, and what they said."""

    def __init__(self, folder):
        self.folder = folder
        self.typed, self.said = [], ""

    @contextlib.contextmanager
    def running(self, *arguments):
        """Run a command of the product until it ends, or is ended at the end of this."""
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            [sys.executable, "-m", "duologue", *arguments],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(SRC)},
            start_new_session=True,
        )
        os.close(theirs)
        try:
            yield Running(self, ours, process)
        finally:
            process.terminate()
            process.wait(20)
            os.close(ours)


class Running:
    """One command, to be listened to and answered."""

    def __init__(self, terminal, end, process):
        self._terminal, self._end, self._process = terminal, end, process

    def answer(self, prompt, words):
        """Wait for a question, and type an answer."""
        self.hear(prompt)
        self._terminal.typed.append(words)
        os.write(self._end, f"{words}\n".encode())

    def hear(self, words=None):
        """Read until these words are said, or until the command has ended."""
        said = ""
        while words is None or words not in said:
            try:
                read = os.read(self._end, 4096).decode()
            except OSError:  # so a terminal says that nobody is there any more
                read = ""
            if not read:
                break
            said += read
            self._terminal.said += read
        assert words is None or words in said, self._terminal.said
        return said

    def end(self):
        """Wait until it has ended; return its code."""
        self.hear()
        return self._process.wait(60)
