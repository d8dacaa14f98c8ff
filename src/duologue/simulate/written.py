"""What the made-up people of the demo agreed, and wrote for themselves alone.

Every text says of itself that it is made up: it may be copied to where no page says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from duologue.records import Kind, Seat, Supervision, Terms

_FRAME = """\
Made up. We meet at the same time each week, in the room with the two blue chairs, or \
online each fourth time.
If either of us cannot come, we say so two days before."""

_LIMITS = """\
Made up. What is said between us stays between us, unless somebody is in serious danger, \
a child may be harmed, or a court orders it; and then we speak of it first, if we can.
The work is taken to supervision under a code."""

AGREED: Mapping[Kind, Terms] = MappingProxyType(
    {
        Kind.THERAPY: Terms(
            length_min=50,
            rhythm="weekly",
            frame=_FRAME,
            confidentiality=_LIMITS,
            supervision=Supervision.THEMES,
            keep_free_text_days=90,
            keep_numbers_years=7,
        ),
        Kind.SUPERVISION: Terms(
            length_min=50,
            rhythm="monthly",
            frame=(
                "Made up. We meet each month, online. If either of us cannot come, we "
                "find another time in the same month."
            ),
            confidentiality=(
                "Made up. What is said between us stays between us, unless somebody is "
                "in serious danger. Clients have codes here and not names."
            ),
            supervision=Supervision.THEMES,
            keep_free_text_days=90,
            keep_numbers_years=7,
        ),
    }
)
"""What the pairs of each kind agreed at the first session."""

CHANGED: Mapping[str, str] = MappingProxyType(
    {
        "pair-D": (
            f"{_FRAME}\nIf a session has to be cancelled, whoever cancels offers another "
            "time in the same week."
        )
    }
)
"""The frame as the client of a pair later proposed it, and both accepted."""

PREFERRED: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {"pair-B": {"pace": 30.0, "challenge": 70.0, "silence": 85.0}}
)
"""How the client of a pair would like to work, shared with the therapist."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A page that somebody wrote for themselves alone, so many sessions before the last."""

    seat: Seat
    before_last: int
    words: str


PAGES: Mapping[str, tuple[Written, ...]] = MappingProxyType(
    {
        "pair-B": (
            Written(
                seat=Seat.THERAPIST,
                before_last=2,
                words=(
                    "She laughed at her own joke and looked whether I would. I did. "
                    "(Made up.)"
                ),
            ),
        ),
        "pair-D": (
            Written(
                seat=Seat.CLIENT,
                before_last=6,
                words=(
                    "I said it was fine that it was cancelled. It was not fine. I walked "
                    "twice round the park before I could go home. (Made up.)"
                ),
            ),
            Written(
                seat=Seat.CLIENT,
                before_last=3,
                words=(
                    "Told them about the park. Nobody got angry. I keep going over that. "
                    "(Made up.)"
                ),
            ),
            Written(
                seat=Seat.CLIENT,
                before_last=0,
                words="Slept. Dreamt of the sea again, but it was calm. (Made up.)",
            ),
            Written(
                seat=Seat.THERAPIST,
                before_last=6,
                words=(
                    "I cancelled in two lines. Today there was a chair between us that "
                    "was not there before. I felt told off, and hurried. (Made up.)"
                ),
            ),
            Written(
                seat=Seat.THERAPIST,
                before_last=3,
                words=(
                    "The park. I had not known. Said that I was sorry, and no more than "
                    "that; it was enough. To supervision: why two lines? (Made up.)"
                ),
            ),
        ),
        "pair-R": (
            Written(
                seat=Seat.THERAPIST,
                before_last=0,
                words="The last one. We both looked at the clock, and both smiled. (Made up.)",
            ),
        ),
        "pair-S": (
            Written(
                seat=Seat.CLIENT,
                before_last=0,
                words=(
                    "Brought the cancelled session. What I had not brought: that I was "
                    "relieved to have the hour. (Made up.)"
                ),
            ),
            Written(
                seat=Seat.THERAPIST,
                before_last=0,
                words=(
                    "There is more in the two lines than was said today. Leave room for "
                    "it next time. (Made up.)"
                ),
            ),
        ),
    }
)
"""The private pages of a pair's two people, by the pair's code."""

TEACHING: Mapping[str, str] = MappingProxyType(
    {"pair-D": "That sorry can be one word long. (Made up.)"}
)
"""What the work with a client is teaching the therapist."""
