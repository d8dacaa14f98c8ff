"""Populations learned from simulated pairs: what is found, kept, repeated, refused."""

import json
import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from duologue.engine.dyad.chains import run
from duologue.engine.dyad.fitting import answers_of, fit, usual_prior
from duologue.engine.dyad.model import is_stable, matrix_of, of_draws
from duologue.engine.dyad.packing import names, packed, unpacked
from duologue.engine.dyad.population import assumed, from_dict, to_dict
from duologue.errors import NotNowError, ParameterError
from worked_dyads import B, example, random_draw

SHORT = {"n_sweeps": 80, "n_burn": 50, "n_chains": 2}
LONGER = {"n_sweeps": 500, "n_burn": 200, "n_chains": 2, "n_draws": 600}


def simulated(rng, n_pairs, n_sessions=10, n_ratings=2, share_blank=0.15):
    """Ratings of pairs from the worked example, whole forms missing at random."""
    draw, b = example(n_ratings), np.empty((0, 4))
    while len(b) < n_pairs:
        tried = np.array(B) + 0.15 * rng.standard_normal((n_pairs, 4))
        b = np.concatenate([b, tried[is_stable(tried)]])[:n_pairs]

    def noise(covariance):
        return rng.standard_normal((n_pairs, 2)) @ np.linalg.cholesky(covariance).T

    mu = draw.bm + noise(draw.Sm)
    away = [draw.delta + noise(draw.P1)]
    for _ in range(n_sessions - 1):
        carried = np.einsum("dik,dk->di", matrix_of(b), away[-1])
        away.append(carried + noise(draw.Q))
    levels = (mu[:, None] + np.stack(away, axis=1))[..., None]
    errors = np.sqrt(draw.R) * rng.standard_normal((*levels.shape[:3], n_ratings))
    ratings = draw.nu + draw.lam * levels + errors
    ratings[rng.random(ratings.shape[:3]) < share_blank] = np.nan
    return ratings


@pytest.fixture(scope="module")
def ratings():
    return simulated(np.random.default_rng(1), 40)


@pytest.fixture(scope="module")
def population(ratings):
    return fit(ratings, **SHORT)


@pytest.fixture(scope="module")
def learned():
    """A fit that is long enough to be looked at, of 80 pairs."""
    many = simulated(np.random.default_rng(2), 80, n_sessions=8)
    return many, fit(many, **LONGER)


def test_what_pairs_were_simulated_from_is_found_again(learned):
    _, found = learned
    truth = np.concatenate([B, packed(example())])
    every = np.concatenate([found.mean_b, packed(found.nuisance)], axis=1)
    away = (every.mean(axis=0) - truth) / every.std(axis=0)

    # 25 numbers: one beyond 3.5 standard deviations comes once in 90 such fits.
    assert np.abs(away).max() < 3.5
    assert (away**2).mean() < 2.5
    # And not because nothing was learned.
    assert (every.std(axis=0)[:4] < 0.6 * found.prior.sd_b).all()
    assert found.nuisance.Q[:, 0, 0].std() < 0.05
    assert found.nuisance.R.std(axis=0).max() < 0.05


def test_with_the_seats_exchanged_everything_is(learned):
    many, found = learned
    other = fit(many[:, :, ::-1], **LONGER)
    swapped = other.mean_b[:, ::-1]

    for name, mine, theirs in (
        ("bB", found.mean_b, swapped),
        ("bm", found.nuisance.bm, other.nuisance.bm[:, ::-1]),
        ("delta", found.nuisance.delta, other.nuisance.delta[:, ::-1]),
        ("Q", found.nuisance.Q, other.nuisance.Q[:, ::-1, ::-1]),
        ("R", found.nuisance.R, other.nuisance.R[:, ::-1]),
    ):
        # 600 draws worth 15 independent ones or more: four errors of a difference.
        limit = 4 * np.sqrt(2 / 15) * mine.std(axis=0)
        assert (np.abs(mine.mean(axis=0) - theirs.mean(axis=0)) < limit).all(), name


def test_the_same_seed_gives_the_same_bytes_on_any_number_of_workers(
    ratings, population
):
    with ThreadPoolExecutor(2) as two:
        again = fit(ratings, **SHORT, each=two.map)
    other = fit(ratings, **SHORT, seed=1)

    assert again.version == population.version
    np.testing.assert_array_equal(again.mean_b, population.mean_b)
    assert other.version != population.version


def test_chains_of_one_seed_are_different(ratings):
    tasks = []
    fit(
        ratings,
        **SHORT,
        each=lambda work, given: tasks.extend(given) or map(work, given),
    )

    one, two = (run(replace(task, n_sweeps=51)) for task in tasks)

    assert (one.mean_b != two.mean_b).all()


