"""Standard output and standard error: any character, one line a refusal."""

import codecs
import io
import json
import os
import sys
import unicodedata

_NEAREST = str.maketrans(
    {
        "“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "...",
        "•": "*", "·": ".", "═": "=", "╳": "X", "┼": "+",
        "▁": "_", "▂": ",", "▃": "-", "▄": "~", "▅": "=", "▆": "+", "▇": "*", "█": "#",
    }
)  # fmt: skip
"""What stands for a character that the terminal's encoding does not have."""


def accept_every_character() -> None:
    """Let printing never fail for a character: its nearest likeness is shown.

    Without this a terminal set to ASCII or Latin-1 ends the program at the first
    quotation mark.
    """
    codecs.register_error("duologue.nearest", _nearest)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="duologue.nearest")


def _nearest(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lost = error.object[error.start : error.end].translate(_NEAREST)
    # An accent is dropped rather than the letter; what is left over is unknown.
    bare = "".join(
        c for c in unicodedata.normalize("NFKD", lost) if not unicodedata.combining(c)
    )
    return bare.encode("ascii", "replace").decode("ascii"), error.end


def print_json(text: str) -> None:
    """Print JSON; where the encoding lacks a character, all are written as escapes."""
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(json.loads(text), indent=2)
    print(text)


def printable(text: str) -> str:
    """Return text of one line that can move no cursor and start no command.

    Examples
    --------
    >>> printable("two" + chr(10) + "lines")
    'two lines'
    """
    return "".join(c if c.isprintable() else " " for c in text)


def say(message: str) -> None:
    """Print one line on standard error, if anybody still listens."""
    try:
        print(f"duologue: {printable(message)}", file=sys.stderr, flush=True)
    except OSError:
        drop_output()


def tell(n: int, of: int) -> None:
    """Say on a terminal how far a long piece of work is, of several."""
    if of > 1 and sys.stderr.isatty():
        print(f"{n} of {of}", file=sys.stderr)


def drop_output() -> None:
    """Send what is still to be printed nowhere, so that leaving raises nothing."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def leave_no_core() -> None:
    """Let the system write no image of this program's memory, should it fail.

    Where a program of the system collects such images, that one decides.
    """
    if os.name == "posix":
        import resource  # noqa: PLC0415 - not on every system

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
