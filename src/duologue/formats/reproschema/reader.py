"""A ReproSchema activity in, an instrument out. Nothing in it is trusted or run."""

import math
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field

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
from duologue.formats.reproschema.formulas import Formula, parse_formula
from duologue.formats.reproschema.names import OURS, USUAL_LANGUAGE
from duologue.instruments.instrument import Better, Instrument, Method, Tier
from duologue.instruments.tables import TomlTable
from duologue.records import Seat

FACTS = ("licence", "credit", "source", "notes", "about", "recall", "language")
"""What our notes hold in words."""


@dataclass(slots=True)
class _Asked:
    """A question and what the activity says of when it is asked."""

    question: Question
    row: TomlTable
    always: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """Which formula is the total, which are its parts, and which are not read."""

    total: Formula | None
    parts: Mapping[str, Formula] = field(default_factory=dict)
    unread: Sequence[str] = ()


@dataclass(slots=True)
class _Form:
    """What is gathered while the items of an activity are walked through."""

    language: str
    asked: dict[str, _Asked] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    notes: dict[str, TomlTable] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)


def instrument_from_activity(
    found: object,
    *,
    where: str = "activity",
    stated: Stated | None = None,
    language: str = "",
) -> Instrument:
    """Return the instrument that a ReproSchema activity describes.

    Questions are the items of which one answer is chosen, each with a number as its
    value, and those that take a number between ``minValue`` and ``maxValue``. The
    total is a formula of ``compute`` that is a sum of items or their mean, and counts
    every question or is called a total; other such formulas are parts. What no score
    counts is left out, and named in the notes with the formulas that were not read.

    Parameters
    ----------
    found : object
        The activity as JSON gives it, its items inside it (see `read_activity`).
    where : str
        What errors call the file.
    stated : Stated, optional
        What the file does not say: who answers, which way is better and, where no
        formula can be read, how it is scored.
    language : str
        Whose words to take; by default those of our own export, or English.

    Returns
    -------
    Instrument
        Of the tier that our own export wrote beside a licence; of tier C where the
        activity is proprietary (its words are not taken), and else of tier "own".
        Without cut-offs, bands and reliable change.

    Raises
    ------
    InstrumentError
        If it is no activity, has no question with a score, a question of a score is
        asked under a condition, has no words in this language or has markup among
        them, or if it contradicts itself or what was stated. The message names the
        place (counted from 1) and what is allowed.
    """
    if not isinstance(found, Mapping):
        raise InstrumentError(
            f"{where}: must be a ReproSchema activity, a JSON object."
        )
    top = TomlTable(where, "", found)
    if str(_either(top, "category", "@type")).rpartition(":")[2] != "Activity":
        raise top.refusal("category", "must be Activity.")
    stated = stated or Stated()
    formulas = _formulas(top)
    form = _Form(language=language or _own_language(top) or USUAL_LANGUAGE)
    _walk(top, form, formulas)
    check_number(top, form.asked)
    plan = _plan(top, form, formulas)
    counted = _counted(form, plan)
    facts = _facts(top, form, plan, stated, counted)
    return build(top, facts, list(counted.values()), _scored(top, form, plan, stated))


def _either(table: TomlTable, key: str, other: str) -> object:
    return table.data.get(key, table.data.get(other))


def _formulas(top: TomlTable) -> dict[str, Formula | None]:
    """Return the formulas by their variables; ``None`` for one that is not read."""
    return {
        row.text("variableName"): parse_formula(row.text("jsExpression"))
        for row in top.tables("compute")
    }


def _items(top: TomlTable) -> tuple[TomlTable, ...]:
    ui = top.table("ui")
    order = ui.data.get("order")
    if isinstance(order, list) and any(isinstance(entry, str) for entry in order):
        raise ui.refusal("order", "must hold the items themselves, not their names.")
    return ui.tables("order")


def _own_language(top: TomlTable) -> str:
    """Return the language that one of our notes names, or the empty string."""
    for row in _items(top):
        if found := _notes(row).get("language"):
            return found.text("value")
    return ""


def _notes(row: TomlTable) -> dict[str, TomlTable]:
    """Return the notes of an item that are ours, by what they tell."""
    return {
        note.text("column"): note
        for note in row.tables("additionalNotesObj")
        if note.data.get("source") == OURS
    }


