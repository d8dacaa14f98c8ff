"""``duologue read``: the four readers, three faces, and asking who is who."""

import io
import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from duologue import relationship
from duologue.cli.main import run
from paper import Paper, need_paper

THREE = """WEBVTT

00:01.000 --> 00:03.000
<v Ada Stone>Shall we begin where you are?

00:04.000 --> 00:06.000
<v Ben Moss>I would rather not, to be honest with you.

00:07.000 --> 00:08.000
<v Cy Reed>Sorry, I am only here for the lamp.

00:09.000 --> 00:12.000
<v Ada Stone>You could also begin somewhere else.

00:13.000 --> 00:15.000
<v Ben Moss>I could. My week was long.
"""
TRANSCRIPTS = Path(__file__).parents[1] / "fixtures" / "transcripts"
NAMES = ("Ada", "Stone", "Ben", "Moss", "Cy", "Reed")


class Terminal(io.StringIO):
    """What a person types, at something that says it is a terminal."""

    def isatty(self):
        return True


@pytest.fixture
def types(monkeypatch, cli):
    """Run the command line before a person who types the given lines."""

    def call(typed, *arguments):
        monkeypatch.setenv("TERM", "dumb")  # plain text, no colour
        monkeypatch.setattr(sys, "stdin", Terminal(typed))
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
        return cli(*arguments)

    return call


@pytest.fixture
def talk(tmp_path):
    path = tmp_path / "talk.vtt"
    path.write_text(THREE, encoding="utf-8")
    return path


@pytest.fixture
def two(tmp_path):
    path = tmp_path / "two.vtt"
    path.write_text(THREE.replace("Cy Reed", "Ada Stone"), encoding="utf-8")
    return path


# The four readers ------------------------------------------------------------------


@pytest.mark.parametrize("reader", ["client", "therapist", "ours", "research"])
def test_each_reader_gets_a_reading_of_their_own(cli, pair, reader):
    ended = cli("read", pair, "--as", reader, "--json")

    assert (ended.code, ended.err) == (0, "")
    reading = json.loads(ended.out)
    assert reading["schema"] == "duologue.reading/1"
    assert reading["scope"] == reader
    assert reading["made_up"] is True


def test_the_default_reader_is_the_two_together(cli, pair):
    assert cli("read", pair).out == cli("read", pair, "--as", "ours").out


def test_research_says_so_on_every_output(cli, pair, tmp_path):
    page = tmp_path / "page.html"

    shown = cli("read", pair, "--as", "research").out
    cli("read", pair, "--as", "research", "--html", page)

    assert "RESEARCH: SEES EVERYTHING" in shown
    assert "research" in page.read_text("utf-8").lower()


def test_what_one_keeps_back_changes_nothing_for_the_other(cli, course_folder):
    answers = course_folder / "reflections.csv"
    kept = answers.read_text("utf-8").replace("2,client,open,47,yes", "")
    before = [cli("read", course_folder, "--as", "therapist", f) for f in FACES]

    answers.write_text(kept + "2,client,open,3,no\n", encoding="utf-8")
    after = [cli("read", course_folder, "--as", "therapist", f) for f in FACES]

    # 47 was shared, but the therapist did not answer: it had not opened either.
    assert after == before


def test_what_has_opened_does_show(cli, course_folder):
    answers = course_folder / "reflections.csv"
    before = cli("read", course_folder, "--as", "therapist", "--json").out

    text = answers.read_text("utf-8").replace("1,client,open,40", "1,client,open,90")
    answers.write_text(text, encoding="utf-8")

    assert cli("read", course_folder, "--as", "therapist", "--json").out != before


FACES = ("--json", "--as=therapist")


# As of -----------------------------------------------------------------------------


def test_as_of_leaves_out_what_came_later(cli, pair):
    reading = json.loads(cli("read", pair, "--json", "--as-of", "2026-07-01").out)

    assert reading["as_of"] == "2026-07-01"
    assert reading["last_day"] <= "2026-07-01"
    assert reading["n_sessions"] < 20


