"""What is compared with what, and the taking of turns that makes it fair."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What is compared with what.

    Attributes
    ----------
    name : str
        What is timed, in words.
    against : str
        What it is measured against, in words.
    times_ms, base_ms : tuple of float
        One figure a round.
    goal : float or None
        The ratio should stay under this.
    """

    name: str
    against: str
    times_ms: tuple[float, ...]
    base_ms: tuple[float, ...]
    goal: float | None = None

    @property
    def ratios(self) -> tuple[float, ...]:
        """Return the ratio of each round."""
        pairs = zip(self.times_ms, self.base_ms, strict=True)
        return tuple(ours / plain for ours, plain in pairs)


def take_turns(
    tasks: Mapping[str, Callable[[], object]],
    *,
    rounds: int,
    n_calls: int = 1,
    clock: Callable[[], float] = time.process_time,
) -> dict[str, tuple[float, ...]]:
    """Time each task in turn, round by round, after one round that is not counted.

    Parameters
    ----------
    tasks : mapping of str to callable
        What to do, by its name.
    rounds : int
        How often each task has its turn.
    n_calls : int
        How often it is done in one turn; its figure is the mean of these.
    clock : callable
        Seconds of the processor by default, which other programs do not change much.

    Returns
    -------
    dict of str to tuple of float
        Milliseconds of each task, one figure a round.
    """
    times: dict[str, list[float]] = {name: [] for name in tasks}
    for task in tasks.values():
        task()
    for _ in range(rounds):
        for name, task in tasks.items():
            started = clock()
            for _ in range(n_calls):
                task()
            times[name].append(1000 * (clock() - started) / n_calls)
    return {name: tuple(found) for name, found in times.items()}
