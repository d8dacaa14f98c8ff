"""Reference files of the outcome algorithms, as columns."""

import csv

import numpy as np
import pytest


@pytest.fixture(scope="session")
def reference(shared):
    """Read a file of the reference folder: a dictionary of columns of text."""
    folder = shared / "reference" / "outcomes"

    def read(name):
        with (folder / name).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        return {key: [row[key] for row in rows] for key in rows[0]}

    return read


@pytest.fixture(scope="session")
def numbers():
    """Turn columns of text into numbers, ``nan`` where blank."""

    def turned(columns, *names):
        found = [
            np.array([float(cell) if cell else np.nan for cell in columns[name]])
            for name in names
        ]
        return found[0] if len(found) == 1 else found

    return turned


@pytest.fixture(scope="session")
def bdi(reference, numbers):
    """Scores of 43 people at sessions 0 to 12."""
    columns = reference("sudden_gains/bdi.csv")
    return np.array(numbers(columns, *[f"bdi_s{k}" for k in range(13)])).T
