"""The page on the dyad model: what it shows in code runs."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "methods" / "dyad-model.md"


def test_the_code_on_the_page_runs(capsys):
    (block,) = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)

    exec(compile(block, str(PAGE), "exec"), {})  # noqa: S102 - our own page

    said = capsys.readouterr().out
    assert len(said.splitlines()) >= 3
    assert "nan" not in said
