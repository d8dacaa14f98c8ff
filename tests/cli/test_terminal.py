"""Printing: any character on any terminal, and nobody listening."""

import io
import json
import os
import sys

import pytest

from duologue.cli import terminal


@pytest.fixture
def printed(monkeypatch):
    """Make standard output a terminal of some encoding; return what it got."""

    def start(encoding):
        got = io.BytesIO()
        stream = io.TextIOWrapper(got, encoding=encoding, write_through=True)
        monkeypatch.setattr(sys, "stdout", stream)
        terminal.accept_every_character()
        return lambda: got.getvalue().decode(encoding)

    return start


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("“so” – it’s … fine", '"so" - it\'s ... fine'),
        ("▁▂▃▄▅▆▇█·", "_,-~=+*#."),
        ("═╳┼", "=X+"),
        ("Zoë, Łódź", "Zoe, ?odz"),
        ("日本", "??"),
        ("half a name \udcff", "half a name ?"),
    ],
)
def test_ascii_shows_the_nearest_likeness(printed, text, shown):
    got = printed("ascii")

    sys.stdout.write(text)

    assert got() == shown


def test_what_an_encoding_has_stays_as_it_is(printed):
    got = printed("latin-1")

    sys.stdout.write("Zoë · “so”")

    assert got() == 'Zoë · "so"'


def test_every_block_of_a_chart_has_a_likeness_of_its_own(printed):
    got = printed("ascii")

    sys.stdout.write("▁▂▃▄▅▆▇█")

    assert len(set(got().strip())) == 8


def test_bytes_that_are_no_text_are_not_for_this_to_mend():
    terminal.accept_every_character()

    with pytest.raises(UnicodeDecodeError, match="ascii"):
        b"\xff".decode("ascii", "duologue.nearest")


def test_json_is_written_with_escapes_only_where_it_must_be(printed):
    text = json.dumps({"said": "“so” \U0001f642"}, ensure_ascii=False, indent=2)

    for encoding, plain in (("ascii", True), ("utf-8", False)):
        got = printed(encoding)
        terminal.print_json(text)
        assert got().isascii() is plain
        assert json.loads(got()) == json.loads(text)


def test_output_that_cannot_be_a_file_is_left_alone(monkeypatch):
    monkeypatch.setattr(sys, "stdout", io.StringIO())

    terminal.accept_every_character()
    terminal.print_json('{"said": "“so”"}')

    assert sys.stdout.getvalue() == '{"said": "“so”"}\n'


def test_a_message_is_one_line_that_moves_no_cursor(capsys):
    terminal.say("two\nlines, \x1b[2J and \x07")

    assert capsys.readouterr().err == "duologue: two lines,  [2J and  \n"


class Gone(io.StringIO):
    """A stream whose reader has left."""

    def __init__(self, number):
        super().__init__()
        self.number = number

    def flush(self):
        raise BrokenPipeError

    def fileno(self):
        return self.number


def test_what_is_left_to_print_goes_nowhere_when_nobody_listens(monkeypatch):
    reading, writing = os.pipe()
    monkeypatch.setattr(sys, "stderr", Gone(writing))
    os.close(reading)

    terminal.say("nobody reads this")

    try:
        assert os.write(writing, b"x") == 1  # no BrokenPipeError: it goes nowhere
    finally:
        os.close(writing)
