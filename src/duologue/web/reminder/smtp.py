"""How a note leaves: Django's own SMTP, which is not told the name of this machine."""

import smtplib
from typing import Any

from django.core.mail.backends.smtp import EmailBackend

from duologue.web.carrier import PORT, Carrier

PATIENCE_S = 20
"""Seconds to wait for each answer of the server."""

CALLED = "[127.0.0.1]"
"""What this machine calls itself: a server writes it into what it passes on."""


class _Plain(smtplib.SMTP):
    """A connection that begins without TLS."""

    def __init__(self, host: str, port: int, **more: Any) -> None:
        super().__init__(host, port, **{**more, "local_hostname": CALLED})


class _WithTls(smtplib.SMTP_SSL):
    """A connection that begins with TLS."""

    def __init__(self, host: str, port: int, **more: Any) -> None:
        super().__init__(host, port, **{**more, "local_hostname": CALLED})


class ByCarrier(EmailBackend):
    """A connection to the practice's carrier; without one there is none to anybody.

    Parameters
    ----------
    carrier : Carrier
        Who takes the mail. TLS is checked against the host's name, or spoken not at all
        on this machine; where it is refused, nothing is sent.
    """

    def __init__(self, *, carrier: Carrier, fail_silently: bool = False) -> None:
        at_once = carrier.port == PORT
        super().__init__(
            host=carrier.host,
            port=carrier.port,
            username=carrier.user,
            password=carrier.password,
            use_ssl=carrier.tls and at_once,
            use_tls=carrier.tls and not at_once,
            timeout=PATIENCE_S,
            fail_silently=fail_silently,
        )

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """What makes the connection, whatever this machine is called."""
        return _WithTls if self.use_ssl else _Plain
