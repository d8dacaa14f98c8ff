"""Where the two likely were, who moves whom, and when one session was quiet for both."""

from dataclasses import replace

import numpy as np
import pytest

from build import FLAT, C, T, course, finding, ids, reading
from duologue.engine.dyad.balance import Outcome
from duologue.faces.layout import newest_of
from duologue.records import Kind, Seat
from duologue.relationship import Level, Strand, arrays, influence, lines
from duologue.relationship.chance import ORDINARY
from duologue.relationship.levels import likely_levels, version
from duologue.relationship.wording import in_words, one_in

WAVES = (60, 48, 71, 55, 66, 52, 74, 58, 63, 49, 70, 57, 68, 51, 64, 59, 73, 50, 61, 56)
"""Twenty answers that go up and down."""


def both(item, client, therapist=None):
    return {(item, C): client, (item, T): client if therapist is None else therapist}


def drawn(made, which="ours.safe", reader="ours"):
    return finding(made, which, reader).chart


# Where each likely was ---------------------------------------------------------------


def test_under_five_answers_there_are_points_and_nothing_else():
    chart = drawn(course(both("safe", WAVES[:4])))

    assert not chart.joined
    assert all(series.track is None for series in chart.series)


@pytest.mark.parametrize("which", ["ours.safe", "mine.safe"])
def test_from_five_answers_on_a_level_is_drawn_with_its_interval(which):
    chart = drawn(course(both("safe", WAVES[:5])), which, "client")

    assert chart.joined
    for series in chart.series:
        track = series.track
        for low, level, high in zip(
            track.lower, track.values, track.upper, strict=True
        ):
            assert 0 <= low < level < high <= 100


def test_a_level_lies_nearer_to_ones_usual_than_an_answer_does():
    line = drawn(course(both("safe", WAVES))).series[0]
    answers, level = np.array(line.values), np.array(line.track.values)

    assert level.std() < 0.8 * answers.std()
    assert level.mean() == pytest.approx(answers.mean(), abs=2)
    assert np.corrcoef(answers, level)[0, 1] > 0.7


def test_a_level_is_that_of_the_model_in_points_of_100():
    line = drawn(course(both("safe", WAVES))).series[0]

    state = likely_levels(np.column_stack([WAVES, WAVES]).astype(float))

    np.testing.assert_allclose(line.track.values, 10 * state.level[:, 0], atol=0.051)
    np.testing.assert_allclose(
        line.track.lower, 10 * state.level_ends[:, 0, 0], atol=0.051
    )


def test_nothing_is_foretold_on_a_page_nor_told_of_before_the_first_answer():
    own = (None, None, *WAVES[:6], None, *WAVES[6:9], None, None)
    track = (
        drawn(course({("safe", C): own}, n=16), "mine.safe", "client").series[0].track
    )

    assert [v is not None for v in track.values] == [
        2 <= row <= 11 for row in range(16)
    ]
    # A blank in between leaves it the wider.
    width = np.subtract(track.upper[2:12], track.lower[2:12])
    assert width[6] > width[5]
    assert width[6] > width[7]


def test_a_level_does_not_leave_the_scale():
    line = drawn(course(both("safe", (100,) * 12))).series[0]

    assert max(line.track.values) == max(line.track.upper) == 100.0
    assert min(line.track.lower) > 80


@pytest.mark.parametrize("end", [0, 100])
def test_an_interval_beyond_the_slider_is_not_written_as_if_it_had_no_width(end):
    track = drawn(course(both("safe", (end,) * 15))).series[0].track

    assert track.lower[-1] == track.upper[-1] == end
    assert newest_of(track) == "at the end of the slider"


def test_levels_that_are_too_rough_are_not_drawn(monkeypatch):
    monkeypatch.setattr(lines, "ENOUGH_ROWS", 1e9)

    chart = drawn(course(both("safe", WAVES)))

    assert not chart.joined
    assert all(series.track is None for series in chart.series)


def test_ones_own_level_rests_on_ones_own_answers_alone():
    lines = both("safe", WAVES, WAVES[::-1])
    alone = course({("safe", C): WAVES})

    one = drawn(course(lines), "mine.safe", "client")

    assert one == drawn(alone, "mine.safe", "client")


def test_the_same_answers_of_both_have_the_same_level():
    client, therapist = drawn(course(both("safe", WAVES))).series

    assert client.track == therapist.track


def test_exchanging_the_two_exchanges_their_levels():
    one = drawn(course(both("safe", WAVES, WAVES[::-1]))).series
    other = drawn(course(both("safe", WAVES[::-1], WAVES))).series

    for seat in (0, 1):
        assert one[seat].track == other[1 - seat].track


