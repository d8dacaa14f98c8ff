"""What templates may say: days, and answers in words and as marks on a line."""

from collections.abc import Sequence
from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from duologue.faces import as_svg
from duologue.faces.answers import in_words, share_of
from duologue.practice import consent
from duologue.records import Item, Seat
from duologue.relationship import became_of
from duologue.store.queries import ItemSeen, Pair, SessionLine

register = template.Library()


@register.filter
def day(value: date | datetime) -> str:
    """Write a day as people say it: Thursday 19 November."""
    if isinstance(value, datetime):
        value = timezone.localtime(value)
    return f"{value:%A} {value.day} {value:%B}"


@register.filter
def dated(value: date) -> str:
    """Write a day with its year, for what is looked at long afterwards: 19 November 2026."""
    return f"{value.day} {value:%B %Y}"


@register.filter
def in_fours(code: str) -> str:
    """Write a long code so that it can be copied by hand: 0123-4567-8901-2345."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


@register.filter
def hour(value: datetime) -> str:
    """Write the time of day."""
    return f"{timezone.localtime(value):%H:%M}"


@register.filter
def in_sessions(numbers: Sequence[int]) -> str:
    """Write numbers of sessions: sessions 7 to 9 and 12."""
    return consent.sessions_in_words(numbers)


@register.filter
def became(line: SessionLine, pair: Pair) -> str:
    """Write what became of a session: the same for both people."""
    return became_of(line.session, line.tag, pair.kind, hour=hour)


@register.filter
def called_in(seat: Seat, pair: Pair) -> str:
    """Write what the person in a seat is called in this pair: the supervisee."""
    return seat.called(pair.kind)


@register.filter
def asked_of(item: Item, pair: Pair) -> str:
    """Write a question as it is put to this person's seat."""
    return item.text[pair.seat]


@register.filter
def said_by_me(seen: ItemSeen, pair: Pair) -> str:
    """Write one's own answer in words."""
    return "" if seen.mine is None else in_words(seen.item, pair.seat, seen.mine)


@register.filter
def said_by_other(seen: ItemSeen, pair: Pair) -> str:
    """Write the other's answer in words, if it is open."""
    theirs = seen.theirs
    return "" if theirs is None else in_words(seen.item, pair.seat.other, theirs)


@register.filter
def own_pages(pair: Pair, whose: str = "my") -> str:
    """Say what this person's own pages are called, in their words or to them."""
    return f"{whose} {consent.own_pages(pair.kind, pair.seat)}"


@register.filter
def in_words_of(answer: tuple[object, object], pair: Pair) -> str:
    """Write one of a person's own answers, an item and its value, in words."""
    item, value = answer
    return in_words(item, pair.seat, value)  # type: ignore[arg-type]


@register.filter
def asked_of_client(item: Item) -> str:
    """Write what only a client is asked."""
    return item.text[Seat.CLIENT]


@register.filter
def in_words_of_client(answer: tuple[Item, float]) -> str:
    """Write what a client answered, an item and its value, in words."""
    return in_words(answer[0], Seat.CLIENT, answer[1])


@register.simple_tag
def marks(seen: ItemSeen, pair: Pair) -> SafeString:
    """Draw where the two answers to a scale lie; nothing for any other item."""
    if seen.mine is None or seen.theirs is None or not seen.item.is_number:
        return SafeString("")
    shares = {
        pair.seat: share_of(seen.item, seen.mine),
        pair.seat.other: share_of(seen.item, seen.theirs),
    }
    if seen.item.flip is not None:
        shares[seen.item.flip] = 1 - shares[seen.item.flip]
    in_order = {seat: shares[seat] for seat in Seat}
    return mark_safe(as_svg.marks(in_order))  # noqa: S308 - drawn from numbers
