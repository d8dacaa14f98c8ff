"""Videos: brightness as it is stored, by time stamps, and files that are none."""

import math
import os
import sys
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("av", reason="needs PyAV (duologue[video])")

from duologue.errors import FileError, ParameterError
from duologue.formats.video import Tally, png, read_video
from duologue.formats.video.grid import on_grid
from duologue.formats.video.luma import luma
from videos import HEIGHT, WIDTH, as_frame, scene, write

SIZE = (HEIGHT, WIDTH)


@pytest.fixture(scope="module")
def pictures():
    return scene(30)


def pictures_of(path, rate=25, **wanted):
    return list(read_video(path).pictures(rate, **wanted))


def assert_same(found, expected):
    """Compare lists of pictures, of which some may not be there."""
    assert [each is None for each in found] == [each is None for each in expected]
    for one, other in zip(found, expected, strict=True):
        if one is not None:
            np.testing.assert_array_equal(one, other)


# What is read


def test_brightness_comes_as_it_is_stored_and_the_file_is_described(tmp_path, pictures):
    path = write(tmp_path / "v.mkv", pictures)

    video = read_video(path)

    assert (video.height, video.width, video.quarter_turns) == (*SIZE, 0)
    assert (video.rate, video.is_full_range) == (25, False)
    assert video.seconds == pytest.approx(1.2)
    assert_same(list(video.pictures(25)), list(pictures))


@pytest.mark.parametrize("width", [96, 66, 35])
def test_rows_that_are_padded_are_cut(tmp_path, width):
    made = scene(3, width=96)[:, :, :width]

    assert_same(pictures_of(write(tmp_path / "v.mkv", made)), list(made))


@pytest.mark.parametrize(
    ("pix_fmt", "is_full"),
    [
        ("yuv444p", False),
        ("yuv420p10le", False),
        ("yuv444p12le", False),
        ("yuva420p", False),
        ("gray", True),
        ("gray16le", True),
    ],
)
def test_a_plane_of_brightness_is_taken_as_it_is(tmp_path, pictures, pix_fmt, is_full):
    path = write(tmp_path / "v.mkv", pictures[:3], pix_fmt=pix_fmt)

    assert_same(pictures_of(path), list(pictures[:3]))
    assert read_video(path).is_full_range is is_full


@pytest.mark.parametrize("pix_fmt", ["nv12", "p010le", "yuv420p16le", "yuv420p10be"])
def test_frames_of_other_layouts_have_the_same_brightness(pictures, pix_fmt):
    frame = as_frame(pictures[0], "yuv420p10le")

    found = luma(frame.reformat(format=pix_fmt))

    expected = pictures[0].astype(float)
    if pix_fmt.endswith("be"):  # no plane of ours: made grey of full range
        expected = (expected - 16) * 255 / 219
    np.testing.assert_allclose(found, expected, atol=1)


def test_pictures_of_two_fields_are_noticed(tmp_path, pictures):
    fields = {"flags": "+ilme+ildct"}
    path = write(tmp_path / "v.ts", pictures, codec="mpeg2video", options=fields)
    whole, tally = Tally(), Tally()

    pictures_of(write(tmp_path / "w.mkv", pictures), tally=whole)
    pictures_of(path, tally=tally)

    assert (whole.is_interlaced, tally.is_interlaced) == (False, True)


@pytest.mark.parametrize(
    ("codec", "pix_fmt"), [("rawvideo", "bgr24"), ("ffv1", "bgr0"), ("png", "rgb24")]
)
def test_what_has_colours_alone_is_made_grey_of_full_range(tmp_path, codec, pix_fmt):
    av = pytest.importorskip("av")
    levels = np.arange(0, 256, 5, dtype=np.uint8)
    grey = np.repeat(levels[None, :], 16, axis=0)
    path = tmp_path / "v.avi"
    with av.open(str(path), "w") as file:
        stream = file.add_stream(codec, rate=25)
        stream.width, stream.height, stream.pix_fmt = levels.size, 16, pix_fmt
        for k in range(2):
            frame = av.VideoFrame.from_ndarray(np.dstack([grey] * 3), "rgb24")
            frame = frame.reformat(format=pix_fmt)
            frame.pts = k
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))

    found = pictures_of(path)

    assert len(found) == 2
    np.testing.assert_allclose(found[0].astype(int), grey, atol=2)
    assert read_video(path).is_full_range


