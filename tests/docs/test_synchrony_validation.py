"""The page of false alarms of moving in step, and the scripts that measure them."""

import pathlib
import pickle
import re
from functools import partial

import numpy as np
import pytest

PAGE = pathlib.Path(__file__).parents[2] / "docs" / "validation-synchrony.md"
RATE = 10.0


@pytest.fixture(scope="module")
def script(load):
    """The script."""
    return load("moving")


@pytest.fixture(scope="module")
def series(load):
    """What makes recordings up."""
    return load("moving_series")


def rng(seed=1):
    return np.random.default_rng(seed)


def correlated(one, other):
    return float(np.corrcoef(one, other)[0, 1])


def test_in_quick_mode_everything_holds(script, tmp_path):
    page = tmp_path / "page.md"

    code = script.main(["--quick", "--write", str(page), "--date", "2026-01-31"])
    text = page.read_text(encoding="utf-8")

    assert code == 0
    assert "Run on 2026-01-31 with" in text
    assert "All recordings are made up." in text
    assert "What does not hold" not in text


def test_what_does_not_hold_is_found_out(script):
    n = 1000

    assert script.failures([("here", 0.075, n), ("there", np.nan, 0)]) == []
    assert script.failures([("here", 0.09, n)]) == ["here: 0.090"]
    assert script.missed([("there", 0.94, n)], 0.95) == []
    assert script.missed([("there", 0.90, n)], 0.95) == ["there: found in 0.900"]


@pytest.mark.parametrize("way", ["shifts", "segments, both shuffled"])
def test_too_many_false_alarms_are_named_of_what_the_program_goes_by(script, way):
    nothing = np.full((1000, 6), 0.5)
    often = nothing.copy()
    often[:100, script.PEAK] = 0.01

    _, wrong = script.within_section({(script.SLOW, way): often})
    _, right = script.within_section({(script.SLOW, way): nothing})

    named = [f"{script.SLOW}, shifts, column 4: 0.100"]
    assert wrong == (named if way == script.SHIFTS else [])
    assert right == []


def test_a_coupling_that_is_missed_is_named(script):
    nothing = np.full((1000, 6), 0.5)

    _, wrong = script.within_section({(script.COUPLED, script.SHIFTS): nothing})

    assert wrong == [f"{script.COUPLED}, shifts, peak: found in 0.000"]


def test_a_band_that_is_left_too_often_is_named(script):
    figures = np.column_stack([rng().random((1000, 5)), rng(2).random(1000) < 0.1])

    _, wrong = script.even_section({"here": figures})

    assert [words.split(":")[0] for words in wrong] == [
        "here, band",
        "**all of these**, band",
    ]


@pytest.mark.parametrize("both_sides", [False, True])
def test_an_uneven_p_is_told_from_an_even_one(script, both_sides):
    n = 2 * script.MIN_SHIFTS + 1
    ranks = rng().integers(1, n, size=4000, endpoint=True)
    one_sided = ranks / n
    even = (
        np.minimum(1, 2 * np.minimum(one_sided, (n + 1 - ranks) / n))
        if both_sides
        else one_sided
    )

    assert script.evenness(even, both_sides=both_sides) > 0.01
    assert script.evenness(even**1.2, both_sides=both_sides) < script.UNEVEN
    with_blanks = np.append(even, [np.nan] * 9)
    assert script.evenness(with_blanks, both_sides=both_sides) == script.evenness(
        even, both_sides=both_sides
    )


def test_blanks_are_no_share_of_anything(script):
    assert script.share(np.array([0.01, 0.5, np.nan, 0.05])) == (2 / 3, 3)


def test_levels_are_of_variance_one_whatever_the_rhythm(series):
    for way in (
        series.Way(),
        series.Way(cut_hz=0.05),
        series.Way(rhythm=0.3, period_s=2.5),
    ):
        found = series.level(400_000, RATE, way, rng())

        assert found.std() == pytest.approx(1, abs=0.05)
        assert found.mean() == pytest.approx(0, abs=0.05)


