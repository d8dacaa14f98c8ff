"""``duologue motion`` as a researcher reads it."""

import csv
import sys

import numpy as np
import pytest

pytest.importorskip("av", reason="needs PyAV (duologue[video])")

import av

from duologue.cli import motion_told
from duologue.engine.motion_energy.meter import Meter
from duologue.engine.motion_energy.rows import BODY, motion_energy
from duologue.formats.motion import MotionColumns, read_motion
from duologue.formats.video import Tally, read_video
from videos import CLIENT, HEIGHT, RATE, THERAPIST, WIDTH, scene, write

SEATS = ("--client", "8,20,32,40", "--therapist", "56,20,32,40")
SHARES = (
    *("--client", f"{8 / 96},{20 / 64},{32 / 96},{40 / 64}"),
    *("--therapist", f"{56 / 96},{20 / 64},{32 / 96},{40 / 64}"),
)
N = 150
JPEG = {"codec": "mjpeg", "pix_fmt": "yuvj420p"}


def said(ended):
    return " ".join(ended.out.split())


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def column(path, name):
    return np.array([float(row[name] or "nan") for row in rows_of(path)])


@pytest.fixture(scope="module")
def pictures():
    return scene(N)


@pytest.fixture(scope="module")
def video(pictures, tmp_path_factory):
    return write(tmp_path_factory.mktemp("v") / "v.mkv", pictures)


def by_hand(pictures, *, cut_off=12.0, kernel=3):
    """Return the two people's series as the engine gives them."""
    masks = np.zeros((4, HEIGHT, WIDTH), bool)
    for mask, (x, y, w, h) in zip(
        masks,
        (CLIENT, THERAPIST, (0, 0, 12, 8), (84, 0, 12, 8)),
        strict=True,
    ):
        mask[y : y + h, x : x + w] = True
    meter = Meter(
        masks[:2], masks[2:], kernel=kernel, cut_off=cut_off, is_full_range=False
    )
    return motion_energy([meter.see(p) for p in pictures], limits=(BODY, BODY))


def test_it_writes_what_the_engine_measures_and_says_how(
    cli, tmp_path, video, pictures
):
    out = tmp_path / "m.csv"

    ended = cli("motion", video, *SEATS, "--out", out)

    assert (ended.code, ended.err) == (0, "")
    expected = by_hand(pictures)
    np.testing.assert_allclose(column(out, "client"), expected.people[:, 0], rtol=1e-8)
    np.testing.assert_allclose(
        column(out, "therapist"), expected.people[:, 1], rtol=1e-8
    )
    np.testing.assert_allclose(column(out, "time_s"), np.arange(N) / 25, atol=1e-9)
    assert [row["missing"] for row in rows_of(out)] == ["the first", *[""] * (N - 1)]
    told = said(ended)
    moved = np.mean(expected.people[1:, 0] > 0)
    assert f"{N} rows at 25 Hz, from 0:00 to 0:06." in told
    assert "96 by 64 pixels, median of 3 by 3." in told
    assert "Cut-off 12 of 255 grey levels." in told
    assert f"The client: {moved:.0%} of samples above 0, on average" in told
    assert "Missing: nothing but the first row" in told
    assert "For recordings that both people agreed to. Nothing leaves" in told
    assert "Measured, not judged" in told
    assert "Warning" not in told


def test_synchrony_reads_what_it_wrote(cli, tmp_path, video, pictures):
    out = tmp_path / "m.csv"
    cli("motion", video, *SEATS, "--out", out)

    columns = MotionColumns(
        client=("client",), therapist=("therapist",), time_s="time_s"
    )
    found = read_motion(out, columns)
    asked = ("--client", "client", "--therapist", "therapist", "--time", "time_s")
    ended = cli(
        *("synchrony", out, *asked, "--window", "2", "--step", "1", "--lag", "0.5")
    )

    assert found.rate == pytest.approx(25, rel=1e-6)
    np.testing.assert_allclose(found.client, by_hand(pictures).people[:, 0], rtol=1e-8)
    assert (ended.code, ended.err) == (0, "")
    assert "6 s at 25 Hz." in said(ended)


def test_seats_exchanged_are_columns_exchanged(cli, tmp_path, video):
    turned = ("--client", SEATS[3], "--therapist", SEATS[1])
    cli("motion", video, *SEATS, "--out", tmp_path / "one.csv")
    cli("motion", video, *turned, "--out", tmp_path / "other.csv")

    for name, other in (("client", "therapist"), ("therapist", "client")):
        np.testing.assert_array_equal(
            column(tmp_path / "one.csv", name), column(tmp_path / "other.csv", other)
        )


