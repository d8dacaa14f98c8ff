"""CHAT (TalkBank): ``*THE:`` lines, ``%`` tiers, times between U+0015 characters.

A tolerant reader: any role, no need of ``@UTF8``, terminators or times. What stays of
a line are the words that were said once: retracings, fragments, events and codes go,
as in word counts by the format's own tools.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from duologue.errors import FileError
from duologue.formats.transcripts.cues import (
    NOTES_TAKEN_OUT,
    Cue,
    Script,
    finest_step_s,
    keep_spoken,
    order_notes,
)
from duologue.formats.transcripts.labels import key
from duologue.records.seat import Seat

_BULLET = "\x15"
_TIMES = re.compile(r"(?:^|_|\s)([0-9]{1,12})_([0-9]{1,12})$")
_MAIN = re.compile(r"\*([^\s:*]{1,30}):")
_TOKEN = re.compile(r"\[[^\[\]]*\]|\+<|[<>\[\]]|[^\s<>\[\]]+")
_PARTED = re.compile(r" ([.,?!;:])")
_RETRACED = ("[/]", "[//]", "[///]", "[/-]")
_PAUSE = re.compile(r"\([0-9.:]*\)")
_OMITTED = re.compile(r"0(?:[^\W\d_].*)?")
_UNHEARD = re.compile(r"(?:xxx?|yyy?|www)(?:@.*)?[.?!,]?")
_FILLERS = frozenset(("ah", "eh", "er", "erm", "hm", "mm", "oh", "uh", "um"))
_MARKS = str.maketrans("_", " ", "()^\u2191\u2193\u2308\u2309\u230a\u230b\u2021\u201e")
_ROLES = {"therapist": Seat.THERAPIST, "client": Seat.CLIENT}
_ROLE_FIELD = 7  # place of the role among the fields of @ID


@dataclass(slots=True)
class _Tier:
    line: int
    text: str


@dataclass(slots=True)
class _Tally:
    """What is counted on the way, for the notes."""

    n_hidden: int = 0
    n_events: int = 0
    n_loose: int = 0
    roles: dict[str, Seat] = field(default_factory=dict)


def parse(text: str, where: str) -> Script:
    """Read CHAT. The roles Therapist and Client give their speakers a seat."""
    tally = _Tally()
    found: list[Cue] = []
    ended = False
    for tier in _tiers(text, tally):
        main = _MAIN.match(tier.text)
        if main is None and tier.text.startswith("*"):
            problem = "a line of speech must begin like *THE: with a colon."
            raise FileError(where, problem, line=tier.line)
        if main:
            found.append(_cue(main[1], tier, main.end(), where, tally))
        ended = tier.text.startswith("@End")
        _note_roles(tier.text, tally.roles)
    cues, dropped = keep_spoken(found)
    events = NOTES_TAKEN_OUT.format(tally.n_events)
    notes = {
        f"Short answers marked inside the other's line, left out: {tally.n_hidden}.": (
            tally.n_hidden
        ),
        f"Lines without a mark, read on from the line above: {tally.n_loose}.": (
            tally.n_loose
        ),
        "The file does not end with @End and may be cut off.": not ended,
    }
    return Script(
        cues=cues,
        resolution_s=finest_step_s(cues),
        notes=(
            *(note for note, holds in notes.items() if holds),
            *dropped,
            *(events,) * bool(tally.n_events),
            *order_notes(cues),
        ),
        roles=tally.roles,
    )


def _tiers(text: str, tally: _Tally) -> Iterator[_Tier]:
    """Yield headers, main lines and dependent tiers, their continuations joined."""
    number, parts = 0, [""]
    for i, line in enumerate(text.split("\n"), start=1):
        if line.startswith(("*", "@", "%")):
            yield _Tier(number, " ".join(parts))
            number, parts = i, [line.rstrip()]
        elif line.strip():
            tally.n_loose += not line[0].isspace()
            parts.append(line.strip())
    yield _Tier(number, " ".join(parts))


def _note_roles(line: str, roles: dict[str, Seat]) -> None:
    """Take from a header who has the role of the therapist, and who of the client."""
    mark, _, rest = line.partition(":")
    if mark == "@Participants":
        entries = [entry.split() for entry in rest.split(",")]
        pairs = [(entry[0], entry[-1]) for entry in entries if len(entry) > 1]
    elif mark == "@ID" and rest.count("|") >= _ROLE_FIELD:
        fields = rest.split("|")
        pairs = [(fields[2], fields[_ROLE_FIELD])]
    else:
        return
    for code, role in pairs:
        seat = _ROLES.get(role.strip().casefold())
        if seat is not None:
            roles.setdefault(key(code), seat)


def _cue(label: str, tier: _Tier, begin: int, where: str, tally: _Tally) -> Cue:
    parts = tier.text[begin:].split(_BULLET)
    if len(parts) % 2 == 0:
        problem = "a time must stand between two U+0015 characters; one is missing."
        raise FileError(where, problem, line=tier.line)
    times = [_times(bullet, tier.line, where) for bullet in parts[1::2]]
    start_s = times[0][0] if times else None
    end_s = times[-1][1] if times else None
    if start_s is not None and end_s is not None and end_s < start_s:
        problem = "a line must not end before it starts."
        raise FileError(where, problem, line=tier.line)
    return Cue(label, start_s, end_s, _words(" ".join(parts[::2]), tally))


def _times(bullet: str, line: int, where: str) -> tuple[float, float]:
    match = _TIMES.search(bullet.strip())
    if match is None:
        problem = "a time must look like 1200_4310, in milliseconds."
        raise FileError(where, problem, line=line)
    return int(match[1]) / 1000, int(match[2]) / 1000


def _words(line: str, tally: _Tally) -> str:
    """Take the codes out of a main line and keep the words and their marks."""
    kept: list[str] = []
    opened: list[int] = []
    scope = 0  # where the word or <group> begins that a retracing would take back
    for code in _TOKEN.findall(line):
        if code == "<":
            opened.append(len(kept))
        elif code == ">":
            scope = opened.pop() if opened else len(kept)
        elif code in _RETRACED:
            del kept[scope:]
        elif code.startswith("&*"):
            tally.n_hidden += 1
        elif code.startswith("&="):
            tally.n_events += 1
        elif not code.startswith(("[", "]")):
            word = _word(code)
            if word:
                scope = len(kept)
                kept.append(word)
    said = _PARTED.sub(r"\1", " ".join(kept))
    return said if any(map(str.isalnum, said)) else ""


def _word(token: str) -> str:
    """Return the word, or the mark, that a token stands for; blank for a code."""
    if token.startswith("+"):
        return _terminator(token)
    if token.startswith("&"):
        return _after_ampersand(token)
    if token in ("#", _BULLET) or _PAUSE.fullmatch(token):
        return ""
    if _OMITTED.fullmatch(token) or _UNHEARD.fullmatch(token):
        return ""
    said = token.partition("@")[0].translate(_MARKS)
    return re.sub(r"(?<=[^\W\d_]):+(?=[^\W\d_]|$)", "", said)


def _terminator(token: str) -> str:
    """Return the plain mark of an utterance that trails off, is cut off or quoted."""
    if "?" in token:
        return "?"
    if token.startswith("+.."):
        return "..."
    return "." if token.endswith(".") else ""


def _after_ampersand(token: str) -> str:
    """Keep fillers (&-um, or &um as it was written earlier); drop events, fragments."""
    if token.startswith("&-"):
        return token[2:]
    bare = token[1:]
    return bare if bare.rstrip(".,?!") in _FILLERS else ""
