"""The note itself: the same for everybody, and about nothing."""

import secrets

from django.core.mail import EmailMessage

from duologue.web.carrier import Carrier

SUBJECT = "A minute for you?"
BODY = """\
If you like, take a minute for yourself.

You asked for this note. Where you asked for it, you can switch it off.
A machine sent it: nobody waits for a reply.
"""


def note_to(address: str, carrier: Carrier) -> EmailMessage:
    """Return the note to one address.

    Nothing in it is of the person but the address. Its id is random: the usual one holds
    the name of this machine. What answers by itself is asked not to (RFC 3834).
    """
    headers = {
        "Message-ID": f"<{secrets.token_hex(16)}@{carrier.domain}>",
        "Auto-Submitted": "auto-generated",
    }
    return EmailMessage(SUBJECT, BODY, carrier.sender, [address], headers=headers)
