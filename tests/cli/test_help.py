"""Help: every command, every option, every example; and it answers at once."""

import argparse
import shlex

import pytest

from duologue import __version__
from duologue.cli.main import COMMANDS, build_parser
from duologue.errors import FileError, ParameterError
from duologue.formats.ratings import read_ratings
from duologue.formats.transcripts import read_transcript
from duologue.instruments import prompts
from duologue.records import Kind

HEAVY = {
    "numpy", "scipy", "scipy.stats", "django", "numba", "rich", "jinja2",
    "duologue.relationship", "duologue.records",
}  # fmt: skip


def parsers():
    """Return the main parser and each command's, by name."""
    main = build_parser(full=tuple(COMMANDS))
    (commands,) = [
        a for a in main._actions if isinstance(a, argparse._SubParsersAction)
    ]
    return {"duologue": main, **commands.choices}


def examples():
    """Return the command lines that the epilogs show, lines that go on joined."""
    for name, parser in parsers().items():
        text = (parser.epilog or "").replace("\\\n", " ")
        for line in text.splitlines():
            words = line.strip()
            if words.startswith("duologue ") and "COMMAND" not in words:
                # Two spaces or more part a command from what is said about it.
                command = " ".join(words.split("  ")[0].split())
                if words.split("  ")[1:] and words.split("  ")[1].startswith("--"):
                    command = " ".join(words.split())
                yield name, command


EXAMPLES = sorted(set(examples()))


@pytest.mark.parametrize("name", ["duologue", *COMMANDS])
def test_every_option_has_help(name):
    parser = parsers()[name]

    assert parser.description
    for action in parser._actions:
        if not isinstance(action, argparse._SubParsersAction):
            assert action.help, f"{name} {action.option_strings or action.dest}"


def test_every_command_has_a_line_and_a_module():
    assert set(parsers()) == {"duologue", *COMMANDS}
    assert all(COMMANDS.values())


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_each_command_is_shown_with_examples(cli, name):
    ended = cli(name, "--help")

    assert (ended.code, ended.err) == (0, "")
    assert "examples:" in ended.out
    assert max(map(len, ended.out.splitlines())) <= 88


@pytest.mark.parametrize(("name", "command"), EXAMPLES)
def test_every_example_can_be_parsed(name, command):
    words = shlex.split(command)[1:]

    chosen, rest = build_parser(full=words[:1]).parse_known_args(words)

    assert not rest
    assert chosen.run


def test_there_are_examples():
    assert len(EXAMPLES) >= 15
    assert {name for name, _ in EXAMPLES} == {"duologue", *COMMANDS}


def test_every_example_that_needs_only_the_demo_runs(
    cli, demo_folder, monkeypatch, tmp_path
):
    (tmp_path / "demo").symlink_to(demo_folder)
    monkeypatch.chdir(tmp_path)
    commands = [c for _, c in EXAMPLES if "demo/" in c]

    assert len(commands) >= 3
    for command in commands:
        ended = cli(*shlex.split(command)[1:])
        assert (ended.code, ended.err) == (0, ""), command


def serves(command):
    """Whether a command goes on until Ctrl-C."""
    words = shlex.split(command)
    return words[1] in {"demo", "serve"} and not {"--files-only", "practice"} & set(
        words
    )


def test_every_example_that_needs_nothing_runs(cli, undrawn, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    commands = [
        c
        for _, c in EXAMPLES
        if c.startswith(("duologue simulate", "duologue instruments", "duologue demo"))
        and ".toml" not in c
        and ".zip" not in c
        and not serves(c)  # those go on until Ctrl-C: the next test runs them
    ]

    assert len(commands) >= 6
    for command in dict.fromkeys(commands):
        assert cli(*shlex.split(command)[1:]).code == 0, command


def test_every_example_that_serves_does(started, forked, tmp_path):
    commands = sorted({c for _, c in EXAMPLES if serves(c)})

    assert [c.split()[1] for c in commands] == ["demo", "demo", "demo", "serve"]
    # What everybody types first is started as they start it.
    for command, start in zip(commands, (started, forked, forked, forked), strict=True):
        # Any port: the one that is usual may be taken where the tests run.
        arguments = (*shlex.split(command)[1:], "--port", "0")
        with start(*arguments, cwd=str(tmp_path)) as running:
            assert "http://therapist-t.localhost:" in running.out, command


def roles_of(cli, what):
    """Return the roles that the help of ``read`` gives for a kind of table."""
    lines = cli("read", "--help").out.splitlines()
    start = next(
        i for i, line in enumerate(lines) if "--columns ROLE=NAME,... " in line
    )
    line = next(x for x in lines[start:] if x.split()[:1] == [what])
    return line.replace(",", " ").split()[1:]


def test_the_help_lists_every_role_of_a_table_of_ratings(cli, tmp_path):
    table = tmp_path / "r.csv"
    table.write_text("session,client_open,therapist_open\n1,4,5\n")

    roles = roles_of(cli, "ratings")

    assert roles == ["session", "pair", "seat", "item", "value", "shared"]
    with pytest.raises(ParameterError, match=", ".join(roles)):
        read_ratings(table, prompts=prompts(Kind.THERAPY), columns={"x": "y"})
    for role in roles:
        with pytest.raises(FileError, match=f"to take as the {role}"):
            read_ratings(table, prompts=prompts(Kind.THERAPY), columns={role: "y"})


def test_the_help_lists_every_role_of_a_transcript(cli, tmp_path):
    table = tmp_path / "t.csv"
    table.write_text("speaker,text\nT,Hello.\nC,Hello.\n")

    roles = roles_of(cli, "transcript")

    assert roles == ["speaker", "start", "end", "text", "transcript"]
    with pytest.raises(ParameterError, match=", ".join(roles)):
        read_transcript(table, columns={"x": "y"})
    for role in roles:
        with pytest.raises(FileError, match="columns"):
            read_transcript(table, columns={role: "y"})


def test_the_help_says_where_the_ids_of_the_items_are(cli):
    assert "duologue instruments after_session" in cli("read", "--help").out


def test_an_older_python_is_told_so_in_one_line(process):
    code = (
        "import sys; sys.version_info = (3, 10, 0); "
        "from duologue.__main__ import main; sys.exit(main())"
    )

    ended = process("--version", code=("-c", code))

    assert (ended.code, ended.out) == (2, "")
    assert ended.err == "duologue: Python 3.11 or later is needed.\n"


def test_the_version_is_shown(cli):
    ended = cli("--version")

    assert (ended.code, ended.out) == (0, f"duologue {__version__}\n")


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], []])
def test_help_loads_nothing_heavy(process, arguments):
    code = (
        "import sys; from duologue.__main__ import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(*sys.modules, sep='\\n', file=sys.stderr)"
    )

    ended = process(*arguments, code=("-c", code))

    loaded = set(ended.err.split())
    assert "duologue.cli.main" in loaded
    assert not HEAVY & loaded


def test_options_are_written_in_full(cli, demo_folder):
    ended = cli("read", demo_folder / "practice" / "pair-A", "--js")

    assert (ended.code, ended.out) == (2, "")
    assert "no option --js" in ended.err
