"""Pictures of moving in step: what they show is what was found."""

import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from duologue.faces.moving_svg import (
    COLUMNS,
    ROWS,
    both_series,
    heat_map,
    lag_profile,
    time_line,
)

SVG = "{http://www.w3.org/2000/svg}"
LAGS = np.arange(-2.0, 3.0)


def drawn(svg):
    return ET.fromstring(svg)  # noqa: S314 - our own


def words(picture):
    return [each.text for each in picture.iter(f"{SVG}text")]


def paths(picture):
    return [each.get("d") for each in picture.iter(f"{SVG}path")]


def cells(picture):
    """Return how strong each cell is, by its place; what is empty is not there."""
    found = {}
    for path in picture.iter(f"{SVG}path"):
        for x, y in re.findall(r"M([\d.]+) ([\d.]+)h", path.get("d")):
            found[float(x), float(y)] = float(path.get("fill-opacity"))
    return found


def heat(z, *, window_s=30.0, step_s=30.0, end_s=None):
    end_s = end_s or len(z) * step_s
    return drawn(
        heat_map(
            np.array(z),
            lag_s=1,
            window_s=window_s,
            step_s=step_s,
            end_s=end_s,
            told="made up",
            id_prefix="h",
        )
    )


def test_a_profile_without_chance_is_one_line_and_says_so():
    svg = lag_profile(
        LAGS, np.array([0, 0.1, 0.2, 0.1, 0]), chance=None, told="up", id_prefix="p"
    )
    picture = drawn(svg)

    assert picture.find(f"{SVG}desc").text == "up"
    assert picture.find(f"{SVG}polygon") is None
    assert len(paths(picture)) == 2
    assert words(picture)[-1] == "line: this session"


def test_beside_chance_there_are_a_shade_and_dashes_and_what_they_mean():
    flat = np.full(5, 0.1)
    svg = lag_profile(
        LAGS, flat, chance=(-flat, flat, 2 * flat), told="", id_prefix="p"
    )
    picture = drawn(svg)

    assert len(picture.find(f"{SVG}polygon").get("points").split()) == 10
    assert [p.get("stroke-dasharray") for p in picture.iter(f"{SVG}path")] == [
        None, "5 3", None,
    ]  # fmt: skip
    assert "mean z up to 0.20" in words(picture)


def test_a_line_stops_where_a_lag_is_blank():
    mean = np.array([0.1, 0.2, np.nan, 0.1, 0.2])

    picture = drawn(lag_profile(LAGS, mean, chance=None, told="", id_prefix="p"))

    assert paths(picture)[-1].count("M") == 2


def test_the_highest_value_stands_highest():
    mean = np.array([0.0, 0.1, 0.2, 0.4, 0.3])
    picture = drawn(lag_profile(LAGS, mean, chance=None, told="", id_prefix="p"))

    heights = [
        float(y) for _, y in re.findall(r"([\d.]+) ([\d.]+)", paths(picture)[-1])
    ]

    assert np.argmin(heights) == 3  # the top of a picture is 0


def test_a_cell_is_the_stronger_the_more_they_went_together():
    found = cells(heat([[0.8, 0.0, 0.2], [-0.5, 0.4, 5.0]]))

    assert sorted(found.values()) == [0.25, 0.5, 1.0, 1.0]


def test_the_client_first_is_at_the_top_and_time_runs_to_the_right():
    (client_first,) = cells(heat([[0, 0, 0.8], [0, 0, 0]]))
    (therapist_first,) = cells(heat([[0, 0, 0], [0.8, 0, 0]]))

    assert client_first[1] < therapist_first[1]
    assert client_first[0] < therapist_first[0]


def test_a_window_is_drawn_around_its_middle():
    z = [[0.8], [0.0], [0.8]]

    found = cells(heat(z, window_s=40.0, step_s=10.0, end_s=76.0))

    assert sorted(x for x, _ in found) == [8 + 4 * 15, 8 + 4 * 35]


def test_what_cannot_be_said_is_marked_and_explained():
    blank = heat([[np.nan, 0.1, 0.1], [0.1, 0.1, 0.1]])

    assert "slanted lines: cannot be said" in words(blank)
    assert sum("l" in path for path in paths(blank)) == 1
    assert "slanted lines: cannot be said" not in words(heat([[0.1, 0.1, 0.1]]))


def test_a_long_session_shares_cells_and_none_is_lost():
    z = np.full((1000, 501), 0.4)
    z[:, 0] = np.nan  # the other lags of its row can be said

    found = cells(heat(z))

    assert len(found) == ROWS * COLUMNS
    assert set(found.values()) == {0.5}


def test_a_moment_lies_where_it_was():
    svg = time_line([(150.0, 300.0)], end_s=600.0, told="one", id_prefix="m")

    (moment,) = drawn(svg).iter(f"{SVG}rect")
    assert float(moment.get("x")) == 8 + 304 / 4
    assert float(moment.get("width")) == 304 / 4
    assert words(drawn(svg)) == ["0:00", "10:00"]


def test_no_moment_leaves_the_line():
    picture = drawn(time_line([], end_s=600.0, told="none", id_prefix="m"))

    assert [*picture.iter(f"{SVG}rect")] == []
    assert len(paths(picture)) == 1


@pytest.mark.parametrize("told", ["<b>", "a & b"])
def test_words_are_escaped(told):
    picture = drawn(time_line([], end_s=60.0, told=told, id_prefix="m"))

    assert picture.find(f"{SVG}desc").text == told


def series(client, therapist, moments=()):
    return drawn(
        both_series(
            np.array(client),
            np.array(therapist),
            moments,
            end_s=100.0,
            told="made up",
            id_prefix="b",
        )
    )


def columns(path):
    """Return how tall each column of a series is drawn, downwards above 0."""
    return [float(v) for v in re.findall(r"v(-?[\d.]+)h", path)]


def test_the_two_series_stand_back_to_back_each_by_its_own_measure():
    up, down = paths(series([0.0, 1.0, 0.5], [0.0, 1000.0, 500.0]))

    assert columns(up) == [-each for each in columns(down)]
    assert columns(down)[0] == pytest.approx(0.9)  # at rest, and there
    assert columns(down)[1] == max(columns(down)) == 60


def test_exchanged_series_are_drawn_upside_down():
    one, other = [0.0, 3.0, 1.0], [5.0, 0.0, 2.0]
    first, second = series(one, other), series(other, one)

    assert columns(paths(first)[0]) == [-v for v in columns(paths(second)[1])]


def test_what_is_missing_is_a_gap_and_all_of_it_no_series():
    nan = float("nan")

    assert len(columns(paths(series([1.0, nan, 2.0], [1.0, 2.0, 3.0]))[0])) == 2
    assert len(paths(series([nan, nan], [1.0, 2.0]))) == 1


def test_a_long_series_has_no_more_columns_than_the_picture_has_room_for():
    long = np.arange(10_000.0)

    assert len(columns(paths(series(long, long))[0])) == 304


def test_moments_are_shaded_and_named_in_the_key():
    picture = series([0.0, 1.0], [1.0, 0.0], [(20.0, 70.0)])

    (shade,) = picture.iter(f"{SVG}rect")
    assert float(shade.get("width")) == pytest.approx(152, abs=0.1)
    assert words(picture)[-1] == "shade: a moment beyond chance"
    assert "shade" not in " ".join(words(series([0.0, 1.0], [1.0, 0.0])))


def test_a_series_that_does_not_change_is_drawn_flat():
    assert set(columns(paths(series([2.0, 2.0], [1.0, 3.0]))[0])) == {-0.9}