def _walk(top: TomlTable, form: _Form, formulas: Mapping[str, object]) -> None:
    properties = {
        row.data.get("isAbout"): row
        for row in top.table("ui").tables("addProperties")
        if isinstance(row.data.get("isAbout"), str)
    }
    for row in _items(top):
        name = _either(row, "id", "@id")
        if not isinstance(name, str):
            raise row.refusal("id", "must hold words.")
        about = properties.get(name)
        variable = name.rpartition("/")[2].removesuffix(".jsonld")
        if about is not None and about.has("variableName"):
            variable = about.text("variableName")
        if variable in formulas or _is_readonly(row):
            _add_score(row, form, variable)
        else:
            seen = about.data.get("isVis", True) if about else True
            _add_question(row, form, variable, always=seen is True)


def _is_readonly(row: TomlTable) -> bool:
    ui = row.data.get("ui")
    return isinstance(ui, Mapping) and ui.get("readonlyValue") is True


def _add_score(row: TomlTable, form: _Form, variable: str) -> None:
    found = _notes(row)
    if "tier" in found:
        form.notes = found
    elif "id" in found:
        form.parts[variable] = id_in(found["id"], "value")


def _add_question(row: TomlTable, form: _Form, variable: str, *, always: bool) -> None:
    question = _question(row, form, variable)
    if question is None:
        form.left_out.append(
            id_in(TomlTable(row.where, row.path, {"id": variable}), "id")
        )
    elif variable in form.asked:
        raise row.refusal("id", "must be of another variable than those before it.")
    else:
        form.asked[variable] = _Asked(question, row, always)


def _question(row: TomlTable, form: _Form, variable: str) -> Question | None:
    """Read a question, or return ``None`` for one that no score counts."""
    if not row.has("responseOptions"):
        return None
    options = row.table("responseOptions")
    answers = _answers(options, form.language)
    ends = [options.number(key) for key in ("minValue", "maxValue") if options.has(key)]
    if answers is None or options.data.get("multipleChoice") is True:
        return None
    if len(ends) < 2:
        if not answers:
            return None
        ends = sorted(worth for worth, _ in answers)
    notes = _notes(row)
    named = notes.get("id", TomlTable(row.where, row.path, {"value": variable}))
    return Question(
        id=id_in(named, "value"),
        text=_words(row, "question", form.language),
        low=ends[0],
        high=ends[-1],
        answers=tuple(answers),
        loinc=loinc_in(notes["loinc"], "value") if "loinc" in notes else None,
    )


def _answers(
    options: TomlTable, language: str
) -> list[tuple[float, str | None]] | None:
    """Return the answers to choose from; ``None`` where some have no number."""
    rows = options.tables("choices")
    if any(isinstance(x.data.get("value"), str | dict | bool | None) for x in rows):
        return None
    return [(row.number("value"), _words(row, "name", language)) for row in rows]


def _words(table: TomlTable, key: str, language: str) -> str | None:
    """Return the words in a language; ``None`` where there is no such key."""
    if not table.has(key):
        return None
    if isinstance(table.data[key], str):
        return words_in(table, key)
    inside = table.table(key)
    if not inside.has(language):
        raise table.refusal(key, f"must have words in the language {language}.")
    return words_in(inside, language)


def _plan(top: TomlTable, form: _Form, formulas: Mapping[str, Formula | None]) -> _Plan:
    """Tell the total's formula from those of its parts, and from what is not read."""
    if not formulas:
        return _Plan(total=None)
    read = {
        variable: formula
        for variable, formula in formulas.items()
        if formula is not None and set(formula.names) <= form.asked.keys()
    }
    total = _total(top, form, read)
    parts = {
        form.parts.get(variable, variable.removeprefix(f"{_id(top, form)}_")): part
        for variable, part in read.items()
        if part is not total and _is_part(part, total)
    }
    kept = [total, *parts.values()]
    unread = [x for x, formula in formulas.items() if formula not in kept]
    return _Plan(total=total, parts=parts, unread=unread)


def _total(top: TomlTable, form: _Form, read: Mapping[str, Formula]) -> Formula:
    """Return the formula that counts most, of those that may be a total's."""
    always = {variable for variable, each in form.asked.items() if each.always}
    totals = [
        formula
        for variable, formula in read.items()
        if "total" in variable.lower() or always <= set(formula.names)
    ]
    if not totals:
        raise top.refusal(
            "compute",
            "must hold a total that is a sum of the questions, or their mean.",
        )
    return max(totals, key=lambda formula: len(formula.names))


