"""What ``duologue words --html`` writes: the ribbon, the words and their numbers."""

from collections.abc import Sequence

from markupsafe import Markup

from duologue.cli.words_files import Read, quoted
from duologue.cli.words_told import (
    COUNTED_HEAD,
    FOLLOWS,
    LIMITS,
    Row,
    counted,
    is_told,
    over_sessions,
    partners_in_words,
    passage,
    passages,
    pointer,
    words,
)
from duologue.corpus.words import SessionWords
from duologue.corpus.words_partners import AgainstPartners
from duologue.faces import as_svg
from duologue.faces.as_html import Picture, SpokenPassage, SpokenSession, spoken
from duologue.faces.ribbon_svg import parts_of, ribbon_svg
from duologue.records import SEATS, Part, Spoken
from duologue.relationship import Chart, Series
from duologue.relationship import Picture as Kind
from duologue.relationship.moving import clock

OVER_HEAD = (
    "session",
    "client's share of the words",
    *(f"the {s} second" for s in SEATS),
)
LEAST_RANGE = 0.1


def page(
    read: Sequence[Read],
    found: Sequence[SessionWords],
    *,
    partners: AgainstPartners | None,
    is_quoted: bool,
) -> str:
    """Return a page of one session or several, each under its name."""
    sessions = [
        _session(session, one, is_quoted=is_quoted)
        for session, one in zip(read, found, strict=True)
    ]
    return spoken(
        sessions,
        over_all=_in_words(found, partners) if len(found) > 1 else (),
        pictures=_over_all(read, found, joined=partners is None)
        if len(found) > 1
        else (),
        limits=LIMITS,
    )


def _in_words(
    found: Sequence[SessionWords], partners: AgainstPartners | None
) -> tuple[str, ...]:
    told = [] if partners is None else partners_in_words(partners)
    if any(is_told(of) for one in found for of in one.lexical):
        told.append(FOLLOWS)
    return tuple(told)


def _session(session: Read, one: SessionWords, *, is_quoted: bool) -> SpokenSession:
    said = quoted(session.turns) if is_quoted else ()
    return SpokenSession(
        title=session.name,
        words=tuple(words(one)),
        picture=_ribbon(one.spoken),
        counted_head=COUNTED_HEAD,
        counted=tuple(counted(one)),
        passages=tuple(
            SpokenPassage(
                pointer=pointer(one.spoken, each),
                words=passage(each),
                quote=said[each[0].stretch] if is_quoted else "",
            )
            for each in passages(one)
        ),
    )


def _ribbon(found: Spoken) -> Picture | None:
    svg = ribbon_svg(found, client="client", therapist="therapist")
    if not svg:
        return None
    return Picture(
        heading="Who spoke when",
        svg=Markup(svg),  # noqa: S704 - every word in it is escaped
        head=(
            "from",
            "to",
            "client, words",
            "therapist, words",
            "client, turns",
            "therapist, turns",
            "client, asking",
            "therapist, asking",
        ),
        rows=tuple(_part(part, found.places) for part in parts_of(found)),
    )


def _part(part: Part, places: str) -> Row:
    ends = (part.start, part.end)
    told = [f"word {end:.0f}" if places == "words" else clock(end) for end in ends]
    counts = (*part.n_words, *part.n_turns, *part.n_question_turns)
    return (*told, *map(str, counts))


def _over_all(
    read: Sequence[Read], found: Sequence[SessionWords], *, joined: bool
) -> tuple[Picture, ...]:
    """Return the pictures over all; sessions of several pairs are not ``joined``."""
    rows = [
        (str(one.spoken.session), *row)
        for one, row in zip(found, over_sessions(found), strict=True)
    ]
    names = [session.name for session in read]
    talk = Picture(
        heading="The client's share of the words",
        svg=_drawn(_talk(found, joined=joined), "over-talk"),
        head=("session", "called", OVER_HEAD[1]),
        rows=tuple(
            (row[0], name, row[1]) for row, name in zip(rows, names, strict=True)
        ),
    )
    if not any(is_told(of) for one in found for of in one.lexical):
        return (talk,)
    following = Picture(
        heading="Words in common with the turn before, above chance",
        svg=_drawn(_following(found, joined=joined), "over-following"),
        head=(OVER_HEAD[0], *OVER_HEAD[2:]),
        rows=tuple((row[0], *row[2:]) for row in rows),
    )
    return talk, following


def _drawn(chart: Chart, prefix: str) -> Markup:
    return Markup(as_svg.draw(chart, id_prefix=prefix))  # noqa: S704 - all is escaped


def _talk(found: Sequence[SessionWords], *, joined: bool) -> Chart:
    shares = [
        100 * one.spoken.n_words[0] / sum(one.spoken.n_words)
        if one.spoken.is_of_both
        else None
        for one in found
    ]
    return Chart(
        picture=Kind.LINES,
        title="The client's share of the words, session by session",
        unit="%",
        sessions=tuple(one.spoken.session for one in found),
        series=(Series(label="client", seat=SEATS[0], values=tuple(shares)),),
        low=0,
        high=100,
        ends=("0 %", "100 %: the client alone"),
        joined=joined,
    )


def _following(found: Sequence[SessionWords], *, joined: bool) -> Chart:
    series = [
        Series(
            label=f"the {seat} second",
            seat=seat,
            values=tuple(
                of.excess_loo if is_told(of) else None
                for of in (one.lexical[n] for one in found)
            ),
        )
        for n, seat in enumerate(SEATS)
    ]
    values = [v for one in series for v in one.values if v is not None]
    return Chart(
        picture=Kind.LINES,
        title="Words in common with the turn before, above chance",
        unit="",
        sessions=tuple(one.spoken.session for one in found),
        series=tuple(series),
        low=min(0.0, *values),
        high=max(LEAST_RANGE, *values),
        ends=("0 is chance", "more in common"),
        joined=joined,
    )
