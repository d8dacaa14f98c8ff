import re
import traceback
from datetime import UTC, datetime

import pytest

from duologue.errors import FileError, InstrumentError
from duologue.formats.course_folder import read_course, sessions, write_course, writer
from duologue.records import (
    Agreement,
    Answer,
    Course,
    Dyad,
    EdgeKind,
    FrameEvent,
    Goal,
    Kind,
    Measure,
    Mode,
    Reflection,
    Seat,
    Segment,
    Session,
    Status,
    Tag,
    Turns,
)
from strategies import prompts

SMALL = prompts()
SETTINGS = '[seats]\nclient = "C1"\ntherapist = "T1"\n'
SESSIONS = "session\n1\n2\n"
UNTOLD = "zebra"  # stands in every cell that could be an answer and is refused


def read(folder):
    return read_course(folder, lambda _: SMALL)


@pytest.fixture
def folder(tmp_path):
    """Return a function that writes files into a folder that is otherwise right."""

    def write_folder(**files):
        place = tmp_path / "pair-7"
        texts = {"course.toml": SETTINGS, "sessions.csv": SESSIONS}
        texts |= {f"{n}.toml" if n == "course" else f"{n}.csv": files[n] for n in files}
        place.mkdir()
        for name, text in texts.items():
            if text is not None:
                (place / name).write_bytes(text.encode())
        return place

    return write_folder


def transcript(place, number, name="transcript.csv"):
    (place / f"session-{number:03d}").mkdir(exist_ok=True)
    text = "seat,start,end,text\nclient,0.0,1.5,Hello there\ntherapist,2.0,3.5,Yes\n"
    (place / f"session-{number:03d}" / name).write_text(text)


# Settings


def test_the_smallest_course_has_two_seats_and_sessions(folder):
    course = read(folder())

    assert course.dyad == Dyad(code="pair-7", client="C1", therapist="T1")
    assert [session.number for session in course.sessions] == [1, 2]
    assert course.made_up is False
    assert course.reflections == course.measures == course.goals == course.turns == ()


def test_settings_say_who_sits_where_and_what_was_agreed(folder):
    settings = """
        made_up = true
        kind = "supervision"
        code = "P-7"
        [seats]
        client = "S1"
        therapist = "V1"
        [agreement]
        length_min = 50
        rhythm = "monthly"
        frame = "as written"
        crisis = "call 112"
        [labels]
        client = ["S", "Supervisee"]
    """

    course = read(folder(course=settings))

    agreed = Agreement(
        length_min=50, rhythm="monthly", frame="as written", crisis="call 112"
    )
    assert course.made_up is True
    assert course.dyad == Dyad(
        code="P-7",
        client="S1",
        therapist="V1",
        kind=Kind.SUPERVISION,
        agreement=agreed,
    )


def test_the_prompts_are_those_of_the_kind_of_pair(folder):
    asked = []

    read_course(folder(course='kind = "supervision"\n' + SETTINGS), _noting(asked))

    assert asked == [Kind.SUPERVISION]


def _noting(asked):
    def prompts_for(kind):
        asked.append(kind)
        return SMALL

    return prompts_for


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        (None, "there is no such file"),
        ("", "must hold text, but is empty"),
        ("made_up = yes\n" + SETTINGS, "line 1: this is not TOML"),
        ('code = "open', "this is not TOML"),
        ("a = " + "[" * 5000, "this is not TOML"),
        ("a = " + "9" * 5000, "this is not TOML"),
        ('made_up = "true"\n' + SETTINGS, "made_up must be true or false"),
        ('kind = "zebra"\n' + SETTINGS, "kind must be one of therapy, supervision"),
        ("kind = 1\n" + SETTINGS, "kind must be one of therapy, supervision"),
        ("code = 7\n" + SETTINGS, "code must be text in quotation marks"),
        (
            'zebra = "x"\n' + SETTINGS,
            "unknown key at the top: allowed are made_up, kind",
        ),
        (SETTINGS + 'zebra = "x"', r"unknown key in \[seats\]: allowed are client, th"),
        (
            SETTINGS + "[agreement]\nzebra=1",
            r"unknown key in \[agreement\]: allowed are",
        ),
        (SETTINGS + "[labels]\nzebra=[]", r"unknown key in \[labels\]: allowed are cl"),
        ('seats = "zebra"', r"seats must be a section \[seats\]"),
        ('code = "p"', "needs both seats"),
        ('[seats]\nclient = "zebra"', "needs both seats"),
        ('[seats]\ntherapist = "zebra"', "needs both seats"),
        ('[seats]\nclient = "a"\ntherapist = ""', "dyad therapist must be a code"),
        ('[seats]\nclient = "a"\ntherapist = "a"', "must hold two people"),
        (SETTINGS + "[agreement]\nlength_min = 3", "must lie in 5 to 480 minutes"),
        (SETTINGS + "[agreement]\nlength_min = true", "length_min must be a whole"),
        (SETTINGS + "[agreement]\nrhythm = 7", "rhythm must be text"),
        (
            SETTINGS + '[labels]\nclient = "C"',
            r"client in \[labels\] must be a list of",
        ),
        (
            SETTINGS + "[labels]\nclient = [1]",
            r"client in \[labels\] must be a list of",
        ),
    ],
)
def test_settings_that_say_something_else_are_refused(folder, settings, problem):
    with pytest.raises(FileError, match=rf"course\.toml.*{problem}") as error:
        read(folder(course=settings))

    assert UNTOLD not in str(error.value)


