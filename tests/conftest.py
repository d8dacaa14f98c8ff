"""Fixtures that every test may use."""

import itertools
import os
import pathlib
import signal

import pytest
from hypothesis import HealthCheck, settings

import postgres_cluster

settings.register_profile(
    "ci",
    derandomize=True,
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("explore", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

PROJECT = pathlib.Path(__file__).parents[1]


def pytest_configure(config):
    """Let Ctrl-C be heard, and start the second database, if the tests run on that.

    A shell starts what runs in its background deaf to Ctrl-C, and what the tests start
    would be so too.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    postgres_cluster.start(config)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Let what some tests of a file begin with be made once, whatever their order.

    Those that begin with a practice that has been told of (see ``standing``) come last.
    """
    by_file = [
        sorted(of_file, key=lambda item: "told" in item.fixturenames)
        for _, of_file in itertools.groupby(items, key=lambda item: item.path)
    ]
    items[:] = itertools.chain.from_iterable(by_file)


@pytest.fixture(scope="session")
def shared():
    """A folder of reference data, where there is one ($DUOLOGUE_SHARED).

    It holds what may not be passed on, so a stranger's clone has none; where the
    folder exists, a file that is missing from it fails the test.
    """
    folder = pathlib.Path(os.environ.get("DUOLOGUE_SHARED", PROJECT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip("the shared data folder is not here (it may not be passed on)")
    return folder
