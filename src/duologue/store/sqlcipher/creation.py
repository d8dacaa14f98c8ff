"""Test databases: files, since what SQLite keeps in memory is not encrypted."""

import os
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.sqlite3.creation import DatabaseCreation

BESIDE = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a database while it writes."""


def in_memory(name: str | bytes | os.PathLike[str] | None) -> bool:
    """Say whether a database of this name would be kept in memory."""
    text = os.fsdecode(name or "")
    return not text or ":memory:" in text or "mode=memory" in text


class Creation(DatabaseCreation):
    """Test databases and copies of them, nowhere by way of the standard library."""

    def _get_test_db_name(self) -> Any:
        """Return the name of a file; Django has one in memory where none is named."""
        name = self.connection.settings_dict["TEST"]["NAME"]
        if in_memory(name):
            raise ImproperlyConfigured(
                f"DATABASES[{self.connection.alias!r}]['TEST']['NAME'] must be a file: "
                "a test database in memory would not be encrypted."
            )
        return name

    def clone_test_db(
        self,
        suffix: Any,
        verbosity: int = 1,
        autoclobber: bool = False,
        keepdb: bool = False,
    ) -> None:
        """Copy the file once it is closed: until then not all need be in it.

        What a killed run left beside an older copy would be read into the new one.
        """
        self.connection.close()
        clone = self.get_test_db_clone_settings(suffix)["NAME"]
        if not (keepdb and Path(clone).exists()):
            for end in BESIDE:
                Path(f"{clone}{end}").unlink(missing_ok=True)
        super().clone_test_db(suffix, verbosity, autoclobber, keepdb)

    def setup_worker_connection(self, _worker_id: int) -> None:
        """Turn to the copy of this worker, whichever way the worker was started."""
        copy = self.get_test_db_clone_settings(str(_worker_id))
        self.connection.settings_dict.update(copy)
        self.connection.close()
