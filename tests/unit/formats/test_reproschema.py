"""Instruments as ReproSchema activities, out and in."""

import copy
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duologue.errors import FileError, InstrumentError, ParameterError
from duologue.formats.definitions import Stated
from duologue.formats.reproschema import (
    activity_of,
    instrument_from_activity,
    read_activity,
)
from duologue.formats.reproschema.formulas import parse_formula
from duologue.instruments import load, names
from duologue.instruments.instrument import About, Better, Method, Tier
from duologue.instruments.pasted import paste_text
from duologue.records import Seat
from made_up_forms import made_up

EVERY = [*(load(name) for name in names()), made_up(), made_up(language=None)]
STATED = Stated(better=Better.LOWER, answered_by=(Seat.CLIENT,))


def through_json(found):
    return json.loads(json.dumps(found, allow_nan=False))


def without_norms(instrument):
    return replace(
        instrument, bands=(), bands_verified=False, cutoffs=(), reliable_change=None
    )


def formulas_of(activity):
    return {x["variableName"]: x["jsExpression"] for x in activity["compute"]}


@pytest.mark.parametrize("instrument", EVERY, ids=lambda one: one.id)
def test_an_instrument_comes_back_from_its_activity_but_for_its_norms(instrument):
    sent = through_json(activity_of(instrument))

    assert instrument_from_activity(sent) == without_norms(instrument)


def test_an_activity_has_the_keys_that_the_format_has():
    # Read in the format's model, release 1.0.0, which takes no other key.
    activity = {"about", "altLabel", "associatedMedia", "citation", "compute"}
    activity |= {"cronTable", "description", "image", "isProprietary", "messages"}
    activity |= {"preamble", "prefLabel", "schemaVersion", "ui", "version"}
    item = {"about", "additionalNotesObj", "altLabel", "associatedMedia", "audio"}
    item |= {"description", "image", "isPartOf", "preamble", "prefLabel", "question"}
    item |= {"responseOptions", "schemaVersion", "ui", "version", "video"}
    thing = {"id", "name", "category"}

    for instrument in EVERY:
        sent = activity_of(instrument)
        assert sent.keys() <= activity | thing | {"@context"}
        for row in sent["ui"]["order"]:
            assert row.keys() <= item | thing


def test_a_score_is_a_sum_of_variables_or_their_mean():
    assert formulas_of(activity_of(load("phq4"))) == {
        "phq4_total_score": "phq4_1 + phq4_2 + phq4_3 + phq4_4",
        "phq4_gad2_score": "phq4_1 + phq4_2",
        "phq4_phq2_score": "phq4_3 + phq4_4",
    }
    assert formulas_of(activity_of(load("arm5"))) == {
        "arm5_total_score": "(arm5_1 + arm5_2 + (8 - arm5_3) + arm5_4 + arm5_5) / 5"
    }


@pytest.mark.parametrize(
    ("text", "names_", "turned", "method"),
    [
        ("a", ("a",), {}, Method.SUM),
        (" a+ b_2 ", ("a", "b_2"), {}, Method.SUM),
        ("a + (-2.5 - b)", ("a", "b"), {"b": -2.5}, Method.SUM),
        ("((4 - a) + b)/2", ("a", "b"), {"a": 4}, Method.MEAN),
    ],
)
def test_a_formula_is_read(text, names_, turned, method):
    found = parse_formula(text)

    assert (found.names, found.turned, found.method) == (names_, turned, method)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a + a",
        "a - b",
        "a +",
        "(a + b) / 3",
        "a * 2",
        "f(a)",
        "a; b",
        "1",
        "á + b",
        "(8 - 7)",
        "a > 2 ? 1 : 0",
        "((a))",
        "a\n+ b()",
    ],
)
def test_any_other_formula_is_not_read(text):
    assert parse_formula(text) is None


@given(text=st.text(st.sampled_from("ab1 +-/()._*\n"), max_size=30))
def test_no_formula_crashes_or_counts_anything_twice(text):
    found = parse_formula(text)

    assert found is None or len(set(found.names)) == len(found.names)


@pytest.mark.parametrize("about", [None, *(about.value for about in About)])
def test_the_therapists_own_wellbeing_is_refused(about):
    with pytest.raises(ParameterError, match="a therapist's own wellbeing stands in n"):
        activity_of(made_up(answered_by=["therapist"], about=about))


