"""Every sentence about data that the program can say.

A template belongs to one level of the wording ladder and is never rendered above the
level that the data reached (``wording.say`` refuses). A sentence has four parts: what
was seen, how sure, another reading, a question. Braces are filled with counts, session
numbers and fixed words only, never with anything that somebody wrote; ``{c}`` and
``{t}`` are what the people in the two seats are called in a pair of this kind.

"mine" templates speak to one person of their own answers; "ours" templates speak to
the two, and name both the same way.
"""

from dataclasses import dataclass
from types import MappingProxyType

from duologue.relationship.finding import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One sentence, in its four parts, at one level of the ladder."""

    level: Level
    sentence: str
    how_sure: str = ""
    another_reading: str = ""
    question: str = ""


_NO_CARD = "No card does not mean nothing is happening."
_OTHER = "A full week, a short night or another kind of session can look like this."
_INFLUENCE_SURE = (
    "9 in 10 of the plausible answers agree, on whichever of three assumptions. Of pairs "
    "who have nothing to do with each other about {chance} is told something like it."
)
_FROM_OUTSIDE = "What touches both from outside can look like influence."
_SLID = "Slid {n} times; in {chance} sessions chance alone gives as much."
_IN_ORDER = (
    "About {chance} sessions look like this for one of the two where the order of turns does "
    "not matter."
)
_ONE_MATTER = (
    "Staying with one matter for a while does this by itself, whether or not either answers "
    "the other. More is not better."
)
_WEAK = "A weak link is easily missed in one session."
_MOMENT = "In {chance} sessions chance alone makes such a moment; a weak link is easily missed."
_LIKE_TOGETHER = (
    "More is not better. Speaking in turns, light or a camera that moves can look like "
    "going together, or hide it."
)
_EACH_OF_YOU = "What would each of you say?"

TEMPLATES = MappingProxyType(
    {
        # One person's own scale ------------------------------------------------
        "mine.too_early": Template(
            level=Level.TOO_EARLY, sentence="Too early to say anything."
        ),
        "mine.early": Template(
            level=Level.EARLY,
            sentence=(
                "Early days. Of your last {n} answers, {k} {were} lower than the one "
                "before."
            ),
            how_sure="This could be chance: with nothing changing, about half are.",
        ),
        "mine.within": Template(
            level=Level.COUNT,
            sentence="In session {session} this was not lower than is usual for you.",
        ),
        "mine.unusual": Template(
            level=Level.UNUSUAL,
            sentence="In session {session} this was lower than is usual for you.",
            how_sure=(
                "This is unlike your usual pattern. About {chance} ordinary sessions "
                "looks like this by chance."
            ),
            another_reading=_OTHER,
            question="What do you make of it?",
        ),
        "mine.repeated": Template(
            level=Level.REPEATED,
            sentence=(
                "In session {session} this was lower than is usual for you. It has "
                "happened in {k} of your last 3."
            ),
            how_sure=(
                "With nothing changing, {chance} runs of three come out like this."
            ),
            another_reading=_OTHER,
            question="What do you make of it?",
        ),
        # One scale of the two -------------------------------------------------
        "ours.nothing_open": Template(
            level=Level.TOO_EARLY,
            sentence="Nothing here has opened for the two of you.",
            how_sure=(
                "An answer opens when both have answered and both have chosen to. "
                "Which of these is missing is never said."
            ),
        ),
        "ours.too_early": Template(
            level=Level.TOO_EARLY, sentence="Too early to say anything."
        ),
        "ours.early": Template(
            level=Level.EARLY,
            sentence=(
                "Early days. In {k} of the last {n} steps from one opened session to "
                "the next, both of your answers went down."
            ),
            how_sure=(
                "This could be chance: with nothing changing, and nothing between "
                "the two, about 1 in 4 do."
            ),
        ),
        "ours.within": Template(
            level=Level.COUNT,
            sentence=(
                "In session {session} neither answer was lower than is usual for its "
                "author."
            ),
        ),
        "ours.within.quieter": Template(
            level=Level.COUNT,
            sentence=(
                "In session {session} neither answer was lower than is usual for its author, "
                "each by itself; what the two say together stands under “Both quieter”."
            ),
        ),
        "ours.unusual.one": Template(
            level=Level.UNUSUAL,
            sentence=(
                "In session {session} the {seat}'s answer was lower than is usual for "
                "them, and the {other}'s was not."
            ),
            how_sure=(
                "This is unlike the usual pattern. About {chance} ordinary sessions "
                "looks like this by chance, for one or the other of you."
            ),
            another_reading=_OTHER,
            question="What do you both make of it?",
        ),
        "ours.unusual.both": Template(
            level=Level.UNUSUAL,
            sentence=(
                "In session {session} this was lower than is usual for both of you."
            ),
            how_sure=(
                "This is unlike your usual pattern. At most about {chance} ordinary "
                "sessions looks like this by chance."
            ),
            another_reading=_OTHER,
            question="Would you like to mention it?",
        ),
        "ours.repeated": Template(
            level=Level.REPEATED,
            sentence=(
                "In session {session} the {seat}'s answer was lower than is usual for "
                "them. It has happened in {k} of the last 3 that opened."
            ),
            how_sure=(
                "With nothing changing, {chance} runs of three come out like this, for one or "
                "the other of you."
            ),
            another_reading=_OTHER,
            question="It may be worth talking about: what do you both make of it?",
        ),
        "wonder.one": Template(
            level=Level.UNUSUAL,
            sentence=(
                "In session {session} the {whom}'s answer on {scale} lay far below what "
                "{earlier} foretold."
            ),
            how_sure=(
                "With nothing changing, about {chance} ordinary sessions looks like this by "
                "chance. The share of cards that are chance is not known, and is higher."
            ),
            another_reading=(
                "One answer can be the day, the way there or the thumb on the slider."
            ),
            question="What do you make of it?",
        ),
        "wonder.one.research": Template(
            level=Level.UNUSUAL,
            sentence=(
                "In session {session} the {whom}'s answer on {scale} lay below the limit "
                "from {earlier}."
            ),
            how_sure="With nothing changing, about {chance} ordinary sessions does.",
        ),
        "wonder.few": Template(
            level=Level.UNUSUAL,
            sentence=(
                "Up to session {session} the {whom}'s last five answers on {scale} lay "
                "below what {earlier} foretold."
            ),
            how_sure=(
                "With nothing changing, about {chance} ordinary sessions looks like this by "
                "chance. The share of cards that are chance is not known, and is higher."
            ),
            another_reading=(
                "It can be a season outside of the room, or work that has come to what is "
                "hard."
            ),
            question="What do you make of it?",
        ),
        "wonder.few.research": Template(
            level=Level.UNUSUAL,
            sentence=(
                "Up to session {session} the {whom}'s last five answers on {scale} lay "
                "below the limit from {earlier}."
            ),
            how_sure="With nothing changing, about {chance} ordinary sessions does.",
        ),
        "open_day.mine": Template(
            level=Level.UNUSUAL,
            sentence="",
            another_reading=(
                "It was also one of your most open days; talking about hard things "
                "can feel like this."
            ),
        ),
        "open_day.ours": Template(
            level=Level.UNUSUAL,
            sentence="",
            another_reading=(
                "It was also one of the {seat}'s most open days; talking about hard "
                "things can feel like this."
            ),
        ),
        "open_day.both": Template(
            level=Level.UNUSUAL,
            sentence="",
            another_reading=(
                "It was also one of the most open days of both; talking about hard "
                "things can feel like this."
            ),
        ),
        "ours.nothing_open.research": Template(
            level=Level.TOO_EARLY, sentence="Neither of the two has answered."
        ),
        "ours.early.research": Template(
            level=Level.EARLY,
            sentence=(
                "Early: both answers went down in {k} of the last {n} steps from one "
                "session to the next."
            ),
            how_sure="By chance alone about 1 in 4 do.",
        ),
        "ours.within.research": Template(
            level=Level.COUNT,
            sentence=(
                "In session {session} neither answer was lower than is usual for its "
                "author."
            ),
        ),
        "ours.alone.within.research": Template(
            level=Level.COUNT,
            sentence=(
                "In session {session} only the {seat} answered, not lower than is usual "
                "for them."
            ),
        ),
        "ours.alone.unusual.research": Template(
            level=Level.UNUSUAL,
            sentence=(
                "In session {session} only the {seat} answered, lower than is usual for "
                "them."
            ),
            how_sure="About {chance} ordinary sessions looks like this by chance.",
        ),
        "ours.unusual.one.research": Template(
            level=Level.UNUSUAL,
            sentence=(
                "In session {session} the {seat}'s answer was lower than is usual for "
                "them, and the {other}'s was not."
            ),
            how_sure=(
                "About {chance} ordinary sessions looks like this by chance, for one "
                "or the other of the two."
            ),
        ),
        "ours.repeated.research": Template(
            level=Level.REPEATED,
            sentence=(
                "In session {session} the {seat}'s answer was lower than is usual for "
                "them, as in {k} of the last 3."
            ),
            how_sure=(
                "With nothing changing, {chance} runs of three come out like this, for one or "
                "the other of the two."
            ),
        ),
        "ours.unusual.both.research": Template(
            level=Level.UNUSUAL,
            sentence=(
                "In session {session} both answers were lower than is usual for each "
                "of the two."
            ),
            how_sure=(
                "At most about {chance} ordinary sessions looks like this by chance."
            ),
        ),
        # Two views ------------------------------------------------------------
        "two_views.count": Template(
            level=Level.COUNT,
            sentence=(
                "The {c}'s answer was the higher one in {client} of {n} sessions, the "
                "{t}'s in {therapist}.{moved}"
            ),
            how_sure=(
                "A count. One session is like the next, so that an uneven split comes "
                "about more easily than by tossing coins. By chance alone about half of "
                "the steps go the same way."
            ),
        ),
        "two_views.unusual": Template(
            level=Level.UNUSUAL,
            sentence=(
                "In session {session}, against your usual gap, the {higher}'s answer "
                "lay higher and the {lower}'s lower."
            ),
            how_sure=(
                "This is unlike the usual gap of the two of you. About {chance} "
                "ordinary sessions looks like this by chance."
            ),
            another_reading=(
                "Two people see one hour from two chairs; neither view is the measure "
                "of the other."
            ),
            question="What might each of you have been seeing?",
        ),
        "two_views.repeated": Template(
            level=Level.REPEATED,
            sentence=(
                "In session {session}, against your usual gap, the {higher}'s answer "
                "lay higher and the {lower}'s lower. Your gap was unlike its usual in {k} of the last 3."
            ),
            how_sure=(
                "With nothing changing, {chance} runs of three come out like this."
            ),
            another_reading=(
                "Two people see one hour from two chairs; neither view is the measure "
                "of the other."
            ),
            question="What might each of you have been seeing?",
        ),
        "quieter.both": Template(
            level=Level.UNUSUAL,
            sentence=(
                "Over the 3 opened sessions from {first} to {last} you were both "
                "quieter: each less open than was usual before."
            ),
            how_sure=(
                "About {chance} ordinary stretches of three looks like this by chance."
            ),
            another_reading=(
                "A quieter stretch can be rest, or work that needs fewer words."
            ),
            question="How has it been for each of you lately?",
        ),
        "quieter.once": Template(
            level=Level.UNUSUAL,
            sentence=(
                "In session {session} you were both quieter: each less open than your "
                "earlier sessions would suggest."
            ),
            how_sure=(
                "Where this is said it is mostly right, and nearly all sessions like it are "
                "missed. With nothing changing, about {chance} sessions looks like this."
            ),
            another_reading=(
                "A quieter session can be rest, or work that needs fewer words."
            ),
            question="How has it been for each of you lately?",
        ),
        "quieter.once.research": Template(
            level=Level.UNUSUAL,
            sentence=(
                "In session {session} both were less open than earlier sessions "
                "foretold, each by one standard deviation or more, with a probability "
                "above .8."
            ),
            how_sure=(
                "Precise, and nearly all such sessions are missed. With nothing changing, about "
                "{chance} sessions looks like this."
            ),
        ),
        # Who moves whom -------------------------------------------------------
        "influence.cannot_tell": Template(
            level=Level.COUNT,
            sentence="{n} sessions cannot tell who influences whom{between}.",
            how_sure=(
                "{before}More is said only where 9 in 10 of the plausible answers agree. "
                "Nearly always it cannot be told, and that says nothing about the two of "
                "you."
            ),
            another_reading=_FROM_OUTSIDE,
            question=_EACH_OF_YOU,
        ),
        "influence.leads": Template(
            level=Level.REPEATED,
            sentence=(
                "Over {n} sessions that you both opened: when the {one} had been more open, "
                "the {other} tended to be more open the next time, more than the other way "
                "round."
            ),
            how_sure=_INFLUENCE_SURE,
            another_reading=_FROM_OUTSIDE,
            question=_EACH_OF_YOU,
        ),
        "influence.equals": Template(
            level=Level.REPEATED,
            sentence=(
                "Over {n} sessions that you both opened: when one had been more open, the "
                "other tended to be more open the next time, about equally both ways."
            ),
            how_sure=_INFLUENCE_SURE,
            another_reading=_FROM_OUTSIDE,
            question=_EACH_OF_YOU,
        ),
        "influence.no_influence": Template(
            level=Level.REPEATED,
            sentence=(
                "Over {n} sessions that you both opened: how open one had been went "
                "hardly with how open the other was the next time, either way."
            ),
            how_sure=_INFLUENCE_SURE,
            another_reading=(
                "Within one session, and in what no slider asks, it may be otherwise."
            ),
            question=_EACH_OF_YOU,
        ),
        "influence.cannot_tell.research": Template(
            level=Level.COUNT,
            sentence="{n} sessions cannot tell who influences whom{between}.",
            how_sure=(
                "An outcome is told from 16 sessions on that both answered, with a "
                "probability of .9 at each spread of couplings."
            ),
            another_reading=_FROM_OUTSIDE,
        ),
        # What the dyad model estimates, for research ---------------------------
        "model.research": Template(
            level=Level.RESEARCH,
            sentence=(
                "Set-points: {c} {client_tends}, {t} {therapist_tends}. Next session's "
                "answers: {c} {client_next}, {t} {therapist_next}. Dips of one "
                "innovation SD or more with P ≥ .5: {c} {client_dips}, {t} "
                "{therapist_dips}; joint ones with P > .8: {joint}, of {steps} steps."
            ),
            how_sure=(
                "Posterior means with 90 % intervals, in points of 100, against assumed "
                "values (version {version}); nothing was fitted to this pair. A set-point "
                "may be beyond the slider."
            ),
            another_reading=(
                "Answers missing for a reason, a trend or a shared event outside would "
                "shift these."
            ),
        ),
        "two_views.count.research": Template(
            level=Level.COUNT,
            sentence=(
                "The {c}'s answer was the higher one in {client} of {n} sessions, the "
                "{t}'s in {therapist}.{moved}"
            ),
            how_sure=(
                "A count. One session is like the next, so that an uneven split comes "
                "about more easily than by tossing coins. By chance alone about half of "
                "the steps go the same way."
            ),
        ),
        "two_views.early": Template(
            level=Level.EARLY,
            sentence=(
                "Early days. The {c}'s answer was the higher one in {client} of {n} "
                "sessions, the {t}'s in {therapist}."
            ),
            how_sure=(
                "This could be chance: if neither tended to be higher, about half would "
                "go each way."
            ),
        ),
        "two_views.unusual.research": Template(
            level=Level.UNUSUAL,
            sentence=(
                "In session {session}, against the usual gap of the two, the "
                "{higher}'s answer lay higher and the {lower}'s lower."
            ),
            how_sure="About {chance} ordinary sessions looks like this by chance.",
        ),
        "two_views.repeated.research": Template(
            level=Level.REPEATED,
            sentence=(
                "In session {session}, against the usual gap of the two, the "
                "{higher}'s answer lay higher and the {lower}'s lower; the gap was unlike its usual in {k} of the "
                "last 3."
            ),
            how_sure=(
                "With nothing changing, {chance} runs of three come out like this."
            ),
        ),
        "quieter.both.research": Template(
            level=Level.UNUSUAL,
            sentence=(
                "Over the 3 sessions from {first} to {last} that both answered, both "
                "were less open than was usual before."
            ),
            how_sure="About {chance} ordinary stretches of three looks like this.",
        ),
        # Asked in rotation ----------------------------------------------------
        "rotating": Template(
            level=Level.COUNT,
            sentence="You have both opened this in {n}.",
            how_sure=(
                "It is asked now and then. A session without it is not a no, and the "
                "answers are too far apart to say more."
            ),
        ),
        "rotating.mine": Template(
            level=Level.COUNT,
            sentence="You have answered this in {n}.",
            how_sure=(
                "It is asked now and then. A session without it is not a no, and the "
                "answers are too far apart to say more."
            ),
        ),
        "rotating.research": Template(
            level=Level.COUNT,
            sentence="Answered in {n}.",
            how_sure="Asked in rotation; a session without it is not a no.",
        ),
        "need.ours": Template(
            level=Level.COUNT,
            sentence="After session {session}: {client}; {therapist}.",
            how_sure="What each of you said you need next time.",
            question="Shall we begin there?",
        ),
        "need.ours.research": Template(
            level=Level.COUNT,
            sentence="After session {session}: {client}; {therapist}.",
            how_sure="What each of the two said they need next time.",
        ),
        "need.mine": Template(
            level=Level.COUNT,
            sentence="After session {session} you said: {mine}.",
            how_sure="What you chose for next time.",
        ),
        # Left unsaid ----------------------------------------------------------
        "unsaid.mine": Template(
            level=Level.COUNT,
            sentence=(
                "You held something back in {k} of your last {n}. You do not have to "
                "say it."
            ),
            how_sure=(
                "A count of your own answers. Most people hold something back at some "
                "point."
            ),
            another_reading=(
                "Sometimes when one goes quiet the other does too. Worth wondering?"
            ),
        ),
        "unsaid.mine.too_early": Template(
            level=Level.TOO_EARLY,
            sentence="Too early to say anything.",
            another_reading=(
                "Sometimes when one goes quiet the other does too. Worth wondering?"
            ),
        ),
        "unsaid.ours": Template(
            level=Level.COUNT,
            sentence=(
                "You have both opened this for {n}. You both held something back in "
                "{both}, only the {c} in {client}, only the {t} in {therapist}, neither "
                "in {neither}.{after}"
            ),
            how_sure=(
                "If the two had nothing to do with each other, and neither changed over "
                "time, about {expected} would be both. Who follows whom cannot be told "
                "from {n}."
            ),
            another_reading=(
                "That one person's holding back calls forth the other's is "
                "Duologue's own hypothesis. Nobody has shown it."
            ),
            question="Is there something that would be easier said together?",
        ),
        "unsaid.ours.research": Template(
            level=Level.COUNT,
            sentence=(
                "Answered by both for {n}: both held something back in {both}, only the "
                "{c} in {client}, only the {t} in {therapist}, neither in "
                "{neither}.{after}"
            ),
            how_sure=(
                "If unrelated, and with no change over time, about {expected} would be "
                "both. Who follows whom cannot be told from {n}."
            ),
            another_reading=(
                "That one person's holding back calls forth the other's is Duologue's "
                "own hypothesis. Nobody has shown it."
            ),
        ),
        # Apart and back -------------------------------------------------------
        "apart.none": Template(
            level=Level.COUNT,
            sentence=(
                "No moment apart has been marked by you both or by either, in {n} "
                "where the question opened."
            ),
            how_sure="It is not asked each time; not asked is not a no.",
        ),
        "apart.one": Template(
            level=Level.COUNT,
            sentence=(
                "In session {session} the {seat} marked a moment when you pulled "
                "apart. {back}"
            ),
            how_sure="What one of you said; no chance applies to it.",
            another_reading=(
                "One can feel it and the other not. Both can be so at once."
            ),
            question="What was it like for each of you?",
        ),
        "apart.each": Template(
            level=Level.COUNT,
            sentence=(
                "The {one} marked a moment apart in session {one_session}, the {other} "
                "in session {other_session}. {back}"
            ),
            how_sure=(
                "What each of you said, in sessions apart from each other; no chance "
                "applies to it."
            ),
            another_reading="It may be one moment or two.",
            question="Was it the same moment for both of you?",
        ),
        "apart.each.research": Template(
            level=Level.COUNT,
            sentence=(
                "The {one} marked a moment apart in session {one_session}, the {other} "
                "in session {other_session}. {back}"
            ),
            how_sure="What each of the two said; no chance applies to it.",
        ),
        "apart.both": Template(
            level=Level.REPEATED,
            sentence=(
                "You have both marked that you pulled apart, from session {session} "
                "on. {back} It may be worth talking about."
            ),
            how_sure="What you both said; no chance applies to it.",
            another_reading=(
                "Pulling apart and coming back is part of the work, and often where it "
                "gets done."
            ),
            question="What helped, or what would help?",
        ),
        "apart.none.research": Template(
            level=Level.COUNT,
            sentence="No moment apart was marked in {n} where the question was answered.",
            how_sure="Asked in rotation; not asked is not a no.",
        ),
        "apart.one.research": Template(
            level=Level.COUNT,
            sentence="In session {session} the {seat} marked a moment apart. {back}",
            how_sure="What one of the two said; no chance applies to it.",
        ),
        "apart.both.research": Template(
            level=Level.REPEATED,
            sentence="From session {session} both marked a moment apart. {back}",
            how_sure="What both said; no chance applies to it.",
        ),
        "apart.mine": Template(
            level=Level.COUNT,
            sentence=(
                "You marked a moment apart in {k} of {n} in which you answered this."
            ),
            how_sure=(
                "A count of your own answers. A session in which it was not asked is "
                "not a no."
            ),
        ),
        # The frame ------------------------------------------------------------
        "frame.count": Template(
            level=Level.COUNT,
            sentence="{held} of {n} held.{off}{late}{over}{tags}",
            how_sure="Facts of the calendar, the same for both of you.",
            another_reading="A minute on a clock does not say why.",
            question="Is the frame still the one you both want?",
        ),
        "frame.count.research": Template(
            level=Level.COUNT,
            sentence="{held} of {n} held.{off}{late}{over}{tags}",
            how_sure="Facts of the calendar.",
            another_reading="A minute on a clock does not say why.",
        ),
        # What I came for ------------------------------------------------------
        "goals.count": Template(
            level=Level.COUNT,
            sentence="{first} of 10 in session {from_}, {last} of 10 in session {to}.",
            how_sure="The {c}'s own rating of a goal in their own words.",
            question="Is it still the goal?",
        ),
        "goals.one": Template(
            level=Level.TOO_EARLY, sentence="{last} of 10 in session {to}."
        ),
        "goals.unrated": Template(level=Level.TOO_EARLY, sentence="Not rated yet."),
        "outcome.one": Template(
            level=Level.TOO_EARLY,
            sentence="One form so far: {last} in session {to}. Too early to say more.",
        ),
        "outcome.wobble": Template(
            level=Level.COUNT,
            sentence=("{first} in session {from_}, {last} in session {to}. {within}"),
            how_sure=(
                "A change of less than {points} points is the usual wobble of this "
                "form ({seen})."
            ),
            another_reading="A form asks of {recall}, not of a life.",
            question="Does this fit what you notice yourselves?",
        ),
        "outcome.no_wobble": Template(
            level=Level.COUNT,
            sentence="{first} in session {from_}, {last} in session {to}.",
            how_sure="How far this form wobbles by itself is not established here.",
            another_reading="A form asks of {recall}, not of a life.",
        ),
        "outcome.no_score": Template(
            level=Level.TOO_EARLY,
            sentence="No form is complete enough for its score.",
        ),
        "outcome.unaltered": Template(
            level=Level.COUNT,
            sentence="So answered in session {session}; shown as it was given.",
            how_sure="As said before the form: this answer is never only in a sum.",
            question="Would it help to speak of it together?",
        ),
        # What was said --------------------------------------------------------
        "turns.one": Template(
            level=Level.COUNT,
            sentence=(
                "In session {session} the {c} spoke {client} % of the words and the "
                "{t} {therapist} %, in {turns} turns. The {c} asked in "
                "{client_asks} turns, the {t} in {therapist_asks}."
            ),
            how_sure=(
                "Counted from one transcript; one session says nothing of your usual."
            ),
            another_reading="Who speaks more does not say who matters more.",
            question="Does this fit how the hour felt?",
        ),
        "turns.one.research": Template(
            level=Level.COUNT,
            sentence=(
                "In session {session} the {c} spoke {client} % of the words and the "
                "{t} {therapist} %, in {turns} turns. The {c} asked in "
                "{client_asks} turns, the {t} in {therapist_asks}."
            ),
            how_sure=(
                "Counted from one transcript; one session says nothing of what is usual."
            ),
            another_reading="Who speaks more does not say who matters more.",
        ),
        "turns.one_voice": Template(
            level=Level.TOO_EARLY,
            sentence="The transcript of session {session} holds one voice only.",
            how_sure="Shares of two people cannot be counted from it.",
        ),
        "pauses.one": Template(
            level=Level.COUNT,
            sentence=(
                "In session {session} there were {silences}. {latencies} {overlaps}"
            ),
            how_sure="Counted from the times of one transcript.",
            another_reading=(
                "A silence may be thinking, waiting or resting; times do not say which."
            ),
            question="What do you remember of the silences?",
        ),
        "pauses.none": Template(
            level=Level.TOO_EARLY,
            sentence="Nothing is said of pauses in session {session}.",
            how_sure="Its transcript cannot tell: {why}.",
        ),
        "following.both": Template(
            level=Level.UNUSUAL,
            sentence=(
                "In session {session} each of you used words of the turn just before more "
                "than when the same turns are put in random order."
            ),
            how_sure=_IN_ORDER,
            another_reading=_ONE_MATTER,
            question="Does this fit how the hour felt?",
        ),
        "following.both.research": Template(
            level=Level.UNUSUAL,
            sentence=(
                "In session {session} each used words of the turn just before more than "
                "when the same turns are put in random order."
            ),
            how_sure=_IN_ORDER,
            another_reading=_ONE_MATTER,
        ),
        "following.one": Template(
            level=Level.UNUSUAL,
            sentence=(
                "In session {session} the {who} used words of the {other}\u2019s turn just "
                "before more than when the same turns are put in random order. The other "
                "way round it cannot be told from random order."
            ),
            how_sure=_IN_ORDER,
            another_reading=_ONE_MATTER,
            question="Does this fit how the hour felt?",
        ),
        "following.within": Template(
            level=Level.COUNT,
            sentence=(
                "In session {session} neither used words of the turn just before more than "
                "when the same turns are put in random order."
            ),
            how_sure="That is a usual answer, and says nothing of how closely you listened.",
            another_reading=_ONE_MATTER,
        ),
        "following.within.research": Template(
            level=Level.COUNT,
            sentence=(
                "In session {session} neither used words of the turn just before more than "
                "when the same turns are put in random order."
            ),
            how_sure="That is a usual answer, and says nothing of how closely they listened.",
            another_reading=_ONE_MATTER,
        ),
        "following.few": Template(
            level=Level.TOO_EARLY,
            sentence=(
                "Session {session} has too few turns to say whose words followed whose."
            ),
            how_sure="That takes 30 pairs of turns in each direction; here are {pairs}.",
        ),
        "following.alike": Template(
            level=Level.TOO_EARLY,
            sentence=(
                "Nothing can be said of words of the turn before in session {session}."
            ),
            how_sure="All turns of one of the two share alike much.",
        ),
        "passages.one": Template(
            level=Level.COUNT,
            sentence=(
                "In session {session} here-and-now wording stands in {now_client} of the "
                "{c} and {now_therapist} of the {t}. In {more_client} of the {c} and "
                "{more_therapist} of the {t} there was more of oneself than is usual for "
                "that person in the session, by counts of words."
            ),
            how_sure="Found by lists of words: \u201cright now\u201d may be about last week.",
            another_reading="No count of words says how deep anything went.",
        ),
        "shares.few": Template(
            level=Level.TOO_EARLY,
            sentence="{n} sessions have a transcript. Too early to say more of them together.",
        ),
        "shares.many": Template(
            level=Level.COUNT,
            sentence=(
                "Over {n} sessions with a transcript the {c} spoke {low} to {high} % of "
                "the words, and the {t} the rest."
            ),
            how_sure="Counted, session by session.",
            another_reading="Who speaks more does not say who matters more.",
            question="When were the hours that differ, and what were they about?",
        ),
        "shares.many.research": Template(
            level=Level.COUNT,
            sentence=(
                "Over {n} sessions with a transcript the {c} spoke {low} to {high} % of "
                "the words, and the {t} the rest."
            ),
            how_sure="Counted, session by session.",
            another_reading="Who speaks more does not say who matters more.",
        ),
        "followed.few": Template(
            level=Level.TOO_EARLY,
            sentence=(
                "{n} sessions have turns enough to say whose words followed whose. Too "
                "early to say more of them together."
            ),
        ),
        "followed.many": Template(
            level=Level.COUNT,
            sentence=(
                "In {client} of {n} sessions the {c} used words of the turn just before "
                "more than in random order, and in {therapist} the {t} did."
            ),
            how_sure=(
                "Chance alone makes about {chance} such sessions in each direction. Longer "
                "sessions show it more readily."
            ),
            another_reading=_ONE_MATTER,
        ),
        # How the two moved together --------------------------------------------
        "moving.beyond": Template(
            level=Level.UNUSUAL,
            sentence=(
                "In session {session} your {what} went together more than when the same "
                "recording of one of you is slid against the other’s, most of all "
                "{apart}."
            ),
            how_sure=_SLID,
            another_reading=_LIKE_TOGETHER,
            question="Does this fit how the hour felt?",
        ),
        "moving.beyond.research": Template(
            level=Level.UNUSUAL,
            sentence=(
                "In session {session} their {what} went together more than when the same "
                "recording of one is slid against the other’s, most of all {apart}."
            ),
            how_sure=_SLID,
            another_reading=_LIKE_TOGETHER,
        ),
        "moving.within": Template(
            level=Level.COUNT,
            sentence=(
                "In session {session} your {what} cannot be told from what the same "
                "recording of one of you gives when it is slid against the other’s."
            ),
            how_sure=_WEAK,
            another_reading=_LIKE_TOGETHER,
            question="Does this fit how the hour felt?",
        ),
        "moving.within.research": Template(
            level=Level.COUNT,
            sentence=(
                "In session {session} their {what} cannot be told from what the same "
                "recording of one gives when it is slid against the other’s."
            ),
            how_sure=_WEAK,
            another_reading=_LIKE_TOGETHER,
        ),
        "moving.short": Template(
            level=Level.TOO_EARLY,
            sentence=(
                "The recording of session {session} is too short to say anything of it."
            ),
            how_sure="That takes {needed}.",
        ),
        "moving.slow": Template(
            level=Level.TOO_EARLY,
            sentence=(
                "The recording of session {session} has too few samples a second to say "
                "anything of it."
            ),
        ),
        "moments.none.research": Template(
            level=Level.COUNT,
            sentence=(
                "No stretch of their {what} in session {session} stood out. That is the "
                "usual answer."
            ),
            how_sure=_WEAK,
            another_reading=_LIKE_TOGETHER,
        ),
        "moving.blank": Template(
            level=Level.TOO_EARLY,
            sentence="Nothing can be said of how the {what} of session {session} went.",
            how_sure="Too much is missing, or one of the two does not change.",
        ),
        "moments.found": Template(
            level=Level.UNUSUAL,
            sentence=(
                "In session {session} your {what} followed one another closely {when}."
            ),
            how_sure=_MOMENT,
            another_reading=_LIKE_TOGETHER,
            question="What was happening between you then?",
        ),
        "moments.found.research": Template(
            level=Level.UNUSUAL,
            sentence=(
                "In session {session} their {what} followed one another closely {when}."
            ),
            how_sure=_MOMENT,
            another_reading=_LIKE_TOGETHER,
        ),
        "moments.none": Template(
            level=Level.COUNT,
            sentence=(
                "No stretch of your {what} in session {session} stood out. That is the "
                "usual answer."
            ),
            how_sure=_WEAK,
            another_reading=_LIKE_TOGETHER,
        ),
    }
)

NOTES = MappingProxyType(
    {
        "no_card": _NO_CARD,
        "family": (
            "Several lines are looked at after each session, so that some card turns up "
            "by chance alone more often than the line of one card says: on this page "
            "in up to about {chance} ordinary sessions ({near_top} where answers are "
            "near the top of the scale)."
        ),
        "unvalidated": (
            "The questions are an original draft and have not been validated."
        ),
        "levels": (
            "Lines with a shade, one quiet session of both, and who influences whom rest "
            "on values that were assumed for every pair beforehand, not learned from "
            "anybody."
        ),
        "research": (
            "Research reading: every answer is used, also what was not opened. Not for "
            "either person, and only with consent."
        ),
        "made_up": "Everything here is made up. No such people, no such sessions.",
    }
)

PHRASES = MappingProxyType(
    {
        "track.ours": "Dots are what each of you answered. No answer is exact, so a line is an "
        "estimate of the movement beneath, and its shade is how sure that is: about 9 times in "
        "10 the line belongs in there. Dots may be outside. Your answers stand.",
        "track.mine": "Dots are what you answered. No answer is exact, so the line is an "
        "estimate of the movement beneath, and its shade is how sure that is: about 9 times in "
        "10 the line belongs in there. Dots may be outside. Your answer stands.",
        "track.text": "No answer is exact. “The line now” is an estimate of what is beneath the "
        "newest ones, in points of 100; about 9 times in 10 it belongs between the two numbers "
        "in brackets.",
        "track.beyond": "at the end of the slider",
        "cards.none": "Nothing stands out today. No card does not mean nothing is "
        "happening.",
        "views.moved": (
            " From one opened session to the next both answers moved the same way in "
            "{together} of {steps} steps."
        ),
        "back.not_yet": "No mark of coming back has opened yet.",
        "back.at_once": "Back in the same session.",
        "back.later": "Back by session {session}.",
        "wobble.within": "That is within its usual wobble.",
        "wobble.beyond": "That is more than its usual wobble.",
        "wobble.seen": "a published figure",
        "wobble.quoted": "a published figure, seen in a secondary source only",
        "recall.unknown": "one moment",
        "frame.off": " Of the others: {parts}.",
        "frame.late": " Began more than 5 minutes late: {n} of {known}.",
        "frame.over": (
            " Ran over by as much: {over} of {known}; ended early by as much: {short}."
        ),
        "influence.between": (
            "; 9 in 10 of the plausible answers run from “{low}” to “{high}”"
        ),
        "influence.before": "Before 16 sessions have opened nothing else is said of it. ",
        "influence.neither": "neither moves the other more",
        "influence.more": "the {one} moves the {other} more",
        "influence.a_little": "the {one} moves the {other} a little more",
        "unsaid.after": (
            " After a session in which the {first} held back, the {second} did in {k} "
            "of {n} next ones."
        ),
        "frame.tags": " Tagged meant: {meant}; drifted: {drifted}.",
        "frame.cancelled": "cancelled",
        "frame.moved": "moved",
        "frame.no_show": "missed",
    }
)
"""Parts that go into a template's braces."""

