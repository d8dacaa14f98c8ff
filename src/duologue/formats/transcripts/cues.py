"""What every reader of a transcript hands on: cues with labels, and clean text."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from operator import itemgetter

from duologue.records.seat import Seat

NOTES_TAKEN_OUT = "Notes such as [laughs], taken out of what was said: {}."

# Marks of writing direction are not spoken, and would hide a label or a time.
_DIRECTIONS = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_NOTHING: Mapping[int, str] = dict.fromkeys(_DIRECTIONS, "")
# Control characters become blanks.
_CONTROLS = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0)), " ")
_SPACES: Mapping[int, str] = {**_CONTROLS, **_NOTHING}
_MARKED = re.compile(f"[{''.join(map(chr, _DIRECTIONS))}]")


@dataclass(frozen=True, slots=True)
class Cue:
    """One stretch of speech with the label that the file gives its speaker.

    ``label`` and times are ``None`` where the file does not say; ``text`` is clean.
    """

    label: str | None
    start_s: float | None
    end_s: float | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A transcript as read, before anybody has said who sits in which seat.

    ``roles`` are the labels to which the file itself gives a seat, and ``by_seat`` says
    that it names the seats in place of the speakers (our own table does).
    """

    cues: tuple[Cue, ...]
    resolution_s: float | None = None
    notes: tuple[str, ...] = ()
    roles: Mapping[str, Seat] = field(default_factory=dict)
    by_seat: bool = False


def tidy(text: str) -> str:
    """Take out bracketed notes and control characters, and even out white space.

    What is tidy already comes back as it was.
    """
    if "[" in text:
        text, _ = _without_notes(text)
    return " ".join(text.translate(_SPACES).split())


def undirected(text: str) -> str:
    """Take out the marks of writing direction; the letters keep their order."""
    return text.translate(_NOTHING) if _MARKED.search(text) else text


def spoken(text: str) -> str | None:
    """Return the tidy text, or ``None`` where tidying leaves no word of it."""
    clean = tidy(text)
    if any(character.isalnum() for character in clean):
        return clean
    untouched = bool(clean) and clean == " ".join(text.split())
    return clean if untouched else None


def _without_notes(text: str) -> tuple[str, int]:
    """Put a blank in place of every [note]; one inside another is not counted."""
    kept: list[str] = []
    opened: list[int] = []
    n_notes = 0
    for character in text:
        if character == "]" and opened:
            del kept[opened.pop() :]
            kept.append(" ")
            n_notes += not opened
            continue
        if character == "[":
            opened.append(len(kept))
        kept.append(character)
    return "".join(kept), n_notes


def keep_spoken(
    cues: Iterable[Cue], *, silent: bool = False
) -> tuple[tuple[Cue, ...], tuple[str, ...]]:
    """Clean the text of each cue; drop, and count in a note, those left without.

    The notes in brackets that go are counted too. With ``silent``, a text that is
    blank to begin with is kept: somebody spoke, and the words were not written down.
    """
    kept = []
    n_dropped = n_bracketed = 0
    for cue in cues:
        n_bracketed += _without_notes(cue.text)[1] if "[" in cue.text else 0
        text = "" if silent and not cue.text.strip() else spoken(cue.text)
        if text is None:
            n_dropped += 1
        else:
            kept.append(Cue(cue.label, cue.start_s, cue.end_s, text))
    notes = {
        f"Segments dropped because they hold no words: {n_dropped}.": n_dropped,
        NOTES_TAKEN_OUT.format(n_bracketed): n_bracketed,
    }
    return tuple(kept), tuple(note for note, n in notes.items() if n)


def finest_step_s(cues: Iterable[Cue]) -> float | None:
    """Return a millisecond, but a second where every time is whole; without times none."""
    times = [t for cue in cues for t in (cue.start_s, cue.end_s) if t is not None]
    if not times:
        return None
    return 1.0 if all(time.is_integer() for time in times) else 0.001


def order_notes(cues: Iterable[Cue]) -> tuple[str, ...]:
    """Note how often a start lies before the start above it."""
    starts = [cue.start_s for cue in cues if cue.start_s is not None]
    n_back = sum(later < earlier for earlier, later in pairwise(starts))
    note = f"Starts that lie before the one above: {n_back}; the file's order is kept."
    return (note,) if n_back else ()


def share_times(
    voices: list[tuple[str | None, str]], start_s: float, end_s: float | None
) -> list[Cue]:
    """Make cues of the voices in one cue of a file.

    Where one voice ends and the next begins is not known, and is left blank: the
    first has the start, the last the end.
    """
    runs = [
        (label, "\n".join(text for _, text in run))
        for label, run in groupby(voices, key=itemgetter(0))
    ]
    last = len(runs) - 1
    return [
        Cue(label, None if i else start_s, end_s if i == last else None, text)
        for i, (label, text) in enumerate(runs)
    ]
