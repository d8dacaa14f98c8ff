"""Instruments, forms and totals in FHIR R4."""

import copy
import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duologue.errors import InstrumentError, ParameterError
from duologue.formats.definitions import Stated
from duologue.formats.fhir import (
    bundle_of,
    instrument_from_questionnaire,
    leave_out,
    observation_of,
    questionnaire_of,
    response_of,
)
from duologue.instruments import load, names
from duologue.instruments.instrument import About, Better, Method, Tier
from duologue.instruments.pasted import paste_text
from duologue.records import Measure, Seat
from made_up_forms import made_up

AT = datetime(2026, 3, 5, 17, 30, tzinfo=UTC)
EVERY = [*(load(name) for name in names()), made_up(), made_up(language=None)]
CODES = {"subject": "C-7", "source": "C-7"}


def through_json(resource):
    """Return what a file of the resource would hold."""
    return json.loads(json.dumps(resource, allow_nan=False))


def without_norms(instrument):
    """Return what a Questionnaire can hold of an instrument."""
    return replace(
        instrument, bands=(), bands_verified=False, cutoffs=(), reliable_change=None
    )


def form(instrument, *values, seat=Seat.CLIENT, session=3):
    answers = tuple(zip(instrument.item_ids, values, strict=True))
    return Measure(
        instrument=instrument.id, session=session, seat=seat, answers=answers
    )


def test_a_day_alone_is_told_where_no_time_is_known():
    phq9 = load("phq9")
    dated = replace(form(phq9, *[1] * 9), day=date(2026, 3, 5))
    people = {"subject": "C-7", "source": "C-7"}

    response = response_of(dated, phq9, author="C-7", **people)

    assert response["authored"] == "2026-03-05"
    assert observation_of(dated, phq9, **people)["effectiveDateTime"] == "2026-03-05"
    assert "authored" not in response_of(
        replace(dated, day=None), phq9, author="C-7", **people
    )


def test_a_bundle_holds_each_form_with_its_total_and_is_equal_each_time():
    phq9 = load("phq9")
    whole = replace(form(phq9, *[1] * 9), day=date(2026, 3, 5))
    blank = replace(form(phq9, None, *[1] * 8), day=date(2026, 3, 6))
    made = [
        bundle_of([whole, blank], load, client="C-7", therapist="T-1") for _ in range(2)
    ]

    assert made[0] == made[1]
    assert [e["resource"]["resourceType"] for e in made[0]["entry"]] == [
        *("QuestionnaireResponse", "Observation"),
        "QuestionnaireResponse",
    ]


def test_a_form_without_an_answer_is_in_no_bundle():
    blank = form(load("phq9"), *[None] * 9)

    assert bundle_of([blank], load, client="C-7", therapist="T-1")["entry"] == []


@pytest.mark.parametrize("codes", [("C-7", "C-7"), ("a b", "T-1"), ("C-7", "")])
def test_a_bundle_takes_two_codes_and_never_a_name(codes):
    forms = [form(load("phq9"), *[1] * 9), form(load("arm5"), *[4] * 5)]
    forms.append(form(load("arm5"), *[4] * 5, seat=Seat.THERAPIST))
    client, therapist = codes

    with pytest.raises(ParameterError, match="code"):
        bundle_of(forms, load, client=client, therapist=therapist)


def test_a_therapists_own_wellbeing_is_left_out_of_a_bundle_and_never_in_one():
    own = made_up(id="tank", answered_by=["client", "therapist"], about="own wellbeing")
    forms = [
        form(own, 0, 4, 1, 1, seat=Seat.THERAPIST),
        form(own, 0, 4, 1, 1, seat=Seat.CLIENT),
    ]

    assert leave_out(forms, lambda _: own) == (forms[1],)
    with pytest.raises(ParameterError, match="never leaves"):
        bundle_of(forms, lambda _: own, client="C-7", therapist="T-1")


def item_of(resource, link):
    (found,) = [item for item in resource["item"] if item["linkId"] == link]
    return found


