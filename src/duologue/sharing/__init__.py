"""Who may see what: redact first, then compute. The laws live here."""

from duologue.sharing.seen import (
    Scope,
    Seen,
    seen_by,
    seen_in_research,
    seen_together,
)

__all__ = ["Scope", "Seen", "seen_by", "seen_in_research", "seen_together"]