QUESTIONS = (
    "What would you like to stay with from last time?",
    "What went better between us than either of us said?",
    "Is there something we went past too quickly?",
    "What would make today worth the way here?",
    "What do we each need from the other today?",
)
"""Asked of both, in turn by the number of sessions, never because of an answer."""

FELT_MET = "When you went deeper, did it feel met?"
"""Asked of both, every third time that they open together, never because of an answer."""

NO_CARD = "No card does not mean nothing is happening."
"""Stands wherever there could have been one."""

WHAT_HELPS = (
    "Taking what they say of it as it is, before anything is explained.",
    "Saying what you noticed, as a wonder, and leaving it open.",
    "Asking how the hour was, and what was missing in it.",
    "Looking at one's own part first, perhaps in supervision.",
)
"""Beside a card: what people have found to help; validating and exploring come first."""

HELP_NOW = (
    "Emergency: 999",
    "NHS 111, option 2 (England)",
    "Samaritans: 116 123",
    "Text SHOUT to 85258",
)
"""UK lines shown under "Need someone now?", beside the practice's own words."""

STRAND_TITLES = MappingProxyType(
    {
        "open": "How open each could be",
        "understood": "How understood the client felt",
        "safe": "Trust between the two",
        "here": "How fully the therapist was here",
        "deep": "How deep we went",
        "toward": "Towards what the client came for",
        "level": "Two people on level ground",
        "leaving": "How each left",
        "lead": "Who chose where we went",
        "need": "For next time",
        "unsaid": "Left unsaid",
        "apart": "Apart and back",
        "sup_heard": "How heard the supervisee felt",
        "sup_focus": "On what mattered most",
        "sup_open": "How open each could be",
        "sup_unsaid": "Left unsaid",
        "sup_apart": "Apart and back",
    }
)
"""What a prompt's strand is called on the page of the two."""
