"""Findings on two views of the same session: the usual gap, and departures from it."""

from collections.abc import Iterator

import numpy as np

from duologue.engine.views import TwoViews, two_views
from duologue.records import Seat
from duologue.relationship.arrays import is_recent, plain
from duologue.relationship.chance import chances
from duologue.relationship.finding import (
    Chart,
    Finding,
    Level,
    Picture,
    Series,
    Strand,
    Whose,
)
from duologue.relationship.lines import Line, title_of
from duologue.relationship.templates import PHRASES
from duologue.relationship.wording import (
    MIN_ANSWERS,
    Voice,
    Words,
    level_of,
    one_in,
)


def views_of(client: Line, therapist: Line, voice: Voice) -> Iterator[Finding]:
    """Yield how two people's answers to one prompt lie to each other."""
    views = two_views(client.values, therapist.values)
    if views.n_both < MIN_ANSWERS:
        return
    found = _words(client, therapist, views, voice)
    if found is None:
        return
    words, chance = found
    rows = np.flatnonzero(~np.isnan(views.gap))
    sessions = tuple(client.session_numbers[i] for i in rows)
    name = title_of(client.item)
    called = [voice.called(seat) for seat in (Seat.THERAPIST, Seat.CLIENT)]
    yield Finding(
        id=f"ours.two_views.{client.item.id}",
        strand=Strand.TWO_VIEWS,
        whose=Whose.OURS,
        item=client.item.id,
        title=f"Two views: {name[0].lower()}{name[1:]}",
        sessions=sessions,
        estimate=round(views.usual_gap, 6),
        interval=(round(views.interval[0], 6), round(views.interval[1], 6)),
        unit=f"points of 100, {called[0]} minus {called[1]}, 90 % interval",
        count=(views.n_client_higher, views.n_both),
        chance_rate=chance,
        card=words.level >= Level.UNUSUAL
        and is_recent(sessions[-1], client.session_numbers),
        chart=_chart(client, views, voice, band=words.level is not Level.EARLY),
        **words.as_fields(),
    )


def _words(
    client: Line, therapist: Line, views: TwoViews, voice: Voice
) -> tuple[Words, float | None] | None:
    rows = np.flatnonzero(~np.isnan(views.gap))
    out = views.departures.below | views.departures.above
    last = out[rows[-3:]]
    k = int(last.sum()) if last[-1] else 0
    level = level_of(n_answers=views.n_both, n_asked=client.n_asked, outside=k)
    if level is Level.TOO_EARLY:
        return None
    if level < Level.UNUSUAL:
        return _count_words(views, level, voice), None
    newest = int(rows[-1])
    seats = [Seat.CLIENT, Seat.THERAPIST]
    if views.departures.above[newest]:
        seats.reverse()
    stated = chances([client.usual_level, therapist.usual_level])
    again = level is Level.REPEATED
    chance = stated.gap_twice if again else stated.gap
    words = voice.say(
        "two_views.repeated" if again else "two_views.unusual",
        reached=level,
        session=client.session_numbers[newest],
        higher=voice.called(seats[0]),
        lower=voice.called(seats[1]),
        k=k,
        chance=one_in(chance),
    )
    return words, chance


def _count_words(views: TwoViews, level: Level, voice: Voice) -> Words:
    """Count who was higher; how uneven a split may be by chance is not said.

    The engine knows the sign test, but sessions resemble each other, and at ordinary
    autocorrelation it states a chance two to four times too small.
    """
    if level is Level.EARLY:
        return voice.say(
            "two_views.early",
            reached=level,
            client=views.n_client_higher,
            therapist=views.n_therapist_higher,
            n=views.n_both,
        )
    return voice.say(
        "two_views.count",
        reached=level,
        client=views.n_client_higher,
        therapist=views.n_therapist_higher,
        n=views.n_both,
        moved=PHRASES["views.moved"].format(
            together=views.n_together, steps=views.n_steps
        )
        if views.n_steps
        else "",
    )


def _chart(client: Line, views: TwoViews, voice: Voice, *, band: bool) -> Chart:
    return Chart(
        picture=Picture.GAP,
        title=f"Two views: {title_of(client.item)}",
        unit="points of 100",
        sessions=client.session_numbers,
        series=(
            Series(
                label="gap",
                seat=None,
                values=plain(views.gap),
                lower=plain(views.departures.lower) if band else (),
                upper=plain(views.departures.upper) if band else (),
            ),
        ),
        low=-100,
        high=100,
        ends=(
            f"{voice.called(Seat.CLIENT)} higher",
            f"{voice.called(Seat.THERAPIST)} higher",
        ),
    )
