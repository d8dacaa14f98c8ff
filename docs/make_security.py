"""Write the table of the leak drill into docs/security.md, from the leaks themselves.

Run by ``make docs``. The test of the drill checks that page and leaks are alike.
"""

import os
import re
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[1]
PAGE = PROJECT / "docs" / "security.md"
TABLE = re.compile(r"(\| Planted leak \| Caught by \|\n\|---\|---\|\n)(\|.*\n)+")


def main() -> None:
    """Write the table."""
    sys.path[:0] = [str(PROJECT / "src"), str(PROJECT / "tests")]
    os.environ["DJANGO_SETTINGS_MODULE"] = "app_settings"
    import django

    django.setup()
    from leaks import LEAKS

    rows = "".join(f"| {leak.name} | `{leak.caught_by}` |\n" for leak in LEAKS)
    page = PAGE.read_text("utf-8")
    PAGE.write_text(TABLE.sub(lambda found: found.group(1) + rows, page), "utf-8")


if __name__ == "__main__":
    main()
