"""``duologue instruments``: what can be asked, and whose words they are."""

from dataclasses import replace
from importlib import resources

import pytest

from duologue import instruments
from duologue.records import Kind, Seat, Visibility

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


@pytest.mark.parametrize("kind", Kind)
def test_the_prompts_are_shown_with_all_that_a_file_may_hold(cli, monkeypatch, kind):
    monkeypatch.setenv("COLUMNS", "160")  # no sentence is broken
    prompts = instruments.prompts(kind)

    ended = cli("instruments", prompts.id)

    assert (ended.code, ended.err) == (0, "")
    assert prompts.status in ended.out
    for item in prompts.items:
        shown = item_of(ended.out, item)
        for seat in Seat:
            assert item.text[seat] in shown
            assert seat.called(kind) in shown
            for low, high in [item.ends[seat]] if item.is_number else []:
                assert f"0 = {low}; 100 = {high}" in shown
            for option in item.options.get(seat, ()):
                assert f"{option.id} = {option.label}" in shown
        assert item.rotation.value in shown
        assert ("0 to 100" in shown) is item.is_number
        assert ("and never the other" in shown) is (
            item.visibility is Visibility.AUTHOR_ONLY
        )
        assert ("switched on sharing" in shown) is (
            item.visibility is Visibility.AUTHOR_ONLY_UNLESS_BOTH
        )


def item_of(shown, item):
    """Return what is shown of one item."""
    _, _, after = shown.partition(f"\n{item.id}  ({item.type.value})\n")
    return after.partition("\n\n")[0]


def test_an_item_that_is_turned_round_is_shown_so_in_one_seat(cli):
    shown = cli("instruments", "after_session").out

    assert shown.count("turned round") == 1
    assert shown.count("counts as no answer") == 2  # once for each seat
    assert "after 4 of every 12 sessions" in shown
    assert "at most 280 characters" in shown


def test_the_list_says_how_to_see_the_prompts(cli):
    shown = " ".join(cli("instruments").out.split())

    for kind in Kind:
        assert f"duologue instruments {instruments.prompts(kind).id}" in shown


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
