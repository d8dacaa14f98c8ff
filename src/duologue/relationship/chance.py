"""How often chance alone makes a card: measured, for the rule that made it."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Chances:
    """Shares of ordinary sessions in which a rule makes a card with nothing changing.

    Measured by simulation with autocorrelation .3 (docs/validation.md).

    Attributes
    ----------
    one : float
        One answer below the person's own band.
    twice : float
        So in two or more of the last three, the newest among them.
    gap, gap_twice : float
        The same two for the gap between two people's answers.
    quieter : float
        Both people's last three below their earlier usual.
    quieter_once : float
        Both people's newest below what the dyad model foretold.
    """

    one: float
    twice: float
    gap: float
    gap_twice: float
    quieter: float
    quieter_once: float


ORDINARY = Chances(
    one=0.0135,
    twice=0.0008,
    gap=0.012,
    gap_twice=0.0004,
    quieter=0.01,
    quieter_once=0.004,
)
NEAR_TOP = Chances(
    one=0.0255,
    twice=0.0026,
    gap=0.0145,
    gap_twice=0.0006,
    quieter=0.015,
    quieter_once=0.004,
)
"""Where answers are cut off at 100, what spread is left lies on the low side."""

TOP = 80.0
"""A usual of this many points of 100 or more is near the top."""


def chances(usual_levels: Iterable[float]) -> Chances:
    """Return the chances that hold for people of these usual levels, in points of 100.

    One of them near the top is enough, since a chance must never be understated; a
    level that is not known (``nan``) counts as ordinary.
    """
    return NEAR_TOP if any(level >= TOP for level in usual_levels) else ORDINARY


def some_card(stated: Chances, n_scales: int, *, alone: bool) -> float:
    """Return how often some card turns up on a page with nothing changing, at most.

    Two people's lines and their gap on each scale, and both quieter; on a person's own
    page that person's lines once more. As if all were independent, which they are not:
    so the true share is lower.
    """
    n_lines = (3 if alone else 2) * n_scales
    none = (1 - stated.one) ** n_lines * (1 - stated.gap) ** n_scales
    return 1 - none * (1 - stated.quieter) * (1 - stated.quieter_once)
