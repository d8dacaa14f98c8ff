"""When somebody is asked what would help before their next thing."""

LEAVING = "leaving"
"""The item that says how somebody leaves: settled at its low end, stirred up at its high."""

UPPER_THIRD = 200 / 3
"""Where the upper third of a slider begins. A judgement, and no finding."""


def is_stirred_up(leaving: float | None) -> bool:
    """Whether somebody has said themselves that they leave stirred up.

    Parameters
    ----------
    leaving : float or None
        Their own answer, 0 to 100; ``None`` where they gave none.

    Examples
    --------
    >>> is_stirred_up(67.0), is_stirred_up(66.0), is_stirred_up(None)
    (True, False, False)
    """
    return leaving is not None and leaving >= UPPER_THIRD
