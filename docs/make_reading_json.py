"""Write the field tables of docs/reading-json.md from the schema in the package.

Run as ``.venv/bin/python docs/make_reading_json.py`` after the schema has changed.
"""  # noqa: INP001  (docs is no package)

import json
import re
from pathlib import Path
from typing import Any

from duologue import instruments
from duologue.faces import as_json
from duologue.records import Kind
from duologue.relationship import read
from duologue.sharing import seen_together
from duologue.simulate import DEMO_SEED, SCENARIOS, course

PAGE = Path(__file__).parent / "reading-json.md"
BEGIN, END = "<!-- made: {} -->", "<!-- end: {} -->"
EXAMPLE = ("steady-growth", "ours.two_views.safe")


def page_from(text: str) -> str:
    """Return the page with its example and its tables made anew."""
    schema = as_json.schema()
    parts = {"example": _example(), "reading": _table(schema)}
    parts |= {name: _table(part) for name, part in schema["$defs"].items()}
    for name, part in parts.items():
        before, _, rest = text.partition(BEGIN.format(name))
        _, _, after = rest.partition(END.format(name))
        text = f"{before}{BEGIN.format(name)}\n{part}\n{END.format(name)}{after}"
    return text


def _example() -> str:
    """Return one finding of a made-up pair, its long lists cut short."""
    scenario, name = EXAMPLE
    made = course(
        SCENARIOS[scenario], instruments.prompts(Kind.THERAPY), seed=DEMO_SEED
    )
    reading = as_json.to_dict(read(seen_together(made)))
    finding = next(f for f in reading.pop("findings") if f["id"] == name)
    for line in finding["chart"]["series"]:
        for key in ("values", "lower", "upper"):
            line[key] = [*line[key][:2], "..."]
    for part in (finding, finding["chart"]):
        part["sessions"] = [*part["sessions"][:2], "..."]
    reading |= {"findings": [finding], "notes": ["..."], "help_now": ["..."]}
    reading["program"] = "duologue ..."
    return f"```\n{_compact(json.dumps(reading, ensure_ascii=False, indent=2))}\n```"


def _compact(text: str) -> str:
    """Put each list of plain values on one line, and mark what was cut."""
    lines: list[str] = []
    inside = False
    for line in text.splitlines():
        if inside:
            lines[-1] += line.strip() + ("" if line.strip().startswith("]") else " ")
            inside = not line.strip().startswith("]")
        else:
            lines.append(line)
            inside = line.endswith("[") and '"findings"' not in line
            inside = inside and '"series"' not in line
    text = "\n".join(re.sub(r"(?<=\S) ]", "]", line) for line in lines)
    return text.replace('"..."', "...")


def _table(part: dict[str, Any]) -> str:
    rows = ["| Field | Type | Meaning |", "|---|---|---|"]
    for name, field in part["properties"].items():
        words = field["description"].replace("|", "\\|")
        rows.append(f"| `{name}` | {_type(field)} | {words} |")
    return "\n".join(rows)


def _type(field: dict[str, Any]) -> str:
    if "const" in field:
        return f"`{field['const']}`"
    if "enum" in field:
        return ", ".join("null" if v is None else f"`{v}`" for v in field["enum"])
    if "$ref" in field:
        return str(field["$ref"]).rpartition("/")[2]
    if "anyOf" in field:
        return " or ".join(_type(each) for each in field["anyOf"])
    types = field["type"] if isinstance(field["type"], list) else [field["type"]]
    return " or ".join(_list_of(field) if t == "array" else t for t in types)


def _list_of(field: dict[str, Any]) -> str:
    if "prefixItems" in field:
        return f"[{', '.join(_type(each) for each in field['prefixItems'])}]"
    return f"list of {_type(field['items'])}"


if __name__ == "__main__":
    PAGE.write_text(page_from(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
