"""Passphrases and keys as they are handed over: what is refused, and in which words."""

import io
import os
from argparse import Namespace

import pytest

from duologue.cli import passphrase
from duologue.errors import FileError, ParameterError, PassphraseError

LONG_ENOUGH = "correct horse battery staple"


def handed(content, **more):
    """Hand bytes over by a file descriptor, as the options of a command."""
    read, write = os.pipe()
    os.write(write, content)
    os.close(write)
    return Namespace(new_passphrase_fd=read, **more)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe", "text in UTF-8"),
        (b"two\nlines\n", "is one line"),
        (b"\n", "is one line"),
        (b"x" * 4097, "at most 4096 bytes"),
    ],
)
def test_what_is_no_passphrase_is_refused_and_not_repeated(content, said):
    with pytest.raises(ParameterError, match=said) as refused:
        passphrase.new_passphrase(handed(content))

    assert content.decode("latin-1") not in str(refused.value)


def test_a_short_passphrase_is_refused():
    with pytest.raises(PassphraseError):
        passphrase.new_passphrase(handed(b"short\n"))


def test_a_descriptor_that_is_none_is_refused():
    closed = handed(b"")
    os.close(closed.new_passphrase_fd)

    with pytest.raises(ParameterError, match="--new-passphrase-fd cannot be read"):
        passphrase.new_passphrase(closed)


def test_where_nobody_can_be_asked_the_option_is_named(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO())

    with pytest.raises(ParameterError, match="by --new-passphrase-fd"):
        passphrase.new_passphrase(Namespace(new_passphrase_fd=None))


@pytest.mark.parametrize("again", [LONG_ENOUGH, "something else, and long"])
def test_a_new_passphrase_is_asked_for_twice(monkeypatch, again):
    answers = iter([LONG_ENOUGH, again])
    terminal = io.StringIO()
    terminal.isatty = lambda: True
    monkeypatch.setattr("sys.stdin", terminal)
    monkeypatch.setattr(passphrase.getpass, "getpass", lambda *_, **__: next(answers))

    if again == LONG_ENOUGH:
        found = passphrase.new_passphrase(Namespace(new_passphrase_fd=None))
        assert found == LONG_ENOUGH
    else:
        with pytest.raises(PassphraseError, match="not the same"):
            passphrase.new_passphrase(Namespace(new_passphrase_fd=None))


def test_a_file_that_holds_no_recovery_key_is_refused(tmp_path):
    for name, content in (("text", b"nothing"), ("bytes", b"\xff"), ("blank", b"")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(FileError, match="holds no recovery key"):
            passphrase.recovery_key(tmp_path / name)
    with pytest.raises(FileError, match="cannot be read"):
        passphrase.recovery_key(tmp_path / "none")


def test_a_file_that_is_not_there_holds_no_passphrase(tmp_path):
    with pytest.raises(FileError, match="cannot be read"):
        passphrase.passphrase_in(tmp_path / "none")
