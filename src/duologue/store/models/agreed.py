"""What the two of a pair agreed, as far as the frame asks for it."""

from duologue.store.models.dyad import Dyad


def agreed_length(ref: str) -> int | None:
    """Return for how many minutes the two of a pair agreed to meet, if they did."""
    return Dyad.objects.values_list("length_min", flat=True).get(ref=ref)