def test_as_of_a_day_that_nobody_has_reached_is_refused(cli, course_folder):
    ended = cli("read", course_folder, "--as-of", "2999-01-01")

    assert (ended.code, ended.out) == (2, "")
    assert "--as-of must be today or a day before it" in ended.err


def test_as_of_may_reach_the_last_session_of_a_course_that_runs_ahead(
    cli, course_folder
):
    sessions = course_folder / "sessions.csv"
    ahead = sessions.read_text("utf-8").replace("2026-01-12", "2998-01-12")
    sessions.write_text(ahead, encoding="utf-8")

    assert cli("read", course_folder, "--as-of", "2998-01-12").code == 0


# Faces -----------------------------------------------------------------------------


def test_a_page_is_written_whole_and_replaced_by_a_later_one(cli, pair, tmp_path):
    page = tmp_path / "page.html"
    first = cli("read", pair, "--html", page)
    before = page.read_bytes()
    cli("read", pair, "--as", "client", "--html", page)

    assert first.out == f"Written: {page}\n"
    assert before.startswith(b"<!DOCTYPE html>")
    assert page.read_bytes() != before
    assert [p.name for p in tmp_path.iterdir() if p.name != "made"] == ["page.html"]


def test_json_and_a_page_can_be_had_at_once(cli, demo_folder, tmp_path):
    pair = demo_folder / "practice" / "pair-A"

    ended = cli("read", pair, "--json", "--html", tmp_path / "page.html")

    assert json.loads(ended.out)["pair"] == "pair-A"
    assert (tmp_path / "page.html").exists()


def test_equal_input_gives_equal_bytes(cli, demo_folder):
    pair = demo_folder / "practice" / "pair-K"

    assert cli("read", pair, "--json") == cli("read", pair, "--json")


# Paper -----------------------------------------------------------------------------


def test_a_pdf_is_written_whole_and_replaced_by_a_later_one(
    cli, course_folder, tmp_path
):
    need_paper()
    target = tmp_path / "course.pdf"

    first = cli("read", course_folder, "--as", "client", "--pdf", target)
    before = target.read_bytes()
    again = cli("read", course_folder, "--as", "therapist", "--pdf", target)

    assert (first.code, first.out, first.err) == (0, f"Written: {target}\n", "")
    assert "What the client sees, alone" in Paper(before).pages[0]
    assert again.code == 0
    assert "What the therapist sees, alone" in Paper(target.read_bytes()).pages[0]
    assert {p.name for p in tmp_path.iterdir()} == {"course", "course.pdf"}


def test_json_a_page_and_a_pdf_can_be_had_at_once(cli, course_folder, tmp_path):
    need_paper()
    page, paper = tmp_path / "page.html", tmp_path / "course.pdf"

    told = cli("read", course_folder, "--json", "--html", page, "--pdf", paper)
    written = cli("read", course_folder, "--html", page, "--pdf", paper)

    assert json.loads(told.out)["pair"] == "course"
    assert written.out == f"Written: {page}\nWritten: {paper}\n"
    assert page.read_bytes().startswith(b"<!DOCTYPE html>")
    assert paper.read_bytes().startswith(b"%PDF-")


def test_left_unsaid_comes_on_paper_when_asked_for(cli, course_folder, tmp_path):
    need_paper()
    answers = course_folder / "reflections.csv"
    lines = [f"{n},client,unsaid,{v},no\n" for n, v in ((1, "matters"), (2, "no"))]
    answers.write_text(answers.read_text("utf-8") + "".join(lines), encoding="utf-8")
    paper = tmp_path / "course.pdf"
    wanted = ("read", course_folder, "--as", "client", "--pdf", paper)

    cli(*wanted)
    before = Paper(paper.read_bytes()).text
    cli(*wanted, "--left-unsaid")

    assert "unsaid" not in before
    assert "Leftunsaid" in Paper(paper.read_bytes()).text


