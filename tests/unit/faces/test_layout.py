"""How a reading is laid out: everything once, what stands out first."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duologue.faces import layout
from duologue.records import Seat
from duologue.relationship import Chart, Level, Picture, Series, Strand, Whose
from duologue.sharing import Scope


def _chart(picture, **changes):
    series = Series(label="client", seat=Seat.CLIENT, values=(0.0, None, 1.25))
    chart = Chart(
        picture=picture, title="t", unit="", sessions=(1, 2, 3), series=(series,),
        low=0, high=1,
    )  # fmt: skip
    return dataclasses.replace(chart, **changes)


def _shown(reading):
    """List the ids that a page shows, in order, with the views beside their scale."""
    shown = []
    for group in layout.groups(reading):
        if group.id != "cards":
            for finding in group.findings:
                shown.append(finding.id)
                shown += [view.id for view in layout.beside(reading, finding)]
    return shown


def _needs(reading):
    """Return what the reader last said they need, and what both opened."""
    found = {f.id: f for f in reading.findings}
    return found.get("mine.need"), found.get("ours.need")


def test_nothing_is_shown_twice_and_nothing_is_lost(readings):
    for reading in readings.values():
        shown = _shown(reading)
        cards = {f.id for f in reading.cards}
        everything = {f.id for f in reading.findings}

        assert len(shown) == len(set(shown))
        assert set(shown) <= everything
        left_out = everything - set(shown) - cards
        assert left_out <= {"mine.need"}
        if left_out:
            own, both = _needs(reading)
            assert own.sessions == both.sessions


def test_a_need_of_ones_own_that_did_not_open_is_not_lost(readings):
    reading = readings["pair-B", "client"]
    own, both = _needs(reading)
    newer = dataclasses.replace(own, sessions=(both.sessions[0] + 1,))
    findings = tuple(newer if f is own else f for f in reading.findings)
    found = {
        g.id: g.findings
        for g in layout.groups(dataclasses.replace(reading, findings=findings))
    }

    assert newer in found["mine"]
    assert found["next"] == (both,)


def test_what_stands_out_comes_first_even_where_nothing_does(readings):
    for reading in readings.values():
        first, *others = layout.groups(reading)
        assert first.id == "cards"
        assert first.findings == layout.standing_out(reading)
        assert bool(first.lead) != bool(reading.cards)
        assert all(group.findings for group in others)


def test_what_is_alone_with_the_reader_is_apart_from_what_both_see(readings):
    for (_, scope), reading in readings.items():
        for group in layout.groups(reading):
            if group.id == "mine":
                assert scope in {"client", "therapist"}
                assert {f.whose for f in group.findings} == {Whose.MINE}
            if group.id == "ours":
                assert {f.whose for f in group.findings} == {Whose.OURS}


def test_what_is_shown_on_request_is_folded(readings):
    asked = 0
    for reading in readings.values():
        for group in layout.groups(reading):
            for finding in group.findings:
                asked += finding.on_request
                assert group.folded or not finding.on_request
    assert asked


def test_every_scope_and_every_level_but_description_has_its_words():
    assert set(layout.HEADINGS) == set(Scope)
    assert set(layout.LEVEL_NAMES) == set(Level) - {Level.COUNT}


def test_what_ones_own_card_has_told_is_not_told_twice(readings):
    told = 0
    for reading in readings.values():
        shown = layout.standing_out(reading)
        own = {f.item for f in shown if f.whose is Whose.MINE}
        left_out = [f for f in reading.cards if f not in shown]
        told += len(left_out)
        assert all(f.whose is Whose.OURS and f.item in own for f in left_out)
    assert told


def test_a_mark_of_both_is_called_so(readings):
    names = {
        layout.level_name(f)
        for reading in readings.values()
        for f in reading.cards
        if f.strand is Strand.APART
    }

    assert names == {"marked by both"}


def test_a_table_holds_every_value_of_its_chart(all_charts):
    for chart in all_charts:
        head, rows = layout.table_of(chart)
        assert rows
        assert all(len(row) == len(head) for row in rows)
        if chart.picture is Picture.MOMENTS:
            assert len(rows) == len(chart.spans)
        elif chart.picture is not Picture.SEAM:
            assert len(rows) == len(chart.rows or chart.sessions)


def test_a_blank_is_a_dash_in_the_table():
    head, rows = layout.table_of(_chart(Picture.LINES))

    assert head == ("session", "client")
    assert rows == (("1", "0"), ("2", "–"), ("3", "1.2"))


def test_the_band_stands_beside_its_values():
    series = Series(
        label="you", seat=Seat.CLIENT, values=(50.0,), lower=(40.0,), upper=(60.0,)
    )
    head, rows = layout.table_of(_chart(Picture.LINES, sessions=(9,), series=(series,)))

    assert head == ("session", "you", "you, usual from", "to")
    assert rows == (("9", "50", "40", "60"),)


def test_held_back_is_yes_or_no():
    _, rows = layout.table_of(_chart(Picture.DOTS))

    assert [row[1] for row in rows] == ["no", "–", "yes"]


def test_the_table_of_the_frame_says_which_sessions_were_not_held():
    head, rows = layout.table_of(_chart(Picture.STRIP, spans=((2, None),)))

    assert head[-1] == "held"
    assert [row[-1] for row in rows] == ["yes", "no", "yes"]


def test_a_seam_has_a_table_even_where_nothing_is_marked():
    head, rows = layout.table_of(
        _chart(Picture.SEAM, series=(), spans=((1, 2), (3, None)))
    )
    _, none = layout.table_of(_chart(Picture.SEAM, series=()))

    assert head == ("apart in session", "back by session")
    assert rows == (("1", "2"), ("3", "no mark yet"))
    assert none == (("none", "–"),)


@pytest.mark.parametrize(
    ("value", "written"),
    [(None, "–"), (0.0, "0"), (-0.0, "0"), (-0.04, "0"), (41.84, "41.8"), (7, "7"),
     (1234567.0, "1234567")],
)  # fmt: skip
def test_numbers(value, written):
    assert layout.number(value) == written


@given(text=st.text())
def test_cleaning_twice_changes_nothing_more_and_keeps_the_length(text):
    once = layout.clean(text)

    assert layout.clean(once) == once
    assert len(once) == len(text)
    assert all(c in "\t\n" or c.isprintable() or ord(c) > 0x9F for c in once)


@pytest.mark.parametrize("text", ["naïve Söndag", "שלום", "a\tb\nc", "🙂 “so”"])
def test_ordinary_words_stay_as_they_are(text):
    assert layout.clean(text) == text
