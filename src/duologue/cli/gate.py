"""What a server shows while its practice is locked, and where the passphrase arrives.

A machine that restarts by night has nobody to ask. The server then answers every request
with one page, which says that the practice is locked, and listens at a socket in the
practice's folder for ``duologue unlock``: no other machine reaches it, and no other user.
"""

import os
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from duologue.cli import passphrase, terminal
from duologue.errors import DuologueError, FileError
from duologue.store.keys import ring

SOCKET = "unlock.socket"
PATIENCE_S, LONGEST_WAIT_S = 10, 60
OPENED = "open"
LONGEST_REQUEST = 5 << 20
"""Bytes: the longest form of ours is a calendar, and a longer one could lie on a disk."""

TOO_LONG = "<!doctype html><title>Too long</title><p>That was too long to be sent.</p>"

_PAGE = """\
<!doctype html>
<html lang="en-GB">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Locked · Duologue</title>
<h1>This practice is locked</h1>
<p>Nothing is lost. Whoever looks after the practice must open it with its passphrase.</p>
<p>If you need someone now, do not wait for this page:</p>
<ul>{lines}</ul>
</html>
"""

Asgi = Callable[[Any, Any, Any], Awaitable[None]]


class Gate:
    """An app that is another one once it has been opened.

    Parameters
    ----------
    folder : pathlib.Path
        The practice.
    unlock : callable
        Opens it with a passphrase, or raises a `DuologueError`.
    """

    def __init__(self, folder: Path, unlock: Callable[[str], None]) -> None:
        self.folder = folder
        self.unlock = unlock
        self.app: Asgi | None = None
        self._stays_open: object = None

    def open(self, words: str) -> None:
        """Open the practice with its passphrase; from now on its pages are served."""
        self.unlock(words)
        from django.db import connection

        from duologue.web.asgi import application

        # While one connection stays open, those of the requests need not make the
        # database's own files anew each time.
        connection.ensure_connection()
        self._stays_open = connection.connection
        self.app = application

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Listen for the passphrase meanwhile."""
        path = self.folder / SOCKET
        path.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listening:
            try:
                before = os.umask(
                    0o177
                )  # from its first moment on, for its owner alone
                try:
                    listening.bind(str(path))
                finally:
                    os.umask(before)
                listening.listen()
            except OSError as error:
                words = error.strerror or "its path is too long"
                raise FileError(str(path), f"cannot be made: {words}.") from None
            threading.Thread(
                target=self._listen, args=[listening, path], daemon=True
            ).start()
            try:
                yield
            finally:
                path.unlink(missing_ok=True)

    def _listen(self, listening: socket.socket, path: Path) -> None:
        """Hear whoever comes, until the practice is open; then nobody need come."""
        while self.app is None:
            try:
                connection, _ = listening.accept()
            except OSError:  # the server has stopped
                return
            with connection, suppress(OSError):  # whoever asked has gone
                connection.settimeout(PATIENCE_S)
                connection.sendall(self._answer(connection).encode())
        path.unlink(missing_ok=True)
        listening.close()

    def _answer(self, connection: socket.socket) -> str:
        """Try what arrives, and say in one line what came of it."""
        with connection.makefile("rb") as file:
            line = file.readline(passphrase.LONGEST + 1)
        try:
            self.open(line.decode("utf-8", "replace").removesuffix("\n"))
        except DuologueError as refusal:
            return str(refusal)
        except Exception as fault:  # noqa: BLE001 - whoever comes next must be heard
            ring.hold(None)
            return f"a fault of ours, {type(fault).__name__}; nothing was opened."
        terminal.say("The practice is open.")
        return OPENED

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer a request as the app does, or with the page that says it is locked."""
        if self.app is not None and _length(scope) <= LONGEST_REQUEST:
            await self.app(scope, receive, send)
            return
        status, page = (503, locked_page()) if self.app is None else (413, TOO_LONG)
        body = page.encode()
        headers = [
            (b"content-type", b"text/html; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", b"no-store"),
            (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
            (b"retry-after", b"60"),
        ]
        await send(
            {"type": "http.response.start", "status": status, "headers": headers}
        )
        await send({"type": "http.response.body", "body": body})


def _length(scope: Any) -> int:
    """Return how long a request says that it is; too long, where it does not say."""
    headers = dict(scope.get("headers", ()))
    unknown = b"transfer-encoding" in headers
    found = b"" if unknown else headers.get(b"content-length", b"0")
    return int(found) if found.isdigit() else LONGEST_REQUEST + 1


def locked_page() -> str:
    """Return the page that is shown while nothing is open."""
    from duologue.relationship.templates import HELP_NOW

    return _PAGE.format(lines="".join(f"<li>{line}</li>" for line in HELP_NOW))


def check_waiting(folder: Path) -> None:
    """Refuse where no server waits for a passphrase.

    Raises
    ------
    FileError
        If none does in this folder.
    """
    if not (folder / SOCKET).is_socket():
        raise _nobody_waits(folder)


def _nobody_waits(folder: Path) -> FileError:
    return FileError(str(folder), "no locked practice is served from here.")


def hand_over(folder: Path, words: str) -> None:
    """Hand the passphrase to the server that waits for it.

    Raises
    ------
    FileError
        If none waits in this folder, or it does not open.
    """
    path = folder / SOCKET
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(LONGEST_WAIT_S)
        try:
            connection.connect(str(path))
        except OSError:
            raise _nobody_waits(folder) from None
        try:
            connection.sendall(words.encode() + b"\n")
            with connection.makefile("r", encoding="utf-8") as file:
                answer = file.read()
        except TimeoutError:
            raise FileError(str(folder), "the server does not answer.") from None
    if answer != OPENED:
        raise FileError(str(folder), answer or "the server has stopped meanwhile.")
