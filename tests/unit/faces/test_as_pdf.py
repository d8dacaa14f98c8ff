"""A reading on paper: tagged, told in words, the same bytes, and nothing but the reading."""

import dataclasses
import itertools
import logging
import os
import pickle
import re
import subprocess
import sys

import pytest

from build import C, T, course, reading
from duologue.errors import ParameterError
from duologue.faces import as_html, as_pdf, as_svg
from duologue.faces.as_pdf import to_pdf
from duologue.faces.layout import BLANK, beside, groups, table_of
from duologue.records import Kind
from paper import Paper, need_paper, together

LINES = {
    ("open", C): (40, 55, None, 61, 48, 70),
    ("open", T): (52, 57, None, 58, 66, 63),
    ("safe", C): (31, 42, 45, None, 44, 47),
    ("safe", T): (72, 64, 70, 66, 61, 69),
    ("unsaid", C): ("no", "matters", "no", "a_little", "matters", "no"),
    ("unsaid", T): ("no", "no", "a_little", "no", "matters", "no"),
}
OPENED = {("open", C), ("open", T), ("unsaid", C), ("unsaid", T)}
SMALL = {line: values for line, values in LINES.items() if line[0] != "safe"}

EDGE = r"pair·6of6sessionsheld·5January2026to9February2026Page\dof\d"
"""What stands at the foot of each page, without its blanks."""

INLINE = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/%3E"


@pytest.fixture(scope="module", autouse=True)
def can_be_made():
    need_paper()


@pytest.fixture(scope="module")
def mine():
    """What the client reads of six sessions in which one question has opened."""
    return reading(course(LINES, shared=OPENED), "client")


@pytest.fixture(scope="module")
def content(mine):
    return to_pdf(mine)


@pytest.fixture(scope="module")
def paper(content):
    return Paper(content)


@pytest.fixture(scope="module")
def asked(mine):
    return Paper(to_pdf(mine, asked=True))


def shown(found):
    """Return what is on paper without being asked for: parts, and their findings."""
    return [(g, f) for g in groups(found) if g.id != "unsaid" for f in g.findings]


def drawn(found):
    """Return the charts that are on paper without being asked for."""
    pairs = [(group, f) for group, f in shown(found) if group.id != "cards"]
    all_of = itertools.chain.from_iterable((f, *beside(found, f)) for _, f in pairs)
    return [f.chart for f in all_of if f.chart is not None]


# What a screen reader meets ----------------------------------------------------------


def test_a_pdf_is_tagged_and_says_its_language_and_title(paper):
    about = paper.root["/Metadata"].get_data()

    assert paper.root["/MarkInfo"]["/Marked"]
    assert paper.root["/Lang"] == "en-GB"
    assert paper.root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert paper.reader.metadata.title == "Your page: pair"
    assert b'pdfuaid:part="1"' in about


def test_headings_are_tagged_and_no_level_is_skipped(paper):
    tags = [element["/S"] for element in paper.elements]
    levels = [int(tag[2]) for tag in tags if tag in {"/H1", "/H2", "/H3", "/H4"}]

    assert levels[0] == 1
    assert set(levels) == {1, 2, 3, 4}
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels))
    assert {"/L", "/LI", "/P", "/Sect", "/Art", "/Table"} <= set(tags)


def test_every_picture_is_told_in_words(mine, paper):
    alts = [figure["/Alt"] for figure in paper.tagged("/Figure")]

    charts = drawn(mine)
    assert len(charts) >= 5
    assert alts == [f"{c.title}. {as_svg.describe(c)}" for c in charts]


def test_every_number_of_a_picture_is_in_a_table(mine, paper):
    numbers = paper.text[paper.text.index("Thenumbersbehindthecharts") :]

    assert len(paper.tagged("/Table")) >= len(drawn(mine))
    for chart in drawn(mine):
        for row in table_of(chart)[1]:
            line = together("".join(row))
            assert (line in numbers) or set(row[1:]) == {BLANK}, chart.title


def test_a_session_without_any_number_has_no_line_in_a_table():
    made = course({("open", C): (40, None, 50)}, shared=False)
    page = as_html.on_paper(reading(made, "client"))

    rows = page[page.index("The numbers behind the charts") :]
    assert '<th scope="row">1</th><td>40</td>' in rows
    assert f'<th scope="row">2</th><td>{BLANK}</td></tr>' not in rows
    assert '<th scope="row">3</th><td>50</td>' in rows


def test_the_cells_of_a_table_are_tied_to_their_headings(paper):
    names = {heading["/ID"] for heading in paper.tagged("/TH")}
    cells = paper.tagged("/TD")

    assert len(cells) > 20
    for cell in cells:
        assert len(cell["/A"]["/Headers"]) == 2
        assert set(cell["/A"]["/Headers"]) <= names


# What a reader meets -----------------------------------------------------------------


def test_every_sentence_is_on_paper(mine, paper):
    for group, finding in shown(mine):
        assert together(group.title) in paper.text
        assert together(finding.sentence) in paper.text
        assert together(finding.how_sure) in paper.text
    for line in (*mine.help_now, *mine.notes):
        assert together(line) in paper.text


def test_every_page_is_a4_and_says_who_reads_and_which_it_is(paper):
    n = len(paper.pages)

    assert n >= 3
    for number, (page, text) in enumerate(
        zip(paper.reader.pages, paper.pages, strict=True), 1
    ):
        assert [round(float(x)) for x in page.mediabox] == [0, 0, 595, 842]
        assert "What the client sees, alone" in text
        assert "pair · 6 of 6 sessions held" in text
        assert f"Page {number} of {n}" in text


