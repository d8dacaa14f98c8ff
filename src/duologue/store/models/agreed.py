"""What the two of a pair agreed, as far as the frame asks for it."""

from duologue.store.models.dyad import Dyad


def agreed_length(ref: str) -> int | None:
    """Return for how many minutes the two of a pair agreed to meet, if they did."""
    rows = Dyad.objects.values_list("agreement__length_min", flat=True)
    found: int | None = rows.get(ref=ref)
    return found
