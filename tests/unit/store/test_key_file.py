"""The key file: two ways in, two copies, and nothing in the clear."""

import base64
import json

import pytest

from duologue.errors import FileError, PassphraseError, SealError
from duologue.store.folder import KEYS, KEYS_COPY
from duologue.store.keys import keyfile
from duologue.store.keys.keyfile import Cost
from duologue.store.keys.ring import NAMES, Ring

CHEAP = Cost(passes=1, lanes=1, memory_kib=64)
WORDS = "several words by chance"
OTHER = "several other words too"
IDENTITY, RECIPIENT = keyfile.new_recovery_key()


@pytest.fixture
def ring():
    return Ring.new()


@pytest.fixture
def keys(ring):
    return keyfile.new_key_file(WORDS, RECIPIENT, ring, cost=CHEAP)


def rings(keys, master):
    return [found.to_bytes() for found in keys.open_rings(master)]


def test_the_passphrase_opens_it_and_so_does_the_recovery_key(keys, ring):
    by_words, by_key = keys.master(WORDS), keys.master_by_recovery(IDENTITY)

    assert by_words == by_key
    assert rings(keys, by_words) == [ring.to_bytes()]


@pytest.mark.parametrize("wrong", [OTHER, WORDS + " ", WORDS.upper(), ""])
def test_another_passphrase_does_not(keys, wrong):
    with pytest.raises(
        PassphraseError, match=r"does not open it\. Nothing was changed"
    ):
        keys.master(wrong)


@pytest.mark.parametrize(
    "wrong",
    [keyfile.new_recovery_key()[0], "AGE-SECRET-KEY-1", ""],
    ids=["another", "half", "blank"],
)
def test_another_recovery_key_does_not(keys, wrong):
    with pytest.raises(PassphraseError, match="not its recovery key"):
        keys.master_by_recovery(wrong)


def test_a_letter_with_its_accent_is_the_same_however_a_keyboard_sends_it(ring):
    composed, apart = "z\u00fcrich several words", "zu\u0308rich several words"

    made = keyfile.new_key_file(composed, RECIPIENT, ring, cost=CHEAP)

    assert made.master(apart) == made.master(composed)


@pytest.mark.parametrize("short", ["", "fourteen chars"])
def test_a_short_passphrase_is_refused(ring, keys, short):
    master = keys.master(WORDS)

    with pytest.raises(PassphraseError, match="at least 15 characters"):
        keyfile.new_key_file(short, RECIPIENT, ring, cost=CHEAP)
    with pytest.raises(PassphraseError, match="at least 15 characters"):
        keys.with_passphrase(master, short)


def test_a_new_passphrase_opens_the_same_and_the_old_one_no_longer_does(keys, ring):
    changed = keys.with_passphrase(keys.master(WORDS), OTHER)

    assert rings(changed, changed.master(OTHER)) == [ring.to_bytes()]
    assert changed.master_by_recovery(IDENTITY) == keys.master(WORDS)
    with pytest.raises(PassphraseError):
        changed.master(WORDS)


def test_a_new_recovery_key_opens_the_same_and_the_old_one_no_longer_does(keys):
    identity, recipient = keyfile.new_recovery_key()

    changed = keys.with_recovery(keys.master(WORDS), recipient)

    assert changed.master_by_recovery(identity) == keys.master(WORDS)
    with pytest.raises(PassphraseError):
        changed.master_by_recovery(IDENTITY)


def test_what_is_written_is_read_again(tmp_path, keys):
    keyfile.write_key_file(tmp_path, keys)

    assert keyfile.read_key_file(tmp_path) == keys
    assert keyfile.damaged_copies(tmp_path) == []
    for name in (KEYS, KEYS_COPY):
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("position", range(0, 1200, 60))
def test_a_flipped_bit_is_noticed_and_the_copy_is_used(tmp_path, keys, position):
    keyfile.write_key_file(tmp_path, keys)
    content = bytearray((tmp_path / KEYS).read_bytes())
    content[position] ^= 1
    (tmp_path / KEYS).write_bytes(content)

    assert keyfile.read_key_file(tmp_path) == keys
    assert len(keyfile.damaged_copies(tmp_path)) == 1


