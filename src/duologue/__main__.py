"""``python -m duologue`` and the ``duologue`` command."""

import sys


def main() -> int:
    """Run the command line; return its exit code (0 done, 2 bad input)."""
    if sys.version_info < (3, 11):  # noqa: UP036 - a clone is run without installing
        print("duologue: Python 3.11 or later is needed.", file=sys.stderr)  # noqa: T201
        return 2
    from duologue.cli.main import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
