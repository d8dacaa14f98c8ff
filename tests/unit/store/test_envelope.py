"""What is sealed opens with its key in its place, and in no other way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duologue.errors import SealError
from duologue.store.keys.envelope import OVERHEAD, new_key, seal, unseal

KEY = bytes(range(32))
PLACE = "answer:1/line:words"


@given(st.binary(max_size=300), st.text(max_size=40))
def test_what_was_sealed_opens_with_its_key_in_its_place(content, place):
    assert unseal(KEY, seal(KEY, content, place=place), place=place) == content


@given(st.data())
def test_a_bit_that_has_changed_is_noticed_wherever_it_is(data):
    sealed = bytearray(seal(KEY, b"What I said.", place=PLACE))
    bit = data.draw(st.integers(0, 8 * len(sealed) - 1))
    sealed[bit // 8] ^= 1 << bit % 8

    with pytest.raises(SealError):
        unseal(KEY, bytes(sealed), place=PLACE)


@given(st.data())
def test_a_part_of_it_does_not_open(data):
    sealed = seal(KEY, b"What I said.", place=PLACE)
    length = data.draw(st.integers(0, len(sealed) - 1))

    with pytest.raises(SealError):
        unseal(KEY, sealed[:length], place=PLACE)


def test_another_key_or_another_place_does_not_open_it():
    sealed = seal(KEY, b"What I said.", place=PLACE)

    for key, place in ((new_key(), PLACE), (KEY, "answer:2/line:words"), (KEY, "")):
        with pytest.raises(SealError, match="changed, moved, or sealed with another"):
            unseal(key, sealed, place=place)


def test_it_says_by_its_first_byte_how_it_was_sealed():
    sealed = seal(KEY, b"", place=PLACE)

    assert (sealed[0], len(sealed)) == (1, OVERHEAD)
    with pytest.raises(SealError, match="newer version"):
        unseal(KEY, b"\2" + sealed[1:], place=PLACE)


def test_the_same_is_never_sealed_the_same_twice():
    assert len({seal(KEY, b"yes", place=PLACE) for _ in range(100)}) == 100


def test_what_is_said_of_it_holds_neither_key_nor_content():
    sealed = seal(KEY, b"What I said.", place=PLACE)

    with pytest.raises(SealError) as refused:
        unseal(new_key(), sealed, place=PLACE)

    said = str(refused.value) + repr(refused.value.__context__)
    assert "said" not in said
    assert KEY.hex() not in said