def test_unrelated_people_are_unrelated_and_coupled_ones_are_at_their_lag(series):
    alone = series.session(series.World(minutes=300), RATE, rng())
    made = series.session(series.World(minutes=300, r=0.9, lag_s=1.5), RATE, rng())
    lag = round(made.lag_s * RATE)

    assert abs(lag) == 15
    assert correlated(alone.first, alone.second) == pytest.approx(0, abs=0.03)
    follows = np.roll(made.second, -lag)
    assert correlated(made.first, follows) > 0.7
    assert abs(correlated(made.first, np.roll(made.second, lag))) < 0.1


def test_each_of_the_two_is_ahead_in_some_sessions(series):
    lags = {
        series.session(series.World(minutes=1), RATE, rng(k)).lag_s for k in range(9)
    }

    assert lags == {-0.6, 0.6}


def test_a_shared_minute_is_where_it_is_said_to_be(series):
    world = series.World(minutes=200, r=0.95, lag_s=0.0, together_s=6000.0)

    made = series.session(world, RATE, rng())
    here = slice(round(made.start_s * RATE), round(made.end_s * RATE))
    elsewhere = np.delete(made.first, here), np.delete(made.second, here)

    assert made.end_s - made.start_s == 6000
    assert correlated(made.first[here], made.second[here]) > 0.8
    assert abs(correlated(*elsewhere)) < 0.1


def test_in_turns_the_one_rests_while_the_other_moves(series):
    made = series.session(series.World(minutes=100, turns=4.0), RATE, rng())

    both = (made.first > 0) & (made.second > 0)

    assert both.mean() < 0.001
    for one in (made.first, made.second):
        assert (one > 0).mean() == pytest.approx(0.21, abs=0.03)


def test_so_much_is_missing_of_each_in_other_places(series):
    made = series.session(series.World(minutes=60, gaps=0.2), RATE, rng())
    one, other = np.isnan(made.first), np.isnan(made.second)

    assert one.mean() == pytest.approx(0.2, abs=0.01)
    assert other.mean() == pytest.approx(0.2, abs=0.01)
    assert (one & other).mean() < 0.1


def test_a_person_keeps_an_own_rhythm_in_all_sessions(series):
    made = series.caseload(
        series.World(), 3, RATE, rng(), lengths=(5.0, 10.0), rhythm=0.99
    )

    assert made.pairs == (0, 1, 1, 2, 2, 2)
    assert [one.size for one in made.firsts] == [3000, 6000] * 3
    strongest = [
        np.argmax(np.abs(np.fft.rfft(one - one.mean()))) * RATE / one.size
        for one in made.seconds
    ]
    assert strongest[1] == pytest.approx(strongest[2], abs=0.01)
    assert strongest[3] == pytest.approx(strongest[4], abs=0.01)


def test_a_trial_depends_on_its_number_alone_and_can_be_sent_elsewhere(script):
    at = script.Setting(rate=2.0)
    trial = partial(script.by_shifts, script.World(), at, 1)

    with script.several(1) as run:
        rows = run(trial, 3)
    elsewhere = pickle.loads(pickle.dumps(trial))  # noqa: S301 - our own

    assert elsewhere(2) == rows[2].tolist()
    assert rows[1].tolist() != rows[2].tolist()


def test_a_moment_is_told_with_its_place_its_lag_and_its_leader(load):
    trials = load("moving_trials")
    world = trials.World(r=0.97, together_s=60.0)

    found = trials.by_moments(world, trials.Setting(rate=4.0), 1, 2)

    here, there, covered, off, right, elsewhere = found
    assert (here, there, right, elsewhere) == (1, 1, 1, 0)
    assert covered > 0.8
    assert off < 0.3


def test_the_page_holds_and_names_no_machine_and_no_path(script):
    text = PAGE.read_text(encoding="utf-8")

    assert re.search(r"Run on \d{4}-\d\d-\d\d with Python \d", text)
    assert "What does not hold" not in text
    assert not re.search(r"(?<!\w)/(?:home|work|root|tmp|Users)\b", text)
    for name in (*script.WORLDS, *script.MORE, *script.PRACTICES):
        assert f"| {name} |" in text
