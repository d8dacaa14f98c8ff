"""What the two of a pair agreed, as far as the frame asks for it."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from django.utils import timezone

from duologue.store.models.agreement import Agreement


class Lengths:
    """For how many minutes two people agreed to meet, version by version.

    A version holds of the sessions from the day on which both had accepted it; the first
    one also of those before.
    """

    def __init__(self, versions: Iterable[tuple[date, int]] = ()) -> None:
        self._versions = tuple(versions)

    def on(self, moment: datetime) -> int | None:
        """Return what was in force on the day of a moment; ``None`` if nothing ever was."""
        day = timezone.localdate(moment)
        first = (minutes for _, minutes in self._versions[:1])
        return next(
            (minutes for since, minutes in reversed(self._versions) if since <= day),
            next(first, None),
        )


def lengths_in(dyad: int) -> Lengths:
    """Return what the two of one pair agreed, as far as they did."""
    return lengths_of([dyad])[dyad]


def lengths_of(dyads: Iterable[int]) -> defaultdict[int, Lengths]:
    """Return what the two of each of these pairs agreed, as far as they did."""
    rows = Agreement.objects.filter(
        dyad__in=dyads,
        dyad__agreement__isnull=False,
        version__isnull=False,
        length_min__isnull=False,
    ).order_by("version")
    accepted = ("client_accepted_on", "therapist_accepted_on")
    found: defaultdict[int, list[tuple[date, int]]] = defaultdict(list)
    for dyad, minutes, *days in rows.values_list("dyad_id", "length_min", *accepted):
        found[dyad].append((max(days), minutes))
    return defaultdict(
        Lengths, {dyad: Lengths(versions) for dyad, versions in found.items()}
    )
