"""Labels of speakers at the start of a line, and colons that are only colons."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from duologue.formats.transcripts.cues import undirected

# Taken for a label even where it stands only once. This says that somebody speaks,
# not who sits where: that is for `seats`.
_KNOWN_LABELS = "t th therapist c cl cli client p patient counsellor counselor"
_KNOWN = frozenset(_KNOWN_LABELS.split())
# A "label" with one of these is the start of a sentence: "So I said: ...".
_SPEECH_WORDS = (
    "a an and as at because but for he how i if in is it like my no not of oh on or "
    "said she so that the then there they this to was we well what when yes you"
)
_SPEECH = frozenset(_SPEECH_WORDS.split())
_DASHES = ("-", "\u2013")
_LONGEST = 80  # characters
_MOST_WORDS = 3
_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")


HIDDEN = (
    "Lines that begin with what may be one more speaker's label, which stands only once, "
    "read on from the line above: {}."
)


def key(label: str) -> str:
    """Return the form in which two spellings of one label are the same."""
    plain = unicodedata.normalize("NFC", undirected(label))
    return " ".join(plain.casefold().split())


def keys(labels: Iterable[str]) -> frozenset[str]:
    """Return the keys of the labels that are not blank."""
    given = (labels,) if isinstance(labels, str) else labels
    return frozenset(key(label) for label in given) - {""}


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels that a file uses; ``given`` are those that its reader has named."""

    accepted: frozenset[str]
    given: frozenset[str]

    @classmethod
    def of(cls, lines: Iterable[str], given: frozenset[str]) -> "Labels":
        """Find the labels: known or given ones, or short ones that come twice."""
        counts = Counter(
            key(found[0])
            for found in map(_candidate, map(_undashed, lines))
            if found and (key(found[0]) in _KNOWN or _may_be_label(found[0]))
        )
        often = {label for label, n in counts.items() if n > 1 or label in _KNOWN}
        return cls(frozenset(often) | given, given)

    def split(self, line: str) -> tuple[str | None, str]:
        """Part a line into label and rest; the label is ``None`` where there is none."""
        begun = _undashed(line)
        found = self._given_prefix(begun) or _candidate(begun)
        if found and key(found[0]) in self.accepted:
            return found
        return None, line

    def may_hide(self, line: str) -> bool:
        """Whether a line begins like a label that is none, since it stands only once."""
        found = _candidate(_undashed(line))
        return self.split(line)[0] is None and found is not None and is_name(found[0])

    def _given_prefix(self, line: str) -> tuple[str, str] | None:
        """Find a label that its reader has named; a name may itself hold a colon."""
        place = line.rfind(":", 0, _LONGEST) if self.given else -1
        while place > 0:
            if key(line[:place]) in self.given:
                return line[:place].strip(), line[place + 1 :].strip()
            place = line.rfind(":", 0, place)
        return None


def _candidate(line: str) -> tuple[str, str] | None:
    """Part a line at its first colon that ends a word, or after a known label."""
    colon = line.find(":", 0, _LONGEST)
    if colon > 0 and key(line[:colon]) in _KNOWN:
        return line[:colon].strip(), line[colon + 1 :].strip()
    while colon > 0:
        if not line[colon + 1 : colon + 2].strip():
            return line[:colon].strip(), line[colon + 1 :].strip()
        colon = line.find(":", colon + 1, _LONGEST)
    return None


def _may_be_label(label: str) -> bool:
    """Whether this may be a label: a name, or a letter alone, as in "A: ..." and "I: ..."."""
    return (len(label) == 1 and label.isalpha()) or is_name(label)


def is_name(label: str) -> bool:
    """Whether this may name somebody: at most three words, none of a sentence."""
    names = _BRACKETED.sub(" ", label).split()
    return (
        0 < len(names) <= _MOST_WORDS
        and any(character.isalpha() for name in names for character in name)
        and not any(name.casefold().strip(",.") in _SPEECH for name in names)
        and not any(mark in label for mark in '?!;"\u201c\u201d')
    )


def voices(
    lines: list[str], labels: Labels, *, carried: str | None = None
) -> list[tuple[str | None, str]]:
    """Part the lines of one cue into voices, each with its label or ``None``.

    Words before the first label belong to the one who is ``carried`` on. Where two
    lines or more begin with a dash, each is a speaker, and only a label says who.
    """
    dashed = [line.lstrip().startswith(_DASHES) for line in lines]
    two_speak = sum(dashed) > 1
    found: list[tuple[str | None, list[str]]] = []
    for line, has_dash in zip(lines, dashed, strict=True):
        label, text = labels.split(line)
        if label is not None or (has_dash and two_speak):
            found.append((label, [text]))
        elif found:
            found[-1][1].append(text)
        else:
            found.append((None if two_speak else carried, [text]))
    return [(label, "\n".join(texts)) for label, texts in found]


def from_brackets(cues: list[list[str]], given: frozenset[str]) -> list[list[str]]:
    """Read ``(Name)`` alone on a cue's first line like ``Name:``, a habit of some.

    Only where no line of the file has a label: in all other files, what stands in
    brackets is said by the way, or is a sound.
    """
    lines = [line for cue in cues for line in cue]
    labels = Labels.of(lines, given)
    if any(labels.split(line)[0] is not None for line in lines):
        return cues
    return [_unbracketed(cue) for cue in cues]


def _unbracketed(cue: list[str]) -> list[str]:
    first = cue[0].strip() if len(cue) > 1 else ""
    is_alone = first.startswith("(") and first.find(")") == len(first) - 1
    return [f"{first[1:-1]}:", *cue[1:]] if is_alone else cue


def _undashed(line: str) -> str:
    return line.lstrip(" \t-\u2013")