def test_the_line_of_bad_toml_is_named(folder):
    with pytest.raises(FileError, match=r"course\.toml, line 3: this is not TOML"):
        read(folder(course='[seats]\nclient = "a"\ntherapist = b\n'))


def test_what_the_prompts_refuse_is_passed_on(folder):
    def refuse(kind):
        raise InstrumentError("there are no prompts of this kind.")

    with pytest.raises(InstrumentError, match="no prompts of this kind"):
        read_course(folder(), refuse)


# Sessions


def test_sessions_hold_times_mode_status_and_who(folder):
    sessions = (
        "session,planned_start,started,ended,mode,status,by\n"
        "1,2026-01-05T14:00,2026-01-05T14:02:30,2026-01-05T14:52,room,,\n"
        "003,2026-01-12T14:00,,,,no_show,client\n"
    )

    course = read(folder(sessions=sessions))

    assert course.sessions == (
        Session(
            number=1,
            planned_start=datetime(2026, 1, 5, 14),  # noqa: DTZ001  (as the file)
            started=datetime(2026, 1, 5, 14, 2, 30),  # noqa: DTZ001
            ended=datetime(2026, 1, 5, 14, 52),  # noqa: DTZ001
            mode=Mode.ROOM,
        ),
        Session(
            number=3,
            planned_start=datetime(2026, 1, 12, 14),  # noqa: DTZ001
            status=Status.NO_SHOW,
            by=Seat.CLIENT,
        ),
    )


def test_a_moved_or_cancelled_session_may_have_been_planned_at_any_time(folder):
    sessions = (
        "session,planned_start,status\n"
        "1,2026-01-05T14:00Z,held\n"
        "2,2025-01-05T14:00Z,moved\n"
        "3,2027-01-05T14:00Z,cancelled\n"
        "4,2026-01-12T14:00Z,held\n"
    )

    course = read(folder(sessions=sessions))

    assert course.sessions[3].planned_start == datetime(2026, 1, 12, 14, tzinfo=UTC)


FULL = "session,planned_start,started,ended,mode,status,by\n1,,,,,,\n"


