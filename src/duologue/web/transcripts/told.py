"""What a session's page says of what was said: figures as words, and the words quoted.

What is quoted here stands on that page alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from duologue.faces.ribbon_svg import parts_of, places_of
from duologue.records import (
    LONG_S,
    Noticed,
    Part,
    Passage,
    Reply,
    Seat,
    Silence,
    Spoken,
)
from duologue.relationship.literal import SIGNS
from duologue.relationship.moving import clock
from duologue.relationship.talk import is_beyond

KINDS = {
    Noticed.HERE_AND_NOW: "Here-and-now wording",
    Noticed.SAYING_MORE: "More of oneself than usual, by counts",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One figure of both, as it is written; blank where it is not known."""

    what: str
    client: str
    therapist: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Follows:
    """Whether one used words of the turn before, where something may be said of it."""

    seat: Seat
    n_pairs: int
    beyond: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """A turn, word for word, and what was counted in it."""

    seat: Seat
    at: str
    words: str
    counts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageTold:
    """A passage with its place, its turn, and the next turns of the other."""

    place: int
    turn: Quoted
    replies: tuple[Quoted, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passages:
    """All passages of one kind, and how many are of each of the two."""

    kind: Noticed
    called: str
    n_client: int
    n_therapist: int
    found: tuple[PassageTold, ...]


def talk(spoken: Spoken) -> list[Row]:
    """Return how much each said."""
    n_all = sum(spoken.n_words) or 1
    rows = [
        _row("words", [f"{n:,}" for n in spoken.n_words]),
        _row("of all words", [f"{n / n_all:.0%}" for n in spoken.n_words]),
        _row("turns", list(map(str, spoken.n_turns))),
        _row(
            "words for each turn",
            [
                f"{words / turns:.0f}" if turns else ""
                for words, turns in zip(spoken.n_words, spoken.n_turns, strict=True)
            ],
        ),
        _row("turns with a question", list(map(str, spoken.n_question_turns))),
    ]
    if spoken.seconds is not None:
        rows.append(_row("time spoken", [clock(s) for s in spoken.seconds]))
    return rows


def answering(spoken: Spoken) -> list[Row]:
    """Return how each took over from the other; nothing where times cannot tell."""
    if spoken.timed is None:
        return []
    responses = spoken.timed.responses
    quartiles = [r.latency_s or (None, None, None) for r in responses]
    return [
        *(
            _row(what, ["" if q[i] is None else f"{q[i]:.1f} s" for q in quartiles])
            for i, what in (
                (1, "half of the answers began within"),
                (2, "three in four began within"),
            )
        ),
        _row(
            "began before the other had ended",
            [f"{r.n_overlaps} of {r.n_changes}" for r in responses],
        ),
        _row("“mm hm” and the like", list(map(str, spoken.timed.n_backchannels))),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Silences:
    """Long silences: how many, the longest of all, and who spoke before and after."""

    n_long: int
    longest: str
    between: tuple[tuple[Seat, Seat, int], ...]


def silences(spoken: Spoken) -> Silences | None:
    """Return the long silences; ``None`` where times cannot tell."""
    timed = spoken.timed
    if timed is None:
        return None
    long = [each for each in timed.silences if _lasts(each) >= LONG_S]
    pairs = [(each.before, each.after) for each in long]
    longest = timed.longest_s
    return Silences(
        n_long=len(long),
        longest="" if longest is None else f"{longest:.1f} s",
        between=tuple(
            (before, after, n)
            for before in Seat
            for after in Seat
            if (n := pairs.count((before, after)))
        ),
    )


def following(spoken: Spoken) -> list[Follows]:
    """Return whether each used words of the turn before, where there are turns enough."""
    return [
        Follows(seat=seat, n_pairs=found.n_pairs, beyond=is_beyond(found))
        for seat, found in zip(Seat, spoken.following, strict=True)
        if found.is_enough and found.z is not None
    ]


def wording(spoken: Spoken) -> list[Row]:
    """Return how often each used which wording, by its literal name."""
    return [
        Row(what=SIGNS[sign], client=str(client), therapist=str(therapist))
        for sign, client, therapist in spoken.wording
        if sign in SIGNS
    ]


def parts(spoken: Spoken) -> list[tuple[str, ...]]:
    """Return the parts: from where to where, words and turns of each, who asked."""
    return [
        (
            _span(part, spoken.places),
            *map(str, (*part.n_words, *part.n_turns, *part.n_question_turns)),
        )
        for part in parts_of(spoken)
    ]


def passages(spoken: Spoken, texts: Sequence[str]) -> list[Passages]:
    """Return the passages of each kind, with their words.

    Parameters
    ----------
    spoken : Spoken
        What was counted.
    texts : sequence of str
        What was said in each stretch (see `duologue.relationship.spoken.texts_of`).
    """
    page = _Page(spoken, texts, [start for start, _ in places_of(spoken)])
    return [
        Passages(
            kind=kind,
            called=called,
            n_client=sum(each.seat is Seat.CLIENT for each in mine),
            n_therapist=sum(each.seat is Seat.THERAPIST for each in mine),
            found=tuple(map(page.told, mine)),
        )
        for kind, called in KINDS.items()
        if (mine := [each for each in spoken.passages if each.kind is kind])
    ]


@dataclass(frozen=True, slots=True)
class _Page:
    spoken: Spoken
    texts: Sequence[str]
    starts: Sequence[float]

    def told(self, passage: Passage) -> PassageTold:
        turn = self._quoted(passage.stretch, ", ".join(_counts_of(passage)))
        return PassageTold(
            place=passage.stretch,
            turn=turn,
            replies=tuple(
                self._quoted(each.stretch, ", ".join(_counts(each)))
                for each in passage.replies
            ),
        )

    def _quoted(self, stretch: int, counts: str) -> Quoted:
        return Quoted(
            seat=self.spoken.stretches[stretch].seat,
            at=_at(self.starts[stretch], self.spoken.places),
            words=self.texts[stretch],
            counts=counts,
        )


def _counts_of(passage: Passage) -> Iterator[str]:
    yield _n(passage.n_words, "word")
    if passage.i_words:
        yield _n(passage.i_words, "“I” word")
    if passage.kind is Noticed.SAYING_MORE:
        yield f"{_n(passage.thinking, 'word')} of thinking and noticing"


def _counts(reply: Reply) -> Iterator[str]:
    yield _n(reply.n_words, "word")
    if reply.i_words:
        yield _n(reply.i_words, "“I” word")
    if reply.you_words:
        yield _n(reply.you_words, "“you” word")
    if reply.asks:
        yield "a question"
    if reply.offset_s is not None:
        yield (
            f"after {reply.offset_s:.1f} s"
            if reply.offset_s >= 0
            else "before the turn had ended"
        )


def _n(n: int, what: str) -> str:
    return f"{n} {what}{'' if n == 1 else 's'}"


def _row(what: str, both: Sequence[str]) -> Row:
    client, therapist = both
    return Row(what=what, client=client, therapist=therapist)


def _lasts(silence: Silence) -> float:
    return silence.end_s - silence.start_s


def _span(part: Part, places: str) -> str:
    if places == "words":
        return f"words {part.start + 1:.0f} to {part.end:.0f}"
    return f"{clock(part.start)} to {clock(part.end)}"


def _at(place: float, places: str) -> str:
    return f"word {place + 1:.0f}" if places == "words" else clock(place)
