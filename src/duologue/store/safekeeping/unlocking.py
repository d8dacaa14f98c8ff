"""Making a practice's keys, and opening the practice with its passphrase."""

from dataclasses import dataclass
from pathlib import Path

from duologue.errors import FileError, SealError
from duologue.store.folder import DATABASE, KEYS, KEYS_COPY, SEALED_COPY, sweep
from duologue.store.keys import keyfile
from duologue.store.keys.keyfile import Cost, KeyFile
from duologue.store.keys.ring import Ring, hold
from duologue.store.safekeeping.database import (
    fits,
    is_plain,
    put_in_place,
    said_plainly,
    seal_plain,
)


def has_keys(folder: Path) -> bool:
    """Whether a practice's keys have been made here."""
    return any((folder / name).exists() for name in (KEYS, KEYS_COPY))


def make_keys(
    folder: Path, passphrase: str, recipient: str, *, cost: Cost | None = None
) -> None:
    """Make the keys of a new practice, and hold them.

    A database that was made before there were keys is sealed with them.

    Parameters
    ----------
    folder : pathlib.Path
        An existing folder.
    passphrase : str
        Opens the practice from now on.
    recipient : str
        The public half of the recovery key; its private half has been put away by then.
    cost : Cost, optional
        What a try of the passphrase costs.

    Raises
    ------
    PassphraseError
        If the passphrase is too short.
    FileError
        If there are keys already.
    """
    if has_keys(folder):
        raise FileError(str(folder), "has its keys already.")
    ring = Ring.new()
    made = keyfile.new_key_file(passphrase, recipient, ring, cost=cost)
    database = folder / DATABASE
    with said_plainly(database):
        sealed = seal_plain(database, ring) if is_plain(database) else None
    if sealed is None and database.exists() and database.stat().st_size:
        raise FileError(
            str(folder),
            f"holds a sealed {DATABASE} and no {KEYS}: without that file, or a backup "
            "of it, nobody can open it.",
        )
    keyfile.write_key_file(folder, made)
    if sealed is not None:  # whoever is killed before this does it at the next start
        put_in_place(database, sealed)
    hold(ring)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Opened:
    """A practice that is open: its key file, its master key and the ring that is held.

    ``mended`` says what was wrong with the key file or its copy, and no longer is.
    """

    keys: KeyFile
    master: bytes
    ring: Ring
    mended: tuple[str, ...] = ()


def unlock(folder: Path, passphrase: str, *, alone: bool) -> Opened:
    """Open a practice's keys with its passphrase, and hold them.

    Parameters
    ----------
    folder : pathlib.Path
        The practice.
    passphrase : str
        What opens it.
    alone : bool
        Whether this program has the folder for itself (`in_use`): only then is it
        mended, where a change of keys was interrupted or a copy is damaged.

    Raises
    ------
    PassphraseError
        If it is not the passphrase.
    FileError
        If the key file is not there or damaged, or fits no database here.
    """
    keys = keyfile.read_key_file(folder)
    master = keys.master(passphrase, where=str(folder / KEYS))
    return _held(folder, keys, master, alone=alone)


def unlock_by_recovery(folder: Path, identity: str) -> Opened:
    """Open a practice's keys with its recovery key, and hold them; it is mended as well.

    Nobody else may use the folder.

    Raises
    ------
    PassphraseError
        If it is not the recovery key.
    FileError
        If the key file is not there or damaged, or fits no database here.
    """
    keys = keyfile.read_key_file(folder)
    master = keys.master_by_recovery(identity, where=str(folder / KEYS))
    return _held(folder, keys, master, alone=True)


def _held(folder: Path, keys: KeyFile, master: bytes, *, alone: bool) -> Opened:
    """Hold the ring that fits the database."""
    try:
        rings = keys.open_rings(master)
    except SealError:
        raise FileError(
            str(folder / KEYS),
            "was changed by somebody who could not open it; a backup holds it as it was.",
        ) from None
    database = folder / DATABASE
    ring = rings[0]
    if alone and is_plain(database):
        _finish_sealing(database, ring)
    if database.exists() and database.stat().st_size:
        ring = _fitting(database, rings)
        if len(rings) > 1:  # a change of all keys was interrupted: done, or not done
            keys = keys.with_rings(master, ring)
    hold(ring)
    mended = _mended(folder, keys, anew=len(keys.rings) < len(rings)) if alone else ()
    return Opened(keys=keys, master=master, ring=ring, mended=mended)


def _fitting(database: Path, rings: list[Ring]) -> Ring:
    """Return the ring that opens the database, or refuse."""
    if is_plain(database):
        raise FileError(str(database), "is not sealed, and this practice is.")
    with said_plainly(database):
        for ring in rings:
            if fits(database, ring):
                return ring
    raise FileError(
        str(database),
        f"is damaged, or is not the database that {KEYS} belongs to. A backup can be "
        "restored with `duologue restore`.",
    )


def _mended(folder: Path, keys: KeyFile, *, anew: bool) -> tuple[str, ...]:
    """Put right what an interruption or a bad disk has left; return what that was."""
    problems = tuple(keyfile.damaged_copies(folder))
    if problems or anew:
        keyfile.write_key_file(folder, keys)
    sweep(folder)
    return problems


def _finish_sealing(database: Path, ring: Ring) -> None:
    """Put the sealed copy in its place that was made before the keys were written."""
    sealed = database.with_name(SEALED_COPY)
    if sealed.exists() and fits(sealed, ring):
        put_in_place(database, sealed)
