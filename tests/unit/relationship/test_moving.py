"""What a recording lets the program say, and what it never says."""

from dataclasses import replace

import numpy as np
import pytest

from duologue.faces.as_html import one_reading
from duologue.faces.as_json import to_dict
from duologue.faces.as_text import to_text
from duologue.faces.layout import table_of
from duologue.formats.alone import recording_alone
from duologue.records import Modality, Motion
from duologue.relationship import Level, Picture, Strand, read
from duologue.relationship.moving import clock
from duologue.sharing import seen_by, seen_in_research, seen_together
from made_up_synchrony import FOUND, WITH_MOMENTS


@pytest.fixture
def course():
    still = Motion(client=np.zeros(3), therapist=np.zeros(3), rate=1.0)
    return recording_alone(still, Modality.MOTION)


def reading_of(course, found, seen=seen_together):
    return read(seen(replace(course, synchrony=(found,))))


def findings(course, found, seen=seen_together):
    reading = reading_of(course, found, seen)
    return [f for f in reading.findings if f.strand is Strand.MOVING]


def test_more_than_chance_is_said_beside_how_often_chance_does_as_much(course):
    whole, _ = findings(course, FOUND)

    assert "went together more than" in whole.sentence
    assert "about 0.8 s apart" in whole.sentence
    assert whole.chance_rate == 0.05
    assert "in 1 in 20 sessions chance alone" in whole.how_sure
    assert "More is not better" in whole.another_reading
    assert whole.level is Level.UNUSUAL
    assert not whole.card


def test_what_chance_gives_as_often_is_said_as_that_and_nothing_more(course):
    whole, _ = findings(course, replace(FOUND, p=0.2))

    assert "cannot be told from what the same recording" in whole.sentence
    assert whole.chance_rate is None
    assert "weak link" in whole.how_sure


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"n_surrogates": 0, "p": None, "moments": None}, "too short"),
        ({"peak": None, "peak_lag_s": None, "p": None}, "Nothing can be said"),
        ({"p": None}, "Nothing can be said"),
        (
            {"n_surrogates": 0, "p": None, "needed_s": 0.0, "moments": None},
            "too few samples a second",
        ),
    ],
)
def test_what_cannot_be_told_is_said_so(course, changes, said):
    found = findings(course, replace(FOUND, **changes))

    assert len(found) == 1
    assert said in found[0].sentence
    assert found[0].level is Level.TOO_EARLY


def test_nobody_is_said_to_lead_a_whole_session(course):
    text = " ".join(f.sentence for f in findings(course, FOUND))

    assert "led" not in text
    assert "client" not in text


def test_a_moment_is_told_with_its_time_and_who_was_first(course):
    _, told = findings(course, WITH_MOMENTS)

    assert told.sentence == (
        "In session 1 your movements followed one another closely from 12:40 to 13:30 "
        "(the client first, by 0.8 s) and from 20:10 to 21:00."
    )
    assert told.chance_rate == 0.05
    assert told.chart.spans == ((760, 810), (1210, 1260))
    assert table_of(told.chart)[1] == (("12:40", "13:30"), ("20:10", "21:00"))


def test_no_moment_is_the_usual_answer(course):
    _, told = findings(course, FOUND)

    assert "usual answer" in told.sentence
    assert told.level is Level.COUNT


@pytest.mark.parametrize(
    ("modality", "what"),
    [(Modality.VOICE, "voices"), (Modality.PHYSIOLOGY, "bodies")],
)
def test_each_modality_is_told_by_itself(course, modality, what):
    whole, moments = findings(course, replace(FOUND, modality=modality))

    assert f"your {what} went together" in whole.sentence
    assert f"stretch of your {what}" in moments.sentence
    assert whole.title != moments.title


def test_a_researcher_is_told_of_them_and_asked_nothing(course):
    for found in findings(course, FOUND, seen_in_research):
        assert "your" not in found.sentence
        assert found.question == ""


@pytest.mark.parametrize("person", ["client", "therapist"])
def test_both_are_told_the_same(course, person):
    one = reading_of(course, FOUND, lambda c: seen_by(c, person))

    assert tuple(f for f in one.findings if f.strand is Strand.MOVING) == tuple(
        findings(course, FOUND)
    )


def test_the_chart_has_few_lags_and_lag_0_among_them(course):
    chart = findings(course, FOUND)[0].chart

    assert chart.picture is Picture.LAGS
    assert len(chart.rows) <= 41
    assert "+0.00" in chart.rows
    assert chart.series[0].lower[0] == -0.05
    assert chart.series[1].values[0] == 0.1


def test_without_chance_only_the_line_is_drawn(course):
    found = replace(FOUND, low=(), high=(), band=(), n_surrogates=0, p=None)
    chart = findings(course, found)[0].chart

    assert len(chart.series) == 1
    assert chart.series[0].lower == ()


def test_every_face_shows_picture_table_and_words(course):
    reading = reading_of(course, FOUND)
    page, text = one_reading(reading), to_text(reading)

    assert "Moving in step" in page
    assert "this session, chance from" in page
    assert 'aria-labelledby="' in page
    assert "therapist first" in text
    assert "more is not" in text
    told = next(f for f in to_dict(reading)["findings"] if f["strand"] == "moving")
    assert told["chart"]["picture"] == "lags"


def test_a_recordings_notes_stand_below(course):
    reading = reading_of(course, replace(FOUND, notes=("time stamps are uneven",)))

    assert "Recording of session 1: time stamps are uneven" in reading.notes


def test_times_are_written_as_a_clock_does():
    assert [clock(s) for s in (0, 59.6, 3600)] == ["0:00", "1:00", "60:00"]
