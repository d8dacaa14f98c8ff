"""The app's settings for tests: a demo, in a folder that nobody else uses."""

import os
import tempfile

os.environ["DUOLOGUE_FOLDER"] = tempfile.mkdtemp(prefix="duologue-tests-")
os.environ["DUOLOGUE_DEMO"] = "yes"

from duologue.web.settings import *

SECRET_KEY = "of the tests, and nothing else"  # noqa: S105
DATABASES["default"]["TEST"] = {"NAME": str(FOLDER / "test.sqlite3")}
DATABASES["default"]["OPTIONS"]["init_command"] = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
)
