"""What is compiled beforehand is told step by step."""

import pytest

from duologue.engine.dyad import ready


def test_each_step_is_told_before_it_begins_and_the_end(monkeypatch):
    pytest.importorskip("numba")
    told = []
    for name in ("fit", "read_caseload"):
        own = getattr(ready, name)
        monkeypatch.setattr(
            ready,
            name,
            lambda *a, own=own, name=name, **k: told.append(name) or own(*a, **k),
        )

    ready.make_ready(told.append)

    assert told == [
        "1 of 2: compiling what learns from a caseload",
        "fit",
        "2 of 2: compiling what reads one",
        "read_caseload",
        "ready",
    ]
