"""A locked practice waits for its passphrase: who asks, and what they are told."""

import socket

import pytest

from duologue.cli import gate
from duologue.cli.gate import Gate, hand_over
from duologue.errors import FileError, PassphraseError

WORDS = "correct horse battery staple"


def refuse(_):
    raise PassphraseError("practice.keys", "does not open it.")


def fail(_):
    raise RuntimeError("lighthouse")


@pytest.mark.parametrize(
    ("unlock", "said"),
    [(refuse, "does not open it"), (fail, "a fault of ours, RuntimeError")],
)
def test_whoever_hands_over_words_that_do_not_open_is_told_so(
    tmp_path, monkeypatch, unlock, said
):
    held = []  # the keys that the other tests hold stay theirs
    monkeypatch.setattr(gate.ring, "hold", held.append)
    waiting = Gate(tmp_path, unlock)

    with waiting.waiting():
        for _ in range(2):  # whoever comes next is heard as well
            with pytest.raises(FileError, match=said) as refused:
                hand_over(tmp_path, WORDS)

    assert waiting.app is None
    assert set(held) <= {None}
    assert WORDS not in str(refused.value)
    assert "lighthouse" not in str(refused.value)


def test_where_nobody_waits_nothing_is_handed_over(tmp_path):
    with pytest.raises(FileError, match="no locked practice is served from here"):
        hand_over(tmp_path, WORDS)


def test_a_server_that_does_not_answer_keeps_nobody_waiting_for_ever(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(gate, "LONGEST_WAIT_S", 0.05)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as deaf:
        deaf.bind(str(tmp_path / gate.SOCKET))
        deaf.listen()

        with pytest.raises(FileError, match="the server does not answer"):
            hand_over(tmp_path, WORDS)


def test_a_path_that_is_too_long_for_a_socket_is_refused(tmp_path):
    deep = tmp_path / ("deep" * 30)
    deep.mkdir()

    with pytest.raises(FileError, match="cannot be made"), Gate(deep, fail).waiting():
        pass
