"""The page on change: what it shows in code runs, and says what it should."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "methods" / "change.md"


def test_the_code_on_the_page_runs(capsys):
    (block,) = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)

    exec(compile(block, str(PAGE), "exec"), {})  # noqa: S102 - our own page

    said = capsys.readouterr().out.splitlines()
    # S_diff is 7.7 sqrt(2 * .1) = 3.444: 6.75 points; published as 6 at 90 %, cut-off 11.
    assert said[0] == "cut-off 10.46, a change is beyond 6.75 points"
    assert [line.strip() for line in said[1:]] == [
        "RECOVERED",
        "UNCHANGED",
        "HARMED",
        "UNDEFINED FEW_SCORES",
    ]
