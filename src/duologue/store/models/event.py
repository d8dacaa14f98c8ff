"""The chain of events: who did what to which pair, and when. No words, no answers."""

from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import Q

from duologue.store.models.choices import is_one_of, is_this_long, one_of, only

DIGEST_BYTES = 32


class What(StrEnum):
    """What was done. Answering and skipping are one: silence looks like silence."""

    REFLECTED = "reflected"
    WILLING = "willing"
    NOT_WILLING = "not_willing"
    TAKEN_BACK = "taken_back"
    OPENED_AGAIN = "opened_again"
    UNSAID_SHARED = "unsaid_shared"
    UNSAID_KEPT = "unsaid_kept"
    THOUGHT_ADDED = "thought_added"
    THOUGHT_REMOVED = "thought_removed"
    CARD_SENT = "card_sent"
    CARD_WITHDRAWN = "card_withdrawn"
    ROOM_SHOWN = "room_shown"
    ROOM_TAPPED = "room_tapped"
    ROOM_LEFT = "room_left"
    PAGE_WRITTEN = "page_written"
    """Something of one's own was kept or changed; whose, in which pair, not what."""
    PAGE_REMOVED = "page_removed"
    CONTACT_KEPT = "contact_kept"
    CONTACT_DELETED = "contact_deleted"
    REACH_SHARED = "reach_shared"
    REACH_KEPT = "reach_kept"
    REACH_SHOWN = "reach_shown"
    """How the other can be reached was shown to this person; the day, not the time."""
    REMINDER_KEPT = "reminder_kept"
    """Notes by mail were asked for; that one was sent is no event."""
    REMINDER_ENDED = "reminder_ended"
    SESSION_ADDED = "session_added"
    SESSION_REMOVED = "session_removed"
    SESSION_NOTED = "session_noted"
    SESSION_MOVED = "session_moved"
    CALENDAR_IMPORTED = "calendar_imported"
    SHOWN = "shown"
    """What the other had opened was shown to this person; the day, not the time."""
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    SET_ASIDE = "set_aside"
    PROPOSAL_TAKEN_BACK = "proposal_taken_back"
    CONSENT_SAID = "consent_said"
    """A yes, a no or a withdrawal: one event, for silence looks like silence."""
    ALL_FORGOTTEN = "all_forgotten"
    PREFERENCES_KEPT = "preferences_kept"
    PREFERENCES_SHARED = "preferences_shared"
    PREFERENCES_UNSHARED = "preferences_unshared"
    GOAL_PROPOSED = "goal_proposed"
    GOAL_ACCEPTED = "goal_accepted"
    GOAL_SET_ASIDE = "goal_set_aside"
    GOAL_TAKEN_BACK = "goal_taken_back"
    GOALS_RATED = "goals_rated"
    GOALS_REVIEWED = "goals_reviewed"
    FORM_FILLED = "form_filled"
    FORM_DELETED = "form_deleted"
    FORM_RHYTHM_KEPT = "form_rhythm_kept"
    OUTCOMES_SHOWN = "outcomes_shown"
    """A form of the client's was shown to the therapist; the day, not the time."""
    RECORDING_KEPT = "recording_kept"
    RECORDING_DELETED = "recording_deleted"
    TRANSCRIPT_KEPT = "transcript_kept"
    TRANSCRIPT_DELETED = "transcript_deleted"
    IMPORTED = "imported"
    BACKED_UP = "backed_up"
    RESTORED = "restored"
    REKEYED = "rekeyed"
    INVITED = "invited"
    INVITATION_ENDED = "invitation_ended"
    JOINED = "joined"
    SIGNED_IN = "signed_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    """Somebody could not sign in; noted once a day for each account."""
    WAY_IN_ADDED = "way_in_added"
    WAY_IN_REMOVED = "way_in_removed"
    PRACTICE_CHANGED = "practice_changed"


BY_DAY = frozenset({What.SHOWN, What.REACH_SHOWN, What.OUTCOMES_SHOWN})
"""What is noted once a day, by the day: looks at what somebody has opened or rated."""


class Event(models.Model):
    """One thing that happened. Rows are added and never changed or removed.

    It refers by number and not by foreign key, so that nothing that is to be erased is
    held by it. ``who`` is a person, blank for whoever runs the program. ``digest`` is of
    this row and of the digest before it (see `duologue.store.chain`).
    """

    number = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    what = models.CharField(max_length=24, choices=one_of(What))
    who = models.PositiveBigIntegerField(null=True)
    dyad = models.PositiveBigIntegerField(null=True)
    session = models.PositiveIntegerField(null=True)
    previous = models.BinaryField(max_length=DIGEST_BYTES)
    digest = models.BinaryField(max_length=DIGEST_BYTES)

    class Meta:
        """Rules of the table."""

        ordering: ClassVar = ["number"]
        indexes: ClassVar = [
            models.Index(name="event_by_pair", fields=["dyad", "what", "at"])
        ]
        constraints: ClassVar = [
            only("event_is_numbered_from_one", Q(number__gte=1)),
            only("event_is_something_known", is_one_of("what", What)),
            only("event_follows_a_digest", Q(is_this_long("previous", DIGEST_BYTES))),
            only("event_has_a_digest", Q(is_this_long("digest", DIGEST_BYTES))),
        ]

    def __str__(self) -> str:
        return f"event {self.pk}"
