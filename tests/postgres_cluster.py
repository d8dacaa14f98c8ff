"""A PostgreSQL of the tests' own: made for one run, in a folder, and gone when it ends.

``DUOLOGUE_TEST_DATABASE=postgresql pytest tests/store`` runs the tests of the store on it.
It listens on a socket in that folder and nowhere else. A process of its own looks after
it and ends it as soon as the run is over, however that ended: then nobody holds the
other end of its standard input.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

WANTED, CLUSTER = "DUOLOGUE_TEST_DATABASE", "DUOLOGUE_TEST_CLUSTER"
"""What says which database is tested, and where the cluster of this run is."""

QUIET = {
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
"""What keeps answers out of the server's log, as the guide says how to set it."""

KINDS = ("sqlite", "postgresql")
ROLE, OWNER, DATABASE = "duologue", "postgres", "duologue"
"""Who the app is there, who may do everything, and what the app's database is called."""

FROM_DEBIAN = Path("/usr/lib/postgresql")
"""Where Debian puts the programs, out of the way of the path."""

PATIENCE_S = 60
READY = "ready\n"
ABSENT = "PostgreSQL's programs are not on this machine: nothing is tested on it."
SETTINGS = {
    "listen_addresses": "",  # no network
    "fsync": "off",  # a crash may lose it
    "full_page_writes": "off",
    "autovacuum": "off",
    "jit": "off",
    "shared_buffers": "64MB",
}


def is_wanted():
    """Whether the tests are to run on PostgreSQL."""
    kind = os.environ.get(WANTED, "sqlite")
    if kind not in KINDS:
        raise pytest.UsageError(f"{WANTED} must be one of {', '.join(KINDS)}.")
    return kind == "postgresql"


def folder():
    """Return the folder of this run's cluster; the first who asks chooses it for all."""
    if CLUSTER not in os.environ:
        os.environ[CLUSTER] = tempfile.mkdtemp(prefix="duologue-pg-")
    return Path(os.environ[CLUSTER])


def name_in(practice, name=DATABASE):
    """Let a practice's folder name a database of the cluster."""
    words = f'name = "{name}"\nuser = "{ROLE}"\nhost = "{folder()}"\n'
    (Path(practice) / "postgresql.toml").write_text(words, encoding="utf-8")


def programs():
    """Return the folder of PostgreSQL's programs, the newest first, or ``None``."""
    found = [path.parent for path in FROM_DEBIAN.glob("*/bin/initdb")]
    if on_path := shutil.which("initdb"):
        found.append(Path(on_path).resolve().parent)
    whole = [path for path in found if (path / "postgres").exists()]
    return max(whole, key=_version, default=None)


def _version(path):
    said = subprocess.run([path / "postgres", "-V"], capture_output=True, check=True)
    return [int(n) for n in said.stdout.split()[2].split(b".") if n.isdigit()]


def start(config):
    """Start the cluster, once for a run; without its programs the run ends, and well."""
    if not is_wanted() or hasattr(config, "workerinput"):
        return
    if programs() is None:
        shutil.rmtree(folder())
        pytest.exit(ABSENT, returncode=0)
    keeper = subprocess.Popen(
        [sys.executable, __file__, folder()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # a Ctrl-C is the run's, which then lets go of it
    )
    config.add_cleanup(lambda: _let_go(keeper))
    if keeper.stdout.readline() != READY:
        pytest.exit("PostgreSQL could not be started.", returncode=1)


def _let_go(keeper):
    keeper.stdin.close()
    keeper.wait()
    keeper.stdout.close()


def keep(place):
    """Make a cluster, say that it is ready, and end it once nobody listens any more."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    there = programs()
    # The server refuses to run as root: then its own user runs it.
    as_user = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
    if as_user:
        shutil.chown(place, as_user["user"], as_user["group"])
    server = None
    try:
        with (place / "log").open("wb") as log:
            common = {"cwd": place, "stdout": log, "stderr": log, **as_user}
            subprocess.run([there / "initdb", *_of_new(place)], check=True, **common)
            server = subprocess.Popen(
                [there / "postgres", *_of_server(place)], **common
            )
        _make_role(place, server)
        sys.stdout.write(READY)
        sys.stdout.flush()
        sys.stdin.read()
    except Exception:
        sys.stderr.write((place / "log").read_text(errors="replace"))
        raise
    finally:
        if server is not None:
            server.send_signal(signal.SIGQUIT)  # at once: nothing of it is kept
            server.wait()
        shutil.rmtree(place)


def _of_new(place):
    """Return the options of a new cluster: one that orders words as people do."""
    return (
        *("-D", place / "data", "-U", OWNER, "--no-sync", "--auth=trust"),
        *("--encoding=UTF8", "--locale=C"),
        *("--locale-provider=icu", "--icu-locale=en-GB"),
    )


def _of_server(place):
    settings = (f"--{name}={value}" for name, value in SETTINGS.items())
    return ("-D", place / "data", "-k", place, *settings)


def _make_role(place, server):
    """Make the role that the app has: it owns its database, and may do no more."""
    end = time.monotonic() + PATIENCE_S
    while not (made := _try_to_connect(place)):
        if server.poll() is not None or time.monotonic() > end:
            raise TimeoutError("the server does not answer.")
        time.sleep(0.05)
    with made:
        made.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB")
        for name, value in QUIET.items():
            made.execute(f"ALTER ROLE {ROLE} SET {name} = '{value}'")


def _try_to_connect(place):
    try:
        return connect(place)
    except psycopg.OperationalError:
        return None


def connect(place=None):
    """Return a connection to the cluster, as who may do everything."""
    return psycopg.connect(
        host=str(place or folder()), user=OWNER, dbname="postgres", autocommit=True
    )


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
