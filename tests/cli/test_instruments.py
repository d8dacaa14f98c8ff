"""``duologue instruments``: what can be asked, and whose words they are."""

from dataclasses import replace
from importlib import resources

import pytest

from duologue import instruments

WORDS = "\n".join(
    f'{item} = "Placeholder number {item}."'
    for item in instruments.load("arm5").item_ids
)


@pytest.fixture
def words(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(WORDS, encoding="utf-8")
    return path


def test_every_instrument_is_listed_with_whether_its_words_ship(cli):
    ended = cli("instruments")

    assert (ended.code, ended.err) == (0, "")
    for name in instruments.names():
        one = instruments.load(name)
        line = next(x for x in ended.out.splitlines() if x.startswith(name))
        assert ("shipped" if one.text_shipped else "pasted") in line


def test_the_prompts_are_listed_as_unvalidated(cli):
    shown = " ".join(cli("instruments").out.split())

    assert shown.count("unvalidated") >= 1
    assert "Prompts after a session of therapy" in shown
    assert "Prompts after a session of supervision" in shown


@pytest.mark.parametrize("name", instruments.names())
def test_one_instrument_is_shown_with_licence_and_citation(cli, name):
    ended = cli("instruments", name)

    assert (ended.code, ended.err) == (0, "")
    one = instruments.load(name)
    shown = "".join(ended.out.split())
    for fact in (one.name, one.licence, one.citation, one.source):
        assert "".join(fact.split())[:60] in shown
    assert ("(words not shipped)" in ended.out) is not one.text_shipped


def test_pasted_words_are_checked_and_their_hash_is_shown(cli, words):
    ended = cli("instruments", "arm5", "--text", words)

    assert (ended.code, ended.err) == (0, "")
    assert "arm5 client: complete; " in ended.out
    assert "Placeholder" not in ended.out


def test_the_hash_that_was_shown_is_accepted_later_and_no_other(cli, words):
    shown = cli("instruments", "arm5", "--text", words).out
    text_hash = shown.splitlines()[0].split()[-1]

    kept = cli("instruments", "arm5", "--text", words, "--hash", text_hash)
    changed = cli("instruments", "arm5", "--text", words, "--hash", "0" * 64)

    assert kept.code == 0
    assert (changed.code, changed.out) == (2, "")
    assert "changed since it was first pasted" in changed.err
    assert "Placeholder" not in changed.err


def test_a_definition_of_ones_own_is_checked(cli, tmp_path):
    folder = resources.files("duologue.instruments") / "definitions"
    own = tmp_path / "own.toml"
    own.write_bytes((folder / "phq4.toml").read_bytes())

    ended = cli("instruments", "--check", own)

    assert (ended.code, ended.err) == (0, "")
    assert ended.out == "phq4: complete, 4 items.\n"


def test_brackets_in_an_instruments_facts_are_shown_as_they_are(cli, monkeypatch):
    odd = replace(instruments.load("phq9"), name="The [bold]nine[/bold] [1999]")
    monkeypatch.setattr(instruments, "load", lambda _: odd)

    assert "The [bold]nine[/bold] [1999]" in cli("instruments", "phq9").out