@pytest.mark.parametrize(
    ("sessions", "line", "problem"),
    [
        ("session\n1\nzebra\n", 3, "session must be a whole number of 0 or more"),
        ("session\n-1\n", 2, "session must be a whole number of 0 or more"),
        ("session\n1.0\n", 2, "session must be a whole number of 0 or more"),
        ("session\n1\n2\n1\n", 4, "stands on an earlier line too"),
        ("session\n1\n3\n2\n", 4, "session numbers must rise"),
        ("session,zebra\n1,2\n", 1, "column 2 is not one of session, planned_start"),
        ("mode\nroom\n", 1, "the column session is missing"),
        (FULL + "2,zebra,,,,,\n", 3, "planned_start must be a time as in .*ISO 8601"),
        (
            FULL + "2,2026-01-31,,,,,\n",
            3,
            "planned_start must be a time as in .*ISO 8601",
        ),
        (FULL + "2,,31.1.2026 14:00,,,,\n", 3, "started must be a time"),
        (FULL + "2,,,2026-13-01T14:00,,,\n", 3, "ended must be a time"),
        (FULL + "2,,,,zebra,,\n", 3, "mode must be one of room, online, phone"),
        (FULL + "2,,,,,zebra,\n", 3, "status must be one of held, cancelled, no_show"),
        (FULL + "2,,,,,,zebra\n", 3, "by must be one of client, therapist"),
        (
            FULL + "2,,2026-01-05T14:00,2026-01-05T13:00,,,\n",
            3,
            "must not end before it starts",
        ),
        (
            FULL + "2,2026-01-05T14:00Z,2026-01-05T14:00,,,,\n",
            3,
            "must all carry a UTC offset, or none",
        ),
        (
            FULL + "2,2026-01-05T14:00Z,,,,,\n3,,2026-01-12T14:00,,,,\n",
            4,
            "must all carry a UTC offset, or none",
        ),
        (
            FULL + "2,2026-01-05T14:00,,,,,\n3,,,,,,\n4,2026-01-05T13:00,,,,,\n",
            5,
            "planned_start must not lie before",
        ),
    ],
)
def test_sessions_that_contradict_each_other_are_refused(
    folder, sessions, line, problem
):
    with pytest.raises(
        FileError, match=rf"sessions\.csv, line {line}: .*{problem}"
    ) as e:
        read(folder(sessions=sessions))

    assert UNTOLD not in str(e.value)


def test_without_sessions_csv_the_session_folders_are_the_sessions(folder):
    place = folder(sessions=None)
    transcript(place, 12)
    transcript(place, 3)

    course = read(place)

    assert course.sessions == (Session(number=3), Session(number=12))
    assert [turns.session for turns in course.turns] == [3, 12]


def test_neither_sessions_nor_session_folders_is_refused(folder):
    with pytest.raises(
        FileError, match=r"needs sessions\.csv, or folders called session-"
    ):
        read(folder(sessions=None))


def test_a_session_folder_that_sessions_csv_lacks_is_refused(folder):
    place = folder()
    transcript(place, 9)

    with pytest.raises(FileError, match=r"session-009: sessions\.csv has no session 9"):
        read(place)


def test_two_folders_for_one_session_are_refused(folder):
    place = folder()
    (place / "session-1").mkdir()
    (place / "session-001").mkdir()

    with pytest.raises(FileError, match="session 1 has two folders"):
        read(place)


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(FileError, match=r"course\.toml: there is no such file"):
        read(tmp_path / "nowhere")


def test_a_folder_that_the_disk_refuses_is_refused_in_words(folder, monkeypatch):
    def fail(place):
        raise PermissionError(13, "Permission denied")

    place = folder()
    monkeypatch.setattr(sessions.os, "scandir", fail)

    with pytest.raises(
        FileError, match="pair-7: this folder cannot be read: Permission"
    ):
        read(place)


# Reflections


def test_reflections_are_grouped_and_put_in_order(folder):
    reflections = (
        "session,seat,item,value,shared\n"
        "2,client,open,10,yes\n"
        "1,therapist,lead,-12.5,no\n"
        '01,client,words,"one, two\nthree ",\n'
        "1,client,unsaid,a_little,no\n"
        "1,client,open,,yes\n"
        "1,client,need,more_time|slower,yes\n"
    )

    course = read(folder(reflections=reflections))

    assert course.reflections == (
        Reflection(
            session=1,
            seat=Seat.CLIENT,
            answers=(
                Answer("open", None, shared=True),
                Answer("unsaid", "a_little"),
                Answer("need", ("more_time", "slower"), shared=True),
                Answer("words", "one, two\nthree "),
            ),
        ),
        Reflection(session=1, seat=Seat.THERAPIST, answers=(Answer("lead", -12.5),)),
        Reflection(session=2, seat=Seat.CLIENT, answers=(Answer("open", 10.0, True),)),
    )


def test_without_the_column_shared_nothing_is_shared(folder):
    course = read(folder(reflections="item,seat,session,value\nopen,client,1,5\n"))

    assert course.reflections[0].answers == (Answer("open", 5.0, shared=False),)


