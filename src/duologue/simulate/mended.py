"""A made-up exchange after a mend, written for this program (CC0): nobody said it."""

from duologue.records import Seat, Turns
from duologue.simulate.script import Line, spoken

_C, _T = Seat.CLIENT, Seat.THERAPIST
_WORDS_A_SECOND = {_C: 2.7, _T: 2.5}

_SCRIPT: tuple[Line, ...] = (
    (_T, 1.5, "Hello. Come in out of the rain. I said that I would ask you."),
    (
        _C,
        1.2,
        "You did. I was hoping that you would ask, and hoping that you wouldn't.",
    ),
    (_T, 2.1, "Hoping both. Which of the two came in with you today?"),
    (_C, 3.6, "The one that wants to be asked, I think. Just about."),
    (_T, 0.9, "Then I'm asking. Would you tell me about your sister?"),
    (
        _C,
        5.4,
        (
            "She rang on Sunday. I let it ring, and I stood in my kitchen and I felt about "
            "nine years old, with my coat on and my bag packed."
        ),
    ),
    (_T, 1.3, "Nine, with your bag packed. Where were you going?"),
    (_C, 1.8, "Nowhere. That was the thing. I packed it, and I sat on it."),
    (_T, 2.4, "You packed it and you sat on it, and nobody came to look."),
    (_C, 1.1, "She did, once. She told me to stop making a fuss."),
    (_T, 0.8, "That word again, fuss. You used it in here a few weeks ago."),
    (_C, 0.9, "Did I? I don't remember. I probably said it about myself."),
    (_T, 1.0, "You did. You said you didn't want to be somebody who makes a fuss."),
    (_C, 2.2, "Well. That's her voice, I guess, and I do it for her now."),
    (_T, -0.4, "You do it for her."),
    (_C, 0.6, "So that she doesn't have to. It saves time."),
    (_T, 1.9, "It saves time, and what does it cost?"),
    (_C, 6.8, "I don't know. Sundays, mostly."),
    (_T, 1.2, "Take one of those Sundays. What happens after the phone stops?"),
    (
        _C,
        2.6,
        (
            "I make a list. I wash things that I have washed already. And then I think of "
            "what I should have said to her, and I say it to the tap, because the tap is on "
            "and I feel nobody can hear me."
        ),
    ),
    (_T, -1.6, "Mm."),
    (_C, 1.4, "It sounds mad when I say it out loud to somebody."),
    (_T, 0.9, "It sounds lonely to me, more than mad."),
    (_C, 3.9, "Yes. Lonely is nearer."),
    (_T, 1.5, "What does the tap get to hear that she doesn't?"),
    (
        _C,
        1.7,
        "That I was frightened. That I waited for her to come back up the stairs.",
    ),
    (_T, 2.8, "You waited on the bag for her to come back up the stairs."),
    (_C, 1.3, "And she had the radio on. I could hear her laughing at the radio."),
    (_T, 1.1, "How is this, right now, saying it with me in the room and not the tap?"),
    (
        _C,
        4.7,
        (
            "Warmer. And I notice I want to say sorry to you, because I feel I am taking up "
            "your whole hour with a bag and a radio, and I know that you don't mind, and I "
            "still want to."
        ),
    ),
    (_T, 1.6, "You don't have to be sorry for the bag. I would like to hear it."),
    (_C, 1.0, "You say that, and I look at your face to see if it's true."),
    (_T, 1.4, "And what do you see when you look?"),
    (_C, 2.9, "You're a bit sad, I think. Not cross."),
    (
        _T,
        1.2,
        (
            "I am a bit sad. I notice I want to go up those stairs, and I can't, and so I "
            "am sitting here with you instead."
        ),
    ),
    (_C, 5.8, "Nobody has ever said that they would have gone up the stairs."),
    (_T, 0.9, "I would have gone up the stairs."),
    (_C, 4.2, "I don't quite know where to put that."),
    (_T, 1.3, "You need not put it anywhere yet. It can lie there."),
    (_C, 1.6, "It's odd. A month ago I would have made a joke, and gone home."),
    (_T, 0.8, "A month ago I had put you off with two lines."),
    (_C, 0.7, "You had. And I sat in the car. I thought about the bag then, as well."),
    (_T, 2.0, "The car and the bag. In both of them you wait, and nobody comes."),
    (_C, 1.2, "But here you came. Late, but you came and you said so."),
    (_T, 1.8, "What is different between us since then, if anything is?"),
    (_C, 3.3, "I can be cross with you, I suppose. I was, and the roof stayed on."),
    (_T, 0.9, "The roof stayed on. Were you cross with her, on the bag?"),
    (_C, 1.5, "I must have been. I bit the handle. There were marks in the handle."),
    (_T, 2.3, "You bit the handle so that nobody would hear."),
    (_C, 0.9, "So that there was no fuss. Oh. There it is again."),
    (_T, -0.3, "There it is."),
    (_C, 1.9, "I could ring her, maybe. Not to have it out. To say that I was there."),
    (_T, 1.4, "To say that you were there. What would you want her to hear first?"),
    (
        _C,
        7.2,
        (
            "That I heard the radio. I think I would want to begin with the radio, because I "
            "know she remembers it, and I would not be asking her for anything, I would "
            "just be telling her where I was."
        ),
    ),
    (_T, 1.1, "Telling her where you were. That has no fuss in it at all."),
    (_C, 1.3, "No. It's just an address."),
    (_T, 1.7, "An address on the stairs. Do you want to say it here once, first?"),
    (_C, 3.1, "Not today. I want to keep it warm until I say it to her."),
    (_T, 1.0, "Then keep it warm. We have a few minutes left."),
    (_C, 1.2, "Could we sit for those? I don't want to fill them."),
    (_T, 0.8, "Yes. Let's not fill them."),
    (_C, 24.0, "That was nice. The rain has stopped."),
    (_T, 1.5, "It has. Next week, shall I ask you about the address?"),
    (_C, 1.1, "Ask me. If I haven't rung, ask me anyway."),
    (_T, 0.9, "I'll ask you anyway."),
)


def mended_talk(session: int) -> Turns:
    """Return the exchange as the transcript of this session, in times of 0.01 s."""
    return spoken(_SCRIPT, _WORDS_A_SECOND, session)
