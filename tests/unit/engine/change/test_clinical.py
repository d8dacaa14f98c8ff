"""Clinically significant change: cut-offs, categories, and the peer's departures."""

import numpy as np
import pytest

from duologue.engine.change.clinical import (
    CutOff,
    Kind,
    Norm,
    clinical_change,
    cut_off,
)
from duologue.engine.change.codes import Better, Category, Reason
from duologue.engine.change.reliable import (
    Index,
    Reference,
    reference_of,
    reliable_change,
)
from duologue.errors import ParameterError

NAN = float("nan")
CASES = ["das", "hamd", "synthetic_lower", "synthetic_higher"]
ILL, WELL = Norm(mean=40, sd=7.5), Norm(mean=60, sd=7.5)
PRE = np.array([22.0, 20, 34, 15, 18, 27, 9, 25, 21, 30, 5, 4])
POST = np.array([21.0, 9, 17, 16, 6, 30, 4, 25, 12, 11, 26, 12])


def parameters(reference, case):
    columns = reference("change/parameters.csv")
    row = columns["case"].index(case)
    return (
        float(columns["reliability"][row]),
        Norm(
            mean=float(columns["m_functional"][row]),
            sd=float(columns["sd_functional"][row]),
        ),
        Better[columns["better"][row].upper()],
    )


def whole(pre, post, *, index, kind, r, functional, better, compat=False):
    """Index, cut-off from the sample's own first scores, and categories."""
    own = reference_of(pre, post, reliability=r)
    change = reliable_change(pre, post, reference=own, better=better, index=index)
    cut = cut_off(
        kind,
        better=better,
        clinical=Norm(mean=own.mean, sd=own.sd),
        functional=functional,
        sem=own.sem if index is Index.HA else 0.0,
        compat=compat,
    )
    return clinical_change(pre, post, change=change, cut=cut), cut


@pytest.mark.parametrize(("kind", "expected"), [("a", 55), ("b", 45), ("c", 50)])
def test_the_cut_offs_of_jacobson_and_truax(kind, expected):
    options = {"clinical": ILL, "functional": WELL}

    found = cut_off(Kind(kind), better=Better.HIGHER, **options)

    assert found == CutOff(value=expected)


def test_the_cut_off_of_the_core_10_lies_where_it_is_published():
    # General population 4.7 (4.8), primary care 19.7 (7.7): 10.46, published as 11.
    found = cut_off(
        Kind.C,
        better=Better.LOWER,
        clinical=Norm(mean=19.7, sd=7.7),
        functional=Norm(mean=4.7, sd=4.8),
    )

    assert found.value == pytest.approx(10.46, abs=0.005)


def test_b_takes_the_functional_spread_and_the_clinical_one_only_on_request():
    # Hamilton: 8 + 2 * 8 = 24; a published program has 8 + 2 * 3.340121 = 14.680242.
    options = {
        "clinical": Norm(mean=24.85, sd=3.340121294),
        "functional": Norm(mean=8, sd=8),
        "better": Better.LOWER,
    }

    assert cut_off(Kind.B, **options).value == 24
    peer = cut_off(Kind.B, **options, compat=True)
    assert peer.value == pytest.approx(14.680242, abs=1e-6)
    assert cut_off(Kind.C, **options).value == pytest.approx(19.886998, abs=1e-6)


def test_a_cut_off_that_lacks_a_norm_says_so():
    lacking = CutOff(value=NAN, reason=Reason.NEEDS_SAMPLE)

    for kind, options in (
        (Kind.A, {"functional": WELL}),
        (Kind.B, {"clinical": ILL}),
        (Kind.B, {"functional": WELL, "compat": True}),
        (Kind.C, {"functional": WELL}),
    ):
        found = cut_off(kind, better=Better.HIGHER, **options)
        assert str(found) == str(lacking)
    assert cut_off(Kind.B, better=Better.HIGHER, functional=WELL).value == 45
    assert cut_off(Kind.A, better=Better.HIGHER, clinical=ILL).value == 55


def test_a_cut_off_between_groups_without_spread_is_undefined():
    flat = cut_off(
        Kind.C,
        better=Better.HIGHER,
        clinical=Norm(mean=40, sd=0),
        functional=Norm(mean=60, sd=0),
    )
    wide = cut_off(Kind.C, better=Better.HIGHER, clinical=ILL, functional=WELL, sem=8)

    assert flat.reason == Reason.NO_SPREAD
    assert wide.reason == Reason.NOT_RELIABLE
    assert np.isnan([flat.value, wide.value]).all()


