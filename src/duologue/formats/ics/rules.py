"""Rules by which an event repeats: cut to a year ahead, so that none is without end."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any

DAILY_OR_RARER = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
WITHIN_A_DAY = ("BYHOUR", "BYMINUTE", "BYSECOND")
MOST_VALUES = 366
LONGEST_AGO = timedelta(days=30 * 366)
"""What began to repeat longer ago is not looked at."""

CYCLE, LATEST = 400, 9959
"""Years after which the calendar is the same again, and the last to look from."""


def n_days(event: Any, *, now: datetime, until: datetime) -> int | None:
    """Return how many days it takes to follow the rules of an event.

    ``None`` if one of them cannot be followed: it repeats more often than daily, began
    too long ago, or never comes true again. The library would look for the next time
    until the year 9999; here it is looked for close to that year, which is the same
    calendar, and soon at its end.
    """
    if "EXRULE" in event:
        return None
    n, start = 0, event["DTSTART"].dt
    for rule in _rules(event):
        if not _is_plain(rule) or _moment(start) <= now - LONGEST_AGO:
            return None
        years = (LATEST - start.year) // CYCLE * CYCLE
        from_here = _naive(start)
        from_here = from_here.replace(year=from_here.year + years)
        horizon = until.replace(tzinfo=None, year=until.year + years)
        # Not before the event itself, should that lie further ahead.
        after = _endless(rule, from_here).after(max(horizon, from_here))
        if after is None:
            return None
        n += (after - from_here).days
    return n


def cut(event: Any, *, until: datetime) -> None:
    """Let each rule of an event end: no later than ``until``, after its last one.

    A rule that counts is given the day of its last one instead.
    """
    start = event["DTSTART"].dt
    for rule in _rules(event):
        ends = [_moment(one) for one in rule.pop("UNTIL", [])]
        last = min([until, *ends])
        counted = rule.pop("COUNT", None)
        if counted:
            most = max(0, (until - _moment(start)).days + 2)  # once a day, so to say
            n = int(counted[0])
            nth = islice(_endless(rule, _naive(start)), n - 1, n) if n <= most else ()
            for found in nth:
                last = min(last, _moment(found.replace(tzinfo=start.tzinfo)))
        rule["UNTIL"] = [_as_until(last, start)]


def _is_plain(rule: Any) -> bool:
    frequency = [str(one).upper() for one in rule.get("FREQ", [])]
    steps = (*rule.get("INTERVAL", [1]), *rule.get("COUNT", [1]))
    return (
        len(frequency) == 1
        and frequency[0] in DAILY_OR_RARER
        and all(len(rule.get(name, [])) < 2 for name in WITHIN_A_DAY)
        and all(len(values) <= MOST_VALUES for values in rule.values())
        and all(int(one) >= 1 for one in steps)
    )


def _endless(rule: Any, start: datetime) -> Any:
    """Return a rule without its end."""
    from dateutil.rrule import rrulestr

    parts = rule.to_ical().decode().split(";")
    kept = [p for p in parts if p.partition("=")[0] not in {"UNTIL", "COUNT"}]
    return rrulestr(";".join(kept), dtstart=start)


def _as_until(moment: datetime, start: datetime) -> datetime:
    """Write the end of a rule in the kind of its beginning."""
    return (
        moment.replace(tzinfo=None) if start.tzinfo is None else moment.astimezone(UTC)
    )


def _naive(start: datetime) -> datetime:
    return start.replace(tzinfo=None)


def _moment(value: date) -> datetime:
    """Return a time that can be compared; what has no zone is near enough in UTC."""
    if not isinstance(value, datetime):
        value = datetime.combine(value, time.max)
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value


def _rules(event: Any) -> list[Any]:
    found = event.get("RRULE", [])
    return found if isinstance(found, list) else [found]
