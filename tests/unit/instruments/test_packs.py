"""Packs of made-up definitions, loaded unchanged or not at all."""

import hashlib
import re
import zipfile

import pytest

from duologue.errors import DuologueError, FileError, InstrumentError
from duologue.instruments import pack_files
from duologue.instruments.packs import Use, load_pack
from duologue.instruments.written import as_toml
from made_up_forms import made_up

CREDIT = made_up().credit


def pack_toml(*files, credit=CREDIT, uses=("clinical", "research"), more=""):
    lines = [
        'name = "Made-up pack"',
        'licence = "CC BY-NC-ND 4.0"',
        *([f'credit = "{credit}"'] if credit is not None else []),
        f"uses = {list(uses)}",
        more,
    ]
    for file in files:
        sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
        lines += ["[[definitions]]", f'file = "{file.name}"', f'sha256 = "{sha256}"']
    return "\n".join(lines)


@pytest.fixture
def pack(tmp_path):
    """A folder with two made-up definitions and what names them."""
    folder = tmp_path / "pack"
    folder.mkdir()
    for name in ("weather", "harvest"):
        words = as_toml(made_up(id=name, credit=None))
        (folder / f"{name}.toml").write_text(words, encoding="utf-8")
    (folder / "README").write_text("Not a definition.", encoding="utf-8")
    rewrite(folder)
    return folder


def rewrite(folder, **options):
    """Write pack.toml anew for the definitions that are there."""
    files = sorted(x for x in folder.glob("*.toml") if x.name != "pack.toml")
    (folder / "pack.toml").write_text(pack_toml(*files, **options), encoding="utf-8")


def zipped(folder, path, compression=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", compression) as archive:
        for file in folder.iterdir():
            archive.write(file, file.name)
    return path


def test_a_pack_is_loaded_and_each_of_its_instruments_carries_the_credit(pack):
    found = load_pack(pack, use=Use.CLINICAL)

    assert [one.id for one in found.instruments] == ["harvest", "weather"]
    assert {one.credit for one in found.instruments} == {CREDIT}
    assert found.instrument("weather") == made_up()
    assert found.instrument("snow") is None
    assert found.uses == {Use.CLINICAL, Use.RESEARCH}


def test_a_zip_file_is_the_same_pack_as_its_folder(pack, tmp_path):
    path = zipped(pack, tmp_path / "pack.zip")

    assert load_pack(path, use=Use.RESEARCH) == load_pack(pack, use=Use.RESEARCH)


@pytest.mark.parametrize(
    "words", ["a = " + "[" * 100_000, f"a = {'9' * 5000}"], ids=["deep", "long"]
)
def test_what_no_program_could_read_is_refused_in_one_line(pack, words):
    (pack / "pack.toml").write_text(words, encoding="utf-8")

    with pytest.raises(InstrumentError, match=r"pack\.toml: holds what cannot be read"):
        load_pack(pack, use=Use.CLINICAL)


@pytest.mark.parametrize(
    "words", [".".join("a" * 300) + " = 1", "[" + "a." * 300 + "]"]
)
def test_a_key_of_many_parts_is_refused_before_it_takes_the_memory(pack, words):
    (pack / "weather.toml").write_text(words, encoding="utf-8")
    rewrite(pack)

    with pytest.raises(InstrumentError, match="a line holds more than 200 full stops"):
        load_pack(pack, use=Use.CLINICAL)


def test_a_text_that_no_page_could_take_is_refused(pack):
    words = as_toml(made_up(credit=None, preamble="x" * 1001))
    (pack / "weather.toml").write_text(words, encoding="utf-8")
    rewrite(pack)

    with pytest.raises(InstrumentError, match="each of its texts takes up to 1000"):
        load_pack(pack, use=Use.CLINICAL)


@pytest.mark.parametrize("as_zip", [False, True])
def test_a_pack_holds_so_much_at_most_however_well_it_is_packed(
    pack, tmp_path, monkeypatch, as_zip
):
    monkeypatch.setattr(pack_files, "MOST_IN_ALL", 1000)
    path = zipped(pack, tmp_path / "pack.zip") if as_zip else pack

    with pytest.raises(FileError, match=r"at most 0\.001 MB of definitions"):
        load_pack(path, use=Use.CLINICAL)


@pytest.mark.parametrize("use", [Use.COMMERCIAL, Use.EDUCATIONAL])
def test_a_use_that_the_licence_does_not_allow_is_refused(pack, use):
    with pytest.raises(
        InstrumentError, match=f"allows clinical, research use only; this .* is {use}"
    ):
        load_pack(pack, use=use)


@pytest.mark.parametrize("as_zip", [False, True])
def test_a_definition_that_was_changed_is_refused(pack, tmp_path, as_zip):
    file = pack / "weather.toml"
    file.write_bytes(file.read_bytes().replace(b"sun shone", b"rain fell"))
    path = zipped(pack, tmp_path / "pack.zip") if as_zip else pack

    with pytest.raises(InstrumentError, match=r"\[2\]\.file changed since the pack"):
        load_pack(path, use=Use.CLINICAL)


def test_line_breaks_that_were_changed_count_as_changed(pack):
    file = pack / "weather.toml"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))

    with pytest.raises(InstrumentError, match="changed since the pack was made"):
        load_pack(pack, use=Use.CLINICAL)


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"credit": None}, "credit must hold words"),
        ({"credit": " "}, "credit must hold words"),
        ({"credit": "(c) Somebody"}, None),
        ({"uses": []}, "uses must name some of clinical, commercial, educational"),
        ({"uses": ["private"]}, "uses must name some of"),
        ({"uses": ["clinical", "clinical"]}, "uses must name each one once"),
        ({"more": 'price = "1"'}, "price is not one of name, licence, credit, uses"),
    ],
)
def test_a_pack_says_whose_it_is_and_what_for(pack, options, problem):
    rewrite(pack, **options)

    if problem is None:
        assert load_pack(pack, use=Use.CLINICAL).credit == "(c) Somebody"
        return
    with pytest.raises(InstrumentError, match=rf"^pack/pack\.toml: {problem}"):
        load_pack(pack, use=Use.CLINICAL)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"tier": "A"}, r"weather\.toml: tier must be B in a pack"),
        ({"id": "phq9"}, "id must be another; phq9 ships already"),
        ({"id": "after_session"}, "id must be another; after_session ships already"),
        ({"id": "harvest"}, "definitions holds 'harvest' twice"),
        ({"credit": "(c) Somebody else"}, "credit must be that of the pack, or absent"),
    ],
)
def test_a_definition_that_does_not_belong_is_refused(pack, changes, problem):
    words = as_toml(made_up(**{"credit": None, **changes}))
    (pack / "weather.toml").write_text(words, encoding="utf-8")
    rewrite(pack)

    with pytest.raises(InstrumentError, match=problem):
        load_pack(pack, use=Use.CLINICAL)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            r'file = "weather.toml"',
            'file = "../weather.toml"',
            "the name of a .toml fi",
        ),
        (r'file = "weather.toml"', 'file = "README"', "the name of a .toml file in th"),
        (r"sha256 = \"\w+\"", 'sha256 = "0"', "sha256 must be 64 digits"),
        (
            r"\[\[definitions\]\]\nfile = \"weather(.|\n)*",
            "",
            "name every definition; 1",
        ),
        (r"\[\[definitions\]\](.|\n)*", "", "definitions must name the files"),
        (r"sha256", "sha1", "sha1 is not one of file, sha256"),
        (r'name = "', "name = ", "not TOML"),
    ],
)
def test_a_list_of_files_that_is_not_that_of_the_pack_is_refused(
    pack, old, new, problem
):
    file = pack / "pack.toml"
    words = file.read_text(encoding="utf-8")
    file.write_text(re.sub(old, new, words), encoding="utf-8")

    with pytest.raises(InstrumentError, match=problem):
        load_pack(pack, use=Use.CLINICAL)


