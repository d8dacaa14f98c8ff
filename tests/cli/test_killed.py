"""A server that is killed while people write: what it has answered for is kept.

``faults.killing`` has the people, the kills and the ledger; its figures for many more
kills are made by ``make validate``.
"""

import shutil
import signal
from types import SimpleNamespace

import pytest

from faults.killing import Ledger, kill_under_load, validate_kills
from faults.power import dice


@pytest.fixture
def folder(quick_demo, tmp_path):
    """A demo that a test may change."""
    return shutil.copytree(quick_demo, tmp_path / "demo")


def test_no_answer_that_was_acknowledged_is_lost_when_the_server_is_killed(
    forks, folder, socket_enabled
):
    found = kill_under_load(folder, 7, dice(12), forks=forks)

    assert (found.lost, found.halves, found.faults) == ((), (), ())
    assert found.n_kills == 7
    assert found.n_acknowledged > 14
    assert found.n_unanswered > 14
    assert found.n_events >= found.n_acknowledged


def test_an_answer_that_was_only_said_to_be_kept_is_found_lost(
    forks, folder, socket_enabled
):
    found = kill_under_load(folder, 1, dice(1), forks=forks, never_sent=3)

    assert len(found.lost) == 3
    assert all(name.startswith("answer ") for name in found.lost)
    assert (found.halves, found.faults) == ((), ())


KEYS = [["answer", "ref", 3, "client", item] for item in ("open", "deep")]
NOTHING = {
    "people": [],
    "sessions": {},
    "kept": [],
    "opened": [],
    "thoughts": [],
    "faults": [],
    "n_events": 0,
}


@pytest.mark.parametrize(
    ("kept", "opened", "halves"),
    [
        ([], [], 0),
        ([(KEYS[0], 1.0), (KEYS[1], 2.0)], [], 0),
        ([(KEYS[0], 1.0)], [], 1),
        ([(KEYS[1], 2.0)], [], 1),
        ([(KEYS[0], 1.0), (KEYS[1], 7.0)], [], 1),
        ([(KEYS[0], 1.0)], [KEYS[1]], 0),  # that one stayed, as its writer is told
    ],
)
def test_a_form_of_which_only_a_part_was_kept_is_found(kept, opened, halves):
    ledger = Ledger(NOTHING)
    form = {tuple(KEYS[0]): 1.0, tuple(KEYS[1]): 2.0}
    writer = SimpleNamespace(on_its_way=form, unsure={})

    ledger.settle({**NOTHING, "kept": kept, "opened": opened}, [writer])

    assert len(ledger.halves) == halves
    assert ledger.lost == []


@pytest.mark.parametrize(("kept", "lost"), [(1.0, 1), (2.0, 0), (3.0, 0), (None, 1)])
def test_only_the_newest_promise_or_what_was_on_its_way_is_accepted(kept, lost):
    key = tuple(KEYS[0])
    ledger = Ledger({**NOTHING, "kept": [(key, 1.0)]})
    ledger.promised[key] = 2.0
    writer = SimpleNamespace(on_its_way={key: 3.0}, unsure={})

    ledger.settle({**NOTHING, "kept": [] if kept is None else [(key, kept)]}, [writer])

    assert len(ledger.lost) == lost


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_that_comes_at_once_stops_the_server_quietly(started, folder, by):
    for _ in range(2):
        with started("serve", folder, "--port", 0) as running:
            ended = running.end(by)  # as soon as it has said that it can be

        expected = {signal.SIGINT: 130, signal.SIGTERM: -signal.SIGTERM}[by]
        assert (ended.code, ended.err) == (expected, "")


def test_the_figures_for_many_kills_come_by_their_names(socket_enabled, capsys):
    found = validate_kills(1)

    assert found["n_kills"] == 1
    assert (found["n_lost"], found["n_halves"], found["n_faults"]) == (0, 0, 0)
    assert found["n_acknowledged"] >= 0
    assert capsys.readouterr() == ("", "")
