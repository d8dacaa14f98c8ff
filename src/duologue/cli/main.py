"""The ``duologue`` command: choose a command, run it, turn refusals into exit code 2.

Only argparse is loaded here. A command's module is loaded when it is called for, so
that ``duologue --help`` answers at once.
"""

import argparse
import importlib
import sys
import traceback
from collections.abc import Sequence
from typing import Any, NoReturn

from duologue import __version__
from duologue.cli import terminal
from duologue.errors import DuologueError, ParameterError

COMMANDS = {
    "read": "read a course, a transcript or ratings",
    "change": "say whether scores of many courses changed by more than their wobble",
    "wonder": "over a caseload, one thing a week that is unlike somebody's usual",
    "words": "count what was said, and how far each follows the other's words",
    "synchrony": "say how far two people moved together, beside chance",
    "motion": "measure how much two people moved, from a video",
    "simulate": "write made-up courses to a folder",
    "instruments": "list the instruments, their licences and scoring",
    "demo": "make a practice of made-up people, and serve it to look at",
    "setup": "make a folder for a practice, and its keys",
    "serve": "serve a practice's pages to this machine",
    "unlock": "hand the passphrase to a practice that is served and locked",
    "backup": "write a sealed copy of a practice, and read it back",
    "verify": "check a practice, or a backup, in every part",
    "restore": "make a practice of a backup again",
    "rekey": "change the passphrase, the recovery key, or every key",
}
"""Each command is the module of its name in this folder."""

KEYED = ("backup", "demo", "rekey", "restore", "serve", "setup", "unlock", "verify")
"""Commands that hold keys or a passphrase: of these no image of memory is written."""

DONE, REFUSED, BROKEN, INTERRUPTED = 0, 2, 3, 130
"""What the program can end with; 130 is what shells expect after Ctrl-C."""

EPILOG = """\
examples:
  duologue demo                          a made-up practice to walk into
  duologue read demo/practice/pair-D     what has opened to both, in the terminal
  duologue read course --as client       the client's own page
  duologue read session.vtt --client C --therapist T
  duologue COMMAND --help                more on one command

Nothing leaves this machine. Bad input ends with a message and exit code 2."""


class _Parser(argparse.ArgumentParser):
    """Refuses in one line, as everything else does; options are written in full."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(
            allow_abbrev=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            **settings,
        )

    def error(self, message: str) -> NoReturn:
        """Refuse the arguments."""
        raise ParameterError(f"{message.rstrip('.')}; see {self.prog} --help.")


def build_parser(*, full: Sequence[str] = ()) -> argparse.ArgumentParser:
    """Return the parser of the command line.

    Parameters
    ----------
    full : sequence of str
        Commands whose own arguments are wanted; their modules are loaded.
    """
    parser = _Parser(
        prog="duologue",
        description="Where the two people in a therapy room look back together.",
        epilog=EPILOG,
    )
    parser.add_argument(
        "--version", action="version", version=f"duologue {__version__}"
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for name, help_line in COMMANDS.items():
        command = commands.add_parser(name, help=help_line)
        if name in full:
            module = importlib.import_module(f"duologue.cli.{name}")
            module.define(command)
            command.set_defaults(run=module.run)
    return parser


def run(arguments: Sequence[str]) -> int:
    """Run the command line.

    Returns
    -------
    int
        0 if done; 2 if the input was refused, with one line on standard error; 130
        after Ctrl-C; 3 for a fault of ours, told without what was being read (with
        ``python -X dev`` it is raised).
    """
    terminal.accept_every_character()
    try:
        _run(arguments)
        sys.stdout.flush()
    except DuologueError as refusal:
        terminal.say(str(refusal))
        return REFUSED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone (for example `| head`): nothing to say.
        terminal.drop_output()
        return DONE
    except OSError as error:
        terminal.say(f"{error.filename or 'the output'}: {error.strerror}.")
        terminal.drop_output()
        return REFUSED
    except Exception as fault:
        if sys.flags.dev_mode:
            raise
        terminal.say(_fault(fault))
        return BROKEN
    return DONE


def _run(arguments: Sequence[str]) -> None:
    parser = build_parser(full=arguments[:1])
    chosen, rest = parser.parse_known_args(arguments)
    if rest:
        raise ParameterError(_too_many(rest))
    if arguments and arguments[0] in KEYED:
        terminal.leave_no_core()
    if hasattr(chosen, "run"):
        chosen.run(chosen)
    else:
        parser.print_help()


def _too_many(rest: Sequence[str]) -> str:
    """Name options that do not exist, but not words: they may be half a name."""
    options = [word.partition("=")[0] for word in rest if word.startswith("-")]
    if options:
        return f"there is no option {', '.join(options)}; see duologue --help."
    return "too many arguments: a label of several words needs quotation marks."


def _fault(fault: Exception) -> str:
    """Say what kind of fault and where; its own words could hold an answer."""
    place = traceback.extract_tb(fault.__traceback__)[-1]
    return (
        f"a fault of ours, not of your file: {type(fault).__name__} in "
        f"{place.name}, line {place.lineno}. Nothing was changed; please report it."
    )
