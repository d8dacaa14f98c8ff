"""A program that has loaded ours, and runs each command in a copy of itself.

    python forking.py

Loading takes longer than most commands do, and a test that kills a program at each of
its steps runs hundreds. Each line that is read is an object of JSON:

    {"argv": [...], "handed": {"--passphrase-fd": "words"}, "said": "/a/path"}
        run this command line, in a new process; answer with its number. What it says
        goes to ``/a/path.out`` and ``/a/path.err``.
    {"call": "module:function", "with": {...}, "said": "/a/path"}
        the same for a function; what it returns is printed as JSON
    {"wait": 123}
        wait for one to end; answer with its exit code, below 0 for a signal
    {"ended": 123}
        the same without waiting; ``null`` while it goes on

``env`` changes the environment of the new process and ``cwd`` its folder, ``cheap`` lets a passphrase that is
chosen in it be one that costs nothing to try and the page of a demo come without charts,
and with ``measured`` it saves which lines it has run. ``faults.forks`` is the other end.
"""

import importlib
import json
import os
import signal
import sys
import traceback
from contextlib import suppress
from functools import partial

LOADED = (
    *(f"duologue.cli.{name}" for name in ("serve", "demo", "unlock", "setup", "rekey")),
    *(f"duologue.cli.{name}" for name in ("backup", "restore", "verify")),
    *(f"duologue.store.safekeeping.{name}" for name in ("unpacking", "rekeying")),
    *("duologue.store.sqlcipher.base", "duologue.relationship", "segno", "whitenoise"),
    *("django.core.handlers.asgi", "django.core.management.commands.migrate"),
    *("django.db.migrations.executor", "django.template.backends.django"),
    *("django.forms", "django.shortcuts", "django.views.decorators.http", "csp"),
    *("django.contrib.staticfiles.finders", "django.contrib.sessions"),
    *("uvicorn", "uvicorn.protocols.http.auto", "uvicorn.loops.auto"),
)
"""What takes long and asks nothing of the folder; the rest each copy loads itself."""

FAILED = 99
"""What a copy ends with that fails for a reason of its own."""


def main():
    """Read what is wanted, a line at a time, until there is no more."""
    for name in LOADED:
        importlib.import_module(name)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever asks
    ours = set()
    for line in sys.stdin:
        _say(_answer(json.loads(line), ours))
    for process in ours:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def _answer(wanted, ours):
    for word, options in (("wait", 0), ("ended", os.WNOHANG)):
        if word in wanted:
            found, status = os.waitpid(wanted[word], options)
            ours.discard(found)
            return os.waitstatus_to_exitcode(status) if found else None
    process = os.fork()
    if process == 0:
        _become(wanted)
    ours.add(process)
    return process


def _become(wanted):
    """Be what is wanted, in this process, to its end."""
    code = FAILED
    try:
        _turn_to(wanted["said"])
        os.environ.update(wanted.get("env", {}))
        os.chdir(wanted.get("cwd", "."))
        if wanted.get("cheap"):
            _make_cheap()
        code = _call(wanted) if "call" in wanted else _run(wanted)
    except BaseException:  # noqa: BLE001 - nothing of it is to reach the first program
        traceback.print_exc()
    finally:
        _let_go()
        if wanted.get("measured"):
            _save_what_ran()
        os._exit(code)


def _turn_to(said):
    """Let what is said go to files, and Ctrl-C be what it was."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number, end in ((1, "out"), (2, "err")):
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND
        os.dup2(os.open(f"{said}.{end}", flags, 0o600), number)
    sys.stdin, sys.stdout, sys.stderr = (
        open(number, mode, encoding="utf-8", closefd=False)  # noqa: SIM115
        for number, mode in ((0, "r"), (1, "w"), (2, "w"))
    )


def _run(wanted):
    from duologue.cli.main import run

    argv = list(wanted["argv"])
    for option, words in wanted.get("handed", {}).items():
        reading, writing = os.pipe()
        os.write(writing, words.encode())
        os.close(writing)
        argv += [option, str(reading)]
    return run(argv)


def _let_go():
    """Do what the end of a program does: close the database, say what is left to say."""
    if "django.db" in sys.modules:
        from django.conf import settings
        from django.db import connections

        if settings.configured:
            connections.close_all()
    with suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()


def _save_what_ran():
    """Save which lines this copy has run, if tests are measured."""
    measuring = sys.modules.get("coverage")
    current = measuring and measuring.Coverage.current()
    if current is not None:
        current.stop()
        current.save()


def _call(wanted):
    module, _, name = wanted["call"].partition(":")
    found = getattr(importlib.import_module(module), name)(**wanted["with"])
    _say(found)
    return 0


def _say(found):
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()


def _make_cheap():
    from duologue.cli import demo
    from duologue.store.keys import keyfile

    keyfile.Cost = partial(keyfile.Cost, passes=1, lanes=1, memory_kib=1024)
    demo.read = partial(demo.read, drawn=False)


if __name__ == "__main__":
    main()
