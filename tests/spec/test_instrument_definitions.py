"""What every definition that comes with Duologue must hold."""

import json
import re
from importlib import resources

import pytest

from duologue.errors import InstrumentError
from duologue.instruments import library, load, names, prompts
from duologue.instruments.instrument import Method, Tier
from duologue.records import ItemType, Kind, Rotation, Seat, Visibility

DEFINITIONS = resources.files("duologue.instruments") / "definitions"
STEMS = sorted(path.name.removesuffix(".toml") for path in DEFINITIONS.iterdir())
PUBLISHED = ("phq9", "gad7", "phq4")


def read_copy(folder, stem, words):
    """Read words as if they stood in the definition of this name."""
    path = folder / f"{stem}.toml"
    path.write_text(words, encoding="utf-8")
    if stem in library.PROMPTS_OF.values():
        return library.prompts_file(path)
    return library.load_file(path)


@pytest.mark.parametrize("stem", STEMS)
@pytest.mark.parametrize("key", ["licence", "citation", "status"])
def test_a_definition_without_its_licence_citation_or_status_is_refused(
    tmp_path, stem, key
):
    words = (DEFINITIONS / f"{stem}.toml").read_text(encoding="utf-8")
    without, n_removed = re.subn(rf"(?m)^{key} = .*\n", "", words)

    assert n_removed == 1
    assert read_copy(tmp_path, stem, words).id == stem
    with pytest.raises(InstrumentError, match=rf"^{stem}\.toml: {key} must hold words"):
        read_copy(tmp_path, stem, without)


@pytest.mark.parametrize("name", names())
def test_only_words_that_may_be_shipped_are_shipped(name):
    instrument = load(name)
    with_words = any(item.text or item.ends for item in instrument.items)
    labels = {o.label for x in instrument.items for o in x.options[Seat.CLIENT]}

    assert with_words is instrument.text_shipped is (instrument.tier is Tier.SHIPPED)
    assert instrument.text_shipped or labels == {""}


@pytest.mark.parametrize("name", names())
def test_items_answers_and_ranges_agree(name):
    instrument = load(name)

    for item in instrument.items:
        for seat in instrument.answered_by:
            values = [option.value for option in item.options[seat]]
            assert values == sorted(values)
            assert (values[0], values[-1]) == (item.low, item.high)
            assert bool(item.text.get(seat)) is instrument.text_shipped
    lows, highs = zip(*((x.low, x.high) for x in instrument.items), strict=True)
    share = 1 if instrument.method is Method.SUM else len(instrument.items)
    assert instrument.range == (sum(lows) / share, sum(highs) / share)


@pytest.mark.parametrize("name", names())
def test_ids_are_unique_and_what_refers_to_them_exists(name):
    instrument = load(name)
    ids = set(instrument.item_ids)

    assert instrument.id == name
    assert len(ids) == len(instrument.items)
    assert instrument.reversed <= ids
    assert set(instrument.shown_unaltered) <= ids
    for part in instrument.subscales:
        assert set(part.items) <= ids


@pytest.mark.parametrize("name", names())
def test_no_blank_is_ever_made_up(name):
    assert load(name).max_missing == 0


def test_no_measure_of_the_relationship_has_a_cutoff():
    arm5 = load("arm5")

    assert (arm5.cutoffs, arm5.bands, arm5.reliable_change) == ((), (), None)


@pytest.mark.parametrize("kind", Kind)
def test_both_seats_are_asked_the_same_questions_in_number(kind):
    for item in prompts(kind).items:
        assert set(item.text) == set(Seat)
        assert all(text.strip() for text in item.text.values())
        if item.is_number:
            assert set(item.ends) == set(Seat)
            assert (item.low, item.high) == (0, 100)
        if item.type in (ItemType.CHOICE, ItemType.CHIPS):
            client, therapist = (item.option_ids(seat) for seat in Seat)
            assert len(client) == len(therapist) == len(set(client))
            assert item.declines <= set(client) & set(therapist)


def test_six_core_questions_are_asked_after_every_session():
    therapy = prompts(Kind.THERAPY)
    core = [item.id for item in therapy.items if item.rotation is Rotation.CORE]

    assert core == ["open", "understood", "safe", "unsaid", "here", "deep"]


@pytest.mark.parametrize("kind", Kind)
def test_the_rotation_names_rotating_items_that_exist(kind):
    rotating = {x.id for x in prompts(kind).items if x.rotation is Rotation.ROTATING}

    assert set(prompts(kind).rotation) == rotating
    assert len(prompts(kind).rotation) == (12 if kind is Kind.THERAPY else 0)


def test_no_item_stands_in_the_prompts_of_both_kinds_of_pair():
    therapy, supervision = ({x.id for x in prompts(kind).items} for kind in Kind)

    assert not therapy & supervision


