"""ELAN: tiers, slots and references, and XML that is not to be trusted."""

import pathlib

import pytest

from duologue.errors import FileError, WhoIsWhoError
from duologue.formats.transcripts import read_transcript, speakers
from duologue.records.seat import Seat
from duologue.records.turns import Segment

FIXTURES = pathlib.Path(__file__).parents[2] / "fixtures" / "transcripts"
C, T = Seat.CLIENT, Seat.THERAPIST
SLOTS = {"s1": 1000, "s2": 2500, "s3": 3000, "s4": None, "s5": 5250}
TELLTALE = "zebra7193"


def alignable(name, start, end, words):
    return (
        f'<ALIGNABLE_ANNOTATION ANNOTATION_ID="{name}" TIME_SLOT_REF1="{start}" '
        f'TIME_SLOT_REF2="{end}"><ANNOTATION_VALUE>{words}</ANNOTATION_VALUE>'
        "</ALIGNABLE_ANNOTATION>"
    )


def referring(name, parent, words, previous=None):
    follows = f' PREVIOUS_ANNOTATION="{previous}"' if previous else ""
    return (
        f'<REF_ANNOTATION ANNOTATION_ID="{name}" ANNOTATION_REF="{parent}"{follows}>'
        f"<ANNOTATION_VALUE>{words}</ANNOTATION_VALUE></REF_ANNOTATION>"
    )


def tier(name, *annotations, participant=""):
    of = f' PARTICIPANT="{participant}"' if participant else ""
    return f'<TIER TIER_ID="{name}"{of}>\n{"".join(annotations)}\n</TIER>\n'


def eaf(*tiers, head='<HEADER TIME_UNITS="milliseconds"/>', before=""):
    slots = "".join(
        f'<TIME_SLOT TIME_SLOT_ID="{slot}"/>\n'
        if value is None
        else f'<TIME_SLOT TIME_SLOT_ID="{slot}" TIME_VALUE="{value}"/>\n'
        for slot, value in SLOTS.items()
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{before}<ANNOTATION_DOCUMENT>\n'
        f"{head}\n<TIME_ORDER>\n{slots}</TIME_ORDER>\n{''.join(tiers)}"
        "</ANNOTATION_DOCUMENT>\n"
    )


SO, YES = alignable("a1", "s1", "s2", "So?"), alignable("a2", "s3", "s5", "Yes.")


@pytest.fixture
def read(tmp_path):
    """Read ELAN from its text, in a file whose suffix says nothing."""

    def read_text(text, **options):
        path = tmp_path / "session.txt"
        path.write_bytes(text.encode())
        return read_transcript(path, **options)

    return read_text


def test_elan_is_read_whole_in_the_order_of_its_starts():
    turns = read_transcript(FIXTURES / "door.eaf", session=7)

    assert turns.session == 7
    assert turns.segments == (
        Segment(T, 1.0, 3.5, "What is it like to sit here today?"),
        Segment(C, 4.0, 8.0, "Strange, & a little cold."),
        Segment(T, 7.9, 8.3, "Mm."),
        Segment(C, 8.4, 10.0, "It is not locked."),
    )
    assert turns.resolution_s == 0.001
    assert turns.notes == ()
    assert turns.has_ends


def test_a_participant_counts_before_the_name_of_a_tier(read):
    turns = read(
        eaf(tier("x", SO, participant=" Therapist "), tier("T", YES, participant="C"))
    )

    assert turns.segments == (
        Segment(T, 1.0, 2.5, "So?"),
        Segment(C, 3.0, 5.25, "Yes."),
    )


def test_an_empty_default_tier_is_nobody(read):
    turns = read(eaf(tier("default"), tier("T", SO), tier("C", YES)))

    assert [segment.seat for segment in turns.segments] == [T, C]
    assert turns.notes == ()


def test_of_several_tiers_of_one_person_it_is_asked_which():
    path = FIXTURES / "spoken.eaf"

    found = [(one.label, one.n_segments) for one in speakers(path)]

    assert found == [
        ("Wren", 2),
        ("Ash@words", 2),
        ("Ash@hands", 1),
        ("Ash@clauses", 3),
    ]
    with pytest.raises(WhoIsWhoError, match="4 labels, and not all that were given"):
        read_transcript(path, client=["Ash"], therapist=["Wren"])
    with pytest.raises(WhoIsWhoError, match="4 labels; say who sits in which seat"):
        read_transcript(path)


def test_the_other_tiers_of_somebody_whose_tier_is_named_are_left_out():
    turns = read_transcript(
        FIXTURES / "spoken.eaf", client=["ash@words"], therapist=["Wren"]
    )

    assert turns.segments == (
        Segment(T, 1.0, 3.5, "What is it like to sit here today?"),
        Segment(C, 4.0, None, "Strange, & a little cold."),
        Segment(C, None, 8.0, "I keep looking at the door."),
        Segment(T, 7.9, 8.3, "Mm."),
    )
    assert turns.notes == (
        "Other tiers of the people who were named, left out: 2.",
        "Starts and ends that the file does not give: 2.",
        "Notes such as [laughs], taken out of what was said: 1.",
    )
    assert not turns.has_ends