@pytest.mark.parametrize("other", ["page.html", "notes.pdf", "folder"])
def test_a_pdf_replaces_nothing_but_a_pdf_of_ours(cli, course_folder, tmp_path, other):
    need_paper()
    cli("read", course_folder, "--html", tmp_path / "page.html")
    (tmp_path / "notes.pdf").write_bytes(b"%PDF-1.7 of somebody else")
    (tmp_path / "folder").mkdir()
    before = (tmp_path / "page.html").read_bytes()

    ended = cli("read", course_folder, "--pdf", tmp_path / other)

    assert (ended.code, ended.out) == (2, "")
    assert "is not a PDF of ours" in ended.err
    assert (tmp_path / "page.html").read_bytes() == before
    assert len((tmp_path / "notes.pdf").read_bytes()) == 25


def test_if_one_of_two_files_may_not_be_written_neither_is(
    cli, course_folder, tmp_path
):
    need_paper()
    page, paper = tmp_path / "page.html", tmp_path / "none" / "course.pdf"

    ended = cli("read", course_folder, "--html", page, "--pdf", paper)

    assert (ended.code, ended.out) == (2, "")
    assert "its folder does not exist" in ended.err
    assert [p.name for p in tmp_path.iterdir()] == ["course"]


def test_a_page_and_a_pdf_in_one_file_are_refused(cli, course_folder, tmp_path):
    one = tmp_path / "course"

    ended = cli("read", course_folder, "--html", one / "x", "--pdf", one / "x")

    assert (ended.code, ended.out) == (2, "")
    assert "--html and --pdf must name two files." in ended.err


def test_a_pdf_must_not_replace_what_is_read(cli, two):
    wanted = ("--client", "Ben Moss", "--therapist", "Ada Stone")

    ended = cli("read", two, *wanted, "--pdf", two)

    assert (ended.code, ended.out) == (2, "")
    assert "must not replace what is read" in ended.err


@pytest.mark.parametrize(
    ("body", "lack"),
    [
        ("raise ModuleNotFoundError('weasyprint')", "duologue[pdf]"),
        ("print('-----'); raise OSError('cannot load')", "libpango-1.0-0"),
    ],
)
def test_without_what_makes_a_pdf_it_is_named_and_nothing_is_written(
    process, course_folder, tmp_path, body, lack
):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "weasyprint.py").write_text(body, encoding="utf-8")
    code = (
        f"import sys; sys.path.insert(0, {str(elsewhere)!r}); "
        "from duologue.cli.main import run; sys.exit(run(sys.argv[1:]))"
    )
    page, paper = tmp_path / "page.html", tmp_path / "course.pdf"

    wanted = ("read", course_folder, "--html", page, "--pdf", paper)
    ended = process(*wanted, code=("-c", code))

    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("duologue: a PDF needs ")
    assert lack in ended.err
    assert {p.name for p in tmp_path.iterdir()} == {"course", "elsewhere"}


def test_what_makes_a_pdf_is_loaded_only_for_one(process, course_folder):
    code = (
        "import sys; from duologue.cli.main import run; run(sys.argv[1:]); "
        "print(*{m.partition('.')[0] for m in sys.modules})"
    )

    ended = process("read", course_folder, "--json", code=("-c", code))

    assert ended.code == 0
    assert "jinja2" in ended.out.splitlines()[-1].split()
    assert "weasyprint" not in ended.out.splitlines()[-1].split()


# Tables ----------------------------------------------------------------------------


def test_a_table_that_marks_nothing_as_shared_shows_nothing_and_hints_why(
    cli, tmp_path
):
    table = tmp_path / "ratings.csv"
    table.write_text("session,client_open,therapist_open\n1,40,60\n", encoding="utf-8")

    ended = cli("read", table)

    assert ended.code == 0
    assert "Nothing has opened yet" in ended.out
    assert "marks nothing as shared" in ended.err
    assert "--as research" in ended.err


def test_a_transcript_with_tabs_between_its_cells_is_read(cli, tmp_path):
    table = tmp_path / "talk.tsv"
    rows = ["speaker\ttext", "T\tHow was it?", "C\tLong, and I was tired."]
    table.write_text("\n".join(rows), encoding="utf-8")

    ended = cli("read", table, "--json")

    assert (ended.code, ended.err) == (0, "")
    assert json.loads(ended.out)["findings"][0]["id"] == "ours.turns.1"


