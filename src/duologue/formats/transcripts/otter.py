"""Otter's text: a line with a name and a time, then what was said, then a blank line.

The times are starts in whole seconds. Where a turn ends is not known, so that nothing
can be said of pauses.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from duologue.formats.transcripts.clock import clock_seconds
from duologue.formats.transcripts.cues import Cue, Script, keep_spoken, order_notes
from duologue.formats.transcripts.labels import Labels, is_name, key

# One or two blanks stand before the time, or a tab; a later edit may leave more.
_HEADER = re.compile(r"(\S.{0,79}?)\s+((?:[0-9]{1,2}:)?[0-9]{1,3}:[0-9]{2})")
_ADVERTISING = re.compile(r"transcribed by\s+https?://\S*otter\.ai\S*", re.IGNORECASE)
_LONGEST = 200  # characters; no name with its time is longer


@dataclass(slots=True)
class _Turn:
    label: str
    start_s: float
    lines: list[str]


def is_otter(text: str, given: frozenset[str]) -> bool:
    """Tell whether names with times stand on lines of their own, and labels do not.

    One such line is enough at the very beginning, two anywhere: a title, a date and
    key words may stand above the first.
    """
    lines = text.split("\n")
    n_headers = sum(
        _header(line, given) is not None and after_blank
        for line, after_blank in _with_place(lines)
    )
    first = next((line for line in lines if line.strip()), "")
    if n_headers < 2 and not (n_headers and _header(first, given)):
        return False
    labels = Labels.of(lines, given)
    return n_headers > sum(labels.split(line)[0] is not None for line in lines)


def parse(text: str, where: str, given: frozenset[str]) -> Script:  # noqa: ARG001
    """Read Otter's text; ``given`` are the labels that the caller has named."""
    turns: list[_Turn] = []
    n_before = n_advertising = 0
    for line, after_blank in _with_place(text.split("\n")):
        header = _header(line, given) if after_blank else None
        if header is not None:
            turns.append(_Turn(header[0], header[1], []))
        elif _ADVERTISING.fullmatch(line.strip()[:_LONGEST]):
            n_advertising += 1
        elif turns:
            turns[-1].lines.append(line)
        else:
            n_before += bool(line.strip())
    cues, dropped = keep_spoken(
        Cue(turn.label, turn.start_s, None, "\n".join(turn.lines)) for turn in turns
    )
    counted = {
        f"Lines before the first name, left out: {n_before}.": n_before,
        f"Lines of advertising, left out: {n_advertising}.": n_advertising,
    }
    notes = (note for note, n in counted.items() if n)
    return Script(
        cues=cues, resolution_s=1.0, notes=(*notes, *dropped, *order_notes(cues))
    )


def _with_place(lines: list[str]) -> Iterator[tuple[str, bool]]:
    """Yield each line, and whether it is the first of its paragraph."""
    after_blank = True
    for line in lines:
        yield line, after_blank
        after_blank = not line.strip()


def _header(line: str, given: frozenset[str]) -> tuple[str, float] | None:
    """Part a line into a name and the time at its end, if it is no more than these."""
    match = _HEADER.fullmatch(line.strip()[:_LONGEST])
    start_s = None if match is None else clock_seconds(match[2])
    if match is None or start_s is None:
        return None
    label = match[1].strip()
    if key(label) not in given and (":" in label or not is_name(label)):
        return None
    return label, start_s
