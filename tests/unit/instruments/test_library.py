"""Loading instruments and prompts, and refusing definitions that are broken."""

import pickle
import re
from importlib import resources

import pytest

from duologue.errors import FileError, InstrumentError
from duologue.instruments import library, load, names, prompts
from duologue.instruments.instrument import Better, Method, Tier
from duologue.records import ItemType, Kind, Rotation, Seat, Visibility


def words_of(stem):
    path = resources.files("duologue.instruments") / "definitions" / f"{stem}.toml"
    return path.read_text(encoding="utf-8")


@pytest.fixture
def broken(tmp_path):
    """Write a copy of a shipped definition with one passage changed."""

    def write(stem, old, new):
        words = words_of(stem)
        assert old in words
        path = tmp_path / f"{stem}.toml"
        path.write_text(words.replace(old, new, 1), encoding="utf-8")
        return path

    return write


def test_the_names_are_the_instruments_and_not_the_prompts():
    assert names() == ("arm5", "gad7", "phq4", "phq9")


def test_an_unknown_instrument_names_those_that_exist():
    with pytest.raises(InstrumentError, match=r"one of arm5, .*phq9, got 'phq8'"):
        load("phq8")


def test_an_instrument_is_loaded_once():
    assert load("phq9") is load("phq9")


def test_the_phq9_is_what_its_definition_says():
    phq9 = load("phq9")

    assert phq9.tier is Tier.SHIPPED
    assert phq9.answered_by == (Seat.CLIENT,)
    assert phq9.item_ids == tuple("123456789")
    assert phq9.method is Method.SUM
    assert phq9.better is Better.LOWER
    assert phq9.range == (0, 27)
    assert phq9.max_missing == 0
    assert phq9.shown_unaltered == ("9",)
    assert phq9.bands == ((0, 4), (5, 9), (10, 14), (15, 19), (20, 27))
    assert phq9.loinc.total == "44261-6"
    assert phq9.loinc.items["9"] == "44260-8"
    assert "unverified" in phq9.loinc.note
    assert phq9.item("9").option_ids(Seat.CLIENT) == ("0", "1", "2", "3")
    assert phq9.item("10") is None


def test_an_unverified_number_says_so():
    phq9, gad7, phq4 = load("phq9"), load("gad7"), load("phq4")

    assert [cutoff.verified for cutoff in phq9.cutoffs] == [True]
    assert [cutoff.at for cutoff in gad7.cutoffs] == [8, 10]
    assert not any(cutoff.verified for cutoff in gad7.cutoffs)
    assert [(c.scale, c.at) for c in phq4.cutoffs] == [("gad2", 3), ("phq2", 3)]
    assert not phq4.bands_verified
    assert (phq9.reliable_change.points, phq9.reliable_change.verified) == (6, False)
    assert phq4.reliable_change is None
    assert phq4.loinc.items == {}


def test_the_arm5_has_scoring_and_no_words():
    arm5 = load("arm5")

    assert not arm5.text_shipped
    assert not any(arm5.has_text(seat) for seat in Seat)
    assert arm5.answered_by == (Seat.CLIENT, Seat.THERAPIST)
    assert arm5.reversed == {"3"}
    assert arm5.cutoffs == ()
    assert arm5.loinc is None


def test_a_form_has_words_for_the_seats_that_answer_it_and_no_other():
    assert load("phq9").has_text(Seat.CLIENT)
    assert not load("phq9").has_text(Seat.THERAPIST)


def test_the_prompts_of_a_therapy_pair_turn_in_the_order_of_the_definition():
    therapy = prompts(Kind.THERAPY)

    assert prompts(Kind.THERAPY) is therapy
    assert [therapy.rotating_item(n) for n in (1, 6, 12, 13)] == [
        *("apart", "leaving", "lead", "apart")
    ]
    assert therapy.asked("unsaid", 1)
    assert not therapy.asked("unsaid_why", 1)


def test_what_kept_it_unsaid_stays_with_its_author():
    why = prompts(Kind.THERAPY).item("unsaid_why")

    assert why.type is ItemType.CHIPS
    assert why.visibility is Visibility.AUTHOR_ONLY
    assert why.rotation is Rotation.OPTIONAL


def test_declining_is_an_option_that_counts_as_no_answer():
    assert prompts(Kind.THERAPY).item("unsaid").declines == {"decline"}
    assert prompts(Kind.SUPERVISION).item("sup_unsaid").declines == {"decline"}


