"""Names for addresses and keys."""

import secrets


def new_ref() -> str:
    """Return a name that nobody can guess (128 random bits)."""
    return secrets.token_urlsafe(16)
