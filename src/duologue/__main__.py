"""``python -m duologue`` and the ``duologue`` command."""

import sys


def main() -> int:
    """Run the command line; return its exit code (0 done, 2 bad input)."""
    from duologue.cli.main import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