def test_words_leave_by_their_licence():
    arm5 = load("arm5")
    pasted = paste_text(arm5, dict.fromkeys(arm5.item_ids, "Made-up statement."))
    own = json.dumps(activity_of(replace(made_up(), tier=Tier.OWN)))

    assert "Made-up statement" not in json.dumps(activity_of(pasted))
    assert activity_of(pasted)["isProprietary"] is True
    assert not any(word in own for word in ("sun shone", "All day", "weather between"))
    assert "The sun shone." in json.dumps(activity_of(made_up()))
    assert made_up().credit in json.dumps(activity_of(made_up()))


@pytest.mark.parametrize(
    "ids",
    [("1st", ["a", "b"]), ("form", ["a.b", "a-b"]), ("form", ["total_score", "b"])],
)
def test_ids_that_make_no_variables_are_refused(ids):
    whose, items = ids
    odd = made_up(
        id=whose,
        items=[{"id": item, "text": "Words.", "range": [0, 1]} for item in items],
        shown_unaltered=None,
        scoring={"method": "sum", "range": [0, 2], "better": "lower"},
        loinc=None,
    )

    with pytest.raises(InstrumentError, match="the ids must begin with a letter and"):
        activity_of(odd)


def item(name, **changes):
    """Return an item of somebody else, as the format's own files are."""
    return {
        "category": "Item",
        "id": name,
        "question": {"en": f"Made-up {name}?", "de": f"Erfundenes {name}?"},
        "ui": {"inputType": "radio"},
        "responseOptions": "../answers",
        **changes,
    }


ANSWERS = {
    "category": "ResponseOption",
    "minValue": 0,
    "maxValue": 2,
    "multipleChoice": False,
    "choices": [
        {"name": {"en": label, "de": f"{label}!"}, "value": value}
        for value, label in enumerate(["Nay", "Well", "Yea"])
    ],
}
FOREIGN = {
    "category": "reproschema:Activity",
    "id": "Foreign_schema",
    "prefLabel": {"en": "Foreign Form", "de": "Fremder Bogen"},
    "version": "0.0.1",
    "preamble": {"en": "Lately:", "de": "Zuletzt:"},
    "compute": [
        {"variableName": "f_total", "jsExpression": "f_1 + (2 - f_2)"},
        {"variableName": "f_half", "jsExpression": "f_1"},
        {"variableName": "f_grade", "jsExpression": "f_total > 2 ? 'much' : 'little'"},
    ],
    "ui": {
        "order": ["items/f_1", "items/f_2", "items/f_3", "items/f_4"],
        "addProperties": [
            {"isAbout": "items/f_1", "variableName": "f_1", "isVis": True},
            {"isAbout": "items/f_2", "variableName": "f_2"},
            {"isAbout": "items/f_3", "variableName": "f_3", "isVis": "f_1 > 0"},
            {"isAbout": "items/f_total", "variableName": "f_total", "isVis": False},
        ],
    },
}


@pytest.fixture
def folder(tmp_path):
    """An activity of somebody else: a file each for it, its items and its answers."""
    there = tmp_path / "foreign"
    (there / "items").mkdir(parents=True)
    files = {"f_schema": FOREIGN, "answers": ANSWERS}
    files |= {f"items/f_{n}": item(f"f_{n}") for n in (1, 2, 3)}
    files["items/f_4"] = item("f_4", responseOptions={"valueType": ["xsd:string"]})
    for name, content in files.items():
        (there / name).write_text(json.dumps(content), encoding="utf-8")
    return there


def test_an_activity_and_the_files_beside_it_become_one_instrument(folder):
    found = read_activity(folder / "f_schema")

    one = instrument_from_activity(found, where="f_schema", stated=STATED)

    assert (one.id, one.name, one.tier) == ("foreign", "Foreign Form", Tier.OWN)
    assert one.item_ids == ("f_1", "f_2")
    assert one.item("f_2").text == {Seat.CLIENT: "Made-up f_2?"}
    assert [o.label for o in one.item("f_1").options[Seat.CLIENT]] == [
        "Nay",
        "Well",
        "Yea",
    ]
    assert one.reversed == {"f_2"}
    assert [(part.id, part.items) for part in one.subscales] == [("f_half", ("f_1",))]
    assert (one.range, one.preamble, one.language) == ((0, 4), "Lately:", "en")
    assert one.notes == (
        "Left out, since no score counts them: f_4, f_3. "
        "Formulas that were not read: f_grade."
    )
    assert "Made-up" not in json.dumps(activity_of(one))