def test_a_tier_of_somebody_else_stays_without_a_seat(read):
    text = eaf(
        tier("T", SO), tier("C", YES), tier("Guest", alignable("a3", "s2", "s3", "Hi."))
    )

    turns = read(text, client=["c"], therapist=["t"])

    assert [segment.seat for segment in turns.segments] == [T, None, C]


def test_an_annotation_that_refers_to_another_has_its_times(read):
    text = eaf(
        tier("x", SO, participant="Wren"),
        tier("y", referring("b1", "a1", "So indeed?"), participant="Wren"),
        tier("z", referring("c1", "b1", "So, of course?"), participant="Wren"),
        tier("C", YES),
    )

    turns = read(text, therapist=["z"], client=["C"])

    assert turns.segments[0] == Segment(T, 1.0, 2.5, "So, of course?")
    assert turns.has_ends


def test_the_times_between_those_who_share_a_parent_are_not_made_up():
    turns = read_transcript(
        FIXTURES / "spoken.eaf", client=["Ash@clauses"], therapist=["Wren"]
    )

    assert turns.segments[1:4] == (
        Segment(C, 4.0, None, "Strange,"),
        Segment(C, None, None, "and a little cold."),
        Segment(C, None, 8.0, "I keep looking at the door."),
    )


def test_swapping_the_tiers_swaps_the_seats(read):
    straight = read(eaf(tier("T", SO), tier("C", YES)))
    swapped = read(eaf(tier("C", SO), tier("T", YES)))

    assert [s.seat.other for s in straight.segments] == [
        s.seat for s in swapped.segments
    ]
    assert [s.text for s in straight.segments] == [s.text for s in swapped.segments]


BOMB = (
    '<!DOCTYPE a [<!ENTITY b0 "zebra7193">'
    + "".join(f'<!ENTITY b{i} "{f"&b{i - 1};" * 10}">' for i in range(1, 10))
    + "]>\n"
)


@pytest.mark.parametrize(
    "declared",
    [
        BOMB,
        '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]>\n',
        '<!DOCTYPE a SYSTEM "http://192.0.2.1/zebra7193.dtd">\n',
        '<!DOCTYPE a [<!ENTITY % b "c"> %b;]>\n',
        "<!DOCTYPE ANNOTATION_DOCUMENT>\n",
    ],
    ids=["bomb", "file", "network", "parameter", "name alone"],
)
def test_a_document_type_is_refused_before_anything_is_expanded(read, declared):
    text = eaf(tier("T", alignable("a1", "s1", "s2", "&b9;&b;")), before=declared)

    with pytest.raises(FileError, match=r"line 2: must not declare a document type"):
        read(text)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (eaf(tier("T", alignable("a1", "s2", "s1", TELLTALE))), "line 12: an annotation must not end before it"),
        (eaf(tier("T", alignable("a1", "s1", "s9", TELLTALE))), "line 12: .* refer to time slots"),
        (eaf(tier("T", referring("a1", "a9", TELLTALE))), "line 12: .* refer to another one"),
        (eaf(tier("T", referring("a1", "a1", TELLTALE))), "line 12: .* refer to another one"),
        (eaf(tier("T", alignable("a1", "", "s2", TELLTALE))), "line 12: the attribute TIME_SLOT_REF1 must"),
        (eaf(tier("T", SO, SO)), "two annotations of one id"),
        (eaf(tier("T", SO), tier("t ", YES)), "cannot be told apart"),
        (eaf(tier("T", "&zebra7193;")), "line 12: is not well-formed XML"),
        (eaf(tier("T", SO))[:-40], "is not well-formed XML, or is cut off"),
        (eaf(SO), "line 11: an annotation must stand inside a tier"),
        (eaf("<ANNOTATION_VALUE>zebra7193</ANNOTATION_VALUE>"), "line 11: ANNOTATION_VALUE must stand"),
        (eaf(head='<HEADER TIME_UNITS="PAL-frames"/>'), "line 3: TIME_UNITS must be milliseconds"),
        (eaf().replace('"1000"', '"zebra7193"'), "line 5: TIME_VALUE must be a whole number"),
        (eaf().replace('"1000"', '"-1"'), "line 5: TIME_VALUE must be a whole number"),
        (eaf().replace('"1000"', f'"{"9" * 400}"'), "line 5: TIME_VALUE must be a whole number"),
        (eaf().replace("ANNOTATION_DOCUMENT", "TT"), "line 2: is XML, but not of ELAN"),
        (eaf(tier("default")), "holds nothing that was said"),
        (eaf(tier("T", alignable("a1", "s1", "s2", "[sighs]"))), "holds nothing that was said"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_and_nothing_in_it_is_repeated(read, text, problem):
    with pytest.raises(FileError, match=problem) as caught:
        read(text)

    assert TELLTALE not in str(caught.value)


def test_a_long_line_of_references_is_followed_in_time(read):
    n = 20_000
    chain = "".join(referring(f"b{i}", f"b{i + 1}", "w") for i in range(n))
    last = referring(f"b{n}", "a1", "w")

    turns = read(eaf(tier("T", chain, last), tier("C", SO)))

    assert {(s.start_s, s.end_s) for s in turns.segments} == {(1.0, 2.5)}
    assert len(turns.segments) == n + 2
