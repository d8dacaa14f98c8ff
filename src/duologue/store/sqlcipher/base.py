"""Django's SQLite database on SQLCipher: the same in all but the file, and the key.

    "ENGINE": "duologue.store.sqlcipher",
    "NAME": FOLDER / "practice.sqlite3",
    "OPTIONS": {"key": the_key},  # () -> 64 hexadecimal digits
    "TEST": {"NAME": FOLDER / "test.sqlite3"},

The key is asked for anew by every connection, before anything is on the disk, and stays
in no variable: a page of errors may show those of every function an error went through.
Let it be a function of a module. Django copies settings, and with a bound method what it
is bound to; a ``partial`` shows its arguments.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NoReturn

from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError
from django.db import DatabaseError
from django.db.backends.sqlite3 import base, client, schema
from django.utils.asyncio import async_unsafe

from duologue.store.sqlcipher.creation import Creation, in_memory
from duologue.store.sqlcipher.library import Cursor, sqlcipher

KEY = re.compile(r"[0-9a-fA-F]{64}")
FIRST = (
    "PRAGMA temp_store = MEMORY",  # what a large sort sets aside is not encrypted
    "PRAGMA secure_delete = ON",  # what was erased is gone, also for who has the key
    "PRAGMA foreign_keys = ON",  # this and the next as Django has them
    "PRAGMA legacy_alter_table = OFF",
)


class SchemaEditor(schema.DatabaseSchemaEditor):
    """Changes to tables, with defaults as this library adapts them."""

    def quote_value(self, value: Any) -> str:
        """Write a value as it stands in SQL."""
        with suppress(sqlcipher.ProgrammingError):
            value = sqlcipher.adapt(value, sqlcipher.PrepareProtocol)
        return super().quote_value(value)


class Client(client.DatabaseClient):
    """No shell: another program would have to be told the key."""

    @classmethod
    def settings_to_cmd_args_env(cls, *_: object) -> NoReturn:
        """Refuse."""
        raise CommandError(
            "This database has no shell: the key is told to no other program."
        )


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to a database that is a file, encrypted whole.

    Raises
    ------
    ImproperlyConfigured
        If the key is no function or not 64 hexadecimal digits, if the database would be
        in memory, or if the library does not encrypt.
    django.db.DatabaseError
        If the key does not open the file.
    """

    Database = sqlcipher
    SchemaEditorClass = SchemaEditor
    client_class = Client
    creation_class = Creation
    init_commands: list[str]

    def get_connection_params(self) -> dict[str, Any]:
        """Refuse what would leave the key or the data in the open."""
        if not callable(self.settings_dict["OPTIONS"].get("key")):
            raise ImproperlyConfigured(
                f"DATABASES[{self.alias!r}]['OPTIONS']['key'] must be a function that "
                "returns the key, so that the settings do not hold it."
            )
        params = super().get_connection_params()
        if in_memory(params["database"]):
            self._refuse_memory()
        return params

    @async_unsafe
    def get_new_connection(self, conn_params: dict[str, Any]) -> sqlcipher.Connection:
        """Open the file, and see that the key is the right one."""
        params = dict(conn_params)
        conn = self._keyed(params.pop("key"), params)
        try:
            self._check(conn)
            base.register_functions(conn)  # type: ignore[attr-defined]
            for command in (*FIRST, *self.init_commands):
                if command.strip():
                    conn.execute(command)
        except BaseException:
            conn.close()
            raise
        return conn

    def create_cursor(self, name: str | None = None) -> Any:  # noqa: ARG002 - Django's
        """Return a cursor of this library."""
        return self.connection.cursor(factory=Cursor)

    def _keyed(
        self, ask: Callable[[], object], params: dict[str, Any]
    ) -> sqlcipher.Connection:
        """Ask for the key, and only then open the file; that makes one if need be.

        The key is sent before any other statement, and nothing but digits are let in.
        """
        key = ask()
        try:
            if not (isinstance(key, str) and KEY.fullmatch(key)):
                raise ImproperlyConfigured(
                    f"The key of the database {self.alias!r} must be 64 hexadecimal "
                    "digits."
                )
            conn: sqlcipher.Connection = sqlcipher.connect(**params)
            conn.execute(f"PRAGMA key = \"x'{key}'\"")
        finally:
            del key
        return conn

    def _check(self, conn: sqlcipher.Connection) -> None:
        """Read from the file, and see that there is one and that it is encrypted.

        A library that does not encrypt takes the key for a word that it does not know.
        """
        if conn.execute("PRAGMA cipher_status").fetchone() != ("1",):
            raise ImproperlyConfigured("The module sqlcipher3 does not encrypt.")
        if not conn.execute("PRAGMA database_list").fetchone()[2]:
            self._refuse_memory()
        conn.execute("PRAGMA cipher_log_level = NONE")  # what is raised is not printed
        try:
            conn.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlcipher.DatabaseError as error:
            if error.sqlite_errorcode != sqlcipher.SQLITE_NOTADB:
                raise
            raise DatabaseError(
                f"The key does not open the database {self.alias!r}, or the file is "
                "damaged or no such database."
            ) from None

    def _refuse_memory(self) -> NoReturn:
        raise ImproperlyConfigured(
            f"The database {self.alias!r} must be a file: what SQLite keeps in memory "
            "is not encrypted."
        )
