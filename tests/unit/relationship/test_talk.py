"""What transcripts let the program say of two people, and what it never says."""

from dataclasses import replace

import pytest

from build import C, T, course, finding, ids, reading
from duologue.faces.as_html import one_reading
from duologue.faces.as_json import to_json
from duologue.faces.as_text import to_text
from duologue.faces.layout import level_name
from duologue.records import Segment, Turns
from duologue.relationship import Level
from duologue.relationship.spoken import spoken_in

SAID = ("I thought of it all week, I suppose.", "What is it like, here with me?")


def transcript(number=1, *, n=12, ends=True, texts=SAID):
    """Return a transcript of n turns of each, with waits that differ."""
    at, segments = 0.0, []
    for k in range(2 * n):
        end = at + 3.0 + k % 3
        seat, text = (C, texts[0]) if k % 2 == 0 else (T, texts[1])
        segments.append(Segment(seat, at, end if ends else None, text))
        at = end + (3.5 if k == 7 else 0.4 + 0.1 * (k % 4))
    return Turns(session=number, segments=tuple(segments), resolution_s=0.1)


def of_many(numbers, **changes):
    """Return a course whose sessions were counted, each with the changes given."""
    made = [replace(spoken_in(transcript(n)), **changes) for n in numbers]
    return course(n=max(numbers), spoken=tuple(made))


def followed(*z, n_pairs=40):
    """Return what is counted of following, by z of the client and of the therapist."""
    (found, _) = spoken_in(transcript()).following
    return tuple(
        replace(found, n_pairs=n_pairs, is_enough=n_pairs >= 30, excess=0.02, z=each)
        for each in z
    )


def test_silences_waits_and_overlaps_are_counted():
    found = finding(course(n=1, turns=(transcript(),)), "ours.pauses.1")

    assert found.level is Level.COUNT
    assert "1 silence of three seconds or more (it 3.5 s, at 0:35)" in found.sentence
    assert "the client waited 0.5 s and the therapist waited 0.5 s" in found.sentence
    assert "0 of 23 changes of speaker began before" in found.sentence


def test_without_ends_it_is_said_why_nothing_is_said_of_pauses():
    found = finding(course(n=1, turns=(transcript(ends=False),)), "ours.pauses.1")

    assert found.level is Level.TOO_EARLY
    assert "does not say when each stretch of speech ends" in found.how_sure
    assert found.chart is None


def test_with_few_turns_nothing_is_said_of_the_turn_before():
    found = finding(course(n=1, turns=(transcript(),)), "ours.following.1")

    assert found.level is Level.TOO_EARLY
    assert "30 pairs" in found.how_sure
    assert "12" in found.how_sure or "11" in found.how_sure


@pytest.mark.parametrize(
    ("z", "said", "level"),
    [
        ((2.5, 2.5), "each of you used words of the turn just before", Level.UNUSUAL),
        ((2.5, 0.3), "the client used words of the therapist’s turn", Level.UNUSUAL),
        ((0.3, 2.5), "the therapist used words of the client’s turn", Level.UNUSUAL),
        ((0.3, -2.5), "neither used words of the turn just before", Level.COUNT),
    ],
)
def test_the_order_of_turns_is_told_beside_chance_and_never_as_answering(
    z, said, level
):
    found = finding(of_many([1], following=followed(*z)), "ours.following.1")

    assert said in found.sentence
    assert found.level is level
    assert (found.chance_rate == 0.05) is (level is Level.UNUSUAL)
    assert "whether or not either answers" in found.another_reading
    assert "More is not better" in found.another_reading
    assert level_name(found) == ("beyond chance" if level is Level.UNUSUAL else "")
    assert not found.card


def test_turns_that_all_share_alike_much_are_told_as_that():
    found = finding(of_many([1], following=followed(None, 2.5)), "ours.following.1")

    assert found.level is Level.TOO_EARLY
    assert "share alike much" in found.how_sure


def test_only_the_newest_transcript_is_told_at_length():
    found = ids(reading(of_many([1, 2, 3])))

    assert {"ours.turns.1", "ours.turns.2", "ours.turns.3"} <= set(found)
    assert [name for name in found if name.startswith("ours.pauses")] == [
        "ours.pauses.3"
    ]


@pytest.mark.parametrize(("n", "joined"), [(2, False), (4, False), (5, True)])
def test_over_few_sessions_there_are_points_and_nothing_between(n, joined):
    found = finding(of_many(range(1, n + 1)), "ours.shares")

    assert found.chart.joined is joined
    assert (found.level is Level.COUNT) is joined
    assert len(found.chart.series[0].values) == n
    total = [
        a + b for a, b in zip(*(s.values for s in found.chart.series), strict=True)
    ]
    assert total == [100.0] * n


def test_over_the_sessions_it_is_counted_how_often_the_order_mattered():
    made = of_many(range(1, 7), following=followed(2.5, 1.0))

    found = finding(made, "ours.followed")

    assert "In 6 of 6 sessions the client used words" in found.sentence
    assert "in 0 the therapist did" in found.sentence
    assert "about 1 in 40" in found.how_sure


def test_sessions_in_which_only_one_of_the_two_can_be_told_are_not_among_them():
    both, (client, therapist) = followed(2.5, 2.5), followed(2.5, 2.5)
    few = replace(therapist, n_pairs=29, is_enough=False)
    made = [
        replace(spoken_in(transcript(n)), following=both if n < 6 else (client, few))
        for n in range(1, 9)
    ]

    found = finding(course(n=8, spoken=tuple(made)), "ours.followed")

    assert "In 5 of 5 sessions the client" in found.sentence
    assert "in 5 the therapist did" in found.sentence


def test_one_transcript_has_no_course():
    found = ids(reading(of_many([1])))

    assert "ours.shares" not in found
    assert "ours.followed" not in found


def test_passages_are_counted_and_no_word_of_them_is_told():
    made = course(n=1, turns=(transcript(),))
    whole = reading(made)
    found = finding(made, "ours.passages.1")

    assert "stands in 0 turns of the client and 12 of the therapist" in found.sentence
    for told in (to_json(whole), to_text(whole), one_reading(whole)):
        assert "here with me" not in told
        assert "all week" not in told


def test_what_a_course_holds_counted_is_not_counted_again():
    known = replace(spoken_in(transcript()), n_words=(30, 70))

    found = finding(course(n=1, turns=(transcript(),), spoken=(known,)), "ours.turns.1")

    assert "the client spoke 30 % of the words" in found.sentence


def test_the_page_of_one_alone_holds_nothing_of_it_as_theirs():
    made = course(n=1, turns=(transcript(),))

    for reader in ("client", "therapist"):
        assert not [
            name for name in ids(reading(made, reader)) if name.startswith("mine.turns")
        ]
        assert "ours.turns.1" in ids(reading(made, reader))
