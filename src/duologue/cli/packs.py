"""``--pack`` and ``--use``: the forms of a pack, known beside those that ship."""

import argparse
from pathlib import Path

from duologue.errors import ParameterError
from duologue.instruments import SHIPPED, Known
from duologue.instruments.packs import Pack, Use, load_pack


def define(parser: argparse.ArgumentParser) -> None:
    """Give the parser a pack, and what its forms are used for."""
    parser.add_argument(
        "--pack", type=Path, metavar="PACK", help="a folder or zip file of definitions"
    )
    parser.add_argument(
        "--use", choices=list(Use), help="what for: a pack's licence must allow it"
    )


def pack_of(chosen: argparse.Namespace) -> Pack | None:
    """Load the pack that was chosen, for the use that was said."""
    if (chosen.pack is None) is not (chosen.use is None):
        raise ParameterError(
            "--pack and --use go together: a licence is for some uses."
        )
    return None if chosen.pack is None else load_pack(chosen.pack, use=Use(chosen.use))


def known_of(chosen: argparse.Namespace) -> Known:
    """Return the instruments that are known, with those of the pack that was chosen."""
    pack = pack_of(chosen)
    return SHIPPED if pack is None else Known((pack,))