@pytest.mark.parametrize(
    ("sample", "name"),
    [
        ("door.eaf", "talk.eaf"),
        ("door-otter.txt", "talk.txt"),
        ("door.vtt", "talk.csv"),
        ("door.eaf", "talk.csv"),
        ("door.cha", "talk.tsv"),
        ("door.srt", "talk"),
        ("windows.txt", "talk.txt"),
        ("sixteen.txt", "talk.txt"),
    ],
)
def test_a_transcript_of_any_form_is_read_under_any_name(cli, tmp_path, sample, name):
    (tmp_path / name).write_bytes((TRANSCRIPTS / sample).read_bytes())

    ended = cli("read", tmp_path / name, "--json")

    assert (ended.code, ended.err) == (0, "")
    assert json.loads(ended.out)["findings"][0]["id"] == "ours.turns.1"


def test_a_table_of_words_in_an_older_encoding_is_read_and_said_to_be(cli, tmp_path):
    table = tmp_path / "talk.csv"
    table.write_bytes("speaker,text\nT,The word voil\u00e0?\nC,Yes.\n".encode("cp1252"))

    ended = cli("read", table, "--json")

    assert ended.code == 0
    assert "read as Windows-1252" in ended.out


def test_of_several_tiers_one_is_asked_for_and_can_be_given(cli):
    path = TRANSCRIPTS / "spoken.eaf"

    asked = cli("read", path, "--client", "Ash", "--therapist", "Wren")
    told = cli("read", path, "--client", "Ash@words", "--therapist", "Wren", "--json")

    assert (asked.code, asked.out) == (2, "")
    assert "4 labels, and not all that were given" in asked.err
    assert told.code == 0
    assert "Ash" not in told.out


def test_columns_of_any_name_make_a_transcript_when_named(cli, tmp_path):
    table = tmp_path / "talk.csv"
    table.write_text("who,words\nT,How was it?\nC,Long.\n", encoding="utf-8")

    ended = cli("read", table, "--columns", "speaker=who,text=words", "--json")

    assert (ended.code, ended.err) == (0, "")


# Who is who ------------------------------------------------------------------------


def test_speakers_are_listed_when_asked_for(cli, two):
    ended = cli("read", two, "--speakers")

    assert (ended.code, ended.err) == (0, "")
    assert "Ada Stone" in ended.out
    assert "never used by itself" in ended.out.replace("\n", " ")


def test_speakers_of_a_folder_with_one_transcript_are_listed(cli, tmp_path):
    (tmp_path / "transcript.vtt").write_text(THREE, encoding="utf-8")

    ended = cli("read", tmp_path, "--speakers")

    assert (ended.code, ended.err) == (0, "")
    assert "Ben Moss" in ended.out


def test_a_person_is_asked_with_the_first_two_lines_of_each(types, two):
    ended = types("2\n1\n", "read", two, "--json")

    assert ended.code == 0
    asked = ended.err
    assert "1  Ada Stone" in asked
    assert "2  Ben Moss" in asked
    assert "“Shall we begin where you are?”" in asked
    assert "“Sorry, I am only here for the lamp.”" in asked
    assert "“You could also begin somewhere else.”" not in asked  # the third line
    assert "“I could. My week was long.”" in asked
    assert asked.index("My week was long") < asked.index("Which number is the client?")


def test_asking_leaves_standard_output_to_the_reading(types, two):
    asked = types("2\n1\n", "read", two, "--json")

    told = ("--client", "Ben Moss", "--therapist", "Ada Stone")
    assert asked.out == types("", "read", two, "--json", *told).out
    assert not [name for name in NAMES if name in asked.out]


def test_enter_alone_takes_no_suggestion(types, two):
    ended = types("\n\n2\n1\n", "read", two, "--json")

    assert ended.code == 0
    assert "perhaps the therapist" in ended.err
    assert ended.err.count("Which number is the client?") == 3