def facts_of(questionnaire):
    (ours,) = questionnaire["extension"]
    return {
        x["url"]: x.get("valueString", x.get("valueInteger")) for x in ours["extension"]
    }


@pytest.mark.parametrize("instrument", EVERY, ids=lambda one: one.id)
def test_an_instrument_comes_back_from_its_questionnaire_but_for_its_norms(instrument):
    sent = through_json(questionnaire_of(instrument))

    assert instrument_from_questionnaire(sent) == without_norms(instrument)


def test_the_phq9_has_the_panels_code_and_its_total_the_totals():
    sent = questionnaire_of(load("phq9"))

    assert sent["code"] == [{"system": "http://loinc.org", "code": "44249-1"}]
    total = item_of(sent, "score.total")
    assert total["code"] == [{"system": "http://loinc.org", "code": "44261-6"}]
    assert total["readOnly"] is True
    assert item_of(sent, "1")["code"][0]["code"] == "44250-9"


def test_an_answers_worth_stands_beside_it():
    options = item_of(questionnaire_of(load("gad7")), "7")["answerOption"]

    assert [option["extension"] for option in options] == [
        [
            {
                "url": "http://hl7.org/fhir/StructureDefinition/ordinalValue",
                "valueDecimal": worth,
            }
        ]
        for worth in (0, 1, 2, 3)
    ]
    assert options[3]["valueCoding"] == {
        "system": "urn:duologue:instrument:gad7:answer",
        "code": "3",
        "display": "Nearly every day",
    }


def test_the_copyright_is_licence_credit_and_the_notice_of_loinc():
    assert questionnaire_of(made_up())["copyright"] == (
        "CC BY-NC-ND 4.0\n\n"
        "(c) The Made-up Weather Trust: https://weather.invalid/copyright\n\n"
        "No notice."
    )
    notice = load("phq4").loinc.notice
    assert questionnaire_of(load("phq4"))["copyright"].endswith(f"\n\n{notice}")
    assert questionnaire_of(load("arm5"))["copyright"] == load("arm5").licence


def expressions(item):
    return [x["valueExpression"]["expression"] for x in item["extension"][-2:]]


def test_the_total_is_a_formula_that_is_empty_where_an_item_is_blank():
    worths, total = expressions(item_of(questionnaire_of(load("phq4")), "score.total"))

    assert worths == (
        "%resource.item.where(linkId in ('1' | '2' | '3' | '4')).answer.value.ordinal()"
    )
    assert total == (
        "iif(%answered.count() >= 4, %answered.aggregate($this + $total, 0), {})"
    )


def test_a_reversed_item_is_turned_in_the_formula_and_a_mean_divided():
    worths, total = expressions(item_of(questionnaire_of(load("arm5")), "score.total"))

    assert worths.endswith(
        ".combine(%resource.item.where(linkId in ('3')).answer.value.ordinal()"
        ".select(8 - $this))"
    )
    assert total == (
        "iif(%answered.count() >= 5, "
        "%answered.aggregate($this + $total, 0) / %answered.count(), {})"
    )


def test_a_made_up_blank_is_in_the_formula_too():
    sent = questionnaire_of(made_up())
    _, total = expressions(item_of(sent, "score.total"))
    _, part = expressions(item_of(sent, "score.sky"))

    assert total == (
        "iif(%answered.count() >= 3, "
        "%answered.aggregate($this + $total, 0) * 4 / %answered.count(), {})"
    )
    assert part == (
        "iif(%answered.count() >= 2, %answered.aggregate($this + $total, 0), {})"
    )


@pytest.mark.parametrize(
    "silent",
    [
        paste_text(load("arm5"), dict.fromkeys("12345", "Made-up statement.")),
        replace(made_up(), tier=Tier.OWN),
    ],
    ids=["pasted", "own"],
)
def test_words_that_may_not_leave_are_in_no_export(silent):
    values = [0, 4, 1, 1] if silent.id == "weather" else [1, 2, 3, 4, 5]
    measure = form(silent, *values)

    sent = json.dumps(
        [
            questionnaire_of(silent),
            response_of(measure, silent, author="C-7", **CODES),
            observation_of(measure, silent, **CODES),
        ]
    )

    for item in silent.items:
        assert item.text[Seat.CLIENT] not in sent
        assert not any(
            o.label and o.label in sent for o in item.options.get(Seat.CLIENT, ())
        )
    assert not silent.preamble or silent.preamble not in sent


