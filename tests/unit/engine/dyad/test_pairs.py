"""Many pairs at once: both engines give what each pair alone is given."""

import importlib.util
import re
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from dense_dyads import rescaled
from duologue.engine.dyad.likelihood import log_likelihood
from duologue.engine.dyad.pairs import log_likelihoods
from duologue.errors import ParameterError
from worked_dyads import (
    B,
    example,
    random_couplings,
    random_draw,
    random_ratings,
    stacked,
)

ABSENT = "numba is not installed (the extra corpus)"
COMPILED = pytest.param(
    "compiled",
    marks=pytest.mark.skipif(importlib.util.find_spec("numba") is None, reason=ABSENT),
)
ENGINES = ["numpy", COMPILED]


def caseload(rng, n_pairs=5, n_sessions=9, n_ratings=2):
    """Pairs with blanks of every kind; one of them never answered."""
    ratings = np.stack(
        [random_ratings(rng, n_sessions, n_ratings) for _ in range(n_pairs)]
    )
    ratings[1, 4:] = np.nan
    ratings[2, :, 1] = np.nan
    ratings[3] = np.nan
    return ratings


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("n_points", [1, 63, 64, 130])
def test_each_pair_gets_what_it_gets_alone(engine, n_points):
    rng = np.random.default_rng(30)
    ratings, draw = caseload(rng), random_draw(rng)
    b = random_couplings(rng, (5, n_points))

    found = log_likelihoods(ratings, b, draw, engine=engine)

    expected = [log_likelihood(ratings[i], b[i], draw) for i in range(5)]
    np.testing.assert_allclose(found, expected, atol=1e-10, rtol=1e-11)


@pytest.mark.parametrize("engine", ENGINES)
def test_draws_have_points_of_their_own(engine):
    rng = np.random.default_rng(31)
    ratings, draws = caseload(rng, n_ratings=3), [random_draw(rng, 3) for _ in range(4)]
    b = random_couplings(rng, (1, 4, 70))

    found = log_likelihoods(ratings, b, stacked(draws), engine=engine)

    expected = [
        [log_likelihood(y, b[0, j], draw) for j, draw in enumerate(draws)]
        for y in ratings
    ]
    np.testing.assert_allclose(found, expected, atol=1e-10, rtol=1e-11)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_long_course_neither_overflows_nor_vanishes(engine):
    rng = np.random.default_rng(32)
    ratings = caseload(rng, n_sessions=300)
    n_seen = (~np.isnan(ratings)).sum(axis=(1, 2, 3))

    for factor in (1e-6, 1.0, 1e6):
        draw = rescaled(example(), factor, 0.0)
        found = log_likelihoods(factor * ratings, [[B]], draw, engine=engine)
        same_unit = found[:, 0] + n_seen * np.log(factor)
        expected = [log_likelihood(y, B, example()) for y in ratings]
        np.testing.assert_allclose(same_unit, expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("engine", ENGINES)
def test_no_pair_gives_no_number(engine):
    found = log_likelihoods(np.empty((0, 3, 2, 2)), [[B]], example(), engine=engine)

    assert found.shape == (0, 1)


def test_the_compiled_functions_say_the_same_before_they_are_compiled(monkeypatch):
    pytest.importorskip("numba", reason=ABSENT)
    compiled = importlib.import_module("duologue.engine.dyad.compiled")
    rng = np.random.default_rng(35)
    ratings, b = caseload(rng, n_sessions=14), random_couplings(rng, (5, 3))
    for name, plain in {
        "_start": compiled._start_of_block,
        "_step": compiled._step_of_block,
        "_update": compiled._update_of_block,
        "_take_log": compiled._log_of_block,
        "_end": compiled._end_of_block,
        "_block": compiled._filter_block,
        "_all_pairs": compiled._filter_all,
    }.items():
        monkeypatch.setattr(compiled, name, plain)

    found = log_likelihoods(ratings, b, example(), engine="compiled")

    expected = log_likelihoods(ratings, b, example(), engine="numpy")
    np.testing.assert_allclose(found, expected, atol=1e-10, rtol=1e-11)


def test_the_number_of_threads_changes_no_byte(monkeypatch):
    numba = pytest.importorskip("numba", reason=ABSENT)
    monkeypatch.setattr("duologue.engine.compiling.FEW", 0)
    before = numba.get_num_threads()
    if before == 1:
        pytest.skip("there is one thread only")
    rng = np.random.default_rng(33)
    ratings, b = caseload(rng), random_couplings(rng, (5, 200))

    found = []
    for n_threads in (1, before):
        numba.set_num_threads(n_threads)
        found.append(log_likelihoods(ratings, b, example(), engine="compiled"))

    assert found[0].tobytes() == found[1].tobytes()


def test_where_nothing_can_be_kept_it_is_compiled_all_the_same(monkeypatch):
    numba = pytest.importorskip("numba", reason=ABSENT)
    compiling = importlib.import_module("duologue.engine.compiling")
    real = numba.njit

    def without_a_place(*, cache=False, **options):
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return real(**options)

    # Only there: numba itself makes use of it the first time that anything is compiled.
    monkeypatch.setattr(compiling, "numba", SimpleNamespace(njit=without_a_place))
    doubled = np.ones(3)

    compiling.compiled(_double)(doubled)

    assert doubled.tolist() == [2.0, 2.0, 2.0]


def _double(array):
    for i in range(len(array)):
        array[i] *= 2.0


def test_without_numba_pairs_are_read_one_by_one(monkeypatch):
    rng = np.random.default_rng(34)
    ratings, b = caseload(rng), random_couplings(rng, (1, 3))
    monkeypatch.setitem(sys.modules, "numba", None)
    monkeypatch.setattr("duologue.engine.dyad.pairs.find_spec", lambda name: None)

    found = log_likelihoods(ratings, b, example())

    expected = log_likelihoods(ratings, b, example(), engine="numpy")
    np.testing.assert_array_equal(found, expected)


def test_one_pair_never_loads_numba():
    program = (
        "import sys, numpy as np\n"
        "from duologue.engine.dyad import fitting, levels, likelihood, pairs\n"
        "from duologue.engine.dyad import reading, simulate\n"
        "made = simulate.simulate(simulate.recovery_population(), 1, 3,\n"
        "                         rng=np.random.default_rng(1))\n"
        "levels.levels(made.ratings[0], made.b[0],\n"
        "              simulate.recovery_population().common)\n"
        "sys.exit('numba' in sys.modules)\n"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"ratings": np.zeros((3, 2, 2))}, "ratings must have shape (n_pairs"),
        (
            {"ratings": np.zeros((2, 3, 2, 1))},
            "ratings must have shape (..., n_sessions",
        ),
        (
            {"b": np.zeros((3, 5, 4))},
            "b must have points for 2 pairs, or 1, and 1 draws",
        ),
        ({"b": np.zeros((5, 4))}, "b must have points for 2 pairs"),
        ({"engine": "fast"}, "engine must be compiled or numpy, got fast"),
        (
            {"nuisance": stacked([stacked([example()])])},
            "nuisance must be one draw or a stack, got (1, 1)",
        ),
    ],
)
def test_what_does_not_fit_is_refused(change, message):
    given = {
        "ratings": np.zeros((2, 3, 2, 2)),
        "b": np.zeros((1, 5, 4)),
        "nuisance": example(),
        "engine": "numpy",
    } | change

    with pytest.raises(ParameterError, match=re.escape(message)):
        log_likelihoods(**given)
