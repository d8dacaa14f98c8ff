"""A note on its way: what a mail server is told, and what it is not."""

import socket
from contextlib import contextmanager
from smtplib import SMTPNotSupportedError, SMTPRecipientsRefused
from socketserver import StreamRequestHandler, TCPServer
from ssl import CERT_REQUIRED
from threading import Thread

import pytest

from duologue.web.carrier import Carrier
from duologue.web.reminder.note import note_to
from duologue.web.reminder.smtp import ByCarrier

ADDRESS, SENDER = "one@example.com", "notes@example.org"
NAME = "the-name-of-this-machine.example"
SAYS = {"EHLO": "250 mail.example.org", "DATA": "354 go on", "QUIT": "221 bye"}


@pytest.fixture(autouse=True)
def named(monkeypatch):
    """Let this machine have a name that is known again."""
    monkeypatch.setattr(socket, "getfqdn", lambda *_: NAME)
    monkeypatch.setattr(socket, "gethostname", lambda: NAME)
    monkeypatch.setattr("django.core.mail.utils.DNS_NAME._fqdn", NAME, raising=False)


@contextmanager
def server(**says):
    """Serve one connection; give the port, and all that was said there."""
    said = []

    class Handler(StreamRequestHandler):
        def handle(self):
            self.say("220 ready")
            while line := self.rfile.readline().decode().rstrip("\r\n"):
                said.append(line)
                verb = line[:4].upper()
                self.say({**SAYS, **says}.get(verb, "250 ok"))
                if verb == "DATA":
                    said.extend(self.message())
                    self.say(says.get("END", "250 taken"))
                if verb == "QUIT":
                    return

        def message(self):
            lines = iter(lambda: self.rfile.readline().decode().rstrip("\r\n"), ".")
            return list(lines)

        def say(self, words):
            self.wfile.write(f"{words}\r\n".encode())

    with TCPServer(("127.0.0.1", 0), Handler) as listening:
        serving = Thread(target=listening.handle_request)
        serving.start()
        yield listening.server_address[1], said
        serving.join(5)


def send(port, *, tls):
    """Send a note by a server of this machine."""
    carrier = Carrier(host="127.0.0.1", port=port, sender=SENDER, tls=tls)
    note = note_to(ADDRESS, carrier)
    note.connection = ByCarrier(carrier=carrier)
    try:
        return note.send()
    finally:
        note.connection.close()


def test_a_server_is_told_the_note_and_nothing_of_this_machine(socket_enabled):
    with server() as (port, said):
        assert send(port, tls=False) == 1

    assert [line.lower() for line in said[:4]] == [
        "ehlo [127.0.0.1]",
        f"mail from:<{SENDER}>",
        f"rcpt to:<{ADDRESS}>",
        "data",
    ]
    assert said[-1].upper() == "QUIT"
    headers = {line.partition(":")[0] for line in said[4 : said.index("")]}
    assert headers == {
        *("Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted"),
        *("MIME-Version", "Content-Type", "Content-Transfer-Encoding"),
    }
    assert "If you like, take a minute for yourself." in said
    assert NAME not in "\n".join(said)


def test_a_server_that_refuses_is_heard(socket_enabled):
    with (
        server(RCPT="450 later") as (port, said),
        pytest.raises(SMTPRecipientsRefused),
    ):
        send(port, tls=False)

    assert "data" not in said


def test_where_tls_is_not_to_be_had_nothing_is_sent(socket_enabled):
    with server() as (port, said), pytest.raises(SMTPNotSupportedError):
        send(port, tls=True)

    assert said[0] == "ehlo [127.0.0.1]"
    assert ADDRESS not in "\n".join(said)


@pytest.mark.parametrize(
    ("port", "tls", "ssl", "starttls"),
    [(465, True, True, False), (587, True, False, True), (25, False, False, False)],
)
def test_tls_is_spoken_at_once_or_asked_for_and_checked(port, tls, ssl, starttls):
    carrier = Carrier(host="localhost", port=port, sender=SENDER, tls=tls)

    by = ByCarrier(carrier=carrier)

    assert (by.use_ssl, by.use_tls) == (ssl, starttls)
    assert by.ssl_context.check_hostname
    assert by.ssl_context.verify_mode is CERT_REQUIRED
    assert by.timeout == 20
