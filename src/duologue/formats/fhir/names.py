"""The addresses and the small pieces that FHIR resources are made of."""

from typing import TypeAlias

from duologue.instruments.written import plain

Resource: TypeAlias = dict[str, object]

LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
ACT_REASON = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"

_HL7 = "http://hl7.org/fhir/StructureDefinition"
ORDINAL_VALUE = f"{_HL7}/ordinalValue"
"""An answer's worth in a score, as R4 has it."""
ITEM_WEIGHT = f"{_HL7}/itemWeight"
"""The same under its later name: read, never written."""
MIN_VALUE, MAX_VALUE = f"{_HL7}/minValue", f"{_HL7}/maxValue"
VARIABLE = f"{_HL7}/variable"
CALCULATED = (
    "http://hl7.org/fhir/uv/sdc/StructureDefinition/"
    "sdc-questionnaire-calculatedExpression"
)

INSTRUMENT = "urn:duologue:instrument:"
PERSON = "urn:duologue:person"
FORM = "urn:duologue:form"
SCORE = "urn:duologue:score"
DEFINITION = "urn:duologue:fhir:definition"
"""Our extension for what a Questionnaire has no place for."""
CREDIT = "urn:duologue:fhir:credit"
"""Our extension on a filled-in form: the line that goes with the words in it."""
COUNTS = "urn:duologue:fhir:counts"
"""Our extension on a score: the items that it counts."""

PREAMBLE, TOTAL, PART = "preamble", "score.total", "score.{}"
"""The ids of what stands in a form beside its questions."""


def number(url: str, value: float) -> Resource:
    """Return an extension that holds a number."""
    return {"url": url, "valueDecimal": plain(value)}


def expression(url: str, formula: str, *, name: str | None = None) -> Resource:
    """Return an extension that holds a FHIRPath expression."""
    named = {} if name is None else {"name": name}
    value = {**named, "language": "text/fhirpath", "expression": formula}
    return {"url": url, "valueExpression": value}


def answer_system(instrument_id: str) -> str:
    """Return the system in which the code of an answer is its worth."""
    return f"{INSTRUMENT}{instrument_id}:answer"
