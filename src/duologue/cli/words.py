"""``duologue words``: talk, pauses, wording, and following, of one transcript or many."""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from duologue.cli.arguments import argument
from duologue.cli.new_file import are_new, write_new
from duologue.cli.terminal import print_json, tell
from duologue.cli.words_files import Read, pairs_of, read_sessions
from duologue.corpus.words import (
    words_of_sessions,
)
from duologue.corpus.words_partners import AgainstPartners, partners_of
from duologue.engine.matching.similar import Encoder
from duologue.errors import ParameterError
from duologue.formats.transcripts.csv_file import ROLES

EPILOG = f"""\
what FILE may be:
  a transcript        .vtt .srt .cha .eaf .txt, or .csv with a column of text; told by
                      what it holds, not by its name
  a table of many     .csv with a column that tells transcripts apart; --transcript ID
                      takes one of them
  a table's columns, which --columns ROLE=NAME,... calls by other names:
                      {", ".join(ROLES)}

Whose label is whose is said, or asked at a terminal, never assumed; `duologue read
FILE --speakers` lists the labels. Labels such as T and C need not be said.

Words of a transcript are shown only with --quote, and never in JSON or a table.
Following is told of a session with 30 pairs or more, beside the same turns in random
order. Measures that say nothing of one session (LSM, turn-level LSM, coordination,
shared expressions) stand in JSON and the table alone. Lists are of English.

With --partners, real partners are compared with exchanged ones, over four pairs or
more. files: each session is of another pair; folders: those in one folder are of one.

examples:
  duologue words session.vtt --client "Label one" --therapist "Label two"
  duologue words session.vtt --client C --therapist T --quote --html session.html
  duologue words pairs/*/*.vtt --client C --therapist T --partners folders \\
      --table sessions.csv
  duologue words corpus.csv --columns text=said,speaker=who --partners files --json"""


def define(parser: argparse.ArgumentParser) -> None:
    """Give the parser what this command takes."""
    parser.description = (
        "Count what was said: talk, turns, pauses, wording, passages to read again, and how\n"
        "far each follows the other's words beside chance. Never whether that is good."
    )
    parser.epilog = EPILOG
    parser.add_argument(
        "files", metavar="FILE", type=Path, nargs="+", help="a transcript; see below"
    )
    for seat in ("client", "therapist"):
        parser.add_argument(
            f"--{seat}",
            metavar="LABEL",
            action="append",
            help=f"the {seat}'s label; again for another one",
        )
    parser.add_argument("--transcript", metavar="ID", help="which one of a table")
    parser.add_argument(
        "--columns", type=_columns, metavar="ROLE=NAME,...", help="names of columns"
    )
    parser.add_argument(
        "--quote", action="store_true", help="show the words of passages"
    )
    parser.add_argument(
        "--partners",
        choices=["files", "folders"],
        help="compare real partners with exchanged ones; what is one pair",
    )
    parser.add_argument(
        "--sentences",
        type=Path,
        metavar="FOLDER",
        help="a sentence-transformers model on this machine: following in meaning too",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--table", type=Path, metavar="CSV", help="write a row for each session"
    )
    parser.add_argument(
        "--html", type=Path, metavar="FILE", help="write a page with pictures"
    )


def run(chosen: argparse.Namespace) -> None:
    """Count, and tell of each session."""
    _check(chosen)
    model = None if chosen.sentences is None else chosen.sentences.resolve().name
    encoder = _encoder(chosen.sentences)
    read = read_sessions(chosen)
    found = words_of_sessions(
        [one.turns for one in read],
        encoder=encoder,
        n_processes=os.cpu_count() or 1,
        tell=tell,
    )
    partners = _partners(chosen, read) if chosen.partners else None
    # All is made before anything is written, so that a fault on the way changes nothing.
    files = {}
    if chosen.table is not None:
        from duologue.cli.words_out import table  # noqa: PLC0415 - slow to load

        files[chosen.table] = table(read, found, model=model)
    if chosen.html is not None:
        from duologue.cli.words_page import page  # noqa: PLC0415 - slow to load

        files[chosen.html] = page(
            read, found, partners=partners, is_quoted=chosen.quote
        )
    for target, content in files.items():
        write_new(content, target)
    if chosen.json:
        from duologue.cli.words_out import as_json  # noqa: PLC0415 - slow to load

        print_json(as_json(read, found, partners=partners, model=model))
        return
    from duologue.cli.words_terminal import show  # noqa: PLC0415 - slow to load

    show(read, found, partners=partners, is_quoted=chosen.quote)


def _check(chosen: argparse.Namespace) -> None:
    if not are_new((chosen.table, chosen.html)):
        raise ParameterError("--table and --html must each name another file.")
    if chosen.quote and chosen.json and chosen.html is None:
        raise ParameterError("--quote does not go with --json: it never holds words.")
    if chosen.transcript is not None and len(chosen.files) > 1:
        raise ParameterError("--transcript goes with one FILE.")
    if chosen.transcript is not None and not chosen.transcript.strip():
        raise ParameterError("--transcript must be the id of one in the table.")


def _encoder(folder: Path | None) -> Encoder | None:
    if folder is None:
        return None
    from duologue.formats.sentences import (  # noqa: PLC0415 - only where asked for
        sentence_encoder,
    )

    return sentence_encoder(folder)


def _partners(chosen: argparse.Namespace, read: Sequence[Read]) -> AgainstPartners:
    try:
        return partners_of([one.turns for one in read], pairs_of(read, chosen.partners))
    except ParameterError as error:
        raise ParameterError(f"--partners: {error}") from None


def _read_columns(text: str) -> dict[str, str]:
    pairs = [part.strip().split("=") for part in text.split(",")]
    found = {role: name for role, name in pairs if role in ROLES and name}
    if len(found) < len(pairs):
        raise ValueError
    return found


_columns = argument(
    _read_columns, f"must be ROLE=NAME, joined by commas; roles are {', '.join(ROLES)}"
)
