"""Looking after something again and again while pages are served, in a thread of its own."""

import threading
from collections.abc import Callable

PATIENCE_S = 3
"""How long to wait at the end for what has begun."""


class Minder:
    """Looks, waits as long as the look said, and looks again, until it is ended.

    Parameters
    ----------
    look : callable
        Is given whether to stop, and returns in how many seconds to look again; never
        raises.
    """

    def __init__(self, look: Callable[[Callable[[], bool]], float]) -> None:
        self._look = look
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._mind, daemon=True)

    def start(self) -> None:
        """Begin, once there is something to look at."""
        self._thread.start()

    def end(self) -> None:
        """Stop, whether it has begun or not; wait a moment for what is on its way."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join(PATIENCE_S)

    def _mind(self) -> None:
        wait = 0.0
        while not self._ended.wait(wait):
            wait = self._look(self._ended.is_set)
