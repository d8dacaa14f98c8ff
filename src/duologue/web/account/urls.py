"""Addresses for coming in, for one's own account, and for leaving.

Of the library for signing in only these pages are there: nobody signs up, and no account
has an address to write to, so there is nothing to confirm and nothing to reset by mail.
"""

from allauth.account import views as account
from allauth.account.decorators import reauthentication_required
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.webauthn import views as webauthn
from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST

from duologue.web.account import views as ours

_look_and_send = require_http_methods(["GET", "HEAD", "POST"])
"""The library's pages would answer other methods, too."""

urlpatterns = [
    path("sign-in/", _look_and_send(account.login), name="account_login"),
    path(
        "sign-in/passkey/",
        _look_and_send(login_not_required(webauthn.login_webauthn)),
        name="mfa_login_webauthn",
    ),
    path("sign-in/second/", _look_and_send(mfa.authenticate), name="mfa_authenticate"),
    path("sign-in/recovery/", ours.recover, name="recover"),
    path("enter/<str:link>/", ours.enter, name="enter"),
    path("join/", ours.join, name="join"),
    path("join/as/", ours.join_as, name="join-as"),
    path("leave/", ours.leave, name="leave"),
    path("me/", ours.me, name="me"),
    path("me/here/", ours.here, name="here"),
    path(
        "me/visits/end/",
        require_POST(reauthentication_required(ours.end_visits)),
        name="end-visits",
    ),
    path("me/ways-in/password/", ours.by_password, name="by-password"),
    path(
        "me/ways-in/passkey/",
        _look_and_send(ours.AddPasskey.as_view()),
        name="mfa_add_webauthn",
    ),
    path(
        "me/ways-in/app/",
        _look_and_send(ours.AddApp.as_view()),
        name="mfa_activate_totp",
    ),
    path(
        "me/ways-in/app/remove/",
        _look_and_send(ours.RemoveApp.as_view()),
        name="mfa_deactivate_totp",
    ),
    path(
        "me/passkeys/<int:pk>/remove/",
        _look_and_send(ours.RemovePasskey.as_view()),
        name="mfa_remove_webauthn",
    ),
    path(
        "me/passkeys/<int:pk>/name/",
        _look_and_send(webauthn.edit_webauthn),
        name="mfa_edit_webauthn",
    ),
    path(
        "me/codes/",
        _look_and_send(recovery_codes.view_recovery_codes),
        name="mfa_view_recovery_codes",
    ),
    path(
        "me/codes/new/",
        _look_and_send(recovery_codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "me/password/",
        _look_and_send(account.password_change),
        name="account_change_password",
    ),
    path(
        "me/password/new/",
        _look_and_send(reauthentication_required(account.password_set)),
        name="account_set_password",
    ),
    path(
        "me/again/password/",
        _look_and_send(account.reauthenticate),
        name="account_reauthenticate",
    ),
    path(
        "me/again/code/", _look_and_send(mfa.reauthenticate), name="mfa_reauthenticate"
    ),
    path(
        "me/again/passkey/",
        _look_and_send(webauthn.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    # The library goes to these once something is done: one's account shows it all.
    path("me/", ours.me, name="mfa_index"),
    path("me/", ours.me, name="mfa_list_webauthn"),
]
