"""WebVTT, with voice tags (Teams and others) or with ``Name:`` cues (Zoom).

A voice holds for its own cue only. Where two speak in one cue, the file does not say
when one ends and the other begins, and neither do we.
"""

import html
import re
from collections.abc import Iterator

from duologue.errors import FileError
from duologue.formats.transcripts.blocks import (
    Block,
    Line,
    paragraphs,
    read_blocks,
)
from duologue.formats.transcripts.cues import (
    Cue,
    Script,
    keep_spoken,
    order_notes,
    share_times,
    tidy,
)
from duologue.formats.transcripts.labels import Labels, from_brackets, voices

_TAG = re.compile(r"<[^<>]*>")
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?(?:\s([^<>]*))?>")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,31});")
_ASIDE = re.compile(r"(?:NOTE(?:\s.*)?|STYLE\s*|REGION\s*)")
_SHARED = "Cues in which more than one voice speaks: {}; their times are not all known."
_CUT = "The last cue is cut off inside a tag."


def parse(text: str, where: str, given: frozenset[str]) -> Script:
    """Read WebVTT; ``given`` are the labels that the caller has named."""
    blocks = read_blocks(_cue_paragraphs(text), where)
    notes = list(blocks.notes)
    payloads = ["\n".join(block.lines) for block in blocks.cues]
    if payloads and _is_open(payloads[-1]):
        payloads[-1] = payloads[-1][: payloads[-1].rfind("<")]
        notes.append(_CUT)
    for block, payload in zip(blocks.cues, payloads, strict=True):
        if _is_open(payload):
            raise FileError(where, "a tag must be closed with >.", line=block.line)
    parts = _parts(payloads, given)
    n_shared = sum(len({label for label, _ in part}) > 1 for part in parts)
    if n_shared:
        notes.append(_SHARED.format(n_shared))
    cues, dropped = keep_spoken(_cues(blocks.cues, parts))
    return Script(
        cues=cues,
        resolution_s=blocks.resolution_s,
        notes=(*notes, *dropped, *order_notes(cues)),
    )


def _cue_paragraphs(text: str) -> Iterator[list[Line]]:
    """Yield the paragraphs that may be cues: no header, note, style or region."""
    for i, lines in enumerate(paragraphs(text)):
        if i == 0:
            timed = [j for j, (_, line) in enumerate(lines) if "-->" in line]
            if timed:
                yield lines[timed[0] :]
        elif not _ASIDE.fullmatch(lines[0][1]):
            yield lines


def _is_open(payload: str) -> bool:
    """Whether a tag is begun and not ended."""
    opened = payload.rfind("<")
    begins = payload[opened + 1 :].lstrip("/")[:1].isalpha()
    return opened > payload.rfind(">") and begins


def _parts(
    payloads: list[str], given: frozenset[str]
) -> list[list[tuple[str | None, str]]]:
    if any(_VOICE.search(payload) for payload in payloads):
        return [_tagged(payload) for payload in payloads]
    plain = [_plain(payload) for payload in payloads]
    cue_lines = from_brackets([payload.split("\n") for payload in plain], given)
    labels = Labels.of((line for lines in cue_lines for line in lines), given)
    return [voices(lines, labels) for lines in cue_lines]


def _tagged(payload: str) -> list[tuple[str | None, str]]:
    """Part a cue at its voice tags; words outside of them have no label."""
    parts: list[tuple[str | None, str]] = []
    label: str | None = None
    begin = 0
    for tag in _TAG.finditer(payload):
        voice = _VOICE.fullmatch(tag[0])
        if voice is None and tag[0] != "</v>":
            continue
        parts.append((label, _plain(payload[begin : tag.start()])))
        label = tidy(_decoded(voice[1] or "")) or None if voice else None
        begin = tag.end()
    parts.append((label, _plain(payload[begin:])))
    return [part for part in parts if part[0] or any(map(str.isalnum, part[1]))]


def _plain(payload: str) -> str:
    return _decoded(_TAG.sub("", payload))


def _decoded(payload: str) -> str:
    return _ENTITY.sub(lambda entity: html.unescape(entity[0]), payload)


def _cues(
    blocks: tuple[Block, ...], parts: list[list[tuple[str | None, str]]]
) -> Iterator[Cue]:
    for block, part in zip(blocks, parts, strict=True):
        yield from share_times(part or [(None, "")], block.start_s, block.end_s)