def test_words_of_tier_b_leave_unchanged_with_their_credit():
    sent = questionnaire_of(made_up())

    assert item_of(sent, "fog")["text"] == "How thick was the fog?"
    assert item_of(sent, "preamble")["text"] == "How was the weather between you?"
    assert made_up().credit in sent["copyright"]
    with pytest.raises(InstrumentError, match="with their credit line only"):
        questionnaire_of(made_up(credit=None))


def of_the_therapist(about):
    return made_up(answered_by=["therapist"], about=about)


@pytest.mark.parametrize("about", [None, *(about.value for about in About)])
@pytest.mark.parametrize(
    "export",
    [
        questionnaire_of,
        lambda one: response_of(
            form(one, 0, 4, 1, 1, seat=Seat.THERAPIST),
            one,
            subject="C-7",
            author="T-1",
            source="T-1",
        ),
        lambda one: observation_of(
            form(one, 0, 4, 1, 1, seat=Seat.THERAPIST), one, subject="C-7", source="T-1"
        ),
    ],
    ids=["questionnaire", "response", "observation"],
)
def test_the_therapists_own_wellbeing_is_refused_in_every_export(export, about):
    with pytest.raises(ParameterError, match="a therapist's own wellbeing stands in n"):
        export(of_the_therapist(about))


@pytest.mark.parametrize("about", [None, "own wellbeing"])
def test_how_a_therapist_is_doing_is_refused_where_clients_answer_too(about):
    one = made_up(about=about)
    own = form(one, 0, 4, 1, 1, seat=Seat.THERAPIST)
    people = {"subject": "C-7", "source": "T-1"}

    with pytest.raises(
        ParameterError, match="a therapist's own wellbeing never leaves"
    ):
        response_of(own, one, author="T-1", **people)
    with pytest.raises(
        ParameterError, match="a therapist's own wellbeing never leaves"
    ):
        observation_of(own, one, **people)
    assert observation_of(form(one, 0, 4, 1, 1), one, **CODES) is not None


def test_a_filled_in_form_names_its_people_by_code_and_kind():
    arm5 = load("arm5")

    sent = response_of(
        form(arm5, 7, 6, 2, 5, 7, seat=Seat.THERAPIST),
        arm5,
        subject="C-7",
        author="T-1",
        source="T-1",
        at=AT,
    )

    therapist = {
        "type": "Practitioner",
        "identifier": {"system": "urn:duologue:person", "value": "T-1"},
    }
    assert sent["subject"]["type"] == "Patient"
    assert sent["subject"]["identifier"]["value"] == "C-7"
    assert sent["author"] == sent["source"] == therapist
    assert sent["authored"] == "2026-03-05T17:30:00+00:00"
    assert sent["questionnaire"] == "urn:duologue:instrument:arm5|1"
    assert sent["identifier"]["value"] == "C-7/3/arm5/therapist"


def test_the_same_answers_are_sent_alike_from_either_seat():
    one = made_up()
    people = {
        Seat.CLIENT: {"subject": "C-7", "author": "C-7", "source": "C-7"},
        Seat.THERAPIST: {"subject": "C-7", "author": "T-1", "source": "T-1"},
    }

    client, therapist = (
        response_of(form(one, 1.5, None, 20, 3, seat=seat), one, **people[seat])
        for seat in Seat
    )

    assert client["item"] == therapist["item"]
    differ = {key for key, value in client.items() if therapist[key] != value}
    assert differ == {"identifier", "author", "source"}


def test_a_blank_is_left_out_and_gives_no_total():
    phq4 = load("phq4")
    measure = form(phq4, 3, 2, None, 1)

    sent = response_of(measure, phq4, author="C-7", **CODES)

    assert [item["linkId"] for item in sent["item"]] == ["1", "2", "4", "score.gad2"]
    assert item_of(sent, "score.gad2")["answer"] == [{"valueDecimal": 5}]
    assert observation_of(measure, phq4, **CODES) is None


