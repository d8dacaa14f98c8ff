import csv
import traceback

import pytest

from duologue.errors import FileError, ParameterError
from duologue.formats.ratings import read_ratings
from duologue.records import Answer, Dyad, ItemType, Seat
from strategies import prompts

SMALL = prompts()
UNTOLD = "zebra"

LONG = (
    "session,seat,item,value,shared\n"
    "2,therapist,open,40,\n"
    "1,client,open,50,yes\n"
    "1,client,unsaid,a_little,no\n"
    "1,therapist,open,,yes\n"
)
BY_SEAT = (
    "dyad,session,client_1,client_2,therapist_1,therapist_2\n"
    "7,2,5,10,0,2.5\n"
    "7,1,,3,4,\n"
    "8,1,1,1,1,1\n"
)
BY_PERSON = (
    "coupleID,day,who,mood,closeness\n"
    "a,0,woman,x,5\n"
    "a,0,man,x,6\n"
    "a,1,woman,x,\n"
    "a,1,man,x,7\n"
)
PERSON_COLUMNS = {"pair": "coupleID", "session": "day", "seat": "who"}
PERSON = {
    "columns": PERSON_COLUMNS,
    "client": ("woman",),
    "therapist": ("man",),
    "items": {"near": "closeness"},
    "value_range": (0, 10),
}
NUMBERED = {"items": {"open": "1", "safe": "2"}, "value_range": (0, 10)}


@pytest.fixture
def read(tmp_path):
    def read_text(text, **options):
        path = tmp_path / "study.csv"
        path.write_text(text)
        return read_ratings(path, prompts=SMALL, **options)

    return read_text


def answers(course, item, seat):
    return {number: answer.value for number, answer in course.answers(item, seat)}


# The three layouts


def test_a_long_file_gives_sessions_answers_and_what_was_shared(read):
    course = read(LONG)

    assert course.dyad == Dyad(code="study", client="client", therapist="therapist")
    assert [session.number for session in course.sessions] == [1, 2]
    assert course.prompts == SMALL
    assert [each.answers for each in course.reflections] == [
        (Answer("open", 50.0, shared=True), Answer("unsaid", "a_little")),
        (Answer("open", None, shared=True),),
        (Answer("open", 40.0),),
    ]


def test_a_long_file_needs_no_column_shared_and_may_name_its_items(read):
    text = "session;seat;item;value\n1;client;q1;2\n1;therapist;q1;4\n1;client;q2;x\n"

    course = read(text, items={"open": "q1"}, value_range=(1, 5))

    assert answers(course, "open", Seat.CLIENT) == {1: 25.0}
    assert answers(course, "open", Seat.THERAPIST) == {1: 75.0}


def test_a_file_with_columns_for_each_seat_gives_one_pair(read):
    course = read(BY_SEAT, pair="7", **NUMBERED)

    assert course.dyad.code == "7"
    assert [session.number for session in course.sessions] == [1, 2]
    assert answers(course, "open", Seat.CLIENT) == {2: 50.0}
    assert answers(course, "safe", Seat.CLIENT) == {1: 30.0, 2: 100.0}
    assert answers(course, "open", Seat.THERAPIST) == {1: 40.0, 2: 0.0}
    assert answers(course, "safe", Seat.THERAPIST) == {2: 25.0}


def test_a_blank_cell_is_no_answer_and_nothing_is_shared(read):
    course = read(BY_SEAT, pair="7", **NUMBERED)

    assert course.reflections[0].answers == (Answer("open", None), Answer("safe", 30.0))


def test_columns_for_each_seat_may_bear_the_labels_of_the_seats(read):
    text = "session,pat_open,th_open\n1,50,60\n"

    course = read(text, client=("pat",), therapist=("th",))

    assert answers(course, "open", Seat.THERAPIST) == {1: 60.0}


def test_a_file_with_a_row_for_each_person_gives_one_pair(read):
    course = read(BY_PERSON, **PERSON)

    assert course.dyad.code == "a"
    assert [session.number for session in course.sessions] == [0, 1]
    assert answers(course, "near", Seat.CLIENT) == {0: 50.0}
    assert answers(course, "near", Seat.THERAPIST) == {0: 60.0, 1: 70.0}


def test_items_that_are_ids_of_the_prompts_need_no_names(read):
    course = read("session,seat,open,zebra\n1,client,50,x\n1,therapist,60,x\n")

    assert answers(course, "open", Seat.CLIENT) == {1: 50.0}


# Items and ranges