def test_nobody_is_seated_when_nobody_answers(types, two):
    ended = types("", "read", two)

    assert (ended.code, ended.out) == (2, "")
    last = ended.err.splitlines()[-1]
    assert "say who sits in which seat" in last


def test_more_than_two_may_speak_and_the_others_stay_without_a_seat(types, talk):
    ended = types("2\n3\n1\n", "read", talk, "--json")

    assert ended.code == 0
    assert "3  Cy Reed" in ended.err
    assert "left without a seat" in ended.err
    assert "Segments by neither of the two: 2 of 5" in ended.out  # Ada's
    assert not [name for name in NAMES if name in ended.out]


def test_the_same_label_is_not_offered_for_both_seats(types, two):
    ended = types("1\n1\n2\n", "read", two, "--json")

    assert ended.code == 0
    assert "Which number is the therapist? [2]" in ended.err


def test_only_the_seat_that_was_not_given_is_asked_for(types, two):
    ended = types("1\n", "read", two, "--client", "ben moss", "--json")

    assert ended.code == 0
    assert "Which number is the client?" not in ended.err


def test_where_both_were_given_wrongly_nothing_is_asked(types, two):
    ended = types("1\n2\n", "read", two, "--client", "X", "--therapist", "Y")

    assert (ended.code, ended.out) == (2, "")
    assert "Which number" not in ended.err


def test_a_transcript_of_one_voice_asks_nothing(types, tmp_path):
    path = tmp_path / "one.vtt"
    path.write_text(
        "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ada>Hello.\n", encoding="utf-8"
    )

    ended = types("1\n1\n", "read", path)

    assert (ended.code, ended.out) == (2, "")
    assert "Which number" not in ended.err


def test_a_line_that_would_move_the_cursor_is_shown_harmlessly(types, tmp_path):
    path = tmp_path / "two.vtt"
    path.write_text(
        THREE.replace("Cy Reed", "Ada Stone").replace("Shall we", "\x1b[2JShall we"),
        encoding="utf-8",
    )

    ended = types("2\n1\n", "read", path, "--json")

    assert ended.code == 0
    assert "\x1b" not in ended.err
    assert "\x1b" not in ended.out


# How a run ends --------------------------------------------------------------------