HEAD = "session,seat,item,value,shared\n1,client,open,50,yes\n"


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (
            "1,therapist,open,zebra,yes",
            "open of the therapist takes a number in 0 to 100",
        ),
        (
            "1,therapist,open,100.01,",
            "open of the therapist takes a number in 0 to 100",
        ),
        ("1,therapist,open,-1,", "open of the therapist takes a number in 0 to 100"),
        ("1,therapist,open,nan,", "open of the therapist takes a number in 0 to 100"),
        ("1,therapist,open,inf,", "open of the therapist takes a number in 0 to 100"),
        ("1,client,lead,51,", "lead of the client takes a number in -50 to 50"),
        ("1,client,unsaid,zebra,", "unsaid of the client takes one of no, a_little, m"),
        ("1,client,unsaid,no|no,", "unsaid of the client takes one of no, a_little"),
        ("1,client,need,zebra,", "need of the client takes any of slower, quiet, more"),
        (
            "1,client,need,slower|zebra,",
            "need of the client takes any of slower, quiet",
        ),
        ("1,client,need,slower|slower,", "each once, joined by"),
        ("1,therapist,need,quiet,", "need of the therapist takes any of slower, ask_m"),
        (f"1,client,words,{UNTOLD * 9},", "words of the client takes at most 40 char"),
        ("1,client,zebra,50,", "unknown item: it must be one of open, lead, unsaid"),
        ("1,zebra,open,50,", "seat must be one of client, therapist"),
        ("1,,open,50,", "seat must be client or therapist, not blank"),
        ("3,client,open,50,", "sessions.csv does not have this session"),
        ("zebra,client,open,50,", "session must be a whole number"),
        (",client,open,50,", "session must be a whole number"),
        ("1,client,open,51,", "this seat's answer to this item stands twice"),
        ("001,client,open,,", "this seat's answer to this item stands twice"),
        ("1,client,lead,5,zebra", "shared must be yes, no or blank"),
        ("1,client,lead,5", "a row has 5 cells"),
        ("1,client,lead,5,no,zebra", "a row has 5 cells"),
        ('1,client,words,"zebra', "quotation marks do not match"),
    ],
)
def test_an_answer_that_is_not_allowed_is_refused_and_not_told(folder, row, problem):
    place = folder(reflections=HEAD + row + "\n")

    with pytest.raises(FileError, match=rf"reflections\.csv, line 3: .*{problem}") as e:
        read(place)

    assert UNTOLD not in "".join(traceback.format_exception(e.value))


def test_a_column_of_reflections_that_is_not_known_is_refused(folder):
    place = folder(reflections="session,seat,item,value,zebra\n")

    with pytest.raises(
        FileError, match="line 1: unknown column: column 5 is not one of"
    ):
        read(place)


# Measures, goals, frame


def test_measures_hold_the_numbers_of_one_form_in_the_order_of_the_file(folder):
    measures = (
        "session,seat,instrument,item,value\n"
        "2,client,ors,b,3.5\n"
        "1,client,ors,a,\n"
        "2,client,ors,a,0\n"
    )

    course = read(folder(measures=measures))

    assert course.measures == (
        Measure(
            instrument="ors",
            session=2,
            seat=Seat.CLIENT,
            answers=(("b", 3.5), ("a", 0.0)),
        ),
        Measure(instrument="ors", session=1, seat=Seat.CLIENT, answers=(("a", None),)),
    )


MEASURE = "session,seat,instrument,item,value\n1,client,ors,a,3\n"


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (
            "1,client,ors,b,zebra",
            "value must be a number with a decimal point, or blank",
        ),
        ("1,client,ors,b,nan", "value must be a number"),
        ("1,client,ors,a,3", "this item of this form stands twice"),
        ("3,client,ors,a,3", "sessions.csv does not have this session"),
        ("1,zebra,ors,a,3", "seat must be one of client, therapist"),
        ("1,client,,a,3", "instrument and item must not be blank"),
        ("1,client,ors,,3", "instrument and item must not be blank"),
    ],
)
def test_a_measure_that_is_not_one_is_refused(folder, row, problem):
    place = folder(measures=MEASURE + row + "\n")

    with pytest.raises(
        FileError, match=rf"measures\.csv, line 3: .*{problem}"
    ) as error:
        read(place)

    assert UNTOLD not in str(error.value)


def test_each_line_of_the_measures_is_put_to_whoever_checks_them(folder):
    asked = []
    place = folder(measures=MEASURE + "2,therapist,srs,b,\n")

    read_course(place, lambda _: SMALL, check_answer=lambda *given: asked.append(given))

    assert asked == [
        ("ors", Seat.CLIENT, "a", 3.0),
        ("srs", Seat.THERAPIST, "b", None),
    ]