def test_packed_brightness_is_made_grey_of_full_range(tmp_path):
    av = pytest.importorskip("av")
    path = tmp_path / "v.avi"
    with av.open(str(path), "w") as file:
        stream = file.add_stream("rawvideo", rate=25)
        stream.width, stream.height, stream.pix_fmt = 32, 16, "yuyv422"
        frame = av.VideoFrame(32, 16, "yuyv422")
        rows = np.frombuffer(frame.planes[0], np.uint8).reshape(16, -1)
        rows[:, 0:64:2], rows[:, 1:64:2] = 235, 128
        rows[:8, 0:64:2] = 16
        frame.pts = 0
        file.mux(stream.encode(frame))
        file.mux(stream.encode(None))

    (found,) = pictures_of(path)

    assert set(found[:8].ravel()) == {0}
    assert set(found[8:].ravel()) == {255}


def test_a_video_of_full_range_says_so(tmp_path, pictures):
    path = write(tmp_path / "v.mkv", pictures[:3], full_range=True)

    assert read_video(path).is_full_range


def test_titles_in_another_encoding_do_not_matter(tmp_path, pictures):
    path = write(tmp_path / "v.mkv", pictures[:3])
    content = path.read_bytes()
    assert b"DURATION" in content
    path.write_bytes(content.replace(b"DURATION", b"DURATI\xd6N"))

    assert_same(pictures_of(path), list(pictures[:3]))


@pytest.mark.parametrize("rotation", [90, -90, 180])
def test_a_video_that_is_shown_turned_is_described_as_it_is_shown(
    tmp_path, pictures, rotation
):
    path = write(tmp_path / "v.mp4", pictures[:2], codec="mpeg4", rotation=rotation)
    stored = next(
        iter(
            read_video(write(tmp_path / "u.mp4", pictures[:2], codec="mpeg4")).pictures(
                25
            )
        )
    )

    video = read_video(path)

    turns = rotation // 90
    shown = np.rot90(stored, turns)
    assert (video.height, video.width) == shown.shape
    found = next(iter(video.pictures(25)))
    np.testing.assert_array_equal(found, stored)
    np.testing.assert_array_equal(video.as_shown(found), shown)
    mask = np.zeros(shown.shape, bool)
    mask[:5, :9] = True
    np.testing.assert_array_equal(found[video.as_stored(mask)].sum(), shown[mask].sum())


def test_a_video_that_is_shown_at_a_slant_is_refused(tmp_path, pictures):
    path = write(tmp_path / "v.mp4", pictures[:2], codec="mpeg4", rotation=30)

    with pytest.raises(FileError, match="at a slant"):
        read_video(path)


# When pictures come


def test_every_second_picture_is_half_the_rate(tmp_path, pictures):
    path = write(tmp_path / "v.mkv", pictures)

    assert_same(pictures_of(path, 12.5), list(pictures[::2]))


def test_a_part_is_the_same_pictures_whether_sought_or_not(tmp_path, pictures):
    longer = np.concatenate([pictures] * 3)
    path = write(tmp_path / "v.mkv", longer)
    key = write(tmp_path / "k.mp4", longer, codec="mpeg4", options={"g": "12"})

    assert_same(pictures_of(path, first=10, last=20), list(longer[10:21]))
    assert_same(pictures_of(path, first=80), list(longer[80:]))
    assert_same(pictures_of(path, first=500), [])
    assert_same(pictures_of(key, first=61, last=70), pictures_of(key)[61:71])


def test_pictures_that_come_unevenly_are_the_nearest_to_each_moment(tmp_path, pictures):
    times = np.cumsum(np.random.default_rng(2).choice([15, 33, 40, 52], 30)) - 15
    times -= times[0]
    path = write(tmp_path / "v.mkv", pictures, pts=times.tolist(), rate=1000)
    tally = Tally()

    found = pictures_of(path, 25, tally=tally)

    grid = np.arange(len(found)) * 40
    for moment, picture in zip(grid, found, strict=True):
        away = np.abs(times - moment)
        if away.min() >= 20:
            assert picture is None
        else:
            np.testing.assert_array_equal(picture, pictures[away.argmin()])
    assert tally.n_pictures == 30
    assert tally.end_s == pytest.approx(times[-1] / 1000)
    assert 0 < tally.n_uneven < tally.n_steps < 30


def test_a_gap_in_time_is_a_gap_in_pictures(tmp_path, pictures):
    pts = [*range(10), *range(14, 34)]
    path = write(tmp_path / "v.mkv", pictures, pts=pts)

    found = pictures_of(path)

    assert_same(found, [*pictures[:10], *[None] * 4, *pictures[10:]])


