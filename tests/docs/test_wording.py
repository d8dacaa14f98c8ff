"""The page on wording: what it shows in code runs, and says what it should."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "methods" / "wording.md"


def test_the_code_on_the_page_runs(capsys):
    (block,) = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)

    exec(compile(block, str(PAGE), "exec"), {})  # noqa: S102 - our own page

    said = capsys.readouterr().out
    assert said == "words-1 lists-1 ['I notice', 'right now']\n"
