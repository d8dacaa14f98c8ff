"""``duologue unlock``: the passphrase for a practice that is served and locked."""

import argparse

from duologue.cli import gate, opening, passphrase

EPILOG = f"""\
`duologue serve FOLDER --locked` serves a practice without opening it, as after a
restart by night. This opens it.

{passphrase.HOW}

examples:
  duologue unlock practice"""


def define(parser: argparse.ArgumentParser) -> None:
    """Give the parser what this command takes."""
    parser.description = "Hand the passphrase to a practice that is served and locked."
    parser.epilog = EPILOG
    opening.add_folder(parser)


def run(chosen: argparse.Namespace) -> None:
    """Hand it over, and say whether it opened."""
    gate.check_waiting(chosen.folder)
    gate.hand_over(chosen.folder, passphrase.passphrase(chosen.folder, chosen))
    print("The practice is open.")