def test_a_measure_that_is_refused_is_told_with_its_file_and_line(folder):
    def check(instrument, *_):
        if instrument == UNTOLD:
            raise InstrumentError("instrument must be one of ors.")

    place = folder(measures=f"{MEASURE}1,client,{UNTOLD},a,3\n")

    with pytest.raises(
        FileError, match=r"measures\.csv, line 3: instrument must be one of ors\.$"
    ) as error:
        read_course(place, lambda _: SMALL, check_answer=check)

    assert UNTOLD not in "".join(traceback.format_exception(error.value))


def test_goals_hold_words_and_ratings_in_the_order_of_the_sessions(folder):
    goals = (
        "goal,words,session,rating\n"
        'g1,"Sleep, most nights",2,4\n'
        "g2,Call my sister,,\n"
        "g1,,1,2.5\n"
        "g2,Call my sister,1,0\n"
    )

    course = read(folder(goals=goals))

    assert course.goals == (
        Goal(code="g1", words="Sleep, most nights", ratings=((1, 2.5), (2, 4.0))),
        Goal(code="g2", words="Call my sister", ratings=((1, 0.0),)),
    )


def test_goals_may_stand_without_columns_for_ratings(folder):
    course = read(folder(goals="goal,words\ng1,Sleep\n"))

    assert course.goals == (Goal(code="g1", words="Sleep"),)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("g2,,1,5", "the first line of a goal must hold its words"),
        ("g1,zebra,2,5", "the words of a goal must be blank here, or as on its first"),
        (",zebra,2,5", "goal must be a code, not blank"),
        ("g1,,1,5", "this goal is rated twice at this session"),
        ("g1,,2,11", "rating must be a number in 0 to 10"),
        ("g1,,2,-1", "rating must be a number in 0 to 10"),
        ("g1,,2,zebra", "rating must be a number in 0 to 10"),
        ("g1,,2,", "rating must be a number in 0 to 10"),
        ("g1,,,5", "session must be a whole number"),
        ("g1,,3,5", "sessions.csv does not have this session"),
    ],
)
def test_a_goal_that_contradicts_itself_is_refused(folder, row, problem):
    place = folder(goals=f"goal,words,session,rating\ng1,Sleep,1,4\n{row}\n")

    with pytest.raises(FileError, match=rf"goals\.csv, line 3: .*{problem}") as error:
        read(place)

    assert UNTOLD not in str(error.value)


def test_the_frame_holds_edges_that_moved(folder):
    frame = "session,kind,by,tag\n2,fee,therapist,meant\n1,contact,,\n"

    course = read(folder(frame=frame))

    assert course.frame == (
        FrameEvent(session=2, kind=EdgeKind.FEE, by=Seat.THERAPIST, tag=Tag.MEANT),
        FrameEvent(session=1, kind=EdgeKind.CONTACT),
    )


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("1,zebra,,", "kind must be one of late_start, overran"),
        ("1,,,", "kind must be one of late_start, overran, .*not blank"),
        ("1,fee,zebra,", "by must be one of client, therapist"),
        ("1,fee,,zebra", "tag must be one of meant, drifted"),
        ("3,fee,,", "sessions.csv does not have this session"),
    ],
)
def test_an_edge_that_is_not_one_is_refused(folder, row, problem):
    place = folder(frame=f"session,kind,by,tag\n1,fee,,\n{row}\n")

    with pytest.raises(FileError, match=rf"frame\.csv, line 3: .*{problem}") as error:
        read(place)

    assert UNTOLD not in str(error.value)


# Transcripts and other files


def test_a_session_folder_may_hold_a_transcript(folder):
    place = folder()
    transcript(place, 2)

    (turns,) = read(place).turns

    assert turns.session == 2
    assert turns.segments[0] == Segment(Seat.CLIENT, 0.0, 1.5, "Hello there")


def test_the_labels_of_the_folder_say_who_speaks(folder):
    labels = '[labels]\nclient = ["Q"]\ntherapist = ["Z"]\n'
    place = folder(course=SETTINGS + labels)
    (place / "session-001").mkdir()
    (place / "session-001" / "transcript.vtt").write_text(
        "WEBVTT\n\n00:00.000 --> 00:02.000\n<v Z>Hello\n\n"
        "00:02.500 --> 00:04.000\n<v Q>Good day\n"
    )

    (turns,) = read(place).turns

    assert [segment.seat for segment in turns.segments] == [Seat.THERAPIST, Seat.CLIENT]


