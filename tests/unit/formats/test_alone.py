from duologue.formats.alone import transcript_alone
from duologue.records import Seat, Segment, Turns


def test_a_transcript_is_a_course_of_one_session_after_which_nothing_was_asked():
    turns = Turns(session=3, segments=(Segment(Seat.CLIENT, None, None, "Hello."),))

    course = transcript_alone(turns)

    assert course.turns == (turns,)
    assert [session.number for session in course.sessions] == [3]
    assert course.reflections == course.prompts.items == ()
    assert (course.dyad.client, course.dyad.therapist) == ("client", "therapist")