def test_the_words_are_those_of_the_language_asked_for(folder):
    found = read_activity(folder / "f_schema")

    one = instrument_from_activity(found, stated=STATED, language="de")

    assert one.name == "Fremder Bogen"
    assert one.item("f_1").text == {Seat.CLIENT: "Erfundenes f_1?"}
    with pytest.raises(InstrumentError, match="must have words in the language fr"):
        instrument_from_activity(found, stated=STATED, language="fr")


def whole():
    """Return the activity of somebody else with its items in it."""
    items = [
        item(f"items/f_{n}", responseOptions=copy.deepcopy(ANSWERS)) for n in (1, 2, 3)
    ]
    found = copy.deepcopy(FOREIGN)
    found["ui"]["order"] = items
    return found


def test_an_answer_or_a_question_of_which_little_is_said_is_read_or_left_out():
    found = whole()
    first, _, third = found["ui"]["order"]
    first["question"] = "Made-up, in one language?"
    del first["responseOptions"]["minValue"], first["responseOptions"]["maxValue"]
    third["responseOptions"]["choices"][0]["value"] = "nay"
    found["ui"]["order"] += [
        {"id": "items/f_5"},
        item("items/f_6", responseOptions={"valueType": ["xsd:string"]}),
        item("items/f_7", responseOptions={**ANSWERS, "multipleChoice": True}),
    ]

    one = instrument_from_activity(found, stated=STATED)

    assert one.item("f_1").text == {Seat.CLIENT: "Made-up, in one language?"}
    assert (one.item("f_1").low, one.item("f_1").high) == (0, 2)
    assert "no score counts them: f_3, f_5, f_6, f_7." in one.notes


def test_a_proprietary_activity_keeps_its_words():
    one = instrument_from_activity({**whole(), "isProprietary": True}, stated=STATED)

    assert one.tier is Tier.UNSHIPPED
    assert not one.has_text(Seat.CLIENT)
    assert {o.label for o in one.item("f_1").options[Seat.CLIENT]} == {""}


def test_a_tier_is_believed_only_beside_a_licence():
    sent = through_json(activity_of(load("phq4")))
    for row in sent["ui"]["order"]:
        row["additionalNotesObj"] = [
            x for x in row.get("additionalNotesObj", []) if x["column"] != "licence"
        ]

    with pytest.raises(InstrumentError, match="licence must hold words"):
        instrument_from_activity(sent)


def changed(path, value):
    found = whole()
    place = found
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return found


FIRST = ("ui", "order", 0)
OPTIONS = (*FIRST, "responseOptions")


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        (("category",), "Protocol", "category must be Activity"),
        (("ui",), [], "ui must be a table"),
        (("ui", "order"), ["items/f_1"], "must hold the items themselves, not their n"),
        (("ui", "order"), [], "must hold 1 to 500 questions whose answers"),
        (("compute",), [], r"ui\.order\[3\]\.isVis must be true: every question is"),
        (("compute", 0, "jsExpression"), "f_1 * f_2", "compute must hold a total that"),
        (
            ("compute", 0, "jsExpression"),
            "f_1 + (3 - f_2)",
            "must turn f_2 round within",
        ),
        (
            ("compute", 0, "jsExpression"),
            "f_1 + f_3",
            "isVis must be true: every quest",
        ),
        (
            (*FIRST, "question"),
            {"en": "<b>Made-up</b>"},
            "question.en must be plain wo",
        ),
        ((*FIRST, "question"), {"de": "Erfundenes"}, "must have words in the language"),
        ((*FIRST, "id"), 7, "id must hold words"),
        ((*FIRST, "id"), "items/f_2", "must be of another variable than those before"),
        ((*OPTIONS, "maxValue"), 1, "answers must lie within the range"),
        ((*OPTIONS, "maxValue"), -1, "range must not have its low number above"),
        ((*OPTIONS, "maxValue"), "2", "maxValue must be a number"),
        ((*OPTIONS, "choices", 0, "name"), {"en": " "}, "name.en must hold words"),
        ((*OPTIONS, "choices", 0, "value"), 10**400, "value must be a number within"),
        (("prefLabel",), {"en": 1}, "prefLabel.en must hold words"),
    ],
)
def test_what_is_no_sound_activity_is_refused_with_its_place(path, value, problem):
    with pytest.raises(InstrumentError, match=f"^f_schema: .*{problem}"):
        instrument_from_activity(changed(path, value), where="f_schema", stated=STATED)


