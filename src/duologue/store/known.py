"""The instruments that are known at a practice: those that ship, and those of its packs."""

from collections.abc import Collection, Mapping
from functools import lru_cache

from duologue import instruments
from duologue.errors import DuologueError
from duologue.instruments import Known
from duologue.instruments.packs import Pack, Use, read_pack
from duologue.records import Kind, Prompts
from duologue.store.models import FormPack


def known_at(practices: Collection[int]) -> Mapping[int, Known]:
    """Return what is known at each of these practices, in one query.

    A pack that was removed, or whose licence does not allow what forms are filled in for
    there, is a former one. One that this version of the program does not read is not
    known.
    """
    rows = FormPack.objects.filter(practice__in=practices)
    asked: dict[int, tuple[Pack, ...]] = dict.fromkeys(practices, ())
    former = dict(asked)
    for practice, use, sha256, removed_on in rows.values_list(
        "practice", "practice__use", "sha256", "removed_on"
    ):
        pack = opened(sha256)
        if pack is not None:
            is_asked = removed_on is None and is_allowed(pack, use)
            (asked if is_asked else former)[practice] += (pack,)
    return {practice: Known(asked[practice], former[practice]) for practice in asked}


def asked_of(kind: Kind, known: Known) -> Prompts:
    """Return what the two of a pair of this kind are asked."""
    return known.extend(instruments.prompts(kind))


def is_allowed(pack: Pack, use: str) -> bool:
    """Whether a pack's licence allows this use; while none is said, it does not."""
    return bool(use) and Use(use) in pack.uses


def opened(sha256: str) -> Pack | None:
    """Return the pack of this digest, which some practice has added.

    ``None`` where this version of the program does not read it: an earlier one did.
    """
    try:
        return _read(sha256)
    except FormPack.DoesNotExist:  # removed by somebody else just now
        return None


@lru_cache(maxsize=100)
def _read(sha256: str) -> Pack | None:
    rows = FormPack.objects.filter(sha256=sha256).values_list("content", flat=True)
    content = bytes(rows[:1].get())
    try:
        return read_pack(content)
    except DuologueError:
        return None
