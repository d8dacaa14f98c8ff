"""The page on motion energy: what it shows in code runs, and says what it should."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "methods" / "motion-energy.md"


def test_the_code_on_the_page_runs(capsys):
    (block,) = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)

    exec(compile(block, str(PAGE), "exec"), {})  # noqa: S102 - our own page

    # A square of 10 by 10 in a region of 30 by 26; the median takes three pixels of each
    # of its corners.
    share = 100 * (100 - 4 * 3) / (30 * 26)
    assert capsys.readouterr().out.splitlines() == ["None", f"[{share:.1f}, 0.0]"]
