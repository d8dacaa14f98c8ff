"""Settings of the app: one practice in one folder, served to this machine alone.

Where the folder is, and whether it is a demo, is told by the two environment variables
that ``duologue serve`` and ``duologue demo`` set; nothing private is ever in them.
"""

import os
from pathlib import Path

from csp.constants import NONE, SELF

from duologue.store.keys import ring
from duologue.web import databases

FOLDER = Path(os.environ.get("DUOLOGUE_FOLDER", "practice"))
DEMO = os.environ.get("DUOLOGUE_DEMO") == "yes"
"""Whether made-up people may sign in by a link. Nobody else ever can."""

SECRET_KEY = ring.signing_key()
DEBUG = False
ALLOWED_HOSTS = ["localhost", ".localhost", "127.0.0.1", "[::1]"]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "duologue.store",
    "duologue.web",
    # Behind ours, so that our templates are found before theirs.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]
MIDDLEWARE = [
    "duologue.web.middleware.private_pages",
    "django.middleware.security.SecurityMiddleware",
    # Before the static files, so that a foreign host is answered with nothing at all.
    "django.middleware.common.CommonMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "duologue.web.middleware.known_visits",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "duologue.web.account.visits.end_by_themselves",
    "duologue.web.middleware.SignedIn",
    "duologue.web.account.visits.Enrolled",
    "duologue.web.middleware.KindRefusals",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "duologue.web.urls"
ASGI_APPLICATION = "duologue.web.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "duologue.web.context.every_page",
            ],
            "builtins": ["duologue.web.templatetags.duologue"],
        },
    }
]

DATABASES = databases.of(FOLDER)
# Nothing of a request is ever put on a disk on its way: what is longer than this is not
# let in (see `duologue.cli.gate`).
FILE_UPLOAD_MAX_MEMORY_SIZE = 1 << 30
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]

CACHES = {
    # Tries to sign in, and codes that were used: shared by every process, and still there
    # after a restart. It lies in the sealed database.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "store_attempts",
        # Far more than come in the time that any of them is kept: none is culled.
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    },
    "pages": {
        # In memory only: what is rendered for a person never lies on a disk.
        "BACKEND": "duologue.web.kept.InMemory",
        "OPTIONS": {"MAX_ENTRIES": 2000},
    },
}

AUTH_USER_MODEL = "store.Person"
AUTHENTICATION_BACKENDS = [
    "duologue.web.account.backend.ByDemoLink",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "people"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# One thing is mailed, by a carrier that must be named: a note that somebody has asked for.
EMAIL_BACKEND = "duologue.web.reminder.smtp.ByCarrier"

# Nobody signs up: one is invited. An account has no address, so nothing of it is mailed.
ACCOUNT_ADAPTER = "duologue.web.account.adapters.Accounts"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "code"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_SIGNUP_ENABLED = False
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60
# Served to this machine alone, everybody has the same address: it says nothing, and no
# limit is by it but that on codes of invitations that do not exist. The limit that locks
# is that of each account: five tries in five minutes.
ACCOUNT_RATE_LIMITS = {
    "login": "",
    "login_failed": "5/300s/key",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "join": "30/m/ip",
}
MFA_RATE_LIMITS = {"webauthn_login": ""}  # there is nothing in it to guess
MFA_ADAPTER = "duologue.web.account.adapters.Factors"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_RECOVERY_CODE_DIGITS = (
    16  # 53 bits: one of them lets somebody in who has no password
)
MFA_TOTP_ISSUER = "Duologue"

# A page is a person's own: nothing of a session is renewed by a visit, so that the
# table of sessions does not tell when somebody was last here. That somebody has been idle
# is told by a signed cookie of their own browser (see `duologue.web.account.visits`).
SESSION_COOKIE_AGE = 12 * 60 * 60
IDLE_S = 30 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_SAVE_EVERY_REQUEST = False
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "duologue.web.middleware.form_expired"

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "object-src": [NONE],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: []
    for feature in (
        *("accelerometer", "camera", "display-capture", "fullscreen", "geolocation"),
        *("gyroscope", "magnetometer", "microphone", "midi", "payment", "usb"),
    )
}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = False
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [
    ("reading", Path(__file__).parents[1] / "faces" / "sheets"),
]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": True,
    "formatters": {"line": {"format": "duologue: %(message)s"}},
    "handlers": {
        "none": {"class": "logging.NullHandler"},
        "stderr": {"class": "logging.StreamHandler", "formatter": "line"},
    },
    # No request is logged: an address names a pair, and when it was looked at.
    "root": {"handlers": ["none"], "level": "CRITICAL"},
    # Whoever runs the program learns that the disk is full, or that mail is not taken, and
    # nothing of anybody.
    "loggers": {
        name: {"handlers": ["stderr"], "level": "ERROR"}
        for name in ("duologue.disk", "duologue.mail")
    },
}
SILENCED_SYSTEM_CHECKS = [
    # HTTPS, and cookies that need it, come with serving beyond this machine.
    *("security.W004", "security.W008", "security.W012", "security.W016"),
]
