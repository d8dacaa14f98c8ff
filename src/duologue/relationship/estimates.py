"""What the dyad model estimates of one scale, with intervals: for research only."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from duologue.engine.dyad.pair_state import LIKELY_DIP, PairState
from duologue.records import SEATS
from duologue.relationship.arrays import Arrays
from duologue.relationship.finding import Finding, Level, Strand, Whose
from duologue.relationship.levels import PER_POINT, version
from duologue.relationship.lines import Line, answered_sessions, title_of
from duologue.relationship.quieter import LIKELY
from duologue.relationship.wording import Voice


def estimates(
    arrays: Arrays, client: Line, therapist: Line, voice: Voice
) -> Iterator[Finding]:
    """Yield set-points, the next session and dips, from where levels may be drawn."""
    lines = (client, therapist)
    early = any(not line.may_be_joined for line in lines)
    if not voice.research or early or not arrays.drawn:
        return
    state = arrays.levels(client.item.id)
    name = title_of(client.item)
    words = voice.say("model.research", reached=Level.RESEARCH, **_numbers(state))
    yield Finding(
        id=f"ours.model.{client.item.id}",
        strand=Strand.MODEL,
        whose=Whose.OURS,
        item=client.item.id,
        title=f"Estimates: {name[0].lower()}{name[1:]}",
        sessions=answered_sessions(lines),
        **words.as_fields(),
    )


def _numbers(state: PairState) -> dict[str, object]:
    found: dict[str, object] = {
        "joint": int((state.p_both_low > LIKELY).sum()),
        "steps": len(state.p_both_low),
        "version": version(),
    }
    for i, seat in enumerate(SEATS):
        found |= {
            f"{seat}_tends": _within(state.set_point[i], state.set_point_ends[i]),
            f"{seat}_next": _within(
                state.next_rating[i, 0], state.next_rating_ends[i, 0]
            ),
            f"{seat}_dips": int((state.p_low[:, i] >= LIKELY_DIP).sum()),
        }
    return found


def _within(mean: float, ends: NDArray[np.float64]) -> str:
    low, high = PER_POINT * ends
    return f"{PER_POINT * mean:.0f} ({low:.0f} to {high:.0f})"
