"""What may be said, and at which level: the wording ladder and the words never used.

The text of published instruments is exempt; everything else that the program says of
two people, or asks them, is read here.
"""

import argparse
import re
from string import Formatter

import pytest

from build import FLAT, C, T, course, reading
from duologue import instruments
from duologue.cli.main import COMMANDS, build_parser
from duologue.errors import ParameterError
from duologue.faces import layout
from duologue.records import Kind, Seat
from duologue.relationship import Level, Strand
from duologue.relationship.lint import ALLOWED, banned_words
from duologue.relationship.templates import (
    FELT_MET,
    HELP_NOW,
    NOTES,
    PHRASES,
    QUESTIONS,
    STRAND_TITLES,
    TEMPLATES,
)
from duologue.relationship.wording import (
    Voice,
    counted,
    level_of,
    one_in,
    say,
)
from duologue.sharing import Scope
from duologue.simulate import practice

PARTS = ("sentence", "how_sure", "another_reading", "question")


# Everything that is said ----------------------------------------------------------


def of_templates():
    for name, template in TEMPLATES.items():
        for part in PARTS:
            yield f"template {name}.{part}", getattr(template, part)


def of_notes():
    for what, words in (
        ("note", NOTES),
        ("phrase", PHRASES),
        ("title", STRAND_TITLES),
        ("help", dict(enumerate(HELP_NOW))),
        ("question", dict(enumerate((*QUESTIONS, FELT_MET)))),
    ):
        for name, text in words.items():
            yield f"{what} {name}", text


def of_prompts():
    for kind in Kind:
        prompts = instruments.prompts(kind)
        yield f"prompts {prompts.id} status", prompts.status
        for item in prompts.items:
            for seat in Seat:
                where = f"prompt {item.id} {seat}"
                yield where, item.text[seat]
                for option in item.options.get(seat, ()):
                    yield f"{where} {option.id}", option.label
                for end in item.ends.get(seat, ()):
                    yield f"{where} end", end


def of_layout():
    for scope, heading in layout.HEADINGS.items():
        yield f"heading {scope}", heading
    for level, name in layout.LEVEL_NAMES.items():
        yield f"level {level.name}", name
    for shown in readings():
        for group in layout.groups(shown):
            yield f"group {group.id}", group.title
            yield f"group {group.id} lead", group.lead
        for found in shown.findings:
            if found.chart is not None and found.strand is not Strand.OUTCOME:
                yield f"chart {found.id}", found.chart.title
                yield f"chart {found.id} unit", found.chart.unit
                yield from ((f"chart {found.id}", end) for end in found.chart.ends)
                yield from ((f"chart {found.id}", row) for row in found.chart.rows)
                for cell in layout.table_of(found.chart)[0]:
                    yield f"table {found.id}", cell


def readings():
    """Read the made-up practice, and one course of supervision, as everybody."""
    dips = (*FLAT, 40)
    supervised = course(
        {("sup_open", C): dips, ("sup_open", T): dips}, kind=Kind.SUPERVISION
    )
    made = (*practice(instruments.prompts(Kind.THERAPY), seed=7), supervised)
    for one in made:
        for reader in Scope:
            yield reading(one, reader)


def of_command_line():
    parser = build_parser(full=tuple(COMMANDS))
    yield "duologue", parser.format_help()
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, command in action.choices.items():
                yield f"duologue {name}", command.format_help()


SOURCES = {
    "templates": of_templates,
    "notes": of_notes,
    "prompts": of_prompts,
    "layout": of_layout,
    "command line": of_command_line,
}


@pytest.mark.parametrize("source", SOURCES)
def test_no_banned_word_is_ever_used(source):
    texts = list(SOURCES[source]())

    assert len(texts) >= len(COMMANDS)
    assert {
        where: found for where, text in texts if (found := banned_words(text))
    } == {}


@pytest.mark.parametrize("source", SOURCES)
def test_nobody_is_told_what_to_do(source):
    told = re.compile(r"\b(should|must|ought|have to|need to)\b", re.IGNORECASE)
    if source == "command line":  # an option may say what a file must hold
        told = re.compile(r"\byou\s+(should|must)\b", re.IGNORECASE)

    texts = [
        (where, text.replace("You do not have to say it", ""))
        for where, text in SOURCES[source]()
    ]

    assert [where for where, text in texts if told.search(text)] == []


