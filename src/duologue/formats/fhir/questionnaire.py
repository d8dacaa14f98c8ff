"""An instrument as a FHIR R4 Questionnaire, as a plain dictionary."""

import re

from duologue.errors import InstrumentError
from duologue.formats.definitions import check_ids
from duologue.formats.fhir.formulas import calculated
from duologue.formats.fhir.names import (
    COUNTS,
    DEFINITION,
    INSTRUMENT,
    LOINC,
    MAX_VALUE,
    MIN_VALUE,
    ORDINAL_VALUE,
    PART,
    PREAMBLE,
    TOTAL,
    Resource,
    answer_system,
    number,
)
from duologue.instruments.instrument import Instrument, Tier
from duologue.instruments.leaving import check_may_leave, words_may_leave
from duologue.instruments.written import options_of
from duologue.records import Item

_NAME = re.compile("[A-Z][A-Za-z0-9_]{0,254}")


def questionnaire_of(instrument: Instrument) -> Resource:
    """Return an instrument as a FHIR R4 Questionnaire.

    The panel's LOINC code stands in ``code``, an item's with the item, the total's with
    the total: an item that is computed by the SDC formula, for programs that run one.
    What an answer is worth stands beside it as ``ordinalValue``. The licence, the
    credit line and LOINC's notice are the ``copyright``.

    Parameters
    ----------
    instrument : Instrument
        Of tier A or B: with its words. Of any other tier, or pasted: without.

    Returns
    -------
    dict
        JSON's kinds of values only. Cut-offs, bands and the reliable change are left
        out: a form is asked with it, nobody is judged by it.

    Raises
    ------
    ParameterError
        If the therapist alone fills the instrument in (their wellbeing never leaves).
    InstrumentError
        If its words need a credit line and there is none, or if an id is none for a
        file of others: other signs than letters, digits and ``. _ / -``, or the id of
        a score.
    """
    check_may_leave(instrument)
    _check_ids(instrument)
    worded = words_may_leave(instrument)
    name = instrument.id[:1].upper() + instrument.id[1:]
    return {
        "resourceType": "Questionnaire",
        **({"language": instrument.language} if instrument.language else {}),
        "extension": [_definition(instrument)],
        "url": f"{INSTRUMENT}{instrument.id}",
        "version": instrument.version,
        **({"name": name} if _NAME.fullmatch(name) else {}),
        "title": instrument.name,
        "status": "draft" if instrument.tier is Tier.OWN else "active",
        "subjectType": ["Patient"],
        "copyright": _copyright(instrument),
        **_panel(instrument),
        "item": [
            *_preamble(instrument, worded=worded),
            *(_question(instrument, x, worded=worded) for x in instrument.items),
            *_scores(instrument),
        ],
    }


def _check_ids(instrument: Instrument) -> None:
    reserved = {PREAMBLE, TOTAL, *(PART.format(x.id) for x in instrument.subscales)}
    check_ids(instrument)
    if taken := reserved & set(instrument.item_ids):
        raise InstrumentError(
            f"{instrument.id}: no item may be called {', '.join(sorted(taken))} in FHIR."
        )


def _copyright(instrument: Instrument) -> str:
    notice = instrument.loinc.notice if instrument.loinc else ""
    return "\n\n".join(filter(None, (instrument.licence, instrument.credit, notice)))


def _panel(instrument: Instrument) -> Resource:
    if instrument.loinc is None:
        return {}
    return {"code": [{"system": LOINC, "code": instrument.loinc.panel}]}


def _preamble(instrument: Instrument, *, worded: bool) -> list[Resource]:
    if not (worded and instrument.preamble):
        return []
    return [{"linkId": PREAMBLE, "text": instrument.preamble, "type": "display"}]


def _question(instrument: Instrument, item: Item, *, worded: bool) -> Resource:
    codes = instrument.loinc.items if instrument.loinc else {}
    found: Resource = {"linkId": item.id}
    if item.id in codes:
        found["code"] = [{"system": LOINC, "code": codes[item.id]}]
    if worded:
        found["text"] = next(iter(item.text.values()))
    if item.options:
        found["type"] = "choice"
        found["answerOption"] = [
            {
                "extension": [number(ORDINAL_VALUE, option.value or 0.0)],
                "valueCoding": {
                    "system": answer_system(instrument.id),
                    "code": option.id,
                    **({"display": option.label} if worded and option.label else {}),
                },
            }
            for option in options_of(item)
        ]
    else:
        found["extension"] = [number(MIN_VALUE, item.low), number(MAX_VALUE, item.high)]
        found["type"] = "decimal"
    return found


def _scores(instrument: Instrument) -> list[Resource]:
    total: Resource = {
        "extension": calculated(
            instrument, instrument.item_ids, max_missing=instrument.max_missing
        ),
        "linkId": TOTAL,
        **(
            {"code": [{"system": LOINC, "code": instrument.loinc.total}]}
            if instrument.loinc
            else {}
        ),
        "text": "Total",
        "type": "decimal",
        "readOnly": True,
    }
    return [total, *(_part(instrument, x.id, x.items) for x in instrument.subscales)]


def _part(instrument: Instrument, part: str, items: tuple[str, ...]) -> Resource:
    counts = [{"url": "item", "valueString": item} for item in items]
    return {
        "extension": [
            {"url": COUNTS, "extension": counts},
            *calculated(instrument, items, max_missing=0),
        ],
        "linkId": PART.format(part),
        "text": part,
        "type": "decimal",
        "readOnly": True,
    }


def _definition(instrument: Instrument) -> Resource:
    """Return our extension: what the definition says and a Questionnaire cannot."""
    codes = instrument.loinc
    facts: dict[str, str] = {
        "tier": instrument.tier.value,
        "licence": instrument.licence,
        "credit": instrument.credit,
        "citation": instrument.citation,
        "source": instrument.source,
        "status": instrument.status,
        "notes": instrument.notes,
        "about": instrument.about.value if instrument.about else "",
        "recall": instrument.recall,
        "method": instrument.method.value,
        "better": instrument.better.value,
        "loinc_note": codes.note if codes else "",
        "loinc_notice": codes.notice if codes else "",
    }
    lists = {
        "answered_by": [seat.value for seat in instrument.answered_by],
        "reversed": [x for x in instrument.item_ids if x in instrument.reversed],
        "shown_unaltered": list(instrument.shown_unaltered),
    }
    parts: list[Resource] = [
        {"url": key, "valueString": value} for key, value in facts.items() if value
    ]
    for key, values in lists.items():
        parts += [{"url": key, "valueString": value} for value in values]
    parts.append({"url": "max_missing", "valueInteger": instrument.max_missing})
    return {"url": DEFINITION, "extension": parts}
