"""The ``duologue`` command: choose a command, run it, turn refusals into exit code 2.

Only argparse is loaded here. A command's module is loaded when it is called for, so
that ``duologue --help`` answers at once.
"""

import argparse
import importlib
import sys
from collections.abc import Sequence

from duologue import __version__
from duologue.errors import DuologueError

COMMANDS = {
    "read": "read a course, a transcript or ratings",
    "simulate": "write made-up courses to a folder",
    "instruments": "list the instruments, their licences and scoring",
    "demo": "make a practice of six made-up pairs, and a page to look at",
}
"""Each command is the module of its name in this folder."""

EPILOG = """\
examples:
  duologue demo                          a made-up practice to look at
  duologue read demo/practice/pair-D     what has opened to both, in the terminal
  duologue read course --as client       the client's own page
  duologue read session.vtt --client C --therapist T
  duologue COMMAND --help                more on one command

Nothing leaves this machine. Bad input ends with a message and exit code 2."""


def build_parser(*, full: Sequence[str] = ()) -> argparse.ArgumentParser:
    """Return the parser of the command line.

    Parameters
    ----------
    full : sequence of str
        Commands whose own arguments are wanted; their modules are loaded.
    """
    parser = argparse.ArgumentParser(
        prog="duologue",
        description="Where the two people in a therapy room look back together.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--version", action="version", version=f"duologue {__version__}"
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for name, help_line in COMMANDS.items():
        command = commands.add_parser(
            name,
            help=help_line,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
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
        0 if done; 2 if the input was refused, with one line on standard error.
    """
    parser = build_parser(full=arguments[:1])
    chosen = parser.parse_args(arguments)
    if not hasattr(chosen, "run"):
        parser.print_help()
        return 0
    try:
        chosen.run(chosen)
    except DuologueError as refusal:
        print(f"duologue: {refusal}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # The reader of our output has gone (for example `| head`): nothing to say.
        sys.stderr.close()
        return 0
    return 0
