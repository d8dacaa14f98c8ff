"""Where a practice and its recovery key go, if nobody says where."""

from pathlib import Path

import pytest

from duologue.cli import setup
from duologue.cli.main import build_parser


def test_a_folder_is_all_that_a_setup_takes_and_it_has_a_name():
    chosen = build_parser(full=("setup",)).parse_args(["setup"])

    assert (chosen.folder, chosen.name) == (Path("practice"), None)
    assert (chosen.crisis, chosen.recovery_key) == (None, None)


@pytest.mark.parametrize("folder", ["elm", "there/elm", ".", "../elm", "elm/.."])
def test_a_recovery_key_goes_beside_the_folder_and_not_into_it(
    tmp_path, monkeypatch, folder
):
    monkeypatch.chdir(tmp_path)

    key = setup._beside(Path(folder))

    named = Path(folder).resolve()
    assert key.resolve() == named.parent / f"{named.name}-recovery-key.txt"
    setup.check_apart(key, Path(folder))
