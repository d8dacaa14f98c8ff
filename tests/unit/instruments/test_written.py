"""A definition that is written reads as the same instrument."""

import tomllib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duologue.errors import InstrumentError
from duologue.instruments import load, names
from duologue.instruments.definition import instrument_from
from duologue.instruments.instrument import About, Tier
from duologue.instruments.pasted import paste_text
from duologue.instruments.tables import parse
from duologue.instruments.written import as_toml, table_of


def read(words):
    return instrument_from(parse(words, where="written.toml"))


@pytest.mark.parametrize("name", names())
def test_every_instrument_reads_back_as_it_was(name):
    assert read(as_toml(load(name))) == load(name)


@pytest.mark.parametrize("name", names())
def test_the_table_is_what_the_file_holds(name):
    assert tomllib.loads(as_toml(load(name))) == table_of(load(name))


def test_items_with_scales_of_their_own_read_back():
    phq4 = load("phq4")
    first, *rest = phq4.items
    odd = replace(
        phq4,
        items=(replace(first, options={}, low=0.5, high=10.0), *rest),
        range=(0.5, 19.0),
        bands=(),
        bands_verified=False,
        subscales=phq4.subscales[1:],
        cutoffs=phq4.cutoffs[1:],
        tier=Tier.SEPARATE,
        credit="(c) Nobody",
        about=About.CLIENT,
        max_missing=1,
        reversed=frozenset({"2", "4"}),
    )

    assert read(as_toml(odd)) == odd


def test_words_that_were_pasted_in_are_not_written():
    arm5 = load("arm5")
    pasted = paste_text(arm5, dict.fromkeys(arm5.item_ids, "Made-up statement."))

    assert "Made-up" not in as_toml(pasted)
    assert read(as_toml(pasted)) == arm5


WORDS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\r"), min_size=1
).filter(str.strip)


@given(name=WORDS, preamble=WORDS)
def test_any_words_read_back(name, preamble):
    odd = replace(load("phq4"), name=name, preamble=preamble)

    assert read(as_toml(odd)) == odd


def test_half_a_character_is_refused():
    with pytest.raises(InstrumentError, match="holds half a character"):
        as_toml(replace(load("phq4"), name="a\ud800"))
