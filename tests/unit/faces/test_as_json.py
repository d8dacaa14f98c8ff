"""The reading as data: one schema, no surprises, equal bytes for equal readings."""

import copy
import dataclasses
import json
import math
import pathlib
import runpy

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duologue.faces import as_json
from duologue.records import Kind, Seat
from duologue.relationship import (
    Chart,
    Finding,
    Level,
    Picture,
    Reading,
    Series,
    Strand,
    Track,
    Whose,
)
from duologue.sharing import Scope

DOCS = pathlib.Path(__file__).parents[3] / "docs"
SCHEMA = as_json.schema()
CHECK = jsonschema.Draft202012Validator(SCHEMA)


def _objects():
    return {"reading": SCHEMA, **SCHEMA["$defs"]}


def _estimating(reading, estimate):
    first, *others = reading.findings
    return dataclasses.replace(
        reading,
        findings=(dataclasses.replace(first, estimate=estimate), *others),
    )


def test_the_schema_is_itself_valid():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)

    assert SCHEMA["$id"] == "urn:duologue:reading:1"
    assert SCHEMA["properties"]["schema"]["const"] == as_json.SCHEMA


@pytest.mark.parametrize(
    ("name", "cls"),
    [
        ("reading", Reading),
        ("finding", Finding),
        ("chart", Chart),
        ("series", Series),
        ("track", Track),
    ],
)
def test_the_schema_names_the_fields_of_the_records_and_no_others(name, cls):
    fields = {f.name for f in dataclasses.fields(cls)}
    head = {"schema", "program"} if name == "reading" else set()

    assert set(_objects()[name]["properties"]) == fields | head
    assert set(_objects()[name]["required"]) == fields | head
    assert _objects()[name]["additionalProperties"] is False


@pytest.mark.parametrize("name", sorted(_objects()))
def test_every_field_is_described(name):
    for field, part in _objects()[name]["properties"].items():
        assert len(part["description"]) > 10, field
        nullable = "null" in str(part.get("type")) or None in part.get("enum", ())
        assert not nullable or "null" in part["description"], field


@pytest.mark.parametrize(
    ("where", "field", "values"),
    [
        ("reading", "scope", [s.value for s in Scope]),
        ("reading", "kind", [k.value for k in Kind]),
        ("finding", "strand", [s.value for s in Strand]),
        ("finding", "whose", [w.value for w in Whose]),
        ("finding", "level", [level.name.lower() for level in Level]),
        ("chart", "picture", [p.value for p in Picture]),
        ("series", "seat", [*(s.value for s in Seat), None]),
    ],
)
def test_the_schema_lists_every_value_that_there_is(where, field, values):
    assert _objects()[where]["properties"][field]["enum"] == values


def test_every_made_up_reading_meets_the_schema(readings):
    assert len(readings) == 24
    for reading in readings.values():
        CHECK.validate(json.loads(as_json.to_json(reading)))


def test_hostile_words_are_data_and_come_back_as_they_were(hostile):
    written = as_json.to_json(hostile)
    CHECK.validate(json.loads(written))

    assert json.loads(written)["pair"] == hostile.pair
    assert "\x1b" not in written
    assert "\x9b" not in written


@pytest.mark.parametrize("path", [(), ("findings", 0), ("findings", 0, "chart")])
def test_a_field_that_the_schema_does_not_know_is_refused(readings, path):
    data = copy.deepcopy(as_json.to_dict(readings["pair-B", "ours"]))
    part = data
    for step in path:
        part = part[step]
    part["diagnosis"] = "none"

    with pytest.raises(jsonschema.ValidationError, match="diagnosis"):
        CHECK.validate(data)


@given(value=st.floats() | st.sampled_from([-0.0, 1e300, math.inf, math.nan]))
def test_equal_readings_give_equal_bytes_and_never_nan(readings, value):
    reading = _estimating(readings["pair-A", "ours"], value)
    same = _estimating(readings["pair-A", "ours"], value + 0.0)
    written = as_json.to_json(reading)

    if reading == same:
        assert as_json.to_json(same) == written
    assert "NaN" not in written
    assert "Infinity" not in written
    CHECK.validate(json.loads(written))


@pytest.mark.parametrize(("one", "other"), [(-0.0, 0.0), (50, 50.0)])
def test_numbers_that_are_equal_are_written_alike(readings, one, other):
    reading = readings["pair-A", "ours"]
    first, second = _estimating(reading, one), _estimating(reading, other)

    assert first == second
    assert as_json.to_json(first) == as_json.to_json(second)


def test_numbers_carry_at_most_six_decimals(readings):
    reading = _estimating(readings["pair-A", "ours"], 1 / 3)

    assert as_json.to_dict(reading)["findings"][0]["estimate"] == 0.333333


def test_the_page_mentions_every_field_and_is_made_from_the_schema():
    page = (DOCS / "reading-json.md").read_text(encoding="utf-8")
    made = runpy.run_path(str(DOCS / "make_reading_json.py"))

    for part in _objects().values():
        for field in part["properties"]:
            assert f"| `{field}` |" in page
    assert made["page_from"](page) == page
