"""Timed blocks, as WebVTT and SubRip share them: a number, a time line, some text."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest

from duologue.errors import FileError
from duologue.formats.transcripts.clock import clock_seconds

Line = tuple[int, str]
"""A line with its number in the file, counted from 1."""

_ARROW = "-->"
_CUT_TIME = re.compile(r"[0-9]+:[0-9:.,]*[ \t]*-{0,2}")
_TIME_LINE = re.compile(r"[ \t]*[0-9][0-9:.,]*[ \t]*-->")
_SHAPE = "a time line must look like 00:00:01.000 --> 00:00:02.000."


@dataclass(frozen=True, slots=True)
class Block:
    """One cue as the file gives it. ``end_s`` is ``None`` where it is left out."""

    line: int
    start_s: float
    end_s: float | None
    lines: list[str]


@dataclass(frozen=True, slots=True)
class Blocks:
    """The cues of a file, and what its reader must know of them."""

    cues: tuple[Block, ...]
    notes: tuple[str, ...]

    @property
    def resolution_s(self) -> float | None:
        """A millisecond, but a second where every time is whole."""
        times = [t for cue in self.cues for t in (cue.start_s, cue.end_s) if t]
        return 1.0 if all(time.is_integer() for time in times) else 0.001


def paragraphs(text: str) -> Iterator[list[Line]]:
    """Yield the runs of lines between blank lines."""
    found: list[Line] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            found.append((number, line))
        elif found:
            yield found
            found = []
    if found:
        yield found


def read_blocks(found: Iterable[list[Line]], where: str) -> Blocks:
    """Read the cues of these paragraphs, in the order of the file.

    A last cue that is cut off after its time line is left out with a note.

    Raises
    ------
    FileError
        If a time line is malformed or cut off, or a cue ends before it starts.
    """
    cues: list[Block] = []
    n_untimed = 0
    last: list[Line] = []
    for last in found:
        times = _time_lines(last)
        # The line before a time line is its number or its name.
        n_untimed += _is_text(last[: max(times[0] - 1, 0)] if times else last)
        cues.extend(_cues(last, times, where))
    notes = []
    if n_untimed:
        notes.append(f"Blocks of text without a time line, left out: {n_untimed}.")
    if last and _is_cut(last[-1], cues, where):
        cues.pop()
        notes.append("The last cue is cut off, and left out.")
    return Blocks(tuple(cues), tuple(notes))


def _cues(lines: list[Line], times: list[int], where: str) -> Iterator[Block]:
    """Yield the cues of one paragraph: one, unless blank lines are missing."""
    for begin, end in zip_longest(times, times[1:]):
        body = [line for _, line in lines[begin + 1 : end]]
        if end is not None and body and body[-1].strip().isdigit():
            body.pop()  # the number of the cue that follows
        yield _block(lines[begin], body, where)


def _time_lines(paragraph: list[Line]) -> list[int]:
    """Say which lines are time lines; a number or a name may stand before the first."""
    found: list[int] = []
    for i, (_, line) in enumerate(paragraph):
        if _ARROW in line and (_TIME_LINE.match(line) or (i < 2 and not found)):
            found.append(i)
    return found


def _block(time: Line, body: list[str], where: str) -> Block:
    number, line = time
    start, _, rest = line.partition(_ARROW)
    end = rest.split()[0] if rest.strip() else None
    start_s = clock_seconds(start.strip())
    end_s = None if end is None else clock_seconds(end)
    if start_s is None or (end is not None and end_s is None):
        raise FileError(where, _SHAPE, line=number)
    if end_s is not None and end_s < start_s:
        raise FileError(where, "a cue must not end before it starts.", line=number)
    return Block(number, start_s, end_s, body)


def _is_text(lines: list[Line]) -> bool:
    return any(not line.strip().isdigit() for _, line in lines)


def _is_cut(last: Line, cues: list[Block], where: str) -> bool:
    """Whether the file stops right after a whole time line."""
    number, line = last
    ends_in_cue = bool(cues) and cues[-1].line >= number
    if ends_in_cue and cues[-1].end_s is not None:
        return True
    if ends_in_cue or _CUT_TIME.fullmatch(line.strip()):
        raise FileError(where, f"the file is cut off here; {_SHAPE}", line=number)
    return False
