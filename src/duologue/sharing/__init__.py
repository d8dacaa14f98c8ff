"""Who may see what: redact first, then compute. The laws live here."""

from duologue.sharing.aftercare import LEAVING, is_stirred_up
from duologue.sharing.card import reaches_on, sent_in
from duologue.sharing.consent import Purpose, Said
from duologue.sharing.opening import (
    Standing,
    has_own_switch,
    is_blank,
    items_open,
    may_open,
    standing,
)
from duologue.sharing.preferences import PREFERENCES
from duologue.sharing.seen import (
    Scope,
    Seen,
    seen_by,
    seen_each_way,
    seen_in_research,
    seen_together,
)

__all__ = [
    "LEAVING",
    "PREFERENCES",
    "Purpose",
    "Said",
    "Scope",
    "Seen",
    "Standing",
    "has_own_switch",
    "is_blank",
    "is_stirred_up",
    "items_open",
    "may_open",
    "reaches_on",
    "seen_by",
    "seen_each_way",
    "seen_in_research",
    "seen_together",
    "sent_in",
    "standing",
]
