"""A practice of real people, served, and the devices with which they sign in.

A virtual authenticator stands for the device that asks for a finger or a PIN.
"""

import os
import re
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

SRC = Path(__file__).parents[2] / "src"
PASSPHRASE = "correct horse battery staple"  # noqa: S105
LINK = re.compile(r"http://localhost:\d+/join/#\S+")

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def _environment():
    return {**os.environ, "PYTHONPATH": str(SRC)}


@contextmanager
def handed(words):
    """Give a descriptor from which a program reads a passphrase."""
    read, write = os.pipe()
    os.write(write, words.encode())
    os.close(write)
    try:
        yield read
    finally:
        os.close(read)


@contextmanager
def new_practice(place):
    """Serve a practice that was just set up; give the address for the first who comes."""
    (place / "crisis.txt").write_text("Ring the practice on its own line (made up).")
    duologue, folder = (sys.executable, "-m", "duologue"), str(place / "practice")
    with handed(PASSPHRASE) as new:
        subprocess.run(
            [
                *(*duologue, "setup", folder, "--name", "Elm (made up)"),
                *("--crisis", str(place / "crisis.txt")),
                *("--recovery-key", str(place / "key.txt")),
                *("--new-passphrase-fd", str(new)),
            ],
            check=True,
            capture_output=True,
            pass_fds=[new],
            env=_environment(),
        )
    with (
        handed(PASSPHRASE) as words,
        subprocess.Popen(
            [*duologue, "serve", folder, "--port", "0", "--passphrase-fd", str(words)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            pass_fds=[words],
            env=_environment(),
        ) as process,
    ):
        said = ""
        for line in process.stdout:
            said += line
            if line.startswith("Ctrl-C"):
                break
        try:
            yield LINK.search(said)[0]
        finally:
            process.terminate()
            process.wait(20)


def with_device(page, **other):
    """Give a browser a device that asks who one is; return how it is taken away."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"options": {**DEVICE, **other}}
    made = session.send("WebAuthn.addVirtualAuthenticator", options)
    which = {"authenticatorId": made["authenticatorId"]}
    return lambda: session.send("WebAuthn.removeVirtualAuthenticator", which)