@pytest.mark.parametrize("kind", Kind)
def test_what_was_left_unsaid_is_the_authors_own(kind):
    unsaid = [item for item in prompts(kind).items if "unsaid" in item.id]

    assert unsaid
    assert all(item.visibility is not Visibility.PAIR_IF_BOTH for item in unsaid)


@pytest.mark.shared
@pytest.mark.parametrize("name", PUBLISHED)
def test_the_words_of_a_published_instrument_are_its_own(shared, name):
    path = shared / "reference" / "instruments" / f"{name}.json"
    reference = json.loads(path.read_text(encoding="utf-8"))
    instrument = load(name)
    answers = [(float(x["value"]), x["label"]["en"]) for x in reference["answers"]]

    assert instrument.name == reference["name"]
    assert instrument.licence == reference["licence"]
    assert instrument.recall == reference["recall"]
    assert instrument.preamble == reference["preamble"]["en"]
    assert instrument.loinc.panel == reference["loinc_panel"]
    assert instrument.loinc.total == reference["loinc_total"]
    for item, expected in zip(instrument.items, reference["items"], strict=True):
        options = item.options[Seat.CLIENT]
        assert item.id == str(expected["n"])
        assert item.text == {Seat.CLIENT: expected["text"]["en"]}
        assert instrument.loinc.items.get(item.id) == expected["loinc"]
        assert [(option.value, option.label) for option in options] == answers


@pytest.mark.shared
@pytest.mark.parametrize("name", PUBLISHED)
def test_the_scoring_of_a_published_instrument_is_its_own(shared, name):
    path = shared / "reference" / "instruments" / f"{name}.json"
    reference = json.loads(path.read_text(encoding="utf-8"))
    scoring, instrument = reference["scoring"], load(name)
    alert = reference.get("alert_item")

    assert instrument.method == scoring["method"]
    assert instrument.range == (scoring["min"], scoring["max"])
    if "bands" in scoring:
        assert instrument.bands == tuple(tuple(band) for band in scoring["bands"])
    assert {part.id: part.items for part in instrument.subscales} == {
        part: tuple(map(str, items))
        for part, items in scoring.get("subscales", {}).items()
    }
    assert instrument.shown_unaltered == (() if alert is None else (str(alert),))


def expected_prompts(reference):
    """Yield each reference prompt with the names of its two seats' wordings."""
    for prompt in reference["after_session"]:
        yield prompt, ("client", "therapist")
        if "follow_up" in prompt:
            why = prompt["follow_up"] | {"id": "unsaid_why", "rotation": "optional"}
            yield why, ("client", "therapist")
    yield reference["own_line"], ("client", "therapist")
    for prompt in reference["supervision_pair"]:
        yield prompt, ("supervisee", "supervisor")


def prompt_of(item_id):
    found = [prompts(kind).item(item_id) for kind in Kind]
    return next(item for item in found if item is not None)


@pytest.fixture
def reference_prompts(shared):
    path = shared / "knowledge" / "prompts.json"
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.shared
def test_every_prompt_is_worded_as_agreed(reference_prompts):
    n_seen = 0
    for expected, wordings in expected_prompts(reference_prompts):
        item = prompt_of(expected["id"])
        n_seen += 1
        assert item.type == expected["type"]
        assert item.visibility == expected["visibility"].removesuffix("_supervision")
        assert item.max_characters == expected.get("max_characters")
        optional = "optional" if expected.get("optional") else "core"
        assert item.rotation == expected.get("rotation", optional)
        for seat, wording in zip(Seat, wordings, strict=True):
            assert item.text[seat] == expected[wording]
            assert_same_ends_and_options(item, seat, expected)

    assert n_seen == sum(len(prompts(kind).items) for kind in Kind)


def assert_same_ends_and_options(item, seat, expected):
    ends = [expected.get(f"{end}_{seat}", expected.get(end)) for end in ("low", "high")]
    options = expected.get(f"options_{seat}", expected.get("options", []))

    assert list(item.ends.get(seat, (None, None))) == ends
    assert [(option.id, option.label) for option in item.options.get(seat, ())] == [
        (option["id"], option["label"]) for option in options
    ]


@pytest.mark.shared
def test_the_rotation_and_the_status_are_as_agreed(reference_prompts):
    therapy, supervision = prompts(Kind.THERAPY), prompts(Kind.SUPERVISION)

    assert list(therapy.rotation) == reference_prompts["rules"]["rotation"]["order"]
    for found in (therapy, supervision):
        assert found.status == reference_prompts["status"]
        assert found.version == reference_prompts["version"]
        assert found.licence == reference_prompts["licence"]