def test_an_unknown_item_becomes_a_scale_beside_the_known_ones_in_use(read):
    course = read(BY_SEAT, pair="7", **NUMBERED)

    assert course.prompts.id == "ratings"
    assert [item.id for item in course.prompts.items] == ["open", "safe"]
    assert course.prompts.item("safe").type is ItemType.SCALE
    assert course.prompts.rotation == ()


def test_known_items_come_in_the_order_of_the_prompts_and_new_ones_last(read):
    text = "session,client_a,client_b,client_c,therapist_a\n1,50,10,slower,50\n"

    course = read(text, items={"new": "a", "lead": "b", "need": "c"})

    assert [item.id for item in course.prompts.items] == ["lead", "need", "new"]
    assert course.prompts.rotation == SMALL.rotation
    assert [each.item for each in course.reflections[0].answers] == [
        "lead",
        "need",
        "new",
    ]


def test_numbers_are_mapped_to_the_range_of_their_item(read):
    text = "session,client_lead,therapist_lead\n1,1,7\n2,4,7\n"

    course = read(text, value_range=(1, 7))

    assert answers(course, "lead", Seat.CLIENT) == {1: -50.0, 2: 0.0}
    assert answers(course, "lead", Seat.THERAPIST) == {1: 50.0, 2: 50.0}


# What is refused


@pytest.mark.parametrize(
    ("text", "options", "line", "problem"),
    [
        (
            "session,seat,item,value\n1,client,open,5\n1,zebra,open,5\n",
            {},
            3,
            "seat must",
        ),
        (
            LONG + "1,client,zebra,5,\n",
            {},
            6,
            "unknown item: it must be one of open, le",
        ),
        (
            LONG + "1,client,open,5,\n",
            {},
            6,
            "this seat's answer to this item stands tw",
        ),
        (
            LONG + "3,client,open,zebra,\n",
            {},
            6,
            "open of the client takes a number in 0",
        ),
        (
            LONG + "3,client,open,101,\n",
            {},
            6,
            "open of the client takes a number in 0",
        ),
        (
            LONG + "3,client,open,nan,\n",
            {},
            6,
            "open of the client takes a number in 0",
        ),
        (LONG + "3,client,open,5,zebra\n", {}, 6, "shared must be yes, no or blank"),
        (LONG + "3,client,unsaid,zebra,\n", {}, 6, "unsaid of the client takes one of"),
        (LONG + "zebra,client,open,5,\n", {}, 6, "session must be a whole number"),
        (LONG + "-1,client,open,5,\n", {}, 6, "session must be a whole number"),
        (LONG + "3,client,open,5\n", {}, 6, "a row has 5 cells"),
        (LONG + '3,client,open,"zebra', {}, 6, "quotation marks do not match"),
        ("seat,item,value\nclient,open,5\n", {}, 1, "the column session is missing"),
        (LONG, {"columns": {"seat": "who"}}, 1, "no column 'who' to take as the seat"),
        (LONG, {"pair": "7"}, 1, "there is no column pair"),
        ("session,zebra\n1,5\n", {}, 1, "no column holds an item that is known"),
        (
            "session,seat,zebra\n1,client,5\n",
            {},
            1,
            "no column holds an item that is k",
        ),
        (BY_SEAT, {"pair": "7"}, 1, "no column holds an item .* need --items"),
        (
            BY_SEAT,
            {"pair": "7", "items": {"open": "1", "safe": "9"}},
            1,
            "no column for the item safe",
        ),
        (BY_SEAT + ",1,1,1,1,1\n", NUMBERED, 5, "pair must not be blank"),
        (
            BY_SEAT + "8,2,1,1,zebra,1\n",
            NUMBERED | {"pair": "8"},
            5,
            "open of the thera",
        ),
        (
            BY_SEAT + "8,2,1,1,1,10.1\n",
            NUMBERED | {"pair": "8"},
            5,
            "a number in 0 to 10",
        ),
        (BY_SEAT + "8,1,,,,\n", NUMBERED | {"pair": "8"}, 5, "stands twice"),
        (BY_PERSON + "a,2,zebra,x,5\n", PERSON, 6, "seat must be one of woman, man"),
        (BY_PERSON + "a,1,man,x,5\n", PERSON, 6, "stands twice"),
        (
            BY_PERSON + "a,2,man,x,-0.1\n",
            PERSON,
            6,
            "near of the therapist takes a num",
        ),
    ],
)
def test_a_file_that_is_not_allowed_is_refused_with_its_line(
    read, text, options, line, problem
):
    with pytest.raises(FileError, match=rf"study\.csv, line {line}: .*{problem}") as e:
        read(text, **options)

    assert UNTOLD not in "".join(traceback.format_exception(e.value))