def test_what_is_no_pack_is_refused(pack, tmp_path):
    (pack / "pack.toml").unlink()
    text = tmp_path / "text.zip"
    text.write_text("not a zip file", encoding="utf-8")

    with pytest.raises(
        FileError, match=r"a pack holds a pack\.toml, and this does not"
    ):
        load_pack(pack, use=Use.CLINICAL)
    with pytest.raises(FileError, match="must be a sound zip file"):
        load_pack(text, use=Use.CLINICAL)
    with pytest.raises(FileError, match="must be a folder or a zip file: No such"):
        load_pack(tmp_path / "none", use=Use.CLINICAL)


def test_a_file_that_is_too_large_is_not_unpacked(pack, tmp_path):
    (pack / "weather.toml").write_bytes(b"#" * 1_000_001)
    path = zipped(pack, tmp_path / "bomb.zip")

    for found in (pack, path):
        with pytest.raises(FileError, match=r"/weather\.toml: must be a readable file"):
            load_pack(found, use=Use.CLINICAL)


def test_a_definition_that_is_no_text_is_refused(pack):
    (pack / "weather.toml").write_bytes(b"\xff\xfe")
    rewrite(pack)

    with pytest.raises(
        FileError, match=r"^pack/weather\.toml: must be a readable UTF-8"
    ):
        load_pack(pack, use=Use.CLINICAL)


def test_a_damaged_zip_file_is_refused_wherever_it_is_damaged(pack, tmp_path):
    path = zipped(pack, tmp_path / "pack.zip")
    whole = path.read_bytes()
    sound = load_pack(path, use=Use.CLINICAL)

    for place in range(0, len(whole), 11):
        path.write_bytes(
            whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :]
        )
        try:
            found = load_pack(path, use=Use.CLINICAL)
        except DuologueError:
            continue
        assert found == sound  # what was hit is no part of a definition


def test_a_way_of_packing_that_few_know_is_refused(pack, tmp_path):
    path = zipped(pack, tmp_path / "pack.zip", zipfile.ZIP_BZIP2)

    with pytest.raises(FileError, match="packed without compression, or by deflate"):
        load_pack(path, use=Use.CLINICAL)


def test_a_pack_of_very_many_files_is_refused(pack):
    for number in range(200):
        (pack / f"more{number}.toml").write_text("", encoding="utf-8")

    with pytest.raises(FileError, match="must hold at most 200 definitions"):
        load_pack(pack, use=Use.CLINICAL)


def test_two_files_of_one_name_are_refused(pack, tmp_path):
    path = zipped(pack, tmp_path / "pack.zip")
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Dup"):
        archive.writestr("weather.toml", "")

    with pytest.raises(FileError, match="holds two files of the same name"):
        load_pack(path, use=Use.CLINICAL)