@pytest.mark.parametrize("name", [KEYS, KEYS_COPY])
def test_a_copy_that_is_gone_is_noticed(tmp_path, keys, name):
    keyfile.write_key_file(tmp_path, keys)
    (tmp_path / name).unlink()

    assert keyfile.read_key_file(tmp_path) == keys
    assert [name in problem for problem in keyfile.damaged_copies(tmp_path)] == [True]


def test_two_copies_that_differ_are_noticed(tmp_path, keys):
    keyfile.write_key_file(tmp_path, keys)
    changed = keys.with_passphrase(keys.master(WORDS), OTHER)
    (tmp_path / KEYS_COPY).write_bytes(keyfile.to_bytes(changed))

    assert keyfile.damaged_copies(tmp_path) == [
        f"{KEYS_COPY}: is not the same as {KEYS}."
    ]


@pytest.mark.parametrize(
    "content",
    [b"", b"no JSON", b"[]", b"{}", b"null", b'{"checksum": "x"}', b"\xff\xfe"],
)
def test_what_is_no_key_file_is_said_to_be_damaged(content):
    with pytest.raises(
        FileError, match=r"^here: is damaged: its checksum does not fit\.$"
    ):
        keyfile.from_bytes(content, where="here")


def changed(keys, **fields):
    """Return the content of a key file with other fields and a checksum that fits."""
    found = json.loads(keyfile.to_bytes(keys))
    del found["checksum"]
    found |= fields
    return json.dumps({**found, "checksum": keyfile._checksum(found)}).encode()


def test_a_newer_version_is_said_to_be_one(keys):
    with pytest.raises(FileError, match="newer version"):
        keyfile.from_bytes(changed(keys, format=2), where="here")


@pytest.mark.parametrize("name", ["passes", "lanes", "memory_kib"])
@pytest.mark.parametrize("asked", [0, -1, 10**9, "3", 1.5])
def test_a_cost_that_nobody_would_ask_for_is_refused(keys, name, asked):
    inside = json.loads(keyfile.to_bytes(keys))["argon2id"] | {name: asked}

    with pytest.raises(
        FileError, match=rf"argon2id\.{name} must be a whole number, 1 to"
    ):
        keyfile.from_bytes(changed(keys, argon2id=inside), where="here")


def test_a_part_of_another_practices_file_does_not_fit(keys):
    other = keyfile.new_key_file(WORDS, RECIPIENT, Ring.new(), cost=CHEAP)
    mixed = changed(keys, by_passphrase=base64.b64encode(other.by_passphrase).decode())

    with pytest.raises(PassphraseError):
        keyfile.from_bytes(mixed, where="here").master(WORDS)


def test_no_key_stands_in_the_file_nor_in_what_is_printed(keys, ring):
    written = keyfile.to_bytes(keys).decode()
    shown = repr(keys) + repr(ring) + str(ring)

    for name in NAMES:
        key = getattr(ring, name)
        for form in (key.hex(), base64.b64encode(key).decode(), repr(key)[2:-1]):
            assert form not in written
            assert form not in shown
    assert IDENTITY not in written


def test_a_renewed_ring_has_new_keys_for_what_is_stored_and_keeps_the_others(ring):
    new = ring.renewed()

    same = {name for name in NAMES if getattr(new, name) == getattr(ring, name)}
    assert same == {"head", "withdrawn"}


def test_whoever_cannot_open_it_cannot_turn_backups_to_themselves(keys):
    theirs = keyfile.new_recovery_key()[1]
    turned = keyfile.from_bytes(changed(keys, recipient=theirs), where="here")

    with pytest.raises(SealError):
        turned.open_rings(turned.master(WORDS))


def test_a_pairs_key_opens_for_no_other_pair_also_once_it_is_known(ring):
    sealed = ring.new_pair_key("one")
    assert ring.holder_key("pair:one", sealed) == ring.holder_key("pair:one", sealed)

    with pytest.raises(SealError):
        ring.holder_key("pair:other", sealed)