def test_the_ends_of_safe_are_worded_for_each_seat():
    ends = prompts(Kind.THERAPY).item("safe").ends

    assert ends == {
        Seat.CLIENT: ("Not safe", "Very safe"),
        Seat.THERAPIST: ("Not at all", "Very"),
    }


def test_what_each_needs_next_time_has_its_own_options():
    need = prompts(Kind.THERAPY).item("need")

    assert "pushed" in need.option_ids(Seat.CLIENT)
    assert "pushed" not in need.option_ids(Seat.THERAPIST)


def test_a_line_of_ones_own_is_short():
    assert prompts(Kind.THERAPY).item("line").max_characters == 280
    assert prompts(Kind.THERAPY).item("open").max_characters is None


def test_only_the_lead_is_flipped_and_only_for_the_therapist():
    everything = [item for kind in Kind for item in prompts(kind).items]

    assert {item.id: item.flip for item in everything if item.flip} == {
        "lead": Seat.THERAPIST
    }


@pytest.mark.parametrize("thing", [load("arm5"), prompts(Kind.THERAPY)])
def test_a_definition_can_be_sent_to_another_process(thing):
    assert pickle.loads(pickle.dumps(thing)) == thing  # noqa: S301


@pytest.mark.parametrize("name", names())
def test_a_file_of_ones_own_reads_like_a_shipped_one(name, tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(words_of(name), encoding="utf-8")

    assert library.load_file(path) == load(name)


def test_prompts_of_ones_own_read_like_the_shipped_ones(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(words_of("after_session"), encoding="utf-8")

    assert library.prompts_file(path) == prompts(Kind.THERAPY)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FileError, match=r"^mine\.toml: must be a readable UTF-8"):
        library.load_file(tmp_path / "mine.toml")


def test_a_file_that_is_not_text_is_named(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(FileError, match=r"^mine\.toml: must be a readable UTF-8"):
        library.prompts_file(path)


def test_a_file_that_is_not_toml_is_named_with_the_line(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('id = "mine"\nname\n', encoding="utf-8")

    with pytest.raises(InstrumentError, match=r"^mine\.toml: not TOML, .*line 2"):
        library.load_file(path)


LICENCE = 'licence = "public domain'
ANSWER = '{ value = 3, label = "Nearly every day" }'


@pytest.mark.parametrize(
    ("stem", "old", "new", "problem"),
    [
        ("phq9", 'tier = "A"', 'tier = "D"', "tier must be one of A, B, C"),
        ("phq9", 'tier = "A"', 'tier = "C"', "text must be 'not shipped' in tier C"),
        ("phq9", LICENCE, 'licence = " " # ', "licence must hold words"),
        ("phq9", 'name = "', 'names = "', "names is not one of id, name"),
        ("phq9", '["client"]', "[]", "answered_by must name some of client, the"),
        ("phq9", '["client"]', '["patient"]', "answered_by must name some of"),
        ("phq9", '["client"]', '"client"', "answered_by must be a list of words"),
        ("phq9", '["client"]', '["client", "client"]', "must name each one once"),
        ("phq9", 'id = "2"', 'id = "1"', "items holds '1' twice"),
        ("phq9", 'id = "2"', 'id = "2"\nwords = "x"', r"items\[2\]\.words is not one"),
        ("phq9", 'id = "2"', 'id = "2"\nrange = [0, 2]', r"\[2\]\.answers must lie"),
        ("phq9", 'text = "Little', '# "Little', r"items\[1\]\.text must hold"),
        ("phq9", "range = [0, 3]", "range = [3, 0]", "range must not have its low"),
        ("phq9", "range = [0, 3]", "range = [0]", "range must be a low and a high"),
        ("phq9", "range = [0, 3]", 'range = [0, "3"]', "range must be a number"),
        ("phq9", "range = [0, 3]", "range = [0, true]", "range must be a number"),
        ("phq9", ANSWER, ANSWER.replace("3", "2"), "answers holds '2' twice"),
        ("phq9", ANSWER, "{ value = 3 }", "answers must each have a label"),
        ("phq9", ANSWER, '{ label = "3" }', r"answers\[4\]\.value must be a number"),
        ("phq9", ANSWER, '"Nearly every day"', "answers must be a list of tables"),
        ("phq9", 'shown_unaltered = ["9"]', 'shown_unaltered = ["10"]', "must name it"),
        ("phq9", "[scoring]", "[[scoring]]", "scoring must be a table"),
        ("phq9", "range = [0, 27]", "range = [0, 26]", "range must be 0 to 27"),
        ("phq9", 'method = "sum"', 'method = "mean"', "range must be 0 to 3,"),
        ("phq9", "max_missing = 0", "max_missing = -1", "a whole number of 0 or more"),
        ("phq9", "max_missing = 0", "max_missing = true", "a whole number of 0 or"),
        ("phq9", "max_missing = 0", "max_missing = 9", "must leave one item answered"),
        ("phq9", "max_missing = 0", "max_missing = 1", "prorate must be true just"),
        ("phq9", "max_missing = 0", "prorate = true", "prorate must be true just"),
        ("phq9", "[[0, 4], ", "[[1, 4], ", "bands must rise and cover the range"),
        ("phq9", "[5, 9]", "[4, 9]", "bands must rise and cover the range"),
        ("phq9", "[20, 27]", "[20, 26]", "bands must rise and cover the range"),
        ("phq9", "bands = [[0, 4]", "bands = [[0, 4, 5]", "a low and a high number"),
        ("phq9", "bands = [", 'bands = "none" # [', "bands must be a list of ranges"),
        ("phq9", "bands_verified = true", "", "bands_verified must be true or false"),
        ("phq9", "verified = false", "", "change.verified must be true or false"),
        ("phq9", "at = 10", 'at = 10\nscale = "x"', r"cutoffs\[1\]\.scale must be 't"),
        ("phq9", 'panel = "44249-1"', "", "loinc.panel must hold words"),
        ("phq4", 'items = ["1", "2"]', "items = []", r"subscales\[1\]\.items must na"),
        ("phq4", 'items = ["1", "2"]', 'items = ["5"]', "must name items of this"),
        ("phq4", "range = [0, 6]", "range = [0, 5]", r"\[1\]\.range must be 0 to 6"),
        ("phq4", 'id = "gad2"', 'id = "total"', "subscales holds 'total' twice"),
        ("arm5", '{ id = "1" }', '{ id = "1", text = "x" }', "text must not stand"),
        ("arm5", "items = [{", "items = [] # [{", "items must hold questions"),
    ],
)
def test_a_broken_instrument_is_refused_with_file_and_key(
    broken, stem, old, new, problem
):
    path = broken(stem, old, new)

    with pytest.raises(InstrumentError, match=rf"^{stem}\.toml: .*{problem}"):
        library.load_file(path)


NEED = '    { id = "pushed", label = "To be pushed a little" },\n'


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('licence = "CC0-1.0"\n', "", "licence must hold words"),
        ('citation = "Original', 'cite = "', "cite is not one of"),
        ("items]]\nid", 'items]]\nq = "?"\nid', r"items\[1\]\.q is not one of id"),
        ('therapist = "How open', '# "', "therapist must hold words"),
        ('low = "Hardly at all"\n', "", r"items\[1\]\.low must hold words"),
        ('high_client = "Very safe"\n', "", r"items\[3\]\.high must hold words"),
        ('id = "understood"', 'id = "open"', "items holds 'open' twice"),
        ('type = "choice"', 'type = "slider"', "type must be one of scale, bipolar"),
        ('"pair_if_both"', '"everyone"', "visibility must be one of"),
        ('"lead",', '"level",', "rotation must name the rotating items and no"),
        ('"lead",', '"lead", "open",', "rotation must name the rotating items and"),
        ('"a_little", label', '"no", label', "options holds 'no' twice"),
        (NEED, "", "options must be as many for one seat as for the other"),
        ('["decline"]', '["never"]', "declines must name options of both seats"),
        ('high = "Fully"', 'high = "F"\ndeclines = ["x"]', "declines belongs to an it"),
        ("max_characters = 280\n", "", "max_characters must be 1 or more for a text"),
        ('flip = "therapist"', 'flip = "nobody"', "flip must be one of client, the"),
        ('"Was there', '"Was"\nflip = "client" #', "flip belongs to a scale or a"),
    ],
)
def test_broken_prompts_are_refused_with_file_and_key(broken, old, new, problem):
    path = broken("after_session", old, new)

    with pytest.raises(InstrumentError, match=rf"^after_session\.toml: .*{problem}"):
        library.prompts_file(path)


def test_options_that_one_seat_lacks_are_refused(tmp_path):
    path = tmp_path / "mine.toml"
    words = words_of("after_session")
    path.write_text(
        re.sub(r"options_therapist = \[[^]]*\]\n", "", words), encoding="utf-8"
    )

    with pytest.raises(
        InstrumentError, match=r"items\[13\]\.options must hold options"
    ):
        library.prompts_file(path)
