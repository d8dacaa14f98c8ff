"""What holds of every function on whatever courses come: blanks, ends, one session."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from duologue.engine.change.clinical import CutOff, clinical_change
from duologue.engine.change.codes import Better, Category, Reason
from duologue.engine.change.complexity import dynamic_complexity
from duologue.engine.change.courses import courses, ends
from duologue.engine.change.dips import Spread, control_chart, dips
from duologue.engine.change.growth import fit_growth
from duologue.engine.change.mixed import effects, fit_mixed
from duologue.engine.change.neighbours import nearest_neighbours
from duologue.engine.change.percent import matters, percent_change
from duologue.engine.change.reliable import Index, reference_of, reliable_change
from duologue.engine.change.slopes import slopes
from duologue.engine.change.sudden import Met, Way, sudden_changes
from duologue.errors import ParameterError

# Few whole numbers, so that ties, equal scores and zeros come often; -1 is a blank.
SCORES = arrays(
    np.int64,
    array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=9),
    elements=st.integers(-1, 6),
).map(lambda y: np.where(y < 0, np.nan, y).astype(float))
BETTER = st.sampled_from(Better)


def assert_sound(values, category, reason):
    """Nothing infinite; a number, a category and no reason, or none of the three."""
    assert not np.isinf(values).any()
    undefined = reason != Reason.NONE
    assert (np.isnan(values) == undefined).all()
    assert ((category == Category.UNDEFINED) == undefined).all()


@given(y=SCORES, better=BETTER, index=st.sampled_from(Index))
def test_two_scores_give_a_category_or_a_reason(y, better, index):
    both = ends(y)
    own = reference_of(both.pre, both.post, reliability=0.8)

    change = reliable_change(
        both.pre, both.post, reference=own, better=better, index=index
    )
    found = clinical_change(both.pre, both.post, change=change, cut=CutOff(value=3))
    plain = [
        percent_change(both.pre, both.post, better=better),
        matters(both.pre, both.post, better=better, difference=2),
    ]

    assert_sound(change.values, change.category, change.reason)
    for each in plain:
        assert_sound(each.values, each.category, each.reason)
    assert ((found.category == 0) == (found.reason != Reason.NONE)).all()
    assert (found.category[found.clinical_before & found.functional_after] != 5).all()


@given(y=SCORES, better=BETTER, compat=st.booleans())
def test_slopes_give_a_category_or_a_reason(y, better, compat):
    found = slopes(y, better=better, compat=compat)

    assert_sound(found.values, found.category, found.reason)
    assert not np.isinf([found.total, found.sd]).any()


@given(y=SCORES, better=BETTER, way=st.sampled_from(Way))
def test_a_sudden_change_has_its_two_scores_and_meets_every_criterion(y, better, way):
    found = sudden_changes(y, better=better, way=way, cut=2)

    before, after = y[:, :-1], y[:, 1:]
    blank = np.isnan(before) | np.isnan(after)
    assert (found.found[blank] == Met.UNKNOWN).all()
    at = (found.course, found.interval)
    for codes in (found.first, found.second, found.third):
        assert (codes[at] == Met.YES).all()
    assert (found.size >= 2).all()
    assert not np.isinf(found.share).any()


@given(
    y=SCORES,
    better=BETTER,
    spread=st.sampled_from(Spread),
    sd_group=st.sampled_from([0.0, 1.0]),
)
def test_a_dip_has_a_threshold_and_is_mended_after_it(y, better, spread, sd_group):
    found = dips(y, sd_group=sd_group, better=better, spread=spread)

    columns = np.arange(y.shape[1])
    assert not np.isinf(found.threshold).any()
    assert (found.threshold[found.dip] > 0).all()
    assert not (found.dip | found.decline)[found.reason != Reason.NONE].any()
    assert not (found.dip & found.decline).any()
    for mended, fallen in (
        (found.dip_mended_at, found.dip),
        (found.decline_mended_at, found.decline),
    ):
        assert (mended[~fallen] == -1).all()
        later = np.where(mended < 0, columns + 1, mended) - columns
        assert ((later >= 1) & (later <= 5)).all()
    chart = control_chart(y)
    assert not np.isinf([chart.lower, chart.upper]).any()


@given(y=SCORES)
def test_complexity_lies_between_nothing_and_one(y):
    found = dynamic_complexity(y, lowest=0, highest=6, window=3)

    for values in (found.fluctuation, found.distribution, found.complexity):
        there = values[~np.isnan(values)]
        assert ((there >= -1e-12) & (there <= 1 + 1e-12)).all()


@given(y=SCORES)
def test_neighbours_are_other_people_with_an_outcome(y):
    found = nearest_neighbours(y, y[:, -1], k=2)

    for person, rows in enumerate(found.rows):
        if found.reason[person] == Reason.NONE:
            assert person not in rows
            assert not np.isnan(y[rows, -1]).any()
        else:
            assert np.isnan(found.expected[person])


@given(y=SCORES)
def test_a_mixed_model_is_learned_or_refused_with_a_reason(y):
    model, why = fit_mixed(y, np.arange(y.shape[1], dtype=float))

    assert (model is None) == (why != Reason.NONE)
    if model is not None:
        u, covariance = effects(model, y, np.arange(y.shape[1], dtype=float))
        assert np.isfinite(u).all()
        assert np.isfinite(covariance).all()
        assert (np.linalg.eigvalsh(model.G) >= -1e-9).all()
        assert model.residual > 0


@given(y=SCORES, seed=st.integers(0, 2**32 - 1), better=BETTER)
def test_two_instruments_in_a_course_leave_nothing_to_say_of_it(y, seed, better):
    rng = np.random.default_rng(seed)
    instrument = np.ones(y.shape, dtype=int)
    swapped = rng.random(len(y)) < 0.5
    instrument[swapped, rng.integers(0, y.shape[1]) :] = 2
    there = ~np.isnan(y)
    ones, twos = (there & (instrument == k) for k in (1, 2))
    mixed = ones.any(axis=1) & twos.any(axis=1)
    try:
        found = courses(y, instrument=instrument)
    except ParameterError:
        assert (ones.any(axis=1) & ~mixed).any()
        assert (twos.any(axis=1) & ~mixed).any()
        return

    assert ((found.reason == Reason.TWO_INSTRUMENTS) == mixed).all()
    options = {"better": better, "instrument": instrument}
    assert (slopes(y, **options).reason[mixed] == Reason.TWO_INSTRUMENTS).all()
    assert (
        ends(y, instrument=instrument).reason[mixed] == Reason.TWO_INSTRUMENTS
    ).all()
    fallen = dips(y, sd_group=0.5, **options)
    assert (fallen.reason[mixed] == Reason.TWO_INSTRUMENTS).all()
    assert not fallen.dip[mixed].any()
    steps = sudden_changes(y, cut=2, **options)
    assert (steps.found[mixed] == Met.UNKNOWN).all()
    window = dynamic_complexity(y, lowest=0, highest=6, window=3, instrument=instrument)
    assert np.isnan(window.complexity[mixed]).all()


@pytest.mark.parametrize("better", Better)
def test_one_session_says_nothing_anywhere(better):
    y = np.array([[5.0], [7.0], [9.0], [4.0]])

    both = ends(y)

    assert (both.reason == Reason.FEW_SCORES).all()
    assert (slopes(y, better=better).reason == Reason.FEW_SCORES).all()
    assert (dips(y, sd_group=1.0, better=better).reason == Reason.FEW_SCORES).all()
    assert sudden_changes(y, better=better, cut=2).found.shape == (4, 0)
    assert np.isnan(dynamic_complexity(y, lowest=0, highest=9).complexity).all()
    with pytest.raises(ParameterError, match="FEW_SCORES"):
        fit_growth(y, research=True)
