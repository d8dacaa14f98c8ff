"""A program that replaces a small file again and again by a function that it is given.

    python replacing.py FOLDER FILE_OF_THE_FUNCTION NAME_OF_THE_FUNCTION N_TIMES

The function takes a path and the new content, bytes. After each call the program says
that the new content is kept. It is run on a recorded disk.
"""

import ctypes
import runpy
import sys
from pathlib import Path

TARGET = "small"


def content_of(n):
    """Return the n-th content: a few sectors, none of which looks like another's."""
    return b"".join(b"content %d, line %d\n" % (n, line) for line in range(40 + n))


def main(folder, module, name, n_times):
    """Replace the file so many times."""
    replace = runpy.run_path(module)[name]
    for n in range(1, n_times + 1):
        replace(Path(folder) / TARGET, content_of(n))
        ctypes.CDLL(None).faults_mark(str(n).encode())


if __name__ == "__main__":
    main(*sys.argv[1:4], int(sys.argv[4]))