@pytest.mark.parametrize("rate", [0, -1, math.nan, 241])
def test_a_rate_that_is_none_is_refused(tmp_path, pictures, rate):
    path = write(tmp_path / "v.mkv", pictures[:2])

    with pytest.raises(ParameterError, match="rate must be above 0 Hz and at most 240"):
        pictures_of(path, rate)


def test_the_grid_takes_the_nearest_and_of_two_the_earlier():
    times = (0.0, 0.03, 0.05, 0.1, 0.13, 0.3, 0.33)
    timed = list(zip(times, "abcdefg", strict=True))

    found = list(on_grid(timed, 25))

    # .05 is as near to .04 as .03 is; .1 and .3 are halfway between two moments.
    assert found == [
        (0.0, "a"),
        (0.03, "b"),
        None,
        (0.13, "e"),
        *[None] * 4,
        (0.33, "g"),
    ]
    assert list(on_grid(timed, 25, first=1, last=3)) == found[1:4]
    assert list(on_grid([], 25)) == []


def test_time_that_begins_anew_or_leaps_is_refused_and_a_slip_is_left_out(
    tmp_path, pictures
):
    anew = [*range(60, 70), *range(5)]
    for pts, match in (
        ([*range(3), *range(100_000, 100_003)], "leaps by more than an hour"),
        (None, None),
    ):
        path = write(tmp_path / f"{match}.mkv", pictures[: len(pts or anew)], pts=pts)
        if match:
            with pytest.raises(FileError, match=match):
                pictures_of(path)
    video = read_video(path)
    frames = [_Frame(k / 25) for k in anew]
    slips = [_Frame(t / 25) for t in (0, 1, 2, 2, 1, 3)]
    tally = Tally()

    with pytest.raises(FileError, match=r"begins time anew at 2\.8 s"):
        list(_timed(video, frames, Tally()))
    kept = list(_timed(video, slips, tally))

    assert [round(25 * time) for time, _ in kept] == [0, 1, 2, 3]
    assert tally.n_unordered == 2


class _Frame:
    """What of a frame is looked at before its brightness."""

    height, width = SIZE
    interlaced_frame = False

    def __init__(self, time):
        self.pts = self.time = time


def _timed(video, frames, tally):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(
            "duologue.formats.video.reading._frames", lambda *_: iter(frames)
        )
        yield from video._timed(0.0, tally)


def test_a_picture_of_another_size_or_without_a_time_is_refused(tmp_path, pictures):
    video = read_video(write(tmp_path / "v.mkv", pictures[:2]))
    other, timeless = _Frame(0.04), _Frame(None)
    other.height = 5

    with pytest.raises(FileError, match=r"changes the size of its picture at 0.0 s"):
        list(_timed(video, [_Frame(0.0), other], Tally()))
    with pytest.raises(FileError, match="without time stamps"):
        list(_timed(video, [timeless], Tally()))


# Files that are none, or not whole


def test_a_file_that_is_cut_off_is_read_as_far_as_it_goes(tmp_path, pictures):
    path = write(tmp_path / "v.mkv", pictures)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 2 // 3])
    tally = Tally()

    found = pictures_of(path, tally=tally)

    assert 10 < len(found) < 30
    assert_same(found, list(pictures[: len(found)]))
    assert tally.end_s == pytest.approx((len(found) - 1) / 25)


def test_a_file_whose_index_is_cut_off_is_refused(tmp_path, pictures):
    path = write(tmp_path / "v.mp4", pictures, codec="mpeg4")
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])

    with pytest.raises(FileError, match="its end may be missing"):
        read_video(path)


def test_damage_in_the_middle_is_passed_over_and_counted(tmp_path, pictures):
    path = write(tmp_path / "v.avi", pictures, codec="png", pix_fmt="gray")
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 40] = bytes(range(40))
    path.write_bytes(content)
    tally = Tally()

    found = pictures_of(path, tally=tally)

    assert tally.n_damaged >= 1
    assert len(found) >= 25
    assert 28 <= tally.n_pictures < 30
    assert sum(each is None for each in found) == len(found) - tally.n_pictures