# The lint, with what it must catch and what it must let pass ------------------------------


CAUGHT = """
lie, lies, lied, lying, liar, liars
dishonest, dishonestly, dishonesty
honest score, honest scores
honesty
truthful, truthfully, truthfulness
resistant, resistance, resistances
in denial
secret, secrets, secretly, secretive
non-compliant, non-compliance, noncompliant, noncompliance, compliance, compliant
fail, fails, failed, failing, failings, failure, failures
deteriorate, deteriorates, deteriorated, deteriorating, deterioration
off-track, off track
mismatch, mismatches, mismatched
violation, violations, violate, violated, violates
impaired, impairment, impair, impairs
burnout score, burnout scores
risk, risks, risky, risked, risking
risk score, risk scores
alert, alerts, alerted, alerting
warning, warnings, warn, warns, warned
flag, flags, flagged, flagging
KPI, KPIs
churn, churned, churning
attrition
DNA'd, DNA’d
performance, performances
patient, patients, patient's, patients’
subject, subjects
provider, providers
you should, You should, you shouldn't
determines, determine, determined, determining
proves, prove, proved, proven, proving
"""
"""The banned words and their inflections, as the wording rules list them."""


@pytest.mark.parametrize("word", re.split(r", |\n", CAUGHT.strip()))
@pytest.mark.parametrize("sentence", ["This {} it.", "It is {}, today", "“{}”", "{}"])
def test_the_lint_catches_a_banned_word_wherever_it_stands(word, sentence):
    assert banned_words(sentence.format(word))
    assert banned_words(sentence.format(word.capitalize()))


@pytest.mark.parametrize(
    "text",
    [
        "I believe you, and the relief in what they said.",
        "A flagship and a client of the flagstone trade.",
        "They provide, provided that the province is provident.",
        "Patience, said patiently; impatience is something else.",
        "A subjective answer; the subjunctive.",
        "An asterisk at the brisk end.",
        "They improve, approve and disprove nothing.",
        "The secretary has a secretion.",
        "An allied family lay down, and lays it there.",
        "Determination and a determinant.",
        "An honest answer to a client who performs.",
        "He is dishonourable, undeniable and in deniable trouble.",
        "Resist, resisting, irresistible.",
        "Our DNA; the kiln; a church; a kipper; churlish attrit.",
        "On track; a matchbox; a warren; a swarm; unfailingly.",
        "If I or you shoulder it.",
        "Violin, violet; a repair of chairs in pairs.",
    ],
)
def test_the_lint_lets_innocent_neighbours_pass(text):
    assert banned_words(text) == ()


def test_the_lint_names_every_word_in_order_and_in_small_letters():
    assert banned_words("A Patient at RISK, and a patient.") == (
        "patient",
        "risk",
        "patient",
    )
    assert banned_words("") == ()


@pytest.mark.parametrize("allowed", ALLOWED)
def test_an_allowed_sentence_passes_whole_and_its_word_alone_does_not(allowed):
    assert banned_words(f"{allowed} A secret.") == ("secret",)
    assert banned_words(allowed) == ()


# The ladder ----------------------------------------------------------------------------


def fields_of(template):
    text = " ".join(getattr(template, part) for part in PARTS)
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def values_for(template):
    return dict.fromkeys(fields_of(template), "7")


@pytest.mark.parametrize("name", TEMPLATES)
@pytest.mark.parametrize("reached", Level, ids=lambda level: level.name.lower())
def test_nothing_is_said_above_the_level_reached(name, reached):
    template = TEMPLATES[name]
    values = values_for(template)

    if template.level > reached:
        with pytest.raises(ParameterError, match=rf"template {re.escape(name)} needs"):
            say(name, reached=reached, **values)
        return
    words = say(name, reached=reached, **values)

    assert words.level is template.level
    for part in PARTS:
        text = getattr(words, part)
        assert "{" not in text
        assert "}" not in text
        assert bool(text) is bool(getattr(template, part))


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_refuses_to_leave_a_brace_empty(name):
    template = TEMPLATES[name]
    values = values_for(template)

    for missing in values:
        rest = {key: value for key, value in values.items() if key != missing}
        with pytest.raises(KeyError, match=missing):
            say(name, reached=Level.RESEARCH, **rest)


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("name", TEMPLATES)
def test_a_voice_names_the_seats_as_this_pair_does(name, kind):
    template = TEMPLATES[name]
    values = values_for(template)
    given = {key: value for key, value in values.items() if key not in ("c", "t")}

    words = Voice(kind).say(name, reached=Level.RESEARCH, **given)

    text = " ".join(getattr(words, part) for part in PARTS)
    for field, seat in (("c", Seat.CLIENT), ("t", Seat.THERAPIST)):
        assert (seat.called(kind) in text) is (field in values)