def test_control_c_ends_with_130_and_no_traceback(cli, course_folder, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(relationship, "read", interrupted)

    ended = cli("read", course_folder)

    assert (ended.code, ended.out, ended.err) == (130, "", "")


@pytest.mark.parametrize(
    ("fault", "ends"),
    [
        (BrokenPipeError(), (0, "")),
        (OSError(28, "No space"), (2, "duologue: the output: No space.\n")),
        (OSError(5, "Broken", "a.csv"), (2, "duologue: a.csv: Broken.\n")),
    ],
)
def test_a_fault_of_the_machine_ends_without_a_traceback(
    cli, course_folder, monkeypatch, fault, ends
):
    def broken(*_, **__):
        raise fault

    monkeypatch.setattr(relationship, "read", broken)

    ended = cli("read", course_folder)

    assert ended.out == ""
    assert (ended.code, ended.err) == ends


def test_whoever_develops_is_shown_the_fault(process):
    code = (
        "from duologue.cli import main; main.build_parser = lambda **_: 1 / 0; "
        "main.run([])"
    )

    assert "ZeroDivisionError" in process(code=("-X", "dev", "-c", code)).err
    assert "Traceback" not in process(code=("-c", code)).err


def test_a_fault_of_ours_is_told_without_what_was_read(cli, course_folder, monkeypatch):
    def broken(*_, **__):
        raise ValueError("could not use sentinel-31337")

    monkeypatch.setattr(relationship, "read", broken)

    ended = cli("read", course_folder)

    assert (ended.code, ended.out) == (3, "")
    assert "sentinel" not in ended.err
    assert "a fault of ours" in ended.err
    assert "ValueError in broken" in ended.err
    assert "Traceback" not in ended.err


def test_a_fault_on_the_way_leaves_an_earlier_page_as_it_was(
    cli, course_folder, tmp_path, monkeypatch
):
    def broken(*_, **__):
        raise ValueError("could not write")

    page = tmp_path / "page.html"
    cli("read", course_folder, "--html", page)
    before = page.read_bytes()
    monkeypatch.setattr("duologue.cli.read.to_json", broken)

    ended = cli("read", course_folder, "--as", "client", "--json", "--html", page)

    assert ended.code == 3
    assert "Nothing was changed" in ended.err
    assert page.read_bytes() == before


def test_a_reader_that_goes_away_ends_the_run_quietly(pair):
    with subprocess.Popen(
        [sys.executable, "-m", "duologue", "read", str(pair), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        running.stdout.readline()
        running.stdout.close()
        err = running.stderr.read()

    assert err == b""
    assert running.returncode == 0


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /dev/full")
def test_a_full_disk_is_said_in_one_line(pair):
    with open("/dev/full", "w") as full:  # noqa: PTH123 - a device
        ran = subprocess.run(
            [sys.executable, "-m", "duologue", "read", str(pair)],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )

    assert ran.returncode == 2
    assert ran.stderr == "duologue: the output: No space left on device.\n"


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_a_terminal_without_our_characters_shows_their_likeness(
    process, pair, encoding
):
    env = {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}

    ran = subprocess.run(
        [sys.executable, "-m", "duologue", "read", str(pair)],
        capture_output=True,
        env=env,
        check=False,
    )

    assert (ran.returncode, ran.stderr) == (0, b"")
    shown = ran.stdout.decode(encoding)
    assert "Two views" in shown
    assert "client" in shown
    assert "?" not in [line.split()[1][0] for line in lines_of(shown, "client")]


def lines_of(text, word):
    """Return the lines that begin with this word and hold more than it."""
    lines = [line.strip(" |") for line in text.splitlines()]
    return [x for x in lines if x.startswith(f"{word}  ") and len(x.split()) > 1]


def test_json_for_a_terminal_in_ascii_is_the_same_json(process, pair):
    plain = process("read", pair, "--json", env={"PYTHONIOENCODING": "ascii"})
    usual = process("read", pair, "--json", env={"PYTHONIOENCODING": "utf-8"})

    assert (plain.code, plain.err) == (0, "")
    assert plain.out.isascii()
    assert not usual.out.isascii()
    assert json.loads(plain.out) == json.loads(usual.out)


def test_where_recordings_take_minutes_a_course_is_read_without_them_and_says_so(
    cli, demo_folder, pair, monkeypatch
):
    monkeypatch.setattr("duologue.corpus.recorded.is_quick", lambda: False)

    ended = cli("read", demo_folder / "practice" / "pair-D")

    assert ended.code == 0
    assert "2 of its recordings left out" in ended.err
    assert "duologue[corpus]" in ended.err
    assert ended.out == cli("read", pair).out


def test_the_demos_recordings_are_read_with_their_moments(cli, demo_folder):
    ended = cli("read", demo_folder / "practice" / "pair-D", "--json")

    findings = {f["id"]: f for f in json.loads(ended.out)["findings"]}
    assert findings["ours.moments.16.motion"]["level"] == "unusual"
    assert findings["ours.moments.19.motion"]["level"] == "count"


def test_reading_loads_no_statistics_package_nor_the_web(process, pair):
    code = (
        "import sys; from duologue.cli.main import run; run(sys.argv[1:]); "
        "print(*sys.modules, sep='\\n', file=sys.stderr)"
    )

    ended = process("read", pair, code=("-c", code))

    loaded = set(ended.err.split())
    assert "duologue.relationship.read" in loaded
    assert not {"scipy.stats", "numba", "django", "pandas", "matplotlib"} & loaded


def test_a_reading_by_a_process_is_the_same_as_in_this_one(process, cli, pair):
    assert process("read", pair, "--json") == cli("read", pair, "--json")


def test_reading_writes_nothing_beside_what_it_reads(cli, course_folder):
    before = {p.name: p.stat().st_mtime_ns for p in course_folder.rglob("*")}

    cli("read", course_folder, "--as", "research")

    assert {p.name: p.stat().st_mtime_ns for p in course_folder.rglob("*")} == before


def test_the_clock_changes_no_reading(cli, course_folder, monkeypatch):
    before = cli("read", course_folder, "--json").out
    later = timedelta(days=4000).total_seconds()
    monkeypatch.setattr("time.time", lambda: later)

    assert cli("read", course_folder, "--json").out == before


def test_without_arguments_the_help_is_shown(capsys):
    assert run([]) == 0
    assert "examples:" in capsys.readouterr().out


def test_ratings_with_tabs_are_read_like_any_others(cli, tmp_path):
    table = tmp_path / "ratings.tsv"
    table.write_text("session\tclient_open\ttherapist_open\n1\t4\t5\n")

    ended = cli("read", table, "--as", "research", "--json")

    assert (ended.code, ended.err) == (0, "")
    assert json.loads(ended.out)["n_sessions"] == 1


def test_a_folder_with_a_single_session_is_a_course_too(cli, tmp_path):
    (tmp_path / "transcript.txt").write_text("T: How was it?\nC: Long.\n")

    ended = cli("read", tmp_path, "--json")

    assert (ended.code, ended.err) == (0, "")
    assert json.loads(ended.out)["findings"][0]["id"] == "ours.turns.1"


@pytest.fixture
def recording(tmp_path):
    """Ten minutes at 2 Hz of two people who have nothing to do with each other."""
    rng = np.random.default_rng(3)
    rows = (f"{a:.3f} {b:.3f}" for a, b in rng.random((1200, 2)))
    path = tmp_path / "motion.txt"
    path.write_text("\n".join(rows) + "\n")
    return path


COLUMNS = ("--client", "1", "--therapist", "2", "--rate", "2")


def test_a_recording_alone_is_read_beside_chance(cli, recording):
    done = cli("read", str(recording), *COLUMNS)

    assert done.code == 0
    assert "Moving in step" in done.out
    assert "More is not better" in " ".join(done.out.split())


def test_a_table_of_both_people_needs_no_option(cli, recording):
    rows = recording.read_text().splitlines()
    table = recording.with_suffix(".csv")
    table.write_text(
        "time_s,client,therapist\n"
        + "".join(f"{k / 2},{','.join(row.split())}\n" for k, row in enumerate(rows))
    )
    by_name = json.loads(cli("read", str(table), "--json").out)
    by_place = json.loads(cli("read", str(recording), *COLUMNS, "--json").out)

    assert by_name == by_place
    assert by_name["findings"][0]["id"] == "ours.moving.1.motion"


def test_voices_may_lie_below_0_and_movement_may_not(cli, recording):
    recording.write_text(recording.read_text().replace("0.", "-0.", 1))

    as_motion = cli("read", str(recording), *COLUMNS)
    as_voice = cli("read", str(recording), *COLUMNS, "--modality", "voice")

    assert as_motion.code == 2
    assert "below 0" in as_motion.err
    assert as_voice.code == 0
    assert "Voices of session 1" in as_voice.out


def test_a_course_folder_is_read_with_its_recordings(cli, recording, tmp_path):
    place = tmp_path / "pair" / "session-001"
    place.mkdir(parents=True)
    (place.parent / "course.toml").write_text(
        '[seats]\nclient = "C"\ntherapist = "T"\n'
    )
    recording.rename(place / "motion.txt")
    (place / "motion.toml").write_text('client = "1"\ntherapist = "2"\nrate = 2\n')

    done = cli("read", str(place.parent), "--as", "therapist")

    assert done.code == 0
    assert "Movements of session 1" in done.out


@pytest.mark.parametrize(
    "option",
    [("--rate", "25"), ("--time", "t"), ("--modality", "voice")],
)
def test_what_goes_with_recordings_only_is_refused_elsewhere(
    cli, course_folder, option
):
    done = cli("read", str(course_folder), *option)

    assert done.code == 2
    assert "does not go with a course folder" in done.err
