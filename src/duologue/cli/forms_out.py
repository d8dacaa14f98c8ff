"""``duologue read --fhir``: filled-in forms, written for another program."""

import json
import sys
from datetime import date
from pathlib import Path

from duologue.cli.new_file import check_new, write_new
from duologue.errors import ParameterError
from duologue.formats.fhir import bundle_of, leave_out
from duologue.instruments import Known
from duologue.records import Measure
from duologue.relationship.read import until
from duologue.sharing import Scope, Seen


def send_forms(seen: Seen, target: Path, known: Known, *, as_of: date | None) -> None:
    """Write the forms that a reader may see to a new file, as a FHIR R4 Bundle.

    A therapist's about their own wellbeing never leaves; that some did not is said.

    Raises
    ------
    ParameterError
        If there is none that may leave, or a person's code is none that FHIR takes.
    FileError
        If something stands there, or it cannot be written.
    """
    check_new(target)
    parts = [part for part in (seen.mine, seen.ours) if part is not None]
    measures: dict[Measure, None] = dict.fromkeys(
        measure for part in parts for measure in until(part, as_of).measures
    )
    leaving = leave_out(measures, known.load)
    kept = len(measures) - len(leaving)
    if kept:
        print(
            f"{kept} left out: a therapist's own wellbeing stands in nobody's record.",
            file=sys.stderr,
        )
    if not leaving:
        raise ParameterError("--fhir needs a form that may leave, and there is none.")
    dyad = seen.ours.dyad
    bundle = bundle_of(
        leaving,
        known.load,
        client=dyad.client,
        therapist=dyad.therapist,
        made_up=seen.ours.made_up,
    )
    text = json.dumps(bundle, indent=2, ensure_ascii=False, allow_nan=False)
    write_new(f"{text}\n", target)
    forms = "1 form" if len(leaving) == 1 else f"{len(leaving)} forms"
    if seen.scope is Scope.RESEARCH:
        print("Research reading: everything, shared or not.", file=sys.stderr)
    print(f"Written: {target}, {forms}")