def test_an_answer_has_its_code_its_worth_and_its_words():
    phq4 = load("phq4")
    sent = response_of(form(phq4, 3, 2, 0, 1), phq4, author="T-1", **CODES)

    assert item_of(sent, "2")["text"] == "Not being able to stop or control worrying"
    assert item_of(sent, "2")["answer"][0]["valueCoding"] == {
        "extension": [
            {
                "url": "http://hl7.org/fhir/StructureDefinition/ordinalValue",
                "valueDecimal": 2,
            }
        ],
        "system": "urn:duologue:instrument:phq4:answer",
        "code": "2",
        "display": "More than half the days",
    }
    assert sent["author"]["type"] == "Practitioner"
    assert sent["source"]["type"] == "Patient"


def test_the_observation_has_the_code_of_the_total_and_not_of_the_panel():
    phq9 = load("phq9")

    sent = observation_of(form(phq9, *[1] * 9), phq9, at=AT, **CODES)

    assert sent["code"]["coding"] == [{"system": "http://loinc.org", "code": "44261-6"}]
    assert sent["valueQuantity"]["value"] == 9
    assert "44249-1" not in json.dumps(sent)
    assert sent["derivedFrom"][0]["identifier"]["value"] == "C-7/3/phq9/client"


def test_a_score_without_a_code_of_loinc_has_one_of_ours():
    arm5 = load("arm5")
    sent = observation_of(form(arm5, 7, 6, 2, 5, 7), arm5, **CODES)

    assert sent["code"]["coding"] == [{"system": "urn:duologue:score", "code": "arm5"}]
    assert sent["valueQuantity"]["value"] == pytest.approx(6.2)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"subject": "Anna Smith"}, "subject must be a code of 1 to 64 letters"),
        ({"source": "Änn"}, "source must be a code"),
        ({"author": ""}, "author must be a code"),
        ({"source": "T-1"}, "source must be the subject for the client's form, and"),
        ({"at": datetime(2026, 3, 5)}, "at must have a time zone"),  # noqa: DTZ001
    ],
)
def test_people_who_do_not_fit_the_form_are_refused_unquoted(changes, problem):
    phq4 = load("phq4")
    people = {**CODES, "author": "C-7", **changes}

    with pytest.raises(ParameterError, match=problem) as refused:
        response_of(form(phq4, 0, 0, 0, 0), phq4, **people)
    assert "Anna" not in str(refused.value)


def test_a_form_of_another_instrument_and_a_wrong_answer_are_refused():
    phq4 = load("phq4")

    with pytest.raises(ParameterError, match="must be a form of phq9, got one of an"):
        observation_of(form(phq4, 0, 0, 0, 0), load("phq9"), **CODES)
    with pytest.raises(InstrumentError, match=r"phq4 item 2 takes one of 0, 1, 2, 3\."):
        response_of(form(phq4, 0, 7, 0, 0), phq4, author="C-7", **CODES)


def test_an_id_that_no_other_file_could_hold_is_refused():
    odd = replace(load("phq4"), id="my form")
    taken = made_up()
    first, *rest = taken.items
    taken = replace(taken, items=(replace(first, id="score.total"), *rest))

    with pytest.raises(InstrumentError, match="an id must be 1 to 64 letters, digits"):
        questionnaire_of(odd)
    with pytest.raises(InstrumentError, match=r"no item may be called score\.total"):
        questionnaire_of(taken)