def test_without_a_formula_how_it_is_scored_must_be_stated():
    found = {**whole(), "compute": []}
    found["ui"] = {**found["ui"], "addProperties": []}
    mean = replace(STATED, method=Method.MEAN, reversed=("f_2",))

    with pytest.raises(InstrumentError, match="method is not said in the file"):
        instrument_from_activity(found, stated=STATED)
    one = instrument_from_activity(found, stated=mean)
    assert (one.method, one.reversed, one.range) == (Method.MEAN, {"f_2"}, (0, 2))


@pytest.mark.parametrize(
    ("stated", "problem"),
    [
        (Stated(better=Better.LOWER), "answered_by is not said in the file"),
        (Stated(answered_by=(Seat.CLIENT,)), "better is not said in the file"),
        (replace(STATED, method=Method.MEAN), "method is 'sum' in the file"),
        (replace(STATED, reversed=("f_1",)), "reversed is f_2 in the file"),
    ],
)
def test_what_is_stated_completes_the_file_and_cannot_contradict_it(stated, problem):
    with pytest.raises(InstrumentError, match=problem):
        instrument_from_activity(whole(), stated=stated)


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("f_schema", {**FOREIGN, "ui": {"order": ["../secret"]}}, "own folder only"),
        ("f_schema", {**FOREIGN, "ui": {"order": ["/etc/passwd"]}}, "own folder only"),
        (
            "f_schema",
            {**FOREIGN, "ui": {"order": ["https://x.invalid/i"]}},
            "own folder",
        ),
        ("f_schema", {**FOREIGN, "ui": {"order": ["a\0b"]}}, "own folder only"),
        ("f_schema", {**FOREIGN, "ui": {"order": ["items/none"]}}, "there is no such"),
        ("f_schema", {**FOREIGN, "ui": {"order": ["a"] * 501}}, "ask at most 500"),
        ("f_schema", [1], "must hold a JSON object"),
        ("items/f_1", {"responseOptions": "../../secret"}, "own folder only"),
    ],
)
def test_only_files_of_the_activitys_own_folder_are_read(
    folder, name, content, problem
):
    (folder.parent / "secret").write_text("{}", encoding="utf-8")
    (folder / name).write_text(json.dumps(content), encoding="utf-8")

    with pytest.raises(FileError, match=problem):
        read_activity(folder / "f_schema")


def test_a_link_out_of_the_folder_is_not_followed(folder):
    (folder.parent / "secret").write_text("{}", encoding="utf-8")
    (folder / "items/f_1").unlink()
    (folder / "items/f_1").symlink_to(folder.parent / "secret")

    with pytest.raises(FileError, match="own folder only"):
        read_activity(folder / "f_schema")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["ui", "order", "en"]), inner, max_size=2)
    ),
    max_leaves=4,
)


def places(found):
    pairs = found.items() if isinstance(found, dict) else enumerate(found)
    for key, value in pairs:
        yield found, key
        if isinstance(value, dict | list):
            yield from places(value)


@given(data=st.data(), value=JSON)
def test_a_damaged_file_is_refused_or_read_and_nothing_else(data, value):
    found = data.draw(
        st.sampled_from([whole, lambda: through_json(activity_of(made_up()))])
    )()
    holder, key = data.draw(st.sampled_from(list(places(found))))
    holder[key] = value

    try:
        one = instrument_from_activity(found, stated=STATED)
    except InstrumentError:
        return
    assert one.items


@given(found=JSON)
def test_any_json_is_refused(found):
    with pytest.raises(InstrumentError, match="activity: "):
        instrument_from_activity(found)
