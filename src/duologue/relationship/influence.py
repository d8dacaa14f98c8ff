"""Findings on who influences whom: nearly always, that it cannot be told."""

from collections.abc import Iterator

import numpy as np

from duologue.engine.dyad.balance import MIN_SESSIONS, NEGLIGIBLE, Balance, Outcome
from duologue.records import Seat
from duologue.relationship.arrays import Arrays
from duologue.relationship.finding import Finding, Level, Strand, Whose
from duologue.relationship.lines import Line
from duologue.relationship.templates import PHRASES
from duologue.relationship.wording import MIN_ANSWERS, Voice, Words, in_words, one_in

LEADS = {Outcome.CLIENT_LEADS: Seat.CLIENT, Outcome.THERAPIST_LEADS: Seat.THERAPIST}
"""Outcomes in which one goes before the other."""

CLEARLY = 0.3
"""From so much on, one moves the other not only a little more."""

CHANCE = 0.01
"""Share of pairs without any influence of whom one is told: simulated, 16 to 40
sessions, among them pairs one of whom scatters six times as much as the other."""


def influence(
    arrays: Arrays, client: Line, therapist: Line, voice: Voice
) -> Iterator[Finding]:
    """Yield who influences whom in openness, or between which ends it lies."""
    item, lines = client.item, (client, therapist)
    numbers = arrays.numbers(item.id)
    rows = np.flatnonzero(~np.isnan(numbers).any(axis=1))
    too_early = rows.size < MIN_ANSWERS or not all(line.may_be_joined for line in lines)
    if too_early or not arrays.drawn:
        return
    balance = arrays.levels(item.id, whole=True).balance
    low, high = balance.standardised_ends
    told = bool(np.isfinite([low, high]).all())
    yield Finding(
        id=f"ours.influence.{item.id}",
        strand=Strand.INFLUENCE,
        whose=Whose.OURS,
        item=item.id,
        title="Who influences whom",
        sessions=tuple(arrays.session_numbers[i] for i in rows),
        estimate=round(balance.standardised, 6) if told else None,
        interval=(round(float(low), 6), round(float(high), 6)) if told else None,
        unit="standard deviations, above 0 where the one in the client's seat moves "
        "the other more, 90 % interval",
        chance_rate=None if balance.outcome is Outcome.CANNOT_TELL else CHANCE,
        **_words(balance, rows.size, voice).as_fields(),
    )


def _words(balance: Balance, n: int, voice: Voice) -> Words:
    if balance.outcome is not Outcome.CANNOT_TELL:
        leads = LEADS.get(balance.outcome)
        return voice.say(
            "influence.leads" if leads else f"influence.{balance.outcome}",
            reached=Level.REPEATED,
            n=in_words(n),
            chance=one_in(CHANCE),
            **(_the_two(leads, voice) if leads else {}),
        )
    low, high = (_end(float(end), voice) for end in balance.standardised_ends)
    between = "" if low == high else PHRASES["influence.between"]
    return voice.say(
        "influence.cannot_tell",
        reached=Level.COUNT,
        n=in_words(n).capitalize(),
        before=PHRASES["influence.before"] if n < MIN_SESSIONS else "",
        between=between.format(low=low, high=high),
    )


def _end(difference: float, voice: Voice) -> str:
    """Say one end of the interval; a blank where there is none."""
    if np.isnan(difference):
        return ""
    if abs(difference) <= NEGLIGIBLE:
        return PHRASES["influence.neither"]
    how = "more" if abs(difference) >= CLEARLY else "a_little"
    first = Seat.CLIENT if difference > 0 else Seat.THERAPIST
    return PHRASES[f"influence.{how}"].format(**_the_two(first, voice))


def _the_two(first: Seat, voice: Voice) -> dict[str, str]:
    """Call the two, the one who moves the other first."""
    return {"one": voice.called(first), "other": voice.called(first.other)}
