"""Rules of calendars say the same as `dateutil` says of them, from wherever one looks."""

from datetime import datetime, timedelta

from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from duologue.formats.ics.rules import WEEKDAYS, followed, read_rule

START = datetime(9988, 2, 29, 14, 0)  # noqa: DTZ001 - by the clock
"""Near the end of time, as far as which `dateutil` looks on."""
NTH = ("", "1", "-1", "3", "5", "-5")


def listed(values, most=3):
    """Return some of these values, as a rule writes them."""
    return st.lists(values, min_size=1, max_size=most, unique=True).map(
        lambda found: ",".join(map(str, found))
    )


@st.composite
def written(draw):
    """Return a rule as a calendar writes it, in parts that go together."""
    step = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    nth = st.sampled_from(NTH if step in {"MONTHLY", "YEARLY"} else ("",))
    weekdays = st.tuples(nth, st.sampled_from(WEEKDAYS)).map("".join)
    month_days = st.integers(-31, 31).filter(bool)
    some = {
        "INTERVAL": st.integers(1, 5).map(str),
        "COUNT": st.integers(1, 40).map(str),
        "WKST": st.sampled_from(WEEKDAYS),
        "BYMONTH": listed(st.integers(1, 12)),
        "BYDAY": listed(weekdays),
        "BYMONTHDAY": listed(month_days),
        "BYYEARDAY": listed(st.sampled_from([1, 60, 366, -1, -366])),
        "BYSETPOS": listed(st.sampled_from([1, 2, -1])),
    }
    if step == "WEEKLY":  # what no standard says
        del some["BYMONTHDAY"], some["BYYEARDAY"]
    names = draw(st.lists(st.sampled_from(sorted(some)), unique=True, max_size=4))
    if not {"BYDAY", "BYMONTHDAY", "BYYEARDAY"} & {*names}:
        names = [name for name in names if name != "BYSETPOS"]
    return ";".join([f"FREQ={step}", *(f"{name}={draw(some[name])}" for name in names)])


@settings(max_examples=60)
@given(
    text=written(),
    start=st.integers(0, 800).map(lambda n: START + timedelta(days=n)),
    from_day=st.integers(-100, 900),
)
def test_a_rule_says_what_others_take_it_to_say(text, start, from_day):
    first = (start + timedelta(days=from_day)).date()
    last = first + timedelta(days=400)

    found = list(followed(read_rule(text, start), first, last, lambda _: None))

    begin, end = datetime.combine(first, datetime.min.time()), last + timedelta(days=1)
    rule = rrulestr(text, dtstart=start).xafter(begin, inc=True)
    expected = []
    for each in rule:
        if each.date() >= end:
            break
        expected.append(each)
    assert found == expected
