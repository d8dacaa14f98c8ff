"""Findings on what was said: counts from transcripts, pauses, and whose words followed whose."""

from collections.abc import Iterator

from duologue.records import (
    LONG_S,
    SEATS,
    Course,
    Following,
    Noticed,
    Seat,
    Spoken,
    Timed,
)
from duologue.relationship.finding import (
    Chart,
    Finding,
    Level,
    Picture,
    Series,
    Strand,
    Whose,
)
from duologue.relationship.moving import clock
from duologue.relationship.wording import MIN_ANSWERS, Voice, Words, counted, one_in

BEYOND_Z = 1.96
"""Above so many standard deviations the order of turns is said to matter. Upwards chance
alone comes there in 1 session of 40, and there are two directions. That somebody answers the
other is never said: topics that drift are enough."""

EITHER = 0.05

WHY_NOT = {
    "no_speech": "nobody of the two speaks in it",
    "no_ends": "the file does not say when each stretch of speech ends",
    "coarse": "the times of the file come in steps of more than a tenth of a second",
    "invented": "the ends in the file are likely those of captions, not of speech",
}
"""Why nothing is said of pauses, as a sentence goes on."""


def talk(course: Course, voice: Voice) -> Iterator[Finding]:
    """Yield what was said in each session, more of the newest, and how it went over all."""
    found = counted_in(course)
    for spoken in found:
        yield _turns(spoken, voice)
    for spoken in found[-1:]:
        if spoken.is_of_both:
            yield _pauses(spoken, voice)
            yield _followed(spoken, voice)
            yield _noticed(spoken, voice)
    both = [spoken for spoken in found if spoken.is_of_both]
    if len(both) > 1:
        yield _shares(both, voice)
        enough = [s for s in both if all(f.is_enough for f in s.following)]
        if len(enough) > 1:
            yield _following(enough, voice)


def counted_in(course: Course) -> list[Spoken]:
    """Return what is counted of every transcript, in the order of the sessions.

    What a course holds already is not counted again.
    """
    found = {each.session: each for each in course.spoken}
    missing = [turns for turns in course.turns if turns.session not in found]
    if missing:
        # Few readings hold a transcript, and what counts words is slow to load.
        from duologue.relationship.spoken import spoken_in  # noqa: PLC0415

        found |= {turns.session: spoken_in(turns) for turns in missing}
    return [found[session] for session in sorted(found)]


def share_of_words(spoken: Spoken) -> int:
    """Return the client's share of the words of both, in whole per cent."""
    client, therapist = spoken.n_words
    return round(100 * client / (client + therapist))


# One session ------------------------------------------------------------------------


def _turns(spoken: Spoken, voice: Voice) -> Finding:
    if not spoken.is_of_both:
        words = voice.say(
            "turns.one_voice", reached=Level.TOO_EARLY, session=spoken.session
        )
        return _of_session(spoken, "turns", _title(spoken), words)
    client = share_of_words(spoken)
    words = voice.say(
        "turns.one",
        reached=Level.COUNT,
        session=spoken.session,
        client=client,
        therapist=100 - client,
        turns=sum(spoken.n_turns),
        client_asks=spoken.n_question_turns[0],
        therapist_asks=spoken.n_question_turns[1],
    )
    return _of_session(
        spoken, "turns", _title(spoken), words, chart=_talk_chart(spoken, voice)
    )


def _pauses(spoken: Spoken, voice: Voice) -> Finding:
    title = f"Pauses in session {spoken.session}"
    if spoken.timed is None:
        words = voice.say(
            "pauses.none",
            reached=Level.TOO_EARLY,
            session=spoken.session,
            why=WHY_NOT[spoken.not_timed or "no_ends"],
        )
        return _of_session(spoken, "pauses", title, words)
    words = voice.say(
        "pauses.one",
        reached=Level.COUNT,
        session=spoken.session,
        silences=_silences(spoken.timed),
        latencies=_latencies(spoken.timed, voice),
        overlaps=_overlaps(spoken.timed),
    )
    return _of_session(spoken, "pauses", title, words)


