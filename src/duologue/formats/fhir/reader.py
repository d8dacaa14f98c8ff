"""A FHIR R4 Questionnaire in, an instrument out. Nothing in it is trusted or run."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from duologue.errors import InstrumentError
from duologue.formats.definitions import (
    NOT_STATED,
    Question,
    Scored,
    Stated,
    all_said,
    build,
    check_number,
    id_from,
    id_in,
    listed,
    loinc_in,
    said,
    words_in,
)
from duologue.formats.fhir.names import (
    CALCULATED,
    COUNTS,
    DEFINITION,
    INSTRUMENT,
    ITEM_WEIGHT,
    LOINC,
    MAX_VALUE,
    MIN_VALUE,
    ORDINAL_VALUE,
    PART,
    TOTAL,
)
from duologue.instruments.instrument import Better, Instrument, Method, Tier
from duologue.instruments.tables import TomlTable
from duologue.records import Seat

DEEPEST = 8
"""Groups within groups."""

FACTS = (
    *("licence", "credit", "citation", "source", "status", "notes", "about"),
    "recall",
)
"""What our extension holds in words of its own."""

LOINC_NOTE = "As the file gave them: check the codes against a LOINC release."
LOINC_NOTICE = (
    "This material contains content from LOINC (http://loinc.org). LOINC is copyright "
    "Regenstrief Institute, Inc. and the Logical Observation Identifiers Names and "
    "Codes (LOINC) Committee and is available at no cost under the license at "
    "http://loinc.org/license. LOINC is a registered United States trademark of "
    "Regenstrief Institute, Inc."
)
_E = TypeVar("_E", bound=StrEnum)


@dataclass(slots=True)
class _Form:
    """What is gathered while the items of a form are walked through."""

    preamble: list[str] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    scores: list[str] = field(default_factory=list)
    parts: dict[str, list[str]] = field(default_factory=dict)
    total: str | None = None


def instrument_from_questionnaire(
    found: object, *, where: str = "questionnaire", stated: Stated | None = None
) -> Instrument:
    """Return the instrument that a FHIR R4 Questionnaire describes.

    Questions are the ``choice`` items whose every answer has a worth (``ordinalValue``
    or ``itemWeight``, on the option or its coding, or a whole number as the answer),
    with their answers in ``answerOption`` or in a value set that the file contains; and
    ``integer`` and ``decimal`` items between ``minValue`` and ``maxValue``. What no
    score counts is left out and named in the notes. Formulas are not run, narratives
    and rendering are not read, and words with HTML in them are refused.

    Parameters
    ----------
    found : object
        The resource as JSON gives it.
    where : str
        What errors call the file.
    stated : Stated, optional
        What the file does not say: who answers, how it is scored, which way is better.

    Returns
    -------
    Instrument
        Of the tier that our own export wrote beside a copyright; of tier "own" in any
        other case, whatever the copyright says: its words then leave in no export.
        Without cut-offs, bands and reliable change, which a Questionnaire does not hold.

    Raises
    ------
    InstrumentError
        If it is no Questionnaire, has no question with a score, asks a question under
        a condition or more than once, has markup among its words, contradicts itself
        or what was stated, or leaves something unsaid that was not stated either. The
        message names the place (counted from 1) and what is allowed.
    """
    if not isinstance(found, Mapping):
        raise InstrumentError(f"{where}: must be a FHIR Questionnaire, a JSON object.")
    top = TomlTable(where, "", found)
    if found.get("resourceType") != "Questionnaire":
        raise top.refusal("resourceType", "must be Questionnaire.")
    stated = stated or Stated()
    form, sets = _Form(), dict(_value_sets(top))
    _walk(top, form, sets, depth=0)
    check_number(top, form.questions)
    ours = _ours(top)
    facts = _facts(top, ours, form, stated)
    return build(top, facts, form.questions, _scored(top, ours, form, stated))


def _walk(
    table: TomlTable, form: _Form, sets: Mapping[str, TomlTable], *, depth: int
) -> None:
    if depth > DEEPEST:
        raise table.refusal("item", f"must be nested at most {DEEPEST} deep.")
    for row in table.tables("item"):
        kind = row.text("type")
        if kind in ("group", "display"):
            if row.has("text") and not form.questions:
                form.preamble.append(words_in(row, "text"))
            if kind == "group":
                _check_unconditional(row)
                _walk(row, form, sets, depth=depth + 1)
        elif _is_score(row):
            _add_score(row, form)
        elif (question := _question(row, kind, sets)) is not None:
            _check_unconditional(row)
            form.questions.append(question)
        else:
            form.left_out.append(id_in(row, "linkId"))


def _is_score(row: TomlTable) -> bool:
    return row.data.get("readOnly") is True or bool(_extensions(row, CALCULATED))


def _add_score(row: TomlTable, form: _Form) -> None:
    link = id_in(row, "linkId")
    form.scores.append(link)
    for counts in _extensions(row, COUNTS):
        items = [_string(x) for x in counts.tables("extension")]
        form.parts[link.removeprefix(PART.format(""))] = items
    if form.total is None and (link == TOTAL or not link.startswith(PART.format(""))):
        form.total = _loinc(row)


def _check_unconditional(row: TomlTable) -> None:
    if row.has("enableWhen") or row.data.get("repeats") is True:
        key = "enableWhen" if row.has("enableWhen") else "repeats"
        raise row.refusal(key, "has no place: every question is asked, and once.")


def _question(
    row: TomlTable, kind: str, sets: Mapping[str, TomlTable]
) -> Question | None:
    """Read a question, or return ``None`` for one that no score counts."""
    if kind == "choice":
        answers = _answers(row, sets)
        worths = [worth for worth, _ in answers if worth is not None]
        if not worths:
            return None
        if len(worths) < len(answers):
            raise row.refusal(
                "answerOption", "must each have a worth, or none of them."
            )
        low, high = min(worths), max(worths)
        pairs = tuple(zip(worths, (label for _, label in answers), strict=True))
    elif kind in ("integer", "decimal"):
        low, high = (_limit(row, url) for url in (MIN_VALUE, MAX_VALUE))
        pairs = ()
    else:
        return None
    if row.has("item"):
        raise row.refusal("item", "has no place under a question with a score.")
    return Question(
        id=id_in(row, "linkId"),
        text=words_in(row, "text") if row.has("text") else None,
        low=low,
        high=high,
        answers=pairs,
        loinc=_loinc(row),
    )


def _answers(
    row: TomlTable, sets: Mapping[str, TomlTable]
) -> list[tuple[float | None, str | None]]:
    """Return the worth and the label of each answer."""
    if row.has("answerValueSet"):
        name = row.text("answerValueSet")
        if name not in sets:
            raise row.refusal("answerValueSet", "must be one that the file contains.")
        parts = sets[name].table("compose").tables("include")
        return [
            (_worth(concept), _label(concept))
            for part in parts
            for concept in part.tables("concept")
        ]
    return [_option(option) for option in row.tables("answerOption")]


def _option(option: TomlTable) -> tuple[float | None, str | None]:
    if option.has("valueInteger"):
        worth = option.number("valueInteger")
        return worth, f"{worth:g}"
    if not option.has("valueCoding"):
        raise option.refusal("valueCoding", "or valueInteger must be the answer.")
    coding = option.table("valueCoding")
    outer = _worth(option)
    return (_worth(coding) if outer is None else outer), _label(coding)


def _label(coding: TomlTable) -> str | None:
    return words_in(coding, "display") if coding.has("display") else None


def _worth(table: TomlTable) -> float | None:
    found = _extensions(table, ORDINAL_VALUE) or _extensions(table, ITEM_WEIGHT)
    return found[0].number("valueDecimal") if found else None


def _limit(row: TomlTable, url: str) -> float:
    found = _extensions(row, url)
    if not found:
        raise row.refusal("extension", "must give minValue and maxValue of a number.")
    key = "valueInteger" if found[0].has("valueInteger") else "valueDecimal"
    return found[0].number(key)


def _extensions(table: TomlTable, url: str) -> list[TomlTable]:
    return [x for x in table.tables("extension") if x.data.get("url") == url]


def _string(extension: TomlTable) -> str:
    return words_in(extension, "valueString")


def _value_sets(top: TomlTable) -> Iterator[tuple[str, TomlTable]]:
    for row in top.tables("contained"):
        if row.data.get("resourceType") == "ValueSet":
            yield f"#{row.text('id')}", row


def _loinc(row: TomlTable) -> str | None:
    for coding in row.tables("code"):
        if coding.data.get("system") == LOINC:
            return loinc_in(coding, "code")
    return None


def _ours(top: TomlTable) -> Mapping[str, list[TomlTable]]:
    """Return what our own extension says, by key; empty in a file of others."""
    ours: dict[str, list[TomlTable]] = {}
    for definition in _extensions(top, DEFINITION)[:1]:
        for row in definition.tables("extension"):
            ours.setdefault(row.text("url"), []).append(row)
    return ours


def _word(ours: Mapping[str, list[TomlTable]], key: str) -> str:
    return _string(ours[key][0]) if key in ours else ""


def _words(ours: Mapping[str, list[TomlTable]], key: str) -> list[str]:
    return [_string(row) for row in ours.get(key, [])]


def _facts(
    top: TomlTable, ours: Mapping[str, list[TomlTable]], form: _Form, stated: Stated
) -> dict[str, object]:
    """Gather the keys of a definition, those of a file of others with what is known."""
    title = words_in(top, "title") if top.has("title") else words_in(top, "name")
    copyright_ = words_in(top, "copyright") if top.has("copyright") else ""
    is_ours = bool(ours) and bool(copyright_)
    seats = tuple(x.member("valueString", Seat) for x in ours.get("answered_by", []))
    facts: dict[str, object] = {
        "id": _id(top, title),
        "name": title,
        "version": words_in(top, "version", NOT_STATED),
        "language": words_in(top, "language", ""),
        "tier": _word(ours, "tier") if is_ours else Tier.OWN.value,
        "answered_by": list(all_said(top, "answered_by", stated.answered_by, seats)),
        "preamble": " ".join(form.preamble),
        **{key: _word(ours, key) for key in FACTS},
        "shown_unaltered": _words(ours, "shown_unaltered"),
        "loinc": _codes(top, ours, form),
    }
    unsaid = {
        "licence": copyright_ or NOT_STATED,
        "citation": NOT_STATED,
        "source": f"a FHIR Questionnaire, {top.where}",
        "status": "Brought in from a file, not compared with its publisher's form.",
        "notes": _note(form),
    }
    return facts | {key: facts[key] or words for key, words in unsaid.items()}


def _id(top: TomlTable, title: str) -> str:
    url = words_in(top, "url", "")
    if url.startswith(INSTRUMENT):
        return id_in(TomlTable(top.where, "", {"url": url[len(INSTRUMENT) :]}), "url")
    key = "name" if top.has("name") else "title"
    return id_from(top, key, words_in(top, key, title))


def _note(form: _Form) -> str:
    return listed(
        {
            "Left out, since no score counts them": form.left_out,
            "Scores whose formulas were not read": form.scores,
        }
    )


def _codes(
    top: TomlTable, ours: Mapping[str, list[TomlTable]], form: _Form
) -> dict[str, str] | None:
    panel = _loinc(top)
    if panel is None or form.total is None:
        return None
    return {
        "panel": panel,
        "total": form.total,
        "note": _word(ours, "loinc_note") or LOINC_NOTE,
        "notice": _word(ours, "loinc_notice") or LOINC_NOTICE,
    }


def _scored(
    top: TomlTable, ours: Mapping[str, list[TomlTable]], form: _Form, stated: Stated
) -> Scored:
    blanks = ours.get("max_missing")
    return Scored(
        method=said(
            top,
            "method",
            Method,
            stated=stated.method,
            found=_member(ours, "method", Method),
        ),
        better=said(
            top,
            "better",
            Better,
            stated=stated.better,
            found=_member(ours, "better", Better),
        ),
        reversed=all_said(
            top, "reversed", stated.reversed, tuple(_words(ours, "reversed"))
        ),
        max_missing=blanks[0].whole("valueInteger", 0) if blanks else 0,
        subscales=form.parts,
    )


def _member(ours: Mapping[str, list[TomlTable]], key: str, kind: type[_E]) -> _E | None:
    return ours[key][0].member("valueString", kind) if key in ours else None
