"""A server that is killed while people write: what it has answered for is kept.

``faults.killing`` has the people, the kills and the ledger; its figures for many more
kills are made by ``make validate``.
"""

import shutil

import pytest

from faults.killing import kill_under_load, validate_kills
from faults.power import dice


@pytest.fixture
def folder(quick_demo, tmp_path):
    """A demo that a test may change."""
    return shutil.copytree(quick_demo, tmp_path / "demo")


def test_no_answer_that_was_acknowledged_is_lost_when_the_server_is_killed(
    forks, folder, socket_enabled
):
    found = kill_under_load(folder, 12, dice(12), forks=forks)

    assert (found.lost, found.halves, found.faults) == ((), (), ())
    assert found.n_kills == 12
    assert found.n_acknowledged > 24
    assert found.n_unanswered > 24
    assert found.n_events >= found.n_acknowledged


def test_an_answer_that_was_only_said_to_be_kept_is_found_lost(
    forks, folder, socket_enabled
):
    found = kill_under_load(folder, 1, dice(1), forks=forks, never_sent=3)

    assert len(found.lost) == 3
    assert all(name.startswith("answer ") for name in found.lost)
    assert (found.halves, found.faults) == ((), ())


def test_the_figures_for_many_kills_come_by_their_names(socket_enabled, capsys):
    found = validate_kills(1)

    assert found["n_kills"] == 1
    assert (found["n_lost"], found["n_halves"], found["n_faults"]) == (0, 0, 0)
    assert found["n_acknowledged"] >= 0
    assert capsys.readouterr() == ("", "")