@pytest.mark.shared
def test_every_cut_off_is_that_of_the_reference(reference):
    columns = reference("change/cutoffs.csv")

    for row in range(len(columns["case"])):
        case = {name: column[row] for name, column in columns.items()}
        ill = Norm(mean=float(case["m_clinical"]), sd=float(case["sd_clinical"]))
        well = Norm(mean=float(case["m_functional"]), sd=float(case["sd_functional"]))
        sem = ill.sd * np.sqrt(1 - float(case["reliability"]))
        for compat, column in ((False, "cutoff_paper"), (True, "cutoff_package")):
            found = cut_off(
                Kind(case["cutoff_type"]),
                better=Better[case["better"].upper()],
                clinical=ill,
                functional=well,
                sem=sem if case["method"] == "HA" else 0.0,
                compat=compat,
            )
            assert found.value == pytest.approx(float(case[column]), rel=1e-11)


@pytest.mark.shared
@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("index", Index)
def test_categories_are_those_of_the_reference(reference, numbers, case, index):
    scores = reference(f"change/{case}.csv")
    pre, post = numbers(scores, "pre", "post")
    r, functional, better = parameters(reference, case)

    found, _ = whole(
        pre, post, index=index, kind=Kind.C, r=r, functional=functional, better=better
    )

    names = [Category(code).name.lower() for code in found.category]
    assert names == scores[f"category_{index}"]
    if index is Index.HA:
        expected = numbers(scores, "cs_indiv_HA")
        np.testing.assert_allclose(found.certainty, expected, rtol=1e-10, atol=1e-9)


@pytest.mark.shared
@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("index", Index)
@pytest.mark.parametrize("kind", Kind)
def test_counts_are_those_of_the_package(reference, numbers, case, index, kind):
    pre, post = numbers(reference(f"change/{case}.csv"), "pre", "post")
    r, functional, better = parameters(reference, case)
    counts = reference("change/counts.csv")
    expected = {
        counts["category"][row]: int(counts["n"][row])
        for row in range(len(counts["n"]))
        if (counts["case"][row], counts["approach"][row]) == (case, "combined")
        and (counts["method"][row], counts["cutoff_type"][row]) == (index, kind)
    }

    found, _ = whole(
        pre,
        post,
        index=index,
        kind=kind,
        r=r,
        functional=functional,
        better=better,
        compat=kind is Kind.B,
    )

    assert len(expected) == 5
    for name, n in expected.items():
        assert (found.category == Category[name.upper()]).sum() == n


def test_the_five_categories_one_by_one():
    # A difference has SD 1, so 2 is reliable; the cut-off is 10, lower better.
    norms = Reference(sd=np.sqrt(0.5), reliability=0.0)
    pre = [12, 15, 9, 12, 8, 8, 12, 10, 12.0]
    post = [8, 12, 6, 15, 12, 9.9, 11, 7, 10.0]
    change = reliable_change(pre, post, reference=norms, better=Better.LOWER)

    found = clinical_change(pre, post, change=change, cut=CutOff(value=10))

    assert [Category(code).name for code in found.category] == [
        "RECOVERED",
        "IMPROVED",  # still on the clinical side
        "IMPROVED",  # began on the functional side
        "DETERIORATED",  # began on the clinical side
        "HARMED",
        "UNCHANGED",  # 1.9 points, not beyond 1.96
        "UNCHANGED",
        "IMPROVED",  # began on the cut-off, which is no side
        "IMPROVED",  # ended on it
    ]


def test_who_gets_worse_but_stays_functional_deteriorated_except_by_ha():
    # A published program, and the formula, ask for the first score in HA's second.
    common = {"r": 0.95, "functional": Norm(mean=8, sd=8), "better": Better.LOWER}

    jt, cut = whole(PRE, POST, index=Index.JT, kind=Kind.C, **common)
    ha, _ = whole(PRE, POST, index=Index.HA, kind=Kind.C, **common)

    assert cut.value > 12
    assert jt.category[-1] == Category.DETERIORATED
    assert ha.category[-1] == Category.HARMED


