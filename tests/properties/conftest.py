"""Laws hold however many rows an assumption is laid in: few make them quick to try."""

import pytest

from duologue.engine.dyad import own


@pytest.fixture(autouse=True, scope="module")
def few_rows():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(own, "N_ROWS", 256)
        patch.setattr(own, "ENOUGH_ROWS", 12.0)
        yield
