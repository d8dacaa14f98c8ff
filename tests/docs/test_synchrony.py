"""The page on moving in step: what it shows in code runs, and says what it should."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "methods" / "synchrony.md"


def test_the_code_on_the_page_runs(capsys):
    (block,) = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)

    exec(compile(block, str(PAGE), "exec"), {})  # noqa: S102 - our own page

    (said,) = capsys.readouterr().out.splitlines()
    # r is .6 / sqrt(.6^2 + .4^2) = .83, so z about 1.19; 3 samples at 5 Hz are .6 s.
    assert re.fullmatch(r"peak 1\.[12]\d at 0\.6 s, p = 0\.001", said), said
