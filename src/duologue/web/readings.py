"""A pair's reading as a part of a page, kept while nothing of it has changed.

What is kept stands under the revisions of what *this* person may see (see
``store.models.Dyad``), under their seat, and under the versions of the program and of
the values that it assumes: neither what it says nor how long it
takes depends on what the other keeps back, or on whether the other has looked.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.core.cache import caches
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from markupsafe import Markup

from duologue import __version__
from duologue.errors import NotNowError, ParameterError
from duologue.faces import as_html
from duologue.faces.as_pdf import to_pdf
from duologue.practice import before as before_they_meet
from duologue.practice import place_of, said_of
from duologue.practice.wonder import this_week, week_of
from duologue.records import Seat
from duologue.relationship import Reading, Whose, levels, read
from duologue.relationship.wonder import Card, wonders
from duologue.sharing import Seen
from duologue.store import queries
from duologue.store.queries import Pair, Put, SessionSeen
from duologue.web import kept

KEPT_FOR_S = 24 * 60 * 60
PARTS = ("ours", "mine", "line", "before", "wonder", "paper")
"""What is kept of a pair, as its key begins (see `_key`)."""

OF_BOTH = ("ours", "wonder", "paper")
"""Those that rest on nothing but what has opened to both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A part of a page, and a short name of its content for asking if it changed.

    ``theirs`` says whether it is made of anything that the other has opened, and
    ``outcomes`` whether of forms, which are the client's.
    """

    html: Markup
    digest: str
    theirs: bool
    outcomes: bool = False


def ours(pair: Pair, *, now: datetime) -> Kept:
    """Return what both may see, read together: equal for the two of them."""
    return _kept("ours", pair, now)


def paper(pair: Pair, *, now: datetime) -> bytes:
    """Return what both may see as a PDF, but nothing that was left unsaid.

    Raises
    ------
    NotNowError
        If this machine lacks what sets type.
    """
    key = _key("paper", pair, timezone.localdate(now))
    found: bytes | None = caches["pages"].get(key)
    if found is None:
        reading = _read(queries.seen(pair).together(), pair, now)
        try:
            found = to_pdf(reading)
        except ParameterError:
            raise NotNowError(
                "no PDF can be made where this practice runs: what sets type is not "
                "installed there. Your browser can print the page itself."
            ) from None
        caches["pages"].set(key, found, KEPT_FOR_S)
    return found


def mine(pair: Pair, *, now: datetime) -> Kept:
    """Return what this person's own answers say, for them alone."""
    return _kept("mine", pair, now)