@pytest.mark.parametrize("name", [n for n in TEMPLATES if f"{n}.research" in TEMPLATES])
def test_a_researcher_gets_the_research_words_at_the_same_level(name):
    template, outside = TEMPLATES[name], TEMPLATES[f"{name}.research"]
    given = values_for(template) | values_for(outside)
    given = {key: value for key, value in given.items() if key not in ("c", "t")}
    words = Voice(Kind.THERAPY, research=True).say(
        name, reached=Level.RESEARCH, **given
    )

    assert outside.level is template.level
    assert fields_of(outside) <= fields_of(template) | {"c", "t"}
    assert words.question == ""
    assert not re.search(r"\byou", words.sentence + words.how_sure)


def table_says(n_answers, n_asked, outside):
    """The ladder's table, as it is written in the wording rules.

    too_early: fewer than 5 answers, or more than half missing. early: 5 to 11
    answers. unusual: 12 or more, and outside the band. repeated: as above in 2 of 3
    sessions. With 12 or more answers inside the band there is no card: a plain count.
    """
    missing = n_asked - n_answers
    if n_answers < 5 or missing > n_asked / 2:
        return "TOO_EARLY"
    if 5 <= n_answers <= 11:
        return "EARLY"
    return {0: "COUNT", 1: "UNUSUAL", 2: "REPEATED", 3: "REPEATED"}[outside]


@pytest.mark.parametrize("n_answers", range(45))
def test_the_level_is_that_of_the_table(n_answers):
    for n_asked in range(n_answers, 2 * n_answers + 4):
        for outside in range(4):
            level = level_of(n_answers=n_answers, n_asked=n_asked, outside=outside)
            assert level.name == table_says(n_answers, n_asked, outside)


def test_more_answers_than_were_asked_for_are_no_trouble():
    # A rotating question may be opened at any time.
    assert level_of(n_answers=12, n_asked=4) is Level.COUNT
    assert level_of(n_answers=0, n_asked=0) is Level.TOO_EARLY


def test_the_levels_rise_as_the_ladder_does():
    assert [level.name for level in sorted(Level)] == [
        "TOO_EARLY",
        "COUNT",
        "EARLY",
        "UNUSUAL",
        "REPEATED",
        "RESEARCH",
    ]


# Chances in words ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rate", "said"),
    [
        (0.0, "fewer than 1 in 1,000"),
        (0.0008, "fewer than 1 in 1,000"),
        (0.001, "1 in 1,000"),
        (0.0016, "1 in 600"),  # 625, to the nearest hundred
        (0.004, "1 in 250"),
        (0.01, "1 in 100"),
        (0.0135, "1 in 75"),  # 74.07, to the nearest five
        (0.02, "1 in 50"),
        (0.027, "1 in 35"),  # 37.04
        (0.05, "1 in 20"),
        (0.0526, "1 in 19"),
        (1 / 7, "1 in 7"),
        (0.25, "1 in 4"),
        (0.39, "1 in 3"),  # 2.56
        (0.4, "1 in 2"),
        (0.5, "1 in 2"),
        (0.74, "1 in 2"),
        (0.75, "most"),
        (1.0, "most"),
    ],
)
def test_a_rate_is_said_as_one_in_so_many(rate, said):
    assert one_in(rate) == said


@pytest.mark.parametrize("rate", [-0.01, 1.01, float("nan"), float("inf")])
def test_what_is_no_rate_is_refused(rate):
    with pytest.raises(ParameterError, match=r"rate must lie in \[0, 1\]"):
        one_in(rate)


def test_rounding_never_makes_a_chance_half_as_large_or_twice():
    for thousandth in range(1, 400):
        rate = thousandth / 1000
        n = int(one_in(rate).removeprefix("1 in ").replace(",", ""))
        assert 0.75 <= rate * n <= 1.25


