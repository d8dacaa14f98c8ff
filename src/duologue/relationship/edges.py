"""What became of a session, in a few words: the same for both people."""

from collections.abc import Callable
from datetime import datetime

from duologue.records import Kind, Session, Tag
from duologue.relationship.templates import PHRASES


def became_of(
    session: Session,
    tag: Tag | None,
    kind: Kind,
    *,
    hour: Callable[[datetime], str],
) -> str:
    """Return what is known of how a session really was; blank where nothing is.

    Parameters
    ----------
    session : Session
        Its status and its real times.
    tag : Tag or None
        The therapist's word on an edge that moved.
    kind : Kind
        What the two meet for: it says what each is called.
    hour : callable
        Writes a time of the day.
    """
    if not session.held:
        word = PHRASES[f"frame.{session.status}"]
        return f"{word} by the {session.by.called(kind)}" if session.by else word
    times = [
        f"{word} {hour(time)}"
        for word, time in (("began", session.started), ("ended", session.ended))
        if time is not None
    ]
    return "; ".join([", ".join(times), *([tag.value] if tag else [])]) if times else ""
