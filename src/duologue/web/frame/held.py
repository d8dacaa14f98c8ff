"""What of a calendar a form holds between one page and the next; the server keeps nothing.

Times and identifiers only: no title is in it.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from duologue.errors import NotNowError, RecordError
from duologue.records import CalendarEvent, CalendarSeries

Groups = Sequence[Sequence[CalendarSeries]]

LARGEST_SEQUENCE = 2**31 - 1


def to_text(groups: Iterable[Sequence[CalendarSeries]]) -> str:
    """Return series, group by group, as the text of a hidden field."""
    return json.dumps(
        [[_series_to(one) for one in group] for group in groups], separators=(",", ":")
    )


def from_text(text: str) -> list[tuple[CalendarSeries, ...]]:
    """Return what `to_text` wrote.

    Raises
    ------
    NotNowError
        If it is anything else.
    """
    try:
        return [
            tuple(_series_from(one) for one in _list(group))
            for group in _list(json.loads(text))
        ]
    except (ValueError, TypeError, OverflowError, RecursionError, RecordError):
        raise NotNowError("choose the file of the calendar once more.") from None


def _series_to(series: CalendarSeries) -> list[object]:
    events = [_event_to(event) for event in series.events]
    return [series.uid, series.whole, events, list(series.unsaid)]


def _event_to(event: CalendarEvent) -> list[object]:
    lasts = (event.end - event.start).total_seconds()
    begins = event.start.timestamp()
    return [event.recurrence, begins, lasts, event.cancelled, event.sequence]


def _series_from(found: object) -> CalendarSeries:
    uid, whole, events, unsaid = _list(found)
    return CalendarSeries(
        uid=str(uid),
        whole=bool(whole),
        events=tuple(_event_from(one) for one in _list(events)),
        unsaid=tuple(str(one) for one in _list(unsaid)),
    )


def _event_from(found: object) -> CalendarEvent:
    recurrence, begins, lasts, cancelled, sequence = _list(found)
    start = datetime.fromtimestamp(_number(begins), UTC)
    return CalendarEvent(
        recurrence=str(recurrence),
        start=start,
        end=start + timedelta(seconds=_number(lasts)),
        cancelled=bool(cancelled),
        sequence=min(int(_number(sequence)), LARGEST_SEQUENCE),
    )


def _list(found: object) -> list[object]:
    if not isinstance(found, list):
        raise TypeError("a list is held here.")
    return found


def _number(found: object) -> float:
    if not isinstance(found, int | float):
        raise TypeError("a number is held here.")
    return found