def _is_part(part: Formula, total: Formula) -> bool:
    return (
        part.method is total.method
        and set(part.names) <= set(total.names)
        and part.turned.items()
        == {x for x in total.turned.items() if x[0] in part.names}
    )


def _counted(form: _Form, plan: _Plan) -> dict[str, Question]:
    """Return the questions that the score counts, in the order of the form."""
    names = form.asked if plan.total is None else set(plan.total.names)
    counted = {name: each for name, each in form.asked.items() if name in names}
    for each in counted.values():
        if not each.always:
            raise each.row.refusal("isVis", "must be true: every question is asked.")
    return {name: each.question for name, each in counted.items()}


def _scored(top: TomlTable, form: _Form, plan: _Plan, stated: Stated) -> Scored:
    ids = {name: each.question.id for name, each in form.asked.items()}
    blanks, better = (form.notes.get(key) for key in ("max_missing", "better"))
    ours = better.member("value", Better) if better else None
    method = plan.total.method if plan.total else None
    return Scored(
        method=said(top, "method", Method, stated=stated.method, found=method),
        better=said(top, "better", Better, stated=stated.better, found=ours),
        reversed=all_said(top, "reversed", stated.reversed, _turned(top, form, plan)),
        max_missing=blanks.whole("value", 0) if blanks else 0,
        subscales={
            part: [ids[name] for name in formula.names]
            for part, formula in plan.parts.items()
        },
    )


def _turned(top: TomlTable, form: _Form, plan: _Plan) -> tuple[str, ...]:
    """Return the items that are turned round, each within its own ends."""
    found: list[str] = []
    for name, ends in plan.total.turned.items() if plan.total else ():
        question = form.asked[name].question
        if not math.isclose(ends, question.low + question.high):
            raise top.refusal(
                "compute", f"must turn {question.id} round within its own ends."
            )
        found.append(question.id)
    return tuple(found)


def _facts(
    top: TomlTable, form: _Form, plan: _Plan, stated: Stated, counted: Container[str]
) -> dict[str, object]:
    """Gather the keys of a definition, those of a file of others with what is known."""
    ours = {key: _said(form, key) for key in FACTS}
    name = _words(top, "prefLabel", form.language)
    out = [*form.left_out, *(name for name in form.asked if name not in counted)]
    seats = tuple(
        TomlTable(top.where, "answered_by ", {"seat": seat}).member("seat", Seat)
        for seat in _said(form, "answered_by").split()
    )
    facts: dict[str, object] = {
        "id": _id(top, form),
        "name": name or _id(top, form),
        "version": words_in(top, "version", NOT_STATED),
        "tier": _tier(top, form),
        "citation": _words(top, "citation", form.language) or NOT_STATED,
        "preamble": _words(top, "preamble", form.language) or "",
        "answered_by": list(all_said(top, "answered_by", stated.answered_by, seats)),
        "shown_unaltered": _said(form, "shown_unaltered").split(),
        "loinc": _codes(form),
        **ours,
    }
    if form.notes:
        return facts | {"status": _words(top, "description", form.language)}
    return facts | {
        "licence": NOT_STATED,
        "source": f"a ReproSchema activity, {top.where}",
        "status": "Brought in from a file, not compared with its publisher's form.",
        "notes": listed(
            {
                "Left out, since no score counts them": out,
                "Formulas that were not read": plan.unread,
            }
        ),
        "language": form.language,
    }


def _said(form: _Form, key: str) -> str:
    return words_in(form.notes[key], "value") if key in form.notes else ""


def _tier(top: TomlTable, form: _Form) -> str:
    if top.data.get("isProprietary") is True:
        return Tier.UNSHIPPED.value
    return _said(form, "tier") if "licence" in form.notes else Tier.OWN.value


def _id(top: TomlTable, form: _Form) -> str:
    if "id" in form.notes:
        return id_in(form.notes["id"], "value")
    key = "id" if top.has("id") else "@id"
    name = words_in(top, key).rpartition("/")[2]
    return id_from(top, key, name.removesuffix(".jsonld").removesuffix("_schema"))


def _codes(form: _Form) -> dict[str, str] | None:
    if not {"loinc_panel", "loinc_total"} <= form.notes.keys():
        return None
    return {
        "panel": loinc_in(form.notes["loinc_panel"], "value"),
        "total": loinc_in(form.notes["loinc_total"], "value"),
        "note": _said(form, "loinc_note"),
        "notice": _said(form, "loinc_notice"),
    }
