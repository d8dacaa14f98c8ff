"""Findings on the frame: what was held, what was not, and the minutes at its edges."""

from collections.abc import Iterator
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from duologue.engine import frame as engine_frame
from duologue.records import SEATS, Course, Session, Status, Tag
from duologue.relationship.arrays import plain
from duologue.relationship.finding import (
    Chart,
    Finding,
    Level,
    Picture,
    Series,
    Strand,
    Whose,
)
from duologue.relationship.templates import PHRASES
from duologue.relationship.wording import Voice, counted

OFF = (Status.CANCELLED, Status.MOVED, Status.NO_SHOW)


def frame(course: Course, voice: Voice) -> Iterator[Finding]:
    """Yield what became of the sessions, and of their edges; the same for both people.

    Nothing is said where there is no calendar and no edge was noted.
    """
    sessions = course.sessions
    known = any(s.planned_start is not None or not s.held for s in sessions)
    if course.sessions_inferred or not (known or course.frame):
        return
    minutes = engine_frame.departures(
        _minutes(sessions, [s.planned_start for s in sessions]),
        _minutes(sessions, [s.started for s in sessions]),
        _minutes(sessions, [s.ended for s in sessions]),
        length_min=_planned(course),
    )
    held = sum(s.held for s in sessions)
    words = voice.say(
        "frame.count",
        reached=Level.COUNT,
        held=held,
        n=counted(len(sessions), "session"),
        off=_off(sessions, voice),
        late=_late(minutes),
        over=_over(minutes),
        tags=_tags(course),
    )
    yield Finding(
        id="ours.frame",
        strand=Strand.FRAME,
        whose=Whose.OURS,
        title="The frame",
        sessions=tuple(s.number for s in sessions),
        unit="minutes",
        count=(held, len(sessions)),
        chart=_chart(sessions, minutes),
        **words.as_fields(),
    )


def _chart(
    sessions: tuple[Session, ...], minutes: engine_frame.FrameMinutes
) -> Chart | None:
    """Draw the strip; nothing where no time is known and every session was held."""
    if np.isnan(minutes.late).all() and all(s.held for s in sessions):
        return None
    return Chart(
        picture=Picture.STRIP,
        title="The frame",
        unit="minutes",
        sessions=tuple(s.number for s in sessions),
        series=(
            Series(label="began late", seat=None, values=plain(minutes.late)),
            Series(label="ran over", seat=None, values=plain(minutes.over)),
        ),
        low=-30,
        high=30,
        spans=tuple((s.number, None) for s in sessions if not s.held),
    )


def _late(minutes: engine_frame.FrameMinutes) -> str:
    """Say how many began late, of those whose times are known; else nothing."""
    known = int((~np.isnan(minutes.late)).sum())
    return PHRASES["frame.late"].format(n=minutes.n_late, known=known) if known else ""


def _over(minutes: engine_frame.FrameMinutes) -> str:
    """Say how many ran over or ended early, where times and a length are known."""
    known = int((~np.isnan(minutes.over)).sum())
    if not known:
        return ""
    return PHRASES["frame.over"].format(
        over=minutes.n_over, short=minutes.n_short, known=known
    )


def _minutes(
    dated: tuple[Session, ...], times: list[datetime | None]
) -> NDArray[np.float64]:
    """Return minutes from the session's own planned start; ``nan`` where unknown."""
    return np.array(
        [
            np.nan
            if time is None or s.planned_start is None
            else (time - s.planned_start).total_seconds() / 60
            for s, time in zip(dated, times, strict=True)
        ]
    )


def _planned(course: Course) -> list[float]:
    """Return the minutes planned for each session; ``nan`` where nothing was agreed."""
    agreed = course.dyad.agreement.length_min
    return [s.planned_minutes or agreed or np.nan for s in course.sessions]


def _off(dated: tuple[Session, ...], voice: Voice) -> str:
    parts = []
    for status in OFF:
        word = PHRASES[f"frame.{status.value}"]
        for seat in (*SEATS, None):
            n = sum(s.status is status and s.by is seat for s in dated)
            if n:
                by = "" if seat is None else f" by the {voice.called(seat)}"
                parts.append(f"{n} {word}{by}")
    return PHRASES["frame.off"].format(parts=", ".join(parts)) if parts else ""


def _tags(course: Course) -> str:
    meant, drifted = (
        sum(e.tag is tag for e in course.frame) for tag in (Tag.MEANT, Tag.DRIFTED)
    )
    if not meant and not drifted:
        return ""
    return PHRASES["frame.tags"].format(meant=meant, drifted=drifted)
