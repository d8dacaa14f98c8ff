"""The one place where the app reads the time."""

from datetime import datetime

from django.utils import timezone


def now() -> datetime:
    """Return the present moment, with its zone."""
    return timezone.now()