FOREIGN = {
    "resourceType": "Questionnaire",
    "title": "Two Questions",
    "status": "active",
    "copyright": "Public domain.",
    "code": [{"system": "http://loinc.org", "code": "11111-1"}],
    "text": {"status": "generated", "div": "<div>anything <script>x</script></div>"},
    "contained": [
        {
            "resourceType": "ValueSet",
            "id": "yes-no",
            "compose": {
                "include": [
                    {
                        "concept": [
                            {
                                "code": f"a{worth}",
                                "display": label,
                                "extension": [
                                    {
                                        "url": "http://hl7.org/fhir/StructureDefinition/itemWeight",
                                        "valueDecimal": worth,
                                    }
                                ],
                            }
                            for worth, label in enumerate(["No", "Yes"])
                        ]
                    }
                ]
            },
        }
    ],
    "item": [
        {
            "linkId": "/G",
            "type": "group",
            "text": "  In the  last week:\n",
            "item": [
                {
                    "linkId": "/G/1",
                    "type": "choice",
                    "text": "Did it rain?",
                    "answerValueSet": "#yes-no",
                },
                {
                    "linkId": "/G/2",
                    "type": "choice",
                    "text": "Did it snow?",
                    "answerOption": [{"valueInteger": 0}, {"valueInteger": 5}],
                },
                {"linkId": "/G/3", "type": "display", "text": "Thank you."},
            ],
        },
        {"linkId": "/T", "type": "text", "text": "Anything else?"},
        {
            "linkId": "/S",
            "type": "decimal",
            "readOnly": True,
            "code": [{"system": "http://loinc.org", "code": "11111-2"}],
        },
    ],
}
STATED = Stated(better=Better.LOWER, method=Method.SUM, answered_by=(Seat.CLIENT,))


def test_a_questionnaire_of_others_becomes_an_instrument_of_ones_own():
    one = instrument_from_questionnaire(FOREIGN, where="q.json", stated=STATED)

    assert (one.id, one.tier, one.licence) == (
        "two_questions",
        Tier.OWN,
        "Public domain.",
    )
    assert one.preamble == "In the last week:"
    assert one.item_ids == ("/G/1", "/G/2")
    assert one.item("/G/1").text == {Seat.CLIENT: "Did it rain?"}
    assert [o.label for o in one.item("/G/1").options[Seat.CLIENT]] == ["No", "Yes"]
    assert one.range == (0, 6)
    assert one.notes == (
        "Left out, since no score counts them: /T. "
        "Scores whose formulas were not read: /S."
    )
    assert (one.loinc.panel, one.loinc.total) == ("11111-1", "11111-2")
    assert "Regenstrief" in one.loinc.notice
    assert "rain" not in json.dumps(questionnaire_of(one))


def test_a_tier_is_believed_only_beside_a_copyright():
    sent = through_json(questionnaire_of(load("phq4")))
    del sent["copyright"]

    assert instrument_from_questionnaire(sent).tier is Tier.OWN


@pytest.mark.parametrize(
    ("stated", "problem"),
    [
        (replace(STATED, answered_by=()), "answered_by is not said in the file"),
        (replace(STATED, better=None), "better is not said in the file"),
        (replace(STATED, method=None), "method is not said in the file"),
    ],
)
def test_what_the_file_does_not_say_must_be_stated(stated, problem):
    with pytest.raises(InstrumentError, match=rf"^q\.json: {problem}"):
        instrument_from_questionnaire(FOREIGN, where="q.json", stated=stated)


@pytest.mark.parametrize(
    ("stated", "problem"),
    [
        (Stated(better=Better.HIGHER), "better is 'lower' in the file"),
        (Stated(method=Method.MEAN), "method is 'sum' in the file"),
        (Stated(answered_by=tuple(Seat)), "answered_by is client in the file"),
    ],
)
def test_what_the_file_says_cannot_be_stated_otherwise(stated, problem):
    with pytest.raises(InstrumentError, match=problem):
        instrument_from_questionnaire(questionnaire_of(load("phq9")), stated=stated)


def changed(path, value):
    """Return the questionnaire of others with the value at a path changed or added."""
    found = copy.deepcopy(FOREIGN)
    place = found
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return found