def test_what_was_assumed_is_called_so_wherever_it_is_drawn_upon():
    early, told = (
        reading(course(both("safe", values))) for values in (WAVES[:4], WAVES)
    )
    quiet = reading(course(both("open", (*STEADY, 40), (*STEADY, 38))), drawn=False)

    assert not [note for note in early.notes if "assumed" in note]
    assert early.assumed is None
    for found in (told, quiet):
        assert len([note for note in found.notes if "assumed" in note]) == 1
        assert found.assumed == version()


@pytest.mark.parametrize("reader", ["ours", "client", "therapist", "research"])
def test_without_charts_the_same_stands_out(reader):
    made = course(
        {
            **both("safe", (*FLAT, 40), (*FLAT, 61)),
            **both("open", (*FLAT, 41), (*FLAT, 38)),
        }
    )

    whole, bare = reading(made, reader), reading(made, reader, drawn=False)

    assert whole.cards
    assert [
        replace(f, chart=None) for f in whole.cards if f.strand is not Strand.APART
    ] == [replace(f, chart=None) for f in bare.cards]
    scales = [f for f in bare.findings if f.strand is Strand.TRUST]
    assert scales
    assert all(f.chart is None for f in scales)


# Who moves whom ----------------------------------------------------------------------


def moves(n, client=WAVES, therapist=WAVES[::-1], **options):
    made = course(both("open", client[:n], therapist[:n]), **options)
    return finding(made, "ours.influence.open")


def test_eleven_sessions_cannot_tell_who_influences_whom():
    found = moves(11)

    assert found.sentence == (
        "Eleven sessions cannot tell who influences whom; 9 in 10 of the plausible "
        "answers run from “the therapist moves the client more” to “the client moves "
        "the therapist more”."
    )
    assert "Before 16 sessions" in found.how_sure
    assert "says nothing about the two of you" in found.how_sure
    assert found.level is Level.COUNT
    assert not found.card
    assert found.interval[0] < found.estimate < found.interval[1]
    assert found.sessions == tuple(range(1, 12))


def test_from_sixteen_on_it_is_no_longer_a_matter_of_waiting():
    assert "Before 16 sessions" not in moves(20).how_sure


def test_under_five_sessions_the_question_does_not_come_up():
    made = course(both("open", WAVES[:4]))

    assert Strand.INFLUENCE not in {f.strand for f in reading(made).findings}


def test_nor_where_it_is_too_early_to_say_anything_of_the_scale():
    blanks = tuple(v if i % 3 == 0 else None for i, v in enumerate(WAVES * 2))
    made = course(both("open", blanks))

    assert finding(made, "ours.open").level is Level.TOO_EARLY
    assert Strand.INFLUENCE not in {f.strand for f in reading(made).findings}


def test_it_rests_on_what_has_opened_only():
    made = course(both("open", WAVES), shared={("open", C)})

    assert Strand.INFLUENCE not in {f.strand for f in reading(made, "client").findings}


def test_only_openness_is_asked():
    made = course({**both("safe", WAVES), **both("deep", WAVES)})

    assert Strand.INFLUENCE not in {f.strand for f in reading(made).findings}


def told(monkeypatch, **changed):
    """Let the engine come to another outcome."""

    def other(answers, *, whole=False):
        state = likely_levels(answers, whole=whole)
        return replace(state, balance=replace(state.balance, **changed))

    monkeypatch.setattr(arrays, "likely_levels", other)
    return moves(20)


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (
            Outcome.CLIENT_LEADS,
            "when the client had been more open, the therapist tended",
        ),
        (Outcome.THERAPIST_LEADS, "when the therapist had been more open, the client"),
        (Outcome.EQUALS, "when one had been more open, the other tended"),
        (Outcome.NO_INFLUENCE, "how open one had been went hardly with how open"),
    ],
)
def test_each_outcome_has_its_own_words(monkeypatch, outcome, words):
    found = told(monkeypatch, outcome=outcome, reasons=())

    assert words in found.sentence
    assert found.sentence.startswith("Over twenty sessions that you both opened")
    assert "about 1 in 100 is told" in found.how_sure
    assert found.chance_rate == influence.CHANCE
    assert found.level is Level.REPEATED
    assert "outside" in found.another_reading or "slider" in found.another_reading


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ((0.05, 0.2), "“neither moves the other more” to “the client moves the therapist a little more”"),
        ((-0.4, 0.2), "“the therapist moves the client more” to “the client moves the therapist a little more”"),
        ((0.5, 0.9), ""),
        ((np.nan, np.nan), ""),
    ],
)  # fmt: skip
def test_the_ends_are_put_in_words_and_left_out_where_they_say_the_same(
    monkeypatch, ends, said
):
    found = told(
        monkeypatch, outcome=Outcome.CANNOT_TELL, standardised_ends=np.array(ends)
    )

    assert (said in found.sentence) if said else ("9 in 10" not in found.sentence)
    assert (found.interval is None) == bool(np.isnan(ends[0]))