def test_two_transcripts_of_one_session_are_refused(folder):
    place = folder()
    transcript(place, 1)
    transcript(place, 1, "transcript.vtt")

    with pytest.raises(
        FileError, match="session-001: a session must have one transcript"
    ):
        read(place)


def test_other_files_and_folders_are_left_alone(folder):
    place = folder()
    (place / "notes.txt").write_text("mine")
    (place / "session-old").mkdir()
    (place / "session-001").mkdir()
    (place / "session-001" / "notes.csv").write_text("not,a\ntranscript")

    assert read(place).turns == ()


# Writing


def full_course():
    return Course(
        dyad=Dyad(
            code='P "7"\\',
            client="C\t1",
            therapist="T1",
            kind=Kind.SUPERVISION,
            agreement=Agreement(length_min=50, frame="50 minutes.\nNo calls."),
        ),
        prompts=SMALL,
        sessions=(
            Session(
                number=1,
                planned_start=datetime(2026, 1, 5, 14, tzinfo=UTC),
                mode=Mode.ROOM,
            ),
            Session(number=2, status=Status.MOVED, by=Seat.THERAPIST),
        ),
        reflections=(
            Reflection(
                session=1,
                seat=Seat.CLIENT,
                answers=(
                    Answer("open", 50.0, shared=True),
                    Answer("need", ("slower", "quiet")),
                    Answer("words", '=1+1, "so"'),
                ),
            ),
            Reflection(session=1, seat=Seat.THERAPIST, answers=(Answer("open", None),)),
        ),
        measures=(
            Measure(
                instrument="ors",
                session=1,
                seat=Seat.CLIENT,
                answers=(("a", 0.1), ("b", None)),
            ),
        ),
        goals=(
            Goal(code="g1", words="Sleep", ratings=((1, 3.0), (2, 4.5))),
            Goal(code="g2", words="Call"),
        ),
        frame=(FrameEvent(session=2, kind=EdgeKind.FEE, by=Seat.CLIENT),),
        turns=(
            Turns(session=1, segments=(Segment(Seat.CLIENT, 0.0, 1.5, "Hello there"),)),
        ),
        made_up=True,
    )


def test_a_written_course_is_plain_text(tmp_path):
    write_course(full_course(), tmp_path / "p")

    texts = {
        path.relative_to(tmp_path / "p").as_posix(): path.read_bytes().decode()
        for path in (tmp_path / "p").rglob("*.*")
    }
    del texts["session-001/transcript.csv"]
    assert texts == {
        "course.toml": (
            'made_up = true\nkind = "supervision"\ncode = "P \\u00227\\u0022\\u005c"\n'
            '\n[seats]\nclient = "C\\u00091"\ntherapist = "T1"\n'
            '\n[agreement]\nlength_min = 50\nframe = "50 minutes.\\u000aNo calls."\n'
        ),
        "sessions.csv": (
            "session,planned_start,started,ended,mode,status,by\n"
            "1,2026-01-05T14:00:00+00:00,,,room,held,\n"
            "2,,,,,moved,therapist\n"
        ),
        "reflections.csv": (
            "session,seat,item,value,shared\n"
            "1,client,open,50,yes\n"
            "1,client,need,slower|quiet,no\n"
            '1,client,words,"=1+1, ""so""",no\n'
            "1,therapist,open,,no\n"
        ),
        "measures.csv": (
            "session,seat,instrument,item,value\n1,client,ors,a,0.1\n1,client,ors,b,\n"
        ),
        "goals.csv": (
            "goal,words,session,rating\ng1,Sleep,1,3\ng1,,2,4.5\ng2,Call,,\n"
        ),
        "frame.csv": "session,kind,by,tag\n2,fee,client,\n",
    }


def test_files_without_content_are_not_written(tmp_path):
    course = Course(dyad=Dyad(code="p", client="c", therapist="t"), prompts=SMALL)

    write_course(course, tmp_path / "p")

    names = {path.name for path in (tmp_path / "p").iterdir()}
    assert names == {"course.toml", "sessions.csv"}
    assert read(tmp_path / "p") == course


def test_an_empty_folder_may_be_written_to(tmp_path):
    (tmp_path / "p").mkdir()

    write_course(full_course(), tmp_path / "p")

    assert read(tmp_path / "p").dyad == full_course().dyad