RAIN = ("item", 0, "item", 0)
SNOW = ("item", 0, "item", 1)


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        (("resourceType",), "Bundle", "resourceType must be Questionnaire"),
        (("title",), 3, "title must hold words"),
        (("title",), "!?", "title must hold a letter or digit"),
        (("title",), "<b>Two</b>", "title must be plain words, without HTML"),
        (("item",), {}, "item must be a list of tables"),
        (("item",), [], "must hold 1 to 500 questions whose answers have a score"),
        (
            (*RAIN, "text"),
            "Did it <i>rain</i>?",
            r"item\[1\]\.item\[1\]\.text must be pl",
        ),
        ((*RAIN, "text"), "Rain &amp; more", "must be plain words, without HTML"),
        ((*RAIN, "text"), "Rain\u202e", "without control characters"),
        ((*RAIN, "text"), "Rain" * 2000, "must have at most 5000 characters"),
        ((*RAIN, "linkId"), "it's", "linkId must be 1 to 64 of the letters"),
        ((*RAIN, "linkId"), "/G/2", "items holds '/G/2' twice"),
        (
            (*RAIN, "answerValueSet"),
            "http://else",
            "must be one that the file contains",
        ),
        ((*RAIN, "enableWhen"), [{}], "enableWhen has no place: every question is"),
        (("item", 0, "enableWhen"), [{}], r"item\[1\]\.enableWhen has no place"),
        ((*RAIN, "repeats"), True, "repeats has no place"),
        ((*RAIN, "item"), [{}], "item has no place under a question"),
        ((*RAIN, "type"), None, "type must hold words"),
        (
            (*RAIN, "code"),
            [{"system": "http://loinc.org", "code": "x"}],
            "a LOINC code",
        ),
        ((*SNOW, "answerOption"), [{}], "valueCoding or valueInteger must be the answ"),
        (
            (*SNOW, "answerOption", 0),
            {"valueInteger": "0"},
            "valueInteger must be a nu",
        ),
        (
            (*SNOW, "answerOption", 0),
            {"valueCoding": {"code": "x", "display": "X"}},
            "answerOption must each have a worth, or none",
        ),
        (
            (*SNOW, "answerOption", 0),
            {"valueInteger": 10**400},
            "must be a number within",
        ),
        ((*SNOW, "type"), "decimal", "extension must give minValue and maxValue"),
        (("extension",), "ours", "extension must be a list of tables"),
    ],
)
def test_what_is_no_sound_form_is_refused_with_its_place(path, value, problem):
    with pytest.raises(InstrumentError, match=rf"^q\.json: .*{problem}"):
        instrument_from_questionnaire(
            changed(path, value), where="q.json", stated=STATED
        )


def test_a_question_without_words_among_others_is_refused():
    found = copy.deepcopy(FOREIGN)
    del found["item"][0]["item"][1]["text"]

    with pytest.raises(InstrumentError, match="question /G/2 has no words and others"):
        instrument_from_questionnaire(found, stated=STATED)


def test_groups_without_end_are_refused():
    found = {"linkId": "g", "type": "group"}
    for _ in range(20):
        found = {"linkId": "g", "type": "group", "item": [found]}

    with pytest.raises(InstrumentError, match="must be nested at most 8 deep"):
        instrument_from_questionnaire({**FOREIGN, "item": [found]}, stated=STATED)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["item", "code", "text"]), inner, max_size=2)
    ),
    max_leaves=4,
)


def places(found):
    """Yield every place of a JSON value as the holder and the key in it."""
    pairs = found.items() if isinstance(found, dict) else enumerate(found)
    for key, value in pairs:
        yield found, key
        if isinstance(value, dict | list):
            yield from places(value)


@given(data=st.data(), value=JSON)
def test_a_damaged_file_is_refused_or_read_and_nothing_else(data, value):
    found = copy.deepcopy(
        data.draw(st.sampled_from([FOREIGN, through_json(questionnaire_of(made_up()))]))
    )
    holder, key = data.draw(st.sampled_from(list(places(found))))
    holder[key] = value

    try:
        one = instrument_from_questionnaire(found)
    except InstrumentError:
        return
    assert one.items


@given(found=JSON)
def test_any_json_is_refused_or_read(found):
    with pytest.raises(InstrumentError, match="questionnaire: "):
        instrument_from_questionnaire(found)