@pytest.mark.parametrize("index", Index)
@pytest.mark.parametrize("kind", Kind)
def test_a_scale_turned_round_gives_the_same_categories(index, kind):
    functional = Norm(mean=8, sd=8)
    turned = Norm(mean=40 - 8, sd=8)

    found, _ = whole(
        PRE,
        POST,
        index=index,
        kind=kind,
        r=0.8,
        functional=functional,
        better=Better.LOWER,
    )
    other, _ = whole(
        40 - PRE,
        40 - POST,
        index=index,
        kind=kind,
        r=0.8,
        functional=turned,
        better=Better.HIGHER,
    )

    assert other.category.tolist() == found.category.tolist()
    assert len(set(found.category.tolist())) > 1


def test_what_is_undefined_has_no_side_and_no_category():
    norms = Reference(sd=5, reliability=0.8)
    pre, post = [20, NAN, 20], [5, 5, NAN]
    change = reliable_change(pre, post, reference=norms, better=Better.LOWER)
    none = CutOff(value=NAN, reason=Reason.NEEDS_SAMPLE)

    found = clinical_change(pre, post, change=change, cut=CutOff(value=10))
    nowhere = clinical_change(pre, post, change=change, cut=none)

    assert found.reason.tolist() == [Reason.NONE, Reason.BLANK, Reason.BLANK]
    assert found.category.tolist() == [Category.RECOVERED, 0, 0]
    assert found.clinical_before.tolist() == [True, False, False]
    assert found.functional_after.tolist() == [True, False, False]
    assert nowhere.reason.tolist() == [
        Reason.NEEDS_SAMPLE,
        Reason.BLANK,
        Reason.BLANK,
    ]
    assert not nowhere.category.any()


def test_ha_is_as_its_formula_person_by_person():
    # Second scores spread round the cut-off, so that all of them matter.
    rng = np.random.default_rng(3)
    pre = rng.integers(8, 36, size=200).astype(float)
    post = np.clip(pre - rng.integers(-10, 24, size=200), 0, 40)
    r, cut = 0.8, 14.0
    own = reference_of(pre, post, reliability=r)
    change = reliable_change(
        pre, post, reference=own, better=Better.LOWER, index=Index.HA
    )

    found = clinical_change(pre, post, change=change, cut=CutOff(value=cut))

    s1, s2, m2 = np.std(pre, ddof=1), np.std(post, ddof=1), post.mean()
    sem = s1 * np.sqrt(1 - r)
    r2 = 1 - sem**2 / s2**2
    for row, (x1, x2) in enumerate(zip(pre, post, strict=True)):
        sure = (m2 + (x2 - m2) * r2 - cut) / (np.sqrt(r2) * sem)
        assert found.certainty[row] == pytest.approx(sure)
        assert found.clinical_before[row] == (x1 > cut)
        assert found.functional_after[row] == (x1 > cut and -sure > 1.644854)
    between = found.clinical_before & (post < cut) & ~found.functional_after
    assert between.sum() > 5


def test_ha_has_no_side_where_second_scores_are_all_error():
    # Second scores vary less (SD 1.2) than one score errs (SEM 4.2 at r .8).
    post = 10 + np.tile([1.0, -1.0], 6)

    found, _ = whole(
        PRE,
        post,
        index=Index.HA,
        kind=Kind.C,
        r=0.8,
        functional=Norm(mean=8, sd=8),
        better=Better.LOWER,
    )

    assert (found.reason == Reason.NOT_RELIABLE).all()


def test_what_does_not_fit_is_refused():
    norms = Reference(sd=5, reliability=0.8)
    change = reliable_change([1, 2], [2, 3], reference=norms, better=Better.LOWER)

    with pytest.raises(ParameterError, match="must have the shape of change"):
        clinical_change([1], [2], change=change, cut=CutOff(value=1))
    with pytest.raises(ParameterError, match="sem must be 0 or more, got -1"):
        cut_off(Kind.A, better=Better.LOWER, clinical=ILL, sem=-1)
    with pytest.raises(ParameterError, match="mean must be a finite number, got nan"):
        Norm(mean=NAN, sd=1)
    with pytest.raises(ParameterError, match="sd must be 0 or more, got -1"):
        Norm(mean=0, sd=-1)
