"""Addresses as pictures that a phone reads, drawn here without a network."""

import ipaddress

import segno
from django.http import HttpRequest
from django.http.request import split_domain_port
from django.utils.safestring import SafeString, mark_safe


def only_here(request: HttpRequest) -> bool:
    """Whether an address made of this request leads nowhere from any other device."""
    host = split_domain_port(request.get_host())[0].strip("[]")
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def drawn(address: str, *, title: str) -> SafeString:
    """Return a picture of an address, to be put into a page as it is.

    Parameters
    ----------
    address : str
        What stands behind a # in it no server is sent.
    title : str
        What it is, for whoever does not see it.
    """
    code = segno.make(address, micro=False)
    return mark_safe(  # noqa: S308 - drawn from an address of ours, no words in it
        code.svg_inline(
            scale=5,
            border=2,
            dark="#24242b",
            light="#ffffff",
            svgclass="qr",
            lineclass=None,
            omitsize=True,
            title=title,
        )
    )
