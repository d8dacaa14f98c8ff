"""A made-up exchange, written for this program (CC0): nobody said it."""

from duologue.records import Seat, Turns
from duologue.simulate.script import Line, spoken

_C, _T = Seat.CLIENT, Seat.THERAPIST

_SCRIPT: tuple[Line, ...] = (
    (_T, 2.0, "It's good to see you. Last week I had to call it off at short notice."),
    (_C, 1.8, "It's fine. These things happen."),
    (_T, 2.6, "You say it's fine, and you're looking at the door."),
    (_C, 3.4, "Well, I'd taken the morning off work. That's all."),
    (_T, 0.8, "And then there was no one here."),
    (_C, 1.1, "There was a message. So I knew. I just sat in the car for a bit."),
    (_T, 2.2, "What was it like, sitting in the car?"),
    (_C, 5.2, "Stupid. I thought, she has other people. Of course she has."),
    (_T, 0.6, "Mm."),
    (_C, 0.4, "And then I thought, I won't bring the thing with my sister after all."),
    (_T, 1.9, "So when I was not there, you put it away again."),
    (_C, 0.9, "I suppose. I don't want to be somebody who makes a fuss."),
    (_T, 2.4, "I'd like to say something about my side of it, if that's all right."),
    (_C, 0.7, "Okay."),
    (
        _T,
        1.0,
        (
            "I knew that week mattered, and I sent two lines. I noticed I kept them "
            "short because I felt bad. I'm sorry."
        ),
    ),
    (_C, 4.6, "I didn't think you'd thought about it at all."),
    (_T, 1.2, "I did."),
    (_C, 3.1, "That's odd to hear. Good, but odd."),
    (_T, 1.5, "Odd how?"),
    (
        _C,
        2.0,
        (
            "Usually I'm the one who says sorry. I'm angry, actually. A bit. Is that "
            "allowed?"
        ),
    ),
    (_T, 0.9, "It's more than allowed. Where is it now, the anger?"),
    (_C, 2.8, "Here. In my hands."),
    (_T, 3.2, "We can go as slowly as your hands want."),
    (_C, 6.1, "Could I tell you about my sister next time? Not today. But next time."),
    (_T, 1.4, "Next time. I'll be here, and I'll ask you."),
)

_WORDS_A_SECOND = {_C: 2.6, _T: 2.6}


def made_up_talk(session: int) -> Turns:
    """Return the exchange as the transcript of this session, timed at 2.6 words/s."""
    return spoken(_SCRIPT, _WORDS_A_SECOND, session)
