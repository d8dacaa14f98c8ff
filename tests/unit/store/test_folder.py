"""What is written whole or not at all, and what is swept away."""

import pytest

from duologue.store import folder


def test_a_file_that_cannot_be_replaced_stays_and_nothing_is_left(
    tmp_path, monkeypatch
):
    path = tmp_path / "practice.keys"
    path.write_bytes(b"before")

    def fails(_):
        raise OSError("the disk does not work")

    monkeypatch.setattr(folder.os, "fsync", fails)
    with pytest.raises(OSError, match="does not work"):
        folder.replace_file(path, b"after")

    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_killed_program_left_is_swept_away_and_what_another_has_is_not(tmp_path):
    (tmp_path / ".restoring-dead").mkdir()
    with (
        folder.folder_for_now(tmp_path, ".restoring-") as ours,
        folder.folder_for_now(tmp_path, ".restoring-") as another,
    ):
        assert ours.is_dir()
        assert another.is_dir()
        assert len(list(tmp_path.iterdir())) == 2

    assert list(tmp_path.iterdir()) == []