def test_a_population_keeps_equally_spaced_draws_and_how_it_was_made(
    ratings, population
):
    told = population.diagnostics

    assert population.made == "fitted"
    assert population.mean_b.shape == (20, 4)
    assert population.nuisance.Q.shape == (20, 2, 2)
    assert population.nuisance.lam.shape == (20, 2, 2)
    assert (population.nuisance.lam[..., 0] == 1).all()
    assert (population.n_pairs, population.n_sessions) == ratings.shape[:2]
    assert len(told.r_hat) == 4 + len(names(2))
    assert all(0 < share <= 1 for share in told.accepted)
    assert (told.n_chains, told.n_sweeps, told.n_burn, told.seed) == (2, 80, 50, 0)
    assert len(np.unique(population.mean_b[:, 0])) > 5


def test_chains_too_short_to_agree_are_not_sound_and_say_why(population):
    assert not population.sound
    assert "few_draws" in population.reasons


def test_a_population_is_sound_when_each_mean_coupling_passes(population):
    told = population.diagnostics
    good = replace(
        told,
        r_hat=dict.fromkeys(told.r_hat, 1.009),
        effective=dict.fromkeys(told.effective, 100.0),
        vanishing=(),
    )

    def reasons(**changed):
        return replace(population, diagnostics=replace(good, **changed)).reasons

    assert replace(population, diagnostics=good).sound
    assert reasons(r_hat=good.r_hat | {"bB_ct": 1.011}) == ("r_hat",)
    assert reasons(effective=good.effective | {"bB_tt": 99.0}) == ("few_draws",)
    assert reasons(effective=good.effective | {"Q_tt": 9.0}) == ()
    assert reasons(r_hat=good.r_hat | {"bB_tc": float("nan")}) == ("r_hat",)
    assert reasons(vanishing=("R_c1",)) == ("vanishing",)


def test_a_population_goes_into_plain_numbers_and_back_whole(population):
    text = json.dumps(to_dict(population))
    back = from_dict(json.loads(text))

    assert back.version == population.version
    assert back.reasons == population.reasons
    np.testing.assert_array_equal(back.nuisance.P1, population.nuisance.P1)
    assert len(text) < 20_000


def test_an_assumed_population_goes_there_and_back_too():
    draws = of_draws(example(), None)
    population = assumed([B], draws, spread=0.1)
    back = from_dict(json.loads(json.dumps(to_dict(population))))

    assert population.made == back.made == "assumed"
    assert population.sound
    assert back.version == population.version
    assert assumed([B], draws, spread=0.2).version != population.version


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"format": 2}, "format must be 1, got 2"),
        ({"made": "guessed"}, "made must be 'fitted', with diagnostics, or 'assumed'"),
        ({"diagnostics": None}, "made must be 'fitted', with diagnostics"),
        ({"mean_b": [[0.1, 0.2]]}, r"b must have shape \(..., 4\)"),
        ({"mean_b": [[0.1] * 4]}, r"mean_b must have shape \(n_draws, 4\)"),
        ({"spread": 0}, r"spread must lie in \(0, 1\), got 0"),
        ({"n_pairs": "many"}, "content must be what to_dict makes"),
        ({"nuisance": {}}, "content must be what to_dict makes"),
        ({"prior": {}}, "content must be what to_dict makes"),
    ],
)
def test_what_is_no_population_is_refused(population, change, match):
    with pytest.raises(ParameterError, match=match):
        from_dict(to_dict(population) | change)


@pytest.mark.parametrize("n_ratings", [1, 2, 3])
def test_packing_is_undone_by_unpacking(n_ratings):
    draw = random_draw(np.random.default_rng(3), n_ratings)
    numbers = packed(of_draws(draw, None))
    back = unpacked(numbers)

    assert numbers.shape == (1, len(names(n_ratings)))
    for part in ("bm", "Sm", "delta", "P1", "Q", "nu", "lam", "R"):
        np.testing.assert_array_equal(getattr(back, part)[0], getattr(draw, part))


def test_names_of_the_numbers_say_what_they_are():
    draw = random_draw(np.random.default_rng(4), 3)
    found = dict(zip(names(3), packed(draw), strict=True))

    assert found["bm_t"] == draw.bm[1]
    assert found["P1_ct"] == draw.P1[0, 1]
    assert found["lam_c3"] == draw.lam[0, 2]
    assert found["nu_t2"] == draw.nu[1, 1]
    assert found["R_t1"] == draw.R[1, 0]


