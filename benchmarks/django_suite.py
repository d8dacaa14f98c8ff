"""Django's own tests on the encrypted database, and on its plain one in the same way.

    python benchmarks/django_suite.py                  print what was found
    python benchmarks/django_suite.py --archive FILE   with Django's source from a file

The tests are those of Django's source archive, of exactly the version installed, which
pip fetches from where it is set to fetch from; the archive must have a hash of the lock
file. Nothing of it is built or installed. Both runs keep their databases in files, in one
temporary folder. The exit code is 1 where a test fails on the encrypted database alone
and nobody has said why.
"""

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import django

PROJECT = Path(__file__).resolve().parents[1]
LOCK = PROJECT / "requirements" / "dev.lock"
VERSION = django.__version__
LABELS = (
    *("basic", "transactions", "queries", "aggregation", "lookup", "model_fields"),
    *("backends.sqlite", "db_functions", "expressions", "bulk_create", "delete"),
    *("get_or_create", "constraints", "schema"),
)
OURS, PLAIN = "duologue.store.sqlcipher", "django.db.backends.sqlite3"
REASONS: Mapping[str, str] = {}
"""Why a test cannot pass on an encrypted database, by the test's whole name."""

SETTINGS = """
from pathlib import Path

FOLDER = Path({folder!r})


def key():
    return "5e" * 32


def database(alias):
    return {{
        "ENGINE": "{engine}",
        "NAME": FOLDER / f"{{alias}}.sqlite3",
        "OPTIONS": {options},
        "TEST": {{"NAME": FOLDER / f"test-{{alias}}.sqlite3"}},
    }}


DATABASES = {{alias: database(alias) for alias in ("default", "other")}}
SECRET_KEY = "of the tests, and nothing else"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
USE_TZ = False
"""
"""Those that Django tests itself with on SQLite, but for the names of files."""

