"""Write the tables of docs/security.md: of the leak drill, and of what ASVS asks.

Run by ``make docs``. Tests check that the page is like what the tables are made from.
"""

import os
import re
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[1]
PAGE = PROJECT / "docs" / "security.md"
LEAKS_TABLE = re.compile(r"(\| Planted leak \| Caught by \|\n\|---\|---\|\n)(\|.*\n)+")
ASVS_TABLE = re.compile(
    r"(\| Requirement \| Held by \| Shown by \|\n\|---\|---\|---\|\n)(\|.*\n)+"
)


def main() -> None:
    """Write the tables."""
    sys.path[:0] = [str(PROJECT / "src"), str(PROJECT / "tests")]
    os.environ["DJANGO_SETTINGS_MODULE"] = "app_settings"
    import django

    django.setup()
    from asvs import ROWS
    from leaks import LEAKS

    page = PAGE.read_text("utf-8")
    leaks = [f"| {leak.name} | `{leak.caught_by}` |" for leak in LEAKS]
    for table, rows in (
        (LEAKS_TABLE, leaks),
        (ASVS_TABLE, [row.line for row in ROWS]),
    ):
        lines = "".join(f"{row}\n" for row in rows)
        page = table.sub(lambda found, lines=lines: found.group(1) + lines, page)
    PAGE.write_text(page, "utf-8")


if __name__ == "__main__":
    main()
