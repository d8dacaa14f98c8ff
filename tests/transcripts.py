"""A transcript of the pair of Ann and the therapist, made up, and how it is added."""

from app_people import NOW
from duologue.records import Seat, Segment, Turns
from duologue.relationship.spoken import spoken_in
from duologue.store import actions
from duologue.store.models import HereAndNow, Transcript
from duologue.store.models.transcript import as_counted, as_marks, as_segments
from recordings import AFTER, agree
from two_seats import C, T

__all__ = ["AFTER", "agree"]

OWN_WORD = "marmalade"
"""A word of the client's that stands nowhere else."""

ROWS = (
    (T, "How is this for you, right now, here with me?"),
    (C, f"I notice I think of {OWN_WORD}. I feel my hands, and I wonder why."),
    (T, "You should take your time."),
    (C, "I know. I guess it's fine."),
    (T, "What happens between us when you say it's fine?"),
    (C, "Mm."),
    (None, "A word of somebody else."),
    (T, "I am with you."),
)
MARKED = (0, 4)
"""The places of the therapist's turns with here-and-now wording."""


def turns(session=1, rows=ROWS):
    """Return a transcript with times to a tenth of a second."""
    return Turns(
        session=session,
        segments=tuple(
            Segment(seat, 5.0 * n, 5.0 * n + 4.25, words)
            for n, (seat, words) in enumerate(rows)
        ),
        resolution_s=0.01,
        notes=("Segments by neither of the two: 1 of 8 (12%).",),
    )


def kept(dyad, number=1, rows=ROWS):
    """Store a transcript of a session, as if both had said yes to it."""
    made = turns(number, rows)
    return Transcript.objects.create(
        dyad=dyad,
        session=dyad.sessions.get(number=number),
        segments=as_segments(made),
        found=as_counted(spoken_in(made)),
        kept_on=NOW.date(),
    )


def marked(dyad, transcript, marks=None):
    """Store what the therapist marked of their own turns."""
    return HereAndNow.objects.create(
        person=dyad.therapist,
        transcript=transcript,
        marks=as_marks({MARKED[0]: True} if marks is None else marks),
    )


def add(two, seat=C, number=4, now=AFTER):
    """Let one of the two add a transcript."""
    made = turns(number)
    two.do(actions.keep_transcript, seat, made, spoken_in(made), now=now)


def as_vtt(rows=ROWS, *, names=("Marlowe", "Quill", "Sorrel")):
    """Return the same as a file with names in it: the client's, the therapist's, another's."""
    called = dict(zip((C, T, None), names, strict=True))

    def clock(seconds):
        return f"00:{int(seconds) // 60:02}:{seconds % 60:06.3f}"

    cues = [
        f"{clock(5.0 * n)} --> {clock(5.0 * n + 4.25)}\n<v {called[seat]}>{words}</v>"
        for n, (seat, words) in enumerate(rows)
    ]
    return "\n\n".join(["WEBVTT", *cues, ""]).encode()


SEATED = {"who-0": str(Seat.THERAPIST), "who-1": str(Seat.CLIENT), "who-2": "neither"}
"""Who is who in that file, in the order in which they first speak."""