@pytest.mark.parametrize(
    ("text", "options", "problem"),
    [
        (BY_SEAT, NUMBERED, "holds 2 pairs: choose one with --pair CODE"),
        (
            BY_SEAT,
            NUMBERED | {"pair": "9"},
            "does not hold the pair that was asked for",
        ),
        (
            "session,client_open,therapist_open\n1,50,\n",
            {},
            "needs both seats, but the therapist never answers",
        ),
        (
            "session,therapist_open\n1,50\n",
            {},
            "needs both seats, but the client never answers",
        ),
        ("dyad,session,client_open\n", {}, "needs both seats, but the client never"),
        (LONG, {"items": {"open": "open", "new": "q9"}}, "no row holds the item new"),
    ],
)
def test_a_file_that_lacks_what_a_pair_needs_is_refused(read, text, options, problem):
    with pytest.raises(FileError, match=rf"study\.csv: .*{problem}"):
        read(text, **options)


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"value_range": (5, 5)}, "value_range must rise, got 5 to 5"),
        ({"value_range": (0, float("nan"))}, "value_range must rise"),
        ({"value_range": (0, float("inf"))}, "value_range must rise"),
        ({"items": {}}, "items must name one item or more"),
        ({"items": {"a": "x", "b": "x"}}, "items must name one item or more"),
        ({"items": {"": "x"}}, "items must name one item or more"),
        ({"columns": {"patient": "x"}}, "columns takes the roles session, pair, seat"),
        ({"client": ()}, "client and therapist must have names, and not the same"),
        ({"client": ("therapist",)}, "client and therapist must have names, and not"),
    ],
)
def test_what_cannot_be_meant_is_refused(read, options, problem):
    with pytest.raises(ParameterError, match=problem):
        read(LONG, **options)


# Files that others made


@pytest.mark.shared
def test_a_simulated_pair_is_read_to_the_last_digit(shared):
    path = shared / "data" / "dyads" / "sim_50x16_ratings.csv"

    course = read_ratings(path, prompts=SMALL, pair="7", **NUMBERED)

    assert course.dyad.code == "7"
    assert [session.number for session in course.sessions] == list(range(1, 17))
    client = answers(course, "open", Seat.CLIENT)
    assert sorted(set(range(1, 17)) - client.keys()) == [3, 6]
    assert client[1] == pytest.approx(23.2296, abs=1e-12)
    therapist = answers(course, "safe", Seat.THERAPIST)
    assert sorted(set(range(1, 17)) - therapist.keys()) == [9]
    assert therapist[16] == pytest.approx(49.7859, abs=1e-12)
    assert [len(each.answers) for each in course.reflections] == [2] * 32


@pytest.mark.shared
def test_a_pair_of_a_couples_diary_is_read(shared):
    path = shared / "data" / "dyads" / "couples_diary_dyadMLM.csv"

    course = read_ratings(
        path,
        prompts=SMALL,
        pair="1",
        items={"closeness": "closeness"},
        value_range=(-5, 15),
        columns={"pair": "coupleID", "session": "diaryday", "seat": "gender"},
        client=("female",),
        therapist=("male",),
    )

    with path.open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["coupleID"] == "1"]
    assert [session.number for session in course.sessions] == list(range(14))
    for seat, gender in ((Seat.CLIENT, "female"), (Seat.THERAPIST, "male")):
        found = answers(course, "closeness", seat)
        told = {
            int(row["diaryday"]): (float(row["closeness"]) + 5) * 5
            for row in rows
            if row["gender"] == gender
        }
        assert found == pytest.approx(told, abs=1e-12)


@pytest.mark.shared
def test_a_couple_of_which_both_are_called_the_same_is_refused(shared):
    path = shared / "data" / "dyads" / "couples_diary_dyadMLM.csv"
    with path.open(newline="") as file:
        codes = {
            row["coupleID"]
            for row in csv.DictReader(file)
            if row["dyad_composition"] == "female_x_female"
        }

    with pytest.raises(FileError, match="this seat's answer to this item stands twice"):
        read_ratings(
            path,
            prompts=SMALL,
            pair=min(codes),
            items={"closeness": "closeness"},
            value_range=(-5, 15),
            columns={"pair": "coupleID", "session": "diaryday", "seat": "gender"},
            client=("female",),
            therapist=("male",),
        )