def _silences(timed: Timed) -> str:
    long = [s for s in timed.silences if s.end_s - s.start_s >= LONG_S]
    if not long:
        return "no silence of three seconds or more"
    longest = max(long, key=lambda s: s.end_s - s.start_s)
    many = counted(len(long), "silence")
    which = "it" if len(long) == 1 else "the longest"
    seconds = longest.end_s - longest.start_s
    return (
        f"{many} of three seconds or more ({which} {seconds:.1f} s, at "
        f"{clock(longest.start_s)})"
    )


def _latencies(timed: Timed, voice: Voice) -> str:
    parts = [
        f"the {voice.called(seat)} waited {latency[1]:.1f} s"
        for seat, response in zip(SEATS, timed.responses, strict=True)
        if (latency := response.latency_s) is not None
    ]
    if not parts:
        return "Neither waited before taking over."
    return f"Before taking over, {' and '.join(parts)} (medians)."


def _overlaps(timed: Timed) -> str:
    n = sum(response.n_changes for response in timed.responses)
    over = sum(response.n_overlaps for response in timed.responses)
    return (
        f"{over} of {counted(n, 'change')} of speaker began before the other had ended."
    )


def _followed(spoken: Spoken, voice: Voice) -> Finding:
    title = f"Words of the turn before, session {spoken.session}"
    words = _followed_words(spoken, voice)
    is_beyond = words.level is Level.UNUSUAL
    return _of_session(
        spoken, "following", title, words, chance=EITHER if is_beyond else None
    )


def _followed_words(spoken: Spoken, voice: Voice) -> Words:
    told: dict[str, object] = {"session": spoken.session}
    known = {
        seat: found
        for seat, found in zip(SEATS, spoken.following, strict=True)
        if found.is_enough and found.z is not None
    }
    if len(known) < len(SEATS) and all(f.is_enough for f in spoken.following):
        return voice.say("following.alike", reached=Level.TOO_EARLY, **told)
    if len(known) < len(SEATS):
        fewest = min(found.n_pairs for found in spoken.following)
        return voice.say("following.few", reached=Level.TOO_EARLY, pairs=fewest, **told)
    who = [seat for seat, found in known.items() if is_beyond(found)]
    if not who:
        return voice.say("following.within", reached=Level.COUNT, **told)
    told["chance"] = one_in(EITHER)
    if len(who) == len(SEATS):
        return voice.say("following.both", reached=Level.UNUSUAL, **told)
    return voice.say(
        "following.one",
        reached=Level.UNUSUAL,
        who=voice.called(who[0]),
        other=voice.called(who[0].other),
        **told,
    )


def is_beyond(found: Following) -> bool:
    """Whether the order of turns matters to what one says next, beyond chance."""
    return found.is_enough and found.z is not None and found.z > BEYOND_Z


def _noticed(spoken: Spoken, voice: Voice) -> Finding:
    n = {
        (kind, seat): sum(p.kind is kind and p.seat is seat for p in spoken.passages)
        for kind in Noticed
        for seat in Seat
    }
    title = f"Passages to read again in session {spoken.session}"
    words = voice.say(
        "passages.one",
        reached=Level.COUNT,
        session=spoken.session,
        now_client=counted(n[Noticed.HERE_AND_NOW, Seat.CLIENT], "turn"),
        now_therapist=n[Noticed.HERE_AND_NOW, Seat.THERAPIST],
        more_client=counted(n[Noticed.SAYING_MORE, Seat.CLIENT], "turn"),
        more_therapist=n[Noticed.SAYING_MORE, Seat.THERAPIST],
    )
    return _of_session(spoken, "passages", title, words)


# Over the sessions ------------------------------------------------------------------


