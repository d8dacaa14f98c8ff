"""Findings on moving in step: one session each, beside chance, and never a score."""

from collections.abc import Iterator

from duologue.records import Course, Modality, Moment, Seat, Synchrony
from duologue.relationship.finding import (
    Chart,
    Finding,
    Level,
    Picture,
    Series,
    Strand,
    Whose,
)
from duologue.relationship.wording import Voice, Words, one_in

BEYOND = 0.05
"""A p at or below this is called beyond chance, and so is a moment's."""

ROWS = 41
"""So many lags are drawn and told at most, with lag 0 and both ends among them."""

CALLED = {
    Modality.MOTION: "movements",
    Modality.VOICE: "voices",
    Modality.PHYSIOLOGY: "bodies",
}
"""What of the two went together, as a sentence says it."""


def moving(course: Course, voice: Voice) -> Iterator[Finding]:
    """Yield what each recording shows, and the moments in it that stood out."""
    for found in course.synchrony:
        yield _whole(found, voice)
        if found.moments is not None and found.p is not None:
            yield _moments(found, found.moments, voice)


def clock(seconds: float) -> str:
    """Write a time of a session, as 12:05.

    Examples
    --------
    >>> clock(725.4)
    '12:05'
    """
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"


def _whole(found: Synchrony, voice: Voice) -> Finding:
    is_beyond = found.p is not None and found.p <= BEYOND
    return Finding(
        id=f"ours.moving.{found.session}.{found.modality}",
        strand=Strand.MOVING,
        whose=Whose.OURS,
        title=_title(found),
        sessions=(found.session,),
        estimate=found.peak,
        unit="mean z",
        chance_rate=BEYOND if is_beyond else None,
        chart=_chart(found, voice) if found.peak is not None else None,
        **_words(found, voice).as_fields(),
    )


def _title(found: Synchrony) -> str:
    return f"{CALLED[found.modality].capitalize()} of session {found.session}"


def _words(found: Synchrony, voice: Voice) -> Words:
    common = {"session": found.session, "what": CALLED[found.modality]}
    if not found.n_surrogates and not found.needed_s:
        return voice.say("moving.slow", reached=Level.TOO_EARLY, **common)
    if not found.n_surrogates:
        needed = f"{-(-found.needed_s // 60):.0f} minutes"
        return voice.say(
            "moving.short", reached=Level.TOO_EARLY, needed=needed, **common
        )
    if found.peak_lag_s is None or found.p is None:
        return voice.say("moving.blank", reached=Level.TOO_EARLY, **common)
    if found.p > BEYOND:
        return voice.say("moving.within", reached=Level.COUNT, **common)
    lag = abs(found.peak_lag_s)
    return voice.say(
        "moving.beyond",
        reached=Level.UNUSUAL,
        apart="at the same time" if lag < 0.05 else f"about {lag:.1f} s apart",
        n=f"{found.n_surrogates:,}",
        chance=one_in(BEYOND),
        **common,
    )


def _moments(found: Synchrony, moments: tuple[Moment, ...], voice: Voice) -> Finding:
    if moments:
        words = voice.say(
            "moments.found",
            reached=Level.UNUSUAL,
            session=found.session,
            what=CALLED[found.modality],
            when=_listed([_when(each, voice) for each in moments]),
            chance=one_in(BEYOND),
        )
    else:
        words = voice.say(
            "moments.none",
            reached=Level.COUNT,
            session=found.session,
            what=CALLED[found.modality],
        )
    return Finding(
        id=f"ours.moments.{found.session}.{found.modality}",
        strand=Strand.MOVING,
        whose=Whose.OURS,
        title=f"{_title(found)}, moment by moment",
        sessions=(found.session,),
        chance_rate=BEYOND if moments else None,
        chart=_line_of_time(found, moments) if moments else None,
        **words.as_fields(),
    )


def _line_of_time(found: Synchrony, moments: tuple[Moment, ...]) -> Chart:
    return Chart(
        picture=Picture.MOMENTS,
        title=f"{_title(found)}, moment by moment",
        unit="seconds",
        sessions=(found.session,),
        series=(),
        low=0,
        high=found.seconds,
        spans=tuple((round(m.start_s), round(m.end_s)) for m in moments),
    )


def _when(moment: Moment, voice: Voice) -> str:
    span = f"from {clock(moment.start_s)} to {clock(moment.end_s)}"
    if moment.first is None:
        return span
    return (
        f"{span} (the {voice.called(moment.first)} first, by {abs(moment.lag_s):.1f} s)"
    )


def _listed(parts: list[str]) -> str:
    *rest, last = parts
    return f"{', '.join(rest)} and {last}" if rest else last


def _chart(found: Synchrony, voice: Voice) -> Chart:
    """Put the mean of each lag beside chance."""
    at = _lags_told(len(found.lags_s))
    values = [v for v in found.profile if v is not None]
    values += [v for line in (found.low, found.band) for v in line if v is not None]

    def told(line: tuple[float | None, ...]) -> tuple[float | None, ...]:
        return tuple(line[i] for i in at) if line else ()

    series = [
        Series(
            label="this session",
            seat=None,
            values=told(found.profile),
            lower=told(found.low),
            upper=told(found.high),
        )
    ]
    if found.band:
        series.append(
            Series(
                label="1 in 20 above, at any lag", seat=None, values=told(found.band)
            )
        )
    return Chart(
        picture=Picture.LAGS,
        title=_title(found),
        unit="mean z",
        sessions=(found.session,),
        series=tuple(series),
        low=min(0.0, *values),
        high=max(0.0, *values),
        ends=(
            f"{voice.called(Seat.THERAPIST)} first",
            f"{voice.called(Seat.CLIENT)} first",
        ),
        rows=tuple(f"{found.lags_s[i]:+.2f}" for i in at),
    )


def _lags_told(n_lags: int) -> list[int]:
    """Return which lags are told: every one, or some about evenly apart, with both ends."""
    n = min(n_lags, ROWS)
    return sorted({round(k * (n_lags - 1) / max(n - 1, 1)) for k in range(n)})
