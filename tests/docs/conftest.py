"""The scripts that measure, as modules."""

import importlib
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="session")
def load():
    """Load a script by its name; those that it stands on are found beside it."""
    # Behind all else: some there are called like what tests have.
    sys.path.append(str(BENCHMARKS))
    yield importlib.import_module
    sys.path.remove(str(BENCHMARKS))
