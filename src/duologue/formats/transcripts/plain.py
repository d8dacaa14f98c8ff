"""Plain text: ``T: ...`` and ``C: ...``, or ``Name: ...``, one turn a line.

A line without a label carries on the turn above. A time before or after the label is
a start; where a turn ends is not known, so that nothing can be said of pauses.
"""

import re

from duologue.errors import FileError
from duologue.formats.transcripts.clock import clock_seconds, step
from duologue.formats.transcripts.cues import Cue, Script, keep_spoken, order_notes
from duologue.formats.transcripts.labels import HIDDEN, Labels

_TIME = re.compile(r"\s*([\[(]?)([0-9]{1,4}(?::[0-9]{1,2}){1,2}(?:[.,][0-9]{1,9})?)")
_CLOSES = {"[": ("]",), "(": (")",), "": (" ", "\t")}
_FORMATS = (
    "must be WebVTT, SubRip, CHAT, ELAN, a table with the columns speaker and text, text "
    "from Otter, or lines that begin with a speaker's label and a colon: T: and C:."
)
_NOBODY = "gives times and no labels, so that nobody can be seated."

Turn = tuple[str, str | None, list[str]]
"""A label, the time beside it, and the lines that follow."""


def parse(text: str, where: str, given: frozenset[str]) -> Script:
    """Read plain text; ``given`` are the labels that the caller has named."""
    lines = [line for line in text.split("\n") if line.strip()]
    timed = [_timed(line) for line in lines]
    labels = Labels.of((rest for _, rest in timed), given)
    turns: list[Turn] = []
    n_before = n_hidden = 0
    for line, (time, rest) in zip(lines, timed, strict=True):
        label, words = labels.split(rest)
        if label is not None:
            # Only in square brackets: "C: 10:30 was too early" is no start.
            late, after = _timed(words) if words.startswith("[") else (None, words)
            turns.append((label, time or late, [after]))
        elif turns:
            n_hidden += labels.may_hide(rest)
            turns[-1][2].append(line)
        else:
            n_before += 1
    if not turns:
        raise FileError(where, _NOBODY if _is_timed(lines) else _FORMATS)
    notes = {
        f"Lines before the first label, left out: {n_before}.": n_before,
        HIDDEN.format(n_hidden): n_hidden,
    }
    return _script(turns, [note for note, n in notes.items() if n])


def _script(turns: list[Turn], notes: list[str]) -> Script:
    cues, dropped = keep_spoken(
        Cue(
            label, None if time is None else clock_seconds(time), None, "\n".join(words)
        )
        for label, time, words in turns
    )
    steps = [step(time) for _, time, _ in turns if time is not None]
    return Script(
        cues=cues,
        resolution_s=min(steps, default=None),
        notes=(*notes, *dropped, *order_notes(cues)),
    )


def _is_timed(lines: list[str]) -> bool:
    """Whether a third of the lines or more begin with a time."""
    begins = [line.split()[0].strip("[]()") for line in lines]
    return 0 < len(lines) <= 3 * sum(clock_seconds(time) is not None for time in begins)


def _timed(line: str) -> tuple[str | None, str]:
    """Part a line into a time that it begins with, if any, and the rest."""
    match = _TIME.match(line)
    if match is None or clock_seconds(match[2]) is None:
        return None, line
    rest = line[match.end() :]
    if not rest.startswith(_CLOSES[match[1]]):
        return None, line
    return match[2], rest[1:]
