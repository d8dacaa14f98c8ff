"""The XML of ELAN's ``.eaf`` files, read without trust: tiers and their annotations.

Nothing outside the file is fetched and no entity is expanded: a document type, in which
both would have to be declared, is refused as such. ELAN writes none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Never
from xml.parsers import expat

from duologue.errors import FileError

_ROOT = "ANNOTATION_DOCUMENT"
_MOST_MS = 10**12  # thirty years; no recording is longer
_NO_ELAN = "is XML, but not of ELAN: it must begin with ANNOTATION_DOCUMENT."


@dataclass(slots=True)
class Annotation:
    """One annotation: between two slots of time, or referring to another annotation.

    ``slots`` are the ids of its start's and end's slot, empty where it refers to the
    annotation ``parent``; ``previous`` is the one before it under the same parent.
    """

    line: int
    id: str
    slots: tuple[str, ...] = ()
    parent: str | None = None
    previous: str | None = None
    text: str = ""


@dataclass(slots=True)
class Tier:
    """One tier; ``participant`` is empty where it names nobody."""

    name: str
    participant: str
    annotations: list[Annotation] = field(default_factory=list)


@dataclass(slots=True)
class Document:
    """All slots, in milliseconds or without a value, and all tiers as they follow."""

    slots: dict[str, int | None] = field(default_factory=dict)
    tiers: list[Tier] = field(default_factory=list)


def read_document(text: str, where: str) -> Document:
    """Read ELAN's XML.

    Raises
    ------
    FileError
        If it is not well-formed, declares a document type, is not ELAN's, has no
        milliseconds, or lacks an attribute that its format requires.
    """
    return _Reading(where).whole(text)


class _Reading:
    """The state of reading one file, between the calls of the XML parser."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.document = Document()
        self.depth = 0
        self.value: list[str] | None = None
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse_document_type
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters

    def whole(self, text: str) -> Document:
        try:
            self.parser.Parse(text, True)
        except expat.ExpatError as error:
            problem = "is not well-formed XML, or is cut off here."
            raise FileError(self.where, problem, line=error.lineno) from None
        return self.document

    def _refuse(self, problem: str) -> Never:
        raise FileError(self.where, problem, line=self.parser.CurrentLineNumber)

    def _refuse_document_type(self, *_declared: object) -> None:
        self._refuse("must not declare a document type or entities; none was read.")

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        self.depth += 1
        if self.depth == 1 and name != _ROOT:
            self._refuse(_NO_ELAN)
        if name == "HEADER":
            if attributes.get("TIME_UNITS", "milliseconds") != "milliseconds":
                self._refuse("TIME_UNITS must be milliseconds.")
        elif name == "TIME_SLOT":
            slot = self._needed(attributes, "TIME_SLOT_ID")
            self.document.slots[slot] = self._time(attributes.get("TIME_VALUE"))
        elif name == "TIER":
            tier = self._needed(attributes, "TIER_ID")
            who = attributes.get("PARTICIPANT", "").strip()
            self.document.tiers.append(Tier(tier, who))
        elif name in {"ALIGNABLE_ANNOTATION", "REF_ANNOTATION"}:
            self._annotation(name, attributes)
        elif name == "ANNOTATION_VALUE":
            self.value = []

    def _annotation(self, name: str, attributes: Mapping[str, str]) -> None:
        if not self.document.tiers:
            self._refuse("an annotation must stand inside a tier.")
        found = Annotation(
            self.parser.CurrentLineNumber, self._needed(attributes, "ANNOTATION_ID")
        )
        if name == "REF_ANNOTATION":
            found.parent = self._needed(attributes, "ANNOTATION_REF")
            found.previous = attributes.get("PREVIOUS_ANNOTATION")
        else:
            found.slots = (
                self._needed(attributes, "TIME_SLOT_REF1"),
                self._needed(attributes, "TIME_SLOT_REF2"),
            )
        self.document.tiers[-1].annotations.append(found)

    def _characters(self, text: str) -> None:
        if self.value is not None:
            self.value.append(text)

    def _end(self, name: str) -> None:
        self.depth -= 1
        if name == "ANNOTATION_VALUE" and self.value is not None:
            if not (self.document.tiers and self.document.tiers[-1].annotations):
                self._refuse("ANNOTATION_VALUE must stand inside an annotation.")
            self.document.tiers[-1].annotations[-1].text = "".join(self.value)
            self.value = None

    def _needed(self, attributes: Mapping[str, str], name: str) -> str:
        if not attributes.get(name):
            self._refuse(f"the attribute {name} must be given here.")
        return attributes[name]

    def _time(self, text: str | None) -> int | None:
        if text is None:
            return None
        if not (text.isascii() and text.isdigit() and len(text) < len(str(_MOST_MS))):
            self._refuse("TIME_VALUE must be a whole number of milliseconds.")
        return int(text)
