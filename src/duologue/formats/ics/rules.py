"""Rules by which something repeats: daily or rarer, followed by days and within bounds.

A rule is followed only between two days, and from close to the first of them where it
does not count: how long ago it began, and whether it ends at all, costs nothing. Each day
that is looked at is paid for from what all rules of a file have together.
"""

from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

DAILY, WEEKLY, MONTHLY, YEARLY = "DAILY", "WEEKLY", "MONTHLY", "YEARLY"
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LONGEST_RULE = 1_000
MOST_VALUES = 62
"""Characters of a rule, and values of one of its parts."""

_STEPS = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"}
_DAYS = {"BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYDAY", "BYSETPOS"}
_TIMES = ("BYHOUR", "BYMINUTE", "BYSECOND")
A_DAY = timedelta(days=1)

Pay = Callable[[int], None]
"""Pays for so many days that are looked at; raises if there is nothing left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule that can be followed; what is blank says nothing.

    ``weekdays`` are pairs: which of the month or the year, 0 for each, and the weekday.
    """

    step: str
    interval: int
    count: int | None
    until: str
    months: frozenset[int]
    month_days: frozenset[int]
    year_days: frozenset[int]
    weekdays: frozenset[tuple[int, int]]
    positions: tuple[int, ...]
    week_start: int
    start: datetime

    def takes(self, day: date) -> bool:
        """Whether a day is one of those that the rule names."""
        if self.months and day.month not in self.months:
            return False
        if self.month_days and not self.month_days & _in_month(day):
            return False
        if self.year_days and not self.year_days & _in_year(day):
            return False
        return not self.weekdays or bool(self.weekdays & self._as_weekday(day))

    def _as_weekday(self, day: date) -> frozenset[tuple[int, int]]:
        of_month = self.step == MONTHLY or (self.step == YEARLY and self.months)
        last, nth = sorted(_in_month(day) if of_month else _in_year(day))
        each = day.weekday()
        return frozenset(
            {(0, each), ((nth + 6) // 7, each), (-((6 - last) // 7), each)}
        )


def read_rule(text: str, start: datetime) -> Rule:
    """Read a rule of what begins at ``start``.

    Raises
    ------
    ValueError
        If it repeats more often than daily, or says what is not followed here.
    """
    parts = dict(_part(each) for each in text.upper().strip(" ;").split(";"))
    if (
        len(text) > LONGEST_RULE
        or not parts.keys() <= _STEPS | _DAYS | {*_TIMES}
        or any(value.count(",") >= MOST_VALUES for value in parts.values())
        or parts.get("FREQ") not in {DAILY, WEEKLY, MONTHLY, YEARLY}
    ):
        raise ValueError("this rule is not followed.")
    interval, count = int(parts.get("INTERVAL", 1)), parts.get("COUNT")
    if interval < 1 or (count is not None and int(count) < 1):
        raise ValueError("a rule takes its steps forward.")
    step = parts["FREQ"]
    by = {name: _numbers(parts.get(name, "")) for name in _DAYS - {"BYDAY"}}
    weekdays = frozenset(
        _weekday(each) for each in parts.get("BYDAY", "").split(",") if each
    )
    if step in {DAILY, WEEKLY} and any(nth for nth, _ in weekdays):
        raise ValueError("a week has each of its days once.")
    months, month_days = by["BYMONTH"], by["BYMONTHDAY"]
    if not (weekdays or month_days or by["BYYEARDAY"]):
        # What a rule leaves open is as it was the first time.
        if step == WEEKLY:
            weekdays = frozenset({(0, start.weekday())})
        elif step in {MONTHLY, YEARLY}:
            month_days = [start.day]
            months = months or ([start.month] if step == YEARLY else [])
    return Rule(
        step=step,
        interval=interval,
        count=None if count is None else int(count),
        until=parts.get("UNTIL", ""),
        months=frozenset(months),
        month_days=frozenset(month_days),
        year_days=frozenset(by["BYYEARDAY"]),
        weekdays=weekdays,
        positions=tuple(by["BYSETPOS"]),
        week_start=WEEKDAYS.index(parts.get("WKST", "MO")),
        start=datetime.combine(start, _time_of_day(parts, start)),
    )


def followed(rule: Rule, first: date, last: date, pay: Pay) -> Iterator[datetime]:
    """Yield when it is by a rule between two days, in the order of time."""
    counts, left = rule.count is not None, rule.count or 0
    if counts and _is_over(rule, first):
        return
    for days in _periods(rule, rule.start.date() if counts else first, last, pay):
        taken = [day for day in days if rule.takes(day)]
        for day in _placed(taken, rule.positions):
            found = datetime.combine(day, rule.start.time())
            if found < rule.start:
                continue
            if counts and left == 0:
                return
            left -= 1
            if first <= day <= last:
                yield found


def _is_over(rule: Rule, first: date) -> bool:
    """Whether a rule that counts surely has come to its end, one time each step."""
    days = {DAILY: 1, WEEKLY: 7}.get(rule.step, 0)
    rarer = rule.months or rule.month_days or rule.year_days or rule.positions
    if not days or rarer or (rule.step == DAILY and rule.weekdays):
        return False
    steps = (rule.count or 0) + 1  # the first week may have begun
    return steps * rule.interval * days < (first - rule.start.date()).days


def _periods(rule: Rule, first: date, last: date, pay: Pay) -> Iterator[list[date]]:
    """Yield the days of each day, week, month or year in turn, as far as they may count."""
    begin = rule.start.date()
    n = max(0, _between(rule, begin, first) // rule.interval - 1)
    while True:
        try:
            days = _period(rule, begin, n * rule.interval)
        except (ValueError, OverflowError):
            return  # there is no such year
        if days and days[0] > last:
            return
        pay(len(days) + 2)
        yield days
        n += 1


def _between(rule: Rule, begin: date, day: date) -> int:
    """Return how many days, weeks, months or years lie between two days."""
    match rule.step:
        case "DAILY":
            return (day - begin).days
        case "WEEKLY":
            return (day - begin).days // 7
        case "MONTHLY":
            return (day.year - begin.year) * 12 + day.month - begin.month
        case _:
            return day.year - begin.year


def _period(rule: Rule, begin: date, n: int) -> list[date]:
    """Return the days of the nth period that can count at all."""
    match rule.step:
        case "DAILY":
            return [begin + n * A_DAY]
        case "WEEKLY":
            week = (
                begin - (begin.weekday() - rule.week_start) % 7 * A_DAY + 7 * n * A_DAY
            )
            wanted = {each for _, each in rule.weekdays} or {*range(7)}
            found = [week + i * A_DAY for i in range(7)]
            return [day for day in found if day.weekday() in wanted]
        case "MONTHLY":
            year, month = divmod(begin.year * 12 + begin.month - 1 + n, 12)
            return _month(year, month + 1)
        case _:
            months = sorted(m for m in rule.months if 0 < m < 13) or range(1, 13)
            return [day for month in months for day in _month(begin.year + n, month)]


def _month(year: int, month: int) -> list[date]:
    first = date(year, month, 1)
    return [first + i * A_DAY for i in range(monthrange(year, month)[1])]


def _placed(days: list[date], positions: tuple[int, ...]) -> list[date]:
    """Return those days of a period that stand at these places; all, if none is named."""
    if not positions:
        return days
    n = len(days)
    at = {p - 1 if p > 0 else n + p for p in positions if p}
    return [days[i] for i in sorted(at) if 0 <= i < n]


def _in_month(day: date) -> frozenset[int]:
    length = monthrange(day.year, day.month)[1]
    return frozenset({day.day, day.day - length - 1})


def _in_year(day: date) -> frozenset[int]:
    nth = day.timetuple().tm_yday
    return frozenset({nth, nth - 366 - (monthrange(day.year, 2)[1] == 29)})


def _part(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name.strip(), value.strip()


def _numbers(text: str) -> list[int]:
    return [int(each) for each in text.split(",") if each]


def _weekday(text: str) -> tuple[int, int]:
    return int(text[:-2] or 0), WEEKDAYS.index(text[-2:])


def _time_of_day(parts: dict[str, str], start: datetime) -> time:
    """Return the one time of the day at which it is: two would be more often than daily."""
    hour, minute, second = (
        int(parts.get(name, usual))
        for name, usual in zip(
            _TIMES, (start.hour, start.minute, start.second), strict=True
        )
    )
    return time(hour, minute, second)