def _shares(both: list[Spoken], voice: Voice) -> Finding:
    """Say how the words were shared over the sessions: points while there are few."""
    shares = [share_of_words(spoken) for spoken in both]
    is_early = len(both) < MIN_ANSWERS
    words = voice.say(
        "shares.few" if is_early else "shares.many",
        reached=Level.TOO_EARLY if is_early else Level.COUNT,
        n=len(both),
        low=min(shares),
        high=max(shares),
    )
    return _of_course(
        both,
        "shares",
        words,
        Chart(
            picture=Picture.LINES,
            title="Shares of the words, session by session",
            unit="%",
            sessions=tuple(spoken.session for spoken in both),
            series=_two(voice, [(s, 100 - s) for s in shares]),
            low=0,
            high=100,
            ends=("few words", "most words"),
            joined=not is_early,
        ),
    )


def _following(enough: list[Spoken], voice: Voice) -> Finding:
    """Say in how many sessions each used words of the turn before, beyond chance."""
    is_early = len(enough) < MIN_ANSWERS
    client, therapist = (
        sum(is_beyond(spoken.following[i]) for spoken in enough) for i in (0, 1)
    )
    words = voice.say(
        "followed.few" if is_early else "followed.many",
        reached=Level.TOO_EARLY if is_early else Level.COUNT,
        n=len(enough),
        client=client,
        therapist=therapist,
        chance=one_in(EITHER / 2),
    )
    values = [
        tuple(f.excess if f.is_enough else None for f in spoken.following)
        for spoken in enough
    ]
    known = [v for pair in values for v in pair if v is not None]
    return _of_course(
        enough,
        "followed",
        words,
        Chart(
            picture=Picture.LINES,
            title="Words of the turn before, session by session",
            unit="mean cosine above chance",
            sessions=tuple(spoken.session for spoken in enough),
            series=_two(voice, values),
            low=min(0.0, *known),
            high=max(0.0, *known),
            ends=("as in random order", "more than in random order"),
            joined=not is_early,
        ),
    )


def _two(voice: Voice, values: list[tuple[float | None, ...]]) -> tuple[Series, ...]:
    """Return the lines of the two, of equal weight."""
    return tuple(
        Series(
            label=voice.called(seat),
            seat=seat,
            values=tuple(None if v[i] is None else float(v[i] or 0) for v in values),
        )
        for i, seat in enumerate(SEATS)
    )


def _of_course(found: list[Spoken], name: str, words: Words, chart: Chart) -> Finding:
    return Finding(
        id=f"ours.{name}",
        strand=Strand.TURNS,
        whose=Whose.OURS,
        title=chart.title,
        sessions=tuple(spoken.session for spoken in found),
        chart=chart,
        **words.as_fields(),
    )


# Pieces -------------------------------------------------------------------------------


def _of_session(
    spoken: Spoken,
    name: str,
    title: str,
    words: Words,
    *,
    chart: Chart | None = None,
    chance: float | None = None,
) -> Finding:
    return Finding(
        id=f"ours.{name}.{spoken.session}",
        strand=Strand.TURNS,
        whose=Whose.OURS,
        title=title,
        sessions=(spoken.session,),
        chance_rate=chance,
        chart=chart,
        **words.as_fields(),
    )


def _title(spoken: Spoken) -> str:
    return f"What was said in session {spoken.session}"


def _talk_chart(spoken: Spoken, voice: Voice) -> Chart:
    client = 100 * spoken.n_words[0] / sum(spoken.n_words)
    rows: dict[str, tuple[float | None, ...]] = {
        "share of the words, %": (client, 100 - client)
    }
    seconds = spoken.seconds
    time = 100 * seconds[0] / sum(seconds) if seconds and sum(seconds) else None
    rows["share of the time, %"] = (time, None if time is None else 100 - time)
    rows["turns"] = spoken.n_turns
    rows["words a turn"] = tuple(
        words / turns if turns else None
        for words, turns in zip(spoken.n_words, spoken.n_turns, strict=True)
    )
    rows["turns with a question"] = spoken.n_question_turns
    return Chart(
        picture=Picture.BARS,
        title=_title(spoken),
        unit="",
        rows=tuple(rows),
        sessions=(spoken.session,),
        series=_two(voice, list(rows.values())),
        low=0,
        high=100,
    )
