"""How functions that walk over many pairs are compiled; needs numba.

No fast mathematics: it may assume that nothing is blank. What is compiled is kept by the
file that it stands in, so a function and all that it calls stand in one file; otherwise
it would not be noticed that one of them has changed.
"""

import threading
from collections.abc import Callable
from typing import Any, TypeVar

import numba

one_at_a_time = threading.Lock()
"""To hold while work is shared among threads: one threading layer of numba ends the
process if two threads start such work at once."""

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