def test_a_supervisee_is_called_so_on_every_page():
    made = course({("sup_heard", C): (40, 50)}, kind=Kind.SUPERVISION, shared=False)
    page = as_html.on_paper(reading(made, "client"))

    assert "What the supervisee sees, alone" in page
    assert "the client" not in page


def test_every_page_of_made_up_people_says_that_they_are():
    made = course({("open", C): (40, 50), ("open", T): (60, 71)})
    found = dataclasses.replace(reading(made, "research"), made_up=True)
    pages = Paper(to_pdf(found)).pages

    assert len(pages) >= 2
    assert all("Made up" in page for page in pages)
    assert all("Research reading: everything" in page for page in pages)


def test_what_is_not_made_up_never_says_so(paper):
    assert "Madeup" not in paper.text


def test_left_unsaid_is_printed_only_when_asked_for(mine, paper, asked):
    told = [f for f in mine.findings if f.strand == "unsaid"]

    assert {f.id for f in told} == {"mine.unsaid", "ours.unsaid"}
    assert "eftunsaid" not in paper.text
    assert "heldsomethingback" not in paper.text
    for finding in told:
        assert together(finding.sentence) in asked.text


# What is not in it -------------------------------------------------------------------


def test_what_the_other_keeps_changes_no_byte(content):
    kept = {("safe", T): (11, 92, None, 15, 98, 3), ("here", T): (4, 5, 6, 7, 8, 9)}

    other = reading(course({**LINES, **kept}, shared=OPENED), "client")

    assert to_pdf(other) == content


def test_what_has_opened_does_show():
    def made(last):
        lines = {("open", C): (40, 50), ("open", T): (60, last)}
        return to_pdf(reading(course(lines), "client"))

    assert made(71) != made(29)


def test_both_meet_the_same_words_on_what_has_opened():
    made = course(SMALL, shared=OPENED)
    found = []

    for reader in ("client", "therapist"):
        text = Paper(to_pdf(reading(made, reader))).text
        for edge in (EDGE, rf"Whatthe{reader}sees,alone"):
            text = re.sub(edge, "", text)
        begins = text.index("Whathasopenedtoyouboth")
        found.append(text[begins : text.index("Theframe")])

    assert "Twoviews" in found[0]
    assert found[0] == found[1]


def test_hostile_words_are_shown_and_do_nothing(hostile):
    goals = tuple(f for f in hostile.findings if f.strand == "goals")
    made = Paper(to_pdf(dataclasses.replace(hostile, findings=goals)))

    assert together('</svg><script>alert("x")</script>') in made.text
    assert not {"/OpenAction", "/AA", "/AcroForm", "/Names"} & set(made.root)
    assert all("/Annots" not in page for page in made.reader.pages)


def test_nothing_is_loaded(mine, monkeypatch, tmp_path):
    secret = tmp_path / "secret.svg"
    secret.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
        '<path d="M0 0h9v9z"/></svg>',
        encoding="utf-8",
    )
    places = (secret.as_uri(), "http://127.0.0.1:9/x.png", INLINE)
    images = "".join(f'<img src="{place}" alt="none">' for place in places)
    page = f'<html lang="en"><title>t</title><p>So {images}</p></html>'
    monkeypatch.setattr(as_pdf, "on_paper", lambda *_, **__: page)

    made = Paper(to_pdf(mine))

    # What cannot be had is told by its words; a picture would stand in their place.
    assert made.text == "Sononenonenone"


def test_no_letter_of_a_page_comes_into_a_log(mine, caplog):
    goal = dataclasses.replace(mine.findings[-1], sentence="\U00010d5e \ue0ff")

    with caplog.at_level(logging.DEBUG):
        to_pdf(dataclasses.replace(mine, findings=(goal,)))

    assert not [r for r in caplog.records if r.name == "weasyprint"]
    assert "\ue0ff" not in caplog.text


# The same bytes ----------------------------------------------------------------------


def test_equal_readings_give_equal_bytes_in_another_process(mine, content, tmp_path):
    kept = tmp_path / "reading"
    kept.write_bytes(pickle.dumps(mine))
    code = (
        "import pathlib, pickle, sys\n"
        "from duologue.faces.as_pdf import to_pdf\n"
        "reading = pickle.loads(pathlib.Path(sys.argv[1]).read_bytes())\n"
        "sys.stdout.buffer.write(to_pdf(reading))\n"
    )

    made = subprocess.run(
        [sys.executable, "-c", code, kept],
        check=True,
        stdout=subprocess.PIPE,
        timeout=120,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(sys.path),
            "PYTHONHASHSEED": "7",
            "TZ": "Pacific/Kiritimati",
        },
    ).stdout

    assert made == content


def test_no_date_is_in_it_but_those_of_the_reading(paper):
    assert not {"/CreationDate", "/ModDate"} & set(paper.reader.metadata)
    assert b"Date" not in paper.root["/Metadata"].get_data()


# Where it cannot be made -------------------------------------------------------------


def test_a_library_that_keeps_the_time_out_is_needed(mine, monkeypatch):
    monkeypatch.setattr("weasyprint.text.ffi.harfbuzz_subset", None)

    with pytest.raises(ParameterError, match="libharfbuzz-subset0"):
        to_pdf(mine)