def test_what_was_answered_in_another_order_is_put_in_order(tmp_path):
    first, second = (
        Reflection(
            session=1,
            seat=seat,
            answers=(Answer("words", "x"), Answer("open", 5.0)),
        )
        for seat in (Seat.THERAPIST, Seat.CLIENT)
    )
    empty = Reflection(session=2, seat=Seat.CLIENT, answers=())
    course = Course(
        dyad=Dyad(code="p", client="c", therapist="t"),
        prompts=SMALL,
        sessions=(Session(number=1), Session(number=2)),
        reflections=(empty, first, second),
    )

    write_course(course, tmp_path / "p")

    found = read(tmp_path / "p").reflections
    assert [each.seat for each in found] == [Seat.CLIENT, Seat.THERAPIST]
    assert [answer.item for answer in found[0].answers] == ["open", "words"]


def test_a_folder_that_holds_something_is_not_written_over(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")

    with pytest.raises(FileError, match="this folder is not empty"):
        write_course(full_course(), tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_file_is_not_written_over(tmp_path):
    (tmp_path / "p").write_text("mine")

    with pytest.raises(FileError, match="p: this folder cannot be written: Not a dir"):
        write_course(full_course(), tmp_path / "p")


def test_the_folder_above_must_exist(tmp_path):
    with pytest.raises(FileError, match="this folder cannot be written: No such file"):
        write_course(full_course(), tmp_path / "above" / "p")


def test_a_write_that_fails_half_way_leaves_nothing_behind(tmp_path, monkeypatch):
    def fail(turns):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writer, "write_transcript", fail)

    with pytest.raises(FileError, match="cannot be written: No space left on device"):
        write_course(full_course(), tmp_path / "p")

    assert list(tmp_path.iterdir()) == []


def course_with(answer, seat=Seat.CLIENT):
    return Course(
        dyad=Dyad(code="p", client="c", therapist="t"),
        prompts=SMALL,
        sessions=(Session(number=1),),
        reflections=(Reflection(session=1, seat=seat, answers=(answer,)),),
    )


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (Answer("words", ""), "the reflections would not read back the same"),
        (
            Answer("words", f"{UNTOLD}\r\n"),
            "the reflections would not read back the same",
        ),
        (Answer("need", ()), "the reflections would not read back the same"),
        (Answer("open", "50"), "the reflections would not read back the same"),
        (
            Answer("words", f"{UNTOLD}\0"),
            "would not read back from reflections.csv: .*bin",
        ),
        (Answer("words", f"{UNTOLD}\ud800"), "reflections.csv would hold a character"),
        (
            Answer("open", 101.0),
            "would not read back from reflections.csv: open of the",
        ),
        (
            Answer("open", float("nan")),
            "would not read back from reflections.csv: open",
        ),
        (
            Answer(UNTOLD, 50.0),
            "would not read back from reflections.csv: unknown item",
        ),
    ],
)
def test_what_would_not_read_back_the_same_is_refused(tmp_path, answer, problem):
    with pytest.raises(FileError, match=problem) as error:
        write_course(course_with(answer), tmp_path / "p")

    assert UNTOLD not in "".join(traceback.format_exception(error.value))
    assert list(tmp_path.iterdir()) == []


def test_a_transcript_that_would_not_read_back_is_refused(tmp_path):
    segment = Segment(Seat.CLIENT, 0.0, 1.0, f"{UNTOLD} [laughs]")
    course = Course(
        dyad=Dyad(code="p", client="c", therapist="t"),
        prompts=SMALL,
        sessions=(Session(number=4),),
        turns=(Turns(session=4, segments=(segment,)),),
    )

    with pytest.raises(FileError, match="transcript of session 4 is refused") as error:
        write_course(course, tmp_path / "p")

    assert UNTOLD not in str(error.value)
    assert list(tmp_path.iterdir()) == []


def test_a_written_folder_is_its_owner_s_alone(tmp_path):
    write_course(full_course(), tmp_path / "p")

    assert (tmp_path / "p").stat().st_mode & 0o077 == 0


def test_no_answer_stands_in_the_name_of_a_file(tmp_path):
    write_course(full_course(), tmp_path / "p")

    names = {path.name for path in (tmp_path / "p").rglob("*")}
    assert all(
        re.fullmatch(r"[a-z]+\.(csv|toml)|session-\d{3}", name) for name in names
    )
