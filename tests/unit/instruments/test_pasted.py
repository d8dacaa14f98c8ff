"""Words pasted by whoever holds a licence. These here are made up."""

import json

import pytest

from duologue.errors import FileError, InstrumentError
from duologue.instruments import load, pasted, score
from duologue.records import Seat

WORDS = {str(n): f"Made-up statement {n}." for n in range(1, 6)}


def test_pasted_words_stand_in_both_seats_and_score_as_before():
    arm5 = pasted.paste_text(load("arm5"), WORDS)

    assert all(arm5.has_text(seat) for seat in Seat)
    assert arm5.item("2").text[Seat.THERAPIST] == "Made-up statement 2."
    assert not load("arm5").has_text(Seat.CLIENT)
    assert score(arm5, dict.fromkeys(WORDS, 4)).total == 4


def test_parallel_forms_are_pasted_seat_by_seat():
    client = pasted.paste_text(load("arm5"), WORDS, seats=[Seat.CLIENT])
    other = {item: text + " My client." for item, text in WORDS.items()}
    both = pasted.paste_text(client, other, seats=[Seat.THERAPIST])

    assert not client.has_text(Seat.THERAPIST)
    assert both.item("1").text == {
        Seat.CLIENT: "Made-up statement 1.",
        Seat.THERAPIST: "Made-up statement 1. My client.",
    }


def test_the_hash_is_that_of_the_items_joined_by_line_breaks():
    arm5 = pasted.paste_text(load("arm5"), {item: f"é{item}" for item in WORDS})

    # printf 'é1\né2\né3\né4\né5' | sha256sum
    assert pasted.text_hash(arm5, Seat.CLIENT) == HASH


HASH = "7516daaec79826059b07a8601e8c82ecb592f8795682f44bbd733998f73dc5e8"


def test_white_space_composed_letters_and_order_do_not_change_the_hash():
    untidy = {item: f"  e\u0301{item}\n" for item in reversed(WORDS)}

    arm5 = pasted.paste_text(load("arm5"), untidy, expected_hash=HASH)

    assert arm5.item("1").text[Seat.CLIENT] == "é1"


def test_a_changed_word_is_noticed():
    arm5 = pasted.paste_text(load("arm5"), WORDS)
    kept = pasted.text_hash(arm5, Seat.CLIENT)

    with pytest.raises(InstrumentError, match="changed since it was first pasted"):
        pasted.paste_text(load("arm5"), WORDS | {"4": "Other."}, expected_hash=kept)


def test_an_item_without_words_is_named():
    with pytest.raises(InstrumentError, match="no text for 2, 5; every item needs one"):
        pasted.paste_text(load("arm5"), {"1": "a", "2": " ", "3": "c", "4": "d"})


def test_words_for_an_item_that_does_not_exist_are_refused():
    with pytest.raises(InstrumentError, match="items 1, 2, 3, 4, 5; the text names 1"):
        pasted.paste_text(load("arm5"), WORDS | {"6": "More."})


def test_shipped_words_are_not_overwritten():
    with pytest.raises(InstrumentError, match="phq4 brings its own words"):
        pasted.paste_text(load("phq4"), WORDS)


def test_a_form_of_nobody_is_refused():
    with pytest.raises(InstrumentError, match="arm5 is filled in by client, therapist"):
        pasted.paste_text(load("arm5"), WORDS, seats=[])


def test_a_form_without_words_has_no_hash():
    with pytest.raises(InstrumentError, match="no text for the therapist's form"):
        pasted.text_hash(load("arm5"), Seat.THERAPIST)


@pytest.mark.parametrize("name", ["words.json", "words.toml"])
def test_the_words_are_read_from_json_or_toml(tmp_path, name):
    path = tmp_path / name
    lines = [f'"{item}" = {json.dumps(text)}' for item, text in WORDS.items()]
    whole = json.dumps(WORDS) if name.endswith("json") else "\n".join(lines)
    path.write_text(whole, encoding="utf-8")

    assert pasted.read_texts(path) == WORDS


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("w.json", '{"1": "a", "1": "b"}', "with each item once"),
        ("w.toml", '1 = "a"\n1 = "b"', "with each item once"),
        ("w.json", "[", "must be a TOML or JSON file"),
        ("w.json", '["a"]', "must hold item ids and their words"),
        ("w.toml", "1 = 2", "must hold item ids and their words"),
    ],
)
def test_a_file_of_words_that_is_none_is_refused(tmp_path, name, content, problem):
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")

    with pytest.raises(FileError, match=problem):
        pasted.read_texts(path)


def test_a_file_of_words_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(FileError, match=r"^none\.json: must be a TOML or JSON file"):
        pasted.read_texts(tmp_path / "none.json")