def test_shares_and_polygons_are_other_words_for_pixels(cli, tmp_path, video):
    corners = ("--client", "8,20 40,20 40,60 8,60", *SEATS[2:])
    for name, seats in (("a", SEATS), ("b", SHARES), ("c", corners)):
        assert cli("motion", video, *seats, "--out", tmp_path / name).code == 0

    assert (tmp_path / "a").read_text() == (tmp_path / "b").read_text()
    assert (tmp_path / "a").read_text() == (tmp_path / "c").read_text()


def test_a_part_is_the_rows_of_the_whole(cli, tmp_path, video):
    cli("motion", video, *SEATS, "--out", tmp_path / "all.csv")
    cli(
        "motion", video, *SEATS, "--from", "2", "--to", "4", "--out", tmp_path / "p.csv"
    )

    whole, part = rows_of(tmp_path / "all.csv"), rows_of(tmp_path / "p.csv")
    assert part[1:] == whole[51:101]
    assert part[0]["time_s"] == "2.000000000"
    assert part[0]["missing"] == "the first"


def test_heads_are_columns_of_their_own_and_may_be_summed(cli, tmp_path, video):
    out = tmp_path / "m.csv"
    heads = (
        *("--client", "8,30,32,30", "--therapist", "56,30,32,30"),
        *("--client-head", "8,20,32,10", "--therapist-head", "56,20,32,10"),
    )

    ended = cli("motion", video, *heads, "--out", out)

    assert list(rows_of(out)[0]) == [
        *("time_s", "client", "therapist", "client_head", "therapist_head"),
        *("background_1", "background_2", "missing"),
    ]
    assert "The client's head: " in said(ended)
    both = MotionColumns(
        client=("client", "client_head"),
        therapist=("therapist", "therapist_head"),
        time_s="time_s",
    )
    summed = column(out, "client") + column(out, "client_head")
    np.testing.assert_allclose(read_motion(out, both).client, summed)


def test_a_cut_off_may_be_given_or_learnt(cli, tmp_path, video, pictures):
    given, learnt = tmp_path / "g.csv", tmp_path / "l.csv"
    cli("motion", video, *SEATS, "--cut-off", "40", "--out", given)

    ended = cli("motion", video, *SEATS, "--cut-off", "background", "--out", learnt)

    np.testing.assert_allclose(
        column(given, "client"), by_hand(pictures, cut_off=40).people[:, 0], rtol=1e-8
    )
    corners = np.concatenate([pictures[:, :8, :12], pictures[:, :8, -12:]])
    away = np.abs(np.diff(corners.astype(int).reshape(2, N, -1), axis=1))
    level = np.quantile(away, 0.99, method="inverted_cdf")
    assert f"Cut-off {level * 255 / 219:.3g} of 255 grey levels (learnt" in said(ended)
    np.testing.assert_allclose(
        column(learnt, "client"),
        by_hand(pictures, cut_off=level * 255 / 219).people[:, 0],
        rtol=1e-8,
    )


# What is no movement


def spoilt(pictures):
    """Double two pictures, turn the light on for one, cut to a mirrored picture."""
    found = pictures.copy()
    found[20], found[40] = found[19], found[39]
    found[60] = np.clip(found[60].astype(int) + 60, 16, 235)
    found[100:] = found[100:, :, ::-1]
    return found


def test_artefacts_are_blank_in_both_and_told_with_their_reasons(
    cli, tmp_path, pictures
):
    path = write(tmp_path / "v.mkv", spoilt(pictures))
    out = tmp_path / "m.csv"

    ended = cli("motion", path, *SEATS, "--out", out)

    blank = np.isnan(column(out, "client"))
    np.testing.assert_array_equal(blank, np.isnan(column(out, "therapist")))
    assert {20, 21, 40, 41, 60, 61, 100} <= set(np.flatnonzero(blank))
    rows = rows_of(out)
    assert rows[20]["missing"] == rows[21]["missing"] == "a picture that came twice"
    for light in (60, 61):
        assert "the background changed" in rows[light]["missing"]
        assert "most of the picture changed" in rows[light]["missing"]
    assert rows[100]["missing"]
    n = blank[1:].sum()
    told = said(ended)
    assert f"Missing in both: {n} of 149 rows ({n / 149:.1%}): a picture" in told
    assert "a picture that came twice 4" in told


