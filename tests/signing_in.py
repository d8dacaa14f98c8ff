"""Signing in as somebody with a password and an app's codes, without a browser."""

import time

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 - made up
PASSWORD = "a made-up password of some length"  # noqa: S105
SIGN_IN, SECOND = "/sign-in/", "/sign-in/second/"


def with_app(person):
    person.set_password(PASSWORD)
    person.save()
    TOTP.activate(person, SECRET)
    RecoveryCodes.activate(person)
    return person


def code(now=None, *, step=0):
    """Return what the app shows."""
    at_step = int((now or time.time()) // 30) + step
    return format_hotp_value(hotp_value(SECRET, at_step))


def try_password(visitor, person, password=PASSWORD, **more):
    fields = {"login": person.code, "password": password}
    return visitor.post(SIGN_IN, fields, **more)


def sign_in(person, visitor=None):
    """Sign in with both proofs; return the browser."""
    visitor = visitor or Client()
    assert try_password(visitor, person).url == SECOND
    answered = visitor.post(SECOND, {"code": code()})
    assert (answered.status_code, answered.url) == (302, "/")
    return visitor


def is_in(visitor):
    return visitor.get("/me/").status_code == 200