NO_BUILD = """
from pathlib import Path


def prepare_metadata_for_build_wheel(folder, config_settings=None):
    made = Path(folder, "django.dist-info")
    made.mkdir()
    made.joinpath("METADATA").write_text(
        "Metadata-Version: 2.1\\nName: Django\\nVersion: {version}\\n"
    )
    return made.name
"""
"""Stands in for setuptools: pip asks a source archive its name, which takes a build."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteRun:
    """What one run of the tests came to.

    Attributes
    ----------
    n_run, n_failures, n_errors, n_skipped, n_expected : int
        Tests that were run, that failed, that broke off, that Django skips on SQLite,
        and that it expects to fail there.
    failed : frozenset of str
        Whole names of the tests that failed or broke off.
    """

    n_run: int
    n_failures: int
    n_errors: int
    n_skipped: int
    n_expected: int
    failed: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteFigures:
    """The same tests on the encrypted database and on the plain one."""

    ours: SuiteRun
    plain: SuiteRun

    def only_ours(self) -> tuple[str, ...]:
        """Name the tests that fail on the encrypted database and pass on the plain."""
        return tuple(sorted(self.ours.failed - self.plain.failed))

    def unexplained(self) -> tuple[str, ...]:
        """Name those of them for which no reason is known."""
        return tuple(name for name in self.only_ours() if name not in REASONS)

    def as_markdown(self) -> str:
        """Write the section of a page."""
        return "\n".join(
            [
                "## Django's own tests on the encrypted database",
                "",
                f"The tests of Django {VERSION} under these {len(LABELS)} labels, once on",
                "the encrypted database and once on Django's own for SQLite, both in",
                "files:",
                ", ".join(LABELS[:7]) + ",",
                ", ".join(LABELS[7:]) + ".",
                "",
                "| | run | failures | errors | skipped | expected failures |",
                "|---|---|---|---|---|---|",
                _row("encrypted", self.ours),
                _row("plain", self.plain),
                "",
                *self._differences(),
                "",
            ]
        )

    def _differences(self) -> list[str]:
        names = self.only_ours()
        if not names:
            return ["No test fails on the encrypted database that passes on the plain."]
        return [
            "These fail on the encrypted database and pass on the plain:",
            "",
            "| Test | Why |",
            "|---|---|",
            *(f"| `{name}` | {REASONS.get(name, '**not known**')} |" for name in names),
        ]


def _row(name: str, run: SuiteRun) -> str:
    counts = (run.n_run, run.n_failures, run.n_errors, run.n_skipped, run.n_expected)
    return f"| {name} | {' | '.join(f'{n:,}' for n in counts)} |"


def compare(archive: Path | None = None) -> SuiteFigures:
    """Run the tests twice.

    Parameters
    ----------
    archive : pathlib.Path, optional
        Django's source archive; pip fetches it where none is given.

    Raises
    ------
    RuntimeError
        If the archive cannot be had or is not the pinned one, or the tests do not run.
    """
    with tempfile.TemporaryDirectory() as made:
        near = Path(made)
        tests = _unpack(archive or _fetch(near), near) / "tests"
        return SuiteFigures(
            ours=_run(OURS, tests, near), plain=_run(PLAIN, tests, near)
        )


# Django's source ------------------------------------------------------------------


def _hashes() -> tuple[str, ...]:
    """Return the hashes that the lock file has for the installed version."""
    lock = LOCK.read_text(encoding="utf-8")
    pinned = rf"^django=={re.escape(VERSION)}((?: \\\n +--hash=sha256:\w+)+)$"
    found = re.search(pinned, lock, re.MULTILINE)
    if found is None:
        raise RuntimeError(f"requirements/dev.lock does not pin Django {VERSION}.")
    return tuple(re.findall(r"sha256:(\w+)", found[1]))


def _fetch(near: Path) -> Path:
    """Let pip download the archive, from where it is set to, and check its hash."""
    stand_in = near / "stand-in" / "setuptools"
    stand_in.mkdir(parents=True)
    stand_in.joinpath("__init__.py").touch()
    stand_in.joinpath("build_meta.py").write_text(NO_BUILD.format(version=VERSION))
    wanted = near / "wanted.txt"
    hashes = " ".join(f"--hash=sha256:{one}" for one in _hashes())
    wanted.write_text(f"django=={VERSION} {hashes}\n")
    asked = [
        *(sys.executable, "-m", "pip", "download", "--disable-pip-version-check"),
        *("--quiet", "--no-deps", "--no-binary", ":all:", "--no-build-isolation"),
        *("--require-hashes", "--requirement", wanted, "--dest", near),
    ]
    env = {**os.environ, "PYTHONPATH": str(stand_in.parent)}
    done = subprocess.run(asked, env=env, capture_output=True, text=True, check=False)
    found = list(near.glob("*.tar.gz"))
    if done.returncode or len(found) != 1:
        raise RuntimeError(f"pip got no source of Django {VERSION}:\n{done.stderr}")
    return found[0]


def _unpack(archive: Path, near: Path) -> Path:
    """Unpack the archive if it is the pinned one; return its top folder."""
    if hashlib.sha256(archive.read_bytes()).hexdigest() not in _hashes():
        raise RuntimeError(f"{archive.name} is not the archive of the lock file.")
    shutil.unpack_archive(archive, near)
    return near / f"django-{VERSION}"


# The tests ------------------------------------------------------------------------


def _run(engine: str, tests: Path, near: Path) -> SuiteRun:
    """Run the tests on one kind of database, in a folder of its own."""
    folder = near / engine
    folder.mkdir()
    options = '{"key": key}' if engine == OURS else "{}"
    folder.joinpath("suite_settings.py").write_text(
        SETTINGS.format(engine=engine, folder=str(folder), options=options)
    )
    env = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DJANGO_", "DUOLOGUE_"))
    }
    env["PYTHONPATH"] = os.pathsep.join([str(folder), str(PROJECT / "src")])
    asked = [sys.executable, "runtests.py", "--settings=suite_settings"]
    done = subprocess.run(
        [*asked, "--parallel=1", "--noinput", *LABELS],
        cwd=tests,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    return _read(done.stderr)


def _read(printed: str) -> SuiteRun:
    """Read what the tests printed at their end."""
    ran = re.search(r"^Ran (\d+) tests? in", printed, re.MULTILINE)
    if ran is None:
        raise RuntimeError(f"Django's tests do not run:\n{printed[-2000:]}")
    end = printed[ran.end() :]

    def count(word: str) -> int:
        found = re.search(rf"(?:\(|, ){word}=(\d+)", end)
        return int(found[1]) if found else 0

    failed = re.findall(r"^(?:FAIL|ERROR): \S+ \((\S+)\)", printed, re.MULTILINE)
    run = SuiteRun(
        n_run=int(ran[1]),
        n_failures=count("failures"),
        n_errors=count("errors"),
        n_skipped=count("skipped"),
        n_expected=count("expected failures"),
        failed=frozenset(failed),
    )
    if bool(run.failed) is not bool(run.n_failures or run.n_errors):
        raise RuntimeError(f"What Django's tests print is not understood:\n{end}")
    return run


def main(arguments: Sequence[str]) -> int:
    """Run the command line; 1 where a difference is not explained."""
    parser = argparse.ArgumentParser(description="Run Django's tests on our database.")
    parser.add_argument("--archive", type=Path, metavar="FILE")
    figures = compare(parser.parse_args(arguments).archive)
    print(figures.as_markdown())
    return 1 if figures.unexplained() else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
