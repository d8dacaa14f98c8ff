"""The page on a shared rhythm: what it shows in code runs, and says what it should."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "methods" / "rhythm.md"


def test_the_code_on_the_page_runs(capsys):
    (block,) = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)

    exec(compile(block, str(PAGE), "exec"), {})  # noqa: S102 - our own page

    (said,) = capsys.readouterr().out.splitlines()
    # The clock wanders; segments of 30 s tell 3.75 s from 4.3 s, and nothing between.
    assert re.fullmatch(r"(3\.8|4\.3) s, ahead by 0\.[456] s, p = 0\.002", said), said