def test_a_supervision_pair_is_called_by_its_own_names():
    found = finding(
        course(both("sup_open", WAVES[:11], WAVES[1:12]), kind=Kind.SUPERVISION),
        "ours.influence.sup_open",
    )

    assert "the supervisor moves the supervisee" in found.sentence


@pytest.mark.parametrize(
    ("n", "word"),
    [
        (5, "five"),
        (19, "nineteen"),
        (20, "twenty"),
        (42, "forty-two"),
        (99, "ninety-nine"),
        (100, "100"),
        (1200, "1,200"),
    ],
)
def test_a_number_is_said_as_a_word_up_to_ninety_nine(n, word):
    assert in_words(n) == word


# Both quieter, once ------------------------------------------------------------------

STEADY = (60, 62, 58, 61, 59, 60, 62, 58, 61, 59, 60, 61)


def test_one_session_in_which_both_were_quieter_is_told_and_how_often_it_is_missed():
    found = finding(
        course(both("open", (*STEADY, 40), (*STEADY, 38))), "ours.quieter.once"
    )

    assert found.card
    assert found.sessions == (13,)
    assert "mostly right, and nearly all sessions like it are missed" in found.how_sure
    assert found.chance_rate == ORDINARY.quieter_once
    assert one_in(ORDINARY.quieter_once) in found.how_sure
    assert "hid" not in found.sentence + found.how_sure


@pytest.mark.parametrize(
    ("client", "therapist"),
    [
        ((*STEADY, 40), (*STEADY, 60)),
        ((*STEADY, 60), (*STEADY, 38)),
        ((*STEADY, 59), (*STEADY, 59)),
        ((*STEADY[:9], 40), (*STEADY[:9], 38)),
        ((*STEADY, 40, 60), (*STEADY, 38, 61)),
    ],
    ids=["client only", "therapist only", "hardly", "too early", "over again"],
)
def test_otherwise_nothing_is_said_of_one_quiet_session(client, therapist):
    found = reading(course(both("open", client, therapist)))

    assert "ours.quieter.once" not in ids(found)


@pytest.mark.parametrize(
    ("last", "told"),
    [((60, 61, 38), "ours.quieter.once"), ((45, 46, 44), "ours.quieter")],
    ids=["a session", "a stretch"],
)
def test_quieter_is_told_of_a_session_or_of_a_stretch_not_of_both(last, told):
    found = ids(reading(course(both("open", (*FLAT, *last)))))

    assert [each for each in found if each.startswith("ours.quieter")] == [told]


@pytest.mark.parametrize("later", [C, T])
def test_a_session_that_one_answered_alone_makes_it_no_longer_the_newest(later):
    lines_ = {
        ("open", seat): (*STEADY, low, 60 if seat is later else None)
        for seat, low in ((C, 40), (T, 38))
    }

    found = reading(course(lines_), "research")

    assert "ours.quieter.once" not in ids(found)


def test_where_both_are_quieter_the_scale_does_not_say_the_contrary():
    found = finding(course(both("open", (*FLAT[:9], 45, 46, 44))), "ours.open")

    assert "stands under “Both quieter”" in found.sentence


def test_a_dip_on_an_open_day_is_not_called_apart():
    made = course({**both("safe", (*FLAT, 40)), **both("open", (*FLAT, 75))})

    found = reading(made)

    assert Strand.APART not in {f.strand for f in found.findings}
    (dip,) = [f for f in found.cards if f.item == "safe"]
    assert "most open days" in dip.another_reading


# For research only -------------------------------------------------------------------


def test_estimates_are_for_research_only():
    made = course(both("safe", WAVES))

    (found,) = [
        f for f in reading(made, "research").findings if f.strand is Strand.MODEL
    ]

    assert found.level is Level.RESEARCH
    assert version() in found.how_sure
    assert "Next session's answers: client 6" in found.sentence
    for reader in ("ours", *Seat):
        assert Strand.MODEL not in {f.strand for f in reading(made, reader).findings}


def test_too_early_nothing_is_estimated():
    made = course(both("safe", WAVES[:4]))

    assert Strand.MODEL not in {f.strand for f in reading(made, "research").findings}