def before(pair: Pair, *, now: datetime) -> Kept:
    """Return what this person may want in mind before the two meet."""
    return _kept("before", pair, now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wonder:
    """What there is, or was, to wonder about in one of several pairs, and in which week."""

    pair: Pair
    card: Card
    week: date

    @property
    def html(self) -> SafeString:
        """It as a part of a page."""
        row = {"pair": self.pair, "card": self.card.finding}
        return render_to_string("people/_wonder.html", row)


def wonder(
    pairs: Sequence[Pair], put: Mapping[date, Put], *, now: datetime
) -> Wonder | None:
    """Return what there is to wonder about this week, over all whom somebody sees.

    It rests on what has opened to both and on nothing else, and is kept under that. What
    was put this week stays, as long as it is there; what has closed makes room for nothing
    else before the next.
    """
    day = timezone.localdate(now)
    monday = week_of(day)
    held, kept = _cards(pairs, now)
    there = _found(held, kept, put)
    if monday in put:
        place_and_card = there[monday]
    else:
        found = this_week(kept, there, as_of=day)
        place_and_card = None if found is None else (found.place, found.card)
    if place_and_card is None:
        return None
    place, card = place_and_card
    return Wonder(pair=held[place], card=card, week=monday)


def wondered(
    pairs: Sequence[Pair], put: Mapping[date, Put], *, now: datetime
) -> dict[date, Wonder]:
    """Return what was put in these weeks, as far as it is there still, in their order."""
    held, kept = _cards(pairs, now)
    return {
        week: Wonder(pair=held[one[0]], card=one[1], week=week)
        for week, one in _found(held, kept, put).items()
        if one is not None
    }


def _found(
    held: Sequence[Pair], kept: Sequence[Sequence[Card]], put: Mapping[date, Put]
) -> dict[date, tuple[int, Card] | None]:
    """Return of which pair, by its place, which card was put; ``None`` if it is gone."""
    there = {
        (held[place].ref, card.session, card.finding.item): (place, card)
        for place, cards in enumerate(kept)
        for card in cards
    }
    return {week: there.get((p.ref, p.session, p.item)) for week, p in put.items()}


def _cards(pairs: Sequence[Pair], now: datetime) -> tuple[list[Pair], list[list[Card]]]:
    """Return the pairs in which somebody is the therapist, and the cards of each."""
    held = [pair for pair in pairs if pair.seat is Seat.THERAPIST]
    day = timezone.localdate(now)
    keys = {_key("wonder", pair, day): pair for pair in held}
    kept: dict[str, list[Card]] = caches["pages"].get_many(keys)
    missing = [key for key in keys if key not in kept]
    if missing:
        asked = [keys[key] for key in missing]
        kept |= _keep_wonders(asked, queries.seen_of_all(asked), day)
    return held, [kept[key] for key in keys]


def _keep_wonders(
    pairs: Sequence[Pair], all_seen: Sequence[Seen], day: date
) -> dict[str, list[Card]]:
    """Keep what there is to wonder about in each pair, by what has opened to both."""
    both = [
        (pair, seen.together())
        for pair, seen in zip(pairs, all_seen, strict=True)
        if pair.seat is Seat.THERAPIST
    ]
    opened = queries.opened_on([pair for pair, _ in both])
    made = {
        _key("wonder", pair, day): [_once_open(card, days) for card in wonders(seen)]
        for (pair, seen), days in zip(both, opened, strict=True)
    }
    caches["pages"].set_many(made, KEPT_FOR_S)
    return made


def _once_open(card: Card, opened: Mapping[tuple[int, str], date]) -> Card:
    """Date a card by the day from which it was there: that on which its answer opened."""
    day = opened.get((card.session, card.finding.item or ""))
    days = [each for each in (card.day, day) if each is not None]
    return replace(card, day=max(days, default=None))


def shown(seen: Seen, pair: Pair, *, now: datetime) -> Kept:
    """Return what both may see, from what one of them may see."""
    reading = _read(seen.together(), pair, now)
    theirs = any(reflection.answers for reflection in seen.ours.reflections)
    outcomes = bool(seen.ours.measures)
    return _as_kept(as_html.body(reading), theirs=theirs, outcomes=outcomes)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One pair in a list: its row, good until the two meet next.

    What lies there today, and is gone tomorrow or taken back, is no part of it.
    ``theirs`` is the pair if the row says anything of what both have opened.
    """

    ref: str
    html: SafeString
    upcoming: datetime | None
    theirs: Pair | None

    def holds(self, now: datetime) -> bool:
        """Whether it is still true."""
        return self.upcoming is None or now < self.upcoming


def lines(pairs: Sequence[Pair], *, now: datetime) -> list[Line]:
    """Return the row of each pair, today's sessions first."""
    day = timezone.localdate(now)
    keys = {_key("line", pair, day): pair for pair in pairs}
    kept: dict[str, Line] = caches["pages"].get_many(keys)
    missing = [key for key in keys if key not in kept or not kept[key].holds(now)]
    if missing:
        made = _lines([keys[key] for key in missing], now)
        new = dict(zip(missing, made, strict=True))
        caches["pages"].set_many(new, KEPT_FOR_S)
        kept |= new
    tomorrow = queries.end_of_day(now)
    found = [kept[key] for key in keys]
    found.sort(key=lambda line: place_of(line.upcoming, tomorrow=tomorrow))
    return found


def _lines(pairs: Sequence[Pair], now: datetime) -> list[Line]:
    all_seen = queries.seen_of_all(pairs)
    all_times = queries.times_of(pairs, now=now)
    known = queries.known_at({pair.practice for pair in pairs})
    day = timezone.localdate(now)
    _keep_wonders(pairs, all_seen, day)
    made = []
    for pair, seen, times in zip(pairs, all_seen, all_times, strict=True):
        at = known[pair.practice]
        said = said_of(read(seen, as_of=day, drawn=False, known=at))
        row = {"pair": pair, "times": times, "words": said and said.sentence}
        html = render_to_string("people/_line.html", row)
        theirs = pair if said is not None and said.whose is Whose.OURS else None
        made.append(
            Line(ref=pair.ref, html=html, upcoming=times.upcoming, theirs=theirs)
        )
    return made


def forget(pair: Pair) -> None:
    """Drop what is kept of a pair and may be made of what this person has just deleted.

    That is all that is kept for this person, and for the other whatever is older than
    what both see now. What the other's pages are made of at present stays: whether they
    are quick tells nobody that something was deleted which they never saw.

    Parameters
    ----------
    pair : Pair
        The pair as it stands since.
    """

    def is_gone(key: str) -> bool:
        ref, seat, _, both = key.split(":")[1:5]
        return ref == pair.ref and (seat == pair.seat or both != f"{pair.revision[1]}")

    kept.forget(is_gone, of=PARTS)


def digest_of(seen: SessionSeen) -> str:
    """Return a short name of what of one session is open to both."""
    shown = [
        (i.item.id, i.mine, i.theirs, [(t.seat, t.day, t.words) for t in i.thoughts])
        for i in seen.open_items
    ]
    return _digest(repr(shown))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _kept(part: str, pair: Pair, now: datetime) -> Kept:
    key = _key(part, pair, timezone.localdate(now))
    found: Kept | None = caches["pages"].get(key)
    if found is None:
        found = _made(part, queries.seen(pair), pair, now)
        caches["pages"].set(key, found, KEPT_FOR_S)
    return found


def _made(part: str, seen: Seen, pair: Pair, now: datetime) -> Kept:
    if part == "ours":
        return shown(seen, pair, now=now)
    if part == "before":
        return _before(seen, pair, now)
    reading = _read(seen, pair, now, whose=Whose.MINE)
    return _as_kept(as_html.body(reading), theirs=False)


def _read(
    seen: Seen,
    pair: Pair,
    now: datetime,
    *,
    whose: Whose | None = None,
    drawn: bool = True,
) -> Reading:
    """Read what somebody may see of a pair today, with the forms that are known there."""
    day, known = timezone.localdate(now), queries.known(pair)
    return read(seen, as_of=day, whose=whose, drawn=drawn, known=known)


def _before(seen: Seen, pair: Pair, now: datetime) -> Kept:
    reading = _read(seen, pair, now, drawn=False)
    found = before_they_meet(reading, seen)
    html = render_to_string("together/_before.html", {"before": found})
    need = found.need if found.need and found.need.whose is Whose.OURS else None
    theirs = any((found.shared, found.mend, need))  # one's own is no look at theirs
    return _as_kept(Markup(html), theirs=theirs)  # noqa: S704 - of a template


def _as_kept(html: Markup, *, theirs: bool, outcomes: bool = False) -> Kept:
    return Kept(html=html, digest=_digest(html), theirs=theirs, outcomes=outcomes)


def _key(part: str, pair: Pair, day: date) -> str:
    own, both = pair.revision
    seen_alone = "" if part in OF_BOTH else own
    made_by = f"{__version__}:{levels.version()}"
    return f"{part}:{pair.ref}:{pair.seat}:{seen_alone}:{both}:{day:%Y-%m-%d}:{made_by}"
