"""Serving a practice to this machine alone, until Ctrl-C."""

import argparse
import os
import re
import signal
import socket
import warnings
from collections.abc import Sequence
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

from duologue.cli import terminal
from duologue.cli.gate import Gate
from duologue.cli.minding import Minder
from duologue.errors import ParameterError

LOOPBACK = "127.0.0.1"
PORT, HIGHEST = 8000, 65535
CLOCK_MAY_DIFFER = timedelta(minutes=5)
STOPPED_BY = (signal.SIGINT, signal.SIGTERM)
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


def serve(
    sock: socket.socket, app: Gate, *, said: str, minder: Minder | None = None
) -> None:
    """Say where an app is, and serve it until it is told to stop.

    Whoever tells it to stop at once, is heard as soon as there is something to stop.

    Parameters
    ----------
    sock, app : socket.socket, Gate
        Where, and what.
    said : str
        What is printed first.
    minder : Minder, optional
        What is looked after meanwhile; it ends when the serving does.
    """
    import uvicorn

    heard: list[int] = []

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            self.should_exit = self.should_exit or bool(heard)

    # The few small files of the app are read at once, which is meant.
    warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume")
    server = Server(
        uvicorn.Config(
            app,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            ws="none",
            timeout_graceful_shutdown=PATIENCE,
        )
    )
    # The server has handlers of its own while it runs, and at its end hands on what it
    # has heard to those that were there before: to these.
    before = {
        number: signal.signal(number, lambda number, _: heard.append(number))
        for number in STOPPED_BY
    }
    try:
        print(said, flush=True)
        server.run(sockets=[sock])
    finally:
        if minder is not None:
            minder.end()
        for number, handler in before.items():
            signal.signal(number, handler)
    if heard:
        signal.raise_signal(heard[-1])


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
    """Say at which address it is; of a demo who can come in by which link, and what to try."""
    port = sock.getsockname()[1]
    people = links(port)
    if not people:
        return (
            f"The practice in {folder} is served to this machine alone:\n\n"
            f"  http://localhost:{port}/\n\n{_first(port)}Ctrl-C stops it."
        )
    width = max(len(code) for code, _ in people)
    listed = "\n".join(f"  {code:<{width}}  {link}" for code, link in people)
    return (
        f"A made-up practice, served to this machine alone:\n\n{listed}\n\n"
        "Open the therapist's link and a client's in two windows, look back on the last\n"
        "session in each, say in each that you are willing, and see both pages change.\n"
        f"Ctrl-C stops it; what was written stays in {folder}."
    )


def _first(port: int) -> str:
    """Say how the first person comes in, while nobody works at the practice."""
    from django.urls import reverse

    from duologue.store import actions, queries
    from duologue.web.clock import now

    actions.settle(now=now())
    practice = queries.practice_without_people()
    if practice is None:
        return ""
    code = actions.invite_to_work(practice, now=now())
    return (
        "Nobody works there yet. Whoever opens this address first does, within a day:\n\n"
        f"  http://localhost:{port}{reverse('join')}#{code}\n\n"
    )


def where_locked(sock: socket.socket, folder: Path) -> str:
    """Say that nothing is open yet, and what opens it."""
    return (
        f"The practice in {folder} is locked. Its address, for this machine alone:\n\n"
        f"  http://localhost:{sock.getsockname()[1]}/\n\n"
        f"`duologue unlock {folder}` opens it.\nCtrl-C stops it."
    )


def warn_of_clock() -> None:
    """Say so if the clock of this machine lies behind what was written last.

    Nothing is refused for it: an answer that is kept under a wrong time is better than
    one that is lost.
    """
    from duologue.store.chain import newest_time
    from duologue.web.clock import now

    newest, here = newest_time(), now()
    if newest is not None and newest - here > CLOCK_MAY_DIFFER:
        terminal.say(
            f"the clock of this machine is behind what was written last, by "
            f"{(newest - here).total_seconds() / 3600:.1f} hours; set it right, for the "
            "days of sessions and cards follow it."
        )


def _port(text: str) -> int:
    if not re.fullmatch("[0-9]{1,5}", text) or int(text) > HIGHEST:
        raise argparse.ArgumentTypeError(f"must be a whole number, 0 to {HIGHEST}")
    return int(text)
