"""A score as a formula in FHIRPath, for other programs; ours never runs one."""

from collections.abc import Sequence

from duologue.formats.fhir.names import CALCULATED, VARIABLE, Resource, expression
from duologue.instruments.instrument import Instrument, Method
from duologue.instruments.written import plain

ANSWERED = "answered"
"""The name of the variable that holds what each answered item counts for."""


def calculated(
    instrument: Instrument, items: Sequence[str], *, max_missing: int
) -> list[Resource]:
    """Return the extensions by which a form computes a score.

    One is a variable with what each answered item counts for, a reversed item turned;
    the other adds up or takes the mean, and is empty where more than ``max_missing``
    of the items are blank.
    """
    return [
        expression(VARIABLE, _worths(instrument, items), name=ANSWERED),
        expression(CALCULATED, _score(instrument, len(items), max_missing)),
    ]


def _worths(instrument: Instrument, items: Sequence[str]) -> str:
    """Name what the answers count for; choices together, numbers together, turned."""
    counted = [item for item in instrument.items if item.id in items]
    straight = [item for item in counted if item.id not in instrument.reversed]
    parts = [
        _of([item.id for item in straight if bool(item.options) is chosen], chosen)
        for chosen in {bool(item.options): None for item in straight}
    ]
    for item in counted:
        if item.id in instrument.reversed:
            turned = plain(item.low + item.high)
            worth = _of([item.id], bool(item.options))
            parts.append(f"{worth}.select({turned} - $this)")
    first, *rest = parts
    return first + "".join(f".combine({part})" for part in rest)


def _of(items: Sequence[str], chosen: bool) -> str:
    """Name the answers to some items: a choice counts by its worth."""
    ids = " | ".join(f"'{item}'" for item in items)
    answers = f"%resource.item.where(linkId in ({ids})).answer.value"
    return f"{answers}.ordinal()" if chosen else answers


def _score(instrument: Instrument, n_items: int, max_missing: int) -> str:
    n, total = f"%{ANSWERED}.count()", f"%{ANSWERED}.aggregate($this + $total, 0)"
    if instrument.method is Method.MEAN:
        formula = f"{total} / {n}"
    else:
        formula = f"{total} * {n_items} / {n}" if max_missing else total
    return f"iif({n} >= {n_items - max_missing}, {formula}, {{}})"
