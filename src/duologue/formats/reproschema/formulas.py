"""A score as ReproSchema writes it: a sum of variables, or a sum divided. Never run."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from duologue.instruments.instrument import Instrument, Method
from duologue.instruments.written import plain

_NAME = r"[A-Za-z_]\w*"
_NUMBER = r"-?[0-9]{1,9}(?:\.[0-9]{1,9})?"
_TERM = re.compile(
    rf"(?P<name>{_NAME})|\(\s*(?P<ends>{_NUMBER})\s*-\s*(?P<turned>{_NAME})\s*\)",
    re.ASCII,
)
_SHARE = re.compile(r"\((?P<sum>.*)\)\s*/\s*(?P<n>[0-9]{1,4})", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """What a formula counts.

    ``turned`` holds, for each variable that is turned round, the number from which it
    is taken: the sum of its ends.
    """

    names: tuple[str, ...]
    turned: Mapping[str, float]
    method: Method


def formula_of(
    instrument: Instrument, items: Sequence[str], names: Mapping[str, str]
) -> str:
    """Write the score of some items; ``names`` are their variables.

    Blanks are not in it: ReproSchema has no rule for them.

    Examples
    --------
    >>> from duologue.instruments import load
    >>> formula_of(load("phq4"), ["1", "2"], {"1": "a", "2": "b"})
    'a + b'
    """
    terms = [
        f"({plain(item.low + item.high)} - {names[item.id]})"
        if item.id in instrument.reversed
        else names[item.id]
        for item in instrument.items
        if item.id in items
    ]
    total = " + ".join(terms)
    return total if instrument.method is Method.SUM else f"({total}) / {len(terms)}"


def parse_formula(text: str) -> Formula | None:
    """Read a formula; ``None`` for one that is no sum or mean of different variables.

    Examples
    --------
    >>> parse_formula("(a + (8 - b)) / 2").turned
    {'b': 8.0}
    >>> parse_formula("a > 2 ? 1 : 0") is None
    True
    """
    text = text.strip()
    share = _SHARE.fullmatch(text)
    found = _terms(share["sum"] if share else text)
    if found is None:
        return None
    names = [term["name"] or term["turned"] for term in found]
    if len(set(names)) < len(names) or (share and int(share["n"]) != len(names)):
        return None
    return Formula(
        names=tuple(names),
        turned={x["turned"]: float(x["ends"]) for x in found if x["turned"]},
        method=Method.MEAN if share else Method.SUM,
    )


def _terms(text: str) -> list[re.Match[str]] | None:
    found = [_TERM.fullmatch(part.strip()) for part in text.split("+")]
    terms = [term for term in found if term is not None]
    return terms if len(terms) == len(found) else None
