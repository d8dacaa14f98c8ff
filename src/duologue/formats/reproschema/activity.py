"""An instrument as a ReproSchema activity with its items, as a plain dictionary."""

from duologue.formats.reproschema.formulas import formula_of
from duologue.formats.reproschema.names import (
    CONTEXT,
    SCHEMA_VERSION,
    USUAL_LANGUAGE,
    note,
    variables_of,
)
from duologue.instruments.instrument import Instrument, Tier
from duologue.instruments.leaving import check_may_leave, words_may_leave
from duologue.instruments.written import options_of, plain
from duologue.records import Item


def activity_of(instrument: Instrument) -> dict[str, object]:
    """Return an instrument as a ReproSchema 1.0 activity, its items inside it.

    Totals stand among the items, unseen, with their formulas in ``compute``. What the
    format has no place for (licence, credit, who answers, which way is better, what is
    done with blanks) stands in notes of the total, ``additionalNotesObj``.

    Parameters
    ----------
    instrument : Instrument
        Of tier A or B: with its words. Of any other tier, or pasted: without.

    Returns
    -------
    dict
        JSON's kinds of values only. Cut-offs, bands and the reliable change are left
        out.

    Raises
    ------
    ParameterError
        If the therapist alone fills the instrument in (their wellbeing never leaves).
    InstrumentError
        If its words need a credit line and there is none, or if its ids make no
        variables.
    """
    check_may_leave(instrument)
    names = variables_of(instrument)
    worded = words_may_leave(instrument)
    language = instrument.language or USUAL_LANGUAGE
    return {
        "@context": CONTEXT,
        "id": f"{instrument.id}_schema",
        "category": "Activity",
        "prefLabel": {language: instrument.name},
        "description": {language: instrument.status},
        "citation": {language: instrument.citation},
        "schemaVersion": SCHEMA_VERSION,
        "version": instrument.version,
        **(
            {"preamble": {language: instrument.preamble}}
            if worded and instrument.preamble
            else {}
        ),
        **({"isProprietary": True} if instrument.tier is Tier.UNSHIPPED else {}),
        "compute": _compute(instrument, names),
        "ui": {
            "shuffle": False,
            "order": _order(instrument, names, language, worded=worded),
            "addProperties": [
                _property(name, asked=instrument.item(key) is not None)
                for key, name in names.items()
            ],
        },
    }


def _compute(instrument: Instrument, names: dict[str, str]) -> list[dict[str, str]]:
    counted = {"": instrument.item_ids} | {
        f"/{part.id}": part.items for part in instrument.subscales
    }
    return [
        {
            "variableName": names[key],
            "jsExpression": formula_of(instrument, items, names),
        }
        for key, items in counted.items()
    ]


def _property(name: str, *, asked: bool) -> dict[str, object]:
    return {"isAbout": f"items/{name}", "variableName": name, "isVis": asked}


def _order(
    instrument: Instrument, names: dict[str, str], language: str, *, worded: bool
) -> list[dict[str, object]]:
    ranges = {"": instrument.range} | {
        f"/{x.id}": x.range for x in instrument.subscales
    }
    questions = [
        _question(instrument, item, names[item.id], language, worded=worded)
        for item in instrument.items
    ]
    scores = [_score(names[key], language, ends) for key, ends in ranges.items()]
    scores[0]["additionalNotesObj"] = _notes(instrument)
    for row, part in zip(scores[1:], instrument.subscales, strict=True):
        row["additionalNotesObj"] = [note("id", part.id)]
    return [*questions, *scores]


def _begin(name: str, language: str, label: str) -> dict[str, object]:
    return {
        "id": f"items/{name}",
        "category": "Item",
        "prefLabel": {language: label},
        "schemaVersion": SCHEMA_VERSION,
        "version": "1",
    }


def _question(
    instrument: Instrument, item: Item, name: str, language: str, *, worded: bool
) -> dict[str, object]:
    options: dict[str, object] = {
        "valueType": ["xsd:decimal"],
        "minValue": plain(item.low),
        "maxValue": plain(item.high),
        "multipleChoice": False,
    }
    if item.options:
        options["choices"] = [
            {"value": plain(option.value or 0.0)}
            | ({"name": {language: option.label}} if worded and option.label else {})
            for option in options_of(item)
        ]
    codes = instrument.loinc.items if instrument.loinc else {}
    code = [note("loinc", codes[item.id])] if item.id in codes else []
    return {
        **_begin(name, language, item.id),
        **({"question": {language: next(iter(item.text.values()))}} if worded else {}),
        "ui": {"inputType": "radio" if item.options else "number"},
        "responseOptions": options,
        "additionalNotesObj": [note("id", item.id), *code],
    }


def _score(name: str, language: str, ends: tuple[float, float]) -> dict[str, object]:
    low, high = map(plain, ends)
    return {
        **_begin(name, language, name),
        "ui": {"inputType": "number", "readonlyValue": True},
        "responseOptions": {
            "valueType": ["xsd:decimal"],
            "minValue": low,
            "maxValue": high,
        },
    }


def _notes(instrument: Instrument) -> list[dict[str, object]]:
    codes = instrument.loinc
    facts = {
        "id": instrument.id,
        "tier": instrument.tier.value,
        "licence": instrument.licence,
        "credit": instrument.credit,
        "language": instrument.language,
        "source": instrument.source,
        "notes": instrument.notes,
        "answered_by": " ".join(instrument.answered_by),
        "about": instrument.about.value if instrument.about else "",
        "recall": instrument.recall,
        "shown_unaltered": " ".join(instrument.shown_unaltered),
        "better": instrument.better.value,
        "max_missing": instrument.max_missing,
        "loinc_panel": codes.panel if codes else "",
        "loinc_total": codes.total if codes else "",
        "loinc_note": codes.note if codes else "",
        "loinc_notice": codes.notice if codes else "",
    }
    return [note(column, value) for column, value in facts.items() if value != ""]
