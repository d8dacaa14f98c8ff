"""Whether what a person writes in a pair may be kept."""

from duologue.errors import NotNowError
from duologue.sharing.consent import Purpose, is_kept
from duologue.store.actions.changing import Change
from duologue.store.models.consent import said_by


def must_be_kept(change: Change) -> None:
    """Refuse what cannot be done without keeping what this person writes.

    Raises
    ------
    NotNowError
        If this person has asked that nothing of theirs be kept here.
    """
    if not is_kept(said_by(change.dyad.pk, change.seat, purpose=Purpose.KEEPING)):
        raise NotNowError(
            "you have asked that nothing more of yours be kept here. You can say yes to "
            "that again under Choices, What I have said yes to."
        )
