"""ELAN (``.eaf``): tiers of annotations, of which some hold what a person said.

A tier belongs to its participant, or, where it names none, to itself. Of a person with
one tier that holds anything, that is the speech. Of a person with several (words,
gestures, a translation) only who made the file knows which: their labels are the names
of the tiers, so that who is asked who is who chooses a tier as well.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from duologue.errors import FileError
from duologue.formats.transcripts.cues import (
    Cue,
    Script,
    finest_step_s,
    keep_spoken,
    tidy,
)
from duologue.formats.transcripts.elan_xml import (
    Annotation,
    Document,
    Tier,
    read_document,
)
from duologue.formats.transcripts.labels import key

Times = tuple[float | None, float | None]
"""Start and end in seconds, each ``None`` where it is not known."""


@dataclass(frozen=True, slots=True)
class _Voice:
    """A tier that holds something, its label, and the key of whose it is."""

    label: str
    owner: str
    tier: Tier


def parse(text: str, where: str, given: frozenset[str]) -> Script:
    """Read ELAN; ``given`` are the labels that the caller has named.

    The other tiers of a person one of whose tiers is named are left out with a note.
    """
    document = read_document(text, where)
    voices = _voices(document.tiers, given, where)
    owners = {voice.owner for voice in voices if key(voice.label) in given}
    chosen = [
        voice
        for voice in voices
        if voice.owner not in owners or key(voice.label) in given
    ]
    times = _times(document, where)
    cues, dropped = keep_spoken(_in_order(chosen, times))
    n_out = len(voices) - len(chosen)
    n_open = sum(time is None for cue in cues for time in (cue.start_s, cue.end_s))
    counted = {
        f"Other tiers of the people who were named, left out: {n_out}.": n_out,
        f"Starts and ends that the file does not give: {n_open}.": n_open,
    }
    return Script(
        cues=cues,
        resolution_s=finest_step_s(cues),
        notes=(*(note for note, n in counted.items() if n), *dropped),
    )


def _voices(tiers: Iterable[Tier], given: frozenset[str], where: str) -> list[_Voice]:
    """Give each tier that holds anything its label."""
    held = [tier for tier in tiers if tier.annotations]
    owners = [key(_owner(tier)) for tier in held]
    n_tiers = Counter(owners)
    voices = []
    for tier, owner in zip(held, owners, strict=True):
        by_tier = n_tiers[owner] > 1 or key(tier.name) in given
        label = tier.name if by_tier else _owner(tier)
        voices.append(_Voice(tidy(label) or label, owner, tier))
    if len({key(voice.label) for voice in voices}) < len(voices):
        problem = "has two tiers that cannot be told apart by their names."
        raise FileError(where, problem)
    return voices


def _owner(tier: Tier) -> str:
    return tier.participant or tier.name


def _in_order(voices: Iterable[_Voice], times: Mapping[str, Times]) -> Iterator[Cue]:
    """Yield what all say by its start; what has none follows what its tier has before."""
    placed: list[tuple[float, Cue]] = []
    for voice in voices:
        reached = 0.0
        for each in voice.tier.annotations:
            start_s, end_s = times[each.id]
            reached = reached if start_s is None else start_s
            placed.append((reached, Cue(voice.label, start_s, end_s, each.text)))
    placed.sort(key=lambda found: found[0])
    return (cue for _, cue in placed)


def _times(document: Document, where: str) -> dict[str, Times]:
    """Find the times of every annotation, in its slots or in those of its parents.

    Several annotations in a row share one parent: where one ends and the next begins is
    not known, and is left blank: the first has the start, the last the end.
    """
    found = {each.id: each for tier in document.tiers for each in tier.annotations}
    if len(found) < sum(len(tier.annotations) for tier in document.tiers):
        raise FileError(where, "has two annotations of one id.")
    followed = {each.previous for each in found.values()}
    times: dict[str, Times] = {}
    for each in found.values():
        for below in reversed(_line_of_parents(each, found, times, where)):
            if below.parent is None:
                times[below.id] = _own_times(below, document.slots, where)
                continue
            start_s, end_s = times[below.parent]
            times[below.id] = (
                start_s if below.previous is None else None,
                end_s if below.id not in followed else None,
            )
    return times


def _line_of_parents(
    each: Annotation,
    found: Mapping[str, Annotation],
    known: Mapping[str, Times],
    where: str,
) -> list[Annotation]:
    """Return an annotation and its parents whose times are not known yet."""
    line: list[Annotation] = []
    passed: set[str] = set()
    at: Annotation | None = each
    while at is not None and at.id not in known:
        if at.id in passed or (at.parent is not None and at.parent not in found):
            problem = "an annotation must refer to another one of the file."
            raise FileError(where, problem, line=at.line)
        passed.add(at.id)
        line.append(at)
        at = None if at.parent is None else found[at.parent]
    return line


def _own_times(each: Annotation, slots: Mapping[str, int | None], where: str) -> Times:
    if any(slot not in slots for slot in each.slots):
        problem = "an annotation must refer to time slots of the file."
        raise FileError(where, problem, line=each.line)
    start, end = (slots[slot] for slot in each.slots)
    if start is not None and end is not None and end < start:
        problem = "an annotation must not end before it starts."
        raise FileError(where, problem, line=each.line)
    return (
        None if start is None else start / 1000,
        None if end is None else end / 1000,
    )
