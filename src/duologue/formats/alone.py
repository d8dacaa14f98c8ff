"""A transcript or a recording that stands alone, as the course of one session that it is."""

from duologue.records import (
    Course,
    Dyad,
    Modality,
    Motion,
    Prompts,
    Recorded,
    Session,
    Turns,
)


def transcript_alone(turns: Turns) -> Course:
    """Return the course whose one session a transcript is; nothing was asked after it.

    Parameters
    ----------
    turns : Turns
        The transcript, with the number of its session.

    Returns
    -------
    Course
        Of two people who have no codes but their seats.
    """
    return _course("transcript", turns.session, turns=(turns,))


def recording_alone(motion: Motion, modality: Modality, *, session: int = 1) -> Course:
    """Return the course whose one session a recording is; nothing was asked after it."""
    recorded = Recorded(session=session, modality=modality, motion=motion)
    return _course("recording", session, recorded=(recorded,))


def _course(
    code: str,
    session: int,
    *,
    turns: tuple[Turns, ...] = (),
    recorded: tuple[Recorded, ...] = (),
) -> Course:
    return Course(
        dyad=Dyad(code=code, client="client", therapist="therapist"),
        prompts=Prompts(id="none", version="1", items=()),
        sessions=(Session(number=session),),
        turns=turns,
        recorded=recorded,
    )
