"""Serving a practice to this machine alone, until Ctrl-C."""

import argparse
import os
import re
import socket
import warnings
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from duologue.errors import ParameterError

LOOPBACK = "127.0.0.1"
PORT, HIGHEST = 8000, 65535
PATIENCE = 3
"""How many seconds an answer that has begun may take once the server is to stop."""


def add_port(parser: argparse.ArgumentParser) -> None:
    """Give a parser the option for the port."""
    parser.add_argument(
        "--port",
        type=_port,
        metavar="N",
        default=PORT,
        help=f"port on this machine, 0 for any (default {PORT})",
    )


def check_installed() -> None:
    """Refuse where the library was installed without what only the app needs.

    Raises
    ------
    ParameterError
        If the framework or the server is not there.
    """
    if find_spec("django") is None or find_spec("uvicorn") is None:
        raise ParameterError(
            "the app needs packages that are not installed (duologue[web]); "
            "`duologue demo --files-only` works without them."
        )


def listen(port: int) -> socket.socket:
    """Return a socket that listens on the loopback address.

    Whoever calls before the app is set up waits, and no second program can have the
    port meanwhile.

    Parameters
    ----------
    port : int
        0 to 65535; 0 for any that is free.

    Raises
    ------
    ParameterError
        If the port is taken or may not be used.
    """
    sock = socket.socket(
        # By its name, so that answers are sent at once and not held back to be joined.
        socket.AF_INET,
        socket.SOCK_STREAM,
        socket.IPPROTO_TCP,
    )
    try:
        if os.name == "posix":  # elsewhere it would let two programs share a port
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((LOOPBACK, port))
        sock.listen()
    except OSError as error:
        sock.close()
        raise ParameterError(
            f"--port {port} cannot be used: {error.strerror}; 0 takes any that is free."
        ) from None
    return sock


def serve(sock: socket.socket) -> None:
    """Serve the app that has been set up, until it is told to stop."""
    import uvicorn
    from django.db import connection

    from duologue.web.asgi import application

    # While one connection stays open, those of the requests need not make the
    # database's own files anew each time.
    connection.ensure_connection()

    # The few small files of the app are read at once, which is meant.
    warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume")
    server = uvicorn.Server(
        uvicorn.Config(
            application,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            ws="none",
            timeout_graceful_shutdown=PATIENCE,
        )
    )
    server.run(sockets=[sock])


def links(port: int) -> Sequence[tuple[str, str]]:
    """Return who the made-up people are, and the link by which each comes in.

    Each link has a host of its own, so that two people can be looked at in two windows
    of one browser: a browser keeps the visits of two hosts apart.
    """
    from django.urls import reverse

    from duologue.store.queries import demo_people
    from duologue.web.account.backend import link_token

    return [
        (
            person.code,
            f"http://{person.code.lower()}.localhost:{port}"
            + reverse("enter", args=[link_token(person.code)]),
        )
        for person in demo_people()
    ]


def where(sock: socket.socket, folder: Path) -> str:
    """Say who can come in by which link, and what to try."""
    port = sock.getsockname()[1]
    people = links(port)
    width = max(len(code) for code, _ in people)
    listed = "\n".join(f"  {code:<{width}}  {link}" for code, link in people)
    return (
        f"A made-up practice, served to this machine alone:\n\n{listed}\n\n"
        "Open the therapist's link and a client's in two windows, look back on the last\n"
        "session in each, say in each that you are willing, and see both pages change.\n"
        f"Ctrl-C stops it; what was written stays in {folder}."
    )


def _port(text: str) -> int:
    if not re.fullmatch("[0-9]{1,5}", text) or int(text) > HIGHEST:
        raise argparse.ArgumentTypeError(f"must be a whole number, 0 to {HIGHEST}")
    return int(text)
