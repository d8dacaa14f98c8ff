"""The ribbon of two voices: well-formed, told in words, equal for both, without a word."""

import re
import xml.etree.ElementTree as ET

import pytest

from duologue.faces.ribbon_svg import LINE_S, places_of, ribbon_svg
from duologue.records import Noticed, Seat, Segment, Turns
from duologue.relationship.spoken import spoken_in

SVG = "{http://www.w3.org/2000/svg}"


def talk(n_turns=40, *, first=Seat.CLIENT, timed=True, ends=True):
    """Return a made-up transcript in which the two speak by turns."""
    at, segments = 0.0, []
    for k in range(n_turns):
        long = 2.0 + 3 * (k % 4)
        seat = first if k % 2 == 0 else first.other
        segments.append(
            Segment(
                seat,
                at if timed else None,
                at + long if timed and ends else None,
                "I notice it between us. " * (1 + k % 3),
            )
        )
        at += long + (4.0 if k % 7 == 3 else 0.3 + 0.1 * (k % 5))
    return spoken_in(
        Turns(session=3, segments=tuple(segments), resolution_s=0.1 if timed else None)
    )


def drawn(spoken):
    return ribbon_svg(spoken, client="client", therapist="therapist")


def parsed(picture):
    return ET.fromstring(picture)  # noqa: S314 - our own


def test_it_is_one_well_formed_picture_with_a_name_and_a_description():
    root = parsed(drawn(talk()))

    assert root.tag == f"{SVG}svg"
    assert root.find(f"{SVG}title").text == "Session 3, who spoke when"
    assert "client 20 turns" in root.find(f"{SVG}desc").text
    assert root.attrib["aria-labelledby"] == "ribbon-3-t ribbon-3-d"


def test_both_voices_are_drawn_as_often_as_they_speak():
    spoken = talk()
    root = parsed(drawn(spoken))

    for seat in Seat:
        paths = [
            p.attrib["d"] for p in root.findall(f"{SVG}g[@class='{seat}']/{SVG}path")
        ]
        assert sum(d.count("z") for d in paths) == sum(
            s.seat is seat for s in spoken.stretches
        )


def test_exchanged_seats_exchange_above_and_below():
    here = parsed(drawn(talk()))
    there = parsed(drawn(talk(first=Seat.THERAPIST)))

    def widths(root, seat):
        found = root.find(f"{SVG}g[@class='{seat}']/{SVG}path").attrib["d"]
        return re.findall(r"M([\d.]+) [\d.]+v-?[\d.]+h([\d.]+)", found)

    assert widths(here, Seat.CLIENT) == widths(there, Seat.THERAPIST)
    assert widths(here, Seat.THERAPIST) == widths(there, Seat.CLIENT)


def test_a_long_session_is_folded_into_lines_and_stays_small():
    spoken = talk(700)
    picture = drawn(spoken)
    minutes = places_of(spoken)[-1][1] / 60
    root = parsed(picture)

    assert len(root.findall(f"{SVG}g[@class='client']")) == -(-minutes // (LINE_S / 60))
    assert len(picture) < 60_000


def test_no_word_of_what_was_said_is_in_it():
    assert "notice" not in drawn(talk())


@pytest.mark.parametrize(
    ("how", "key"),
    [
        ({"timed": False}, "the file has no times: drawn word by word"),
        ({"ends": False}, "no ends in the file: drawn from start to start"),
        ({}, "dots in the middle: 3 s of silence or more"),
    ],
)
def test_it_says_what_its_places_go_by(how, key):
    assert key in drawn(talk(**how))


def test_where_nobody_speaks_there_is_no_picture():
    assert drawn(spoken_in(Turns(session=3, segments=()))) == ""


def test_a_single_word_is_drawn():
    one = Turns(session=1, segments=(Segment(Seat.CLIENT, 1.0, 1.0, "Yes."),))
    assert parsed(drawn(spoken_in(one))) is not None


@pytest.mark.parametrize("n_turns", [4, 40, 130])
def test_without_ends_the_last_voice_and_its_passage_are_drawn_as_well(n_turns):
    spoken = talk(n_turns, ends=False)
    root = parsed(drawn(spoken))
    paths = [p.attrib["d"] for p in root.findall(f"{SVG}g/{SVG}path")]

    assert spoken.places == "starts"
    assert sum(d.count("z") for d in paths) >= len(spoken.stretches)
    assert drawn(spoken).count("l3.5 4l-3.5 4l-3.5 -4z") == len(
        [p for p in spoken.passages if p.kind is Noticed.HERE_AND_NOW]
    )


def test_a_start_that_steps_back_is_drawn_where_its_words_are_counted():
    both = Seat.CLIENT, Seat.THERAPIST
    segments = [
        Segment(both[n % 2], at, None, "I notice it")
        for n, at in enumerate([1.0, 9.0, 8.0, 20.0])
    ]
    spoken = spoken_in(Turns(session=3, segments=tuple(segments), resolution_s=1.0))

    assert places_of(spoken) == ((1.0, 9.0), (9.0, 9.0), (9.0, 20.0), (20.0, 20.0))