@pytest.mark.parametrize(
    ("n", "said"),
    [(0, "0 sessions"), (1, "1 session"), (2, "2 sessions"), (1200, "1,200 sessions")],
)
def test_a_number_takes_its_noun(n, said):
    assert counted(n, "session") == said


# What every sentence must hold ----------------------------------------------------------


FRAGMENTS = {name for name in TEMPLATES if name.startswith("open_day.")}
"""Another reading alone, for a card that has its sentence already."""

BY_CHANCE = [
    name
    for name, template in TEMPLATES.items()
    if template.level in (Level.UNUSUAL, Level.REPEATED)
    and not name.startswith("apart.")
    and name not in FRAGMENTS
]


def test_there_are_cards_of_which_to_ask():
    assert {"mine.unusual", "ours.repeated", "two_views.unusual"} <= set(BY_CHANCE)


@pytest.mark.parametrize("name", BY_CHANCE)
def test_every_card_by_chance_says_its_chance_reads_it_otherwise_and_asks(name):
    template = TEMPLATES[name]

    assert "{chance}" in template.how_sure
    if not name.endswith(".research"):
        assert template.another_reading
        assert template.question.endswith("?")


@pytest.mark.parametrize("name", sorted(FRAGMENTS))
def test_a_fragment_is_another_reading_and_nothing_else(name):
    template = TEMPLATES[name]

    assert template.another_reading
    assert (template.sentence, template.how_sure, template.question) == ("", "", "")


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_claim_of_chance_has_a_number_or_says_that_none_applies(name):
    for part in PARTS:
        text = getattr(TEMPLATES[name], part)
        if re.search(r"\bchance\b(?!\})", text):
            assert re.search(r"\{chance\}|\bhalf\b|\d in \d|no chance applies", text), (
                part
            )


@pytest.mark.parametrize("name", TEMPLATES)
def test_nothing_below_unusual_infers(name):
    template = TEMPLATES[name]
    if template.level < Level.UNUSUAL:
        assert "unlike" not in template.sentence
        lower = re.findall(
            r"(?<!not )(?<!neither answer was )lower than is usual", template.sentence
        )
        assert not lower


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_question_is_one_question_and_no_order(name):
    question = TEMPLATES[name].question
    if question:
        assert question.endswith("?")
        assert question.count("?") == 1
        assert not re.match(
            r"(Talk|Tell|Ask|Try|Bring|Say|Make|Take|Remember|Consider|Don't)\b",
            question,
        )


FAULT = re.compile(
    r"\b(faults?|blam\w+|wrong\w*|errors?|mistakes?|because|caus(?:e|es|ed|ing)|"
    r"bias\w*|misjudg\w+|(?:over|under)-?estimat\w+|inaccura\w+|accura\w+|"
    r"ignor\w+|avoid\w*|refus\w+|withdr[ae]w\w*|neglect\w*|forg[eo]t\w*|"
    r"unwilling\w*|guilt\w*|reject\w*|broke\b|broken|worse\w*|bad\w*|poor\w*)\b",
    re.IGNORECASE,
)
DENIED = "and not a fault of either."


@pytest.mark.parametrize("source", ["templates", "notes"])
def test_no_person_is_at_fault(source):
    for where, text in SOURCES[source]():
        assert not FAULT.search(text.replace(DENIED, "")), where


def test_that_test_would_notice():
    for text in ("It was the client's fault.", "You avoided it.", "They were wrong."):
        assert FAULT.search(text)


@pytest.mark.parametrize("name", TEMPLATES)
def test_both_seats_are_named_or_neither(name):
    """The two are written alike: what names one seat by rule names the other too.

    Exempt are the client's goals (E1) and {seat}, {higher} and {lower}, which stand for
    either.
    """
    fields = fields_of(TEMPLATES[name])
    if not name.startswith("goals."):
        assert ("c" in fields) is ("t" in fields)
        assert ("client" in fields) is ("therapist" in fields)
        assert ("client_asks" in fields) is ("therapist_asks" in fields)


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_template_names_a_seat_in_fixed_words(name):
    words = " ".join(getattr(TEMPLATES[name], part) for part in PARTS)
    fixed = re.sub(r"\{\w+\}", "", words)

    assert not re.search(r"\b(client|therapist|supervis\w+)\b", fixed)
