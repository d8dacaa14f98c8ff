"""Real and reference data from the shared folder, through the command line."""

import json

import pytest

pytestmark = pytest.mark.shared

TRANSCRIPTS = {
    "fine.vtt": ("--client", "Nadia Holt", "--therapist", "Alasdair Byrne"),
    "porridge.srt": ("--client", "Owen", "--therapist", "Meera"),
    "the_list.cha": (),
}
NAMES = ("nadia", "holt", "alasdair", "byrne", "owen", "meera", "frances")
PAIR_7 = ("--pair", "7", "--items", "open=1,safe=2", "--range", "0:10")
DIARY = (
    "--columns", "pair=coupleID,session=diaryday,seat=gender",
    "--client", "female", "--therapist", "male", "--items", "closeness",
    "--range=-5:15", "--as", "research",
)  # fmt: skip


@pytest.fixture
def data(shared):
    return shared / "data"


def no_names(*texts):
    """Say whether a text holds any name of a speaker."""
    return not [n for n in NAMES for text in texts if n in text.lower()]


@pytest.mark.parametrize("name", TRANSCRIPTS)
def test_a_transcript_is_read_on_every_face_without_its_names(
    cli, data, tmp_path, name
):
    path, seats = data / "transcripts" / name, TRANSCRIPTS[name]
    truth = json.loads(path.with_suffix(".truth.json").read_text("utf-8"))["expected"]
    page = tmp_path / "page.html"

    shown = cli("read", path, *seats)
    told = cli("read", path, *seats, "--json")
    written = cli("read", path, *seats, "--html", page)

    assert {shown.code, told.code, written.code} == {0}
    assert shown.err == told.err == written.err == ""
    reading = json.loads(told.out)
    assert reading["schema"] == "duologue.reading/1"
    (talk,) = [f for f in reading["findings"] if f["id"] == "ours.turns.1"]
    assert f"{truth['n_turns']} turns" in " ".join(talk["sentence"].split())
    html = page.read_text("utf-8")
    assert html.startswith("<!DOCTYPE html>")
    assert no_names(shown.out, told.out, html, written.out.replace(str(page), ""))


@pytest.mark.parametrize("name", ["fine.vtt", "porridge.srt"])
def test_a_transcript_whose_speakers_are_not_told_is_refused_without_names(
    cli, data, name
):
    ended = cli("read", data / "transcripts" / name)

    assert (ended.code, ended.out) == (2, "")
    assert name in ended.err
    assert "2 labels" in ended.err
    assert "--client LABEL and --therapist LABEL" in ended.err
    assert no_names(ended.err)


def test_a_label_that_is_not_in_the_file_is_refused_without_names(cli, data):
    path = data / "transcripts" / "porridge.srt"

    ended = cli("read", path, "--client", "Owen", "--therapist", "Frances")

    assert (ended.code, ended.out) == (2, "")
    assert no_names(ended.err)


def test_a_label_without_quotation_marks_is_refused_without_its_words(cli, data):
    path = data / "transcripts" / "fine.vtt"

    ended = cli("read", path, "--client", "Nadia", "Holt")

    assert (ended.code, ended.out) == (2, "")
    assert "quotation marks" in ended.err
    assert no_names(ended.err)


def test_one_real_session_is_read(cli, data):
    table = data / "annomi" / "annomi_dev.csv"

    ended = cli("read", table, "--transcript", "0", "--json")

    assert (ended.code, ended.err) == (0, "")
    talk, *others = json.loads(ended.out)["findings"]
    assert {f["strand"] for f in (talk, *others)} == {"turns"}
    # 54 floor turns and 33 % of the words, as in our reference values for session 0.
    assert "54 turns" in talk["sentence"]
    assert "the client spoke 33 %" in talk["sentence"]


def test_none_of_many_sessions_is_chosen_by_itself(cli, data):
    ended = cli("read", data / "annomi" / "annomi_dev.csv")

    assert (ended.code, ended.out) == (2, "")
    assert "annomi_dev.csv" in ended.err
    assert "--transcript ID" in ended.err


def test_no_sentence_of_a_real_session_is_passed_on(cli, data):
    table = data / "annomi" / "annomi_dev.csv"

    ended = cli("read", table, "--transcript", "0", "--json")

    assert "Thanks for filling it out" in table.read_text("utf-8")
    assert "filling it out" not in ended.out


def test_ratings_of_one_pair_are_read_for_research(cli, data):
    table = data / "dyads" / "sim_50x16_ratings.csv"

    ended = cli("read", table, *PAIR_7, "--as", "research", "--json")

    assert (ended.code, ended.err) == (0, "")
    reading = json.loads(ended.out)
    assert (reading["pair"], reading["n_sessions"]) == ("7", 16)
    assert {"open", "safe"} <= {f["item"] for f in reading["findings"]}


def test_ratings_that_nobody_shared_open_nothing_and_say_why(cli, data):
    table = data / "dyads" / "sim_50x16_ratings.csv"

    ended = cli("read", table, *PAIR_7)

    assert ended.code == 0
    assert "Nothing has opened yet" in ended.out
    assert "▄" not in ended.out
    assert "marks nothing as shared" in ended.err


def test_of_many_pairs_one_must_be_chosen(cli, data):
    table = data / "dyads" / "sim_50x16_ratings.csv"

    ended = cli("read", table, *PAIR_7[2:], "--as", "research")

    assert (ended.code, ended.out) == (2, "")
    assert "50 pairs: choose one with --pair CODE" in ended.err


@pytest.mark.parametrize("pair", range(1, 11))
def test_a_diary_of_two_is_read_whatever_its_columns_are_called(cli, data, pair):
    table = data / "dyads" / "couples_diary_dyadMLM.csv"

    ended = cli("read", table, *DIARY, "--pair", pair, "--json")

    reading = json.loads(ended.out) if ended.code == 0 else None
    if reading is None:  # a pair that is not one woman and one man
        assert (
            "must be one of female, male" in ended.err or "never answers" in ended.err
        )
        return
    assert (reading["pair"], reading["scope"]) == (str(pair), "research")
    assert "closeness" in {f["item"] for f in reading["findings"]}


def test_the_data_folder_is_left_as_it_was(cli, data, tmp_path):
    path = data / "transcripts" / "the_list.cha"
    before = path.read_bytes()

    refused = cli("read", path, "--html", path)

    assert (refused.code, refused.out) == (2, "")
    assert path.read_bytes() == before