def test_many_artefacts_are_a_warning_and_too_many_are_no_result(
    cli, tmp_path, pictures
):
    few, many = pictures.copy(), pictures.copy()
    few[10:150:20] = few[9:149:20]
    many[10:150:8] = many[9:149:8]
    out = tmp_path / "m.csv"

    warned = cli("motion", write(tmp_path / "f.mkv", few), *SEATS, "--out", out)
    refused = cli(
        "motion", write(tmp_path / "m.mkv", many), *SEATS, "--out", tmp_path / "no.csv"
    )

    assert "Warning: 9% of rows are missing" in said(warned)
    assert (refused.code, refused.out) == (2, "")
    assert (
        "m.mkv: gives no result at a cut-off of 12: 24% of rows are missing"
        in refused.err
    )
    assert "a picture that came twice 36" in refused.err
    assert not (tmp_path / "no.csv").exists()


def test_pictures_that_come_unevenly_and_gaps_are_told(cli, tmp_path, pictures):
    rng = np.random.default_rng(5)
    pts = np.cumsum(rng.integers(25, 56, N))
    pts[100:] += 120
    path = write(tmp_path / "v.mkv", pictures, pts=pts.tolist(), rate=1000)

    ended = cli("motion", path, *SEATS, "--rate", "12.5", "--out", tmp_path / "m.csv")

    assert "rows at 12.5 Hz" in said(ended)
    assert "pictures come unevenly: " in said(ended)
    assert "no picture near enough 2" in said(ended)


def test_a_file_that_is_cut_off_is_measured_so_far_and_told(cli, tmp_path, pictures):
    path = write(tmp_path / "v.mkv", pictures)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])

    ended = cli("motion", path, *SEATS, "--out", tmp_path / "m.csv")

    assert ended.code == 0
    assert "Warning: the file ends 3 s before it says; is it whole?" in said(ended)


def test_regions_that_nearly_touch_are_told(cli, tmp_path, video):
    near = ("--client", "8,20,40,40", "--therapist", "48,20,40,40")

    ended = cli("motion", video, *near, "--out", tmp_path / "m.csv")

    assert "nearly touch" in said(ended)


def test_light_that_beats_is_heard_in_the_background(cli, tmp_path, pictures):
    lit = pictures.astype(int)
    lit[::10, 0, :4] += 60  # 4 of the 96 pixels of a corner: no artefact yet
    lit = np.clip(lit, 16, 235).astype(np.uint8)

    ended = cli(
        *("motion", write(tmp_path / "v.mkv", lit), *SEATS),
        *("--out", tmp_path / "m.csv"),
    )

    above = np.mean(by_hand(lit).background[1:] > 0)
    assert 0.097 < above < 0.2  # two changes in ten rows, in one of two corners
    told = f"Background: {above:.1%} of samples above 0, most alike every 0.40 s:"
    assert told in said(ended)
    assert "Missing: nothing but the first row" in said(ended)


def test_a_file_with_everything_noted_says_it_all(video):
    tally = Tally(
        n_pictures=10,
        n_damaged=2,
        n_unordered=1,
        is_interlaced=True,
        end_s=1.0,
        n_steps=100,
        n_uneven=2,
    )

    told = " ".join(motion_told._of_file(read_video(video), 1.0, tally))

    for words in ("2 parts are damaged", "1 pictures have", "interlaced", "unevenly"):
        assert words in told
    assert "the file ends 5 s before it says" in told


# The still


def colours_at(path, *places):
    with av.open(str(path)) as file:
        picture = next(file.decode(video=0)).to_ndarray(format="rgb24")
    return picture, [tuple(map(int, picture[y, x])) for x, y in places]


def test_a_still_shows_the_regions_before_anything_is_measured(
    cli, tmp_path, video, pictures
):
    still = tmp_path / "s.png"

    ended = cli("motion", video, *SEATS, "--still", still)

    assert (ended.code, ended.err) == (0, "")
    assert "For recordings that both people agreed to" in said(ended)
    assert [p.name for p in tmp_path.iterdir()] == ["s.png"]
    picture, found = colours_at(still, (8, 20), (87, 59), (0, 0), (95, 7))
    assert found[0] == (86, 180, 233)
    assert found[1] == (230, 159, 0)
    assert found[2] == found[3] == (210, 210, 210)
    inside = (pictures[0, 30, 20] - 16.0) * 255 / 219
    np.testing.assert_allclose(picture[30, 20], np.full(3, inside), atol=0.5)


