"""How functions that walk over many pairs are compiled; needs numba.

No fast mathematics: it may assume that nothing is blank. What is compiled is kept by the
file that it stands in, so a function and all that it calls stand in one file; otherwise
it would not be noticed that one of them has changed.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import numba

FEW = 256
"""Fewer tasks are done by one thread: others would be waited for longer than it takes."""

# One threading layer of numba ends the process if two threads start work at once.
_one_at_a_time = threading.Lock()

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function, **options: Any) -> Function:
    """Compile a function, kept for the next run where there is a place to keep it.

    While it runs, other threads may. It takes no keyword-only arguments, and is there as
    plain Python as ``py_func``.
    """
    options |= {"error_model": "numpy", "nogil": True}
    try:
        made = numba.njit(cache=True, **options)(function)
    except RuntimeError:  # a folder that nobody may write, and no home
        made = numba.njit(**options)(function)
    return made  # type: ignore[no-any-return]


@contextmanager
def shared_among_threads(n_tasks: int) -> Iterator[None]:
    """Hold on to the threads for a piece of work of so many tasks."""
    with _one_at_a_time:
        before = numba.get_num_threads()
        numba.set_num_threads(1 if n_tasks < FEW else before)
        try:
            yield
        finally:
            numba.set_num_threads(before)
