"""A practice of real people, served, and the devices with which they sign in.

A virtual authenticator stands for the device that asks for a finger or a PIN.
"""

import re
from contextlib import contextmanager

from browser.terminal import Terminal

PASSPHRASE = "correct horse battery staple"  # noqa: S105
LINK = re.compile(r"http://localhost:\d+/join/#\S+")
NAME, CRISIS = "Elm (made up)", "Ring the practice on its own line (made up)."
WORDS = {
    "What the practice is called": NAME,
    "For a client who needs someone now": CRISIS,
    "For yourself: your supervisor": "Made up: ring S.",
    "For yourself: who looks after you": "Made up: ring W.",
}
"""What the practice says; of what happens if somebody tells, it begins with our words."""

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@contextmanager
def new_practice(place):
    """Set a practice up at a terminal, as the guide says, and serve it.

    Gives the terminal, and the address for the first who comes.
    """
    terminal = Terminal(place)
    with terminal.running("setup") as setup:
        setup.answer("New passphrase: ", PASSPHRASE)
        setup.answer("once more: ", PASSPHRASE)
        assert setup.end() == 0
    with terminal.running("serve", "practice", "--port", "0") as serve:
        serve.answer("Passphrase of the practice: ", PASSPHRASE)
        yield terminal, LINK.search(serve.hear("Ctrl-C stops it."))[0]


class Device:
    """What asks who one is, in one browser."""

    def __init__(self, page, **other):
        self._session = page.context.new_cdp_session(page)
        self._session.send("WebAuthn.enable")
        options = {"options": {**DEVICE, **other}}
        self._which = self._session.send("WebAuthn.addVirtualAuthenticator", options)

    def passkeys(self):
        """Return the passkeys that it keeps."""
        found = self._session.send("WebAuthn.getCredentials", self._which)
        return found["credentials"]

    def take(self, passkeys):
        """Let it keep these, as if it were the device that made them."""
        for each in passkeys:
            given = {**self._which, "credential": each}
            self._session.send("WebAuthn.addCredential", given)

    def remove(self):
        """Take it away."""
        self._session.send("WebAuthn.removeVirtualAuthenticator", self._which)
