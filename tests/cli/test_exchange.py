"""``duologue instruments export`` and ``import``, and packs."""

import hashlib
import json

import pytest

from duologue import instruments
from duologue.cli import new_file
from duologue.errors import FileError
from duologue.formats.fhir import questionnaire_of
from duologue.formats.reproschema import activity_of
from duologue.instruments.library import load_file
from duologue.instruments.written import as_toml
from made_up_forms import hours, made_up, packed


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """A folder of the test's own to write to."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("kind", ["fhir", "reproschema"])
@pytest.mark.parametrize("name", instruments.names())
def test_an_instrument_goes_out_and_comes_back(cli, here, name, kind):
    out = cli("instruments", "export", name, "--as", kind, "sent.json")
    back = cli("instruments", "import", "sent.json", "--to", "back.toml")

    assert (out.code, out.err, back.code, back.err) == (0, "", 0, "")
    words = "with its words" if instruments.load(name).text_shipped else "without"
    assert f"{name}: written as {kind}, {words}" in out.out
    assert back.out.startswith(f"{name}: ")
    assert load_file(here / "back.toml").items == instruments.load(name).items
    assert cli("instruments", "--check", "back.toml").code == 0
    assert names_in(here) == ["back.toml", "sent.json"]


@pytest.mark.parametrize(
    ("kind", "made"), [("fhir", questionnaire_of), ("reproschema", activity_of)]
)
def test_without_a_file_it_is_printed(cli, here, kind, made):
    ended = cli("instruments", "export", "phq9", "--as", kind)

    assert (ended.code, ended.err) == (0, "")
    assert json.loads(ended.out) == made(instruments.load("phq9"))
    assert names_in(here) == []


def test_a_definition_is_printed_where_no_file_is_named(cli, here):
    cli("instruments", "export", "phq4", "--as", "fhir", "sent.json")

    ended = cli("instruments", "import", "sent.json")

    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith('id = "phq4"\n')
    assert names_in(here) == ["sent.json"]


def foreign(here):
    """Write a questionnaire of somebody else, which says little of itself."""
    found = questionnaire_of(made_up())
    for key in ("extension", "url"):
        del found[key]
    (here / "other.json").write_text(json.dumps(found), encoding="utf-8")


STATED = ("--answered-by", "client,therapist", "--better", "higher", "--method", "sum")


def test_what_a_file_of_others_does_not_say_is_said_beside_it(cli, here):
    foreign(here)

    refused = cli("instruments", "import", "other.json", "--to", "other.toml")
    assert (refused.code, refused.out, names_in(here)) == (2, "", ["other.json"])
    assert "method is not said in the file: state one of sum, mean" in refused.err

    ended = cli(
        *("instruments", "import", "other.json", "--to", "other.toml"),
        *(*STATED, "--reversed", "wind,fog"),
    )
    assert (ended.code, ended.err) == (0, "")
    assert "Its words stay here: tier is 'own'" in ended.out
    one = load_file(here / "other.toml")
    assert one.items == made_up().items
    assert one.reversed == {"wind", "fog"}


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("export",), "export needs the id of an instrument"),
        (("import",), "import needs the name of a file"),
        (("export", "phq9"), "export needs a format: --as fhir or --as reproschema"),
        (("export", "phq9", "--as", "xml"), "--as takes one of fhir, reproschema"),
        (("export", "phq9", "--as", "fhir", "a", "b"), "and at most one file"),
        (("export", "none", "--as", "fhir"), "WHAT must be one of arm5, gad7, phq4"),
        (("export", "after_session", "--as", "fhir"), "WHAT must be one of arm5"),
        (("export", "phq9", "--to", "a"), "--to goes with import only"),
        (("phq9", "--as", "fhir"), "--as goes with export only"),
        (("phq9", "--answered-by", "client"), "--answered-by goes with import only"),
        (("phq9", "gad7"), "WHAT goes with export and import only"),
        (("import", "a.json", "--as", "fhir"), "--as goes with export only"),
        (("import", "a.json", "--text", "b"), "go with neither export nor import"),
        (("import", "a.json", "--pack", "b"), "do not go with import"),
        (("import", "none.json"), "none.json: there is no such file"),
        (
            ("import", "other.json", "--answered-by", "me"),
            "takes client, therapist, or",
        ),
        (("import", "other.json", "--language", "en"), "a ReproSchema activity only"),
        (("import", "other.json", "--to", "other.json"), "exists already; choose ano"),
        (("import", "other.json", "--to", "none/a"), "its folder does not exist"),
        (
            ("export", "phq9", "--as", "fhir", "other.json"),
            "exists already; choose ano",
        ),
        (("--check", "a", "--use", "clinical"), "--check goes with nothing else"),
        (("--pack", "a"), "--pack and --use go together"),
        (("--pack", "a", "--use", "clinical"), "a: must be a folder or a zip file"),
    ],
)
def test_what_does_not_go_together_is_refused_and_nothing_is_written(
    cli, here, arguments, problem
):
    foreign(here)

    ended = cli("instruments", *arguments)

    assert (ended.code, ended.out) == (2, "")
    assert problem in ended.err
    assert ended.err.count("\n") == 1
    assert names_in(here) == ["other.json"]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("{", "must be JSON, and is not"),
        ("[1]", "must be a FHIR Questionnaire or a ReproSchema activity"),
        ('{"a": 1}', "must be a FHIR Questionnaire or a ReproSchema activity"),
        ('{"resourceType": "Bundle"}', "resourceType must be Questionnaire"),
        ('{"category": "Protocol", "ui": {"order": []}}', "category must be Activity"),
        ('{"category": "Activity", "ui": {"order": ["../x"]}}', "own folder only"),
        ("[" * 100_000, "is nested too deeply"),
    ],
)
def test_a_file_that_is_no_form_is_refused_and_nothing_is_written(
    cli, here, content, problem
):
    (here / "bad.json").write_text(content, encoding="utf-8")

    ended = cli("instruments", "import", "bad.json", "--to", "bad.toml", *STATED)

    assert (ended.code, ended.out) == (2, "")
    assert problem in ended.err
    assert names_in(here) == ["bad.json"]


def test_a_file_that_cannot_be_written_leaves_nothing_behind(here, monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(new_file.Path, "replace", fail)

    with pytest.raises(FileError, match="cannot be written: No space left on device"):
        new_file.write_new("words", here / "new.toml")
    assert names_in(here) == []


def test_a_link_that_leads_nowhere_is_not_written_through(here):
    (here / "link.toml").symlink_to(here / "elsewhere.toml")

    with pytest.raises(FileError, match="exists already"):
        new_file.write_new("words", here / "link.toml")
    assert names_in(here) == ["link.toml"]


@pytest.fixture
def pack(here):
    """A pack with the form about the weather, for clinical use."""
    folder = here / "forms"
    folder.mkdir()
    words = as_toml(made_up()).encode()
    (folder / "weather.toml").write_bytes(words)
    (folder / "pack.toml").write_text(
        'name = "Made-up pack"\nlicence = "CC BY-NC-ND 4.0"\nuses = ["clinical"]\n'
        f'credit = "{made_up().credit}"\n[[definitions]]\nfile = "weather.toml"\n'
        f'sha256 = "{hashlib.sha256(words).hexdigest()}"\n',
        encoding="utf-8",
    )
    return folder


CLINICAL = ("--pack", "forms", "--use", "clinical")


def test_a_pack_is_listed_with_its_licence_and_credit(cli, pack, monkeypatch):
    monkeypatch.setenv("COLUMNS", "160")

    ended = cli("instruments", *CLINICAL)

    assert (ended.code, ended.err) == (0, "")
    assert f"Made-up pack (CC BY-NC-ND 4.0). {made_up().credit}" in ended.out
    line = next(x for x in ended.out.splitlines() if x.startswith("weather"))
    assert "in a pack" in line


def test_an_instrument_of_a_pack_is_shown_and_sent_with_its_credit(
    cli, pack, monkeypatch
):
    monkeypatch.setenv("COLUMNS", "160")

    shown = cli("instruments", "weather", *CLINICAL)
    sent = cli("instruments", "export", "weather", *CLINICAL, "--as", "fhir")

    assert (shown.code, sent.code) == (0, 0)
    assert made_up().credit in shown.out
    assert made_up().credit in json.loads(sent.out)["copyright"]
    assert cli("instruments", "weather").code == 2


def test_no_word_of_a_pack_steers_the_terminal(cli, tmp_path):
    path = tmp_path / "forms.zip"
    path.write_bytes(packed(hours(name="\x1b[31mRed\x1b]0;title\x07")))

    for more in ((), ("hours",)):
        ended = cli("instruments", *more, "--pack", path, "--use", "clinical")
        assert ended.code == 0
        assert "Red" in ended.out
        assert "\x1b" not in ended.out


def test_a_pack_for_another_use_is_refused(cli, pack):
    ended = cli("instruments", "--pack", pack, "--use", "commercial")

    assert (ended.code, ended.out) == (2, "")
    assert "allows clinical use only; this practice's is commercial" in ended.err
