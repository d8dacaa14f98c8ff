"""Motion energy of pictures: against its definition, and against published counts."""

import csv

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duologue.engine.motion_energy import compiled_counting, counting
from duologue.engine.motion_energy.boxes import box_of, kernel_of
from duologue.engine.motion_energy.meter import Meter, threshold_of
from duologue.errors import ParameterError
from uncompiled import uncompile

WAYS = (True, False)


def median_of(difference, k):
    """Return the median of the k x k square round each pixel, zeros beyond the edge."""
    r = k // 2
    padded = np.pad(difference, r)
    height, width = difference.shape
    return np.array(
        [
            [np.median(padded[y : y + k, x : x + k]) for x in range(width)]
            for y in range(height)
        ]
    )


def slowly(before, now, mask, *, kernel, cut_off):
    """Return the per cent of a region, by the definition."""
    difference = np.where(mask, np.abs(now.astype(int) - before.astype(int)), 0)
    above = median_of(difference, kernel) > cut_off
    return 100 * (above & mask).sum() / mask.sum()


def blobs(rng, height, width):
    """Return two pictures that differ in patches, and a region that is no rectangle."""
    before = rng.integers(0, 256, (height, width)).astype(np.uint8)
    patches = np.kron(rng.random((height, width)) < 0.5, np.ones((3, 3), bool))
    patches = patches[:height, :width]
    # Now and then most rows, or all of them, are at rest.
    patches[: rng.choice([0, 0, height // 2, height])] = False
    change = rng.integers(0, 40, (height, width)) * patches
    now = np.clip(before.astype(int) + change - 20 * patches, 0, 255).astype(np.uint8)
    mask = rng.random((height, width)) < rng.choice([0.5, 0.9, 1.0])
    mask[rng.integers(height), rng.integers(width)] = True
    return before, now, mask


@given(
    st.integers(0, 2**32 - 1),
    st.integers(1, 14),
    st.integers(1, 14),
    st.sampled_from((3, 5, 7)),
    st.integers(0, 40),
)
def test_it_is_its_definition_compiled_or_not(seed, height, width, kernel, cut_off):
    before, now, mask = blobs(np.random.default_rng(seed), height, width)

    for compiled in WAYS:
        meter = Meter([mask], [mask], kernel=kernel, cut_off=cut_off, compiled=compiled)
        assert meter.see(before) is None
        found = meter.see(now)
        away = np.abs(now.astype(int) - before)
        assert found.people == (
            slowly(before, now, mask, kernel=kernel, cut_off=cut_off),
        )
        assert found.background == pytest.approx((100 * (away[mask] > cut_off).mean(),))
        assert found.whole == pytest.approx(100 * (away > cut_off).mean())
        assert found.is_repeated == (not away.any())


@pytest.mark.parametrize("kernel", [3, 5, 7])
def test_what_is_compiled_runs_as_plain_python(monkeypatch, kernel):
    before, now, mask = blobs(np.random.default_rng(kernel), 9, 17)
    uncompile(monkeypatch, compiled_counting)
    flags = np.zeros(before.shape, np.uint8)
    plain = flags.copy()

    with np.errstate(over="ignore"):  # bytes wrap round on purpose
        compiled_counting.flag(
            before.ravel(), now.ravel(), np.uint8(5), flags.reshape(-1)
        )
        found = compiled_counting.count_most(flags, box_of(mask, kernel), kernel)
    counting.flag(before, now, np.uint8(5), plain)

    np.testing.assert_array_equal(flags, plain)
    assert compiled_counting.count(flags.reshape(-1)) == counting.count(plain)
    assert found == counting.count_most(plain, box_of(mask, kernel), kernel)


@pytest.mark.shared
@pytest.mark.parametrize("compiled", WAYS)
def test_a_made_up_video_has_the_counts_of_the_slow_program(shared, compiled):
    folder = shared / "reference" / "mirroring" / "fixtures"
    made = np.load(folder / "motion_energy_frames.npz")
    with (folder / "motion_energy_expected.csv").open() as file:
        expected = list(csv.DictReader(file))
    meter = Meter(
        [made["left"], made["right"]],
        [made["noise1"], made["noise2"]],
        kernel=5,
        compiled=compiled,
    )

    found = [meter.see(picture) for picture in made["frames"]]

    assert found[0] is None
    assert len(found) == len(expected) == 60
    for change, row in zip(found[1:], expected[1:], strict=True):
        for values, names in (
            (change.people, ("left", "right")),
            (change.background, ("noise1", "noise2")),
        ):
            assert values == pytest.approx(
                [float(row[f"{name}_pct"]) for name in names], rel=1e-11, abs=0
            )


def edge(speed):
    """Return pictures in which an upright edge goes on by so many pixels."""
    pictures = np.zeros((6, 48, 80), np.uint8)
    for i, picture in enumerate(pictures):
        picture[:, 20 + i * speed :] = 200
    return pictures


@pytest.mark.parametrize(
    ("kernel", "speed", "seen"),
    [(5, 2, False), (5, 3, True), (3, 2, True), (7, 3, False)],
)
def test_what_moves_by_less_than_half_of_the_kernel_is_not_seen(kernel, speed, seen):
    everywhere = np.ones((48, 80), bool)
    meter = Meter([everywhere], [everywhere], kernel=kernel)

    found = [meter.see(picture) for picture in edge(speed)][1:]

    assert {change.people[0] > 0 for change in found} == {seen}
    assert all(change.background[0] > 0 for change in found)


def test_pictures_one_by_one_are_the_whole_and_after_a_gap_nothing_is_compared():
    rng = np.random.default_rng(3)
    pictures = rng.integers(0, 256, (8, 20, 30)).astype(np.uint8)
    mask = np.zeros((20, 30), bool)
    mask[4:15, 3:20] = True

    meter = Meter([mask], [~mask], kernel=3, cut_off=60)
    whole = [meter.see(picture) for picture in pictures]
    parts = Meter([mask], [~mask], kernel=3, cut_off=60)
    first = [parts.see(picture) for picture in pictures[:4]]
    parts.skip()
    rest = [parts.see(picture) for picture in pictures[4:]]

    assert [*first, None, *rest[1:]] == [*whole[:4], None, *whole[5:]]
    assert rest[0] is None
    assert whole[5].people[0] > 0


def test_people_exchanged_are_numbers_exchanged():
    before, now, mask = blobs(np.random.default_rng(8), 20, 30)
    left = mask & (np.arange(30) < 15)
    one, other = (
        Meter(people, [mask], kernel=3, cut_off=4)
        for people in ([left, mask & ~left], [mask & ~left, left])
    )

    found = [meter.see(before) or meter.see(now) for meter in (one, other)]

    assert found[0].people == found[1].people[::-1]
    assert found[0].people[0] != found[0].people[1]


@given(st.integers(0, 255), st.integers(0, 255))
def test_limited_levels_are_stretched(cut_off, difference):
    exceeds = difference * 255 / 219 > cut_off + 1e-7

    assert (difference > threshold_of(cut_off, is_full_range=False)) == exceeds
    assert (difference > threshold_of(cut_off, is_full_range=True)) == (
        difference > cut_off
    )


def test_a_cut_off_learnt_from_limited_levels_is_the_level_itself():
    levels = range(220)

    found = [threshold_of(d * 255 / 219, is_full_range=False) for d in levels]

    assert found == list(levels)


def test_the_kernel_goes_with_the_height():
    heights = (240, 359, 360, 480, 720, 721, 1080)

    assert [kernel_of(h) for h in heights] == [3, 3, 5, 5, 5, 7, 7]


ANY = np.ones((4, 4), bool)


@pytest.mark.parametrize(
    ("people", "more", "match"),
    [
        ([~ANY], {}, "a pixel or more"),
        ([ANY.astype(int)], {}, "true or false"),
        ([ANY[0]], {}, "true or false"),
        ([ANY, ANY[:2]], {}, "one picture"),
        ([], {}, "there must be some"),
        ([ANY], {"kernel": 4}, "3, 5 or 7, got 4"),
        ([ANY], {"cut_off": -1}, "0 to 255, got -1"),
        ([ANY], {"cut_off": float("nan")}, "0 to 255, got nan"),
    ],
)
def test_what_cannot_be_measured_is_refused(people, more, match):
    with pytest.raises(ParameterError, match=match):
        Meter(people, [], **{"kernel": 3, **more})


@pytest.mark.parametrize(
    "picture", [np.zeros((4, 5), np.uint8), np.zeros((4, 4), np.int16)]
)
def test_a_picture_of_another_kind_is_refused(picture):
    with pytest.raises(ParameterError, match="4 rows of 4 bytes"):
        Meter([ANY], [], kernel=3).see(picture)


def test_without_the_compiler_it_is_counted_plainly(monkeypatch):
    monkeypatch.setitem(
        __import__("sys").modules,
        "duologue.engine.motion_energy.compiled_counting",
        None,
    )
    monkeypatch.delattr("duologue.engine.motion_energy.compiled_counting")

    assert Meter([ANY], [], kernel=3)._by is counting
