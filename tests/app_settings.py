"""The app's settings for tests: a demo, in a folder that nobody else uses."""

import os
import tempfile

import postgres_cluster

os.environ["DUOLOGUE_FOLDER"] = tempfile.mkdtemp(prefix="duologue-tests-")
os.environ["DUOLOGUE_DEMO"] = "yes"
if postgres_cluster.is_wanted():
    postgres_cluster.name_in(os.environ["DUOLOGUE_FOLDER"])

from duologue.store.keys import ring
from duologue.web.settings import *

ring.hold(ring.Ring.new())

SECRET_KEY = "of the tests, and nothing else"  # noqa: S105
if not postgres_cluster.is_wanted():
    DATABASES["default"]["TEST"] = {"NAME": str(FOLDER / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
    )

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# A test looks at the page for signing in more often than anybody may.
ACCOUNT_RATE_LIMITS = {**ACCOUNT_RATE_LIMITS, "login": None}
