"""The page of following each other's words, and the scripts that measure it."""

import pathlib
import pickle
import re
from functools import partial
from itertools import pairwise

import numpy as np
import pytest

PAGE = pathlib.Path(__file__).parents[2] / "docs" / "validation-words.md"


@pytest.fixture(scope="module")
def script(load):
    """The script."""
    return load("words_page")


@pytest.fixture(scope="module")
def talk(load):
    """What makes talk up."""
    return load("words_talk")


@pytest.fixture(scope="module")
def effects(load):
    """What compares two kinds of session."""
    return load("words_effects")


def rng(seed=1):
    return np.random.default_rng(seed)


@pytest.mark.shared
def test_in_quick_mode_everything_holds(shared, script, tmp_path):
    page = tmp_path / "page.md"

    code = script.main(["--quick", "--write", str(page), "--date", "2026-01-31"])
    text = page.read_text(encoding="utf-8")

    assert code == 0, text[text.find("## What does not hold") :]
    assert "Run on 2026-01-31 with" in text
    assert "67 real ones" in text
    assert "What does not hold" not in text


def test_where_the_transcripts_are_not_at_hand_no_page_is_written(
    script, tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("DUOLOGUE_SHARED", str(tmp_path / "nowhere"))

    code = script.main(["--quick", "--write", str(tmp_path / "page.md")])

    assert code == 0
    assert not (tmp_path / "page.md").exists()
    assert "stays as it is" in capsys.readouterr().out


def test_what_is_made_up_can_be_told_without_them(script, tmp_path, monkeypatch):
    monkeypatch.setenv("DUOLOGUE_SHARED", str(tmp_path / "nowhere"))
    few = script.Size(sessions=2, pairs=(30,), permutations=100, workers=1)

    text, _ = script.build(few, "2026-01-31")

    assert "0 real ones" in text
    assert "Excess over chance" not in text


def rows_of_nothing(n=1000):
    """Figures of sessions in which all is as it should be."""
    found = np.zeros((n, 5))
    found[:, 2], found[:, 3] = -1, 1
    return found


def test_chance_that_seems_to_be_following_is_named(script):
    often = rows_of_nothing()
    often[:60, 4] = 2.5

    _, wrong = script._made_up_row(often, f"{script.NOTHING}, 30 pairs, client")
    _, of_topics = script._made_up_row(often, f"{script.TOPICS}, 30 pairs, client")
    _, right = script._made_up_row(
        rows_of_nothing(), f"{script.NOTHING}, 30 pairs, client"
    )

    assert wrong == [f"{script.NOTHING}, 30 pairs, client: z beyond 1.96 in 0.060"]
    assert of_topics == right == []


def test_an_interval_that_holds_too_little_is_named_with_pairs_enough(script):
    narrow = rows_of_nothing()
    narrow[:150, 2] = 0.5

    _, wrong = script._made_up_row(narrow, f"{script.BOTH}, 100 pairs, client")
    _, few = script._made_up_row(narrow, f"{script.BOTH}, 10 pairs, client")

    assert wrong == [
        f"{script.BOTH}, 100 pairs, client: the interval holds the mean in 0.850"
    ]
    assert few == []


def test_a_figure_that_is_not_that_of_the_reference_is_named(script, effects):
    found = effects.Effect(
        n_high=9,
        n_low=9,
        g=0.5,
        lower=0.1,
        upper=0.9,
        without_length=0.4,
        auc=0.6,
        p=0.03,
    )
    same = {"hedges_g": "0.5", "g_adj_log_words": "0.4", "auc": "0.6", "p_mwu": "0.03"}

    assert list(script._apart("LSM", found, same)) == []
    (words,) = script._apart("LSM", found, {**same, "hedges_g": "0.51"})
    assert words.endswith("g: 0.5, in the reference 0.51")


def test_a_trial_depends_on_its_number_alone_and_can_be_sent_elsewhere(script, talk):
    trial = partial(script.trial, talk.Talk(follows=0.3), 8, 1)

    elsewhere = pickle.loads(pickle.dumps(trial))  # noqa: S301 - our own

    assert elsewhere(2) == trial(2)
    assert trial(1) != trial(2)


def test_only_the_therapist_takes_words_up(talk):
    made = talk.session(talk.Talk(follows=1.0, topical=0.9), 200, rng())
    taken = [np.mean([word in one for word in other]) for one, other in pairwise(made)]

    assert np.mean(taken[::2]) > 0.75
    assert np.mean(taken[1::2]) < 0.4
    assert len(made) == 400


def test_a_topic_stays_and_drifts(talk):
    def topics(stays):
        made = talk.session(talk.Talk(stays=stays, topical=1.0), 300, rng())
        return [
            {(int(w[1:]) - talk.N_COMMON) // talk.WORDS_A_TOPIC for w in turn}
            for turn in made
        ]

    drifting, jumping = topics(0.9), topics(0.0)
    assert all(len(of) == 1 for of in drifting)
    stayed = np.mean([a == b for a, b in pairwise(drifting)])
    apart = np.mean([a == b for a, b in pairwise(jumping)])
    assert stayed == pytest.approx(0.9 + 0.1 / talk.N_TOPICS, abs=0.03)
    assert apart == pytest.approx(1 / talk.N_TOPICS, abs=0.04)


def test_hedges_g_is_that_worked_by_hand(effects):
    one, other = np.array([3.0, 5.0, 7.0]), np.array([1.0, 3.0, 5.0])

    # Both have a standard deviation of 2; the correction for six is 1 - 3 / 15.
    assert effects.hedges_g(one, other) == pytest.approx(0.8)
    assert effects.hedges_g(other, one) == pytest.approx(-0.8)
    assert np.isnan(effects.hedges_g(np.ones(3), np.ones(3)))


def test_what_is_length_alone_is_nothing_without_it(effects):
    draw = rng()
    high = np.arange(400) < 200
    log_words = draw.normal(size=400) + high
    values = 2 * log_words + 0.5 * draw.normal(size=400)

    found = effects.effect(values, high, log_words, seed=1)

    assert found.g > 0.8
    assert abs(found.without_length) < 0.25
    assert found.lower < found.g < found.upper
    assert found.auc > 0.7
    assert found.p < 1e-6


def test_with_few_sessions_of_a_kind_or_one_value_nothing_is_said(effects):
    values, high = np.arange(20.0), np.arange(20) < 13
    flat = np.ones(20)

    assert effects.effect(values, high, values, seed=1) is None
    assert effects.effect(flat, np.arange(20) < 10, values, seed=1) is None


def test_the_page_holds_and_names_no_machine_and_no_path(script):
    text = PAGE.read_text(encoding="utf-8")

    assert re.search(r"Run on \d{4}-\d\d-\d\d with Python \d", text)
    assert "What does not hold" not in text
    assert not re.search(r"(?<!\w)/(?:home|work|root|tmp|Users)\b", text)
    for name in script.TALKS:
        assert text.count(f"| {name} |") == 6