@pytest.mark.parametrize(
    ("name", "codec"),
    [("v.mp4", "mpeg4"), ("v.mkv", "ffv1"), ("v.avi", "mpeg4"), ("v.ts", "mpeg2video")],
)
def test_a_damaged_file_is_read_or_refused_in_words(tmp_path, pictures, name, codec):
    path = write(tmp_path / name, pictures[:12], codec=codec)
    content = np.frombuffer(path.read_bytes(), np.uint8)
    rng = np.random.default_rng(content.size)
    n_read, refusals = 0, []
    for _ in range(40):
        damaged = content.copy()
        # Half of it in the head of the file, where it says what it is.
        last = min(content.size, 600) if rng.random() < 0.5 else content.size
        places = rng.integers(0, last, rng.integers(1, 30))
        damaged[places] = rng.integers(0, 256, places.size)
        path.write_bytes(damaged[: rng.integers(1, 2 * content.size)].tobytes())
        try:
            # Time stamps may be anything now: what comes first is enough.
            n_read += bool(list(islice(read_video(path).pictures(25), 100)))
        except FileError as refused:
            refusals.append(str(refused))

    assert n_read > 0
    assert all(words.startswith(f"{path}: ") for words in refusals)


@pytest.mark.parametrize(
    ("name", "content", "match"),
    [
        ("v.mp4", b"", "is no video"),
        ("v.mp4", b"hello" * 100, "is no video"),
        ("v.mp4", 2_000_000_000, "is no video"),
        ("v.png", b"\x89PNG\r\n\x1a\n", "is no video"),
        ("v.m3u8", b"#EXTM3U\n#EXTINF:10,\nother.ts\n#EXT-X-ENDLIST\n", "is no video"),
        ("v.txt", b"ffconcat version 1.0\nfile other.ts\n", "is no video"),
    ],
)
def test_what_is_no_video_is_refused(tmp_path, pictures, name, content, match):
    write(tmp_path / "other.ts", pictures[:5], codec="mpeg2video")
    path = tmp_path / name
    if isinstance(content, int):
        with path.open("wb") as file:
            file.truncate(content)
    else:
        path.write_bytes(content)

    with pytest.raises(FileError, match=match):
        read_video(path)


def test_what_is_not_there_or_no_file_is_refused(tmp_path):
    with pytest.raises(FileError, match="no such file"):
        read_video(tmp_path / "gone.mp4")
    with pytest.raises(FileError, match="is a folder"):
        read_video(tmp_path)


def sound(path, *, cover=False):
    av = pytest.importorskip("av")
    with av.open(str(path), "w") as file:
        stream = file.add_stream("aac", rate=48000, layout="mono")
        if cover:
            still = file.add_stream("mjpeg", rate=1)
            still.width, still.height, still.pix_fmt = 16, 16, "yuvj420p"
            still.disposition = av.stream.Disposition.attached_pic
            frame = av.VideoFrame(16, 16, "yuvj420p")
            frame.pts = 0
            file.mux(still.encode(frame))
            file.mux(still.encode(None))
        for k in range(5):
            frame = av.AudioFrame.from_ndarray(
                np.zeros((1, 1024), np.float32), format="fltp", layout="mono"
            )
            frame.sample_rate, frame.pts = 48000, 1024 * k
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return path


@pytest.mark.parametrize("cover", [False, True])
def test_sound_alone_has_no_pictures_nor_is_a_cover_one(tmp_path, cover):
    path = sound(tmp_path / "v.mp4", cover=cover)

    with pytest.raises(FileError, match="must hold moving pictures"):
        read_video(path)


def test_without_the_package_it_says_which(monkeypatch, tmp_path):
    path = tmp_path / "v.mp4"
    path.write_bytes(b"any")
    monkeypatch.setitem(sys.modules, "av", None)

    with pytest.raises(ParameterError, match=r"not installed \(duologue\[video\]\)"):
        read_video(path)


def test_a_name_that_is_no_text_is_a_name(tmp_path, pictures):
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff: concat.mkv"))
    write(tmp_path / "v.mkv", pictures[:2]).rename(path)

    assert_same(pictures_of(path), list(pictures[:2]))


# A still


def test_a_png_holds_the_picture_exactly(tmp_path):
    av = pytest.importorskip("av")
    picture = np.random.default_rng(1).integers(0, 256, (33, 47, 3)).astype(np.uint8)
    path = tmp_path / "s.png"

    path.write_bytes(png(picture))

    with av.open(str(path)) as file:
        found = next(file.decode(video=0)).to_ndarray(format="rgb24")
    np.testing.assert_array_equal(found, picture)