def test_a_still_of_a_turned_video_is_as_it_is_shown(cli, tmp_path, pictures):
    path = write(tmp_path / "v.mov", pictures[:40], rotation=90, **JPEG)
    # As shown it is 64 wide and 96 high: the client below, the therapist above.
    seats = (
        *("--client", "20,56,40,32", "--therapist", "20,8,40,32"),
        *("--background", "0,0,12,12", "0,84,12,12"),
    )

    ended = cli(
        "motion", path, *seats, "--still", tmp_path / "s.png", "--out", tmp_path / "m"
    )

    assert (ended.code, ended.err) == (0, "")
    assert "64 by 96 pixels" in said(ended)
    picture, found = colours_at(tmp_path / "s.png", (20, 56), (59, 39))
    assert picture.shape == (96, 64, 3)
    assert found == [(86, 180, 233), (230, 159, 0)]
    upright = write(tmp_path / "u.mov", pictures[:40], **JPEG)
    cli("motion", upright, *SEATS, "--out", tmp_path / "u")
    np.testing.assert_array_equal(
        column(tmp_path / "m", "client"), column(tmp_path / "u", "client")
    )


def test_nothing_is_ever_written_over(cli, tmp_path, video):
    there = tmp_path / "m.csv"
    there.write_text("mine")

    for option in ("--out", "--still"):
        ended = cli("motion", video, *SEATS, option, there)
        assert ended.code == 2
        assert "exists already" in ended.err
    assert there.read_text() == "mine"


def test_on_a_terminal_it_says_how_far_it_is(cli, tmp_path, video, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")

    ended = cli("motion", video, *SEATS, "--out", tmp_path / "m.csv")

    assert ended.code == 0
    assert "Measuring" in ended.err


def test_without_the_package_it_says_which(cli, tmp_path, video, monkeypatch):
    monkeypatch.setitem(sys.modules, "av", None)

    ended = cli("motion", video, *SEATS, "--out", tmp_path / "m.csv")

    assert ended.code == 2
    assert "duologue[video]" in ended.err


def test_the_usual_rate_is_a_whole_part_of_a_fast_one(cli, tmp_path, pictures):
    path = write(tmp_path / "v.mkv", pictures, rate=2 * RATE)

    ended = cli("motion", path, *SEATS, "--out", tmp_path / "m.csv")

    assert "75 rows at 25 Hz, from 0:00 to 0:03." in said(ended)


# What is refused once the picture is known


@pytest.mark.parametrize(
    ("seats", "more", "says"),
    [
        (("--client", "8,20,50,40", *SEATS[2:]), (), "of client and therapist do"),
        (
            (*SEATS, "--background", "0,0,9,30", "80,0,9,9"),
            (),
            "of client and background do",
        ),
        (
            (*SEATS, "--client-head", "8,20,9,9", "--therapist-head", "60,2,9,9"),
            (),
            "of client and client head do",
        ),
        ((*SEATS, "--client-head", "8,2,9,9"), (), "of both people, or of neither"),
        (("--client", "8,20,99,40", *SEATS[2:]), (), "--client: a region must lie in"),
        ((*SEATS, "--background", "0,0,9,9", "90,0,9,9"), (), "--background: a region"),
        (
            ("--client", "0,0,30,64", *SEATS[2:]),
            (),
            "no two corners are free",
        ),
        (("--client", "8,20,0.1,0.1", *SEATS[2:]), (), "a pixel or more"),
        (SEATS, ("--rate", "500"), "at most 240 Hz"),
        (SEATS, ("--from", "60"), "no two pictures in this part"),
        (SEATS, ("--to", "0.01"), "no two pictures in this part"),
    ],
)
def test_what_does_not_fit_the_picture_is_refused(
    cli, tmp_path, video, seats, more, says
):
    ended = cli("motion", video, *seats, *more, "--out", tmp_path / "m.csv")

    assert (ended.code, ended.out) == (2, "")
    assert says in ended.err
    assert list(tmp_path.iterdir()) == []


def test_a_still_beyond_the_end_and_a_background_that_is_too_still_are_refused(
    cli, tmp_path, pictures
):
    still = pictures.copy()
    still[:, :8] = 100
    path = write(tmp_path / "v.mkv", still)

    beyond = cli("motion", path, *SEATS, "--from", "60", "--still", tmp_path / "s.png")
    learnt = cli(
        "motion", path, *SEATS, "--cut-off", "background", "--out", tmp_path / "m.csv"
    )

    assert (beyond.code, learnt.code) == (2, 2)
    assert "has no picture from 60 s on" in beyond.err
    assert "no two pictures differ in the background" in learnt.err


def test_a_low_cut_off_that_was_learnt_is_told(cli, tmp_path):
    calm = scene(N, noise=0.0)
    calm[::3, :8] += 1

    ended = cli(
        *("motion", write(tmp_path / "v.mkv", calm), *SEATS),
        *("--cut-off", "background", "--out", tmp_path / "m.csv"),
    )

    assert "the cut-off that it teaches is low" in said(ended)
