"""What we send is FHIR: by another package's classes, and by R4's own lists of words.

The package has no R4; its R4B has the same three resources. It does not look at words
that R4 lists, nor at R4's rules between elements, so the tests here do.
"""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from duologue.formats.fhir import (
    bundle_of,
    leave_out,
    observation_of,
    questionnaire_of,
    response_of,
)
from duologue.instruments import load, names
from duologue.records import Measure, Seat
from made_up_forms import made_up

pytest.importorskip(
    "fhir.resources", reason="fhir.resources is not installed: make setup"
)

EVERY = [*(load(name) for name in names()), made_up()]
AT = datetime(2026, 3, 5, 17, 30, tzinfo=UTC)

# Read in the definitions of R4 (4.0.1).
PUBLICATION = {"draft", "active", "retired", "unknown"}
ITEM_TYPES = {
    *("group", "display", "boolean", "decimal", "integer", "date", "dateTime", "time"),
    *("string", "text", "url", "choice", "open-choice", "attachment", "reference"),
    "quantity",
}
RESPONSE = {"in-progress", "completed", "amended", "entered-in-error", "stopped"}
OBSERVATION = {
    *("registered", "preliminary", "final", "amended", "corrected", "cancelled"),
    *("entered-in-error", "unknown"),
}
AUTHORS = {"Device", "Practitioner", "PractitionerRole", "Patient", "RelatedPerson",
           "Organization"}  # fmt: skip
SOURCES = {"Patient", "Practitioner", "PractitionerRole", "RelatedPerson"}


def accepted(resource):
    """Return what the package makes of a resource, as JSON again."""
    from fhir.resources.R4B import get_fhir_model_class  # noqa: PLC0415

    model = get_fhir_model_class(resource["resourceType"])
    return json.loads(model.model_validate(resource).model_dump_json())


def forms():
    """Yield filled-in forms: whole, with a blank, and a therapist's."""
    for instrument in EVERY:
        whole = [(item.id, item.high) for item in instrument.items]
        blank = [(whole[0][0], None), *whole[1:]]
        for answers in (whole, blank):
            for seat in instrument.answered_by:
                yield (
                    instrument,
                    Measure(
                        instrument=instrument.id,
                        session=3,
                        seat=seat,
                        answers=tuple(answers),
                    ),
                )


FORMS = list(forms())


def people(measure):
    return {
        "subject": "C-7",
        "source": "C-7" if measure.seat is Seat.CLIENT else "T-1",
        "at": AT,
    }


def all_items(resource):
    for item in resource.get("item", []):
        yield item
        yield from all_items(item)


@pytest.mark.parametrize("instrument", EVERY, ids=lambda one: one.id)
def test_a_questionnaire_is_accepted_as_it_is(instrument):
    sent = questionnaire_of(instrument)

    assert accepted(sent) == json.loads(json.dumps(sent))


@pytest.mark.parametrize(("instrument", "measure"), FORMS)
def test_a_filled_in_form_is_accepted_as_it_is(instrument, measure):
    sent = response_of(measure, instrument, author="T-1", **people(measure))
    back = accepted(sent)

    assert datetime.fromisoformat(back.pop("authored")) == AT
    assert {**back, "authored": sent["authored"]} == json.loads(json.dumps(sent))


@pytest.mark.parametrize(("instrument", "measure"), FORMS)
def test_a_total_is_accepted_as_it_is(instrument, measure):
    sent = observation_of(measure, instrument, **people(measure))
    if sent is None:
        assert None in dict(measure.answers).values()
        return
    back = accepted(sent)

    assert datetime.fromisoformat(back.pop("effectiveDateTime")) == AT
    assert back | {"effectiveDateTime": sent["effectiveDateTime"]} == json.loads(
        json.dumps(sent)
    )


def test_a_bundle_of_every_form_is_accepted_as_it_is():
    measures = [
        replace(measure, session=n, day=date(2026, 3, 5))
        for n, (_, measure) in enumerate(FORMS)
    ]
    known = {one.id: one for one in EVERY}
    leaving = leave_out(measures, known.__getitem__)
    sent = bundle_of(leaving, known.__getitem__, client="C-7", therapist="T-1")

    back = accepted(sent)

    assert back["entry"][0]["resource"].pop("authored").startswith("2026-03-05")
    assert sent["entry"][0]["resource"].pop("authored") == "2026-03-05"
    for got, gave in zip(back["entry"], sent["entry"], strict=True):
        for key in ("authored", "effectiveDateTime"):
            day = gave["resource"].pop(key, "")
            assert got["resource"].pop(key, "")[:10] == day[:10]
    assert back == json.loads(json.dumps(sent))
    assert len({entry["fullUrl"] for entry in sent["entry"]}) == len(sent["entry"])


def test_the_package_would_refuse_what_is_no_resource():
    with pytest.raises(ValueError, match="validation error"):
        accepted(questionnaire_of(load("phq9")) | {"mood": "active"})


@pytest.mark.parametrize("instrument", EVERY, ids=lambda one: one.id)
def test_a_questionnaire_uses_r4s_words_and_keeps_its_rules(instrument):
    sent = questionnaire_of(instrument)
    items = list(all_items(sent))

    assert sent["status"] in PUBLICATION
    assert sent["subjectType"] == ["Patient"]
    assert len({item["linkId"] for item in items}) == len(items)  # que-2
    for item in items:
        assert item["type"] in ITEM_TYPES
        assert ("answerOption" in item) is (item["type"] == "choice")  # que-5
        assert not (item["type"] == "display" and {"code", "readOnly"} & item.keys())


@pytest.mark.parametrize(("instrument", "measure"), FORMS)
def test_forms_and_totals_use_r4s_words(instrument, measure):
    response = response_of(measure, instrument, author="T-1", **people(measure))
    total = observation_of(measure, instrument, **people(measure))

    assert response["status"] in RESPONSE
    assert response["author"]["type"] in AUTHORS
    assert response["source"]["type"] in SOURCES
    if total is not None:
        assert total["status"] in OBSERVATION
        assert total["category"][0]["coding"][0]["code"] == "survey"
        assert all(each["type"] in SOURCES for each in total["performer"])


@pytest.mark.parametrize(("instrument", "measure"), FORMS)
def test_a_form_answers_only_what_its_questionnaire_asks(instrument, measure):
    asked = {item["linkId"]: item for item in questionnaire_of(instrument)["item"]}
    sent = response_of(measure, instrument, author="T-1", **people(measure))

    for item in sent["item"]:
        (answer,) = item["answer"]
        question = asked[item["linkId"]]
        if question["type"] == "choice":
            coding = dict(answer["valueCoding"])
            worth = coding.pop("extension")
            assert {"extension": worth, "valueCoding": coding} in question[
                "answerOption"
            ]
        else:
            assert set(answer) == {"valueDecimal"}
