"""What is tested where only some of the extras are installed."""

from importlib.util import find_spec

# Learning a population needs numba (the extra corpus).
collect_ignore = (
    []
    if find_spec("numba")
    else [
        f"test_{subject}.py"
        for subject in ("conditionals", "fitting", "gibbs", "imputing", "unrounding")
    ]
)
