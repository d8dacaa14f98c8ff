"""The instruments that are known at a practice: those that ship, and those of its packs."""

from collections.abc import Collection, Mapping
from functools import lru_cache

from duologue import instruments
from duologue.instruments import Known
from duologue.instruments.packs import Pack, Use, read_pack
from duologue.records import Kind, Prompts
from duologue.store.models import FormPack


def known_at(practices: Collection[int]) -> Mapping[int, Known]:
    """Return what is known at each of these practices, in one query.

    A pack whose licence does not allow what forms are filled in for there is not.
    """
    rows = FormPack.objects.filter(practice__in=practices)
    packs: dict[int, tuple[Pack, ...]] = dict.fromkeys(practices, ())
    for practice, use, sha256 in rows.values_list(
        "practice", "practice__use", "sha256"
    ):
        if is_allowed(opened(sha256), use):
            packs[practice] += (opened(sha256),)
    return {practice: Known(found) for practice, found in packs.items()}


def asked_of(kind: Kind, known: Known) -> Prompts:
    """Return what the two of a pair of this kind are asked."""
    return known.extend(instruments.prompts(kind))


def is_allowed(pack: Pack, use: str) -> bool:
    """Whether a pack's licence allows this use; while none is said, it does not."""
    return bool(use) and Use(use) in pack.uses


@lru_cache(maxsize=100)
def opened(sha256: str) -> Pack:
    """Return the pack of this digest, which some practice has added."""
    content = FormPack.objects.filter(sha256=sha256).values_list("content", flat=True)
    return read_pack(bytes(content[0]))