def test_steps_beyond_a_pairs_last_answer_do_not_count():
    ratings = np.full((2, 4, 2, 1), np.nan)
    ratings[0, 0], ratings[0, 2, 1], ratings[1, 3, 0] = 1, 2, 3

    found = answers_of(ratings)

    assert found.steps.tolist() == [[True, True], [True, True], [False, True]]
    assert found.present.sum() == 4


def test_blank_pairs_and_blank_last_sessions_change_nothing(ratings, population):
    longer = np.full((45, 13, 2, 2), np.nan)
    longer[2:42, :10] = ratings

    assert fit(longer, **SHORT).version == population.version


def test_one_rating_each_is_enough():
    ratings = simulated(np.random.default_rng(5), 30, n_ratings=1)

    found = fit(ratings, **SHORT)

    assert found.nuisance.R.shape == (20, 2, 1)
    assert np.isfinite(packed(found.nuisance)).all()


@pytest.mark.parametrize("world", ["flat", "copies", "first_only", "far"])
def test_answers_of_another_kind_give_no_blanks_and_no_warnings(world):
    rng = np.random.default_rng(6)
    ratings = simulated(rng, 30, n_sessions=5)
    if world == "flat":  # each pair says one thing throughout
        ratings[:] = ratings[:, :1]
        ratings[np.isnan(ratings)] = 5
    if world == "copies":
        ratings[..., 1] = ratings[..., 0]
    if world == "first_only":
        ratings[1:, 1:] = np.nan
    if world == "far":
        ratings[0, :, 0] = 1e4
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = fit(ratings, n_sweeps=500, n_burn=100, n_chains=2)

    assert np.isfinite(found.mean_b).all()
    assert np.isfinite(packed(found.nuisance)).all()
    vanished = {name[:2] for name in found.diagnostics.vanishing}
    none = {"R_", "Q_", "P1"}
    # A rating of 10,000 makes all that others say next to nothing.
    expected = {"flat": none, "copies": {"R_"}, "far": none}
    assert vanished == expected.get(world, set())


def cut(ratings, where, value=np.nan):
    changed = ratings.copy()
    changed[where] = value
    return changed


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (lambda y: y[:29], "those of 30 pairs or more, got 29"),
        (lambda y: cut(y, np.s_[20:]), "those of 30 pairs or more, got 20"),
        (lambda y: cut(y, np.s_[:]), "those of 30 pairs or more, got 0"),
        (lambda y: y[:, :2], "run over 3 sessions or more, got 2"),
        (lambda y: y[:, :1], "run over 3 sessions or more, got 1"),
        (lambda y: y[..., 0], "ratings must have shape"),
        (lambda y: y[:, :, :1], "ratings must have shape"),
        (lambda y: cut(y, np.s_[0, 0, 0, 0], np.inf), "ratings must be finite or nan"),
        (lambda y: cut(y, np.s_[:, :, 1]), "rating 1 of the therapist"),
        (lambda y: cut(y, np.s_[..., 1]), "rating 2 of the client"),
        (lambda y: 0 * y + 3, "must vary .* rating 1 of the client"),
    ],
)
def test_ratings_that_nothing_can_be_learned_from_are_refused(ratings, change, match):
    with pytest.raises(ParameterError, match=match):
        fit(change(ratings), **SHORT)


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"spread": 0.0}, r"spread must lie in \(0, 1\), got 0.0"),
        ({"n_chains": 1}, "n_chains must be 2 or more, got 1"),
        ({"n_burn": 49}, "n_burn must be 50 or more, got 49"),
        ({"n_sweeps": 57}, "n_sweeps must be n_burn and 8 or more, got 57"),
        ({"n_draws": 61}, "n_draws must be the 60 kept sweeps or fewer, got 61"),
        ({"seed": -1}, "seed must be 0 or more, got -1"),
    ],
)
def test_what_is_out_of_range_is_refused(ratings, options, match):
    with pytest.raises(ParameterError, match=match):
        fit(ratings, **(SHORT | options))


def test_the_spread_is_the_one_of_the_prior(ratings):
    prior = usual_prior(ratings, spread=0.1)

    with pytest.raises(ParameterError, match=r"spread must be the prior's, 0.1"):
        fit(ratings, prior=prior, **SHORT)
    assert fit(ratings, prior=prior, spread=0.1, **SHORT).spread == 0.1


def test_without_a_compiler_it_is_said_what_is_missing(ratings, monkeypatch):
    monkeypatch.setattr("duologue.engine.dyad.fitting.find_spec", lambda name: None)

    with pytest.raises(NotNowError, match=r"not installed \(duologue\[corpus\]\)"):
        fit(ratings, **SHORT)
