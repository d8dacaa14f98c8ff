"""A session as a ribbon of two voices: who spoke when, with pauses and passages.

As in `as_svg`: a title and a description, nothing that colour alone tells, no style and no
script. The client is above the middle line and the therapist below, of equal weight. A long
session is folded into lines, so that a turn can be seen on a phone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise

from duologue.faces.svg import EDGE, TEXT, WIDTH, coordinate, framed, written
from duologue.records import LONG_S, Noticed, Part, Passage, Seat, Spoken
from duologue.relationship.moving import clock

LINE_S, LINE_WORDS = 600.0, 1000.0
"""A line of the ribbon holds so many seconds, or words where there are no times."""

TALL, APART = 11.0, 2.0
"""How tall a voice is drawn, and how far from the middle line."""

PASSAGES = 9.0
"""Room for the marks of passages, above and below."""

LINE = 2 * (TALL + APART + PASSAGES) + TEXT + 8
NARROWEST = 0.6
LEAST = 1e-6

Span = tuple[float, float]


def ribbon_svg(
    spoken: Spoken, *, client: str, therapist: str, id_prefix: str = "ribbon"
) -> str:
    """Draw who spoke when in one session.

    Parameters
    ----------
    spoken : Spoken
        What was counted of its transcript.
    client, therapist : str
        What the two are called.
    id_prefix : str
        Makes the ids of several in one page unique.

    Returns
    -------
    str
        One ``svg`` element; empty where nobody speaks. It holds no word that was said.
    """
    spans = places_of(spoken)
    if not spans:
        return ""
    ribbon = _Ribbon(
        spoken=spoken,
        spans=spans,
        low=min(start for start, _ in spans),
        high=max(end for _, end in spans),
    )
    parts = [written(EDGE, TEXT, f"above: {client}   below: {therapist}")]
    for n in range(ribbon.n_lines):
        parts += ribbon.line(n, top=TEXT + 8 + n * LINE)
    at = TEXT + 8 + ribbon.n_lines * LINE + TEXT
    keys = ribbon.keys()
    parts += [written(EDGE, at + i * (TEXT + 5), key) for i, key in enumerate(keys)]
    return framed(
        parts,
        width=WIDTH,
        height=at + max(len(keys) - 1, 0) * (TEXT + 5) + 8,
        title=f"Session {spoken.session}, who spoke when",
        told=_told(spoken, client, therapist),
        id_prefix=f"{id_prefix}-{spoken.session}",
    )


def places_of(spoken: Spoken) -> tuple[Span, ...]:
    """Return from where to where each stretch is drawn: seconds, or running words.

    Where only starts are known, a stretch goes up to the next start. One that steps back, as
    in some files, is drawn where the one before begins.
    """
    if spoken.places == "words":
        return tuple(_by_words(spoken))
    starts = [each.start_s or 0.0 for each in spoken.stretches]
    if spoken.places == "times":
        ends = [each.end_s or 0.0 for each in spoken.stretches]
        return tuple(zip(starts, ends, strict=True))
    forward = list(accumulate(starts, max))  # as words are placed
    return tuple(pairwise([*forward, *forward[-1:]]))


def parts_of(spoken: Spoken) -> tuple[Part, ...]:
    """Return the parts that are told: windows, or thirds where windows are fewer."""
    return max(spoken.thirds, spoken.windows, key=len)


def _by_words(spoken: Spoken) -> Iterator[Span]:
    said = 0
    for each in spoken.stretches:
        yield float(said), float(said + each.n_words)
        said += each.n_words


def _told(spoken: Spoken, client: str, therapist: str) -> str:
    turns = ", ".join(
        f"{who} {n} turns and {words} words"
        for who, n, words in zip(
            (client, therapist), spoken.n_turns, spoken.n_words, strict=True
        )
    )
    silences = ""
    if spoken.timed is not None:
        n = sum(_is_long(s.start_s, s.end_s) for s in spoken.timed.silences)
        silences = f" Silences of 3 seconds or more: {n}."
    return f"{turns}.{silences} The table holds the words of each part."


def _is_long(start_s: float, end_s: float) -> bool:
    return end_s - start_s >= LONG_S


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ribbon:
    spoken: Spoken
    spans: tuple[Span, ...]
    low: float
    high: float

    @property
    def in_words(self) -> bool:
        return self.spoken.places == "words"

    @property
    def room(self) -> float:
        """What one line holds: a short session fills its line."""
        most = LINE_WORDS if self.in_words else LINE_S
        return min(most, self.high - self.low) or 1.0

    @property
    def n_lines(self) -> int:
        return max(1, -int(-(self.high - self.low) // self.room))

    def line(self, n: int, *, top: float) -> list[str]:
        """Draw the part of the session that falls into one line."""
        here = (self.low + n * self.room, self.low + (n + 1) * self.room)
        middle = top + PASSAGES + TALL + APART
        parts = [
            (
                f'<path d="M{coordinate(EDGE)} {coordinate(middle)}'
                f'H{coordinate(self._x(min(self.high, here[1]), here))}" '
                'stroke="currentColor" stroke-opacity="0.35"/>'
            )
        ]
        for seat, sign in ((Seat.CLIENT, -1), (Seat.THERAPIST, 1)):
            parts += self._voice(seat, here, middle, sign)
        parts += self._silences(here, middle)
        parts += self._passages(here, middle)
        foot = middle + APART + TALL + PASSAGES + TEXT
        parts.append(written(EDGE, foot, self._at(here[0])))
        if n == self.n_lines - 1:
            end = self._at(self.high)
            parts.append(written(WIDTH - EDGE, foot, end, anchor="end"))
        return parts

    def _begins(self, place: float, here: Span) -> bool:
        """Whether a place lies before a line's end; the last line holds its end as well."""
        return place < here[1] or here[1] >= self.high - LEAST

    def _x(self, place: float, here: Span) -> float:
        share = (place - here[0]) / (here[1] - here[0])
        return EDGE + min(max(share, 0.0), 1.0) * (WIDTH - 2 * EDGE)

    def _at(self, place: float) -> str:
        return f"word {round(place) + 1}" if self.in_words else clock(place)

    def _voice(self, seat: Seat, here: Span, middle: float, sign: int) -> Iterator[str]:
        """Draw one voice as a single path; what took no turn is drawn half as tall."""
        drawn = []
        for each, (start, end) in zip(self.spoken.stretches, self.spans, strict=True):
            if each.seat is not seat or end < here[0] or not self._begins(start, here):
                continue
            left, right = self._x(start, here), self._x(end, here)
            long = max(right - left, NARROWEST)
            tall = TALL if each.is_turn else TALL / 2
            near = coordinate(middle + sign * APART)
            drawn.append(
                f"M{left:.1f} {near}v{sign * tall:g}h{long:.1f}v{-sign * tall:g}z"
            )
        if drawn:
            yield f'<g class="{seat}"><path d="{"".join(drawn)}"/></g>'

    def _silences(self, here: Span, middle: float) -> Iterator[str]:
        """Mark long silences on the middle line."""
        if self.spoken.timed is None:
            return
        drawn = [
            f"M{self._x(s.start_s, here):.1f} {coordinate(middle)}"
            f"H{self._x(s.end_s, here):.1f}"
            for s in self.spoken.timed.silences
            if _is_long(s.start_s, s.end_s)
            and s.end_s > here[0]
            and s.start_s < here[1]
        ]
        if drawn:
            yield (
                f'<path d="{"".join(drawn)}" stroke="currentColor" stroke-width="3" '
                'stroke-dasharray="1.5 1.5"/>'
            )

    def _passages(self, here: Span, middle: float) -> Iterator[str]:
        for each in self.spoken.passages:
            place = self.spans[each.stretch][0]
            if here[0] <= place and self._begins(place, here):
                yield self._mark(each, self._x(place, here), middle)

    def _mark(self, each: Passage, x: float, middle: float) -> str:
        """Draw a passage: beyond the voice of whoever said it."""
        sign = -1 if each.seat is Seat.CLIENT else 1
        y = middle + sign * (APART + TALL + PASSAGES / 2)
        if each.kind is Noticed.HERE_AND_NOW:
            return f'<path d="M{coordinate(x)} {coordinate(y - 4)}l3.5 4l-3.5 4l-3.5 -4z"/>'
        return (
            f'<circle cx="{coordinate(x)}" cy="{coordinate(y)}" r="2.6" '
            'fill="none" stroke="currentColor" stroke-width="1.3"/>'
        )

    def keys(self) -> list[str]:
        """Say what stands for what, of what is drawn."""
        keys = []
        if any(not each.is_turn for each in self.spoken.stretches):
            keys.append("half as tall: said while the other spoke")
        if self.spoken.timed is not None and any(
            _is_long(s.start_s, s.end_s) for s in self.spoken.timed.silences
        ):
            keys.append("dots in the middle: 3 s of silence or more")
        found = {each.kind for each in self.spoken.passages}
        if Noticed.HERE_AND_NOW in found:
            keys.append("◆ here-and-now wording")
        if Noticed.SAYING_MORE in found:
            keys.append("○ more of oneself than usual, by counts")
        if self.in_words:
            keys.append("the file has no times: drawn word by word")
        elif self.spoken.places == "starts":
            keys.append("no ends in the file: drawn from start to start")
        return keys
