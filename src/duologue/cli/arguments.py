"""How arguments are read: what does not fit is refused in words that say what does."""

import argparse
from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")

LARGEST = 1e9
"""No number that is asked for here is as large."""


def argument(read: Callable[[str], Value], allowed: str) -> Callable[[str], Value]:
    """Return what reads an argument; where ``read`` raises a ValueError it is refused.

    Parameters
    ----------
    read : callable
        Gives the value of a text.
    allowed : str
        What the refusal says, such as "must be a number".
    """

    def parse(text: str) -> Value:
        try:
            return read(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(allowed) from error

    return parse


def number(
    allowed: str,
    fits: Callable[[float], bool] = lambda _: True,
    *,
    of: Callable[[str], float] = float,
) -> Callable[[str], float]:
    """Return what reads a number that fits, below a thousand million to either side.

    What ``of`` refuses by itself is refused in its words.
    """

    def read(text: str) -> float:
        value = of(text)
        if not (abs(value) < LARGEST and fits(value)):
            raise ValueError
        return value

    return argument(read, allowed)


any_number = number("must be a number")
from_0 = number("must be a number, 0 or more", lambda value: value >= 0)
