"""``duologue read --fhir`` and ``--pack``: filled-in forms, to another program."""

import json
import shutil

import pytest

from made_up_forms import hours, made_up, packed

FORM = "session,instrument,seat,item,value\n"


@pytest.fixture
def course(pair, tmp_path):
    """A made-up course, whose forms are one of the PHQ-4 and one of a pack."""
    folder = shutil.copytree(pair, tmp_path / "course")
    rows = [f"2,phq4,client,{i},1" for i in range(1, 5)]
    rows += [
        f"3,hours,client,{item},{value}"
        for item, value in zip("abc", "310", strict=True)
    ]
    (folder / "measures.csv").write_text(FORM + "\n".join(rows) + "\n")
    (tmp_path / "forms.zip").write_bytes(packed(hours()))
    return folder


@pytest.fixture
def of_the_pack(tmp_path):
    return ("--pack", tmp_path / "forms.zip", "--use", "clinical")


def test_a_form_of_a_pack_is_read_where_the_pack_is_named(cli, course, of_the_pack):
    alone = cli("read", course)
    named = cli("read", course, *of_the_pack)

    assert alone.code == 2
    assert "instrument must be one of" in alone.err
    assert (named.code, named.err) == (0, "")
    assert "Made-up Form about Hours" in named.out
    assert cli("wonder", course, *of_the_pack).code == 0


def test_forms_are_written_as_a_bundle(cli, course, of_the_pack, tmp_path):
    target = tmp_path / "forms.json"

    ended = cli("read", course, *of_the_pack, "--fhir", target)

    assert (ended.code, ended.err) == (0, "")
    assert ended.out == f"Written: {target}, 2 forms\n"
    bundle = json.loads(target.read_text())
    assert bundle["type"] == "collection"
    found = [entry["resource"] for entry in bundle["entry"]]
    assert [each["resourceType"] for each in found] == [
        *("QuestionnaireResponse", "Observation") * 2
    ]
    assert [each["valueQuantity"]["value"] for each in found[1::2]] == [4, 4]
    assert {each["subject"]["type"] for each in found} == {"Patient"}


@pytest.mark.parametrize("reader", ["ours", "client", "therapist", "research"])
def test_whoever_reads_gets_what_they_may_see(
    cli, course, of_the_pack, tmp_path, reader
):
    target = tmp_path / "forms.json"

    ended = cli("read", course, *of_the_pack, "--as", reader, "--fhir", target)

    assert ended.code == 0
    assert ended.err.startswith("Research reading") is (reader == "research")
    bundle = json.loads(target.read_text())
    assert len(bundle["entry"]) == 4
    assert bundle["meta"]["tag"][0]["code"] == "HTEST"  # the course is made up


def test_wherever_words_of_a_pack_stand_its_credit_does(
    cli, course, of_the_pack, tmp_path
):
    credit, words = made_up().credit, "The hours were too long to bear."
    files = {end: tmp_path / f"out.{end}" for end in ("html", "json")}
    html = cli("read", course, *of_the_pack, "--html", files["html"])
    fhir = cli("read", course, *of_the_pack, "--fhir", files["json"])
    assert (html.code, fhir.code) == (0, 0)
    told = {
        "terminal": " ".join(cli("read", course, *of_the_pack).out.split()),
        "json": cli("read", course, *of_the_pack, "--json").out,
        **{end: path.read_text() for end, path in files.items()},
    }

    for where, text in told.items():
        assert words in text, where
        assert credit in text, where


def test_what_came_later_is_left_out(cli, course, of_the_pack, tmp_path):
    target = tmp_path / "forms.json"
    days = (course / "sessions.csv").read_text().splitlines()
    second = days[2].split(",")[1][:10]

    ended = cli("read", course, *of_the_pack, "--as-of", second, "--fhir", target)

    assert ended.out == f"Written: {target}, 1 form\n"


def test_a_therapists_own_wellbeing_is_left_out_and_that_is_said(cli, course, tmp_path):
    both = hours(id="tank", answered_by=["client", "therapist"])
    (tmp_path / "forms.zip").write_bytes(packed(both))
    rows = [f"2,phq4,client,{i},1" for i in range(1, 5)]
    rows += [f"3,tank,therapist,{item},1" for item in "abc"]
    (course / "measures.csv").write_text(FORM + "\n".join(rows) + "\n")
    target = tmp_path / "forms.json"
    pack = ("--pack", tmp_path / "forms.zip", "--use", "research")

    ended = cli("read", course, *pack, "--as", "research", "--fhir", target)

    assert ended.code == 0
    assert "1 left out: a therapist's own wellbeing" in ended.err
    assert "tank" not in target.read_text()


def test_what_stands_there_is_left_and_nothing_is_half_written(
    cli, course, of_the_pack, tmp_path
):
    target = tmp_path / "forms.json"
    target.write_text("mine")

    ended = cli("read", course, *of_the_pack, "--fhir", target)

    assert ended.code == 2
    assert "exists already" in ended.err
    assert target.read_text() == "mine"


def test_without_a_form_there_is_nothing_to_write(cli, course, tmp_path):
    (course / "measures.csv").unlink()
    target = tmp_path / "forms.json"

    ended = cli("read", course, "--fhir", target)

    assert ended.code == 2
    assert "needs a form that may leave" in ended.err
    assert not target.exists()


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (("--json",), "--json does not go with --fhir"),
        (("--left-unsaid",), "--left-unsaid does not go with --fhir"),
        (("--html", "page.html"), "--html does not go with --fhir"),
        (("--pack", "forms.zip"), "--pack and --use go together"),
    ],
)
def test_what_does_not_go_together_is_refused(cli, course, tmp_path, more, says):
    ended = cli("read", course, "--fhir", tmp_path / "forms.json", *more)

    assert ended.code == 2
    assert says in ended.err


def test_scores_of_a_form_of_a_pack_are_read_with_its_definition(
    cli, of_the_pack, course, tmp_path
):
    table = tmp_path / "scores.csv"
    table.write_text("course,session,score\nA,1,9\nA,2,1\n")

    ended = cli("change", table, "--instrument", "hours", "--points", "3", *of_the_pack)

    assert (ended.code, ended.err) == (0, "")
    assert "better by more than its wobble" in " ".join(ended.out.split())
    ended = cli("change", table, "--better", "lower", "--points", "3", *of_the_pack)
    assert "--pack goes with --instrument" in ended.err
