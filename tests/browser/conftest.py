"""A real browser, and the real product in it.

Playwright keeps a loop running in its thread. It is given a thread of its own, and the
tests of this folder run there, so that no test of the store ever finds that loop: whatever
needs the browser belongs into this folder.
"""

import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

pytest.register_assert_rewrite("browser.product")

from browser.practice import new_practice  # noqa: E402
from browser.product import AT_HOME, FLAGS, Visits, served  # noqa: E402
from browser.stage import on_stage  # noqa: E402
from once import quick_demo  # noqa: E402


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem):
    """Run a test of this folder where the browser lives."""
    names = pyfuncitem._fixtureinfo.argnames
    on_stage(pyfuncitem.obj, **{name: pyfuncitem.funcargs[name] for name in names})
    return True


@pytest.fixture(scope="session")
def chromium():
    """Chromium, started once."""
    program = shutil.which("chromium")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is not on this machine, and CI must have it.")
        pytest.skip("Chromium is not on this machine.")
    play = on_stage(sync_playwright().start)
    browser = on_stage(
        lambda: play.chromium.launch(executable_path=program, args=FLAGS)
    )
    yield browser
    on_stage(browser.close)
    on_stage(play.stop)


@pytest.fixture(scope="session")
def links(chromium, tmp_path_factory):
    """The demonstration, served once: each made-up person's link, by their code."""
    folder = tmp_path_factory.mktemp("demonstration") / "demo"
    with served(shutil.copytree(quick_demo(tmp_path_factory), folder)) as found:
        yield found


@pytest.fixture
def visits(chromium, links):
    """Let people of the demonstration come in; at the end all went well.

    A test says which refusals it meant to meet, by ``visits.refusals.remove(404)``.
    """
    yield from _visiting(chromium, links)


@pytest.fixture(scope="module")
def practice(tmp_path_factory):
    """A practice that was just set up, served: its terminal, and the first address."""
    with new_practice(tmp_path_factory.mktemp("elm")) as found:
        yield found


@pytest.fixture(scope="module")
def people(chromium, practice):
    """Browsers of the people of that practice; at the end all went well."""
    yield from _visiting(chromium, {})


def _visiting(chromium, links):
    """Give browsers; at the end nothing went wrong, and nothing left the machine."""
    made = Visits(chromium, links)
    yield made

    on_stage(made.leave)
    assert made.trouble == []
    assert made.refusals == []
    assert [url for url in made.requests if not AT_HOME.match(url)] == []
