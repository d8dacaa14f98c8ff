"""What may be done with a proposal, and by whom: the same of an agreement and of a goal."""

from datetime import date, datetime
from typing import Protocol

from django.utils import timezone

from duologue.errors import NotNowError


class Proposal(Protocol):
    """A row that one of the two proposed."""

    proposed_by: str
    set_aside_on: date | None

    def save(self, *, update_fields: list[str]) -> None:
        """Keep what has changed."""


def check_acceptable(proposal: Proposal, seat: str, *, gone: str) -> None:
    """Refuse what was set aside, and one's own.

    Parameters
    ----------
    proposal, seat : Proposal, str
        What was not accepted yet, and who accepts.
    gone : str
        What is said of one that was set aside.

    Raises
    ------
    NotNowError
        If it cannot be accepted.
    """
    if proposal.set_aside_on is not None:
        raise NotNowError(gone)
    if proposal.proposed_by == seat:
        raise NotNowError("it takes the other to accept what you have proposed.")


def put_aside(
    proposal: Proposal, seat: str, *, is_accepted: bool, now: datetime
) -> None:
    """Set aside what the other proposed; done twice, it changes nothing.

    Raises
    ------
    NotNowError
        If both have accepted it, or if it is one's own.
    """
    if proposal.set_aside_on is not None:
        return
    if is_accepted:
        raise NotNowError("you have both accepted it already. Propose a change.")
    if proposal.proposed_by == seat:
        raise NotNowError("what you have proposed yourself, you take back.")
    proposal.set_aside_on = timezone.localdate(now)
    proposal.save(update_fields=["set_aside_on"])


def check_can_be_taken_back(proposal: Proposal, seat: str, *, waits: bool) -> None:
    """Refuse to take back the other's, and what does not wait any more.

    Raises
    ------
    NotNowError
        If it cannot be taken back.
    """
    if proposal.proposed_by != seat or not waits:
        raise NotNowError("only your own proposal can be taken back, while it waits.")
