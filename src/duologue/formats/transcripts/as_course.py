"""A transcript that stands alone, as the course of one session that it is."""

from duologue.records.course import Course
from duologue.records.dyad import Dyad
from duologue.records.instrument import Prompts
from duologue.records.session import Session
from duologue.records.turns import Turns


def as_course(turns: Turns) -> Course:
    """Return the course whose one session this is; nothing was asked after it.

    Parameters
    ----------
    turns : Turns
        The transcript, with the number of its session.

    Returns
    -------
    Course
        Of two people who have no codes but their seats.
    """
    return Course(
        dyad=Dyad(code="transcript", client="client", therapist="therapist"),
        prompts=Prompts(id="none", version="1", items=()),
        sessions=(Session(number=turns.session),),
        turns=(turns,),
    )
