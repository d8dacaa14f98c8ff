"""SubRip. There is no standard for speakers: ``Name:`` stands where one begins.

A cue without a name therefore belongs to the speaker before. Where lines begin with
dashes, two speak in one cue, and only a label after the dash says who.
"""

import re
from collections.abc import Iterator

from duologue.formats.transcripts.blocks import Block, paragraphs, read_blocks
from duologue.formats.transcripts.cues import (
    Cue,
    Script,
    keep_spoken,
    order_notes,
    share_times,
)
from duologue.formats.transcripts.labels import HIDDEN, Labels, from_brackets, voices

_MARKUP = re.compile(r"</?[A-Za-z][^<>]*>|\{\\[^{}]*\}")
_SHARED = "Cues in which more than one voice speaks: {}; their times are not all known."


def parse(text: str, where: str, given: frozenset[str]) -> Script:
    """Read SubRip; ``given`` are the labels that the caller has named."""
    blocks = read_blocks(paragraphs(text), where)
    lines = from_brackets(
        [_MARKUP.sub("", "\n".join(b.lines)).split("\n") for b in blocks.cues], given
    )
    labels = Labels.of((line for part in lines for line in part), given)
    parts = list(_parts(lines, labels))
    n_shared = sum(len({label for label, _ in part}) > 1 for part in parts)
    n_hidden = sum(labels.may_hide(line) for part in lines for line in part)
    notes = {_SHARED.format(n_shared): n_shared, HIDDEN.format(n_hidden): n_hidden}
    told = (note for note, n in notes.items() if n)
    cues, dropped = keep_spoken(_cues(blocks.cues, parts))
    return Script(
        cues=cues,
        resolution_s=blocks.resolution_s,
        notes=(*blocks.notes, *told, *dropped, *order_notes(cues)),
    )


def _parts(
    cue_lines: list[list[str]], labels: Labels
) -> Iterator[list[tuple[str | None, str]]]:
    """Part every cue into its voices, and carry the last label on to the next cue."""
    carried: str | None = None
    for lines in cue_lines:
        parts = voices(lines, labels, carried=carried)
        carried = parts[-1][0]
        yield parts


def _cues(
    blocks: tuple[Block, ...], parts: list[list[tuple[str | None, str]]]
) -> Iterator[Cue]:
    for block, part in zip(blocks, parts, strict=True):
        yield from share_times(part, block.start_s, block.end_s)
