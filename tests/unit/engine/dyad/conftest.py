"""What is tested where only some of the extras are installed."""

from importlib.util import find_spec

# What is compiled and learning a population need numba (the extra corpus).
collect_ignore = (
    []
    if find_spec("numba")
    else [
        f"test_{subject}.py"
        for subject in (
            "compiled_balance",
            "compiled_levels",
            "conditionals",
            "fitting",
            "gibbs",
            "imputing",
            "unrounding",
        )
    ]
)
