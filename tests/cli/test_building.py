"""Building: everything is there at the end, or everything is as it was."""

from pathlib import Path

import pytest

from duologue.cli.building import built_for
from duologue.errors import FileError


def tree_of(folder):
    """Return every file below a folder with its bytes."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


@pytest.fixture
def place(tmp_path):
    """Return a folder with two files and a folder of an earlier run, and one other."""
    place = tmp_path / "place"
    (place / "b").mkdir(parents=True)
    (place / "a.txt").write_text("earlier")
    (place / "b" / "inside.txt").write_text("earlier")
    (place / "mine.txt").write_text("mine")
    return place


def make(new):
    """Make what an earlier run made, and one thing more."""
    (new / "a.txt").write_text("new")
    (new / "b").mkdir()
    (new / "b" / "other.txt").write_text("new")
    (new / "c.txt").write_text("new")


def make_half(new, fault):
    """Make all of it, and fail then."""
    make(new)
    raise fault("half")


def test_what_was_built_replaces_what_had_its_name_and_leaves_the_rest(place):
    with built_for(place) as new:
        make(new)

    assert tree_of(place) == {
        "a.txt": b"new",
        "b": None,
        "b/other.txt": b"new",
        "c.txt": b"new",
        "mine.txt": b"mine",
    }


def test_a_folder_that_is_not_there_is_made_with_those_above(tmp_path):
    with built_for(tmp_path / "x" / "y") as new:
        make(new)
        assert not (tmp_path / "x").exists()

    assert (tmp_path / "x" / "y" / "b" / "other.txt").read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_a_link_to_nowhere_is_replaced_like_a_file(place):
    (place / "c.txt").symlink_to(place / "nowhere")

    with built_for(place) as new:
        make(new)

    assert (place / "c.txt").read_text() == "new"
    assert not (place / "c.txt").is_symlink()


@pytest.mark.parametrize("fault", [RuntimeError, KeyboardInterrupt])
def test_a_fault_while_building_changes_nothing(place, fault):
    before = tree_of(place.parent)

    with pytest.raises(fault, match="half"), built_for(place) as new:
        make_half(new, fault)

    assert tree_of(place.parent) == before


# Five renames make the exchange: a.txt out and in, b out and in, c.txt in.
@pytest.mark.parametrize("n_before", range(5))
@pytest.mark.parametrize("fault", [OSError(28, "No space left"), KeyboardInterrupt()])
def test_a_fault_while_exchanging_puts_everything_back(
    place, monkeypatch, n_before, fault
):
    before = tree_of(place.parent)
    rename, calls = Path.rename, []

    def fail_once(self, target):
        calls.append(self)
        if len(calls) == n_before + 1:
            raise fault
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fail_once)
    raised = FileError if isinstance(fault, OSError) else KeyboardInterrupt
    told = "cannot be made: No space left" if raised is FileError else None

    with pytest.raises(raised, match=told), built_for(place) as new:
        make(new)

    assert tree_of(place.parent) == before


def test_a_place_below_a_file_is_refused(place):
    with (
        pytest.raises(FileError, match=r"sub: cannot be made: .*a\.txt is not a fold"),
        built_for(place / "a.txt" / "sub"),
    ):
        pytest.fail("nothing can be built here")
